/*
 * unseen.h: the volumes that may hold something of a dump, and that were not
 * looked at.
 *
 * A dump is resumed only where all volumes were looked at that may hold a part
 * of it, or an attempt: what is on one that was not would be written again
 * under the same numbers.  Each volume is one of the library, or one that the
 * catalogue or an end record names.
 */
#ifndef SPLITTER_TOOL_VOLUMES_UNREAD_H
#define SPLITTER_TOOL_VOLUMES_UNREAD_H

#include "splitter/api/reader.h"
#include "splitter/tool/barcodes.h"

struct volumes_unread;

/*
 * `assumed` are the volumes that the caller knows to be as they were; it is
 * kept by the caller.  NULL if there is no memory.
 */
struct volumes_unread *volumes_unread_new(const struct barcodes *assumed);
void volumes_unread_free(struct volumes_unread *unseen);

/* A volume was looked at, to its end. */
bool volumes_unread_saw(struct volumes_unread *unseen, const char *volume);

/* All volumes of a scan: they were looked at, or they were not. */
bool volumes_unread_take_scan(struct volumes_unread *unseen,
    const struct splitter_scan *scan);

/*
 * A volume that may hold something of the dump was not looked at, unless it
 * was, for this reason.
 *
 * These three return false if there is no memory.
 */
bool volumes_unread_add(struct volumes_unread *unseen, const char *volume,
    const char *why);

/* Whether any volume was not looked at, because it is assumed to be there. */
bool volumes_unread_assumes(const struct volumes_unread *unseen);

/*
 * Names each volume that was not looked at on standard error.  Returns 0 if
 * all of them are assumed to be present; else -1 with a sentence.
 */
int volumes_unread_check(const struct volumes_unread *unseen, const char *dump,
    char *err, size_t err_bytes);

/* Names each volume that a scan could not read, on standard error. */
void volumes_unread_print(const struct splitter_scan *scan);

#endif
