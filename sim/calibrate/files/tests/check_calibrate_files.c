/*
 * check_calibrate_files.c: the journal of a calibration, and the profile that
 * is made of it.
 */
#include <check.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/files/journal.h"
#include "sim/calibrate/files/profile.h"
#include "sim/calibrate/tests/drawn_drive.h"
#include "splitter/tests/run_suite.h"
#include "vtl/model/profile.h"
#include "vtl/tests/vtl_scratch.h"

enum { SEEDS = 6 };

static struct calibrate_about about(void)
{
	return (struct calibrate_about){ .where = "library lib, drive 0",
		.maker = "IBM",
		.product = "a \"drive\"",
		.firmware = "AB12",
		.serial = "TL12345678",
		.volume = "CAL001L8",
		.cartridge = "CAL001L8",
		.version = "1.0",
		.command = "tapelab calibrate",
		.base_name = "lto7",
		.kind = "default" };
}

static char *text_of(void (*write)(FILE *, const struct calibrate_config *,
			 const struct calibrate_result *,
			 const struct calibrate_about *),
    const struct calibrate_config *config, const struct calibrate_result *r)
{
	const struct calibrate_about a = about();
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	ck_assert_ptr_nonnull(out);
	write(out, config, r, &a);
	ck_assert_int_eq(fclose(out), 0);
	return text;
}

static void read_profile(const char *text, struct model *model)
{
	struct yaml_errors errors = { 0 };
	int rc = profile_parse(text, strlen(text), true, model, &errors);

	ck_assert_msg(rc == 0, "line %d: %s\n%s", errors.items[0].line,
	    errors.items[0].message, text);
	yaml_errors_clear(&errors);
}

static void expect_near(enum calibrate_constant which, double is, double should)
{
	ck_assert_msg(fabs(is - should) <= 0.001 * should + 0.0006,
	    "%s: %g, not %g", calibrate_key(which), is, should);
}

/* Each value has a source, or the parser would refuse it. */
START_TEST(the_profile_has_what_was_found)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct drawn_drive d;
		struct calibrate_config config;
		struct calibrate_result r;
		struct model model, should;
		char *text;

		drawn_drive_make(&d, seed, NULL);
		config = drawn_drive_config(&d);
		calibrate_run(&config, &r);
		ck_assert_int_eq(r.end, CALIBRATE_DONE);
		text = text_of(calibrate_profile_write, &config, &r);
		read_profile(text, &model);
		should = calibrate_model(&config, &r);
		for (int i = 0; i < CALIBRATE_CONSTANTS; i++)
			expect_near(i,
			    calibrate_expected(&model, &model.media[0], i),
			    calibrate_expected(&should, &should.media[0], i));
		ck_assert_uint_eq(model.media[0].speeds,
		    should.media[0].speeds);
		/* A capacity that was not measured does not change a wrap. */
		ck_assert_int_eq(r.of[CALIBRATE_CAPACITY].found,
		    CALIBRATE_NOT_ASKED);
		expect_near(CALIBRATE_WRAP_BYTES,
		    calibrate_expected(&model, &model.media[0],
			CALIBRATE_WRAP_BYTES),
		    r.of[CALIBRATE_WRAP_BYTES].value);
		free(text);
		calibrate_result_clear(&r);
		drawn_drive_free(&d);
	}
}
END_TEST

START_TEST(what_does_not_fit_is_the_expected_value_and_the_reason)
{
	struct calibrate_result r = { .end = CALIBRATE_DONE };
	const struct model *base = model_find("lto8");
	const struct calibrate_config config = { .base = base,
		.medium = &base->media[0] };
	struct model model;
	char *text;

	r.of[CALIBRATE_RESTART] =
	    (struct calibrate_value){ .found = CALIBRATE_NO_FIT,
		    .why = "it \"depends\" on the \\ feed" };
	text = text_of(calibrate_profile_write, &config, &r);
	read_profile(text, &model);
	ck_assert_uint_eq(model.restart_permille, base->restart_permille);
	ck_assert_ptr_nonnull(strstr(text,
	    "restart: {value: 90.0%, source: \"of lto7; does not fit: it "
	    "\\\"depends\\\" on the \\\\ feed\", estimate: true}"));
	free(text);
}
END_TEST

