/* check_choose.c: which point is recommended, on points made by hand. */
#include <check.h>
#include <math.h>
#include <string.h>

#include "sim/tune/choose.h"
#include "splitter/tests/run_suite.h"

#define MIB (UINT64_C(1) << 20)

/* Points: block, buffer and part in MiB, MB/s, stops in a dump of an hour. */
struct point {
	uint64_t block, buffer, part;
	enum splitter_cache cache;
	double rate, stops;
	const char *problem;
};

enum { POINTS_MAX = 8 };

static struct tune_candidate candidates[POINTS_MAX];

static size_t make(const struct point *points)
{
	size_t n = 0;

	for (; n < POINTS_MAX && points[n].block > 0; n++) {
		const struct point *p = &points[n];
		struct tune_candidate *c = &candidates[n];

		memset(c, 0, sizeof *c);
		c->settings.value[TUNE_BLOCK] = p->block * MIB;
		c->settings.value[TUNE_BUFFER] = p->buffer * MIB;
		c->settings.value[TUNE_PART] = p->part * MIB;
		c->settings.value[TUNE_CACHE] = p->cache;
		c->settings.value[TUNE_DRIVES] = 1;
		c->problem = p->problem;
		for (size_t i = 0; i < TUNE_FIGURES; i++)
			c->figures.of[i] = NAN;
		c->figures.of[TUNE_RATE] = p->rate * 1e6;
		c->figures.of[TUNE_DURATION] = 3600;
		c->figures.of[TUNE_STOPS_DATA] = p->stops;
		c->figures.of[TUNE_USED] = p->stops * 1e9;
	}
	return n;
}

#define NONE   SPLITTER_CACHE_NONE
#define MEMORY SPLITTER_CACHE_MEMORY

static const struct row {
	const char *what;
	enum tune_goal goal;
	const char *limits[2];
	double tolerance;
	struct point points[POINTS_MAX];
	size_t best, chosen;
} rows[] = {
	{ "the cheapest within the tolerance", TUNE_GOAL_THROUGHPUT, { NULL },
	    0.01,
	    { { 1, 64, 1000, NONE, 150, 9, NULL },
		{ 1, 128, 1000, NONE, 199, 9, NULL },
		{ 1, 256, 1000, NONE, 200, 9, NULL },
		{ 1, 512, 1000, NONE, 199.5, 9, NULL } },
	    2, 1 },
	{ "exactly at the tolerance is within it", TUNE_GOAL_THROUGHPUT,
	    { NULL }, 0.01,
	    { { 1, 64, 1000, NONE, 198, 9, NULL },
		{ 1, 128, 1000, NONE, 200, 9, NULL } },
	    1, 0 },
	{ "a part in memory costs memory", TUNE_GOAL_THROUGHPUT, { NULL }, 0.05,
	    { { 1, 64, 1000, MEMORY, 200, 9, NULL },
		{ 1, 128, 100, MEMORY, 199, 9, NULL } },
	    0, 1 },
	{ "equal memory: fewer stops, before a larger part",
	    TUNE_GOAL_THROUGHPUT, { NULL }, 0.05,
	    { { 1, 64, 4000, NONE, 200, 9, NULL },
		{ 1, 64, 1000, NONE, 199, 3, NULL },
		{ 1, 64, 2000, NONE, 199, 5, NULL } },
	    0, 1 },
	{ "equal in all else: the larger block", TUNE_GOAL_THROUGHPUT, { NULL },
	    0.05,
	    { { 1, 64, 1000, NONE, 200, 9, NULL },
		{ 4, 64, 1000, NONE, 199, 9, NULL },
		{ 2, 64, 1000, NONE, 199, 9, NULL } },
	    0, 1 },
	{ "points above a limit are left out", TUNE_GOAL_THROUGHPUT,
	    { "memory=200MiB", "block=1MiB" }, 0.01,
	    { { 1, 256, 1000, NONE, 300, 9, NULL },
		{ 2, 64, 1000, NONE, 300, 9, NULL },
		{ 1, 128, 100, MEMORY, 300, 9, NULL },
		{ 1, 128, 1000, NONE, 100, 9, NULL } },
	    3, 3 },
	{ "a point that could not be run is left out", TUNE_GOAL_THROUGHPUT,
	    { NULL }, 0.01,
	    { { 1, 64, 1000, NONE, 300, 9, "no room" },
		{ 1, 128, 1000, NONE, 100, 9, NULL } },
	    1, 1 },
	{ "wear: the fewest stops", TUNE_GOAL_WEAR,
	    { "throughput=150 MB/s", NULL }, 0.01,
	    { { 1, 64, 1000, NONE, 200, 90, NULL },
		{ 1, 512, 1000, NONE, 190, 8, NULL },
		{ 1, 512, 9000, NONE, 100, 1, NULL } },
	    1, 1 },
	{ "wear: no stop at all is best, and nothing else is as good",
	    TUNE_GOAL_WEAR, { NULL }, 0.01,
	    { { 1, 64, 1000, NONE, 200, 1, NULL },
		{ 1, 512, 1000, NONE, 190, 0, NULL } },
	    1, 1 },
	{ "tape: the least tape", TUNE_GOAL_TAPE, { NULL }, 0.01,
	    { { 1, 64, 1000, NONE, 200, 90, NULL },
		{ 1, 512, 1000, NONE, 190, 8, NULL } },
	    1, 1 },
	{ "memory: the least memory near the best rate", TUNE_GOAL_MEMORY,
	    { NULL }, 0.05,
	    { { 1, 32, 1000, NONE, 150, 9, NULL },
		{ 1, 64, 1000, NONE, 191, 9, NULL },
		{ 1, 128, 1000, NONE, 199, 9, NULL },
		{ 1, 256, 1000, NONE, 200, 9, NULL } },
	    3, 1 },
	{ "stops in an hour are a limit", TUNE_GOAL_THROUGHPUT,
	    { "stops=8", NULL }, 0.01,
	    { { 1, 64, 1000, NONE, 200, 9, NULL },
		{ 1, 128, 1000, NONE, 190, 8, NULL } },
	    1, 1 },
	{ "a part without a limit is above every limit", TUNE_GOAL_THROUGHPUT,
	    { "part=1GiB", NULL }, 0.01,
	    { { 1, 64, 0, NONE, 200, 9, NULL },
		{ 1, 64, 1024, NONE, 190, 9, NULL },
		{ 1, 64, 1025, NONE, 195, 9, NULL } },
	    1, 1 },
	{ "nothing is left", TUNE_GOAL_THROUGHPUT, { "memory=1MiB", NULL },
	    0.01, { { 1, 64, 0, NONE, 200, 9, NULL } }, TUNE_NO_POINT,
	    TUNE_NO_POINT },
};

