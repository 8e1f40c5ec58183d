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
 *     SILENT_RESET  moves to BOT without a report, and the buffer is lost: a
 *               reset that was reported to another initiator
 *
 * Random numbers come from the seed, the number of the fault in the list (or
 * its id, if it has one) and the number of the operation, so that other faults
 * do not change them.
 *
 * A fault that is added later counts the operations since then.
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

/* A fault.  Exactly one of the conditions from `nth` to `end_byte` is set. */
struct drive_fault {
	int64_t id;     /* id in the library; 0: not stored */
	size_t tag;     /* number that the owner of the drive gave it; or 0 */
	uint64_t nth;   /* number of the operation, from 1 */
	uint64_t every; /* every Nth operation */
	uint64_t after_bytes; /* after this many bytes of such operations */
	int64_t after_ns;     /* at this time or later */
	uint64_t one_in;      /* probability 1 in N */
	uint64_t begin_byte, end_byte; /* an extent of the medium */
	enum drive_op op;
	enum drive_fault_mode mode;
	struct sense sense; /* FAIL */
	bool deferred;      /* FAIL, only of writes */
	bool once;         /* false: also all later operations; not with SLOW */
	uint64_t slowdown; /* SLOW: takes this many times longer */
	int64_t duration_ns; /* HANG; 0: drive_host_timeout_ns() */
	/* MOVE: object before which the tape stops; not with READ */
	uint64_t to_object;
	/* only on this volume; "": on any */
	char barcode[VOLUME_BARCODE_BYTES];
};

/*
 * Return the names of operations and of modes, in the order of their enums.
 * NULL ends the list.
 */
const char *const *drive_op_names(void);
const char *const *drive_fault_mode_names(void);

/*
 * Returns the time-out of a host.  The values are those of one driver for an
 * LTO-8 drive: write and read 1500 s, filemarks 1620 s, locate and space 2880
 * s, rewind and unload 600 s, load 960 s, erase 18000 s.
 */
int64_t drive_host_timeout_ns(enum drive_op op);

/*
 * A strike: a fault of the drive, or a defect of the volume in it, applies.
 * Exactly one of `fault` and `defect` is set; both are valid until the watcher
 * returns.  A defect strikes when a block over it fails, is recovered, is
 * stored corrupted, or takes longer; of several defects that fail one read, the
 * worst one strikes.
 */
struct drive_strike {
	const struct drive_fault *fault;
	const struct volume_defect *defect;
	size_t index; /* of the fault, in the order in which they were added */
	const char *barcode;  /* of the volume */
	uint64_t medium_byte; /* where the medium was, from BOT */
	int64_t now_ns;
};

/*
 * The result of a strike of a fault that several processes share.  A fault with
 * `once` that was spent before does not apply; if this is unknown, the fault
 * applies.  A defect always applies.
 */
enum drive_struck { DRIVE_STRUCK, DRIVE_SPENT_BEFORE, DRIVE_STRUCK_UNKNOWN };

typedef enum drive_struck drive_watch_strike(void *arg,
    const struct drive_strike *strike);

struct drive_faults {
	struct drive_faults_entry {
		struct drive_fault fault;
		bool spent;
		/* number and size of the operations before it was added */
		uint64_t ops, bytes;
	} * list;
	size_t count;
	uint64_t seed;
	/* number and size of the operations so far */
	uint64_t ops[DRIVE_OPS], bytes[DRIVE_OPS];
	/* Called before a fault or a defect applies.  NULL: not watched. */
	drive_watch_strike *strike;
	void *strike_arg;
};

/*
 * An operation on the bytes begin_byte to end_byte of the medium, begin_byte <=
 * end_byte.
 */
struct drive_access {
	enum drive_op op;
	uint64_t bytes; /* size of the block */
	uint64_t begin_byte, end_byte;
	int64_t now_ns;
	const char *barcode;
};

/* Adds a fault.  Returns 0, or -1 if there is no memory. */
int drive_faults_add(struct drive_faults *faults,
    const struct drive_fault *fault);

/* Removes the faults with this id. */
void drive_faults_remove(struct drive_faults *faults, int64_t id);

/* Frees the list. */
void drive_faults_clear(struct drive_faults *faults);

/* Counts an operation, and returns the fault that applies to it, or NULL. */
const struct drive_fault *drive_faults_match(struct drive_faults *faults,
    const struct drive_access *access);

/*
 * Returns by what factor faults slow down the operation that was counted last.
 */
uint64_t drive_faults_slowdown(struct drive_faults *faults,
    const struct drive_access *access);

#endif
