/*
 * impl.h: what the files of the motion model share.  Each file calls
 * only files that are listed above it.
 *
 *     speed.c   which speed the medium has
 *     motion.c         the queue, and the medium, from one event to the next
 *     host.c    the host writes
 *     repeat.c  many equal runs
 *
 * The queue is a ring of stretches of equal blocks.  All of its blocks have
 * arrived, except the last `coming` ones, which arrive spacing_ns apart.
 */
#ifndef VTL_MOTION_IMPL_H
#define VTL_MOTION_IMPL_H

#include "vtl/motion/motion.h"
#include "splitter/base/later.h"

#define MOTION_NEVER INT64_MAX

struct motion_stretch {
	uint64_t blocks, medium_bytes, factor;
};

struct motion {
	struct motion_model model;
	enum motion_state state; /* TURNING is not used here */
	size_t speed;            /* of the medium, when it streams */
	/*
	 * STREAMING: the head is free from then on; STANDING: since then, also
	 * if it is in the future; BACKHITCH: until then.
	 */
	int64_t free_ns;
	int64_t retry_ns;    /* not BACKHITCH: a retry ends at free_ns */
	int64_t written_ns;  /* when the last written block was on the medium */
	size_t forced_speed; /* to start with; MODEL_SPEEDS_MAX: none */

	struct motion_stretch *ring; /* `room` is a power of 2, or 0 */
	size_t room, first, count;
	uint64_t blocks, bytes; /* in the queue, including those that come */
	uint64_t written;       /* blocks */
	uint64_t mark;          /* number of written blocks at the mark */
	int64_t oldest_ns;      /* when the first of the queue arrived */
	int64_t reached_ns; /* not STREAMING: the restart level was reached */

	uint64_t coming; /* blocks of the last stretch that have not arrived */
	int64_t coming_ns, spacing_ns; /* arrival of the first, and distance */
	uint64_t coming_bytes;         /* of each */

	/* The last result of motion_block_ns(), without the factor. */
	uint64_t timed_bytes;
	size_t timed_speed;
	int64_t timed_ns;
	/* The time of a block of bus_bytes on the bus. */
	uint64_t bus_bytes;
	int64_t bus_ns;

	int64_t starves_since_ns; /* stopped for data; MOTION_NEVER: did not */
	bool flushing;
	int64_t answered_ns; /* the last answer */
	uint64_t wrap_left;  /* bytes to the end of the wrap */

	/* The feed since the last start. */
	int64_t start_ns, start_held_ns;
	uint64_t start_bytes, arrived_bytes;

	int64_t window_ns, window_waited_ns; /* end of the window */
	int64_t waits_since_ns; /* the host, for room; MOTION_NEVER: no */
	/* The host, for a flush: in all, and since when; MOTION_NEVER: no. */
	int64_t flushes_ns, flush_since_ns;
	struct motion_counts counts;
};

/* speed.c */

int64_t motion_hitch_ns(const struct motion_model *model, size_t speed);

/* Returns the time that a block of the stretch takes at the present speed. */
int64_t motion_block_ns(struct motion *motion,
    const struct motion_stretch *stretch);

/* Returns the speed for the feed up to an instant. */
size_t motion_choose(const struct motion *motion, int64_t at_ns);

/* Begins the measurement of the feed, and a window, at a start. */
void motion_measure(struct motion *motion, int64_t at_ns);

/*
 * At the end of a window, begins the next one.  Returns whether a higher speed
 * is worth a backhitch; forced_speed is then set.
 */
bool motion_forces(struct motion *motion);

/* motion.c */

/* The medium does not starve any more. */
void motion_end_starving(struct motion *motion, int64_t at_ns);

/* Counts the blocks that have arrived by an instant. */
void motion_arrive(struct motion *motion, int64_t until_ns);

/*
 * Makes room for a stretch in the ring.  Returns 0; -1 if there is no memory.
 */
int motion_reserve(struct motion *motion);

/*
 * Appends n blocks, which arrive from first_ns on.  All others have arrived.
 */
void motion_put(struct motion *motion, const struct motion_run *run, uint64_t n,
    int64_t first_ns, int64_t spacing_ns);

/*
 * Computes the next event before until_ns, in which at most `most` blocks are
 * written.  Returns false if there is none.
 */
bool motion_event(struct motion *motion, int64_t until_ns, uint64_t most);

/* Counts n blocks of the head of the queue as written, `each_ns` each. */
void motion_take(struct motion *motion, uint64_t n, int64_t each_ns);

/* host.c */

/* Returns the time of a block for the host and on the bus. */
int64_t motion_bus_ns(struct motion *motion, uint64_t block_bytes);

/*
 * If the buffer is full and the medium streams, each block waits for the block
 * that makes room for it: blocks arrive in step with the medium.  Returns how
 * many do so before the next event, at most `blocks`.
 */
uint64_t motion_in_step(struct motion *motion, const struct motion_run *run,
    uint64_t blocks, int64_t bus_ns, int64_t now_ns);

/* Writes n > 0 blocks in step.  *now_ns is then when the last has arrived. */
void motion_write_in_step(struct motion *motion, const struct motion_run *run,
    uint64_t n, int64_t bus_ns, int64_t *now_ns);

#endif
