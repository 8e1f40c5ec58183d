/*
 * yaml_hint.h: what to do about a file that is not valid YAML.
 */
#ifndef SIM_YAML_HINT_H
#define SIM_YAML_HINT_H

#include <stddef.h>
#include <yaml.h>

#include "sim/yaml/errors.h"

/*
 * Adds the error at which `parser` stopped, with its place in `source` and,
 * where the cause can be told from what stands there, how to mend it.
 */
void yaml_hint_add(struct yaml_errors *errors, const yaml_parser_t *parser,
    const char *source, size_t source_bytes);

#endif
