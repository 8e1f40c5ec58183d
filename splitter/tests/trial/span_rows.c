/* span_rows.c: how dumps span volumes. */
#include "splitter/tests/trial/span_rows.h"

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)

const struct span_row span_rows[SPAN_ROWS] = {
	{ "one volume", false, 1997824, 520 * KIB, true, true, false, 9 },
	{ "span at LEOM", false, 3250585, MIB, true, true, false, 9 },
	{ "no splitting", false, 1572864, 0, true, true, false, 9 },
	{ "LEOM reached by a header", false, 3250585, 2368 * KIB, true, true,
	    false, 9 },
	{ "PEOM, not cached", false, 3250585, 2368 * KIB, false, true, false,
	    9 },
	{ "PEOM, cached", false, 4299161, MIB, false, false, true, 9 },
	{ "whole parts", false, 2 * MIB, MIB, false, true, true, 9 },
	{ "one part, too large", false, 4299161, 0, false, true, false, 9 },
	{ "PEOM twice", false, 6 * MIB, MIB, false, false, true, 9 },
	{ "part larger than a volume", false, 7 * MIB, 3 * MIB, false, false,
	    true, 9 },
	{ "LEOM with the last block of a part", false, 3250585, 75 * 32 * KIB,
	    true, true, false, 9 },
	{ "odd slices", false, 4296704, MIB, false, false, true, 9 },
	{ "empty dump", false, 0, MIB, true, true, true, 9 },
	{ "empty dump, no warning", false, 0, MIB, false, true, true, 9 },
	{ "empty dump, no part size", false, 0, 0, true, true, false, 9 },
	{ "PEOM hits the 4th header", true, 655360, 128 * KIB, false, true,
	    false, 9 },
	{ "span at LEOM, small", true, 532480, 128 * KIB, true, true, true, 9 },
	{ "no second volume", true, 655360, 128 * KIB, false, true, true, 1 },
	{ "no second volume, LEOM", true, 655360, 128 * KIB, true, true, true,
	    1 },
};

struct trial span_trial(const struct span_row *row, uint32_t cache)
{
	const uint64_t buffer_bytes = row->small ? 64 * KIB : 128 * KIB;

	return (struct trial){
		.core = { .block_bytes = 32 * KIB,
		    .cache = cache,
		    .part_bytes = row->part_bytes,
		    .buffer_bytes = buffer_bytes,
		    .start_fill_bytes = buffer_bytes,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = 1,
		    .volumes = row->volumes,
		    .capacity_bytes = row->small ? 524288 : 2621440,
		    .warning_bytes = row->leom ? 131072 : MEMTAPE_NO_WARNING,
		    .block_bytes = 32 * KIB },
		.dump_bytes = row->dump_bytes,
		.seed = 18,
	};
}
