/*
 * check_table_b.c: cases in which other splitters lose data, hang or waste tape
 * (Table B of the splitter's rules), with its numbers and with others.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/virtual/tests/judge.h"
#include "sim/run/virtual/tests/reference.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 32768, MIB = 1 << 20, MOST = 4 };
enum { NONE = SPLITTER_CACHE_NONE, MEMORY = SPLITTER_CACHE_MEMORY };

#define NO_LEOM .capacity = MEMTAPE_ENDLESS, .warning = MEMTAPE_NO_WARNING
/* Room for a label, a header and 74 blocks before the block that meets LEOM. */
#define LEOM    .capacity = 2621440, .warning = 131072
#define DONE    .outcome = SPLITTER_DONE
#define PARTIAL .outcome = SPLITTER_PARTIAL

static const struct row {
	const char *name;
	uint64_t dump, part, buffer; /* 0: 40 blocks, 1 MiB, 16 blocks */
	uint64_t capacity, warning;
	struct memtape_failure failures[MOST];
	uint32_t cache;
	unsigned drives, volumes; /* 0: 1, 9 */
	const char *line;
	enum splitter_outcome outcome;
	uint64_t safe; /* safe bytes if the outcome is not DONE */
	const char *closes;
	int loaded;
} rows[] = {
	{ .name = "fails after 20 blocks, its retry after 5, then again",
	    .cache = MEMORY,
	    NO_LEOM,
	    .failures = { { MEMTAPE_BLOCK, 21, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_BLOCK, 27, TAPE_MEDIUM_ERROR, false } },
	    DONE,
	    .line = "1:655360F | 1:163840F | 1:1048576 2:262144",
	    .closes = "suspect suspect good",
	    .loaded = 3 },
	{ .name = "fails after 20 blocks, then on the header of the retry",
	    .cache = MEMORY,
	    NO_LEOM,
	    .failures = { { MEMTAPE_BLOCK, 21, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_HEADER, 2, TAPE_MEDIUM_ERROR, false } },
	    DONE,
	    .line = "1:655360F | 1:1048576 2:262144",
	    .closes = "suspect suspect good",
	    .loaded = 3 },
	{ .name = "LEOM during a replay",
	    .cache = MEMORY,
	    NO_LEOM,
	    .failures = { { MEMTAPE_BLOCK, 21, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_BLOCK, 31, TAPE_OK, false } },
	    DONE,
	    .line = "1:655360F | 1:327680 | 2:983040",
	    .closes = "suspect good good",
	    .loaded = 3 },
	{ .name = "LEOM at the first block of a replay, again and again",
	    .cache = MEMORY,
	    NO_LEOM,
	    .dump = 4 * BLOCK,
	    .failures = { { MEMTAPE_BLOCK, 4, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_BLOCK, 5, TAPE_OK, true } },
	    DONE,
	    .line = "1:98304F | 1:32768 | 2:32768 | 3:32768 | 4:32768",
	    .closes = "suspect good good good good",
	    .loaded = 5 },
	{ .name = "a failure in the replay that follows a LEOM in a replay",
	    .cache = MEMORY,
	    NO_LEOM,
	    .failures = { { MEMTAPE_BLOCK, 21, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_BLOCK, 31, TAPE_OK, false },
		{ MEMTAPE_BLOCK, 36, TAPE_MEDIUM_ERROR, false } },
	    DONE,
	    .line = "1:655360F | 1:327680 | 2:131072F | 2:983040",
	    .closes = "suspect good suspect good",
	    .loaded = 4 },
	{ .name = "a short last block, and the filemark after it fails",
	    .cache = MEMORY,
	    NO_LEOM,
	    .dump = 100000,
	    .failures = { { MEMTAPE_FILEMARK, 1, TAPE_MEDIUM_ERROR, false } },
	    DONE,
	    .line = "1:100000F | 1:100000",
	    .closes = "suspect good",
	    .loaded = 2 },
	{ .name = "a dump of a byte, and the filemark after it fails",
	    .cache = MEMORY,
	    NO_LEOM,
	    .dump = 1,
	    .failures = { { MEMTAPE_FILEMARK, 1, TAPE_PEOM, false },
		{ MEMTAPE_FILEMARK, 2, TAPE_PEOM, false } },
	    DONE,
	    .line = "1:1F | 1:1F | 1:1",
	    .closes = "full full good" },
	{ .name = "an empty dump, and the filemark after it fails",
	    .cache = NONE,
	    NO_LEOM,
	    .dump = UINT64_MAX,
	    .failures = { { MEMTAPE_FILEMARK, 1, TAPE_MEDIUM_ERROR, false } },
	    DONE,
	    .line = "1:0F | 1:0",
	    .closes = "suspect good" },
	{ .name = "the dump ends at the end of a part",
	    .dump = 2 * MIB,
	    NO_LEOM,
	    DONE,
	    .line = "1:1048576 2:1048576",
	    .loaded = 1 },
	{ .name = "the dump ends in the last block before LEOM",
	    LEOM,
	    .dump = 74 * BLOCK,
	    .part = 80 * BLOCK,
	    DONE,
	    .line = "1:2424832",
	    .loaded = 1 },
	{ .name = "the dump ends in the block that meets LEOM",
	    LEOM,
	    .dump = 75 * BLOCK,
	    .part = 80 * BLOCK,
	    DONE,
	    .line = "1:2457600",
	    .loaded = 1 },
	{ .name = "dump, part and volume end in one block",
	    LEOM,
	    .dump = 75 * BLOCK,
	    .part = 75 * BLOCK,
	    DONE,
	    .line = "1:2457600",
	    .loaded = 1 },
	{ .name = "no header can be written on any volume",
	    NO_LEOM,
	    .cache = MEMORY,
	    .failures = { { MEMTAPE_HEADER, 1, TAPE_MEDIUM_ERROR, true } },
	    PARTIAL,
	    .line = "none",
	    .closes = "suspect suspect suspect",
	    .loaded = 3 },
	{ .name = "no header can be written, no cache",
	    NO_LEOM,
	    .failures = { { MEMTAPE_HEADER, 1, TAPE_MEDIUM_ERROR, true } },
	    PARTIAL,
	    .line = "none",
	    .closes = "suspect suspect suspect",
	    .loaded = 3 },
	{ .name = "no header can be written from the 2nd on",
	    NO_LEOM,
	    .failures = { { MEMTAPE_HEADER, 2, TAPE_MEDIUM_ERROR, true } },
	    PARTIAL,
	    .safe = MIB,
	    .line = "1:1048576",
	    .closes = "suspect suspect suspect suspect",
	    .loaded = 4 },
	{ .name = "no label can be written",
	    NO_LEOM,
	    .cache = MEMORY,
	    .failures = { { MEMTAPE_LABEL, 1, TAPE_MEDIUM_ERROR, true } },
	    PARTIAL,
	    .line = "none",
	    .closes = "suspect suspect suspect",
	    .loaded = 3 },
	{ .name = "every label meets LEOM",
	    NO_LEOM,
	    .cache = MEMORY,
	    .failures = { { MEMTAPE_LABEL, 1, TAPE_OK, true } },
	    PARTIAL,
	    .line = "none",
	    .closes = "good good good",
	    .loaded = 3 },
	{ .name = "every header meets LEOM",
	    NO_LEOM,
	    .failures = { { MEMTAPE_HEADER, 1, TAPE_OK, true } },
	    PARTIAL,
	    .line = "none",
	    .closes = "good good good",
	    .loaded = 3 },
	{ .name = "no volume can be loaded",
	    NO_LEOM,
	    .failures = { { MEMTAPE_LOAD, 1, TAPE_MEDIUM_ERROR, true } },
	    PARTIAL,
	    .line = "none",
	    .closes = "",
	    .loaded = 3 },
	{ .name = "no block can be written",
	    NO_LEOM,
	    .failures = { { MEMTAPE_BLOCK, 1, TAPE_MEDIUM_ERROR, true } },
	    PARTIAL,
	    .line = "1:0F | 1:0F | 1:0F",
	    .loaded = 3 },
	{ .name = "no filemark can be written",
	    NO_LEOM,
	    .cache = MEMORY,
	    .failures = { { MEMTAPE_FILEMARK, 1, TAPE_MEDIUM_ERROR, true } },
	    PARTIAL,
	    .line = "1:1048576F | 1:1048576F | 1:1048576F",
	    .loaded = 3 },
	{ .name = "every volume fails in another way",
	    NO_LEOM,
	    .cache = MEMORY,
	    .failures = { { MEMTAPE_LOAD, 1, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_LABEL, 1, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_FILEMARK, 1, TAPE_MEDIUM_ERROR, false } },
	    PARTIAL,
	    .line = "1:1048576F",
	    .loaded = 3 },
	{ .name = "a committed part resets the count of failed volumes",
	    NO_LEOM,
	    .failures = { { MEMTAPE_LABEL, 1, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_LABEL, 2, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_HEADER, 2, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_LABEL, 4, TAPE_MEDIUM_ERROR, false } },
	    DONE,
	    .line = "1:1048576 | 2:262144",
	    .closes = "suspect suspect suspect suspect good",
	    .loaded = 5 },
	{ .name = "EIO, for good, and no cache",
	    NO_LEOM,
	    .failures = { { MEMTAPE_BLOCK, 21, TAPE_UNKNOWN_ERROR, true } },
	    PARTIAL,
	    .line = "1:655360F",
	    .closes = "suspect",
	    .loaded = 1 },
	{ .name = "EIO, for good",
	    NO_LEOM,
	    .cache = MEMORY,
	    .failures = { { MEMTAPE_BLOCK, 21, TAPE_UNKNOWN_ERROR, true } },
	    PARTIAL,
	    .line = "1:655360F | 1:0F",
	    .closes = "suspect drive",
	    .loaded = 2 },
	{ .name = "the first header fails before any data came",
	    NO_LEOM,
	    .cache = MEMORY,
	    .failures = { { MEMTAPE_HEADER, 1, TAPE_MEDIUM_ERROR, false } },
	    DONE,
	    .line = "1:1048576 2:262144",
	    .closes = "suspect good" },
	{ .name = "a buffer of less than a block",
	    NO_LEOM,
	    .buffer = 1,
	    DONE,
	    .line = "1:1048576 2:262144",
	    .loaded = 1 },
	{ .name = "no buffer",
	    NO_LEOM,
	    .buffer = UINT64_MAX,
	    DONE,
	    .line = "1:1048576 2:262144",
	    .loaded = 1 },
	{ .name = "PEOM, no cache, and the tail is in the buffer already",
	    LEOM,
	    .part = 60 * BLOCK,
	    .buffer = 64 * BLOCK,
	    .failures = { { MEMTAPE_BLOCK, 38, TAPE_PEOM, false } },
	    PARTIAL,
	    .line = "1:1212416F",
	    .loaded = 1 },
	{ .name = "the same at the last block",
	    LEOM,
	    .part = 60 * BLOCK,
	    .buffer = 64 * BLOCK,
	    .failures = { { MEMTAPE_BLOCK, 40, TAPE_PEOM, false } },
	    PARTIAL,
	    .line = "1:1277952F",
	    .loaded = 1 },
};
enum { ROWS = sizeof rows / sizeof *rows };

