/*
 * check_core.c: what the core requests and when: sizes, runs, streaming,
 * look-ahead, and how a part ends.
 */
#include <check.h>

#include "splitter/core/tests/core_play.h"
#include "splitter/tests/run_suite.h"

enum { B = 4096 };
#define MIB (UINT64_C(1) << 20)

static struct core_config plain(void)
{
	return (struct core_config){ .block_bytes = B,
		.part_bytes = 20 * B,
		.buffer_bytes = 8 * B,
		.start_fill_bytes = 6 * B,
		.max_failed_volumes = 3 };
}

/* Sizes as requested and as the core uses them. */
static const struct sizes {
	uint64_t block, part, buffer, fill; /* requested */
	uint64_t used_part, used_buffer, used_fill, ring;
	uint32_t cache;
} sizes[] = {
	{ B, 1, 0, 0, B, 2 * B, B, 2 * B, SPLITTER_CACHE_NONE },
	{ B, 0, 1, 9 * B, 0, 2 * B, 2 * B, 2 * B, SPLITTER_CACHE_NONE },
	{ B, 3 * B, 3 * B, 2 * B - 1, 3 * B, 3 * B, B, 3 * B,
	    SPLITTER_CACHE_SLICES },
	{ B, 3 * B + 1, 3 * B + 1, 3 * B, 4 * B, 4 * B, 3 * B, 8 * B,
	    SPLITTER_CACHE_MEMORY },
	{ B, 3 * B - 1, 2 * B, 2 * B, 3 * B, 2 * B, 2 * B, 2 * B,
	    SPLITTER_CACHE_SPOOL },
	{ 64512, 64512, 8 * MIB, 8 * MIB, 64512, 131 * 64512, 130 * 64512,
	    131 * 64512, SPLITTER_CACHE_NONE },
};

START_TEST(sizes_are_rounded_as_documented)
{
	const struct sizes *z = &sizes[_i];
	struct core_config k = { .block_bytes = z->block,
		.part_bytes = z->part,
		.buffer_bytes = z->buffer,
		.start_fill_bytes = z->fill,
		.cache = z->cache,
		.max_failed_volumes = 1 };
	struct core_play p;

	core_play_init(&p, &k);
	ck_assert_uint_eq(p.c.config.part_bytes, z->used_part);
	ck_assert_uint_eq(p.c.config.buffer_bytes, z->used_buffer);
	ck_assert_uint_eq(p.c.config.start_fill_bytes, z->used_fill);
	ck_assert_uint_eq(core_ring_bytes(&p.c), z->ring);
	ck_assert_uint_eq(core_room(&p.c), z->ring);
}
END_TEST

/* The length of the first run if the buffer is full. */
static const struct run {
	uint64_t block, buffer, run;
} runs[] = {
	{ B, 2 * B, B },
	{ B, 15 * B, B },
	{ B, 16 * B, 2 * B },
	{ B, 23 * B, 2 * B },
	{ B, 24 * B, 3 * B },
	{ MIB, 64 * MIB, 8 * MIB },
	{ MIB, 1024 * MIB, 8 * MIB },
	{ 3 * MIB, 1023 * MIB, 6 * MIB },
	{ 16 * MIB, 1024 * MIB, 16 * MIB },
};

START_TEST(a_run_is_an_eighth_of_the_buffer_8_mib_and_a_block_at_least)
{
	const struct run *r = &runs[_i];
	struct core_config k = { .block_bytes = r->block,
		.buffer_bytes = r->buffer,
		.max_failed_volumes = 1 };
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, core_room(&p.c));
	core_play_until(&p, CORE_WRITE);
	ck_assert_uint_eq(p.s.offset, 0);
	ck_assert_uint_eq(p.s.bytes, r->run);
}
END_TEST

/*
 * The number of blocks that the tape needs before a part and after an underrun.
 */
static const struct need {
	uint32_t streaming;
	uint64_t first, after;
} needs[] = {
	{ SPLITTER_STREAMING_NONE, 1, 1 },
	{ SPLITTER_STREAMING_DESIRED, 6, 1 },
	{ SPLITTER_STREAMING_REQUIRED, 6, 6 },
};

/* Feeds byte by byte around the edges of this number of blocks. */
static void waits_for(struct core_play *p, uint64_t blocks, enum core_kind kind)
{
	core_accept(&p->c, blocks * B - 1);
	core_play_waits(p);
	core_accept(&p->c, 1);
	core_play_asks(p, kind);
}

START_TEST(a_tape_gets_the_required_fill)
{
	struct core_config k = plain();
	struct core_play p;

	k.streaming = needs[_i].streaming;
	core_play_init(&p, &k);
	core_play_waits(&p);
	core_accept(&p.c, 1);
	/* a volume is requested because a byte waits */
	core_play_asks(&p, CORE_LOAD);
	core_play_succeed(&p);
	core_play_asks(&p, CORE_LABEL);
	core_play_succeed(&p);
	core_play_waits(&p);
	core_accept(&p.c, needs[_i].first * B - 2);
	core_play_waits(&p);
	core_accept(&p.c, 1);
	core_play_asks(&p, CORE_HEADER);
	core_play_on(&p); /* the tape writes until the buffer is empty */
	waits_for(&p, needs[_i].after, CORE_WRITE);
	core_play_on(&p);
	waits_for(&p, needs[_i].after, CORE_WRITE);
}
END_TEST

