/* measure.c: metrics of a run, and its expectations. */
#include "sim/run/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_text(struct metrics_value *v, const char *text)
{
	v->text = strdup(text);
	v->defined = v->text != NULL;
}

static void set_number(struct metrics_value *v, uint64_t number)
{
	v->number = number;
	v->defined = true;
}

/* A quotient, which makes no sense where nothing divides. */
static void set_ratio(struct metrics_value *v, double part, double whole)
{
	v->real = whole > 0 ? part / whole : 0;
	v->defined = whole > 0;
}

static void measure(const struct dump_run_outcome *o,
    const struct recorder_totals *sums, enum verify_result restored,
    const struct results_scenario *s, struct metrics_value *v)
{
	double seconds = (double)o->duration_ns / 1e9;

	set_text(&v[METRIC_OUTCOME], splitter_outcome_name(o->outcome));
	v[METRIC_ATTEMPTS].text = recorder_attempts_line(s);
	v[METRIC_ATTEMPTS].defined = v[METRIC_ATTEMPTS].text != NULL;
	set_number(&v[METRIC_SAFE_BYTES], o->safe_bytes);
	set_number(&v[METRIC_PARTS], sums->parts_committed);
	set_number(&v[METRIC_VOLUMES_USED], sums->volumes_labelled);
	if (restored != VERIFY_UNKNOWN)
		set_text(&v[METRIC_RESTORED],
		    restored == VERIFY_SAME ? "source" : "different");
	set_ratio(&v[METRIC_THROUGHPUT_MEAN], (double)o->accepted_bytes,
	    seconds);
	set_ratio(&v[METRIC_WRITE_RATE_MEAN], (double)sums->tape_bytes,
	    (double)sums->write_ns / 1e9);
	set_number(&v[METRIC_DUMP_BYTES], o->accepted_bytes);
	set_number(&v[METRIC_TAPE_BYTES], sums->tape_bytes);
	set_number(&v[METRIC_FAILED_ATTEMPTS], sums->attempts_failed);
	set_ratio(&v[METRIC_DURATION], seconds, 1);
	set_ratio(&v[METRIC_PRODUCER_BLOCKED],
	    (double)o->producer_blocked_ns / 1e9, 1);
	set_ratio(&v[METRIC_DRIVE_STARVED], (double)o->drive_starved_ns / 1e9,
	    1);
	set_number(&v[METRIC_UNDERRUNS], o->underruns);
	set_ratio(&v[METRIC_BUFFER_FILL_MEAN], 100 * sums->fill_bytes_ns,
	    (double)o->ring_bytes * (double)o->duration_ns);
	set_ratio(&v[METRIC_BUFFER_FILL_MAX],
	    100 * (double)sums->fill_max_bytes, (double)o->ring_bytes);
	set_number(&v[METRIC_SPOOL_FULL_PARTS], sums->parts_cut);
	set_number(&v[METRIC_CACHE_READ_BYTES], sums->cache_read_bytes);
	set_text(&v[METRIC_SEALED], o->sealed ? "yes" : "no");
}

static int note_metric(enum metrics_id id, const struct metrics_value *v,
    struct results_metric *to)
{
	const struct metrics_def *def = metrics_def(id);

	to->name = strdup(def->name);
	to->unit = strdup(def->unit);
	if (to->name == NULL || to->unit == NULL)
		return -1;
	if (!v->defined)
		return 0; /* RESULTS_NULL */
	switch (def->type) {
	case METRIC_WORD:
	case METRIC_PARTS_LINE:
		to->kind = RESULTS_TEXT;
		to->text = strdup(v->text);
		return to->text == NULL ? -1 : 0;
	case METRIC_NUMBER:
	case METRIC_SIZE:
		to->kind = RESULTS_NUMBER;
		to->number = v->number;
		return 0;
	default:
		to->kind = RESULTS_REAL;
		to->real = v->real;
		return 0;
	}
}

/* The value as a person reads it, with digits enough to compare it. */
static void format_actual(enum metrics_id id, const struct metrics_value *v,
    char *buf, size_t buf_bytes)
{
	const struct metrics_def *def = metrics_def(id);
	char readable[128];

	metrics_format(id, v, readable, sizeof readable);
	if (v->defined &&
	    (def->type == METRIC_RATE || def->type == METRIC_TIME ||
		def->type == METRIC_SHARE))
		snprintf(buf, buf_bytes, "%.9g %s (%s)", v->real, def->unit,
		    readable);
	else
		snprintf(buf, buf_bytes, "%s", readable);
}

static int judge(const struct metrics_expect *e,
    const struct metrics_value *values, struct results_expectation *to)
{
	char short_value[256];
	const struct metrics_value *v = &values[e->id];

	to->line = e->line;
	to->passed = metrics_holds(e, values);
	to->text = strdup(e->text);
	format_actual(e->id, v, short_value, sizeof short_value);
	/* In full, where the short form may have been cut. */
	to->actual = strdup(v->defined && v->text != NULL && v->text[0] != '\0'
		? v->text
		: short_value);
	return to->text == NULL || to->actual == NULL ? -1 : 0;
}

static int fill_in(const struct scenario *scenario,
    const struct metrics_value *values, struct results_scenario *s)
{
	size_t i;

	s->metrics = calloc(METRIC_COUNT, sizeof *s->metrics);
	s->expectations =
	    calloc(scenario->expects_count + 1, sizeof *s->expectations);
	if (s->metrics == NULL || s->expectations == NULL)
		return -1;
	for (i = 0; i < METRIC_COUNT; i++) {
		s->metrics_count++;
		if (note_metric((enum metrics_id)i, &values[i],
			&s->metrics[i]) != 0)
			return -1;
	}
	for (i = 0; i < scenario->expects_count; i++) {
		s->expectations_count++;
		if (judge(&scenario->expects[i], values, &s->expectations[i]) !=
		    0)
			return -1;
		if (!s->expectations[i].passed)
			s->status = RESULTS_FAILED;
	}
	return 0;
}

int measure_run(const struct scenario *scenario,
    const struct dump_run_outcome *outcome, const struct recorder_totals *sums,
    enum verify_result restored, struct results_scenario *s)
{
	struct metrics_value values[METRIC_COUNT];
	size_t i;
	int rc = -1;

	memset(values, 0, sizeof values);
	measure(outcome, sums, restored, s, values);
	/* A text that is not there would be judged as one that is wrong. */
	if (values[METRIC_OUTCOME].defined &&
	    (values[METRIC_RESTORED].defined || restored == VERIFY_UNKNOWN) &&
	    values[METRIC_ATTEMPTS].defined)
		rc = fill_in(scenario, values, s);
	for (i = 0; i < METRIC_COUNT; i++)
		free(values[i].text);
	return rc;
}
