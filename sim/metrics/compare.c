/* compare.c: see compare.h. */
#include "sim/metrics/compare.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/units.h"
#include "sim/metrics/line.h"
#include "sim/metrics/parser.h"
#include "splitter/base/units.h"
#include "splitter/base/text.h"

enum { OP_MAX_BYTES = 64 };

static const char *const op_names[] = { [METRICS_EQ] = "==",
	[METRICS_NE] = "!=",
	[METRICS_LT] = "<",
	[METRICS_LE] = "<=",
	[METRICS_GT] = ">",
	[METRICS_GE] = ">=",
	[METRICS_IN] = "in",
	[METRICS_CONTAINS] = "contains" };

enum { OPS = sizeof(op_names) / sizeof(op_names[0]) };

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
	char written[OP_MAX_BYTES + 1];

	if (length == 0)
		length = strcspn(parser->at, " \t\r\n");
	snprintf(written, sizeof(written), "%.*s",
	    (int)(length < OP_MAX_BYTES ? length : OP_MAX_BYTES), parser->at);
	for (size_t i = 0; i < OPS; i++) {
		if (strcmp(op_names[i], written) != 0)
			continue;
		*op = (enum metrics_op)i;
		parser->at += length;
		return 0;
	}
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
		if (strcmp(slips[i].wrong, written) == 0)
			return parser_fail(parser,
			    "%s is not an operator; write %s",
			    text_quote(&quote, written), slips[i].right);
	return parser_fail(parser,
	    "an operator is missing here; write one of ==, !=, <, <=, >, >=, "
	    "in, contains");
}

static int parse_word(struct parser *parser, const struct metrics_def *def,
    struct metrics_value *value)
{
	struct text_quote quote;

	if (def->words == NULL) {
		value->text = strdup(parser->at);
		return value->text != NULL
		    ? 0
		    : parser_fail(parser, "out of memory");
	}
	for (size_t i = 0; def->words[i] != NULL; i++) {
		if (strcmp(def->words[i], parser->at) != 0)
			continue;
		value->text = strdup(parser->at);
		return value->text != NULL
		    ? 0
		    : parser_fail(parser, "out of memory");
	}
	parser_fail(parser, "%s is never %s", def->name,
	    text_quote(&quote, parser->at));
	text_suggest(parser->err, parser->err_bytes, parser->at, def->words);
	return -1;
}

