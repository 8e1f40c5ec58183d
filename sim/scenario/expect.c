/* expect.c: the key `expect` of a scenario. */
#include <stdlib.h>
#include <string.h>

#include "sim/metrics/fact.h"
#include "sim/scenario/reader.h"

#define FORM "write it as a comparison, such as - outcome == DONE"

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
		key_error(&reader->keys, node,
		    "an expectation must be text, not a list; " FORM);
		return;
	}
	key = node->count == 2 ? node->items[0] : NULL;
	value = node->count == 2 ? node->items[1] : NULL;
	if (key == NULL || key->kind != YAML_TREE_TEXT ||
	    value->kind != YAML_TREE_TEXT || value->text[0] == '\0' ||
	    strcspn(key->text, "=!<>") != strlen(key->text))
		key_error(&reader->keys, node,
		    "an expectation must be text, and \": \" makes it a "
		    "mapping; " FORM);
	else
		key_error(&reader->keys, node,
		    "an expectation must be text, not a mapping; write it as a "
		    "comparison: - %.60s == %.100s",
		    key->text, value->text);
}

/* Finds the dump that a comparison names, or all dumps together. */
static void find_dump(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct metrics_expect *expect = reader->expect;

	expect->place = reader->scenario->dumps_count;
	if (expect->dump != NULL)
		scenario_find_dump_called(reader, node, "expect", expect->dump,
		    &expect->place);
}

/* Reports a fact about a fault, drive or volume that does not exist. */
static void check_subject(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	const struct metrics_expect *e = reader->expect;
	const struct scenario *s = reader->scenario;
	bool fault = e->fact != NULL && e->fact->subject == FACT_FAULT;
	bool drive = e->fact != NULL && e->fact->subject == FACT_DRIVE;
	size_t own = reader->step != NULL ? reader->step->faults_count : 0;
	size_t count = fault ? s->faults_count + own : s->drives_count, i = 0;

	if ((fault || drive) && e->number > count)
		key_error(&reader->keys, node,
		    "expect: the scenario has only %zu %s%s%s; this is the "
		    "place in the list, from 1",
		    count, fault ? "fault" : "drive", count == 1 ? "" : "s",
		    fault && own > 0 ? ", with those of the step" : "");
	if (e->fact == NULL || e->fact->subject != FACT_VOLUME ||
	    reader->volumes_bad)
		return;
	while (i < s->volumes_count &&
	    strcmp(s->volumes[i].barcode, e->subject) != 0)
		i++;
	if (i == s->volumes_count)
		key_error(&reader->keys, node,
		    "expect: no volume has the barcode %.40s", e->subject);
}

/* Reads a comparison into `reader->expect`. */
static void read_comparison(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	char reason[YAML_ERROR_BYTES];
	size_t byte;

	if (metrics_parse(node->text, reader->expect, &byte, reason,
		sizeof(reason)) != 0) {
		yaml_tree_error(reader->keys.errors, node,
		    column_of(node, byte), "%s", reason);
		return;
	}
	reader->expect->line = node->line;
	reader->expect->file = scenario_node_file(reader, node);
	if (reader->expect->id >= METRIC_STEP_FIRST && reader->step == NULL)
		key_error(&reader->keys, node,
		    "%s is a metric of a step; put the expectation into the "
		    "`expect` of a step",
		    metrics_def(reader->expect->id)->name);
	find_dump(reader, node);
	check_subject(reader, node);
}

static void read_that(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const char *text;

	if (key_read_text(keys, key, node, &text))
		read_comparison(reader, node);
}

static void read_known(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	key_read_line(keys, key, node, "say in one line why it does not hold",
	    &reader->expect->known);
}

static const struct key expect_keys[] = {
	{ .name = "that",
	    .type = KEY_TEXT,
	    .required = true,
	    .read = read_that,
	    .range = "a comparison",
	    .schema = "{\"$ref\": \"#/$defs/comparison\"}",
	    .example = "drive_starved == 0",
	    .meaning = "The comparison." },
	{ .name = "known",
	    .type = KEY_TEXT,
	    .read = read_known,
	    .range = "one line, without control characters",
	    .example = "\"the model has no write delay\"",
	    .meaning = "Why the comparison is known not to hold.",
	    .detail = "The comparison is then expected to fail. The scenario "
		      "fails when the comparison begins to hold: remove "
		      "`known` then." },
	{ .name = NULL },
};

const struct key_map scenario_expect_map = { "an expectation", expect_keys };

/* Returns whether a mapping has a key of an expectation. */
static bool is_expectation(const struct yaml_tree *node)
{
	for (size_t i = 0; i + 1 < node->count; i += 2)
		for (const struct key *key = expect_keys; key->name != NULL;
		     key++)
			if (node->items[i]->kind == YAML_TREE_TEXT &&
			    strcmp(node->items[i]->text, key->name) == 0)
				return true;
	return false;
}

static void read_one(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;

	reader->expect = &s->expects[s->expects_count];
	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (node->kind == YAML_TREE_TEXT)
		read_comparison(reader, node);
	else if (node->kind == YAML_TREE_MAP && is_expectation(node))
		key_read_map(&reader->keys, &scenario_expect_map, node, NULL);
	else
		not_an_expectation(reader, node);
	if (reader->expect->text != NULL)
		s->expects_count++;
	else
		metrics_expect_free(reader->expect);
}

void scenario_read_expect(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario *s = reader->scenario;

	s->expects = scenario_new_entries(keys, key, node, sizeof *s->expects,
	    "and " FORM);
	if (s->expects == NULL)
		return;
	for (size_t i = 0; i < node->count; i++)
		read_one(reader, node->items[i]);
}
