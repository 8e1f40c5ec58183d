/*
 * fault.h: how a drive fails.
 *
 * A fault applies to an operation of the drive: the Nth, every Nth, one after
 * an amount of data, one at or after a time, one in N at random, or one on an
 * extent of the medium.  Operations are counted from when the drive was made;
 * of writing and reading, blocks are counted.  A block that does not fit on the
 * volume is not counted.
 *
 *     FAIL      fails with the sense data, and nothing is done.  Deferred: the
 *               block is acknowledged and never on tape.  With a recovered
 *               error the operation is carried out.
 *     HANG      takes its duration, or the time-out of the host; then the host
 *               resets the drive
 *     RESET     6/29/00: the buffer and the position are lost
 *     CORRUPT   another block goes on tape than was written
 *     SLOW      takes longer, by a factor
 *     MOVE      writes the buffer and moves the tape to another position before
 *               the operation, without a report; then the operation is done
 *     SILENT_RESET  moves to BOT likewise, and the buffer is lost: a reset that
 *               was reported to another initiator
 *
 * Random numbers come from the seed, the number of the fault in the list (or
 * its id, if it has one) and the number of the operation, so that other faults
 * do not change them.
 */
#ifndef VTL_DRIVE_FAULT_H
#define VTL_DRIVE_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "vtl/base/sense.h"
#include "vtl/volume/volume.h"

enum drive_op {
	DRIVE_LOAD,
	DRIVE_UNLOAD,
	DRIVE_REWIND,
	DRIVE_LOCATE,
	DRIVE_SPACE,
	DRIVE_READ,
	DRIVE_WRITE,
	DRIVE_FILEMARK,
	DRIVE_ERASE,
	DRIVE_OPS
};

enum drive_fault_mode {
	DRIVE_FAULT_FAIL,
	DRIVE_FAULT_HANG,
	DRIVE_FAULT_RESET,
	DRIVE_FAULT_CORRUPT,
	DRIVE_FAULT_SLOW,
	DRIVE_FAULT_MOVE,
	DRIVE_FAULT_SILENT_RESET,
	DRIVE_FAULT_MODES
};

/* One of the members from `nth` to `end_byte` is set: when it applies. */
struct drive_fault {
	int64_t id;                    /* in the library; 0: not stored */
	uint64_t nth;                  /* operation, from 1 */
	uint64_t every;                /* operation of this many, from 1 */
	uint64_t after_bytes;          /* of blocks of that operation */
	int64_t after_ns;              /* at this time or later */
	uint64_t one_in;               /* at random */
	uint64_t begin_byte, end_byte; /* an extent of the medium */
	enum drive_op op;
	enum drive_fault_mode mode;
	struct sense sense;  /* FAIL */
	bool deferred;       /* FAIL, only of writes */
	bool once;           /* else also all later ones; not SLOW */
	uint64_t slowdown;   /* SLOW: factor of the time */
	int64_t duration_ns; /* HANG; 0: drive_host_timeout_ns() */
	uint64_t to_object;  /* MOVE: to before this object; not of READ */
	char barcode[VOLUME_BARCODE_BYTES]; /* only on it; "": on any */
};

/* The names of operations and of modes, in their order, ended by NULL. */
const char *const *drive_op_names(void);
const char *const *drive_fault_mode_names(void);

/*
 * The time-out of a host, as one driver of an LTO-8 drive has it: write and
 * read 1500 s, filemarks 1620 s, locate and space 2880 s, rewind and unload
 * 600 s, load 960 s, erase 18000 s.
 */
int64_t drive_host_timeout_ns(enum drive_op op);

/*
 * Spends a fault of `once` that several processes share: marks it, and returns
 * whether it was spent before.  Then it does not apply; if that cannot be
 * known, it does.
 */
enum drive_spent { DRIVE_SPENT_NOW, DRIVE_SPENT_BEFORE, DRIVE_SPENT_UNKNOWN };

typedef enum drive_spent drive_spend(void *arg, int64_t id);

struct drive_faults {
	struct drive_faults_entry {
		struct drive_fault fault;
		bool spent;
	} * list;
	size_t count;
	uint64_t seed;
	uint64_t ops[DRIVE_OPS], bytes[DRIVE_OPS]; /* so far */
	drive_spend *spend; /* NULL: the faults are not shared */
	void *spend_arg;
};

/* An operation on bytes of the medium, begin <= end. */
struct drive_access {
	enum drive_op op;
	uint64_t bytes; /* of the block */
	uint64_t begin_byte, end_byte;
	int64_t now_ns;
	const char *barcode;
};

/* Adds a fault.  0; -1: no memory. */
int drive_faults_add(struct drive_faults *faults,
    const struct drive_fault *fault);

/* Frees the list. */
void drive_faults_clear(struct drive_faults *faults);

/* Counts an operation, and returns the fault that applies to it, or NULL. */
const struct drive_fault *drive_faults_match(struct drive_faults *faults,
    const struct drive_access *access);

/* The factor of the time that the operation takes; counts nothing. */
uint64_t drive_faults_slowdown(const struct drive_faults *faults,
    const struct drive_access *access);

#endif
