/* limit.c: goals and limits of a recommendation; choose.h. */
#include <stdio.h>
#include <string.h>

#include "reports/units.h"
#include "sim/tune/choose.h"
#include "splitter/base/text.h"
#include "splitter/base/units.h"

static const char *const goal_words[] = {
	[TUNE_GOAL_THROUGHPUT] = "throughput",
	[TUNE_GOAL_WEAR] = "wear",
	[TUNE_GOAL_TAPE] = "tape",
	[TUNE_GOAL_MEMORY] = "memory",
	NULL,
};

static const char *const limit_names[] = {
	[TUNE_LIMIT_MEMORY] = "memory",
	[TUNE_LIMIT_SPOOL] = "spool",
	[TUNE_LIMIT_BLOCK] = "block",
	[TUNE_LIMIT_PART] = "part",
	[TUNE_LIMIT_DRIVES] = "drives",
	[TUNE_LIMIT_STOPS] = "stops",
	[TUNE_LIMIT_THROUGHPUT] = "throughput",
	NULL,
};

const char *const *tune_goal_words(void)
{
	return goal_words;
}

const char *tune_limit_name(enum tune_limit limit)
{
	return limit_names[limit];
}

static int parse(enum tune_limit limit, const char *text, uint64_t *value,
    char *err, size_t err_bytes)
{
	switch (limit) {
	case TUNE_LIMIT_DRIVES:
	case TUNE_LIMIT_STOPS:
		return units_parse_count(text, limit == TUNE_LIMIT_DRIVES,
		    UINT32_MAX, value, err, err_bytes);
	case TUNE_LIMIT_THROUGHPUT:
		return units_parse(UNITS_RATE, text, value, err, err_bytes);
	default:
		return units_parse(UNITS_SIZE, text, value, err, err_bytes);
	}
}

int tune_limit_parse(struct tune_limits *limits, const char *argument,
    char *err, size_t err_bytes)
{
	const char *equals = strchr(argument, '=');
	char name[TUNE_TEXT_BYTES], why[256];
	struct text_quote quote;

	if (equals == NULL) {
		snprintf(err, err_bytes,
		    "write NAME=VALUE, such as memory=2GiB, not %s",
		    text_quote(&quote, argument));
		return -1;
	}
	snprintf(name, sizeof name, "%.*s", (int)(equals - argument), argument);
	for (size_t i = 0; i < TUNE_LIMITS; i++) {
		if (strcmp(limit_names[i], name) != 0)
			continue;
		if (limits->given[i]) {
			snprintf(err, err_bytes, "%s is limited twice", name);
			return -1;
		}
		if (parse((enum tune_limit)i, equals + 1, &limits->value[i],
			why, sizeof why) != 0) {
			snprintf(err, err_bytes, "%s: %s", name, why);
			return -1;
		}
		limits->given[i] = true;
		return 0;
	}
	snprintf(err, err_bytes, "no such limit as %s",
	    text_quote(&quote, name));
	text_suggest(err, err_bytes, name, limit_names);
	return -1;
}

char *tune_limit_text(enum tune_limit limit, uint64_t value,
    char buf[TUNE_TEXT_BYTES])
{
	char number[UNITS_BYTES];

	switch (limit) {
	case TUNE_LIMIT_DRIVES:
	case TUNE_LIMIT_STOPS:
		snprintf(buf, TUNE_TEXT_BYTES, "%s at most %llu%s",
		    limit_names[limit], (unsigned long long)value,
		    limit == TUNE_LIMIT_STOPS ? " an hour" : "");
		break;
	case TUNE_LIMIT_THROUGHPUT:
		snprintf(buf, TUNE_TEXT_BYTES, "throughput at least %s",
		    units_rate(number, (double)value));
		break;
	default:
		snprintf(buf, TUNE_TEXT_BYTES, "%s at most %s",
		    limit_names[limit], units_size_exact(number, value));
		break;
	}
	return buf;
}
