/*
 * drive.h: a virtual drive, at the level of SCSI stream commands.
 *
 * A drive has a volume in it, or none, and a place on it where it stands.  A
 * command is told the time and answers with sense data and the time at which
 * it is complete; it never waits.
 *
 * Invariants:
 *
 *  1. Labels, headers and data count towards the capacity, filemarks do not,
 *     unless the layout (reach.h) says otherwise.  Capacity, early warning and
 *     defects are bytes of the medium: of data after compression.
 *  2. The block that ends more than capacity - early warning bytes from BOT is
 *     on tape and answered with NO SENSE, EOM, 00/02.  So is each later block
 *     in that zone, one a command, and each filemark.  A drive without early
 *     warning reports no EOM but with VOLUME OVERFLOW.
 *  3. A block that would end beyond the capacity is answered with VOLUME
 *     OVERFLOW, EOM, 00/02, and nothing of it goes on tape.  After that no
 *     block does, however short, until the tape has moved.  A filemark still
 *     succeeds there, unless it takes room that is not there.
 *  4. A block that covers a defect which fails a write is answered with the
 *     sense data of the defect, and nothing of it goes on tape.  Where that is
 *     RECOVERED it is on tape, the run goes on, and the command, or the next
 *     that is good, tells of it.  Capacity is tested before defects.
 *  5. After an error of a write the drive stands behind the last good block.
 *  6. Writing anywhere cuts off what follows, also when the first block fails
 *     at a defect; not when it does not fit.
 *  7. The result to a run of blocks, its time included, does not depend on how
 *     it is divided into commands.
 *  8. What cannot be stored (a full disk) is answered with a deferred MEDIUM
 *     ERROR 0C/00: all behind the last synchronised filemark may be gone, and
 *     the drive stands at EOD.
 *  9. A block that was acknowledged is on the medium, waits in the buffer, or
 *     is told of by drive_losses() and in the history of the volume.  The first
 *     command after such a loss is answered with its sense data, deferred.
 *     (After 8, what had got to the medium may be gone too.)
 * 10. After a synchronised filemark, drive_flush(), and any command except a
 *     write, an immediate filemark and drive_poll(), the buffer is empty and
 *     what was written is safe: the volume is synchronised.
 * 11. A block over a defect which fails reading is passed, and its data is not
 *     delivered; RECOVERED, it is.  One over a defect that corrupts is another
 *     block on tape; one over a defect that is slow takes so many times as
 *     long, written or read.  Locate and space meet no defect but one at EOD:
 *     where that cannot be read, MEDIUM ERROR 14/03.
 * 12. A block of a volume that is written once (WORM, media.h) is not written
 *     over, nor is anything on it erased: DATA PROTECT 30/0C.  Filemarks after
 *     its last block may be written over.
 * 13. The drive decides what it does with a medium (media.h): one that it only
 *     reads is not written, DATA PROTECT 27/00; one that it cannot take is
 *     neither read nor changed, MEDIUM ERROR 30/00.
 *
 * States:
 *
 *     EMPTY --load--> READY --a defect with HARDWARE ERROR--> FAILED
 *       ^             |   ^                                     |
 *       |      unload |   | rewind, locate, space               |
 *       +-------------+   |                                     |
 *       |                 v                                     |
 *       |     LOST <--a defect with 3/3B/00 or 6/29/xx          |
 *       |      | unload                                  unload |
 *       +------+------------------------------------------------+
 *
 * A medium that the drive cannot take makes it INCOMPATIBLE until it is
 * unloaded: all other commands are answered with MEDIUM ERROR 30/00.  In LOST,
 * writes and reads are answered with MEDIUM ERROR 3B/00; in FAILED, all
 * commands except unload with the sense data that led there; in EMPTY, all
 * except load with NOT READY, 3A/00.
 *
 * An error that an unload is answered with leaves the volume in the drive, as
 * that of any other command leaves it undone.
 *
 * Times: a constant rate for blocks written and read; a fixed time each for
 * load, unload and a synchronised filemark (or a flush that has something to
 * write); rewind, locate and
 * space take the rewind time, or none when the drive stands there already;
 * unload rewinds first.  An immediate filemark takes no time and makes nothing
 * safe.  With a buffer, a block is taken at once where there is room, and
 * written at that rate meanwhile.
 *
 * A drive is used by one thread at a time.
 */
#ifndef VTL_DRIVE_H
#define VTL_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "vtl/drive/fault.h"
#include "vtl/drive/options.h"
#include "vtl/base/media.h"
#include "vtl/drive/model.h"
#include "vtl/base/sense.h"
#include "vtl/volume/volume.h"

struct drive;

struct drive_result {
	bool check;    /* CHECK CONDITION: `sense` says why */
	bool deferred; /* about blocks of earlier commands too */
	struct sense sense;
	uint64_t bytes; /* of blocks taken or delivered */
	/* Deferred: what was acknowledged and is not on the medium; 0: not
	 * known. */
	uint64_t lost_blocks, lost_bytes;
	int64_t done_ns;    /* >= now_ns */
	bool storage;       /* the volume could not be stored or read: what
				 * a host sees as a medium error is of this
				 * machine */
	const char *detail; /* what the volume said, until its next call,
				 * or NULL */
};

/*
 * An empty drive of that model, which the caller keeps.  Returns NULL if there
 * is no memory.
 */
struct drive *drive_new(const struct model *model);

/* What it differs in from its model, from now on.  Nothing may be buffered. */
void drive_set_options(struct drive *drive,
    const struct drive_options *options);

/* Has it fail.  0, or -1 if there is no memory. */
int drive_add_fault(struct drive *drive, const struct drive_fault *fault);

