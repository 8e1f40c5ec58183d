/*
 * errors.h: the errors that the drive has counted, as rows of the record.
 *
 * Uncorrected errors must be 0.  Corrected ones are given for each TB that was
 * moved, and not judged: no standard limits them.
 */
#ifndef SIM_ACCEPT_ERRORS_H
#define SIM_ACCEPT_ERRORS_H

#include "reports/acceptance.h"
#include "splitter/scsi/facts/counters.h"

/* Returns whether the counters of uncorrected errors are there. */
bool errors_are_counted(const struct tape_counters *counters);

/* Adds the counters of `more`; new ones are appended. */
void errors_add_counters(struct tape_counters *sum,
    const struct tape_counters *more);

/*
 * Adds rows for the errors that a test has counted: those that must be 0, if
 * they are not.  Adds faults for them, unless `blames_nothing`: then that is why
 * the rows are not judged.  Where `elsewhere`, which may be "", says that the
 * cause may not be the drive, they are not judged either, and are doubts.
 * Returns whether all are 0 or not judged.
 */
bool errors_of_test(struct acceptance *record, const char *test,
    const struct tape_counters *difference, const char *blames_nothing,
    const char *elsewhere);

/*
 * Keeps what was counted during a test, in the record: all parameters of the
 * error counters (02h, 03h), and others that are not 0.  Returns 0, or -1
 * without memory.
 */
int errors_keep_test(struct acceptance *record, const char *test,
    const struct tape_counters *difference);

/*
 * Writes what was counted, under the maker's names: "Total errors corrected
 * (02h/0003h): 12; ...".  The caller frees it; NULL without memory.
 */
char *errors_text(const struct tape_counters *difference);

/*
 * Keeps what the rows of the whole run need, in the record: a run that is
 * continued goes on counting there.
 */
void errors_count(struct acceptance *record, const char *cartridge,
    const struct tape_counters *difference);

/*
 * Adds the rows of the whole run: the sums of the errors that must be 0, and for
 * each cartridge corrected errors and rewrites per TB written or read.  A sum that
 * is not 0 is judged as its tests were; one of 0 is not judged if a cartridge that
 * was written or read lacks the counter, or if no data was written or read at all.  Returns 0, or -1 without memory.
 */
int errors_of_run(struct acceptance *record);

#endif
