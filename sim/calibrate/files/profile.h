/* profile.h: writes what was measured as the profile of a drive. */
#ifndef SIM_CALIBRATE_PROFILE_H
#define SIM_CALIBRATE_PROFILE_H

#include <stdio.h>

#include "sim/calibrate/files/about.h"

/*
 * Writes a profile (tapelab-drive(5)) that any command reads.  Each value says
 * that it was measured, with its spread, or why it is still the expected one.
 * The owner of the stream checks its errors.
 */
void calibrate_profile_write(FILE *out, const struct calibrate_config *config,
    const struct calibrate_result *result, const struct calibrate_about *about);

/*
 * Writes the line of facts that can be sent in for the table of drives: no
 * serial number is in it.
 */
void calibrate_facts_write(FILE *out, const struct calibrate_config *config,
    const struct calibrate_result *result, const struct calibrate_about *about);

/* Writes a value with its unit, rounded: "3.012 s", "best". */
void calibrate_format(char *text, size_t bytes, enum calibrate_unit unit,
    double value);

#endif
