/*
 * check_volumes.c: which volumes are written, how many, and which requests are
 * refused before a dump begins.
 */
#include <check.h>
#include <string.h>

#include "sim/run/virtual/tests/judge.h"
#include "sim/run/virtual/stream.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 8192, DUMP = 20 * BLOCK + 5, PART = 8 * BLOCK };

#define WHOLE "1:65536 2:65536 3:32773"

static struct trial plain(void)
{
	return (struct trial){
		.core = { .block_bytes = BLOCK,
		    .part_bytes = PART,
		    .buffer_bytes = 4 * BLOCK,
		    .max_failed_volumes = 3 },
		.tapes = { .drives = 1,
		    .volumes = 9,
		    .block_bytes = BLOCK,
		    .capacity_bytes = MEMTAPE_ENDLESS,
		    .warning_bytes = MEMTAPE_NO_WARNING },
		.dump_bytes = DUMP,
		.seed = 5,
	};
}

/* Four foreign volumes of each kind, and a blank volume after them. */
static enum memtape_kind kind;

static void prepare_four(struct memtape *m)
{
	unsigned i;

	for (i = 0; i < 4; i++)
		memtape_prepare(m, i, kind);
}

static const struct refused {
	const char *name;
	enum memtape_kind kind;
} refused[] = {
	{ "foreign data", MEMTAPE_FOREIGN },
	{ "another dump", MEMTAPE_LABELLED },
	{ "write-protected", MEMTAPE_PROTECTED },
	{ "unreadable label", MEMTAPE_UNREADABLE },
};

START_TEST(foreign_volumes_are_not_changed_and_do_not_count)
{
	struct trial t = plain();
	const struct judge must = { .name = refused[_i].name,
		.line = WHOLE,
		.outcome = SPLITTER_DONE,
		.safe_bytes = DUMP,
		.loaded = 5,
		.closes = "refused refused refused refused good" };

	kind = refused[_i].kind;
	t.prepare = prepare_four;
	t.core.max_volumes = 1;
	judge_trial(&t, &must);
}
END_TEST

START_TEST(blank_volumes_are_not_used_unless_allowed)
{
	struct trial t = plain();
	const struct judge must = { .name = "blank",
		.line = "none",
		.outcome = SPLITTER_PARTIAL,
		.loaded = 9,
		.closes = "refused refused refused refused refused refused "
			  "refused refused refused" };

	t.refuse_blank = true;
	judge_trial(&t, &must);
}
END_TEST

/* Pairs of a block size and the largest one that the drives accept. */
static const uint64_t too_large[][2] = {
	{ BLOCK, 4096 },
	{ BLOCK, BLOCK - 1 },
	{ 4097, 4096 },
	{ 64512, 32768 },
};

START_TEST(a_block_too_large_for_the_drive_is_refused_before_the_label)
{
	struct trial t = plain();
	const struct judge must = { .name = "block",
		.line = "none",
		.outcome = SPLITTER_PARTIAL,
		.loaded = 2,
		.closes = "refused refused" };

	t.tapes.volumes = 2;
	t.core.block_bytes = t.tapes.block_bytes = too_large[_i][0];
	t.tapes.block_max_bytes = too_large[_i][1];
	judge_trial(&t, &must);
}
END_TEST

START_TEST(max_volumes_ends_the_dump_partial)
{
	struct trial t = plain();
	/* The volume has room for 2 blocks: the second part does not fit. */
	const struct judge must = { .name = "max_volumes",
		.line = "1:65536 2:16384F | 2:65536 3:16384F",
		.loaded = 2,
		.outcome = SPLITTER_PARTIAL,
		.safe_bytes = 2 * PART,
		.closes = "full full" };

	t.core.cache = SPLITTER_CACHE_MEMORY;
	t.core.max_volumes = 2;
	t.tapes.capacity_bytes = 13 * BLOCK;
	t.dump_bytes = 3 * PART;
	judge_trial(&t, &must);
}
END_TEST

/*
 * Prepares volumes of different sizes: zero, too small, exactly a block, and
 * enough.
 */
static void prepare_sizes(struct memtape *m)
{
	memtape_size(m, 0, BLOCK - 1, MEMTAPE_NO_WARNING);
	memtape_size(m, 1, BLOCK, MEMTAPE_NO_WARNING);
	memtape_size(m, 2, 3 * BLOCK - 1, MEMTAPE_NO_WARNING);
	memtape_size(m, 3, 3 * BLOCK, MEMTAPE_NO_WARNING);
}

START_TEST(volumes_without_room_for_a_block_are_skipped)
{
	struct trial t = plain();
	const struct judge must = { .name = "sizes",
		.line = "1:0F | 1:8192F | 1:8192 2:8192 3:5",
		.outcome = SPLITTER_DONE,
		.safe_bytes = 2 * BLOCK + 5,
		.closes = "full full full full good",
		.loaded = 5 };

	t.prepare = prepare_sizes;
	t.core.max_failed_volumes = 5;
	t.core.cache = SPLITTER_CACHE_MEMORY;
	t.dump_bytes = 2 * BLOCK + 5;
	judge_trial(&t, &must);
}
END_TEST

