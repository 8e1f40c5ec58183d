/*
 * check_calibrated.c: a sweep with the profile of a drive that was calibrated
 * recommends the same as one with the drive's true constants.  Drives and dumps
 * are drawn from a seed; all of it is in virtual time.
 *
 *   CALIBRATE_FROM=N   the first seed, instead of those below
 *   CALIBRATE_SEEDS=N  how many
 *   CALIBRATE_SHOW=1   print each drive
 */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/calibrate/files/profile.h"
#include "sim/calibrate/tests/drawn_drive.h"
#include "sim/tune/request.h"
#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/suite_number.h"
#include "vtl/tests/vtl_scratch.h"

/*
 * One drive; one without a backhitch at a filemark, one with several speeds and
 * the rule below, and one whose restart level and speeds are not found.
 */
static const uint64_t usual_seeds[] = { 1, 1000013, 1000003, 1000361 };
/*
 * Of these drives.  Of others the durations may differ by more: one stop more or
 * less changes when all later ones come.
 */
static const double durations_apart = 0.01;

enum {
	SEEDS = sizeof usual_seeds / sizeof *usual_seeds,
	POINTS_MAX = 32,
	TEXT_BYTES = 1024
};

static const struct calibrate_about about = { .where = "library lib, drive 0",
	.maker = "Own",
	.product = "drawn",
	.firmware = "1",
	.serial = "TL1",
	.volume = "V",
	.cartridge = "V",
	.version = "1",
	.command = "tapelab calibrate",
	.base_name = "base",
	.kind = "default" };

/* What a sweep says of a drive. */
struct answer {
	struct tune_candidate points[POINTS_MAX];
	size_t count;
	struct tune_choice choice;
	struct tune_question question;
};

static void write_file(const char *name, const char *text)
{
	FILE *out = fopen(scratch_path(name), "w");

	ck_assert_ptr_nonnull(out);
	ck_assert(fputs(text, out) >= 0);
	ck_assert_int_eq(fclose(out), 0);
}

static void write_profile(const char *name,
    const struct calibrate_config *config, const struct calibrate_result *r)
{
	FILE *out = fopen(scratch_path(name), "w");

	ck_assert_ptr_nonnull(out);
	calibrate_profile_write(out, config, r, &about);
	ck_assert_int_eq(fclose(out), 0);
}

/* The profile that a calibration without any error would write. */
static void write_true_profile(const struct drawn_drive *d)
{
	const struct model_medium *m = &d->model.media[0];
	const struct calibrate_config config = { .base = &d->model,
		.medium = m };
	static struct calibrate_result r;

	memset(&r, 0, sizeof r);
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++)
		r.of[i] = (struct calibrate_value){ .found = CALIBRATE_FOUND,
			.value = calibrate_expected(&d->model, m, i),
			.samples = 1,
			.statistic = "exact" };
	r.speeds_count = m->speeds;
	for (size_t i = 0; i < m->speeds; i++)
		r.speeds[i] = (double)m->speeds_bytes_per_s[i];
	write_profile("true.yaml", &config, &r);
}

/* A dump whose source is sometimes slower and sometimes faster than the tape. */
static void write_scenario(const struct drawn_drive *d, uint64_t seed,
    const char *profile)
{
	const struct model_medium *m = &d->model.media[0];
	uint64_t state = seed * 6271 + 5;
	double top = (double)m->speeds_bytes_per_s[m->speeds - 1];
	double low, high, bytes;
	char text[TEXT_BYTES];

	scratch_random(&state);
	low = top * (0.2 + (double)(scratch_random(&state) % 60) / 100);
	high = low + top * (double)(20 + scratch_random(&state) % 100) / 100;
	bytes = top * (double)(100 + scratch_random(&state) % 200);
	snprintf(text, sizeof text,
	    "title: t\n"
	    "library:\n"
	    "  drives: [./%s]\n"
	    "  volumes: {count: 3, capacity: %.0f B}\n"
	    "dump: {source: random, size: %.0f B, rate: %.0f..%.0f B/s}\n"
	    "splitter: {block: 256KiB, buffer: 256MiB, part: 4GiB}\n",
	    profile, bytes * 0.7, bytes, low, high);
	write_file("scenario.yaml", text);
}

static void report(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "%s\n", message);
}

