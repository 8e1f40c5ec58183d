/* tree.c: see tree.h. */
#include "sim/tests/mutate/tree.h"

#include <stdlib.h>
#include <string.h>

struct yaml_tree *tree_get(const struct yaml_tree *map, const char *name)
{
	if (map == NULL || map->kind != YAML_TREE_MAP)
		return NULL;
	for (size_t i = 0; i + 1 < map->count; i += 2)
		if (strcmp(map->items[i]->text, name) == 0)
			return map->items[i + 1];
	return NULL;
}

void tree_cut(struct yaml_tree *node, size_t at, size_t count,
    struct yaml_tree **removed)
{
	memcpy(removed, node->items + at, count * sizeof *removed);
	memmove(node->items + at, node->items + at + count,
	    (node->count - at - count) * sizeof *removed);
	node->count -= count;
}

void tree_restore(struct yaml_tree *node, size_t at, size_t count,
    struct yaml_tree *const *removed)
{
	memmove(node->items + at + count, node->items + at,
	    (node->count - at) * sizeof *removed);
	memcpy(node->items + at, removed, count * sizeof *removed);
	node->count += count;
}

struct without_strikes drop_strikes(struct yaml_tree *list)
{
	struct without_strikes w = { .list = NULL };
	struct yaml_tree **kept;
	size_t count = 0;

	if (list == NULL || list->kind != YAML_TREE_LIST)
		return w;
	w = (struct without_strikes){ list, list->items, list->count };
	kept = calloc(w.count + 1, sizeof *kept);
	if (kept == NULL)
		abort();
	for (size_t i = 0; i < w.count; i++)
		if (w.items[i]->kind != YAML_TREE_TEXT ||
		    strncmp(w.items[i]->text, "fault ", 6) != 0)
			kept[count++] = w.items[i];
	list->items = kept;
	list->count = count;
	return w;
}

void put_strikes_back(const struct without_strikes *w)
{
	if (w->list == NULL)
		return;
	free(w->list->items);
	w->list->items = w->items;
	w->list->count = w->count;
}
