/* expect.c: expectations, "metric op value"; see metrics.h. */
#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/metrics/metrics.h"
#include "sim/metrics/line.h"
#include "splitter/base/units.h"
#include "splitter/base/text.h"

enum { NAME_MAX_BYTES = 64 };

static const char *const op_names[] = { [METRICS_EQ] = "==",
	[METRICS_NE] = "!=",
	[METRICS_LT] = "<",
	[METRICS_LE] = "<=",
	[METRICS_GT] = ">",
	[METRICS_GE] = ">=" };

enum { OPS = sizeof(op_names) / sizeof(op_names[0]) };

/* The state of the parser: its position, and the buffers for an error. */
struct parser {
	const char *text;
	const char *at;
	size_t *column;
	char *err;
	size_t err_bytes;
};

static int __attribute__((format(printf, 2, 3)))
fail(struct parser *parser, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(parser->err, parser->err_bytes, format, args);
	va_end(args);
	*parser->column = (size_t)(parser->at - parser->text);
	return -1;
}

static void skip_blanks(struct parser *parser)
{
	while (isspace((unsigned char)*parser->at))
		parser->at++;
}

static int fail_name(struct parser *parser, const char *name)
{
	const char *names[METRIC_COUNT + 1], *near;
	struct text_quote quote;

	for (int i = 0; i < METRIC_COUNT; i++)
		names[i] = metrics_def((enum metrics_id)i)->name;
	names[METRIC_COUNT] = NULL;
	near = text_nearest(name, names);
	if (near != NULL)
		return fail(parser, "unknown metric %s; did you mean \"%s\"?",
		    text_quote(&quote, name), near);
	/* There are too many for a message. */
	return fail(parser,
	    "unknown metric %s; tapelab-scenario(5) lists the metrics",
	    text_quote(&quote, name));
}

/* Takes the name of a dump, and the point after it, if the metric has one. */
static int parse_dump(struct parser *parser, char **dump)
{
	size_t length = strcspn(parser->at, " \t\r\n=!<>:~");
	const char *point = memrchr(parser->at, '.', length);

	if (point == NULL)
		return 0;
	*dump = strndup(parser->at, (size_t)(point - parser->at));
	if (*dump == NULL)
		return fail(parser, "out of memory");
	parser->at = point + 1;
	return 0;
}

static int parse_name(struct parser *parser, enum metrics_id *id)
{
	size_t length = strcspn(parser->at, " \t\r\n=!<>:~");
	char name[NAME_MAX_BYTES + 1];

	if (length == 0)
		return fail(parser,
		    "an expectation begins with a metric, such as outcome == "
		    "DONE");
	if (length > NAME_MAX_BYTES)
		length = NAME_MAX_BYTES;
	memcpy(name, parser->at, length);
	name[length] = '\0';
	for (int i = 0; i < METRIC_COUNT; i++) {
		if (strcmp(metrics_def((enum metrics_id)i)->name, name) != 0)
			continue;
		*id = (enum metrics_id)i;
		parser->at += length;
		return 0;
	}
	return fail_name(parser, name);
}

static int parse_op(struct parser *parser, enum metrics_op *op)
{
	static const struct {
		const char *wrong, *right;
	} slips[] = {
		{ "=", "==" },
		{ "===", "==" },
		{ "=>", ">=" },
		{ "=<", "<=" },
		{ "!", "!=" },
		{ "<>", "!=" },
		{ ":", "==" },
	};
	size_t length = strspn(parser->at, "=!<>~:");
	struct text_quote quote;
	char written[NAME_MAX_BYTES + 1];

	snprintf(written, sizeof(written), "%.*s",
	    (int)(length < NAME_MAX_BYTES ? length : NAME_MAX_BYTES),
	    parser->at);
	for (size_t i = 0; i < OPS; i++) {
		if (strcmp(op_names[i], written) != 0)
			continue;
		*op = (enum metrics_op)i;
		parser->at += length;
		return 0;
	}
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
		if (strcmp(slips[i].wrong, written) == 0)
			return fail(parser, "%s is not an operator; write %s",
			    text_quote(&quote, written), slips[i].right);
	return fail(parser,
	    "an operator is missing here; write one of ==, !=, <, <=, >, >=");
}

