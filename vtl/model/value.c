/* value.c: values of a profile, each with its source or as an estimate. */
#include <stdio.h>
#include <string.h>

#include "splitter/base/text.h"
#include "vtl/model/impl.h"

/* A value as it was written: by itself, or in a mapping with its source. */
struct sourced {
	const struct yaml_tree *value;
	bool has_source;
};

static bool is_true(struct key_reader *keys, const struct yaml_tree *node)
{
	static const struct key estimate = { .name = "estimate",
		.type = KEY_BOOLEAN,
		.words = key_boolean_words };
	unsigned word;

	return key_read_choice(keys, &estimate, node, &word) && word == 1;
}

static bool is_text(struct key_reader *keys, const struct yaml_tree *node)
{
	static const struct key source = { .name = "source" };
	const char *text;

	if (!key_read_text(keys, &source, node, &text))
		return false;
	if (text[0] != '\0')
		return true;
	key_error(keys, node,
	    "source: empty; say where the value is from, or "
	    "write estimate: true");
	return false;
}

/* Reads a key of the mapping of a value.  Returns false after an error. */
static bool read_pair(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *map, size_t i, struct sourced *sourced)
{
	static const char *const names[] = { "value", "source", "estimate",
		NULL };
	const struct yaml_tree *name = map->items[i];
	const struct yaml_tree *value = map->items[i + 1];

	if (name->kind == YAML_TREE_BROKEN)
		return false;
	if (name->kind == YAML_TREE_TEXT && strcmp(name->text, "value") == 0) {
		sourced->value = value;
		return true;
	}
	if (name->kind == YAML_TREE_TEXT && strcmp(name->text, "source") == 0) {
		sourced->has_source = is_text(keys, value);
		return sourced->has_source;
	}
	if (name->kind == YAML_TREE_TEXT &&
	    strcmp(name->text, "estimate") == 0) {
		sourced->has_source |= is_true(keys, value);
		return true;
	}
	if (name->kind != YAML_TREE_TEXT) {
		key_error(keys, name, "a key must be a word");
		return false;
	}
	key_unknown(keys, key, name, "key", names);
	return false;
}

/* Returns the value alone; NULL after an error. */
static const struct yaml_tree *read_sourced(struct key_reader *keys,
    const struct key *key, const struct yaml_tree *node)
{
	struct sourced sourced = { .value = node };

	if (node->kind == YAML_TREE_BROKEN)
		return NULL;
	if (node->kind == YAML_TREE_MAP) {
		sourced.value = NULL;
		for (size_t i = 0; i + 1 < node->count; i += 2)
			if (!read_pair(keys, key, node, i, &sourced))
				return NULL;
		if (sourced.value == NULL) {
			key_error(keys, node, "%s: needs the key \"value\"",
			    key->name);
			return NULL;
		}
	}
	if (profile_reader_of(keys)->sourced && !sourced.has_source)
		key_error(keys, node, "%s: needs a source, or estimate: true",
		    key->name);
	return sourced.value;
}

/* Reads speeds, which rise. */
static void read_speeds(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, struct model_medium *medium)
{
	uint64_t speed, last = 0;

	if (node->kind != YAML_TREE_LIST || node->count == 0) {
		key_error(keys, node,
		    "%s: must be a list in brackets, such as [40 MB/s, "
		    "80 MB/s]",
		    key->name);
		return;
	}
	if (node->count > MODEL_SPEEDS_MAX) {
		key_error(keys, node, "%s: too many; at most %d speeds",
		    key->name, MODEL_SPEEDS_MAX);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		if (!key_read_speed(keys, key, node->items[i], &speed))
			return;
		if (speed <= last) {
			key_error(keys, node->items[i],
			    "%s: must rise; this one is not above the one "
			    "before it",
			    key->name);
			return;
		}
		medium->speeds_bytes_per_s[medium->speeds++] = last = speed;
	}
}

/* Reads a density code: two hexadecimal digits after "0x". */
static void read_density(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, uint8_t *density)
{
	unsigned value;
	const char *text;
	char rest;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (strlen(text) == 4 && sscanf(text, "0x%2x%c", &value, &rest) == 1 &&
	    value > 0)
		*density = (uint8_t)value;
	else
		key_error(keys, node,
		    "%s: must be from 0x01 to 0xff, such as 0x5e", key->name);
}

static void read_into(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, void *base)
{
	const struct yaml_tree *value = read_sourced(keys, key, node);
	void *to = (char *)base + key->offset;
	uint64_t ratio;

	if (value == NULL)
		return;
	switch (key->type) {
	case KEY_LIST:
		read_speeds(keys, key, value, base);
		break;
	case KEY_TEXT:
		read_density(keys, key, value, to);
		break;
	case KEY_RATIO:
		if (key_read_ratio(keys, key, value, &ratio))
			*(uint32_t *)to = (uint32_t)ratio;
		break;
	default:
		if (key_read_value(keys, key, value, to) && key->check != NULL)
			key->check(keys, key, value);
		break;
	}
}

void profile_read_value(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	read_into(keys, key, node, profile_reader_of(keys)->model);
}

void profile_read_medium_value(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	read_into(keys, key, node, profile_reader_of(keys)->medium);
}

static bool is_name(const char *text)
{
	return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")] ==
	    '\0';
}

/* Returns a line that fits into the member; NULL after an error. */
static const char *read_line(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return NULL;
	if (text[0] != '\0' && strlen(text) < key->bytes &&
	    strpbrk(text, "\n\t\r") == NULL)
		return text;
	key_error(keys, node, "%s: must be one line of 1 to %d characters",
	    key->name, (int)key->bytes - 1);
	return NULL;
}

void profile_read_line(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	char *to = (char *)profile_reader_of(keys)->model + key->offset;
	const char *text = read_line(keys, key, node);

	if (text != NULL)
		strcpy(to, text);
}

void profile_read_name(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	char *to = (char *)profile_reader_of(keys)->model + key->offset;
	const char *text = read_line(keys, key, node);

	if (text != NULL && is_name(text))
		strcpy(to, text);
	else if (text != NULL)
		key_error(keys, node,
		    "%s: must be of the characters a-z, 0-9 and -", key->name);
}

bool profile_read_code(struct key_reader *keys, const struct yaml_tree *node,
    char code[MODEL_MEDIUM_BYTES])
{
	static const struct key medium = { .name = "medium" };
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;
	const char *text, *found;

	if (!key_read_text(keys, &medium, node, &text))
		return false;
	found = media_code(text);
	if (found != NULL) {
		snprintf(code, MODEL_MEDIUM_BYTES, "%s", found);
		return true;
	}
	snprintf(message, sizeof(message), "unknown medium %s",
	    text_quote(&quote, text));
	text_suggest(message, sizeof(message), text, media_codes());
	key_error(keys, node, "%s", message);
	return false;
}

void profile_read_reads(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct model *model = profile_reader_of(keys)->model;

	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (node->kind != YAML_TREE_LIST || node->count > MODEL_MEDIA_MAX) {
		key_error(keys, node,
		    "%s: must be a list in brackets of at most %d media, such "
		    "as [L5]",
		    key->name, MODEL_MEDIA_MAX);
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		if (profile_read_code(keys, node->items[i],
			model->reads[model->reads_count]))
			model->reads_count++;
}
