/*
 * soak_hard.h: random scenarios in which drives misbehave, drives and robots
 * fail, and media have defects.
 *
 * Where the result depends on a drive's buffer, no reference can predict it.
 * These cases are judged by rules that always hold:
 *
 *  1. The run ends, in a time that has a bound.
 *  2. The attempts follow each other without a gap.  A volume has at most one
 *     failed attempt, its last, and is used once.
 *  3. The safe bytes are the committed ones and are read back unchanged, unless
 *     a fault on the volume corrupts data that is written or read.  Then that
 *     volume is named, and corrupted data is never reported as the same.
 *  4. The number of volumes that fail in a row stays within the limit.  A dump
 *     whose parts are cached in memory does not end before that while volumes
 *     and drives are left.
 *  5. The result is the same with and without stored payload, and on both
 *     clocks if nothing depends on time.
 */
#ifndef SIM_TESTS_SOAK_HARD_H
#define SIM_TESTS_SOAK_HARD_H

#include "sim/tests/soak/soak_judge.h"

/* Draws the hard case of a seed; it is independent of soak_draw(). */
void soak_hard_draw(struct soak_case *c, uint64_t seed);

/* Draws a fault of a drive, the robot or a medium. */
struct soak_dice;
void soak_hard_draw_fault(struct soak_dice *d, const struct soak_case *c,
    struct scenario_fault *f);

/* Tidies a hard case; soak_tidy() calls this function. */
void soak_hard_tidy(struct soak_case *c);

/* Write the parts of the scenario's text that only hard cases have. */
void soak_hard_write_drive(const struct soak_case *c, size_t i, FILE *to);
void soak_hard_write_library(const struct soak_case *c, FILE *to);

/*
 * Returns false if the fault is one that other cases have too; nothing is
 * written then.
 */
bool soak_hard_write_fault(const struct scenario_fault *f, FILE *to);

/* Returns the number of the volume with this barcode, from 0. */
enum { SOAK_BARCODE_BYTES = 40 };
void soak_barcode(const struct soak_case *c, size_t volume,
    char barcode[SOAK_BARCODE_BYTES]);

/* Returns whether a fault may corrupt data on a volume, from 1; 0: on any. */
bool soak_hard_is_spoilt(const struct soak_case *c, size_t volume);

/* Judges the result of one run: the rules of soak_judge_any(), and more. */
void soak_hard_judge(const struct soak_case *c,
    const struct results_scenario *r, struct soak_finding *f);

/* Returns whether the result is independent of timing. */
bool soak_hard_is_untimed(const struct soak_case *c);

/* Judges two runs of a case that must have the same result. */
void soak_hard_compare(const struct results_scenario *r,
    const struct results_scenario *other, const char *how,
    struct soak_finding *f);

#endif