static int parse_word(struct parser *parser, const struct metrics_def *def,
    struct metrics_value *value)
{
	struct text_quote quote;

	for (size_t i = 0; def->words[i] != NULL; i++) {
		if (strcmp(def->words[i], parser->at) != 0)
			continue;
		value->text = strdup(parser->at);
		return value->text != NULL ? 0 : fail(parser, "out of memory");
	}
	fail(parser, "%s is never %s", def->name,
	    text_quote(&quote, parser->at));
	text_suggest(parser->err, parser->err_bytes, parser->at, def->words);
	return -1;
}

static int parse_line(struct parser *parser, struct metrics_value *value)
{
	size_t column;

	value->text = metrics_line_parse(parser->at, &column, parser->err,
	    parser->err_bytes);
	if (value->text != NULL)
		return 0;
	*parser->column = (size_t)(parser->at - parser->text) + column;
	return -1;
}

static int parse_count(struct parser *parser, const struct metrics_def *def,
    struct metrics_value *value)
{
	char reason[TEXT_QUOTE_BYTES + 80];

	if (units_parse_count(parser->at, 0, UINT64_MAX, &value->number, reason,
		sizeof(reason)) != 0)
		return fail(parser, "%s is a count: %s", def->name, reason);
	return 0;
}

/* Parses "12" or "12.5". */
static int parse_decimal(struct parser *parser, const struct metrics_def *def,
    struct metrics_value *value)
{
	static const char digits[] = "0123456789";
	size_t whole = strspn(parser->at, digits), decimals = 0;
	const char *end = parser->at + whole;
	struct text_quote quote;
	double unit = 1;

	if (*end == '.') {
		decimals = strspn(end + 1, digits);
		end += 1 + decimals;
	}
	if (whole == 0 || *end != '\0' || (end[-1] == '.'))
		return fail(parser,
		    "%s is a number: %s is not a number without a unit, such "
		    "as 12 or 12.5",
		    def->name, text_quote(&quote, parser->at));
	/* Not strtod(): the decimal point of a locale may differ. */
	for (const char *at = parser->at; at < end; at++) {
		if (*at == '.')
			continue;
		value->real = value->real * 10 + (*at - '0');
		if (at >= parser->at + whole)
			unit *= 10;
	}
	value->real /= unit;
	return 0;
}

static int parse_quantity(struct parser *parser, const struct metrics_def *def,
    struct metrics_value *value)
{
	char reason[TEXT_QUOTE_BYTES + 160];
	enum units_kind kind = UNITS_SIZE;
	uint64_t number = 0;

	if (def->type == METRIC_RATE)
		kind = UNITS_RATE;
	else if (def->type == METRIC_TIME)
		kind = UNITS_TIME;
	else if (def->type == METRIC_SHARE)
		kind = UNITS_PERCENT;
	if (units_parse(kind, parser->at, &number, reason, sizeof(reason)) != 0)
		return fail(parser, "%s: %s", def->name, reason);
	switch (kind) {
	case UNITS_SIZE:
		value->number = number;
		break;
	case UNITS_RATE:
		value->real = (double)number;
		break;
	case UNITS_TIME:
		value->real = (double)number / 1e9;
		break;
	case UNITS_PERCENT:
		if (number > UINT64_C(100) * UNITS_PERCENT_ONE)
			return fail(parser, "%s is never more than 100 %%",
			    def->name);
		value->real = (double)number / UNITS_PERCENT_ONE;
		break;
	}
	return 0;
}

static int parse_value(struct parser *parser, const struct metrics_def *def,
    struct metrics_value *value)
{
	switch (def->type) {
	case METRIC_WORD:
		return parse_word(parser, def, value);
	case METRIC_ATTEMPTS_LINE:
		return parse_line(parser, value);
	case METRIC_NUMBER:
		return parse_count(parser, def, value);
	case METRIC_DECIMAL:
		return parse_decimal(parser, def, value);
	case METRIC_SIZE:
	case METRIC_RATE:
	case METRIC_TIME:
	case METRIC_SHARE:
		return parse_quantity(parser, def, value);
	}
	return fail(parser, "no such type of metric");
}

