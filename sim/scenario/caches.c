/* scenario_caches.c: the splitter's keys that are about the part cache. */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fields.h"
#include "sim/base/units.h"

static const char *const cache_words[] = { [CACHE_NONE] = "none",
	[CACHE_MEMORY] = "memory",
	[CACHE_SPOOL] = "spool",
	[CACHE_SLICES] = "slices",
	NULL };

/* Memory and spool hold a whole part, and what the buffer brings meanwhile. */
static void check_part(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	const struct scenario *s = reader->scenario;
	const char *word = cache_words[s->cache];

	if (reader->part_bad)
		return;
	if (s->part_bytes == 0)
		scenario_error(reader, node,
		    "cache: %s keeps a whole part "
		    "and needs its size; give \"part\", such as part: 1 GiB",
		    word);
	else if (s->part_bytes > ((uint64_t)1 << 63) - s->buffer_bytes)
		scenario_error(reader, node,
		    "cache: %s takes the buffer "
		    "and the part together, and that is more than 2^63 bytes",
		    word);
}

void scenario_read_cache(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	unsigned word;

	reader->cache_bad =
	    !scenario_read_word(reader, key, node, cache_words, &word);
	if (reader->cache_bad)
		return;
	reader->scenario->cache = (enum scenario_cache)word;
	if (word == CACHE_MEMORY || word == CACHE_SPOOL)
		check_part(reader, node);
}

/* Whether the cache is the one that takes this key; reported if not. */
static bool cache_is(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node, enum scenario_cache cache)
{
	if (reader->cache_bad || reader->scenario->cache == cache)
		return true;
	scenario_error(reader, node,
	    "%s: this is for the part cache %s; say "
	    "cache: %s, or leave it out",
	    key, cache_words[cache], cache_words[cache]);
	return false;
}

static void read_dir(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	const char *text;

	if (!scenario_read_text(reader, key, node, &text))
		return;
	if (text[0] == '\0') {
		scenario_error(reader, node,
		    "dir: a folder's name is missing "
		    "here");
		return;
	}
	s->spool_dir = scenario_path_beside(s, text);
	if (s->spool_dir == NULL)
		scenario_error(reader, node, "no memory left");
}

static void read_size(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	uint64_t block = s->block_bytes > 0 ? s->block_bytes : 1;
	uint64_t bytes;
	char size[40];

	if (!scenario_read_size(reader, key, node, &bytes))
		return;
	s->spool_bytes = bytes;
	if (bytes >= block)
		return;
	units_format_size(block, size, sizeof(size));
	scenario_error(reader, node,
	    "size: a spool has room for a block at "
	    "least, and a block is %s",
	    size);
}

const struct scenario_field scenario_spool_fields[] = { { "dir", false,
							    read_dir },
	{ "size", false, read_size }, { NULL, false, NULL } };

void scenario_read_spool(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (yaml_tree_is_empty(node) ||
	    cache_is(reader, key, node, CACHE_SPOOL))
		scenario_read_map(reader, key, node, scenario_spool_fields);
}

/* Reads the boundary of a slice; whether it was good. */
static bool read_boundary(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	uint64_t before =
	    s->slices_count > 0 ? s->slices[s->slices_count - 1] : 0;
	uint64_t *end = &s->slices[s->slices_count];

	if (!scenario_read_size(reader, "slices", node, end))
		return false;
	s->slices_count++;
	if (*end > before)
		return true;
	scenario_error(reader, node,
	    "slices: each ends behind the one before, "
	    "and has a byte at least");
	return false;
}

void scenario_read_slices(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	bool good = true;

	if (node->kind == YAML_TREE_BROKEN || yaml_tree_is_empty(node) ||
	    !cache_is(reader, key, node, CACHE_SLICES))
		return;
	if (node->kind != YAML_TREE_LIST) {
		scenario_error(reader, node,
		    "%s: this is a list of the places "
		    "where slices end, such as [277 B, 1 MiB]",
		    key);
		return;
	}
	s->slices = calloc(node->count + 1, sizeof(*s->slices));
	if (s->slices == NULL) {
		scenario_error(reader, node, "no memory left");
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		good &= read_boundary(reader, node->items[i]);
	if (good)
		reader->slices_at = node;
}

void scenario_check_slices(struct scenario_reader *reader)
{
	const struct scenario *s = reader->scenario;
	char size[40];

	if (reader->slices_at == NULL || !reader->size_known)
		return;
	for (size_t i = 0; i < s->slices_count; i++) {
		if (s->slices[i] <= s->size_bytes)
			continue;
		units_format_size(s->size_bytes, size, sizeof(size));
		scenario_error(reader, reader->slices_at->items[i],
		    "slices: "
		    "the dump ends at %s; no slice ends behind it",
		    size);
	}
}
