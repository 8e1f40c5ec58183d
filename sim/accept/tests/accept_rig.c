/* accept_rig.c: see accept_rig.h. */
#include "sim/accept/tests/accept_rig.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/json/acceptance.h"
#include "reports/output.h"
#include "sim/suite/select.h"
#include "splitter/tests/run_suite.h"

struct accept_rig accept_rig;

/* Three tests: the second needs the first, the third stands alone. */
const char accept_rig_first[] =
    "title: A label\nacceptance: {kind: quick}\n" LIBRARY(
	1) "steps: [{step: label, expect: [result == done]}]\n";
const char accept_rig_second[] =
    "title: A dump\nacceptance: {kind: quick, needs: 10_first}\n" LIBRARY(
	1) "dumps: [{name: d, size: 1 MiB}]\n"
	   "steps:\n"
	   "- {step: label}\n"
	   "- {step: write, dump: d, volumes: 1, expect: [result == done]}\n"
	   "- {step: read, dump: d, expect: [restored == source]}\n";
const char accept_rig_third[] =
    "title: Rates\nacceptance: {kind: quick}\n" LIBRARY(
	1) "steps:\n"
	   "- {step: label}\n"
	   "- {step: measure, what: rate, volume: 1, size: 1 MiB, expect: [result "
	   "== done]}\n";

static void date(void *arg, char to[21])
{
	(void)arg;
	strcpy(to, "2026-01-31T00:00:00Z");
}

static double get_source_rate(void *arg)
{
	(void)arg;
	return accept_rig.source_rate;
}

void accept_rig_set_up(void)
{
	report_scratch_make(accept_rig.dir);
	snprintf(accept_rig.out, sizeof accept_rig.out, "%s/out",
	    accept_rig.dir);
	snprintf(accept_rig.tests, sizeof accept_rig.tests, "%s/tests",
	    accept_rig.dir);
	ck_assert_int_eq(report_output_folder(accept_rig.out, accept_rig.err,
			     sizeof accept_rig.err),
	    0);
	ck_assert_int_eq(report_output_folder(accept_rig.tests, accept_rig.err,
			     sizeof accept_rig.err),
	    0);
	fake_device_init(&accept_rig.fake, accept_rig.dir);
	accept_rig.fake.device.model = NULL;
	accept_rig.source_rate = 1e12;
	accept_rig.config = (struct accept_config){
		.device = &accept_rig.fake.device,
		.names = fake_device_names,
		.names_count = 1,
		.out = accept_rig.out,
		.command = "tapelab run",
		.seed = 7,
		.source_rate = get_source_rate,
		.date = date,
	};
}

void accept_rig_tear_down(void)
{
	acceptance_clear(&accept_rig.record);
	suite_free(&accept_rig.suite);
	memset(&accept_rig.suite, 0, sizeof accept_rig.suite);
	free(accept_rig.text);
	accept_rig.text = NULL;
	if (accept_rig.dir[0] != '\0') {
		char command[SCRATCH_PATH_BYTES + 16];

		snprintf(command, sizeof command, "rm -rf '%s'",
		    accept_rig.dir);
		ck_assert_int_eq(system(command), 0);
	}
}

TCase *accept_rig_case(const char *name)
{
	TCase *tcase = tcase_create(name);

	tcase_add_checked_fixture(tcase, accept_rig_set_up,
	    accept_rig_tear_down);
	tcase_set_timeout(tcase, 300);
	return tcase;
}

int accept_rig_run_case(TCase *tcase)
{
	Suite *s = suite_create("accept");

	suite_add_tcase(s, tcase);
	return run_suite(s);
}

void accept_rig_add(const char *name, const char *scenario)
{
	report_scratch_write(accept_rig.tests, name, scenario);
}

void accept_rig_add_three(void)
{
	accept_rig_add("10_first.yaml", accept_rig_first);
	accept_rig_add("20_second.yaml", accept_rig_second);
	accept_rig_add("30_third.yaml", accept_rig_third);
}

enum accept_end accept_rig_run(void)
{
	size_t text_bytes;
	FILE *printed;
	enum accept_end end;

	suite_free(&accept_rig.suite);
	memset(&accept_rig.suite, 0, sizeof accept_rig.suite);
	ck_assert_int_eq(suite_add(&accept_rig.suite, accept_rig.tests, NULL),
	    0);
	ck_assert_int_eq(suite_read(&accept_rig.suite), 0);
	if (accept_rig.filter != NULL)
		ck_assert_int_eq(suite_select(&accept_rig.suite,
				     &(struct selection){
					 .patterns = &accept_rig.filter,
					 .patterns_count = 1 }),
		    0);
	accept_rig.config.suite = &accept_rig.suite;
	free(accept_rig.text);
	printed = open_memstream(&accept_rig.text, &text_bytes);
	accept_rig.config.to = printed;
	accept_rig.err[0] = '\0';
	end = accept_run(&accept_rig.config, &accept_rig.verdict,
	    accept_rig.err, sizeof accept_rig.err);
	fclose(printed);
	acceptance_clear(&accept_rig.record);
	if (end != ACCEPT_REFUSED)
		ck_assert_int_eq(report_acceptance_read(accept_rig.out,
				     &accept_rig.record, accept_rig.err,
				     sizeof accept_rig.err),
		    0);
	return end;
}

bool accept_rig_is_killed(void)
{
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(accept_rig_run() == ACCEPT_ENDED ? 0 : 1);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	if (WIFEXITED(status)) {
		ck_assert_int_eq(WEXITSTATUS(status), 0);
		return false;
	}
	ck_assert_int_eq(WTERMSIG(status), accept_rig.fake.signal);
	return true;
}

void accept_rig_rewrite(void (*change)(struct acceptance *a))
{
	struct acceptance a;

	ck_assert_int_eq(report_acceptance_read(accept_rig.out, &a,
			     accept_rig.err, sizeof accept_rig.err),
	    0);
	acceptance_set(&a.ended, "");
	change(&a);
	ck_assert_int_eq(report_acceptance_write(&a, accept_rig.out,
			     accept_rig.err, sizeof accept_rig.err),
	    0);
	acceptance_clear(&a);
}

void accept_rig_verdict_is(const char *expected)
{
	char *line = acceptance_verdict_line(&accept_rig.record);

	ck_assert_msg(strstr(line, expected) == line, "%s", line);
	ck_assert_ptr_nonnull(strstr(accept_rig.text, line));
	free(line);
}

const struct acceptance_test *accept_rig_test(const char *name)
{
	for (size_t i = 0; i < accept_rig.record.tests_count; i++)
		if (strcmp(accept_rig.record.tests[i].name, name) == 0)
			return &accept_rig.record.tests[i];
	ck_abort_msg("no test %s", name);
	return NULL;
}

const struct acceptance_row *accept_rig_row(const char *what)
{
	for (size_t i = 0; i < accept_rig.record.rows_count; i++)
		if (strcmp(accept_rig.record.rows[i].what, what) == 0)
			return &accept_rig.record.rows[i];
	return NULL;
}
