/* check_feed_trace.c: reading traces, good and bad. */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/source/feed_trace.h"
#include "splitter/tests/run_suite.h"

#define HEADER FEED_TRACE_HEADER "\n"

static char path[] = "/tmp/check_feed_trace.XXXXXX";
static char message[256];

static struct feed_trace *read_text(const char *text, size_t bytes)
{
	FILE *f;
	int fd;

	strcpy(path + sizeof path - 7, "XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	f = fdopen(fd, "w");
	ck_assert_uint_eq(fwrite(text, 1, bytes, f), bytes);
	ck_assert_int_eq(fclose(f), 0);
	message[0] = '\0';
	struct feed_trace *t =
	    feed_trace_read(path, "t.tsv", message, sizeof message);
	unlink(path);
	return t;
}

START_TEST(rows_are_read)
{
	static const char text[] =
	    "# a comment\n#\n" HEADER "0\t0\n0\t7\n5\t0\r\n5\t0\n9\t8";
	struct feed_trace *t = read_text(text, sizeof text - 1);

	ck_assert_msg(t != NULL, "%s", message);
	ck_assert_uint_eq(t->count, 3);
	ck_assert_int_eq(t->rows[0].time_ns, 0);
	ck_assert_uint_eq(t->rows[0].bytes, 7);
	ck_assert_int_eq(t->rows[1].time_ns, 5);
	ck_assert_uint_eq(t->rows[1].bytes, 0);
	ck_assert_int_eq(t->rows[2].time_ns, 9);
	ck_assert_uint_eq(t->rows[2].bytes, 8);
	ck_assert_uint_eq(t->bytes, 15);
	feed_trace_free(t);
}
END_TEST

static const struct {
	const char *text, *message;
} bad[] = {
	{ "", "t.tsv:1: a trace begins with the line" },
	{ "# only\n# comments\n", "t.tsv:3: a trace begins with the line" },
	{ "time_ns bytes\n1\t1\n", "t.tsv:1: a trace begins" },
	{ "bytes\ttime_ns\n1\t1\n", "t.tsv:1: a trace begins" },
	{ "1\t1\n", "t.tsv:1: a trace begins" },
	{ HEADER, "t.tsv:2: no row has bytes" },
	{ HEADER "0\t0\n7\t0\n", "t.tsv:4: no row has bytes" },
	{ HEADER "5\t1\n4\t1\n",
	    "t.tsv:3: time_ns: 4 is before the time of the row above, 5; "
	    "times never fall" },
	{ HEADER "5\n", "t.tsv:2: one column" },
	{ HEADER "5 7\n", "t.tsv:2: one column" },
	{ HEADER "\n5\t7\n", "t.tsv:2: one column" },
	{ HEADER "5\t7\t9\n", "t.tsv:2: more than two columns" },
	{ HEADER "\t7\n", "t.tsv:2: time_ns is empty" },
	{ HEADER "7\t\n", "t.tsv:2: bytes is empty" },
	{ HEADER "-7\t1\n",
	    "t.tsv:2: time_ns: \"-7\" is not a whole number from 0" },
	{ HEADER "1\t1.5\n", "t.tsv:2: bytes: \"1.5\" is not a whole" },
	{ HEADER "1\tnan\n", "t.tsv:2: bytes: \"nan\" is not a whole" },
	{ HEADER "1\t1\n# late\n", "t.tsv:3: one column" },
	{ HEADER "4611686018427387904\t1\n",
	    "t.tsv:2: time_ns: 4611686018427387904 is too large; at most "
	    "4611686018427387903" },
	{ HEADER "1\t99999999999999999999999999\n", "t.tsv:2: bytes: 999" },
	{ HEADER "1\t9223372036854775807\n2\t1\n",
	    "t.tsv:3: bytes: all rows together are 2^63 or more" },
};

START_TEST(a_bad_trace_is_refused_with_its_line)
{
	struct feed_trace *t = read_text(bad[_i].text, strlen(bad[_i].text));

	ck_assert_ptr_null(t);
	ck_assert_msg(strncmp(message, bad[_i].message,
			  strlen(bad[_i].message)) == 0,
	    "%s", message);
}
END_TEST

START_TEST(a_file_that_is_no_text_is_refused)
{
	static const char zeros[] = HEADER "1\t1\n\0\0\0";
	char line[1000];

	ck_assert_ptr_null(read_text(zeros, sizeof zeros - 1));
	ck_assert_str_eq(message, "t.tsv:3: a byte 0; a trace is a text file");
	memset(line, '7', sizeof line);
	ck_assert_ptr_null(read_text(line, sizeof line));
	ck_assert_str_eq(message, "t.tsv:1: longer than 255 characters");
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_named)
{
	ck_assert_ptr_null(feed_trace_read("/nowhere/t", "t.tsv", message,
	    sizeof message));
	ck_assert_str_eq(message,
	    "t.tsv: cannot be opened: No such file or directory");
	ck_assert_ptr_null(feed_trace_read("/", "t.tsv", message,
	    sizeof message));
	ck_assert_str_eq(message, "t.tsv: cannot be read: Is a directory");
}
END_TEST

/* Endless input: the reader stops at its limit, and keeps 64 MiB at most. */
START_TEST(a_trace_with_too_many_rows_is_refused)
{
	FILE *f = popen("(printf 'time_ns\\tbytes\\n'; "
			"seq -f '%.0f\t1' 1 9999999) 2>/dev/null",
	    "r");
	char name[32];

	ck_assert_ptr_nonnull(f);
	snprintf(name, sizeof name, "/dev/fd/%d", fileno(f));
	ck_assert_ptr_null(feed_trace_read(name, "t.tsv", message,
	    sizeof message));
	pclose(f);
	ck_assert_str_eq(message,
	    "t.tsv:4194306: more than 4194304 rows; record with a longer "
	    "--resolution");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("feed_trace");
	TCase *tc = tcase_create("feed_trace");

	tcase_add_test(tc, rows_are_read);
	tcase_add_loop_test(tc, a_bad_trace_is_refused_with_its_line, 0,
	    sizeof bad / sizeof *bad);
	tcase_add_test(tc, a_file_that_is_no_text_is_refused);
	tcase_add_test(tc, a_file_that_cannot_be_read_is_named);
	tcase_add_test(tc, a_trace_with_too_many_rows_is_refused);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
