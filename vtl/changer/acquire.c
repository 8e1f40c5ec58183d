/*
 * take.c: finds a cartridge and a drive for it, for a session.
 *
 * A drive of this session that is empty comes first, then any that nobody
 * uses.  A drive in which a person put something is left alone, unless that
 * drive was asked for.
 */
#include "vtl/changer/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/base/media.h"

/* A drive, as it is when a cartridge is to be carried to it. */
struct bay {
	unsigned number;
	char model[32];
	bool others, open, by_hand;
	struct changer_contents load;
	struct changer_client client;
};

struct bays {
	struct bay bay[CHANGER_DRIVES_MAX];
	size_t count;
};

static void read_bay(struct changer *changer, sqlite3_stmt *stmt, struct bay *b)
{
	const char *text = (const char *)sqlite3_column_text(stmt, 1);

	memset(b, 0, sizeof *b);
	b->number = (unsigned)sqlite3_column_int64(stmt, 0);
	snprintf(b->model, sizeof b->model, "%s", text != NULL ? text : "");
	changer_read_client(changer, stmt, 8, &b->client);
	b->others = b->client.id != 0 && b->client.id != changer->client;
	b->open = sqlite3_column_int(stmt, 3) != 0;
	b->by_hand = sqlite3_column_int(stmt, 4) != 0;
	b->load.id = sqlite3_column_int64(stmt, 5);
	b->load.address = CHANGER_DRIVE_ADDRESS + b->number;
	text = (const char *)sqlite3_column_text(stmt, 6);
	snprintf(b->load.barcode, sizeof b->load.barcode, "%s",
	    text != NULL ? text : "");
	b->load.source_address = (unsigned)sqlite3_column_int64(stmt, 7);
}

/* The drives: ours first, then by number. */
static enum changer_status read_bays(struct changer *changer, struct bays *bays)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select e.number, "
	    "e.model, e.client, e.open, e.by_hand, c.id, c.barcode, "
	    "c.source_address, " CHANGER_CLIENT_COLUMNS
	    " from elements e left join "
	    "cartridges c on c.address = e.address left join clients on "
	    "clients.id = e.client where e.address >= ? and e.address < ? "
	    "order by e.client is not ?, e.number",
	    "iii", (int64_t)CHANGER_DRIVE_ADDRESS,
	    (int64_t)CHANGER_SLOT_ADDRESS, changer->client);
	bool known = true;

	bays->count = 0;
	if (stmt == NULL)
		return CHANGER_ERROR;
	while (bays->count < CHANGER_DRIVES_MAX && known &&
	    sqlite3_step(stmt) == SQLITE_ROW) {
		read_bay(changer, stmt, &bays->bay[bays->count]);
		known = bays->bay[bays->count++].number < CHANGER_DRIVES_MAX;
	}
	if (sqlite3_reset(stmt) != SQLITE_OK)
		return changer_sqlite_error(changer);
	return known ? CHANGER_OK
		     : changer_error(changer, CHANGER_ERROR,
			   "library %s has a drive of a number that cannot be",
			   changer->folder);
}

static sqlite3_stmt *prepare_find(struct changer *changer,
    const struct changer_request *want, int64_t id)
{
	if (id != 0)
		return changer_prepare(changer,
		    "select id, barcode, "
		    "file is null, address, source_address, medium from "
		    "cartridges where id = ?",
		    "i", id);
	if (want->barcode != NULL)
		return changer_prepare(changer,
		    "select id, barcode, "
		    "file is null, address, source_address, medium from "
		    "cartridges where barcode = ? and not unreadable",
		    "s", want->barcode);
	return changer_prepare(changer,
	    "select c.id, barcode, false, "
	    "c.address, source_address, medium from elements e join cartridges c "
	    "on c.address = e.address where e.address >= ? and file is not "
	    "null order by e.address limit 1",
	    "i", CHANGER_SLOT_ADDRESS + (int64_t)want->after);
}

