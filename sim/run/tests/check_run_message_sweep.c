/*
 * check_run_message_sweep.c: the result of a scenario is passed from one
 * process to another completely, or not at all.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/run/message.h"
#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/failing/sweep.h"

/* A scenario in which two attempts fail, and one expectation does not hold. */
static const char text[] =
    "title: Two bad spots\n"
    "library:\n"
    "  drives: [instant]\n"
    "  volumes: {count: 4, capacity: 1 MiB}\n"
    "dump: {source: random, size: 640 KiB}\n"
    "splitter: {block: 32 KiB, buffer: 128 KiB, part: 256 KiB, cache: memory}\n"
    "faults:\n"
    "  - {fail: write, volume: 1, at: 300 KiB}\n"
    "  - {fail: write, volume: 2, at: 200 KiB}\n"
    "published:\n"
    "  - {metric: parts, value: 3, kind: validation, source: a page, series: s}\n"
    "expect:\n"
    "  - outcome == DONE\n"
    "  - attempts == none\n";

static struct run_message message;
static char *bytes;
static size_t count;

/* Returns a file without a name that contains these bytes. */
static int file_with(const void *data, size_t n)
{
	FILE *file = tmpfile();
	int fd = dup(fileno(file));

	fclose(file);
	ck_assert_int_eq(write(fd, data, n), (ssize_t)n);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Returns the contents of the file from its beginning. */
static char *content_of(int fd, size_t *n)
{
	char *data;

	*n = (size_t)lseek(fd, 0, SEEK_END);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	data = malloc(*n + 1);
	ck_assert_int_eq(read(fd, data, *n), (ssize_t)*n);
	ck_assert_int_eq(lseek(fd, 0, SEEK_SET), 0);
	return data;
}

static void setup(void)
{
	const struct run_options options = { .seed = 1 };
	static struct scenario_text scenario;
	static char err[512];
	int fd = file_with("", 0);

	scenario_text_read(&scenario, text, strlen(text));
	ck_assert_msg(scenario.scenario != NULL, "%s", scenario.errors);
	message.status = run_scenario(scenario.scenario, "two", "two.yaml",
	    &options, &message.results, err, sizeof err);
	ck_assert_int_eq(message.status, RUN_JUDGED);
	ck_assert_uint_gt(message.results->dumps[0].attempts_count, 2);
	ck_assert_uint_gt(message.results->dumps[0].marks_count, 2);
	scenario_text_clear(&scenario);
	message.err = err;
	snprintf(err, sizeof err, "a sentence");
	ck_assert_int_eq(run_message_send(fd, &message), 0);
	bytes = content_of(fd, &count);
	close(fd);
}

static void teardown(void)
{
	results_scenario_free(message.results);
	free(bytes);
}

/* Receives these bytes as a message. */
static int take(const void *data, size_t n, struct run_message *m)
{
	int fd = file_with(data, n), rc = run_message_receive(fd, m);

	close(fd);
	return rc;
}

START_TEST(the_result_read_is_the_one_sent)
{
	const struct results_scenario *r;
	struct run_message m;
	int fd = file_with("", 0);
	char *again;
	size_t again_count;

	ck_assert_int_eq(take(bytes, count, &m), 0);
	r = m.results;
	ck_assert_int_eq(m.status, RUN_JUDGED);
	ck_assert_str_eq(m.err, "a sentence");
	ck_assert_str_eq(r->title, "Two bad spots");
	ck_assert_int_eq(r->status, RESULTS_FAILED);
	ck_assert_uint_eq(r->safe_bytes, 640 << 10);
	ck_assert_uint_eq(r->dumps[0].attempts_count,
	    message.results->dumps[0].attempts_count);
	ck_assert_uint_eq(r->dumps[0].attempts[0].part, 1);
	ck_assert(!r->dumps[0].attempts[0].committed);
	ck_assert_str_eq(r->dumps[0].attempts[0].volume,
	    message.results->dumps[0].attempts[0].volume);
	ck_assert_str_eq(r->expectations[1].text, "attempts == none");
	ck_assert(r->expectations[0].passed);
	ck_assert_uint_eq(r->published_count, 1);
	ck_assert_str_eq(r->published[0].source, "a page");
	ck_assert_int_eq(r->published[0].verdict, RESULTS_MET);
	ck_assert_int_eq(run_message_send(fd, &m), 0);
	again = content_of(fd, &again_count);
	ck_assert_uint_eq(again_count, count);
	ck_assert_mem_eq(again, bytes, count);
	free(again);
	close(fd);
	run_message_clear(&m);
}
END_TEST

START_TEST(a_result_without_a_record_is_complete_too)
{
	char why[] = "the reason";
	const struct run_message none = { .status = RUN_IMPOSSIBLE,
		.err = why };
	struct run_message m;
	int fd = file_with("", 0);

	ck_assert_int_eq(run_message_send(fd, &none), 0);
	lseek(fd, 0, SEEK_SET);
	ck_assert_int_eq(run_message_receive(fd, &m), 0);
	close(fd);
	ck_assert_int_eq(m.status, RUN_IMPOSSIBLE);
	ck_assert_ptr_null(m.results);
	ck_assert_str_eq(m.err, why);
	run_message_clear(&m);
}
END_TEST

/*
 * Returns the next place to try.  Only some places in the series are tried,
 * because it is a large block of numbers.
 */
static size_t next_place(size_t n)
{
	return n + (n < 1000 || n + 5000 > count ? 1 : 997);
}

START_TEST(an_incomplete_message_is_refused)
{
	struct run_message m;
	char *longer = malloc(count + 1);
	size_t n;

	for (n = 0; n < count; n = next_place(n)) {
		ck_assert_int_eq(take(bytes, n, &m), -1);
		ck_assert_int_eq(errno, EBADMSG);
	}
	memcpy(longer, bytes, count);
	longer[count] = 0;
	ck_assert_int_eq(take(longer, count + 1, &m), -1);
	free(longer);
}
END_TEST

START_TEST(an_impossible_count_does_no_harm)
{
	char *wrong = malloc(count);
	struct run_message m;
	size_t n;

	for (n = 0; n + sizeof(size_t) <= count; n = next_place(n)) {
		memcpy(wrong, bytes, count);
		memset(wrong + n, 0xff, sizeof(size_t));
		if (take(wrong, count, &m) == 0)
			run_message_clear(&m);
	}
	free(wrong);
}
END_TEST

static void there_and_back(void *arg, struct sweep_run *run)
{
	int fd = file_with("", 0), other = file_with("", 0), rc;
	struct run_message m = { 0 };
	size_t again_count;
	char *again;

	(void)arg;
	rc = run_message_send(fd, &message);
	lseek(fd, 0, SEEK_SET);
	if (rc == 0)
		rc = run_message_receive(fd, &m);
	run->reported = rc != 0;
	if (run->reported)
		snprintf(run->message, sizeof run->message, "%s",
		    strerror(errno));
	failing_end();
	if (rc == 0) {
		run_message_send(other, &m);
		again = content_of(other, &again_count);
		if (again_count != count || memcmp(again, bytes, count) != 0)
			snprintf(run->wrong, sizeof run->wrong,
			    "it is another");
		free(again);
		run_message_clear(&m);
	}
	close(fd);
	close(other);
}

START_TEST(no_failing_call_changes_the_result)
{
	const struct sweep s = {
		.name = "message", .body = there_and_back, .reported_min = 20
	};

	sweep(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("run_message_sweep");
	TCase *tc = tcase_create("message");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_result_read_is_the_one_sent);
	tcase_add_test(tc, a_result_without_a_record_is_complete_too);
	tcase_add_test(tc, an_incomplete_message_is_refused);
	tcase_add_test(tc, an_impossible_count_does_no_harm);
	tcase_add_test(tc, no_failing_call_changes_the_result);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
