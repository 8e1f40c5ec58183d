/*
 * writer.h: carries out the core's steps on tapes.
 *
 * Shared by both executors: they ask the core and know the time; the writer
 * knows labels, headers, checksums and the loaded tape.  It has no thread and
 * no clock, makes no decision, and is used by one thread at a time.
 *
 * Invariants:
 *  1. A volume is written only if volume_policy.h allows it; any other is
 *     refused, untouched.  The cartridge in the drive is still the one that was
 *     looked at, before the first write and after any error: look.h.
 *  2. A volume is appended to only at a verified end of data: the file before
 *  it
 *     is one of tapelab, of that volume and with that number, and nothing
 *     follows its filemark.  An unfinished file is first ended with a filemark.
 *  3. No replayed block that differs from the first attempt goes on tape.
 *  4. The header of a part names the attempt, size and checksum of the part
 *     before; the end record names those of all parts.
 *  5. A volume that must have a part of the dump, but no longer has it, is not
 *     written: the dump ends, and neither that part nor later ones are called
 *     safe.
 *  6. A part is good only if the drive, if it reports its position, is as many
 *     blocks and filemarks after the part's beginning as were written.
 *  7. If the drive reports another position, no header, filemark or end record
 *     is written, and the parts on the volume are verified.
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

/* The report of an attempt that has ended. */
struct writer_attempt {
	struct core_report report;
	char volume[TAPE_BARCODE_BYTES];
	uint64_t file; /* number of the file on the volume */
	/* start of the header, end of the filemark */
	int64_t begun_ns, ended_ns;
	/* checksum of a committed part; "": unknown */
	char xxh128[HEADER_SUM_BYTES];
	char message[TAPE_MESSAGE_BYTES]; /* message of the failure, or "" */
};

/* Describes a volume that was loaded or closed. */
struct writer_volume {
	char barcode[TAPE_BARCODE_BYTES];
	char was[TAPE_BARCODE_BYTES]; /* the old name in its label */
	unsigned drive;               /* number of its drive, from 0 */
	uint64_t sequence;            /* its number within the dump, from 1 */
	enum tape_close close;
	bool labelled;
	bool appended; /* the dump is appended after older data */
	bool leom;
	char message[TAPE_MESSAGE_BYTES]; /* the reason if the volume failed */
	/*
	 * When it is closed: its condition after the load and before the
	 * unload, and the errors between them as a sentence or ""; NULL: the
	 * tape does not report any of that.
	 */
	const struct tape_condition *before, *after;
	const char *errors;
};

/*
 * Events for the caller.  Members may be NULL.  Called by the thread that
 * carries out the steps, between steps; pointers are valid only during the
 * call.
 */
struct writer_events {
	void *arg;
	/* Called before a volume is labelled: its data will be lost. */
	void (*labelling)(void *arg, const struct writer_volume *);
	/*
	 * Called before the header of an attempt is written: the data of the
	 * volume from this position on will be lost.  Part, attempt and offset
	 * of the report are set.
	 */
	void (*beginning)(void *arg, const struct writer_volume *,
	    const struct writer_attempt *);
	void (*attempt)(void *arg, const struct writer_attempt *);
	void (*loaded)(void *arg, const struct writer_volume *, int64_t at_ns);
	void (*closed)(void *arg, const struct writer_volume *, int64_t at_ns);
	/*
	 * Called if a volume could not be loaded or labelled, if a header could
	 * not be written, or if the end record could not be written.
	 */
	void (*warning)(void *arg, const char *message, int64_t at_ns);
	/*
	 * A part that was reported as safe is no longer safe: it is missing on
	 * its volume (`gone`), could not be verified there, or follows such a
	 * part.  Called for each lost part, in order of their numbers; then the
	 * dump ends.
	 */
	void (*lost)(void *arg, const struct part_row *row, bool gone);
	/*
	 * Called with each log page and attribute after the load and before the
	 * unload, as received: see `raw` of struct tape_condition.
	 */
	void (*raw)(void *arg, const struct writer_volume *, bool unloading,
	    bool attribute, uint16_t code, const void *data, size_t bytes);
};

