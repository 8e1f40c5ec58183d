/* library.c: the key `library` of a scenario. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/text.h"
#include "reports/units.h"
#include "sim/scenario/reader.h"
#include "splitter/base/grow.h"
#include "vtl/model/profile.h"

static void add_drive(struct scenario_reader *reader, const struct model *model,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	const struct model **drives;
	struct drive_options *behaviours;

	drives = grow_by_one(s->drives, s->drives_count, sizeof *drives);
	if (drives != NULL)
		s->drives = drives;
	behaviours =
	    grow_by_one(s->behaviours, s->drives_count, sizeof *behaviours);
	if (behaviours != NULL)
		s->behaviours = behaviours;
	if (drives == NULL || behaviours == NULL) {
		key_error(&reader->keys, node, "out of memory");
		return;
	}
	s->behaviours[s->drives_count] = *reader->behaviour;
	s->drives[s->drives_count++] = model;
}

/* The place of a profile in a scenario, for its errors. */
struct profile_place {
	struct scenario_reader *reader;
	const struct key *key;
	const struct yaml_tree *node;
};

static void profile_error(void *arg, const char *message)
{
	const struct profile_place *place = arg;

	key_error(&place->reader->keys, place->node, "%s: %s", place->key->name,
	    message);
}

/* Reads a profile of the user's own, whose path is relative to the scenario. */
static void read_profile(struct scenario_reader *reader, const struct key *key,
    const struct yaml_tree *node, const char *file)
{
	struct profile_place place = { reader, key, node };
	struct scenario *s = reader->scenario;
	char *path = scenario_node_path(reader, node, file, true);
	struct model **own;

	own = grow_by_one(s->own_models, s->own_models_count, sizeof *own);
	if (own != NULL)
		s->own_models = own;
	if (path == NULL || own == NULL) {
		key_error(&reader->keys, node, "out of memory");
		free(path);
		return;
	}
	own[s->own_models_count] = profile_read(path, profile_error, &place);
	reader->model = own[s->own_models_count];
	s->own_models_count += reader->model != NULL;
	free(path);
}

static void read_model(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario *s = reader->scenario;
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (s->model_name == NULL &&
	    (s->model_name = profile_is_path(text)
		    ? scenario_node_path(reader, node, text, false)
		    : strdup(text)) == NULL)
		key_error(keys, node, "out of memory");
	if (profile_is_path(text)) {
		read_profile(reader, key, node, text);
		return;
	}
	reader->model = model_find(text);
	if (reader->model != NULL)
		return;
	key_unknown(keys, key, node, "drive model", model_names());
}

static const struct key drive_keys[] = {
	{ .name = "model",
	    .type = KEY_CHOICE,
	    .words = model_names,
	    .required = true,
	    .read = read_model,
	    .example = "lto8",
	    .meaning = "The drive model.",
	    .detail = "A text with a `/`, or one that ends in `.yaml` or "
		      "`.yml`, is the path of a profile, relative to the "
		      "folder of the scenario; see tapelab-drive(5)." },
	{ .name = "behaviour",
	    .type = KEY_MAP,
	    .map = &scenario_behaviour_map,
	    .read = scenario_read_behaviour,
	    .otherwise = "the `behaviour` of the library",
	    .example = "{early_warning: none}",
	    .meaning = "How this drive differs from its model.",
	    .detail = "A key that is not given here is taken from the "
		      "`behaviour` of the library." },
	{ .name = NULL },
};

const struct key_map scenario_drive_map = { "a drive", drive_keys };

/*
 * Reads a drive: a model, or a mapping.  The drive starts with the behaviour of
 * the library.
 */
static void read_drive(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct drive_options behaviour = reader->scenario->behaviour;
	struct drive_options *of_library = reader->behaviour;

	reader->behaviour = &behaviour;
	reader->model = NULL;
	if (node->kind == YAML_TREE_MAP)
		key_read_map(keys, &scenario_drive_map, node, NULL);
	else
		read_model(keys, key, node);
	if (reader->model != NULL)
		add_drive(reader, reader->model, node);
	reader->behaviour = of_library;
}

