/* words.h: words of the reports for people. */
#ifndef REPORTS_WORDS_H
#define REPORTS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "reports/results.h"

/* How to draw a missing plot; printed after the reason. */
#define WORDS_DRAW_LATER "to draw it, run `gnuplot throughput.gp` in the folder"

/* Why a dump that took no time has no plot. */
#define WORDS_NO_TIME "the dump took no time"

/* Returns "passed", "failed" or "skipped". */
const char *report_words_status(enum results_status status);

/* Returns why an attempt ended: its cause, or the meaning of its end. */
const char *report_words_end(const struct results_attempt *attempt);

/* Returns whether an expectation holds, and whether it is known not to. */
const char *
report_words_expectation(const struct results_expectation *expectation);

/* Returns whether the volume was closed as good or full. */
bool report_words_closed_well(const struct results_volume *volume);

/* Returns the text, or "" instead of NULL. */
const char *report_words_or_empty(const char *text);

/* Returns the number of scenarios with this status. */
size_t report_words_count(const struct results *results,
    enum results_status status);

/* Returns the number of committed attempts. */
size_t report_words_committed(const struct results_dump *dump);

#endif
