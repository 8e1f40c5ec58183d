/* dumps.c: the keys `dump` and `dumps`, and the list of dumps. */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/reader.h"
#include "sim/source/feed_trace.h"

enum { DUMPS_MAX = 1000 };

/* Copies a splitter, which the dump then owns.  Returns 0, or -1. */
static int copy_splitter(const struct scenario_splitter *from,
    struct scenario_splitter *to)
{
	*to = *from;
	to->slices = NULL;
	to->slices_count = 0;
	to->spool_dir = NULL;
	if (from->spool_dir != NULL) {
		to->spool_dir = strdup(from->spool_dir);
		if (to->spool_dir == NULL)
			return -1;
	}
	if (from->slices_count > 0) {
		to->slices = calloc(from->slices_count, sizeof(*to->slices));
		if (to->slices == NULL)
			return -1;
		memcpy(to->slices, from->slices,
		    from->slices_count * sizeof(*to->slices));
		to->slices_count = from->slices_count;
	}
	return 0;
}

/* Reads one dump, which begins with the splitter of the scenario. */
static void read_dump(struct scenario_reader *reader, size_t i,
    const struct yaml_tree *node)
{
	bool part_bad = reader->part_bad, cache_bad = reader->cache_bad;
	const struct yaml_tree *slices_at = reader->slices_at;

	reader->dump = &reader->scenario->dumps[i];
	reader->dump->after = i;
	reader->dump->runs = 1;
	reader->source_bad = false;
	if (copy_splitter(&reader->scenario->splitter,
		&reader->dump->splitter) != 0) {
		key_error(&reader->keys, node, "out of memory");
		return;
	}
	scenario_read_one_dump(reader, node);
	reader->unknown[i].cache = reader->cache_bad;
	reader->part_bad = part_bad;
	reader->cache_bad = cache_bad;
	reader->slices_at = slices_at;
}

void scenario_read_dump(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	(void)key;
	read_dump(reader, 0, node);
}

static bool make_dumps(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	struct scenario_dump *dumps = calloc(node->count, sizeof(*dumps));
	struct scenario_unknown *unknown =
	    calloc(node->count, sizeof(*unknown));

	if (dumps == NULL || unknown == NULL) {
		free(dumps);
		free(unknown);
		key_error(&reader->keys, node, "out of memory");
		return false;
	}
	free(s->dumps[0].source_path);
	feed_trace_free(s->dumps[0].trace);
	free(s->dumps[0].splitter.slices);
	free(s->dumps[0].splitter.spool_dir);
	free(s->dumps);
	free(reader->unknown);
	s->dumps = dumps;
	reader->unknown = unknown;
	return true;
}

void scenario_read_dumps(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_reader *reader = scenario_reader_of(keys);
	struct scenario *s = reader->scenario;

	if (node->kind == YAML_TREE_BROKEN)
		return;
	if (node->kind != YAML_TREE_LIST || node->count == 0) {
		key_error(&reader->keys, node,
		    "%s: must be a list with at least one dump, such as "
		    "- {name: a, size: 5 GiB}",
		    key->name);
		return;
	}
	if (node->count > DUMPS_MAX) {
		key_error(&reader->keys, node,
		    "%s: too many; a scenario has at most %d dumps", key->name,
		    DUMPS_MAX);
		return;
	}
	if (!make_dumps(reader, node))
		return;
	s->has_names = true;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_tree *dump = node->items[i];

		s->dumps_count = i + 1;
		read_dump(reader, i, dump);
		if (dump->kind == YAML_TREE_MAP &&
		    yaml_tree_get(dump, "name") == NULL)
			key_error(&reader->keys, dump,
			    "a dump of a list needs the key \"name\"");
	}
}

void scenario_check_dumps(struct scenario_reader *reader,
    const struct yaml_tree *root)
{
	const struct yaml_tree *one, *list, *steps;

	if (root->kind != YAML_TREE_MAP)
		return;
	steps = yaml_tree_get(root, "steps");
	one = yaml_tree_get(root, "dump");
	list = yaml_tree_get(root, "dumps");
	if (one == NULL && list == NULL &&
	    (steps == NULL || yaml_tree_is_empty(steps) ||
		(steps->kind == YAML_TREE_LIST && steps->count == 0)))
		key_error(&reader->keys, root,
		    "a scenario needs the key \"dump\", or \"dumps\" for "
		    "several dumps");
	if (one != NULL && list != NULL)
		key_error(&reader->keys, list,
		    "dumps: the scenario has a dump already; put it in the "
		    "list");
}
