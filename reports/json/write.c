/* write.c: writes results.json by the tables. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json/field.h"
#include "reports/json/json.h"
#include "reports/output.h"
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
 * Sets a key, and takes the value over.  Returns -1 if the value is NULL, which
 * is how a lack of memory shows.
 */
static int put(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value);
}

/* Adds the unit of a metric, if it has one. */
static int add_unit(json_t *units, const char *name, const char *unit)
{
	if (unit == NULL || unit[0] == '\0' ||
	    json_object_get(units, name) != NULL)
		return 0;
	return put(units, name, json_of_text(unit));
}

/* Returns the metrics as an object, and adds their units. */
static json_t *json_of_metrics(const struct results_metric *metrics,
    size_t count, json_t *units)
{
	json_t *object = json_object();
	int rc = object != NULL ? 0 : -1;

	for (size_t i = 0; i < count && rc == 0; i++) {
		char *name = report_text_utf8(metrics[i].name);

		rc = name == NULL ||
			put(object, name, json_of_metric(&metrics[i])) != 0
		    ? -1
		    : add_unit(units, name, metrics[i].unit);
		free(name);
	}
	if (rc == 0)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *json_of_struct(const struct field_table *table, const void *from,
    json_t *units);

static json_t *json_of_list(const struct field *field, const char *array,
    size_t count, json_t *units)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count && list != NULL; i++) {
		const void *from = field->pointers
		    ? ((const void *const *)(const void *)array)[i]
		    : array + i * field->table->bytes;

		if (json_array_append_new(list,
			json_of_struct(field->table, from, units)) == 0)
			continue;
		json_decref(list);
		list = NULL;
	}
	return list;
}

/* Returns the value of a member that may be absent, or of an array. */
static json_t *json_of_field(const struct field *field, const void *from,
    json_t *units)
{
	const char *base = from, *at = base + field->offset;
	const void *value = at;
	size_t count;

	memcpy(&count, base + field->count_offset, sizeof count);
	switch (field->type) {
	case FIELD_TEXT:
		return json_of_text(*(char *const *)value);
	case FIELD_TEXT_OR_NULL:
		return json_of_text_or_null(*(char *const *)value);
	case FIELD_LINE:
		return json_integer(*(const int *)value);
	case FIELD_COUNT:
		return json_of_number(*(const uint64_t *)value);
	case FIELD_COUNT_OR_NULL:
		return *(const uint64_t *)value == 0
		    ? json_null()
		    : json_of_number(*(const uint64_t *)value);
	case FIELD_PLACE_OR_NULL:
		return *(const size_t *)value == 0
		    ? json_null()
		    : json_of_number(*(const size_t *)value);
	case FIELD_BOOLEAN:
		return json_boolean(*(const bool *)value);
	case FIELD_REAL:
		return json_of_real(*(const double *)value);
	case FIELD_SECONDS:
		return json_of_real((double)*(const int64_t *)value / 1e9);
	case FIELD_WORD:
		return json_string(field->words[*(const unsigned *)value]);
	case FIELD_METRICS:
		return json_of_metrics(*(struct results_metric *const *)value,
		    count, units);
	case FIELD_LIST:
		return json_of_list(field, *(const char *const *)value, count,
		    units);
	case FIELD_UNITS:
		return json_incref(units);
	case FIELD_DERIVED:
		return field->get(from);
	}
	return NULL;
}

static bool is_absent(const struct field *field, const void *from)
{
	return field->present != 0 &&
	    !*((const bool *)from + field->present - 1);
}

/* Returns a struct as an object, or NULL without memory. */
static json_t *json_of_struct(const struct field_table *table, const void *from,
    json_t *units)
{
	json_t *object = json_object();
	const struct field *field = table->fields;

	if (object == NULL)
		return NULL;
	for (; field->key != NULL; field++)
		if (put(object, field->key,
			is_absent(field, from)
			    ? json_null()
			    : json_of_field(field, from, units)) != 0)
			break;
	if (field->key == NULL)
		return object;
	json_decref(object);
	return NULL;
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

int field_file_write(const struct field_table *table, const void *from,
    const char *dir, const char *name, char *err, size_t err_bytes)
{
	json_t *units = json_object();
	json_t *root =
	    units != NULL ? json_of_struct(table, from, units) : NULL;
	char *dump = dump_tree(root);
	struct output output;

	json_decref(root);
	json_decref(units);
	if (dump == NULL) {
		snprintf(err, err_bytes, "no memory for %s", name);
		return -1;
	}
	if (report_output_open(&output, err, err_bytes) < 0) {
		free(dump);
		return -1;
	}
	fprintf(output.text, "%s\n", dump);
	free(dump);
	return report_output_commit(&output, dir, name, err, err_bytes);
}

int report_json_write(const struct results *results, const char *dir, char *err,
    size_t err_bytes)
{
	return field_file_write(&field_results, results, dir, "results.json",
	    err, err_bytes);
}
