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

/* Returns how much one of the unit is, or 0 if it is not one. */
static double scale_of(const struct metrics_expect *e, size_t before,
    const char *unit, const struct actual *a)
{
	char one[TEXT_BYTES];
	struct metrics_expect other;
	double scale = 0;
	char *text;

	snprintf(one, sizeof one, "1%s%s", unit[0] != '\0' ? " " : "", unit);
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

/* Rounds in the direction in which the comparison holds. */
static double rounded(double value, int decimals, enum metrics_op op)
{
	double scale = pow(10, decimals);

	if (op == METRICS_LE)
		return ceil(value * scale) / scale;
	if (op == METRICS_GE)
		return floor(value * scale) / scale;
	return round(value * scale) / scale;
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
		if (fabs(near - value) > slack * fabs(value))
			continue;
		snprintf(text, sizeof text, "%.*f%s%s", decimals, near,
		    unit[0] != '\0' ? " " : "", unit);
		found = try(e, before, text, a);
		if (found != NULL)
			return found;
	}
	return NULL;
}

char *metrics_update(const struct metrics_expect *e,
    const struct metrics_def *def, const struct metrics_value *actual)
{
	const struct actual a = { def, actual };
	size_t before = before_value(e);
	const char *unit;
	char *text = NULL;

	if (before == 0 || !actual->defined)
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
