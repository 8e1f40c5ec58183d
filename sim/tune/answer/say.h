/*
 * say.h: figures and settings as people read them.
 *
 * No figure is finer than its spread: a number is rounded to a step of 1, 2 or
 * 5 times a power of ten that is not below the spread, and to three digits.
 */
#ifndef SIM_TUNE_SAY_H
#define SIM_TUNE_SAY_H

#include "sim/tune/study.h"

enum { TUNE_SAY_BYTES = 256 };

/* Writes a number, rounded by the spread: "12.5". */
char *tune_say_number(char buf[TUNE_SAY_BYTES], double value, double spread);

/* Writes a rate: "167 MB/s". */
char *tune_say_rate(char buf[TUNE_SAY_BYTES], double bytes_per_s,
    double spread);

/* Writes a share of one: "12 %". */
char *tune_say_share(char buf[TUNE_SAY_BYTES], double share);

/*
 * Writes how a rate differs from another one: "5 % more", "12 % less", or "the
 * same" if the difference is within three times `spread`, the standard
 * deviation of the second as a share of the first.
 */
char *tune_say_change(char buf[TUNE_SAY_BYTES], const struct tune_range *from,
    const struct tune_range *to, double spread);

/*
 * Writes the varied settings: "block 1 MiB, buffer 256 MiB". 
 */
char *tune_say_settings(char buf[TUNE_SAY_BYTES],
    const struct tune_sweep *sweep, const struct tune_settings *settings);

#endif
