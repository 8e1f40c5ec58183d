/* file.c: see file.h. */
#include "sim/command/vtl/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/command/vtl/vtl.h"
#include "vtl/base/file_lock.h"

static bool has_journal(const char *path)
{
	char *journal;
	bool found;

	if (asprintf(&journal, "%s-journal", path) < 0)
		return true;
	found = access(journal, F_OK) == 0;
	free(journal);
	return found;
}

/*
 * Closes the volume, but keeps its lock.  Opening the volume has rolled back
 * and removed a journal of a killed process; without its journal the file would
 * be damaged.  Returns NULL and a message if a journal is left.
 */
static struct file_lock *close_locked(struct volume *volume, const char *path,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct file_lock *lock = volume_close_locked(volume, message);

	if (lock == NULL || !has_journal(path))
		return lock;
	file_lock_close(lock);
	snprintf(message, VOLUME_MESSAGE_BYTES,
	    "%s-journal of volume %s cannot be removed: check the permissions "
	    "of the file and its folder",
	    path, path);
	return NULL;
}

struct file_lock *vtl_file_lock_volume(const char *path, const char *medium,
    struct volume_spec *spec, char was[VOLUME_MEDIUM_BYTES])
{
	char message[VOLUME_MESSAGE_BYTES], ignored[VOLUME_MESSAGE_BYTES];
	struct volume *volume = volume_open(path, true, message);
	struct file_lock *lock = NULL;

	if (volume != NULL)
		strcpy(was, volume_get_spec(volume)->medium);
	if (volume != NULL && medium != NULL &&
	    volume_set_medium(volume, medium) != 0) {
		snprintf(message, sizeof message, "%.*s",
		    VOLUME_MESSAGE_BYTES - 1, volume_message(volume));
		volume_close(volume, ignored);
	} else if (volume != NULL) {
		*spec = *volume_get_spec(volume);
		lock = close_locked(volume, path, message);
	}
	if (lock == NULL)
		vtl_fail("%s", message);
	return lock;
}

struct file_lock *vtl_file_lock(const char *path)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct file_lock *lock = volume_lock_file(path, message);
	char was[VOLUME_MEDIUM_BYTES];
	struct volume_spec spec;

	if (lock == NULL)
		vtl_fail("%s", message);
	if (lock == NULL || !has_journal(path))
		return lock;
	file_lock_close(lock);
	return vtl_file_lock_volume(path, NULL, &spec, was);
}

/* Renames a file without replacing another.  Returns 0, or -1 and errno. */
static int rename_to(const char *from, const char *to)
{
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return 0;
	/* Nearly all file systems that lack this flag support hard links. */
	if (errno != EINVAL || link(from, to) != 0)
		return -1;
	return unlink(from);
}

static int fail_move(const char *from, const char *to, const char *why)
{
	vtl_fail("cannot move %s to %s: %s", from, to, why);
	return -1;
}

static const char exists[] = "the file exists already";

int vtl_file_check_target(const char *from, const char *to)
{
	struct stat st;

	/* Its journal, if any, is that of a volume in use. */
	if (lstat(to, &st) == 0)
		return fail_move(from, to, exists);
	if (!has_journal(to))
		return 0;
	vtl_fail("cannot move %s to %s: %s-journal is the journal of another "
		 "volume: move it away",
	    from, to, to);
	return -1;
}

int vtl_file_move(const char *from, const char *to)
{
	if (vtl_file_check_target(from, to) != 0)
		return -1;
	if (rename_to(from, to) == 0)
		return 0;
	return fail_move(from, to,
	    errno == EXDEV
		? "they are on different file systems: first move it to a "
		  "folder on that of the library"
		: errno == EEXIST ? exists
				  : strerror(errno));
}
