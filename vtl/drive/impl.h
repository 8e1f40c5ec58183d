/*
 * impl.h: what the files of the drive share.  Each file calls only files that
 * are listed above it.
 *
 *     fault.c          which operation fails, and how (fault.h)
 *     compression.c    the size of data after compression, with zlib
 *     state.c          position, times, and the states that errors lead to
 *     early_warning.c  where the early warning is
 *     defect.c         what the defects of the medium do to a block
 *     buffer.c         blocks that are acknowledged and not yet on the medium
 *     failure.c        what a defect, a fault or a full disk does to the drive
 *     protect.c        what may be written
 *     drive.c          the beginning of each command; load, unload, flush
 *     write_run.c      a run of blocks, up to the early warning, PEOM, a defect
 *     write.c          blocks, one by one
 *     filemark.c       filemarks, erasing
 *     read.c           reading
 *     move.c           locate and space
 */
#ifndef VTL_DRIVE_IMPL_H
#define VTL_DRIVE_IMPL_H

#include "vtl/drive/drive.h"
#include "splitter/base/later.h"

enum drive_state {
	DRIVE_EMPTY,
	DRIVE_READY,
	DRIVE_LOST,
	DRIVE_FAILED,
	DRIVE_INCOMPATIBLE
};

/* A block, or filemarks, in the buffer. */
struct drive_queue_entry {
	struct volume_run run; /* owns its data; bytes 0: filemarks */
	uint64_t filemarks;
	uint64_t object;   /* number of the first object on the volume */
	int64_t ready_ns;  /* when it was acknowledged */
	uint64_t slowdown; /* factor of the time to write it */
	bool fails;        /* with `sense`, when it is written */
	struct sense sense;
};

struct drive_queue {
	struct drive_queue_entry *list; /* a ring of `room` entries */
	size_t room, first, count;
	uint64_t bytes;
	int64_t medium_ns; /* when the medium is idle */
};

struct drive {
	const struct model *model;
	struct drive_options options;
	struct extent_fit_layout layout;       /* of this volume */
	struct drive_compression *compression; /* used with options.zlib */
	uint64_t capacity_bytes;               /* of this volume */
	struct volume *volume;
	const struct media_type *medium; /* of the volume; NULL: unknown */
	enum media_use use;              /* what the drive does with it */
	enum drive_state state;
	struct sense error; /* that led to LOST or FAILED */
	struct volume_position position;
	bool overflowed;      /* VOLUME OVERFLOW, and not moved since */
	bool miscounted;      /* a wrong residual, and not moved since */
	uint64_t zone_blocks; /* past early warning, since it moved */
	uint64_t carry;       /* of the transfer time: below a nanosecond */
	struct drive_queue queue;
	bool has_pending; /* a deferred error that is not reported yet */
	struct sense pending;
	const char *pending_detail;
	uint64_t lost_blocks, lost_bytes; /* not reported yet */
	bool has_recovered; /* a recovered write that is not reported yet */
	struct sense recovered;
	struct drive_loss *losses;
	size_t losses_count;
	uint64_t unlisted_blocks; /* lost, without memory for the list */
	struct drive_faults faults;
	uint64_t loads; /* since the drive was cleaned */
};

/* compression.c: used only where options.zlib is set. */

/* The sizes on a volume of which nothing is known.  NULL: no memory. */
struct drive_compression *drive_compression_new(void);
void drive_compression_free(struct drive_compression *compression);

/* Forgets the size of this object and of all after it. */
void drive_compression_forget(struct drive_compression *compression,
    uint64_t object);

/* Adds a run of one block, which is about to be written at the position. */
void drive_compression_add(struct drive *drive, const struct volume_run *block);

/*
 * The bytes of the medium that the data before a position takes.  That data is
 * on the volume, waits in the buffer, or was added.
 */
uint64_t drive_compressed_before(const struct drive *drive,
    const struct volume_position *position);

/* state.c */

/* The result is CHECK CONDITION with this sense data. */
void drive_fail(struct drive_result *result, const struct sense *sense);

/* The result is complete `take_ns` later. */
void drive_add_ns(struct drive_result *result, int64_t take_ns);

/* The time of a transfer; the rest of the rounding goes to the next one. */
int64_t drive_transfer_ns(struct drive *drive, uint64_t bytes);

/* The byte of the medium at a position. */
uint64_t drive_medium_byte(const struct drive *drive,
    const struct volume_position *position);

/* Moves the tape to a position, in the time that this takes. */
void drive_go(struct drive *drive, const struct volume_position *to,
    struct drive_result *result);

/* Whether the sense data reports a reset. */
bool drive_is_reset(const struct sense *sense);

/* Enters the state that an error leads to, if it leads to one. */
void drive_enter_error_state(struct drive *drive, const struct sense *sense);

/* early_warning.c */

/* The early warning: the byte of the medium, or EXTENT_FIT_NEVER. */
uint64_t drive_warning_byte(const struct drive *drive);

/* defect.c */

