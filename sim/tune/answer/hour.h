/*
 * hour.h: the first hour of a run with the recommended settings, as a report of
 * its own in the folder "hour".
 */
#ifndef SIM_TUNE_HOUR_H
#define SIM_TUNE_HOUR_H

#include "sim/tune/answer/curves.h"

/*
 * Runs the hour and writes its report below the existing folder.  A scenario of
 * several dumps is run to its end.  Returns TUNE_COMPLETE, also if the hour
 * could not be run.
 */
enum tune_status tune_hour_write(const struct tune_study *study,
    const char *folder, struct tune_plots *plots, char *err, size_t err_bytes);

/* Adds the plot of the hour to the document, if there is one. */
void tune_hour_add(const struct tune_plots *plots, struct tune_doc *doc);

#endif
