/* scenario_library.c: the key "library" of a scenario. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fields.h"
#include "sim/base/units.h"
#include "sim/base/text.h"

static void add_drive(struct scenario_reader *reader, const struct model *model,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	const struct model **drives;
	struct drive_options *behaviours;

	drives = realloc(s->drives,
	    (s->drives_count + 1) * sizeof(const struct model *));
	if (drives != NULL)
		s->drives = drives;
	behaviours =
	    realloc(s->behaviours, (s->drives_count + 1) * sizeof(*behaviours));
	if (behaviours != NULL)
		s->behaviours = behaviours;
	if (drives == NULL || behaviours == NULL) {
		scenario_error(reader, node, "no memory left");
		return;
	}
	s->behaviours[s->drives_count] = *reader->behaviour;
	s->drives[s->drives_count++] = model;
}

static void read_model(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;
	const char *text;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	reader->model = model_find(text);
	if (reader->model != NULL)
		return;
	snprintf(message, sizeof(message), "%s: no drive %s", key,
	    text_quote(&quote, text));
	text_suggest(message, sizeof(message), text, model_names());
	scenario_error(reader, node, "%s", message);
}

const struct scenario_field scenario_drive_fields[] = {
	{ "model", true, read_model },
	{ "behaviour", false, scenario_read_behaviour }, { NULL, false, NULL }
};

/* A model, or a mapping; its behaviour begins as that of the library. */
static void read_drive(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct drive_options behaviour = reader->scenario->behaviour;
	struct drive_options *of_library = reader->behaviour;

	reader->behaviour = &behaviour;
	reader->model = NULL;
	if (node->kind == YAML_TREE_MAP)
		scenario_read_map(reader, "a drive", node,
		    scenario_drive_fields);
	else
		read_model(reader, "drives", node);
	if (reader->model != NULL)
		add_drive(reader, reader->model, node);
	reader->behaviour = of_library;
}

/* The drive that takes the smallest blocks, or NULL. */
static const struct model *smallest_drive(const struct scenario *s)
{
	const struct model *smallest = NULL;

	for (size_t i = 0; i < s->drives_count; i++)
		if (smallest == NULL ||
		    s->drives[i]->block_max_bytes < smallest->block_max_bytes)
			smallest = s->drives[i];
	return smallest;
}

static void check_block(struct scenario_reader *reader)
{
	const struct model *drive = smallest_drive(reader->scenario);
	uint64_t block = reader->scenario->block_bytes;
	char size[40];

	if (drive == NULL || reader->block_at == NULL || block == 0 ||
	    block <= drive->block_max_bytes)
		return;
	units_format_size(drive->block_max_bytes, size, sizeof(size));
	scenario_error(reader, reader->block_at,
	    "block: the drive %s takes "
	    "blocks of %s at most",
	    drive->name, size);
}

static void read_drives(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (yaml_tree_is_empty(node) ||
	    (node->kind == YAML_TREE_LIST && node->count == 0)) {
		scenario_error(reader, node,
		    "%s: a library has at least one "
		    "drive, such as [lto8] or [instant]",
		    key);
		return;
	}
	if (node->kind != YAML_TREE_LIST) {
		scenario_error(reader, node,
		    "%s: this is a list; write it in "
		    "brackets, such as [lto8] or [lto8, lto8]",
		    key);
		return;
	}
	if (node->count > CHANGER_DRIVES_MAX)
		scenario_error(reader, node,
		    "%s: a library has room for %d "
		    "drives",
		    key, CHANGER_DRIVES_MAX);
	for (size_t i = 0; i < node->count; i++)
		read_drive(reader, node->items[i]);
	check_block(reader);
}

static void read_payload(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { "none", "raw", "zlib", NULL };
	static const enum scenario_payload payloads[] = { PAYLOAD_NONE,
		PAYLOAD_RAW, PAYLOAD_ZLIB };
	unsigned word;

	if (!scenario_read_word(reader, key, node, words, &word))
		return;
	reader->scenario->payload = payloads[word];
	if (payloads[word] == PAYLOAD_NONE &&
	    scenario_deflates(reader->scenario))
		scenario_error(reader, node,
		    "%s: compression: zlib needs the "
		    "bytes of the dump; say raw or zlib",
		    key);
}

static void read_move_time(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_time(reader, key, node, &reader->scenario->move_ns);
}

const struct scenario_field scenario_robot_fields[] = {
	{ "move_time", false, read_move_time }, { NULL, false, NULL }
};

static void read_robot(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_map(reader, key, node, scenario_robot_fields);
}

static void read_load_ahead(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { "false", "true", NULL };
	unsigned word;

	if (scenario_read_word(reader, key, node, words, &word))
		reader->scenario->load_ahead = word == 1;
}

/*
 * The limit comes behind the volumes, which it is to be smaller than, and the
 * payload behind the drives, which may need one.
 */
const struct scenario_field scenario_library_fields[] = {
	{ "behaviour", false, scenario_read_behaviour },
	{ "drives", true, read_drives },
	{ "volumes", true, scenario_read_volumes },
	{ "limit", false, scenario_read_limit },
	{ "payload", false, read_payload }, { "robot", false, read_robot },
	{ "load_ahead", false, read_load_ahead }, { NULL, false, NULL }
};

void scenario_read_library(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_map(reader, key, node, scenario_library_fields);
}
