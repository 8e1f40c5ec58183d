/* scenario_volumes.c: the key "library.volumes" of a scenario. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fields.h"
#include "sim/base/units.h"
#include "sim/base/text.h"
#include "vtl/base/media.h"

/* What one drive was seen to give; a small volume gives a tenth. */
static const uint64_t warning_default_bytes = (uint64_t)25 << 20;

static void read_capacity(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	uint64_t block = reader->scenario->block_bytes;
	uint64_t *capacity = &reader->volume.capacity_bytes;
	char size[40];

	if (!scenario_read_size_below(reader, key, node, 63, capacity))
		return;
	if (block == 0)
		block = 1; /* not known: only 0 is too small for it */
	if (*capacity / 2 >= block)
		return;
	*capacity = 0;
	units_format_size(block, size, sizeof(size));
	scenario_error(reader, node,
	    "capacity: a volume has room for two "
	    "blocks at least, and a block is %s",
	    size);
}

static void read_warning(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	uint64_t capacity = reader->volume.capacity_bytes;
	uint64_t bytes;
	const char *text;

	reader->warning_given = true;
	if (!scenario_read_text(reader, key, node, &text))
		return;
	if (strcmp(text, "none") == 0 ||
	    !scenario_read_size(reader, key, node, &bytes))
		return;
	if (capacity != 0 && bytes >= capacity) {
		scenario_error(reader, node,
		    "early_warning: it is counted "
		    "from the end, and must be less than the capacity");
		return;
	}
	reader->volume.early_warning = bytes > 0;
	reader->volume.early_warning_bytes = bytes;
}

static void read_count(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	reader->volume_count = 0;
	scenario_read_count(reader, key, node, 1, SCENARIO_VOLUMES_MAX,
	    &reader->volume_count);
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

	barcodes =
	    realloc(barcodes, (count + 1) * sizeof(const struct yaml_tree *));
	if (barcodes == NULL) {
		scenario_error(reader, node, "no memory left");
		return;
	}
	barcodes[count] = node;
	reader->barcodes = barcodes;
	reader->barcodes_count++;
}

static void read_barcode(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct text_quote quote;
	const char *text;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	if (reader->volume_count > 1) {
		scenario_error(reader, node,
		    "barcode: several volumes cannot "
		    "bear the same one; leave out the barcode or the count");
	} else if (!barcode_is_good(text)) {
		scenario_error(reader, node,
		    "barcode: %s is none; a barcode "
		    "is 1 to 32 of the characters A-Z and 0-9",
		    text_quote(&quote, text));
	} else {
		strcpy(reader->volume.barcode, text);
		remember_barcode(reader, node);
	}
}

static void read_medium(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	char message[YAML_ERROR_BYTES];
	struct text_quote quote;
	const char *text;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	reader->volume.medium = media_code(text);
	if (reader->volume.medium != NULL)
		return;
	snprintf(message, sizeof(message), "%s: no type of medium %s", key,
	    text_quote(&quote, text));
	text_suggest(message, sizeof(message), text, media_codes());
	scenario_error(reader, node, "%s", message);
}

/* The capacity and the count come first: others are checked against them. */
const struct scenario_field scenario_volume_fields[] = { { "capacity", true,
							     read_capacity },
	{ "early_warning", false, read_warning },
	{ "count", false, read_count }, { "barcode", false, read_barcode },
	{ "media_type", false, read_medium }, { NULL, false, NULL } };

/* Adds the volumes of the entry that was read. */
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
			scenario_error(reader, node,
			    "volumes: a library has "
			    "room for %d volumes",
			    SCENARIO_VOLUMES_MAX);
		reader->volumes_bad = true;
		return;
	}
	volumes =
	    realloc(s->volumes, (s->volumes_count + count) * sizeof(*volumes));
	if (volumes == NULL) {
		scenario_error(reader, node, "no memory left");
		return;
	}
	s->volumes = volumes;
	while (count-- > 0)
		s->volumes[s->volumes_count++] = reader->volume;
}

/* Reads a mapping that has capacity and early warning among its keys. */
static void read_size_of(struct scenario_reader *reader, const char *what,
    const struct yaml_tree *node, const struct scenario_field *fields)
{
	struct scenario_volume *volume = &reader->volume;

	*volume = (struct scenario_volume){ .capacity_bytes = 0 };
	reader->volume_count = 1;
	reader->warning_given = false;
	scenario_read_map(reader, what, node, fields);
	if (reader->warning_given)
		return;
	volume->early_warning_bytes = volume->capacity_bytes / 10;
	if (volume->early_warning_bytes > warning_default_bytes)
		volume->early_warning_bytes = warning_default_bytes;
	volume->early_warning = volume->early_warning_bytes > 0;
}

static void read_entry(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	read_size_of(reader, "a volume", node, scenario_volume_fields);
	add_volumes(reader, node);
}

void scenario_read_volumes(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	if (node->kind == YAML_TREE_BROKEN) {
		reader->volumes_bad = true;
	} else if (node->kind == YAML_TREE_LIST && node->count == 0) {
		scenario_error(reader, node,
		    "%s: a library has at least one "
		    "volume, such as {count: 4, capacity: 2 GiB}",
		    key);
	} else if (node->kind == YAML_TREE_LIST) {
		for (size_t i = 0; i < node->count; i++)
			read_entry(reader, node->items[i]);
	} else {
		read_entry(reader, node);
	}
	scenario_make_barcodes(reader);
}

const struct scenario_field scenario_limit_fields[] = { { "capacity", true,
							    read_capacity },
	{ "early_warning", false, read_warning }, { NULL, false, NULL } };

/* The largest volume; 0: it is not known. */
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

void scenario_read_limit(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	uint64_t largest = largest_bytes(reader);
	struct scenario_volume *volume = &reader->volume;
	char size[40];

	read_size_of(reader, key, node, scenario_limit_fields);
	if (volume->capacity_bytes == 0)
		return;
	if (largest > 0 && volume->capacity_bytes >= largest) {
		units_format_size(largest, size, sizeof(size));
		scenario_error(reader, node,
		    "limit: no volume has more than "
		    "%s; make the limit less, or leave it out",
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