static void run_point(const struct tune_plan *plan, uint64_t seed,
    struct tune_candidate *to)
{
	const struct tune_task task = { .settings = to->settings,
		.seed = seed };
	char folder[] = "/tmp/calibrated-XXXXXX", *line;
	struct tune_record record;

	ck_assert_ptr_nonnull(mkdtemp(folder));
	line = tune_task_run(&plan->study.base, &task, folder);
	ck_assert_int_eq(rmdir(folder), 0);
	ck_assert_ptr_nonnull(line);
	ck_assert_int_eq(tune_record_parse(line, &record), 0);
	ck_assert_msg(record.problem == NULL, "%s", record.problem);
	to->figures = record.figures;
	free(line);
}

/* Runs the sweep with this profile. */
static void sweep(const struct drawn_drive *d, uint64_t seed,
    const char *profile, struct answer *to)
{
	static const char *const vary[] = { "block=64KiB,256KiB,1MiB",
		"buffer=64MiB,512MiB", "part=1GiB,8GiB" };
	struct tune_request request = {
		.seed = seed, .seeds = 1, .points_max = POINTS_MAX
	};
	struct tune_plan plan;

	write_scenario(d, seed, profile);
	request.path = strdup(scratch_path("scenario.yaml"));
	for (size_t i = 0; i < sizeof vary / sizeof *vary; i++)
		ck_assert_int_eq(tune_texts_add(&request.vary, vary[i]), 0);
	ck_assert_int_eq(tune_plan_make(&request, &plan, report, NULL), 0);
	to->count = (size_t)tune_sweep_points(&plan.study.sweep);
	ck_assert_uint_eq(to->count, 12);
	to->question = plan.study.question;
	for (size_t i = 0; i < to->count; i++) {
		to->points[i].problem = NULL;
		tune_sweep_at(&plan.study.sweep, i, &to->points[i].settings);
		run_point(&plan, seed, &to->points[i]);
	}
	tune_choose(&to->question, to->points, to->count, &to->choice);
	ck_assert(to->choice.chosen != TUNE_NO_POINT);
	tune_plan_clear(&plan);
	tune_request_clear(&request);
}

/* Returns by what share the durations of the points differ, on average. */
static double durations_differ(const struct answer *is,
    const struct answer *found)
{
	double sum = 0;

	for (size_t i = 0; i < is->count; i++)
		sum += fabs(found->points[i].figures.of[TUNE_DURATION] /
			is->points[i].figures.of[TUNE_DURATION] -
		    1);
	return sum / (double)is->count;
}

static bool is_as_good(const struct answer *a, size_t point, double more)
{
	struct tune_question question = a->question;

	question.tolerance += more;
	return tune_as_good(&question, &a->points[point],
	    &a->points[a->choice.best]);
}

/*
 * Returns whether the recommendation is the same.  Where the cheaper of two is as
 * good as the best within the tolerance with one profile, and hardly not with the
 * other, either is right: both are as good on the drive itself.
 */
static bool is_recommended(const struct answer *is, const struct answer *found)
{
	size_t a = is->choice.chosen, b = found->choice.chosen;

	return a == b ||
	    (is_as_good(is, b, 0) &&
		is_as_good(found, a, durations_differ(is, found)));
}

static bool is_same(const struct answer *is, const struct answer *found)
{
	return is_recommended(is, found) &&
	    durations_differ(is, found) <= durations_apart;
}

static struct drawn_drive drive;
static struct calibrate_config config;
static struct calibrate_result result;
static struct answer is, found;

/* Calibrates the drive of a seed, and sweeps with its true profile. */
static void begin(uint64_t seed)
{
	drawn_drive_make(&drive, seed, NULL);
	config = drawn_drive_config(&drive);
	calibrate_run(&config, &result);
	ck_assert_int_eq(result.end, CALIBRATE_DONE);
	write_true_profile(&drive);
	sweep(&drive, seed, "true.yaml", &is);
}

static void sweep_found(uint64_t seed)
{
	write_profile("found.yaml", &config, &result);
	sweep(&drive, seed, "found.yaml", &found);
	if (suite_number("CALIBRATE_SHOW", 0) > 0)
		printf("%" PRIu64 ": %zu, %zu; durations differ by %.5f\n",
		    seed, is.choice.chosen, found.choice.chosen,
		    durations_differ(&is, &found));
}

