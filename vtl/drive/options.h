/*
 * options.h: the options of a drive, in which drives of one model may differ.
 *
 * With all options 0, the drive reports the early warning in time, reports
 * exact residuals, is buffered if its model takes time, and does not compress.
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

/* Whether the drive acknowledges blocks in its buffer. */
enum drive_buffering {
	/* if the model takes time, as real drives do, or buffer_bytes is set */
	DRIVE_BUFFERED_AS_MODEL,
	DRIVE_BUFFERED,
	DRIVE_UNBUFFERED /* it writes each block before it acknowledges it */
};

struct drive_options {
	bool no_early_warning; /* the drive never reports the early warning */
	uint64_t early_warning_delay_blocks;
	uint64_t pews_bytes; /* programmable early warning, before the
				* early warning; 0: none */
	enum drive_residual residual;
	enum drive_buffering buffering;
	/*
	 * Keeps blocks in the buffer as long as possible: the medium takes no
	 * time.
	 */
	bool holds_buffer;
	uint64_t buffer_bytes; /* 0: the size of the model */
	struct extent_fit_layout layout;
	/* Compresses with zlib.  The layout's ratio is then 0. */
	bool zlib;
	/*
	 * Maximum of a random number, fixed for each volume, that is added to
	 * the ratio.
	 */
	uint64_t ratio_spread_permille;
	/* capacity of a volume, in 1/1000; 0 is 1000 */
	uint64_t capacity_permille;
	/*
	 * Maximum of a random number, fixed for each volume, that is added to
	 * capacity_permille.
	 */
	uint64_t capacity_spread_permille;
	uint64_t seed;    /* seed of the random numbers and random faults */
	uint64_t session; /* changes the random faults; 0: no change */
	/* The drive requests cleaning after more loads than this; 0: never. */
	uint64_t clean_after_loads;
	/* Additional time to load an empty volume; 0: that of the model. */
	int64_t media_initialization_ns;
	bool no_media_initialization; /* there is no such time */
	bool write_protected;         /* software write protection: SWP */
	/* How long a block waits in the buffer at most, if not as the model. */
	bool has_write_delay;
	int64_t write_delay_ns; /* 0: ever */
	bool
	    append_only; /* objects are not overwritten: drive_allow_overwrite() */
};

#endif