START_TEST(a_point_is_chosen)
{
	const struct row *row = &rows[_i];
	struct tune_question question = {
		.goal = row->goal, .dumps = 1, .tolerance = row->tolerance
	};
	struct tune_choice choice;
	char err[256];

	for (size_t i = 0; i < 2 && row->limits[i] != NULL; i++)
		ck_assert_int_eq(tune_limit_parse(&question.limits,
				     row->limits[i], err, sizeof err),
		    0);
	tune_choose(&question, candidates, make(row->points), &choice);
	ck_assert_msg(choice.best == row->best && choice.chosen == row->chosen,
	    "%s: best %zu, chosen %zu", row->what, choice.best, choice.chosen);
}
END_TEST

START_TEST(dropped_points_are_counted)
{
	static const struct point points[] = {
		{ 1, 256, 1000, NONE, 300, 9, NULL },
		{ 2, 256, 1000, NONE, 300, 9, NULL },
		{ 2, 64, 1000, NONE, 300, 9, "no room" },
		{ 2, 64, 1000, NONE, 300, 9, NULL },
		{ 1, 64, 1000, NONE, 300, 9, NULL },
		{ 0 },
	};
	struct tune_question question = { .dumps = 2, .tolerance = 0.01 };
	struct tune_choice choice;
	char err[256];

	/* Each of two dumps has a buffer. */
	tune_limit_parse(&question.limits, "memory=128MiB", err, sizeof err);
	tune_limit_parse(&question.limits, "block=1MiB", err, sizeof err);
	tune_choose(&question, candidates, make(points), &choice);
	ck_assert_uint_eq(choice.could_not_run, 1);
	ck_assert_uint_eq(choice.broken[TUNE_LIMIT_MEMORY], 2);
	ck_assert_uint_eq(choice.broken[TUNE_LIMIT_BLOCK], 1);
	ck_assert_uint_eq(choice.chosen, 4);
}
END_TEST

static const struct {
	const char *argument, *says;
} bad_limits[] = {
	{ "memory", "write NAME=VALUE" },
	{ "memory=2", "memory: " },
	{ "memry=2GiB",
	    "no such limit as \"memry\"; did you mean \"memory\"?" },
	{ "drives=0", "drives: " },
	{ "throughput=5", "throughput: " },
	{ "stops=x", "stops: " },
};

START_TEST(a_wrong_limit_is_refused)
{
	struct tune_limits limits = { .given = { false } };
	char err[256] = "";

	ck_assert_int_eq(tune_limit_parse(&limits, bad_limits[_i].argument, err,
			     sizeof err),
	    -1);
	ck_assert_msg(strstr(err, bad_limits[_i].says) != NULL, "%s", err);
}
END_TEST

static const struct {
	struct point point;
	uint64_t mib;
} memories[] = {
	{ { 1, 64, 0, NONE, 0, 0, NULL }, 64 },
	{ { 1, 64, 10, MEMORY, 0, 0, NULL }, 74 },
	{ { 64, 1, 0, NONE, 0, 0, NULL }, 128 },
	{ { 64, 129, 65, MEMORY, 0, 0, NULL }, 192 + 128 },
};

START_TEST(memory_is_whole_blocks_as_the_splitter_takes_it)
{
	const struct point points[POINTS_MAX] = { memories[_i].point };

	ck_assert_uint_eq(make(points), 1);
	ck_assert_uint_eq(tune_memory(&candidates[0].settings),
	    memories[_i].mib * MIB);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("choose");
	TCase *tc = tcase_create("choose");

	tcase_add_loop_test(tc, a_point_is_chosen, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_test(tc, dropped_points_are_counted);
	tcase_add_loop_test(tc, a_wrong_limit_is_refused, 0,
	    sizeof bad_limits / sizeof *bad_limits);
	tcase_add_loop_test(tc, memory_is_whole_blocks_as_the_splitter_takes_it,
	    0, sizeof memories / sizeof *memories);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
