/*
 * create.c: makes libraries on disk.
 *
 * The process that makes a library holds a lock on a byte of library.lock.  The
 * process writes library.db.new, and renames the file when it is complete.  The
 * library.db.new of a killed process is overwritten.
 */
#include "vtl/changer/impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct changer_creation {
	const struct changer_spec *spec;
	struct file_lock *lock;
	bool is_locked;
	char *folder, *path, *new, *lock_path;
};

static int fail(const char *folder, const char *why, char *message)
{
	snprintf(message, VOLUME_MESSAGE_BYTES, "cannot make library %s: %s",
	    folder, why);
	return -1;
}

static int check_spec(const char *folder, const struct changer_spec *spec,
    char *message)
{
	char what[96] = "";

	if (spec->drive_count == 0 || spec->drive_count > CHANGER_DRIVES_MAX)
		snprintf(what, sizeof what, "a library has 1 to %d drives",
		    CHANGER_DRIVES_MAX);
	else if (spec->slot_count == 0 || spec->slot_count > CHANGER_SLOTS_MAX)
		snprintf(what, sizeof what, "a library has 1 to %d slots",
		    CHANGER_SLOTS_MAX);
	else if (spec->ie_count > CHANGER_IE_MAX)
		snprintf(what, sizeof what,
		    "a library has at most %d import/export slots",
		    CHANGER_IE_MAX);
	else if (spec->move_ns < 0 || spec->move_ns > CHANGER_NS_MAX)
		snprintf(what, sizeof what,
		    "a move of the robot takes at most 10000 h");
	if (what[0] == '\0')
		return 0;
	snprintf(message, VOLUME_MESSAGE_BYTES, "cannot make library %s: %s",
	    folder, what);
	return -1;
}

static int name_files(struct changer_creation *m, const char *folder)
{
	m->folder = strdup(folder);
	if (asprintf(&m->path, "%s/library.db", folder) < 0)
		m->path = NULL;
	if (asprintf(&m->new, "%s/library.db.new", folder) < 0)
		m->new = NULL;
	if (asprintf(&m->lock_path, "%s/library.lock", folder) < 0)
		m->lock_path = NULL;
	return m->folder != NULL && m->path != NULL && m->new != NULL &&
		m->lock_path != NULL
	    ? 0
	    : -1;
}

/* Checks that there is no library.  Returns 0, or -1 and a message. */
static int check_absent(const struct changer_creation *m, char *message)
{
	struct stat st;

	if (lstat(m->path, &st) == 0)
		return fail(m->folder,
		    "the folder has a library already: use another folder",
		    message);
	return errno == ENOENT ? 0 : fail(m->folder, strerror(errno), message);
}

/* Checks that the locked file still has its name: a failed create removes
 * it. */
static int check_lock(const struct changer_creation *m, char *message)
{
	struct stat named, locked;

	if (file_lock_stat(m->lock, &locked) == 0 &&
	    stat(m->lock_path, &named) == 0 && named.st_ino == locked.st_ino &&
	    named.st_dev == locked.st_dev)
		return 0;
	return fail(m->folder,
	    "another process tried to make it just now: try again", message);
}

/* Takes the lock, and checks that there is no library.  Returns 0 or -1. */
static int begin(struct changer_creation *m, char *message)
{
	if (check_absent(m, message) != 0)
		return -1;
	m->lock = file_lock_open(m->lock_path, FILE_LOCK_CREATE);
	if (m->lock == NULL)
		return fail(m->folder,
		    errno == ELOOP || errno == EINVAL
			? "its library.lock is not a regular file"
			: strerror(errno),
		    message);
	switch (file_lock_take(m->lock, CHANGER_LOCK_ALL, false)) {
	case FILE_LOCK_HELD:
		return fail(m->folder,
		    "another process makes or uses it: use another folder",
		    message);
	case FILE_LOCK_FAILED:
		return fail(m->folder, file_lock_reason(errno), message);
	case FILE_LOCK_TAKEN:
		break;
	}
	if (check_lock(m, message) != 0)
		return -1;
	m->is_locked = true;
	return check_absent(m, message);
}

struct changer_creation *changer_create_begin(const char *folder,
    const struct changer_spec *spec, char message[VOLUME_MESSAGE_BYTES])
{
	struct changer_creation *m;

	if (check_spec(folder, spec, message) != 0)
		return NULL;
	m = calloc(1, sizeof *m);
	if (m != NULL)
		m->spec = spec;
	if (m == NULL || name_files(m, folder) != 0)
		fail(folder, "out of memory", message);
	else if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot make folder %s for a library: %s", folder,
		    strerror(errno));
	else if (begin(m, message) == 0)
		return m;
	changer_create_end(m);
	return NULL;
}

/* Makes an empty file; replaces the file of a killed process. */
static int make_file(struct changer_creation *m, char *message)
{
	char *journal;
	int fd;

	if (asprintf(&journal, "%s-journal", m->new) < 0)
		return fail(m->folder, "out of memory", message);
	unlink(journal);
	free(journal);
	unlink(m->new);
	fd = open(m->new, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	if (fd == -1)
		return fail(m->folder, strerror(errno), message);
	close(fd);
	return 0;
}

int changer_create_finish(struct changer_creation *m,
    const struct changer_cartridge *cartridges, size_t count, bool durable,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct changer *changer;
	int rc = -1;

	if (make_file(m, message) != 0)
		return -1;
	changer =
	    changer_connect_new(m->folder, m->new, m->spec, durable, message);
	if (changer == NULL)
		;
	else if (changer_fill_slots(changer, cartridges, count) != CHANGER_OK)
		memcpy(message, changer->message, VOLUME_MESSAGE_BYTES);
	else
		rc = 0;
	changer_close(changer);
	if (rc == 0 && rename(m->new, m->path) != 0)
		rc = fail(m->folder, strerror(errno), message);
	if (rc != 0)
		unlink(m->new);
	return rc;
}

void changer_create_end(struct changer_creation *m)
{
	struct stat st;

	if (m == NULL)
		return;
	if (m->is_locked && lstat(m->path, &st) != 0 && errno == ENOENT)
		unlink(m->lock_path);
	file_lock_close(m->lock);
	free(m->folder);
	free(m->path);
	free(m->new);
	free(m->lock_path);
	free(m);
}

int changer_create(const char *folder, const struct changer_spec *spec,
    bool durable, char message[VOLUME_MESSAGE_BYTES])
{
	struct changer_creation *m =
	    changer_create_begin(folder, spec, message);
	int rc = m == NULL
	    ? -1
	    : changer_create_finish(m, NULL, 0, durable, message);

	changer_create_end(m);
	return rc;
}