/* `spend` is asked before a fault with an id strikes that does so once. */
void drive_share_faults(struct drive *drive, drive_spend *spend, void *arg);

/* The drive must be empty.  NULL is allowed. */
void drive_free(struct drive *drive);

const struct model *drive_model(const struct drive *drive);

/* The volume in the drive, or NULL. */
struct volume *drive_volume(const struct drive *drive);

/* The type of its medium; NULL: there is none, or it is not known. */
const struct media_type *drive_medium(const struct drive *drive);

/* What the drive does with that medium; MEDIA_NONE where there is none. */
enum media_use drive_media_use(const struct drive *drive);

/* Whether it is READY: it stands somewhere on a medium that it can use. */
bool drive_is_ready(const struct drive *drive);

/* Where the drive stands; 0 when empty. */
void drive_position(const struct drive *drive, struct volume_position *place);

/* Whether it stands in the zone of a warning that it gives. */
bool drive_is_past_warning(const struct drive *drive);

/* Whether it stands in that of the early warning, whatever it says of it. */
bool drive_is_past_early_warning(const struct drive *drive);

/*
 * Loads a volume, which stays the caller's but is not to be used meanwhile.
 * Whatever the result is, the volume is in the drive.
 */
void drive_load(struct drive *drive, struct volume *volume, int64_t now_ns,
    struct drive_result *result);

/*
 * Synchronises and gives the volume back.  NULL: the result is an error, such
 * as a deferred one, and the volume is still in the drive.  A drive that has
 * FAILED gives it back without writing anything.
 */
struct volume *drive_unload(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/*
 * A person takes the volume out of a drive that does not unload it.  What waits
 * in the buffer is lost.
 */
struct volume *drive_remove_volume(struct drive *drive);

void drive_rewind(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/*
 * Writes a run of blocks where the drive stands.  It stops behind the block
 * that meets the early warning, and before the one that fails.  Blocks longer
 * than the model takes: ILLEGAL REQUEST 24/00, nothing written.
 */
void drive_write(struct drive *drive, const struct volume_run *run,
    int64_t now_ns, struct drive_result *result);

/* Unless `immediate`, all that was written is safe when this succeeds. */
void drive_write_filemarks(struct drive *drive, uint64_t count, bool immediate,
    int64_t now_ns, struct drive_result *result);

/*
 * Erases from where the drive stands: what follows is gone.  `whole` takes the
 * time of writing the rest of the medium.
 */
void drive_erase(struct drive *drive, bool whole, int64_t now_ns,
    struct drive_result *result);

/*
 * Reads the next block.  A filemark is passed and answered with NO SENSE and
 * the filemark bit, EOD with BLANK CHECK 00/05, a block that cannot be read
 * with MEDIUM ERROR 11/00, one longer than the buffer with ILLEGAL REQUEST
 * 00/00 (object->bytes is its length); the last two are passed too.  `buf`
 * may be NULL: then no data is delivered or checked.
 */
void drive_read(struct drive *drive, void *buf, uint64_t buf_bytes,
    struct volume_object *object, int64_t now_ns, struct drive_result *result);

/*
 * Goes to the first object of a file, counted from 0.  Where there is no such
 * file: BLANK CHECK 00/05, and the drive stands at EOD.
 */
void drive_locate_file(struct drive *drive, uint64_t file, int64_t now_ns,
    struct drive_result *result);

void drive_space_eod(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/* Goes to an object, counted from 0, or to EOD: BLANK CHECK 00/05. */
void drive_locate_object(struct drive *drive, uint64_t object, int64_t now_ns,
    struct drive_result *result);

/*
 * Passes blocks, or filemarks, towards EOD or, where `count` is negative,
 * towards BOT.  `*left` is how many were not passed.  Blocks end behind a
 * filemark that is met (or before it, going back): NO SENSE, filemark bit,
 * 00/01; both at EOD: BLANK CHECK 00/05; and at BOT: NO SENSE, EOM, 00/04.
 */
void drive_space_blocks(struct drive *drive, int64_t count, uint64_t *left,
    int64_t now_ns, struct drive_result *result);
void drive_space_filemarks(struct drive *drive, int64_t count, uint64_t *left,
    int64_t now_ns, struct drive_result *result);

/*
 * Answers with what is pending, if anything; otherwise with whether the drive
 * is ready.  It is ready in LOST, too: with a rewind it can be used.
 */
void drive_poll(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/*
 * Has the buffer written and the volume synchronised: when this succeeds, all
 * that was acknowledged is safe.  Answers with what is pending, if anything.
 */
void drive_flush(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

const struct drive_options *drive_get_options(const struct drive *drive);

/*
 * The power fails: the buffer is lost, and so is the position.  Whoever knows
 * the hosts tells them (6/29/00).
 */
void drive_power_loss(struct drive *drive, int64_t now_ns);

/* A cleaning cartridge was used.  The drive must be empty. */
void drive_clean(struct drive *drive);

/* So many loads were there since it was cleaned.  The drive must be empty. */
void drive_set_loads(struct drive *drive, uint64_t loads);

/* How much waits in the buffer: blocks and filemarks, and bytes. */
void drive_buffered(const struct drive *drive, uint64_t *objects,
    uint64_t *bytes);

/* Blocks that were acknowledged and never got to the medium. */
struct drive_loss {
	uint64_t object; /* the first would have had this number */
	uint64_t blocks, bytes;
	uint64_t dump_id, offset;
	struct sense sense; /* why */
};

/* Those since the volume was loaded; the array is the drive's. */
const struct drive_loss *drive_losses(const struct drive *drive, size_t *count);

#endif
