/* check_ci.c: the files for continuous integration. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "reports/bounded.h"
#include "reports/ci/ci.h"
#include "reports/ci/reasons.h"
#include "reports/tests/report_scratch.h"
#include "reports/tests/samples.h"
#include "splitter/tests/run_suite.h"

static char dir[SCRATCH_PATH_BYTES];
static struct results results;

static void setup(void)
{
	report_scratch_make(dir);
	results = (struct results){ 0 };
}

static void teardown(void)
{
	results_free(&results);
	report_scratch_remove(dir);
}

static void must_write(void)
{
	char err[256];

	ck_assert_msg(ci_write(&results, dir, err, sizeof err) == 0, "%s", err);
}

static bool has(const char *name, const char *text)
{
	return report_scratch_has(dir, name, text);
}

static void set(char **to, const char *text)
{
	free(*to);
	*to = strdup(text);
}

/* Adds an expectation in line 17; `known` may be "". */
static void expect(struct results_scenario *s, bool passed, const char *known)
{
	size_t count = s->expectations_count;

	s->expectations =
	    realloc(s->expectations, (count + 1) * sizeof *s->expectations);
	s->expectations[count] = (struct results_expectation){
		.line = 17 + (int)count,
		.text = strdup("outcome == DONE"),
		.actual = strdup(passed ? "DONE" : "PARTIAL"),
		.passed = passed,
		.known = strdup(known),
	};
	s->expectations_count++;
}

/* Adds a case that fails in line 17.  It has no dump, so that it is small. */
static void add_failed(const char *name)
{
	struct results_scenario *s = calloc(1, sizeof *s);

	s->name = strdup(name);
	s->file = strdup("a.yaml");
	expect(s, false, "");
	s->status = RESULTS_FAILED;
	sample_add(&results, s);
}

/* Adds a fault that struck once. */
static void add_fault(struct results_scenario *s)
{
	s->faults = calloc(1, sizeof *s->faults);
	s->faults_count = 1;
	s->faults[0] = (struct results_fault){
		.line = 15,
		.text = strdup("{volume: 2, fail: write}"),
		.kind = strdup("write"),
		.strikes = 1,
	};
	s->faults[0].places = calloc(1, sizeof *s->faults[0].places);
	s->faults[0].places_count = 1;
	s->faults[0].places[0] = (struct results_strike){
		.at_ns = 90000000000,
		.dump = 1,
		.attempt = 3,
		.volume = strdup("TL0002"),
		.drive = 1,
		.on_medium = true,
		.medium_byte = 157286400,
	};
}

/* Returns whether xmllint finds the file valid by our XSD. */
static bool is_valid(void)
{
	char command[2 * SCRATCH_PATH_BYTES + 128];

	snprintf(command, sizeof command,
	    "xmllint --noout --schema reports/ci/junit.xsd %s/junit.xml "
	    "2>%s/xmllint.log",
	    dir, dir);
	return system(command) == 0;
}

START_TEST(a_failure_names_line_value_fault_cause_and_command)
{
	static const char *const texts[] = {
		"folder/four.yaml:17: outcome == DONE; but it was: PARTIAL",
		("fault at line 15, {volume: 2, fail: write}, struck at 90 s: "
		 "volume TL0002, drive 1, byte 157286400 of the medium, part 3, "
		 "attempt 1"),
		("part 3, attempt 1 failed on volume TL0002L8, file 1: medium "
		 "error on write at block 4094"),
		"run again: tapelab run folder/four.yaml",
	};
	struct results_scenario *s = sample_four_volumes("folder/four");

	while (s->expectations_count > 0) {
		struct results_expectation *e =
		    &s->expectations[--s->expectations_count];

		free(e->text);
		free(e->actual);
		free(e->known);
	}
	expect(s, false, "");
	s->status = RESULTS_FAILED;
	add_fault(s);
	set(&s->path, "folder/four.yaml");
	set(&s->repeat, "tapelab run folder/four.yaml");
	sample_add(&results, s);
	must_write();
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		ck_assert_msg(has("junit.xml", texts[i]), "%s", texts[i]);
	ck_assert(has("junit.xml",
	    "<testcase classname=\"folder\" name=\"four\" "
	    "file=\"folder/four.yaml\" line=\"17\" time=\""));
	ck_assert(has("results.tap", "\nnot ok 1 - folder/four\n"));
	ck_assert(has("results.tap", "  line: 17\n"));
	ck_assert(has("results.tap", "    - \"part 3, attempt 1 failed on"));
	ck_assert(has("annotations.txt",
	    "::error file=folder/four.yaml,line=17,title=folder/four::outcome "
	    "== DONE; but it was: PARTIAL%0Afault at line 15, {volume"));
	ck_assert(has("summary.md",
	    "- folder/four.yaml:17: `outcome == DONE; but it was: PARTIAL`\n"));
	ck_assert(has("summary.md", "`tapelab run folder/four.yaml`"));
	ck_assert(is_valid());
}
END_TEST

