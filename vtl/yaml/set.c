/* set.c: see set.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/yaml/set.h"
#include "splitter/base/grow.h"

enum { NAME_BYTES = 64 };

/* What is set, and the place of its errors and of the nodes that it adds. */
struct setting {
	struct yaml_tree at; /* without text and items */
	const char *path;    /* named in messages; NULL: `at` names it */
	struct yaml_errors *errors;
};

/* Adds an error of the setting.  Returns -1. */
static int __attribute__((format(printf, 2, 3)))
fail(const struct setting *s, const char *format, ...)
{
	char message[YAML_ERROR_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	yaml_tree_error(s->errors, &s->at, 0, "%.200s%s%s",
	    s->path != NULL ? s->path : "", s->path != NULL ? ": " : "",
	    message);
	return -1;
}

/* Marks a tree as the value of the argument. */
static void mark(struct yaml_tree *node, const char *argument)
{
	node->set = argument;
	for (size_t i = 0; i < node->count; i++)
		mark(node->items[i], argument);
}

static struct yaml_tree *new_node(const struct setting *s,
    enum yaml_tree_kind kind, const char *text)
{
	struct yaml_tree *node = calloc(1, sizeof *node);

	if (node != NULL && text != NULL)
		node->text = strdup(text);
	if (node == NULL || (text != NULL && node->text == NULL)) {
		free(node);
		fail(s, "out of memory");
		return NULL;
	}
	node->kind = kind;
	node->line = s->at.line;
	node->column = s->at.column;
	node->plain = true;
	node->set = s->at.set;
	node->file = s->at.file;
	return node;
}

/* Appends `item`, which may be NULL, and takes it.  Returns 0 or -1. */
static int append(const struct setting *s, struct yaml_tree *node,
    struct yaml_tree *item)
{
	struct yaml_tree **items;

	if (item == NULL)
		return -1;
	items = grow_by_one(node->items, node->count, sizeof *items);
	if (items == NULL) {
		yaml_tree_free(item);
		return fail(s, "out of memory");
	}
	node->items = items;
	node->items[node->count++] = item;
	return 0;
}

/* Returns the number that the name is, or 0. */
static size_t number_of(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < 8 && strspn(name, "0123456789") == length
	    ? strtoul(name, NULL, 10)
	    : 0;
}

/* An empty value becomes the mapping or list that the name needs. */
static void fit(struct yaml_tree *node, const char *name)
{
	if (!yaml_tree_is_empty(node))
		return;
	free(node->text);
	node->text = NULL;
	node->kind = number_of(name) > 0 ? YAML_TREE_LIST : YAML_TREE_MAP;
}

/*
 * Returns the place of an entry of the list.  Adds an empty value if it is the
 * next entry.
 */
static struct yaml_tree **entry(const struct setting *s, struct yaml_tree *list,
    const char *name)
{
	size_t number = number_of(name);

	if (number == 0 || number > list->count + 1) {
		fail(s,
		    "\"%s\" is not an entry of this list, which has %zu; "
		    "entries count from 1, and %zu adds one",
		    name, list->count, list->count + 1);
		return NULL;
	}
	if (number == list->count + 1 &&
	    append(s, list, new_node(s, YAML_TREE_TEXT, "")) != 0)
		return NULL;
	return &list->items[number - 1];
}

/* Returns the place of the value of a key.  Adds an empty value if needed. */
static struct yaml_tree **value(const struct setting *s, struct yaml_tree *map,
    const char *name)
{
	for (size_t i = 0; i + 1 < map->count; i += 2)
		if (map->items[i]->kind == YAML_TREE_TEXT &&
		    strcmp(map->items[i]->text, name) == 0)
			return &map->items[i + 1];
	if (append(s, map, new_node(s, YAML_TREE_TEXT, name)) != 0)
		return NULL;
	if (append(s, map, new_node(s, YAML_TREE_TEXT, "")) != 0) {
		/* A key without a value would break the mapping. */
		yaml_tree_free(map->items[--map->count]);
		return NULL;
	}
	return &map->items[map->count - 1];
}

/* Returns the place at the path, which has `length` bytes, or NULL. */
static struct yaml_tree **find(const struct setting *s, struct yaml_tree *root,
    const char *path, size_t length)
{
	struct yaml_tree **place = NULL, *node = root;
	const char *end = path + length, *at = path;

	for (;;) {
		const char *dot = memchr(at, '.', (size_t)(end - at));
		size_t bytes = (size_t)((dot != NULL ? dot : end) - at);
		char name[NAME_BYTES];

		if (bytes == 0 || bytes >= sizeof name) {
			fail(s, "the name of a key is %s",
			    bytes == 0 ? "empty" : "too long");
			return NULL;
		}
		snprintf(name, sizeof name, "%.*s", (int)bytes, at);
		fit(node, name);
		if (node->kind != YAML_TREE_MAP &&
		    node->kind != YAML_TREE_LIST) {
			fail(s, "%.*s is one value and has no key \"%s\"",
			    (int)(at > path ? at - path - 1 : 0), path, name);
			return NULL;
		}
		place = node->kind == YAML_TREE_LIST ? entry(s, node, name)
						     : value(s, node, name);
		if (place == NULL || dot == NULL)
			return place;
		node = *place;
		at = dot + 1;
	}
}

/* Parses the value.  Returns NULL after an error. */
static struct yaml_tree *parse(const struct setting *s, const char *text)
{
	struct yaml_errors own = { 0 };
	struct yaml_tree *tree;

	if (text[strspn(text, " \t")] == '\0')
		return new_node(s, YAML_TREE_TEXT, "");
	tree = yaml_tree_parse(text, strlen(text), &own);
	for (size_t i = 0; i < own.kept; i++)
		fail(s, "%s", own.items[i].message);
	if (own.count > own.kept) /* without memory for a message */
		fail(s, "out of memory");
	if (own.count > 0) {
		yaml_tree_free(tree);
		tree = NULL;
	}
	yaml_errors_clear(&own);
	if (tree != NULL)
		mark(tree, s->at.set);
	return tree;
}

/* Puts a tree, which is taken, at the path.  Returns 0 or -1. */
static int put(const struct setting *s, struct yaml_tree *root,
    const char *path, size_t length, struct yaml_tree *tree)
{
	struct yaml_tree **place = find(s, root, path, length);

	if (place == NULL) {
		yaml_tree_free(tree);
		return -1;
	}
	yaml_tree_free(*place);
	*place = tree;
	return 0;
}

int yaml_put(struct yaml_tree *root, const char *path, struct yaml_tree *tree,
    const struct yaml_tree *at, struct yaml_errors *errors)
{
	const struct setting s = {
		.at = { .line = at->line,
		    .column = at->column,
		    .set = at->set,
		    .file = at->file },
		.path = path,
		.errors = errors,
	};

	return put(&s, root, path, strlen(path), tree);
}

int yaml_set(struct yaml_tree *root, const char *argument,
    struct yaml_errors *errors)
{
	const struct setting s = { .at = { .set = argument },
		.errors = errors };
	const char *equals = strchr(argument, '=');
	struct yaml_tree *tree;

	if (equals == NULL)
		return fail(&s, "write KEY=VALUE, such as splitter.block=1MiB");
	tree = parse(&s, equals + 1);
	if (tree == NULL)
		return -1;
	return put(&s, root, argument, (size_t)(equals - argument), tree);
}
