/*
 * check_calibrate.c: the constants of drives drawn from a seed are found.
 *
 *   CALIBRATE_FROM=N   the first seed, instead of those below
 *   CALIBRATE_SEEDS=N  how many
 */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/tests/drawn_drive.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/suite_number.h"
#include "vtl/tests/vtl_scratch.h"

/*
 * Some drives; then each rule with several speeds: below, above, and one that a
 * single feed tells from best; below without a backhitch at a filemark; and a
 * level that is not reached before the write delay is over.
 */
static const uint64_t usual_seeds[] = { 1, 2, 3, 1000003, 1000051, 1000153,
	1000013, 1000090 };

enum {
	SEEDS = sizeof usual_seeds / sizeof *usual_seeds,
	UNIT_BYTES = 64,
	UNITS_MAX = 600
};

static const char *const names[CALIBRATE_CONSTANTS] = {
	[CALIBRATE_COMMAND] = "command",
	[CALIBRATE_BUS] = "bus",
	[CALIBRATE_BUFFER_SIZE] = "buffer",
	[CALIBRATE_RESTART] = "restart",
	[CALIBRATE_WRITE_DELAY] = "write_delay",
	[CALIBRATE_RULE] = "rule",
	[CALIBRATE_HITCH] = "hitch",
	[CALIBRATE_HITCH_STANDSTILL] = "at_standstill",
	[CALIBRATE_TURN] = "turn",
	[CALIBRATE_SYNC_HITCH] = "sync",
	[CALIBRATE_WINDOW] = "window",
	[CALIBRATE_LOAD] = "load",
	[CALIBRATE_UNLOAD] = "unload",
	[CALIBRATE_UNLOAD_REWIND_FEW] = "few",
	[CALIBRATE_UNLOAD_REWIND_SOME] = "some",
	[CALIBRATE_UNLOAD_REWIND_MANY] = "many",
	[CALIBRATE_LOCATE_START] = "start",
	[CALIBRATE_LOCATE_WRAP] = "wrap",
	[CALIBRATE_LOCATE_BAND] = "band",
	[CALIBRATE_LOCATE_TURN] = "direction",
	[CALIBRATE_LOCATE_LENGTH] = "length",
	[CALIBRATE_REWIND] = "rewind",
	[CALIBRATE_WRAP_BYTES] = "wrap_bytes",
	[CALIBRATE_CAPACITY] = "capacity",
	[CALIBRATE_EARLY_WARNING] = "early_warning",
	[CALIBRATE_TOP_SPEED] = "top",
};

/* Returns how many speeds the drive has for the feeds that were tried. */
static size_t speeds_shown(const struct drawn_drive *d,
    const struct calibrate_result *r)
{
	const struct calibrate_series *s = &r->curves[CALIBRATE_CURVE_SPEEDS];
	double before = 0;
	size_t n = 0;

	/* The feeds fall, and the speeds with them. */
	for (size_t i = 0; i < s->count; i++) {
		double v =
		    drawn_drive_speed(&d->model, d->model.rule, s->points[i].x);

		n += v != before;
		before = v;
	}
	return n;
}

static void expect_constant(const struct drawn_drive *d, uint64_t seed,
    const struct calibrate_result *r, enum calibrate_constant which)
{
	const struct calibrate_value *v = &r->of[which];
	double is = drawn_drive_true(&d->model, which);

	if (v->found != CALIBRATE_FOUND) {
		ck_assert_msg(v->found != CALIBRATE_NO_FIT,
		    "seed %" PRIu64 ": %s does not fit: %s", seed, names[which],
		    v->why);
		ck_assert_msg(strlen(v->why) > 10, "seed %" PRIu64 ": %s", seed,
		    names[which]);
		ck_assert(v->value == 0);
		return;
	}
	if (which == CALIBRATE_RULE &&
	    drawn_drive_rule_shown(d, r, (enum model_rule)v->value, 0) == 0)
		return;
	ck_assert_msg(fabs(v->value - is) <=
		(which == CALIBRATE_RULE ? 0 : 0.05 * is),
	    "seed %" PRIu64 ": %s is %g, not %g", seed, names[which], v->value,
	    is);
}

static void expect_speeds(const struct drawn_drive *d, uint64_t seed,
    const struct calibrate_result *r)
{
	const struct model_medium *m = &d->model.media[0];

	if (r->of[CALIBRATE_RULE].found != CALIBRATE_FOUND ||
	    r->of[CALIBRATE_RULE].value == MODEL_TOP)
		return;
	ck_assert_msg(r->speeds_count == m->speeds,
	    "seed %" PRIu64 ": %zu speeds, not %zu", seed, r->speeds_count,
	    m->speeds);
	for (size_t i = 0; i < m->speeds; i++)
		ck_assert_msg(fabs(r->speeds[i] /
				      (double)m->speeds_bytes_per_s[i] -
				  1) <= 0.05,
		    "seed %" PRIu64 ": speed %zu is %g", seed, i, r->speeds[i]);
}

