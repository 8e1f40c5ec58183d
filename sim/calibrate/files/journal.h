/*
 * journal.h: the samples of a calibration in a file, so that it can continue.
 *
 *     calibrate.jsonl: a line that says what is calibrated, then a line a unit,
 *     and lines with the volume change reference before the first write after
 *     a load ("writing") and after it ("change")
 *
 * Invariants:
 *  1. A unit is in the file before the next one begins.  A last line without
 *     its newline was torn, and is cut off.
 *  2. A journal is continued only for the same drive, firmware, cartridge, base
 *     and kind of run.
 *  3. Only one process at a time has a journal open.
 *  4. The reference of the cartridge is that of the last line with one, unless
 *     that line is "writing": then a run was killed between the two lines, and
 *     the reference may be any.
 */
#ifndef SIM_CALIBRATE_JOURNAL_H
#define SIM_CALIBRATE_JOURNAL_H

#include <stddef.h>

#include "sim/calibrate/files/about.h"

#define CALIBRATE_JOURNAL_NAME "calibrate.jsonl"

struct calibrate_journal;

/*
 * Opens the journal in the folder, or makes it.  Returns NULL with a message if
 * it cannot be opened, is damaged, in use, or of another calibration.
 */
struct calibrate_journal *calibrate_journal_open(const char *folder,
    const struct calibrate_about *about, char *err, size_t err_bytes);

/* Returns how many units it has. */
size_t calibrate_journal_units(const struct calibrate_journal *journal);

/* As calibrate_config.recall and .record. */
bool calibrate_journal_recall(const struct calibrate_journal *journal,
    const char *unit, double *samples, size_t *count);
int calibrate_journal_record(struct calibrate_journal *journal,
    const char *unit, const double *samples, size_t count, char *err,
    size_t err_bytes);

/*
 * Returns the volume change reference of the cartridge, as far as it is known;
 * "": it has none.  `*writing`: a write had begun that may have changed it.
 */
const char *calibrate_journal_change(const struct calibrate_journal *journal,
    bool *writing);

/*
 * Note the reference before the first write after a load, and after it.  Return 0,
 * or -1 with a message.
 */
int calibrate_journal_note_writing(struct calibrate_journal *journal,
    const char *change, char *err, size_t err_bytes);
int calibrate_journal_note_change(struct calibrate_journal *journal,
    const char *change, char *err, size_t err_bytes);

/* NULL is allowed. */
void calibrate_journal_close(struct calibrate_journal *journal);

#endif
