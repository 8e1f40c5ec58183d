/* overrides.c: see overrides.h. */
#include "sim/command/overrides.h"

#include <stdlib.h>
#include <string.h>

#include "splitter/base/text.h"
#include "sim/command/cmd.h"
#include "splitter/base/grow.h"

void overrides_add(struct overrides *overrides, const char *argument,
    struct argp_state *state)
{
	struct text_quote quote;
	const char **list;

	if (strchr(argument, '=') == NULL)
		argp_error(state,
		    "--set takes KEY=VALUE, such as splitter.block=1MiB, not "
		    "%s",
		    text_quote(&quote, argument));
	list = grow_by_one(overrides->list, overrides->count, sizeof *list);
	if (list == NULL) {
		argp_failure(state, CMD_USAGE, 0, "out of memory");
		return;
	}
	overrides->list = list;
	overrides->list[overrides->count++] = argument;
}

struct scenario_overrides overrides_get(const struct overrides *overrides)
{
	return (struct scenario_overrides){
		.list = overrides->list,
		.count = overrides->count,
	};
}

void overrides_clear(struct overrides *overrides)
{
	free(overrides->list);
	*overrides = (struct overrides){ 0 };
}
