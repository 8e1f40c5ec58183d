/* words.h: words of the reports for people. */
#ifndef REPORTS_WORDS_H
#define REPORTS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "reports/results.h"

/* How to draw a missing plot; follows the reason. */
#define WORDS_DRAW_LATER "to draw it, run `gnuplot throughput.gp` in the folder"

/* "passed", "failed", "skipped". */
const char *report_words_status(enum results_status status);

/* Why an attempt ended: its cause, or the meaning of its end. */
const char *report_words_end(const struct results_attempt *attempt);

/* Whether the volume was closed as good or full. */
bool report_words_closed_well(const struct results_volume *volume);

/* The text; "" instead of NULL. */
const char *report_words_or_empty(const char *text);

/* The number of scenarios with this status. */
size_t report_words_count(const struct results *results,
    enum results_status status);

/* The number of committed attempts. */
size_t report_words_committed(const struct results_scenario *scenario);

#endif
