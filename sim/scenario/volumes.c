/* volumes.c: the keys `volumes` and `limit` of a library. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/text.h"
#include "reports/units.h"
#include "sim/scenario/reader.h"
#include "vtl/base/media.h"
#include "splitter/base/grow.h"

static void check_capacity(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	uint64_t block = reader->scenario->splitter.block_bytes;
	uint64_t *capacity = &reader->volume.capacity_bytes;
	char size[UNITS_BYTES];

	if (block == 0)
		/* Block size unknown: accept a capacity of 2 or more. */
		block = 1;
	if (*capacity / 2 >= block)
		return;
	*capacity = 0;
	units_size_exact(size, block);
	key_error(keys, node,
	    "%s: too small; a volume has room for at least two blocks, and a "
	    "block is %s",
	    key->name, size);
}

static void read_warning(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	uint64_t capacity = reader->volume.capacity_bytes;
	uint64_t bytes;
	const char *text;

	reader->warning_given = true;
	if (!key_read_text(keys, key, node, &text))
		return;
	if (strcmp(text, key->word) == 0 ||
	    !key_read_size(keys, key, node, &bytes))
		return;
	if (capacity != 0 && bytes >= capacity) {
		key_error(keys, node,
		    "%s: too large; it is the distance from the end, and must "
		    "be less than the capacity",
		    key->name);
		return;
	}
	reader->volume.early_warning = bytes > 0;
	reader->volume.early_warning_bytes = bytes;
}

static void read_count(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	reader->volume_count = 0;
	key_read_count(keys, key, node, &reader->volume_count);
}

static bool barcode_is_good(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if (!(*c >= 'A' && *c <= 'Z') && !(*c >= '0' && *c <= '9'))
			return false;
	return *text != '\0' &&
	    strlen(text) < sizeof(((struct scenario_volume *)NULL)->barcode);
}

static void remember_barcode(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	const struct yaml_tree **barcodes = reader->barcodes;
	size_t count = reader->barcodes_count;

	barcodes = grow_by_one(barcodes, count, sizeof *barcodes);
	if (barcodes == NULL) {
		key_error(&reader->keys, node, "out of memory");
		return;
	}
	barcodes[count] = node;
	reader->barcodes = barcodes;
	reader->barcodes_count++;
}

static void read_barcode(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct text_quote quote;
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (reader->volume_count > 1) {
		key_error(keys, node,
		    "barcode: several volumes cannot have the same one; remove "
		    "the barcode or the count");
	} else if (!barcode_is_good(text)) {
		key_error(keys, node,
		    "barcode: %s is not a barcode; use 1 to 32 of the "
		    "characters A-Z and 0-9",
		    text_quote(&quote, text));
	} else {
		strcpy(reader->volume.barcode, text);
		remember_barcode(reader, node);
	}
}

static void read_medium(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	reader->volume.medium = media_code(text);
	if (reader->volume.medium == NULL)
		key_unknown(keys, key, node, "media type", media_codes());
}

/* Reads a word of scenario_holds_words(), or the name of a dump. */
static void read_holds(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	for (size_t i = 0; i < HOLDS_COUNT; i++)
		if (strcmp(scenario_holds_words()[i], text) == 0) {
			reader->volume.holds = (enum scenario_holds)i;
			return;
		}
	reader->holds = node;
}

#define EARLY_WARNING                                                   \
	.name = "early_warning", .type = KEY_SIZE, .word = "none",      \
	.read = read_warning,                                           \
	.otherwise =                                                    \
	    "that of the first drive's model, which is 25 MiB, but at " \
	    "most a tenth of the capacity",                             \
	.range = "less than the capacity", .example = "64 MiB"

/*
 * The capacity and the count come first: other keys are checked against them.
 */
