/*
 * check_core_stop.c: the core stops when requested, in any state; and dumps of
 * maximum size.
 */
#include <check.h>

#include "splitter/core/tests/core_play.h"
#include "splitter/tests/run_suite.h"

enum { B = 4096, DUMP_BLOCKS = 9 };

/* Failures during the dump, so that every state is reached. */
enum way {
	WELL,
	LEOM_ON_LABEL,
	LEOM_ON_HEADER,
	LEOM_ON_DATA,
	FAIL_LABEL,
	FAIL_HEADER,
	FAIL_DATA,
	FAIL_FINISH,
	REFUSE,
	WAYS
};

/*
 * Answers the step in progress; every third step of the kind that `way` names
 * fails.
 */
static void give_result(struct core_play *p, enum way way, unsigned step)
{
	bool now = step % 3 == 0;
	enum tape_cause bad = now ? TAPE_MEDIUM_ERROR : TAPE_OK;
	enum core_kind kind = p->s.kind;

	if (kind == CORE_LOAD && way == REFUSE && now)
		core_play_result(p, TAPE_REFUSED, false, 0);
	else if (kind == CORE_LABEL && way == LEOM_ON_LABEL)
		core_play_result(p, TAPE_OK, now, 0);
	else if (kind == CORE_LABEL && way == FAIL_LABEL)
		core_play_result(p, bad, false, 0);
	else if (kind == CORE_HEADER && way == LEOM_ON_HEADER)
		core_play_result(p, TAPE_OK, now, 0);
	else if (kind == CORE_HEADER && way == FAIL_HEADER)
		core_play_result(p, bad, false, 0);
	else if (kind == CORE_WRITE && way == LEOM_ON_DATA)
		core_play_result(p, TAPE_OK, now, p->s.bytes);
	else if (kind == CORE_WRITE && way == FAIL_DATA && now)
		core_play_result(p, TAPE_PEOM, false, 0);
	else if (kind == CORE_FINISH && way == FAIL_FINISH)
		core_play_result(p, bad, false, 0);
	else
		core_play_succeed(p);
}

/* Feeds a block if the core waits. */
static void feed(struct core_play *p, uint64_t *left)
{
	if (*left > 0 && core_room(&p->c) >= B) {
		core_accept(&p->c, B);
		*left -= B;
	}
	if (*left == 0 && !p->c.eof)
		core_eof(&p->c);
}

/*
 * Runs until `step` results or inputs were given.  Returns false if the dump
 * ended before that.
 */
static bool run_to(struct core_play *p, enum way way, unsigned steps,
    uint64_t *left)
{
	unsigned i;

	for (i = 0; i < steps; i++) {
		if (p->out)
			give_result(p, way, i / 2);
		else if (core_next(&p->c, &p->s))
			p->out = true;
		else
			feed(p, left);
		if (p->out && p->s.kind == CORE_DONE)
			return false;
	}
	return true;
}

/*
 * Checks that nothing more is written after a stop, and that the dump ends
 * soon.
 */
static void ends_soon(struct core_play *p, unsigned spare)
{
	unsigned n;

	for (n = 0; core_next(&p->c, &p->s); n++) {
		if (p->s.kind == CORE_DONE)
			return;
		ck_assert_msg(p->s.kind == CORE_FINISH ||
			p->s.kind == CORE_REPORT || p->s.kind == CORE_CLOSE ||
			p->s.kind == CORE_END_RECORD,
		    "%s after a stop", core_kind_name(p->s.kind));
		p->out = true;
		core_play_succeed(p);
		ck_assert_uint_lt(n, spare);
	}
	ck_abort_msg("it waits after a stop");
}

static void stop_at(enum way way, uint32_t cache, unsigned steps)
{
	struct core_config k = { .block_bytes = B,
		.part_bytes = 3 * B,
		.buffer_bytes = 2 * B,
		.cache = cache,
		.end_record = 1,
		.max_failed_volumes = 9 };
	uint64_t left = DUMP_BLOCKS * B, safe;
	struct core_play p;

	core_play_init(&p, &k);
	if (!run_to(&p, way, steps, &left))
		return;
	core_stop(&p.c, TAPE_PRODUCER_FAILED);
	/* the second stop does not replace the first reason */
	core_stop(&p.c, TAPE_CANCELLED);
	ck_assert(core_stopped(&p.c));
	if (p.out)
		core_play_succeed(&p);
	safe = p.c.committed;
	ends_soon(&p, 4); /* FINISH, REPORT, END_RECORD, CLOSE */
	ck_assert_uint_eq(p.c.committed, safe);
	if (p.c.outcome == SPLITTER_DONE)
		ck_assert_uint_eq(p.c.committed, DUMP_BLOCKS * B);
	else if (p.c.outcome == SPLITTER_FAILED)
		ck_assert_int_eq(p.s.cause, TAPE_PRODUCER_FAILED);
	ck_assert(core_next(&p.c, &p.s) && p.s.kind == CORE_DONE);
}

