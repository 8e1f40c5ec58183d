/* file.h: reads a YAML file as text. */
#ifndef VTL_YAML_FILE_H
#define VTL_YAML_FILE_H

#include <stddef.h>

#include "vtl/yaml/errors.h"

/*
 * Returns the bytes of the file, or of the standard input if `path` is NULL, and
 * a zero byte after them.  The caller frees them.  Returns NULL if an error was
 * added.  `what` names the file in messages: "scenario".
 */
char *yaml_file_read(const char *path, const char *what, size_t *bytes,
    struct yaml_errors *errors);

/* The same for a file that is open, and that the caller closes. */
char *yaml_file_read_open(int fd, const char *what, size_t *bytes,
    struct yaml_errors *errors);

#endif
