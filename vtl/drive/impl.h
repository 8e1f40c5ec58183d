/*
 * impl.h: what the files of the drive share.  Each file calls only files that
 * are listed above it.
 *
 *     fault.c          which operation fails, and how (fault.h)
 *     compression.c    the size of data after compression, with zlib
 *     state.c          the state and the place on the medium
 *     timing.c         times, and what was done in them
 *     early_warning.c  where the early warning is
 *     partition.c      the current partition: its capacity, its choice
 *     defect.c         what the defects of the medium do to a block
 *     loss.c, buffer.c, take.c   the buffer: see buffer_impl.h
 *     failure.c        what a defect, a fault or a full disk does to the drive
 *     protect.c        what may be written
 *     drive.c          the beginning of each command; load, unload, flush
 *     write_run.c      a run of blocks, up to the early warning, PEOM, a defect
 *     quick.c          writes at which nothing can happen
 *     write.c          blocks, one by one
 *     repeat.c         many equal writes
 *     filemark.c       filemarks, erasing
 *     read.c           reading
 *     move.c           locate and space
 *     medium.c         partitions and attributes of the medium
 */
#ifndef VTL_DRIVE_IMPL_H
#define VTL_DRIVE_IMPL_H

#include "vtl/drive/buffer_impl.h"
#include "vtl/motion/motion.h"
#include "splitter/base/later.h"

enum drive_state {
	DRIVE_EMPTY,
	DRIVE_READY,
	DRIVE_LOST,
	DRIVE_FAILED,
	DRIVE_INCOMPATIBLE
};

/* Up to where nothing happens at a write: see quick.c. */
struct drive_quick {
	uint64_t object;       /* where the next write begins; 0: unknown */
	uint64_t limit_byte;   /* where that write may end at most */
	uint64_t block_bytes;  /* size of its blocks */
	uint64_t medium_bytes; /* that each block takes on the medium */
};

struct drive {
	const struct model *model;
	struct drive_options options;
	struct extent_fit_layout layout;       /* layout of the loaded volume */
	struct drive_compression *compression; /* used with options.zlib */
	uint64_t capacity_bytes; /* capacity of the current partition */
	struct volume *volume;
	/* medium of the volume; NULL: unknown */
	const struct media_type *medium;
	enum media_use use; /* what the drive can do with the medium */
	enum drive_state state;
	struct sense error; /* the error that led to LOST or FAILED */
	struct volume_position position; /* in the active partition */
	/*
	 * The active partition of the volume was changed, and the tape has not
	 * moved yet: it is at this byte of the tape.
	 */
	bool is_elsewhere;
	uint64_t elsewhere_byte;
	enum drive_allow allow;
	uint64_t allow_object; /* in the current partition */
	/* VOLUME OVERFLOW was reported, and the tape not moved since */
	bool overflowed;
	/* a wrong residual was reported, and the tape not moved since */
	bool miscounted;
	/* blocks past the early warning since the tape moved */
	uint64_t zone_blocks;
	struct drive_queue queue;
	struct drive_quick quick;
	bool instant; /* see drive_take_no_time() */
	/* how the model handles the loaded medium; never NULL */
	const struct model_medium *section;
	struct motion *motion; /* used if drive_has_motion() */
	bool is_moved;         /* it does not know the position */
	uint64_t slowdown;     /* factor of the block that is being written */
	uint64_t used_bytes;   /* written and read since the load */
	/* the last answer that depended on the buffer */
	int64_t answered_ns;
	int64_t loaded_ns; /* begin of the load */
	enum drive_motion activity;
	int64_t activity_ns;               /* end of the activity */
	struct drive_motion_counts counts; /* except those of `motion` */
	bool has_pending; /* a deferred error was not reported yet */
	struct sense pending;
	const char *pending_detail;
	/* lost data that was not reported yet */
	uint64_t lost_blocks, lost_bytes;
	bool has_recovered; /* a recovered write error was not reported yet */
	struct sense recovered;
	struct drive_loss *losses;
	size_t losses_count;
	/* lost blocks that are not in the list, for lack of memory */
	uint64_t unlisted_blocks;
	uint64_t all_lost_blocks; /* since the drive was made */
	struct drive_faults faults;
	int64_t now_ns; /* begin of the command in progress */
	uint64_t loads; /* number of loads since the last cleaning */
};

/* Something may have changed: the next write is examined in full. */
static inline void drive_quick_forget(struct drive *drive)
{
	drive->quick.object = 0;
}

/* compression.c: used only where options.zlib is set. */

/* Creates an empty list of sizes.  Returns NULL if there is no memory. */
struct drive_compression *drive_compression_new(void);
void drive_compression_free(struct drive_compression *compression);

/* Forgets the sizes of this object and of all later objects. */
void drive_compression_forget(struct drive_compression *compression,
    uint64_t object);

/*
 * Adds the size of a run of one block, which is about to be written at the
 * position.
 */
void drive_compression_add(struct drive *drive, const struct volume_run *block);

/*
 * Returns how many bytes of the medium the data before a position takes.  Each
 * block of that data is on the volume, is in the buffer, or was added.
 */
