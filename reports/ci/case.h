/* case.h: a case as all files for CI show it; private to this room. */
#ifndef REPORTS_CI_CASE_H
#define REPORTS_CI_CASE_H

#include "reports/ci/reasons.h"

enum { CASE_CONTEXT_MAX = 12 };

enum case_result {
	CASE_PASSED,
	CASE_KNOWN, /* passed, and something is known to fail */
	CASE_FAILED,
	CASE_SKIPPED
};

struct ci_case {
	const struct results_scenario *scenario;
	enum case_result result;
	const char *path;
	struct reasons reasons;
	struct reasons_lines context;
	/* The first reason of its result; NULL: passed or skipped. */
	const struct reason *first;
	int line;              /* of the first reason that has one; 0: none */
	const char *line_path; /* of the file with the line */
};

/* Returns 0 and the caller clears the case; or -1 without memory. */
int case_make(const struct results_scenario *scenario, struct ci_case *result);

void case_clear(struct ci_case *c);

#endif
