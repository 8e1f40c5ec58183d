/* scenario_behaviour.c: what a drive differs in from its model. */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/fields.h"
#include "sim/base/units.h"

enum {
	RATIO_MIN_PERMILLE = 100,
	RATIO_MAX_PERMILLE = 100000,
	CAPACITY_MIN_PERMILLE = 500,
	CAPACITY_MAX_PERMILLE = 1000
};

static struct drive_options *options_of(struct scenario_reader *reader)
{
	return reader->behaviour;
}

static void read_buffered(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { "false", "true", NULL };
	unsigned word;

	if (scenario_read_word(reader, key, node, words, &word))
		options_of(reader)->buffered = word == 1;
}

static void read_buffer(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_size_below(reader, key, node, 40,
	    &options_of(reader)->buffer_bytes);
	if (!options_of(reader)->buffered)
		scenario_error(reader, node,
		    "buffer: the drives do not use "
		    "it; say buffered: true");
}

static void read_warning(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { "reported", "none", NULL };
	unsigned word;

	if (scenario_read_word(reader, key, node, words, &word))
		options_of(reader)->no_warning = word == 1;
}

static void read_late(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 0, UINT32_MAX,
	    &options_of(reader)->late_blocks);
}

static void read_programmed(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_size_below(reader, key, node, 63,
	    &options_of(reader)->programmed_bytes);
}

static void read_count(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	static const char *const words[] = { [DRIVE_COUNTS_RIGHT] = "exact",
		[DRIVE_COUNTS_MORE] = "over",
		[DRIVE_COUNTS_LESS] = "under",
		NULL };
	unsigned word;

	if (scenario_read_word(reader, key, node, words, &word))
		options_of(reader)->count = (enum drive_count)word;
}

/* A percentage, or a range, in tenths of a percent from `min` to `max`. */
static bool read_share(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, uint64_t min, uint64_t max, uint64_t *low,
    uint64_t *spread)
{
	const uint64_t tenth = UNITS_PERCENT_ONE / 10;
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t high;

	if (!scenario_read_text(reader, key, node, &text))
		return false;
	if (units_parse_range(UNITS_PERCENT, text, low, &high, reason,
		sizeof(reason)) != 0) {
		scenario_error(reader, node, "%s: %s", key, reason);
		return false;
	}
	*low /= tenth;
	*spread = high / tenth - *low;
	if (*low >= min && *low + *spread <= max)
		return true;
	scenario_error(reader, node,
	    "%s: this is from %d %% to %d %%, or a "
	    "range such as 103..119 %%",
	    key, (int)(min / 10), (int)(max / 10));
	return false;
}

static void read_compression(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct drive_options *o = options_of(reader);
	uint64_t low = 0, spread = 0;
	bool real =
	    node->kind == YAML_TREE_TEXT && strcmp(node->text, "zlib") == 0;

	if (!real &&
	    !read_share(reader, key, node, RATIO_MIN_PERMILLE,
		RATIO_MAX_PERMILLE, &low, &spread))
		return;
	o->zlib = real;
	o->layout.ratio_permille = low;
	o->ratio_spread_permille = spread;
}

static void read_capacity(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct drive_options *o = options_of(reader);
	uint64_t low, spread;

	if (!read_share(reader, key, node, CAPACITY_MIN_PERMILLE,
		CAPACITY_MAX_PERMILLE, &low, &spread))
		return;
	o->capacity_permille = low;
	o->capacity_spread_permille = spread;
}

static void read_overhead(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_size_below(reader, key, node, 31,
	    &options_of(reader)->layout.block_overhead_bytes);
}

static void read_filemark(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_size_below(reader, key, node, 31,
	    &options_of(reader)->layout.filemark_bytes);
}

static void read_first_load(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_time(reader, key, node,
	    &options_of(reader)->first_load_ns);
}

static void read_clean_after(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_count(reader, key, node, 1, UINT32_MAX,
	    &options_of(reader)->clean_after_loads);
}

/* The buffer comes behind what says that it is used. */
const struct scenario_field scenario_behaviour_fields[] = {
	{ "buffered", false, read_buffered }, { "buffer", false, read_buffer },
	{ "early_warning", false, read_warning },
	{ "early_warning_delay", false, read_late },
	{ "pews", false, read_programmed }, { "residual", false, read_count },
	{ "compression", false, read_compression },
	{ "capacity", false, read_capacity },
	{ "block_overhead", false, read_overhead },
	{ "filemark_size", false, read_filemark },
	{ "media_initialization", false, read_first_load },
	{ "clean_after_loads", false, read_clean_after }, { NULL, false, NULL }
};

void scenario_read_behaviour(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	scenario_read_map(reader, key, node, scenario_behaviour_fields);
}
