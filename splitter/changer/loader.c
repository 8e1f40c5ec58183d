/* loader.c: see loader.h. */
#include "splitter/changer/loader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/waiting.h"
#include "splitter/tape/barcode.h"

enum { SECOND_NS = 1000000000, EMPTY_MAX = 3, MESSAGE_BYTES = 512 };
#define MINUTE_NS (INT64_C(60) * SECOND_NS)

/* A drive may take this long to notice a cartridge that was put into it. */
static const int64_t notice_wait_ns = INT64_C(20) * SECOND_NS;
/* A drive that is empty after this time has not got the cartridge. */
static const int64_t empty_wait_ns = INT64_C(60) * SECOND_NS;

struct loader {
	struct autochanger *changer;
	struct mover *mover;
	struct loader_options options;
	struct tape_nodes nodes;
	struct proof_list drives;
	bool *used; /* by name: it was in a drive of this run */
	/*
	 * The last cartridge that was put into a drive, and how often that
	 * drive still reported that it was empty.
	 */
	char last[TAPE_BARCODE_BYTES];
	unsigned empty;
	/* A drive has not got what the changer reports for its element. */
	bool failed;
	char proof[MESSAGE_BYTES]; /* about the last one that was given */
};

static bool sleep_by_clock(void *arg, int64_t ns)
{
	const struct timespec time = { .tv_sec = ns / SECOND_NS,
		.tv_nsec = ns % SECOND_NS };

	(void)arg;
	return nanosleep(&time, NULL) == 0;
}

static void notice(const struct loader *l, const char *what, const char *text)
{
	char message[MESSAGE_BYTES];

	if (l->options.notice == NULL)
		return;
	sentence(message, sizeof message, "changer %s: %s%s", l->changer->name,
	    what, text);
	l->options.notice(l->options.arg, message);
}

static void notice_away(void *arg, const char *barcode, const char *where)
{
	char text[MESSAGE_BYTES / 2];

	snprintf(text, sizeof text, "cartridge %s is %s", barcode, where);
	notice(arg, text, "");
}

struct loader *loader_new(struct autochanger *changer,
    const struct loader_options *options, char *err, size_t err_bytes)
{
	struct loader *l = calloc(1, sizeof *l);

	if (l == NULL) {
		snprintf(err, err_bytes, "out of memory");
		autochanger_close(changer);
		return NULL;
	}
	l->changer = changer;
	l->options = *options;
	if (l->options.sleep == NULL)
		l->options.sleep = sleep_by_clock;
	l->used = calloc(options->names_count + 1, sizeof *l->used);
	l->mover = mover_new(changer, options->names, options->names_count, err,
	    err_bytes);
	if (l->used == NULL || l->mover == NULL ||
	    tape_nodes_list(&l->options.host, &l->nodes, err, err_bytes) != 0 ||
	    proof_by_serial(mover_inventory(l->mover), &l->nodes, &l->drives) !=
		0) {
		if (l->used == NULL)
			snprintf(err, err_bytes, "out of memory");
		loader_free(l);
		return NULL;
	}
	mover_each_away(l->mover, notice_away, l);
	return l;
}

const struct proof_list *loader_drives(const struct loader *l)
{
	return &l->drives;
}

const struct inventory *loader_inventory(const struct loader *l)
{
	return mover_inventory(l->mover);
}

const struct element *loader_home(const struct loader *l,
    const struct element *drive)
{
	return mover_home(l->mover, drive);
}

static void set_used(struct loader *l, const char *barcode)
{
	for (size_t i = 0; i < l->options.names_count; i++)
		if (strcmp(l->options.names[i], barcode) == 0)
			l->used[i] = true;
}

/* Why the serial number of a drive does not prove its element. */
static void explain(const struct loader *l, const struct tape_node *node,
    char *why, size_t bytes)
{
	for (size_t i = 0; i < l->drives.count; i++) {
		const struct proven_drive *drive = &l->drives.drives[i];

		if (node->serial[0] == '\0' ||
		    strcmp(drive->serial, node->serial) != 0)
			continue;
		snprintf(why, bytes, "%s", drive->why);
		return;
	}
	if (node->serial[0] == '\0')
		snprintf(why, bytes, "its serial number is not known");
	else
		snprintf(why, bytes,
		    "the changer has no drive with its serial number, %s",
		    node->serial);
}

