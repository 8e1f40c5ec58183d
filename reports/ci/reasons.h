/*
 * reasons.h: why a case failed, and what is known to fail, with lines.
 *
 * Every file for CI says the same: where a case failed, what was expected and
 * what was there, which faults struck, and why attempts failed.
 */
#ifndef REPORTS_CI_REASONS_H
#define REPORTS_CI_REASONS_H

#include <stdbool.h>
#include <stddef.h>

#include "reports/results.h"

struct reason {
	bool known;  /* it is known to fail: no reason for a failure */
	char *path;  /* of the scenario file, or of an included one */
	int line;    /* of that file; 0: none */
	char *title; /* one line: "outcome == DONE; but it was: PARTIAL" */
};

struct reasons {
	const struct results_scenario *scenario;
	struct reason *list; /* in the order of the results; owned */
	size_t count;
	size_t failures; /* of these: not known */
};

/*
 * Lists the expectations, also implied ones, and published values that are not
 * as they should be, and why the case could not be judged.  A failed case has at least
 * one reason.  Returns 0, or -1 without memory; the caller frees the reasons
 * after both.
 */
int reasons_of(const struct results_scenario *scenario,
    struct reasons *reasons);

void reasons_free(struct reasons *reasons);

/* Returns the first reason that is (not) known, or NULL. */
const struct reason *reasons_first(const struct reasons *reasons, bool known);

/* Lines of text, ended by NULL. */
struct reasons_lines {
	char **line; /* owned */
	size_t count;
};

/*
 * Adds what helps to find the cause: where the faults struck, which attempts
 * failed and why, and the reason of an outcome that is not DONE; at most `max`
 * lines, the last of which counts the rest.  Returns 0, or -1 without memory;
 * the caller frees the lines after both.
 */
int reasons_context(const struct results_scenario *scenario, size_t max,
    struct reasons_lines *lines);

void reasons_lines_free(struct reasons_lines *lines);

/* Returns the path of the scenario file, from the folder of the run if known. */
const char *reasons_path(const struct results_scenario *scenario);

#endif