/* The cartridge that was asked for; `id`, if it is not 0. */
static enum changer_status find_cartridge(struct changer *changer,
    const struct changer_request *want, int64_t id,
    struct changer_contents *load, struct changer_acquired *taken)
{
	sqlite3_stmt *stmt = prepare_find(changer, want, id);
	const char *barcode;

	memset(load, 0, sizeof *load);
	if (stmt == NULL)
		return CHANGER_ERROR;
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		barcode = (const char *)sqlite3_column_text(stmt, 1);
		if (barcode == NULL) {
			sqlite3_reset(stmt);
			return changer_no_memory(changer);
		}
		load->id = taken->id = sqlite3_column_int64(stmt, 0);
		load->cleaning = sqlite3_column_int(stmt, 2) != 0;
		load->address = (unsigned)sqlite3_column_int64(stmt, 3);
		load->source_address = (unsigned)sqlite3_column_int64(stmt, 4);
		snprintf(load->barcode, sizeof load->barcode, "%s", barcode);
		changer_read_medium(stmt, 5, load->medium);
		memcpy(taken->barcode, load->barcode, sizeof taken->barcode);
		if (id == 0 && want->barcode == NULL)
			taken->slot = load->address - CHANGER_SLOT_ADDRESS + 1;
	}
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK
						: changer_sqlite_error(changer);
}

static bool may_use(const struct changer_request *want, const struct bay *b)
{
	return (want->drive < 0 || b->number == (unsigned)want->drive) &&
	    (want->avoid == NULL || !want->avoid[b->number]);
}

static enum media_use use(const struct bay *b,
    const struct changer_contents *load)
{
	return media_get_use(b->model,
	    media_find_type(load->medium, load->barcode));
}

static bool fits(const struct changer_request *want, const struct bay *b,
    const struct changer_contents *load)
{
	return use(b, load) >= (want->reading ? MEDIA_READ : MEDIA_WRITE);
}

/* Adds to the message why a drive is not free. */
static void blame(struct changer *changer, const struct bay *b)
{
	size_t n = strlen(changer->message);
	char *to = changer->message + n;
	size_t room = sizeof changer->message - n;
	char by[CHANGER_CLIENT_BYTES];

	changer_client_describe(&b->client, by, sizeof by);
	if (b->others)
		snprintf(to, room, "; drive %u is in use by %s", b->number, by);
	else if (b->open)
		snprintf(to, room, "; drive %u is in use by this process",
		    b->number);
	else if (b->load.id != 0)
		snprintf(to, room,
		    "; in drive %u lies %s, which was put "
		    "there: unload it, or ask for that drive",
		    b->number, b->load.barcode);
}

/* No drive fits; `best` is what one of them does with the medium. */
static enum changer_status unfit(struct changer *changer,
    const struct changer_request *want, enum media_use best,
    const struct changer_contents *load)
{
	const struct media_type *type =
	    media_find_type(load->medium, load->barcode);
	char who[32] = "no drive here can";

	if (want->drive >= 0)
		snprintf(who, sizeof who, "drive %d cannot", want->drive);
	return changer_error(changer, CHANGER_INCOMPATIBLE,
	    "%s %s %s, which is "
	    "%s by %s: %s",
	    who, want->reading ? "read" : "write", load->barcode,
	    type != NULL ? type->name : "",
	    load->medium[0] != '\0' ? "what was said of it"
				    : "the end of its barcode",
	    best == MEDIA_READ
		? "this type of medium is only read (sense 7/27/00)"
		: "incompatible medium (sense 3/30/00)");
}

static enum changer_status none_is_free(struct changer *changer,
    const struct changer_request *want, const struct bays *bays)
{
	size_t i;

	changer_error(changer, CHANGER_NO_DRIVE,
	    "the library has no drive that "
	    "is free and works");
	for (i = 0; i < bays->count; i++)
		if (may_use(want, &bays->bay[i]))
			blame(changer, &bays->bay[i]);
	return CHANGER_NO_DRIVE;
}

