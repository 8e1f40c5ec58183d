/* published.c: published values, compared with simulated ones. */
#include "reports/published.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/metric.h"
#include "reports/words.h"

static bool is_known(const struct results_published *v)
{
	return *report_words_or_empty(v->known) != '\0';
}

static bool is_by_construction(const struct results_published *v)
{
	return strcmp(report_words_or_empty(v->kind), "by construction") == 0;
}

bool report_published_is_relative(const struct results_published *v)
{
	return v->same || v->order;
}

double report_published_error(const struct results_published *v)
{
	if (!v->defined || !(v->value > 0))
		return NAN;
	return (v->simulated - v->value) / v->value;
}

static enum results_verdict verdict(bool met)
{
	return met ? RESULTS_MET : RESULTS_NOT_MET;
}

static void judge_by_tolerance(struct results_published *v)
{
	v->verdict = verdict(fabs(report_published_error(v)) <= v->tolerance);
}

void report_published_judge(struct results_published *v)
{
	if (v->defined && !report_published_is_relative(v))
		judge_by_tolerance(v);
}

bool report_published_is_right(const struct results_published *v)
{
	switch (v->verdict) {
	case RESULTS_MET:
		return !is_known(v);
	case RESULTS_NOT_MET:
		return is_known(v);
	default:
		return v->defined || is_known(v);
	}
}

/* Returns whether two values are compared with each other. */
static bool is_peer(const struct results_published *a,
    const struct results_published *b)
{
	return b->defined && a->same == b->same && a->order == b->order &&
	    strcmp(a->metric, b->metric) == 0 &&
	    strcmp(a->series, b->series) == 0;
}

static int sign(double difference)
{
	return (difference > 0) - (difference < 0);
}

/* What a value is compared with: the others of its series. */
struct peers {
	size_t count; /* the value itself included */
	double sum;   /* of the simulated values */
	bool ordered; /* each is on the published side of the value */
};

static struct peers peers_of(const struct results *results,
    const struct results_published *v)
{
	struct peers peers = { .ordered = true };

	for (size_t i = 0; i < results->count; i++) {
		const struct results_scenario *s = results->scenarios[i];

		for (size_t j = 0; j < s->published_count; j++) {
			const struct results_published *w = &s->published[j];

			if (!is_peer(v, w))
				continue;
			peers.count++;
			peers.sum += w->simulated;
			peers.ordered &= sign(w->simulated - v->simulated) ==
			    sign(w->value - v->value);
		}
	}
	return peers;
}

static void judge_in_series(const struct results *results,
    struct results_published *v)
{
	struct peers peers = peers_of(results, v);

	if (peers.count < 2)
		return;
	if (v->order) {
		v->verdict = verdict(peers.ordered);
		return;
	}
	v->value = peers.sum / (double)peers.count;
	judge_by_tolerance(v);
}

void report_published_judge_series(struct results *results)
{
	for (size_t i = 0; i < results->count; i++) {
		struct results_scenario *s = results->scenarios[i];

		for (size_t j = 0; j < s->published_count; j++) {
			struct results_published *v = &s->published[j];

			if (!v->defined || !report_published_is_relative(v))
				continue;
			judge_in_series(results, v);
			if (!report_published_is_right(v))
				s->status = RESULTS_FAILED;
		}
	}
}

const char *report_published_words(const struct results_published *v)
{
	switch (v->verdict) {
	case RESULTS_MET:
		return is_known(v) ? "met, but known not to be" : "met";
	case RESULTS_NOT_MET:
		return is_known(v) ? "not met, as known" : "not met";
	default:
		return v->defined ? "alone in its series" : "undefined";
	}
}

static char *put(char buf[UNITS_BYTES], const struct results_published *v,
    double value)
{
	struct results_metric metric = {
		.kind = RESULTS_REAL,
		.unit = v->unit,
		.real = value,
	};

	if (strcmp(v->unit, "B") == 0) {
		metric.kind = RESULTS_NUMBER;
		metric.number = (uint64_t)llround(value);
	}
	return report_metric_text(buf, &metric);
}

char *report_published_value(char buf[UNITS_BYTES],
    const struct results_published *v)
{
	buf[0] = '\0';
	return v->same ? buf : put(buf, v, v->value);
}

char *report_published_simulated(char buf[UNITS_BYTES],
    const struct results_published *v)
{
	buf[0] = '\0';
	return v->defined ? put(buf, v, v->simulated) : buf;
}

char *report_published_error_text(char buf[UNITS_BYTES],
    const struct results_published *v)
{
	double error = report_published_error(v);

	buf[0] = '\0';
	if (fabs(error) < 0.0005)
		error = 0; /* without a sign */
	if (!isnan(error))
		snprintf(buf, UNITS_BYTES, error == 0 ? "%.1f %%" : "%+.1f %%",
		    100 * error);
	return buf;
}

char *report_published_tolerance(char buf[UNITS_BYTES],
    const struct results_published *v)
{
	if (v->order)
		snprintf(buf, UNITS_BYTES, "order");
	else
		snprintf(buf, UNITS_BYTES, "%s%.4g %%", v->same ? "same, " : "",
		    100 * v->tolerance);
	return buf;
}

static const struct results_published *value_at(const struct results *results,
    const struct report_published_at *at)
{
	return &results->scenarios[at->scenario]->published[at->value];
}

/* Returns a number below, equal to or above 0: the order of two values. */
static int compare(const struct results *results,
    const struct report_published_at *a, const struct report_published_at *b)
{
	const struct results_published *v = value_at(results, a),
				       *w = value_at(results, b);
	int order = strcmp(report_words_or_empty(v->series),
	    report_words_or_empty(w->series));

	if (order == 0)
		order = strverscmp(report_words_or_empty(v->point),
		    report_words_or_empty(w->point));
	if (order == 0)
		order =
		    (a->scenario > b->scenario) - (a->scenario < b->scenario);
	return order != 0 ? order
			  : (a->value > b->value) - (a->value < b->value);
}

const struct results_published *
report_published_next(const struct results *results,
    const struct report_published_at *at, struct report_published_at *next)
{
	struct report_published_at best = { 0 }, i;
	bool found = false;

	for (i.scenario = 0; i.scenario < results->count; i.scenario++) {
		const struct results_scenario *s =
		    results->scenarios[i.scenario];

		for (i.value = 0; i.value < s->published_count; i.value++) {
			if (at != NULL && compare(results, &i, at) <= 0)
				continue;
			if (found && compare(results, &i, &best) > 0)
				continue;
			best = i;
			found = true;
		}
	}
	*next = best;
	return found ? value_at(results, &best) : NULL;
}

struct report_published_tally
report_published_count(const struct results *results)
{
	struct report_published_tally tally = { 0 };

	for (size_t i = 0; i < results->count; i++) {
		const struct results_scenario *s = results->scenarios[i];

		for (size_t j = 0; j < s->published_count; j++) {
			const struct results_published *v = &s->published[j];
			bool met = v->verdict == RESULTS_MET;

			if (v->verdict == RESULTS_NOT_COMPARED) {
				tally.not_compared++;
			} else if (is_by_construction(v)) {
				tally.by_construction++;
			} else {
				tally.compared++;
				tally.met += met;
				tally.known += !met && is_known(v);
			}
		}
	}
	return tally;
}
