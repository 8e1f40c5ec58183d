/* mover.c: see mover.h. */
#include "splitter/changer/mover.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"

/* How often a changer may report a unit attention instead of a move. */
enum { ATTENTIONS_MAX = 3, MESSAGE_BYTES = TAPE_MESSAGE_BYTES };

struct named {
	const char *barcode;
	bool moved;    /* by this mover; then `home` is its slot */
	unsigned home; /* address */
};

struct mover {
	struct autochanger *changer;
	struct inventory now; /* what was read last */
	bool stopped;
	char why[MESSAGE_BYTES]; /* it stopped */
	size_t named_count;
	struct named named[];
};

/* Fails, and moves nothing any more. */
static int stop(struct mover *m, const char *why, char *err, size_t err_bytes)
{
	m->stopped = true;
	snprintf(m->why, sizeof m->why, "%s", why);
	sentence(err, err_bytes, "changer %s: %s; nothing more is moved",
	    m->changer->name, why);
	return -1;
}

static int refuse(const struct mover *m, const char *why, char *err,
    size_t err_bytes)
{
	sentence(err, err_bytes, "changer %s: %s", m->changer->name, why);
	return -1;
}

static bool may_continue(const struct mover *m, char *err, size_t err_bytes)
{
	if (m->stopped)
		sentence(err, err_bytes,
		    "changer %s: nothing is moved any more: %s",
		    m->changer->name, m->why);
	return !m->stopped;
}