/* Why no drive can be had for a cartridge. */
static enum changer_status no_drive(struct changer *changer,
    const struct changer_request *want, const struct bays *bays,
    const struct changer_contents *load)
{
	enum media_use best = MEDIA_NONE;
	bool any_fits = false, any = false;
	size_t i;

	for (i = 0; i < bays->count; i++) {
		if (!may_use(want, &bays->bay[i]))
			continue;
		any = true;
		any_fits |= fits(want, &bays->bay[i], load);
		if (use(&bays->bay[i], load) > best)
			best = use(&bays->bay[i], load);
	}
	if (any && !any_fits)
		return unfit(changer, want, best, load);
	if (want->drive >= 0 && (size_t)want->drive >= bays->count)
		return changer_error(changer, CHANGER_NO_DRIVE,
		    "the library "
		    "has no drive %d",
		    want->drive);
	return none_is_free(changer, want, bays);
}

/* A drive that the cartridge can be carried to, or NULL. */
static const struct bay *choose(const struct changer_request *want,
    const struct bays *bays, const struct changer_contents *load)
{
	const struct bay *b = bays->bay;
	const struct bay *end = b + bays->count;

	for (; b < end; b++)
		if (may_use(want, b) && !b->others && !b->open &&
		    (b->load.id == 0 || want->drive >= 0) &&
		    fits(want, b, load))
			return b;
	return NULL;
}

static enum changer_status reserve(struct changer *changer, const struct bay *b,
    struct changer_acquired *taken)
{
	taken->drive = b->number;
	return changer_run(changer,
	    "update elements set client = ?, "
	    "open = 1 where address = ?",
	    "ii", changer->client, (int64_t)CHANGER_DRIVE_ADDRESS + b->number);
}

/* It lies in a drive: takes it there, if that is free. */
static enum changer_status take_there(struct changer *changer,
    const struct changer_request *want, const struct bays *bays,
    const struct changer_contents *load, struct changer_acquired *taken)
{
	const struct bay *b = bays->bay;
	char by[CHANGER_CLIENT_BYTES];

	while (b < bays->bay + bays->count && b->load.id != load->id)
		b++;
	if (b == bays->bay + bays->count)
		return changer_error(changer, CHANGER_ERROR,
		    "library %s: "
		    "volume %s lies in a drive that it has not: is another "
		    "program changing library.db?",
		    changer->folder, load->barcode);
	changer_client_describe(&b->client, by, sizeof by);
	if (b->others)
		return changer_error(changer, CHANGER_IN_USE,
		    "volume %s lies in "
		    "drive %u, which is in use by %s",
		    load->barcode, b->number, by);
	if (b->open || !may_use(want, b))
		return changer_error(changer, CHANGER_REFUSED,
		    "volume %s lies "
		    "in drive %u already",
		    load->barcode, b->number);
	return reserve(changer, b, taken);
}

static enum changer_status bring(struct changer *changer,
    const struct changer_request *want, const struct bays *bays,
    struct changer_contents *load, struct changer_acquired *taken)
{
	const struct bay *b = choose(want, bays, load);
	enum changer_status status = CHANGER_OK;

	if (b == NULL)
		return no_drive(changer, want, bays, load);
	if (b->load.id != 0) {
		status = changer_return_cartridge(changer, &b->load);
		taken->moves++;
	}
	if (status == CHANGER_OK)
		status = changer_attempt_move(changer, load, b->load.address);
	taken->moves += status == CHANGER_MOVE_FAILED ? 2 : 1; /* and back */
	if (status == CHANGER_ROBOT_STUCK)
		taken->slot = 0; /* nothing came of it */
	taken->id = load->id;    /* another one, perhaps */
	if (status == CHANGER_OK)
		status = changer_relocate(changer, load, b->load.address);
	return status == CHANGER_OK ? reserve(changer, b, taken) : status;
}

