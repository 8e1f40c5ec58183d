/*
 * device_calls.h: the system calls on a device node, as a table.
 *
 * Each behaves as the call of that name: -1 and errno on failure.
 */
#ifndef SPLITTER_DEVICE_CALLS_H
#define SPLITTER_DEVICE_CALLS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct device_calls {
	void *arg; /* passed as the first argument of each call */
	int (*open)(void *arg, const char *path, int flags);
	int (*close)(void *arg, int fd);
	ssize_t (*read)(void *arg, int fd, void *buf, size_t bytes);
	ssize_t (*write)(void *arg, int fd, const void *buf, size_t bytes);
	int (*ioctl)(void *arg, int fd, unsigned long request, void *what);
	/* Ends O_NONBLOCK. */
	int (*set_blocking)(void *arg, int fd);
	int64_t (*clock_ns)(void *arg); /* a monotonic clock */
	void (*sleep_ns)(void *arg, int64_t ns);
};

/* The table of the real system calls. */
extern const struct device_calls device_calls_system;

#endif