/* The third block changes in the buffer after it was written. */
START_TEST(a_replay_with_other_bytes_is_not_written)
{
	struct trial t = plain();
	const struct memtape_failure failure = { MEMTAPE_BLOCK, 6,
		TAPE_MEDIUM_ERROR, false };
	const struct judge must = { .name = "scribble",
		.line = "1:40960F | 1:16384F",
		.loaded = 2,
		.outcome = SPLITTER_PARTIAL,
		.says = "part cache",
		.closes = "suspect good" };

	t.core.cache = SPLITTER_CACHE_MEMORY;
	t.tapes.failures = &failure;
	t.tapes.failure_count = 1;
	t.tapes.scribble_nth = 4;
	judge_trial(&t, &must);
}
END_TEST

/* Pairs of a block size and a buffer size. */
static const uint64_t buffers[][2] = {
	{ 64512, 8 << 20 },
	{ 10240, 8 << 20 },
	{ 4097, 1 << 20 },
	{ 65536, 8 << 20 },
	{ 300000, 1000001 },
};

START_TEST(a_buffer_has_the_requested_size)
{
	static struct trial_result r;
	struct trial t = plain();
	uint64_t block = buffers[_i][0], bytes = buffers[_i][1];

	t.core.block_bytes = t.tapes.block_bytes = block;
	t.core.buffer_bytes = bytes;
	trial_engine(&t, &r);
	ck_assert_str_eq(r.wrong, "");
	ck_assert_uint_ge(r.outcome.ring_bytes, bytes);
	ck_assert_uint_lt(r.outcome.ring_bytes, bytes + block);
}
END_TEST

/* Sizes that exclude each other, each with a word of the message. */
static const struct bad {
	const char *names;
	struct core_config core;
} bad[] = {
	{ "part",
	    { .block_bytes = BLOCK,
		.cache = SPLITTER_CACHE_MEMORY,
		.max_failed_volumes = 3 } },
	{ "part",
	    { .block_bytes = BLOCK,
		.cache = SPLITTER_CACHE_SPOOL,
		.max_failed_volumes = 3 } },
	{ "block", { .block_bytes = 0, .max_failed_volumes = 3 } },
	{ "block", { .block_bytes = 4095, .max_failed_volumes = 3 } },
	{ "max_failed_volumes", { .block_bytes = BLOCK } },
	{ "size",
	    { .block_bytes = BLOCK,
		.max_failed_volumes = 3,
		.buffer_bytes = UINT64_MAX } },
	{ "size",
	    { .block_bytes = BLOCK,
		.max_failed_volumes = 3,
		.part_bytes = UINT64_MAX } },
	{ "more than any drive takes",
	    { .block_bytes = UINT64_MAX, .max_failed_volumes = 3 } },
};

START_TEST(impossible_sizes_are_refused_with_the_reason)
{
	struct trial t = plain();
	struct memtape *m = memtape_new(&t.tapes);
	struct course course = { 0 };
	struct stream_config virtual = { .cancel_ns = -1 };
	struct dump_run_config config;
	char err[256] = "";

	t.core = bad[_i].core;
	trial_config(&t, m, &course, &config);
	ck_assert_ptr_null(engine_start(&config, err, sizeof err));
	ck_assert_msg(strstr(err, bad[_i].names) != NULL, "%s", err);
	virtual.dump_run = config;
	ck_assert_ptr_null(stream_new(&virtual, err, sizeof err));
	ck_assert_msg(strstr(err, bad[_i].names) != NULL, "%s", err);
	ck_assert_uint_eq(memtape_loaded(m), 0);
	memtape_free(m);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("volumes");
	TCase *tc = tcase_create("volumes");

	tcase_add_loop_test(tc,
	    foreign_volumes_are_not_changed_and_do_not_count, 0, 4);
	tcase_add_test(tc, blank_volumes_are_not_used_unless_allowed);
	tcase_add_loop_test(tc,
	    a_block_too_large_for_the_drive_is_refused_before_the_label, 0,
	    sizeof too_large / sizeof *too_large);
	tcase_add_test(tc, max_volumes_ends_the_dump_partial);
	tcase_add_test(tc, volumes_without_room_for_a_block_are_skipped);
	tcase_add_test(tc, a_replay_with_other_bytes_is_not_written);
	tcase_add_loop_test(tc, a_buffer_has_the_requested_size, 0,
	    sizeof buffers / sizeof *buffers);
	tcase_add_loop_test(tc, impossible_sizes_are_refused_with_the_reason, 0,
	    sizeof bad / sizeof *bad);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