START_TEST(a_wait_for_the_fill_ends_with_the_dump)
{
	struct core_config k = plain();
	struct core_play p;

	k.streaming = needs[_i].streaming;
	core_play_init(&p, &k);
	core_accept(&p.c, 7);
	core_play_on(&p);
	core_play_waits(&p);
	core_eof(&p.c);
	core_play_asks(&p, CORE_HEADER);
	core_play_succeed(&p);
	core_play_asks(&p, CORE_WRITE);
	ck_assert_uint_eq(p.s.bytes, 7);
	ck_assert(core_play_on(&p));
	ck_assert_int_eq(p.s.outcome, SPLITTER_DONE);
}
END_TEST

START_TEST(a_wait_for_the_fill_ends_with_the_rest_of_the_part)
{
	struct core_config k = plain();
	struct core_play p;

	k.part_bytes = 4 * B;
	k.streaming = SPLITTER_STREAMING_REQUIRED;
	core_play_init(&p, &k);
	core_accept(&p.c, 3 * B);
	core_play_on(&p);
	core_play_waits(&p);
	core_accept(&p.c, B);
	core_play_asks(&p, CORE_HEADER);
	core_play_until(&p, CORE_FINISH);
}
END_TEST

/*
 * A dump of two and a half parts never hangs, with every cache, streaming need
 * and fill.
 */
START_TEST(no_fill_can_hang_a_dump)
{
	struct core_config k = plain();
	uint64_t left = 50 * B + 5, n;
	struct core_play p;

	k.cache = (uint32_t)_i % 2;
	k.streaming = (uint32_t)_i / 2 % 3;
	k.start_fill_bytes = (uint64_t)_i / 6 * B;
	core_play_init(&p, &k);
	while (!core_play_on(&p)) {
		n = core_room(&p.c);
		ck_assert_msg(n > 0 && left > 0, "it hangs at %llu",
		    (unsigned long long)p.c.accepted);
		/* Sends half the room at a time, so that underruns occur. */
		n = n > left ? left : (n + 1) / 2;
		core_accept(&p.c, n);
		left -= n;
		if (left == 0)
			core_eof(&p.c);
	}
	ck_assert_int_eq(p.s.outcome, SPLITTER_DONE);
	ck_assert_uint_eq(p.c.committed, 50 * B + 5);
}
END_TEST

START_TEST(finish_does_not_wait_for_the_next_byte_but_report_does)
{
	struct core_config k = plain();
	struct core_play p;

	k.part_bytes = 2 * B;
	core_play_init(&p, &k);
	core_accept(&p.c, 2 * B);
	core_play_until(&p, CORE_FINISH);
	ck_assert(p.s.commits);
	core_play_succeed(&p);
	ck_assert_uint_eq(p.c.committed, 2 * B);
	core_play_waits(&p);
	if (_i == 0) {
		core_accept(&p.c, 1);
		core_play_asks(&p, CORE_REPORT);
		ck_assert_int_eq(p.s.report.end, SPLITTER_END_EOP);
		ck_assert(!p.s.report.last);
	} else {
		core_eof(&p.c);
		core_play_asks(&p, CORE_REPORT);
		ck_assert_int_eq(p.s.report.end, SPLITTER_END_EOF);
		ck_assert(p.s.report.last);
		ck_assert(core_play_on(&p));
		ck_assert_uint_eq(p.c.part, 2);
	}
}
END_TEST

START_TEST(no_volume_is_requested_until_a_byte_waits)
{
	struct core_config k = plain();
	struct core_play p;

	core_play_init(&p, &k);
	core_play_waits(&p);
	core_accept(&p.c, 2 * B);
	core_play_until(&p, CORE_WRITE);
	core_play_result(&p, TAPE_OK, true, B); /* the first block meets LEOM */
	core_play_until(&p, CORE_CLOSE);
	core_play_succeed(&p);
	core_play_asks(&p, CORE_LOAD); /* the second block needs a volume */
	core_play_until(&p, CORE_WRITE);
	core_play_result(&p, TAPE_OK, true, B);
	core_play_until(&p, CORE_FINISH);
	core_play_succeed(&p);
	core_play_waits(&p); /* the core waits after the step */
	core_eof(&p.c);
	ck_assert(core_play_on(&p));
	ck_assert_int_eq(p.s.outcome, SPLITTER_DONE);
	ck_assert_uint_eq(p.c.volumes, 2);
}
END_TEST

