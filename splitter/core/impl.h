/*
 * impl.h: shared by the files of the core only.
 *
 *   core.c     offsets: events, released bytes, invariants
 *   next.c     the steps that are requested
 *   done.c     the results of steps
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

/* Down and up to a whole block. */
uint64_t core_round_down(const struct core *c, uint64_t n);
uint64_t core_round_up(const struct core *c, uint64_t n);

/* Whether an offset is at the end of a block, or of the dump. */
bool core_whole(const struct core *c, uint64_t offset);

/*
 * The end of the bytes that the buffer no longer needs, for any step in
 * progress.
 */
uint64_t core_unneeded(const struct core *c);

/* The tape has taken n more bytes of the attempt. */
void core_take(struct core *c, uint64_t n);

/* The bytes of the part that the attempt has not reached yet. */
uint64_t core_part_left(const struct core *c);

/* Asserts the invariants that can be checked in one state. */
void core_check(const struct core *c);

/* The loaded volume must be closed, for this cause. */
void core_close_for(struct core *c, enum tape_cause cause);

/* The attempt has failed, before or at its filemark. */
void core_fail_attempt(struct core *c, enum tape_cause cause);

/* A label or header could not be written: the volume is closed. */
void core_fail_volume(struct core *c, enum tape_cause cause);

/*
 * TAPE_HARDWARE_ERROR for an unknown error on the second volume in a row: that
 * counts against the drive.  Otherwise the cause itself.
 */
enum tape_cause core_judge_unknown(struct core *c, enum tape_cause cause);

/* S_VERIFY if the volume must be verified before `next`; otherwise `next`. */
enum state core_verify_first(const struct core *c, enum state next);

/* Sets the range of the dump that the ended attempt had. */
void core_end_attempt(struct core *c);

/* The dump ends: with an end record if there is a good tape. */
void core_conclude(struct core *c, enum splitter_outcome outcome,
    enum tape_cause why);

#endif