struct mover *mover_new(struct autochanger *changer, const char *const *names,
    size_t names_count, char *err, size_t err_bytes)
{
	struct mover *m =
	    calloc(1, sizeof *m + names_count * sizeof(struct named));

	if (m == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	m->changer = changer;
	m->named_count = names_count;
	for (size_t i = 0; i < names_count; i++)
		m->named[i].barcode = names[i];
	if (changer->ops->read(changer, &m->now, err, err_bytes) == 0)
		return m;
	mover_free(m);
	return NULL;
}

const struct inventory *mover_inventory(const struct mover *m)
{
	return &m->now;
}

void mover_free(struct mover *m)
{
	if (m != NULL)
		inventory_clear(&m->now);
	free(m);
}

/* Reads the inventory again, and keeps it as it is. */
static int read_again(struct mover *m, struct inventory *before, char *err,
    size_t err_bytes)
{
	struct inventory now = { 0 };

	if (m->changer->ops->read(m->changer, &now, err, err_bytes) != 0) {
		inventory_clear(&now);
		return -1;
	}
	*before = m->now;
	m->now = now;
	return 0;
}

int mover_check(struct mover *m, char *err, size_t err_bytes)
{
	char difference[256], why[MESSAGE_BYTES];
	struct inventory before;
	bool equal;

	if (!may_continue(m, err, err_bytes) ||
	    read_again(m, &before, err, err_bytes) != 0)
		return -1;
	equal =
	    inventory_equal(&before, &m->now, difference, sizeof difference);
	inventory_clear(&before);
	if (equal)
		return 0;
	snprintf(why, sizeof why,
	    "another program or person has changed the inventory: %s",
	    difference);
	return stop(m, why, err, err_bytes);
}

static struct named *find_named(const struct mover *m, const char *barcode)
{
	for (size_t i = 0; i < m->named_count; i++)
		if (strcmp(m->named[i].barcode, barcode) == 0)
			return (struct named *)&m->named[i];
	return NULL;
}

/*
 * Returns why a cartridge is not for data, or NULL.  Cleaning cartridges have
 * CLN at the beginning of the barcode, or U as the last letter (LTO: "CLNU01CU");
 * those of IBM for tests begin with DG and a blank.
 */
static const char *not_for_data(const struct element *e)
{
	size_t n = strlen(e->barcode);

	if (e->medium == MEDIUM_CLEANING ||
	    strncmp(e->barcode, "CLN", 3) == 0 ||
	    (n > 0 && e->barcode[n - 1] == 'U'))
		return "a cleaning cartridge";
	if (e->medium == MEDIUM_DIAGNOSTIC ||
	    strncmp(e->barcode, "DG ", 3) == 0)
		return "a diagnostic cartridge";
	if (e->medium == MEDIUM_MICROCODE)
		return "a cartridge with firmware";
	return NULL;
}

/* Whether the cartridge in an element may be moved at all. */
static bool may_move(const struct mover *m, const struct element *e, char *err,
    size_t err_bytes)
{
	char text[ELEMENT_TEXT_BYTES];
	const char *what = not_for_data(e);

	if (e->barcode[0] == '\0')
		sentence(err, err_bytes,
		    "changer %s: the cartridge in %s has no readable barcode, "
		    "and is not moved",
		    m->changer->name, element_text(e, text));
	else if (find_named(m, e->barcode) == NULL)
		sentence(err, err_bytes,
		    "changer %s: cartridge %s in %s is not moved, because it "
		    "is not one of those named with --volume",
		    m->changer->name, e->barcode, element_text(e, text));
	else if (what != NULL)
		sentence(err, err_bytes,
		    "changer %s: cartridge %s in %s is %s, and is not moved",
		    m->changer->name, e->barcode, element_text(e, text), what);
	else
		return true;
	return false;
}

/* Returns the element of a cartridge in a slot that may be loaded, or NULL. */
/* Says how a cartridge that is in a drive comes back into its slot. */
static void advise_return(const struct mover *m, const struct element *drive,
    char *text, size_t text_bytes)
{
	const struct element *home = mover_home(m, drive);
	size_t used = strlen(text);

	if (home != NULL)
		snprintf(text + used, text_bytes - used,
		    ", perhaps of a killed run: put it back by mt offline and "
		    "mtx unload %u %u",
		    home->number, drive->number);
	else
		snprintf(text + used, text_bytes - used,
		    ", perhaps of a killed run: put it back by mt offline and "
		    "mtx unload SLOT %u",
		    drive->number);
}

static const struct element *find_loadable(const struct mover *m,
    const char *barcode, char *err, size_t err_bytes)
{
	char text[ELEMENT_TEXT_BYTES], why[256];
	const struct element *e;

	e = inventory_cartridge(&m->now, barcode, why, sizeof why);
	if (e == NULL) {
		refuse(m, why, err, err_bytes);
		return NULL;
	}
	if (!may_move(m, e, err, err_bytes))
		return NULL;
	element_text(e, text);
	if (e->kind != ELEMENT_SLOT)
		snprintf(why, sizeof why, "cartridge %s is in %s%s", barcode,
		    text,
		    e->kind == ELEMENT_IE
			? ": move it into a slot, where it can come back to"
			: "");
	else if (e->exception || e->disabled)
		snprintf(why, sizeof why,
		    "cartridge %s in %s: the changer reports that the slot is "
		    "%s (ASC %02Xh, ASCQ %02Xh)",
		    barcode, text, e->disabled ? "disabled" : "not as usual",
		    e->asc, e->ascq);
	else
		return e;
	if (e->kind == ELEMENT_DRIVE)
		advise_return(m, e, why, sizeof why);
	refuse(m, why, err, err_bytes);
	return NULL;
}

bool mover_may_load(const struct mover *m, const char *barcode, char *err,
    size_t err_bytes)
{
	return find_loadable(m, barcode, err, err_bytes) != NULL;
}

const struct element *mover_home(const struct mover *m,
    const struct element *drive)
{
	const struct named *named = find_named(m, drive->barcode);
	const struct element *slot = NULL;

	if (named != NULL && named->moved)
		slot = inventory_storage(&m->now, named->home);
	else if (drive->full && drive->has_source)
		slot = inventory_storage(&m->now, drive->source);
	return slot;
}

/* Returns the inventory as it must be after a move; all zeros on an error. */
static struct inventory predict(const struct inventory *before,
    const struct element *from, const struct element *to)
{
	struct inventory after = { 0 };

	if (inventory_copy(&after, before) != 0)
		return after;
	for (size_t i = 0; i < after.count; i++) {
		struct element *e = &after.elements[i];

		if (e->kind == from->kind && e->address == from->address) {
			e->full = false;
			e->barcode[0] = '\0';
		} else if (e->kind == to->kind && e->address == to->address) {
			e->full = true;
			memcpy(e->barcode, from->barcode, sizeof e->barcode);
		}
	}
	return after;
}

enum found { FOUND_MOVED, FOUND_UNMOVED, FOUND_OTHER };

/* Reads the inventory after a move.  -1: it cannot be read. */
static int find_out(struct mover *m, const struct element *from,
    const struct element *to, char *difference, size_t bytes)
{
	struct inventory before, after = predict(&m->now, from, to);
	enum found found = FOUND_OTHER;

	if (after.count == 0 ||
	    read_again(m, &before, difference, bytes) != 0) {
		inventory_clear(&after);
		return -1;
	}
	if (inventory_equal(&after, &m->now, difference, bytes))
		found = FOUND_MOVED;
	else if (inventory_equal(&before, &m->now, difference, bytes))
		found = FOUND_UNMOVED;
	else
		/* the difference to what it must be */
		inventory_equal(&after, &m->now, difference, bytes);
	inventory_clear(&before);
	inventory_clear(&after);
	return (int)found;
}

/*
 * Moves a cartridge, after all checks: `from` is full, `to` is empty, and one
 * of them is a drive.
 */
static int move(struct mover *m, const struct element *from_now,
    const struct element *to_now, char *err, size_t err_bytes)
{
	/* The inventory is replaced meanwhile. */
	const struct element from = *from_now, to = *to_now;
	char one[ELEMENT_TEXT_BYTES], other[ELEMENT_TEXT_BYTES];
	char failed[MESSAGE_BYTES / 2] = "", difference[256];
	char why[MESSAGE_BYTES];
	enum autochanger_move moved = AUTOCHANGER_ATTENTION;
	int found = FOUND_UNMOVED;

	for (int i = 0; i < ATTENTIONS_MAX && found == FOUND_UNMOVED &&
	     moved == AUTOCHANGER_ATTENTION;
	     i++) {
		moved = m->changer->ops->move(m->changer, &from, &to, failed,
		    sizeof failed);
		found = find_out(m, &from, &to, difference, sizeof difference);
	}
	if (found == FOUND_MOVED)
		return 0;
	element_text(&from, one);
	element_text(&to, other);
	if (found == FOUND_UNMOVED && moved != AUTOCHANGER_MOVED) {
		sentence(err, err_bytes,
		    "cartridge %s cannot be moved from %s to %s: %s",
		    from.barcode, one, other, failed);
		return -1;
	}
	snprintf(why, sizeof why,
	    "after cartridge %s was moved from %s to %s, %s: %s%s%s",
	    from.barcode, one, other,
	    found == -1 ? "the inventory cannot be read"
			: "the inventory is not as it must be",
	    found == FOUND_UNMOVED ? "nothing has changed" : difference,
	    failed[0] != '\0' ? "; " : "", failed);
	return stop(m, why, err, err_bytes);
}

int mover_put_away(struct mover *m, unsigned address, char *err,
    size_t err_bytes)
{
	const struct element *drive, *home;
	char text[ELEMENT_TEXT_BYTES], name[ELEMENT_TEXT_BYTES];
	char why[MESSAGE_BYTES];

	if (mover_check(m, err, err_bytes) != 0)
		return -1;
	drive = inventory_drive(&m->now, address);
	if (drive == NULL || !drive->full)
		return 0;
	if (!may_move(m, drive, err, err_bytes))
		return -1;
	element_text(drive, name);
	home = mover_home(m, drive);
	if (home == NULL)
		snprintf(why, sizeof why,
		    "cartridge %s stays in %s: the changer does not report "
		    "from which slot it came",
		    drive->barcode, name);
	else if (home->kind != ELEMENT_SLOT)
		snprintf(why, sizeof why,
		    "cartridge %s stays in %s: it came from %s, and nothing is "
		    "moved into an import/export slot",
		    drive->barcode, name, element_text(home, text));
	else if (home->full)
		snprintf(why, sizeof why,
		    "cartridge %s stays in %s: %s, from which it came, is not "
		    "empty",
		    drive->barcode, name, element_text(home, text));
	else
		return move(m, drive, home, err, err_bytes);
	return refuse(m, why, err, err_bytes);
}

int mover_load(struct mover *m, unsigned address, const char *barcode,
    char *err, size_t err_bytes)
{
	const struct element *drive, *slot;
	struct named *named = find_named(m, barcode);
	char text[ELEMENT_TEXT_BYTES], why[MESSAGE_BYTES];
	unsigned home;

	if (mover_put_away(m, address, err, err_bytes) != 0)
		return -1;
	drive = inventory_drive(&m->now, address);
	slot = find_loadable(m, barcode, err, err_bytes);
	if (slot == NULL)
		return -1;
	if (drive == NULL || drive->exception || drive->disabled) {
		snprintf(why, sizeof why,
		    "%s: the changer reports that the drive is %s (ASC %02Xh, "
		    "ASCQ %02Xh)",
		    drive == NULL ? "the drive" : element_text(drive, text),
		    drive == NULL ? "missing" : "not as usual",
		    drive == NULL ? 0 : drive->asc,
		    drive == NULL ? 0 : drive->ascq);
		return refuse(m, why, err, err_bytes);
	}
	home = slot->address;
	/* Also if the move fails: the cartridge belongs to this slot. */
	named->moved = true;
	named->home = home;
	return move(m, slot, drive, err, err_bytes);
}

size_t mover_each_away(const struct mover *m,
    void (*each)(void *arg, const char *barcode, const char *where), void *arg)
{
	char text[ELEMENT_TEXT_BYTES], where[256], ignored[256];
	size_t count = 0;

	for (size_t i = 0; i < m->named_count; i++) {
		const struct named *named = &m->named[i];
		const struct element *slot = NULL,
				     *e = inventory_cartridge(&m->now,
					 named->barcode, ignored,
					 sizeof ignored);

		if (named->moved)
			slot = inventory_storage(&m->now, named->home);
		if (e == NULL && !named->moved)
			continue;
		if (e != NULL && e->kind == ELEMENT_DRIVE && slot == NULL)
			slot = mover_home(m, e);
		/* Not moved, and in a slot: it is where it was. */
		if (e != NULL && (slot == NULL || e == slot) &&
		    e->kind != ELEMENT_DRIVE && e->kind != ELEMENT_ROBOT)
			continue;
		snprintf(where, sizeof where, "in %s",
		    e == NULL ? "no element" : element_text(e, text));
		if (slot != NULL)
			snprintf(where + strlen(where),
			    sizeof where - strlen(where), ", and belongs in %s",
			    element_text(slot, text));
		if (each != NULL)
			each(arg, named->barcode, where);
		count++;
	}
	return count;
}
