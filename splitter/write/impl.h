/*
 * writer_impl.h: what the files of the writer share and nobody else includes.
 *
 *   writer.c         headers, runs and filemarks: what goes into a file
 *   result.c         what a tape answered, as a result of the core
 *   writer_volume.c  loading, labelling and giving back a volume
 *   writer_look.c    what is on a volume, and where its data ends
 *   writer_seal.c    the end record
 *   writer_place.c   whether the tape is where it was left
 *   writer_verify.c  whether the parts on the volume are there still
 */
#ifndef SPLITTER_WRITER_IMPL_H
#define SPLITTER_WRITER_IMPL_H

#include "splitter/tape/cursor.h"
#include "splitter/write/partsum.h"
#include "splitter/write/replay.h"
#include "splitter/write/writer.h"

struct writer {
	struct writer_config config;
	struct tape *tape;
	struct writer_volume volume;
	struct writer_attempt attempt;
	uint64_t sequence; /* volumes that hold something of this dump */
	char *block;       /* one block: label, header, what was read */
	/* The file that is written next, counted; writer_is_in_place holds
	 * what the drive tells against it. */
	uint64_t file;
	uint64_t
	    at_object; /* where the tape must be; or TAPE_POSITION_UNKNOWN */
	uint64_t begun_object;       /* the same, where the file began */
	struct tape_position behind; /* appended: where what was there ends */
	struct replay replay;
	struct partsum *sum;        /* of the attempt, and of the dump so far */
	bool summed;                /* it saw all bytes of the attempt */
	bool whole_known;           /* and of all parts before it */
	const struct tape_run *run; /* that is out, */
	uint64_t run_noted;         /* and the bytes of it that were noted */
	struct part_row before; /* the last part that is good; part 0: none */
	struct parts *parts;    /* all that are good */
	bool parts_own;         /* and it is the writer's to free */
	bool block_refused;     /* a drive takes no such blocks */
	bool parts_lost;        /* some are not in it: there was no memory */
	char *staging;          /* blocks from the cache; NULL: there is none */
	uint64_t staging_bytes; /* whole blocks */
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
	char message[TAPE_MESSAGE_BYTES];
	char refusal[TAPE_MESSAGE_BYTES]; /* of the last volume, or "" */
};

/* To read the volume that is loaded, in w->block. */
struct cursor writer_cursor(const struct writer *w, int64_t now_ns);

/* When what the tape answered was complete. */
int64_t writer_done_at(const struct writer *w,
    const struct tape_result *answer);

/* Takes over what a tape answered; keeps its message where it failed. */
void writer_take_answer(struct writer *w, const struct tape_result *answer,
    struct core_result *result, int64_t *done_ns);

/* Tells the caller what w->message says. */
void writer_trouble(struct writer *w, int64_t at_ns);

/* What all headers of this dump on this volume have in common. */
void writer_fill_header(const struct writer *w, struct header *h);

/* The volume is not ours to write on, and left as it is: says why. */
void writer_refuse(struct writer *w, struct core_result *result,
    const char *why);

/*
 * Looks whether the volume that is loaded may be written to, and goes to its
 * end of data where it is to be appended to.
 */
void writer_look(struct writer *w, struct core_result *result,
    int64_t *done_ns);

/* The tape is at the end of what is good on the volume. */
void writer_place_is_known(struct writer *w);

/* A label was written, or failed: the place is behind it. */
void writer_is_labelled(struct writer *w, struct core_result *result);

/*
 * Whether the tape is where it was left, before anything is written.  False:
 * it is not, and the result says TAPE_POSITION_LOST.
 */
bool writer_is_in_place(struct writer *w, struct core_result *result);

/*
 * Something was written, or failed: by the answer, `done` blocks or filemarks
 * are on tape of `most`.  Where the tape is elsewhere the result says so.  It
 * may have to be read for that.
 */
void writer_has_written(struct writer *w, uint64_t done, uint64_t most,
    struct core_result *result, int64_t *done_ns);

/* So many blocks were written; the drive is not asked. */
void writer_has_streamed(struct writer *w, uint64_t blocks);

enum writer_look_at {
	WRITER_LOOK,       /* read the volume */
	WRITER_NOT_NOW,    /* do not: what is on it is not known */
	WRITER_OVERWRITTEN /* another label is on it: all are lost */
};

/*
 * Whether the parts of the dump on the volume that is loaded are there still.
 * False: they are not, or cannot be seen; the caller was told which, they are
 * not in the table any more, and the result says what is safe.
 */
bool writer_parts_are_there(struct writer *w, enum writer_look_at how,
    struct core_result *result, int64_t *now_ns);

/*
 * Whether a part on the volume that is loaded, or what it was appended to, is
 * found not to be there; what cannot be seen is not found so.  Nobody is told.
 */
bool writer_parts_are_gone(struct writer *w, int64_t *now_ns);

void writer_verify(struct writer *w, const struct core_step *step,
    struct core_result *result, int64_t *done_ns);

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
