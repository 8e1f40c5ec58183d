/*
 * buffer.c: blocks that are acknowledged and not yet on the medium.
 *
 *  1. The queue holds runs of blocks, and filemarks, in the order in which they
 *     were acknowledged.  The position of the drive is after the last of them;
 *     the end of the volume is before the first.
 *  2. Whether a block fits is tested when the queue takes it.  Only defects,
 *     faults and storage failures can fail it when it is written.  A block that
 *     may fail is an entry of its own.
 *  3. When a block cannot be written, it and all entries after it are recorded
 *     as lost.  The queue is then empty, and the position is after the last
 *     object on the medium.
 *  4. The motion model (motion.h) says when a block arrives in the buffer, and
 *     when it is on the medium.  A filemark takes no time, and is on the medium
 *     with the block before it.
 *  5. A drive that takes no time writes everything at the next command.  With
 *     options.holds_buffer it writes only to make room, and when the buffer
 *     must be empty.
 */
#include "vtl/drive/impl.h"

#include <stdlib.h>

#include "vtl/base/block_pool.h"

static const struct sense write_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };

static struct drive_queue_entry *head(struct drive_queue *queue)
{
	return &queue->list[queue->first];
}

struct drive_queue_entry *drive_queue_entry(const struct drive_queue *queue,
    size_t i)
{
	return &queue->list[(queue->first + i) % queue->room];
}

/* Returns the length of the first `blocks` blocks of an entry. */
static uint64_t length_of(const struct drive_queue_entry *e, uint64_t blocks)
{
	return blocks < e->blocks ? blocks * e->run.block_bytes : e->run.bytes;
}

void drive_buffer_forget_data(struct drive_queue_entry *e)
{
	free(e->data);
	block_drop(e->block);
}

/* Removes the first `blocks` blocks of the first entry; filemarks: all. */
static void pop(struct drive_queue *queue, uint64_t blocks)
{
	struct drive_queue_entry *e = head(queue);
	uint64_t bytes = length_of(e, blocks);

	queue->bytes -= bytes;
	if (e->run.data != NULL) /* an entry with zeros is one block */
		queue->data_bytes -= bytes - e->run.zeros;
	e->run.bytes -= bytes;
	e->run.offset += bytes;
	if (e->run.data != NULL && blocks < e->blocks)
		e->run.data = (const uint8_t *)e->run.data + bytes;
	e->object += blocks;
	e->blocks -= blocks;
	if (e->blocks > 0)
		return;
	queue->fragile -= e->fragile;
	drive_buffer_forget_data(e);
	queue->first = (queue->first + 1) % queue->room;
	queue->count--;
}

void drive_buffer_drop(struct drive *drive, const struct sense *why,
    int64_t now_ns)
{
	struct drive_queue *queue = &drive->queue;
	size_t before = drive->losses_count;

	drive_quick_forget(drive);
	if (queue->count == 0)
		return;
	for (; queue->count > 0; pop(queue, head(queue)->blocks))
		if (head(queue)->run.bytes > 0)
			drive_record_loss(drive, &head(queue)->run,
			    head(queue)->object, why);
	if (drive_has_motion(drive))
		motion_drop(drive->motion, now_ns);
	queue->settled = motion_written_blocks(drive->motion);
	drive->is_moved = true;
	drive->overflowed = false;
	drive_log_losses(drive, before);
	/* If the history cannot be written, the volume is rolled back, too. */
	volume_end(drive->volume, &drive->position);
	drive_compression_forget(drive->compression, drive->position.object);
}

/*
 * Records a deferred error: an acknowledged block or filemark could not be
 * written.
 */
static void defer(struct drive *drive, const struct sense *sense,
    const char *detail)
{
	drive->has_pending = true;
	drive->pending = *sense;
	drive->pending_detail = detail;
	drive_buffer_drop(drive, sense, motion_written_ns(drive->motion));
	/* The entry that failed may have been the last in the queue. */
	volume_end(drive->volume, &drive->position);
	drive_enter_error_state(drive, sense);
}

/* Returns the extent of the medium that the first entry will cover. */
static struct volume_extent head_extent(const struct drive *drive)
{
	struct volume_position begin, end;

	volume_end(drive->volume, &begin);
	end = begin;
	end.byte += drive->queue.list[drive->queue.first].run.bytes;
	end.object++;
	return drive_extent(drive, &begin, &end);
}

/*
 * Returns whether the first entry, which is a fragile block, fails.  If so,
 * `*sense` is its sense data.
 */
static bool head_fails(struct drive *drive, const struct volume_extent *extent,
    struct sense *sense)
{
	const struct drive_queue_entry *e = head(&drive->queue);
	const struct volume_defect *defect = drive_defect_write(drive, extent);

	if (e->fails) {
		*sense = e->sense;
		return true;
	}
	if (defect == NULL)
		return false;
	*sense = defect->sense;
	if (drive_defect_strike(drive, defect, extent->begin_byte) != 0)
		*sense = write_error;
	return true;
}

