/*
 * soak_shrink.h: candidates that are each a little simpler than a case.
 *
 * They are tried in order, so the largest simplifications come first.
 */
#ifndef SIM_TESTS_SOAK_SHRINK_H
#define SIM_TESTS_SOAK_SHRINK_H

#include "sim/tests/soak/soak_judge.h"

enum { SOAK_CANDIDATES = 400 };

struct smaller {
	const struct soak_case *of;
	struct soak_case list[SOAK_CANDIDATES];
	size_t count;
};

/*
 * Adds a candidate, to be changed by the caller; it is tried after those before
 * it.
 */
struct soak_case *smaller_try(struct smaller *s);

/*
 * Writes sizes smaller than this one, the smallest first; returns their number.
 */
size_t smaller_sizes(uint64_t n, uint64_t block, uint64_t sizes[4]);

#define SMALLER_SIZES(s, member, block)                                        \
	do {                                                                   \
		uint64_t sizes_[4];                                            \
		size_t i_, n_ = smaller_sizes((s)->of->member, block, sizes_); \
                                                                               \
		for (i_ = 0; i_ < n_; i_++)                                    \
			smaller_try(s)->member = sizes_[i_];                   \
	} while (0)

#define PLAIN(s, member, value)                           \
	do {                                              \
		if ((s)->of->member != (value))           \
			smaller_try(s)->member = (value); \
	} while (0)

/* Add the simplifications of a hard case, and of one of its faults. */
void smaller_hard(struct smaller *s);

#endif
