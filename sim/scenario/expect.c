/* expect.c: the key `expect` of a scenario. */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/reader.h"

static const char form[] = "write it as a comparison, such as - outcome == "
			   "DONE";

/*
 * Returns the column of a byte of the text, from its begin, if the text is
 * neither quoted nor folded.
 */
static int column_of(const struct yaml_tree *node, size_t byte)
{
	int column = 0;

	if (!node->plain)
		return column;
	for (size_t i = 0; i < byte && node->text[i] != '\0'; i++)
		column += ((unsigned char)node->text[i] & 0xc0) != 0x80;
	return column;
}

/*
 * Reports an entry that YAML reads as a mapping, such as "- outcome: DONE", and
 * prints the correct form.
 */
static void not_an_expectation(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	const struct yaml_tree *key, *value;

	if (node->kind == YAML_TREE_LIST) {
		scenario_error(reader, node,
		    "an expectation must be text, not a list; %s", form);
		return;
	}
	key = node->count == 2 ? node->items[0] : NULL;
	value = node->count == 2 ? node->items[1] : NULL;
	if (key == NULL || key->kind != YAML_TREE_TEXT ||
	    value->kind != YAML_TREE_TEXT || value->text[0] == '\0' ||
	    strcspn(key->text, "=!<>") != strlen(key->text))
		scenario_error(reader, node,
		    "an expectation must be text, and \": \" makes it a "
		    "mapping; %s",
		    form);
	else
		scenario_error(reader, node,
		    "an expectation must be text, not a mapping; write it as a "
		    "comparison: - %.60s == %.100s",
		    key->text, value->text);
}

static void read_one(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	struct metrics_expect *expect = &s->expects[s->expects_count];
	char reason[YAML_ERROR_BYTES];
	size_t byte;

	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (node->kind != YAML_TREE_TEXT) {
		not_an_expectation(reader, node);
		return;
	}
	if (metrics_parse(node->text, expect, &byte, reason, sizeof(reason)) !=
	    0) {
		yaml_tree_error(reader->errors, node, column_of(node, byte),
		    "%s", reason);
		return;
	}
	expect->line = node->line;
	s->expects_count++;
}

void scenario_read_expect(struct scenario_reader *reader,
    const struct scenario_key *key, const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;

	if (node->kind == YAML_TREE_BROKEN || yaml_tree_is_empty(node))
		return;
	if (node->kind != YAML_TREE_LIST) {
		scenario_error(reader, node,
		    "%s: must be a list; begin each entry with \"- \", and %s",
		    key->name, form);
		return;
	}
	s->expects = calloc(node->count + 1, sizeof(*s->expects));
	if (s->expects == NULL) {
		scenario_error(reader, node, "out of memory");
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		read_one(reader, node->items[i]);
}
