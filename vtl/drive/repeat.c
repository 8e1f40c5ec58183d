/*
 * repeat.c: many equal writes at once.
 *
 * They are the writes that a host would send one after another.  Where nothing
 * happens in which they differ, they are one long run; the others are written
 * one by one.
 */
#include "vtl/drive/impl.h"

#include <string.h>

static uint64_t min64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * Returns whether writes of the run are all alike as far as the drive and the
 * volume are concerned, except for their time.
 */
static bool is_plain(const struct drive *drive, const struct volume_run *run)
{
	size_t defects;

	volume_defects(drive->volume, &defects);
	return drive->state == DRIVE_READY && !drive->has_pending &&
	    !drive->has_recovered && !drive->is_moved && defects == 0 &&
	    !drive_writes_single_blocks(drive, run) && run->data == NULL &&
	    run->bytes > 0 && run->block_bytes > 0 &&
	    run->bytes % run->block_bytes == 0 &&
	    run->block_bytes <= drive->model->block_max_bytes &&
	    !drive->overflowed && !drive_is_past_warning(drive) &&
	    drive_at_end(drive);
}

/* Returns whether `bytes` more bytes meet neither a warning nor the end. */
static bool fits(const struct drive *drive, const struct volume_run *run,
    uint64_t bytes)
{
	struct volume_run all = *run;
	uint64_t taken;

	all.bytes = bytes;
	return drive_run_fit(drive, &all, NULL, &taken) == EXTENT_FIT_ALL &&
	    taken == bytes;
}

/* Returns how many of the writes meet neither a warning nor the end. */
static uint64_t fitting(const struct drive *drive,
    const struct drive_repeat *repeat)
{
	uint64_t most =
	    min64(repeat->times, (UINT64_MAX >> 1) / repeat->run.bytes);
	uint64_t none = 0;

	if (fits(drive, &repeat->run, most * repeat->run.bytes))
		return most;
	while (most - none > 1) {
		uint64_t half = none + (most - none) / 2;

		if (fits(drive, &repeat->run, half * repeat->run.bytes))
			none = half;
		else
			most = half;
	}
	return none;
}

/* The same, of those that a drive without buffer writes without a turn. */
static uint64_t without_turn(const struct drive *drive,
    const struct drive_repeat *repeat, uint64_t times)
{
	const struct volume_run *run = &repeat->run;
	uint64_t wrap = drive_wrap_bytes(drive);
	uint64_t block = drive_block_medium_bytes(drive, run->block_bytes);
	uint64_t blocks = run->bytes / run->block_bytes, at;

	if (repeat->take_ns !=
	    later_times(drive_block_ns(drive, block), blocks))
		return 0;
	if (wrap == 0 || !drive_takes_time(drive))
		return times;
	at = drive_medium_byte(drive, &drive->position) % wrap;
	return min64(times, (wrap - at - 1) / (blocks * block));
}

/* Writes as many as are alike.  Returns how many. */
static uint64_t write_alike(struct drive *drive,
    const struct drive_repeat *repeat, struct drive_result *last)
{
	const struct volume_run *run = &repeat->run;
	struct volume_run all = *run;
	uint64_t times;

	memset(last, 0, sizeof *last);
	last->done_ns = repeat->begin_ns;
	if (!is_plain(drive, run) || !drive_may_write(drive, last))
		return 0;
	drive_buffer_advance(drive, repeat->begin_ns);
	if (drive->has_pending) /* the next write reports it */
		return 0;
	times = fitting(drive, repeat);
	if (drive_has_motion(drive))
		return drive_buffer_repeat(drive, repeat, times, last);
	if (drive_is_buffered(drive))
		return 0;
	times = without_turn(drive, repeat, times);
	if (times < 2)
		return 0;
	all.bytes = times * run->bytes;
	drive_write_run(drive, &all, last);
	if (last->check) /* the volume cannot be stored */
		return times;
	last->bytes = run->bytes;
	last->done_ns = repeat->begin_ns +
	    (int64_t)(times - 1) * repeat->every_ns + repeat->take_ns;
	return times;
}

uint64_t drive_repeat(struct drive *drive, const struct drive_repeat *repeat,
    struct drive_result *last)
{
	struct drive_repeat left = *repeat;
	uint64_t alike;

	while (left.times > 0) {
		alike = write_alike(drive, &left, last);
		if (alike == 0) {
			drive_write(drive, &left.run, left.begin_ns, last);
			alike = 1;
		}
		left.times -= alike;
		if (last->check || last->bytes != left.run.bytes ||
		    last->done_ns - left.begin_ns -
			    (int64_t)(alike - 1) * left.every_ns !=
			left.take_ns ||
		    drive_is_past_warning(drive))
			break;
		left.run.offset += alike * left.run.bytes;
		left.begin_ns += (int64_t)alike * left.every_ns;
	}
	return repeat->times - left.times;
}
