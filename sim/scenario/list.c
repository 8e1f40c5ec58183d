/* list.c: a list of entries, whose members their readers fill in. */
#include <stdlib.h>

#include "sim/scenario/reader.h"

void *scenario_new_entries(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node, size_t entry_bytes, const char *form)
{
	void *entries;

	if (node->kind == YAML_TREE_BROKEN || yaml_tree_is_empty(node))
		return NULL;
	if (node->kind != YAML_TREE_LIST) {
		key_error(keys, node,
		    "%s: must be a list; begin each entry with \"- \", %s",
		    key->name, form);
		return NULL;
	}
	entries = calloc(node->count + 1, entry_bytes);
	if (entries == NULL)
		key_error(keys, node, "out of memory");
	return entries;
}
