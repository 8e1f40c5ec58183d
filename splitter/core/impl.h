/*
 * impl.h: shared by the files of the core only.
 *
 *   core.c     offsets: events, released bytes, invariants
 *   next.c     the steps that are requested
 *   done.c     the results of steps
 *   repeat.c   many equal steps at once
 *   failure.c  the meaning of each failure: table of causes, cut after PEOM
 */
#ifndef SPLITTER_CORE_IMPL_H
#define SPLITTER_CORE_IMPL_H

#include "splitter/core/core.h"

enum state {
	S_VOLUME,
	S_LABEL,
	S_HEADER,
	S_DATA,
	S_FINISH,
	S_VERIFY,
	S_REPORT,
	S_END_RECORD,
	S_CLOSE,
	S_ENDED
};

static inline uint64_t core_min(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t core_max(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* Round a number of bytes down and up to whole blocks. */
uint64_t core_round_down(const struct core *c, uint64_t n);
uint64_t core_round_up(const struct core *c, uint64_t n);

/* Returns whether an offset is at the end of a block or of the dump. */
bool core_whole(const struct core *c, uint64_t offset);

/*
 * Returns the end of the bytes that the buffer no longer needs, for any step in
 * progress.
 */
uint64_t core_unneeded(const struct core *c);

/* Records that the tape has taken n more bytes of the attempt. */
void core_take(struct core *c, uint64_t n);

/* Returns how many bytes of the part the attempt has not reached yet. */
uint64_t core_part_left(const struct core *c);

/* Asserts the invariants that can be checked in one state. */
void core_check(const struct core *c);

/* Requests that the loaded volume is closed, for this cause. */
void core_close_for(struct core *c, enum tape_cause cause);

/* Ends an attempt that has failed, before or at its filemark. */
void core_fail_attempt(struct core *c, enum tape_cause cause);

/* Closes a volume whose label or header could not be written. */
void core_fail_volume(struct core *c, enum tape_cause cause);

/*
 * Returns TAPE_HARDWARE_ERROR for an unknown error on the second volume in a
 * row, which is treated as a fault of the drive.  Otherwise returns the cause
 * itself.
 */
enum tape_cause core_judge_unknown(struct core *c, enum tape_cause cause);

/*
 * Returns S_VERIFY if the volume must be verified before `next`; otherwise
 * `next`.
 */
enum state core_verify_first(const struct core *c, enum state next);

/* Records which range of the dump the ended attempt had. */
void core_end_attempt(struct core *c);

/* Ends the dump, with an end record if a good tape is loaded. */
void core_conclude(struct core *c, enum splitter_outcome outcome,
    enum tape_cause why);

#endif
