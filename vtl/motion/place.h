/*
 * place.h: where a byte lies on a tape, and the time to get there.
 *
 * A tape is wraps, one after another, alternately towards its end and back
 * (struct model_medium).  A move along the tape takes a start and a time in
 * proportion to the distance along it; a move to another wrap, another band,
 * or a wrap of the other direction takes more.  These are the terms of CERN's
 * regression over 150 LTO-7 tapes, without those whose meaning was not
 * published ("step back", "landing zone change").
 *
 * A byte is one on the medium, after compression, from 0.  A byte beyond the
 * last wrap is at its end.
 *
 * Invariants:
 *  1. No move takes no time.
 *  2. A move takes as long as the move back.
 *  3. Within a wrap, a longer move takes no less time.
 *  4. No move takes longer than the length and all terms together.
 */
#ifndef VTL_PLACE_H
#define VTL_PLACE_H

#include <stdint.h>

#include "vtl/model/model.h"

struct place {
	uint32_t wrap;
	uint32_t band;
	uint64_t along;  /* the distance from the beginning of the tape */
	uint64_t length; /* of the tape, in the same unit; > 0 */
};

struct place place_of(const struct model_medium *medium, uint64_t byte);

/* The time of a locate or a space. */
int64_t place_locate_ns(const struct model_medium *medium, uint64_t from_byte,
    uint64_t to_byte);

/* The time of a rewind; 0 from byte 0. */
int64_t place_rewind_ns(const struct model_medium *medium, uint64_t from_byte);

/*
 * The time of the rewind of an unload.  `used_bytes` is what was read and
 * written since the load.  Some drives wind the tape to its end and back after
 * a longer use, wherever it stands (struct model).  Without any use, a tape at
 * its beginning stays there.
 */
int64_t place_unload_rewind_ns(const struct model *model,
    const struct model_medium *medium, uint64_t from_byte, uint64_t used_bytes);

#endif
