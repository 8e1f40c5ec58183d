/*
 * sg.h: a tape drive through SCSI commands, on a port (splitter/scsi/port.h).
 *
 * A library of one drive, as that of the tape driver (splitter/st/st.h); it
 * gets sense data with every error, so every cause is known.
 *
 * Invariants:
 *
 *  1. A block is one WRITE(6), which is sent once.  Only a command that the
 *     drive has certainly not executed is sent again: after BUSY, and after a
 *     unit attention that leaves the tape where it is, if the position proves
 *     that.  REWIND, LOCATE and LOAD UNLOAD need no proof: they do the same
 *     wherever the tape is.  After a command whose answer was lost nothing more
 *     is written on the volume.
 *  2. Only label, start_file, write and filemark write to the tape; and unload,
 *     which writes the filemark after an unfinished file.  After an error none
 *     of them writes before the tape is known to be in the file that was being
 *     written: splitter/real/place.c has the rules.
 *  3. A part is good only if, after its synchronised filemark, the drive counts
 *     as many blocks and filemarks as were written, and is in the file that was
 *     written, where it reports that (READ POSITION, long form).
 *  4. A residual at the end of the volume is not believed: the position decides
 *     whether a block is on tape.
 *  5. Blocks are read without SILI.  With it, a drive in variable mode hides
 *     that a block was longer than the buffer (SSC-4), and a transport that
 *     drops residuals hides how short it was.
 *  6. limits() and position() send no command: they return what the last
 *     operation found.
 *
 * This is how answers are interpreted; scsi_cause() (splitter/scsi/cause.h) has
 * the table by sense keys.  What is different here:
 *
 *     answer                                          cause
 *     0/00/02 or 0/00/07 to a write                   none: the early warning;
 *                                                     the position says whether
 *                                                     the block is on tape
 *     D/00/02, 3/00/02 with EOM to a write            TAPE_PEOM
 *     deferred (71h, 73h)                             TAPE_DEFERRED_ERROR:
 *                                                     what was written since
 *                                                     the last synchronised
 *                                                     filemark is suspect
 *     6/28, 6/29, 6/2F, 6/2A/03, 6/2A/05              TAPE_POSITION_LOST; the
 *                                                     volume is compared before
 *                                                     it is labelled
 *     6/3F, 6/2A of another kind, 6/5D, 6/0B          none: a notice, and the
 *                                                     command once more
 *     0 or 1 with 00/17, 5D/xx, 0B/xx                 none: a notice
 *     1/xx/xx                                         none: counted
 *     2/3A/xx in mid-volume                           TAPE_POSITION_LOST
 *     8/00/05 at the beginning                        TAPE_BLANK
 *     8/xx/xx elsewhere                               TAPE_EOD
 *     8/xx/xx, 0/00/01 to a write                     TAPE_HARDWARE_ERROR
 *     reading: a longer block (ILI, negative)         TAPE_INVALID, and the
 *                                                     tape has passed it
 *     not sent: EINVAL, E2BIG, EOVERFLOW, ENOMEM,
 *     EBUSY: not a block for this adapter             TAPE_INVALID
 *     no answer: time-out, reset, lost connection     TAPE_POSITION_LOST
 */
#ifndef SPLITTER_SG_SG_H
#define SPLITTER_SG_SG_H

#include "splitter/real/real.h"
#include "splitter/scsi/hold/hold.h"
#include "splitter/scsi/unit.h"

/* How the drive is reached. */
struct sg_access {
	/*
	 * Opens the port, when it is needed first, and stores the most bytes of
	 * one transfer.  Returns NULL with a sentence in `err`.
	 */
	struct scsi_port *(*open)(void *arg, uint32_t *largest_bytes, char *err,
	    size_t err_bytes);
	/* Closes the port. */
	void (*close)(void *arg, struct scsi_port *port);
	void *arg;
	/* Exclusive use of the drive while the port is open; NULL: not. */
	const struct scsi_hold_options *hold;
};

/*
 * Creates the library of the drive `device`; the name is for messages.  The
 * caller keeps the ownership of the strings and of what `options` and `access`
 * point to; they must remain valid.  Returns NULL if there is no memory.  One
 * thread at a time may use the library.
 */
struct tape_library *sg_library_new(const char *device,
    const struct real_options *options, const struct sg_access *access);

/*
 * Opens the port, if it is not open, and checks that it is that of a tape drive
 * that no other initiator has reserved.  The drive may be empty.  If it has a
 * volume and `block_bytes` is not 0, the drive must accept blocks of that size.
 * Returns 0, or -1 with a message.
 */
int sg_library_probe(struct tape_library *library, uint64_t block_bytes,
    char *err, size_t err_bytes);

/*
 * Frees the library.  If a volume is still loaded, its unfinished file gets a
 * filemark where that is safe.  Ends the exclusive use, and closes the port.
 * NULL is allowed.
 */
void sg_library_free(struct tape_library *library);

/*
 * Returns how long the command in progress has taken, and stores in `*doing`
 * its name; 0 and NULL without a command.  Any thread may call this function.
 */
int64_t sg_library_waiting_ns(const struct tape_library *library,
    const char **doing);

/*
 * The unit, for questions between two operations; NULL: the port is not open.
 */
struct scsi_unit *sg_library_unit(struct tape_library *library);

/*
 * Returns whether the drive says that it can unload a cartridge and hold it
 * (LOAD UNLOAD with HOLD).  The port is open.
 */
bool sg_library_can_hold(struct tape_library *library);

/*
 * Unloads the loaded cartridge, which stays in the drive; loads it again, at
 * BOT.  The volume stays handed out; nothing can be written on it in between.
 * The time of the result is that of the command alone.  The door is not locked
 * in between: the caller checks that the cartridge is the same one.
 */
void sg_library_unload_held(struct tape_library *library, int64_t now_ns,
    struct tape_result *result);
void sg_library_load_held(struct tape_library *library, int64_t now_ns,
    struct tape_result *result);

/* How many recovered errors (key 1) the drive has reported. */
uint64_t sg_library_recovered(const struct tape_library *library);

#endif
