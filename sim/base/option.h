/*
 * option.h: parses the arguments of command-line options.
 *
 * A wrong argument ends the program by argp_error().  The message begins with
 * `option`, and says what is wrong and what to write.
 */
#ifndef SIM_OPTION_H
#define SIM_OPTION_H

#include <argp.h>
#include <stdint.h>

#include "splitter/base/units.h"

/* Returns the index of the argument in `words`, which end with NULL. */
unsigned option_word(const char *option, const char *arg,
    const char *const *words, struct argp_state *state);

/* Returns the argument as a whole number from `min` to `max`. */
uint64_t option_count(const char *option, const char *arg, uint64_t min,
    uint64_t max, struct argp_state *state);

/*
 * Returns the argument, the name of a `thing` such as "drive", which must not
 * be empty.
 */
const char *option_name(const char *option, const char *thing, const char *arg,
    struct argp_state *state);

/*
 * Returns the argument, a number with a unit of this kind, in the smallest
 * unit.
 */
uint64_t option_value(const char *option, enum units_kind kind, const char *arg,
    struct argp_state *state);

#endif
