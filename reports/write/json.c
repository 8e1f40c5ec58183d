/* json.c: the results for programs. */
#include "reports/write/json.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "reports/motion.h"
#include "reports/output.h"
#include "reports/published.h"
#include "reports/text.h"

enum { REAL_DIGITS = 12 };

static json_t *json_of_text(const char *text)
{
	char *clean = report_text_utf8(text);
	json_t *json = clean != NULL ? json_string(clean) : NULL;

	free(clean);
	return json;
}

static json_t *json_of_text_or_null(const char *text)
{
	return text == NULL || *text == '\0' ? json_null() : json_of_text(text);
}

/* Returns a real if the number is too large: jansson's integers are signed. */
static json_t *json_of_number(uint64_t number)
{
	return number <= INT64_MAX ? json_integer((json_int_t)number)
				   : json_real((double)number);
}

static json_t *json_of_real(double real)
{
	return isfinite(real) ? json_real(real) : json_null();
}

static json_t *json_of_metric(const struct results_metric *metric)
{
	switch (metric->kind) {
	case RESULTS_TEXT:
		return json_of_text(metric->text);
	case RESULTS_NUMBER:
		return json_of_number(metric->number);
	case RESULTS_REAL:
		return json_of_real(metric->real);
	default:
		return json_null();
	}
}

/*
 * Puts `value` under `key`, taking it over.  json_object_set_new refuses NULL,
 * which is how a lack of memory shows: one check at the end of an object is
 * enough, by its size.
 */
static void put(json_t *object, const char *key, json_t *value)
{
	json_object_set_new(object, key, value);
}

/*
 * Appends an object that must have `size` keys; if it has fewer, memory was
 * short.
 */
static int append(json_t *array, json_t *object, size_t size)
{
	if (json_object_size(object) != size) {
		json_decref(object);
		return -1;
	}
	return json_array_append_new(array, object);
}

static int append_attempt(json_t *array, const struct results_dump *d,
    const struct results_attempt *a)
{
	json_t *object = json_object();

	put(object, "dump", json_of_text_or_null(d->name));
	put(object, "part", json_of_number(a->part));
	put(object, "attempt", json_of_number(a->attempt));
	put(object, "volume", json_of_text(a->volume));
	put(object, "file", json_of_number(a->file));
	put(object, "offset", json_of_number(a->offset_bytes));
	put(object, "bytes", json_of_number(a->bytes));
	put(object, "end", json_of_text(a->end));
	put(object, "cause", json_of_text_or_null(a->cause));
	put(object, "committed", json_boolean(a->committed));
	put(object, "seconds", json_of_real(a->seconds));
	return append(array, object, 11);
}

static int append_expectation(json_t *array,
    const struct results_expectation *e)
{
	json_t *object = json_object();

	put(object, "line", json_integer(e->line));
	put(object, "text", json_of_text(e->text));
	put(object, "passed", json_boolean(e->passed));
	put(object, "actual", json_of_text(e->actual));
	put(object, "known", json_of_text_or_null(e->known));
	return append(array, object, 5);
}

static int append_published(json_t *array, const struct results_published *v)
{
	json_t *object = json_object();
	double error = report_published_error(v);
	bool judged = v->verdict != RESULTS_NOT_COMPARED;

	put(object, "line", json_integer(v->line));
	put(object, "metric", json_of_text(v->metric));
	put(object, "unit", json_of_text(v->unit));
	put(object, "value", v->same ? json_null() : json_of_real(v->value));
	put(object, "tolerance",
	    v->order ? json_null() : json_of_real(v->tolerance));
	put(object, "compares",
	    json_string(v->order ? "order"
		    : v->same    ? "same"
				 : "value"));
	put(object, "kind", json_of_text(v->kind));
	put(object, "source", json_of_text(v->source));
	put(object, "series", json_of_text_or_null(v->series));
	put(object, "point", json_of_text(v->point));
	put(object, "known", json_of_text_or_null(v->known));
	put(object, "simulated",
	    v->defined ? json_of_real(v->simulated) : json_null());
	put(object, "error", isnan(error) ? json_null() : json_of_real(error));
	put(object, "met",
	    judged ? json_boolean(v->verdict == RESULTS_MET) : json_null());
	return append(array, object, 14);
}

