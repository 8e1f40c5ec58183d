/* text.h: texts in the data of a device. */
#ifndef SPLITTER_SCSI_TEXT_H
#define SPLITTER_SCSI_TEXT_H

#include <stddef.h>

/*
 * Copies a field to `text`, without blanks and NULs around it.  A character
 * that cannot be printed becomes "?".  `text_bytes` > 0.
 */
void scsi_text(char *text, size_t text_bytes, const void *field,
    size_t field_bytes);

#endif
