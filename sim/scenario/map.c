/* map.c: reads a mapping by the table of its keys; see reader.h. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/text.h"
#include "sim/scenario/reader.h"

/* The rows of a table that apply: the rows for a kind of fault, or all rows. */
struct rows {
	const struct scenario_key *keys[SCENARIO_KEYS_MAX];
	const char *names[SCENARIO_KEYS_MAX + 1]; /* ended by NULL */
	size_t count;
};

static void rows_fill(struct rows *rows, const struct scenario_map *map,
    const struct scenario_kind *kind)
{
	rows->count = 0;
	for (const struct scenario_key *key = map->keys; key->name != NULL;
	     key++) {
		if (kind != NULL &&
		    (key->kinds & SCENARIO_KIND(kind->fail)) == 0)
			continue;
		assert(rows->count < SCENARIO_KEYS_MAX);
		rows->names[rows->count] = key->name;
		rows->keys[rows->count++] = key;
	}
	rows->names[rows->count] = NULL;
}

/* Returns the row of the key with this name, or -1. */
static int rows_find(const struct rows *rows, const char *text, size_t length)
{
	for (size_t i = 0; i < rows->count; i++)
		if (strlen(rows->names[i]) == length &&
		    memcmp(rows->names[i], text, length) == 0)
			return (int)i;
	return -1;
}

static void unknown_key(struct scenario_reader *reader, const char *what,
    const struct yaml_tree *key, const struct rows *rows)
{
	const char *colon = strchr(key->text, ':');
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;

	text_quote(&quote, key->text);
	if (colon != NULL &&
	    rows_find(rows, key->text, (size_t)(colon - key->text)) >= 0) {
		scenario_error(reader, key,
		    "unknown key %s in %s; a space must follow the colon",
		    quote.text, what);
		return;
	}
	snprintf(message, sizeof(message), "unknown key %s in %s", quote.text,
	    what);
	text_suggest(message, sizeof(message), key->text, rows->names);
	scenario_error(reader, key, "%s", message);
}

/* Finds the value of each row; reports unknown and repeated keys. */
static void match_keys(struct scenario_reader *reader, const char *what,
    const struct yaml_tree *map, const struct rows *rows,
    const struct yaml_tree *values[SCENARIO_KEYS_MAX])
{
	int lines[SCENARIO_KEYS_MAX] = { 0 };

	for (size_t i = 0; i + 1 < map->count; i += 2) {
		const struct yaml_tree *key = map->items[i];
		int row;

		if (key->kind == YAML_TREE_BROKEN)
			continue;
		if (key->kind != YAML_TREE_TEXT) {
			scenario_error(reader, key,
			    "a key must be a word, not a list or a mapping");
			continue;
		}
		row = rows_find(rows, key->text, strlen(key->text));
		if (row < 0) {
			unknown_key(reader, what, key, rows);
		} else if (values[row] != NULL) {
			scenario_error(reader, key,
			    "\"%s\" is given twice, first in line %d",
			    key->text, lines[row]);
		} else {
			values[row] = map->items[i + 1];
			lines[row] = key->line;
		}
	}
}

static void not_a_map(struct scenario_reader *reader, const char *what,
    const struct yaml_tree *node, const struct rows *rows)
{
	char message[YAML_ERROR_BYTES];

	snprintf(message, sizeof(message),
	    "%s must be a mapping of keys, each followed by \": \" and a "
	    "value; the keys are ",
	    what);
	for (size_t i = 0; i < rows->count; i++) {
		size_t used = strlen(message);

		snprintf(message + used, sizeof(message) - used, "%s%s",
		    i > 0 ? ", " : "", rows->names[i]);
	}
	scenario_error(reader, node, "%s", message);
}

static void read_key(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *value, void *to)
{
	assert(key->bytes == 0 || to != NULL);
	if (key->read != NULL)
		key->read(reader, key, value);
	else if (key->type == SCENARIO_MAP)
		scenario_read_map(reader, key->map, value, NULL, to);
	else if (scenario_read_value(reader, key, value,
		     key->bytes > 0 ? (char *)to + key->offset : NULL) &&
	    key->check != NULL)
		key->check(reader, key, value);
}

void scenario_read_map(struct scenario_reader *reader,
    const struct scenario_map *map, const struct yaml_tree *node,
    const struct scenario_kind *kind, void *to)
{
	const char *what = kind != NULL ? kind->what : map->what;
	const struct yaml_tree *values[SCENARIO_KEYS_MAX] = { NULL };
	struct rows rows;

	if (node->kind == YAML_TREE_BROKEN)
		return;
	rows_fill(&rows, map, kind);
	if (node->kind != YAML_TREE_MAP && !yaml_tree_is_empty(node)) {
		not_a_map(reader, what, node, &rows);
		return;
	}
	match_keys(reader, what, node, &rows, values);
	for (size_t i = 0; i < rows.count; i++) {
		if (values[i] != NULL)
			read_key(reader, rows.keys[i], values[i], to);
		else if (rows.keys[i]->required)
			scenario_error(reader, node, "%s needs the key \"%s\"",
			    what, rows.names[i]);
	}
}
