/* facts.c: see facts.h. */
#include "sim/tune/points/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "vtl/model/profile.h"
#include "vtl/yaml/tree.h"

static int add(struct tune_facts *facts, const char *name, const char *value,
    const char *source, bool estimate)
{
	struct tune_fact *list =
	    grow_by_one(facts->list, facts->count, sizeof *list);

	if (list == NULL)
		return -1;
	facts->list = list;
	list += facts->count;
	*list = (struct tune_fact){
		.name = strdup(name),
		.value = strdup(value),
		.source = source != NULL ? strdup(source) : NULL,
		.estimate = estimate,
	};
	facts->count++;
	return list->name == NULL || list->value == NULL ||
		(source != NULL && list->source == NULL)
	    ? -1
	    : 0;
}

/* Writes a value, or the values of a list, with commas. */
static void put_value(FILE *out, const struct yaml_tree *node)
{
	if (node->kind == YAML_TREE_TEXT)
		fputs(node->text, out);
	for (size_t i = 0; node->kind == YAML_TREE_LIST && i < node->count;
	     i++) {
		fputs(i > 0 ? ", " : "", out);
		put_value(out, node->items[i]);
	}
}

static int add_leaf(struct tune_facts *facts, const char *name,
    const struct yaml_tree *node)
{
	const struct yaml_tree *value = yaml_tree_get(node, "value"),
			       *source = yaml_tree_get(node, "source"),
			       *estimate = yaml_tree_get(node, "estimate");
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	int rc = -1;

	if (out == NULL)
		return -1;
	put_value(out, value != NULL ? value : node);
	if (fclose(out) == 0)
		rc =
		    add(facts, name, text, source != NULL ? source->text : NULL,
			estimate != NULL && estimate->text != NULL &&
			    strcmp(estimate->text, "true") == 0);
	free(text);
	return rc;
}

/* Adds what is below a mapping. */
static int walk(struct tune_facts *facts, const char *path,
    const struct yaml_tree *map)
{
	char *name;
	int rc = 0;

	for (size_t i = 0; i + 1 < map->count && rc == 0; i += 2) {
		const struct yaml_tree *value = map->items[i + 1];

		if (asprintf(&name, "%s%s%s", path, *path != '\0' ? "." : "",
			map->items[i]->text) < 0)
			return -1;
		if (value->kind == YAML_TREE_MAP &&
		    yaml_tree_get(value, "value") == NULL)
			rc = walk(facts, name, value);
		else
			rc = add_leaf(facts, name, value);
		free(name);
	}
	return rc;
}

/* Returns the profile as a tree, or NULL. */
static struct yaml_tree *read_profile(const struct scenario *s,
    struct yaml_errors *errors)
{
	const char *text;
	char *path;
	struct yaml_tree *root;

	if (!profile_is_path(s->model_name)) {
		text = profile_text(s->drives[0]->name);
		return text == NULL
		    ? NULL
		    : yaml_tree_parse(text, strlen(text), errors);
	}
	path = scenario_path_beside(s, s->model_name);
	if (path == NULL)
		return NULL;
	root = yaml_tree_read(path, "profile", errors);
	free(path);
	return root;
}

int tune_facts_read(const struct scenario *s, struct tune_facts *facts,
    char *err, size_t err_bytes)
{
	struct yaml_errors errors = { 0 };
	struct yaml_tree *root;
	int rc = 0;

	*facts = (struct tune_facts){ .own = profile_is_path(s->model_name) };
	root = read_profile(s, &errors);
	if (root != NULL && root->kind == YAML_TREE_MAP)
		rc = walk(facts, "", root);
	else if (facts->own || errors.count > 0)
		rc = -1;
	if (rc != 0)
		snprintf(err, err_bytes, "the profile of the drive %s: %s",
		    s->model_name,
		    errors.kept > 0 ? errors.items[0].message
				    : "out of memory");
	yaml_tree_free(root);
	yaml_errors_clear(&errors);
	return rc;
}

const struct tune_fact *tune_facts_find(const struct tune_facts *facts,
    const char *name)
{
	for (size_t i = 0; i < facts->count; i++)
		if (strcmp(facts->list[i].name, name) == 0)
			return &facts->list[i];
	return NULL;
}

bool tune_facts_are_doubtful(const struct tune_facts *facts, const char *name)
{
	const struct tune_fact *fact = tune_facts_find(facts, name);

	return fact == NULL || fact->estimate;
}

void tune_facts_clear(struct tune_facts *facts)
{
	for (size_t i = 0; i < facts->count; i++) {
		free(facts->list[i].name);
		free(facts->list[i].value);
		free(facts->list[i].source);
	}
	free(facts->list);
	*facts = (struct tune_facts){ .list = NULL };
}
