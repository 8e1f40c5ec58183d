/*
 * port.h: how an initiator sends one SCSI command to one logical unit.
 *
 * The commands of this room and the back ends on it work on a port.  A port is
 * a node of the sg driver of Linux (splitter/scsi/node/node.h), or, in tests, a
 * device server in this process.
 *
 * Invariants:
 *
 *  1. A port sends each command once.  It never repeats a command, whatever
 *     happens while the command is executed: a repeated WRITE puts a block on
 *     tape twice.  A command that was interrupted, or whose answer was lost, is
 *     reported as such (SCSI_LOST); the caller asks for the position before it
 *     writes anything else.
 *  2. `timeout_s` is at least the time that the device states for the command;
 *     after a time-out Linux resets the device and those next to it.
 *  3. One thread at a time uses a port, except scsi_port_waiting_ns().
 *  4. A wait that was ended by scsi_command.waiting ends no command: the device
 *     still executes it, and later ones after it.
 */
#ifndef SPLITTER_SCSI_PORT_H
#define SPLITTER_SCSI_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SCSI_CDB_BYTES = 16,
	SCSI_SENSE_BYTES = 252,
	/* Most bytes of one transfer of a port: one block of a tape. */
	SCSI_DATA_MAX_BYTES = 16 << 20
};

enum scsi_direction { SCSI_NO_DATA, SCSI_DATA_IN, SCSI_DATA_OUT };

struct scsi_command {
	uint8_t cdb[SCSI_CDB_BYTES];
	uint8_t cdb_bytes; /* 6, 10, 12 or 16 */
	enum scsi_direction direction;
	void *in;        /* SCSI_DATA_IN: room for `data_bytes` */
	const void *out; /* SCSI_DATA_OUT: `data_bytes` bytes */
	uint32_t data_bytes;
	uint32_t timeout_s; /* > 0 */
	const char *name;   /* such as "WRITE(6)"; a constant */
	/*
	 * Called again and again while there is no answer, with the time since
	 * the command was sent.  Returns whether to wait on; if not, the command
	 * is SCSI_LOST with ECANCELED.  Only for a command without data.  NULL:
	 * nothing ends the wait.
	 */
	bool (*waiting)(void *arg, int64_t age_ns);
	void *waiting_arg;
};

/* What happened to a command. */
enum scsi_outcome {
	SCSI_ANSWERED, /* the device answered: see `status` */
	/* The kernel refused to send the command: see `error`. */
	SCSI_NOT_SENT,
	/*
	 * The command was sent, and there is no answer of the device: time-out,
	 * reset, lost connection, a host adapter's error.  It may have been
	 * executed, in part or in full.
	 */
	SCSI_LOST
};

enum scsi_status {
	SCSI_GOOD = 0x00,
	SCSI_CHECK_CONDITION = 0x02,
	SCSI_BUSY = 0x08,
	SCSI_RESERVATION_CONFLICT = 0x18,
	SCSI_TASK_SET_FULL = 0x28,
	SCSI_TASK_ABORTED = 0x40
};

/* Sense data, fixed or descriptor format.  All 0 unless `valid`. */
struct scsi_sense {
	bool valid;
	bool deferred; /* response code 71h or 73h */
	uint8_t key, asc, ascq;
	bool filemark, eom, ili;
	bool has_information;
	/*
	 * The residual of a command that transfers blocks, in blocks or, with
	 * FIXED 0, in bytes.  Negative: the block was longer than the transfer.
	 */
	int64_t information;
};

struct scsi_answer {
	enum scsi_outcome outcome;
	int error;         /* SCSI_NOT_SENT, SCSI_LOST: an errno, not 0 */
	uint8_t status;    /* SCSI_ANSWERED: enum scsi_status */
	uint16_t host;     /* SCSI_LOST: host byte of the kernel (DID_...) */
	uint32_t residual; /* bytes of `data_bytes` that were not transferred */
	bool has_residual; /* false: the transport drops residuals */
	struct scsi_sense sense;
	uint8_t raw[SCSI_SENSE_BYTES]; /* the sense data as received */
	uint8_t raw_bytes;             /* 0: no sense data */
	int64_t began_ns, done_ns;     /* by the clock of the port */
};

struct scsi_port;

struct scsi_port_ops {
	/* Sends the command, and waits for its answer. */
	void (*execute)(struct scsi_port *, const struct scsi_command *,
	    struct scsi_answer *);
	/* A clock that only goes forward.  Virtual in tests. */
	int64_t (*clock_ns)(struct scsi_port *);
	/*
	 * Sleeps.  Returns false if the program was asked to end: the caller
	 * then stops waiting.
	 */
	bool (*sleep_ns)(struct scsi_port *, int64_t ns);
	/*
	 * The command in progress, for messages about a device that does not
	 * answer: returns its age and stores its name; 0 and NULL without one.
	 * Any thread may call this function.
	 */
	int64_t (*waiting_ns)(const struct scsi_port *, const char **name);
	void (*close)(struct scsi_port *);
};

/*
 * A port.  An implementation puts this struct first in its own.  `watch`, if
 * not NULL, is called with each command and its answer, in the thread that
 * executes it: for evidence and traces.
 */
struct scsi_port {
	const struct scsi_port_ops *ops;
	/* For messages: the node, such as "/dev/sg3". */
	char name[64];
	void (*watch)(void *arg, const struct scsi_command *command,
	    const struct scsi_answer *answer);
	void *watch_arg;
};

/*
 * Executes the command, and calls `watch`.  Returns whether the device answered
 * with GOOD.
 */
bool scsi_execute(struct scsi_port *port, const struct scsi_command *command,
    struct scsi_answer *answer);

/* Decodes sense data as received.  All 0 if it is no sense data. */
void scsi_sense_decode(const uint8_t *raw, size_t raw_bytes,
    struct scsi_sense *sense);

/*
 * Writes a sentence about an answer that is not as it should be, such as
 * "WRITE(6): Medium Error, Write error (3/0C/00)".
 */
void scsi_answer_text(const struct scsi_command *command,
    const struct scsi_answer *answer, char *text, size_t text_bytes);

#endif
