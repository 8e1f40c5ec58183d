/*
 * hint.h: describes the error at which the YAML parser stopped.
 */
#ifndef VTL_YAML_HINT_H
#define VTL_YAML_HINT_H

#include <stddef.h>
#include <yaml.h>

#include "vtl/yaml/errors.h"

/*
 * Adds the error at which `parser` stopped.  Its place is where the unreadable
 * piece of `source` begins.  The message says what to do if the character at
 * that place shows it.
 */
void yaml_hint_add(struct yaml_errors *errors, const yaml_parser_t *parser,
    const char *source, size_t source_bytes);

#endif
