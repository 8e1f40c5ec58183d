/*
 * cause.h: what an answer of a tape drive means for a dump.
 *
 *     answer                                            cause
 *     GOOD; recovered error (1/xx/xx)                   TAPE_OK
 *     1/xx/xx with EOM                                  TAPE_OK, `leom`
 *     0/00/02 EOM, 0/00/07: the early warning           TAPE_OK, `leom`
 *     0/00/01: a filemark                               TAPE_FILEMARK
 *     0/00/00 ILI: a block of another length            TAPE_OK
 *     0/00/04: beginning of the partition               TAPE_OK
 *     0/00/05, 8/xx/xx: end of data                     TAPE_EOD
 *     D/xx/xx; writing: 3/00/02                         TAPE_PEOM
 *     reading: 3/00/02                                  TAPE_EOD
 *     deferred, any key: the command was not executed   TAPE_DEFERRED_ERROR
 *     3/xx/xx; B/14/xx, B/11/xx                         TAPE_MEDIUM_ERROR
 *     3/3B/xx, 5/3B/xx; B/xx/xx                         TAPE_POSITION_LOST
 *     2/04/xx in mid-volume, but 2/04/03                TAPE_POSITION_LOST
 *     4/xx/xx; 2/xx/xx of another kind                  TAPE_HARDWARE_ERROR
 *     6/xx/xx: exchanged, reset, preempted              TAPE_POSITION_LOST
 *     7/xx/xx                                           TAPE_WRITE_PROTECTED
 *     2/3A/xx                                           TAPE_NO_VOLUME
 *     5/xx/xx; 3/30/xx, 2/30/xx: impossible here        TAPE_INVALID
 *     reservation conflict, task aborted                TAPE_POSITION_LOST
 *     no answer of the device                           TAPE_POSITION_LOST
 *     not sent; BUSY; anything else                     TAPE_HARDWARE_ERROR
 */
#ifndef SPLITTER_SCSI_CAUSE_H
#define SPLITTER_SCSI_CAUSE_H

#include "splitter/scsi/port.h"
#include "splitter/tape/enums.h"

/*
 * Returns the cause.  `writing`: the command writes.  `*leom` becomes true if
 * the answer reports the early warning; otherwise it is unchanged.
 */
enum tape_cause scsi_cause(const struct scsi_answer *answer, bool writing,
    bool *leom);

/*
 * Returns whether sense data report an error on the way to the drive, by sense key
 * and additional sense code: B/08, B/43, B/45, B/47 to B/4B, B/4E; 4/08.
 */
bool scsi_is_of_transport(uint8_t key, uint8_t asc);

/*
 * Returns what failed, in words for a person, where the cause alone would say
 * something else: several kinds of error have one cause, because a dump does the
 * same after them.  NULL: the cause says it.
 *
 *     answer                                   what failed
 *     an error of the transport                the way to the drive
 *     B/xx of another kind                     the drive ended the command
 *     xx/30/0C                                 writing on write-once tape
 *     xx/30                                    the wrong cartridge
 *     3/3B                                     position lost: medium error
 *     5/3B                                     the tape is elsewhere
 *     xx/74/6E, xx/74/6F                       the key manager
 *     xx/74                                    encryption
 *     5/xx, except a block of a wrong size     the drive refuses the command
 *     reservation conflict                     another initiator
 */
const char *scsi_explain(const struct scsi_command *command,
    const struct scsi_answer *answer);

#endif
