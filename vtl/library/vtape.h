/*
 * vtape.h: makes a struct tape of a loaded virtual drive.
 *
 * A virtual tape translates operations into commands of the drive, and sense
 * data into a cause and a message.  To write a label, it rewinds, and writes a
 * block and a synchronised filemark.
 *
 *     sense data                              cause
 *     none, early warning, recovered error    TAPE_OK (with `leom`)
 *     NO SENSE with the filemark bit          TAPE_FILEMARK
 *     NOT READY                               TAPE_UNKNOWN_ERROR
 *     MEDIUM ERROR 3B/00                      TAPE_POSITION_LOST
 *     any, if this host could not read or
 *     write the file of the volume            TAPE_STORAGE_FAILED
 *     MEDIUM ERROR, deferred                  TAPE_DEFERRED_ERROR
 *     MEDIUM ERROR                            TAPE_MEDIUM_ERROR
 *     HARDWARE ERROR                          TAPE_HARDWARE_ERROR
 *     ILLEGAL REQUEST                         TAPE_INVALID
 *     UNIT ATTENTION 28/xx, 29/xx             TAPE_POSITION_LOST
 *     DATA PROTECT                            TAPE_WRITE_PROTECTED
 *     BLANK CHECK                             TAPE_BLANK on an empty volume,
 *                                             else TAPE_EOD
 *     VOLUME OVERFLOW                         TAPE_PEOM
 *     anything else                           TAPE_UNKNOWN_ERROR
 *
 * `leom` is set in every result in the early warning zone, so it stays set
 * until the tape is rewound.  The `progress` of a run is not called, since a
 * virtual drive returns at once.
 */
#ifndef VTL_VTAPE_H
#define VTL_VTAPE_H

#include "splitter/tape/tape.h"
#include "vtl/drive/drive.h"
#include "vtl/library/pace.h"

/*
 * Makes a tape for a loaded drive, which the caller still owns.  `number` is
 * the number of the drive for the splitter.  Returns NULL without memory.
 */
struct tape *vtape_new(struct drive *drive, unsigned number);

/*
 * Paces the operations of the interface, by the model clock of the drive.  The
 * other functions below take and return times of that clock, and do not sleep.
 */
void vtape_set_pace(struct tape *tape, struct pace *pace);

/* Frees the tape, not the drive. */
void vtape_free(struct tape *tape);

struct drive *vtape_drive(const struct tape *tape);

/*
 * These return whether a label, or anything at all, was written since
 * vtape_new().
 */
bool vtape_is_labelled(const struct tape *tape);
bool vtape_is_written(const struct tape *tape);

/*
 * Writes the synchronised filemark that is missing after an unfinished file, if
 * something was written since vtape_new().
 */
void vtape_finish(struct tape *tape, int64_t now_ns,
    struct tape_result *result);

/*
 * Reads further blocks, at most `bytes`, that continue the block read last and
 * keep no data: drive_read_alike(), at no time.  Returns
 * their bytes; 0: read the next block by itself.
 */
uint64_t vtape_read_alike(struct tape *tape, const struct tape_block *block,
    uint64_t bytes);

/*
 * A volume was loaded at `now_ns`.  Looks at how worn and used it is, for the
 * remarks of the results that follow, and for tape_ops.condition.  An error of
 * its history is ignored.
 */
void vtape_note_load(struct tape *tape, int64_t now_ns);

/*
 * The volume was unloaded: adds what was written and read to its history.  An
 * error is ignored: then that is not counted.
 */
void vtape_log_use(struct tape *tape, struct volume *volume);

/*
 * Translates the result of a drive into that of a tape.  `doing` names the
 * operation in the message ("write").
 */
void vtape_translate(struct tape *tape, const char *doing,
    const struct drive_result *answer, struct tape_result *result);

#endif
