/*
 * motion.h: the buffer of a drive and the motion of its medium: when a block is
 * on the medium, and when the host has its answer.
 *
 * A host brings blocks over a bus into a buffer.  A medium takes them from
 * there; it moves at one of a few speeds, or stands.  This model has no data
 * and no volume, only numbers of blocks, and times in nanoseconds.
 *
 *     STANDING --restart level, flush, write delay--> STREAMING
 *        ^                                              | |  ^
 *        |                            end of a wrap:    | |  |
 *        |                            turn, new speed   | +--+
 *        |                                              |
 *        +----- BACKHITCH <--no data, flushed, forced---+
 *                   |                                   ^
 *                   +----forced, more to flush----------+
 *
 *  1. A block takes a whole number of nanoseconds on the bus and at the head.
 *     So times do not depend on how a run is divided into commands.
 *  2. A block has arrived after its time on the bus, and not before the buffer
 *     has room for it.  A block that is larger than the buffer has room when
 *     the buffer is empty.  The next block leaves the host after that.
 *  3. A streaming medium that has written a block takes the next one, if that
 *     has arrived by then (at that instant is in time).  Otherwise it stops: a
 *     backhitch (stop, reverse, start) takes hitch_ns; a slower speed has a
 *     shorter one.
 *  4. A standing medium starts when the buffer holds restart_bytes, when the
 *     host waits for room, at a flush, or when the oldest block has waited for
 *     write_delay_ns.
 *  5. The speed is chosen at a start and at the end of a wrap, from the feed
 *     since the last start.  The feed is what the host brought, by the time in
 *     which it waited neither for room nor for a flush.
 *  6. If the host waits for forced_permille of a window, or longer, the medium
 *     stops and starts two speeds higher, provided that the rest of the wrap
 *     gains more than one and a half backhitches.
 *  7. A flush is complete when the last block is on the medium.  The backhitch
 *     follows the answer.
 *  8. Events between two calls are computed by the second call.  Events that an
 *     answer depends on are computed by the call that answers.
 *  9. No sum of times overflows (later.h).
 *
 * The rules are those of IBM's manuals and patents (US 6,958,878, US 8,693,129,
 * US 9,087,549).  Their constants belong to the model of a drive.
 */
#ifndef VTL_MOTION_H
#define VTL_MOTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/model/model.h"

struct motion_model {
	/* what the medium takes, after compression; rising, each > 0 */
	uint64_t speeds_bytes_per_s[MODEL_SPEEDS_MAX];
	size_t speeds; /* > 0 */
	enum model_rule rule;
	int64_t hitch_ns;        /* a backhitch at the highest speed */
	unsigned hitch_permille; /* of that, at a speed near 0 */
	bool sync_without_hitch; /* a flush does not cause a backhitch */
	int64_t turn_ns;         /* at the end of a wrap */
	uint64_t wrap_bytes;     /* 0: the medium is one endless wrap */
	uint64_t buffer_bytes;   /* > 0, data after compression */
	uint64_t restart_bytes;  /* 1 .. buffer_bytes */
	int64_t write_delay_ns;  /* 0: none */
	int64_t window_ns;       /* 0: a higher speed is never forced */
	unsigned forced_permille;
	int64_t command_ns;       /* per block, of the host and the bus */
	uint64_t bus_bytes_per_s; /* 0: the bus takes no time */
};

/*
 * Stores how a drive model with a buffer of this size moves a medium, one of
 * its own, without compression.
 */
void motion_model_of(const struct model *model,
    const struct model_medium *medium, uint64_t buffer_bytes,
    struct motion_model *to);

/*
 * What happened up to an instant.  The times at the speeds, in backhitches, at
 * turns and standing are together the time since the start, apart from
 * motion_place().
 */
struct motion_counts {
	uint64_t stops_for_data;  /* the buffer was empty */
	uint64_t stops_for_flush; /* all that had to be flushed was written */
	uint64_t stops_forced;    /* for a higher speed */
	uint64_t retries;
	uint64_t turns;
	uint64_t starts;
	int64_t standing_ns;
	int64_t hitch_ns; /* in backhitches, and in retries */
	int64_t turn_ns;
	/*
	 * From stops for data until the next start, or a flush with nothing to
	 * do: a share of hitch_ns and standing_ns.
	 */
	int64_t starved_ns;
	int64_t waited_ns; /* the host, for room in the buffer */
	int64_t speed_ns[MODEL_SPEEDS_MAX]; /* streaming */
	/* the integral of the buffer's contents over time */
	unsigned __int128 fill_byte_ns;
};