/* Counts blocks of an entry as written to the medium since the load. */
static void count_written(struct drive *drive,
    const struct drive_queue_entry *e, uint64_t blocks)
{
	if (e->blocks > 0)
		drive->used_bytes += blocks *
		    drive_block_medium_bytes(drive, e->run.block_bytes);
}

/* Writes the first entry, which is a fragile block. */
static void write_fragile(struct drive *drive)
{
	const struct volume_extent extent = head_extent(drive);
	struct drive_queue_entry *e = head(&drive->queue);
	bool recovered = drive->has_recovered;
	struct sense sense;

	if (head_fails(drive, &extent, &sense)) {
		defer(drive, &sense, NULL);
		return;
	}
	if (volume_append(drive->volume, &e->run) != 0) {
		defer(drive, &write_error, volume_message(drive->volume));
		return;
	}
	count_written(drive, e, 1);
	pop(&drive->queue, 1);
	drive->has_recovered = false;
	if (drive_defect_written(drive, &extent) != 0)
		defer(drive, &write_error, volume_message(drive->volume));
	else if (drive->has_recovered && drive_has_motion(drive))
		motion_retry(drive->motion);
	drive->has_recovered |= recovered;
}

/*
 * Writes the first `blocks` blocks of the first entry to the volume, or the
 * filemarks that it is.
 */
void drive_buffer_write_head(struct drive *drive, uint64_t blocks)
{
	struct drive_queue_entry *e = head(&drive->queue);
	struct volume_run front = e->run;
	int rc;

	if (e->fragile) {
		write_fragile(drive);
		return;
	}
	front.bytes = length_of(e, blocks);
	rc = e->blocks > 0
	    ? volume_append(drive->volume, &front)
	    : volume_append_filemarks(drive->volume, e->filemarks);
	if (rc != 0) {
		defer(drive, &write_error, volume_message(drive->volume));
		return;
	}
	count_written(drive, e, blocks);
	pop(&drive->queue, blocks);
}

/* Writes everything to the volume, at no time. */
static void drain(struct drive *drive)
{
	while (drive->queue.count > 0)
		drive_buffer_write_head(drive, head(&drive->queue)->blocks);
}

/* Sets the mark of the motion model to the first fragile block. */
void drive_buffer_set_mark(struct drive *drive)
{
	const struct drive_queue *queue = &drive->queue;
	uint64_t blocks = 0;

	if (queue->fragile == 0) {
		motion_set_mark(drive->motion, UINT64_MAX);
		return;
	}
	for (size_t i = 0; i < queue->count; i++) {
		blocks += drive_queue_entry(queue, i)->blocks;
		if (drive_queue_entry(queue, i)->fragile)
			break;
	}
	motion_set_mark(drive->motion, blocks);
}

/*
 * Writes to the volume what the motion model has written to the medium.
 * Returns whether the model was at the mark, and can continue.
 */
bool drive_buffer_settle(struct drive *drive)
{
	struct drive_queue *queue = &drive->queue;
	uint64_t n = motion_written_blocks(drive->motion) - queue->settled;
	size_t fragile = queue->fragile;

	while (queue->count > 0 && (n > 0 || head(queue)->blocks == 0)) {
		uint64_t blocks = head(queue)->blocks;

		if (blocks > n)
			blocks = n;
		drive_buffer_write_head(drive, blocks);
		if (drive->has_pending)
			return false;
		n -= blocks;
		queue->settled += blocks;
	}
	if (queue->fragile == fragile)
		return false;
	drive_buffer_set_mark(drive);
	return true;
}

void drive_buffer_advance(struct drive *drive, int64_t now_ns)
{
	if (drive->options.holds_buffer)
		return;
	if (!drive_has_motion(drive)) {
		drain(drive);
		return;
	}
	do
		motion_advance(drive->motion, now_ns);
	while (drive_buffer_settle(drive));
}

/* Returns the later of two times. */
static int64_t later_of(int64_t a_ns, int64_t b_ns)
{
	return a_ns > b_ns ? a_ns : b_ns;
}

void drive_buffer_flush(struct drive *drive, struct drive_result *result)
{
	int64_t done_ns;

	if (!drive_has_motion(drive)) {
		drain(drive);
		return;
	}
	do
		done_ns = motion_flush(drive->motion, result->done_ns);
	while (drive_buffer_settle(drive));
	result->done_ns = later_of(result->done_ns, done_ns);
	drive->answered_ns = result->done_ns;
}

void drive_buffered(const struct drive *drive, uint64_t *objects,
    uint64_t *bytes)
{
	struct volume_position end;

	*objects = 0;
	if (drive->queue.count > 0) {
		volume_end(drive->volume, &end);
		*objects = drive->position.object - end.object;
	}
	*bytes = drive->queue.bytes;
}
