/*
 * core_impl.h: what the files of the core share and nobody else includes.
 *
 *   core.c        offsets: what may be told, what is released, invariants
 *   core_next.c   the steps that are asked for
 *   core_done.c   what comes of their answers
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

/* Up to where the buffer is not needed any more, whatever step is out. */
uint64_t core_unneeded(const struct core *c);

/* The tape has taken n more bytes of the attempt. */
void core_take(struct core *c, uint64_t n);

/* The bytes of the part that the attempt has not reached yet. */
uint64_t core_part_left(const struct core *c);

/* Asserts the invariants that can be seen from one state. */
void core_check(const struct core *c);

/* The volume that is loaded is to be given back, for this cause. */
void core_close_for(struct core *c, enum tape_cause cause);

/* The attempt has failed, before or at its filemark. */
void core_fail_attempt(struct core *c, enum tape_cause cause);

/* The dump ends here: sealed, if there is a good tape to do it on. */
void core_conclude(struct core *c, enum splitter_outcome outcome,
    enum tape_cause why);

#endif