/* UINT64_MAX stands for a size that really is 0. */
static uint64_t size_of(uint64_t n, uint64_t otherwise)
{
	return n == UINT64_MAX ? 0 : n == 0 ? otherwise : n;
}

/* Scales a size from BLOCK to this block size; unlimited stays unlimited. */
static uint64_t scaled(uint64_t n, uint64_t block)
{
	uint64_t rest = n % BLOCK * block / BLOCK;

	if (n >= MEMTAPE_ENDLESS)
		return n;
	if (rest == 0 && n % BLOCK != 0)
		rest = 1;
	return n / BLOCK * block + rest;
}

/* Scales each size in the line of attempts to this block size. */
static void scale_line(const char *line, uint64_t block, char *to,
    size_t to_bytes)
{
	size_t used = 0;
	char *end;

	while (*line != '\0' && used + 1 < to_bytes) {
		to[used++] = *line++;
		if (line[-1] != ':')
			continue;
		used += (size_t)snprintf(to + used, to_bytes - used, "%" PRIu64,
		    scaled(strtoull(line, &end, 10), block));
		line = end;
	}
	to[used] = '\0';
}

static void make_trial(struct trial *t, const struct row *row, uint64_t block,
    uint64_t buffer_blocks, uint32_t cache)
{
	*t = (struct trial){
		.core = { .block_bytes = block,
		    .cache = cache,
		    .part_bytes = scaled(size_of(row->part, MIB), block),
		    .buffer_bytes =
			scaled(size_of(row->buffer, buffer_blocks * BLOCK),
			    block),
		    .start_fill_bytes = 8 * block,
		    .streaming = SPLITTER_STREAMING_DESIRED,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = row->drives > 0 ? row->drives : 1,
		    .volumes = row->volumes > 0 ? row->volumes : 9,
		    .capacity_bytes = scaled(row->capacity, block),
		    .warning_bytes = scaled(row->warning, block),
		    .block_bytes = block,
		    .failures = row->failures },
		.dump_bytes = scaled(size_of(row->dump, 40 * BLOCK), block),
		.seed = 8,
	};
	while (t->tapes.failure_count < MOST &&
	    row->failures[t->tapes.failure_count].nth > 0)
		t->tapes.failure_count++;
}

