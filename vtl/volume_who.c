/*
 * volume_who.c: which process has a volume that is in use.
 *
 * SQLite's locks are those of fcntl(2), which /proc/locks lists with the
 * process that holds them.  Asking the file itself would need a descriptor, and
 * closing that would drop the locks that this process has on it.  Where the
 * list is not there, or has no line for the file (another machine's, on a
 * network's disk), nobody is named.
 */
#include "vtl/volume_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/*
 * The process of one line, if it is about the file: "1: POSIX  ADVISORY  WRITE
 * 708 fd:00:131:0 EOF", where those that wait have "->" behind the number.
 * 0 if it is not.
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
	    minor_number == minor(st->st_dev) ? pid : 0;
}

static long who_has(const char *path)
{
	char line[256];
	struct stat st;
	long pid = 0;
	FILE *locks;

	if (stat(path, &st) != 0 || (locks = fopen("/proc/locks", "re")) ==
	    NULL)
		return 0;
	while (pid <= 0 && fgets(line, sizeof line, locks) != NULL)
		pid = holder(line, &st);
	fclose(locks);
	return pid;
}

/* " (NAME)", or nothing. */
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

void volume_say_who(struct volume *volume)
{
	long pid = who_has(volume->path);
	char by[128], name[80];

	if (pid == (long)getpid()) {
		snprintf(by, sizeof by, "this program already");
	} else if (pid > 0) {
		name_of(pid, name, sizeof name);
		snprintf(by, sizeof by, "process %ld%s", pid, name);
	} else {
		snprintf(by, sizeof by, "another program");
	}
	snprintf(volume->message, sizeof volume->message,
	    "cannot open volume %s: it is in use by %s: wait until that has "
	    "ended", volume->path, by);
}
