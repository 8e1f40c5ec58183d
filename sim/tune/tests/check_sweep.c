/* check_sweep.c: the values of settings, and the points of a sweep. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tune/points/sweep.h"
#include "splitter/tests/run_suite.h"

static const struct row {
	const char *argument;
	const char *values; /* or, after "!", a part of the message */
} rows[] = {
	{ "block=64KiB..1MiB", "64 KiB|128 KiB|256 KiB|512 KiB|1 MiB" },
	{ "block=64 KiB..300 KiB", "64 KiB|128 KiB|256 KiB|300 KiB" },
	{ "block=1MiB,64KiB,1MiB", "64 KiB|1 MiB" },
	{ "block=64KiB", "64 KiB" },
	{ "block", "64 KiB|128 KiB|256 KiB|512 KiB|1 MiB" },
	{ "buffer=1MiB..4MiB,64MiB", "1 MiB|2 MiB|4 MiB|64 MiB" },
	{ "part=0,1GiB..2GiB", "1 GiB|2 GiB|no limit" },
	{ "part=100GB..200GB", "100 GB|200 GB" },
	{ "cache=spool, none", "none|spool" },
	{ "cache", "none|memory|spool" },
	{ "start_fill=0..100%", "0 %|25 %|50 %|75 %|100 %" },
	{ "start_fill=10%..12%", "10 %|11 %|12 %" },
	{ "start_fill=80%", "80 %" },
	{ "drives=2..4", "2|3|4" },
	{ "drives=1,8", "1|8" },
	{ "compression=on,off", "off|on" },

	{ "blok=1MiB",
	    "!no such setting as \"blok\"; did you mean \"block\"?" },
	{ "filemark=immediate",
	    "!a part is safe only after a synchronised "
	    "filemark" },
	{ "block=1KiB..4KiB", "!block: a size from 4 KiB to 1 GiB" },
	{ "block=4MiB..1MiB", "!block: " },
	{ "block=", "!block: " },
	{ "block=1 MB/s", "!block: \"MB/s\" is the unit of a rate" },
	{ "part=0..1GiB", "!part: a range of sizes cannot begin at 0" },
	{ "cache=disk",
	    "!cache: no such value as \"disk\"; use one of none, "
	    "memory, spool" },
	{ "cache=none..spool", "!cache: the values are words" },
	{ "drives=0..3", "!drives: " },
	{ "drives=3..1", "!drives: the range begins above its end" },
	{ "start_fill=101%", "!start_fill: a value from 0 to 100 %" },
	{ "start_fill=1.5%", "!start_fill: a whole percentage" },
};

static void say(const struct tune_values *values, enum tune_axis axis,
    char *buf, size_t bytes)
{
	char value[TUNE_TEXT_BYTES];

	*buf = '\0';
	for (size_t i = 0; i < values->count; i++) {
		size_t used = strlen(buf);

		snprintf(buf + used, bytes - used, "%s%s", i > 0 ? "|" : "",
		    tune_axis_text(axis, values->list[i], value));
	}
}

START_TEST(values_are_expanded)
{
	const struct row *row = &rows[_i];
	struct tune_sweep sweep = { .base = { { 0 } } };
	char said[512] = "!", err[512] = "";

	if (tune_sweep_add(&sweep, row->argument, err, sizeof err) == 0) {
		for (size_t i = 0; i < TUNE_AXES; i++)
			if (sweep.values[i].count > 0)
				say(&sweep.values[i], (enum tune_axis)i, said,
				    sizeof said);
		ck_assert_str_eq(said, row->values);
	} else {
		ck_assert_msg(*row->values == '!' &&
			strstr(err, row->values + 1) != NULL,
		    "%s\n%s", row->argument, err);
	}
	tune_sweep_clear(&sweep);
}
END_TEST

START_TEST(points_are_all_combinations_in_order)
{
	struct tune_sweep sweep = { .base = { { 0 } } };
	struct tune_settings s;
	char err[256];

	sweep.base.value[TUNE_PART] = 7;
	ck_assert(tune_sweep_is_empty(&sweep));
	ck_assert_int_eq(tune_sweep_add(&sweep, "block=64KiB", err, sizeof err),
	    0);
	ck_assert(tune_sweep_is_empty(&sweep));
	ck_assert_int_eq(tune_sweep_add(&sweep, "buffer=1MiB..4MiB", err,
			     sizeof err),
	    0);
	ck_assert_int_eq(tune_sweep_add(&sweep, "cache=none,memory", err,
			     sizeof err),
	    0);
	ck_assert(!tune_sweep_is_empty(&sweep));
	ck_assert_uint_eq(tune_sweep_points(&sweep), 6);
	for (uint64_t i = 0; i < 6; i++) {
		tune_sweep_at(&sweep, i, &s);
		ck_assert_uint_eq(s.value[TUNE_BLOCK], 64 << 10);
		ck_assert_uint_eq(s.value[TUNE_BUFFER],
		    UINT64_C(1048576) << (i / 2));
		ck_assert_uint_eq(s.value[TUNE_CACHE], i % 2);
		ck_assert_uint_eq(s.value[TUNE_PART], 7);
	}
	ck_assert_int_eq(tune_sweep_add(&sweep, "block=1MiB", err, sizeof err),
	    -1);
	ck_assert_str_eq(err, "block is varied twice");
	tune_sweep_clear(&sweep);
}
END_TEST

START_TEST(number_of_points_does_not_overflow)
{
	struct tune_sweep sweep = { .base = { { 0 } } };

	for (size_t i = 0; i < TUNE_AXES; i++)
		sweep.values[i].count = 1000;
	ck_assert_uint_eq(tune_sweep_points(&sweep), UINT64_MAX);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sweep");
	TCase *tc = tcase_create("sweep");

	tcase_add_loop_test(tc, values_are_expanded, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_test(tc, points_are_all_combinations_in_order);
	tcase_add_test(tc, number_of_points_does_not_overflow);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
