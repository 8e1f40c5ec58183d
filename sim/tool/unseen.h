/*
 * unseen.h: the volumes that may hold something of a dump, and that were not
 * looked at.
 *
 * A dump is resumed only where all volumes were looked at that may hold a part
 * of it, or an attempt: what is on one that was not would be written again
 * under the same numbers.  Each volume is one of the library, or one that the
 * catalogue or an end record names.
 */
#ifndef SIM_UNSEEN_H
#define SIM_UNSEEN_H

#include "splitter/format/admit.h"
#include "splitter/read/scan.h"

struct unseen;

/*
 * `assumed` are the volumes that the caller knows to be as they were; it is
 * kept by the caller.  NULL if there is no memory.
 */
struct unseen *unseen_new(const struct admit_list *assumed);
void unseen_free(struct unseen *unseen);

/* A volume was looked at, to its end. */
bool unseen_saw(struct unseen *unseen, const char *volume);

/* All volumes of a scan: they were looked at, or they were not. */
bool unseen_take_scan(struct unseen *unseen, const struct scan *scan);

/*
 * A volume that may hold something of the dump was not looked at, unless it
 * was, for this reason.
 *
 * These three return false if there is no memory.
 */
bool unseen_add(struct unseen *unseen, const char *volume, const char *why);

/* Whether any volume was not looked at, because it is assumed to be there. */
bool unseen_assumes(const struct unseen *unseen);

/*
 * Names each volume that was not looked at on standard error.  Returns 0 if
 * all of them are assumed to be present; else -1 with a sentence.
 */
int unseen_check(const struct unseen *unseen, const char *dump, char *err,
    size_t err_bytes);

#endif
