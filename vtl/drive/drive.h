/*
 * drive.h: a virtual drive, at the level of SCSI stream commands.
 *
 * A drive has a volume loaded, or none, and a position on it.  A command is
 * given the time, and returns sense data and the time at which it is complete;
 * it never waits.
 *
 * Invariants:
 *
 *  1. Labels, headers and data use capacity; filemarks do not, unless the
 *     layout (extent_fit.h) says so.  Capacity, early warning and defects are
 *     bytes of the medium: of data after compression.
 *  2. A block that ends after capacity - early warning bytes from BOT is on
 *     tape, and its result is NO SENSE, EOM, 00/02.  So is that of each later
 *     block there, one per command, and of each filemark.  A drive without
 *     early warning reports EOM only with VOLUME OVERFLOW.
 *  3. A block that would end after the capacity fails with VOLUME OVERFLOW,
 *     EOM, 00/02, and nothing of it is on tape.  After that every block fails,
 *     however short, until the tape has moved.  Filemarks still succeed, unless
 *     they need room that is not there.
 *  4. A block on a defect that fails writes fails with the sense data of the
 *     defect, and nothing of it is on tape.  With a recovered error the block
 *     is on tape and the run continues; the command reports the error, or the
 *     next command that succeeds.  Capacity is tested before defects.
 *  5. After a failed write the drive is after the last good block.
 *  6. A write cuts off what follows, also if its first block fails at a defect,
 *     but not if it does not fit.
 *  7. The result of a run of blocks, its time included, does not depend on how
 *     it is divided into commands.
 *  8. If the volume cannot be stored (the disk is full), the result is a
 *     deferred MEDIUM ERROR 0C/00.  All after the last synchronised filemark
 *     may be lost, and the drive is at EOD.
 *  9. A block that was acknowledged is on the medium, is in the buffer, or is
 *     in drive_losses() and in the history of the volume.  The first command
 *     after a loss reports its sense data, deferred.  (After 8, blocks that had
 *     reached the medium may be lost too.)
 * 10. After a synchronised filemark, drive_flush(), and any command except a
 *     write, an immediate filemark and drive_poll(), the buffer is empty and
 *     the volume is synchronised: what was written is safe.
 * 11. A block on a defect that fails reads is passed, and its data is not
 *     delivered; with a recovered error it is delivered.  On a defect that
 *     corrupts, another block is on tape.  On a slow one, writing and reading
 *     take longer, by a factor.  Locate and space meet only a defect at EOD: if
 *     that cannot be read, MEDIUM ERROR 14/03.
 * 12. On a write-once medium (WORM, media.h), blocks cannot be overwritten, and
 *     nothing can be erased: DATA PROTECT 30/0C.  Filemarks after its last
 *     block can be overwritten.
 * 13. media.h says what a drive can do with a medium.  One that it only reads
 *     cannot be written, DATA PROTECT 27/00; an incompatible one can neither be
 *     read nor changed, MEDIUM ERROR 30/00.
 *
 * States:
 *
 *     EMPTY --load--> READY --defect with HARDWARE ERROR--> FAILED
 *       ^             |   ^                                   |
 *       |      unload |   | rewind, locate, space             |
 *       +-------------+   |                                   |
 *       |                 v                                   |
 *       |     LOST <--defect with 3/3B/00 or 6/29/xx          |
 *       |      | unload                                unload |
 *       +------+----------------------------------------------+
 *
 * An incompatible medium makes the drive INCOMPATIBLE until it is unloaded: all
 * other commands fail with MEDIUM ERROR 30/00.  In LOST, writes and reads fail
 * with MEDIUM ERROR 3B/00.  In FAILED, all commands except unload fail with the
 * sense data that led there.  In EMPTY, all commands except load fail with NOT
 * READY 3A/00.
 *
 * A command that reports a pending error is not carried out: an unload leaves
 * the volume in the drive.
 *
 * Times: a constant rate for blocks; a fixed time each for load, unload and a
 * synchronised filemark (or a flush that has something to write).  Rewind,
 * locate and space take the rewind time, or none if the drive is there
 * already; unload rewinds first.  An immediate filemark takes no time and makes
 * nothing safe.  A buffered drive takes a block at once if there is room, and
 * writes it at that rate in the meantime.
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
	/* Deferred: acknowledged, and not on the medium; 0: not known. */
	uint64_t lost_blocks, lost_bytes;
	int64_t done_ns; /* >= now_ns */
	/* The volume could not be stored or read: a fault of this machine,
	 * which a host sees as a medium error. */
	bool storage;
	const char *detail; /* the message of the volume, until it is used
			       again; or NULL */
};

/* An empty drive of that model, which must outlive it.  NULL: no memory. */
struct drive *drive_new(const struct model *model);

/* Sets its options from now on.  The buffer must be empty. */
void drive_set_options(struct drive *drive,
    const struct drive_options *options);

/* Adds a fault.  0; -1: no memory. */
int drive_add_fault(struct drive *drive, const struct drive_fault *fault);

/* Faults with an id that apply once are shared: `spend` is called first. */
void drive_share_faults(struct drive *drive, drive_spend *spend, void *arg);

/* The drive must be empty.  NULL is allowed. */
void drive_free(struct drive *drive);

const struct model *drive_model(const struct drive *drive);