/*
 * Whether two of the four feeds, from that of the bus down to 1.25 times the
 * highest speed, reach the restart level before the write delay is over.  The
 * host is a little slower than the bus.
 */
static bool is_level_shown(const struct model *m)
{
	double bus = drawn_drive_true(m, CALIBRATE_BUS);
	double lowest = 1.25 * drawn_drive_true(m, CALIBRATE_TOP_SPEED);
	double level = drawn_drive_true(m, CALIBRATE_RESTART) *
	    drawn_drive_true(m, CALIBRATE_BUFFER_SIZE);
	double second = bus * pow(lowest / bus, 1.0 / 3);

	return level <
	    0.7 * drawn_drive_true(m, CALIBRATE_WRITE_DELAY) * second;
}

/*
 * Whether this drive shows the constant.  Speeds need a level below which bytes
 * can be kept; the backhitch at standstill needs a lower speed, and a filemark
 * that causes a backhitch.
 */
static bool is_shown(const struct drawn_drive *d,
    const struct calibrate_result *r, enum calibrate_constant which)
{
	const struct model *m = &d->model;

	switch (which) {
	case CALIBRATE_RESTART:
	case CALIBRATE_RULE:
		return is_level_shown(m);
	case CALIBRATE_HITCH_STANDSTILL:
		return is_level_shown(m) && !m->sync_without_hitch &&
		    speeds_shown(d, r) > 1;
	case CALIBRATE_UNLOAD_REWIND_FEW:
	case CALIBRATE_UNLOAD_REWIND_SOME:
	case CALIBRATE_UNLOAD_REWIND_MANY:
		return m->unload_rewind_ns[0] > 0;
	case CALIBRATE_CAPACITY:
	case CALIBRATE_EARLY_WARNING:
	case CALIBRATE_LOCATE_BAND:
	case CALIBRATE_WINDOW:
		return false;
	default:
		return true;
	}
}

static void expect_all(const struct drawn_drive *d, uint64_t seed,
    const struct calibrate_result *r)
{
	ck_assert_msg(r->end == CALIBRATE_DONE, "seed %" PRIu64 ": %s", seed,
	    r->message);
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++)
		if (i != CALIBRATE_WINDOW)
			expect_constant(d, seed, r, i);
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++)
		ck_assert_msg(r->of[i].found == CALIBRATE_FOUND ||
			!is_shown(d, r, i),
		    "seed %" PRIu64 ": %s: %s", seed, names[i], r->of[i].why);
	expect_speeds(d, seed, r);
}

/* The drive of a test, its calibration, and what that found. */
static struct drawn_drive drive;
static struct calibrate_config config;
static struct calibrate_result result;

static void begin(uint64_t seed, void (*change)(struct model *model))
{
	drawn_drive_make(&drive, seed, change);
	config = drawn_drive_config(&drive);
}

static void end(void)
{
	calibrate_result_clear(&result);
	drawn_drive_free(&drive);
}

START_TEST(each_constant_is_found_within_5_percent_or_the_reason_given)
{
	uint64_t from = suite_number("CALIBRATE_FROM", 0);
	uint64_t seeds = suite_number("CALIBRATE_SEEDS", SEEDS);

	for (uint64_t i = 0; i < seeds && (from > 0 || i < SEEDS); i++) {
		uint64_t s = from > 0 ? from + i : usual_seeds[i];

		begin(s, NULL);
		calibrate_run(&config, &result);
		expect_all(&drive, s, &result);
		end();
	}
}
END_TEST

static void make_short(struct model *m)
{
	m->media[0].capacity_bytes = UINT64_C(60) << 30;
	m->media[0].wraps = 24;
	m->media[0].bands = 4;
}

static void expect_found(enum calibrate_constant which)
{
	ck_assert_msg(result.of[which].found == CALIBRATE_FOUND, "%s: %s",
	    names[which], result.of[which].why);
}

START_TEST(a_whole_tape_gives_capacity_and_early_warning_and_bands)
{
	begin(1, make_short);
	config.fill = true;
	calibrate_run(&config, &result);
	expect_all(&drive, 1, &result);
	expect_found(CALIBRATE_CAPACITY);
	expect_found(CALIBRATE_EARLY_WARNING);
	expect_found(CALIBRATE_LOCATE_BAND);
	ck_assert_uint_ge(result.written_bytes, UINT64_C(60) << 30);
	end();
}
END_TEST

static void make_tiny(struct model *m)
{
	m->media[0].capacity_bytes = 100 << 20;
	m->media[0].early_warning_bytes = 5 << 20;
	m->media[0].wraps = 16;
}

START_TEST(a_volume_that_is_too_short_is_named)
{
	begin(1, make_tiny);
	config.medium = &model_find("lto8")->media[0];
	calibrate_run(&config, &result);
	ck_assert_int_eq(result.end, CALIBRATE_FAILED);
	ck_assert_ptr_nonnull(strstr(result.message,
	    "the volume is too short"));
	end();
}
END_TEST

