/*
 * name.h: names of initiators and targets (RFC 7143, clause 4.2.7).
 *
 * A name is one of
 *
 *     iqn.YYYY-MM.AUTHORITY[:TEXT]
 *     eui.16 hexadecimal digits
 *     naa.16 or 32 hexadecimal digits
 *
 * with at most 223 bytes.  AUTHORITY and TEXT have the characters a to z, 0 to
 * 9, '-', '.', ':'; tapelab also accepts '_', which programs use.  Names are
 * compared in lower case.
 */
#ifndef VTL_ISCSI_NAME_H
#define VTL_ISCSI_NAME_H

#include <stdbool.h>

enum { ISCSI_NAME_BYTES = 224 /* with the terminating zero */ };

/*
 * Writes a name in lower case.  Returns NULL; or, if `text` is not a name, what
 * is wrong with it: a part of a sentence for a person, such as "is longer than
 * 223 bytes".  `name` is then "".
 */
const char *iscsi_name_read(const char *text, char name[ISCSI_NAME_BYTES]);

/*
 * Writes the default name of a library: "iqn.2026-11.tapelab:" and the name of
 * the library in lower case, with '-' for other characters.
 */
void iscsi_name_of_library(const char *library, char name[ISCSI_NAME_BYTES]);

#endif
