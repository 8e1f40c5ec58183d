/* read.c: reads results.json by the tables, and says where it is damaged. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "reports/json/field.h"
#include "reports/json/json.h"

enum { PLACE_BYTES = 512 };

/* Where the reader is: a chain up to the root. */
struct place {
	const struct place *up; /* NULL: the root */
	const char *key;
	size_t index; /* of an element of a list, from 1; 0: not in a list */
};

struct reader {
	const char *path;
	const char *remedy;  /* what to do about a damaged file */
	const json_t *units; /* of the metrics */
	char *err;
	size_t err_bytes;
};

/* Writes a place as jq has it: ".scenarios[3].dumps[0].attempts[12]". */
static void place_print(const struct place *place, char *to, size_t bytes)
{
	size_t used;

	to[0] = '\0';
	if (place == NULL)
		return;
	place_print(place->up, to, bytes);
	used = strlen(to);
	if (used + 1 >= bytes)
		return;
	used += (size_t)snprintf(to + used, bytes - used, ".%s", place->key);
	if (place->index > 0 && used < bytes)
		snprintf(to + used, bytes - used, "[%zu]", place->index - 1);
}

/* Writes "PATH: PLACE: is ..., must be ...".  Returns -1. */
static int wrong(const struct reader *r, const struct place *place,
    const char *why)
{
	char text[PLACE_BYTES];

	place_print(place, text, sizeof text);
	snprintf(r->err, r->err_bytes, "%s: damaged: %s %s; %s", r->path, text,
	    why, r->remedy);
	return -1;
}

static int out_of_memory(const struct reader *r)
{
	snprintf(r->err, r->err_bytes, "%s: out of memory", r->path);
	return -1;
}

static int read_text(const struct reader *r, const struct place *place,
    const json_t *value, const char *const *words, char **text)
{
	const char *from = json_string_value(value);

	if (from == NULL)
		return wrong(r, place, "must be a string");
	for (size_t i = 0; words != NULL; i++) {
		if (words[i] == NULL)
			return wrong(r, place, "has an unknown word");
		if (strcmp(words[i], from) == 0)
			break;
	}
	*text = strdup(from);
	return *text != NULL ? 0 : out_of_memory(r);
}

static int read_count(const struct reader *r, const struct place *place,
    const json_t *value, uint64_t max, uint64_t *count)
{
	double real = json_number_value(value);

	if (json_is_real(value) && real >= 0x1p63 && real < 0x1p64)
		*count = (uint64_t)real;
	else if (json_is_integer(value) && json_integer_value(value) >= 0)
		*count = (uint64_t)json_integer_value(value);
	else
		return wrong(r, place, "must be an integer of at least 0");
	return *count <= max ? 0 : wrong(r, place, "is too large");
}

static int read_seconds(const struct reader *r, const struct place *place,
    const json_t *value, int64_t *ns)
{
	double seconds = json_number_value(value);

	if (!json_is_number(value) || seconds < 0 || seconds > 9e9)
		return wrong(r, place,
		    "must be a number of seconds of at least 0");
	*ns = (int64_t)llround(seconds * 1e9);
	return 0;
}

static int read_word(const struct reader *r, const struct place *place,
    const json_t *value, const char *const *words, unsigned *to)
{
	const char *from = json_string_value(value);

	for (unsigned i = 0; from != NULL && words[i] != NULL; i++) {
		if (strcmp(words[i], from) != 0)
			continue;
		*to = i;
		return 0;
	}
	return wrong(r, place, "has an unknown word");
}

static int read_metric(const struct reader *r, const struct place *place,
    const char *name, const json_t *value, struct results_metric *m)
{
	const char *unit = json_string_value(json_object_get(r->units, name));

	m->name = strdup(name);
	m->unit = strdup(unit != NULL ? unit : "");
	if (m->name == NULL || m->unit == NULL)
		return out_of_memory(r);
	if (json_is_null(value))
		return 0;
	if (json_is_string(value)) {
		m->kind = RESULTS_TEXT;
		return read_text(r, place, value, NULL, &m->text);
	}
	if (json_is_integer(value)) {
		m->kind = RESULTS_NUMBER;
		return read_count(r, place, value, UINT64_MAX, &m->number);
	}
	if (!json_is_real(value))
		return wrong(r, place, "must be a number, a string or null");
	m->kind = RESULTS_REAL;
	m->real = json_real_value(value);
	return 0;
}

