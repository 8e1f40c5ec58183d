/*
 * drive.h: a virtual drive, at the level of SCSI stream commands.
 *
 * A drive has a volume loaded, or none, and a position in a partition of it.  A
 * command is given the time, and returns sense data and the time at which it is
 * complete; it never waits.
 *
 * Each partition of a medium has an EOD, a capacity and an early warning of its
 * own; where this file says BOT, medium and capacity, those of the current
 * partition are meant.  Only drive_locate() changes the partition.  A load, and
 * a reset that loses the position, begin at partition 0.
 *
 * Invariants:
 *
 *  1. Labels, headers and data use capacity; filemarks do not, unless the
 *     layout (extent_fit.h) says so.  Capacity, early warning and defects are
 *     bytes of the medium: of data after compression.
 *  2. A block that ends after capacity - early warning bytes from BOT is on
 *     tape, and its result is NO SENSE, EOM, 00/02.  Each later block there,
 *     one per command, and each filemark has the same result.  A drive without
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
 *     With options.append_only that is so on every medium, except for what
 *     drive_allow_overwrite() has allowed.
 * 13. media.h says what a drive can do with a medium.  A medium that the drive
 *     only reads cannot be written: DATA PROTECT 27/00.  An incompatible medium
 *     can neither be read nor changed: MEDIUM ERROR 30/00.
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
 * Times are those of the model (model.h).  A buffered drive takes a block when
 * its buffer has room, and writes it as motion.h says.  A synchronised filemark
 * or a flush is complete when the last block is on the medium; a backhitch
 * follows.  Another drive writes each block at the highest speed, and stops for
 * nothing except a synchronised filemark, which takes a backhitch.  Both read
 * at the highest speed, and turn at the end of each wrap.  Times of rewind,
 * locate and space depend on the place (place.h); unload rewinds first.  An
 * immediate filemark takes no time and makes nothing safe.
 *
 * A command that is given before the last answer begins at that answer: clients
 * of one drive may have clocks of their own.
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
#include "vtl/model/model.h"
#include "vtl/base/sense.h"
#include "vtl/volume/volume.h"

struct drive;

struct drive_result {
	bool check;    /* CHECK CONDITION: `sense` says why */
	bool deferred; /* the error also concerns blocks of earlier commands */
	struct sense sense;
	uint64_t bytes; /* bytes of blocks that were taken or delivered */
	/*
	 * For a deferred error: acknowledged data that is not on the medium; 0:
	 * unknown.
	 */
	uint64_t lost_blocks, lost_bytes;
	int64_t done_ns; /* >= now_ns */
	/*
	 * The volume could not be stored or read: a fault of this machine,
	 * which a host sees as a medium error.
	 */
	bool storage;
	/*
	 * message of the volume, valid until the volume is used again; or NULL
	 */
	const char *detail;
};

/*
 * Creates an empty drive of the model, which must outlive the drive.  Returns
 * NULL if there is no memory.
 */
struct drive *drive_new(const struct model *model);

/*
 * Makes a drive that takes no time, with the limits of its model.  It must be
 * empty.
 */
void drive_take_no_time(struct drive *drive);

/* Sets the options of the drive.  The buffer must be empty. */
void drive_set_options(struct drive *drive,
    const struct drive_options *options);

/*
 * Returns whether a write now, of which the volume stores at most `bytes`,
 * changes memory alone and waits for no disk: the tape is at EOD of a medium
 * that keeps no payload, nothing can strike, and the volume need not wait for the
 * disk with what the buffer holds.
 */
bool drive_writes_in_memory(const struct drive *drive, uint64_t bytes);

/* Adds a fault.  Returns 0, or -1 if there is no memory. */
int drive_add_fault(struct drive *drive, const struct drive_fault *fault);

/* Removes the faults with this id. */
void drive_remove_fault(struct drive *drive, int64_t id);

/*
 * Calls `watch` before a fault of the drive, or a defect of the volume in it,
 * applies.  Its result says whether the fault applies (fault.h).  NULL: they are
 * not watched.
 */
void drive_watch_strikes(struct drive *drive, drive_watch_strike *watch,
    void *arg);

/* Frees the drive, which must be empty.  NULL is allowed. */
void drive_free(struct drive *drive);

const struct model *drive_model(const struct drive *drive);

/* Returns whether the drive acknowledges blocks in its buffer. */
bool drive_is_buffered(const struct drive *drive);

/* Returns the volume in the drive, or NULL. */
struct volume *drive_volume(const struct drive *drive);

/*
 * Returns the type of the loaded medium; NULL if there is no medium, or its
 * type is unknown.
 */
const struct media_type *drive_medium(const struct drive *drive);

/*
 * Returns how the drive can use the loaded medium; MEDIA_NONE without a medium.
 */
enum media_use drive_media_use(const struct drive *drive);

/*
 * Returns whether the drive is READY: it has a position on a medium that it can
 * use.
 */
