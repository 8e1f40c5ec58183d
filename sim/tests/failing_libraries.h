/*
 * failing_libraries.h: what libraries allocate and write fails on cue as well.
 *
 * libyaml, by its own allocator's names, and jansson count with the memory of
 * the code under test; SQLite's memory is a kind of its own, for it is much;
 * its opens, reads and writes count with those of the code.
 */
#ifndef SIM_TESTS_FAILING_LIBRARIES_H
#define SIM_TESTS_FAILING_LIBRARIES_H

/* Before the first use of SQLite and jansson in this process. */
void failing_libraries(void);

#endif
