/*
 * page.h: the files of a calibration: profile.yaml, index.html, calibration.txt
 * and the plots.
 */
#ifndef SIM_CALIBRATE_PAGE_H
#define SIM_CALIBRATE_PAGE_H

#include <stdio.h>

#include "sim/calibrate/files/about.h"

#define CALIBRATE_PROFILE_NAME "profile.yaml"

/*
 * Makes the folder if it is missing, and checks that it has no file with the
 * name of one of these, unless tapelab calibrate wrote it.  Returns 0, or -1
 * with a message.
 */
int calibrate_files_prepare(const char *folder, char *err, size_t err_bytes);

/*
 * Writes the files into the existing folder.  Returns 0, or -1 with a message.
 */
int calibrate_files_write(const struct calibrate_config *config,
    const struct calibrate_result *result, const struct calibrate_about *about,
    const char *folder, char *err, size_t err_bytes);

/* Prints the constants that were found, and why the others were not. */
void calibrate_print(const struct calibrate_config *config,
    const struct calibrate_result *result, const struct calibrate_about *about,
    FILE *out);

#endif
