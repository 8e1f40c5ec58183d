/* behaviour.c: how a drive differs from its model. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "reports/units.h"
#include "splitter/base/units.h"
#include "sim/scenario/faults/impl.h"

enum {
	RATIO_MIN_PERMILLE = 100,
	RATIO_MAX_PERMILLE = 100000,
	CAPACITY_MIN_PERMILLE = 500,
	CAPACITY_MAX_PERMILLE = 1000
};

static void check_buffer(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);

	if (reader->behaviour->buffering == DRIVE_UNBUFFERED)
		key_error(keys, node,
		    "%s: the drives do not use it with buffered: false",
		    key->name);
}

static void read_buffered(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct drive_options *o = scenario_reader_of(keys)->behaviour;
	unsigned buffered;

	if (key_read_choice(keys, key, node, &buffered))
		o->buffering =
		    buffered != 0 ? DRIVE_BUFFERED : DRIVE_UNBUFFERED;
}

static json_t *buffered_json(const void *base)
{
	const struct drive_options *o = base;

	return o->buffering == DRIVE_BUFFERED_AS_MODEL
	    ? NULL
	    : json_boolean(o->buffering == DRIVE_BUFFERED);
}

static const char *const *warning_words(void)
{
	static const char *const words[] = { "reported", "none", NULL };

	return words;
}

static const char *const *residual_words(void)
{
	static const char *const words[] = { [DRIVE_RESIDUAL_EXACT] = "exact",
		[DRIVE_RESIDUAL_OVER] = "over",
		[DRIVE_RESIDUAL_UNDER] = "under",
		NULL };

	return words;
}

/* Reads a percentage or a range of percentages, in tenths of a percent. */
static bool read_share(struct scenario_reader *reader, const struct key *key,
    const struct yaml_tree *node, uint64_t min, uint64_t max, uint64_t *low,
    uint64_t *spread)
{
	const uint64_t tenth = UNITS_PERCENT_ONE / 10;
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t high;

	if (!key_read_text(&reader->keys, key, node, &text))
		return false;
	if (units_parse_range(UNITS_PERCENT, text, low, &high, reason,
		sizeof(reason)) != 0) {
		key_error(&reader->keys, node, "%s: %s", key->name, reason);
		return false;
	}
	*low /= tenth;
	*spread = high / tenth - *low;
	if (*low >= min && *low + *spread <= max)
		return true;
	key_error(&reader->keys, node,
	    "%s: out of range; it must be from %d %% to %d %%, or a range such "
	    "as 60..80 %%",
	    key->name, (int)(min / 10), (int)(max / 10));
	return false;
}

static void read_compression(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct drive_options *o = reader->behaviour;
	uint64_t low = 0, spread = 0;
	bool real =
	    node->kind == YAML_TREE_TEXT && strcmp(node->text, key->word) == 0;

	if (!real &&
	    !read_share(reader, key, node, RATIO_MIN_PERMILLE,
		RATIO_MAX_PERMILLE, &low, &spread))
		return;
	o->zlib = real;
	o->layout.ratio_permille = low;
	o->ratio_spread_permille = spread;
}

static void read_capacity(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct drive_options *o = reader->behaviour;
	uint64_t low, spread;

	if (!read_share(reader, key, node, CAPACITY_MIN_PERMILLE,
		CAPACITY_MAX_PERMILLE, &low, &spread))
		return;
	o->capacity_permille = low;
	o->capacity_spread_permille = spread;
}

/* Returns a percentage as text: "95.5 %", or a range: "80..210.5 %". */
static json_t *share_json(uint64_t permille, uint64_t spread)
{
	char text[64], low[32] = "";

	if (spread > 0)
		snprintf(low, sizeof low, "%.6g..", (double)permille / 10);
	snprintf(text, sizeof text, "%s%.6g %%", low,
	    (double)(permille + spread) / 10);
	return json_string(text);
}

static json_t *compression_json(const void *base)
{
	const struct drive_options *o = base;

	if (o->zlib)
		return json_string("zlib");
	return o->layout.ratio_permille == 0
	    ? NULL
	    : share_json(o->layout.ratio_permille, o->ratio_spread_permille);
}

static json_t *capacity_json(const void *base)
{
	const struct drive_options *o = base;

	return o->capacity_permille == 0
	    ? NULL
	    : share_json(o->capacity_permille, o->capacity_spread_permille);
}

static void read_media_initialization(struct key_reader *keys,
    const struct key *key, const struct yaml_tree *node)
{
	struct drive_options *o = scenario_reader_of(keys)->behaviour;

	if (key_read_time(keys, key, node, &o->media_initialization_ns))
		o->no_media_initialization = o->media_initialization_ns == 0;
}

static json_t *media_initialization_json(const void *base)
{
	const struct drive_options *o = base;
	char text[UNITS_BYTES];

	if (o->media_initialization_ns == 0 && !o->no_media_initialization)
		return NULL;
	return json_string(units_time_exact(text, o->media_initialization_ns));
}

/*
 * `buffer` comes after `buffered`: its reader checks that `buffered` is not
 * false.
 */
