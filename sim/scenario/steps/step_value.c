/* step_value.c: the values of steps: dumps, volumes, places, drives. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/steps/impl.h"
#include "splitter/base/grow.h"
#include "splitter/base/text.h"
#include "splitter/base/units.h"
#include "vtl/base/media.h"

/* Finds a volume by its place in the list, from 1. */
static bool find_by_number(struct scenario_reader *reader,
    const struct key *key, const struct yaml_tree *node, size_t *place)
{
	char reason[YAML_ERROR_BYTES / 2];
	struct text_quote quote;
	uint64_t number;

	if (units_parse_count(node->text, 1, UINT64_MAX, &number, reason,
		sizeof reason) == 0 &&
	    number <= reader->scenario->volumes_count) {
		*place = (size_t)number - 1;
		return true;
	}
	key_error(&reader->keys, node,
	    "%s: the library has no volume %s; give a barcode, or a place in "
	    "the list of volumes from 1 to %zu",
	    key->name, text_quote(&quote, node->text),
	    reader->scenario->volumes_count);
	return false;
}

bool scenario_find_volume(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, size_t *place)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const struct scenario *s = reader->scenario;
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return false;
	for (*place = 0; *place < s->volumes_count; ++*place)
		if (strcmp(s->volumes[*place].barcode, text) == 0)
			return true;
	return !reader->volumes_bad && find_by_number(reader, key, node, place);
}

static bool add_place(struct key_reader *keys, const struct yaml_tree *node,
    struct scenario_places *places, size_t place)
{
	size_t *list =
	    grow_by_one(places->list, places->count, sizeof *places->list);

	if (list == NULL) {
		key_error(keys, node, "out of memory");
		return false;
	}
	places->list = list;
	list[places->count++] = place;
	return true;
}

/* Adds the volumes or dumps that a value names: one, or a list. */
static void read_places(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, struct scenario_places *places,
    bool (*find)(struct key_reader *keys, const struct key *key,
	const struct yaml_tree *node, size_t *place))
{
	size_t place;

	if (node->kind == YAML_TREE_LIST && node->count == 0) {
		key_error(keys, node, "%s: empty; remove it, or name one",
		    key->name);
		return;
	}
	if (node->kind != YAML_TREE_LIST) {
		if (find(keys, key, node, &place))
			add_place(keys, node, places, place);
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		if (!find(keys, key, node->items[i], &place) ||
		    !add_place(keys, node, places, place))
			return;
}

void scenario_read_step_dumps(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_places *dumps = &scenario_reader_of(keys)->step->dumps;

	read_places(keys, key, node, dumps, scenario_find_dump);
	for (size_t i = 1; i < dumps->count; i++)
		for (size_t j = 0; j < i; j++)
			if (dumps->list[i] == dumps->list[j]) {
				key_error(keys, node,
				    "%s: a dump is named twice", key->name);
				return;
			}
}

void scenario_read_step_volume(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	size_t place;

	if (!scenario_find_volume(keys, key, node, &place))
		return;
	place++;
	memcpy((char *)reader->step + key->offset, &place, sizeof place);
}

void scenario_read_step_volumes(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);

	read_places(keys, key, node,
	    (struct scenario_places *)(void *)((char *)reader->step +
		key->offset),
	    scenario_find_volume);
}

/* The elements that a step can name, and their numbers. */
static const struct {
	const char *word;
	unsigned address, first;
} elements[] = {
	{ "slot", CHANGER_SLOT_ADDRESS, 1 },
	{ "drive", CHANGER_DRIVE_ADDRESS, 1 },
	{ "ie", CHANGER_IE_ADDRESS, 1 },
};

enum { ELEMENTS = sizeof elements / sizeof *elements };

/* Returns how many elements of a kind the library has. */
static size_t count_of(const struct scenario *s, size_t element)
{
	return element == 0 ? s->volumes_count + s->empty_slots
	    : element == 1  ? s->drives_count
			    : s->ie_slots;
}

void scenario_read_step_place(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	char reason[YAML_ERROR_BYTES / 2] = "";
	struct text_quote quote;
	const char *text;
	uint64_t number;
	size_t i, n;

	if (!key_read_text(keys, key, node, &text))
		return;
	n = strcspn(text, ":");
	for (i = 0; i < ELEMENTS; i++)
		if (text[n] == ':' && strlen(elements[i].word) == n &&
		    strncmp(elements[i].word, text, n) == 0)
			break;
	if (i == ELEMENTS ||
	    units_parse_count(text + n + 1, elements[i].first,
		count_of(reader->scenario, i), &number, reason,
		sizeof reason) != 0)
		key_error(keys, node,
		    "%s: the library has no place %s; write slot:N, drive:N or "
		    "ie:N, each from 1%s%s",
		    key->name, text_quote(&quote, text),
		    reason[0] != '\0' ? ": " : "", reason);
	else
		reader->step->address =
		    elements[i].address + (unsigned)number - elements[i].first;
}

void scenario_read_step_model(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	reader->step->model = model_find(text);
	if (reader->step->model == NULL)
		key_unknown(keys, key, node, "drive model", model_names());
}

void scenario_read_step_cleaning(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_step *step = scenario_reader_of(keys)->step;
	struct text_quote quote;
	const char *text, *c;

	if (!key_read_text(keys, key, node, &text))
		return;
	for (c = text; isupper((unsigned char)*c) || isdigit((unsigned char)*c);
	     c++)
		;
	if (*c == '\0' && media_is_cleaning(text) &&
	    strlen(text) < sizeof step->barcode)
		strcpy(step->barcode, text);
	else
		key_error(keys, node,
		    "%s: %s is not the barcode of a cleaning cartridge; write "
		    "CLN and more of the characters A-Z and 0-9",
		    key->name, text_quote(&quote, text));
}