START_TEST(stop_is_obeyed_from_every_state)
{
	enum way way = (enum way)(_i % WAYS);
	uint32_t cache =
	    _i / WAYS == 0 ? SPLITTER_CACHE_NONE : SPLITTER_CACHE_MEMORY;
	unsigned steps;

	for (steps = 0; steps < 200; steps++)
		stop_at(way, cache, steps);
}
END_TEST

/* Dumps up to 2^63 bytes, of blocks of 2^50, without stored data. */
static const struct large {
	uint64_t dump, block, part, buffer;
	uint32_t cache;
	unsigned
	    leom_every; /* LEOM is met after every this many runs; 0: never */
} larges[] = {
	{ UINT64_C(1) << 63, UINT64_C(1) << 50, 0, UINT64_C(1) << 53,
	    SPLITTER_CACHE_NONE, 0 },
	{ UINT64_C(1) << 63, UINT64_C(1) << 50, UINT64_C(1) << 55,
	    UINT64_C(1) << 53, SPLITTER_CACHE_MEMORY, 0 },
	{ UINT64_C(1) << 63, UINT64_C(1) << 50, UINT64_C(1) << 62,
	    UINT64_C(1) << 60, SPLITTER_CACHE_MEMORY, 100 },
	{ (UINT64_C(1) << 63) - 1, UINT64_C(1) << 50, INT64_MAX,
	    UINT64_C(1) << 52, SPLITTER_CACHE_NONE, 0 },
	{ (UINT64_C(1) << 63) - 12345, (UINT64_C(1) << 50) + 4096, INT64_MAX,
	    UINT64_C(1) << 60, SPLITTER_CACHE_MEMORY, 33 },
	{ (UINT64_C(1) << 63) - 1, UINT64_C(1) << 61, 0, INT64_MAX / 4,
	    SPLITTER_CACHE_NONE, 3 },
};

START_TEST(a_dump_of_2_63_bytes_overflows_nothing)
{
	const struct large *l = &larges[_i];
	struct core_config k = { .block_bytes = l->block,
		.part_bytes = l->part,
		.buffer_bytes = l->buffer,
		.start_fill_bytes = l->buffer,
		.cache = l->cache,
		.streaming = SPLITTER_STREAMING_REQUIRED,
		.max_failed_volumes = 3 };
	uint64_t left = l->dump, n, taken = 0, runs = 0;
	struct core_play p;

	core_play_init(&p, &k);
	for (;;) {
		if (!core_next(&p.c, &p.s)) {
			n = core_room(&p.c) < left ? core_room(&p.c) : left;
			ck_assert_uint_gt(n, 0);
			core_accept(&p.c, n);
			left -= n;
			if (left == 0)
				core_eof(&p.c);
			continue;
		}
		if (p.s.kind == CORE_DONE)
			break;
		p.out = true;
		if (p.s.kind != CORE_WRITE) {
			core_play_succeed(&p);
			continue;
		}
		ck_assert_uint_eq(p.s.offset, taken);
		taken += p.s.bytes;
		core_play_result(&p, TAPE_OK,
		    l->leom_every > 0 && ++runs % l->leom_every == 0,
		    p.s.bytes);
	}
	ck_assert_int_eq(p.s.outcome, SPLITTER_DONE);
	ck_assert_uint_eq(p.c.committed, l->dump);
	ck_assert_uint_eq(taken, l->dump);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("core, ends");
	TCase *tc = tcase_create("ends");

	tcase_add_loop_test(tc, stop_is_obeyed_from_every_state, 0, 2 * WAYS);
	tcase_add_loop_test(tc, a_dump_of_2_63_bytes_overflows_nothing, 0,
	    sizeof larges / sizeof *larges);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
