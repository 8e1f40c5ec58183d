/* check_hang_watch.c: when a drive that does not end a command is reported. */
#include <check.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tool/hang_watch.h"
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

/* Ages that a drive has, one at each look. */
static const int64_t ages[] = { 0, 299 * S, 300 * S, 301 * S };
enum { AGES = sizeof ages / sizeof *ages };
static struct tape_library watched;
static atomic_int looks;

static int64_t waiting_ns(const struct tape_library *library,
    const char **doing)
{
	int look = library == &watched ? atomic_load(&looks) : 0;

	*doing = "REWIND";
	if (look < AGES)
		atomic_store(&looks, look + 1);
	return ages[look < AGES ? look : AGES - 1];
}

START_TEST(a_drive_that_hangs_is_reported_with_its_command)
{
	char said[256] = "";
	int output[2];
	struct hang_watch *watch;

	ck_assert_int_eq(pipe(output), 0);
	ck_assert_int_eq(dup2(output[1], STDERR_FILENO), STDERR_FILENO);
	close(output[1]);
	watch = hang_watch_begin(waiting_ns, &watched, "/dev/nst0");
	ck_assert_ptr_nonnull(watch);
	/* Nothing is said before the third look. */
	ck_assert_int_gt(read(output[0], said, sizeof said - 1), 0);
	ck_assert_int_ge(atomic_load(&looks), 3);
	hang_watch_end(watch);
	ck_assert_msg(strstr(said,
			  "/dev/nst0: the drive has not ended a command for 5 "
			  "min: REWIND\n") != NULL,
	    "%s", said);
}
END_TEST

START_TEST(a_watch_ends_at_once)
{
	hang_watch_end(hang_watch_begin(waiting_ns, &watched, "/dev/nst0"));
	hang_watch_end(NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hang_watch");
	TCase *t = tcase_create("hang_watch");

	tcase_add_test(t, an_age_is_reported_each_time_it_has_doubled);
	tcase_add_test(t, a_drive_that_hangs_is_reported_with_its_command);
	tcase_add_test(t, a_watch_ends_at_once);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
