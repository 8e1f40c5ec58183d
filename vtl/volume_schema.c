/*
 * volume_schema.c: the format of a volume's file.
 *
 * A SQLite database with application_id 0x54704c62 and user_version 1.  The
 * tables are public, so that `sqlite3 VOLUME.tape` answers questions:
 *
 *     volume   one row: what it is
 *     objects  a row a run of like objects; block_bytes 0 is filemarks
 *     files    a view: what lies between the filemarks
 *     defects  spots that fail a write, as sense data
 *     history  what was done to it
 *
 * 64-bit values above 2^63 - 1 (dump_id, offset) are stored as negative ones.
 * A sum is the XXH3-64 of a block, most significant byte first, as xxhsum
 * prints it.  Data shorter than the blocks of its row goes on with zeros.
 *
 * A file is told to be a volume by its first 100 bytes, which never change
 * once it is made, before SQLite locks it or looks for its journal: so a
 * database of something else is not touched.
 */
#include "vtl/volume_impl.h"
#include "vtl/volume_vfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { HEADER_BYTES = 100, AT_USER_VERSION = 60, AT_APPLICATION_ID = 68 };

static const char schema[] =
    "create table volume ("
    " id integer primary key check (id = 1),"
    " barcode text not null,"
    " capacity_bytes integer not null,"
    " early_warning_bytes integer,"	/* null: the drive gives no warning */
    " payload text not null check (payload in ('none', 'raw')));"
    "create table objects ("
    " first integer primary key,"	/* object number, from 0 at BOT */
    " count integer not null,"
    " block_bytes integer not null,"	/* 0: filemarks */
    " last_bytes integer not null,"	/* of the last block */
    " at_byte integer not null,"	/* bytes of the medium before it */
    " file integer not null,"		/* filemarks before it */
    " dump_id integer not null,"
    " offset integer not null,"
    " sums blob,"			/* null: no payload is stored */
    " data blob);"
    "create index filemarks on objects (file) where block_bytes = 0;"
    "create view files as select file, min(first) as first,"
    " sum(count) as blocks, max(block_bytes) as block_bytes,"
    " sum((count - 1) * block_bytes + last_bytes) as bytes"
    " from objects where block_bytes > 0 group by file;"
    "create table defects ("
    " at_byte integer not null,"
    " sense_key integer not null,"
    " sense_asc integer not null,"
    " sense_ascq integer not null,"
    " once integer not null);"
    "create table history ("
    " id integer primary key,"
    " event text not null,"
    " text text not null);";

static bool barcode_ok(const char *barcode)
{
	size_t n = strnlen(barcode, VOLUME_BARCODE_BYTES);

	return n > 0 && n < VOLUME_BARCODE_BYTES &&
	    strspn(barcode, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_") == n;
}

static int check_spec(const char *path, const struct volume_spec *spec,
    char *message)
{
	const char *what = NULL;

	if (!barcode_ok(spec->barcode))
		what = "a barcode is 1 to 32 letters, digits, '-' and '_'";
	else if (spec->capacity_bytes == 0 ||
	    spec->capacity_bytes > INT64_MAX)
		what = "a capacity is 1 to 2^63 - 1 bytes";
	else if (spec->has_early_warning &&
	    spec->early_warning_bytes > spec->capacity_bytes)
		what = "the early warning lies before BOT: it is at most the "
		    "capacity";
	if (what == NULL)
		return 0;
	snprintf(message, VOLUME_MESSAGE_BYTES, "cannot make volume %s: %s",
	    path, what);
	return -1;
}

static int insert_volume(sqlite3 *db, const struct volume_spec *spec)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db, "insert into volume values (1, ?, ?, ?, ?)",
	    -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_text(stmt, 1, spec->barcode, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, (int64_t)spec->capacity_bytes);
	if (spec->has_early_warning)
		sqlite3_bind_int64(stmt, 3,
		    (int64_t)spec->early_warning_bytes);
	sqlite3_bind_text(stmt, 4,
	    spec->payload == VOLUME_PAYLOAD_RAW ? "raw" : "none", -1,
	    SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK ? 0 : -1;
}

static int insert_note(sqlite3 *db, const char *note)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db, "insert into history (event, text) "
	    "values ('created', ?)", -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_text(stmt, 1, note != NULL ? note : "", -1,
	    SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK ? 0 : -1;
}

/* All in one transaction: a file that is killed half made stays empty. */
static int fill(sqlite3 *db, const struct volume_spec *spec, const char *note,
    bool durable)
{
	char pragmas[160];

	/* Large pages for payload; small ones where a volume is a few rows. */
	snprintf(pragmas, sizeof pragmas, "pragma page_size = %d;"
	    "pragma synchronous = %s; begin exclusive;"
	    "pragma application_id = %d; pragma user_version = %d;",
	    spec->payload == VOLUME_PAYLOAD_RAW ? 65536 : 4096,
	    durable ? "full" : "off", VOLUME_APPLICATION_ID, VOLUME_FORMAT);
	if (sqlite3_exec(db, pragmas, NULL, NULL, NULL) != SQLITE_OK ||
	    sqlite3_exec(db, schema, NULL, NULL, NULL) != SQLITE_OK ||
	    insert_volume(db, spec) != 0 || insert_note(db, note) != 0 ||
	    sqlite3_exec(db, "commit", NULL, NULL, NULL) != SQLITE_OK)
		return -1;
	return 0;
}

int volume_create(const char *path, const struct volume_spec *spec,
    const char *note, bool durable, char message[VOLUME_MESSAGE_BYTES])
{
	sqlite3 *db = NULL;
	int fd;

	if (check_spec(path, spec, message) != 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd < 0) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make volume %s: %s", path, errno == EEXIST ?
		    "there is such a file already: take another name, or "
		    "remove it first" : strerror(errno));
		return -1;
	}
	close(fd);
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_NOMUTEX, volume_vfs_name()) != SQLITE_OK ||
	    fill(db, spec, note, durable) != 0) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make volume %s: %s", path, volume_reason(db));
		sqlite3_close(db);
		unlink(path);
		return -1;
	}
	sqlite3_close(db);
	return 0;
}

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

