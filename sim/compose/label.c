/*
 * label.c: what the names of the cases of a file end with, such as
 * "[cache=none,part=1MiB,seed=7]".
 *
 * A label is also part of the name of a folder and of a link, so it has only
 * letters, digits and "._+-=,[]".  The values of an axis have different labels:
 * a value that is long, is not text, or looks like another one has its number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compose/impl.h"

/* Returns the last part of a path. */
static const char *last_part(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot != NULL ? dot + 1 : path;
}

/* Returns the key that is shown for an axis: short, if no other has it. */
static const char *shown_key(const struct compose *c,
    const struct compose_axis *axis)
{
	const char *key = last_part(axis->path->text);

	for (size_t i = 0; i < c->axes_count; i++)
		if (&c->axes[i] != axis && c->axes[i].path != NULL &&
		    strcmp(last_part(c->axes[i].path->text), key) == 0)
			return axis->path->text;
	return key;
}

/*
 * Writes text without spaces, and with "_" for other characters that a label
 * does not have.
 */
static void put_text(FILE *to, const char *text)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				      "._+-";

	for (; *text != '\0'; text++)
		if (*text != ' ')
			fputc(strchr(allowed, *text) != NULL ? *text : '_', to);
}

/* Writes a value: a text, or the only text in a list. */
static bool put_value(FILE *to, const struct yaml_tree *value)
{
	if (value->kind == YAML_TREE_LIST && value->count == 1)
		value = value->items[0];
	if (value->kind != YAML_TREE_TEXT)
		return false;
	put_text(to, value->text[0] != '\0' ? value->text : "none");
	return true;
}

/* Writes a row: its name, or its values.  Returns false if it has none. */
static bool put_row(FILE *to, const struct yaml_tree *row)
{
	const struct yaml_tree *name = yaml_tree_get(row, "name");
	const char *comma = "";

	if (name != NULL && name->kind == YAML_TREE_TEXT) {
		for (const char *at = name->text; *at != '\0'; at++)
			put_text(to, (char[]){ *at == ' ' ? '-' : *at, '\0' });
		return true;
	}
	for (size_t i = 0; i + 1 < row->count; i += 2) {
		if (row->items[i]->kind != YAML_TREE_TEXT ||
		    row->items[i + 1]->kind != YAML_TREE_TEXT ||
		    strcmp(row->items[i]->text, "title") == 0)
			continue;
		fputs(comma, to);
		put_text(to, last_part(row->items[i]->text));
		fputc('=', to);
		put_text(to, row->items[i + 1]->text);
		comma = ",";
	}
	return comma[0] != '\0';
}

/* Returns the label of a value, or "" if it needs its number; NULL: no memory. */
static char *label_of(const struct compose *c, const struct compose_axis *axis,
    const struct yaml_tree *value)
{
	char *text = NULL;
	size_t length = 0;
	FILE *to = open_memstream(&text, &length);
	size_t value_at = 0;
	bool shown;

	if (to == NULL)
		return NULL;
	if (axis->path == NULL) {
		shown = put_row(to, value);
	} else {
		put_text(to, shown_key(c, axis));
		fputc('=', to);
		fflush(to);
		value_at = length;
		shown = put_value(to, value);
	}
	if (fclose(to) != 0) {
		free(text);
		return NULL;
	}
	if (!shown || length - value_at > LABEL_VALUE_MAX || length == 0)
		text[0] = '\0';
	return text;
}

/* Returns a label with the number of the value, from 1. */
static char *numbered(const struct compose *c, const struct compose_axis *axis,
    size_t i)
{
	char *text;

	if (asprintf(&text, "%s=%zu",
		axis->path != NULL ? shown_key(c, axis) : "row", i + 1) < 0)
		return NULL;
	return text;
}

char **compose_labels(const struct compose *c, const struct compose_axis *axis)
{
	size_t count = axis->values->count, i;
	char **labels = calloc(count, sizeof *labels);

	for (i = 0; labels != NULL && i < count; i++) {
		bool again = false;

		labels[i] = label_of(c, axis, axis->values->items[i]);
		for (size_t j = 0; j < i && labels[i] != NULL; j++)
			again |= strcmp(labels[i], labels[j]) == 0;
		if (labels[i] != NULL && (again || labels[i][0] == '\0')) {
			free(labels[i]);
			labels[i] = numbered(c, axis, i);
		}
		if (labels[i] == NULL)
			break;
	}
	if (labels == NULL || i == count)
		return labels;
	while (i > 0)
		free(labels[--i]);
	free(labels);
	return NULL;
}

char *compose_label(const struct compose *c,
    const struct compose_choice *choice)
{
	const char *before = "[";
	char *text = NULL;
	size_t length;
	FILE *to = open_memstream(&text, &length);

	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < c->axes_count; i++) {
		fprintf(to, "%s%s", before,
		    c->axes[i].labels[choice->values[i]]);
		before = ",";
	}
	if (c->clocks_count > 1) {
		fprintf(to, "%sclock=%s", before,
		    choice->clock == COMPOSE_REAL ? "real" : "virtual");
		before = ",";
	}
	if (c->seeds_count > 1) {
		fprintf(to, "%sseed=%llu", before,
		    (unsigned long long)c->seeds[choice->seed_place]);
		before = ",";
	}
	if (before[0] == ',')
		fputc(']', to);
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}
