/*
 * condition.c: the conditions of `when` and `exclude`: paths, and the values
 * that they must have in a case.
 *
 * Texts are compared as they are written.  The paths "clock" and "seed" are the
 * clock and the seed of the case.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compose/impl.h"

/* Returns the entry of a list or mapping with this name, or NULL. */
static const struct yaml_tree *entry_of(const struct yaml_tree *node,
    const char *name, size_t length)
{
	char text[64];
	size_t number;

	if (length >= sizeof text)
		return NULL;
	snprintf(text, sizeof text, "%.*s", (int)length, name);
	if (node->kind == YAML_TREE_MAP)
		return yaml_tree_get(node, text);
	if (node->kind != YAML_TREE_LIST ||
	    strspn(text, "0123456789") != length || length > 7)
		return NULL;
	number = strtoul(text, NULL, 10);
	return number >= 1 && number <= node->count ? node->items[number - 1]
						    : NULL;
}

static const struct yaml_tree *value_at(const struct yaml_tree *root,
    const char *path)
{
	const struct yaml_tree *node = root;

	for (const char *at = path; node != NULL; at++) {
		size_t length = strcspn(at, ".");

		node = entry_of(node, at, length);
		at += length;
		if (*at == '\0')
			break;
	}
	return node;
}

static bool equal(const struct yaml_tree *a, const struct yaml_tree *b)
{
	if (a->kind != b->kind || a->count != b->count)
		return false;
	if (a->kind == YAML_TREE_TEXT)
		return strcmp(a->text, b->text) == 0;
	for (size_t i = 0; i < a->count; i++)
		if (!equal(a->items[i], b->items[i]))
			return false;
	return true;
}

/* Returns whether a value is the wanted one, or one of a list of them. */
static bool is_one_of(const struct yaml_tree *value,
    const struct yaml_tree *wanted)
{
	if (equal(value, wanted))
		return true;
	for (size_t i = 0; wanted->kind == YAML_TREE_LIST && i < wanted->count;
	     i++)
		if (equal(value, wanted->items[i]))
			return true;
	return false;
}

bool compose_matches(const struct yaml_tree *conditions,
    const struct yaml_tree *root, const struct compose *c,
    const struct compose_choice *choice)
{
	char seed[24] = "", clock[8];

	snprintf(clock, sizeof clock, "%s",
	    choice->clock == COMPOSE_REAL ? "real" : "virtual");
	if (c->seeds_count > 0)
		snprintf(seed, sizeof seed, "%llu",
		    (unsigned long long)c->seeds[choice->seed_place]);
	for (size_t i = 0; i + 1 < conditions->count; i += 2) {
		const struct yaml_tree *key = conditions->items[i];
		const struct yaml_tree *value = NULL;
		struct yaml_tree own = { .kind = YAML_TREE_TEXT };

		if (key->kind != YAML_TREE_TEXT)
			return false;
		if (strcmp(key->text, "clock") == 0) {
			own.text = clock;
			value = &own;
		} else if (strcmp(key->text, "seed") == 0) {
			own.text = seed;
			value = &own;
		} else {
			value = value_at(root, key->text);
		}
		if (value == NULL ||
		    !is_one_of(value, conditions->items[i + 1]))
			return false;
	}
	return true;
}
