/*
 * autochanger.h: a medium changer that can be asked for its inventory and told
 * to move a cartridge.
 *
 * An implementation decides nothing: mover.c checks which cartridge may be
 * moved, and where to.
 */
#ifndef SPLITTER_CHANGER_AUTOCHANGER_H
#define SPLITTER_CHANGER_AUTOCHANGER_H

#include "splitter/changer/inventory.h"
#include "splitter/scsi/port.h"

struct autochanger;

/* The result of a move, as the changer reports it. */
enum autochanger_move {
	AUTOCHANGER_MOVED,
	/* The changer did not try: something else must be looked at first. */
	AUTOCHANGER_ATTENTION,
	/* It failed, or the answer was lost: read the inventory. */
	AUTOCHANGER_FAILED
};

struct autochanger_ops {
	/*
	 * Reads all elements, without an inventory of the robot, into
	 * `inventory`, which is empty before.  0, or -1 with a message.
	 */
	int (*read)(struct autochanger *, struct inventory *inventory,
	    char *err, size_t err_bytes);
	/*
	 * Moves the cartridge in `from` to `to`; one of them is a drive, the
	 * other a slot.  Sends the command once.  A message, except after
	 * AUTOCHANGER_MOVED.
	 */
	enum autochanger_move (*move)(struct autochanger *,
	    const struct element *from, const struct element *to, char *err,
	    size_t err_bytes);
	void (*close)(struct autochanger *);
};

/* An implementation puts this struct first in its own. */
struct autochanger {
	const struct autochanger_ops *ops;
	char name[128]; /* for messages */
};

/*
 * A changer on a port, which is closed with it.  Waits up to 15 minutes while
 * the changer becomes ready.  NULL with a message, and the port is closed, if
 * the device is no changer, or does not become ready.
 */
struct autochanger *autochanger_on_port(struct scsi_port *port, char *err,
    size_t err_bytes);

/*
 * A changer that is a shell command with the convention of mtx(1).  Nothing is
 * run before the first operation.  `command` stays the caller's.  NULL if there
 * is no memory.
 */
struct autochanger *autochanger_by_command(const char *command);

/* NULL is allowed. */
void autochanger_close(struct autochanger *changer);

#endif
