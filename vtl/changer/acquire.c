/*
 * acquire.c: finds a cartridge and a drive for a client.
 *
 * Empty drives of this client come first, then drives that no client uses.  A
 * drive that was loaded by hand is used only if the request names it.
 */
#include "vtl/changer/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/base/media.h"

/* A drive, and its contents when the request arrives. */
struct bay {
	unsigned number;
	const struct model *model;
	bool others, open, by_hand;
	struct changer_contents contents;
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
	b->model = changer_model(changer, text,
	    (const char *)sqlite3_column_text(stmt, 8));
	changer_read_client(changer, stmt, 9, &b->client);
	b->others = b->client.id != 0 && b->client.id != changer->client;
	b->open = sqlite3_column_int(stmt, 3) != 0;
	b->by_hand = sqlite3_column_int(stmt, 4) != 0;
	b->contents.id = sqlite3_column_int64(stmt, 5);
	b->contents.address = CHANGER_DRIVE_ADDRESS + b->number;
	text = (const char *)sqlite3_column_text(stmt, 6);
	snprintf(b->contents.barcode, sizeof b->contents.barcode, "%s",
	    text != NULL ? text : "");
	b->contents.source_address = (unsigned)sqlite3_column_int64(stmt, 7);
}

/* Reads all drives: those of this client first, then the others by number. */
static enum changer_status read_bays(struct changer *changer, struct bays *bays)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select e.number, e.model, e.client, e.open, e.by_hand, c.id, "
	    "c.barcode, c.source_address, e.profile, " CHANGER_CLIENT_COLUMNS
	    " from elements e left join cartridges c on c.address = e.address "
	    "left join clients on clients.id = e.client where e.address >= ? "
	    "and e.address < ? order by e.client is not ?, e.number",
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
			   "library %s has a drive with an impossible number",
			   changer->folder);
}

static sqlite3_stmt *prepare_find(struct changer *changer,
    const struct changer_request *request, int64_t id)
{
	if (id != 0)
		return changer_prepare(changer,
		    "select id, barcode, file is null, address, "
		    "source_address, medium, unreadable from cartridges where "
		    "id = ?",
		    "i", id);
	if (request->barcode != NULL)
		return changer_prepare(changer,
		    "select id, barcode, file is null, address, "
		    "source_address, medium, unreadable from cartridges where "
		    "barcode = ? and not unreadable",
		    "s", request->barcode);
	return changer_prepare(changer,
	    "select c.id, barcode, false, c.address, source_address, medium, "
	    "unreadable from elements e join cartridges c on c.address = e.address where "
	    "e.address >= ? and file is not null order by e.address limit 1",
	    "i", CHANGER_SLOT_ADDRESS + (int64_t)request->after);
}

/* Finds the requested cartridge, or the cartridge `id` if `id` is not 0. */
static enum changer_status find_cartridge(struct changer *changer,
    const struct changer_request *request, int64_t id,
    struct changer_contents *contents, struct changer_acquired *acquired)
{
	sqlite3_stmt *stmt = prepare_find(changer, request, id);
	const char *barcode;

	memset(contents, 0, sizeof *contents);
	if (stmt == NULL)
		return CHANGER_ERROR;
	if (sqlite3_step(stmt) == SQLITE_ROW) {
		barcode = (const char *)sqlite3_column_text(stmt, 1);
		if (barcode == NULL) {
			sqlite3_reset(stmt);
			return changer_no_memory(changer);
		}
		contents->id = acquired->id = sqlite3_column_int64(stmt, 0);
		contents->cleaning = sqlite3_column_int(stmt, 2) != 0;
		contents->address = (unsigned)sqlite3_column_int64(stmt, 3);
		contents->source_address =
		    (unsigned)sqlite3_column_int64(stmt, 4);
		snprintf(contents->barcode, sizeof contents->barcode, "%s",
		    barcode);
		changer_read_medium(stmt, 5, contents->medium);
		acquired->unreadable = sqlite3_column_int(stmt, 6) != 0;
		memcpy(acquired->barcode, contents->barcode,
		    sizeof acquired->barcode);
		if (id == 0 && request->barcode == NULL)
			acquired->slot =
			    contents->address - CHANGER_SLOT_ADDRESS + 1;
	}
	return sqlite3_reset(stmt) == SQLITE_OK ? CHANGER_OK
						: changer_sqlite_error(changer);
}

static bool may_use(const struct changer_request *request, const struct bay *b)
{
	return (request->drive < 0 || b->number == (unsigned)request->drive) &&
	    (request->avoid == NULL || !request->avoid[b->number]);
}

static enum media_use use(const struct bay *b,
    const struct changer_contents *contents)
{
	return b->model == NULL
	    ? MEDIA_WRITE
	    : model_use(b->model,
		  media_find_type(contents->medium, contents->barcode));
}

