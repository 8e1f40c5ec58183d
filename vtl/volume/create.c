/*
 * create.c: creates the file of a volume.
 *
 * The file is filled under a temporary name, and gets its final name when it
 * is complete.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/database/fill.h"
#include "vtl/volume/impl.h"

enum { TEMPORARY_TRIES = 1000 };

static int insert_note(sqlite3 *db, const char *note)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db,
		"insert into history (event, text) "
		"values ('created', ?)",
		-1, &stmt, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_text(stmt, 1, note != NULL ? note : "", -1, SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK ? 0 : -1;
}

/*
 * Fills the file.  If the process is killed, a part of it stays under the
 * temporary name, and no program opens it: the journal can be in memory.
 */
static int fill(sqlite3 *db, const struct volume_spec *spec, const char *note,
    bool durable)
{
	const struct database_layout layout = {
		/*
		 * Large pages suit payload; small ones suit a volume with few
		 * rows.  With auto_vacuum, SQLite frees payload without reading
		 * it.
		 */
		.page_bytes = spec->payload == VOLUME_PAYLOAD_NONE
		    ? 4096
		    : VOLUME_PAGE_BYTES,
		.auto_vacuum = spec->payload != VOLUME_PAYLOAD_NONE,
		.application_id = VOLUME_APPLICATION_ID,
		.version = VOLUME_FORMAT,
		.schema = volume_schema(),
	};
	char begin[80];

	snprintf(begin, sizeof begin,
	    "pragma synchronous = %s; begin exclusive;",
	    durable ? "full" : "off");
	if (sqlite3_exec(db, "pragma journal_mode = memory", NULL, NULL,
		NULL) != SQLITE_OK ||
	    database_fill(db, &layout) != 0 ||
	    sqlite3_exec(db, begin, NULL, NULL, NULL) != SQLITE_OK ||
	    volume_insert_spec(db, spec) != 0 || insert_note(db, note) != 0 ||
	    sqlite3_exec(db, "commit", NULL, NULL, NULL) != SQLITE_OK)
		return -1;
	return 0;
}

/* The name of a new file, and of the journal that SQLite may leave. */
struct temporary {
	char *name, *journal;
};

static int name_temporary(struct temporary *t, const char *path, int i)
{
	if (asprintf(&t->name, "%s.new-%ld-%d", path, (long)getpid(), i) < 0)
		t->name = NULL;
	if (asprintf(&t->journal, "%s.new-%ld-%d-journal", path, (long)getpid(),
		i) < 0)
		t->journal = NULL;
	return t->name != NULL && t->journal != NULL ? 0 : -1;
}

static void free_temporary(struct temporary *t)
{
	free(t->name);
	free(t->journal);
}

/* Creates an empty file with an unused name.  Returns 0, or -1 and errno. */
static int make_temporary(struct temporary *t, const char *path)
{
	int fd, i, error = ENOMEM;

	for (i = 0; i < TEMPORARY_TRIES; i++) {
		if (name_temporary(t, path, i) != 0)
			break;
		fd = open(t->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd != -1) {
			close(fd);
			return 0;
		}
		error = errno;
		if (error != EEXIST || i + 1 == TEMPORARY_TRIES)
			break;
		free_temporary(t);
	}
	free_temporary(t);
	errno = error;
	return -1;
}

static int cannot_make(const char *path, const char *why, char *message)
{
	snprintf(message, VOLUME_MESSAGE_BYTES, "cannot create volume %s: %s",
	    path, why);
	return -1;
}

/* Creates the volume in an empty temporary file.  Returns 0 or -1. */
static int make_at(const char *path, const char *temporary,
    const struct volume_spec *spec, const char *note, bool durable,
    char *message)
{
	sqlite3 *db = NULL;
	const char *why = volume_open_database(temporary, DATABASE_FILL, &db);
	int rc = 0;

	if (why == NULL && fill(db, spec, note, durable) != 0)
		why = volume_error_reason(db);
	if (why != NULL)
		rc = cannot_make(path, why, message);
	sqlite3_close(db);
	/* link() replaces no other file. */
	if (rc == 0 && link(temporary, path) != 0)
		rc = cannot_make(path,
		    errno == EEXIST
			? "the file exists already: use another name, or "
			  "remove it first"
			: strerror(errno),
		    message);
	return rc;
}

int volume_create(const char *path, const struct volume_spec *spec,
    const char *note, bool durable, char message[VOLUME_MESSAGE_BYTES])
{
	struct stat st;
	struct temporary t;
	int rc;

	if (volume_check_spec(path, spec, message) != 0)
		return -1;
	if (lstat(path, &st) == 0)
		return cannot_make(path,
		    "the file exists already: use another name, or remove it "
		    "first",
		    message);
	if (make_temporary(&t, path) != 0)
		return cannot_make(path, strerror(errno), message);
	rc = make_at(path, t.name, spec, note, durable, message);
	unlink(t.name);
	unlink(t.journal);
	free_temporary(&t);
	return rc;
}

/* Returns the text after a number, or NULL if there is no number. */
static const char *skip_number(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n > 0 ? text + n : NULL;
}

/* Returns whether name_temporary() can make this name for a volume. */
static bool is_temporary(const char *name)
{
	const char *at = strstr(name, ".tape.new-");

	if (at == NULL)
		return false;
	at = skip_number(at + strlen(".tape.new-"));
	if (at == NULL || *at != '-')
		return false;
	at = skip_number(at + 1);
	return at != NULL && (*at == '\0' || strcmp(at, "-journal") == 0);
}

void volume_remove_temporary(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (is_temporary(entry->d_name))
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
}