/* The expected speeds that are below it stay. */
START_TEST(the_highest_speed_is_measured_even_if_the_rule_is_not_found)
{
	const struct model *base = model_find("lto8");
	const uint64_t *speeds = base->media[0].speeds_bytes_per_s;
	const size_t count = base->media[0].speeds;
	const struct {
		double top;
		size_t left;
	} rows[] = {
		{ 2.0 * (double)speeds[count - 1], count },
		{ (double)(speeds[2] + speeds[3]) / 2, 4 },
		{ (double)speeds[2], 3 },
		{ (double)speeds[0] / 2, 1 },
	};
	const struct calibrate_config config = { .base = base,
		.medium = &base->media[0] };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct calibrate_result r = { .end = CALIBRATE_DONE };
		struct model model;
		char *text;

		r.of[CALIBRATE_TOP_SPEED] =
		    (struct calibrate_value){ .found = CALIBRATE_FOUND,
			    .value = rows[i].top };
		r.of[CALIBRATE_RULE] =
		    (struct calibrate_value){ .found = CALIBRATE_CANNOT,
			    .why = "the host is late" };
		text = text_of(calibrate_profile_write, &config, &r);
		read_profile(text, &model);
		ck_assert_uint_eq(model.media[0].speeds, rows[i].left);
		expect_near(CALIBRATE_TOP_SPEED,
		    calibrate_expected(&model, &model.media[0],
			CALIBRATE_TOP_SPEED),
		    rows[i].top);
		for (size_t k = 0; k + 1 < rows[i].left; k++)
			ck_assert_uint_eq(model.media[0].speeds_bytes_per_s[k],
			    speeds[k]);
		ck_assert_ptr_nonnull(strstr(text,
		    "source: \"of lto7; cannot be found: the host is late; "
		    "the highest is that which was measured\", estimate: "
		    "true}"));
		free(text);
	}
}
END_TEST

START_TEST(the_line_of_facts_is_one_line_without_serial_numbers)
{
	struct calibrate_result r = { .speeds = { 1e8, 2e8 },
		.speeds_count = 2 };
	const struct model *base = model_find("lto8");
	const struct calibrate_config config = { .base = base,
		.medium = &base->media[0] };
	char *text;

	r.of[CALIBRATE_CAPACITY] =
	    (struct calibrate_value){ .found = CALIBRATE_FOUND,
		    .value = 12e12 };
	r.of[CALIBRATE_HITCH] =
	    (struct calibrate_value){ .found = CALIBRATE_NO_FIT };
	text = text_of(calibrate_facts_write, &config, &r);
	ck_assert_str_eq(text,
	    "tapelab-drive-facts tapelab=1.0 virtual=no maker=IBM "
	    "product=a__drive_ firmware=AB12 medium=L8 "
	    "motion.backhitch=does_not_fit media.capacity=1.2e+13 "
	    "speeds=1e+08,2e+08\n");
	free(text);
}
END_TEST

static char err[512];

static struct calibrate_journal *open_journal(const struct calibrate_about *a)
{
	return calibrate_journal_open(scratch_folder(), a, err, sizeof err);
}

/* Makes a journal with two units. */
static void make_journal(void)
{
	const struct calibrate_about a = about();
	const double first[] = { 1.5, -3, 1e18 / 3 };
	struct calibrate_journal *j = open_journal(&a);

	ck_assert_msg(j != NULL, "%s", err);
	ck_assert_int_eq(calibrate_journal_record(j, "one", first, 3, err,
			     sizeof err),
	    0);
	ck_assert_int_eq(calibrate_journal_record(j, "two", first, 0, err,
			     sizeof err),
	    0);
	calibrate_journal_close(j);
}

static void append(const char *text)
{
	FILE *file = fopen(scratch_path(CALIBRATE_JOURNAL_NAME), "a");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_journal_keeps_units_and_cuts_a_torn_line)
{
	const struct calibrate_about a = about();
	double samples[CALIBRATE_SAMPLES_MAX];
	struct calibrate_journal *j;
	size_t count;

	make_journal();
	append("{\"unit\": \"three\", \"samp");
	j = open_journal(&a);
	ck_assert_msg(j != NULL, "%s", err);
	ck_assert_uint_eq(calibrate_journal_units(j), 2);
	ck_assert(calibrate_journal_recall(j, "one", samples, &count));
	ck_assert_uint_eq(count, 3);
	ck_assert(samples[0] == 1.5 && samples[1] == -3 &&
	    samples[2] == 1e18 / 3);
	ck_assert(calibrate_journal_recall(j, "two", samples, &count));
	ck_assert_uint_eq(count, 0);
	ck_assert(!calibrate_journal_recall(j, "three", samples, &count));
	ck_assert_int_eq(calibrate_journal_record(j, "three", samples, 1, err,
			     sizeof err),
	    0);
	calibrate_journal_close(j);
	j = open_journal(&a);
	ck_assert_uint_eq(calibrate_journal_units(j), 3);
	calibrate_journal_close(j);
}
END_TEST

