/*
 * lock.c: the lock on the file of a volume, and the process that holds it.
 *
 * A volume is in use as long as the lock of file_lock.h on it is held.  The
 * system does not say by which process.  But SQLite's locks belong to
 * processes, and /proc/locks lists them.  If there is no such list, or no line
 * for the file (the process runs on another machine), no process is named.
 */
#include "vtl/base/file_lock.h"
#include "vtl/volume/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/*
 * Returns the process of one line, or 0 if the line is about another file.  A
 * line is "1: POSIX  ADVISORY  WRITE 708 fd:00:131:0 EOF".  A process that
 * waits has "->" after the first number.
 */
static long holder(const char *line, const struct stat *st)
{
	unsigned major_number, minor_number;
	uint64_t inode;
	long pid;

	if (sscanf(line, "%*s POSIX %*s %*s %ld %x:%x:%" SCNu64, &pid,
		&major_number, &minor_number, &inode) != 4)
		return 0;
	return inode == st->st_ino && major_number == major(st->st_dev) &&
		minor_number == minor(st->st_dev)
	    ? pid
	    : 0;
}

static long find_holder(const char *path)
{
	char line[256];
	struct stat st;
	long pid = 0;
	FILE *locks;

	if (stat(path, &st) != 0 ||
	    (locks = fopen("/proc/locks", "re")) == NULL)
		return 0;
	while (pid <= 0 && fgets(line, sizeof line, locks) != NULL)
		pid = holder(line, &st);
	fclose(locks);
	return pid;
}

/* Writes " (NAME)", or "" if the name is not known. */
static void name_of(long pid, char *name, size_t bytes)
{
	char path[64], text[64];
	FILE *f;

	name[0] = '\0';
	snprintf(path, sizeof path, "/proc/%ld/comm", pid);
	if ((f = fopen(path, "re")) == NULL)
		return;
	if (fgets(text, sizeof text, f) != NULL) {
		text[strcspn(text, "\n")] = '\0';
		snprintf(name, bytes, " (%s)", text);
	}
	fclose(f);
}

void volume_report_holder(const char *path, char message[VOLUME_MESSAGE_BYTES])
{
	long pid = find_holder(path);
	char by[128], name[80];

	if (pid == (long)getpid()) {
		snprintf(by, sizeof by, "this program already");
	} else if (pid > 0) {
		name_of(pid, name, sizeof name);
		snprintf(by, sizeof by, "process %ld%s", pid, name);
	} else {
		snprintf(by, sizeof by, "another program");
	}
	snprintf(message, VOLUME_MESSAGE_BYTES,
	    "cannot open volume %s: it is in use by %s: wait until it has "
	    "ended",
	    path, by);
}

/* Opens the file.  Returns NULL, or why the file cannot be opened. */
static const char *open_reason(const char *path, bool is_protected,
    struct file_lock **lock)
{
	const char *why;
	sqlite3 *db;
	int error;

	*lock = file_lock_open(path,
	    is_protected ? FILE_LOCK_READ : FILE_LOCK_WRITE);
	if (*lock != NULL)
		return NULL;
	error = errno;
	why = volume_open_database(path, DATABASE_READ, &db);
	sqlite3_close(db);
	return why != NULL ? why : strerror(error);
}

/*
 * Returns NULL if `path` still names the locked file, else why the file cannot
 * be used.
 */
static const char *moved_reason(const char *path, struct file_lock *lock)
{
	struct stat named, locked;

	if (file_lock_stat(lock, &locked) != 0 || stat(path, &named) != 0)
		return strerror(errno);
	if (named.st_ino != locked.st_ino || named.st_dev != locked.st_dev)
		return "another file replaced it just now: try again";
	return NULL;
}

/* Takes the lock of an open file.  Returns 0, or an error and a message. */
static int take(struct file_lock *lock, const char *path, bool is_protected,
    char *message)
{
	const char *why = NULL;

	switch (file_lock_take(lock, VOLUME_LOCK_BYTE, is_protected)) {
	case FILE_LOCK_HELD:
		volume_report_holder(path, message);
		return EBUSY;
	case FILE_LOCK_FAILED:
		why = file_lock_reason(errno);
		break;
	case FILE_LOCK_TAKEN:
		why = moved_reason(path, lock);
		break;
	}
	if (why == NULL)
		return 0;
	snprintf(message, VOLUME_MESSAGE_BYTES, "cannot open volume %s: %s",
	    path, why);
	return EIO;
}

struct file_lock *volume_lock(const char *path, bool is_protected,
    char message[VOLUME_MESSAGE_BYTES])
{
	struct file_lock *lock = NULL;
	const char *why;
	struct stat st;
	int error = 0;

	/*
	 * Do not open it again: closing that descriptor would end SQLite's
	 * locks.
	 */
	if (stat(path, &st) == 0 && file_lock_is_own(&st)) {
		why = "it is in use by this program already: wait until it "
		      "has ended";
		error = EBUSY;
	} else {
		why = open_reason(path, is_protected, &lock);
	}
	if (why != NULL)
		snprintf(message, VOLUME_MESSAGE_BYTES,
		    "cannot open volume "
		    "%s: %s",
		    path, why);
	else if ((error = take(lock, path, is_protected, message)) == 0)
		return lock;
	file_lock_close(lock);
	errno = error == EBUSY ? EBUSY : 0;
	return NULL;
}