static bool fits(const struct changer_request *request, const struct bay *b,
    const struct changer_contents *contents)
{
	return use(b, contents) >=
	    (request->reading ? MEDIA_READ : MEDIA_WRITE);
}

/* Adds to the message why a drive is not free. */
static void add_reason(struct changer *changer, const struct bay *b)
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
	else if (b->contents.id != 0)
		snprintf(to, room,
		    "; drive %u holds %s, which was loaded by hand: unload it, "
		    "or request that drive",
		    b->number, b->contents.barcode);
}

/*
 * Reports that no drive can do what is needed; `best` is the most that any
 * drive can do.
 */
static enum changer_status incompatible(struct changer *changer,
    const struct changer_request *request, enum media_use best,
    const struct changer_contents *contents)
{
	const struct media_type *type =
	    media_find_type(contents->medium, contents->barcode);
	char who[48] = "no drive of the library can";

	if (request->drive >= 0)
		snprintf(who, sizeof who, "drive %d cannot", request->drive);
	return changer_refuse(changer, CHANGER_INCOMPATIBLE,
	    CHANGER_REASON_INCOMPATIBLE, "%s %s %s (%s by %s): %s", who,
	    request->reading ? "read" : "write", contents->barcode,
	    type != NULL ? type->name : "",
	    contents->medium[0] != '\0' ? "its media type" : "its barcode",
	    best == MEDIA_READ ? "it can only read this medium (sense 7/27/00)"
			       : "incompatible medium (sense 3/30/00)");
}

static enum changer_status none_is_free(struct changer *changer,
    const struct changer_request *request, const struct bays *bays)
{
	size_t i;

	changer_error(changer, CHANGER_NO_DRIVE,
	    "the library has no drive that is free and works");
	for (i = 0; i < bays->count; i++)
		if (may_use(request, &bays->bay[i]))
			add_reason(changer, &bays->bay[i]);
	return CHANGER_NO_DRIVE;
}

/* Reports why no drive can be used for a cartridge. */
static enum changer_status no_drive(struct changer *changer,
    const struct changer_request *request, const struct bays *bays,
    const struct changer_contents *contents)
{
	enum media_use best = MEDIA_NONE;
	bool any_fits = false, any = false;
	size_t i;

	for (i = 0; i < bays->count; i++) {
		if (!may_use(request, &bays->bay[i]))
			continue;
		any = true;
		any_fits |= fits(request, &bays->bay[i], contents);
		if (use(&bays->bay[i], contents) > best)
			best = use(&bays->bay[i], contents);
	}
	if (any && !any_fits)
		return incompatible(changer, request, best, contents);
	if (request->drive >= 0 && (size_t)request->drive >= bays->count)
		return changer_error(changer, CHANGER_NO_DRIVE,
		    "the library has no drive %d", request->drive);
	return none_is_free(changer, request, bays);
}

/* Returns a drive to which the cartridge can be moved, or NULL. */
static const struct bay *choose(const struct changer_request *request,
    const struct bays *bays, const struct changer_contents *contents)
{
	const struct bay *b = bays->bay;
	const struct bay *end = b + bays->count;

	for (; b < end; b++)
		if (may_use(request, b) && !b->others && !b->open &&
		    (b->contents.id == 0 || request->drive >= 0) &&
		    fits(request, b, contents))
			return b;
	return NULL;
}

static enum changer_status reserve(struct changer *changer, const struct bay *b,
    struct changer_acquired *acquired)
{
	acquired->drive = b->number;
	return changer_run(changer,
	    "update elements set client = ?, open = 1 where address = ?", "ii",
	    changer->client, (int64_t)CHANGER_DRIVE_ADDRESS + b->number);
}

/* Uses a cartridge in the drive that holds it, if that drive is free. */
static enum changer_status use_in_place(struct changer *changer,
    const struct changer_request *request, const struct bays *bays,
    const struct changer_contents *contents, struct changer_acquired *acquired)
{
	const struct bay *b = bays->bay;
	char by[CHANGER_CLIENT_BYTES];

	while (b < bays->bay + bays->count && b->contents.id != contents->id)
		b++;
	if (b == bays->bay + bays->count)
		return changer_error(changer, CHANGER_ERROR,
		    "library %s: volume %s is in a drive that does not "
		    "exist: has another program changed library.db?",
		    changer->folder, contents->barcode);
	changer_client_describe(&b->client, by, sizeof by);
	if (b->others)
		return changer_refuse(changer, CHANGER_IN_USE,
		    CHANGER_REASON_IN_USE,
		    "volume %s is in drive %u, which is in use by %s",
		    contents->barcode, b->number, by);
	if (b->open || !may_use(request, b))
		return changer_error(changer, CHANGER_REFUSED,
		    "volume %s is in drive %u already", contents->barcode,
		    b->number);
	return reserve(changer, b, acquired);
}

