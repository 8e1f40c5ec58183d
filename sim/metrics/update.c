/*
 * update.c: see update.h.
 *
 * Every text is parsed and judged before it is returned, so the rules of
 * expectations are not repeated here.
 */
#include "sim/metrics/update.h"

#include "sim/metrics/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECIMALS_MAX = 9, TEXT_BYTES = 128 };

/* The largest share by which a bound may be wider than the value needs. */
static const double slack = 0.001;

/* Returns the length of the text up to its value, or 0. */
static size_t before_value(const struct metrics_expect *e)
{
	static const char *const ops[] = {
		[METRICS_EQ] = "==",
		[METRICS_LE] = "<=",
		[METRICS_GE] = ">=",
		[METRICS_LT] = "<",
		[METRICS_GT] = ">",
		/* "== value +- tolerance"; the other form is not found. */
		[METRICS_IN] = "==",
	};
	const char *op;

	if (e->op >= sizeof ops / sizeof *ops || ops[e->op] == NULL)
		return 0;
	op = strstr(e->text, ops[e->op]);
	if (op == NULL)
		return 0;
	op += strlen(ops[e->op]);
	op += strspn(op, " ");
	return (size_t)(op - e->text);
}

/* What an expectation is compared with. */
struct actual {
	const struct metrics_def *def;
	const struct metrics_value *value;
};

/* Parses the text with another value.  Returns it, or NULL. */
static char *parse(const struct metrics_expect *e, size_t before,
    const char *value, struct metrics_expect *other)
{
	char *text, err[256];
	size_t column;

	*other = (struct metrics_expect){ 0 };
	if (asprintf(&text, "%.*s%s", (int)before, e->text, value) < 0)
		return NULL;
	if (metrics_parse(text, other, &column, err, sizeof err) == 0)
		return text;
	free(text);
	return NULL;
}

/* Returns the text with another value if it holds then, or NULL. */
static char *try(const struct metrics_expect *e, size_t before,
    const char *value, const struct actual *a)
{
	struct metrics_expect other;
	char *text = parse(e, before, value, &other);
	bool holds;

	if (text == NULL)
		return NULL;
	holds = compare_holds(a->def, other.op, &other.value, &other.upper,
	    a->value);
	metrics_expect_free(&other);
	if (holds)
		return text;
	free(text);
	return NULL;
}

/* Returns how much a text with one of a unit is, or 0 if it is not one. */
static double scale_of_text(const struct metrics_expect *e, size_t before,
    const char *one, const struct actual *a)
{
	struct metrics_expect other;
	double scale = 0;
	char *text;

	text = parse(e, before, one, &other);
	if (text == NULL)
		return 0;
	scale = compare_quantity(a->def, &other.value);
	/* The middle, if there is a tolerance. */
	if (other.op == METRICS_IN)
		scale = (scale + compare_quantity(a->def, &other.upper)) / 2;
	metrics_expect_free(&other);
	free(text);
	return scale;
}

static double scale_of(const struct metrics_expect *e, size_t before,
    const char *unit, const struct actual *a)
{
	char one[TEXT_BYTES];

	snprintf(one, sizeof one, "1%s%s", unit[0] != '\0' ? " " : "", unit);
	return scale_of_text(e, before, one, a);
}

/*
 * Rounds in the direction in which the comparison holds.  With < and > a value
 * that has these decimals is moved by one in the last of them.
 */
static double rounded(double value, int decimals, enum metrics_op op)
{
	double scale = pow(10, decimals);

	switch (op) {
	case METRICS_LE:
		return ceil(value * scale) / scale;
	case METRICS_GE:
		return floor(value * scale) / scale;
	case METRICS_LT:
		return (floor(value * scale) + 1) / scale;
	case METRICS_GT:
		return (ceil(value * scale) - 1) / scale;
	default:
		return round(value * scale) / scale;
	}
}

/* Returns whether a bound is as near as it has to be. */
static bool is_near(double near, double value, int decimals,
    const struct metrics_expect *e, const char *unit)
{
	/* The next whole number is the nearest strict bound of a count. */
	bool next = (e->op == METRICS_LT || e->op == METRICS_GT) &&
	    decimals == 0 && unit[0] == '\0' && fabs(near - value) <= 1;

	return near >= 0 && (next || fabs(near - value) <= slack * fabs(value));
}