/* A drive that winds its tape before an unload, and a tape for 1 GB alone. */
static void make_winding(struct model *m)
{
	m->media[0].capacity_bytes = UINT64_C(7000000000);
	m->media[0].wraps = 8;
	m->media[0].bands = 1;
	m->buffer_bytes = 32 << 20;
	for (int i = 0; i < 3; i++)
		m->unload_rewind_ns[i] = INT64_C(40000000000) * (i + 1);
}

START_TEST(a_short_tape_gives_the_rewinds_that_it_has_room_for)
{
	begin(1, make_winding);
	calibrate_run(&config, &result);
	ck_assert_msg(result.end == CALIBRATE_DONE, "%s", result.message);
	expect_constant(&drive, 1, &result, CALIBRATE_UNLOAD_REWIND_FEW);
	expect_found(CALIBRATE_UNLOAD_REWIND_FEW);
	for (int i = 1; i < 3; i++) {
		const struct calibrate_value *v =
		    &result.of[CALIBRATE_UNLOAD_REWIND_FEW + i];

		ck_assert_int_eq(v->found, CALIBRATE_CANNOT);
		ck_assert_str_eq(v->why,
		    i == 1 ? "the tape is too short for 10 GB"
			   : "the tape is too short for 55 GB");
	}
	end();
}
END_TEST

/* A journal in memory; a run ends when it has written `most` units. */
struct memory {
	char names[UNITS_MAX][UNIT_BYTES];
	double samples[UNITS_MAX][16];
	size_t counts[UNITS_MAX], units, written, most, late;
};

static bool recall(void *arg, const char *unit, double *samples, size_t *count)
{
	const struct memory *m = arg;

	for (size_t i = 0; i < m->units; i++) {
		if (strcmp(m->names[i], unit) != 0)
			continue;
		*count = m->counts[i];
		memcpy(samples, m->samples[i], *count * sizeof *samples);
		return true;
	}
	return false;
}

static int record(void *arg, const char *unit, const double *samples,
    size_t count, char *err, size_t err_bytes)
{
	struct memory *m = arg;

	(void)err;
	(void)err_bytes;
	ck_assert_uint_lt(m->units, UNITS_MAX);
	ck_assert_uint_le(count, 16);
	strcpy(m->names[m->units], unit);
	memcpy(m->samples[m->units], samples, count * sizeof *samples);
	m->counts[m->units++] = count;
	m->written++;
	return 0;
}

/* In the middle of the unit after the last one. */
static bool stopped(void *arg)
{
	struct memory *m = arg;

	return m->written >= m->most && ++m->late > 40;
}

START_TEST(a_run_that_is_stopped_again_and_again_ends_as_one)
{
	struct memory *m = calloc(1, sizeof *m);
	unsigned runs = 0;

	ck_assert_ptr_nonnull(m);
	begin(1, NULL);
	config.arg = m;
	config.unload = config.load = NULL;
	config.recall = recall;
	config.record = record;
	config.stopped = stopped;
	for (;;) {
		m->written = m->late = 0;
		m->most = 7 + runs % 5;
		config.now_ns += INT64_C(3600000000000) * 100;
		calibrate_run(&config, &result);
		runs++;
		if (result.end != CALIBRATE_STOPPED)
			break;
		ck_assert_uint_gt(m->written, 0);
		calibrate_result_clear(&result);
	}
	ck_assert_uint_gt(runs, 10);
	ck_assert_int_eq(result.end, CALIBRATE_DONE);
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++)
		if (i != CALIBRATE_WINDOW)
			expect_constant(&drive, 1, &result, i);
	expect_speeds(&drive, 1, &result);
	end();
	free(m);
}
END_TEST

START_TEST(the_plan_is_near_what_a_run_takes)
{
	struct calibrate_plan plan;
	struct tape_result rewound;
	int64_t took_ns;

	begin(1, NULL);
	config.base = &drive.model;
	config.medium = &drive.model.media[0];
	calibrate_plan(&config, &plan);
	calibrate_run(&config, &result);
	drive.tape->ops->rewind(drive.tape, 0, &rewound);
	took_ns = rewound.done_ns - config.now_ns;
	ck_assert(fabs(plan.all_s / ((double)took_ns / 1e9) - 1) < 0.3);
	ck_assert(fabs((double)plan.bytes / (double)result.written_bytes - 1) <
	    0.3);
	end();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("calibrate");
	TCase *tc = tcase_create("drawn drives");

	tcase_add_checked_fixture(tc, scratch_setup, scratch_teardown);
	tcase_set_timeout(tc, 1200);
	tcase_add_test(tc,
	    each_constant_is_found_within_5_percent_or_the_reason_given);
	tcase_add_test(tc,
	    a_whole_tape_gives_capacity_and_early_warning_and_bands);
	tcase_add_test(tc, a_volume_that_is_too_short_is_named);
	tcase_add_test(tc, a_short_tape_gives_the_rewinds_that_it_has_room_for);
	tcase_add_test(tc, a_run_that_is_stopped_again_and_again_ends_as_one);
	tcase_add_test(tc, the_plan_is_near_what_a_run_takes);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
