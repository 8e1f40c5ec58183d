/* check_accept.c: acceptance runs of a fake drive: verdicts, stops, journals. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reports/json/acceptance.h"
#include "reports/output.h"
#include "sim/accept/accept.h"
#include "sim/accept/plan.h"
#include "sim/accept/watch.h"
#include "sim/accept/tests/fake_device.h"
#include "reports/tests/report_scratch.h"
#include "splitter/base/signals.h"
#include "splitter/tests/run_suite.h"

#define LIBRARY(count)                                                      \
	"library: {drives: [lto8], volumes: {count: " #count                \
	", capacity: 16 MiB}}\n"                                            \
	"splitter: {block: 64 KiB, buffer: 256 KiB, part: 256 KiB, cache: " \
	"memory}\n"

/* Three tests: the second needs the first, the third stands alone. */
static const char first[] =
    "title: A label\nacceptance: {kind: quick}\n" LIBRARY(
	1) "steps: [{step: label, expect: [result == done]}]\n";
static const char second[] =
    "title: A dump\nacceptance: {kind: quick, needs: 10_first}\n" LIBRARY(
	1) "dumps: [{name: d, size: 1 MiB}]\n"
	   "steps:\n"
	   "- {step: label}\n"
	   "- {step: write, dump: d, volumes: 1, expect: [result == done]}\n"
	   "- {step: read, dump: d, expect: [restored == source]}\n";
static const char third[] = "title: Rates\nacceptance: {kind: quick}\n" LIBRARY(
    1) "steps:\n"
       "- {step: label}\n"
       "- {step: measure, what: rate, volume: 1, size: 1 MiB, expect: [result "
       "== done]}\n";
static const char failing[] =
    "title: A test that fails\nacceptance: {kind: quick}\n" LIBRARY(
	1) "steps: [{step: label, expect: [labelled_volumes == 7]}]\n";
static const char on_second[] =
    "title: Two drives\nacceptance: {kind: quick}\n" LIBRARY(
	1) "steps:\n"
	   "- {step: label}\n"
	   "- {step: measure, what: rate, volume: 1, size: 1 MiB, expect: "
	   "[restored == source]}\n"
	   "- {step: measure, what: second_drive, volume: 1, size: 1 MiB, "
	   "expect: [restored == source]}\n";
static const char two[] =
    "title: Two cartridges\nacceptance: {kind: quick}\n" LIBRARY(
	2) "steps: [{step: label, expect: [labelled_volumes == 2]}]\n";

static char dir[SCRATCH_PATH_BYTES], out[SCRATCH_PATH_BYTES + 8],
    tests[SCRATCH_PATH_BYTES + 8], err[512];
static struct fake_device fake, other;
static struct suite suite;
static struct accept_config config;
static struct acceptance record;
static enum acceptance_verdict verdict;
static FILE *printed;
static char *text;
static size_t text_bytes;
static double source_rate;

static void date(void *arg, char to[21])
{
	(void)arg;
	strcpy(to, "2026-01-31T00:00:00Z");
}

static double get_source_rate(void *arg)
{
	(void)arg;
	return source_rate;
}

/* Another drive, with the same cartridges. */
static struct accept_device *get_second(void *arg, char *why, size_t why_bytes)
{
	(void)arg;
	memcpy(other.changes, fake.changes, sizeof other.changes);
	if (other.serial != NULL)
		return &other.device;
	snprintf(why, why_bytes, "/dev/sg9: it is in use");
	return NULL;
}

static bool refuse(void *arg)
{
	(void)arg;
	return false;
}

static void set_up(void)
{
	report_scratch_make(dir);
	snprintf(out, sizeof out, "%s/out", dir);
	snprintf(tests, sizeof tests, "%s/tests", dir);
	ck_assert_int_eq(report_output_folder(out, err, sizeof err), 0);
	ck_assert_int_eq(report_output_folder(tests, err, sizeof err), 0);
	fake_device_init(&fake, dir);
	fake.device.model = NULL;
	source_rate = 1e12;
	config = (struct accept_config){
		.device = &fake.device,
		.names = fake_device_names,
		.names_count = 1,
		.out = out,
		.command = "tapelab run",
		.seed = 7,
		.source_rate = get_source_rate,
		.date = date,
	};
}

static void tear_down(void)
{
	acceptance_clear(&record);
	suite_free(&suite);
	memset(&suite, 0, sizeof suite);
	free(text);
	text = NULL;
	if (dir[0] != '\0') {
		char command[SCRATCH_PATH_BYTES + 16];

		snprintf(command, sizeof command, "rm -rf '%s'", dir);
		ck_assert_int_eq(system(command), 0);
	}
}

