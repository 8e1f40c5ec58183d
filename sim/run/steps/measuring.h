/*
 * measuring.h: the step that measures a drive: rates, block sizes, filemarks,
 * the mechanism, the ends of the tape.
 *
 *     locate file 1 -> header block -> blocks -> filemark -> ...
 *
 * The data is a pattern (pattern.h), which is read back and compared.
 *
 * Invariants:
 *  1. Only a volume is written that has a label of tapelab with the barcode of
 *     the step, and only after that label.
 *  2. Times are those of the tape: `done_ns` of its operations.  So the same
 *     step measures a model in virtual time, and a drive by the clock.
 *  3. After the first error nothing more is written.
 *
 * Private to this room.
 */
#ifndef SIM_STEPS_MEASURING_H
#define SIM_STEPS_MEASURING_H

#include "sim/run/steps/device.h"
#include "sim/run/steps/program.h"
#include "sim/run/steps/pattern.h"
#include "sim/run/steps/step_tapes.h"

/* A step that measures. */
struct measuring {
	const struct scenario_step *step;
	const struct model *model; /* of the drive; NULL: not known */
	struct program_outcome *to;
	struct tapes *tapes; /* open */
	struct tape *tape;   /* loaded; or NULL */
	const char *barcode;
	uint64_t block_bytes;
	struct pattern *pattern;
	bool real;
	const struct story_device *device; /* has the volume; or NULL */
	int64_t now_ns; /* when the last operation was complete */
	uint64_t file;  /* number of the file that is written */
	struct tape_result result;
	bool failed; /* `to` says why */
};

/* measuring.c */

/* The step failed.  The first reason counts. */
void measuring_fail(struct measuring *m, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Sets `now_ns` after an operation. */
void measuring_take_time(struct measuring *m);

/*
 * Takes the result of an operation, `doing` of which is in messages.  Returns
 * whether it is TAPE_OK; otherwise the step failed.
 */
bool measuring_done(struct measuring *m, const char *doing);

/* These functions return whether the operation was carried out. */
bool measuring_locate(struct measuring *m, uint64_t file);
bool measuring_begin_file(struct measuring *m, uint64_t file);
bool measuring_filemark(struct measuring *m, bool sync);

/*
 * Writes blocks of the pattern from `offset` on.  Ends at LEOM or PEOM, which is
 * no failure.  Returns how many bytes were written.
 */
uint64_t measuring_write(struct measuring *m, uint64_t offset, uint64_t bytes,
    uint64_t block_bytes);

/*
 * Reads blocks back, and compares them.  Returns whether all are the same;
 * otherwise the step failed.
 */
bool measuring_read(struct measuring *m, uint64_t offset, uint64_t bytes,
    uint64_t block_bytes);

/* Reads the header of a file.  Returns whether it is that of this file. */
bool measuring_read_header(struct measuring *m, uint64_t file);

/* Load and unload the volume of the step. */
bool measuring_load(struct measuring *m);
void measuring_unload(struct measuring *m);

/* Sets a metric of the step, in its unit. */
void measuring_set(struct measuring *m, enum metrics_id id, double value);

/* Returns the bytes of a wrap of the volume; 0: not known. */
uint64_t measuring_wrap_bytes(const struct measuring *m);

/* measuring_rate.c */
void measuring_rate(struct measuring *m);
void measuring_second_drive(struct measuring *m);

/* measuring_kinds.c */
void measuring_blocks(struct measuring *m);
void measuring_filemarks(struct measuring *m);
void measuring_positions(struct measuring *m);
void measuring_ends(struct measuring *m);

#endif