/* Finds the element of a drive by loading the first cartridge that may be. */
static struct proven_drive *prove_by_loading(struct loader *l,
    const struct tape_node *node, char *err, size_t err_bytes)
{
	const struct proof_wait wait = { .host = &l->options.host,
		.load_wait_ns =
		    tape_node_load_wait_ns(node, l->options.load_wait_ns),
		.sleep = l->options.sleep,
		.notice = l->options.notice,
		.arg = l->options.arg };

	/* Why another cartridge cannot be loaded: it may be in this drive. */
	char other[384] = "";
	struct proven_drive *drive;
	size_t used;

	snprintf(err, err_bytes,
	    "the changer does not report serial numbers: name a cartridge with "
	    "--volume that may be loaded to find out");
	for (size_t i = 0; i < l->options.names_count; i++) {
		if (!mover_may_load(l->mover, l->options.names[i], err,
			err_bytes)) {
			snprintf(other, sizeof other, "; %s", err);
			continue;
		}
		drive = proof_by_loading(l->mover, &l->nodes, node,
		    l->options.names[i], &wait, &l->drives, err, err_bytes);
		used = strlen(err);
		if (drive == NULL)
			sentence(err + used, err_bytes - used, "%s", other);
		return drive;
	}
	return NULL;
}

static int not_proven(const struct loader *l, const char *device,
    const char *why, char *err, size_t err_bytes)
{
	sentence(err, err_bytes,
	    "%s: it is not proven which drive of the changer %s this is: %s; "
	    "nothing is moved for it",
	    device, l->changer->name, why);
	return -1;
}

/* Whether a named cartridge is in the drive. */
static bool has_named(const struct loader *l, const struct element *e)
{
	if (!e->full || e->barcode[0] == '\0')
		return false;
	for (size_t i = 0; i < l->options.names_count; i++)
		if (strcmp(l->options.names[i], e->barcode) == 0)
			return true;
	return false;
}

/* The drive is empty, or has a cartridge that is one of the names. */
static int check_contents(const struct loader *l, const char *device,
    const struct element *e, char *err, size_t err_bytes)
{
	char text[ELEMENT_TEXT_BYTES];

	if (!e->full || has_named(l, e))
		return 0;
	sentence(err, err_bytes,
	    "%s: in this drive, %s, is %s%s, which is not named with --volume: "
	    "put it away, or name it",
	    device, element_text(e, text),
	    e->barcode[0] != '\0' ? "cartridge "
				  : "a cartridge without "
				    "readable barcode",
	    e->barcode);
	return -1;
}

int loader_prove(struct loader *l, const char *device,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	const struct tape_node *node;
	struct proven_drive *drive;
	const struct element *e;
	char text[ELEMENT_TEXT_BYTES], why[MESSAGE_BYTES / 2];

	node = tape_nodes_find(&l->options.host, &l->nodes, device, err,
	    err_bytes);
	if (node == NULL || mover_check(l->mover, err, err_bytes) != 0)
		return -1;
	drive = proof_find(&l->drives, node);
	if (drive == NULL) {
		explain(l, node, why, sizeof why);
		if (!proof_has_serials(loader_inventory(l)))
			drive = prove_by_loading(l, node, why, sizeof why);
		if (drive == NULL)
			return not_proven(l, device, why, err, err_bytes);
	}
	e = inventory_drive(loader_inventory(l), drive->address);
	if (e == NULL)
		return not_proven(l, device, "its element is missing", err,
		    err_bytes);
	snprintf(l->proof, sizeof l->proof, "%s is %s: %s%s", device,
	    element_text(e, text),
	    drive->proof == PROOF_SERIAL
		? "both report the serial number "
		: "it became ready when a cartridge was put into it",
	    drive->proof == PROOF_SERIAL ? drive->serial : "");
	notice(l, l->proof, "");
	snprintf(barcode, TAPE_BARCODE_BYTES, "%s", e->full ? e->barcode : "");
	set_used(l, barcode);
	return check_contents(l, device, e, err, err_bytes);
}

