/*
 * soak_shrink.h: cases that are each a little smaller than one.
 *
 * They are tried in their order, so what leaves out most comes first.
 */
#ifndef SIM_TESTS_SOAK_SHRINK_H
#define SIM_TESTS_SOAK_SHRINK_H

#include "sim/tests/soak_judge.h"

enum { SOAK_CANDIDATES = 400 };

struct smaller {
	const struct soak_case *of;
	struct soak_case list[SOAK_CANDIDATES];
	size_t count;
};

/* The next candidate, to be changed; what was tried before came first. */
struct soak_case *smaller_try(struct smaller *s);

/* Sizes that are smaller than this one, the smallest first; their number. */
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

/* What can be left out of a hard case, and of the faults of one. */
void smaller_hard(struct smaller *s);

#endif
