/* check_reports.c: the reports that are written from records. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "reports/write/write.h"
#include "reports/text.h"
#include "reports/tests/samples.h"
#include "reports/tests/report_scratch.h"
#include "splitter/tests/run_suite.h"

static char dir[SCRATCH_PATH_BYTES];
static char err[1024];
static struct results results;

static void setup(void)
{
	report_scratch_make(dir);
	results = (struct results){ 0 };
	*err = '\0';
}

static void teardown(void)
{
	results_free(&results);
	report_scratch_remove(dir);
}

static void must_write(void)
{
	int status = report_write(&results, dir, err, sizeof(err));

	ck_assert_msg(status == 0, "%s", err);
	ck_assert_uint_eq(report_scratch_count(dir, ".new"), 0);
}

static bool has(const char *name, const char *text)
{
	return report_scratch_has(dir, name, text);
}

static bool same_file(const char *other, const char *name)
{
	size_t a_bytes, b_bytes;
	char *a = report_scratch_read(dir, name, &a_bytes);
	char *b = report_scratch_read(other, name, &b_bytes);
	bool same = a != NULL && b != NULL && a_bytes == b_bytes &&
	    memcmp(a, b, a_bytes) == 0;

	free(a);
	free(b);
	return same;
}

static size_t count_of(const char *text, const char *what)
{
	size_t count = 0;

	while ((text = strstr(text, what)) != NULL) {
		text += strlen(what);
		count++;
	}
	return count;
}

START_TEST(a_skipped_scenario_has_its_reason)
{
	struct results_scenario *s = sample_empty("skipped");
	struct results_scenario *t = sample_empty("broken");

	s->status = RESULTS_SKIPPED;
	t->status = RESULTS_FAILED;
	free(s->problem);
	free(s->outcome);
	free(t->problem);
	s->problem = strdup("needs a drive");
	s->outcome = NULL;
	t->problem = strdup("an invariant broke");
	sample_add(&results, s);
	sample_add(&results, t);
	must_write();
	ck_assert(has("results.json",
	    "\"status\": \"skipped\",\n"
	    "      \"passed\": false,\n"
	    "      \"problem\": \"needs a drive\",\n"
	    "      \"outcome\": null,"));
	ck_assert(has("results.json",
	    "\"status\": \"failed\",\n"
	    "      \"passed\": false,\n"
	    "      \"problem\": \"an invariant broke\",\n"));
	ck_assert(has("report.md", "skipped: needs a drive"));
	ck_assert(has("index.html", "needs a drive"));
	ck_assert(!report_scratch_exists(dir, "skipped/throughput.svg"));
}
END_TEST

START_TEST(equal_records_give_equal_bytes)
{
	static const char *const names[] = { "results.json", "report.md",
		"index.html", "a/b/attempts.tsv", "a/b/throughput.tsv",
		"a/b/throughput.gp" };
	char first[SCRATCH_PATH_BYTES];

	sample_add(&results, sample_four_volumes("a/b"));
	sample_add(&results, sample_many("many", 20));
	must_write();
	must_write();
	memcpy(first, dir, sizeof(first));
	report_scratch_make(dir);
	must_write();
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		ck_assert_msg(same_file(first, names[i]), "%s differs",
		    names[i]);
	report_scratch_remove(first);
}
END_TEST

/* What drives and cartridges reported, and what changed from load to unload. */
START_TEST(the_condition_of_each_volume_is_shown)
{
	static const char *const page[] = { "Drive and cartridges",
		"0123456789", ">41<", ">12 + 0<", ">1 + 0<", "Medium (4)",
		"Warning: drive 0,", "uncorrected write errors: 1",
		"Total uncorrected write errors", "02h/" };

	sample_add(&results, sample_four_volumes("four"));
	must_write();
	for (size_t i = 0; i < sizeof(page) / sizeof(*page); i++)
		ck_assert_msg(has("index.html", page[i]), "%s", page[i]);
	ck_assert(has("report.md", "Warning: drive 0, volume TL0002L8"));
	ck_assert(has("results.json", "\"source\": \"02h/0006\""));
	ck_assert(has("results.json", "\"alerts_after\": \"Medium (4)\""));
}
END_TEST

/* Checks that no text of a user is interpreted as markup, code, or UTF-8. */
static void check_hostile_file(const char *name, const char *const never[])
{
	size_t bytes;
	char *text = report_scratch_read(dir, name, &bytes), *clean;

	ck_assert_msg(text != NULL, "there is no %s", name);
	ck_assert_uint_eq(strlen(text), bytes);
	clean = report_text_utf8(text);
	ck_assert_msg(strcmp(clean, text) == 0, "%s: not UTF-8", name);
	for (size_t i = 0; i < bytes; i++)
		ck_assert_msg((unsigned char)text[i] >= ' ' ||
			text[i] == '\n' || text[i] == '\t',
		    "%s: a control character at %zu", name, i);
	for (size_t i = 0; never[i] != NULL; i++)
		ck_assert_msg(strstr(text, never[i]) == NULL, "%s has %s", name,
		    never[i]);
	free(clean);
	free(text);
}

START_TEST(hostile_texts_stay_texts)
{
	static const char *const nothing[] = { NULL };
	static const char *const tags[] = { " <b>", "</script>", " &#0;", "]]>",
		NULL };
	static const char *const markdown[] = { " <b>", " `touch", " a_b",
		"z | \\n", NULL };

	sample_add(&results, sample_hostile("x"));
	must_write();
	check_hostile_file("results.json", nothing);
	check_hostile_file("x/attempts.tsv", nothing);
	check_hostile_file("x/throughput.gp", nothing);
	check_hostile_file("index.html", tags);
	check_hostile_file("report.md", markdown);
	if (report_scratch_exists(dir, "x/throughput.svg"))
		check_hostile_file("x/throughput.svg", tags);
	ck_assert_uint_eq(report_scratch_count(dir, "OWNED"), 0);
}
END_TEST