static void add(const char *name, const char *scenario)
{
	report_scratch_write(tests, name, scenario);
}

static void add_three(void)
{
	add("10_first.yaml", first);
	add("20_second.yaml", second);
	add("30_third.yaml", third);
}

/* A test reads on a second drive. */
static void add_second(void)
{
	add_three();
	add("90_second_drive.yaml", on_second);
	other = fake;
	other.serial = "FAKE0002";
	other.firmware = "2.0";
	config.second = get_second;
}

static enum accept_end run(void)
{
	enum accept_end end;

	suite_free(&suite);
	memset(&suite, 0, sizeof suite);
	ck_assert_int_eq(suite_add(&suite, tests, NULL), 0);
	ck_assert_int_eq(suite_read(&suite), 0);
	config.suite = &suite;
	free(text);
	printed = open_memstream(&text, &text_bytes);
	config.to = printed;
	err[0] = '\0';
	end = accept_run(&config, &verdict, err, sizeof err);
	fclose(printed);
	acceptance_clear(&record);
	if (end != ACCEPT_REFUSED)
		ck_assert_int_eq(report_acceptance_read(out, &record, err,
				     sizeof err),
		    0);
	return end;
}

static void verdict_is(const char *expected)
{
	char *line = acceptance_verdict_line(&record);

	ck_assert_msg(strstr(line, expected) == line, "%s", line);
	ck_assert_ptr_nonnull(strstr(text, line));
	free(line);
}

static const struct acceptance_test *test_of(const char *name)
{
	for (size_t i = 0; i < record.tests_count; i++)
		if (strcmp(record.tests[i].name, name) == 0)
			return &record.tests[i];
	ck_abort_msg("no test %s", name);
	return NULL;
}

static const struct acceptance_row *row_of(const char *what)
{
	for (size_t i = 0; i < record.rows_count; i++)
		if (strcmp(record.rows[i].what, what) == 0)
			return &record.rows[i];
	return NULL;
}

START_TEST(a_good_drive_passes)
{
	size_t bytes;
	char *json, command[1200];

	add_three();
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
	ck_assert_int_eq(verdict, ACCEPTANCE_PASSED);
	ck_assert_str_eq(record.serial, "FAKE0001");
	ck_assert_uint_eq(test_of("20_second")->bytes, 1 << 20);
	ck_assert(row_of("Write rate") != NULL);
	ck_assert_str_eq(row_of("Uncorrected write errors")->value, "0");
	ck_assert(report_scratch_has(out, "acceptance.html", "PASSED"));
	ck_assert(report_scratch_has(out, "acceptance.html", record.sha256));
	json = report_scratch_read(out, "evidence.json", &bytes);
	ck_assert_ptr_nonnull(strstr(json, "\"before unload\""));
	free(json);
	snprintf(command, sizeof command,
	    "echo '%s  %s/evidence.json' | sha256sum -c --status",
	    record.sha256, out);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(the_plan_is_printed_and_nothing_moves_before_the_answer)
{
	add_three();
	config.confirm = refuse;
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(text, "20_second"));
	ck_assert_ptr_nonnull(strstr(text, "1.049 MB"));
	ck_assert_ptr_nonnull(strstr(err, "no terminal had the answer yes"));
	ck_assert_uint_eq(fake.opens, 0);
}
END_TEST

START_TEST(a_drive_that_cannot_be_tested_is_refused)
{
	add_three();
	fake.refusal = "scsi_debug keeps 4 bytes of a block";
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_str_eq(err, fake.refusal);
	ck_assert_uint_eq(fake.opens, 0);
}
END_TEST

START_TEST(the_verdict_of_a_virtual_drive_says_so)
{
	add("10_first.yaml", first);
	fake.virtual_drive = "mhvtl";
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("VIRTUAL DRIVE: PASSED");
}
END_TEST

START_TEST(a_failing_test_stops_only_those_that_need_it)
{
	add("10_first.yaml", failing);
	add("20_second.yaml", second);
	add("30_third.yaml", third);
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT PASSED: 10_first: expected labelled_volumes == 7, but "
		   "it was 1");
	ck_assert_int_eq(test_of("20_second")->state, ACCEPTANCE_TEST_LEFT_OUT);
	ck_assert_int_eq(test_of("30_third")->result, ACCEPTANCE_MET);
}
END_TEST