START_TEST(a_case_that_fails_as_known_is_skipped_or_todo)
{
	struct results_scenario *s = sample_empty("a/b/c");

	set(&s->path, "a/b/c.yaml");
	expect(s, true, "");
	expect(s, false, "bug 7");
	sample_add(&results, s);
	must_write();
	ck_assert(has("junit.xml",
	    " tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\""));
	ck_assert(has("junit.xml",
	    "classname=\"a.b\" name=\"c\" file=\"a/b/c.yaml\" line=\"18\""));
	ck_assert(has("junit.xml",
	    "<skipped type=\"known\" message=\"outcome == DONE; but it was: "
	    "PARTIAL; known: bug 7\">"));
	ck_assert(has("results.tap",
	    "not ok 1 - a/b/c # TODO outcome == DONE; but it was: PARTIAL; "
	    "known: bug 7\n"));
	ck_assert(has("annotations.txt", "::notice file=a/b/c.yaml,line=18,"));
	ck_assert(has("summary.md", "1 of the passed cases fail"));
	ck_assert(is_valid());
}
END_TEST

START_TEST(each_reason_of_a_failure_has_its_line)
{
	add_failed("two");
	expect(results.scenarios[0], false, "");
	must_write();
	ck_assert(has("junit.xml", "a.yaml:17: outcome == DONE"));
	ck_assert(has("junit.xml", "a.yaml:18: outcome == DONE"));
	ck_assert(has("junit.xml", "(and 1 more)"));
}
END_TEST

START_TEST(a_known_expectation_that_holds_is_a_failure)
{
	struct results_scenario *s = sample_empty("a");

	expect(s, true, "bug 7");
	s->status = RESULTS_FAILED;
	sample_add(&results, s);
	must_write();
	ck_assert(has("junit.xml",
	    "<failure type=\"failed\" message=\"outcome == DONE: it now holds: "
	    "remove `known`, which says: bug 7\">"));
	ck_assert(is_valid());
}
END_TEST

START_TEST(a_skipped_case_has_its_reason)
{
	struct results_scenario *s = sample_empty("a");

	s->status = RESULTS_SKIPPED;
	set(&s->problem, "needs # drive");
	sample_add(&results, s);
	must_write();
	ck_assert(has("junit.xml",
	    "<skipped type=\"skipped\" message=\"needs # drive\">needs # "
	    "drive</skipped>"));
	ck_assert(has("results.tap", "ok 1 - a # SKIP needs \\# drive\n"));
	ck_assert(has("summary.md", "### Skipped\n\n- a: needs \\# drive\n"));
	ck_assert(!has("annotations.txt", "::"));
	ck_assert(is_valid());
}
END_TEST

