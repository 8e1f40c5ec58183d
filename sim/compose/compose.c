/* compose.c: see compose.h. */
#include "sim/compose/compose.h"

#include <stdlib.h>
#include <string.h>

#include "sim/compose/impl.h"
#include "splitter/base/grow.h"
#include "vtl/yaml/set.h"

/* Keys with a list of mappings: a default for them is for each entry. */
static bool is_list_key(const char *name)
{
	static const char *const names[] = { "dumps", "faults", "steps",
		"expect", "published" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static int apply_below(struct yaml_tree *value, const struct yaml_tree *below,
    struct yaml_errors *errors);

/* Gives values to the keys of a mapping that have none, or have mappings. */
static int apply_map(struct yaml_tree *map, const struct yaml_tree *below,
    bool top, struct yaml_errors *errors)
{
	int rc = 0;

	for (size_t i = 0; i + 1 < below->count && rc == 0; i += 2) {
		const struct yaml_tree *key = below->items[i];
		struct yaml_tree *pair[2] = { below->items[i],
			below->items[i + 1] };
		const struct yaml_tree one = {
			.kind = YAML_TREE_MAP, .items = pair, .count = 2
		};
		size_t at = 0;

		if (key->kind != YAML_TREE_TEXT)
			continue;
		while (at + 1 < map->count &&
		    (map->items[at]->kind != YAML_TREE_TEXT ||
			strcmp(map->items[at]->text, key->text) != 0))
			at += 2;
		if (at + 1 < map->count)
			rc = apply_below(map->items[at + 1], pair[1], errors);
		else if (!top || pair[1]->kind != YAML_TREE_MAP ||
		    !is_list_key(key->text))
			rc = yaml_tree_merge(map, &one, errors);
	}
	return rc;
}

static int apply_below(struct yaml_tree *value, const struct yaml_tree *below,
    struct yaml_errors *errors)
{
	int rc = 0;

	if (below->kind != YAML_TREE_MAP)
		return 0;
	if (value->kind == YAML_TREE_MAP)
		return apply_map(value, below, false, errors);
	for (size_t i = 0;
	     value->kind == YAML_TREE_LIST && i < value->count && rc == 0; i++)
		if (value->items[i]->kind == YAML_TREE_MAP)
			rc = apply_map(value->items[i], below, false, errors);
	return rc;
}

int compose_apply_defaults(struct yaml_tree *root,
    const struct yaml_tree *defaults, struct yaml_errors *errors)
{
	return defaults == NULL || defaults->kind != YAML_TREE_MAP
	    ? 0
	    : apply_map(root, defaults, true, errors);
}

/* Returns whether an argument of --set is about a key of this room. */
static bool sets_our_key(const char *argument)
{
	size_t length = strcspn(argument, ".=");

	for (const struct key *k = compose_map.keys; k->name != NULL; k++)
		if (strlen(k->name) == length &&
		    memcmp(k->name, argument, length) == 0)
			return true;
	return false;
}

/* Applies the arguments of --set; `all`: those about other keys, too. */
static int apply_set(const struct compose *c, struct yaml_tree *root, bool all,
    struct yaml_errors *errors)
{
	int rc = 0;

	for (size_t i = 0; i < c->options->set_count; i++)
		if (all || sets_our_key(c->options->set[i]))
			rc |= yaml_set(root, c->options->set[i], errors);
	return rc;
}

/* Reads the keys of the file, with --set, from a copy of the base. */
static void read_keys(struct compose *c, struct yaml_errors *errors)
{
	struct compose_reader reader = { .keys.errors = errors, .compose = c };
	struct yaml_tree *root = yaml_tree_copy(c->base, errors), *keys = NULL;

	if (root != NULL && apply_set(c, root, false, errors) == 0)
		keys = compose_take_keys(root, errors);
	if (keys != NULL) {
		compose_read_keys(&reader, keys);
		c->defaults = yaml_tree_take(keys, "defaults");
		c->matrix = yaml_tree_take(keys, "matrix");
	}
	for (size_t i = 0; reader.tags != NULL && reader.tags[i] != NULL; i++)
		free(reader.tags[i]);
	free(reader.tags);
	yaml_tree_free(keys);
	yaml_tree_free(root);
}

/* Composes the tree of a combination, with the keys of this room. */
static struct yaml_tree *compose_tree(const struct compose *c,
    const struct compose_choice *choice, struct yaml_errors *errors)
{
	struct yaml_tree *root = yaml_tree_copy(c->base, errors);

	/* Defaults are given first to what is set, then to what was added. */
	if (root == NULL ||
	    compose_apply_defaults(root, c->defaults, errors) != 0 ||
	    compose_apply_choice(c, choice, root, errors) != 0 ||
	    apply_set(c, root, true, errors) != 0 ||
	    compose_apply_defaults(root, c->defaults, errors) != 0) {
		yaml_tree_free(root);
		return NULL;
	}
	return root;
}

/* Returns whether a combination is excluded; counts the matches of entries. */
static bool is_excluded(const struct compose *c, const struct yaml_tree *root,
    const struct compose_choice *choice, size_t *matches)
{
	bool excluded = false;

	for (size_t i = 0; c->exclude != NULL && i < c->exclude->count; i++)
		if (compose_matches(c->exclude->items[i], root, c, choice)) {
			matches[i]++;
			excluded = true;
		}
	return excluded;
}

static void count_when(const struct compose *c, const struct yaml_tree *root,
    const struct compose_choice *choice, size_t *matches)
{
	for (size_t i = 0; c->when != NULL && i < c->when->count; i++)
		matches[i] +=
		    compose_matches(yaml_tree_get(c->when->items[i], "if"),
			root, c, choice);
}

/* Reports the entries of a list whose conditions hold in no case. */
static void report_unmatched(const char *name, const struct yaml_tree *list,
    const size_t *matches, struct yaml_errors *errors)
{
	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (matches[i] == 0)
			yaml_tree_error(errors, list->items[i], 0,
			    "%s: no case matches; values are compared as they "
			    "are written",
			    name);
}

/* Goes through all combinations, to find those that are excluded. */
static void sieve(struct compose *c, struct compose_choice *choice,
    size_t *when, size_t *exclude, struct yaml_errors *errors)
{
	uint64_t *kept;

	c->count = 0;
	for (uint64_t i = 0; i < c->combinations && errors->count == 0; i++) {
		struct yaml_tree *root;

		compose_choose(c, i, choice);
		root = compose_tree(c, choice, errors);
		if (root == NULL)
			return;
		if (!is_excluded(c, root, choice, exclude)) {
			count_when(c, root, choice, when);
			kept = grow_by_one(c->kept, c->count, sizeof *kept);
			if (kept == NULL) {
				yaml_errors_add(errors, 0, 0, "out of memory");
			} else {
				c->kept = kept;
				c->kept[c->count++] = i;
			}
		}
		yaml_tree_free(root);
	}
	if (errors->count == 0) {
		report_unmatched("when", c->when, when, errors);
		report_unmatched("exclude", c->exclude, exclude, errors);
	}
	if (errors->count == 0 && c->count == 0)
		yaml_tree_error(errors, c->matrix, 0,
		    "matrix: all cases are excluded");
}

static size_t entries(const struct yaml_tree *list)
{
	return list != NULL ? list->count : 0;
}

static void find_cases(struct compose *c, struct yaml_errors *errors)
{
	struct compose_choice choice = { .values = calloc(c->axes_count + 1,
					     sizeof *choice.values) };
	size_t *when = calloc(entries(c->when) + 1, sizeof *when);
	size_t *exclude = calloc(entries(c->exclude) + 1, sizeof *exclude);

	if (choice.values != NULL && when != NULL && exclude != NULL)
		sieve(c, &choice, when, exclude, errors);
	else
		yaml_errors_add(errors, 0, 0, "out of memory");
	free(choice.values);
	free(when);
	free(exclude);
}

struct compose *compose_read(const char *path,
    const struct compose_options *options, struct yaml_errors *errors)
{
	struct compose *c = calloc(1, sizeof *c);

	if (c == NULL) {
		yaml_errors_add(errors, 0, 0, "out of memory");
		return NULL;
	}
	c->options = options;
	c->combinations = c->count = 1;
	c->base =
	    compose_read_files(c, strcmp(path, "-") == 0 ? NULL : path, errors);
	/* The reader of a scenario reports a tree that is no mapping. */
	if (c->base != NULL && c->base->kind == YAML_TREE_MAP) {
		read_keys(c, errors);
		if (errors->count == 0)
			compose_read_matrix(c, errors);
		if (errors->count == 0 &&
		    (c->when != NULL || c->exclude != NULL))
			find_cases(c, errors);
	}
	if (c->base != NULL && errors->count == 0)
		return c;
	compose_free(c);
	return NULL;
}

const char *compose_text(const struct compose *c)
{
	return c->text;
}

uint64_t compose_count(const struct compose *c)
{
	return c->count;
}

/* Reads the keys of a case, and takes them out of its tree. */
static int read_case_keys(struct compose_case *result,
    struct yaml_errors *errors)
{
	/* The keys of the file, which are the same for all cases, were read. */
	static const char *const read[] = { "defaults", "matrix", "clocks",
		"seeds" };
	struct compose_reader reader = { .keys.errors = errors };
	struct yaml_tree *keys = compose_take_keys(result->tree, errors);
	size_t before = errors->count;

	if (keys == NULL)
		return -1;
	for (size_t i = 0; i < sizeof read / sizeof *read; i++)
		yaml_tree_free(yaml_tree_take(keys, read[i]));
	compose_read_keys(&reader, keys);
	yaml_tree_free(keys);
	result->tags = reader.tags;
	result->timeout_ns = reader.timeout_ns;
	return errors->count == before ? 0 : -1;
}

/* Returns the choice of a case; its array is NULL without memory. */
static struct compose_choice choose_case(const struct compose *c,
    uint64_t number)
{
	struct compose_choice choice = { .values = calloc(c->axes_count + 1,
					     sizeof *choice.values) };

	if (choice.values != NULL)
		compose_choose(c, c->kept != NULL ? c->kept[number] : number,
		    &choice);
	return choice;
}

char *compose_case_label(const struct compose *c, uint64_t number)
{
	struct compose_choice choice = choose_case(c, number);
	char *label = choice.values != NULL ? compose_label(c, &choice) : NULL;

	free(choice.values);
	return label;
}

int compose_case(const struct compose *c, uint64_t number,
    struct compose_case *result, struct yaml_errors *errors)
{
	struct compose_choice choice = choose_case(c, number);
	int rc = -1;

	*result = (struct compose_case){ 0 };
	if (choice.values == NULL) {
		yaml_errors_add(errors, 0, 0, "out of memory");
		return -1;
	}
	result->clock = choice.clock;
	result->has_seed = c->seeds_count > 0;
	if (result->has_seed)
		result->seed = c->seeds[choice.seed_place];
	result->label = compose_label(c, &choice);
	if (result->label == NULL)
		yaml_errors_add(errors, 0, 0, "out of memory");
	else
		result->tree = compose_tree(c, &choice, errors);
	if (result->tree != NULL)
		rc = result->tree->kind == YAML_TREE_MAP
		    ? read_case_keys(result, errors)
		    : 0;
	free(choice.values);
	if (rc != 0)
		compose_case_clear(result);
	return rc;
}

void compose_case_clear(struct compose_case *result)
{
	for (size_t i = 0; result->tags != NULL && result->tags[i] != NULL; i++)
		free(result->tags[i]);
	free(result->tags);
	free(result->label);
	yaml_tree_free(result->tree);
	*result = (struct compose_case){ 0 };
}

void compose_free(struct compose *c)
{
	if (c == NULL)
		return;
	for (size_t i = 0; i < c->axes_count; i++) {
		for (size_t j = 0;
		     c->axes[i].labels != NULL && j < c->axes[i].values->count;
		     j++)
			free(c->axes[i].labels[j]);
		free(c->axes[i].labels);
	}
	free(c->axes);
	free(c->seeds);
	free(c->kept);
	yaml_tree_free(c->base);
	yaml_tree_free(c->defaults);
	yaml_tree_free(c->matrix);
	for (size_t i = 0; i < c->files_count; i++)
		free(c->files[i]);
	free(c->files);
	free(c->text);
	free(c);
}