static const struct key volume_keys[] = {
	{ .name = "capacity",
	    .type = KEY_SIZE,
	    .required = true,
	    .power = 63,
	    KEY_MEMBER(struct scenario_volume, capacity_bytes),
	    .check = check_capacity,
	    .range = "at least two blocks",
	    .example = "2 GiB",
	    .meaning = "The room of a volume (PEOM).",
	    .detail = "The label, headers and data take room; filemarks do "
		      "not, unless the drive has a `filemark_size`. A block "
		      "that would end after the capacity is not written." },
	{ EARLY_WARNING,
	    .meaning = "The distance of the early warning (LEOM) from the end; "
		       "`none` for a volume without one.",
	    .detail = "The block that ends more than `capacity` minus "
		      "`early_warning` bytes from BOT is written and meets "
		      "LEOM. 0 is the same as `none`." },
	{ .name = "count",
	    .type = KEY_COUNT,
	    .min = 1,
	    .max = SCENARIO_VOLUMES_MAX,
	    .read = read_count,
	    .initial = "1",
	    .example = "4",
	    .meaning = "The number of such volumes." },
	{ .name = "barcode",
	    .type = KEY_TEXT,
	    .read = read_barcode,
	    .otherwise = "TL and the place in the list with at least four "
			 "digits, such as TL0001",
	    .range = "1 to 32 of the characters A to Z and 0 to 9",
	    .only = "count: 1",
	    .example = "VTA001L8",
	    .meaning = "The barcode, which no other volume may have.",
	    .detail = "Its last two characters are the type of the medium, as "
		      "tapelab-library(5) says: a drive writes and reads what "
		      "its generation can. Barcodes that begin with CLN are "
		      "refused: they are those of cleaning cartridges.",
	    .schema = "{\"anyOf\": [{\"type\": \"string\", \"pattern\": "
		      "\"^[A-Z0-9]{1,32}$\"}, {\"type\": \"integer\", "
		      "\"minimum\": 0}]}" },
	{ .name = "media_type",
	    .type = KEY_CHOICE,
	    .words = media_codes,
	    .read = read_medium,
	    .otherwise = "as the barcode says; a medium that fits every drive "
			 "if the barcode has no type",
	    .example = "LY",
	    .meaning = "The type of the medium, whatever the barcode says.",
	    .detail = "Names such as `LTO-8` and `LTO-8 WORM` are accepted, "
		      "too. `none` fits every drive. A volume that no drive "
		      "can write is skipped." },
	{ .name = "holds",
	    .type = KEY_TEXT,
	    .read = read_holds,
	    .initial = "blank",
	    .only = "steps",
	    .range = "one of the words below, or the name of a dump",
	    .example = "tar",
	    .meaning = "What is on the volume when the scenario begins.",
	    .detail = "A dump is written before the first step, to the "
		      "volumes that hold it.",
	    .choices = "blank: Nothing was ever written on it.\n"
		       "scratch: A label of tapelab, for a dump.\n"
		       "tar: An archive of GNU tar.\n"
		       "ltfs: The label of an LTFS volume.\n"
		       "amanda: A volume of Amanda.\n"
		       "bareos: A volume of Bareos.\n"
		       "bacula: A volume of Bacula.\n"
		       "unknown: Data of an unknown program.\n" },
	{ .name = "write_protected",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    KEY_MEMBER(struct scenario_volume, write_protected),
	    .initial = "false",
	    .only = "steps",
	    .example = "true",
	    .meaning = "Whether the write-protect switch is set when the "
		       "scenario begins." },
	{ .name = "loads",
	    .type = KEY_COUNT,
	    .max = 1000000000,
	    KEY_MEMBER(struct scenario_volume, loads),
	    .initial = "0",
	    .example = "20000",
	    .meaning = "How often the volume was loaded before the scenario "
		       "begins.",
	    .detail = "The loads of the scenario are added; see `life`." },
	{ .name = "life",
	    .type = KEY_COUNT,
	    .min = 1,
	    .max = 1000000000,
	    KEY_MEMBER(struct scenario_volume, life_loads),
	    .initial = "20000",
	    .example = "3",
	    .meaning = "How many loads the volume is made for.",
	    .detail = "A load after that finds the volume worn, a load after "
		      "nine tenths of that finds it nearly worn. The drive "
		      "reports it (TapeAlert flags 7 and 19), and `warnings` "
		      "has it, once for each volume. Nothing else changes: "
		      "add a fault for errors of a worn medium." },
	{ .name = NULL }
};

const struct key_map scenario_volume_map = { "a volume", volume_keys };

/* Adds the volumes of the entry that was read last. */
static void add_volumes(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	struct scenario_volume *volumes;
	size_t count = (size_t)reader->volume_count;

	if (count == 0) {
		reader->volumes_bad = true;
		return;
	}
	if (count > SCENARIO_VOLUMES_MAX - s->volumes_count) {
		if (!reader->volumes_bad)
			key_error(&reader->keys, node,
			    "volumes: too many; a library has at most %d",
			    SCENARIO_VOLUMES_MAX);
		reader->volumes_bad = true;
		return;
	}
	volumes =
	    realloc(s->volumes, (s->volumes_count + count) * sizeof(*volumes));
	if (volumes == NULL) {
		key_error(&reader->keys, node, "out of memory");
		return;
	}
	s->volumes = volumes;
	while (count-- > 0)
		s->volumes[s->volumes_count++] = reader->volume;
}