bool drive_is_ready(const struct drive *drive);

/* Returns the current partition, from 0; 0 if the drive is empty. */
unsigned drive_partition(const struct drive *drive);

/* Returns the position in `*position`; 0 if the drive is empty. */
void drive_position(const struct drive *drive,
    struct volume_position *position);

struct drive_capacity {
	uint64_t capacity_bytes;
	uint64_t used_bytes; /* of the medium, by objects and the buffer */
};

/*
 * Gets the capacity of a partition of the loaded medium.  Compression with zlib
 * counts only in the current partition.  Returns 0; -1 if the volume cannot be
 * read.
 */
int drive_get_capacity(struct drive *drive, unsigned partition,
    struct drive_capacity *capacity);

/*
 * Returns whether the tape is past a warning that the drive reports: the early
 * warning or the programmable early warning.
 */
bool drive_is_past_warning(const struct drive *drive);

/*
 * Returns whether the tape is past the early warning, even if the drive does
 * not report it.
 */
bool drive_is_past_early_warning(const struct drive *drive);

/*
 * Loads a volume.  The caller keeps the ownership, but must not use the volume
 * until it is unloaded.  The volume is in the drive whatever the result is.
 */
void drive_load(struct drive *drive, struct volume *volume, int64_t now_ns,
    struct drive_result *result);

/*
 * Synchronises the volume and returns it.  Returns NULL if the result is an
 * error, such as a deferred error; the volume is then still in the drive.  A
 * drive that has FAILED returns the volume without writing anything.
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
 * early warning, and before a block that fails.  If a block is longer than the
 * model allows, the result is ILLEGAL REQUEST 24/00, and nothing is written.
 */
void drive_write(struct drive *drive, const struct volume_run *run,
    int64_t now_ns, struct drive_result *result);

/* Equal writes, each of which continues the one before it. */
struct drive_repeat {
	struct volume_run run; /* the first; without data */
	uint64_t times;        /* how many, > 0 */
	int64_t begin_ns;      /* when the first begins */
	int64_t every_ns;      /* distance of their beginnings */
	int64_t take_ns;       /* how long each must take */
};

/*
 * Carries out these writes as drive_write() would.  Ends after the first that
 * is checked, takes less than all bytes or another time, or ends in the early
 * warning zone.  Returns how many were carried out, and the result of the last.
 */
uint64_t drive_repeat(struct drive *drive, const struct drive_repeat *repeat,
    struct drive_result *last);

/*
 * Writes filemarks.  Unless `immediate`, everything that was written is safe
 * when this succeeds.
 */
void drive_write_filemarks(struct drive *drive, uint64_t count, bool immediate,
    int64_t now_ns, struct drive_result *result);

/*
 * Erases everything from the position on.  `whole` takes the time of writing
 * the rest of the medium.
 */
void drive_erase(struct drive *drive, bool whole, int64_t now_ns,
    struct drive_result *result);

/*
 * FORMAT MEDIUM: everything is lost, and the medium has partitions of these
 * sizes, 1 to VOLUME_PARTITIONS_MAX, which are at most `usable_bytes` together.
 * The drive is at BOP of partition 0.  Results: not at BOP of partition 0,
 * ILLEGAL REQUEST 3B/0C; and those of drive_erase().
 */
void drive_format(struct drive *drive, uint64_t usable_bytes,
    const uint64_t *sizes, unsigned count, int64_t now_ns,
    struct drive_result *result);

/* What a drive with options.append_only allows once. */
enum drive_allow {
	DRIVE_ALLOW_NONE,
	DRIVE_ALLOW_HERE,  /* to write at this position */
	DRIVE_ALLOW_FORMAT /* to format the medium */
};

/*
 * ALLOW OVERWRITE.  For HERE the position must be the current one, or the
 * result is ILLEGAL REQUEST 3B/00, and nothing is allowed.  The next move of
 * the tape ends what is allowed.
 */
void drive_allow_overwrite(struct drive *drive, enum drive_allow allow,
    unsigned partition, uint64_t object, int64_t now_ns,
    struct drive_result *result);

/*
 * WRITE ATTRIBUTE: stores attributes of a partition, which exists, all of them
 * or none, and synchronises the volume.  Works at any position.
 */