uint64_t drive_compressed_before(const struct drive *drive,
    const struct volume_position *position);

/* state.c */

/*
 * Returns when a command that is given at `now_ns` begins: not before the last
 * answer.  Clients of one drive may have clocks of their own.
 */
int64_t drive_begin_ns(const struct drive *drive, int64_t now_ns);

/* Sets CHECK CONDITION with this sense data. */
void drive_fail(struct drive_result *result, const struct sense *sense);

/* Adds `take_ns` to the time at which the result is complete. */
void drive_add_ns(struct drive_result *result, int64_t take_ns);

/* Returns the byte of the current partition at a position. */
uint64_t drive_medium_byte(const struct drive *drive,
    const struct volume_position *position);

/* Returns whether the sense data reports a reset. */
bool drive_is_reset(const struct sense *sense);

/* Enters the state that an error leads to, if it leads to one. */
void drive_enter_error_state(struct drive *drive, const struct sense *sense);

/* timing.c */

/* Returns whether transfers and moves take time. */
bool drive_takes_time(const struct drive *drive);

/* Returns whether the motion model says when blocks are on the medium. */
bool drive_has_motion(const struct drive *drive);

/* Returns a time of the model, or 0 if the drive takes no time. */
int64_t drive_model_ns(const struct drive *drive, int64_t model_ns);

/* Returns the size of the buffer. */
uint64_t drive_buffer_room(const struct drive *drive);

/* Adapts the motion model to new options; the buffer must be empty. */
void drive_set_timing(struct drive *drive);

/* The medium was loaded, from now_ns until done_ns. */
void drive_begin_timing(struct drive *drive, int64_t now_ns, int64_t done_ns);

/* The medium is unloaded at done_ns. */
void drive_end_timing(struct drive *drive, int64_t done_ns);

/* Counts time, and remembers what the drive does until then. */
void drive_spend_time(struct drive *drive, enum drive_motion what,
    int64_t from_ns, int64_t until_ns);

/* Tells the motion model the position, which was reached at until_ns. */
void drive_moved(struct drive *drive, int64_t now_ns, int64_t until_ns);

/* Returns the length of a wrap; 0: the medium is one endless wrap. */
uint64_t drive_wrap_bytes(const struct drive *drive);

/* Returns what a block takes of the medium, > 0.  Not with options.zlib. */
uint64_t drive_block_medium_bytes(const struct drive *drive,
    uint64_t block_bytes);

/* Returns the time of a block at the highest speed. */
int64_t drive_block_ns(const struct drive *drive, uint64_t medium_bytes);

/*
 * Adds to the result a transfer of take_ns between two bytes of the medium, and
 * the turns between them.
 */
void drive_transfer(struct drive *drive, uint64_t from_byte, uint64_t to_byte,
    enum drive_motion what, int64_t take_ns, struct drive_result *result);

/* Adds the time of a synchronised filemark of a drive that is not buffered. */
void drive_add_filemark_ns(struct drive *drive, struct drive_result *result);

/* Returns the byte of the tape at which it is; see timing.c. */
uint64_t drive_place_byte(const struct drive *drive);

/* Moves the tape to a position, and adds the time of the move to the result. */
void drive_go(struct drive *drive, const struct volume_position *to,
    struct drive_result *result);

/* The same for the rewind of an unload. */
void drive_go_unload(struct drive *drive, struct drive_result *result);

/* partition.c */

enum drive_random {
	DRIVE_RANDOM_RATIO = 1,
	DRIVE_RANDOM_CAPACITY,
	DRIVE_RANDOM_FIRST_LOAD
};

/*
 * Returns a random number from 0 to `spread`.  It is always the same for one
 * volume and purpose.
 */
uint64_t drive_random(const struct drive *drive, enum drive_random purpose,
    uint64_t spread);

/*
 * Sets the layout and the capacity for the loaded volume and its active
 * partition.
 */
void drive_set_layout(struct drive *drive);

/*
 * Makes another partition, which exists, the active one of the volume; the
 * buffer is empty.  The position is its BOP then, but the tape moves there only
 * with the next drive_go().  Returns 0; -1 if the volume could not be
 * synchronised: call drive_storage_failed().
 */
int drive_select(struct drive *drive, unsigned partition);

/* early_warning.c */

/* Returns the byte of the medium at the early warning, or EXTENT_FIT_NEVER. */
uint64_t drive_warning_byte(const struct drive *drive);

/* defect.c */

/*
 * Returns the extent of a block, or of a run of blocks, between two positions.
 */
struct volume_extent drive_extent(const struct drive *drive,
    const struct volume_position *begin, const struct volume_position *end);

/* Returns the position after the run, if all of it is written. */
struct volume_position drive_end_of_run(const struct drive *drive,
    const struct volume_run *run);

/* Returns the extent that the run would cover at the position. */
struct volume_extent drive_run_extent(const struct drive *drive,
    const struct volume_run *run);

/*
 * Returns whether a write of the run can meet a defect.  Unless
 * volume_defects_are_plain(), the run must have one block.
 */