/* The drive that was asked for, with what lies in it; NULL: there is none. */
static const struct bay *place(const struct changer_request *want,
    const struct bays *bays)
{
	const struct bay *b = bays->bay, *end = b + bays->count;

	if (want->drive < 0 || !want->in_place)
		return NULL;
	while (b < end && b->number != (unsigned)want->drive)
		b++;
	/* What cleans makes way, as what lies there does once it is done with. */
	return b == end || b->load.id == 0 || media_is_cleaning(b->load.barcode)
	    ? NULL
	    : b;
}

/* The file of the volume that is in the drive now. */
static enum changer_status read_file(struct changer *changer,
    struct changer_acquired *taken)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select file, barcode "
	    "from cartridges where id = ?",
	    "i", taken->id);
	const char *file = NULL, *barcode = NULL;
	bool good = true;

	if (stmt == NULL)
		return CHANGER_ERROR;
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		file = (const char *)sqlite3_column_text(stmt, 0);
		barcode = (const char *)sqlite3_column_text(stmt, 1);
	}
	if (file != NULL && barcode != NULL)
		good = changer->in_memory || changer_file_ok(barcode, file);
	taken->file = file != NULL && good ? strdup(file) : NULL;
	if (sqlite3_reset(stmt) != SQLITE_OK)
		return changer_sqlite_error(changer);
	if (!good)
		return changer_error(changer, CHANGER_ERROR,
		    "library %s: the "
		    "file of a volume has another name than its barcode says",
		    changer->folder);
	return taken->file != NULL ? CHANGER_OK : changer_no_memory(changer);
}

static enum changer_status take(struct changer *changer,
    const struct changer_request *want, struct changer_acquired *taken)
{
	struct changer_contents load;
	struct bays *bays = malloc(sizeof *bays);
	const struct bay *there = NULL;
	enum changer_status status;

	if (bays == NULL)
		return changer_no_memory(changer);
	status = read_bays(changer, bays);
	if (status == CHANGER_OK)
		there = place(want, bays);
	if (there != NULL && (there->others || there->open))
		status = none_is_free(changer, want, bays);
	if (status == CHANGER_OK)
		status = find_cartridge(changer, want,
		    there != NULL ? there->load.id : 0, &load, taken);
	if (status != CHANGER_OK)
		;
	else if (load.id == 0)
		status = changer_error(changer, CHANGER_NO_VOLUME,
		    want->barcode != NULL
			? "the library has no volume with this barcode"
			: "the library has no more volumes: put some in");
	else if (load.cleaning)
		status = changer_error(changer, CHANGER_REFUSED,
		    "%s is a "
		    "cleaning cartridge (sense 3/30/03)",
		    load.barcode);
	else if (load.address >= CHANGER_DRIVE_ADDRESS &&
	    load.address < CHANGER_SLOT_ADDRESS)
		status = take_there(changer, want, bays, &load, taken);
	else
		status = bring(changer, want, bays, &load, taken);
	free(bays);
	return status == CHANGER_OK ? read_file(changer, taken) : status;
}

enum changer_status changer_acquire(struct changer *changer,
    const struct changer_request *want, struct changer_acquired *taken)
{
	enum changer_status status = changer_begin(changer);
	int64_t client = changer->client;
	enum changer_status found;
	bool keep;

	memset(taken, 0, sizeof *taken);
	if (status != CHANGER_OK)
		return status;
	status = changer_register(changer);
	if (status == CHANGER_OK)
		status = take(changer, want, taken);
	keep = status == CHANGER_MOVE_FAILED || status == CHANGER_ROBOT_STUCK;
	found = status;
	status = changer_end(changer, status, keep);
	if (status == CHANGER_OK)
		return CHANGER_OK;
	free(taken->file);
	taken->file = NULL;
	if (!keep || status != found)
		changer_unregister(changer, client); /* it is undone */
	return status;
}
