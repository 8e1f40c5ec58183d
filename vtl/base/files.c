/* files.c: see files.h. */
#include "vtl/base/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 1 << 20, FOLDERS_OPEN_MAX = 8 };

/* Copies by reading and writing, from the place that was reached. */
static int copy_bytes(int from, int to)
{
	char *buffer = malloc(BUFFER_BYTES);
	ssize_t n = 0, done, put;

	if (buffer == NULL) {
		errno = ENOMEM;
		return -1;
	}
	while ((n = read(from, buffer, BUFFER_BYTES)) > 0) {
		for (done = 0; done < n; done += put) {
			put = write(to, buffer + done, (size_t)(n - done));
			if (put < 0) {
				free(buffer);
				return -1;
			}
		}
	}
	free(buffer);
	return n == 0 ? 0 : -1;
}

/* Copies the contents in the way that costs least. */
static int copy_contents(int from, int to, off_t bytes)
{
	ssize_t n;

	if (ioctl(to, FICLONE, from) == 0)
		return 0;
	while (bytes > 0) {
		n = copy_file_range(from, NULL, to, NULL, (size_t)bytes, 0);
		if (n <= 0)
			break;
		bytes -= n;
	}
	/* Some file systems cannot do that; a real error comes again. */
	return bytes == 0 ? 0 : copy_bytes(from, to);
}

static int copy_open(int from, const char *to)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_NOW } };
	struct stat st;
	int fd, rc, error;

	if (fstat(from, &st) != 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd == -1)
		return -1;
	times[1] = st.st_mtim;
	rc = copy_contents(from, fd, st.st_size);
	if (rc == 0)
		rc = fchmod(fd, st.st_mode & 07777);
	if (rc == 0)
		rc = futimens(fd, times);
	error = errno;
	if (close(fd) != 0 && rc == 0) {
		rc = -1;
		error = errno;
	}
	if (rc != 0)
		unlink(to);
	errno = error;
	return rc;
}

int files_copy(const char *from, const char *to)
{
	int fd = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int rc, error;

	if (fd == -1)
		return -1;
	rc = copy_open(fd, to);
	error = errno;
	close(fd);
	errno = error;
	return rc;
}

/* Opens the file, and calls `sync` for it. */
static int sync_with(const char *path, int (*sync)(int fd))
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc, error;

	if (fd == -1)
		return -1;
	rc = sync(fd);
	error = errno;
	close(fd);
	errno = error;
	return rc;
}

static int begin_sync(int fd)
{
	return sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
}

int files_begin_sync(const char *path)
{
	return sync_with(path, begin_sync);
}

int files_sync(const char *path)
{
	return sync_with(path, fsync);
}

static int remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int files_remove(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : -1;
	return nftw(path, remove_one, FOLDERS_OPEN_MAX, FTW_DEPTH | FTW_PHYS);
}

int files_each(const char *folder, int (*each)(void *arg, const char *name),
    void *arg)
{
	struct dirent **entries;
	int i, rc = 0, count = scandir(folder, &entries, NULL, alphasort);

	if (count < 0)
		return -1;
	for (i = 0; i < count; i++) {
		const char *name = entries[i]->d_name;

		if (rc == 0 && strcmp(name, ".") != 0 &&
		    strcmp(name, "..") != 0)
			rc = each(arg, name);
		free(entries[i]);
	}
	free(entries);
	return rc;
}