/* The extent of a block, or a run of blocks, between two positions. */
struct volume_extent drive_extent(const struct drive *drive,
    const struct volume_position *begin, const struct volume_position *end);

/* The first defect there that fails a write, or NULL. */
const struct volume_defect *drive_defect_write(const struct drive *drive,
    const struct volume_extent *extent);

/*
 * The block is on the medium: remembers a recovered write there.  0; -1 if the
 * volume could not be changed: what was not synchronised is lost.
 */
int drive_defect_written(struct drive *drive,
    const struct volume_extent *extent);

/* A good result reports the recovered write, once. */
void drive_report_recovered(struct drive *drive, struct drive_result *result);

/* Whether a defect there corrupts what is written. */
bool drive_defect_corrupts(const struct drive *drive,
    const struct volume_extent *extent);

/* A corrupted block was written there.  0 or -1, as drive_defect_written(). */
int drive_defect_corrupted(struct drive *drive,
    const struct volume_extent *extent);

/* The factor of the time that a block there takes. */
uint64_t drive_defect_slowdown(const struct drive *drive,
    const struct volume_extent *extent);

enum drive_reading {
	DRIVE_READ_GOOD,   /* the result may report a recovered error */
	DRIVE_READ_FAILED, /* the result is the error */
	/* The volume could not be changed: call drive_storage_failed(). */
	DRIVE_READ_NOT_STORED
};

/* Reads over the defects of the next block, which has `bytes`. */
enum drive_reading drive_defect_read(struct drive *drive, uint64_t bytes,
    struct drive_result *result);

/* Reads over the defects at the end of data. */
enum drive_reading drive_defect_end(struct drive *drive,
    struct drive_result *result);

/* buffer.c */

/* Writes to the medium what there was time to write by `now_ns`. */
void drive_buffer_advance(struct drive *drive, int64_t now_ns);

/* Writes everything; the result is complete when that is done. */
void drive_buffer_flush(struct drive *drive, struct drive_result *result);

/*
 * Takes one block, or filemarks, after waiting for room.  With `sense` the
 * entry fails when it is written.  0; -1 if nothing was taken, as there is no
 * memory, or a deferred error is pending by now.
 */
int drive_buffer_take(struct drive *drive, const struct volume_run *run,
    uint64_t filemarks, const struct sense *sense, struct drive_result *result);

/* The entry that was taken last takes `slowdown` times as long to write. */
void drive_buffer_slow(struct drive *drive, uint64_t slowdown);

/* Empties the buffer.  All that was in it is lost, for this reason. */
void drive_buffer_drop(struct drive *drive, const struct sense *why);

/* Records the loss of a block that was acknowledged. */
void drive_record_loss(struct drive *drive, const struct volume_run *run,
    uint64_t object, const struct sense *why);

/* failure.c */

/*
 * The volume could not store something, and is as it was at its last commit.
 * The buffer is lost too, as it cannot follow.
 */
void drive_storage_failed(struct drive *drive, struct drive_result *result);

/* A block meets a defect that fails the write. */
void drive_apply_defect(struct drive *drive, const struct volume_defect *defect,
    struct drive_result *result);

/*
 * Applies a fault to an operation; `fault` may be NULL.  True if that is the
 * result; false if the operation is carried out as well.
 */
bool drive_apply_fault(struct drive *drive, const struct drive_fault *fault,
    struct drive_result *result);

/* Whether the fault moves the tape without a report; NULL does not. */
bool drive_fault_moves_tape(const struct drive_fault *fault);

/* protect.c */

/* Whether the drive is at EOD, counting the buffered blocks. */
bool drive_at_end(const struct drive *drive);

/* Whether blocks and filemarks may be written here; else the result says why. */
bool drive_may_write(const struct drive *drive, struct drive_result *result);

/* Whether the medium may be erased from here on; else the result says why. */
bool drive_may_erase(const struct drive *drive, struct drive_result *result);

/* drive.c */

/*
 * Begins a command.  False if its result is known already: from the state of
 * the drive, a pending error, or a fault.  `finds`: the command finds a
 * position that was lost.  A command that does not write first writes the
 * buffer and synchronises the volume.
 */
bool drive_begin(struct drive *drive, enum drive_op op, bool finds,
    int64_t now_ns, struct drive_result *result);

/* write_run.c */

/* Cuts off what is on the tape from here on.  0; -1: the result says why. */
int drive_cut(struct drive *drive, struct drive_result *result);

/* The extent of the run, if it is written at the position. */
struct volume_extent drive_run_extent(const struct drive *drive,
    const struct volume_run *run);

/* How far the run gets.  `defect` is the first that it meets, or NULL. */
enum extent_fit_end drive_run_fit(const struct drive *drive,
    const struct volume_run *run, const struct volume_defect *defect,
    uint64_t *bytes);

/* Writes a run, as far as it gets. */
void drive_write_run(struct drive *drive, const struct volume_run *run,
    struct drive_result *result);

#endif
