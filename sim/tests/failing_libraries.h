/*
 * failing_libraries.h: makes allocations and writes of libraries fail on cue.
 *
 * libyaml (by the names of its allocator) and jansson are counted together with
 * the allocations of the code under test.  SQLite's allocations are a kind of
 * their own, because there are many.  SQLite's opens, reads and writes are
 * counted with those of the code.
 */
#ifndef SIM_TESTS_FAILING_LIBRARIES_H
#define SIM_TESTS_FAILING_LIBRARIES_H

/* Must be called before the first use of SQLite and jansson. */
void failing_libraries(void);

#endif
