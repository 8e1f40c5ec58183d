/* explore_repeat.h: core_repeat() against single steps, from one state. */
#ifndef SPLITTER_EXPLORE_REPEAT_H
#define SPLITTER_EXPLORE_REPEAT_H

#include "splitter/core/core.h"

/*
 * Checks that core_repeat() does what single steps do, as often as core_same()
 * allows.  A grid has a column for each repetition and a row for each grain
 * that was accepted.  Every legal step from one of its cells must lead to the
 * state that core_repeat() gives for the next cell: then every order of steps
 * does, by induction.  `grain` is the number of bytes that arrive at once.
 * Returns how many repetitions were compared.
 */
uint64_t explore_repeat(const struct core *from, uint64_t grain);

#endif