static int read_metrics(const struct reader *r, const struct place *place,
    json_t *value, struct results_metric **metrics, size_t *count)
{
	const char *name;
	json_t *one;

	if (!json_is_object(value))
		return wrong(r, place, "must be an object");
	*metrics = calloc(json_object_size(value) + 1, sizeof **metrics);
	if (*metrics == NULL)
		return out_of_memory(r);
	json_object_foreach(value, name, one)
	{
		const struct place in = { place, name, 0 };

		if (read_metric(r, &in, name, one, *metrics + (*count)++) != 0)
			return -1;
	}
	return 0;
}

static int read_struct(const struct reader *r, const struct place *place,
    const struct field_table *table, const json_t *object, void *to);

/* Reads the elements of a list, each in its own memory. */
static int read_pointers(const struct reader *r, struct place *in,
    const struct field_table *table, const json_t *value, void **array,
    size_t *count)
{
	for (in->index = 1; in->index <= json_array_size(value); in->index++) {
		void *one = array[*count] = calloc(1, table->bytes);

		if (one == NULL)
			return out_of_memory(r);
		++*count;
		if (read_struct(r, in, table,
			json_array_get(value, in->index - 1), one) != 0)
			return -1;
	}
	return 0;
}

static int read_list(const struct reader *r, const struct place *place,
    const struct field *field, const json_t *value, char **array, size_t *count)
{
	struct place in = *place;
	const struct field_table *table = field->table;

	if (!json_is_array(value))
		return wrong(r, place, "must be a list");
	*array = calloc(json_array_size(value) + 1,
	    field->pointers ? sizeof(void *) : table->bytes);
	if (*array == NULL)
		return out_of_memory(r);
	if (field->pointers)
		return read_pointers(r, &in, table, value,
		    (void **)(void *)*array, count);
	for (in.index = 1; in.index <= json_array_size(value); in.index++) {
		void *one = *array + (*count)++ * table->bytes;

		if (read_struct(r, &in, table,
			json_array_get(value, in.index - 1), one) != 0)
			return -1;
	}
	return 0;
}

/* Reads a value that is not null. */
static int read_field(const struct reader *r, const struct place *place,
    const struct field *field, json_t *value, void *to)
{
	char *base = to;
	void *at = base + field->offset, *count = base + field->count_offset;
	uint64_t number;

	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_TEXT_OR_NULL:
		return read_text(r, place, value, field->words, at);
	case FIELD_LINE:
		if (read_count(r, place, value, INT32_MAX, &number) != 0)
			return -1;
		*(int *)at = (int)number;
		return 0;
	case FIELD_COUNT:
	case FIELD_COUNT_OR_NULL:
		return read_count(r, place, value, UINT64_MAX, at);
	case FIELD_PLACE_OR_NULL:
		if (read_count(r, place, value, SIZE_MAX, &number) != 0)
			return -1;
		*(size_t *)at = (size_t)number;
		return 0;
	case FIELD_BOOLEAN:
		*(bool *)at = json_is_true(value);
		return json_is_boolean(value)
		    ? 0
		    : wrong(r, place, "must be true or false");
	case FIELD_REAL:
		*(double *)at = json_number_value(value);
		return json_is_number(value)
		    ? 0
		    : wrong(r, place, "must be a number");
	case FIELD_SECONDS:
		return read_seconds(r, place, value, at);
	case FIELD_WORD:
		return read_word(r, place, value, field->words, at);
	case FIELD_METRICS:
		return read_metrics(r, place, value, at, count);
	case FIELD_LIST:
		return read_list(r, place, field, value, at, count);
	case FIELD_UNITS:
		return json_is_object(value)
		    ? 0
		    : wrong(r, place, "must be an object");
	case FIELD_DERIVED:
		return field->set == NULL || field->set(to, value)
		    ? 0
		    : wrong(r, place, "has an impossible value");
	}
	return -1;
}

