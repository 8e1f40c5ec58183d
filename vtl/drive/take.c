/*
 * take.c: how the buffer takes blocks and filemarks (buffer.c).
 */
#include "vtl/drive/impl.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/base/block_pool.h"

enum { QUEUE_ROOM = 64 };

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
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

/* Returns whether the queue has a place for an entry. */
static bool has_place(struct drive *drive)
{
	return drive->queue.count < drive->queue.room ||
	    grow(&drive->queue) == 0;
}

static int64_t later_of(int64_t a_ns, int64_t b_ns)
{
	return a_ns > b_ns ? a_ns : b_ns;
}

/* Adds an entry, whose data is the queue's then; there is room in the ring. */
static void append(struct drive *drive, const struct drive_queue_entry *e)
{
	struct drive_queue *queue = &drive->queue;
	struct drive_queue_entry *last = queue->count > 0
	    ? drive_queue_entry(queue, queue->count - 1)
	    : NULL;

	if (drive->quick.object != 0 &&
	    drive->quick.object == drive->position.object &&
	    e->run.block_bytes == drive->quick.block_bytes &&
	    e->run.bytes % drive->quick.block_bytes == 0)
		drive->quick.object += e->blocks;
	queue->bytes += e->run.bytes;
	if (e->run.data != NULL)
		queue->data_bytes += e->run.bytes - e->run.zeros;
	queue->fragile += e->fragile;
	drive->position.object += e->blocks + e->filemarks;
	drive->position.file += e->filemarks;
	drive->position.byte += e->run.bytes;
	if (last != NULL && last->blocks > 0 && e->blocks > 0 &&
	    !last->fragile && !e->fragile && last->run.data == NULL &&
	    e->run.data == NULL && last->run.dump_id == e->run.dump_id &&
	    last->run.keep == e->run.keep &&
	    last->run.block_bytes == e->run.block_bytes &&
	    last->run.bytes == last->blocks * last->run.block_bytes &&
	    last->run.offset + last->run.bytes == e->run.offset) {
		last->run.bytes += e->run.bytes;
		last->blocks += e->blocks;
		return;
	}
	*drive_queue_entry(queue, queue->count++) = *e;
}

/*
 * Writes entries of a drive without a motion model, until there is room for this
 * number of bytes.
 */
static void make_room(struct drive *drive, uint64_t bytes)
{
	const struct drive_queue *queue = &drive->queue;
	uint64_t room = drive_buffer_room(drive);

	while (queue->count > 0 && queue->bytes + bytes > room) {
		const struct drive_queue_entry *e = drive_queue_entry(queue, 0);
		uint64_t over = queue->bytes + bytes - room;

		drive_buffer_write_head(drive,
		    over < e->run.bytes ? (over - 1) / e->run.block_bytes + 1
					: e->blocks);
	}
}

/*
 * Takes equal blocks until something happens.  Returns how many; -1 if there is
 * no memory.
 */
static int64_t take_equal(struct drive *drive, uint64_t blocks,
    uint64_t block_bytes, uint64_t medium_bytes, struct drive_result *result)
{
	const struct motion_run run = { blocks, block_bytes, medium_bytes,
		drive->slowdown };
	uint64_t taken, most = drive_buffer_room(drive) / block_bytes;
	int64_t done_ns;

	if (!drive_has_motion(drive)) {
		if (blocks > most)
			blocks = most > 0 ? most : 1;
		make_room(drive, blocks * block_bytes);
		return drive->has_pending ? 0 : (int64_t)blocks;
	}
	if (drive->is_moved)
		drive_moved(drive, result->done_ns, result->done_ns);
	if (motion_write(drive->motion, &run, result->done_ns, &taken,
		&done_ns) != 0)
		return -1;
	if (taken > 0)
		drive->answered_ns = result->done_ns = done_ns;
	return (int64_t)taken;
}

/* Returns how many blocks of the run are equal: all but a short last one. */
static uint64_t equal_blocks(const struct volume_run *run)
{
	return run->bytes < run->block_bytes ? 1
					     : run->bytes / run->block_bytes;
}

/*
 * Takes the data of the run, if it is stored: holds the block in which it is,
 * or copies it.  A block that is kept is copied without the zeros at its end.
 */
static int take_data(const struct drive *drive, struct drive_queue_entry *e)
{
	struct volume_run *run = &e->run;
	uint64_t bytes = run->bytes;

	if (!run->keep &&
	    volume_get_spec(drive->volume)->payload == VOLUME_PAYLOAD_NONE)
		run->data = NULL;
	if (run->data == NULL)
		return 0;
	if (run->block != NULL && !run->keep) {
		e->block = run->block;
		block_hold(e->block);
		return 0;
	}
	if (run->keep && run->bytes <= run->block_bytes)
		bytes = volume_text_bytes(run->data, run->bytes);
	e->data = malloc(bytes + 1);
	if (e->data == NULL)
		return -1;
	memcpy(e->data, run->data, bytes);
	run->data = e->data;
	run->zeros = run->bytes - bytes;
	return 0;
}

