/* edit.h: changes a value in the text of a file, and nothing else. */
#ifndef VTL_YAML_EDIT_H
#define VTL_YAML_EDIT_H

#include <stddef.h>

/* A value in a text: from `begin` to `end`, in bytes; lines count from 1. */
struct yaml_edit {
	size_t begin, end;
	int line, last_line;
};

/*
 * Finds the text value that begins in a line and equals `old`, except for blanks
 * at its end, and sets `*place`.  Returns its new form, which the caller frees:
 * quoted like the old one; if the old one has several lines or the new one is
 * too long for its line, it is folded.  Returns NULL if the text is not valid
 * YAML or has no such value, if the new form would not be read as `text`, or
 * without memory.
 */
char *yaml_edit_value(const char *source, int line, const char *old,
    const char *text, struct yaml_edit *place);

#endif
