/*
 * motion.h: the panels of the plot that show what the drives did.
 *
 * Below the rates and the fills come a band with the motion of the medium, its
 * stops, and how host and drives spent their time.  The colours differ in
 * brightness, and some in pattern, for print in grey and for readers who do not
 * see colours.
 */
#ifndef REPORTS_PLOT_MOTION_H
#define REPORTS_PLOT_MOTION_H

#include <stdio.h>

#include "reports/results.h"

/*
 * Writes the panels of a dump whose series has a drive.  The script must set
 * `second` and `end`.  `time_unit` is the unit of the time axis.
 */
void plot_put_motion(FILE *out, const struct results_dump *dump,
    const char *time_unit);

#endif
