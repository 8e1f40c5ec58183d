/* check_sentence.c: a message that does not fit is cut after a word. */
#include <check.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/tests/run_suite.h"

static const struct {
	size_t bytes;
	const char *text, *want;
} rows[] = {
	{ 64, "the disk is full: make room", "the disk is full: make room" },
	{ 28, "the disk is full: make room", "the disk is full: make room" },
	{ 27, "the disk is full: make room", "the disk is full: make ..." },
	{ 26, "the disk is full: make room", "the disk is full: ..." },
	{ 21, "the disk is full: make room", "the disk is ..." },
	{ 4, "the disk is full", "..." },
	{ 5, "full", "full" },
	/* The last word is a long path, so no word ends near the limit. */
	{ 34, "cannot open /var/lib/tapelab/library.db: it is locked",
	    "cannot open /var/lib/tapelab/l..." },
	/* A character of several bytes is kept whole or removed. */
	{ 12, "/\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc",
	    "/\xc3\xa4\xc3\xb6\xc3\xbc..." },
	{ 11, "/\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\xc3\xbc",
	    "/\xc3\xa4\xc3\xb6\xc3\xbc..." },
	{ 1 + 3, "", "" },
	/* No room for "...". */
	{ 3, "full", "fu" },
	{ 1, "full", "" },
};

START_TEST(a_message_ends_after_a_word)
{
	char buf[80];

	memset(buf, 'x', sizeof buf);
	sentence(buf, rows[_i].bytes, "%s", rows[_i].text);
	ck_assert_str_eq(buf, rows[_i].want);
	ck_assert_uint_lt(strlen(buf), rows[_i].bytes);
	ck_assert_int_eq(buf[rows[_i].bytes], 'x');
}
END_TEST

START_TEST(values_are_formatted)
{
	char buf[80];

	sentence(buf, sizeof buf, "%s of %d", "part", 7);
	ck_assert_str_eq(buf, "part of 7");
}
END_TEST

START_TEST(nothing_is_written_without_room)
{
	char buf = 'x';

	sentence(&buf, 0, "%s", "full");
	ck_assert_int_eq(buf, 'x');
}
END_TEST

START_TEST(what_is_added_comes_after_a_separator)
{
	char buf[16] = "";

	sentence_add(buf, sizeof buf, "; ", "%s", "one");
	ck_assert_str_eq(buf, "one");
	sentence_add(buf, sizeof buf, "; ", "%d", 2);
	ck_assert_str_eq(buf, "one; 2");
	sentence_add(buf, sizeof buf, "; ", "%s", "three four five");
	ck_assert_str_eq(buf, "one; 2; thre...");
	sentence_add(buf, sizeof buf, "; ", "%s", "six");
	ck_assert_str_eq(buf, "one; 2; thre...");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sentence");
	TCase *tc = tcase_create("sentence");

	tcase_add_loop_test(tc, a_message_ends_after_a_word, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_test(tc, nothing_is_written_without_room);
	tcase_add_test(tc, values_are_formatted);
	tcase_add_test(tc, what_is_added_comes_after_a_separator);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
