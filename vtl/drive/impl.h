/*
 * impl.h: what the files of the drive share.  Each calls those above it.
 *
 *     fault.c    which operation fails, and how (fault.h)
 *     packed.c   what data takes where it is really compressed
 *     state.c    where the drive stands, times, the states of errors
 *     defect.c   what the defects of the medium do to a block
 *     buffer.c   what is acknowledged and not yet on the medium
 *     strike.c   what a defect or a fault does to the drive
 *     protect.c  what may be written
 *     drive.c    beginning a command; load, unload, rewind, flush
 *     write.c    blocks, filemarks, erasing
 *     read.c     reading
 *     move.c     locate and space
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

/* A block, or filemarks, that wait to be written to the medium. */
struct drive_queue_entry {
	struct volume_run run; /* data is owned; bytes 0: filemarks */
	uint64_t filemarks;
	uint64_t object;   /* its number on the volume */
	int64_t ready_ns;  /* when it was acknowledged */
	uint64_t slowdown; /* so many times as long does it take */
	bool fails;        /* with this, when it is written */
	struct sense sense;
};

struct drive_queue {
	struct drive_queue_entry *list; /* a ring of `room` */
	size_t room, first, count;
	uint64_t bytes;
	int64_t medium_ns; /* when the medium has nothing more to do */
};

struct drive {
	const struct model *model;
	struct drive_options options;
	struct extent_fit_layout layout;  /* of this volume */
	struct drive_compression *packed; /* where options.zlib is */
	uint64_t capacity_bytes;          /* likewise */
	struct volume *volume;
	const struct media_type *medium; /* of the volume; or NULL */
	enum media_use use;              /* what the drive does with it */
	enum drive_state state;
	struct sense trouble; /* what led to LOST or FAILED */
	struct volume_position position;
	bool overflowed;      /* and not moved since */
	bool miscounted;      /* likewise: it counts wrongly once */
	uint64_t zone_blocks; /* since it moved: in the warning's zone */
	uint64_t carry;       /* of the transfer time: below a nanosecond */
	struct drive_queue queue;
	bool has_pending; /* of acknowledged blocks: not told yet */
	struct sense pending;
	const char *pending_detail;
	uint64_t lost_blocks, lost_bytes; /* likewise */
	bool has_recovered; /* of a block that is on the medium: likewise */
	struct sense recovered;
	struct drive_loss *losses;
	size_t losses_count;
	uint64_t unlisted_loss_blocks; /* lost, without memory to note which */
	struct drive_faults faults;
	uint64_t loads; /* since it was cleaned */
};

/* state.c */

/* The result is CHECK CONDITION with this sense data. */
void drive_fail(struct drive_result *result, const struct sense *sense);

/* The result is complete `take_ns` later. */
void drive_add_ns(struct drive_result *result, int64_t take_ns);

/* The time of a transfer; the rest of the rounding goes to the next one. */
int64_t drive_transfer_ns(struct drive *drive, uint64_t bytes);

/* The byte of the medium at `position`. */
uint64_t drive_medium_byte(const struct drive *drive,
    const struct volume_position *position);

/* Where the early warning is met, or EXTENT_FIT_NEVER. */
uint64_t drive_warning_byte(const struct drive *drive);

/* Goes to a position, in the time that this takes. */
void drive_go(struct drive *drive, const struct volume_position *to,
    struct drive_result *result);

/* Whether the sense data reports a reset. */
bool drive_is_reset(const struct sense *sense);

/* Enters the state that an error leads to, if it leads to one. */
void drive_enter_error_state(struct drive *drive, const struct sense *sense);

/* packed.c: only where options.zlib is, blocks are put. */

/* Of an empty volume, or one that nothing is known of; NULL: no memory. */
struct drive_compression *drive_compression_new(void);
void drive_compression_free(struct drive_compression *packed);

/* What lies at this object, and behind it, is not known any more. */
void drive_compression_forget(struct drive_compression *packed,
    uint64_t object);

/* A run of one block is about to be written where the drive stands. */
void drive_compression_add(struct drive *drive, const struct volume_run *block);

/*
 * How much of the medium the data before a position takes; what lies there is on
 * the volume, waits in the buffer, or was put.
 */
uint64_t drive_compressed_before(const struct drive *drive,
    const struct volume_position *position);

