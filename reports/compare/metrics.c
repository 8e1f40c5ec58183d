/* metrics.c: compares metrics: words, speed and other figures. */
#include <math.h>
#include <string.h>

#include "reports/compare/impl.h"
#include "reports/metric.h"
#include "reports/words.h"

/* The metrics that say how fast a case was. */
static const struct {
	const char *name;
	bool more_is_better;
} speeds[] = {
	{ "throughput_mean", true },
	{ "write_rate_mean", true },
	{ "duration", false },
	{ "restore_time", false },
};

/* Returns the change as a share of the value before; infinite from 0. */
static double change_of(double before, double after)
{
	if (before == 0)
		return after > 0 ? INFINITY : after < 0 ? -INFINITY : 0;
	return (after - before) / before;
}

static enum comparison_kind kind_of(const struct compare *compare,
    const char *name, double change, bool *worse)
{
	*worse = false;
	for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++) {
		if (strcmp(speeds[i].name, name) != 0)
			continue;
		/* A value that became undefined is beyond any tolerance. */
		if (fabs(change) <= compare->options->tolerance)
			return COMPARISON_FIGURES;
		*worse =
		    isnan(change) || speeds[i].more_is_better == (change < 0);
		return COMPARISON_SPEED;
	}
	return COMPARISON_FIGURES;
}

static void compare_words_of(struct compare *compare,
    const struct results_metric *a, const struct results_metric *b)
{
	comparison_add_text(compare, COMPARISON_OUTCOME, a->name,
	    a->kind == RESULTS_TEXT ? a->text : "undefined",
	    b->kind == RESULTS_TEXT ? b->text : "undefined");
}

/* Returns whether a metric repeats what is compared elsewhere. */
static bool is_repeated(const char *name)
{
	return strcmp(name, "attempts") == 0 || strcmp(name, "outcome") == 0 ||
	    strcmp(name, "safe_bytes") == 0;
}

/* Values in results.json have twelve digits. */
static bool is_same(double a, double b)
{
	return a == b || (isnan(a) && isnan(b)) ||
	    fabs(a - b) <= 1e-11 * fabs(a);
}

static void compare_metric(struct compare *compare,
    const struct results_metric *a, const struct results_metric *b)
{
	char before[UNITS_BYTES], after[UNITS_BYTES];
	double old = report_metric_value(a), new = report_metric_value(b),
	       change;
	enum comparison_kind kind;
	bool worse;

	if (a->kind == RESULTS_TEXT || b->kind == RESULTS_TEXT) {
		compare_words_of(compare, a, b);
		return;
	}
	if (is_same(old, new))
		return;
	change = change_of(old, new);
	kind = kind_of(compare, a->name, change, &worse);
	comparison_add(compare, kind, a->name, report_metric_text(before, a),
	    report_metric_text(after, b), change, worse);
}

void comparison_add_metrics(struct compare *compare,
    const struct results_metric *before, size_t before_count,
    const struct results_metric *after, size_t after_count)
{
	/* Two runs of one version list the same metrics in the same order. */
	for (size_t i = 0; i < after_count; i++)
		for (size_t j = 0; j < before_count; j++) {
			size_t k = (i + j) % before_count;

			if (strcmp(before[k].name, after[i].name) != 0)
				continue;
			if (!is_repeated(after[i].name))
				compare_metric(compare, &before[k], &after[i]);
			break;
		}
}
