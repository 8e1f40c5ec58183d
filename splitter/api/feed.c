/* feed.c: a producer as a loop. */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "splitter/api/impl.h"

enum { NO_MORE = 1 };

int splitter_feed(struct splitter *s,
    int64_t (*read_some)(void *arg, void *to, uint64_t bytes), void *arg)
{
	uint64_t room;
	int64_t n;
	void *to;

	if (read_some == NULL) {
		splitter_fail(s);
		return -1;
	}
	while ((to = splitter_reserve(s, &room)) != NULL) {
		n = read_some(arg, to, room);
		if (n < 0 || (uint64_t)n > room) {
			splitter_fail(s);
			return -1;
		}
		if (n == 0) {
			splitter_eof(s);
			return 0;
		}
		splitter_commit(s, (uint64_t)n);
	}
	splitter_eof(s);
	return NO_MORE;
}

/* A file that is read until the dump takes no more bytes. */
struct file {
	struct splitter *s;
	int fd;
	int error;
	bool unwanted;
};

/* Waits until there is something to read, or the dump takes no more bytes. */
static int wait_for_bytes(struct file *f)
{
	struct pollfd fds[] = {
		{ .fd = f->s->wake_fd, .events = POLLIN },
		{ .fd = f->fd, .events = POLLIN },
	};

	/* poll(2) ignores a negative descriptor, and would wait for ever. */
	if (f->fd < 0) {
		errno = EBADF;
		return -1;
	}
	while (poll(fds, 2, -1) == -1)
		if (errno != EINTR)
			return -1;
	f->unwanted = fds[0].revents != 0;
	return 0;
}

static int64_t read_file(void *arg, void *to, uint64_t bytes)
{
	struct file *f = arg;
	ssize_t n = -1;

	do {
		if (wait_for_bytes(f) != 0)
			break;
		if (f->unwanted)
			return 0;
		n = read(f->fd, to, bytes);
	} while (n == -1 && (errno == EINTR || errno == EAGAIN));
	f->error = errno;
	return n;
}

int splitter_feed_fd(struct splitter *s, int fd)
{
	struct file f = { .s = s, .fd = fd };
	int rc = splitter_feed(s, read_file, &f);

	if (rc == -1)
		errno = f.error;
	/* The dump has ended by itself: the end of the input is unimportant. */
	return rc == 0 && f.unwanted ? NO_MORE : rc;
}
