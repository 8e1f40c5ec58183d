/* map.c: reads a mapping by the table of its keys; see key_reader.h. */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/text.h"
#include "vtl/yaml/key_reader.h"

/* The rows of a table that apply: the rows of a kind, or all rows. */
struct rows {
	const struct key *keys[KEY_KEYS_MAX];
	/* Names of the keys and of those read elsewhere, ended by NULL. */
	const char *names[KEY_KEYS_MAX + 1];
	size_t count;
};

static void rows_fill(struct rows *rows, const struct key_map *map,
    uint32_t kinds)
{
	const struct key *key;
	size_t names;

	rows->count = 0;
	for (key = map->keys; key->name != NULL; key++) {
		if (kinds != 0 && (key->kinds & kinds) == 0)
			continue;
		assert(rows->count < KEY_KEYS_MAX);
		rows->names[rows->count] = key->name;
		rows->keys[rows->count++] = key;
	}
	names = rows->count;
	for (key = key->map != NULL ? key->map->keys : key; key->name != NULL;
	     key++) {
		assert(names < KEY_KEYS_MAX);
		rows->names[names++] = key->name;
	}
	rows->names[names] = NULL;
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

static void unknown_key(struct key_reader *reader, const char *what,
    const struct yaml_tree *key, const struct rows *rows)
{
	const char *colon = strchr(key->text, ':');
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;

	text_quote(&quote, key->text);
	if (colon != NULL &&
	    rows_find(rows, key->text, (size_t)(colon - key->text)) >= 0) {
		key_error(reader, key,
		    "unknown key %s in %s; a space must follow the colon",
		    quote.text, what);
		return;
	}
	snprintf(message, sizeof(message), "unknown key %s in %s", quote.text,
	    what);
	text_suggest(message, sizeof(message), key->text, rows->names);
	key_error(reader, key, "%s", message);
}

/* Finds the value of each row; reports unknown and repeated keys. */
static void match_keys(struct key_reader *reader, const char *what,
    const struct yaml_tree *map, const struct rows *rows,
    const struct yaml_tree *values[KEY_KEYS_MAX])
{
	int lines[KEY_KEYS_MAX] = { 0 };

	for (size_t i = 0; i + 1 < map->count; i += 2) {
		const struct yaml_tree *key = map->items[i];
		int row;

		if (key->kind == YAML_TREE_BROKEN)
			continue;
		if (key->kind != YAML_TREE_TEXT) {
			key_error(reader, key,
			    "a key must be a word, not a list or a mapping");
			continue;
		}
		row = rows_find(rows, key->text, strlen(key->text));
		if (row < 0) {
			unknown_key(reader, what, key, rows);
		} else if (values[row] != NULL) {
			key_error(reader, key,
			    "\"%s\" is given twice, first in line %d",
			    key->text, lines[row]);
		} else {
			values[row] = map->items[i + 1];
			lines[row] = key->line;
		}
	}
}

static void not_a_map(struct key_reader *reader, const char *what,
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
	key_error(reader, node, "%s", message);
}

static void read_key(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *value, void *to)
{
	assert(key->bytes == 0 || to != NULL);
	if (key->read != NULL)
		key->read(reader, key, value);
	else if (key->type == KEY_MAP)
		key_read_map(reader, key->map, value, to);
	else if (key_read_value(reader, key, value,
		     key->bytes > 0 ? (char *)to + key->offset : NULL) &&
	    key->check != NULL)
		key->check(reader, key, value);
}

void key_read_kind(struct key_reader *reader, const struct key_map *map,
    const char *what, uint32_t kinds, const struct yaml_tree *node, void *to)
{
	const struct yaml_tree *values[KEY_KEYS_MAX] = { NULL };
	struct rows rows;

	if (node->kind == YAML_TREE_BROKEN)
		return;
	rows_fill(&rows, map, kinds);
	if (node->kind != YAML_TREE_MAP && !yaml_tree_is_empty(node)) {
		not_a_map(reader, what, node, &rows);
		return;
	}
	match_keys(reader, what, node, &rows, values);
	for (size_t i = 0; i < rows.count; i++) {
		if (values[i] != NULL)
			read_key(reader, rows.keys[i], values[i], to);
		else if (rows.keys[i]->required)
			key_error(reader, node, "%s needs the key \"%s\"", what,
			    rows.names[i]);
	}
}

void key_read_map(struct key_reader *reader, const struct key_map *map,
    const struct yaml_tree *node, void *to)
{
	key_read_kind(reader, map, map->what, 0, node, to);
}
