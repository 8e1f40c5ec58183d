/* failing_system.c: system calls and threads that fail on cue. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "splitter/tests/failing/failing_impl.h"

int failing_open(const char *path, int flags, ...)
{
	va_list args;
	mode_t mode;

	va_start(args, flags);
	mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(args, mode_t) : 0;
	va_end(args);
	return failing_now(FAILING_OPEN) ? -1 : open(path, flags, mode);
}

int failing_mkostemp(char *path, int flags)
{
	return failing_now(FAILING_OPEN) ? -1 : mkostemp(path, flags);
}

char *failing_mkdtemp(char *path)
{
	return failing_now(FAILING_OPEN) ? NULL : mkdtemp(path);
}

int failing_mkdir(const char *path, mode_t mode)
{
	return failing_now(FAILING_OPEN) ? -1 : mkdir(path, mode);
}

FILE *failing_fopen(const char *path, const char *mode)
{
	return failing_now(FAILING_OPEN) ? NULL : fopen(path, mode);
}

FILE *failing_fdopen(int fd, const char *mode)
{
	return failing_now(FAILING_OPEN) ? NULL : fdopen(fd, mode);
}

int failing_pipe2(int fds[2], int flags)
{
	return failing_now(FAILING_OPEN) ? -1 : pipe2(fds, flags);
}

int failing_stat(const char *path, struct stat *st)
{
	return failing_now(FAILING_READ) ? -1 : stat(path, st);
}

int failing_fstat(int fd, struct stat *st)
{
	return failing_now(FAILING_READ) ? -1 : fstat(fd, st);
}

/* Fails only locks of bytes, as on a file system without locks. */
int failing_fcntl(int fd, int command, ...)
{
	va_list args;
	void *arg;

	va_start(args, command);
	/* an int argument is passed in the same way */
	arg = va_arg(args, void *);
	va_end(args);
	return command == F_OFD_SETLK && failing_now(FAILING_OPEN)
	    ? -1
	    : fcntl(fd, command, arg);
}

ssize_t failing_write(int fd, const void *bytes, size_t count)
{
	return failing_transfer(FAILING_WRITE, &count)
	    ? -1
	    : write(fd, bytes, count);
}

ssize_t failing_pwrite(int fd, const void *bytes, size_t count, off_t at)
{
	return failing_transfer(FAILING_WRITE, &count)
	    ? -1
	    : pwrite(fd, bytes, count, at);
}

int failing_ftruncate(int fd, off_t bytes)
{
	return failing_now(FAILING_WRITE) ? -1 : ftruncate(fd, bytes);
}

int failing_rename(const char *from, const char *to)
{
	return failing_now(FAILING_WRITE) ? -1 : rename(from, to);
}

int failing_close(int fd)
{
	int saved, rc = close(fd);

	saved = errno;
	if (failing_now(FAILING_WRITE))
		return -1;
	errno = saved;
	return rc;
}

ssize_t failing_read(int fd, void *bytes, size_t count)
{
	return failing_transfer(FAILING_READ, &count) ? -1
						      : read(fd, bytes, count);
}

ssize_t failing_pread(int fd, void *bytes, size_t count, off_t at)
{
	return failing_transfer(FAILING_READ, &count)
	    ? -1
	    : pread(fd, bytes, count, at);
}

/*
 * Fails like mmap().  A mapping into a reserved area does not count as a
 * resource.
 */
void *failing_mmap(void *at, size_t bytes, int protection, int flags, int fd,
    off_t offset)
{
	void *place = failing_now(FAILING_MAP)
	    ? MAP_FAILED
	    : mmap(at, bytes, protection, flags, fd, offset);

	if (place != MAP_FAILED && (flags & MAP_FIXED) == 0)
		failing_mapped(1);
	return place;
}

int failing_munmap(void *at, size_t bytes)
{
	int rc = munmap(at, bytes);

	if (rc == 0)
		failing_mapped(-1);
	return rc;
}

int failing_thread_create(pthread_t *thread, const pthread_attr_t *attributes,
    void *(*body)(void *), void *arg)
{
	int error = failing_now(FAILING_START)
	    ? EAGAIN
	    : pthread_create(thread, attributes, body, arg);

	failing_started(error == 0);
	return error;
}

int failing_thread_join(pthread_t thread, void **result)
{
	int error = pthread_join(thread, result);

	failing_started(error == 0 ? -1 : 0);
	return error;
}

int failing_spawnp(pid_t *pid, const char *file,
    const posix_spawn_file_actions_t *actions,
    const posix_spawnattr_t *attributes, char *const argv[],
    char *const environment[])
{
	return failing_now(FAILING_START)
	    ? EAGAIN
	    : posix_spawnp(pid, file, actions, attributes, argv, environment);
}
