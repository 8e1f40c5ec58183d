/* scenario_fields.c: mappings and values; see scenario_fields.h. */
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fields.h"
#include "sim/base/units.h"
#include "sim/base/text.h"

/* Far from where sums of a few such times end. */
enum { TIME_MAX_H = 10000 };

void scenario_error(struct scenario_reader *reader,
    const struct yaml_tree *node, const char *format, ...)
{
	char message[YAML_ERROR_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	yaml_errors_add(reader->errors, node->line, node->column, "%s",
	    message);
}

static void field_names(const struct scenario_field *fields,
    const char *names[SCENARIO_FIELDS_MAX + 1])
{
	size_t i;

	for (i = 0; fields[i].name != NULL; i++) {
		assert(i < SCENARIO_FIELDS_MAX);
		names[i] = fields[i].name;
	}
	names[i] = NULL;
}

/* The place in the table of a key, or of what stands before its colon. */
static int field_find(const struct scenario_field *fields, const char *key,
    size_t length)
{
	for (int i = 0; fields[i].name != NULL; i++)
		if (strlen(fields[i].name) == length &&
		    memcmp(fields[i].name, key, length) == 0)
			return i;
	return -1;
}

static void unknown_key(struct scenario_reader *reader, const char *what,
    const struct yaml_tree *key, const struct scenario_field *fields)
{
	const char *names[SCENARIO_FIELDS_MAX + 1];
	const char *colon = strchr(key->text, ':');
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;

	text_quote(&quote, key->text);
	if (colon != NULL &&
	    field_find(fields, key->text, (size_t)(colon - key->text)) >= 0) {
		scenario_error(reader, key,
		    "no key %s in %s; a space must "
		    "follow the colon",
		    quote.text, what);
		return;
	}
	snprintf(message, sizeof(message), "no key %s in %s", quote.text, what);
	field_names(fields, names);
	text_suggest(message, sizeof(message), key->text, names);
	scenario_error(reader, key, "%s", message);
}

/* Finds the value of each key of the table. */
static void match_keys(struct scenario_reader *reader, const char *what,
    const struct yaml_tree *map, const struct scenario_field *fields,
    const struct yaml_tree *values[SCENARIO_FIELDS_MAX])
{
	int lines[SCENARIO_FIELDS_MAX] = { 0 };

	for (size_t i = 0; i + 1 < map->count; i += 2) {
		const struct yaml_tree *key = map->items[i];
		int field;

		if (key->kind == YAML_TREE_BROKEN)
			continue;
		if (key->kind != YAML_TREE_TEXT) {
			scenario_error(reader, key,
			    "a key is a word, not a "
			    "list or a mapping");
			continue;
		}
		field = field_find(fields, key->text, strlen(key->text));
		if (field < 0) {
			unknown_key(reader, what, key, fields);
		} else if (values[field] != NULL) {
			scenario_error(reader, key,
			    "\"%s\" is given twice; "
			    "line %d has it too",
			    key->text, lines[field]);
		} else {
			values[field] = map->items[i + 1];
			lines[field] = key->line;
		}
	}
}

static void not_a_map(struct scenario_reader *reader, const char *what,
    const struct yaml_tree *node, const struct scenario_field *fields)
{
	char message[YAML_ERROR_BYTES];

	snprintf(message, sizeof(message),
	    "%s has keys of its own, each "
	    "followed by \": \" and a value: ",
	    what);
	for (size_t i = 0; fields[i].name != NULL; i++) {
		size_t used = strlen(message);

		snprintf(message + used, sizeof(message) - used, "%s%s",
		    i > 0 ? ", " : "", fields[i].name);
	}
	scenario_error(reader, node, "%s", message);
}

void scenario_read_map(struct scenario_reader *reader, const char *what,
    const struct yaml_tree *node, const struct scenario_field *fields)
{
	const struct yaml_tree *values[SCENARIO_FIELDS_MAX] = { NULL };

	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (node->kind != YAML_TREE_MAP && !yaml_tree_is_empty(node)) {
		not_a_map(reader, what, node, fields);
		return;
	}
	match_keys(reader, what, node, fields, values);
	for (size_t i = 0; fields[i].name != NULL; i++) {
		if (values[i] != NULL)
			fields[i].read(reader, fields[i].name, values[i]);
		else if (fields[i].required)
			scenario_error(reader, node, "%s needs the key \"%s\"",
			    what, fields[i].name);
	}
}

bool scenario_read_text(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, const char **text)
{
	if (node->kind == YAML_TREE_BROKEN)
		return false;
	if (node->kind != YAML_TREE_TEXT) {
		scenario_error(reader, node,
		    "%s takes one value, and this is "
		    "a %s; quote it if it is meant as text",
		    key, node->kind == YAML_TREE_LIST ? "list" : "mapping");
		return false;
	}
	*text = node->text;
	return true;
}

bool scenario_read_size(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, uint64_t *bytes)
{
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;

	if (!scenario_read_text(reader, key, node, &text))
		return false;
	if (units_parse(UNITS_SIZE, text, bytes, reason, sizeof(reason)) == 0)
		return true;
	scenario_error(reader, node, "%s: %s", key, reason);
	return false;
}

bool scenario_read_size_below(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, unsigned power, uint64_t *bytes)
{
	uint64_t read;

	if (!scenario_read_size(reader, key, node, &read))
		return false;
	if (read >> power != 0) {
		scenario_error(reader, node,
		    "%s: this is too large; it is "
		    "less than 2^%u bytes",
		    key, power);
		return false;
	}
	*bytes = read;
	return true;
}

bool scenario_read_time(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, int64_t *time_ns)
{
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t ns;

	if (!scenario_read_text(reader, key, node, &text))
		return false;
	if (units_parse(UNITS_TIME, text, &ns, reason, sizeof(reason)) != 0) {
		scenario_error(reader, node, "%s: %s", key, reason);
		return false;
	}
	if (ns > (uint64_t)TIME_MAX_H * 3600 * 1000000000) {
		scenario_error(reader, node, "%s: no more than %d h", key,
		    TIME_MAX_H);
		return false;
	}
	*time_ns = (int64_t)ns;
	return true;
}

bool scenario_read_count(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, uint64_t min, uint64_t max, uint64_t *count)
{
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;

	if (!scenario_read_text(reader, key, node, &text))
		return false;
	if (units_parse_count(text, min, max, count, reason, sizeof(reason)) ==
	    0)
		return true;
	scenario_error(reader, node, "%s: %s", key, reason);
	return false;
}

bool scenario_read_word(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, const char *const *words, unsigned *index)
{
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;
	const char *text;

	if (!scenario_read_text(reader, key, node, &text))
		return false;
	for (unsigned i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], text) != 0)
			continue;
		*index = i;
		return true;
	}
	snprintf(message, sizeof(message), "%s: no such word as %s", key,
	    text_quote(&quote, text));
	text_suggest(message, sizeof(message), text, words);
	scenario_error(reader, node, "%s", message);
	return false;
}

char *scenario_path_beside(const struct scenario *scenario, const char *file)
{
	const char *slash = strrchr(scenario->path, '/');
	char *path = NULL;

	if (file[0] == '/' || slash == NULL)
		return strdup(file);
	if (asprintf(&path, "%.*s/%s", (int)(slash - scenario->path),
		scenario->path, file) < 0)
		return NULL;
	return path;
}
