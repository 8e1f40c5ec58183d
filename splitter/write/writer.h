/*
 * writer.h: carries the core's steps out on tapes.
 *
 * What both executors share: they ask the core and know the time, the writer
 * knows labels, headers, checksums and which tape is loaded.  It has no thread
 * and no clock, decides nothing, and is used by one thread at a time.
 *
 * Invariants:
 *  1. A volume is written to only if volume_policy.h says so; any other is refused,
 *     untouched.
 *  2. A volume is appended to only at an end of data that was verified: the
 *     file before it is one of tapelab, of that volume and of that number, and
 *     nothing lies behind its filemark.  A file that nobody finished is ended
 *     with a filemark first.
 *  3. No replayed block goes on tape that differs from the first time.
 *  4. The header of a part names the attempt, size and checksum of the part
 *     before; the end record names those of all parts.
 *  5. A volume that must have a part of the dump, and has it no more, is not
 *     written to: the dump ends, and neither that part nor those after it are
 *     called safe.
 *  6. A part is good only if the drive, where it tells its position, stands as
 *     many blocks and filemarks behind the part's beginning as were written.
 *  7. Where the drive tells that it is elsewhere, no header, filemark or end
 *     record is written, and the parts on the volume are verified.
 */
#ifndef SPLITTER_WRITER_H
#define SPLITTER_WRITER_H

#include "splitter/format/volume_policy.h"
#include "splitter/buffer/cache.h"
#include "splitter/core/core.h"
#include "splitter/format/header.h"
#include "splitter/format/parts.h"
#include "splitter/core/policy.h"
#include "splitter/buffer/ring.h"
#include "splitter/format/sum.h"
#include "splitter/tape/tape.h"

/* An attempt that has ended, as it is reported. */
struct writer_attempt {
	struct core_report report;
	char volume[TAPE_BARCODE_BYTES];
	uint64_t file;                    /* on the volume */
	int64_t begun_ns, ended_ns;       /* header begun, filemark done */
	char xxh128[HEADER_SUM_BYTES];    /* if committed; "" : not known */
	char message[TAPE_MESSAGE_BYTES]; /* of what failed, or "" */
};

/* A volume that was loaded, and, once it is given back, how. */
struct writer_volume {
	char barcode[TAPE_BARCODE_BYTES];
	char was[TAPE_BARCODE_BYTES]; /* its name in the label that it had */
	uint64_t sequence;            /* among those of the dump, from 1 */
	enum tape_close close;
	bool labelled;
	bool appended; /* used behind what was on it */
	bool leom;
	char message[TAPE_MESSAGE_BYTES]; /* why, where it failed */
};

/*
 * What a caller may want to see.  Members may be NULL.  Called by the thread
 * that carries out the steps, between steps; what they point to is theirs only
 * until they return.
 */
struct writer_events {
	void *arg;
	/* A volume is about to be labelled: what is on it will be lost. */
	void (*labelling)(void *arg, const struct writer_volume *);
	/*
	 * The header of an attempt is about to be written: what is on the
	 * volume from there on will be lost.  Of the report there are part,
	 * attempt and offset.
	 */
	void (*beginning)(void *arg, const struct writer_volume *,
	    const struct writer_attempt *);
	void (*attempt)(void *arg, const struct writer_attempt *);
	void (*loaded)(void *arg, const struct writer_volume *, int64_t at_ns);
	void (*closed)(void *arg, const struct writer_volume *, int64_t at_ns);
	/*
	 * A volume could not be loaded, labelled or given a header; or the end
	 * record could not be written.
	 */
	void (*trouble)(void *arg, const char *message, int64_t at_ns);
	/*
	 * A part that was called safe is not called so any more, for it is not
	 * on its volume (`gone`), could not be verified there, or follows such
	 * a part.  Called for each, in their order; the dump ends.
	 */
	void (*lost)(void *arg, const struct part_row *row, bool gone);
};

struct writer_config {
	const char *dump; /* header_name_valid(); the caller's */
	uint64_t dump_id;
	const char *begun; /* as in header.h; NULL: not said */
	uint64_t block_bytes;
	bool fixed; /* the drive is in fixed-block mode */
	struct volume_policy_rules volume_policy;
	/*
	 * With `volume_policy.unnamed`: whether the volume may be overwritten on which
	 * there is `what`.  A person may take any time; the volume is looked
	 * at again afterwards.
	 */
	bool (*may_overwrite)(void *arg, const char *what);
	void *may_overwrite_arg;
	bool can_replay; /* a failed part may be retried */
	bool end_record; /* as core_config: the dump is summed */
	/*
	 * A dump that is resumed: the parts that are safe, which the writer
	 * goes on with; the sum of their bytes; and how many volumes the dump
	 * was on.  NULL, NULL and 0 for a new one.  All the caller's.
	 */
	struct parts *parts;
	const struct sum *whole;
	uint64_t volumes_before;
	/* NULL: policy_default.  Asked when the attempt has been told. */
	policy_fn *policy;
	void *policy_arg;
	struct tape_library *library; /* the caller's */
	const struct ring *ring;      /* the caller's; NULL: no payload */
	struct cache *cache;          /* the caller's; NULL: none, memory */
	/* What the time is after a step; NULL: what its tape answered. */
	int64_t (*now_ns)(void *arg);
	void *now_arg;
	struct writer_events events;
};

struct writer;

/* NULL with a message if the memory cannot be had. */
struct writer *writer_new(const struct writer_config *config, char *err,
    size_t err_bytes);

/*
 * Carries out a step that core_next gave, but CORE_DONE.  Fills in what
 * core_done is to be told, and the time at which the step is complete.
 */
void writer_step(struct writer *writer, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns);

/* Where the bytes of a run that a tape has taken early are to be told. */
void writer_on_progress(struct writer *writer,
    void (*progress)(void *arg, uint64_t bytes), void *arg);

/*
 * The bytes of the dump at `offset` are in the ring, and about to be handed
 * over: sums them now, while they are in the processor's cache, if it can.
 * Nothing depends on this call.  By the thread that brought them.
 */
void writer_brought(struct writer *writer, uint64_t offset, const void *data,
    uint64_t bytes);

/* Whether a volume was refused since its drive takes no such blocks. */
bool writer_block_refused(const struct writer *writer);

/* What went wrong last, for a person; "" if nothing did. */
const char *writer_message(const struct writer *writer);

/*
 * The sum of all of the dump that is safe; "" where it is not known, or where
 * no end record is asked for.
 */
void writer_sum(const struct writer *writer, char text[HEADER_SUM_BYTES]);

void writer_free(struct writer *writer);

#endif
