/* splitter.c: the key `splitter` of a scenario. */
#include <stdio.h>

#include "reports/units.h"
#include "splitter/base/units.h"
#include "sim/scenario/reader.h"

static void read_block(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	uint64_t *block = &reader->splitter->block_bytes;

	*block = 0; /* unknown */
	if (key_read_size(keys, key, node, block))
		reader->block_at = node;
}

static void read_part(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	reader->part_bad =
	    !key_read_size(keys, key, node, &reader->splitter->part_bytes);
}

static void check_streaming(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	(void)key;
	(void)node;
	reader->splitter->has_streaming = true;
}

static void read_start_fill(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	const uint64_t one = UNITS_PERCENT_ONE;
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t share;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (units_parse(UNITS_PERCENT, text, &share, reason, sizeof(reason)) !=
	    0)
		key_error(keys, node, "%s: %s", key->name, reason);
	else if (share % one != 0 || share < one || share > 100 * one)
		key_error(keys, node,
		    "%s: must be a whole percentage from 1 %% to 100 %%",
		    key->name);
	else
		reader->splitter->start_fill_percent = (unsigned)(share / one);
}

/*
 * `cache` comes after `part`, which it needs, and before the keys that only one
 * cache takes.
 */
static const struct key splitter_keys[] = {
	{ .name = "block",
	    .type = KEY_SIZE,
	    .min = 4096,
	    .read = read_block,
	    .initial = "256 KiB",
	    .range = "4 KiB to the largest block of every drive of the library",
	    .example = "1 MiB",
	    .meaning = "The size of a block.",
	    .detail = "The label and each header are one block, too." },
	{ .name = "buffer",
	    .type = KEY_SIZE,
	    .power = 61,
	    KEY_MEMBER(struct scenario_splitter, buffer_bytes),
	    .initial = "64 MiB",
	    .example = "512 MiB",
	    .meaning = "The size of the ring between producer and tape.",
	    .detail = "It is rounded up to whole blocks, at least two." },
	{ .name = "part",
	    .type = KEY_SIZE,
	    .power = 63,
	    .read = read_part,
	    .initial = "0",
	    .example = "1 GiB",
	    .meaning = "The largest size of a part; 0 is no limit.",
	    .detail = "It is rounded up to whole blocks. Without a limit a "
		      "part ends at LEOM or at the end of the dump." },
	{ .name = "cache",
	    .type = KEY_CHOICE,
	    .words = splitter_cache_names,
	    .read = scenario_read_cache,
	    .initial = "none",
	    .example = "memory",
	    .meaning = "The part cache, from which a failed part is written "
		       "again.",
	    .detail = "Bytes that are read back are compared with what was "
		      "written the first time before they go on tape. In "
		      "virtual time without payload spool and slices are only "
		      "counted.",
	    .choices = "none: A part that fails after a tape took a byte of it "
		       "cannot be written again, and the dump ends as "
		       "PARTIAL.\n"
		       "memory: A part stays in memory until it is committed. "
		       "Needs a `part`, and takes its size in addition to the "
		       "buffer.\n"
		       "spool: A part is also written to an unnamed file on "
		       "disk. Needs a `part`. When the spool is full, the part "
		       "ends and is committed, and the next part begins with "
		       "an empty spool.\n"
		       "slices: The dump is on a holding disk, in files that "
		       "each hold a slice of it; a failed part is read back "
		       "from them. The run makes these files in its temporary "
		       "folder, and reads them only if a part fails.\n" },
	{ .name = "spool",
	    .type = KEY_MAP,
	    .map = &scenario_spool_map,
	    .read = scenario_read_spool,
	    .only = "cache: spool",
	    .example = "{size: 4 GiB}",
	    .meaning = "Where the spool is, and how large." },
	{ .name = "slices",
	    .type = KEY_LIST,
	    .read = scenario_read_slices,
	    .only = "cache: slices",
	    .otherwise = "drawn from the seed: a few slices to a part, some of "
			 "whole blocks, some odd, some of less than a block",
	    .range = "sizes, each larger than the one before",
	    .example = "[5 MB, 10 MB]",
	    .meaning = "The offsets in the dump at which a slice ends.",
	    .detail = "The last slice ends with the dump.",
	    .schema = "{\"type\": [\"array\", \"null\"], \"items\": {\"$ref\": "
		      "\"#/$defs/size\"}}" },
	{ .name = "streaming",
	    .type = KEY_CHOICE,
	    .words = splitter_streaming_names,
	    KEY_MEMBER(struct scenario_splitter, streaming),
	    .check = check_streaming,
	    .otherwise = "as the drive needs, which is `none` for all models",
	    .example = "required",
	    .meaning = "How much data must be in the buffer before the drive "
		       "starts to write.",
	    .detail = "The wait also ends when the rest of the part or of the "
		      "dump is in the buffer, and when the buffer is full.",
	    .choices = "none: One block.\n"
		       "desired: A buffer filled to `start_fill`, before the "
		       "first block of each part.\n"
		       "required: The same, and again after each underrun.\n" },
	{ .name = "start_fill",
	    .type = KEY_PERCENTAGE,
	    .read = read_start_fill,
	    .initial = "100 %",
	    .range = "a whole percentage from 1 % to 100 %",
	    .example = "80 %",
	    .meaning = "How full the buffer must be for `streaming`.",
	    .schema = "{\"type\": \"string\", \"pattern\": "
		      "\"^(100|[1-9][0-9]?) *%$\"}" },
	{ .name = "max_volumes",
	    .type = KEY_COUNT,
	    .min = 1,
	    .max = UINT32_MAX,
	    KEY_MEMBER(struct scenario_splitter, max_volumes),
	    .otherwise = "no limit",
	    .example = "5",
	    .meaning = "After this number of volumes the dump ends as "
		       "PARTIAL." },
	{ .name = "max_failed_volumes",
	    .type = KEY_COUNT,
	    .min = 1,
	    .max = UINT32_MAX,
	    KEY_MEMBER(struct scenario_splitter, max_failed_volumes),
	    .initial = "3",
	    .example = "1",
	    .meaning = "After this number of volumes in a row on which nothing "
		       "was committed the dump ends as PARTIAL.",
	    .detail = "A volume that ended at PEOM with data on it, so that "
		      "parts become smaller, does not count, up to 16 such "
		      "volumes in a row." },
	{ .name = NULL }
};

