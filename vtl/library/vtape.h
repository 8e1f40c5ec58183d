/*
 * vtape.h: a virtual drive with a volume in it, as a tape of the splitter.
 *
 * It translates: commands into those of the drive, sense data into a cause
 * and a message for a person.  It adds no behaviour but the label, which is a
 * rewind, a block and a synchronised filemark.
 *
 *     sense data                              cause
 *     none, early warning, recovered error    TAPE_OK (with `leom`)
 *     NO SENSE with the filemark bit          TAPE_FILEMARK
 *     NOT READY                               TAPE_UNKNOWN_ERROR
 *     MEDIUM ERROR 3B/00                      TAPE_POSITION_LOST
 *     any, where this machine could not
 *     store or read the volume                TAPE_STORAGE_FAILED
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
 * `leom` is set in every answer while the tape stands in the zone of the early
 * warning, so it stays set until it is rewound.  A run's `progress` is not
 * called: a virtual drive answers at once.
 */
#ifndef VTL_VTAPE_H
#define VTL_VTAPE_H

#include "splitter/tape/tape.h"
#include "vtl/drive/drive.h"

/*
 * A tape over a loaded drive, which stays the caller's.  `number` is the
 * drive's number for the splitter.  NULL if there is no memory.
 */
struct tape *vtape_new(struct drive *drive, unsigned number);

/* Frees the tape, not the drive. */
void vtape_free(struct tape *tape);

struct drive *vtape_drive(const struct tape *tape);

/* Whether a label was written, or anything at all, since vtape_new(). */
bool vtape_is_labelled(const struct tape *tape);
bool vtape_is_written(const struct tape *tape);

/*
 * Writes the synchronised filemark that is missing behind an unfinished file,
 * if one was written since vtape_new().
 */
void vtape_finish(struct tape *tape, int64_t now_ns,
    struct tape_result *result);

/*
 * Turns the answer of a drive into that of a tape.  `doing` begins the message
 * ("write").
 */
void vtape_translate(const struct tape *tape, const char *doing,
    const struct drive_result *answer, struct tape_result *result);

#endif