/* Returns the reference of the journal, and whether it was being changed. */
static const char *change_of(bool *writing)
{
	static char change[64];
	const struct calibrate_about a = about();
	struct calibrate_journal *j = open_journal(&a);

	ck_assert_msg(j != NULL, "%s", err);
	snprintf(change, sizeof change, "%s",
	    calibrate_journal_change(j, writing));
	calibrate_journal_close(j);
	return change;
}

START_TEST(a_journal_says_whether_a_write_had_begun)
{
	const struct calibrate_about a = about();
	struct calibrate_journal *j;
	bool writing;

	make_journal();
	ck_assert_str_eq(change_of(&writing), "");
	ck_assert(!writing);
	j = open_journal(&a);
	ck_assert_int_eq(calibrate_journal_note_writing(j, "0000000a", err,
			     sizeof err),
	    0);
	ck_assert_str_eq(calibrate_journal_change(j, &writing), "0000000a");
	ck_assert(writing);
	calibrate_journal_close(j);
	ck_assert_str_eq(change_of(&writing), "0000000a");
	ck_assert(writing);
	/* Also if the write has changed nothing. */
	j = open_journal(&a);
	ck_assert_int_eq(calibrate_journal_note_change(j, "0000000a", err,
			     sizeof err),
	    0);
	calibrate_journal_close(j);
	ck_assert_str_eq(change_of(&writing), "0000000a");
	ck_assert(!writing);
}
END_TEST

START_TEST(a_damaged_line_is_named)
{
	const struct calibrate_about a = about();

	make_journal();
	append("{\"unit\": \"three\", \"samples\": [\"x\"]}\n");
	ck_assert_ptr_null(open_journal(&a));
	ck_assert_ptr_nonnull(strstr(err,
	    CALIBRATE_JOURNAL_NAME ":4: the line "
				   "is damaged"));
}
END_TEST

START_TEST(a_journal_is_not_continued_with_something_else)
{
	struct calibrate_about others[6];
	static const char *const what[] = { "the drive is TL9",
		"the kind of drive is ULT", "the firmware is X",
		"the cartridge is Y", "the model that is expected is lto9",
		"the kind of run is fill" };

	for (int i = 0; i < 6; i++)
		others[i] = about();
	others[0].serial = "TL9";
	others[1].product = "ULT";
	others[2].firmware = "X";
	others[3].cartridge = "Y";
	others[4].base_name = "lto9";
	others[5].kind = "fill";
	make_journal();
	for (int i = 0; i < 6; i++) {
		ck_assert_ptr_null(open_journal(&others[i]));
		ck_assert_msg(strstr(err, what[i]) != NULL, "%s", err);
	}
}
END_TEST

/* Its samples have other names, so they are not used. */
START_TEST(a_journal_of_another_version_says_what_to_do)
{
	const struct calibrate_about a = about();

	append("{\"calibrate\": 3}\n");
	ck_assert_ptr_null(open_journal(&a));
	ck_assert_msg(strstr(err,
			  "this is not a journal of this version of tapelab "
			  "calibrate: use another --out, or remove the file "
			  "to begin again") != NULL,
	    "%s", err);
}
END_TEST

START_TEST(a_journal_is_used_by_one_process)
{
	const struct calibrate_about a = about();
	struct calibrate_journal *j = open_journal(&a);

	ck_assert_ptr_nonnull(j);
	ck_assert_ptr_null(open_journal(&a));
	ck_assert_ptr_nonnull(strstr(err, "another process"));
	calibrate_journal_close(j);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("files of a calibration");
	TCase *tc = tcase_create("files");

	tcase_add_checked_fixture(tc, scratch_setup, scratch_teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, the_profile_has_what_was_found);
	tcase_add_test(tc,
	    what_does_not_fit_is_the_expected_value_and_the_reason);
	tcase_add_test(tc,
	    the_highest_speed_is_measured_even_if_the_rule_is_not_found);
	tcase_add_test(tc,
	    the_line_of_facts_is_one_line_without_serial_numbers);
	tcase_add_test(tc, a_journal_keeps_units_and_cuts_a_torn_line);
	tcase_add_test(tc, a_journal_says_whether_a_write_had_begun);
	tcase_add_test(tc, a_damaged_line_is_named);
	tcase_add_test(tc, a_journal_is_not_continued_with_something_else);
	tcase_add_test(tc, a_journal_of_another_version_says_what_to_do);
	tcase_add_test(tc, a_journal_is_used_by_one_process);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
