/* catalogue.c: the file of the catalogue, and its tables. */
#include "splitter/tool/catalogue/impl.h"
#include "splitter/base/sentence.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { APPLICATION = 0x544c6361 /* "TLca" */, FORMAT = 2, BUSY_MS = 10000 };

/* Of format 1, as it is made, and as one of format 1 becomes it. */
#define SCHEMA(volumes)                                                  \
	"create table dumps (\n"                                         \
	"	id text primary key,\n"                                        \
	"	name text not null,\n"                                         \
	"	begun text not null,\n"                                        \
	"	block_bytes integer not null,\n"                               \
	"	mode text not null check (mode in ('variable', 'fixed')),\n"   \
	"	outcome text not null\n"                                       \
	"		check (outcome in ('', 'DONE', 'PARTIAL', 'FAILED')),\n"      \
	"	safe_bytes integer not null,\n"                                \
	"	xxh128 text not null" volumes ") without rowid;\n"       \
	"create index dumps_by_name on dumps (name);\n"                  \
	"create table attempts (\n"                                      \
	"	dump text not null references dumps,\n"                        \
	"	part integer not null,\n"                                      \
	"	attempt integer not null,\n"                                   \
	"	volume text not null,\n"                                       \
	"	file integer not null,\n"                                      \
	"	offset_bytes integer not null,\n"                              \
	"	bytes integer,\n"                                              \
	"	ended text not null,\n"                                        \
	"	cause text not null,\n"                                        \
	"	safe integer not null check (safe in (0, 1)),\n"               \
	"	xxh128 text not null,\n"                                       \
	"	primary key (dump, part, attempt)\n"                           \
	") without rowid;\n"                                             \
	"create index attempts_by_volume on attempts (volume, file);\n"  \
	"create table volumes (\n"                                       \
	"	barcode text primary key,\n"                                   \
	"	closed text not null,\n"                                       \
	"	at text not null\n"                                            \
	") without rowid;\n"                                             \
	"create view parts as\n"                                         \
	"	select name, dump, part, volume, file, offset_bytes, bytes,\n" \
	"	    attempts.xxh128 as xxh128\n"                               \
	"	from attempts join dumps on id = dump where safe\n"            \
	"	order by name, dump, part;\n"

#define COLUMN_VOLUMES "volumes integer not null default 0"

static const char schema_1[] = SCHEMA("\n");
static const char schema[] = SCHEMA(",\n\t" COLUMN_VOLUMES "\n");
static const char upgraded[] = SCHEMA("\n, " COLUMN_VOLUMES);

void catalogue_id(uint64_t id, char text[CATALOGUE_ID_BYTES])
{
	snprintf(text, CATALOGUE_ID_BYTES, "%016" PRIx64, id);
}

const char *catalogue_message(const struct catalogue *c)
{
	return c->message;
}

static int fail(struct catalogue *c)
{
	const char *why = database_objection(c->db);

	sentence(c->message, sizeof c->message, "the catalogue %s: %s",
	    sqlite3_db_filename(c->db, "main"),
	    why != NULL ? why : sqlite3_errmsg(c->db));
	return -1;
}

sqlite3_stmt *catalogue_prepare(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count)
{
	sqlite3_stmt *statement = NULL;
	int i, rc;

	rc = sqlite3_prepare_v2(c->db, sql, -1, &statement, NULL);
	for (i = 0; i < count && rc == SQLITE_OK; i++)
		rc = values[i].text != NULL
		    ? sqlite3_bind_text(statement, i + 1, values[i].text, -1,
			  SQLITE_STATIC)
		    : sqlite3_bind_int64(statement, i + 1, values[i].number);
	if (rc == SQLITE_OK)
		return statement;
	fail(c);
	sqlite3_finalize(statement);
	return NULL;
}

int catalogue_step(struct catalogue *c, sqlite3_stmt *statement)
{
	int rc = sqlite3_step(statement);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		fail(c);
	sqlite3_finalize(statement);
	return rc == SQLITE_DONE ? 0 : -1;
}

int catalogue_run(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count)
{
	sqlite3_stmt *statement = catalogue_prepare(c, sql, values, count);

	return statement == NULL ? -1 : catalogue_step(c, statement);
}

int64_t catalogue_number(struct catalogue *c, const char *sql,
    const struct catalogue_value *values, int count)
{
	sqlite3_stmt *statement = catalogue_prepare(c, sql, values, count);
	int64_t number;

	if (statement == NULL || catalogue_step(c, statement) != 1)
		return -1;
	number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}

int catalogue_begin_change(struct catalogue *c)
{
	return catalogue_run(c, "begin immediate", NULL, 0);
}

int catalogue_end_change(struct catalogue *c, int rc)
{
	if (rc == 0)
		rc = catalogue_run(c, "commit", NULL, 0);
	if (rc != 0)
		sqlite3_exec(c->db, "rollback", NULL, NULL, NULL);
	return rc;
}

