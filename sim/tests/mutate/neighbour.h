/* neighbour.h: the values next to a value of a scenario. */
#ifndef TAPELAB_SIM_TESTS_MUTATE_NEIGHBOUR_H
#define TAPELAB_SIM_TESTS_MUTATE_NEIGHBOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/yaml/key.h"

/*
 * Writes the `attempt`th neighbour of a value, from 0: the next words of a
 * choice; a number one more, or one less; a size a block more or less; the
 * double or the half of a time.  Returns false after the last one.
 */
bool neighbour(const struct key *key, const char *value, uint64_t block_bytes,
    size_t attempt, char *to, size_t bytes);

#endif