static void run_row(const struct row *row, uint64_t block,
    uint64_t buffer_blocks, uint32_t cache)
{
	static const char *const caches[] = { "none", "memory", "spool",
		"slices" };
	char name[160], line[256];
	struct trial t;
	struct judge must = {
		.name = name,
		.line = line,
		.outcome = row->outcome,
		.closes = row->closes,
		.loaded = row->loaded,
	};

	make_trial(&t, row, block, buffer_blocks, cache);
	must.safe_bytes = row->outcome == SPLITTER_DONE
	    ? t.dump_bytes
	    : scaled(row->safe, block);
	scale_line(row->line, block, line, sizeof line);
	snprintf(name, sizeof name,
	    "%s (block %" PRIu64 ", buffer of %" PRIu64 " blocks, %s)",
	    row->name, block, buffer_blocks, caches[cache]);
	judge_trial(&t, &must);
}

/* Runs a row about a cache with each cache that restores a part. */
static void run_caches(const struct row *row, uint64_t block,
    uint64_t buffer_blocks)
{
	uint32_t last =
	    row->cache == MEMORY ? SPLITTER_CACHE_SLICES : row->cache;

	for (uint32_t cache = row->cache; cache <= last; cache++)
		run_row(row, block, buffer_blocks, cache);
}

