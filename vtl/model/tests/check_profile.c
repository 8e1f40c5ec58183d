/*
 * check_profile.c: profiles that are compiled in have sources, and bad ones are
 * refused, with the place and the reason.
 *
 * The bad ones are the profile of lto9 with one text replaced.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/random.h"
#include "splitter/tests/run_suite.h"
#include "vtl/model/profile.h"

enum { TEXT_BYTES = 16384 };

static char reported[TEXT_BYTES];

static void report(void *arg, const char *message)
{
	size_t used = strlen(reported);

	(void)arg;
	snprintf(reported + used, sizeof reported - used, "%s\n", message);
}

/* Reads a profile; `reported` has the errors. */
static int parse(const char *text, bool sourced, struct model *model)
{
	struct yaml_errors errors = { 0 };
	int rc = profile_parse(text, strlen(text), sourced, model, &errors);

	reported[0] = '\0';
	yaml_errors_report(&errors, "p", report, NULL);
	yaml_errors_clear(&errors);
	return rc;
}

/* Returns the text with the first `old` replaced. */
static const char *replaced(const char *text, const char *old, const char *new)
{
	static char copy[TEXT_BYTES];
	const char *at = strstr(text, old);

	ck_assert_msg(at != NULL, "not in the profile: %s", old);
	snprintf(copy, sizeof copy, "%.*s%s%s", (int)(at - text), text, new,
	    at + strlen(old));
	return copy;
}

START_TEST(each_value_that_is_compiled_in_has_a_source)
{
	const char *name = model_names()[_i];
	struct model model;

	ck_assert_ptr_nonnull(profile_text(name));
	ck_assert_msg(parse(profile_text(name), true, &model) == 0, "%s:\n%s",
	    name, reported);
	ck_assert_str_eq(model.name, name);
}
END_TEST

START_TEST(a_value_without_a_source_is_refused_if_it_must_have_one)
{
	static const char *const values[] = { "30 s",
		"{value: 30 s, estimate: false}", "{value: 30 s}" };
	const char *text = profile_text("lto9");
	struct model model;

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		const char *plain = replaced(text,
		    "{value: 30 s, source: \"IBM, LTO performance "
		    "specifications\"}",
		    values[i]);

		ck_assert_int_eq(parse(plain, false, &model), 0);
		ck_assert_int_eq(model.unload_ns, 30000000000);
		ck_assert_int_eq(parse(plain, true, &model), -1);
		ck_assert_ptr_nonnull(strstr(reported,
		    "unload: needs a source, or estimate: true"));
	}
}
END_TEST

