/* socket_stream.c: see socket_stream.h. */
#include "vtl/iscsi/target/socket_stream.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "splitter/base/clock.h"

enum { IDLE_S = 60, INTERVAL_S = 10, PROBES = 6 };

static void set(int fd, int level, int option, int value)
{
	/* Without these it still works. */
	(void)setsockopt(fd, level, option, &value, sizeof value);
}

bool socket_stream_open(struct socket_stream *s, int fd)
{
	s->fd = fd;
	s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->wake_fd < 0) {
		close(fd);
		return false;
	}
	set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, IDLE_S);
	set(fd, IPPROTO_TCP, TCP_KEEPINTVL, INTERVAL_S);
	set(fd, IPPROTO_TCP, TCP_KEEPCNT, PROBES);
	return true;
}

void socket_stream_close(struct socket_stream *s)
{
	close(s->wake_fd);
	close(s->fd);
}

/* What read() and write() of the stream return. */
static ssize_t result(ssize_t n)
{
	if (n > 0)
		return n;
	return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

static ssize_t socket_read(void *arg, void *buf, size_t bytes)
{
	const struct socket_stream *s = arg;

	return result(recv(s->fd, buf, bytes, MSG_DONTWAIT));
}

static ssize_t socket_write(void *arg, const struct iovec *parts, int count)
{
	const struct socket_stream *s = arg;
	const struct msghdr message = {
		.msg_iov = (struct iovec *)(uintptr_t)parts,
		.msg_iovlen = (size_t)count,
	};

	return result(sendmsg(s->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL));
}

static int64_t socket_now_ns(void *arg)
{
	(void)arg;
	return clock_now_ns();
}

static void socket_wait(void *arg, bool to_read, bool to_write,
    int64_t until_ns)
{
	const struct socket_stream *s = arg;
	struct pollfd fds[] = {
		{ .fd = s->fd,
		    .events = (short)((to_read ? POLLIN : 0) |
			(to_write ? POLLOUT : 0)) },
		{ .fd = s->wake_fd, .events = POLLIN },
	};
	struct timespec left, *timeout = NULL;
	uint64_t count;

	if (until_ns != INT64_MAX) {
		int64_t left_ns = until_ns - clock_now_ns();

		left = clock_timespec(left_ns > 0 ? left_ns : 0);
		timeout = &left;
	}
	if (ppoll(fds, 2, timeout, NULL) > 0 && fds[1].revents != 0)
		(void)!read(s->wake_fd, &count, sizeof count);
}

static void socket_wake(void *arg)
{
	const struct socket_stream *s = arg;
	const uint64_t one = 1;

	(void)!write(s->wake_fd, &one, sizeof one);
}

static void socket_end(void *arg)
{
	const struct socket_stream *s = arg;

	shutdown(s->fd, SHUT_RDWR);
	socket_wake(arg);
}

struct iscsi_stream socket_stream(struct socket_stream *s)
{
	static const struct iscsi_stream_ops ops = {
		.read = socket_read,
		.write = socket_write,
		.wait = socket_wait,
		.wake = socket_wake,
		.end = socket_end,
		.now_ns = socket_now_ns,
	};

	return (struct iscsi_stream){ .ops = &ops, .arg = s };
}
