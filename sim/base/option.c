/* option.c: see option.h. */
#include "sim/base/option.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/text.h"

unsigned option_word(const char *option, const char *arg,
    const char *const *words, struct argp_state *state)
{
	struct text_quote quote;
	char message[512];
	unsigned i;

	for (i = 0; words[i] != NULL; i++)
		if (strcmp(words[i], arg) == 0)
			return i;
	snprintf(message, sizeof message, "%s: no such word as %s", option,
	    text_quote(&quote, arg));
	text_suggest(message, sizeof message, arg, words);
	argp_error(state, "%s", message);
	return 0;
}

uint64_t option_count(const char *option, const char *arg, uint64_t min,
    uint64_t max, struct argp_state *state)
{
	uint64_t value = min;
	char err[256];

	if (units_parse_count(arg, min, max, &value, err, sizeof err) != 0)
		argp_error(state, "%s: %s", option, err);
	return value;
}

const char *option_name(const char *option, const char *thing, const char *arg,
    struct argp_state *state)
{
	if (arg[0] == '\0')
		argp_error(state, "%s: the name of a %s is empty", option,
		    thing);
	return arg;
}

uint64_t option_value(const char *option, enum units_kind kind, const char *arg,
    struct argp_state *state)
{
	uint64_t value = 0;
	char err[256];

	if (units_parse(kind, arg, &value, err, sizeof err) != 0)
		argp_error(state, "%s: %s", option, err);
	return value;
}
