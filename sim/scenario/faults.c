/* scenario_faults.c: the key "faults" of a scenario, a list. */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/fields.h"

void scenario_read_faults(struct scenario_reader *reader, const char *key,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;

	if (node->kind == YAML_TREE_BROKEN || yaml_tree_is_empty(node))
		return;
	if (node->kind != YAML_TREE_LIST) {
		scenario_error(reader, node,
		    "%s: this is a list; begin each "
		    "entry with \"- \", such as - {volume: 2, at: 1 GiB, fail: "
		    "write}",
		    key);
		return;
	}
	s->faults = calloc(node->count + 1, sizeof(*s->faults));
	if (s->faults == NULL) {
		scenario_error(reader, node, "no memory left");
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		reader->fault = &s->faults[s->faults_count++];
		scenario_fault_init(reader->fault);
		reader->fault->line = node->items[i]->line;
		scenario_read_fault(reader, node->items[i]);
	}
}