static void end(void)
{
	calibrate_result_clear(&result);
	drawn_drive_free(&drive);
}

START_TEST(a_calibrated_profile_recommends_what_the_true_constants_do)
{
	uint64_t from = suite_number("CALIBRATE_FROM", 0);
	uint64_t seeds = suite_number("CALIBRATE_SEEDS", SEEDS);

	for (uint64_t i = 0; i < seeds && (from > 0 || i < SEEDS);
	     i += part_step(2)) {
		uint64_t s = from > 0 ? from + i : usual_seeds[i];
		bool whole;

		begin(s);
		sweep_found(s);
		ck_assert_msg(is_recommended(&is, &found),
		    "seed %" PRIu64 ": point %zu, not %zu", s,
		    found.choice.chosen, is.choice.chosen);
		ck_assert_msg(from > 0 ||
			is.choice.chosen == found.choice.chosen,
		    "seed %" PRIu64 ": point %zu, not %zu", s,
		    found.choice.chosen, is.choice.chosen);
		/* Other speeds and levels are those of another drive. */
		whole = result.of[CALIBRATE_RESTART].found == CALIBRATE_FOUND &&
		    result.of[CALIBRATE_RULE].found == CALIBRATE_FOUND;
		ck_assert_msg(from > 0 || !whole || is_same(&is, &found),
		    "seed %" PRIu64 ": the durations differ by %g", s,
		    durations_differ(&is, &found));
		end();
	}
}
END_TEST

/* Constants that a calibration finds wrong, by a factor. */
static const struct wrong {
	uint64_t seed;
	enum calibrate_constant which;
	double factor;
} wrongs[] = {
	{ 1000013, CALIBRATE_RESTART, 0.3 }, { 1000013, CALIBRATE_TURN, 3 },
	{ 1000013, CALIBRATE_RULE, 0 }, /* above, instead of below */
	{ 1000003, CALIBRATE_BUS, 0.3 },
	{ 1000003, CALIBRATE_BUFFER_SIZE, 0.5 },
	{ 1000003, CALIBRATE_HITCH, 1.25 }, { 1000003, CALIBRATE_LOAD, 1.5 },
	{ 1000003, CALIBRATE_REWIND, 1.25 },
	{ 1000003, CALIBRATE_TOP_SPEED, 0.9 }, /* with all speeds */
};

/* Makes the result wrong by the factor, or right again. */
static void change(const struct wrong *w, bool back)
{
	double factor = back ? 1 / w->factor : w->factor;

	if (w->which == CALIBRATE_RULE) {
		result.of[w->which].value = back ? MODEL_BELOW : MODEL_ABOVE;
		return;
	}
	result.of[w->which].value *= factor;
	for (size_t i = 0;
	     w->which == CALIBRATE_TOP_SPEED && i < result.speeds_count; i++)
		result.speeds[i] *= factor;
}

/* Without this, the test above might not notice anything. */
static void expect_noticed(uint64_t seed)
{
	size_t n = 0;

	begin(seed);
	ck_assert(result.of[CALIBRATE_RULE].value == MODEL_BELOW);
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs;
	     i += part_step(2)) {
		const struct wrong *w = &wrongs[i];

		if (w->seed != seed)
			continue;
		ck_assert_int_eq(result.of[w->which].found, CALIBRATE_FOUND);
		change(w, false);
		sweep_found(seed);
		ck_assert_msg(!is_same(&is, &found),
		    "%s: the durations differ by %g only",
		    calibrate_key(w->which), durations_differ(&is, &found));
		change(w, true);
		n++;
	}
	ck_assert_uint_gt(n, 0);
	end();
}

START_TEST(a_profile_with_a_wrong_constant_is_noticed)
{
	expect_noticed(1000013);
	expect_noticed(1000003);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("calibrated");
	TCase *tc = tcase_create("drawn drives");

	tcase_add_checked_fixture(tc, scratch_setup, scratch_teardown);
	tcase_set_timeout(tc, 1200);
	tcase_add_test(tc,
	    a_calibrated_profile_recommends_what_the_true_constants_do);
	tcase_add_test(tc, a_profile_with_a_wrong_constant_is_noticed);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
