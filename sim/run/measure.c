/* measure.c: measures the metrics of a run. */
#include "sim/run/measure.h"

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

/* Sets a quotient, which is undefined if the divisor is 0. */
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

int measure_metrics(const struct dump_run_outcome *outcome,
    const struct recorder_totals *totals, enum verify_result restored,
    const struct results_scenario *results, struct metrics_value *values)
{
	memset(values, 0, METRIC_COUNT * sizeof *values);
	measure(outcome, totals, restored, results, values);
	/* A text is undefined only if there was no memory for it. */
	if (values[METRIC_OUTCOME].defined && values[METRIC_ATTEMPTS].defined &&
	    values[METRIC_SEALED].defined &&
	    (values[METRIC_RESTORED].defined || restored == VERIFY_UNKNOWN))
		return 0;
	measure_clear(values);
	return -1;
}

void measure_clear(struct metrics_value *values)
{
	size_t i;

	for (i = 0; i < METRIC_COUNT; i++)
		free(values[i].text);
}