const char *loader_proof(const struct loader *l)
{
	return l->proof;
}

/* The drive and the changer report different things: the run ends. */
static int disagree(struct loader *l, const char *device,
    const struct element *e, const char *what, char *err, size_t err_bytes)
{
	char text[ELEMENT_TEXT_BYTES];

	l->failed = true;
	sentence(err, err_bytes,
	    "the changer %s reports cartridge %s in %s, and %s reports %s; "
	    "nothing is written, and no other cartridge is loaded",
	    l->changer->name, e->barcode, element_text(e, text), device, what);
	return -1;
}

static const char stays_empty[] =
    "that it is empty: it is another drive, or the cartridge was not loaded";

static int interrupted(char *err, size_t err_bytes)
{
	snprintf(err, err_bytes, "interrupted");
	return -1;
}

/* The drive reports that it is empty after a cartridge was put into it. */
static int still_empty(struct loader *l, const char *device,
    const struct element *e, char *err, size_t err_bytes)
{
	if (++l->empty >= EMPTY_MAX)
		return disagree(l, device, e, stays_empty, err, err_bytes);
	return l->options.sleep(l->options.arg, notice_wait_ns)
	    ? 0
	    : interrupted(err, err_bytes);
}

static void notice_loading(struct loader *l, const char *barcode,
    const char *device, int64_t waited_ns, int64_t most_ns)
{
	struct scsi_waiting waiting;
	char text[MESSAGE_BYTES / 2];

	snprintf(text, sizeof text, "cartridge %s is not ready in %s%s",
	    barcode, device, scsi_waiting_text(&waiting, waited_ns, most_ns));
	notice(l, text, "");
}

/*
 * Waits until the drive has loaded the cartridge, and compares its barcode with
 * the one in its memory.  A drive that cannot be asked, because the program
 * itself has it open, is not.
 */
static int check_loaded(struct loader *l, const char *device,
    const struct tape_node *node, const struct element *e, char *err,
    size_t err_bytes)
{
	enum tape_node_state state;
	char stored[TAPE_BARCODE_BYTES], what[128];
	const int64_t most_ns =
	    tape_node_load_wait_ns(node, l->options.load_wait_ns);
	int64_t waited_ns = 0, notice_ns = MINUTE_NS;

	while ((state = tape_node_state(&l->options.host, node)) ==
		TAPE_NODE_EMPTY ||
	    state == TAPE_NODE_BUSY) {
		if (state == TAPE_NODE_EMPTY && waited_ns >= empty_wait_ns)
			return disagree(l, device, e, stays_empty, err,
			    err_bytes);
		if (waited_ns >= most_ns)
			return 0; /* the library of the drive reports it */
		if (scsi_waiting_is_due(&notice_ns, waited_ns))
			notice_loading(l, e->barcode, device, waited_ns,
			    most_ns);
		if (!l->options.sleep(l->options.arg, SECOND_NS))
			return interrupted(err, err_bytes);
		waited_ns += SECOND_NS;
	}
	tape_node_stored_barcode(&l->options.host, node, stored);
	if (!barcodes_disagree(e->barcode, stored))
		return 0;
	snprintf(what, sizeof what,
	    "the barcode %s from the memory of its cartridge", stored);
	if (l->options.reading) {
		notice(l, "the drive reports ", what);
		return 0;
	}
	return disagree(l, device, e, what, err, err_bytes);
}

/* Returns the next name that was in no drive yet, or NULL with a message. */
static const char *next_name(const struct loader *l, char *err,
    size_t err_bytes)
{
	for (size_t i = 0; i < l->options.names_count; i++)
		if (!l->used[i])
			return l->options.names[i];
	snprintf(err, err_bytes,
	    "all cartridges named with --volume were loaded; name more of "
	    "them");
	return NULL;
}

