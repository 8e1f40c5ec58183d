/*
 * filter_stack.h: a stack of filters before a library, for tests.
 *
 * The order is a word with one letter for each filter, starting next to the
 * library: 'f' fault, 'l' limit, 't' trace, and 's', slow, a filter of the
 * tests whose every load, label, header, write and filemark takes SLOW_NS
 * longer.
 */
#ifndef SPLITTER_TESTS_FILTER_STACK_H
#define SPLITTER_TESTS_FILTER_STACK_H

#include "splitter/filter/fault.h"
#include "splitter/filter/limit.h"
#include "splitter/tests/trial/trial.h"

enum { SLOW_NS = 7, FILTER_STACK_MAX = 4 };

struct filter_stack {
	const char *order;
	const struct fault *faults;
	size_t fault_count;
	struct limit limit;
	int64_t (*clock_ns)(void); /* clock of the trace, or NULL */
	/* Filled in by filter_stack_up. */
	struct tape_library *top;
	struct tape_library *made[FILTER_STACK_MAX];
	char *lines; /* lines of the trace, each with a newline */
	size_t lines_bytes;
};

/*
 * Creates the filters before `library`.  Returns the filter that is used first.
 */
struct tape_library *filter_stack_up(struct filter_stack *s,
    struct tape_library *library);

/* Frees filters and lines. */
void filter_stack_down(struct filter_stack *s);

/* Runs a dump through the engine, over tapes in memory with these filters. */
void filter_stack_trial(struct filter_stack *s, const struct trial *t,
    struct trial_result *result);

#endif
