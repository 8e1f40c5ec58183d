/* check_enums.c: the names of the shared enumerations. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tape/enums.h"
#include "splitter/tests/run_suite.h"

static const char *cause(int value)
{
	return tape_cause_name((enum tape_cause)value);
}

static const char *text(int value)
{
	return tape_cause_text((enum tape_cause)value);
}

static const char *close_reason(int value)
{
	return tape_close_name((enum tape_close)value);
}

static const char *end(int value)
{
	return splitter_end_name((enum splitter_end)value);
}

static const char *outcome(int value)
{
	return splitter_outcome_name((enum splitter_outcome)value);
}

static const char *cache(int value)
{
	return splitter_cache_name((enum splitter_cache)value);
}

static const char *streaming(int value)
{
	return splitter_streaming_name((enum splitter_streaming)value);
}

static const char *fault_at(int value)
{
	return splitter_fault_at_name((enum splitter_fault_at)value);
}

/*
 * One enumeration: the function for its names, its last value, its list of
 * names.
 */
static const struct row {
	const char *(*name)(int value);
	int last;
	const char *const *(*names)(void);
} rows[] = {
	{ cause, TAPE_PRODUCER_FAILED, NULL },
	{ text, TAPE_PRODUCER_FAILED, NULL },
	{ close_reason, TAPE_CLOSE_REFUSED, NULL },
	{ end, SPLITTER_END_FAILED, NULL },
	{ outcome, SPLITTER_FAILED, NULL },
	{ cache, SPLITTER_CACHE_SLICES, splitter_cache_names },
	{ streaming, SPLITTER_STREAMING_REQUIRED, splitter_streaming_names },
	{ fault_at, SPLITTER_FAULT_LOAD, splitter_fault_at_names },
};

START_TEST(each_value_has_a_name_of_its_own)
{
	const struct row *row = &rows[_i];
	int i, j;

	for (i = 0; i <= row->last; i++) {
		ck_assert_ptr_nonnull(row->name(i));
		ck_assert_str_ne(row->name(i), "?");
		for (j = 0; j < i; j++)
			ck_assert_str_ne(row->name(i), row->name(j));
	}
}
END_TEST

START_TEST(a_value_that_does_not_exist_has_no_name)
{
	const struct row *row = &rows[_i];

	if (row->name == text) {
		ck_assert_str_eq(text(row->last + 1), text(-1));
		return;
	}
	ck_assert_str_eq(row->name(row->last + 1), "?");
	ck_assert_str_eq(row->name(-1), "?");
}
END_TEST

START_TEST(a_list_has_the_names_by_value_and_ends_with_null)
{
	const struct row *row = &rows[_i];
	int i;

	if (row->names == NULL)
		return;
	for (i = 0; i <= row->last; i++)
		ck_assert_ptr_eq(row->names()[i], row->name(i));
	ck_assert_ptr_null(row->names()[i]);
}
END_TEST

START_TEST(a_fault_has_a_cause_that_a_tape_may_report)
{
	const enum tape_cause *causes = splitter_fault_causes();

	ck_assert_int_ne(causes[0], TAPE_OK);
	for (; *causes != TAPE_OK; causes++)
		ck_assert_int_le(*causes, TAPE_STORAGE_FAILED);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("enums");
	TCase *tc = tcase_create("enums");
	const int count = (int)(sizeof rows / sizeof *rows);

	tcase_add_loop_test(tc, each_value_has_a_name_of_its_own, 0, count);
	tcase_add_loop_test(tc, a_value_that_does_not_exist_has_no_name, 0,
	    count);
	tcase_add_loop_test(tc,
	    a_list_has_the_names_by_value_and_ends_with_null, 0, count);
	tcase_add_test(tc, a_fault_has_a_cause_that_a_tape_may_report);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
