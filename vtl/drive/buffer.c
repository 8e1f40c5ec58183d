/*
 * buffer.c: blocks that are acknowledged and not yet on the medium.
 *
 *  1. The queue holds blocks and filemarks in the order in which they were
 *     acknowledged.  The position of the drive is after the last of them; the
 *     end of the volume is before the first.
 *  2. Whether a block fits is tested when the queue takes it.  Only defects,
 *     faults and storage failures can fail it when it is written.
 *  3. When an entry cannot be written, it and all entries after it are recorded
 *     as lost.  The queue is then empty, and the position is after the last
 *     object on the medium.
 *  4. Writing a block begins when the block was acknowledged and the block
 *     before is written.  It takes the time of the transfer.
 *  5. A drive with options.holds_buffer writes only to make room, and when the
 *     buffer must be empty.
 */
#include "vtl/drive/impl.h"
#include "splitter/base/grow.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUEUE_ROOM = 64, TEXT_BYTES = 256 };

static const struct sense write_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };

static struct drive_queue_entry *head(struct drive_queue *queue)
{
	return &queue->list[queue->first];
}

static void pop(struct drive_queue *queue)
{
	struct drive_queue_entry *w = head(queue);

	queue->bytes -= w->run.bytes;
	free((void *)(uintptr_t)w->run.data);
	queue->first = (queue->first + 1) % queue->room;
	queue->count--;
}

/* Makes the ring larger.  Returns 0 or -1. */
static int grow(struct drive_queue *queue)
{
	size_t i, room = queue->room == 0 ? QUEUE_ROOM : 2 * queue->room;
	struct drive_queue_entry *list = calloc(room, sizeof *list);

	if (list == NULL)
		return -1;
	for (i = 0; i < queue->count; i++)
		list[i] = queue->list[(queue->first + i) % queue->room];
	free(queue->list);
	queue->list = list;
	queue->room = room;
	queue->first = 0;
	return 0;
}

/* Returns whether the lost block continues the last recorded loss. */
static bool continues(const struct drive_loss *loss,
    const struct volume_run *run, uint64_t object, const struct sense *why)
{
	return loss->object + loss->blocks == object &&
	    loss->dump_id == run->dump_id &&
	    loss->offset + loss->bytes == run->offset &&
	    memcmp(&loss->sense, why, sizeof *why) == 0;
}

void drive_record_loss(struct drive *drive, const struct volume_run *run,
    uint64_t object, const struct sense *why)
{
	struct drive_loss *list = drive->losses;

	drive->lost_blocks++;
	drive->lost_bytes += run->bytes;
	/*
	 * After a loss the drive is positioned at the first lost block, so
	 * consecutive losses can be adjacent.
	 */
	if (drive->losses_count > 0 &&
	    continues(&list[drive->losses_count - 1], run, object, why)) {
		list[drive->losses_count - 1].blocks++;
		list[drive->losses_count - 1].bytes += run->bytes;
		return;
	}
	list = grow_by_one(list, drive->losses_count, sizeof *list);
	if (list == NULL) {
		drive->unlisted_blocks++;
		return;
	}
	drive->losses = list;
	list[drive->losses_count++] = (struct drive_loss){
		.object = object,
		.blocks = 1,
		.bytes = run->bytes,
		.dump_id = run->dump_id,
		.offset = run->offset,
		.sense = *why,
	};
}

/* Describes a loss.  Labels and headers belong to no dump. */
static void describe(const struct drive_loss *l, char text[TEXT_BYTES])
{
	char dump[80] = "";

	if (l->dump_id != 0)
		snprintf(dump, sizeof dump,
		    " of dump %016" PRIx64 " from %" PRIu64, l->dump_id,
		    l->offset);
	snprintf(text, TEXT_BYTES,
	    "objects %" PRIu64 " to %" PRIu64 ", %" PRIu64
	    " bytes%s: acknowledged, never on the medium (sense "
	    "%X/%02X/%02X)",
	    l->object, l->object + l->blocks - 1, l->bytes, dump, l->sense.key,
	    l->sense.asc, l->sense.ascq);
}

/* Logs the losses, beginning at index `from`, in the history of the volume. */
static void log_losses(struct drive *drive, size_t from)
{
	char text[TEXT_BYTES];

	for (; from < drive->losses_count; from++) {
		const struct drive_loss *l = &drive->losses[from];

		describe(l, text);
		if (volume_log_event(drive->volume, "lost", text) != 0)
			return;
	}
	if (drive->unlisted_blocks == 0)
		return;
	snprintf(text, sizeof text,
	    "%" PRIu64 " blocks, of which nothing is known for want of memory: "
	    "acknowledged, never on the medium",
	    drive->unlisted_blocks);
	if (volume_log_event(drive->volume, "lost", text) == 0)
		drive->unlisted_blocks = 0;
}

