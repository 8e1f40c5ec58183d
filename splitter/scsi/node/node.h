/*
 * node.h: a node of the sg driver of Linux (/dev/sg3) as a port.
 *
 * Invariants:
 *
 *  1. Each command goes out by one write() and its answer is fetched by read().
 *     SG_IO is never used: it waits for the answer with the same call that
 *     sends the command, and the kernel repeats a call that a signal ended, so
 *     the command is sent twice.  A read() that ended with EINTR is repeated;
 *     the answer stays in the driver until it is read.
 *  2. All signals that can be blocked are blocked in the thread while it
 *     executes a command, except in the pauses of a wait that the caller may
 *     end.  SIGSTOP cannot be blocked; it only ends the read() (invariant 1).
 *  3. The node is opened with O_EXCL: no other program uses it meanwhile.
 *  4. An answer belongs to the command that was sent: the driver returns the
 *     number that went with the command.  Answers of earlier commands, which
 *     are there only after the caller ended a wait, are thrown away.
 *  5. Data is copied by the driver (no direct I/O), so a block is limited by
 *     the host adapter: see scsi_node_largest_bytes().
 */
#ifndef SPLITTER_SCSI_NODE_H
#define SPLITTER_SCSI_NODE_H

#include "splitter/base/device_calls.h"
#include "splitter/scsi/port.h"

struct scsi_node_options {
	const struct device_calls *calls; /* NULL: those of the system */
	/*
	 * Sleeps; false: the program was asked to end.  NULL: the sleep of
	 * `calls`.
	 */
	bool (*sleep)(void *arg, int64_t ns);
	void *sleep_arg;
};

/*
 * Opens the node `path`.  Returns NULL with a sentence in `err`: no such node,
 * no permission (and the udev rule that gives it), not of the sg driver, in use
 * by another program.  `options` may be NULL.  Free it with port->ops->close().
 */
struct scsi_port *scsi_node_open(const char *path,
    const struct scsi_node_options *options, char *err, size_t err_bytes);

struct scsi_names;

/*
 * Opens the sg node of a device, which the person called `device`.  As
 * scsi_node_open(); if another program has the node open, the sentence names it,
 * as far as that can be known.
 */
struct scsi_port *scsi_node_open_device(const char *device,
    const struct scsi_names *names, const struct scsi_node_options *options,
    char *err, size_t err_bytes);

/*
 * Returns the most bytes that one command can transfer, by the limits of the
 * host adapter; at least 4096, at most SCSI_DATA_MAX_BYTES.
 */
uint32_t scsi_node_largest_bytes(const struct scsi_port *node);

#endif
