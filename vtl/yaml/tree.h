/*
 * tree.h: reads a YAML file into a tree; each node has its line and column.
 *
 * Invariants:
 *  1. The file is at most YAML_TREE_FILE_MAX bytes, one document, nested at
 *     most YAML_TREE_DEPTH_MAX deep.
 *  2. Anchors, aliases and tags are refused; keys are text.
 *  3. A file with a syntax error has no tree.  A node that is refused is BROKEN
 *     in the tree; its error was added, and readers ignore the node.
 */
#ifndef VTL_YAML_TREE_H
#define VTL_YAML_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "vtl/yaml/errors.h"

enum { YAML_TREE_FILE_MAX = 1 << 20, YAML_TREE_DEPTH_MAX = 16 };

enum yaml_tree_kind {
	YAML_TREE_TEXT,
	YAML_TREE_LIST,
	YAML_TREE_MAP,
	YAML_TREE_BROKEN
};

struct yaml_tree {
	enum yaml_tree_kind kind;
	int line, column;         /* from 1; columns are characters */
	char *text;               /* TEXT; ends at its only zero byte */
	bool plain;               /* TEXT: not quoted, on one line */
	struct yaml_tree **items; /* MAP: key, value, key, value, ... */
	size_t count; /* number of items: twice the pairs of a MAP */
	/*
	 * The argument of --set that made the node (set.h); not owned.  NULL:
	 * the node is of the file.
	 */
	const char *set;
	/* The path of an included file; not owned.  NULL: the first file. */
	const char *file;
};

/*
 * Reads the file at `path`, called `what` in messages.  Returns its tree, which
 * the caller frees, or NULL if there is none; then at least one error was
 * added.
 */
struct yaml_tree *yaml_tree_read(const char *path, const char *what,
    struct yaml_errors *errors);

/* Parses `bytes` of a text.  Returns like yaml_tree_read(). */
struct yaml_tree *yaml_tree_parse(const char *text, size_t bytes,
    struct yaml_errors *errors);

/* Returns the value of the first key of this name in a MAP, or NULL. */
const struct yaml_tree *yaml_tree_get(const struct yaml_tree *map,
    const char *key);

/*
 * Adds an error at the place of a node: at `column` characters after its begin,
 * or, without a line, at the argument that made it.
 */
void yaml_tree_error(struct yaml_errors *errors, const struct yaml_tree *node,
    int column, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Returns whether the node is a value that was left empty, as in "faults:". */
bool yaml_tree_is_empty(const struct yaml_tree *node);

/* Marks a tree as read from the included file at `file`. */
void yaml_tree_mark(struct yaml_tree *tree, const char *file);

/*
 * Returns a copy of the tree, which the caller frees.  NULL without memory; then
 * an error was added.
 */
struct yaml_tree *yaml_tree_copy(const struct yaml_tree *tree,
    struct yaml_errors *errors);

/*
 * Adds to a MAP copies of the keys of another MAP that it does not have.  A key
 * that both have stays as it is, unless both values are a MAP: then they are
 * merged.  Returns 0; -1 without memory, after an error, which was added.
 */
int yaml_tree_merge(struct yaml_tree *map, const struct yaml_tree *below,
    struct yaml_errors *errors);

/*
 * Removes the first key of this name from a MAP, and returns its value, which
 * the caller frees, or NULL if the map has no such key.
 */
struct yaml_tree *yaml_tree_take(struct yaml_tree *map, const char *key);

/* Frees a tree; NULL is allowed. */
void yaml_tree_free(struct yaml_tree *tree);

#endif
