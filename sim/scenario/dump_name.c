/* dump_name.c: the names of dumps. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/text.h"
#include "sim/scenario/reader.h"

static bool name_is_good(const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c) &&
		    (c == name || strchr("._-", *c) == NULL))
			return false;
	return name[0] != '\0' && strlen(name) < SCENARIO_NAME_BYTES;
}

void scenario_read_dump_name(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario *s = reader->scenario;
	struct text_quote quote;
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (!name_is_good(text)) {
		key_error(&reader->keys, node,
		    "%s: %s is not a name of a dump; use 1 to %d letters, "
		    "digits and the characters . _ -, the first a letter or a "
		    "digit",
		    key->name, text_quote(&quote, text),
		    SCENARIO_NAME_BYTES - 1);
		return;
	}
	for (size_t i = 0; i < s->dumps_count; i++) {
		if (strcmp(s->dumps[i].name, text) != 0)
			continue;
		key_error(&reader->keys, node,
		    "%s: another dump is called %s, too; use another name",
		    key->name, text);
		return;
	}
	strcpy(reader->dump->name, text);
}

bool scenario_find_dump_called(struct scenario_reader *reader,
    const struct yaml_tree *node, const char *key, const char *name,
    size_t *dump)
{
	const struct scenario *s = reader->scenario;
	char message[YAML_ERROR_BYTES];
	const char **names;
	struct text_quote quote;
	size_t count = 0;

	for (size_t i = 0; i < s->dumps_count; i++) {
		if (strcmp(s->dumps[i].name, name) != 0 || name[0] == '\0')
			continue;
		*dump = i;
		return true;
	}
	names = calloc(s->dumps_count + 1, sizeof(*names));
	if (names == NULL) {
		key_error(&reader->keys, node, "out of memory");
		return false;
	}
	for (size_t i = 0; i < s->dumps_count; i++)
		if (s->dumps[i].name[0] != '\0')
			names[count++] = s->dumps[i].name;
	snprintf(message, sizeof(message), "%s: no dump is called %s", key,
	    text_quote(&quote, name));
	text_suggest(message, sizeof(message), name, names);
	key_error(&reader->keys, node, "%s", message);
	free(names);
	return false;
}

bool scenario_find_dump(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, size_t *dump)
{
	const char *text;

	return key_read_text(keys, key, node, &text) &&
	    scenario_find_dump_called(scenario_reader_of(keys), node, key->name,
		text, dump);
}
