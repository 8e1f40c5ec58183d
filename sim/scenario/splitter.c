/* scenario_splitter.c: the key "splitter" of a scenario. */
#include <stdio.h>

#include "sim/scenario/fields.h"
#include "sim/base/units.h"

static const uint64_t block_min_bytes = 4096;

static void read_block(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	uint64_t *block = &reader->scenario->block_bytes;

	*block = 0;
	if (!scenario_read_size(reader, key, node, block))
		return;
	reader->block_at = node;
	if (*block < block_min_bytes) {
		scenario_error(reader, node,
		    "block: a block is at least "
		    "4 KiB, for a header is one block");
		*block = 0;
	}
}

static void read_buffer(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_size_below(reader, key, node, 61,
	    &reader->scenario->buffer_bytes);
}

static void read_part(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	reader->part_bad = !scenario_read_size_below(reader, key, node, 63,
	    &reader->scenario->part_bytes);
}

static void read_streaming(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { [STREAMING_NONE] = "none",
		[STREAMING_DESIRED] = "desired",
		[STREAMING_REQUIRED] = "required",
		NULL };
	unsigned word;

	if (!scenario_read_word(reader, key, node, words, &word))
		return;
	reader->scenario->has_streaming = true;
	reader->scenario->streaming = (enum scenario_streaming)word;
}

static void read_start_fill(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	const uint64_t one = UNITS_PERCENT_ONE;
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t share;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	if (units_parse(UNITS_PERCENT, text, &share, reason, sizeof(reason)) !=
	    0)
		scenario_error(reader, node, "%s: %s", key, reason);
	else if (share % one != 0 || share < one || share > 100 * one)
		scenario_error(reader, node,
		    "start_fill: the fill is a whole "
		    "percentage from 1 %% to 100 %%");
	else
		reader->scenario->start_fill_percent = (unsigned)(share / one);
}

static void read_max_volumes(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	uint64_t count;

	if (scenario_read_count(reader, key, node, 1, UINT32_MAX, &count))
		reader->scenario->max_volumes = (uint32_t)count;
}

static void read_max_failed_volumes(struct scenario_reader *reader,
    const char *key, const struct yaml_tree *node)
{
	uint64_t count;

	if (scenario_read_count(reader, key, node, 1, UINT32_MAX, &count))
		reader->scenario->max_failed_volumes = (uint32_t)count;
}

/* The cache comes behind the part, and before what only one cache takes. */
const struct scenario_field scenario_splitter_fields[] = {
	{ "block", false, read_block }, { "buffer", false, read_buffer },
	{ "part", false, read_part }, { "cache", false, scenario_read_cache },
	{ "spool", false, scenario_read_spool },
	{ "slices", false, scenario_read_slices },
	{ "streaming", false, read_streaming },
	{ "start_fill", false, read_start_fill },
	{ "max_volumes", false, read_max_volumes },
	{ "max_failed_volumes", false, read_max_failed_volumes },
	{ NULL, false, NULL }
};

void scenario_read_splitter(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_map(reader, key, node, scenario_splitter_fields);
}