START_TEST(a_hardware_error_stops_all)
{
	unsigned writes;

	add_three();
	fake.hardware_error_at = 2;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT PASSED: 20_second: hardware error:");
	ck_assert_int_eq(test_of("30_third")->state, ACCEPTANCE_TEST_PENDING);
	ck_assert_ptr_nonnull(strstr(record.stopped, "hardware error"));
	writes = fake.writes;
	ck_assert_uint_eq(writes, 2);
}
END_TEST

START_TEST(a_medium_error_on_the_only_cartridge_decides_nothing)
{
	add_three();
	fake.bad[0] = true;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is(
	    "NOT DECIDED: 20_second: medium error on cartridge VTA001L8");
	ck_assert_ptr_nonnull(strstr(test_of("20_second")->why,
	    "name a second cartridge"));
	ck_assert_int_eq(test_of("20_second")->result, ACCEPTANCE_NOT_JUDGED);
}
END_TEST

START_TEST(a_medium_error_is_tried_on_a_second_cartridge)
{
	add_three();
	fake.bad[0] = true;
	config.names_count = 2;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
	ck_assert(test_of("20_second")->second);
	ck_assert_int_eq(test_of("20_second")->result, ACCEPTANCE_MET);
	ck_assert_ptr_nonnull(strstr(test_of("20_second")->why,
	    "cartridge VTA001L8"));
}
END_TEST

START_TEST(medium_errors_on_two_cartridges_are_a_fault_of_the_drive)
{
	add_three();
	fake.bad[0] = fake.bad[1] = true;
	config.names_count = 2;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT PASSED: 20_second: medium errors on two cartridges");
}
END_TEST

START_TEST(an_error_counter_that_grows_is_a_fault)
{
	add_three();
	fake.uncorrected = 3;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT PASSED: 10_first: Uncorrected write errors: ");
	ck_assert_int_eq(row_of("Uncorrected write errors")->judgement,
	    ACCEPTANCE_NOT_MET);
}
END_TEST

START_TEST(what_was_not_looked_at_is_not_good)
{
	static const char *const verdicts[] = {
		"NOT DECIDED: the drive did not report its error counters",
		"NOT DECIDED: the drive did not report its TapeAlert flags",
		"NOT DECIDED: the error counters were cleared",
	};

	add_three();
	fake.no_counters = _i == 0;
	fake.no_alerts = _i == 1;
	fake.clears = _i == 2;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is(verdicts[_i]);
}
END_TEST

/* The flag is there when the counters of the load are read first. */
START_TEST(a_flag_that_a_load_sets_counts)
{
	add_three();
	fake.alerts_of_load = (uint64_t)1 << 29;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	ck_assert_ptr_nonnull(strstr(text, "NOT PASSED: "));
	ck_assert_ptr_nonnull(strstr(text, "TapeAlert 30"));
}
END_TEST

START_TEST(cleaning_is_a_doubt_and_stops_nothing)
{
	add_three();
	fake.alerts = (uint64_t)1 << 19;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT DECIDED: cleaning is due");
	ck_assert_int_eq(test_of("30_third")->state, ACCEPTANCE_TEST_DONE);
}
END_TEST

START_TEST(a_temperature_alert_stops_all_and_decides_nothing)
{
	add_three();
	fake.alerts = (uint64_t)1 << 35;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT DECIDED: 10_first: TapeAlert 36");
	ck_assert_int_eq(test_of("20_second")->state, ACCEPTANCE_TEST_PENDING);
}
END_TEST

START_TEST(a_critical_alert_of_the_drive_stops_all_and_is_a_fault)
{
	add_three();
	fake.alerts = (uint64_t)1 << 29;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT PASSED: 10_first: TapeAlert 30");
	ck_assert_int_eq(test_of("20_second")->state, ACCEPTANCE_TEST_PENDING);
}
END_TEST

