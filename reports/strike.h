/* strike.h: where a fault struck, as text. */
#ifndef REPORTS_STRIKE_H
#define REPORTS_STRIKE_H

#include "reports/results.h"

enum { STRIKE_BYTES = 320 };

/*
 * Writes "90 s: volume TL0002, drive 1, byte 157286400 of the medium, part 3,
 * attempt 1", with what is known.  A long barcode is cut.  Returns `text`.
 */
const char *report_strike_text(char text[STRIKE_BYTES],
    const struct results_scenario *scenario,
    const struct results_strike *strike);

/* Returns the attempt in progress, or NULL. */
const struct results_attempt *
report_strike_attempt(const struct results_scenario *scenario,
    const struct results_strike *strike);

#endif
