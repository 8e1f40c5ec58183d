/*
 * drive_fault.h: how a drive fails.
 *
 * A fault strikes an operation of the drive: the Nth, every Nth, one that comes
 * after so many bytes, one at or after a time, one in so many by chance, or one
 * that touches a stretch of the medium.  Operations are counted from when the
 * fault's drive was made, blocks for writing and reading; a block that does
 * not fit on the volume is not counted.
 *
 *     FAIL      answered with its sense data, and nothing is done; a deferred
 *               one acknowledges a block that is never on tape.  Where the
 *               sense data is RECOVERED, the operation is done.
 *     HANG      takes its time, or what a host waits for at most, and then the
 *               host resets the drive
 *     RESET     6/29/00: the buffer is lost, and so is the position
 *     CORRUPT   what goes on tape is not what was written
 *     SLOW      takes so many times as long
 *     MOVE      before the operation, which is done, the tape moves to another
 *               place, and nothing reports it; what is buffered is written
 *               first
 *     SILENT_RESET  the same, to BOT, and what is buffered is lost: a reset
 *               that was reported to another initiator
 *
 * Chance is drawn from the seed, the place of the fault in the list (or its id,
 * if it has one) and the number of the operation, so that other faults change
 * nothing.
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

/* The one that is set, of nth to end_byte, says when it strikes. */
struct drive_fault {
	int64_t id;           /* where it is kept; 0: nowhere but here */
	uint64_t nth;         /* from 1 */
	uint64_t every;       /* so many; from 1 */
	uint64_t after_bytes; /* of blocks of that operation */
	int64_t after_ns;
	uint64_t one_in;               /* by chance */
	uint64_t begin_byte, end_byte; /* of the medium */
	enum drive_op op;
	enum drive_fault_mode mode;
	struct sense sense;  /* FAIL */
	bool deferred;       /* FAIL, of writes */
	bool once;           /* else all later ones too; not SLOW */
	uint64_t slowdown;   /* SLOW: so many times as long */
	int64_t duration_ns; /* HANG; 0: what a host waits for */
	uint64_t to_object;  /* MOVE: behind so many objects; not READ */
	char barcode[VOLUME_BARCODE_BYTES]; /* "": whatever volume */
};

/* What operations and ways of failing are called, ended by NULL. */
const char *const *drive_op_names(void);
const char *const *drive_fault_mode_names(void);

/*
 * What a host waits for at most, as one driver of an LTO-8 drive does: writes
 * and reads 1500 s, filemarks 1620 s, locate and space 2880 s, rewind and
 * unload 600 s, load 960 s, erase 18000 s.
 */
int64_t drive_host_timeout_ns(enum drive_op op);

/*
 * Marks a fault as spent that strikes once and that others may meet too.  Only
 * one that is SPENT_BEFORE does not strike: where nobody can say, it does.
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
	drive_spend *spend; /* NULL: nobody else meets them */
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

/* 0, or -1 without memory. */
int drive_faults_add(struct drive_faults *faults,
    const struct drive_fault *fault);

/* Frees the list. */
void drive_faults_clear(struct drive_faults *faults);

/* Counts an operation; the fault that strikes it, or NULL. */
const struct drive_fault *drive_faults_match(struct drive_faults *faults,
    const struct drive_access *touch);

/* So many times as long does it take; counts nothing. */
uint64_t drive_faults_slowdown(const struct drive_faults *faults,
    const struct drive_access *touch);

#endif