/* How a part of two blocks ends if its last block meets all ends at once. */
static const struct ending {
	bool eof, leom;
	uint64_t part_blocks;
	enum splitter_end end;
	bool close; /* whether the volume is closed after the part */
} endings[] = {
	{ true, true, 2, SPLITTER_END_EOF, true },
	{ true, false, 2, SPLITTER_END_EOF, true },
	{ true, true, 3, SPLITTER_END_EOF, true },
	{ false, true, 2, SPLITTER_END_EOP, true },
	{ false, false, 2, SPLITTER_END_EOP, false },
	{ false, true, 3, SPLITTER_END_LEOM, true },
};

START_TEST(a_part_ends_in_the_documented_order)
{
	const struct ending *e = &endings[_i];
	struct core_config k = plain();
	struct core_play p;

	k.part_bytes = e->part_blocks * B;
	core_play_init(&p, &k);
	core_accept(&p.c, (e->eof ? 2 : 4) * B);
	if (e->eof)
		core_eof(&p.c);
	core_play_until(&p, CORE_WRITE);
	core_play_succeed(&p);
	core_play_asks(&p, CORE_WRITE);
	core_play_result(&p, TAPE_OK, e->leom, B);
	core_play_asks(&p, CORE_FINISH);
	core_play_succeed(&p);
	core_play_asks(&p, CORE_REPORT);
	ck_assert_int_eq(p.s.report.end, e->end);
	ck_assert_uint_eq(p.s.report.bytes, 2 * B);
	core_play_succeed(&p);
	core_play_asks(&p, e->close ? CORE_CLOSE : CORE_HEADER);
}
END_TEST

START_TEST(leom_stays_until_the_volume_is_closed)
{
	struct core_config k = plain();
	struct core_play p;

	core_play_init(&p, &k);
	core_accept(&p.c, 8 * B);
	core_play_until(&p, CORE_LABEL);
	core_play_result(&p, TAPE_OK, true, 0);
	core_play_asks(&p, CORE_CLOSE);
	ck_assert_int_eq(p.s.close, TAPE_CLOSE_GOOD);
	core_play_succeed(&p);
	core_play_until(&p, CORE_HEADER);
	core_play_result(&p, TAPE_OK, true, 0);
	core_play_asks(&p, CORE_FINISH);
	ck_assert(!p.s.commits);
	core_play_succeed(&p);
	core_play_asks(&p, CORE_CLOSE);
	core_play_succeed(&p);
	core_play_until(&p, CORE_HEADER); /* the next volume has not met LEOM */
	ck_assert_uint_eq(p.s.part, 1);
	ck_assert_uint_eq(p.s.attempt, 1);
	core_play_until(&p, CORE_WRITE);
}
END_TEST

START_TEST(a_resumed_dump_reuses_no_attempt_number)
{
	/*
	 * Expected: new attempts at every part have numbers that were not used
	 * before.  Bug: only the first part had new numbers; later parts began
	 * with 1 again.
	 */
	struct core_config k = plain();
	struct core_play p;

	k.part_bytes = 2 * B;
	k.start_parts = 1;
	k.start_bytes = 2 * B;
	k.start_attempts = 3;
	k.later_attempts = 7;
	core_play_init(&p, &k);
	core_accept(&p.c, 6 * B);
	core_eof(&p.c);
	core_play_until(&p, CORE_HEADER);
	ck_assert_uint_eq(p.s.part, 2);
	ck_assert_uint_eq(p.s.attempt, 4);
	core_play_succeed(&p);
	core_play_until(&p, CORE_HEADER);
	ck_assert_uint_eq(p.s.part, 3);
	ck_assert_uint_eq(p.s.attempt, 8);
	core_play_succeed(&p);
	core_play_until(&p, CORE_REPORT);
	ck_assert_uint_eq(p.s.report.attempt, 8);
	core_play_succeed(&p);
	core_play_until(&p, CORE_HEADER);
	ck_assert_uint_eq(p.s.part, 4);
	ck_assert_uint_eq(p.s.attempt, 8);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core");
	TCase *tc = tcase_create("core");

	tcase_add_loop_test(tc, sizes_are_rounded_as_documented, 0,
	    sizeof sizes / sizeof *sizes);
	tcase_add_loop_test(tc,
	    a_run_is_an_eighth_of_the_buffer_8_mib_and_a_block_at_least, 0,
	    sizeof runs / sizeof *runs);
	tcase_add_loop_test(tc, a_tape_gets_the_required_fill, 0, 3);
	tcase_add_loop_test(tc, a_wait_for_the_fill_ends_with_the_dump, 1, 3);
	tcase_add_test(tc, a_wait_for_the_fill_ends_with_the_rest_of_the_part);
	tcase_add_loop_test(tc, no_fill_can_hang_a_dump, 0, 2 * 3 * 12);
	tcase_add_loop_test(tc,
	    finish_does_not_wait_for_the_next_byte_but_report_does, 0, 2);
	tcase_add_test(tc, no_volume_is_requested_until_a_byte_waits);
	tcase_add_loop_test(tc, a_part_ends_in_the_documented_order, 0,
	    sizeof endings / sizeof *endings);
	tcase_add_test(tc, leom_stays_until_the_volume_is_closed);
	tcase_add_test(tc, a_resumed_dump_reuses_no_attempt_number);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
