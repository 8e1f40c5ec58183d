/*
 * options.h: the options of a drive, in which drives of one model may differ.
 *
 * With all options 0, the drive reports the early warning in time, reports
 * exact residuals, writes each block before it acknowledges it, and does not
 * compress.
 */
#ifndef VTL_DRIVE_OPTIONS_H
#define VTL_DRIVE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "vtl/drive/extent_fit.h"

/* What the drive counts as written at the end of the medium. */
enum drive_residual {
	DRIVE_RESIDUAL_EXACT,
	DRIVE_RESIDUAL_OVER, /* one block more than is on tape */
	DRIVE_RESIDUAL_UNDER /* one block less */
};

struct drive_options {
	bool no_early_warning; /* for no volume */
	uint64_t early_warning_delay_blocks;
	uint64_t pews_bytes; /* programmable early warning, before the
				* early warning; 0: none */
	enum drive_residual residual;
	bool buffered; /* acknowledges blocks in its buffer */
	/* Keeps blocks in the buffer as long as it can: the medium takes no
	 * time. */
	bool holds_buffer;
	uint64_t buffer_bytes; /* 0: as the model */
	struct extent_fit_layout layout;
	/* Compresses with zlib; the ratio of the layout is 0. */
	bool zlib;
	/* Added to the ratio: random, by volume, at most this. */
	uint64_t ratio_spread_permille;
	uint64_t capacity_permille; /* of the volume's; 0 is 1000 */
	/* Added to capacity_permille: random, by volume, at most this. */
	uint64_t capacity_spread_permille;
	uint64_t seed;    /* of the random numbers and random faults */
	uint64_t session; /* random faults differ by it; 0: they do not */
	/* Requests cleaning after more loads than this; 0: never. */
	uint64_t clean_after_loads;
	/* Loads after which a volume is at its end of life; 0: none. */
	uint64_t volume_life_loads;
	/* Time to load an empty volume, in addition. */
	int64_t media_initialization_ns;
};

#endif
