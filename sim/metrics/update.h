/* update.h: an expectation with the actual value instead of its own. */
#ifndef SIM_METRICS_UPDATE_H
#define SIM_METRICS_UPDATE_H

#include "sim/metrics/metrics.h"

/*
 * Returns the text of an expectation that holds, made of one that does not: its
 * value becomes the actual one, in the same unit, with as few decimals as do.
 * A bound (<, <=, >, >=) becomes at most a thousandth wider than the value needs;
 * < and > of a count become the next number.  A range (in A..B) keeps its width,
 * and moves until the actual value is in its middle.
 * `def` and `actual` are those that were compared.  The caller frees the text.
 * Returns NULL if there is no such text, as for an undefined value or another
 * comparison, or without memory.
 */
char *metrics_update(const struct metrics_expect *expect,
    const struct metrics_def *def, const struct metrics_value *actual);

/*
 * Returns why metrics_update() returned NULL for an expectation: a part of a
 * sentence.  `actual` is the actual value as it is printed.
 */
const char *metrics_update_reason(const char *text, const char *actual);

#endif
