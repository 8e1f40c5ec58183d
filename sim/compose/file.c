/*
 * file.c: reads a file and those that it includes into one tree.
 *
 * Each file is complete before it is merged: first come its own values, then
 * those of its included files, and its `overrides` replace both.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/compose/impl.h"
#include "splitter/base/grow.h"
#include "splitter/base/text.h"
#include "vtl/yaml/file.h"
#include "vtl/yaml/set.h"

/* A file that is being read, and the file that includes it. */
struct reading {
	const struct reading *by; /* NULL: the first file */
	const char *path;
	dev_t device;
	ino_t inode;
};

struct loader {
	struct compose *compose;
	struct yaml_errors *errors;
};

static struct yaml_tree *read_file(struct loader *l, const char *path,
    const struct reading *by, const struct yaml_tree *at);

/* Reports keys of an included file that are given twice: merging hides them. */
static void report_twice(const struct loader *l, const struct yaml_tree *node)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_tree *key = node->items[i];

		report_twice(l, key);
		if (node->kind != YAML_TREE_MAP || i % 2 != 0 ||
		    key->kind != YAML_TREE_TEXT)
			continue;
		for (size_t j = 0; j < i; j += 2)
			if (node->items[j]->kind == YAML_TREE_TEXT &&
			    strcmp(node->items[j]->text, key->text) == 0) {
				yaml_tree_error(l->errors, key, 0,
				    "\"%s\" is given twice, first in line %d",
				    key->text, node->items[j]->line);
				break;
			}
	}
}

/* Adds the path of an included file to those of the compose. */
static const char *keep_path(const struct loader *l, const char *from,
    const char *name)
{
	struct compose *c = l->compose;
	const char *slash = from != NULL ? strrchr(from, '/') : NULL;
	char **files = grow_by_one(c->files, c->files_count, sizeof *files);
	int bytes = slash != NULL ? (int)(slash - from + 1) : 0;

	if (files != NULL)
		c->files = files;
	if (files == NULL ||
	    asprintf(&files[c->files_count], "%.*s%s", bytes,
		bytes > 0 ? from : "", name) < 0) {
		yaml_errors_add(l->errors, 0, 0, "out of memory");
		return NULL;
	}
	return files[c->files_count++];
}

/* Reads the file that an entry of `include` names.  Returns its tree or NULL. */
static struct yaml_tree *read_included(struct loader *l,
    const struct yaml_tree *node, const struct reading *by)
{
	const char *path;

	if (node->kind == YAML_TREE_BROKEN)
		return NULL;
	if (node->kind != YAML_TREE_TEXT || node->text[0] == '\0') {
		yaml_tree_error(l->errors, node, 0,
		    "include: write the path of a file, or a list of them");
		return NULL;
	}
	if (node->text[0] == '/') {
		yaml_tree_error(l->errors, node, 0,
		    "include: the path must be relative to the folder of this "
		    "file");
		return NULL;
	}
	if (l->compose->files_count == COMPOSE_INCLUDES_MAX) {
		yaml_tree_error(l->errors, node, 0,
		    "include: more than %d files are included",
		    COMPOSE_INCLUDES_MAX);
		return NULL;
	}
	path = keep_path(l, by->path, node->text);
	return path != NULL ? read_file(l, path, by, node) : NULL;
}

/* Merges the included files into a tree: the last one is preferred. */
static void merge_included(struct loader *l, struct yaml_tree *root,
    const struct reading *by)
{
	struct yaml_tree *include = yaml_tree_take(root, "include");
	struct yaml_tree *const *items = &include;
	size_t count = 1;

	if (include == NULL)
		return;
	if (include->kind == YAML_TREE_LIST) {
		items = include->items;
		count = include->count;
	} else if (yaml_tree_is_empty(include)) {
		count = 0;
	}
	for (size_t i = count; i > 0; i--) {
		struct yaml_tree *tree = read_included(l, items[i - 1], by);

		if (tree != NULL)
			yaml_tree_merge(root, tree, l->errors);
		yaml_tree_free(tree);
	}
	yaml_tree_free(include);
}

/* Puts the values of `overrides` at their paths. */
static void apply_overrides(struct loader *l, struct yaml_tree *root)
{
	struct yaml_tree *overrides = yaml_tree_take(root, "overrides"), *value;

	if (overrides != NULL && overrides->kind != YAML_TREE_MAP &&
	    overrides->kind != YAML_TREE_BROKEN &&
	    !yaml_tree_is_empty(overrides))
		yaml_tree_error(l->errors, overrides, 0,
		    "overrides: must be a mapping of paths, such as "
		    "splitter.part, and their values");
	for (size_t i = 0; overrides != NULL && i + 1 < overrides->count;
	     i += 2) {
		if (overrides->items[i]->kind != YAML_TREE_TEXT)
			continue;
		value = yaml_tree_copy(overrides->items[i + 1], l->errors);
		if (value != NULL)
			yaml_put(root, overrides->items[i]->text, value,
			    overrides->items[i], l->errors);
	}
	yaml_tree_free(overrides);
}

/* Reports a file that includes itself.  Returns whether it does. */
static bool is_circle(struct loader *l, const struct reading *r,
    const struct yaml_tree *at)
{
	for (const struct reading *by = r->by; by != NULL; by = by->by)
		if (by->device == r->device && by->inode == r->inode) {
			yaml_tree_error(l->errors, at, 0,
			    "include: %s includes itself; remove one of the "
			    "includes",
			    at->text);
			return true;
		}
	return false;
}

/* Reads the text of a file.  A file that cannot be opened is reported at `at`. */
static struct yaml_tree *parse_file(struct loader *l, const char *path,
    const struct yaml_tree *at)
{
	struct yaml_tree *root = NULL;
	size_t bytes;
	char *text;

	l->errors->file = at != NULL ? path : NULL;
	text = yaml_file_read(path, "scenario", &bytes, l->errors);
	if (text != NULL)
		root = yaml_tree_parse(text, bytes, l->errors);
	if (text != NULL && at == NULL)
		l->compose->text = text;
	else
		free(text);
	l->errors->file = NULL;
	if (root == NULL || at == NULL)
		return root;
	yaml_tree_mark(root, path);
	report_twice(l, root);
	if (root->kind == YAML_TREE_MAP)
		return root;
	yaml_tree_error(l->errors, root, 0,
	    "an included file must be a mapping of keys of a scenario");
	yaml_tree_free(root);
	return NULL;
}

static struct yaml_tree *read_file(struct loader *l, const char *path,
    const struct reading *by, const struct yaml_tree *at)
{
	struct reading r = { .by = by, .path = path };
	struct yaml_tree *root;
	struct stat status;

	if (path != NULL && stat(path, &status) == 0) {
		r.device = status.st_dev;
		r.inode = status.st_ino;
		if (at != NULL && is_circle(l, &r, at))
			return NULL;
	} else if (at != NULL) {
		struct text_quote quote;

		yaml_tree_error(l->errors, at, 0, "include: cannot open %s: %s",
		    text_quote(&quote, at->text), strerror(errno));
		return NULL;
	}
	root = parse_file(l, path, at);
	if (root == NULL || root->kind != YAML_TREE_MAP)
		return root;
	merge_included(l, root, &r);
	apply_overrides(l, root);
	return root;
}

struct yaml_tree *compose_read_files(struct compose *compose, const char *path,
    struct yaml_errors *errors)
{
	struct loader l = { .compose = compose, .errors = errors };
	struct yaml_tree *root = read_file(&l, path, NULL, NULL);

	if (errors->count == 0)
		return root;
	yaml_tree_free(root);
	return NULL;
}
