/*
 * device.h: the device server of a logical unit (SAM-5): executes a SCSI
 * command given as bytes, and answers with bytes.
 *
 * A device is a drive or the changer of a library.  Its type has a table of
 * commands (row.h), which is also what REPORT SUPPORTED OPERATION CODES
 * reports.  A transport (vtl/iscsi) brings the commands.
 *
 * Invariants:
 *
 *  1. A command is checked in this order: a unit attention of its nexus, but
 *     not for INQUIRY, REPORT LUNS and REQUEST SENSE; a reservation of another
 *     nexus; its operation code (5/20/00), service action and control byte
 *     (5/24/00); then the command itself checks readiness and parameters.
 *  2. Data-in is never longer than the room, nor than the allocation length.
 *     Length fields in the data tell the full length.
 *  3. `residual` is the expected length minus what the command transfers
 *     without the limit of the expected length: positive is an underflow,
 *     negative an overflow.
 *  4. A command that moves blocks, and for which the expected length is too
 *     short, is refused with 5/0E/03 before the medium moves.
 *  5. Bits 7 to 5 of byte 1 of 6-byte commands and of the changer's commands
 *     are ignored, unless the command evaluates them: Linux ch and mtx write
 *     the LUN there, as SCSI-2 had it.
 *
 * Any thread may call each function.  No function sleeps: the answer says when
 * the command is complete.
 *
 * Locks.  A command can take real time: a disk that is slow to synchronise,
 * gigabytes to verify.  So there are two kinds of state:
 *
 *     the unit and its medium, persistent     the lock of the device, held
 *     reservations, timestamp                 during a command: it is atomic
 *     nexuses, unit attentions, prevention,   a lock that is only held for a
 *     the reservation by RESERVE, and what    moment, or none (nexus.h)
 *     device_holds_medium() returns
 *
 * INQUIRY, REPORT LUNS, device_nexus_open(), device_nexus_quiet(),
 * device_nexus_lost(), device_commands_cleared(), device_establish(),
 * device_holds_medium(), device_get_progress() and device_visit() use only the
 * second kind: they never wait for a command.  Nor does REQUEST SENSE: without the
 * lock it reports what it does during another command, unit attentions or NO
 * SENSE.  All others wait for the lock.
 */
#ifndef VTL_DEVICE_H
#define VTL_DEVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/scsi/nexus.h"
#include "vtl/scsi/scsi.h"

enum {
	DEVICE_NEXUSES = SCSI_NEXUSES,
	/* most bytes of data-in or data-out of a command */
	DEVICE_DATA_MAX = 16 * 1024 * 1024,
	DEVICE_NAME_BYTES = 224, /* of an iSCSI name, with its end */
	DEVICE_CDB_BYTES = 16
};

enum device_status {
	DEVICE_GOOD = 0x00,
	DEVICE_CHECK_CONDITION = 0x02,
	DEVICE_BUSY = 0x08,
	DEVICE_RESERVATION_CONFLICT = 0x18,
	DEVICE_TASK_SET_FULL = 0x28,
	DEVICE_TASK_ABORTED = 0x40
};

/* What INQUIRY and its pages report.  Texts without blanks at their end. */
struct device_identity {
	uint8_t type; /* peripheral device type: 01h drive, 08h changer */
	char vendor[8 + 1], product[16 + 1], revision[4 + 1];
	char serial[10 + 1];
	uint64_t naa; /* of the logical unit */
	/* a drive of a library: its changer, and where it is; 0: in none */
	char changer_serial[10 + 1];
	uint16_t element_address;
};

/* The ports of a nexus.  RFC 7143: names; the ISID of the initiator's port. */
struct device_port {
	char initiator[DEVICE_NAME_BYTES];
	uint8_t isid[6];
	char target[DEVICE_NAME_BYTES];
};

struct device_command {
	unsigned nexus;                /* < DEVICE_NEXUSES */
	uint8_t cdb[DEVICE_CDB_BYTES]; /* shorter ones end with zeros */
	uint32_t expected;             /* expected data transfer length */
	const void *out; /* data-out, complete; valid during the call */
	uint32_t out_bytes;
	/* the block (block_pool.h) that begins at `out`; NULL: `out` is in none */
	void *out_block;
	void *in; /* room for data-in */
	uint32_t in_room;
	/* The LUNs of the target, for REPORT LUNS, ascending. */
	const uint16_t *luns;
	size_t lun_count;
	/* Another command of the device is in progress. */
	bool beside;
	/*
	 * Becomes true when the answer is not needed any more: a long command
	 * then ends at the next block, with B/00/06.  NULL: it never does.
	 */
	const atomic_bool *ended;
};

