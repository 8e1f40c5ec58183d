/* tree.c: see tree.h. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "vtl/yaml/file.h"
#include "vtl/yaml/hint.h"
#include "vtl/yaml/tree.h"
#include "splitter/base/grow.h"

struct loader {
	yaml_parser_t parser;
	struct yaml_errors *errors;
	const char *source;
	size_t source_bytes;
	bool stopped; /* an error was added, and nothing more can be read */
};

static void add_at(struct loader *loader, yaml_mark_t mark, const char *message)
{
	yaml_errors_add(loader->errors, (int)mark.line + 1,
	    (int)mark.column + 1, "%s", message);
}

static void stop_without_memory(struct loader *loader)
{
	loader->stopped = true;
	yaml_errors_add(loader->errors, 0, 0, "out of memory");
}

/* Gets the next event.  Returns false on an error, which was added. */
static bool next_event(struct loader *loader, yaml_event_t *event)
{
	if (yaml_parser_parse(&loader->parser, event))
		return true;
	loader->stopped = true;
	yaml_hint_add(loader->errors, &loader->parser, loader->source,
	    loader->source_bytes);
	return false;
}

static struct yaml_tree *node_new(struct loader *loader,
    enum yaml_tree_kind kind, yaml_mark_t mark)
{
	struct yaml_tree *node = calloc(1, sizeof(*node));

	if (node == NULL) {
		stop_without_memory(loader);
		return NULL;
	}
	node->kind = kind;
	node->line = (int)mark.line + 1;
	node->column = (int)mark.column + 1;
	return node;
}

/* Appends a child to a node. */
static bool node_append(struct loader *loader, struct yaml_tree *node,
    struct yaml_tree *item)
{
	struct yaml_tree **items =
	    grow_by_one(node->items, node->count, sizeof *items);

	if (items == NULL) {
		stop_without_memory(loader);
		yaml_tree_free(item);
		return false;
	}
	node->items = items;
	node->items[node->count++] = item;
	return true;
}

/* Refuses anchors and tags; the node itself is still read. */
static void refuse_properties(struct loader *loader, const yaml_event_t *event,
    const yaml_char_t *anchor, const yaml_char_t *tag)
{
	if (anchor != NULL)
		add_at(loader, event->start_mark,
		    "anchors (&name) are not allowed; quote a value that "
		    "begins with &");
	if (tag != NULL)
		add_at(loader, event->start_mark,
		    "tags (!name) are not allowed; quote a value that begins "
		    "with !");
}

static struct yaml_tree *text_node(struct loader *loader,
    const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	struct yaml_tree *node;

	refuse_properties(loader, event, event->data.scalar.anchor,
	    event->data.scalar.tag);
	if (strlen(text) != length) {
		add_at(loader, event->start_mark,
		    "a value must not have a zero byte");
		return node_new(loader, YAML_TREE_BROKEN, event->start_mark);
	}
	node = node_new(loader, YAML_TREE_TEXT, event->start_mark);
	if (node == NULL)
		return NULL;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	    event->start_mark.line == event->end_mark.line;
	node->text = strdup(text);
	if (node->text == NULL) {
		stop_without_memory(loader);
		yaml_tree_free(node);
		return NULL;
	}
	return node;
}

static struct yaml_tree *read_node(struct loader *, const yaml_event_t *,
    int depth);

/* Reads the children of `node` up to the event that ends it. */
static void read_items(struct loader *loader, struct yaml_tree *node, int depth)
{
	yaml_event_t event;

	while (!loader->stopped && next_event(loader, &event)) {
		struct yaml_tree *item;
		bool end = event.type == YAML_SEQUENCE_END_EVENT ||
		    event.type == YAML_MAPPING_END_EVENT;

		item = end ? NULL : read_node(loader, &event, depth + 1);
		yaml_event_delete(&event);
		if (item == NULL || !node_append(loader, node, item))
			return;
	}
}

