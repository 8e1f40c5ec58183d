/* strike.h: where a fault struck, as text. */
#ifndef REPORTS_STRIKE_H
#define REPORTS_STRIKE_H

#include "reports/results.h"

/*
 * Returns "90 s: volume TL0002, drive 1, byte 157286400 of the medium, part 3,
 * attempt 1", with what is known, which the caller frees; NULL without memory.
 */
char *report_strike_text(const struct results_scenario *scenario,
    const struct results_strike *strike);

/* Returns the attempt in progress, or NULL. */
const struct results_attempt *
report_strike_attempt(const struct results_scenario *scenario,
    const struct results_strike *strike);

#endif
