/* named_file.c: see named_file.h. */
#include "sim/base/named_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "splitter/base/database/vfs.h"
#include "splitter/base/signals.h"

/* Major device numbers of Linux. */
enum { MAJOR_TAPE = 9, MAJOR_SCSI_GENERIC = 21, BEGINNING_BYTES = 16 };

/* Reads the first bytes; all zeros if the file is shorter or unreadable. */
static void read_beginning(const char *path, unsigned char *bytes)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	memset(bytes, 0, BEGINNING_BYTES);
	if (fd == -1)
		return;
	if (pread(fd, bytes, BEGINNING_BYTES, 0) != BEGINNING_BYTES)
		memset(bytes, 0, BEGINNING_BYTES);
	close(fd);
}

const char *named_file_objection(const char *path)
{
	unsigned char bytes[BEGINNING_BYTES];
	struct stat st;

	if (stat(path, &st) != 0)
		return NULL;
	if (S_ISBLK(st.st_mode) ||
	    (S_ISCHR(st.st_mode) &&
		(major(st.st_rdev) == MAJOR_TAPE ||
		    major(st.st_rdev) == MAJOR_SCSI_GENERIC)))
		return "it is a disk or a tape drive; use a regular file";
	if (!S_ISREG(st.st_mode))
		return NULL;
	read_beginning(path, bytes);
	return database_vfs_is_database(bytes)
	    ? "it is a database, such as a volume, a library or a catalogue; "
	      "use another file"
	    : NULL;
}

FILE *named_file_open(const char *path, char *err, size_t err_bytes)
{
	const char *objection = named_file_objection(path);
	FILE *file = NULL;
	int fd;

	if (objection != NULL) {
		snprintf(err, err_bytes, "%s", objection);
		return NULL;
	}
	fd = signals_open(path, O_WRONLY | O_CREAT);
	if (fd != -1)
		file = fdopen(fd, "w");
	if (file != NULL)
		return file;
	snprintf(err, err_bytes, "%s",
	    signals_signal() != 0 ? "interrupted" : strerror(errno));
	if (fd != -1)
		close(fd);
	return NULL;
}

void named_file_empty(FILE *file)
{
	(void)!ftruncate(fileno(file), 0);
}