void drive_buffer_drop(struct drive *drive, const struct sense *why)
{
	struct drive_queue *queue = &drive->queue;
	size_t before = drive->losses_count;

	if (queue->count == 0)
		return;
	for (; queue->count > 0; pop(queue))
		if (head(queue)->run.bytes > 0)
			drive_record_loss(drive, &head(queue)->run,
			    head(queue)->object, why);
	drive->overflowed = false;
	log_losses(drive, before);
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
	drive_buffer_drop(drive, sense);
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
 * Returns whether the first entry, which is a block, fails.  If so, `*sense` is
 * its sense data.
 */
static bool head_fails(struct drive *drive, const struct volume_extent *extent,
    struct sense *sense)
{
	const struct drive_queue_entry *w = head(&drive->queue);
	const struct volume_defect *defect = drive_defect_write(drive, extent);

	if (w->fails) {
		*sense = w->sense;
		return true;
	}
	if (defect == NULL)
		return false;
	*sense = defect->sense;
	if (volume_defect_spend(drive->volume, defect) != 0)
		*sense = write_error;
	return true;
}

/* Writes the first entry to the medium. */
static void write_head(struct drive *drive)
{
	struct drive_queue_entry *w = head(&drive->queue);
	const struct volume_extent extent = head_extent(drive);
	bool is_block = w->run.bytes > 0;
	struct sense sense;
	int rc;

	if (is_block && head_fails(drive, &extent, &sense)) {
		defer(drive, &sense, NULL);
		return;
	}
	rc = is_block ? volume_append(drive->volume, &w->run)
		      : volume_append_filemarks(drive->volume, w->filemarks);
	if (rc != 0) {
		defer(drive, &write_error, volume_message(drive->volume));
		return;
	}
	pop(&drive->queue);
	if (is_block && drive_defect_written(drive, &extent) != 0)
		defer(drive, &write_error, volume_message(drive->volume));
}

/*
 * Writes the first entry if that is complete by `until_ns`. Returns whether it
 * was written.
 */
static bool step(struct drive *drive, int64_t until_ns)
{
	struct drive_queue *queue = &drive->queue;
	uint64_t carry = drive->carry;
	int64_t begin, end;

	if (queue->count == 0)
		return false;
	begin = head(queue)->ready_ns > queue->medium_ns ? head(queue)->ready_ns
							 : queue->medium_ns;
	end = later_add(begin,
	    later_times(drive_transfer_ns(drive, head(queue)->run.bytes),
		head(queue)->slowdown));
	if (end > until_ns) {
		drive->carry = carry;
		return false;
	}
	queue->medium_ns = end;
	write_head(drive);
	return true;
}

static void drain(struct drive *drive, int64_t until_ns)
{
	while (step(drive, until_ns))
		;
}

void drive_buffer_advance(struct drive *drive, int64_t now_ns)
{
	if (!drive->options.holds_buffer)
		drain(drive, now_ns);
}

void drive_buffer_flush(struct drive *drive, struct drive_result *result)
{
	bool waited = drive->queue.count > 0;

	drain(drive, INT64_MAX);
	if (waited && drive->queue.medium_ns > result->done_ns)
		result->done_ns = drive->queue.medium_ns;
}

static uint64_t room(const struct drive *drive)
{
	return drive->options.buffer_bytes > 0 ? drive->options.buffer_bytes
					       : drive->model->buffer_bytes;
}

/* Writes entries to the medium until the buffer has room for `bytes` more. */
static void wait_for_room(struct drive *drive, uint64_t bytes,
    struct drive_result *result)
{
	struct drive_queue *queue = &drive->queue;

	while (queue->count > 0 && queue->bytes + bytes > room(drive))
		if (step(drive, INT64_MAX) &&
		    queue->medium_ns > result->done_ns)
			result->done_ns = queue->medium_ns;
	drive_buffer_advance(drive, result->done_ns);
}

int drive_buffer_take(struct drive *drive, const struct volume_run *run,
    uint64_t filemarks, const struct sense *sense, struct drive_result *result)
{
	struct drive_queue *queue = &drive->queue;
	struct drive_queue_entry *w;
	void *data = NULL;

	wait_for_room(drive, run->bytes, result);
	if (drive->has_pending ||
	    (queue->count == queue->room && grow(queue) != 0))
		return -1;
	if (run->data != NULL &&
	    (run->keep ||
		volume_get_spec(drive->volume)->payload !=
		    VOLUME_PAYLOAD_NONE)) {
		if ((data = malloc(run->bytes)) == NULL)
			return -1;
		memcpy(data, run->data, run->bytes);
	}
	w = &queue->list[(queue->first + queue->count++) % queue->room];
	*w = (struct drive_queue_entry){ .run = *run,
		.filemarks = filemarks,
		.object = drive->position.object,
		.ready_ns = result->done_ns,
		.slowdown = 1,
		.fails = sense != NULL };
	w->run.data = data;
	if (sense != NULL)
		w->sense = *sense;
	queue->bytes += run->bytes;
	drive->position.object += run->bytes > 0 ? 1 : filemarks;
	drive->position.file += filemarks;
	drive->position.byte += run->bytes;
	return 0;
}

void drive_buffer_slow(struct drive *drive, uint64_t factor)
{
	struct drive_queue *queue = &drive->queue;

	queue->list[(queue->first + queue->count - 1) % queue->room].slowdown =
	    factor;
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

const struct drive_loss *drive_losses(const struct drive *drive, size_t *count)
{
	*count = drive->losses_count;
	return drive->losses;
}
