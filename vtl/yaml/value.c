/* value.c: reads values by the type and range of their key; see key_reader.h. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/text.h"
#include "reports/units.h"
#include "splitter/base/units.h"
#include "vtl/yaml/key_reader.h"

/* A sum of several times of this length does not overflow. */
enum { TIME_MAX_H = 10000 };

enum { LENGTH_MAX_M = 100000 };

const char *const *key_boolean_words(void)
{
	static const char *const words[] = { "false", "true", NULL };

	return words;
}

void key_error(struct key_reader *reader, const struct yaml_tree *node,
    const char *format, ...)
{
	char message[YAML_ERROR_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	yaml_tree_error(reader->errors, node, 0, "%s", message);
}

void key_unknown(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, const char *what, const char *const *names)
{
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;

	snprintf(message, sizeof(message), "%s: unknown %s %s", key->name, what,
	    text_quote(&quote, node->text));
	text_suggest(message, sizeof(message), node->text, names);
	key_error(reader, node, "%s", message);
}

bool key_read_text(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, const char **text)
{
	if (node->kind == YAML_TREE_BROKEN)
		return false;
	if (node->kind != YAML_TREE_TEXT) {
		key_error(reader, node,
		    "%s: a %s, and one value is expected; quote it if it is "
		    "text",
		    key->name,
		    node->kind == YAML_TREE_LIST ? "list" : "mapping");
		return false;
	}
	*text = node->text;
	return true;
}

void key_read_line(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, const char *advice, char **line)
{
	const char *text;

	if (!key_read_text(reader, key, node, &text))
		return;
	if (text[0] == '\0') {
		key_error(reader, node, "%s: empty; %s", key->name, advice);
		return;
	}
	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c >= 0x20 && *c != 0x7f)
			continue;
		key_error(reader, node,
		    "%s: must be one line without control characters",
		    key->name);
		return;
	}
	*line = strdup(text);
	if (*line == NULL)
		key_error(reader, node, "out of memory");
}

bool key_read_size(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *bytes)
{
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t size;

	if (!key_read_text(reader, key, node, &text))
		return false;
	if (units_parse(UNITS_SIZE, text, &size, reason, sizeof(reason)) != 0) {
		key_error(reader, node, "%s: %s", key->name, reason);
		return false;
	}
	if (key->power > 0 && size >> key->power != 0) {
		key_error(reader, node,
		    "%s: too large; it must be less than 2^%u bytes", key->name,
		    key->power);
		return false;
	}
	if (size < key->min) {
		units_size_exact(reason, key->min);
		key_error(reader, node, "%s: too small; at least %s", key->name,
		    reason);
		return false;
	}
	*bytes = size;
	return true;
}

bool key_read_time(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, int64_t *time_ns)
{
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t ns;

	if (!key_read_text(reader, key, node, &text))
		return false;
	if (units_parse(UNITS_TIME, text, &ns, reason, sizeof(reason)) != 0) {
		key_error(reader, node, "%s: %s", key->name, reason);
		return false;
	}
	if (ns > (uint64_t)TIME_MAX_H * 3600 * 1000000000) {
		key_error(reader, node, "%s: too long; at most %d h", key->name,
		    TIME_MAX_H);
		return false;
	}
	if (ns < key->min) {
		key_error(reader, node, "%s: too short; at least 1 ns",
		    key->name);
		return false;
	}
	*time_ns = (int64_t)ns;
	return true;
}

bool key_read_count(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *count)
{
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;

	if (!key_read_text(reader, key, node, &text))
		return false;
	if (units_parse_count(text, key->min, key->max, count, reason,
		sizeof(reason)) == 0)
		return true;
	key_error(reader, node, "%s: %s", key->name, reason);
	return false;
}

bool key_read_speed(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *bytes_per_s)
{
	const uint64_t least = 1000, most = UINT64_C(1000000000000);
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t rate;

	if (!key_read_text(reader, key, node, &text))
		return false;
	if (units_parse(UNITS_RATE, text, &rate, reason, sizeof(reason)) != 0) {
		key_error(reader, node, "%s: %s", key->name, reason);
		return false;
	}
	if (rate < least || rate > most) {
		key_error(reader, node,
		    "%s: out of range; it must be from 1 kB/s to 1 TB/s",
		    key->name);
		return false;
	}
	*bytes_per_s = rate;
	return true;
}

