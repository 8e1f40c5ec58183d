/* tree.h: items of a tree are removed, and put back. */
#ifndef TAPELAB_SIM_TESTS_MUTATE_TREE_H
#define TAPELAB_SIM_TESTS_MUTATE_TREE_H

#include <stddef.h>

#include "vtl/yaml/tree.h"

/*
 * Returns the value of a key.  NULL: the key is not given, or `map` is NULL or no
 * mapping.
 */
struct yaml_tree *tree_get(const struct yaml_tree *map, const char *name);

/* Removes items of a list or mapping, and returns them in `removed`. */
void tree_cut(struct yaml_tree *node, size_t at, size_t count,
    struct yaml_tree **removed);

/* Puts items back that tree_cut() removed. */
void tree_restore(struct yaml_tree *node, size_t at, size_t count,
    struct yaml_tree *const *removed);

/* A list of expectations without those about strikes. */
struct without_strikes {
	struct yaml_tree *list; /* NULL: there is no list */
	struct yaml_tree **items;
	size_t count;
};

/* Drops the expectations about strikes.  `list` may be NULL. */
struct without_strikes drop_strikes(struct yaml_tree *list);

/* Undoes drop_strikes(). */
void put_strikes_back(const struct without_strikes *w);

#endif