START_TEST(a_step_is_named_with_its_expectation)
{
	struct results_scenario *s = sample_empty("a"), *t = sample_empty("t");
	struct reasons reasons;

	expect(t, false, "");
	s->steps = calloc(2, sizeof *s->steps);
	s->steps_count = 2;
	for (size_t i = 0; i < 2; i++) {
		s->steps[i].title = strdup(i == 0 ? "write night" : "scan");
		s->steps[i].reached = i == 0;
		s->steps[i].status = RESULTS_FAILED;
		s->steps[i].line = 30;
	}
	s->steps[0].expectations = t->expectations;
	s->steps[0].expectations_count = 1;
	t->expectations = NULL;
	t->expectations_count = 0;
	s->status = RESULTS_FAILED;
	sample_add(&results, s);
	sample_add(&results, t);
	ck_assert_int_eq(reasons_of(s, &reasons), 0);
	ck_assert_uint_eq(reasons.count, 1);
	ck_assert_str_eq(reasons.list[0].title,
	    "step 1, write night: outcome == DONE; but it was: PARTIAL");
	reasons_free(&reasons);
	s->steps[0].status = RESULTS_PASSED;
	s->steps[0].expectations[0].passed = true;
	ck_assert_int_eq(reasons_of(s, &reasons), 0);
	ck_assert_str_eq(reasons.list[0].title, "step 2, scan: not reached");
	ck_assert_int_eq(reasons.list[0].line, 30);
	reasons_free(&reasons);
}
END_TEST

static const struct {
	const char *path, *file, *included, *result;
} places[] = {
	{ "s/a/b.yaml", "a/b.yaml", "c.yaml", "s/c.yaml" },
	{ "s/a/b.yaml", "a/b.yaml", "", "s/a/b.yaml" },
	{ "b.yaml", "b.yaml", "c/d.yaml", "c/d.yaml" },
	{ "<stdin>", "stdin", "c.yaml", "c.yaml" },
	{ NULL, "a/b.yaml", "c.yaml", "c.yaml" },
};

START_TEST(a_line_of_an_included_file_has_its_path)
{
	struct results_scenario *s = sample_empty("a");
	struct reasons reasons;

	expect(s, false, "");
	s->expectations[0].file = strdup(places[_i].included);
	set(&s->file, places[_i].file);
	s->path = places[_i].path != NULL ? strdup(places[_i].path) : NULL;
	sample_add(&results, s);
	ck_assert_int_eq(reasons_of(s, &reasons), 0);
	ck_assert_str_eq(reasons.list[0].path, places[_i].result);
	reasons_free(&reasons);
}
END_TEST

START_TEST(a_failed_case_has_a_reason_at_any_rate)
{
	struct results_scenario *s = sample_empty("a");
	struct reasons reasons;

	s->status = RESULTS_FAILED;
	sample_add(&results, s);
	ck_assert_int_eq(reasons_of(s, &reasons), 0);
	ck_assert_str_eq(reasons.list[0].title,
	    "the case failed, with the outcome DONE");
	reasons_free(&reasons);
	set(&s->problem, "2 bytes differ");
	ck_assert_int_eq(reasons_of(s, &reasons), 0);
	ck_assert_uint_eq(reasons.count, 1);
	ck_assert_str_eq(reasons.list[0].title, "2 bytes differ");
	reasons_free(&reasons);
}
END_TEST

START_TEST(hostile_texts_stay_texts)
{
	struct results_scenario *s = sample_hostile("x[a=<b>/c]");
	char *text;
	size_t lines = 0;

	s->status = RESULTS_FAILED;
	expect(s, false, "");
	set(&s->expectations[s->expectations_count - 1].text,
	    sample_hostile_text);
	set(&s->path, sample_hostile_text);
	set(&s->repeat, sample_hostile_text);
	sample_add(&results, s);
	must_write();
	ck_assert(is_valid());
	ck_assert(has("junit.xml",
	    "classname=\"scenarios\" "
	    "name=\"x[a=&lt;b&gt;/c]\""));
	text = report_scratch_read(dir, "annotations.txt", NULL);
	for (char *c = text; *c != '\0'; c++)
		lines += *c == '\n';
	ck_assert_uint_eq(lines, 1);
	free(text);
	text = report_scratch_read(dir, "results.tap", NULL);
	for (char *line = strtok(text, "\n"); line != NULL;
	     line = strtok(NULL, "\n"))
		ck_assert_msg(strncmp(line, "TAP", 3) == 0 ||
			strcmp(line, "1..1") == 0 || line[0] == ' ' ||
			strncmp(line, "not ok 1", 8) == 0,
		    "%s", line);
	free(text);
}
END_TEST