const struct key_map scenario_splitter_map = { "splitter", splitter_keys };

void scenario_read_splitter(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	(void)key;
	key_read_map(keys, &scenario_splitter_map, node,
	    scenario_reader_of(keys)->splitter);
}

/* Reports a block for which a volume has no room. */
static void check_room(struct scenario_reader *reader, uint64_t block_bytes)
{
	const struct scenario *s = reader->scenario;
	char size[UNITS_BYTES];

	for (size_t i = 0; i < s->volumes_count; i++) {
		if (s->volumes[i].capacity_bytes == 0 ||
		    scenario_capacity(s, i) / 2 >= block_bytes)
			continue;
		units_size_exact(size, scenario_capacity(s, i));
		key_error(&reader->keys, reader->block_at,
		    "block: too large; a volume has room for at least two "
		    "blocks, and volume %s has %s",
		    s->volumes[i].barcode, size);
		return;
	}
}

void scenario_read_dump_splitter(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario_splitter *own = &reader->dump->splitter;

	reader->splitter = own;
	reader->block_at = NULL;
	scenario_read_splitter(keys, key, node);
	if (node->kind == YAML_TREE_MAP && yaml_tree_get(node, "cache") == NULL)
		scenario_check_part(reader, node);
	if (own->cache != SPLITTER_CACHE_SLICES)
		own->slices_count = 0;
	if (reader->block_at == NULL)
		return;
	scenario_check_block(reader, node, own->block_bytes);
	check_room(reader, own->block_bytes);
}