/* The volume in the drive, or NULL. */
struct volume *drive_volume(const struct drive *drive);

/* The type of its medium; NULL: there is none, or it is unknown. */
const struct media_type *drive_medium(const struct drive *drive);

/* How the drive can use that medium; MEDIA_NONE without one. */
enum media_use drive_media_use(const struct drive *drive);

/* Whether it is READY: it has a position on a medium that it can use. */
bool drive_is_ready(const struct drive *drive);

/* The position; 0 when empty. */
void drive_position(const struct drive *drive,
    struct volume_position *position);

/*
 * Whether the tape is past a warning that the drive reports, the early warning
 * or the programmable one.
 */
bool drive_is_past_warning(const struct drive *drive);

/* Whether the tape is past the early warning, reported or not. */
bool drive_is_past_early_warning(const struct drive *drive);

/*
 * Loads a volume.  It stays the caller's, who must not use it until it is
 * unloaded.  The volume is in the drive whatever the result is.
 */
void drive_load(struct drive *drive, struct volume *volume, int64_t now_ns,
    struct drive_result *result);

/*
 * Synchronises the volume and returns it.  NULL: the result is an error, such
 * as a deferred one, and the volume is still in the drive.  A drive that has
 * FAILED returns it without writing anything.
 */
struct volume *drive_unload(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/*
 * An operator removes the volume from a drive that does not unload it.  The
 * buffer is lost.
 */
struct volume *drive_remove_volume(struct drive *drive);

void drive_rewind(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/*
 * Writes a run of blocks at the position.  Stops after the block that meets the
 * early warning, and before the one that fails.  Blocks longer than the model
 * takes: ILLEGAL REQUEST 24/00, nothing written.
 */
void drive_write(struct drive *drive, const struct volume_run *run,
    int64_t now_ns, struct drive_result *result);

/* Unless `immediate`, everything written is safe when this succeeds. */
void drive_write_filemarks(struct drive *drive, uint64_t count, bool immediate,
    int64_t now_ns, struct drive_result *result);

/*
 * Erases everything from the position on.  `whole` takes the time of writing
 * the rest of the medium.
 */
void drive_erase(struct drive *drive, bool whole, int64_t now_ns,
    struct drive_result *result);

/*
 * Reads the next block.  Other results: a filemark is passed, NO SENSE with the
 * filemark bit; EOD, BLANK CHECK 00/05; a block that cannot be read, MEDIUM
 * ERROR 11/00; one longer than the buffer, ILLEGAL REQUEST 00/00 (and
 * object->bytes is its length).  The last two are passed too.  If `buf` is NULL
 * no data is delivered or checked.
 */
void drive_read(struct drive *drive, void *buf, uint64_t buf_bytes,
    struct volume_object *object, int64_t now_ns, struct drive_result *result);

/*
 * Goes to the first object of a file, counted from 0.  If there is no such
 * file: BLANK CHECK 00/05, and the drive is at EOD.
 */
void drive_locate_file(struct drive *drive, uint64_t file, int64_t now_ns,
    struct drive_result *result);

void drive_space_eod(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/* Goes to an object, counted from 0, or to EOD: BLANK CHECK 00/05. */
void drive_locate_object(struct drive *drive, uint64_t object, int64_t now_ns,
    struct drive_result *result);

/*
 * Passes blocks, or filemarks, towards EOD or, with a negative `count`, towards
 * BOT.  `*left` is how many were not passed.  Spacing blocks ends after a
 * filemark (going back, before it): NO SENSE, filemark bit, 00/01.  Both end at
 * EOD: BLANK CHECK 00/05; and at BOT: NO SENSE, EOM, 00/04.
 */
void drive_space_blocks(struct drive *drive, int64_t count, uint64_t *left,
    int64_t now_ns, struct drive_result *result);
void drive_space_filemarks(struct drive *drive, int64_t count, uint64_t *left,
    int64_t now_ns, struct drive_result *result);

/*
 * Reports a pending error, if there is one, else whether the drive is ready.
 * It is ready in LOST, too: it can be used after a rewind.
 */
void drive_poll(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/*
 * Writes the buffer and synchronises the volume: when this succeeds, all that
 * was acknowledged is safe.  Reports a pending error, if there is one.
 */
void drive_flush(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

const struct drive_options *drive_get_options(const struct drive *drive);

/*
 * The power fails: the buffer and the position are lost.  Whoever knows the
 * hosts reports 6/29/00 to them.
 */
void drive_power_loss(struct drive *drive, int64_t now_ns);

/* A cleaning cartridge was used.  The drive must be empty. */
void drive_clean(struct drive *drive);

/* Sets the number of loads since it was cleaned.  The drive must be empty. */
void drive_set_loads(struct drive *drive, uint64_t loads);

/* The contents of the buffer: blocks and filemarks together, and bytes. */
void drive_buffered(const struct drive *drive, uint64_t *objects,
    uint64_t *bytes);

/* Blocks that were acknowledged and never reached the medium. */
struct drive_loss {
	uint64_t object; /* the number that the first would have */
	uint64_t blocks, bytes;
	uint64_t dump_id, offset;
	struct sense sense; /* why */
};

/* The losses since the volume was loaded; the array is the drive's. */
const struct drive_loss *drive_losses(const struct drive *drive, size_t *count);

#endif
