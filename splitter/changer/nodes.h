/*
 * nodes.h: the tape drives of this host: their nodes, and what can be asked of
 * a drive before a run uses it.
 */
#ifndef SPLITTER_CHANGER_NODES_H
#define SPLITTER_CHANGER_NODES_H

#include "splitter/base/device_calls.h"
#include "splitter/scsi/commands.h"
#include "splitter/scsi/node/names.h"
#include "splitter/tape/tape.h"

/* All zeros: the host itself. */
struct nodes_host {
	const struct scsi_system *system;
	/* For nodes of the tape driver; NULL: those of the system. */
	const struct device_calls *calls;
	/* Opens an sg node, as scsi_node_open() does.  NULL: that function. */
	struct scsi_port *(*open)(void *arg, const char *path, char *err,
	    size_t err_bytes);
	void *arg;
};

struct tape_node {
	struct scsi_names names;
	/*
	 * Serial number by page 80h of INQUIRY; of the kernel, which has read
	 * the page when it found the drive, where the sg node cannot be opened
	 * or the drive does not answer for 5 s.  "": unknown.
	 */
	char serial[SCSI_SERIAL_BYTES];
	/* The generation of LTO, by the product in /sys; 0: unknown. */
	unsigned generation;
	/* By page 83h, likewise: NAA names, hexadecimal; "" at the end. */
	char names83[SCSI_NAMES][SCSI_NAA_BYTES];
	bool silent; /* the drive did not answer, or only that it is busy */
};

struct tape_nodes {
	struct tape_node *nodes;
	size_t count;
};

/* Lists the tape drives by their numbers.  0, or -1 with a message. */
int tape_nodes_list(const struct nodes_host *host, struct tape_nodes *nodes,
    char *err, size_t err_bytes);

/*
 * Returns the drive whose node, or a link to it, is `device`; NULL with a
 * message.
 */
struct tape_node *tape_nodes_find(const struct nodes_host *host,
    const struct tape_nodes *nodes, const char *device, char *err,
    size_t err_bytes);

/*
 * Returns how long a drive may report that it becomes ready: `most_ns`, or less
 * if its generation takes no longer (splitter/scsi/timeouts.h).
 */
int64_t tape_node_load_wait_ns(const struct tape_node *node, int64_t most_ns);

enum tape_node_state {
	/* In use by another program, no permission, or no answer for 5 s. */
	TAPE_NODE_UNKNOWN,
	TAPE_NODE_EMPTY, /* without a cartridge, or it is unloaded */
	TAPE_NODE_BUSY,  /* becomes ready */
	TAPE_NODE_READY
};

/* Asks through the sg node, or else the node of the tape driver. */
enum tape_node_state tape_node_state(const struct nodes_host *host,
    const struct tape_node *node);

/*
 * Reads the barcode that a program has stored in the memory of the cartridge
 * (attribute 0806).  "": none, or the sg node cannot be opened.
 */
void tape_node_stored_barcode(const struct nodes_host *host,
    const struct tape_node *node, char barcode[TAPE_BARCODE_BYTES]);

/*
 * Returns whether a program of this host has the node of the tape driver open: its
 * sg node can be opened all the same.
 */
bool tape_node_is_held(const struct nodes_host *host,
    const struct tape_node *node);

/*
 * Unlocks the door, and unloads the cartridge, so that the robot can take it.
 * 0, or -1 with a message.
 */
int tape_node_unload(const struct nodes_host *host,
    const struct tape_node *node, char *err, size_t err_bytes);

/* Frees the list, which is empty then. */
void tape_nodes_clear(struct tape_nodes *nodes);

#endif
