/*
 * matrix.c: the key `matrix`: combinations of values, and what is set for each.
 *
 *     matrix:
 *       splitter.cache: [none, memory]     an axis: values of a path
 *       rows:                              an axis: several values at once
 *         - {name: small, dump.size: 1 MB, expect: [volumes_used == 1]}
 *       when:                              more values, under a condition
 *         - {if: {splitter.cache: none}, expect: [outcome == PARTIAL]}
 *       exclude:                           combinations that are no cases
 *         - {splitter.cache: memory, dump.size: 1 MB}
 */
#include <stdlib.h>
#include <string.h>

#include "sim/compose/impl.h"
#include "splitter/base/grow.h"
#include "vtl/yaml/set.h"

/* Keys that have a meaning of their own in an entry, and set nothing. */
static bool is_special(const struct yaml_tree *key)
{
	return strcmp(key->text, "name") == 0 || strcmp(key->text, "if") == 0 ||
	    strcmp(key->text, "expect") == 0;
}

/* Keys of a file that no case can have for itself. */
static bool is_of_file(const char *path)
{
	static const char *const names[] = { "include", "overrides", "defaults",
		"matrix", "clocks", "seeds" };
	size_t length = strcspn(path, ".");

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == length &&
		    memcmp(names[i], path, length) == 0)
			return true;
	return false;
}

/* Reports a key that cannot be set.  Returns whether it can. */
static bool can_be_set(const struct yaml_tree *key, struct yaml_errors *errors)
{
	if (key->kind == YAML_TREE_BROKEN)
		return false;
	if (key->kind != YAML_TREE_TEXT) {
		yaml_tree_error(errors, key, 0, "a key must be a word");
		return false;
	}
	if (!is_of_file(key->text))
		return true;
	yaml_tree_error(errors, key, 0,
	    "\"%.60s\" is the same for all cases of a file; give it outside of "
	    "the matrix",
	    key->text);
	return false;
}

/* Checks a mapping of `rows`, `when` or `exclude`. */
static void check_entry(const char *list, const struct yaml_tree *entry,
    struct yaml_errors *errors)
{
	const struct yaml_tree *conditions;

	if (entry->kind == YAML_TREE_BROKEN)
		return;
	if (entry->kind != YAML_TREE_MAP) {
		yaml_tree_error(errors, entry, 0,
		    "%s: an entry must be a mapping of paths and values", list);
		return;
	}
	for (size_t i = 0; i + 1 < entry->count; i += 2)
		if (strcmp(list, "exclude") != 0)
			can_be_set(entry->items[i], errors);
	if (strcmp(list, "when") != 0)
		return;
	conditions = yaml_tree_get(entry, "if");
	if (conditions == NULL || conditions->kind != YAML_TREE_MAP)
		yaml_tree_error(errors, conditions != NULL ? conditions : entry,
		    0,
		    "when: an entry needs the key \"if\", a mapping of paths "
		    "and values");
}

/* Checks one of the lists.  Returns it, or NULL if it is empty or wrong. */
static const struct yaml_tree *read_list(const char *name,
    const struct yaml_tree *node, struct yaml_errors *errors)
{
	if (node->kind == YAML_TREE_BROKEN || yaml_tree_is_empty(node))
		return NULL;
	if (node->kind != YAML_TREE_LIST) {
		yaml_tree_error(errors, node, 0,
		    "%s: must be a list of mappings", name);
		return NULL;
	}
	for (size_t i = 0; i < node->count; i++)
		check_entry(name, node->items[i], errors);
	return node->count > 0 ? node : NULL;
}

static void add_axis(struct compose *c, const struct yaml_tree *path,
    const struct yaml_tree *values, struct yaml_errors *errors)
{
	struct compose_axis *axes;

	axes = grow_by_one(c->axes, c->axes_count, sizeof *axes);
	if (axes == NULL) {
		yaml_errors_add(errors, 0, 0, "out of memory");
		return;
	}
	c->axes = axes;
	axes[c->axes_count++] =
	    (struct compose_axis){ .path = path, .values = values };
}

static void read_axis(struct compose *c, const struct yaml_tree *path,
    const struct yaml_tree *values, struct yaml_errors *errors)
{
	if (!can_be_set(path, errors) || values->kind == YAML_TREE_BROKEN)
		return;
	if (values->kind != YAML_TREE_LIST || values->count == 0)
		yaml_tree_error(errors, values, 0,
		    "matrix: %.60s needs a list of values, such as [1 MiB, 2 "
		    "MiB]",
		    path->text);
	else
		add_axis(c, path, values, errors);
}

static void read_pairs(struct compose *c, struct yaml_errors *errors)
{
	for (size_t i = 0; i + 1 < c->matrix->count; i += 2) {
		const struct yaml_tree *key = c->matrix->items[i],
				       *value = c->matrix->items[i + 1];
		const char *name = key->kind == YAML_TREE_TEXT ? key->text : "";

		if (strcmp(name, "when") == 0) {
			c->when = read_list(name, value, errors);
		} else if (strcmp(name, "exclude") == 0) {
			c->exclude = read_list(name, value, errors);
		} else if (strcmp(name, "rows") == 0) {
			value = read_list(name, value, errors);
			if (value != NULL)
				add_axis(c, NULL, value, errors);
		} else {
			read_axis(c, key, value, errors);
		}
	}
}