START_TEST(a_cartridge_that_was_not_named_interrupts_the_run)
{
	add_three();
	fake.wrong = "VTA003L8";
	ck_assert_int_eq(run(), ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(record.faults_count, 0);
	ck_assert_ptr_nonnull(strstr(record.stopped,
	    "cartridge VTA003L8 is in the drive, and was not named"));
	ck_assert_uint_eq(fake.writes, 0);
}
END_TEST

START_TEST(a_test_of_two_cartridges_is_left_out_with_one)
{
	add("10_first.yaml", first);
	add("20_two.yaml", two);
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT DECIDED: 1 of 2 tests were not run");
	ck_assert_str_eq(test_of("20_two")->why,
	    "it needs 2 cartridges, and 1 was named");
}
END_TEST

START_TEST(a_slow_source_leaves_the_rate_undecided)
{
	const struct acceptance_row *row;

	add("10_third.yaml", third);
	fake.device.model = model_find("lto8");
	source_rate = 100e6;
	/* A tape in memory may be faster than any limit: none is judged. */
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	row = row_of("Source, without a tape");
	ck_assert_int_eq(row->judgement, ACCEPTANCE_NOT_JUDGED);
	ck_assert_str_eq(row->value, "100 MB/s");
	ck_assert_str_eq(row->limit, ">= 547.5 MB/s");
}
END_TEST

/* Changes the journal, as a run that was killed leaves it. */
static void rewrite(void (*change)(struct acceptance *a))
{
	struct acceptance a;

	ck_assert_int_eq(report_acceptance_read(out, &a, err, sizeof err), 0);
	acceptance_set(&a.ended, "");
	change(&a);
	ck_assert_int_eq(report_acceptance_write(&a, out, err, sizeof err), 0);
	acceptance_clear(&a);
}

static void kill_in_the_second(struct acceptance *a)
{
	a->tests[1].state = ACCEPTANCE_TEST_RUNNING;
	a->tests[2].state = ACCEPTANCE_TEST_PENDING;
	acceptance_set(&a->cartridges[0].change, "");
}

/* Its rows and those of the run are added again. */
static void continue_with_the_third(struct acceptance *a)
{
	a->tests[2].state = ACCEPTANCE_TEST_PENDING;
	acceptance_remove_rows(a, "");
}

static void kill_before_the_third(struct acceptance *a)
{
	a->tests[2].state = ACCEPTANCE_TEST_PENDING;
}

START_TEST(a_killed_run_continues_with_the_test_that_it_was_in)
{
	add_three();
	fake.serials[0] = "MED0001";
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	rewrite(kill_in_the_second);
	fake.changes[0] = 99; /* the killed test wrote */
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
	ck_assert_ptr_nonnull(strstr(text, "is continued"));
	ck_assert_uint_eq(test_of("10_first")->attempts, 1);
	ck_assert_uint_eq(test_of("20_second")->attempts, 2);
	ck_assert_str_eq(record.cartridges[0].serial, "MED0001");
}
END_TEST

/*
 * Only the label says that the cartridge may be written, and the killed
 * run leaves it without an end of its dump.
 */
START_TEST(a_run_that_sigkill_ended_continues_on_its_cartridge)
{
	pid_t child;
	int status;

	add_three();
	/* The dump of the second test has four parts, so four writes or more. */
	for (unsigned at = 1; at <= 3; at++) {
		fake.killed_at = at;
		/* The killed run before has written. */
		fake.changes[0] = 1000000 * at;
		child = fork();
		ck_assert_int_ge(child, 0);
		if (child == 0) {
			run();
			_exit(0);
		}
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	fake.killed_at = 0;
	fake.changes[0] = 9000000;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
	ck_assert_uint_eq(test_of("20_second")->attempts, 4);
}
END_TEST

/* The killed run was writing an entry. */
START_TEST(a_torn_entry_is_left_out_of_the_evidence)
{
	size_t bytes;
	char *json;

	add_three();
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	rewrite(kill_before_the_third);
	report_scratch_write(out, "evidence.jsonl",
	    "{\"test\": \"\"}\n{\"test\": \"torn");
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	json = report_scratch_read(out, "evidence.json", &bytes);
	ck_assert_ptr_null(strstr(json, "torn"));
	ck_assert_ptr_nonnull(strstr(json, "\"begin\""));
	free(json);
}
END_TEST

/* The disk is full: no test is done whose evidence is missing. */
START_TEST(without_its_evidence_a_test_is_not_done)
{
	char path[SCRATCH_PATH_BYTES + 32];

	add_three();
	snprintf(path, sizeof path, "%s/evidence.jsonl", out);
	ck_assert_int_eq(symlink("/dev/full", path), 0);
	ck_assert_int_eq(run(), ACCEPT_INTERRUPTED);
	ck_assert_ptr_nonnull(strstr(err, "evidence.jsonl: cannot write"));
	ck_assert_ptr_null(strstr(text, "20_second: "));
	ck_assert_int_ne(test_of("10_first")->state, ACCEPTANCE_TEST_DONE);
	/* There is room again. */
	ck_assert_int_eq(unlink(path), 0);
	fake.changes[0] = 99;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
}
END_TEST

START_TEST(an_interrupted_run_says_so_and_continues)
{
	pid_t child;
	int status;

	add_three();
	fake.killed_at = 2;
	fake.signal = SIGINT;
	child = fork();
	ck_assert_int_ge(child, 0);
	if (child == 0) {
		ck_assert_int_eq(signals_begin(), 0);
		_exit(run() == ACCEPT_INTERRUPTED &&
			    strstr(err, "continues the run") != NULL
			? 0
			: 1);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	/* The cartridge is as the child has left it. */
	ck_assert_int_eq(report_acceptance_read(out, &record, err, sizeof err),
	    0);
	fake.changes[0] = strtoull(record.cartridges[0].change, NULL, 16);
	ck_assert_uint_gt(fake.changes[0], 0);
	fake.killed_at = 0;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
	ck_assert_uint_eq(test_of("20_second")->attempts, 2);
}
END_TEST

START_TEST(a_foreign_cartridge_is_left_as_it_is)
{
	add_three();
	fake_device_make_foreign(&fake, 0);
	ck_assert_int_eq(run(), ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(fake.writes, 0);
	ck_assert_uint_eq(record.faults_count, 0);
	ck_assert_ptr_nonnull(strstr(err, "data of an unknown program"));
	ck_assert_ptr_nonnull(strstr(err, "VTA001L8"));
	/* With leave it is overwritten. */
	config.overwrite = fake_device_names;
	config.overwrite_count = 1;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
}
END_TEST

START_TEST(evidence_of_another_run_is_not_added_to)
{
	add_three();
	report_scratch_write(out, "evidence.jsonl", "{\"test\": \"\"}\n");
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(err, "evidence of another run"));
}
END_TEST

START_TEST(a_drive_without_a_serial_number_does_not_continue_a_run)
{
	add_three();
	fake.serial = "";
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	rewrite(kill_before_the_third);
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(err, "reports no serial number"));
}
END_TEST

START_TEST(a_finished_run_is_not_continued)
{
	add_three();
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(err, "has ended"));
}
END_TEST

START_TEST(another_drive_does_not_continue_the_run)
{
	add_three();
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	rewrite(kill_in_the_second);
	fake.serial = "FAKE0002";
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(err, "serial number FAKE0001"));
	fake.serial = "FAKE0001";
	fake.firmware = "2.0";
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(err, "had the firmware 1.0"));
	fake.firmware = "1.0";
	config.names_count = 2;
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(err, "other cartridges"));
	config.names_count = 1;
	config.run = SCENARIO_FILL;
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(err, "is a quick run"));
}
END_TEST

