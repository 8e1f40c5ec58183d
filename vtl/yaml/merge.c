/* merge.c: copies and merges trees; see tree.h. */
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "vtl/yaml/tree.h"

void yaml_tree_mark(struct yaml_tree *tree, const char *file)
{
	tree->file = file;
	for (size_t i = 0; i < tree->count; i++)
		yaml_tree_mark(tree->items[i], file);
}

/* Appends `item`, which may be NULL, and takes it.  Returns 0 or -1. */
static int append(struct yaml_tree *node, struct yaml_tree *item)
{
	struct yaml_tree **items;

	if (item == NULL)
		return -1;
	items = grow_by_one(node->items, node->count, sizeof *items);
	if (items == NULL) {
		yaml_tree_free(item);
		return -1;
	}
	node->items = items;
	node->items[node->count++] = item;
	return 0;
}

/* Like yaml_tree_copy(), without a message. */
static struct yaml_tree *copy(const struct yaml_tree *tree)
{
	struct yaml_tree *node = calloc(1, sizeof *node);
	int rc = 0;

	if (node == NULL)
		return NULL;
	*node = *tree;
	node->items = NULL;
	node->count = 0;
	node->text = tree->text != NULL ? strdup(tree->text) : NULL;
	if (tree->text != NULL && node->text == NULL)
		rc = -1;
	for (size_t i = 0; i < tree->count && rc == 0; i++)
		rc = append(node, copy(tree->items[i]));
	if (rc == 0)
		return node;
	yaml_tree_free(node);
	return NULL;
}

struct yaml_tree *yaml_tree_copy(const struct yaml_tree *tree,
    struct yaml_errors *errors)
{
	struct yaml_tree *node = copy(tree);

	if (node == NULL)
		yaml_errors_add(errors, 0, 0, "out of memory");
	return node;
}

/* Returns the place of the first key of this name, or the number of items. */
static size_t place_of(const struct yaml_tree *map, const char *key)
{
	size_t i;

	for (i = 0; i + 1 < map->count; i += 2)
		if (map->items[i]->kind == YAML_TREE_TEXT &&
		    strcmp(map->items[i]->text, key) == 0)
			return i;
	return map->count;
}

/* Appends copies of a key and its value.  Returns 0 or -1. */
static int add_pair(struct yaml_tree *map, const struct yaml_tree *key,
    const struct yaml_tree *value)
{
	if (append(map, copy(key)) != 0)
		return -1;
	if (append(map, copy(value)) == 0)
		return 0;
	/* A key without a value would break the mapping. */
	yaml_tree_free(map->items[--map->count]);
	return -1;
}

/* Like yaml_tree_merge(), without a message. */
static int merge(struct yaml_tree *map, const struct yaml_tree *below)
{
	int rc = 0;

	for (size_t i = 0; i + 1 < below->count && rc == 0; i += 2) {
		const struct yaml_tree *key = below->items[i],
				       *value = below->items[i + 1];
		size_t place;

		if (key->kind != YAML_TREE_TEXT)
			continue;
		place = place_of(map, key->text);
		if (place == map->count)
			rc = add_pair(map, key, value);
		else if (map->items[place + 1]->kind == YAML_TREE_MAP &&
		    value->kind == YAML_TREE_MAP)
			rc = merge(map->items[place + 1], value);
	}
	return rc;
}

int yaml_tree_merge(struct yaml_tree *map, const struct yaml_tree *below,
    struct yaml_errors *errors)
{
	if (map->kind != YAML_TREE_MAP || below->kind != YAML_TREE_MAP ||
	    merge(map, below) == 0)
		return 0;
	yaml_errors_add(errors, 0, 0, "out of memory");
	return -1;
}

struct yaml_tree *yaml_tree_take(struct yaml_tree *map, const char *key)
{
	size_t place =
	    map->kind == YAML_TREE_MAP ? place_of(map, key) : map->count;
	struct yaml_tree *value;

	if (place == map->count)
		return NULL;
	value = map->items[place + 1];
	yaml_tree_free(map->items[place]);
	map->count -= 2;
	memmove(map->items + place, map->items + place + 2,
	    (map->count - place) * sizeof *map->items);
	return value;
}