static const struct key behaviour_keys[] = {
	{ .name = "buffered",
	    .type = KEY_BOOLEAN,
	    .words = key_boolean_words,
	    .read = read_buffered,
	    .json = buffered_json,
	    .otherwise = "`true`, as every real drive; for the model "
			 "`instant`, `false` unless `buffer` is given",
	    .example = "false",
	    .meaning = "Buffered mode: the drive acknowledges a block as soon "
		       "as the block is in its buffer.",
	    .detail = "The drive writes its buffer in the background, before a "
		      "synchronised filemark and before any command that moves "
		      "the tape, and waits when the buffer is full. When the "
		      "buffer is empty, the medium stops. The drive reports "
		      "an error with a later command, as a deferred error. "
		      "Blocks that were acknowledged but never written are "
		      "listed in the history of the volume "
		      "(tapelab-volume(5)). With `false`, a block is on the "
		      "medium when it is acknowledged. The drive then writes "
		      "at its highest speed, and stops only for a synchronised "
		      "filemark: it never runs out of data." },
	{ .name = "buffer",
	    .type = KEY_SIZE,
	    .power = 40,
	    KEY_MEMBER(struct drive_options, buffer_bytes),
	    .check = check_buffer,
	    .otherwise = "the buffer of the model",
	    .only = "buffered: true",
	    .example = "512 MiB",
	    .meaning = "The size of the drive's buffer.",
	    .detail = "The buffer holds data after compression." },
	{ .name = "early_warning",
	    .type = KEY_CHOICE,
	    .words = warning_words,
	    KEY_MEMBER(struct drive_options, no_early_warning),
	    .initial = "reported",
	    .example = "none",
	    .meaning = "Whether the drive reports the early warning (LEOM) of "
		       "a volume.",
	    .choices = "reported: As the volume has it.\n"
		       "none: The drive reports no early warning, whatever the "
		       "volume has.\n" },
	{ .name = "early_warning_delay",
	    .type = KEY_COUNT,
	    .max = UINT32_MAX,
	    KEY_MEMBER(struct drive_options, early_warning_delay_blocks),
	    .initial = "0",
	    .example = "2",
	    .meaning = "The number of blocks by which the early warning is "
		       "reported too late." },
	{ .name = "pews",
	    .type = KEY_SIZE,
	    .power = 63,
	    KEY_MEMBER(struct drive_options, pews_bytes),
	    .initial = "0",
	    .example = "5 GB",
	    .meaning = "Programmable early warning size: the drive also warns "
		       "once, this far before the early warning.",
	    .detail = "The splitter handles this warning as LEOM. With 0 there "
		      "is no such warning." },
	{ .name = "residual",
	    .type = KEY_CHOICE,
	    .words = residual_words,
	    KEY_MEMBER(struct drive_options, residual),
	    .initial = "exact",
	    .example = "over",
	    .meaning = "Whether the drive reports the correct number of "
		       "written blocks at the end of a volume.",
	    .detail = "The splitter detects a wrong number by the position, "
		      "and writes the part again.",
	    .choices = "exact: The number is correct.\n"
		       "over: The drive reports one block more than it wrote.\n"
		       "under: The drive reports one block less than it "
		       "wrote.\n" },
	{ .name = "compression",
	    .type = KEY_PERCENTAGE,
	    .word = "zlib",
	    .read = read_compression,
	    .json = compression_json,
	    .initial = "100 %",
	    .range = "10 % to 10000 %, or a range, or `zlib`",
	    .example = "150..250 %",
	    .meaning = "The amount of data that fits into the room of 100 "
		       "bytes on the medium.",
	    .detail = "At 200 % a volume takes twice its capacity; below 100 % "
		      "the data grows. From a range each volume gets a ratio "
		      "of its own, drawn from the seed and its barcode. With "
		      "`zlib` each block takes the room that zlib level 1 "
		      "makes of it, at most its length; labels and headers are "
		      "compressed too, and `payload` must not be `none`. The "
		      "result then depends on the version of zlib. Capacity, "
		      "early warning, positions of defects and the speeds of "
		      "a drive are those of the medium, after compression." },
	{ .name = "capacity",
	    .type = KEY_PERCENTAGE,
	    .read = read_capacity,
	    .json = capacity_json,
	    .initial = "100 %",
	    .range = "50 % to 100 %, or a range",
	    .example = "95..100 %",
	    .meaning = "How much of its capacity a volume really has.",
	    .detail = "From a range each volume gets a share of its own. The "
		      "early warning stays at the same distance from the real "
		      "end." },
	{ .name = "block_overhead",
	    .type = KEY_SIZE,
	    .power = 31,
	    KEY_MEMBER(struct drive_options, layout.block_overhead_bytes),
	    .initial = "0",
	    .example = "8 KiB",
	    .meaning = "The room that each block takes on the medium in "
		       "addition to its bytes." },
	{ .name = "filemark_size",
	    .type = KEY_SIZE,
	    .power = 31,
	    KEY_MEMBER(struct drive_options, layout.filemark_bytes),
	    .initial = "0",
	    .example = "56 KiB",
	    .meaning = "The room that a filemark takes on the medium.",
	    .detail = "A filemark without room fails with `volume_overflow`." },
	{ .name = "media_initialization",
	    .type = KEY_TIME,
	    .read = read_media_initialization,
	    .json = media_initialization_json,
	    .otherwise = "the `first_load` of the profile, drawn from the seed "
			 "for each volume; only LTO-9 has one",
	    .example = "40 min",
	    .meaning = "The additional time of the load of a blank volume.",
	    .detail = "0: no additional time." },
	{ .name = "clean_after_loads",
	    .type = KEY_COUNT,
	    .min = 1,
	    .max = UINT32_MAX,
	    KEY_MEMBER(struct drive_options, clean_after_loads),
	    .otherwise = "never",
	    .example = "50",
	    .meaning = "After this number of loads the drive requests cleaning "
		       "with each load.",
	    .detail = "The request is reported and changes nothing else." },
	{ .name = NULL }
};

const struct key_map scenario_behaviour_map = { "behaviour", behaviour_keys };

void scenario_read_behaviour(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	(void)key;
	key_read_map(keys, &scenario_behaviour_map, node, reader->behaviour);
}
