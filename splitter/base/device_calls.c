/* device_calls.c: the real system calls. */
#include "splitter/base/device_calls.h"
#include "splitter/base/clock.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int sys_open(void *arg, const char *path, int flags)
{
	(void)arg;
	return open(path, flags | O_CLOEXEC);
}

static int sys_close(void *arg, int fd)
{
	(void)arg;
	return close(fd);
}

static ssize_t sys_read(void *arg, int fd, void *buf, size_t bytes)
{
	(void)arg;
	return read(fd, buf, bytes);
}

static ssize_t sys_write(void *arg, int fd, const void *buf, size_t bytes)
{
	(void)arg;
	return write(fd, buf, bytes);
}

static int sys_ioctl(void *arg, int fd, unsigned long request, void *what)
{
	(void)arg;
	return ioctl(fd, request, what);
}

static int sys_set_blocking(void *arg, int fd)
{
	int flags = fcntl(fd, F_GETFL);

	(void)arg;
	return flags == -1 ? -1 : fcntl(fd, F_SETFL, flags & ~O_NONBLOCK);
}

static int64_t sys_clock_ns(void *arg)
{
	(void)arg;
	return clock_now_ns();
}

static void sys_sleep_ns(void *arg, int64_t ns)
{
	(void)arg;
	clock_sleep_ns(ns);
}

const struct device_calls device_calls_system = {
	.open = sys_open,
	.close = sys_close,
	.read = sys_read,
	.write = sys_write,
	.ioctl = sys_ioctl,
	.set_blocking = sys_set_blocking,
	.clock_ns = sys_clock_ns,
	.sleep_ns = sys_sleep_ns,
};
