/*
 * run_suite.h: runs a suite of Check at the end of its program.  The tests of
 * any room may include this file.
 */
#ifndef SPLITTER_TESTS_RUN_SUITE_H
#define SPLITTER_TESTS_RUN_SUITE_H

#include <check.h>
#include <stdlib.h>

/* Runs and frees a suite; returns the exit status of its program. */
static inline int run_suite(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
