/* words.h: what the reports for people call things, in one place. */
#ifndef REPORTS_WORDS_H
#define REPORTS_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "reports/results.h"

/* How to draw a picture that is missing; follows the reason. */
#define WORDS_DRAW_LATER "draw it with `gnuplot throughput.gp` in the folder"

/* "passed", "failed", "skipped". */
const char *report_words_status(enum results_status status);

/* Why an attempt ended: its cause, or what its end means. */
const char *report_words_end(const struct results_attempt *attempt);

/* Whether the volume was given back with nothing against it. */
bool report_words_closed_well(const struct results_volume *volume);

/* "" where the text is NULL. */
const char *report_words_or_empty(const char *text);

/* How many scenarios have this status. */
size_t report_words_count(const struct results *results,
    enum results_status status);

/* How many attempts were committed. */
size_t report_words_committed(const struct results_scenario *scenario);

#endif
