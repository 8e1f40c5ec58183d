/*
 * restore_time.h: the time that a restore takes, by the model alone.
 *
 * A restore mounts each volume once, in the order of the parts: the robot
 * moves, the drive loads, locates the first part, reads, locates the next part
 * if it does not begin where the last one ended, rewinds and unloads, and the
 * robot moves back.  The drive reads at its highest speed, or as fast as the
 * host takes the blocks; a filemark between parts stops nothing.
 */
#ifndef VTL_RESTORE_TIME_H
#define VTL_RESTORE_TIME_H

#include <stddef.h>
#include <stdint.h>

#include "vtl/model/model.h"

/* A part of a dump as it lies on a volume. */
struct restore_part {
	size_t volume; /* any number: another one is another mount */
	const struct model_medium *medium; /* of that volume: model_medium() */
	/* On the medium, after compression: its header to its filemark. */
	uint64_t begin_byte, end_byte;
	uint64_t blocks; /* what the host reads */
	uint64_t host_bytes;
};

struct restore_time {
	uint64_t mounts;
	int64_t mount_ns;  /* the robot, there and back, and loads */
	int64_t locate_ns; /* to parts */
	int64_t read_ns;
	int64_t unload_ns; /* rewinds and unloads */
	int64_t total_ns;  /* the sum of the times */
};

/*
 * Returns the time to restore `count` parts, which are in the order of the
 * dump.  One part is a restore of its own: count 1.  `move_ns` is a move of the
 * robot.  Times are at most LATER_MOST_NS.
 */
struct restore_time restore_time(const struct model *model, int64_t move_ns,
    const struct restore_part *parts, size_t count);

#endif
