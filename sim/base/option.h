/*
 * option.h: what an option of a command line says, as a number.
 *
 * Where it says something else, argp_error() tells what is wrong, and what to
 * write; that ends the program.  `option` begins the message.
 */
#ifndef SIM_OPTION_H
#define SIM_OPTION_H

#include <argp.h>
#include <stdint.h>

#include "sim/base/units.h"

/* Its place in `words`, ended by NULL. */
unsigned option_word(const char *option, const char *arg,
    const char *const *words, struct argp_state *state);

/* A whole number from `min` to `max`. */
uint64_t option_count(const char *option, const char *arg, uint64_t min,
    uint64_t max, struct argp_state *state);

/* What has a unit of that kind. */
uint64_t option_value(const char *option, enum units_kind kind, const char *arg,
    struct argp_state *state);

#endif
