/*
 * log.h: enters the events of a dump into the catalogue, in order.
 *
 * A catalogue may be locked for a long time, or its disk may be full.  An entry
 * that cannot be made then waits here, and so do all later ones.  So the
 * catalogue has no gaps: it shows an earlier state until it catches up.
 *
 * Invariants:
 *  1. An entry is made only if all entries before it were made.
 *  2. Only the first entry that fails, and those at the end, wait for a locked
 *     catalogue: the tape does not wait for it.
 *
 * One thread at a time.
 */
#ifndef SPLITTER_TOOL_CATALOGUE_LOG_H
#define SPLITTER_TOOL_CATALOGUE_LOG_H

#include "splitter/tool/catalogue/catalogue.h"

struct catalogue_log;

/* Creates a log for one dump.  Returns NULL if there is no memory. */
struct catalogue_log *catalogue_log_new(struct catalogue *catalogue,
    uint64_t dump_id);

/* Frees the log.  Waiting entries are lost.  NULL is allowed. */
void catalogue_log_free(struct catalogue_log *log);

/*
 * These functions do the same as catalogue_label(), catalogue_begin_attempt()
 * and so on, for the dump of the log.  They return 0 if the entry was made; -1
 * if the entry waits, with the reason in catalogue_message().
 */
int catalogue_log_label(struct catalogue_log *log,
    const struct splitter_volume *volume, const char *date);
int catalogue_log_begin(struct catalogue_log *log,
    const struct splitter_volume *volume,
    const struct splitter_attempt *attempt, const char *date);
int catalogue_log_attempt(struct catalogue_log *log,
    const struct splitter_attempt *attempt);
int catalogue_log_volume(struct catalogue_log *log,
    const struct splitter_volume *volume, const char *date);
int catalogue_log_forget_parts(struct catalogue_log *log,
    const struct splitter_part *part);

/*
 * Makes all waiting entries, and then enters the end of the dump as
 * catalogue_end() does.
 */
int catalogue_log_end(struct catalogue_log *log, struct catalogue_dump *dump);

#endif
