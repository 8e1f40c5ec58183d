/* pass.c: see pass.h. */
#include "sim/command/pass.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/signals.h"

/* The largest size of a pipe, unless the administrator allows more. */
enum { PIECE_BYTES = 1 << 20 };

struct pass {
	void (*passed)(void *arg, uint64_t bytes);
	void *arg;
	char *err;
	size_t err_bytes;
};

static int failed(const struct pass *p, const char *what, int error)
{
	if (signals_came())
		p->err[0] = '\0';
	else
		snprintf(p->err, p->err_bytes, "%s: %s%s", what,
		    strerror(error),
		    error == EPIPE ? "; the reader ended before the input"
				   : "");
	return -1;
}

static int input_failed(const struct pass *p, int error)
{
	return failed(p, "cannot read standard input", error);
}

static int output_failed(const struct pass *p, int error)
{
	return failed(p, "cannot write to standard output", error);
}

/*
 * Waits until a descriptor that does not block is ready.  Returns whether to
 * repeat the call that failed.
 */
static bool ready(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, -1) != -1 || signals_again(errno);
}

/* Returns whether to repeat a call on a descriptor that failed. */
static bool again(int fd, short events)
{
	if (errno == EAGAIN)
		return ready(fd, events);
	return signals_again(errno);
}

static int put(const struct pass *p, const char *from, size_t bytes)
{
	ssize_t n;

	while (bytes > 0) {
		n = write(STDOUT_FILENO, from, bytes);
		if (n == -1 && again(STDOUT_FILENO, POLLOUT))
			continue;
		if (n <= 0)
			return output_failed(p, n == 0 ? EIO : errno);
		p->passed(p->arg, (uint64_t)n);
		from += n;
		bytes -= (size_t)n;
	}
	return 0;
}

static int copy(const struct pass *p)
{
	char *buf = malloc(PIECE_BYTES);
	int rc = 0;
	ssize_t n;

	if (buf == NULL) {
		snprintf(p->err, p->err_bytes, "out of memory");
		return -1;
	}
	while (rc == 0) {
		n = read(STDIN_FILENO, buf, PIECE_BYTES);
		if (n == -1 && again(STDIN_FILENO, POLLIN))
			continue;
		if (n == 0)
			break;
		rc = n == -1 ? input_failed(p, errno) : put(p, buf, (size_t)n);
	}
	free(buf);
	return rc;
}

/*
 * Moves the bytes in the kernel.  Returns like pass_through(), or 1 if that is
 * not possible with these files.
 */
static int move(const struct pass *p)
{
	ssize_t n;

	for (;;) {
		n = splice(STDIN_FILENO, NULL, STDOUT_FILENO, NULL, PIECE_BYTES,
		    SPLICE_F_MOVE | SPLICE_F_MORE);
		if (n > 0) {
			p->passed(p->arg, (uint64_t)n);
			continue;
		}
		if (n == 0)
			return 0;
		/* It does not say which of the two is not ready: copy. */
		if (errno == EINVAL || errno == EAGAIN)
			return 1;
		if (signals_again(errno))
			continue;
		return errno == EPIPE || errno == ENOSPC || errno == EFBIG
		    ? output_failed(p, errno)
		    : failed(p, "cannot pass standard input on", errno);
	}
}

/* A larger pipe means fewer changes between the processes. */
static void enlarge(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode))
		(void)fcntl(fd, F_SETPIPE_SZ, PIECE_BYTES);
}

int pass_through(void (*passed)(void *arg, uint64_t bytes), void *arg,
    char *err, size_t err_bytes)
{
	const struct pass p = { passed, arg, err, err_bytes };
	int rc;

	err[0] = '\0';
	enlarge(STDIN_FILENO);
	enlarge(STDOUT_FILENO);
	rc = move(&p);
	return rc == 1 ? copy(&p) : rc;
}