struct motion;

/*
 * Returns a standing medium, at its beginning, and an empty buffer, from the
 * time now_ns on.  The model is copied.  Returns NULL if there is no memory.
 */
struct motion *motion_new(const struct motion_model *model, int64_t now_ns);

/* Makes it as a new one, for another medium. */
void motion_reset(struct motion *motion, const struct motion_model *model,
    int64_t now_ns);

/* Changes the model of a medium that is not moving.  The buffer is empty. */
void motion_set_model(struct motion *motion, const struct motion_model *model);

/* NULL is allowed. */
void motion_free(struct motion *motion);

/* Equal blocks that the host writes one after another. */
struct motion_run {
	uint64_t blocks;       /* > 0 */
	uint64_t block_bytes;  /* on the bus, > 0 */
	uint64_t medium_bytes; /* of each, after compression, > 0 */
	uint64_t factor;       /* each takes this many times longer; > 0 */
};

/*
 * The host begins to write the run at now_ns, which is not before the last
 * answer.  Stores how many blocks were taken, and when the last of them had
 * arrived.  Fewer than all were taken only if the mark was reached.  Returns 0;
 * -1 if there is no memory, and nothing was taken.
 */
int motion_write(struct motion *motion, const struct motion_run *run,
    int64_t now_ns, uint64_t *taken, int64_t *done_ns);

/* Equal runs, one after another: see motion_repeat(). */
struct motion_repeat {
	uint64_t times;
	int64_t begin_ns; /* of the first */
	int64_t every_ns; /* the distance of their beginnings, >= take_ns */
	int64_t take_ns;  /* how long each takes */
};

/*
 * Writes runs like motion_write() would, as long as nothing happens in which
 * they differ, and each takes exactly take_ns.  Returns how many; there may be
 * more.  The time that this needs does not depend on their number.
 */
uint64_t motion_repeat(struct motion *motion, const struct motion_run *run,
    const struct motion_repeat *repeat);

/*
 * Writes all blocks to the medium, up to the mark.  Returns when that is done:
 * now_ns if there is nothing to do.
 */
int64_t motion_flush(struct motion *motion, int64_t now_ns);

/*
 * Computes what happens before now_ns, up to the mark.  A block that is
 * complete at now_ns is not written yet.
 */
void motion_advance(struct motion *motion, int64_t now_ns);

/*
 * Sets the mark: the medium writes `blocks` blocks more, and then nothing until
 * the mark is set again.  The caller uses it for a block at which something
 * happens.  UINT64_MAX: no mark.
 */
void motion_set_mark(struct motion *motion, uint64_t blocks);

/*
 * At the mark: the last block needs a second pass, which takes a backhitch.
 */
void motion_retry(struct motion *motion);

/* The buffer is lost, and the medium stands. */
void motion_drop(struct motion *motion, int64_t now_ns);

/*
 * Something else moves the medium from now_ns until until_ns; then it is at this
 * byte, and stands.  The buffer must be empty.
 */
void motion_place(struct motion *motion, uint64_t medium_byte, int64_t now_ns,
    int64_t until_ns);

/*
 * Number of blocks that were written to the medium, of all that were taken.
 * When the last answer waited for a block, that block is written, although its
 * time may be after the begin of the command.
 */
uint64_t motion_written_blocks(const struct motion *motion);

/* When the last of the written blocks was on the medium. */
int64_t motion_written_ns(const struct motion *motion);

enum motion_state {
	MOTION_STANDING,
	MOTION_STREAMING,
	MOTION_BACKHITCH,
	MOTION_TURNING
};

/*
 * These describe the instant now_ns; or that of the last answer, if it is
 * later.  `*speed` is an index, of the state STREAMING.
 */
enum motion_state motion_get_state(struct motion *motion, int64_t now_ns,
    size_t *speed);
uint64_t motion_buffered_bytes(struct motion *motion, int64_t now_ns);
void motion_get_counts(struct motion *motion, int64_t now_ns,
    struct motion_counts *counts);

#endif
