/*
 * check_place.c: the times of locates, rewinds and restores.
 *
 * For all models: no move takes no time, a move takes as long as the move back,
 * a longer one within a wrap takes no less, and none takes longer than the
 * length and all terms.
 */
#include <check.h>
#include <stdlib.h>

#include "splitter/base/later.h"
#include "splitter/base/random.h"
#include "splitter/tests/run_suite.h"
#include "vtl/model/model.h"
#include "vtl/motion/place.h"
#include "vtl/motion/restore_time.h"

#define S  INT64_C(1000000000)
#define GB UINT64_C(1000000000)

enum { MOVES = 2000 };

static const struct model *model_at(int i)
{
	return model_find(model_names()[i]);
}

static int64_t longest(const struct model_medium *m)
{
	return m->locate_start_ns + m->locate_length_ns + m->locate_wrap_ns +
	    m->locate_band_ns + m->locate_turn_ns;
}

static void check_moves(const struct model_medium *m)
{
	const uint64_t all = m->capacity_bytes + 1, wrap = all / m->wraps;
	uint64_t seed = 7;

	for (int i = 0; i < MOVES; i++) {
		uint64_t a = (seed = random_next(seed, 1)) % all;
		uint64_t b = (seed = random_next(seed, 2)) % all;
		int64_t ns = place_locate_ns(m, a, b);

		ck_assert_int_eq(place_locate_ns(m, a, a), 0);
		ck_assert_int_eq(ns, place_locate_ns(m, b, a));
		ck_assert_int_ge(ns, a == b ? 0 : m->locate_start_ns);
		ck_assert_int_le(ns, longest(m));
		ck_assert_int_le(place_rewind_ns(m, a), m->rewind_ns);
		/* Within the wrap of a, away from its beginning. */
		a -= a % (wrap + 1);
		b = b % (wrap + 1);
		if (b > 1 && place_of(m, a).wrap == place_of(m, a + b).wrap)
			ck_assert_int_ge(place_locate_ns(m, a, a + b),
			    place_locate_ns(m, a, a + b - 1));
	}
	ck_assert_int_eq(place_rewind_ns(m, 0), 0);
}

START_TEST(moves_take_the_time_of_their_distance)
{
	const struct model *model = model_at(_i);

	for (size_t i = 0; i < model->media_count; i++)
		check_moves(&model->media[i]);
}
END_TEST

/* Returns the mean locate from the beginning over all wraps, in ms. */
static int64_t mean_locate_ms(const struct model_medium *m)
{
	enum { STEPS = 16 };
	int64_t sum = 0;

	for (uint64_t i = 0; i < (uint64_t)m->wraps * STEPS; i++)
		sum += place_locate_ns(m, 0,
			   m->capacity_bytes / m->wraps * i / STEPS +
			       m->capacity_bytes / m->wraps / STEPS / 2) /
		    1000000;
	return sum / (m->wraps * STEPS);
}

/* What IBM publishes, and the times that it leads to. */
static const struct {
	const char *model, *medium;
	int64_t mean_ms;
} published[] = {
	{ "lto5", "L5", 60000 },
	{ "lto6", "L6", 62000 },
	{ "lto7", "L7", 56000 },
	{ "lto8", "L8", 59000 },
	{ "lto9", "L9", 45000 },
	{ "lto9hh", "L9", 65000 },
	{ "lto10", "LA", 65000 },
	{ "lto10", "PA", 73000 },
};

START_TEST(the_mean_locate_is_the_published_one)
{
	const struct model_medium *m =
	    model_medium(model_find(published[_i].model),
		media_find_type(published[_i].medium, ""));
	int64_t mean = mean_locate_ms(m);

	ck_assert_int_ge(mean, published[_i].mean_ms * 99 / 100);
	ck_assert_int_le(mean, published[_i].mean_ms * 101 / 100);
}
END_TEST

START_TEST(a_full_length_is_near_the_measured_one)
{
	const struct model_medium *m =
	    model_medium(model_find("lto7"), media_find_type("L7", ""));
	uint64_t wrap = m->capacity_bytes / m->wraps;
	/* CERN: 104 s along an LTO-7 tape, and a change of wrap. */
	int64_t ns = place_locate_ns(m, 0, wrap + wrap / 1000);

	ck_assert_int_ge(ns, 104 * S * 90 / 100);
	ck_assert_int_le(ns, 104 * S * 110 / 100);
}
END_TEST

