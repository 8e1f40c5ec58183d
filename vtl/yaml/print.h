/* print.h: prints a tree, or a text, as YAML on one line. */
#ifndef VTL_YAML_PRINT_H
#define VTL_YAML_PRINT_H

#include <stdio.h>

#include "vtl/yaml/tree.h"

/*
 * Returns the tree as YAML that reads as the same tree, with mappings in braces
 * and lists in brackets: "{fail: block, nth: 7}".  The caller frees it.  NULL
 * without memory.
 */
char *yaml_tree_print(const struct yaml_tree *tree);

/*
 * Writes any text so that it reads as this text, also within braces or brackets:
 * in quotes where it would not without.
 */
void yaml_text_print(FILE *to, const char *text);

#endif