START_TEST(an_exchanged_cartridge_interrupts_a_continued_run)
{
	unsigned writes;

	add_three();
	fake.serials[0] = "MED0001";
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	rewrite(kill_before_the_third);
	writes = fake.writes;
	fake.serials[0] = "MED0002";
	ck_assert_int_eq(run(), ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(record.faults_count, 0);
	ck_assert_ptr_nonnull(strstr(record.stopped, "it was exchanged"));
	ck_assert_uint_eq(fake.writes, writes);
}
END_TEST

START_TEST(a_cartridge_that_others_wrote_interrupts_a_continued_run)
{
	unsigned writes;

	add_three();
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	rewrite(kill_before_the_third);
	writes = fake.writes;
	fake.changes[0]++;
	ck_assert_int_eq(run(), ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(record.faults_count, 0);
	ck_assert_ptr_nonnull(strstr(record.stopped,
	    "was written by another program"));
	ck_assert_uint_eq(fake.writes, writes);
}
END_TEST

static const char read_back[] = "Read-back on a second drive",
		  errors_there[] = "Read-back on a second drive: uncorrected "
				   "errors";

static const char *fact_of(const char *name)
{
	for (size_t i = 0; i < record.facts_count; i++)
		if (strcmp(record.facts[i].name, name) == 0)
			return record.facts[i].value;
	return NULL;
}

START_TEST(what_was_written_is_read_on_a_second_drive)
{
	add_second();
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
	ck_assert_str_eq(row_of(read_back)->value, "source");
	ck_assert_int_eq(row_of(read_back)->judgement, ACCEPTANCE_MET);
	ck_assert(row_of("Read-back on a second drive: read rate") != NULL);
	ck_assert_str_eq(row_of(errors_there)->value, "0");
	ck_assert_str_eq(fact_of("Second drive"),
	    "FAKE DRIVE, firmware 2.0, serial number FAKE0002");
	ck_assert_ptr_null(fact_of("Not tested"));
	ck_assert(report_scratch_has(out, "acceptance.html", "FAKE0002"));
	ck_assert_uint_eq(other.opens, 1);
	ck_assert_uint_eq(other.writes, 0);
	/* The drive under test keeps its name. */
	ck_assert_str_eq(record.serial, "FAKE0001");
}
END_TEST

START_TEST(a_second_drive_without_counters_is_no_doubt_about_the_first)
{
	add_second();
	other.no_counters = true;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
	ck_assert_str_eq(row_of(read_back)->value, "source");
	ck_assert_ptr_null(row_of(errors_there));
}
END_TEST

START_TEST(without_a_second_drive_the_paper_says_so)
{
	add_second();
	config.second = NULL;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
	ck_assert_uint_eq(record.tests_count, 3);
	ck_assert_str_eq(fact_of("Not tested"), "reading on a second drive");
}
END_TEST

START_TEST(what_only_the_drive_itself_can_read_is_its_fault)
{
	add_second();
	other.unreadable = TAPE_MEDIUM_ERROR;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT PASSED: 90_second_drive: a second drive cannot read "
		   "what the drive wrote and read back itself: ");
	ck_assert_uint_eq(record.faults_count, 1);
	ck_assert_int_eq(row_of(read_back)->judgement, ACCEPTANCE_NOT_MET);
}
END_TEST

START_TEST(what_neither_drive_can_read_was_written_or_read_badly)
{
	add_second();
	add("20_second.yaml", first);
	add("30_third.yaml", first);
	fake.unreadable = other.unreadable = TAPE_MEDIUM_ERROR;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT DECIDED: 90_second_drive: medium error on cartridge "
		   "VTA001L8");
	ck_assert_uint_eq(record.faults_count, 0);
	ck_assert_ptr_nonnull(strstr(row_of(read_back)->why,
	    "written badly, or read badly"));
}
END_TEST

