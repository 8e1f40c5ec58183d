/*
 * volumes_unread.h: volumes that may hold data of a dump and were not scanned.
 *
 * A dump is resumed only if all volumes were scanned that may hold a part of
 * it, or an attempt: otherwise these parts would be written again under the
 * same numbers.  Such a volume is in the library, or is named by the catalogue
 * or an end record.
 */
#ifndef SPLITTER_TOOL_VOLUMES_UNREAD_H
#define SPLITTER_TOOL_VOLUMES_UNREAD_H

#include "splitter/api/reader.h"
#include "splitter/tool/barcodes.h"

struct volumes_unread;

/*
 * Creates an empty list.  `assumed` are the volumes that the caller assumes to
 * be unchanged; they must stay valid.  Returns NULL if there is no memory.
 */
struct volumes_unread *volumes_unread_new(const struct barcodes *assumed);
void volumes_unread_free(struct volumes_unread *unseen);

/*
 * Adds a volume that was scanned to its end.  Returns false if there is no
 * memory.
 */
bool volumes_unread_add_read(struct volumes_unread *unseen, const char *volume);

/*
 * Adds all volumes of a scan, whether they were scanned or not.  Returns false
 * if there is no memory.
 */
bool volumes_unread_add_scan(struct volumes_unread *unseen,
    const struct splitter_scan *scan);

/*
 * Adds a volume that may hold data of the dump and was not scanned, with the
 * reason.  Has no effect on a volume that was added as scanned.  Returns false
 * if there is no memory.
 */
bool volumes_unread_add(struct volumes_unread *unseen, const char *volume,
    const char *why);

/*
 * Returns whether a volume was not scanned because it is assumed to be present.
 */
bool volumes_unread_assumes(const struct volumes_unread *unseen);

/*
 * Prints each volume that was not scanned on standard error.  Returns 0 if all
 * of them are assumed to be present; otherwise -1 with a message.
 */
int volumes_unread_check(const struct volumes_unread *unseen, const char *dump,
    char *err, size_t err_bytes);

/* Prints each volume that a scan could not read, on standard error. */
void volumes_unread_print(const struct splitter_scan *scan);

#endif
