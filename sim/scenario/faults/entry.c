/* entry.c: reads single mappings; see entry.h. */
#include "sim/scenario/faults/entry.h"

#include <stdlib.h>
#include <string.h>

#include "sim/scenario/faults/impl.h"

static struct yaml_tree *parse(const char *text, struct yaml_errors *errors)
{
	static const char wanted[] = "this is a mapping, in braces: {key: "
				     "value, ...}";
	struct yaml_tree *root;

	if (text[strspn(text, " \t\n")] == '\0') {
		yaml_errors_add(errors, 1, 1, "%s", wanted);
		return NULL;
	}
	root = yaml_tree_parse(text, strlen(text), errors);
	if (root == NULL || root->kind == YAML_TREE_MAP)
		return root;
	yaml_errors_add(errors, root->line, root->column, "%s", wanted);
	yaml_tree_free(root);
	return NULL;
}

/*
 * Prints the errors, and frees the tree.  Returns whether there were no errors.
 */
static bool finish(struct yaml_tree *root, struct yaml_errors *errors,
    const struct scenario_entry_errors *to)
{
	bool good = errors->count == 0;

	yaml_errors_report(errors, to->what, to->report, to->arg);
	yaml_errors_clear(errors);
	yaml_tree_free(root);
	return good;
}

bool scenario_entry_behaviour(const char *text, struct drive_options *options,
    const struct scenario_entry_errors *to)
{
	struct yaml_errors errors = { 0 };
	struct drive_options read = *options;
	struct scenario_reader reader = { .keys.errors = &errors,
		.behaviour = &read };
	struct yaml_tree *root = parse(text, &errors);

	if (root != NULL)
		scenario_read_behaviour(&reader.keys, NULL, root);
	/* A drive that is not buffered has no buffer size. */
	if (read.buffering == DRIVE_UNBUFFERED)
		read.buffer_bytes = 0;
	if (!finish(root, &errors, to))
		return false;
	*options = read;
	return true;
}

bool scenario_entry_fault(const char *text, struct scenario *library,
    struct scenario_fault *fault, const struct scenario_entry_errors *to)
{
	struct yaml_errors errors = { 0 };
	struct scenario_fault read;
	/* There is no dump: nothing is known of it. */
	struct scenario_unknown unknown = { .size = true, .cache = true };
	struct scenario_reader reader = { .keys.errors = &errors,
		.scenario = library,
		.fault = &read,
		.by_barcode = true,
		.unknown = &unknown,
		.cache_bad = true };
	struct yaml_tree *root = parse(text, &errors);

	scenario_fault_init(&read);
	if (root != NULL)
		scenario_read_fault(&reader, root);
	if (!finish(root, &errors, to))
		return false;
	*fault = read;
	return true;
}
