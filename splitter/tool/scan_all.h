/* look.h: looks at all tapes that a command line names. */
#ifndef SIM_SCAN_ALL_H
#define SIM_SCAN_ALL_H

#include "splitter/tool/tapes.h"
#include "splitter/read/scan.h"

/*
 * A scan of all volumes that the options name; those that could not be looked
 * at are in it as SCAN_NOT_SCANNED.  Where `shown`, each is named on standard error
 * if that is a terminal.  `err` is a sentence where no volume at all was looked
 * at, and "" otherwise.  NULL with a sentence if there was no memory, or an
 * interrupt came: what some of the volumes say is not to be gone by.
 */
struct scan *scan_all(struct tapes *tapes, bool shown, char *err,
    size_t err_bytes);

/*
 * Looks at one volume, by its name, and adds it to the scan; one that cannot be
 * had is in it as SCAN_NOT_SCANNED.  Returns 0, or -1 if there is no memory.
 */
int scan_one_volume(struct tapes *tapes, struct scan *scan,
    const char *barcode);

/* Names the volumes that were not looked at on standard error. */
void scan_report_missed(const struct scan *scan);

#endif