/*
 * Reads through SQLite's own descriptor: closing one of ours would drop the
 * locks that another struct volume of this process has on the file.
 */
int volume_check_header(sqlite3 *db, const char *path, char *message)
{
	uint8_t h[HEADER_BYTES];
	sqlite3_file *file = NULL;
	const char *what = NULL;
	sqlite3_int64 bytes = 0;
	int rc;

	sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	memset(h, 0, sizeof h);
	rc = file->pMethods->xFileSize(file, &bytes);
	if (rc == SQLITE_OK)
		rc = file->pMethods->xRead(file, h, sizeof h, 0);
	if (rc == SQLITE_IOERR_SHORT_READ && bytes == 0 && h[0] == 0)
		what = "is empty: if it was to become a volume, remove it and "
		    "make it again";
	else if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ)
		what = "cannot be read: see to the disk that it lies on";
	else if (memcmp(h, "SQLite format 3", 16) != 0)
		what = "is not a volume of tapelab: give the path of one";
	else if (be32(h + AT_APPLICATION_ID) != VOLUME_APPLICATION_ID)
		what = "is a database, but not a volume of tapelab: give the "
		    "path of one";
	else if (be32(h + AT_USER_VERSION) > VOLUME_FORMAT)
		what = "was made by a newer tapelab: use that one, or a newer";
	else if (rc != SQLITE_OK || be32(h + AT_USER_VERSION) == 0)
		what = "is damaged: take a copy of it, or make it again";
	if (what == NULL)
		return 0;
	snprintf(message, VOLUME_MESSAGE_BYTES, "%s %s", path, what);
	return -1;
}

int volume_load_spec(struct volume *volume)
{
	struct volume_spec *spec = &volume->spec;
	sqlite3_stmt *stmt;
	const char *barcode, *payload;
	int rc = -1, step;

	if (volume_prepare(volume, "select barcode, capacity_bytes, "
	    "early_warning_bytes, payload from volume", &stmt) != 0)
		return -1;
	step = sqlite3_step(stmt);
	if (step != SQLITE_ROW) {
		if (step == SQLITE_DONE)
			volume_damaged(volume, "it does not say what it is");
		else
			volume_fail(volume, "read");
		goto out;
	}
	barcode = (const char *)sqlite3_column_text(stmt, 0);
	payload = (const char *)sqlite3_column_text(stmt, 3);
	if (barcode == NULL || payload == NULL || !barcode_ok(barcode)) {
		volume_damaged(volume, "its barcode is not one");
		goto out;
	}
	strcpy(spec->barcode, barcode);
	spec->capacity_bytes = (uint64_t)sqlite3_column_int64(stmt, 1);
	spec->has_early_warning =
	    sqlite3_column_type(stmt, 2) != SQLITE_NULL;
	spec->early_warning_bytes = (uint64_t)sqlite3_column_int64(stmt, 2);
	spec->payload = strcmp(payload, "raw") == 0 ? VOLUME_PAYLOAD_RAW :
	    VOLUME_PAYLOAD_NONE;
	if (check_spec(volume->path, spec, volume->message) != 0)
		volume_damaged(volume, "its capacity is none");
	else
		rc = 0;
out:
	sqlite3_finalize(stmt);
	return rc;
}