void drive_store_attributes(struct drive *drive, unsigned partition,
    const struct volume_attribute *attributes, size_t count, int64_t now_ns,
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
 * Reads further blocks after drive_read() has read one without stored data: as
 * many as continue it in the dump, have the same length and can meet neither a
 * fault nor a defect, but at most `bytes` in all.  `result->bytes` says how
 * many; 0: use drive_read() for the next block.  Never fails.
 */
void drive_read_alike(struct drive *drive, uint64_t block_bytes, uint64_t bytes,
    int64_t now_ns, struct drive_result *result);

/* Where drive_locate() moves to. */
struct drive_target {
	bool changes_partition;
	unsigned partition; /* if so: the partition, from 0 */
	enum { DRIVE_TO_OBJECT, DRIVE_TO_FILE, DRIVE_TO_EOD } kind;
	uint64_t number; /* of the object, or of the file, from 0 */
};

/*
 * Moves to a place, like the three functions below, which stay in the
 * partition.  If the medium has no such partition, the result is ILLEGAL
 * REQUEST 24/00, and the tape does not move.
 */
void drive_locate(struct drive *drive, const struct drive_target *target,
    int64_t now_ns, struct drive_result *result);

/*
 * Moves to the first object of a file, counted from 0.  If there is no such
 * file, the result is BLANK CHECK 00/05, and the drive is at EOD.
 */
void drive_locate_file(struct drive *drive, uint64_t file, int64_t now_ns,
    struct drive_result *result);

void drive_space_eod(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/*
 * Moves to an object, counted from 0.  If there is no such object, the result
 * is BLANK CHECK 00/05, and the drive is at EOD.
 */
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
 * Reports a pending error, if there is one, or else whether the drive is ready.
 * A drive in LOST counts as ready: it can be used after a rewind.
 */
void drive_poll(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

/*
 * Writes the buffer and synchronises the volume.  When this succeeds, all
 * acknowledged data is safe.  Reports a pending error, if there is one.
 */
void drive_flush(struct drive *drive, int64_t now_ns,
    struct drive_result *result);

const struct drive_options *drive_get_options(const struct drive *drive);

/*
 * Simulates a power failure: the buffer and the position are lost.  The caller
 * must report 6/29/00 to the hosts.
 */
void drive_power_loss(struct drive *drive, int64_t now_ns);

/* Records that a cleaning cartridge was used.  The drive must be empty. */
void drive_clean(struct drive *drive);

/*
 * Sets the number of loads since the last cleaning.  The drive must be empty.
 */
void drive_set_loads(struct drive *drive, uint64_t loads);

/*
 * Returns the contents of the buffer: the number of blocks and filemarks
 * together, and the bytes.
 */
void drive_buffered(const struct drive *drive, uint64_t *objects,
    uint64_t *bytes);

/* What a drive does. */
enum drive_motion {
	DRIVE_UNLOADED, /* no volume is in the drive */
	DRIVE_LOADING,
	DRIVE_STANDING, /* nothing moves */
	DRIVE_STREAMING,
	DRIVE_BACKHITCH,
	DRIVE_TURNING, /* at the end of a wrap */
	DRIVE_READING,
	DRIVE_LOCATING,
	DRIVE_REWINDING,
	DRIVE_UNLOADING
};

/*
 * What a drive has done.  The times of loading, standing, streaming,
 * backhitches, turns, reading, locating, rewinding and unloading are together
 * loaded_ns.  A drive that takes no time only stands.
 */
struct drive_motion_counts {
	uint64_t stops_for_data;  /* the drive ran out of data */
	uint64_t stops_for_flush; /* for a synchronised filemark or a flush */
	uint64_t stops_forced;    /* for a higher speed */
	uint64_t retries;         /* a block was written again */
	uint64_t starts, turns;
	int64_t loaded_ns; /* with a volume, from the begin of its load */
	int64_t load_ns, standing_ns, hitch_ns, turn_ns, read_ns, locate_ns,
	    rewind_ns, unload_ns;
	/* streaming, for each medium of the model and each of its speeds */
	int64_t speed_ns[MODEL_MEDIA_MAX][MODEL_SPEEDS_MAX];
	/* from stops for data until the next start: hitch and standing */
	int64_t starved_ns;
	int64_t waited_ns; /* the host waited for room in the buffer */
	/* the integral of the buffer's contents (drive_get_fill()) over time */
	unsigned __int128 fill_byte_ns;
};

/*
 * These describe the instant now_ns; while a command is in progress of which
 * the answer is known already, some describe its end.  They change no result.
 */
void drive_get_motion_counts(struct drive *drive, int64_t now_ns,
    struct drive_motion_counts *counts);

/* Returns what the drive does; `*bytes_per_s` is its speed, if it streams. */
enum drive_motion drive_get_motion(struct drive *drive, int64_t now_ns,
    uint64_t *bytes_per_s);

/* Returns what the buffer contains, in bytes of the medium. */
uint64_t drive_get_fill(struct drive *drive, int64_t now_ns);

/* Blocks that were acknowledged, but never reached the medium. */
struct drive_loss {
	unsigned partition;
	uint64_t object; /* the object number that the first block would have */
	uint64_t blocks, bytes;
	uint64_t dump_id, offset;
	struct sense sense; /* the reason of the loss */
};

/* Returns the losses since the volume was loaded.  The drive owns the array. */
const struct drive_loss *drive_losses(const struct drive *drive, size_t *count);

/* Returns the number of lost blocks since the drive was made. */
uint64_t drive_lost_blocks(const struct drive *drive);

#endif
