/*
 * impl.h: shared by the files of the writer only.
 *
 *   writer.c           headers, filemarks, reports; which file does a step
 *   write_run.c        runs of blocks
 *   result.c           a tape's result becomes a result of the core
 *   volume.c           loads, labels and returns a volume
 *   inspect.c          the contents of a volume, and its end of data
 *   end_record.c       the end record
 *   position_check.c   whether the tape is at the expected position
 *   verify.c           whether the parts on the volume are there
 */
#ifndef SPLITTER_WRITER_IMPL_H
#define SPLITTER_WRITER_IMPL_H

#include "splitter/tape/cursor.h"
#include "splitter/tape/watch.h"
#include "splitter/write/partsum.h"
#include "splitter/write/replay.h"
#include "splitter/write/writer.h"

struct writer {
	struct writer_config config;
	struct tape *tape;
	struct writer_volume volume;
	struct writer_attempt attempt;
	uint64_t sequence; /* number of volumes that hold data of this dump */
	char
	    *block; /* one block: a label, a record, or a block that was read */
	/* The header of the last part: its text, and then zeros. */
	char *header;
	size_t header_bytes; /* length of the text */
	/*
	 * The number of the next file, as the writer counts it;
	 * writer_is_at_position() compares the number with the drive's report.
	 */
	uint64_t file;
	uint64_t
	    at_object; /* the expected position; or TAPE_POSITION_UNKNOWN */
	uint64_t begun_object; /* position at which the file began */
	struct tape_identity
	    identity;       /* of the cartridge, when it was looked at */
	bool must_look;     /* compare with it before the next write */
	struct watch watch; /* what the drive says of itself and the volume */
	bool unloading;     /* the volume */
	bool touched;       /* something may have been written since the load */
	bool must_format;   /* before the label */
	struct tape_position
	    older_end; /* appended: the end of the older data */
	struct replay replay;
	/* checksums of the attempt and of the dump so far */
	struct partsum *sum;
	bool summed;      /* `sum` includes all bytes of the attempt */
	bool whole_known; /* `sum` includes all bytes of the parts before */
	const struct tape_run *run; /* the run in progress, */
	uint64_t run_noted;         /* and how many of its bytes were hashed */
	struct part_row before;     /* the last good part; part 0: none */
	struct parts *parts;        /* all good parts */
	bool parts_own;             /* the writer frees `parts` */
	bool block_refused;         /* a drive does not accept such blocks */
	bool parts_lost;        /* `parts` lacks parts: there was no memory */
	char *staging;          /* blocks from the cache; NULL: there is none */
	uint64_t staging_bytes; /* size of `staging`, in whole blocks */
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
	char message[TAPE_MESSAGE_BYTES];
	/* refusal of the last volume, or "" */
	char refusal[TAPE_MESSAGE_BYTES];
};

/* Returns a cursor that reads the loaded volume into w->block. */
struct cursor writer_cursor(struct writer *w, int64_t now_ns);

/* Returns the completion time of the tape's operation. */
int64_t writer_done_at(const struct writer *w,
    const struct tape_result *answer);

/* Takes over a result of the tape, with its message if it failed. */
void writer_take_answer(struct writer *w, const struct tape_result *answer,
    struct core_result *result, int64_t *done_ns);

/* Reports w->message to the caller. */
void writer_warn(struct writer *w, int64_t at_ns);

/*
 * Fills in the keys that all headers of this dump on this volume have in
 * common.
 */
void writer_fill_header(const struct writer *w, struct header *h);

/*
 * Refuses the volume, which must not be written and stays unchanged; sets the
 * reason.
 */
void writer_refuse(struct writer *w, struct core_result *result,
    const char *why);

/*
 * Checks whether the loaded volume may be written, and goes to its end of data
 * to append to it.
 */
void writer_inspect(struct writer *w, struct core_result *result,
    int64_t *done_ns);

/*
 * Takes the position that the drive reports as the expected one: the tape is at
 * the end of the valid data on the volume.
 */
void writer_set_position(struct writer *w);

/*
 * Checks the position after a label was written, or failed.  The tape must be
 * after the label and its filemark; if not, the result says
 * TAPE_POSITION_LOST.
 */
void writer_check_labelled(struct writer *w, struct core_result *result);

/* Takes the cartridge in the drive as the one that may be written. */
void writer_set_medium(struct writer *w, const struct tape_identity *identity);

/*
 * Checks before the first write to a volume, and before the first after any
 * error, that the same cartridge is in the drive.  Returns false if it is not,
 * with the volume refused if nothing was written to it since the load, else
 * with the cause TAPE_POSITION_LOST.
 */
bool writer_is_same_medium(struct writer *w, struct core_result *result);

/*
 * Checks before a write that the same cartridge is in the drive, and that the
 * tape is at the expected position.  Returns false, with the cause
 * TAPE_POSITION_LOST, if it is not.
 */
bool writer_is_at_position(struct writer *w, struct core_result *result);

/*
 * Checks the position after a write, good or failed, by whose result `done` of
 * `most` blocks or filemarks are on tape.  If the tape is at another position,
 * the result says so.  This may read the tape.
 */
void writer_check_written(struct writer *w, uint64_t done, uint64_t most,
    struct core_result *result, int64_t *done_ns);

/*
 * Moves the expected position by this number of blocks, which were written; the
 * drive is not queried.
 */
void writer_count_blocks(struct writer *w, uint64_t blocks);

enum writer_verify_mode {
	WRITER_VERIFY_READ, /* read the volume */
	WRITER_VERIFY_SKIP, /* read nothing: all parts count as unreadable */
	/* another label is on the volume: all parts are lost */
	WRITER_VERIFY_OVERWRITTEN
};

/*
 * Verifies the parts of the dump on the loaded volume.  Returns false if some
 * parts are missing or cannot be read.  These parts are reported and removed
 * from the table, and the result has the safe bytes.
 */
bool writer_parts_are_present(struct writer *w, enum writer_verify_mode mode,
    struct core_result *result, int64_t *now_ns);

/*
 * Returns whether a part on the loaded volume, or the data before an append, is
 * missing; data that cannot be read does not count as missing.  Reports
 * nothing.
 */
bool writer_parts_are_missing(struct writer *w, int64_t *now_ns);

void writer_verify(struct writer *w, const struct core_step *step,
    struct core_result *result, int64_t *done_ns);

/* Writes the run of a WRITE, in pieces if it is not contiguous. */
void writer_write_run(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns);

/* Counts the volume among those of the dump: something was written on it. */
void writer_count_volume(struct writer *w);

void writer_end_record(struct writer *w, const struct core_step *step,
    int64_t now_ns, struct core_result *result, int64_t *done_ns);
void writer_load(struct writer *w, int64_t now_ns, struct core_result *result,
    int64_t *done_ns);
void writer_label(struct writer *w, int64_t now_ns, struct core_result *result,
    int64_t *done_ns);
void writer_unload(struct writer *w, enum tape_close close, int64_t now_ns,
    int64_t *done_ns);

#endif
