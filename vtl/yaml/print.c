/* print.c: see print.h. */
#include "vtl/yaml/print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Returns whether a text that is one without quotes also is one in braces or
 * brackets.
 */
static bool is_bare(const char *text)
{
	size_t length = strlen(text);

	return length > 0 && strcspn(text, ",[]{}\"'\n\t") == length &&
	    strstr(text, ": ") == NULL && strstr(text, " #") == NULL &&
	    text[length - 1] != ':';
}

static void print_quoted(FILE *to, const char *text)
{
	putc('"', to);
	for (const unsigned char *c = (const unsigned char *)text; *c != '\0';
	     c++) {
		if (*c == '"' || *c == '\\')
			fprintf(to, "\\%c", *c);
		else if (*c < ' ' || *c == 0x7f)
			fprintf(to, "\\x%02x", *c);
		else
			putc(*c, to);
	}
	putc('"', to);
}

void yaml_text_print(FILE *to, const char *text)
{
	size_t length = strlen(text);

	if (is_bare(text) && strchr("-?:#&*!|>%@` ", text[0]) == NULL &&
	    text[length - 1] != ' ')
		fputs(text, to);
	else
		print_quoted(to, text);
}

static void print(FILE *to, const struct yaml_tree *node)
{
	bool map = node->kind == YAML_TREE_MAP;

	switch (node->kind) {
	case YAML_TREE_BROKEN:
		return;
	case YAML_TREE_TEXT:
		if ((node->plain && is_bare(node->text)) ||
		    yaml_tree_is_empty(node))
			fputs(node->text, to);
		else
			print_quoted(to, node->text);
		return;
	case YAML_TREE_LIST:
	case YAML_TREE_MAP:
		break;
	}
	putc(map ? '{' : '[', to);
	for (size_t i = 0; i < node->count; i++) {
		if (i > 0)
			fputs(map && i % 2 == 1 ? ": " : ", ", to);
		print(to, node->items[i]);
	}
	putc(map ? '}' : ']', to);
}

char *yaml_tree_print(const struct yaml_tree *tree)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);

	if (to == NULL)
		return NULL;
	print(to, tree);
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}
