/*
 * motion_reference.h: the rules of motion.h again, one block at a time: slow,
 * and easy to compare with the rules.
 *
 * The functions are those of motion.h; they abort without memory.  There is no
 * mark.
 */
#ifndef VTL_MOTION_REFERENCE_H
#define VTL_MOTION_REFERENCE_H

#include "vtl/motion/motion.h"

struct motion_reference;

struct motion_reference *motion_reference_new(const struct motion_model *model);

/* Returns when the last block of the run has arrived. */
int64_t motion_reference_write(struct motion_reference *reference,
    const struct motion_run *run, int64_t now_ns);
int64_t motion_reference_flush(struct motion_reference *reference,
    int64_t now_ns);
void motion_reference_advance(struct motion_reference *reference,
    int64_t now_ns);

/* The block with this number, counted from 1, needs a second pass. */
void motion_reference_retry(struct motion_reference *reference, uint64_t block);

void motion_reference_get_counts(struct motion_reference *reference,
    int64_t now_ns, struct motion_counts *counts);
uint64_t motion_reference_written(const struct motion_reference *reference);
void motion_reference_free(struct motion_reference *reference);

#endif
