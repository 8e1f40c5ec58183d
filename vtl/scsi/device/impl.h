/*
 * impl.h: what the files of the room share.  Each file calls only files listed
 * above it.
 *
 *     answer.c       how a command answers: data-in, sense data, residual
 *     opcodes.c      REPORT SUPPORTED OPERATION CODES
 *     transport_id.c TransportIDs
 *     reservation.c  who has reserved the unit, and what conflicts with that
 *     reserve.c      RESERVE, RELEASE
 *     persistent_in.c   PERSISTENT RESERVE IN
 *     persistent_change.c, persistent_register.c, persistent_out.c  and OUT:
 *                    persistent_impl.h
 *     timestamp.c    REPORT TIMESTAMP, SET TIMESTAMP
 *     common.c       the commands of every device
 *     device.c       devices, and the execution of commands
 */
#ifndef VTL_DEVICE_IMPL_H
#define VTL_DEVICE_IMPL_H

#include <pthread.h>

#include "vtl/scsi/device/reservation.h"
#include "vtl/scsi/device/row.h"

struct device_nexus {
	bool open, used;
	struct device_port port; /* of the last nexus with this number */
};

/* The timestamp was `value_ms` at the time `set_ns`. */
struct device_timestamp {
	uint64_t value_ms;
	int64_t set_ns;
	bool is_set; /* by an initiator */
};

struct device {
	pthread_mutex_t lock; /* of the unit: device.h */
	pthread_mutex_t nexus_lock;
	const struct device_type *type;
	void *unit;
	struct device_identity identity;
	/* all rows, by operation code and service action */
	const struct device_row **rows;
	size_t row_count;
	/*
	 * With `nexus_lock`.  The port of a nexus does not change while it has
	 * commands: they read their own without the lock.
	 */
	struct device_nexus nexus[DEVICE_NEXUSES];
	struct reservations reservations;
	struct device_timestamp timestamp;
	device_abort *abort;
	void *abort_arg;
	device_watch *watch;
	void *watch_arg;
	/* as the unit was when the device was unlocked last */
	atomic_bool descriptors, holds_medium;
	device_visitor *visitor;
	void *visitor_arg;
	atomic_bool asked; /* for a visit that is still to come */
	uint64_t executed; /* commands and resets, with `lock` */
	/*
	 * struct device_progress: number, nexus (8 bits; DEVICE_NEXUSES: a reset),
	 * opcode (8 bits)
	 */
	atomic_uint_least64_t progress;
};

/* answer.c */

/* Begins an answer: GOOD, without data. */
void device_answer_init(struct device_answer *answer, int64_t now_ns);

/* Sets residual and the bytes of the sense data. */
void device_answer_finish(struct device_call *call, bool descriptors);

/* Ends the call with 5/20/00, invalid operation code. */
void device_fail_opcode(struct device_call *call);

/* Ends the call with RESERVATION CONFLICT. */
void device_conflict(struct device_call *call);

/* reserve.c, persistent_in.c, persistent_out.c */

extern const struct device_rows device_reserve_rows;
extern const struct device_rows device_persistent_in_rows;
extern const struct device_rows device_persistent_out_rows;

/* timestamp.c */

extern const struct device_rows device_timestamp_rows;

/* common.c */

extern const struct device_rows device_common_rows;

#endif
