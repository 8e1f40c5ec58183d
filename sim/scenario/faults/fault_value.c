/* fault_value.c: values that several kinds of faults have in common. */
#include <stdio.h>
#include <string.h>

#include "splitter/base/text.h"
#include "sim/scenario/faults/impl.h"

/* Reads the barcode of a volume of the library. */
static void read_barcode(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const struct scenario *s = reader->scenario;
	struct text_quote quote;
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	for (size_t i = 0; i < s->volumes_count; i++)
		if (strcmp(s->volumes[i].barcode, text) == 0)
			reader->fault->volume = i + 1;
	if (reader->fault->volume == 0)
		key_error(keys, node,
		    "%s: the library has no volume %s; use a barcode of the "
		    "library",
		    key->name, text_quote(&quote, text));
}

void scenario_read_fault_volume(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	size_t volumes = reader->scenario->volumes_count;
	uint64_t number;

	if (reader->by_barcode) {
		read_barcode(keys, key, node);
		return;
	}
	if (!key_read_count(keys, key, node, &number))
		return;
	if (volumes == 0 || reader->volumes_bad)
		return;
	if (number > volumes)
		key_error(keys, node,
		    "%s: the library has only %zu; this is the place in the "
		    "list of volumes, from 1",
		    key->name, volumes);
	else
		reader->fault->volume = (size_t)number;
}

const char *const *scenario_sense_words(void)
{
	static const char *words[SENSE_EVENTS_MAX + 1];

	/* The array is static; each call stores the same words. */
	sense_block_error_names(words);
	return words;
}

void scenario_read_sense(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const struct sense_event *event;
	const char *text;
	unsigned word;

	if (!key_read_text(keys, key, node, &text))
		return;
	event = sense_find(text);
	if (event != NULL && !sense_is_block_error(&event->sense))
		key_error(keys, node,
		    "%s: %s does not make an operation fail; use, for example, "
		    "medium_error",
		    key->name, text);
	else if (key_read_choice(keys, key, node, &word))
		reader->fault->sense = event;
}

void scenario_check_unreached(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	if (scenario_reader_of(keys)->by_barcode)
		key_error(keys, node,
		    "%s: only a fault of a scenario can have this key",
		    key->name);
}
