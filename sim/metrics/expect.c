/* expect.c: expectations, "metric op value"; see metrics.h. */
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/metrics/compare.h"
#include "sim/metrics/fact.h"
#include "sim/metrics/parser.h"
#include "splitter/base/text.h"

enum { NAME_MAX_BYTES = 64 };

static int fail_name(struct parser *parser, const char *name)
{
	const char *names[METRIC_COUNT + 1], *near;
	struct text_quote quote;

	for (int i = 0; i < METRIC_COUNT; i++)
		names[i] = metrics_def((enum metrics_id)i)->name;
	names[METRIC_COUNT] = NULL;
	near = text_nearest(name, names);
	if (near != NULL)
		return parser_fail(parser,
		    "unknown metric %s; did you mean \"%s\"?",
		    text_quote(&quote, name), near);
	/* There are too many for a message. */
	return parser_fail(parser,
	    "unknown metric %s; tapelab-scenario(5) lists the metrics",
	    text_quote(&quote, name));
}

/* Takes the name of a dump, and the point after it, if the metric has one. */
static int parse_dump(struct parser *parser, char **dump)
{
	/* attempts[3].cause also has a point. */
	size_t length = strcspn(parser->at, " \t\r\n=!<>:~[");
	const char *point = memrchr(parser->at, '.', length);

	if (point == NULL)
		return 0;
	*dump = strndup(parser->at, (size_t)(point - parser->at));
	if (*dump == NULL)
		return parser_fail(parser, "out of memory");
	parser->at = point + 1;
	return 0;
}

/*
 * Adds "_p95" to a name if "p95" follows it.  Returns the length of what
 * follows, or 0.
 */
static size_t take_percentile(const char *at, char name[NAME_MAX_BYTES + 1])
{
	size_t blanks = strspn(at, " \t"), digits;

	if (blanks == 0 || at[blanks] != 'p')
		return 0;
	digits = strspn(at + blanks + 1, "0123456789");
	if (digits == 0 || strlen(name) + 2 + digits > NAME_MAX_BYTES)
		return 0;
	strcat(name, "_");
	strncat(name, at + blanks, 1 + digits);
	return blanks + 1 + digits;
}

static int parse_name(struct parser *parser, enum metrics_id *id)
{
	size_t length = strcspn(parser->at, " \t\r\n=!<>:~");
	char name[NAME_MAX_BYTES + 1];

	if (length == 0)
		return parser_fail(parser,
		    "an expectation begins with a metric, such as outcome == "
		    "DONE");
	if (length > NAME_MAX_BYTES)
		length = NAME_MAX_BYTES;
	memcpy(name, parser->at, length);
	name[length] = '\0';
	length += take_percentile(parser->at + length, name);
	for (int i = 0; i < METRIC_COUNT; i++) {
		if (strcmp(metrics_def((enum metrics_id)i)->name, name) != 0)
			continue;
		*id = (enum metrics_id)i;
		parser->at += length;
		return 0;
	}
	return fail_name(parser, name);
}

bool metrics_is_quantity(enum metrics_id id)
{
	return compare_is_quantity(metrics_def(id));
}

const char *const *metrics_quantities(void)
{
	static const char *names[METRIC_COUNT + 1];
	size_t count = 0;

	for (int i = 0; i < METRIC_STEP_FIRST; i++)
		if (metrics_is_quantity((enum metrics_id)i))
			names[count++] = metrics_def((enum metrics_id)i)->name;
	names[count] = NULL;
	return names;
}

double metrics_quantity(enum metrics_id id, const struct metrics_value *value)
{
	return compare_quantity(metrics_def(id), value);
}

int metrics_parse_quantity(enum metrics_id id, const char *text, double *value,
    char *err, size_t err_bytes)
{
	struct metrics_value parsed;
	size_t column;

	assert(metrics_is_quantity(id));
	if (compare_parse_value(text, metrics_def(id), &parsed, &column, err,
		err_bytes) != 0)
		return -1;
	*value = metrics_quantity(id, &parsed);
	return 0;
}

static int parse_all(struct parser *parser, struct metrics_expect *expect)
{
	size_t column;

	parser_skip_blanks(parser);
	if (parse_dump(parser, &expect->dump) != 0)
		return -1;
	if (fact_begins(parser, FACT_OF_RUN))
		return fact_parse_comparison(parser, FACT_OF_RUN, expect);
	if (parse_name(parser, &expect->id) != 0)
		return -1;
	if (compare_parse(parser->at, metrics_def(expect->id), &expect->op,
		&expect->value, &expect->upper, &column, parser->err,
		parser->err_bytes) == 0)
		return 0;
	*parser->column = (size_t)(parser->at - parser->text) + column;
	return -1;
}

int metrics_parse(const char *text, struct metrics_expect *expect,
    size_t *column, char *err, size_t err_bytes)
{
	char *copy = strdup(text);
	struct parser parser = { copy, copy, column, err, err_bytes };
	size_t length;
	int line = expect->line;

	*column = 0;
	*expect = (struct metrics_expect){ .line = line };
	if (copy == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	length = strlen(copy);
	while (length > 0 && isspace((unsigned char)copy[length - 1]))
		copy[--length] = '\0';
	if (parse_all(&parser, expect) != 0) {
		metrics_expect_free(expect);
		free(copy);
		return -1;
	}
	expect->text = copy;
	return 0;
}

bool metrics_holds(const struct metrics_expect *expect,
    const struct metrics_value values[METRIC_COUNT])
{
	assert(expect->value.defined && expect->fact == NULL);
	return compare_holds(metrics_def(expect->id), expect->op,
	    &expect->value, &expect->upper, &values[expect->id]);
}

void metrics_expect_free(struct metrics_expect *expect)
{
	free(expect->dump);
	free(expect->text);
	free(expect->known);
	free(expect->subject);
	free(expect->value.text);
	expect->subject = NULL;
	expect->dump = NULL;
	expect->text = NULL;
	expect->known = NULL;
	expect->value.text = NULL;
}
