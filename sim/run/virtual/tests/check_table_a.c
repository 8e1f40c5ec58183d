/*
 * check_table_a.c: spanning, by the numbers (Table A of the splitter's rules).
 *
 * If the rules name a cache, the result must be the same with each cache that
 * restores a failed part: memory, spool and slices.
 */
#include <check.h>

#include "sim/run/virtual/tests/judge.h"
#include "splitter/tests/run_suite.h"

#define KIB UINT64_C(1024)
#define MIB (1024 * KIB)

enum { ON, OFF };
enum { NONE = 1, CACHED = 2, BOTH = NONE | CACHED };

/* The two kinds of volumes, and the buffer for each. */
static const struct sort {
	uint64_t capacity_bytes, buffer_bytes;
} large = { 2621440, 128 * KIB }, small = { 524288, 64 * KIB };

static const struct row {
	const char *name;
	const struct sort *sort;
	uint64_t dump_bytes, part_bytes;
	int leom, caches;
	unsigned volumes;
	const char *line;
	enum splitter_outcome outcome;
	uint64_t safe_bytes; /* safe bytes if the outcome is not DONE */
} rows[] = {
	{ "one volume", &large, 1997824, 520 * KIB, ON, NONE, 9,
	    "1:557056 2:557056 3:557056 4:326656", SPLITTER_DONE, 0 },
	{ "span at LEOM", &large, 3250585, MIB, ON, NONE, 9,
	    "1:1048576 2:1048576 3:294912 | 4:858521", SPLITTER_DONE, 0 },
	{ "no splitting", &large, 1572864, 0, ON, NONE, 9, "1:1572864",
	    SPLITTER_DONE, 0 },
	{ "LEOM reached by a header", &large, 3250585, 2368 * KIB, ON, NONE, 9,
	    "1:2424832 | 2:825753", SPLITTER_DONE, 0 },
	{ "PEOM, not cached", &large, 3250585, 2368 * KIB, OFF, NONE, 9,
	    "1:2424832 2:98304F", SPLITTER_PARTIAL, 2424832 },
	{ "PEOM, cached", &large, 4299161, MIB, OFF, CACHED, 9,
	    "1:1048576 2:1048576 3:393216F | 3:1048576 4:1048576 5:104857",
	    SPLITTER_DONE, 0 },
	{ "whole parts", &large, 2 * MIB, MIB, OFF, BOTH, 9,
	    "1:1048576 2:1048576", SPLITTER_DONE, 0 },
	{ "one part, too large", &large, 4299161, 0, OFF, NONE, 9, "1:2555904F",
	    SPLITTER_PARTIAL, 0 },
	{ "PEOM twice", &large, 6 * MIB, MIB, OFF, CACHED, 9,
	    "1:1048576 2:1048576 3:393216F | 3:1048576 4:1048576 5:393216F | "
	    "5:1048576 6:1048576",
	    SPLITTER_DONE, 0 },
	{ "part larger than a volume", &large, 7 * MIB, 3 * MIB, OFF, CACHED, 9,
	    "1:2555904F | 1:2555904 | 2:2555904 | 3:2228224", SPLITTER_DONE,
	    0 },
	{ "LEOM with the last block of a part", &large, 3250585, 75 * 32 * KIB,
	    ON, NONE, 9, "1:2457600 | 2:792985", SPLITTER_DONE, 0 },
	{ "odd slices", &large, 4296704, MIB, OFF, CACHED, 9,
	    "1:1048576 2:1048576 3:393216F | 3:1048576 4:1048576 5:102400",
	    SPLITTER_DONE, 0 },
	{ "empty dump", &large, 0, MIB, ON, BOTH, 9, "1:0", SPLITTER_DONE, 0 },
	{ "empty dump, no warning", &large, 0, MIB, OFF, BOTH, 9, "1:0",
	    SPLITTER_DONE, 0 },
	{ "empty dump, no part size", &large, 0, 0, ON, NONE, 9, "1:0",
	    SPLITTER_DONE, 0 },
	{ "PEOM hits the 4th header", &small, 655360, 128 * KIB, OFF, NONE, 9,
	    "1:131072 2:131072 3:131072 | 4:131072 5:131072", SPLITTER_DONE,
	    0 },
	{ "span at LEOM, small", &small, 532480, 128 * KIB, ON, BOTH, 9,
	    "1:131072 2:131072 3:32768 | 4:131072 5:106496", SPLITTER_DONE, 0 },
	{ "no second volume", &small, 655360, 128 * KIB, OFF, BOTH, 1,
	    "1:131072 2:131072 3:131072", SPLITTER_PARTIAL, 393216 },
	{ "no second volume, LEOM", &small, 655360, 128 * KIB, ON, BOTH, 1,
	    "1:131072 2:131072 3:32768", SPLITTER_PARTIAL, 294912 },
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Returns the number of volumes in a line: only these are loaded. */
static int volumes_in(const char *line)
{
	int n = 1;

	for (; *line != '\0'; line++)
		n += *line == '|';
	return n;
}

static void run_row(const struct row *row, uint32_t cache)
{
	const struct trial t = {
		.core = { .block_bytes = 32 * KIB,
		    .cache = cache,
		    .part_bytes = row->part_bytes,
		    .buffer_bytes = row->sort->buffer_bytes,
		    .start_fill_bytes = row->sort->buffer_bytes,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = 1,
		    .volumes = row->volumes,
		    .capacity_bytes = row->sort->capacity_bytes,
		    .warning_bytes =
			row->leom == ON ? 131072 : MEMTAPE_NO_WARNING,
		    .block_bytes = 32 * KIB },
		.dump_bytes = row->dump_bytes,
		.seed = 17,
	};
	const struct judge must = {
		.name = row->name,
		.outcome = row->outcome,
		.line = row->line,
		.safe_bytes = row->outcome == SPLITTER_DONE ? row->dump_bytes
							    : row->safe_bytes,
		.loaded = volumes_in(row->line),
	};
	struct trial streaming = t;

	judge_trial(&t, &must);
	streaming.core.streaming = SPLITTER_STREAMING_REQUIRED;
	judge_trial(&streaming, &must);
}

START_TEST(spanning_follows_the_table)
{
	if (rows[_i].caches & NONE)
		run_row(&rows[_i], SPLITTER_CACHE_NONE);
	if (rows[_i].caches & CACHED) {
		run_row(&rows[_i], SPLITTER_CACHE_MEMORY);
		run_row(&rows[_i], SPLITTER_CACHE_SLICES);
		if (rows[_i].part_bytes > 0)
			run_row(&rows[_i], SPLITTER_CACHE_SPOOL);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table A");
	TCase *tc = tcase_create("rows");

	tcase_add_loop_test(tc, spanning_follows_the_table, 0, ROWS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