START_TEST(trouble_of_the_second_drive_is_not_the_fault_of_the_first)
{
	add_second();
	other.unreadable = TAPE_HARDWARE_ERROR;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT DECIDED: 90_second_drive: read-back on a second drive");
	ck_assert_ptr_nonnull(strstr(text,
	    "the second drive reported a hardware error"));
	ck_assert_int_eq(test_of("90_second_drive")->result,
	    ACCEPTANCE_NOT_JUDGED);
}
END_TEST

START_TEST(cleaning_that_is_due_on_the_second_drive_decides_nothing)
{
	add_second();
	other.unreadable = TAPE_MEDIUM_ERROR;
	other.alerts = (uint64_t)1 << 19;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT DECIDED: 90_second_drive: ");
	ck_assert_ptr_nonnull(strstr(text,
	    "cleaning of the second drive is due"));
}
END_TEST

START_TEST(errors_that_the_second_drive_counts_are_not_those_of_the_first)
{
	add_second();
	other.uncorrected_reads = 2;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT DECIDED: 90_second_drive: ");
	ck_assert_str_eq(row_of(errors_there)->value, "2");
	ck_assert_int_eq(row_of(errors_there)->judgement,
	    ACCEPTANCE_NOT_JUDGED);
	ck_assert_str_eq(row_of("Uncorrected read errors")->value, "0");
}
END_TEST

START_TEST(a_second_drive_need_not_count)
{
	add_second();
	other.no_counters = _i == 0;
	other.no_alerts = _i == 1;
	other.clears = _i == 2;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("PASSED");
}
END_TEST

START_TEST(a_second_drive_that_cannot_be_used_decides_nothing)
{
	static const char *const serials[] = { NULL, "FAKE0001" };
	static const char *const why[] = { "/dev/sg9: it is in use",
		"the second drive is the first one" };

	add_second();
	other.serial = serials[_i];
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	verdict_is("NOT DECIDED: 90_second_drive: ");
	ck_assert_ptr_nonnull(strstr(text, why[_i]));
	ck_assert_uint_eq(other.opens, 0);
	ck_assert_int_eq(test_of("30_third")->result, ACCEPTANCE_MET);
}
END_TEST

START_TEST(no_test_follows_the_one_on_the_second_drive)
{
	add_second();
	add("95_last.yaml", first);
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(err, "the last one of the last test"));
	ck_assert_uint_eq(fake.opens, 0);
}
END_TEST

static const char *take_any(void *arg, struct tape *tape)
{
	(void)arg, (void)tape;
	return NULL;
}

static void give_back(void *arg, struct tape *tape)
{
	(void)arg, (void)tape;
}

