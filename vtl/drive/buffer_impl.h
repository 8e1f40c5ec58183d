/*
 * buffer_impl.h: the buffer of a drive: blocks and filemarks that are
 * acknowledged and not yet on the medium.
 *
 *     loss.c    blocks that never reached the medium
 *     buffer.c  how they get to the medium, or are lost
 *     take.c    how they get into the buffer
 *
 * Invariants:
 *
 *  1. Entries go to the volume in their order, and only at its end.
 *  2. An entry that may fail (`fragile`) is one block.
 *  3. An error empties the buffer, and is pending until a command reports it.
 *  4. The data of an entry is a copy, or in a block that is held (block_pool.h).
 *     So the buffer keeps at most its size of memory, and what the first and
 *     the last command that it holds transferred beyond it.
 */
#ifndef VTL_DRIVE_BUFFER_IMPL_H
#define VTL_DRIVE_BUFFER_IMPL_H

#include "vtl/drive/drive.h"

/* A run of blocks, or several filemarks, in the buffer. */
struct drive_queue_entry {
	struct volume_run run; /* what is not on the medium yet */
	/* run.data is in a copy, in a block that is held, or NULL */
	void *data, *block;
	uint64_t blocks; /* of the run; 0: the entry is filemarks */
	uint64_t filemarks;
	uint64_t object; /* number of the first object on the volume */
	bool fragile;    /* one block, which may fail when it is written */
	bool fails;      /* it fails with `sense` */
	struct sense sense;
};

struct drive_queue {
	struct drive_queue_entry *list; /* a ring of `room` entries */
	size_t room, first, count;
	uint64_t bytes;
	uint64_t data_bytes; /* of the blocks whose data is stored */
	size_t fragile;      /* number of entries that may fail */
	/* blocks of the motion model that are on the volume */
	uint64_t settled;
};

/* loss.c */

/* Records the loss of blocks that were acknowledged. */
void drive_record_loss(struct drive *drive, const struct volume_run *run,
    uint64_t object, const struct sense *why);

/* Logs the losses, beginning at index `from`, in the history of the volume. */
void drive_log_losses(struct drive *drive, size_t from);

/* buffer.c */

/* Returns an entry, counted from the first, which exists. */
struct drive_queue_entry *drive_queue_entry(const struct drive_queue *queue,
    size_t i);

/* Gives back the data of an entry. */
void drive_buffer_forget_data(struct drive_queue_entry *entry);

/* Empties the buffer.  Everything in it is lost for the reason `why`. */
void drive_buffer_drop(struct drive *drive, const struct sense *why,
    int64_t now_ns);

/*
 * Writes the first `blocks` blocks of the first entry to the volume, or the
 * filemarks that it is.  An error empties the queue, and is pending then.
 */
void drive_buffer_write_head(struct drive *drive, uint64_t blocks);

/* Sets the mark of the motion model to the first fragile block. */
void drive_buffer_set_mark(struct drive *drive);

/*
 * Writes to the volume what the motion model has written to the medium.
 * Returns whether the model was at the mark, and can continue.
 */
bool drive_buffer_settle(struct drive *drive);

/*
 * Writes to the medium what is complete before `now_ns`.  A block that is
 * complete at that instant is not written yet.
 */
void drive_buffer_advance(struct drive *drive, int64_t now_ns);

/* Writes all entries.  The result is complete when that is done. */
void drive_buffer_flush(struct drive *drive, struct drive_result *result);

/* take.c */

/*
 * Puts a run of blocks into the buffer; they wait for room.  With `sense`, the
 * run is one block, which fails when it is written.  Returns 0; -1 if not all
 * was taken, because there is no memory, or because a deferred error is now
 * pending.  result->bytes is what was taken.
 */
int drive_buffer_take(struct drive *drive, const struct volume_run *run,
    const struct sense *sense, struct drive_result *result);

/*
 * Puts runs into the buffer that are alike for the drive and the volume, as
 * long as the motion model finds no difference.  Returns how many, of at most
 * `times`; 0 if there is no memory, too.
 */
uint64_t drive_buffer_repeat(struct drive *drive,
    const struct drive_repeat *repeat, uint64_t times,
    struct drive_result *last);

/*
 * Puts a run of drive_write_quickly() into the buffer, like
 * drive_buffer_take().  Returns 0; -1 without memory, and then does nothing.
 */
int drive_buffer_take_quickly(struct drive *drive, const struct volume_run *run,
    struct drive_result *result);

/* Puts filemarks into the buffer.  Returns 0; -1 if there is no memory. */
int drive_buffer_take_filemarks(struct drive *drive, uint64_t count);

#endif