/* Returns what each of the equal blocks of a run takes of the medium. */
static uint64_t medium_bytes_of(const struct drive *drive,
    const struct volume_run *run)
{
	struct volume_extent extent;

	if (!drive->options.zlib)
		return drive_block_medium_bytes(drive,
		    min64(run->bytes, run->block_bytes));
	/* The run is one block, whose size was added. */
	extent = drive_run_extent(drive, run);
	return extent.end_byte > extent.begin_byte
	    ? extent.end_byte - extent.begin_byte
	    : 1;
}

/* Takes blocks from the beginning of the run, and advances it. */
static int take_some(struct drive *drive, struct volume_run *run,
    const struct sense *sense, bool fragile, struct drive_result *result)
{
	struct drive_queue_entry e = {
		.run = *run, .fragile = fragile, .fails = sense != NULL
	};
	uint64_t blocks = equal_blocks(run);
	uint64_t block_bytes = min64(run->block_bytes, run->bytes);
	int64_t taken;

	if (!has_place(drive))
		return -1;
	e.run.bytes = blocks * block_bytes;
	if (take_data(drive, &e) != 0)
		return -1;
	taken = take_equal(drive, blocks, block_bytes,
	    medium_bytes_of(drive, &e.run), result);
	if (taken <= 0) {
		drive_buffer_forget_data(&e);
	} else {
		e.run.bytes = (uint64_t)taken * block_bytes;
		e.blocks = (uint64_t)taken;
		e.object = drive->position.object;
		if (sense != NULL)
			e.sense = *sense;
		append(drive, &e);
		run->bytes -= e.run.bytes;
		run->offset += e.run.bytes;
		if (run->data != NULL)
			run->data = (const uint8_t *)run->data + e.run.bytes;
		result->bytes += e.run.bytes;
	}
	if (drive_has_motion(drive)) {
		drive_buffer_settle(drive);
		if (fragile)
			drive_buffer_set_mark(drive);
	}
	if (drive->has_pending)
		result->done_ns =
		    later_of(result->done_ns, motion_written_ns(drive->motion));
	return taken < 0 || drive->has_pending ? -1 : 0;
}

int drive_buffer_take(struct drive *drive, const struct volume_run *run,
    const struct sense *sense, struct drive_result *result)
{
	bool fragile = sense != NULL || drive_defect_concerns(drive, run);
	struct volume_run left = *run;

	assert(!fragile || run->bytes <= run->block_bytes);
	result->bytes = 0;
	while (left.bytes > 0)
		if (take_some(drive, &left, sense, fragile, result) != 0)
			return -1;
	return 0;
}

int drive_buffer_take_quickly(struct drive *drive, const struct volume_run *run,
    struct drive_result *result)
{
	struct drive_queue_entry e = { .run = *run,
		.object = drive->position.object,
		.blocks = run->bytes / run->block_bytes };
	const struct motion_run blocks = { e.blocks, run->block_bytes,
		drive->quick.medium_bytes, 1 };
	uint64_t taken;

	if (!has_place(drive) ||
	    motion_write(drive->motion, &blocks, result->done_ns, &taken,
		&result->done_ns) != 0)
		return -1;
	assert(taken == e.blocks);
	drive->answered_ns = result->done_ns;
	append(drive, &e);
	result->bytes = run->bytes;
	drive_buffer_settle(drive);
	return 0;
}

uint64_t drive_buffer_repeat(struct drive *drive,
    const struct drive_repeat *repeat, uint64_t times,
    struct drive_result *last)
{
	const struct volume_run *run = &repeat->run;
	struct drive_queue_entry e = { .run = *run,
		.object = drive->position.object };
	uint64_t block = drive_block_medium_bytes(drive, run->block_bytes);
	const struct motion_run blocks = { run->bytes / run->block_bytes,
		run->block_bytes, block, 1 };
	const struct motion_repeat writes = { times, repeat->begin_ns,
		repeat->every_ns, repeat->take_ns };

	if (times == 0 || !has_place(drive))
		return 0;
	times = motion_repeat(drive->motion, &blocks, &writes);
	if (times > 0) {
		e.run.bytes = times * run->bytes;
		e.blocks = times * blocks.blocks;
		append(drive, &e);
		last->bytes = run->bytes;
		drive->answered_ns = last->done_ns = repeat->begin_ns +
		    (int64_t)(times - 1) * repeat->every_ns + repeat->take_ns;
	}
	drive_buffer_settle(drive);
	return times;
}

int drive_buffer_take_filemarks(struct drive *drive, uint64_t count)
{
	const struct drive_queue_entry e = { .filemarks = count,
		.object = drive->position.object };

	if (!has_place(drive))
		return -1;
	append(drive, &e);
	return 0;
}
