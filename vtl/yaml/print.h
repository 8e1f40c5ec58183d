/* print.h: prints a tree as YAML on one line. */
#ifndef VTL_YAML_PRINT_H
#define VTL_YAML_PRINT_H

#include "vtl/yaml/tree.h"

/*
 * Returns the tree as YAML that reads as the same tree, with mappings in braces
 * and lists in brackets: "{fail: block, nth: 7}".  The caller frees it.  NULL
 * without memory.
 */
char *yaml_tree_print(const struct yaml_tree *tree);

#endif