/* Returns the early warning of the volume in the first drive. */
static uint64_t usual_warning(const struct scenario_reader *reader)
{
	const struct scenario *s = reader->scenario;
	const struct scenario_volume *volume = &reader->volume;

	return model_early_warning_bytes(s->drives_count > 0
		? s->drives[0]
		: model_find("instant"),
	    media_find_type(volume->medium, volume->barcode),
	    volume->capacity_bytes);
}

/* Reads a mapping that has the keys `capacity` and `early_warning`. */
static void read_size_of(struct scenario_reader *reader,
    const struct key_map *map, const struct yaml_tree *node)
{
	struct scenario_volume *volume = &reader->volume;

	*volume = (struct scenario_volume){ .capacity_bytes = 0 };
	reader->volume_count = 1;
	reader->warning_given = false;
	key_read_map(&reader->keys, map, node, volume);
	if (reader->warning_given)
		return;
	volume->early_warning_bytes = usual_warning(reader);
	volume->early_warning = volume->early_warning_bytes > 0;
}

/* Remembers that the volumes of the last entry hold a dump. */
static void add_held(struct scenario_reader *reader, size_t first)
{
	struct scenario_held *held =
	    grow_by_one(reader->held, reader->held_count, sizeof *held);

	if (held == NULL) {
		key_error(&reader->keys, reader->holds, "out of memory");
		return;
	}
	reader->held = held;
	held[reader->held_count++] = (struct scenario_held){
		.node = reader->holds,
		.first = first,
		.count = reader->scenario->volumes_count - first,
	};
}

static void read_entry(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	size_t first = reader->scenario->volumes_count;

	reader->holds = NULL;
	read_size_of(reader, &scenario_volume_map, node);
	add_volumes(reader, node);
	if (reader->holds != NULL)
		add_held(reader, first);
}

void scenario_read_volumes(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	if (node->kind == YAML_TREE_BROKEN) {
		reader->volumes_bad = true;
	} else if (node->kind == YAML_TREE_LIST && node->count == 0) {
		key_error(keys, node,
		    "%s: empty; a library has at least one volume, such as "
		    "{count: 4, capacity: 2 GiB}",
		    key->name);
	} else if (node->kind == YAML_TREE_LIST) {
		for (size_t i = 0; i < node->count; i++)
			read_entry(reader, node->items[i]);
	} else {
		read_entry(reader, node);
	}
	scenario_make_barcodes(reader);
}

static const struct key limit_keys[] = {
	{ .name = "capacity",
	    .type = KEY_SIZE,
	    .required = true,
	    .power = 63,
	    KEY_MEMBER(struct scenario_volume, capacity_bytes),
	    .check = check_capacity,
	    .range = "at least two blocks, and less than the largest volume",
	    .example = "1 GiB",
	    .meaning = "The capacity of every volume that is larger." },
	{ EARLY_WARNING,
	    .meaning = "The distance of the early warning from that end; "
		       "`none` for no early warning." },
	{ .name = NULL }
};

const struct key_map scenario_limit_map = { "limit", limit_keys };

/* Returns the capacity of the largest volume; 0: unknown. */
static uint64_t largest_bytes(const struct scenario_reader *reader)
{
	const struct scenario *s = reader->scenario;
	uint64_t bytes = 0;

	for (size_t i = 0; i < s->volumes_count; i++) {
		if (s->volumes[i].capacity_bytes == 0)
			return 0;
		if (s->volumes[i].capacity_bytes > bytes)
			bytes = s->volumes[i].capacity_bytes;
	}
	return reader->volumes_bad ? 0 : bytes;
}

void scenario_read_limit(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	uint64_t largest = largest_bytes(reader);
	struct scenario_volume *volume = &reader->volume;
	char size[UNITS_BYTES];

	(void)key;
	read_size_of(reader, &scenario_limit_map, node);
	if (volume->capacity_bytes == 0)
		return;
	if (largest > 0 && volume->capacity_bytes >= largest) {
		units_size_exact(size, largest);
		key_error(keys, node,
		    "limit: no volume has more than %s; use a smaller limit, "
		    "or remove it",
		    size);
		return;
	}
	reader->scenario->has_limit = true;
	reader->scenario->limit = (struct limit){
		.capacity_bytes = volume->capacity_bytes,
		.early_warning = volume->early_warning,
		.early_warning_bytes = volume->early_warning_bytes,
	};
}