static enum changer_status move_to_drive(struct changer *changer,
    const struct changer_request *request, const struct bays *bays,
    struct changer_contents *contents, struct changer_acquired *acquired)
{
	const struct bay *b = choose(request, bays, contents);
	enum changer_status status = CHANGER_OK;

	if (b == NULL)
		return no_drive(changer, request, bays, contents);
	if (b->contents.id != 0) {
		status = changer_return_cartridge(changer, &b->contents);
		acquired->moves++;
	}
	if (status == CHANGER_OK)
		status = changer_attempt_move(changer, contents,
		    b->contents.address);
	acquired->moves +=
	    status == CHANGER_MOVE_FAILED ? 2 : 1; /* there and back */
	if (status == CHANGER_ROBOT_STUCK)
		acquired->slot = 0;  /* nothing moved */
	acquired->id = contents->id; /* a fault may change it */
	if (status == CHANGER_OK)
		status =
		    changer_relocate(changer, contents, b->contents.address);
	return status == CHANGER_OK ? reserve(changer, b, acquired) : status;
}

/* Returns the requested drive if it holds a volume, else NULL. */
static const struct bay *requested_bay(const struct changer_request *request,
    const struct bays *bays)
{
	const struct bay *b = bays->bay, *end = b + bays->count;

	if (request->drive < 0 || !request->in_place)
		return NULL;
	while (b < end && b->number != (unsigned)request->drive)
		b++;
	/* A cleaning cartridge is replaced, like a volume after its use. */
	return b == end || b->contents.id == 0 ||
		media_is_cleaning(b->contents.barcode)
	    ? NULL
	    : b;
}

/* Reads the file name of the volume that is now in the drive. */
static enum changer_status read_file(struct changer *changer,
    struct changer_acquired *acquired)
{
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select file, barcode from cartridges where id = ?", "i",
	    acquired->id);
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
	acquired->file = file != NULL && good ? strdup(file) : NULL;
	if (sqlite3_reset(stmt) != SQLITE_OK)
		return changer_sqlite_error(changer);
	if (!good)
		return changer_error(changer, CHANGER_ERROR,
		    "library %s: the file name of a volume does not match its "
		    "barcode: has another program changed library.db?",
		    changer->folder);
	return acquired->file != NULL ? CHANGER_OK : changer_no_memory(changer);
}

static enum changer_status acquire(struct changer *changer,
    const struct changer_request *request, struct changer_acquired *acquired)
{
	struct changer_contents contents;
	struct bays *bays = malloc(sizeof *bays);
	const struct bay *there = NULL;
	enum changer_status status;

	if (bays == NULL)
		return changer_no_memory(changer);
	status = read_bays(changer, bays);
	if (status == CHANGER_OK)
		there = requested_bay(request, bays);
	if (there != NULL && (there->others || there->open))
		status = none_is_free(changer, request, bays);
	if (status == CHANGER_OK)
		status = find_cartridge(changer, request,
		    there != NULL ? there->contents.id : 0, &contents,
		    acquired);
	if (status != CHANGER_OK)
		;
	else if (contents.id == 0)
		status = changer_error(changer, CHANGER_NO_VOLUME,
		    request->barcode != NULL
			? "the library has no volume with this barcode"
			: "the library has no more volumes: import some");
	else if (contents.cleaning)
		status = changer_error(changer, CHANGER_REFUSED,
		    "%s is a cleaning cartridge (sense 3/30/03)",
		    contents.barcode);
	else if (contents.address >= CHANGER_DRIVE_ADDRESS &&
	    contents.address < CHANGER_SLOT_ADDRESS)
		status =
		    use_in_place(changer, request, bays, &contents, acquired);
	else
		status =
		    move_to_drive(changer, request, bays, &contents, acquired);
	free(bays);
	return status == CHANGER_OK ? read_file(changer, acquired) : status;
}

enum changer_status changer_acquire(struct changer *changer,
    const struct changer_request *request, struct changer_acquired *acquired)
{
	enum changer_status status = changer_begin(changer);
	int64_t client = changer->client;
	enum changer_status found;
	bool keep;

	memset(acquired, 0, sizeof *acquired);
	changer->struck = 0;
	if (status != CHANGER_OK)
		return status;
	status = changer_register(changer);
	if (status == CHANGER_OK)
		status = acquire(changer, request, acquired);
	keep = status == CHANGER_MOVE_FAILED || status == CHANGER_ROBOT_STUCK;
	found = status;
	status = changer_end(changer, status, keep);
	if (status == CHANGER_OK)
		return CHANGER_OK;
	free(acquired->file);
	acquired->file = NULL;
	if (!keep || status != found)
		changer_unregister(changer, client); /* rolled back */
	return status;
}
