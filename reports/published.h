/*
 * published.h: published values, compared with simulated ones.
 *
 * A value has a tolerance, or belongs to a series whose order or sameness is
 * compared.  The first is judged as soon as its scenario was run, the others
 * when all scenarios of the series were.
 *
 * Invariants:
 *  1. A value that is known not to be met fails its scenario if it is met.
 *  2. Values by construction are judged like others, but are not evidence: a
 *     tally counts them apart.
 */
#ifndef REPORTS_PUBLISHED_H
#define REPORTS_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>

#include "reports/results.h"
#include "reports/units.h"

/* Judges a value that has a tolerance; leaves others as they are. */
void report_published_judge(struct results_published *value);

/*
 * Judges the values of series by their order or sameness.  A scenario with a
 * value that is not as it should be becomes RESULTS_FAILED.
 */
void report_published_judge_series(struct results *results);

/*
 * Returns whether the verdict is the expected one.  No verdict is expected of a
 * value that is alone in its series.
 */
bool report_published_is_right(const struct results_published *value);

/* Returns whether a value is judged together with others of its series. */
bool report_published_is_relative(const struct results_published *value);

/* Returns the verdict in words: "met", "not met, as known", ... */
const char *report_published_words(const struct results_published *value);

/*
 * Returns the error of the simulated value, as a share of the published one;
 * NaN if it is not known.
 */
double report_published_error(const struct results_published *value);

/* Writes a value with its unit; "" if the value is undefined. */
char *report_published_value(char buf[UNITS_BYTES],
    const struct results_published *value);
char *report_published_simulated(char buf[UNITS_BYTES],
    const struct results_published *value);

/* Writes the error, "+1.7 %", or "". */
char *report_published_error_text(char buf[UNITS_BYTES],
    const struct results_published *value);

/* Writes the tolerance: "10 %", "order" or "same, 10 %". */
char *report_published_tolerance(char buf[UNITS_BYTES],
    const struct results_published *value);

/* A value, by the places of its scenario and of the value in that. */
struct report_published_at {
	size_t scenario, value;
};

/*
 * Advances to the next value in the order of the reports: by series, within a
 * series by point, with numbers in order.  `at` is NULL at first; then *next is
 * the first.  Returns the value, or NULL after the last.
 */
const struct results_published *
report_published_next(const struct results *results,
    const struct report_published_at *at, struct report_published_at *next);

struct report_published_tally {
	size_t compared; /* calibrations and validations with a verdict */
	size_t met;      /* of these */
	size_t known;    /* of the others: those known not to be met */
	size_t by_construction;
	size_t not_compared;
};

struct report_published_tally
report_published_count(const struct results *results);

#endif
