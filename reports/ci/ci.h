/*
 * ci.h: the results as files for continuous integration.
 *
 *     junit.xml        for GitLab, Jenkins and actions of GitHub
 *     results.tap      TAP version 13, with YAML diagnostics
 *     annotations.txt  workflow commands of GitHub: errors at their lines
 *     summary.md       Markdown below 1 MB, the failures first
 *
 * Invariants:
 *  1. All say the same of a case: reasons.h.
 *  2. Times are those of the scenario, so that the files of two runs are equal.
 *  3. A case of which something is known to fail is skipped in junit.xml, and
 *     to be done in results.tap, with the reason.
 */
#ifndef REPORTS_CI_H
#define REPORTS_CI_H

#include <stddef.h>
#include <stdio.h>

#include "reports/results.h"

enum {
	CI_SUMMARY_BYTES_MAX = 1000000,
	/* GitHub shows at most ten errors of a step. */
	CI_ANNOTATIONS_MAX = 10
};

/* The files; report_name_ok() reserves their names. */
#define CI_JUNIT       "junit.xml"
#define CI_TAP         "results.tap"
#define CI_ANNOTATIONS "annotations.txt"
#define CI_SUMMARY     "summary.md"

/*
 * Writes the four files into the folder `dir`.  Numbers must have a decimal
 * point in the locale of the thread.  Returns 0, or -1 with a message.
 */
int ci_write(const struct results *results, const char *dir, char *err,
    size_t err_bytes);

/* Each prints one of the files.  Returns 0, or -1 without memory. */
int ci_junit(FILE *out, const struct results *results);
int ci_tap(FILE *out, const struct results *results);
int ci_annotations(FILE *out, const struct results *results);
int ci_summary(FILE *out, const struct results *results);

#endif