static json_t *json_of_published(const struct results_scenario *s)
{
	json_t *array = json_array();

	for (size_t i = 0; i < s->published_count; i++) {
		if (append_published(array, &s->published[i]) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *json_of_attempts(const struct results_scenario *s)
{
	json_t *array = json_array();

	for (size_t i = 0; i < s->dumps_count; i++) {
		const struct results_dump *d = &s->dumps[i];

		for (size_t j = 0; j < d->attempts_count; j++) {
			if (append_attempt(array, d, &d->attempts[j]) == 0)
				continue;
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static json_t *json_of_metrics(const struct results_metric *metrics,
    size_t count)
{
	json_t *object = json_object();

	for (size_t i = 0; i < count; i++) {
		char *name = report_text_utf8(metrics[i].name);
		int status = name == NULL ? -1
					  : json_object_set_new(object, name,
						json_of_metric(&metrics[i]));

		free(name);
		if (status < 0) {
			json_decref(object);
			return NULL;
		}
	}
	return object;
}

static int append_dump(json_t *array, const struct results_dump *d)
{
	json_t *object = json_object();

	put(object, "name", json_of_text_or_null(d->name));
	put(object, "begun", json_of_real((double)d->begun_ns / 1e9));
	put(object, "ended", json_of_real((double)d->ended_ns / 1e9));
	put(object, "outcome", json_of_text_or_null(d->outcome));
	put(object, "reason", json_of_text_or_null(d->reason));
	put(object, "safe_bytes", json_of_number(d->safe_bytes));
	put(object, "metrics", json_of_metrics(d->metrics, d->metrics_count));
	return append(array, object, 7);
}

static json_t *json_of_seconds(int64_t ns)
{
	return json_of_real((double)ns / 1e9);
}

/* The speeds of a drive: time at each, by its rate. */
static json_t *json_of_speeds(const struct results_drive *d)
{
	json_t *array = json_array();

	for (size_t i = 0; i < d->speeds_count; i++) {
		json_t *object = json_object();

		put(object, "bytes_per_s",
		    json_of_number(d->speeds[i].bytes_per_s));
		put(object, "seconds", json_of_seconds(d->speeds[i].ns));
		if (append(array, object, 2) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static int append_drive(json_t *array, const struct results_drive *d)
{
	json_t *object = json_object();

	put(object, "model", json_of_text(d->model));
	put(object, "stops_for_data", json_of_number(d->sums.stops_for_data));
	put(object, "stops_for_filemarks",
	    json_of_number(d->sums.stops_for_filemarks));
	put(object, "speed_changes_forced",
	    json_of_number(d->sums.stops_forced));
	put(object, "medium_bytes", json_of_number(d->sums.medium_bytes));
	put(object, "host_waited", json_of_seconds(d->sums.waited_ns));
	for (int m = 0; m < SERIES_MOTIONS; m++)
		put(object, report_motion_name((enum series_motion)m),
		    json_of_seconds(d->sums.motion_ns[m]));
	put(object, "speeds", json_of_speeds(d));
	return append(array, object, 7 + SERIES_MOTIONS);
}

static json_t *json_of_drives(const struct results_scenario *s)
{
	json_t *array = json_array();

	for (size_t i = 0; i < s->motions_count; i++) {
		if (append_drive(array, &s->motions[i]) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *json_of_dumps(const struct results_scenario *s)
{
	json_t *array = json_array();

	for (size_t i = 0; i < s->dumps_count; i++) {
		if (append_dump(array, &s->dumps[i]) == 0)
			continue;
		json_decref(array);
		return NULL;
	}
	return array;
}

static json_t *json_of_expectations(const struct results_scenario *s)
{
	json_t *array = json_array();

	for (size_t i = 0; i < s->expectations_count; i++) {
		if (append_expectation(array, &s->expectations[i]) < 0) {
			json_decref(array);
			return NULL;
		}
	}
	return array;
}

static int append_scenario(json_t *array, const struct results_scenario *s)
{
	json_t *object = json_object();
	bool problem = s->problem != NULL && *s->problem != '\0';
	bool skipped = s->status == RESULTS_SKIPPED;

	put(object, "name", json_of_text(s->name));
	put(object, "file", json_of_text(s->file));
	put(object, "seed", json_of_number(s->seed));
	put(object, "clock", json_of_text(s->clock));
	put(object, "drives", json_of_text(s->drives));
	put(object, "passed", json_boolean(s->status == RESULTS_PASSED));
	if (skipped)
		put(object, "skipped", json_of_text(s->problem));
	else if (problem)
		put(object, "problem", json_of_text(s->problem));
	put(object, "outcome", json_of_text_or_null(s->outcome));
	put(object, "safe_bytes", json_of_number(s->safe_bytes));
	put(object, "read_back", json_boolean(s->read_back));
	put(object, "attempts", json_of_attempts(s));
	put(object, "metrics", json_of_metrics(s->metrics, s->metrics_count));
	put(object, "dumps", json_of_dumps(s));
	put(object, "motion", json_of_drives(s));
	put(object, "expectations", json_of_expectations(s));
	put(object, "published", json_of_published(s));
	return append(array, object, skipped || problem ? 16 : 15);
}

static json_t *json_of_results(const struct results *results)
{
	json_t *root = json_object(), *array = json_array();
	bool whole = true;

	for (size_t i = 0; i < results->count && whole; i++)
		whole = append_scenario(array, results->scenarios[i]) == 0;
	put(root, "format", json_integer(RESULTS_FORMAT));
	put(root, "scenarios", array);
	if (!whole || json_object_size(root) != 2) {
		json_decref(root);
		return NULL;
	}
	return root;
}

/*
 * Writes the tree to memory.  Not json_dumps(): without memory it may omit a
 * key and report success.  A stream keeps its error.
 */
static char *dump_tree(const json_t *root)
{
	char *dump = NULL;
	size_t bytes;
	FILE *out = root != NULL ? open_memstream(&dump, &bytes) : NULL;
	bool whole;

	if (out == NULL)
		return NULL;
	whole = json_dumpf(root, out,
		    JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS)) == 0 &&
	    ferror(out) == 0;
	if (fclose(out) == 0 && whole)
		return dump;
	free(dump);
	return NULL;
}

int report_json_write(const struct results *results, const char *dir, char *err,
    size_t err_bytes)
{
	json_t *root = json_of_results(results);
	char *dump = dump_tree(root);
	struct output output;

	json_decref(root);
	if (dump == NULL) {
		snprintf(err, err_bytes, "no memory for results.json");
		return -1;
	}
	if (report_output_open(&output, err, err_bytes) < 0) {
		free(dump);
		return -1;
	}
	fprintf(output.text, "%s\n", dump);
	free(dump);
	return report_output_commit(&output, dir, "results.json", err,
	    err_bytes);
}
