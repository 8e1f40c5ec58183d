/* scenario_faults.c: the key "faults" of a scenario. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario_fields.h"
#include "sim/units.h"
#include "sim/words.h"

enum { SENSE_NAMES_MAX = 64 };

static void
read_volume(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	size_t volumes = reader->scenario->volumes_count;
	uint64_t number;

	if (!scenario_read_count(reader, key, node, 1, SIZE_MAX, &number))
		return;
	if (volumes == 0 || reader->volumes_bad)
		return;
	if (number > volumes)
		scenario_error(reader, node, "volume: there are only %zu; "
		    "this is the place in the list of volumes, from 1",
		    volumes);
	else
		reader->fault->volume = (size_t)number;
}

static void
read_at(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const struct scenario *s = reader->scenario;
	size_t volume = reader->fault->volume;
	uint64_t capacity;
	char size[40];

	if (!scenario_read_size(reader, key, node, &reader->fault->at_bytes))
		return;
	if (volume == 0)
		return;
	capacity = s->volumes[volume - 1].capacity_bytes;
	if (capacity == 0 || reader->fault->at_bytes < capacity)
		return;
	units_format_size(capacity, size, sizeof(size));
	scenario_error(reader, node, "at: volume %zu ends at %s; nothing is "
	    "ever written there", volume, size);
}

static void
read_fail(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { "write", NULL };
	unsigned word;

	scenario_read_word(reader, key, node, words, &word);
}

/* Whether a write that is answered with this sense data has failed. */
static bool
fails_a_write(const struct sense_event *event)
{
	return event->sense.key != SENSE_NO_SENSE &&
	    event->sense.key != SENSE_RECOVERED &&
	    event->sense.key != SENSE_BLANK_CHECK;
}

static void
read_sense(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const struct sense_event *events = sense_events();
	const char *names[SENSE_NAMES_MAX + 1];
	const struct sense_event *event;
	size_t count = 0;
	const char *text;
	unsigned word;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	event = sense_find(text);
	if (event != NULL && !fails_a_write(event)) {
		scenario_error(reader, node, "sense: %s does not make a write "
		    "fail; use one that does, such as medium_error", text);
		return;
	}
	for (; events->name != NULL && count < SENSE_NAMES_MAX; events++)
		if (fails_a_write(events))
			names[count++] = events->name;
	names[count] = NULL;
	if (scenario_read_word(reader, key, node, names, &word))
		reader->fault->sense = event;
}

static void
read_once(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { "false", "true", NULL };
	unsigned word;

	if (scenario_read_word(reader, key, node, words, &word))
		reader->fault->once = word == 1;
}

/* The volume comes first: the place is checked against it. */
const struct scenario_field scenario_fault_fields[] = {
	{ "volume", true, read_volume },
	{ "at", true, read_at },
	{ "fail", true, read_fail },
	{ "sense", false, read_sense },
	{ "once", false, read_once },
	{ NULL, false, NULL }
};

void
scenario_read_faults(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;

	if (node->kind == YAML_TREE_BROKEN || yaml_tree_is_empty(node))
		return;
	if (node->kind != YAML_TREE_LIST) {
		scenario_error(reader, node, "%s: this is a list; begin each "
		    "entry with \"- \", such as - {volume: 2, at: 1 GiB, fail: "
		    "write}", key);
		return;
	}
	s->faults = calloc(node->count + 1, sizeof(*s->faults));
	if (s->faults == NULL) {
		scenario_error(reader, node, "no memory left");
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		reader->fault = &s->faults[s->faults_count++];
		reader->fault->line = node->items[i]->line;
		reader->fault->sense = sense_find("medium_error");
		scenario_read_map(reader, "a fault", node->items[i],
		    scenario_fault_fields);
	}
}
