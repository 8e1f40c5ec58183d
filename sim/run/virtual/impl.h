/*
 * impl.h: shared by the files of a stream.  Each file calls only files
 * that are listed above it.
 *
 *     sample.c    what is measured of a stream
 *     spool.c     the spool
 *     produce.c   the producer
 *     leap.c      many equal cycles at once
 *     stream.c    the steps
 */
#ifndef SIM_STREAM_IMPL_H
#define SIM_STREAM_IMPL_H

#include "sim/run/virtual/stream.h"
#include "splitter/buffer/ring.h"

/*
 * State of the producer: it brings a piece, waits for room for a piece, or has
 * ended.
 */
enum producing { BRINGING, BLOCKED, ENDED };

/* A stream at a moment at which a WRITE from the buffer has begun. */
struct mark {
	bool set;
	int64_t now_ns, done_ns;
	uint64_t run_bytes, accepted;
	enum producing producing;
	uint64_t brought, pieces;
	int64_t bringing_ns, ready_ns, blocked_ns, due_ns;
	uint64_t segments; /* of the feed */
	/* What has been counted: see leap.c. */
	uint64_t underruns;
	int64_t producer_blocked_ns, drive_starved_ns, idle_ns, feed_ns;
	series_area fill_byte_ns, late_byte_ns;
};

struct stream {
	struct stream_config config;
	struct core core;
	struct writer *writer;
	struct ring *ring; /* NULL: no payload */
	struct dump_run_outcome outcome;
	bool begun; /* the first step was taken */
	bool ended;
	int64_t begun_dump_ns; /* time of the first step */
	int64_t now_ns;        /* time of the last step */

	struct feed feed;
	struct source_events events;
	enum producing producing;
	uint64_t piece_bytes; /* size of a piece */
	uint64_t brought;     /* bytes of the piece not yet accepted */
	uint64_t pieces;      /* number of pieces begun */
	int64_t bringing_ns;  /* time at which the producer began the piece */
	int64_t arriving_ns;  /* time at which its first byte comes */
	int64_t ready_ns;     /* time at which the piece is complete */
	int64_t blocked_ns;   /* time at which the producer began to wait */

	bool out; /* a step is in progress */
	/* The step is a load that waits for a drive, and asks at ask_ns. */
	bool waits;
	int64_t ask_ns;
	struct core_step step;
	struct core_result result;
	int64_t begun_ns, done_ns;
	int64_t cancel_ns; /* when to cancel the dump; negative: never */
	int64_t idle_ns;   /* time at which the drive began to wait, or -1 */
	bool idle_in_part;

	bool leaps;
	struct mark mark;        /* the last one */
	uint64_t leapt;          /* number of cycles */
	uint32_t failures, rest; /* no attempt to leap at the next marks */

	/* A spool that takes time. */
	bool spooling;       /* bytes are being written to it */
	uint64_t spooled_to; /* offset of the dump at which they end */
	int64_t spooled_ns;  /* when they are on the disk */
	int64_t disk_free_ns;

	struct sums *sums;
	struct sums own_sums; /* if the configuration has none */
};

/* sample.c */

/* Keeps the sums after a change of the fill. */
void stream_update_fill(struct stream *stream);

/*
 * Returns the state at `at_ns`, which is between the last step and the next
 * event.  A piece or a step in progress counts by its share that has passed.
 */
struct series_sample stream_sample_at(const struct stream *stream,
    int64_t at_ns);

/* Takes the samples that are due before the events at `now_ns`. */
void stream_take_samples(struct stream *stream, int64_t now_ns);

/* Reports the step that has ended. */
void stream_report_step(const struct stream *stream);

/* spool.c */

/* Returns whether the disk of the spool takes time. */
bool stream_spool_takes_time(const struct stream *stream);

/* Writes accepted bytes to the spool, unless its disk is writing already. */
void stream_spool(struct stream *stream);

/* Takes over the bytes that the disk has written by now. */
void stream_spool_end(struct stream *stream);

/*
 * Returns when the bytes of the step that begins now have been read back from
 * the spool: now_ns if the step reads none.
 */
int64_t stream_spool_read(struct stream *stream);

/* produce.c */

/*
 * Starts the next piece of the producer, which ends at the next source event.
 */
void stream_bring_next(struct stream *stream);

/* Does what the producer does at now_ns. */
void stream_produce(struct stream *stream);

/* leap.c */

/*
 * Leaps from a moment at which a step has begun to a later one, before
 * `until_ns`, if only equal cycles lie between them.
 */
void stream_leap(struct stream *stream, int64_t until_ns);

#endif