/* drive_protect.c */

/* Whether the drive stands at EOD, with all that waits written before it. */
bool drive_at_end(const struct drive *drive);

/* Whether blocks or filemarks may be written there; or has the result say. */
bool drive_may_write(const struct drive *drive, struct drive_result *result);

/* Whether the medium may be erased from there on, likewise. */
bool drive_may_erase(const struct drive *drive, struct drive_result *result);

/* drive_defect.c */

/* What a block, or a run of them, between these places lies over. */
struct volume_extent drive_extent(const struct drive *drive,
    const struct volume_position *begin, const struct volume_position *end);

/* The first defect there that fails a write, or NULL. */
const struct volume_defect *drive_defect_write(const struct drive *drive,
    const struct volume_extent *cover);

/*
 * The block is on the medium: notes a write that was recovered there.  0; -1:
 * that cannot be stored, and what was not synchronised is gone.
 */
int drive_defect_written(struct drive *drive,
    const struct volume_extent *cover);

/* Has a good result tell of such a write. */
void drive_report_recovered(struct drive *drive, struct drive_result *result);

/*
 * Whether another block goes on the medium there; and that one did, which is
 * answered as above.
 */
bool drive_defect_corrupts(const struct drive *drive,
    const struct volume_extent *cover);
int drive_defect_corrupted(struct drive *drive,
    const struct volume_extent *cover);

/* So many times as long does a block there take. */
uint64_t drive_defect_slowdown(const struct drive *drive,
    const struct volume_extent *cover);

enum drive_reading {
	DRIVE_READ_GOOD,   /* the result may report a recovered error */
	DRIVE_READ_FAILED, /* the result is the error */
	/* The volume could not be changed: the caller calls drive_storage_failed(). */
	DRIVE_READ_NOT_STORED
};

/* Reads over the defects of the next block, which has `bytes`. */
enum drive_reading drive_defect_read(struct drive *drive, uint64_t bytes,
    struct drive_result *result);

/* Likewise, over the end of data, which is not found if that fails. */
enum drive_reading drive_defect_end(struct drive *drive,
    struct drive_result *result);

/* drive_buffer.c */

/* Writes to the medium what it had the time to write by `now_ns`. */
void drive_buffer_advance(struct drive *drive, int64_t now_ns);

/* Writes all, and has the result wait for it. */
void drive_buffer_flush(struct drive *drive, struct drive_result *result);

/*
 * Takes one block, or filemarks, which will fail with `sense` unless it is
 * NULL.  Waits for room.  0, or -1 if there is no memory for it, or there is
 * something pending by now: then it was not taken.
 */
int drive_buffer_take(struct drive *drive, const struct volume_run *run,
    uint64_t filemarks, const struct sense *sense, struct drive_result *result);

/* Has what was taken last take so many times as long to write. */
void drive_buffer_slow(struct drive *drive, uint64_t factor);

/* Drops all that waits: it is lost, for this reason. */
void drive_buffer_drop(struct drive *drive, const struct sense *why);

/* Notes a block that was acknowledged and is never on the medium. */
void drive_record_loss(struct drive *drive, const struct volume_run *run,
    uint64_t object, const struct sense *why);

/* strike.c */

/*
 * The volume could not store something: it is at its last commit again, and
 * what waits in the buffer has nothing to follow.
 */
void drive_storage_failed(struct drive *drive, struct drive_result *result);

/* A block covered a defect. */
void drive_apply_defect(struct drive *drive, const struct volume_defect *defect,
    struct drive_result *result);

/*
 * A fault strikes an operation.  True if it is answered with that; false if it
 * is to be done all the same.
 */
bool drive_apply_fault(struct drive *drive, const struct drive_fault *fault,
    struct drive_result *result);

/* Whether the fault leaves the tape elsewhere, unreported; NULL does not. */
bool drive_fault_moves_tape(const struct drive_fault *fault);

/* drive.c */

/*
 * Begins an result; false if the state of the drive, or a fault, is the
 * result.  `finds` says that the command finds a position that was lost.  What
 * does not write has the buffer written first, and makes it safe.
 */
bool drive_begin(struct drive *drive, enum drive_op op, bool finds,
    int64_t now_ns, struct drive_result *result);

#endif