static const struct {
	const char *old, *new, *error;
} rows[] = {
	{ "name: lto9", "", "a profile needs the key \"name\"" },
	{ "name: lto9", "name: LTO 9",
	    "name: must be of the characters a-z, 0-9 and -" },
	{ "name: lto9", "name: ''", "name: must be one line of 1 to 31" },
	{ "title: \"LTO-9, full height\"", "title: [a]", "title: a list" },
	{ "name: lto9", "nam: lto9", "unknown key \"nam\" in a profile" },
	{ "maker: IBM", "maker: IBM\nmaker: IBM", "\"maker\" is given twice" },
	{ "value: 0x60", "value: 96", "density: must be from 0x01 to 0xff" },
	{ "value: 60 us", "value: -60 us", "command: " },
	{ "value: 60 us", "value: 60", "command: " },
	{ "value: 60 us", "valu: 60 us",
	    "command: unknown key \"valu\"; did you mean \"value\"?" },
	{ "{value: 60 us, estimate: true}", "{estimate: true}",
	    "command: needs the key \"value\"" },
	{ "{value: 60 us, estimate: true}", "{value: 60 us, source: ''}",
	    "source: empty" },
	{ "{value: 60 us, estimate: true}", "{value: 60 us, estimate: yes}",
	    "estimate: unknown value \"yes\"" },
	{ "{value: 60 us, estimate: true}", "[60 us]", "command: a list" },
	{ "value: 800 MB/s", "value: 0", "bus: out of range" },
	{ "value: 800 MB/s", "value: 2 TB/s", "bus: out of range" },
	{ "size: {value: 1 GiB", "size: {value: 0",
	    "size: too small; at least 1 B" },
	{ "restart: {value: 90%", "restart: {value: 100.1%",
	    "restart: must be from 0.1 % to 100 %" },
	{ "restart: {value: 90%", "restart: {value: 0%",
	    "restart: must be from 0.1 % to 100 %" },
	{ "rule: {value: best", "rule: {value: fast",
	    "rule: unknown value \"fast\"" },
	{ "unload: {value: 30 s", "unload: {value: -30 s", "unload: " },
	{ "ratio_max: {value: 3:1", "ratio_max: {value: 1:1",
	    "compression: ratio_max is below the ratio" },
	{ "ratio: {value: 1.1:1", "ratio: {value: 0.5:1",
	    "ratio: must be a ratio from 1:1 to 10:1" },
	{ "media:", "media: {}\nmedium:",
	    "media: must be a mapping with a section" },
	{ "  L8:", "  L9:", "L9 is given twice" },
	{ "  L8:", "  L88:", "unknown medium \"L88\"" },
	{ "  L8:", "  none:", "media: none takes every medium" },
	{ "18000 GB", "0", "capacity: too small; at least 1 kB" },
	{ "18000 GB", "1200 PB", "capacity: " },
	{ "[177 MB/s, 203 MB/s", "[203 MB/s, 177 MB/s",
	    "speeds: must rise; this one is not above the one before it" },
	{ "[177 MB/s, 203 MB/s", "[203 MB/s, 203 MB/s", "speeds: must rise" },
	{ "[177 MB/s, 203 MB/s", "[0, 203 MB/s", "speeds: out of range" },
	{ "177 MB/s, 203",
	    "1 MB/s, 2 MB/s, 3 MB/s, 4 MB/s, 5 MB/s, 6 MB/s, 7 MB/s, 8 MB/s, "
	    "9 MB/s, 10 MB/s, 11 MB/s, 12 MB/s, 13 MB/s, 177 MB/s, 203",
	    "speeds: too many; at most 24 speeds" },
	{ "wraps: {value: 280", "wraps: {value: 0", "wraps: " },
	{ "wraps: {value: 280", "wraps: {value: 2",
	    "bands: more than the wraps" },
	{ "bands: {value: 4", "bands: {value: 0", "bands: " },
	{ "1035 m", "1035", "length: must be whole metres" },
	{ "1035 m", "-5 m", "length: must be whole metres" },
	{ "early_warning: {value: 25 MiB", "early_warning: {value: 18 TB",
	    "early_warning: not less than the capacity" },
	{ "locate_average: {value: 45 s", "locate_average: {value: 5 s",
	    "locate_average: too short; the terms of `locate` alone take" },
	{ "mean: {value: 20 min", "mean: {value: 60 min",
	    "max: no first load has this mean" },
	{ "max: {value: 120 min", "max: {value: 20 min",
	    "max: no first load has this mean" },
	{ "mean: {value: 20 min", "mean: {value: 0",
	    "mean: too short; at least 1 ns" },
};

START_TEST(a_bad_profile_is_refused)
{
	const char *text =
	    replaced(profile_text("lto9"), rows[_i].old, rows[_i].new);
	struct model model;

	ck_assert_int_eq(parse(text, false, &model), -1);
	ck_assert_msg(strncmp(reported, "p:", 2) == 0 &&
		strstr(reported, rows[_i].error) != NULL,
	    "%s, and not: %s", reported, rows[_i].error);
}
END_TEST

START_TEST(what_is_no_profile_is_refused)
{
	static const char *const texts[] = { "", "[]", "a", "{}",
		"media:", "\x01", "name: lto9\n  x: [", "{value: 1}" };
	struct model model;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		ck_assert_int_eq(parse(texts[i], false, &model), -1);
		ck_assert(reported[0] != '\0');
	}
}
END_TEST