bool key_read_share(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *permille)
{
	const uint64_t tenth = UNITS_PERCENT_ONE / 10;
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t value;

	if (!key_read_text(reader, key, node, &text))
		return false;
	if (units_parse(UNITS_PERCENT, text, &value, reason, sizeof(reason)) !=
	    0) {
		key_error(reader, node, "%s: %s", key->name, reason);
		return false;
	}
	if (value % tenth != 0 || value / tenth < key->min ||
	    value / tenth > key->max) {
		key_error(reader, node,
		    "%s: must be from %d.%d %% to %d %%, in tenths of a "
		    "percent",
		    key->name, (int)(key->min / 10), (int)(key->min % 10),
		    (int)(key->max / 10));
		return false;
	}
	*permille = value / tenth;
	return true;
}

bool key_read_ratio(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *permille)
{
	char number[32] = "", reason[YAML_ERROR_BYTES / 2];
	const uint64_t thousandth = UNITS_PERCENT_ONE / 1000;
	const char *text, *colon;
	uint64_t value = 0;

	if (!key_read_text(reader, key, node, &text))
		return false;
	colon = strstr(text, ":1");
	if (colon != NULL && colon[2] == '\0' && colon - text < 24)
		snprintf(number, sizeof(number), "%.*s%%", (int)(colon - text),
		    text);
	if (units_parse(UNITS_PERCENT, number, &value, reason,
		sizeof(reason)) != 0 ||
	    value % thousandth != 0 || value < UNITS_PERCENT_ONE ||
	    value > 10 * UNITS_PERCENT_ONE) {
		key_error(reader, node,
		    "%s: must be a ratio from 1:1 to 10:1, such as 2.5:1",
		    key->name);
		return false;
	}
	*permille = value / thousandth;
	return true;
}

bool key_read_length(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t *millimetres)
{
	uint64_t metres = 0;
	char rest[4] = "";
	const char *text;

	if (!key_read_text(reader, key, node, &text))
		return false;
	if (sscanf(text, "%6" SCNu64 " %3s", &metres, rest) != 2 ||
	    strcmp(rest, "m") != 0 || text[0] < '0' || text[0] > '9' ||
	    metres == 0 || metres > LENGTH_MAX_M) {
		key_error(reader, node,
		    "%s: must be whole metres from 1 m to %d m, such as 846 m",
		    key->name, LENGTH_MAX_M);
		return false;
	}
	*millimetres = metres * 1000;
	return true;
}

bool key_read_choice(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, unsigned *index)
{
	const char *const *words = key->words();
	const char *text;

	if (!key_read_text(reader, key, node, &text))
		return false;
	for (unsigned i = 0; words[i] != NULL; i++) {
		if (strcmp(words[i], text) != 0)
			continue;
		*index = i;
		return true;
	}
	key_unknown(reader, key, node, "value", words);
	return false;
}

static void store_count(const struct key *key, uint64_t count, void *to)
{
	if (key->bytes == sizeof(uint32_t))
		*(uint32_t *)to = (uint32_t)count;
	else
		*(uint64_t *)to = count;
}

/*
 * Stores the index of a choice in a bool or an enum, which is as wide as
 * unsigned.
 */
static void store_choice(const struct key *key, unsigned index, void *to)
{
	if (key->bytes == sizeof(bool))
		*(bool *)to = index == 1;
	else
		*(unsigned *)to = index;
}

bool key_read_value(struct key_reader *reader, const struct key *key,
    const struct yaml_tree *node, void *to)
{
	uint64_t number = 0;
	unsigned index = 0;
	int64_t ns = 0;

	switch (key->type) {
	case KEY_SIZE:
		if (!key_read_size(reader, key, node, &number))
			return false;
		if (to != NULL)
			*(uint64_t *)to = number;
		return true;
	case KEY_TIME:
		if (!key_read_time(reader, key, node, &ns))
			return false;
		if (to != NULL)
			*(int64_t *)to = ns;
		return true;
	case KEY_COUNT:
		if (!key_read_count(reader, key, node, &number))
			return false;
		if (to != NULL)
			store_count(key, number, to);
		return true;
	case KEY_SPEED:
		if (!key_read_speed(reader, key, node, &number))
			return false;
		if (to != NULL)
			*(uint64_t *)to = number;
		return true;
	case KEY_SHARE:
		if (!key_read_share(reader, key, node, &number))
			return false;
		if (to != NULL)
			store_count(key, number, to);
		return true;
	case KEY_LENGTH:
		if (!key_read_length(reader, key, node, &number))
			return false;
		if (to != NULL)
			store_count(key, number, to);
		return true;
	case KEY_BOOLEAN:
	case KEY_CHOICE:
		if (!key_read_choice(reader, key, node, &index))
			return false;
		if (to != NULL)
			store_choice(key, index, to);
		return true;
	default: /* keys of other types have a reader of their own */
		return true;
	}
}