START_TEST(an_unload_rewinds_by_use)
{
	const struct model *lto9 = model_find("lto9");
	const struct model_medium *m = &lto9->media[0];

	ck_assert_int_eq(place_unload_rewind_ns(lto9, m, 0, 0), 0);
	ck_assert_int_eq(place_unload_rewind_ns(lto9, m, 1, 1), 55 * S);
	ck_assert_int_eq(place_unload_rewind_ns(lto9, m, 0, 1), 55 * S);
	ck_assert_int_eq(place_unload_rewind_ns(lto9, m, 1, 5 * GB - 1),
	    55 * S);
	ck_assert_int_eq(place_unload_rewind_ns(lto9, m, 1, 5 * GB), 110 * S);
	ck_assert_int_eq(place_unload_rewind_ns(lto9, m, 1, 50 * GB - 1),
	    110 * S);
	ck_assert_int_eq(place_unload_rewind_ns(lto9, m, 1, 50 * GB), 165 * S);
	m = &model_find("lto8")->media[0];
	ck_assert_int_eq(place_unload_rewind_ns(model_find("lto8"), m, 3 * GB,
			     50 * GB),
	    place_rewind_ns(m, 3 * GB));
}
END_TEST

static const struct model plain = {
	.command_ns = 10,
	.bus_bytes_per_s = GB,
	.turn_ns = 1000,
	.load_ns = 3 * S,
	.unload_ns = 4 * S,
	.media_count = 1,
	.media = { {
	    .capacity_bytes = 1000,
	    .speeds_bytes_per_s = { 10, 50 },
	    .speeds = 2,
	    .wraps = 10,
	    .bands = 2,
	    .rewind_ns = 101 * S,
	    .locate_start_ns = 1 * S,
	    .locate_length_ns = 100 * S,
	    .locate_wrap_ns = 2 * S,
	    .locate_band_ns = 3 * S,
	    .locate_turn_ns = 5 * S,
	} },
};

START_TEST(a_restore_mounts_locates_reads_and_unloads)
{
	const struct model_medium *m = &plain.media[0];
	const struct restore_part parts[] = {
		{ 4, m, 50, 100, 1, 50 }, /* begins along at 50 */
		{ 4, m, 100, 150, 1, 50 },
		{ 5, m, 0, 50, 1, 50 },
	};
	struct restore_time one = restore_time(&plain, 6 * S, parts, 1);
	struct restore_time all = restore_time(&plain, 6 * S, parts, 3);

	ck_assert_uint_eq(one.mounts, 1);
	ck_assert_int_eq(one.mount_ns, 15 * S);
	ck_assert_int_eq(one.locate_ns, 51 * S);
	ck_assert_int_eq(one.read_ns, 1 * S + 1000); /* to the next wrap */
	ck_assert_int_eq(one.unload_ns, 4 * S + 101 * S);
	ck_assert_int_eq(one.total_ns, 172 * S + 1000);
	ck_assert_uint_eq(all.mounts, 2);
	ck_assert_int_eq(all.mount_ns, 30 * S);
	ck_assert_int_eq(all.locate_ns, 51 * S);
	ck_assert_int_eq(all.read_ns, 3 * S + 1000);
	ck_assert_int_eq(all.unload_ns, 8 * S + 51 * S + 51 * S);
}
END_TEST

START_TEST(a_slow_host_decides_the_time_of_a_restore)
{
	const struct restore_part part = { 0, &plain.media[0], 0, 50,
		300 * GB / 1000, 50 };
	const struct restore_part huge = { 0, &plain.media[0], 0, UINT64_MAX,
		UINT64_MAX, UINT64_MAX };

	ck_assert_int_eq(restore_time(&plain, 0, &part, 1).read_ns, 3 * S + 50);
	ck_assert_int_eq(restore_time(&plain, 0, &huge, 1).read_ns,
	    LATER_MOST_NS);
	ck_assert_int_eq(restore_time(&plain, 0, NULL, 0).total_ns, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("place");
	TCase *t = tcase_create("place");
	int models = 0;

	while (model_names()[models] != NULL)
		models++;
	suite_add_tcase(s, t);
	tcase_add_loop_test(t, moves_take_the_time_of_their_distance, 0,
	    models);
	tcase_add_loop_test(t, the_mean_locate_is_the_published_one, 0,
	    sizeof published / sizeof *published);
	tcase_add_test(t, a_full_length_is_near_the_measured_one);
	tcase_add_test(t, an_unload_rewinds_by_use);
	tcase_add_test(t, a_restore_mounts_locates_reads_and_unloads);
	tcase_add_test(t, a_slow_host_decides_the_time_of_a_restore);
	return run_suite(s);
}