START_TEST(every_row_of_attempts_has_all_fields)
{
	char *text, *line, *rest;
	size_t lines = 0;

	sample_add(&results, sample_hostile("x"));
	must_write();
	text = report_scratch_read(dir, "x/attempts.tsv", NULL);
	for (line = strtok_r(text, "\n", &rest); line != NULL;
	     line = strtok_r(NULL, "\n", &rest)) {
		ck_assert_uint_eq(count_of(line, "\t"), 9);
		lines++;
	}
	ck_assert_uint_eq(lines, 8);
	free(text);
}
END_TEST

static struct results_scenario *one_interval(const char *name)
{
	struct results_scenario *s = sample_empty(name);

	sample_add_state(&s->dumps[0].series, 0, 0, 0, 0);
	sample_add_state(&s->dumps[0].series, 1000, 5e3, 5e3, 1e9);
	s->dumps[0].buffer_bytes = 2000000;
	s->duration_ns = s->dumps[0].ended_ns = 1000;
	sample_end(s);
	return s;
}

static struct results_scenario *zeros(const char *name)
{
	struct results_scenario *s = sample_empty(name);

	sample_add_state(&s->dumps[0].series, 50000000, 0, 0, 0);
	s->duration_ns = s->dumps[0].ended_ns = 50000000;
	sample_end(s);
	return s;
}

/* Returns a scenario that ends soon after its last sample. */
static struct results_scenario *short_end(const char *name)
{
	struct results_scenario *s = sample_empty(name);

	for (int64_t i = 0; i <= 12; i++)
		sample_add_state(&s->dumps[0].series, i * 10000000,
		    3e6 * (double)i, 2e6 * (double)i, 1e12 * (double)i);
	s->dumps[0].buffer_bytes = 2000000;
	s->duration_ns = s->dumps[0].ended_ns = 122000000;
	sample_end(s);
	return s;
}

static struct results_scenario *many(const char *name)
{
	return sample_many(name, 300);
}

static struct results_scenario *(*const drawn[])(const char *) = { one_interval,
	zeros, short_end, many, sample_hostile };

START_TEST(any_record_is_drawn)
{
	if (system("gnuplot --version >/dev/null 2>&1") != 0)
		return; /* other tests check the run without gnuplot */
	sample_add(&results, drawn[_i]("x"));
	must_write();
	ck_assert(report_scratch_exists(dir, "x/throughput.svg"));
	ck_assert(has("index.html", "<svg"));
	ck_assert(has("report.md", "(<x/throughput.svg>)"));
}
END_TEST

START_TEST(a_dump_that_took_no_time_has_no_plot)
{
	sample_add(&results, sample_empty("empty"));
	sample_add(&results, sample_instant("instant"));
	must_write();
	ck_assert_uint_eq(report_scratch_count(dir, ".svg"), 0);
	ck_assert(has("report.md", "No plot: the dump took no time"));
}
END_TEST

START_TEST(rates_count_only_the_time_that_passed)
{
	sample_add(&results, one_interval("one"));
	sample_add(&results, sample_instant("instant"));
	must_write();
	ck_assert(has("one/throughput.tsv",
	    "\n0\t5000000000\t5000000000\t50\tNaN\t"));
	ck_assert(has("instant/throughput.tsv", "\n0\tNaN\tNaN\tNaN\tNaN\t"));
}
END_TEST

START_TEST(three_hundred_attempts_stay_readable)
{
	char *text;

	sample_add(&results, many("many"));
	must_write();
	text = report_scratch_read(dir, "many/attempts.tsv", NULL);
	ck_assert_uint_eq(count_of(text, "\n"), 301);
	free(text);
	text = report_scratch_read(dir, "report.md", NULL);
	ck_assert_uint_lt(count_of(text, "\n"), 120);
	ck_assert(strstr(text, "299 parts committed in 300 attempts") != NULL);
	ck_assert(strstr(text, "| FAILED | position lost: power on |"));
	ck_assert(strstr(text, "279 more attempts") != NULL);
	free(text);
	text = report_scratch_read(dir, "index.html", NULL);
	ck_assert_uint_lt(count_of(text, "LEOM <small>"), 10);
	ck_assert_uint_ge(count_of(text, "early warning"), 299);
	free(text);
}
END_TEST

START_TEST(a_name_with_slashes_is_a_path)
{
	sample_add(&results, sample_empty("a/b c/#1%"));
	must_write();
	ck_assert(report_scratch_exists(dir, "a/b c/#1%/attempts.tsv"));
	ck_assert(has("index.html", "href=\"a/b%20c/%231%25/attempts.tsv\""));
	ck_assert(has("report.md", "(<a/b%20c/%231%25/attempts.tsv>)"));
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

int main(void)
{
	Suite *suite = suite_create("reports");
	TCase *tcase = tcase_create("reports");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_skipped_scenario_has_its_reason);
	tcase_add_test(tcase, equal_records_give_equal_bytes);
	tcase_add_test(tcase, hostile_texts_stay_texts);
	tcase_add_test(tcase, every_row_of_attempts_has_all_fields);
	tcase_add_loop_test(tcase, any_record_is_drawn, 0, ROWS(drawn));
	tcase_add_test(tcase, the_condition_of_each_volume_is_shown);
	tcase_add_test(tcase, a_dump_that_took_no_time_has_no_plot);
	tcase_add_test(tcase, rates_count_only_the_time_that_passed);
	tcase_add_test(tcase, three_hundred_attempts_stay_readable);
	tcase_add_test(tcase, a_name_with_slashes_is_a_path);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