/* Parses a text, which may be quoted. */
static int parse_text(struct parser *parser, struct metrics_value *value)
{
	size_t length = strlen(parser->at);
	bool quoted = length >= 2 && parser->at[0] == '"' &&
	    parser->at[length - 1] == '"';

	value->text =
	    quoted ? strndup(parser->at + 1, length - 2) : strdup(parser->at);
	return value->text != NULL ? 0 : parser_fail(parser, "out of memory");
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
		return parser_fail(parser, "%s is a count: %s", def->name,
		    reason);
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
		return parser_fail(parser,
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
		return parser_fail(parser, "%s: %s", def->name, reason);
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
			return parser_fail(parser,
			    "%s is never more than 100 %%", def->name);
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
	case METRIC_TEXT:
		return parse_text(parser, value);
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
	return parser_fail(parser, "no such type of metric");
}

bool compare_is_quantity(const struct metrics_def *def)
{
	return def->type != METRIC_WORD && def->type != METRIC_TEXT &&
	    def->type != METRIC_ATTEMPTS_LINE;
}

double compare_quantity(const struct metrics_def *def,
    const struct metrics_value *value)
{
	return def->type == METRIC_NUMBER || def->type == METRIC_SIZE
	    ? (double)value->number
	    : value->real;
}

int compare_parse_value(const char *text, const struct metrics_def *def,
    struct metrics_value *value, size_t *column, char *err, size_t err_bytes)
{
	struct parser parser = { text, text, column, err, err_bytes };

	*value = (struct metrics_value){ .text = NULL };
	if (parse_value(&parser, def, value) != 0)
		return -1;
	value->defined = true;
	return 0;
}

/* Parses the value in the first `length` bytes at the parser. */
static int parse_value_in(struct parser *parser, size_t length,
    const struct metrics_def *def, struct metrics_value *value)
{
	char copy[OP_MAX_BYTES];
	struct parser part = *parser;
	int rc;

	while (length > 0 && isspace((unsigned char)parser->at[length - 1]))
		length--;
	if (length >= sizeof copy)
		return parser_fail(parser, "this value is too long");
	memcpy(copy, parser->at, length);
	copy[length] = '\0';
	part.text = part.at = copy;
	*value = (struct metrics_value){ .text = NULL };
	rc = parse_value(&part, def, value);
	if (rc != 0)
		*parser->column += (size_t)(parser->at - parser->text);
	value->defined = rc == 0;
	return rc;
}

static void set_quantity(const struct metrics_def *def,
    struct metrics_value *value, double quantity)
{
	if (def->type != METRIC_NUMBER && def->type != METRIC_SIZE)
		value->real = quantity;
	else
		value->number = quantity >= 0x1p64 ? UINT64_MAX
		    : quantity > 0                 ? (uint64_t)(quantity + 0.5)
						   : 0;
}

/* Parses "A..B" after "in". */
static int parse_range(struct parser *parser, const struct metrics_def *def,
    struct metrics_value *value, struct metrics_value *upper)
{
	const char *points = strstr(parser->at, "..");

	if (points == NULL)
		return parser_fail(parser,
		    "a range is missing here, such as 2 s..3 s");
	if (parse_value_in(parser, (size_t)(points - parser->at), def, value) !=
	    0)
		return -1;
	parser->at = points + 2;
	parser_skip_blanks(parser);
	if (parse_value_in(parser, strlen(parser->at), def, upper) != 0)
		return -1;
	return compare_quantity(def, value) <= compare_quantity(def, upper)
	    ? 0
	    : parser_fail(parser,
		  "the end of the range is below its beginning");
}

/* Parses "A +- B", which is a range. */
static int parse_tolerance(struct parser *parser, const char *sign,
    const struct metrics_def *def, struct metrics_value *value,
    struct metrics_value *upper)
{
	static const struct metrics_def share = { .name = "a tolerance",
		.type = METRIC_SHARE };
	struct metrics_value tolerance;
	double middle, width;
	bool relative;

	if (parse_value_in(parser, (size_t)(sign - parser->at), def, value) !=
	    0)
		return -1;
	parser->at = sign + 2;
	parser_skip_blanks(parser);
	relative = def->type != METRIC_SHARE && strchr(parser->at, '%') != NULL;
	if (parse_value_in(parser, strlen(parser->at), relative ? &share : def,
		&tolerance) != 0)
		return -1;
	middle = compare_quantity(def, value);
	width = relative ? middle * tolerance.real / 100
			 : compare_quantity(def, &tolerance);
	*upper = *value;
	set_quantity(def, value, middle - width);
	set_quantity(def, upper, middle + width);
	return 0;
}

/* Reports an operator that values of this type do not allow. */
static int check_op(struct parser *parser, const struct metrics_def *def,
    enum metrics_op op)
{
	bool text = def->type == METRIC_TEXT ||
	    (def->type == METRIC_WORD && def->words == NULL);

	if (op == METRICS_CONTAINS && !text)
		return parser_fail(parser,
		    "%s is not a text: write ==", def->name);
	if (op == METRICS_EQ || op == METRICS_NE || op == METRICS_CONTAINS ||
	    compare_is_quantity(def))
		return 0;
	return parser_fail(parser,
	    "%s has no order; compare it with == or !=", def->name);
}

int compare_parse(const char *text, const struct metrics_def *def,
    enum metrics_op *op, struct metrics_value *value,
    struct metrics_value *upper, size_t *column, char *err, size_t err_bytes)
{
	struct parser parser = { text, text, column, err, err_bytes };
	const char *op_at, *sign;

	parser_skip_blanks(&parser);
	op_at = parser.at;
	if (parse_op(&parser, op) != 0)
		return -1;
	if (check_op(&(struct parser){ parser.text, op_at, parser.column,
			 parser.err, parser.err_bytes },
		def, *op) != 0)
		return -1;
	parser_skip_blanks(&parser);
	if (*parser.at == '\0')
		return parser_fail(&parser,
		    "a value is missing here, to compare %s with", def->name);
	*value = (struct metrics_value){ .text = NULL };
	if (*op == METRICS_IN)
		return parse_range(&parser, def, value, upper);
	sign = strstr(parser.at, "+-");
	if (sign != NULL && *op == METRICS_EQ && compare_is_quantity(def)) {
		*op = METRICS_IN;
		return parse_tolerance(&parser, sign, def, value, upper);
	}
	if (parse_value(&parser, def, value) != 0)
		return -1;
	value->defined = true;
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
	case METRIC_TEXT:
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

bool compare_holds(const struct metrics_def *def, enum metrics_op op,
    const struct metrics_value *value, const struct metrics_value *upper,
    const struct metrics_value *found)
{
	int sign;

	if (!found->defined)
		return false;
	if (op == METRICS_CONTAINS)
		return strstr(found->text != NULL ? found->text : "",
			   value->text) != NULL;
	sign = compare(def->type, found, value);
	switch (op) {
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
	case METRICS_IN:
		return sign >= 0 && compare(def->type, found, upper) <= 0;
	case METRICS_CONTAINS:
		break;
	}
	return false;
}

void compare_format(const struct metrics_def *def,
    const struct metrics_value *value, char *buf, size_t buf_bytes)
{
	char number[UNITS_BYTES];
	const char *text;

	if (!value->defined) {
		snprintf(buf, buf_bytes, "%s",
		    def->type == METRIC_WORD ? "not known" : "undefined");
		return;
	}
	switch (def->type) {
	case METRIC_WORD:
	case METRIC_TEXT:
	case METRIC_ATTEMPTS_LINE:
		text = value->text;
		if (text == NULL || *text == '\0')
			text = "none";
		snprintf(buf, buf_bytes, "%s", text);
		break;
	case METRIC_NUMBER:
		snprintf(buf, buf_bytes, "%llu",
		    (unsigned long long)value->number);
		break;
	case METRIC_DECIMAL:
		snprintf(buf, buf_bytes, "%.4g", value->real);
		break;
	case METRIC_SIZE:
		snprintf(buf, buf_bytes, "%s",
		    units_size_exact(number, value->number));
		break;
	case METRIC_RATE:
		snprintf(buf, buf_bytes, "%s", units_rate(number, value->real));
		break;
	case METRIC_TIME:
		snprintf(buf, buf_bytes, "%s", units_time(number, value->real));
		break;
	case METRIC_SHARE:
		snprintf(buf, buf_bytes, "%s",
		    units_percent(number, value->real));
		break;
	}
}
