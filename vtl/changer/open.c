/* open.c: opens and closes libraries. */
#include "vtl/changer/impl.h"
#include "splitter/base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static char *state_path(const char *folder)
{
	char *path;

	return asprintf(&path, "%s/library.db", folder) < 0 ? NULL : path;
}

static struct changer *allocate(const char *folder, const char *program,
    char *message)
{
	struct changer *changer = calloc(1, sizeof *changer);
	char *at;

	if (changer == NULL || (changer->folder = strdup(folder)) == NULL) {
		free(changer);
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot open library %s: out of memory", folder);
		return NULL;
	}
	snprintf(changer->program, sizeof changer->program, "%s", program);
	/*
	 * Replace control characters: other programs print the name on
	 * terminals.
	 */
	for (at = changer->program; *at != '\0'; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = '?';
	return changer;
}

static void release(struct changer *changer)
{
	size_t i;

	for (i = 0; i < CHANGER_STMTS; i++)
		sqlite3_finalize(changer->stmts[i].stmt);
	sqlite3_close(changer->db);
	file_lock_close(changer->lock);
	changer_free_models(changer);
	free(changer->folder);
	free(changer);
}

/*
 * Waits for another process that changes the library; a change never takes
 * long.  SQLite's own handler sleeps longer each time, so the process that
 * waited longest would come last.
 */
static int wait_for_other(void *arg, int tries)
{
	(void)arg;
	clock_sleep_ns(1000000);
	return tries < CHANGER_PATIENCE_MS;
}

/* Opens the database at `path`; NULL: a database in memory. */
static enum changer_status connect_db(struct changer *changer, const char *path,
    enum database_use use, bool durable)
{
	const char *why = database_open(&changer->db, path, &changer_kind, use);

	if (why != NULL)
		return changer_error(changer, CHANGER_ERROR,
		    "cannot open %s: %s", path != NULL ? path : "a library",
		    why);
	sqlite3_busy_handler(changer->db, wait_for_other, NULL);
	if (sqlite3_exec(changer->db,
		durable ? "pragma synchronous = full"
			: "pragma synchronous = off",
		NULL, NULL, NULL) != SQLITE_OK)
		return changer_sqlite_error(changer);
	return CHANGER_OK;
}

struct changer *changer_new(const struct changer_spec *spec,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct changer *changer = allocate("", "", message);

	if (changer == NULL)
		return NULL;
	changer->in_memory = true;
	if (connect_db(changer, NULL, DATABASE_FILL, false) == CHANGER_OK &&
	    changer_fill_new(changer, spec) == CHANGER_OK)
		return changer;
	memcpy(message, changer->message, VOLUME_MESSAGE_BYTES);
	release(changer);
	return NULL;
}

struct changer *changer_connect_new(const char *folder, const char *path,
    const struct changer_spec *spec, bool durable,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct changer *changer = allocate(folder, "", message);

	if (changer == NULL)
		return NULL;
	if (connect_db(changer, path, DATABASE_FILL, durable) == CHANGER_OK &&
	    changer_fill_new(changer, spec) == CHANGER_OK)
		return changer;
	memcpy(message, changer->message, VOLUME_MESSAGE_BYTES);
	release(changer);
	return NULL;
}

/*
 * Returns whether the library can be opened for writing.  SQLite must be able
 * to create a journal next to the file.  Even readers open it for writing if
 * permitted: a killed process may have left a transaction that must be rolled
 * back.
 */
static bool may_write(struct changer *changer, const char *path)
{
	if (access(path, W_OK) == 0 && access(changer->folder, W_OK) == 0)
		return true;
	changer_error(changer, CHANGER_ERROR,
	    errno == EROFS
		? "library %s: its file system is read-only: copy the library "
		  "to another one"
		: "library %s: no permission to write: check the permissions "
		  "of the folder and of library.db",
	    changer->folder);
	return false;
}

struct changer *changer_open(const char *folder, const char *program,
    bool read_only, bool durable, char message[VOLUME_MESSAGE_BYTES])
{
	struct changer *changer = allocate(folder, program, message);
	char *path = state_path(folder);
	bool good = false;

	if (changer == NULL || path == NULL) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot open library %s: out of memory", folder);
	} else if (access(path, F_OK) != 0) {
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "%s is no library: %s: make one with \"tapelab vtl "
		    "create\"",
		    folder,
		    errno == ENOENT ? "there is no library.db in it"
				    : strerror(errno));
	} else {
		changer->read_only = !may_write(changer, path);
		good = (read_only || !changer->read_only) &&
		    changer_open_lock(changer, read_only) == CHANGER_OK &&
		    connect_db(changer, path,
			changer->read_only ? DATABASE_READ : DATABASE_WRITE,
			durable) == CHANGER_OK &&
		    changer_check_version(changer, read_only) == CHANGER_OK &&
		    (changer->read_only ||
			changer_complete_restore(changer) == CHANGER_OK) &&
		    (read_only || changer_make_lock(changer) == CHANGER_OK);
		if (!good)
			memcpy(message, changer->message, VOLUME_MESSAGE_BYTES);
	}
	free(path);
	/* The changer is usable even if this fails: each change tries again. */
	if (good && !read_only && changer_begin(changer) == CHANGER_OK)
		changer_end(changer, CHANGER_OK, false);
	if (good || changer == NULL)
		return changer;
	release(changer);
	return NULL;
}

void changer_close(struct changer *changer)
{
	if (changer == NULL)
		return;
	/*
	 * A child process shares the client of its parent, and must not end it.
	 */
	if (changer->client != 0 && !changer->in_memory &&
	    file_lock_is_open(changer->lock) &&
	    changer_begin(changer) == CHANGER_OK)
		changer_end(changer, changer_end_client(changer), false);
	release(changer);
}