START_TEST(the_tenth_error_counts_the_rest)
{
	char name[16];

	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof name, "c%d", i);
		add_failed(name);
	}
	must_write();
	ck_assert(has("annotations.txt", "title=c8::"));
	ck_assert(!has("annotations.txt", "title=c9::"));
	ck_assert(has("annotations.txt",
	    "::error title=tapelab::3 more cases failed"));
}
END_TEST

START_TEST(ten_errors_are_all_shown)
{
	char name[16];

	for (int i = 0; i < CI_ANNOTATIONS_MAX; i++) {
		snprintf(name, sizeof name, "c%d", i);
		add_failed(name);
	}
	must_write();
	ck_assert(has("annotations.txt", "title=c9::"));
	ck_assert(!has("annotations.txt", "more cases"));
}
END_TEST

START_TEST(a_summary_of_many_cases_is_bounded_and_counts_the_rest)
{
	char name[64], line[64], *text, *at;
	size_t bytes, shown = 0, more = 0;

	for (int i = 0; i < 12000; i++) {
		snprintf(name, sizeof name, "a/folder/with/a/long/name/%d", i);
		add_failed(name);
	}
	must_write();
	text = report_scratch_read(dir, "summary.md", &bytes);
	ck_assert_uint_le(bytes, CI_SUMMARY_BYTES_MAX);
	ck_assert_uint_ge(bytes, CI_SUMMARY_BYTES_MAX - 12000);
	ck_assert(strncmp(text, "## tapelab: 12000 failed", 24) == 0);
	for (at = text; (at = strstr(at, "\n### ")) != NULL; at++)
		shown++;
	at = strstr(text, " more failed cases");
	ck_assert_ptr_nonnull(at);
	while (at[-1] >= '0' && at[-1] <= '9')
		at--;
	more = strtoul(at, NULL, 10);
	ck_assert_uint_eq(shown + more, 12000);
	ck_assert(strstr(text, " more cases are not listed") != NULL);
	snprintf(line, sizeof line, "</details>\n");
	ck_assert_str_eq(text + bytes - strlen(line), line);
	free(text);
}
END_TEST

START_TEST(a_bounded_text_ends_with_a_whole_block)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	struct bounded b;

	bounded_init(&b, out, 10);
	fputs("1234", bounded_begin(&b));
	ck_assert(bounded_end(&b, 6));
	fputs("5678", bounded_begin(&b));
	ck_assert(!bounded_end(&b, 3));
	fputs("9", bounded_begin(&b));
	ck_assert(!bounded_end(&b, 0));
	ck_assert_uint_eq(bounded_omitted(&b), 2);
	fputs("567890", bounded_begin(&b));
	ck_assert(bounded_end(&b, 0));
	fclose(out);
	ck_assert_str_eq(text, "1234567890");
	free(text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("ci");
	TCase *tcase = tcase_create("ci");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase,
	    a_failure_names_line_value_fault_cause_and_command);
	tcase_add_test(tcase, a_case_that_fails_as_known_is_skipped_or_todo);
	tcase_add_test(tcase, each_reason_of_a_failure_has_its_line);
	tcase_add_test(tcase, a_known_expectation_that_holds_is_a_failure);
	tcase_add_test(tcase, a_skipped_case_has_its_reason);
	tcase_add_test(tcase, a_step_is_named_with_its_expectation);
	tcase_add_loop_test(tcase, a_line_of_an_included_file_has_its_path, 0,
	    (int)(sizeof places / sizeof *places));
	tcase_add_test(tcase, a_failed_case_has_a_reason_at_any_rate);
	tcase_add_test(tcase, hostile_texts_stay_texts);
	tcase_add_test(tcase, the_tenth_error_counts_the_rest);
	tcase_add_test(tcase, ten_errors_are_all_shown);
	tcase_add_test(tcase,
	    a_summary_of_many_cases_is_bounded_and_counts_the_rest);
	tcase_add_test(tcase, a_bounded_text_ends_with_a_whole_block);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