/* Reads an object into a struct, the members of which are 0. */
static int read_struct(const struct reader *r, const struct place *place,
    const struct field_table *table, const json_t *object, void *to)
{
	if (!json_is_object(object))
		return wrong(r, place, "must be an object");
	for (const struct field *f = table->fields; f->key != NULL; f++) {
		const struct place in = { place, f->key, 0 };
		json_t *value = json_object_get(object, f->key);

		if (value == NULL)
			return wrong(r, &in, "is missing");
		if (json_is_null(value) && field_is_nullable(f)) {
			if (f->type == FIELD_REAL)
				*(double *)(void *)((char *)to + f->offset) =
				    NAN;
			continue;
		}
		if (f->present != 0)
			*((bool *)to + f->present - 1) = true;
		if (read_field(r, &in, f, value, to) != 0)
			return -1;
	}
	return 0;
}

/* Returns the root of the file, or NULL with a message. */
static json_t *load(const char *path, char *err, size_t err_bytes)
{
	FILE *file = fopen(path, "re");
	json_error_t error;
	json_t *root;

	if (file == NULL) {
		snprintf(err, err_bytes, "%s: cannot open it: %s", path,
		    strerror(errno));
		return NULL;
	}
	errno = 0;
	root = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
	if (root == NULL && ferror(file))
		snprintf(err, err_bytes, "%s: cannot read it: %s", path,
		    strerror(errno));
	else if (root == NULL)
		snprintf(err, err_bytes, "%s:%d:%d: not JSON: %s", path,
		    error.line, error.column, error.text);
	fclose(file);
	return root;
}

/* Checks what tells a results.json of this format from other files. */
static int check_format(const struct reader *r, const json_t *root)
{
	const json_t *format = json_object_get(root, "format");
	json_int_t number = json_integer_value(format);

	if (!json_is_integer(format) ||
	    json_object_get(root, "scenarios") == NULL)
		snprintf(r->err, r->err_bytes,
		    "%s: not a results.json of tapelab run", r->path);
	else if (number != RESULTS_FORMAT)
		snprintf(r->err, r->err_bytes,
		    "%s: has format %" JSON_INTEGER_FORMAT
		    ", and this tapelab reads format %d; make it again with "
		    "tapelab run --out of this version",
		    r->path, number, RESULTS_FORMAT);
	else
		return 0;
	return -1;
}

static int read_file(const char *path, struct results *results, char *err,
    size_t err_bytes)
{
	struct reader r = { path, "make it again with tapelab run --out", NULL,
		err, err_bytes };
	json_t *root = load(path, err, err_bytes);
	int rc = -1;

	*results = (struct results){ 0 };
	if (root == NULL)
		return -1;
	r.units = json_object_get(root, "units");
	if (check_format(&r, root) == 0)
		rc = read_struct(&r, NULL, &field_results, root, results);
	if (rc != 0)
		results_free(results);
	json_decref(root);
	return rc;
}

/* Names a file of another version, which is not damaged. */
static int check_version(const struct reader *r, const json_t *root, int format)
{
	const json_t *value = json_object_get(root, "format");
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number == format)
		return 0;
	snprintf(r->err, r->err_bytes,
	    "%s: it is of %s tapelab, with format %" JSON_INTEGER_FORMAT
	    ", and this one reads format %d; %s",
	    r->path, number < format ? "an older" : "a newer", number, format,
	    r->remedy);
	return -1;
}

int field_file_read(const char *path, const struct field_table *table,
    int format, void *to, const char *remedy, char *err, size_t err_bytes)
{
	struct reader r = { path, remedy, NULL, err, err_bytes };
	json_t *root = load(path, err, err_bytes);
	int rc;

	if (root == NULL)
		return -1;
	rc = check_version(&r, root, format);
	if (rc == 0)
		rc = read_struct(&r, NULL, table, root, to);
	json_decref(root);
	return rc;
}

int report_json_read(const char *path, struct results *results, char *err,
    size_t err_bytes)
{
	char *file = NULL;
	struct stat st;
	int rc;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return read_file(path, results, err, err_bytes);
	if (asprintf(&file, "%s/results.json", path) < 0) {
		snprintf(err, err_bytes, "%s: out of memory", path);
		return -1;
	}
	rc = read_file(file, results, err, err_bytes);
	free(file);
	return rc;
}