int loader_change(struct loader *l, const char *device, const char *wanted,
    bool empty, char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	const struct tape_node *node;
	const struct proven_drive *drive;
	const struct element *e;

	node = tape_nodes_find(&l->options.host, &l->nodes, device, err,
	    err_bytes);
	if (node == NULL)
		return -1;
	drive = proof_find(&l->drives, node);
	if (drive == NULL)
		return not_proven(l, device, "it was not asked for before", err,
		    err_bytes);
	if (l->failed) {
		snprintf(err, err_bytes,
		    "no other cartridge is loaded, because a drive has not got "
		    "the cartridge that the changer reports");
		return -1;
	}
	e = inventory_drive(loader_inventory(l), drive->address);
	if (empty && e != NULL && e->full && strcmp(e->barcode, l->last) == 0 &&
	    (wanted[0] == '\0' || strcmp(wanted, l->last) == 0)) {
		snprintf(barcode, TAPE_BARCODE_BYTES, "%s", l->last);
		return still_empty(l, device, e, err, err_bytes);
	}
	l->last[0] = '\0';
	l->empty = 0;
	if (wanted[0] == '\0' &&
	    (wanted = next_name(l, err, err_bytes)) == NULL)
		return -1;
	set_used(l, wanted);
	if (mover_load(l->mover, drive->address, wanted, err, err_bytes) != 0)
		return -1;
	e = inventory_drive(loader_inventory(l), drive->address);
	snprintf(barcode, TAPE_BARCODE_BYTES, "%s", e->barcode);
	snprintf(l->last, sizeof l->last, "%s", barcode);
	return check_loaded(l, device, node, e, err, err_bytes);
}

/* Puts the cartridge in a proven drive away. */
static int put_away(struct loader *l, const struct proven_drive *drive,
    char *err, size_t err_bytes)
{
	const struct nodes_host *host = &l->options.host;
	enum tape_node_state state = tape_node_is_held(host, drive->node)
	    ? TAPE_NODE_UNKNOWN
	    : tape_node_state(host, drive->node);
	const struct scsi_names *names = &drive->node->names;

	/* Some robots take a cartridge from a drive that is in use. */
	if (state == TAPE_NODE_UNKNOWN) {
		snprintf(err, err_bytes,
		    "%s: another program or host uses the drive, or it has "
		    "failed: its cartridge stays in it",
		    names->st[0] != '\0' ? names->st : names->sg);
		return -1;
	}
	if (state == TAPE_NODE_READY &&
	    tape_node_unload(host, drive->node, err, err_bytes) != 0)
		return -1;
	return mover_put_away(l->mover, drive->address, err, err_bytes);
}

int loader_finish(struct loader *l,
    void (*each)(void *arg, const char *barcode, const char *where), void *arg,
    char *err, size_t err_bytes)
{
	char why[MESSAGE_BYTES] = "";
	size_t away;

	for (size_t i = 0; i < l->drives.count; i++) {
		const struct proven_drive *drive = &l->drives.drives[i];
		const struct element *e =
		    inventory_drive(loader_inventory(l), drive->address);

		if (drive->node != NULL && e != NULL && has_named(l, e) &&
		    put_away(l, drive, err, err_bytes) != 0 && why[0] == '\0')
			snprintf(why, sizeof why, "%s", err);
	}
	away = mover_each_away(l->mover, each, arg);
	if (away == 0)
		return 0;
	sentence(err, err_bytes, "%zu cartridge%s not in %s%s%s", away,
	    away == 1 ? " is" : "s are", away == 1 ? "its slot" : "their slots",
	    why[0] != '\0' ? ": " : "", why);
	return -1;
}

void loader_free(struct loader *l)
{
	if (l == NULL)
		return;
	proof_clear(&l->drives);
	tape_nodes_clear(&l->nodes);
	mover_free(l->mover);
	autochanger_close(l->changer);
	free(l->used);
	free(l);
}
