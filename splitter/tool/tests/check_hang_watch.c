/* check_hang_watch.c: when a drive that does not end a command is reported. */
#include <check.h>
#include <stdlib.h>

#include "splitter/tool/hang_watch.h"
#include "splitter/api/st.h"
#include "splitter/tests/run_suite.h"

#define S INT64_C(1000000000)

START_TEST(an_age_is_reported_each_time_it_has_doubled)
{
	int64_t told = 0, second;
	int reports = 0;

	for (second = 0; second < 300; second++)
		ck_assert(!hang_watch_is_due(second * S, &told));
	for (; second <= 2400; second++)
		reports += hang_watch_is_due(second * S, &told);
	ck_assert_int_eq(reports, 4); /* 5, 10, 20 and 40 minutes */
	/* The next command begins again. */
	ck_assert(!hang_watch_is_due(299 * S, &told));
	ck_assert(hang_watch_is_due(300 * S, &told));
	ck_assert(!hang_watch_is_due(0, &told));
}
END_TEST

START_TEST(a_watch_ends_at_once)
{
	struct splitter_st_config config;
	struct tape_library *library;
	char err[256];

	splitter_st_config_init(&config, sizeof config, SPLITTER_API);
	config.device = "/dev/null";
	library = splitter_st_new(&config, err, sizeof err);
	ck_assert_ptr_nonnull(library);
	hang_watch_end(hang_watch_begin(library, "/dev/null"));
	hang_watch_end(NULL);
	splitter_st_free(library);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hang_watch");
	TCase *t = tcase_create("hang_watch");

	tcase_add_test(t, an_age_is_reported_each_time_it_has_doubled);
	tcase_add_test(t, a_watch_ends_at_once);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
