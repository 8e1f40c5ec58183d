/* catalogue.c: opens the catalogue file, and claims dumps in it. */
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

enum { BUSY_MS = 10000 };

const char *catalogue_message(const struct catalogue *c)
{
	return c->message;
}

/*
 * Claims a dump with a lock on one byte, at an offset that is the dump's id.
 * That byte is far after everything that SQLite reads or locks.  The lock
 * belongs to an open file description, so SQLite does not release it when it
 * closes other descriptors.
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

/* Creates the folders above a file.  Errors show when the file is opened. */
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

/*
 * Creates an empty file if it does not exist.  Errors show when the file is
 * opened.
 */
static void make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd != -1)
		close(fd);
}

struct catalogue *catalogue_open(const char *path, char *err, size_t err_bytes)
{
	static const struct database_kind kind = {
		.instead = "it is not a catalogue of tapelab",
		.application_id = CATALOGUE_APPLICATION,
		.format = CATALOGUE_VERSION
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
		    "%s; use another file with --catalogue, or --no-catalogue",
		    path, why);
	} else {
		sqlite3_busy_timeout(c->db, BUSY_MS);
		sqlite3_exec(c->db, "pragma synchronous = full", NULL, NULL,
		    NULL);
		if (catalogue_check_version(c) == 0)
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

void catalogue_set_wait(struct catalogue *c, bool patient)
{
	sqlite3_busy_timeout(c->db, patient ? BUSY_MS : 0);
}

void catalogue_set_volatile(struct catalogue *c)
{
	sqlite3_exec(c->db,
	    "pragma synchronous = off; pragma journal_mode = memory", NULL,
	    NULL, NULL);
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