/* Returns the drive with the smallest maximum block size, or NULL. */
static const struct model *smallest_drive(const struct scenario *s)
{
	const struct model *smallest = NULL;

	for (size_t i = 0; i < s->drives_count; i++)
		if (smallest == NULL ||
		    s->drives[i]->block_max_bytes < smallest->block_max_bytes)
			smallest = s->drives[i];
	return smallest;
}

void scenario_check_block(struct scenario_reader *reader,
    const struct yaml_tree *drives, uint64_t block)
{
	const struct model *drive = smallest_drive(reader->scenario);
	char size[UNITS_BYTES];

	if (drive == NULL || block == 0 || block <= drive->block_max_bytes)
		return;
	units_size_exact(size, drive->block_max_bytes);
	if (reader->block_at != NULL)
		key_error(&reader->keys, reader->block_at,
		    "block: too large for the drive %s, which takes at most %s",
		    drive->name, size);
	else
		key_error(&reader->keys, drives,
		    "drives: the drive %s takes blocks of at most %s; give the "
		    "splitter such a block",
		    drive->name, size);
}

static void read_drives(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (yaml_tree_is_empty(node) ||
	    (node->kind == YAML_TREE_LIST && node->count == 0)) {
		key_error(keys, node,
		    "%s: empty; a library has at least one drive, such as "
		    "[lto8] or [instant]",
		    key->name);
		return;
	}
	if (node->kind != YAML_TREE_LIST) {
		key_error(keys, node,
		    "%s: must be a list in brackets, such as [lto8] or [lto8, "
		    "lto8]",
		    key->name);
		return;
	}
	if (node->count > CHANGER_DRIVES_MAX)
		key_error(keys, node,
		    "%s: too many; a library has at most %d drives", key->name,
		    CHANGER_DRIVES_MAX);
	for (size_t i = 0; i < node->count; i++)
		read_drive(keys, key, node->items[i]);
	scenario_check_block(reader, node,
	    reader->scenario->splitter.block_bytes);
}

static const char *const *payload_words(void)
{
	static const char *const words[] = { "none", "raw", "zlib", NULL };

	return words;
}

static void read_payload(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	static const enum scenario_payload payloads[] = { PAYLOAD_NONE,
		PAYLOAD_RAW, PAYLOAD_ZLIB };
	unsigned word;

	if (!key_read_choice(keys, key, node, &word))
		return;
	reader->scenario->payload = payloads[word];
	if (payloads[word] == PAYLOAD_NONE &&
	    scenario_needs_payload(reader->scenario))
		key_error(keys, node,
		    "%s: a drive with compression: zlib needs the bytes of the "
		    "dump; use raw or zlib",
		    key->name);
}

static const struct key robot_keys[] = {
	{ .name = "move_time",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct scenario, move_ns),
	    .initial = "0",
	    .example = "8 s",
	    .meaning = "How long the robot takes to carry a volume from its "
		       "slot to a drive, or back.",
	    .detail = "The robot makes one move at a time. A load is complete "
		      "when the robot has moved and the drive has loaded. An "
		      "unload is complete when the drive has unloaded; the "
		      "robot moves after that." },
	{ .name = NULL }
};

const struct key_map scenario_robot_map = { "robot", robot_keys };

/*
 * The order matters: drives start with the behaviour, the limit must be smaller
 * than the volumes, and the payload is checked against the drives.
 */
