/* keys.c: the keys that describe a file and its cases; see compose.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compose/impl.h"
#include "splitter/base/grow.h"
#include "splitter/base/text.h"
#include "splitter/base/units.h"

enum { TAG_BYTES = 64, SEEDS_MAX = 1000000 };

static const char *const *clock_words(void)
{
	static const char *const words[] = { "virtual", "real", NULL };

	return words;
}

/* Values that are merged before they get here, or used as they are. */
static void read_tree(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	if (node->kind != YAML_TREE_MAP && node->kind != YAML_TREE_BROKEN &&
	    !yaml_tree_is_empty(node))
		key_error(keys, node, "%s: must be a mapping", key->name);
}

/* Files are included and overridden when they are read: only --set gets here. */
static void read_too_late(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	key_error(keys, node, "%s: can only be given in a file", key->name);
}

/* Calls `read` for each entry of a list, or for a single value. */
static void each(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node,
    void (*read)(struct key_reader *keys, const struct key *key,
	const struct yaml_tree *node))
{
	if (node->kind != YAML_TREE_LIST) {
		if (!yaml_tree_is_empty(node))
			read(keys, key, node);
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		read(keys, key, node->items[i]);
}

static void read_clock(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct compose *c = compose_reader_of(keys)->compose;
	enum compose_clock clock;
	unsigned index;

	if (!key_read_choice(keys, key, node, &index))
		return;
	clock = index == 0 ? COMPOSE_VIRTUAL : COMPOSE_REAL;
	if (c->clocks_count > 0 &&
	    (c->clocks[0] == clock || c->clocks_count == 2))
		key_error(keys, node, "clocks: \"%s\" is given twice",
		    clock_words()[index]);
	else
		c->clocks[c->clocks_count++] = clock;
}

static void read_clocks(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	each(keys, key, node, read_clock);
}

/* Returns whether there was memory for the seed. */
static bool add_seed(struct key_reader *keys, const struct yaml_tree *node,
    uint64_t seed)
{
	struct compose *c = compose_reader_of(keys)->compose;
	uint64_t *seeds = grow_by_one(c->seeds, c->seeds_count, sizeof *seeds);

	if (seeds == NULL) {
		key_error(keys, node, "out of memory");
		return false;
	}
	c->seeds = seeds;
	c->seeds[c->seeds_count++] = seed;
	return true;
}

/* Reads a seed, or a range of seeds such as 1..10. */
static void read_seed(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	const char *text, *dots;
	char reason[YAML_ERROR_BYTES / 2], first_text[32];
	uint64_t first, last;

	if (!key_read_text(keys, key, node, &text))
		return;
	dots = strstr(text, "..");
	snprintf(first_text, sizeof first_text, "%.*s",
	    (int)(dots != NULL ? dots - text : 31), text);
	if (units_parse_count(first_text, 0, INT64_MAX, &first, reason,
		sizeof reason) != 0 ||
	    units_parse_count(dots != NULL ? dots + 2 : text, 0, INT64_MAX,
		&last, reason, sizeof reason) != 0) {
		key_error(keys, node,
		    "seeds: %s; write whole numbers or a range, such as 1..10",
		    reason);
		return;
	}
	if (last < first || last - first >= SEEDS_MAX) {
		key_error(keys, node,
		    last < first
			? "seeds: the range is empty; write the smaller "
			  "number first"
			: "seeds: the range has more than 1000000 seeds");
		return;
	}
	for (uint64_t seed = first; seed <= last; seed++)
		if (!add_seed(keys, node, seed))
			return;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Reports seeds that are given twice. */
static void check_seeds(struct key_reader *keys, const struct yaml_tree *node)
{
	const struct compose *c = compose_reader_of(keys)->compose;
	uint64_t *sorted = calloc(c->seeds_count + 1, sizeof *sorted);

	if (sorted == NULL) {
		key_error(keys, node, "out of memory");
		return;
	}
	if (c->seeds_count > 0)
		memcpy(sorted, c->seeds, c->seeds_count * sizeof *sorted);
	qsort(sorted, c->seeds_count, sizeof *sorted, by_number);
	for (size_t i = 1; i < c->seeds_count; i++)
		if (sorted[i] == sorted[i - 1]) {
			key_error(keys, node, "seeds: %llu is given twice",
			    (unsigned long long)sorted[i]);
			break;
		}
	free(sorted);
}

static void read_seeds(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	const struct compose_options *o =
	    compose_reader_of(keys)->compose->options;

	if (o->has_seed) {
		add_seed(keys, node, o->seed);
		return;
	}
	each(keys, key, node, read_seed);
	check_seeds(keys, node);
}

static void read_tag(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				      "._-";
	struct compose_reader *r = compose_reader_of(keys);
	size_t count = 0;
	const char *text;
	char **tags;

	if (!key_read_text(keys, key, node, &text))
		return;
	if (text[0] == '\0' || strlen(text) >= TAG_BYTES || text[0] == '-' ||
	    strspn(text, allowed) != strlen(text)) {
		struct text_quote quote;

		key_error(keys, node,
		    "tags: %s is not a word of letters, digits, \".\", \"_\" "
		    "and \"-\"",
		    text_quote(&quote, text));
		return;
	}
	while (r->tags != NULL && r->tags[count] != NULL)
		count++;
	tags = reallocarray(r->tags, count + 2, sizeof *tags);
	if (tags != NULL) {
		r->tags = tags;
		tags[count + 1] = NULL;
		tags[count] = strdup(text);
	}
	if (tags == NULL || tags[count] == NULL)
		key_error(keys, node, "out of memory");
}

static void read_tags(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	each(keys, key, node, read_tag);
}

static void read_timeout(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	key_read_time(keys, key, node, &compose_reader_of(keys)->timeout_ns);
}

#define WORD_OR_LIST(word)                              \
	"{\"anyOf\": [{\"type\": \"null\"}, " word ", " \
	"{\"type\": \"array\", \"items\": " word "}]}"
#define ANY_MAP "{\"type\": [\"object\", \"null\"]}"
#define ROWS    "{\"type\": \"array\", \"items\": {\"type\": \"object\"}}"

static const struct key file_keys[] = {
	{ .name = "include",
	    .type = KEY_LIST,
	    .read = read_too_late,
	    .range = "a path relative to the folder of the file, or a list of "
		     "them; at most 100 files in all",
	    .example = "_lto8.yaml",
	    .meaning = "Files whose keys the scenario takes.",
	    .detail = "The keys of the file replace those of the included "
		      "files, and a later file those of an earlier one. "
		      "Mappings are merged key by key; a list replaces a "
		      "list.",
	    .schema =
		WORD_OR_LIST("{\"type\": \"string\", \"minLength\": 1}") },
	{ .name = "overrides",
	    .type = KEY_MAP,
	    .read = read_too_late,
	    .range = "paths of values and their values",
	    .example = "{library.volumes.capacity: 1 GiB, faults.1.at: 5 MB}",
	    .meaning =
		"Values that replace those at their paths, as the option "
		"`--set` does.",
	    .schema = ANY_MAP },
	{ .name = "defaults",
	    .type = KEY_MAP,
	    .read = read_tree,
	    .range = "a mapping of keys of a scenario",
	    .example = "{faults: {volume: 2, sense: medium_error}}",
	    .meaning = "Values for keys that neither the file nor an included "
		       "file gives.",
	    .detail = "If the scenario has a list where `defaults` has a "
		      "mapping, each mapping in the list takes the values.",
	    .schema = ANY_MAP },
	{ .name = "matrix",
	    .type = KEY_MAP,
	    .read = read_tree,
	    .range = "paths with a list of values each, and the keys `rows`, "
		     "`when` and `exclude`",
	    .example = "{splitter.cache: [none, memory, spool]}",
	    .meaning = "Makes a case of each combination of the values.",
	    .schema = "{\"type\": [\"object\", \"null\"], \"properties\": "
		      "{\"rows\": " ROWS ", \"when\": " ROWS
		      ", \"exclude\": " ROWS "}, \"additionalProperties\": "
		      "{\"type\": \"array\", \"minItems\": 1}}" },
	{ .name = "clocks",
	    .type = KEY_LIST,
	    .words = clock_words,
	    .read = read_clocks,
	    .otherwise = "the clock of the command line",
	    .range = "`virtual` or `real`, or a list of both",
	    .example = "[virtual, real]",
	    .meaning = "The clocks with which the scenario is run.",
	    .detail = "Two clocks make two cases.",
	    .schema = WORD_OR_LIST("{\"enum\": [\"virtual\", \"real\"]}") },
	{ .name = "seeds",
	    .type = KEY_LIST,
	    .read = read_seeds,
	    .otherwise = "the seed of the command line",
	    .range = "whole numbers and ranges of them",
	    .example = "1..10",
	    .meaning = "The seeds with which the scenario is run.",
	    .detail = "Each seed makes a case. The option `--seed` replaces "
		      "the seeds of the file.",
	    .schema = WORD_OR_LIST(
		"{\"type\": [\"integer\", \"string\"], \"minimum\": 0, "
		"\"pattern\": \"^[0-9]+([.][.][0-9]+)?$\"}") },
	{ .name = "tags",
	    .type = KEY_LIST,
	    .read = read_tags,
	    .range = "words of letters, digits, `.`, `_` and `-`",
	    .example = "[spanning, slow]",
	    .meaning = "Words by which the option `--tags` selects cases.",
	    .schema = WORD_OR_LIST(
		"{\"type\": \"string\", \"maxLength\": 63, \"pattern\": "
		"\"^[A-Za-z0-9._][A-Za-z0-9._-]*$\"}") },
	{ .name = "timeout",
	    .type = KEY_TIME,
	    .min = 1,
	    .read = read_timeout,
	    .otherwise = "that of the option `--timeout`",
	    .example = "30 s",
	    .meaning = "The real time after which the case is stopped and "
		       "fails." },
	{ .name = NULL },
};

const struct key_map compose_map = { "a scenario", file_keys };

/* Returns whether the key is one of this room. */
static bool is_ours(const struct yaml_tree *key)
{
	if (key->kind != YAML_TREE_TEXT)
		return false;
	for (const struct key *k = file_keys; k->name != NULL; k++)
		if (strcmp(k->name, key->text) == 0)
			return true;
	return false;
}

struct yaml_tree *compose_take_keys(struct yaml_tree *root,
    struct yaml_errors *errors)
{
	struct yaml_tree *keys = calloc(1, sizeof *keys);
	size_t left = 0;

	if (keys != NULL)
		keys->items = calloc(root->count + 1, sizeof *keys->items);
	if (keys == NULL || keys->items == NULL) {
		yaml_errors_add(errors, 0, 0, "out of memory");
		free(keys);
		return NULL;
	}
	keys->kind = YAML_TREE_MAP;
	keys->line = root->line;
	keys->column = root->column;
	for (size_t i = 0; i + 1 < root->count; i += 2) {
		struct yaml_tree *to = is_ours(root->items[i]) ? keys : root;
		size_t *count = to == keys ? &keys->count : &left;
		struct yaml_tree *key = root->items[i],
				 *value = root->items[i + 1];

		to->items[(*count)++] = key;
		to->items[(*count)++] = value;
	}
	root->count = left;
	return keys;
}

void compose_read_keys(struct compose_reader *reader, struct yaml_tree *keys)
{
	key_read_map(&reader->keys, &compose_map, keys, NULL);
}
