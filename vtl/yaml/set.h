/*
 * set.h: changes a value of a tree that is named by its path, also by an argument
 * "KEY=VALUE".
 *
 * KEY is the path of the value: names of keys, and numbers of entries of a list
 * from 1, with dots between them ("splitter.block", "faults.1.at").  VALUE is
 * YAML, and may be empty.
 *
 * Invariants:
 *  1. The value is replaced if the path exists; otherwise it is added, with the
 *     mappings and lists above it.  A list grows by one entry at a time.
 *  2. Errors of an argument, and later errors of its value, have no line.  They
 *     begin with "--set KEY=VALUE: ".
 */
#ifndef VTL_YAML_SET_H
#define VTL_YAML_SET_H

#include "vtl/yaml/tree.h"

/*
 * Puts a tree, which is taken, at a path of another tree.  Errors have the place
 * of `at`, and name the path.  Returns 0, or -1 after an error, which was added.
 */
int yaml_put(struct yaml_tree *root, const char *path, struct yaml_tree *tree,
    const struct yaml_tree *at, struct yaml_errors *errors);

/*
 * Applies an argument to a tree.  The tree refers to `argument`, which must
 * exist as long as the tree.  Returns 0, or -1 after an error, which was added.
 */
int yaml_set(struct yaml_tree *root, const char *argument,
    struct yaml_errors *errors);

#endif
