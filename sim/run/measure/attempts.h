/*
 * attempts.h: the attempts of a dump as a line of text, which expectations
 * compare.
 */
#ifndef SIM_ATTEMPTS_H
#define SIM_ATTEMPTS_H

#include "reports/results.h"

/*
 * Returns the attempts as a line, "1:5 2:6F | 2:6", or "" if there are none.
 * The caller frees it.  NULL if memory is short.
 */
char *attempts_line(const struct results_dump *dump);

/*
 * The same, with the barcodes of volumes and the causes of failures: "TL0001 1:5
 * 2:6F:medium_error | TL0002 2:6".
 */
char *attempts_detailed_line(const struct results_dump *dump);

#endif
