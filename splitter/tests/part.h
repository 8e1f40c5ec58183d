/*
 * part.h: how much of its cases a test runs.  The tests of any room may include
 * this file.
 *
 * A test with many similar cases runs all of them, except in `make check`, which
 * sets CHECK_PART in the environment: then it runs a part, in which each kind of
 * case occurs.  Continuous integration runs all.
 */
#ifndef SPLITTER_TESTS_PART_H
#define SPLITTER_TESTS_PART_H

#include <stdbool.h>
#include <stdlib.h>

static inline bool part_only(void)
{
	return getenv("CHECK_PART") != NULL;
}

/*
 * Returns the distance from a case to the next one that is run: `step` in a
 * part, else 1.  A step that has no factor in common with the periods of the
 * cases reaches all kinds.
 */
static inline unsigned part_step(unsigned step)
{
	return part_only() ? step : 1;
}

/*
 * As tcase_add_loop_test(), but in a part only one in `step` of the rows, from
 * the first on.
 */
#define part_add_loop_test(tcase, test, from, to, step)                 \
	do {                                                            \
		for (int row = (from); row < (to);                      \
		     row += (int)part_step(step))                       \
			tcase_add_loop_test(tcase, test, row, row + 1); \
	} while (0)

#endif