static struct yaml_tree *branch_node(struct loader *loader,
    const yaml_event_t *event, int depth)
{
	bool map = event->type == YAML_MAPPING_START_EVENT;
	struct yaml_tree *node;

	if (depth == YAML_TREE_DEPTH_MAX) {
		loader->stopped = true;
		add_at(loader, event->start_mark,
		    "nested too deep; no key has a value like this");
		return NULL;
	}
	if (map)
		refuse_properties(loader, event,
		    event->data.mapping_start.anchor,
		    event->data.mapping_start.tag);
	else
		refuse_properties(loader, event,
		    event->data.sequence_start.anchor,
		    event->data.sequence_start.tag);
	node = node_new(loader, map ? YAML_TREE_MAP : YAML_TREE_LIST,
	    event->start_mark);
	if (node != NULL)
		read_items(loader, node, depth);
	return node;
}

/* Returns the node that begins with `event`; NULL if the loader has stopped. */
static struct yaml_tree *read_node(struct loader *loader,
    const yaml_event_t *event, int depth)
{
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		add_at(loader, event->start_mark,
		    "aliases (*name) are not allowed; quote a value that "
		    "begins with *");
		return node_new(loader, YAML_TREE_BROKEN, event->start_mark);
	case YAML_SCALAR_EVENT:
		return text_node(loader, event);
	default:
		return branch_node(loader, event, depth);
	}
}

/* Reads the only document; a second document is an error. */
static struct yaml_tree *read_stream(struct loader *loader)
{
	struct yaml_tree *root = NULL;
	bool second = false, end = false;
	yaml_event_t event;

	while (!loader->stopped && !end && next_event(loader, &event)) {
		switch (event.type) {
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		case YAML_DOCUMENT_START_EVENT:
			second = root != NULL;
			if (second)
				add_at(loader, event.start_mark,
				    "a second document begins here; put it "
				    "into a file of its own");
			end = second;
			break;
		case YAML_STREAM_END_EVENT:
			end = true;
			break;
		default:
			root = read_node(loader, &event, 0);
			break;
		}
		yaml_event_delete(&event);
	}
	if (root == NULL && !loader->stopped)
		yaml_errors_add(loader->errors, 1, 1,
		    "the file is empty; its keys are missing, such as title");
	if (loader->stopped) {
		yaml_tree_free(root);
		root = NULL;
	}
	return root;
}

struct yaml_tree *yaml_tree_parse(const char *text, size_t bytes,
    struct yaml_errors *errors)
{
	struct loader loader = {
		.errors = errors, .source = text, .source_bytes = bytes
	};
	struct yaml_tree *root;

	if (!yaml_parser_initialize(&loader.parser)) {
		stop_without_memory(&loader);
		return NULL;
	}
	yaml_parser_set_input_string(&loader.parser,
	    (const unsigned char *)text, bytes);
	root = read_stream(&loader);
	yaml_parser_delete(&loader.parser);
	return root;
}

struct yaml_tree *yaml_tree_read(const char *path, const char *what,
    struct yaml_errors *errors)
{
	struct yaml_tree *root;
	size_t bytes;
	char *source = yaml_file_read(path, what, &bytes, errors);

	if (source == NULL)
		return NULL;
	root = yaml_tree_parse(source, bytes, errors);
	free(source);
	return root;
}

const struct yaml_tree *yaml_tree_get(const struct yaml_tree *map,
    const char *key)
{
	if (map == NULL || map->kind != YAML_TREE_MAP)
		return NULL;
	for (size_t i = 0; i + 1 < map->count; i += 2)
		if (map->items[i]->kind == YAML_TREE_TEXT &&
		    strcmp(map->items[i]->text, key) == 0)
			return map->items[i + 1];
	return NULL;
}

void yaml_tree_error(struct yaml_errors *errors, const struct yaml_tree *node,
    int column, const char *format, ...)
{
	const char *file = errors->file;
	char message[YAML_ERROR_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	errors->file = node->file;
	if (node->set != NULL)
		yaml_errors_add(errors, 0, 0, "--set %.200s: %s", node->set,
		    message);
	else
		yaml_errors_add(errors, node->line, node->column + column, "%s",
		    message);
	errors->file = file;
}

bool yaml_tree_is_empty(const struct yaml_tree *node)
{
	return node->kind == YAML_TREE_TEXT && node->plain &&
	    node->text[0] == '\0';
}

void yaml_tree_free(struct yaml_tree *tree)
{
	if (tree == NULL)
		return;
	for (size_t i = 0; i < tree->count; i++)
		yaml_tree_free(tree->items[i]);
	free(tree->items);
	free(tree->text);
	free(tree);
}