/* Counts the combinations, and reports too many. */
static void count_combinations(struct compose *c, struct yaml_errors *errors)
{
	const uint64_t max = c->options->cases_max > 0 ? c->options->cases_max
						       : COMPOSE_CASES_DEFAULT;
	uint64_t count = 1;
	bool overflow = false;

	for (size_t i = 0; i < c->axes_count; i++)
		overflow |= __builtin_mul_overflow(count,
		    (uint64_t)c->axes[i].values->count, &count);
	if (c->clocks_count > 0)
		overflow |= __builtin_mul_overflow(count,
		    (uint64_t)c->clocks_count, &count);
	if (c->seeds_count > 0)
		overflow |= __builtin_mul_overflow(count,
		    (uint64_t)c->seeds_count, &count);
	c->combinations = c->count = count;
	if (!overflow && count <= max)
		return;
	if (c->matrix != NULL)
		errors->file = c->matrix->file;
	yaml_errors_add(errors, c->matrix != NULL ? c->matrix->line : 0,
	    c->matrix != NULL ? c->matrix->column : 0,
	    "matrix, clocks and seeds make %s%llu cases, and at most %llu are "
	    "allowed; to run them, add the option --max-cases=%llu",
	    overflow ? "more than " : "",
	    (unsigned long long)(overflow ? UINT64_MAX : count),
	    (unsigned long long)max,
	    (unsigned long long)(overflow ? UINT64_MAX : count));
	errors->file = NULL;
}

void compose_read_matrix(struct compose *c, struct yaml_errors *errors)
{
	if (c->matrix != NULL && c->matrix->kind == YAML_TREE_MAP)
		read_pairs(c, errors);
	for (size_t i = 0; i < c->axes_count && errors->count == 0; i++) {
		c->axes[i].labels = compose_labels(c, &c->axes[i]);
		if (c->axes[i].labels == NULL)
			yaml_errors_add(errors, 0, 0, "out of memory");
	}
	count_combinations(c, errors);
}

void compose_choose(const struct compose *c, uint64_t combination,
    struct compose_choice *choice)
{
	choice->clock = COMPOSE_ANY_CLOCK;
	choice->clock_place = choice->seed_place = 0;
	if (c->seeds_count > 0) {
		choice->seed_place = combination % c->seeds_count;
		combination /= c->seeds_count;
	}
	if (c->clocks_count > 0) {
		choice->clock_place = combination % c->clocks_count;
		choice->clock = c->clocks[choice->clock_place];
		combination /= c->clocks_count;
	}
	for (size_t i = c->axes_count; i > 0; i--) {
		choice->values[i - 1] =
		    combination % c->axes[i - 1].values->count;
		combination /= c->axes[i - 1].values->count;
	}
}

/* Moves the entries of a list to the end of another one.  Returns 0 or -1. */
static int join(struct yaml_tree *list, struct yaml_tree *more)
{
	for (size_t i = 0; i < more->count; i++) {
		struct yaml_tree **items =
		    grow_by_one(list->items, list->count, sizeof *items);

		if (items == NULL) {
			memmove(more->items, more->items + i,
			    (more->count - i) * sizeof *items);
			more->count -= i;
			return -1;
		}
		list->items = items;
		items[list->count++] = more->items[i];
	}
	more->count = 0;
	return 0;
}

/*
 * Adds copies of expectations to those of the tree.  A wrong value stays alone,
 * and is reported by the reader of the key.
 */
static int add_expectations(struct yaml_tree *root,
    const struct yaml_tree *expect, struct yaml_errors *errors)
{
	const struct yaml_tree *there = yaml_tree_get(root, "expect");
	struct yaml_tree *list, *more;
	int rc;

	if (there != NULL && there->kind != YAML_TREE_LIST &&
	    !yaml_tree_is_empty(there))
		return 0;
	more = yaml_tree_copy(expect, errors);
	if (more == NULL)
		return -1;
	if (there == NULL || there->kind != YAML_TREE_LIST ||
	    more->kind != YAML_TREE_LIST)
		return yaml_put(root, "expect", more, expect, errors);
	list = yaml_tree_take(root, "expect");
	rc = join(list, more);
	if (rc != 0)
		yaml_errors_add(errors, 0, 0, "out of memory");
	yaml_tree_free(more);
	if (rc != 0)
		yaml_tree_free(list);
	return rc != 0 ? rc : yaml_put(root, "expect", list, expect, errors);
}

/* Sets the values of a row, or of an entry of `when`. */
static int apply_entry(const struct yaml_tree *entry, struct yaml_tree *root,
    struct yaml_errors *errors)
{
	const struct yaml_tree *expect = yaml_tree_get(entry, "expect");
	struct yaml_tree *value;
	int rc = 0;

	for (size_t i = 0; i + 1 < entry->count && rc == 0; i += 2) {
		if (is_special(entry->items[i]))
			continue;
		value = yaml_tree_copy(entry->items[i + 1], errors);
		rc = value == NULL ? -1
				   : yaml_put(root, entry->items[i]->text,
					 value, entry->items[i], errors);
	}
	if (rc == 0 && expect != NULL)
		rc = add_expectations(root, expect, errors);
	return rc;
}

int compose_apply_choice(const struct compose *c,
    const struct compose_choice *choice, struct yaml_tree *root,
    struct yaml_errors *errors)
{
	int rc = 0;

	for (size_t i = 0; i < c->axes_count && rc == 0; i++) {
		const struct compose_axis *axis = &c->axes[i];
		const struct yaml_tree *chosen =
		    axis->values->items[choice->values[i]];
		struct yaml_tree *value;

		if (axis->path == NULL) {
			rc = apply_entry(chosen, root, errors);
			continue;
		}
		value = yaml_tree_copy(chosen, errors);
		rc = value == NULL ? -1
				   : yaml_put(root, axis->path->text, value,
					 axis->path, errors);
	}
	for (size_t i = 0; c->when != NULL && i < c->when->count && rc == 0;
	     i++)
		if (compose_matches(yaml_tree_get(c->when->items[i], "if"),
			root, c, choice))
			rc = apply_entry(c->when->items[i], root, errors);
	return rc;
}