START_TEST(writing_does_not_reach_a_drive_that_only_reads)
{
	const struct watch_config reading = {
		.loaded = take_any, .reading = true, .before_unload = give_back
	};
	const struct tapes_use use = { .reading = false };
	static const char block[4096] = "data";
	const struct tape_run blocks = { .data = block,
		.bytes = sizeof block,
		.block_bytes = sizeof block };
	struct watch_seen seen = { .medium_errors = 0 };
	struct tape_result result;
	struct tape_library *inner =
	    fake.device.ops->open(&fake.device, &use, err, sizeof err);
	struct tape_library *watch = watch_new(inner, &reading, &seen);
	struct tape *tape =
	    tape_load_named(watch, fake_device_names[0], 0, &result);

	tape->ops->label(tape, block, sizeof block, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	tape->ops->start_file(tape, block, sizeof block, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	tape->ops->write(tape, &blocks, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	tape->ops->filemark(tape, true, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	tape->ops->format(tape, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	watch->ops->unload(watch, tape, TAPE_CLOSE_GOOD, 0, &result);
	watch_free(watch);
	fake.device.ops->close(&fake.device, inner);
	ck_assert_uint_eq(fake.writes, 0);
}
END_TEST

static const char on_another[] =
    "title: Another cartridge\nacceptance: {kind: quick}\n" LIBRARY(
	2) "steps:\n"
	   "- {step: label}\n"
	   "- {step: measure, what: rate, volume: 2, size: 2 MiB, expect: "
	   "[result == done]}\n";

/* The last of three tests runs in a second process. */
START_TEST(corrected_errors_are_those_of_all_processes_by_what_was_moved)
{
	const struct acceptance_cartridge *c;
	char expected[64];
	uint64_t written, read;

	add("10_first.yaml", third);
	add("20_second.yaml", on_another);
	add("30_third.yaml", third);
	config.names_count = 2;
	fake.corrected = 5;
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	written = record.cartridges[0].written_bytes;
	read = record.cartridges[0].read_bytes;
	ck_assert_uint_eq(written, 2 << 20);
	/* Labels, and the headers of files, are read too. */
	ck_assert_uint_gt(read, written);
	rewrite(continue_with_the_third);
	ck_assert_msg(run() == ACCEPT_ENDED, "%s", err);
	c = &record.cartridges[0];
	ck_assert_uint_eq(c->written_bytes, 3 << 20);
	ck_assert_uint_gt(c->read_bytes, read);
	for (unsigned i = 0; i < 2; i++) {
		const struct acceptance_counter *n = NULL;

		for (size_t j = 0; j < record.counters_count; j++)
			if (record.counters[j].page == 2 + i &&
			    record.counters[j].code == 3 &&
			    strcmp(record.counters[j].cartridge, c->name) == 0)
				n = &record.counters[j];
		ck_assert_ptr_nonnull(n);
		snprintf(expected, sizeof expected, "%.1f",
		    (double)n->value * 1e12 /
			(double)(i == 0 ? c->written_bytes : c->read_bytes));
		ck_assert_str_eq(
		    row_of(i == 0 ? "Corrected write errors per TB, VTA001L8"
				  : "Corrected read errors per TB, VTA001L8")
			->value,
		    expected);
	}
	/* The second cartridge has its own rows. */
	ck_assert_uint_eq(record.cartridges[1].written_bytes, 2 << 20);
	ck_assert(row_of("Corrected write errors per TB, VTA002L8") != NULL);
	ck_assert(row_of("Corrected read errors per TB, VTA002L8") != NULL);
	ck_assert_str_eq(row_of("Uncorrected write errors")->value, "0");
}
END_TEST

/* On the drives of today; an older drive has less to write in the time. */
START_TEST(each_run_takes_the_time_that_its_option_promises)
{
	static const struct timed {
		enum scenario_acceptance_run run;
		int64_t minutes;
	} runs[] = { { SCENARIO_QUICK, 15 }, { SCENARIO_DEFAULT, 60 } };
	/* What a second drive adds. */
	static const int64_t more_minutes[] = { 0, 5 };
	static const char *const models[] = { "lto7", "lto8", "lto9" };
	struct accept_plan plan;

	ck_assert_int_eq(suite_add(&suite, "scenarios/acceptance", NULL), 0);
	ck_assert_int_eq(suite_read(&suite), 0);
	for (size_t i = 0; i < 12; i++) {
		const struct timed *run = &runs[i / 3 % 2];
		int64_t ns = 0;

		ck_assert_int_eq(accept_plan_make(&plan, &suite, run->run,
				     model_find(models[i % 3]), 0, i >= 6, err,
				     sizeof err),
		    0);
		for (size_t j = 0; j < plan.count; j++)
			ns += plan.tests[j].ns;
		ck_assert_int_le(ns,
		    (run->minutes + more_minutes[i / 6]) * 60 * 1000000000);
		ck_assert_int_ge(ns, run->minutes * 30 * 1000000000);
		accept_plan_clear(&plan);
	}
}
END_TEST

START_TEST(a_test_that_needs_one_after_it_is_refused)
{
	add("05_second.yaml", second);
	add("10_first.yaml", first);
	ck_assert_int_eq(run(), ACCEPT_REFUSED);
	ck_assert_ptr_nonnull(strstr(err, "needs the test 10_first"));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("accept");
	TCase *tcase = tcase_create("accept");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 60);
	tcase_add_test(tcase, a_good_drive_passes);
	tcase_add_test(tcase,
	    the_plan_is_printed_and_nothing_moves_before_the_answer);
	tcase_add_test(tcase, a_drive_that_cannot_be_tested_is_refused);
	tcase_add_test(tcase, the_verdict_of_a_virtual_drive_says_so);
	tcase_add_test(tcase, a_failing_test_stops_only_those_that_need_it);
	tcase_add_test(tcase, a_hardware_error_stops_all);
	tcase_add_test(tcase,
	    a_medium_error_on_the_only_cartridge_decides_nothing);
	tcase_add_test(tcase, a_medium_error_is_tried_on_a_second_cartridge);
	tcase_add_test(tcase,
	    medium_errors_on_two_cartridges_are_a_fault_of_the_drive);
	tcase_add_test(tcase, an_error_counter_that_grows_is_a_fault);
	tcase_add_loop_test(tcase, what_was_not_looked_at_is_not_good, 0, 3);
	tcase_add_test(tcase, a_flag_that_a_load_sets_counts);
	tcase_add_test(tcase, cleaning_is_a_doubt_and_stops_nothing);
	tcase_add_test(tcase,
	    a_temperature_alert_stops_all_and_decides_nothing);
	tcase_add_test(tcase,
	    a_critical_alert_of_the_drive_stops_all_and_is_a_fault);
	tcase_add_test(tcase,
	    a_cartridge_that_was_not_named_interrupts_the_run);
	tcase_add_test(tcase, a_test_of_two_cartridges_is_left_out_with_one);
	tcase_add_test(tcase, a_slow_source_leaves_the_rate_undecided);
	tcase_add_test(tcase,
	    a_killed_run_continues_with_the_test_that_it_was_in);
	tcase_add_test(tcase,
	    a_run_that_sigkill_ended_continues_on_its_cartridge);
	tcase_add_test(tcase, a_torn_entry_is_left_out_of_the_evidence);
	tcase_add_test(tcase, without_its_evidence_a_test_is_not_done);
	tcase_add_test(tcase, an_interrupted_run_says_so_and_continues);
	tcase_add_test(tcase, a_foreign_cartridge_is_left_as_it_is);
	tcase_add_test(tcase, evidence_of_another_run_is_not_added_to);
	tcase_add_test(tcase,
	    a_drive_without_a_serial_number_does_not_continue_a_run);
	tcase_add_test(tcase, a_finished_run_is_not_continued);
	tcase_add_test(tcase, another_drive_does_not_continue_the_run);
	tcase_add_test(tcase,
	    an_exchanged_cartridge_interrupts_a_continued_run);
	tcase_add_test(tcase,
	    a_cartridge_that_others_wrote_interrupts_a_continued_run);
	tcase_add_test(tcase, what_was_written_is_read_on_a_second_drive);
	tcase_add_test(tcase,
	    a_second_drive_without_counters_is_no_doubt_about_the_first);
	tcase_add_test(tcase, without_a_second_drive_the_paper_says_so);
	tcase_add_test(tcase, what_only_the_drive_itself_can_read_is_its_fault);
	tcase_add_test(tcase,
	    what_neither_drive_can_read_was_written_or_read_badly);
	tcase_add_test(tcase,
	    trouble_of_the_second_drive_is_not_the_fault_of_the_first);
	tcase_add_test(tcase,
	    cleaning_that_is_due_on_the_second_drive_decides_nothing);
	tcase_add_test(tcase,
	    errors_that_the_second_drive_counts_are_not_those_of_the_first);
	tcase_add_loop_test(tcase,
	    a_second_drive_that_cannot_be_used_decides_nothing, 0, 2);
	tcase_add_loop_test(tcase, a_second_drive_need_not_count, 0, 3);
	tcase_add_test(tcase, no_test_follows_the_one_on_the_second_drive);
	tcase_add_test(tcase,
	    corrected_errors_are_those_of_all_processes_by_what_was_moved);
	tcase_add_test(tcase, writing_does_not_reach_a_drive_that_only_reads);
	tcase_add_test(tcase, a_test_that_needs_one_after_it_is_refused);
	tcase_add_test(tcase, each_run_takes_the_time_that_its_option_promises);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}
