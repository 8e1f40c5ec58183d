/*
 * soak_hard.h: drawn scenarios in which drives behave as none should, drives
 * and robots fail, and media have defects.
 *
 * Where a course hangs on a drive's buffer, no reference says what it comes
 * to.  These are judged by what holds whatever happens:
 *
 *  1. The run ends, in a time that can be bounded.
 *  2. The attempts follow each other without a gap, a volume has one failed
 *     attempt at most, its last, and is used once.
 *  3. What is called safe is what is committed, and is read back the same;
 *     but where something on the volume spoils what is written or read.  Then
 *     that volume is named, and what must be spoilt is never called the same.
 *  4. No more volumes fail in a row than may; and no dump whose parts are in
 *     memory ends before that, while there are volumes and drives.
 *  5. The course is the same with the payload kept and not; and, where nothing
 *     hangs on time, on both clocks.
 */
#ifndef SIM_TESTS_SOAK_HARD_H
#define SIM_TESTS_SOAK_HARD_H

#include "sim/tests/soak_judge.h"

/* Draws the hard case of a seed: another than soak_draw() has of it. */
void soak_hard_draw(struct soak_case *c, uint64_t seed);

/* A fault of a drive, the robot or a medium, of a case that is drawn. */
struct soak_dice;
void soak_hard_draw_fault(struct soak_dice *d, const struct soak_case *c,
    struct scenario_fault *f);

/* As soak_tidy(), which calls it. */
void soak_hard_tidy(struct soak_case *c);

/* What of the scenario's text is of hard cases only. */
void soak_hard_write_drive(const struct soak_case *c, size_t i, FILE *to);
void soak_hard_write_library(const struct soak_case *c, FILE *to);

/* True: the fault was written; false: it is one that other cases have too. */
bool soak_hard_write_fault(const struct scenario_fault *f, FILE *to);

/* The barcode of a volume, from 0. */
enum { SOAK_BARCODE_BYTES = 40 };
void soak_barcode(const struct soak_case *c, size_t volume,
    char barcode[SOAK_BARCODE_BYTES]);

/* Whether something may spoil what is on a volume, from 1; 0: on any. */
bool soak_hard_is_spoilt(const struct soak_case *c, size_t volume);

/* Judges what one run came to; what soak_judge_any() asks, and more. */
void soak_hard_judge(const struct soak_case *c,
    const struct results_scenario *r, struct soak_finding *f);

/* Whether nothing of the course hangs on time. */
bool soak_hard_is_untimed(const struct soak_case *c);

/* Two runs of a case that must have taken the same course. */
void soak_hard_compare(const struct results_scenario *r,
    const struct results_scenario *other, const char *how,
    struct soak_finding *f);

#endif