bool drive_defect_concerns(const struct drive *drive,
    const struct volume_run *run);

/* Returns the first defect in the extent that fails a write, or NULL. */
const struct volume_defect *drive_defect_write(const struct drive *drive,
    const struct volume_extent *extent);

/*
 * Records that a block in the extent was written, possibly with a recovered
 * error.  Returns 0.  Returns -1 if the volume could not be changed; data that
 * was not synchronised is then lost.
 */
int drive_defect_written(struct drive *drive,
    const struct volume_extent *extent);

/* Reports the recovered write error, once, if the result is good. */
void drive_report_recovered(struct drive *drive, struct drive_result *result);

/* Returns whether a defect in the extent corrupts what is written. */
bool drive_defect_corrupts(const struct drive *drive,
    const struct volume_extent *extent);

/*
 * Records that a corrupted block was written in the extent.  Returns 0 or -1,
 * as drive_defect_written().
 */
int drive_defect_corrupted(struct drive *drive,
    const struct volume_extent *extent);

/*
 * Returns the factor by which defects slow down a block in the extent, which is
 * about to be read or written: each of them strikes.
 */
uint64_t drive_defect_slowdown(struct drive *drive,
    const struct volume_extent *extent);

/*
 * Records that the defect applies to a block at `medium_byte`, and removes it if it does so once.  Returns
 * 0 or -1, as drive_defect_written().
 */
int drive_defect_strike(struct drive *drive, const struct volume_defect *defect,
    uint64_t medium_byte);

enum drive_reading {
	DRIVE_READ_GOOD,   /* the result may report a recovered error */
	DRIVE_READ_FAILED, /* the result is the error */
	/* The volume could not be changed: call drive_storage_failed(). */
	DRIVE_READ_NOT_STORED
};

/* Applies the defects of the medium to reading the next block of `bytes`. */
enum drive_reading drive_defect_read(struct drive *drive, uint64_t bytes,
    struct drive_result *result);

/* Applies the defects at the end of data to finding that end. */
enum drive_reading drive_defect_end(struct drive *drive,
    struct drive_result *result);

/* failure.c */

/*
 * Handles a volume that could not store something: the volume is as it was at
 * its last commit.  The buffer continued from a later state, so it is lost too.
 */
void drive_storage_failed(struct drive *drive, struct drive_result *result);

/* Fails the write of a block that meets a defect. */
void drive_apply_defect(struct drive *drive, const struct volume_defect *defect,
    struct drive_result *result);

/*
 * Applies a fault to an operation; `fault` may be NULL.  Returns true if the
 * fault is the result, and false if the operation must still be carried out.
 */
bool drive_apply_fault(struct drive *drive, const struct drive_fault *fault,
    struct drive_result *result);

/* Returns whether the fault moves the tape without a report; false for NULL. */
bool drive_fault_moves_tape(const struct drive_fault *fault);

/* protect.c */

/* Returns whether the drive is at EOD, counting the buffered blocks. */
bool drive_at_end(const struct drive *drive);

/*
 * Returns whether blocks and filemarks may be written here.  If not, the result
 * is the error.
 */
bool drive_may_write(const struct drive *drive, struct drive_result *result);

/*
 * Returns whether the medium may be erased from here on.  If not, the result is
 * the error.
 */
bool drive_may_erase(const struct drive *drive, struct drive_result *result);

/*
 * Returns whether the medium may be formatted.  If not, the result is the
 * error.
 */
bool drive_may_format(const struct drive *drive, struct drive_result *result);

/* drive.c */

/*
 * Begins a command.  Returns false if its result is known already: from the
 * state of the drive, a pending error, or a fault.  `finds`: the command finds
 * a position that was lost.  Before a command that does not write, the buffer
 * is written and the volume synchronised.
 */
bool drive_begin(struct drive *drive, enum drive_op op, bool finds,
    int64_t now_ns, struct drive_result *result);

/* write_run.c */

/*
 * Removes everything on the tape from the position on.  Returns 0, or -1 with
 * an error as the result.
 */
int drive_cut(struct drive *drive, struct drive_result *result);

/*
 * Returns where the run ends.  `defect` is the first defect that the run meets,
 * or NULL.
 */
enum extent_fit_end drive_run_fit(const struct drive *drive,
    const struct volume_run *run, const struct volume_defect *defect,
    uint64_t *bytes);

/* Writes a run up to its end by drive_run_fit(). */
void drive_write_run(struct drive *drive, const struct volume_run *run,
    struct drive_result *result);

/* write.c */

/*
 * Returns whether something may act on single blocks of the run, which begins
 * at the position.
 */
bool drive_writes_single_blocks(const struct drive *drive,
    const struct volume_run *run);

/* quick.c */

/* Looks how far writes like the one that has just succeeded can go. */
void drive_quick_prepare(struct drive *drive, const struct volume_run *run);

/*
 * Does what drive_write() does, if nothing can happen at this write.  Returns
 * whether it did.
 */
bool drive_write_quickly(struct drive *drive, const struct volume_run *run,
    int64_t now_ns, struct drive_result *result);

#endif
