/* caches.c: the keys of the splitter that are about the part cache. */
#include <stdlib.h>
#include <string.h>

#include "reports/units.h"
#include "splitter/base/units.h"
#include "sim/scenario/reader.h"

void scenario_check_part(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	const struct scenario_splitter *s = reader->splitter;
	const char *word = splitter_cache_name(s->cache);

	if (reader->part_bad || reader->cache_bad ||
	    (s->cache != SPLITTER_CACHE_MEMORY &&
		s->cache != SPLITTER_CACHE_SPOOL))
		return;
	if (s->part_bytes == 0)
		key_error(&reader->keys, node,
		    "cache: %s keeps a whole part and needs its size; add "
		    "\"part\", such as part: 1 GiB",
		    word);
	else if (s->part_bytes > ((uint64_t)1 << 63) - s->buffer_bytes)
		key_error(&reader->keys, node,
		    "cache: %s takes buffer and part together, which are more "
		    "than 2^63 bytes",
		    word);
}

void scenario_read_cache(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	unsigned word;

	reader->cache_bad = !key_read_choice(keys, key, node, &word);
	if (reader->cache_bad)
		return;
	reader->splitter->cache = (enum splitter_cache)word;
	scenario_check_part(reader, node);
}

/*
 * Reports an error and returns false if the dump uses another cache than this
 * key needs.
 */
static bool cache_is(struct scenario_reader *reader, const struct key *key,
    const struct yaml_tree *node, enum splitter_cache cache)
{
	if (reader->cache_bad || reader->splitter->cache == cache)
		return true;
	key_error(&reader->keys, node,
	    "%s: only with the part cache %s; add cache: %s, or remove this",
	    key->name, splitter_cache_name(cache), splitter_cache_name(cache));
	return false;
}

static void read_dir(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario_splitter *s = reader->splitter;
	const char *text;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (text[0] == '\0') {
		key_error(keys, node, "%s: empty; name a folder", key->name);
		return;
	}
	free(s->spool_dir);
	s->spool_dir = scenario_node_path(reader, node, text, true);
	if (s->spool_dir == NULL)
		key_error(keys, node, "out of memory");
}

static void check_size(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario_splitter *s = reader->splitter;
	uint64_t block = s->block_bytes > 0 ? s->block_bytes : 1;
	char size[UNITS_BYTES];

	if (s->spool_bytes >= block)
		return;
	units_size_exact(size, block);
	key_error(keys, node,
	    "%s: too small; a spool has room for at least one block, and a "
	    "block is %s",
	    key->name, size);
}

static void read_disk_rate(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	char reason[YAML_ERROR_BYTES / 2];
	const char *text;
	uint64_t rate;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (units_parse(UNITS_RATE, text, &rate, reason, sizeof(reason)) != 0)
		key_error(keys, node, "%s: %s", key->name, reason);
	else if (rate == 0)
		key_error(keys, node,
		    "%s: must be above 0; remove it for a disk that takes no "
		    "time",
		    key->name);
	else
		reader->splitter->spool_bytes_per_s = rate;
}

static const struct key spool_keys[] = {
	{ .name = "dir",
	    .type = KEY_TEXT,
	    .read = read_dir,
	    .otherwise = "TMPDIR, or /tmp",
	    .range = "a path, relative to the scenario's folder",
	    .example = "/var/tmp",
	    .meaning = "The folder of the spool.",
	    .detail = "The folder must exist when the scenario is run." },
	{ .name = "size",
	    .type = KEY_SIZE,
	    KEY_MEMBER(struct scenario_splitter, spool_bytes),
	    .check = check_size,
	    .otherwise = "as much as is ever needed, a part and the buffer",
	    .range = "at least one block",
	    .example = "4 GiB",
	    .meaning = "How many uncommitted bytes the spool holds." },
	{ .name = "rate",
	    .type = KEY_RATE,
	    .read = read_disk_rate,
	    .otherwise = "the disk takes no time",
	    .range = "one rate above 0",
	    .example = "2 GB/s",
	    .meaning = "The rate at which the disk of the spool writes and "
		       "reads, in virtual time.",
	    .detail = "Bytes keep their room in the buffer until they are on "
		      "the disk, and are read back before they are written "
		      "again to a tape. In real time the disk takes the time "
		      "that it takes.",
	    .schema = "{\"$ref\": \"#/$defs/rate\"}" },
	{ .name = "latency",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct scenario_splitter, spool_latency_ns),
	    .initial = "0",
	    .example = "8 ms",
	    .meaning = "The time that each write to the disk and each read "
		       "takes in addition, in virtual time." },
	{ .name = NULL }
};

const struct key_map scenario_spool_map = { "spool", spool_keys };

void scenario_read_spool(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (yaml_tree_is_empty(node) ||
	    cache_is(reader, key, node, SPLITTER_CACHE_SPOOL))
		key_read_map(keys, &scenario_spool_map, node, reader->splitter);
}

/* Reads the end of a slice.  Returns whether it is valid. */
static bool read_boundary(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario_splitter *s = reader->splitter;
	uint64_t before =
	    s->slices_count > 0 ? s->slices[s->slices_count - 1] : 0;
	uint64_t *end = &s->slices[s->slices_count];

	if (!key_read_size(keys, key, node, end))
		return false;
	s->slices_count++;
	if (*end > before)
		return true;
	key_error(keys, node, "%s: each slice must end after the one before",
	    key->name);
	return false;
}

void scenario_read_slices(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario_splitter *s = reader->splitter;
	bool good = true;

	if (node->kind == YAML_TREE_BROKEN || yaml_tree_is_empty(node) ||
	    !cache_is(reader, key, node, SPLITTER_CACHE_SLICES))
		return;
	if (node->kind != YAML_TREE_LIST) {
		key_error(keys, node,
		    "%s: must be a list of offsets at which slices end, such "
		    "as [277 B, 1 MiB]",
		    key->name);
		return;
	}
	free(s->slices);
	s->slices_count = 0;
	s->slices = calloc(node->count + 1, sizeof(*s->slices));
	if (s->slices == NULL) {
		key_error(keys, node, "out of memory");
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		good &= read_boundary(keys, key, node->items[i]);
	if (good)
		reader->slices_at = node;
}

void scenario_check_slices(struct scenario_reader *reader)
{
	const struct scenario_splitter *s = &reader->dump->splitter;
	uint64_t dump_bytes = reader->dump->size_bytes;
	char size[UNITS_BYTES];

	if (reader->slices_at == NULL || s->cache != SPLITTER_CACHE_SLICES)
		return;
	for (size_t i = 0; i < s->slices_count; i++) {
		if (s->slices[i] <= dump_bytes)
			continue;
		units_size_exact(size, dump_bytes);
		key_error(&reader->keys, reader->slices_at->items[i],
		    "slices: the dump ends at %s; no slice can end after it",
		    size);
	}
}
