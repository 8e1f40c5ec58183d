/*
 * step.h: the steps of a scenario that tells a story.
 *
 * A scenario without steps writes its dumps once.  One with steps has a library
 * that lives through all of them: each step is what a person does with it, or a
 * program that uses it.
 *
 * Invariants of steps that were read without error:
 *  1. Dumps are places in `dumps` of the scenario, volumes places in `volumes`,
 *     from 0.
 *  2. A dump is resumed, or read by name, only after a step that writes it.
 *  3. `expects[].place` is a place in the step's dumps, or their number: all of
 *     them together.
 */
#ifndef SIM_SCENARIO_STEP_H
#define SIM_SCENARIO_STEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/metrics/metrics.h"
#include "splitter/filter/fault.h"
#include "vtl/changer/changer.h"

struct scenario_fault;

/* The kinds of steps, in the order of scenario_step_kinds. */
enum scenario_step_does {
	/* programs */
	STEP_WRITE,
	STEP_APPEND,
	STEP_RESUME,
	STEP_LABEL,
	STEP_SCAN,
	STEP_READ,
	STEP_VERIFY,
	STEP_MEASURE,
	STEP_ERASE,
	/* what an operator does */
	STEP_MOVE,
	STEP_SWAP,
	STEP_TAKE_OUT,
	STEP_PUT_IN,
	STEP_PROTECT,
	STEP_UNPROTECT,
	STEP_WAIT,
	/* mistakes of an operator */
	STEP_EXCHANGE_LABELS,
	STEP_DUPLICATE,
	STEP_OVERWRITE,
	STEP_CLEANING,
	STEP_EXCHANGE_DRIVE
};

enum { SCENARIO_STEP_KINDS = STEP_EXCHANGE_DRIVE + 1 };

/* What a volume holds, if no dump of the scenario. */
enum scenario_holds {
	HOLDS_BLANK,
	HOLDS_SCRATCH, /* a label of tapelab, and nothing else */
	HOLDS_TAR,
	HOLDS_LTFS,
	HOLDS_AMANDA,
	HOLDS_BAREOS,
	HOLDS_BACULA,
	HOLDS_UNKNOWN, /* data of an unknown program */
	HOLDS_COUNT
};

/* Returns the words of enum scenario_holds, ended by NULL. */
const char *const *scenario_holds_words(void);

/* What interrupts a step that writes. */
enum scenario_interrupt_by {
	INTERRUPT_NOTHING,
	INTERRUPT_SIGKILL, /* the program dies; the drive keeps its buffer */
	INTERRUPT_POWER,   /* the machine and the drives lose power */
	INTERRUPT_PULL     /* the volume is pulled out of the drive */
};

/* Where: before a byte of the dump is written, or before an operation. */
struct scenario_interrupt {
	enum scenario_interrupt_by by;
	bool at_operation;
	uint64_t at_bytes;           /* offset in the dump */
	enum splitter_fault_at what; /* not a block */
	uint64_t nth;                /* from 1, in this step */
};

/* What a measure step measures; the order of the words in a file. */
enum scenario_measures {
	MEASURE_RATE,
	MEASURE_BLOCKS,
	MEASURE_FILEMARKS,
	MEASURE_POSITIONS,
	MEASURE_ENDS,
	MEASURE_SECOND_DRIVE /* only reads */
};

/* The compression of a drive that exists, while a step measures it. */
enum scenario_compression {
	COMPRESSION_AS_FOUND,
	COMPRESSION_OFF,
	COMPRESSION_ON
};

/* Places in a list of the scenario. */
struct scenario_places {
	size_t *list;
	size_t count;
};

/* A step.  Only the members that its kind uses have a meaning. */
struct scenario_step {
	enum scenario_step_does does;
	int line;
	bool prepares; /* writes what volumes hold when the scenario begins */
	struct scenario_places dumps;
	struct scenario_places volumes;   /* none: all */
	struct scenario_places overwrite; /* volumes that may be overwritten */
	struct scenario_places assumed;   /* volumes assumed to be present */
	struct scenario_interrupt interrupt;
	struct scenario_fault *faults; /* of its dumps */
	size_t faults_count;
	size_t volume, with; /* places from 1; 0: not given */
	unsigned address;    /* of an element; 0: not given */
	uint64_t part;       /* 0: all parts */
	bool salvage;
	bool whole; /* the long erase */
	enum scenario_holds holds;
	char barcode[33]; /* of a cleaning cartridge */
	size_t drive;     /* from 1 */
	const struct model *model;
	int64_t duration_ns;
	enum scenario_measures measures;
	uint64_t size_bytes;  /* what a measurement writes */
	uint64_t block_bytes; /* 0: that of the splitter */
	bool zeros;           /* it writes zeros */
	enum scenario_compression compression;
	struct metrics_expect *expects;
	size_t expects_count;
};

/* A kind of steps. */
struct scenario_step_kind {
	const char *word; /* value of the key `step` */
	const char *what; /* name in messages: "a write step" */
	const char *meaning, *detail;
};

extern const struct scenario_step_kind scenario_step_kinds[SCENARIO_STEP_KINDS];

/* Returns the words of all kinds, ended by NULL. */
const char *const *scenario_step_words(void);

/* The bit of a kind in a set of kinds. */
#define SCENARIO_STEP(does) ((uint32_t)1 << (does))

/* Returns whether a step of this kind writes dumps. */
bool scenario_step_writes(enum scenario_step_does does);

/* Frees what a step owns. */
void scenario_step_clear(struct scenario_step *step);

#endif