START_TEST(values_are_those_of_the_profile)
{
	const struct model *m = model_find("lto9");

	ck_assert_str_eq(m->title, "LTO-9, full height");
	ck_assert_str_eq(m->maker, "IBM");
	ck_assert_uint_eq(m->density, 0x60);
	ck_assert_int_eq(m->command_ns, 60000);
	ck_assert_uint_eq(m->bus_bytes_per_s, 800000000);
	ck_assert_uint_eq(m->buffer_bytes, 1 << 30);
	ck_assert_uint_eq(m->restart_permille, 900);
	ck_assert_int_eq(m->rule, MODEL_BEST);
	ck_assert_uint_eq(m->hitch_permille, 300);
	ck_assert(!m->sync_without_hitch);
	ck_assert_int_eq(m->unload_rewind_ns[2], 165000000000);
	ck_assert_uint_eq(m->ratio_permille, 1100);
	ck_assert_uint_eq(m->media_count, 2);
	ck_assert_uint_eq(m->media[0].speeds, 12);
	ck_assert_uint_eq(m->media[0].speeds_bytes_per_s[11], 408000000);
	ck_assert_uint_eq(m->media[0].wraps, 280);
	ck_assert_uint_eq(m->media[0].length_mm, 1035000);
	ck_assert_int_eq(m->media[0].first_load_max_ns, 7200000000000);
	ck_assert_int_eq(m->media[1].first_load_max_ns, 0);
	ck_assert_uint_eq(m->media[1].speeds_bytes_per_s[11], 365000000);
	m = model_find("lto5");
	ck_assert_uint_eq(m->reads_count, 1);
	ck_assert_str_eq(m->reads[0], "L3");
	ck_assert_uint_eq(model_find("dlt8000")->density, 0x41);
	ck_assert_uint_eq(model_find("instant")->density, 0);
}
END_TEST

/* What is needed to compute times without a division by 0 or an overflow. */
static void check_sane(const struct model *model)
{
	ck_assert_uint_gt(model->media_count, 0);
	ck_assert_uint_gt(model->buffer_bytes, 0);
	ck_assert_uint_ge(model->block_max_bytes, 512);
	ck_assert_uint_gt(model->bus_bytes_per_s, 0);
	for (size_t i = 0; i < model->media_count; i++) {
		const struct model_medium *m = &model->media[i];

		ck_assert_uint_gt(m->speeds, 0);
		ck_assert_uint_le(m->speeds, MODEL_SPEEDS_MAX);
		ck_assert_uint_gt(m->wraps, 0);
		ck_assert_uint_gt(m->bands, 0);
		ck_assert_uint_ge(m->capacity_bytes, m->wraps);
		ck_assert_int_ge(m->locate_length_ns, 0);
		for (size_t n = 0; n < m->speeds; n++)
			ck_assert_uint_gt(m->speeds_bytes_per_s[n],
			    n > 0 ? m->speeds_bytes_per_s[n - 1] : 0);
	}
}

START_TEST(a_changed_profile_is_refused_or_sane)
{
	static const char bytes[] = "0123456789-+:{}[]\"'#%,. \nabsMB\xff";
	enum { CHANGES = 4000 / SANITIZED };
	const char *whole = profile_text("lto9");
	uint64_t seed = 1;
	int good = 0;

	for (int i = 0; i < CHANGES; i++) {
		size_t length = strlen(whole);
		char *text = strdup(whole);
		struct model model;

		for (int n = i % 3; n >= 0; n--) {
			seed = random_next(seed, 1);
			text[seed % length] =
			    bytes[(seed >> 32) % (sizeof bytes - 1)];
		}
		if (parse(text, false, &model) == 0) {
			check_sane(&model);
			good++;
		} else {
			ck_assert(reported[0] != '\0');
		}
		free(text);
	}
	/* Many changes are in titles, sources and comments. */
	ck_assert_int_gt(good, CHANGES / 20);
	ck_assert_int_lt(good, CHANGES * 19 / 20);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("profile");
	TCase *t = tcase_create("profile");
	int models = 0;

	while (model_names()[models] != NULL)
		models++;
	suite_add_tcase(s, t);
	/* The first is "instant", which has no profile. */
	tcase_add_loop_test(t, each_value_that_is_compiled_in_has_a_source, 1,
	    models);
	tcase_add_test(t,
	    a_value_without_a_source_is_refused_if_it_must_have_one);
	tcase_add_loop_test(t, a_bad_profile_is_refused, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_test(t, what_is_no_profile_is_refused);
	tcase_add_test(t, values_are_those_of_the_profile);
	tcase_add_test(t, a_changed_profile_is_refused_or_sane);
	return run_suite(s);
}