struct writer_config {
	/* name of the dump; header_name_valid(); belongs to the caller */
	const char *dump;
	uint64_t dump_id;
	const char *begun; /* start of the dump, as in header.h; NULL: none */
	uint64_t block_bytes;
	bool fixed; /* the drive is in fixed-block mode */
	struct volume_policy_rules volume_policy;
	/*
	 * Used with `volume_policy.unnamed`: asks whether the volume with these
	 * contents (`what`) may be overwritten.  The call may take any time;
	 * the volume is read again after it.
	 */
	bool (*may_overwrite)(void *arg, const char *what);
	void *may_overwrite_arg;
	bool can_replay; /* whether a failed part may be retried */
	bool end_record; /* whether to hash the dump for an end record */
	/*
	 * For a resumed dump: the safe parts, after which the writer continues;
	 * the checksum of their bytes; and the number of volumes of the dump.
	 * NULL, NULL and 0 for a new one.  All belong to the caller.
	 */
	struct parts *parts;
	const struct sum *whole;
	uint64_t volumes_before;
	/*
	 * The policy, called after the attempt was reported; NULL:
	 * policy_default.
	 */
	policy_fn *policy;
	void *policy_arg;
	struct tape_library *library; /* belongs to the caller */
	const struct ring *ring; /* belongs to the caller; NULL: no payload */
	/* belongs to the caller; NULL with cache none or memory */
	struct cache *cache;
	/*
	 * Returns the time after a step.  If NULL, the time of the tape's
	 * result is used.
	 */
	int64_t (*now_ns)(void *arg);
	void *now_arg;
	struct writer_events events;
};

struct writer;

/* Creates a writer.  Returns NULL with a message if there is no memory. */
struct writer *writer_new(const struct writer_config *config, char *err,
    size_t err_bytes);

/*
 * Carries out a step of core_next, except CORE_DONE.  Fills in the result for
 * core_done, and the time at which the step is complete.
 */
void writer_step(struct writer *writer, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns);

/*
 * Carries out `times` > 0 further WRITE steps that continue `step`, the last
 * one, each of the same size, in model time.  The first begins at `begin_ns`,
 * the others every_ns apart.  Ends after the first that does not succeed with
 * all bytes, without LEOM, after take_ns.  Returns how many were carried out,
 * and result and time of the last; 0: the tape cannot do that, or the dump has
 * payload.
 */
uint64_t writer_repeat(struct writer *writer, const struct core_step *step,
    uint64_t times, int64_t begin_ns, int64_t every_ns, int64_t take_ns,
    struct core_result *result, int64_t *done_ns);

/*
 * Sets the function that is called during a run with the number of bytes that
 * the tape has taken.
 */
void writer_on_progress(struct writer *writer,
    void (*progress)(void *arg, uint64_t bytes), void *arg);

/*
 * Hashes the bytes of the dump at `offset`, if possible, while they are in the
 * processor's cache.  The bytes are in the ring and about to be committed.  The
 * thread that brought the bytes calls this function.  The call is optional.
 */
void writer_brought(struct writer *writer, uint64_t offset, const void *data,
    uint64_t bytes);

/*
 * Returns whether a volume was refused because its drive does not accept blocks
 * of this size.
 */
bool writer_block_refused(const struct writer *writer);

/* Returns the message of the last error; "" if there was no error. */
const char *writer_message(const struct writer *writer);

/*
 * Writes the checksum of all safe bytes of the dump; "" if it is unknown, or if
 * no end record is requested.
 */
void writer_sum(const struct writer *writer, char text[HEADER_SUM_BYTES]);

void writer_free(struct writer *writer);

#endif