static int make_tables(struct catalogue *c)
{
	char pragmas[96];

	snprintf(pragmas, sizeof pragmas,
	    "pragma application_id = %d; "
	    "pragma user_version = %d",
	    APPLICATION, FORMAT);
	return sqlite3_exec(c->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
		sqlite3_exec(c->db, pragmas, NULL, NULL, NULL) == SQLITE_OK
	    ? 0
	    : fail(c);
}

/* Format 1 did not know how many volumes a dump has had. */
static int upgrade(struct catalogue *c)
{
	return sqlite3_exec(c->db,
		   "alter table dumps add column " COLUMN_VOLUMES
		   "; update dumps set volumes = (select "
		   "count(distinct volume) from attempts where dump = id); pragma "
		   "user_version = 2",
		   NULL, NULL, NULL) == SQLITE_OK
	    ? 0
	    : fail(c);
}

/* 0, or -1 with a message. */
static int check_schema(struct catalogue *c, int64_t format)
{
	int same = database_has_schema(c->db, format == 1 ? schema_1 : schema);

	if (same == 0 && format > 1)
		same = database_has_schema(c->db, upgraded);
	if (same < 0)
		return fail(c);
	if (same == 0)
		sentence(c->message, sizeof c->message,
		    "the catalogue %s "
		    "has other tables, indices, views or triggers than a "
		    "catalogue: move it away, and make it anew from the tapes "
		    "with tapelab scan --rebuild, or name another file with "
		    "--catalogue",
		    sqlite3_db_filename(c->db, "main"));
	return same == 1 ? 0 : -1;
}

/* A file that is empty becomes a catalogue; any other must be one. */
static int prepare(struct catalogue *c)
{
	int64_t application, format;
	int rc = 0;

	/* Two processes may make it at once. */
	if (catalogue_begin_change(c) != 0)
		return -1;
	application = catalogue_number(c, "pragma application_id", NULL, 0);
	format = catalogue_number(c, "pragma user_version", NULL, 0);
	if (application == 0 &&
	    catalogue_number(c,
		"select count(*) "
		"from sqlite_schema",
		NULL, 0) == 0) {
		rc = make_tables(c);
	} else if (application != APPLICATION || format < 1 ||
	    format > FORMAT) {
		sentence(c->message, sizeof c->message,
		    "%s is %s: name "
		    "another file with --catalogue",
		    sqlite3_db_filename(c->db, "main"),
		    application == APPLICATION ? "a catalogue of another "
						 "version of tapelab"
					       : "no catalogue of tapelab");
		rc = -1;
	} else {
		rc = check_schema(c, format);
		if (rc == 0 && format == 1)
			rc = upgrade(c);
	}
	return catalogue_end_change(c, rc);
}

/*
 * A lock on one byte, far behind all that SQLite reads or locks, whose place is
 * the dump's id.  It is that of an open file, so what SQLite closes does not
 * end it.
 */
int catalogue_claim(struct catalogue *c, uint64_t dump_id)
{
	const char *path = sqlite3_db_filename(c->db, "main");
	struct flock lock = { .l_type = F_WRLCK,
		.l_whence = SEEK_SET,
		.l_start = (off_t)(dump_id >> 2 | UINT64_C(1) << 62),
		.l_len = 1 };

	if (c->fd == -1)
		c->fd =
		    open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (c->fd != -1 && fcntl(c->fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	if (c->fd != -1 && (errno == EAGAIN || errno == EACCES))
		snprintf(c->message, sizeof c->message,
		    "another tapelab is "
		    "writing this dump: wait until it has ended");
	else
		sentence(c->message, sizeof c->message,
		    "cannot lock the "
		    "catalogue %s: %s",
		    path, strerror(errno));
	return -1;
}

/* Makes the folders above a file; what is wrong with them shows later. */
static void make_folders(const char *path)
{
	char *copy = strdup(path), *at = copy;

	while (at != NULL && (at = strchr(at + 1, '/')) != NULL) {
		*at = '\0';
		mkdir(copy, 0777);
		*at = '/';
	}
	free(copy);
}

/* Makes the file, empty, if it is not there; what is wrong shows later. */
static void make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd != -1)
		close(fd);
}

struct catalogue *catalogue_open(const char *path, char *err, size_t err_bytes)
{
	static const struct database_kind kind = {
		.instead = "it is no catalogue of tapelab",
		.application_id = APPLICATION,
		.format = FORMAT
	};
	struct catalogue *c = calloc(1, sizeof *c);
	const char *why;

	if (c == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	c->fd = -1;
	make_folders(path);
	make_file(path);
	why = database_open(&c->db, path, &kind, DATABASE_FILL);
	if (why != NULL) {
		sentence(err, err_bytes,
		    "cannot open the catalogue %s: "
		    "%s; name another with --catalogue, or do without: "
		    "--no-catalogue",
		    path, why);
	} else {
		sqlite3_busy_timeout(c->db, BUSY_MS);
		sqlite3_exec(c->db, "pragma synchronous = full", NULL, NULL,
		    NULL);
		if (prepare(c) == 0)
			return c;
		snprintf(err, err_bytes, "%s", c->message);
	}
	catalogue_close(c);
	return NULL;
}

void catalogue_close(struct catalogue *c)
{
	if (c == NULL)
		return;
	sqlite3_close(c->db);
	if (c->fd != -1)
		close(c->fd);
	free(c);
}

void catalogue_be_patient(struct catalogue *c, bool patient)
{
	sqlite3_busy_timeout(c->db, patient ? BUSY_MS : 0);
}

char *catalogue_path(const char *library)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char *path;
	int n;

	if (library != NULL)
		n = asprintf(&path, "%s/catalogue.db", library);
	else if (state != NULL && state[0] == '/')
		n = asprintf(&path, "%s/tapelab/catalogue.db", state);
	else
		n = asprintf(&path, "%s/.local/state/tapelab/catalogue.db",
		    home != NULL ? home : "");
	return n < 0 ? NULL : path;
}