/* Returns a text with the quantity in a unit, or NULL. */
static char *try_unit(const struct metrics_expect *e, size_t before,
    const char *unit, const struct actual *a)
{
	double scale = scale_of(e, before, unit, a), value, near;
	char text[TEXT_BYTES], *found;

	if (!(scale > 0))
		return NULL;
	value = compare_quantity(a->def, a->value) / scale;
	for (int decimals = 0; decimals <= DECIMALS_MAX; decimals++) {
		near = rounded(value, decimals, e->op);
		if (!is_near(near, value, decimals, e, unit))
			continue;
		snprintf(text, sizeof text, "%.*f%s%s", decimals, near,
		    unit[0] != '\0' ? " " : "", unit);
		found = try(e, before, text, a);
		if (found != NULL)
			return found;
	}
	return NULL;
}

/* Returns the number of decimals of a number. */
static int decimals_of(const char *text)
{
	const char *dot = text + strspn(text, "0123456789");

	return *dot == '.' ? (int)strspn(dot + 1, "0123456789") : 0;
}

/*
 * Returns a range of the same width, with the same decimals or a few more, whose
 * middle is the actual value; or NULL.
 */
static char *move_range(const struct metrics_expect *e, const struct actual *a)
{
	const char *in = strstr(e->text, " in "), *dots, *unit;
	double scale, half, value, low, high, ten;
	char one[TEXT_BYTES], text[TEXT_BYTES], *found = NULL, *finer;
	int decimals;
	size_t before;

	if (in == NULL)
		return NULL;
	in += strlen(" in ");
	in += strspn(in, " ");
	dots = strstr(in, "..");
	if (dots == NULL)
		return NULL;
	before = (size_t)(in - e->text);
	unit = dots + 2 + strspn(dots + 2, " ");
	decimals = decimals_of(in);
	if (decimals < decimals_of(unit))
		decimals = decimals_of(unit);
	unit += strspn(unit, "0123456789.");
	if (strlen(unit) > TEXT_BYTES / 4)
		return NULL;
	snprintf(one, sizeof one, "1%s..1%s", unit, unit);
	scale = scale_of_text(e, before, one, a);
	if (!(scale > 0))
		return NULL;
	value = compare_quantity(a->def, a->value) / scale;
	half = (compare_quantity(a->def, &e->upper) -
		   compare_quantity(a->def, &e->value)) /
	    scale / 2;
	for (; decimals <= DECIMALS_MAX; decimals++) {
		ten = pow(10, decimals);
		low = fmax(floor((value - half) * ten) / ten, 0);
		high = ceil((value + half) * ten) / ten;
		snprintf(text, sizeof text, "%.*f%s..%.*f%s", decimals, low,
		    unit, decimals, high, unit);
		finer = try(e, before, text, a);
		if (finer == NULL && found == NULL)
			continue;
		if (finer == NULL)
			break;
		free(found);
		found = finer;
		/* Rounding makes it wider; a twentieth is enough. */
		if (high - low <= 2.1 * half)
			break;
	}
	return found;
}

const char *metrics_update_reason(const char *text, const char *actual)
{
	struct metrics_expect e = { 0 };
	const char *reason = "there is no value with which it holds; edit it";
	char err[256];
	size_t column;

	if (metrics_parse(text, &e, &column, err, sizeof err) != 0)
		return reason;
	/* As compare_format() prints a value that is not defined. */
	if (strcmp(actual, "undefined") == 0 ||
	    strcmp(actual, "not known") == 0)
		reason = "the actual value is undefined; edit it";
	else if (e.is_bare)
		reason = "it has no value, and the actual one is 0; edit it";
	else if (e.op == METRICS_NE)
		reason = "it excludes one value, which is the actual one; edit "
			 "it";
	else if (e.op == METRICS_CONTAINS)
		reason = "the part of the text that matters is not known; edit "
			 "it";
	metrics_expect_free(&e);
	return reason;
}

char *metrics_update(const struct metrics_expect *e,
    const struct metrics_def *def, const struct metrics_value *actual)
{
	const struct actual a = { def, actual };
	size_t before = before_value(e);
	const char *unit;
	char *text = NULL;

	if (!actual->defined || e->is_bare)
		return NULL;
	if (e->op == METRICS_IN && before == 0)
		return move_range(e, &a);
	if (before == 0)
		return NULL;
	if (!compare_is_quantity(def))
		return e->op == METRICS_EQ && actual->text != NULL
		    ? try(e, before, actual->text, &a)
		    : NULL;
	unit = e->text + before;
	unit += strspn(unit, "0123456789. ");
	if (strlen(unit) < TEXT_BYTES / 2)
		text = try_unit(e, before, unit, &a);
	return text != NULL ? text : try_unit(e, before, def->unit, &a);
}
