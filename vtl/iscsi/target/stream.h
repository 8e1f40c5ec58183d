/*
 * stream.h: how a connection reads and writes bytes: a socket
 * (socket_stream.h), or memory in tests.
 *
 * No operation except wait() blocks.  read() and wait() are called by the
 * thread of the connection; write(), wake() and end() by any thread, but
 * write() by one at a time.
 */
#ifndef VTL_ISCSI_STREAM_H
#define VTL_ISCSI_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

struct iscsi_stream_ops {
	/*
	 * Returns how many bytes were read or written, at least 1; 0: none now,
	 * call wait(); -1: no more, because the other side closed the
	 * connection, or after an error.
	 */
	ssize_t (*read)(void *arg, void *buf, size_t bytes);
	ssize_t (*write)(void *arg, const struct iovec *parts, int count);
	/*
	 * Waits until bytes can be read, if `to_read`, or written, if
	 * `to_write`, or wake() or end() was called since the last wait, or
	 * until the time `until_ns` of now_ns().  May return earlier.
	 */
	void (*wait)(void *arg, bool to_read, bool to_write, int64_t until_ns);
	void (*wake)(void *arg);
	/* Bytes that were written are still sent; then nothing goes either way. */
	void (*end)(void *arg);
	int64_t (*now_ns)(void *arg); /* monotonic */
};

struct iscsi_stream {
	const struct iscsi_stream_ops *ops;
	void *arg;
};

#endif