bool metrics_is_quantity(enum metrics_id id)
{
	enum metrics_type type = metrics_def(id)->type;

	return type != METRIC_WORD && type != METRIC_ATTEMPTS_LINE;
}

const char *const *metrics_quantities(void)
{
	static const char *names[METRIC_COUNT + 1];
	size_t count = 0;

	for (int i = 0; i < METRIC_COUNT; i++)
		if (metrics_is_quantity((enum metrics_id)i))
			names[count++] = metrics_def((enum metrics_id)i)->name;
	names[count] = NULL;
	return names;
}

double metrics_quantity(enum metrics_id id, const struct metrics_value *value)
{
	enum metrics_type type = metrics_def(id)->type;

	return type == METRIC_NUMBER || type == METRIC_SIZE
	    ? (double)value->number
	    : value->real;
}

int metrics_parse_quantity(enum metrics_id id, const char *text, double *value,
    char *err, size_t err_bytes)
{
	size_t column;
	struct parser parser = { text, text, &column, err, err_bytes };
	struct metrics_value parsed = { .text = NULL };

	assert(metrics_is_quantity(id));
	if (parse_value(&parser, metrics_def(id), &parsed) != 0)
		return -1;
	*value = metrics_quantity(id, &parsed);
	return 0;
}

static int parse_all(struct parser *parser, struct metrics_expect *expect)
{
	const struct metrics_def *def;
	const char *op_at;

	skip_blanks(parser);
	if (parse_dump(parser, &expect->dump) != 0 ||
	    parse_name(parser, &expect->id) != 0)
		return -1;
	def = metrics_def(expect->id);
	skip_blanks(parser);
	op_at = parser->at;
	if (parse_op(parser, &expect->op) != 0)
		return -1;
	if (!metrics_is_quantity(expect->id) && expect->op != METRICS_EQ &&
	    expect->op != METRICS_NE) {
		parser->at = op_at;
		return fail(parser,
		    "%s has no order; compare it with == or !=", def->name);
	}
	skip_blanks(parser);
	if (*parser->at == '\0')
		return fail(parser,
		    "a value is missing here, to compare %s with", def->name);
	if (parse_value(parser, def, &expect->value) != 0)
		return -1;
	expect->value.defined = true;
	return 0;
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
		free(expect->dump);
		expect->dump = NULL;
		free(copy);
		return -1;
	}
	expect->text = copy;
	return 0;
}

/*
 * Returns a number below, equal to or above 0 if the value found is less than,
 * equal to or greater than the expected one.
 */
static int compare(enum metrics_type type, const struct metrics_value *found,
    const struct metrics_value *expected)
{
	const char *text = found->text != NULL ? found->text : "";

	switch (type) {
	case METRIC_WORD:
		return strcmp(text, expected->text);
	case METRIC_ATTEMPTS_LINE:
		return metrics_line_equal(text, expected->text) ? 0 : 1;
	case METRIC_NUMBER:
	case METRIC_SIZE:
		return (found->number > expected->number) -
		    (found->number < expected->number);
	case METRIC_DECIMAL:
	case METRIC_RATE:
	case METRIC_TIME:
	case METRIC_SHARE:
		break;
	}
	return (found->real > expected->real) - (found->real < expected->real);
}

bool metrics_holds(const struct metrics_expect *expect,
    const struct metrics_value values[METRIC_COUNT])
{
	const struct metrics_value *found = &values[expect->id];
	int sign;

	assert(expect->value.defined);
	if (!found->defined)
		return false;
	sign = compare(metrics_def(expect->id)->type, found, &expect->value);
	switch (expect->op) {
	case METRICS_EQ:
		return sign == 0;
	case METRICS_NE:
		return sign != 0;
	case METRICS_LT:
		return sign < 0;
	case METRICS_LE:
		return sign <= 0;
	case METRICS_GT:
		return sign > 0;
	case METRICS_GE:
		return sign >= 0;
	}
	return false;
}

void metrics_expect_free(struct metrics_expect *expect)
{
	free(expect->dump);
	free(expect->text);
	free(expect->known);
	free(expect->value.text);
	expect->dump = NULL;
	expect->text = NULL;
	expect->known = NULL;
	expect->value.text = NULL;
}