struct device_answer {
	enum device_status status;
	uint8_t sense[SCSI_SENSE_BYTES];
	size_t sense_bytes;        /* 0 without CHECK CONDITION */
	struct scsi_sense decoded; /* the same sense data */
	uint32_t in_bytes;         /* data-in that was stored */
	int64_t residual;          /* see invariant 3 */
	int64_t done_ns;           /* >= now_ns: when it is complete */
};

struct device;

/*
 * Called at the end of each command, with the device locked; for a command of
 * device_runs_beside() without: it may not use the unit.
 */
typedef void device_watch(void *arg, const struct device_command *command,
    const struct device_answer *answer);

/*
 * Called by PREEMPT AND ABORT with the device locked: the transport must end
 * the other commands of these nexuses (bit N: nexus N).  They have a unit
 * attention.
 */
typedef void device_abort(void *arg, uint64_t nexuses);

/* Frees the device, not what it works on.  NULL is allowed. */
void device_free(struct device *device);

const struct device_identity *device_identity(const struct device *device);

/* Called by device_visit(), with the device locked. */
typedef void device_visitor(void *arg);

/*
 * Sets the function that each command calls at its end; NULL: none.  No command
 * is executed meanwhile.
 */
void device_set_watch(struct device *device, device_watch *watch, void *arg);

/* Sets the function that ends commands; NULL: nothing. */
void device_set_abort(struct device *device, device_abort *abort, void *arg);

/*
 * Executes a command that begins at `now_ns` of the model clock of the device.
 * The data-out is not changed.
 */
void device_execute(struct device *device, const struct device_command *command,
    int64_t now_ns, struct device_answer *answer);

/*
 * Answers a command for a LUN that the target has not: INQUIRY and REQUEST
 * SENSE as SPC-4 says, REPORT LUNS as every LUN does, else 5/25/00.  So it is
 * answered at LUN 0, which an initiator may not be allowed to use, and at the
 * well-known LUN C1 01 for it, which is not a logical unit here.
 */
void device_execute_without_unit(const struct device_command *command,
    struct device_answer *answer);

/*
 * Returns whether this command may run during another one of the same device:
 * INQUIRY, REPORT LUNS, REQUEST SENSE.
 */
bool device_runs_beside(const uint8_t cdb[DEVICE_CDB_BYTES]);

/*
 * Executes a command that ends without a wait for a disk or for another command.
 * Returns false, and does nothing, if it is not sure that this one does, or if
 * the device is locked.
 */
bool device_execute_quickly(struct device *device,
    const struct device_command *command, int64_t now_ns,
    struct device_answer *answer);

/*
 * A nexus begins.  If the last nexus between these two ports was lost, its
 * unit attention is 29/07, otherwise 29/00.
 */
void device_nexus_open(struct device *device, unsigned nexus,
    const struct device_port *port);

/*
 * Removes the unit attentions of a nexus that has just begun: its initiator
 * knows nothing of an earlier one.
 */
void device_nexus_quiet(struct device *device, unsigned nexus);

/*
 * A nexus ends, by logout or because its connection is lost: its SPC-2
 * reservation and its prevention of removal end.  The transport has ended its
 * commands.
 */
void device_nexus_lost(struct device *device, unsigned nexus);

/*
 * Resets the logical unit: modes return to their defaults, the SPC-2
 * reservation and the preventions end, a drive writes its buffer and is at BOP.
 * Each nexus gets 29/03.  The transport has ended all commands.
 */
void device_reset(struct device *device, int64_t now_ns);

/*
 * Commands of these nexuses (bit N: nexus N) were cleared by another one
 * (SAM-5): they get 2F/00.
 */
void device_commands_cleared(struct device *device, uint64_t nexuses);

/* Establishes a unit attention for every nexus except `except`. */
void device_establish(struct device *device, enum scsi_attention attention,
    unsigned except);

/*
 * Returns whether the unit holds a medium, which is not unloaded: before the
 * command that is in progress.
 */
bool device_holds_medium(struct device *device);

/* The command, or the reset, that has the device locked. */
struct device_progress {
	uint64_t number; /* of all of the device, from 1; 0: neither has */
	bool resets;
	unsigned nexus; /* of the command */
	uint8_t opcode;
};

void device_get_progress(const struct device *device,
    struct device_progress *progress);

/*
 * Locks the device, so that its unit can be used directly, such as by the
 * robot.  device_trylock() returns false, without the lock, if another thread
 * has it.
 */
void device_lock(struct device *device);
bool device_trylock(struct device *device);
void device_unlock(struct device *device);

/* Sets the function that device_visit() calls; NULL: none. */
void device_set_visitor(struct device *device, device_visitor *visitor,
    void *arg);

/*
 * The visitor is called: at once if the device is not locked, else by the thread
 * that locks it next, before it does anything else, or by the one that has it
 * locked now, when it has unlocked it.  So no command begins between this call and
 * the visit.  Several calls may become one visit.  Never waits for a command.
 */
void device_visit(struct device *device);

#endif
