/* overrides.h: the option --set, which overrides values of scenarios. */
#ifndef SIM_OVERRIDES_H
#define SIM_OVERRIDES_H

#include <argp.h>

#include "sim/scenario/scenario.h"

/* Collects arguments; must be all zeros at first. */
struct overrides {
	const char **list; /* owned; the arguments are not */
	size_t count;
};

/* Adds an argument "KEY=VALUE".  A wrong one ends the program. */
void overrides_add(struct overrides *overrides, const char *argument,
    struct argp_state *state);

struct scenario_overrides overrides_get(const struct overrides *overrides);

void overrides_clear(struct overrides *overrides);

/* The row of the option in the table of a command. */
enum { KEY_SET = 0x5e7 };
#define OVERRIDES_OPTION                                                        \
	{                                                                       \
		"set", KEY_SET, "KEY=VALUE", 0,                                 \
		    "override a value of each scenario, such as "               \
		    "splitter.block=1MiB or library.drives=[lto9]; repeat the " \
		    "option for other keys",                                    \
		    0                                                           \
	}

#endif