static const struct key library_keys[] = {
	{ .name = "behaviour",
	    .type = KEY_MAP,
	    .map = &scenario_behaviour_map,
	    .read = scenario_read_behaviour,
	    .example = "{buffered: true}",
	    .meaning = "How every drive differs from its model." },
	{ .name = "drives",
	    .type = KEY_LIST,
	    .map = &scenario_drive_map,
	    .required = true,
	    .read = read_drives,
	    .range = "1 to 250 entries, each a model or a mapping",
	    .example = "[lto8, {model: lto7, behaviour: {buffered: true}}]",
	    .meaning = "The drives.",
	    .detail = "A dump is written to one volume at a time, in the first "
		      "drive that is free, has not failed and can write the "
		      "volume. A second drive matters when a drive fails, and "
		      "with `load_ahead`.",
	    .schema = "{\"type\": \"array\", \"minItems\": 1, \"maxItems\": "
		      "250, \"items\": {\"anyOf\": [{\"$ref\": "
		      "\"#/$defs/model_name\"}, {\"$ref\": "
		      "\"#/$defs/drive\"}]}}" },
	{ .name = "volumes",
	    .type = KEY_LIST,
	    .map = &scenario_volume_map,
	    .required = true,
	    .read = scenario_read_volumes,
	    .range = "one mapping, or a list of them; at most 65535 volumes",
	    .example = "{count: 4, capacity: 2 GiB}",
	    .meaning = "The volumes, which are blank and are used in this "
		       "order.",
	    .schema = "{\"anyOf\": [{\"$ref\": \"#/$defs/volume\"}, {\"type\": "
		      "\"array\", \"minItems\": 1, \"items\": {\"$ref\": "
		      "\"#/$defs/volume\"}}]}" },
	{ .name = "limit",
	    .type = KEY_MAP,
	    .map = &scenario_limit_map,
	    .read = scenario_read_limit,
	    .example = "{capacity: 1 GiB}",
	    .meaning = "Limits every volume to a smaller capacity.",
	    .detail = "A filter between the splitter and the drives refuses "
		      "blocks beyond the limit. The volume's own end and early "
		      "warning are met too, if they come first. Faults of an "
		      "operation count only blocks within the limit." },
	{ .name = "payload",
	    .type = KEY_CHOICE,
	    .words = payload_words,
	    .read = read_payload,
	    .otherwise = "`none` for generated dumps in virtual time unless a "
			 "drive has `compression: zlib`, else `raw`",
	    .example = "raw",
	    .meaning = "Which bytes of the dump's blocks the volumes keep.",
	    .detail = "Labels and headers are always kept.",
	    .choices = "none: The length of each block and its place in the "
		       "dump, so that a terabyte takes a few kilobytes. "
		       "`restored` then compares places, not bytes. Not "
		       "allowed if a drive has `compression: zlib`.\n"
		       "raw: Every byte.\n"
		       "zlib: Every byte, deflated.\n" },
	{ .name = "empty_slots",
	    .type = KEY_COUNT,
	    .max = 1000,
	    KEY_MEMBER(struct scenario, empty_slots),
	    .initial = "4",
	    .only = "steps",
	    .example = "1",
	    .meaning = "The number of slots after those of the volumes." },
	{ .name = "import_export",
	    .type = KEY_COUNT,
	    .max = CHANGER_IE_MAX,
	    KEY_MEMBER(struct scenario, ie_slots),
	    .initial = "2",
	    .only = "steps",
	    .example = "1",
	    .meaning = "The number of import/export slots." },
	{ .name = "robot",
	    .type = KEY_MAP,
	    .map = &scenario_robot_map,
	    .example = "{move_time: 8 s}",
	    .meaning = "The robot, which carries volumes to drives." },
	{ .name = "load_ahead",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    KEY_MEMBER(struct scenario, load_ahead),
	    .initial = "false",
	    .example = "true",
	    .meaning = "While a volume is written, loads the next one into "
		       "another free drive, and unloads the volume before.",
	    .detail = "The dump then waits only for the filemark after the "
		      "last part of a volume." },
	{ .name = NULL }
};

const struct key_map scenario_library_map = { "library", library_keys };
