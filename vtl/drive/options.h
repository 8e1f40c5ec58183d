/*
 * drive_options.h: what drives of one model may differ in, and what is set.
 *
 * All 0 is a drive that is as good as its model: it warns in time, counts
 * right, writes each block before it answers, and does not compress.
 */
#ifndef VTL_DRIVE_OPTIONS_H
#define VTL_DRIVE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "vtl/drive/extent_fit.h"

/* How it counts at the end of a medium. */
enum drive_residual {
	DRIVE_RESIDUAL_EXACT,
	/* A block of those that it says it has taken is not on tape. */
	DRIVE_RESIDUAL_OVER,
	/* One is that it says it has not taken. */
	DRIVE_RESIDUAL_UNDER
};

struct drive_options {
	bool no_early_warning;               /* whatever the volume is */
	uint64_t early_warning_delay_blocks; /* that the warning comes late */
	uint64_t pews_bytes; /* before the early warning; 0: none */
	enum drive_residual residual;
	bool buffered;         /* see drive_buffer.c */
	bool holds_buffer;     /* what is buffered, as long as it can:
					 * a medium that takes no time */
	uint64_t buffer_bytes; /* 0: as the model has */
	struct extent_fit_layout layout;
	bool zlib;                      /* a block takes what zlib makes of it;
					 * the ratio of the layout is 0 */
	uint64_t ratio_spread_permille; /* so much more, by volume, at most */
	uint64_t capacity_permille;     /* of that of the volume; 0 is 1000 */
	uint64_t capacity_spread_permille; /* as above */
	uint64_t seed;                   /* of those, and of faults by chance */
	uint64_t session;                /* others by chance in each; 0: one */
	uint64_t clean_after_loads;      /* it asks to be cleaned; 0: never */
	uint64_t volume_life_loads;      /* of a volume, on a bus; 0: no end */
	int64_t media_initialization_ns; /* of an empty volume, in addition */
};

#endif