START_TEST(no_case_of_table_b_loses_data)
{
	run_caches(&rows[_i], BLOCK, 16);
}
END_TEST

START_TEST(nor_with_other_blocks_and_buffers)
{
	run_caches(&rows[_i], 4096, 2);
	run_caches(&rows[_i], 4097, 5);
	run_caches(&rows[_i], 10000, 37);
}
END_TEST

/*
 * One in this many cases is run, under a sanitizer and in a part.  No number of a
 * kind is a multiple of 7.
 */
static uint64_t every(void)
{
	return SANITIZED > 1 ? 7 : part_step(7);
}

/* With parts of other sizes the reference gives the result. */
static void make_other_part(struct reference_case *c, uint64_t number)
{
	static const uint64_t blocks[] = { 4096, 5000 };
	static const uint64_t parts[] = { 1, 3, 7, 20, 33, 41 };
	const uint64_t n = number * every();
	const struct row *row = &rows[n % ROWS];
	uint64_t block = blocks[n / ROWS % 2];
	uint64_t part = parts[n / ROWS / 2 % 6];
	uint32_t cache = (uint32_t)(n / ROWS / 2 / 6);
	unsigned i;

	make_trial(&c->trial, row, block, 6, cache);
	c->trial.core.part_bytes = part * block;
	for (i = 0; i < c->trial.tapes.failure_count; i++) {
		c->failures[i] = row->failures[i];
		if (c->failures[i].what == MEMTAPE_BLOCK)
			c->failures[i].nth = 1 + c->failures[i].nth * part / 32;
	}
	c->how.payload = true;
}

enum { OTHER_PARTS = ROWS * 2 * 6 * (SPLITTER_CACHE_SLICES + 1) };

START_TEST(nor_with_other_parts)
{
	reference_run("table B, other parts", make_other_part, 0,
	    OTHER_PARTS / every());
}
END_TEST

/* A part of 8 blocks fails after a, its retry after b, for all a and b. */
START_TEST(two_failures_anywhere_lose_no_block)
{
	enum { SMALL = 4096, PART = 8 };
	uint64_t a = (uint64_t)_i / PART, b = (uint64_t)_i % PART;
	const struct memtape_failure failures[] = {
		{ MEMTAPE_BLOCK, a + 1, TAPE_MEDIUM_ERROR, false },
		{ MEMTAPE_BLOCK, a + b + 2, TAPE_MEDIUM_ERROR, false },
	};
	const struct trial t = {
		.core = { .block_bytes = SMALL,
		    .cache = MEMORY,
		    .part_bytes = PART * SMALL,
		    .buffer_bytes = 3 * SMALL,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = 1,
		    .volumes = 3,
		    .block_bytes = SMALL,
		    .capacity_bytes = MEMTAPE_ENDLESS,
		    .warning_bytes = MEMTAPE_NO_WARNING,
		    .failures = failures,
		    .failure_count = 2 },
		.dump_bytes = 10 * SMALL + 77,
		.seed = (uint64_t)_i,
	};
	char line[128];
	const struct judge must = { .name = line,
		.line = line,
		.outcome = SPLITTER_DONE,
		.safe_bytes = t.dump_bytes };

	snprintf(line, sizeof line,
	    "1:%" PRIu64 "F | 1:%" PRIu64 "F | 1:32768 2:8269", a * SMALL,
	    b * SMALL);
	judge_trial(&t, &must);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table B");
	TCase *tc = tcase_create("rows");

	tcase_set_timeout(tc, 600);
	tcase_add_loop_test(tc, no_case_of_table_b_loses_data, 0, ROWS);
	tcase_add_loop_test(tc, nor_with_other_blocks_and_buffers, 0, ROWS);
	tcase_add_test(tc, nor_with_other_parts);
	tcase_add_loop_test(tc, two_failures_anywhere_lose_no_block, 0, 64);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
