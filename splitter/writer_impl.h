/*
 * writer_impl.h: what the files of the writer share and nobody else includes.
 *
 *   writer.c         headers, runs and filemarks: what goes into a file
 *   writer_volume.c  loading, inspecting, labelling and giving back a volume
 */
#ifndef SPLITTER_WRITER_IMPL_H
#define SPLITTER_WRITER_IMPL_H

#include "splitter/replay.h"
#include "splitter/sum.h"
#include "splitter/writer.h"

struct writer {
	struct writer_config config;
	struct tape *tape;
	struct writer_volume volume;
	struct writer_attempt attempt;
	uint64_t sequence;	/* volumes labelled by this dump */
	char *block;		/* one block: label, header, what was read */
	struct replay replay;
	struct sum *sum;	/* of the attempt */
	bool summed;		/* it saw all bytes of the attempt */
	const struct tape_run *run;	/* that is out, */
	uint64_t run_noted;	/* and the bytes of it that were noted */
	char before[HEADER_SUM_BYTES];
	uint64_t before_bytes;
	char *staging;		/* a run that came from the cache */
	uint64_t staging_bytes;
	void (*progress)(void *arg, uint64_t bytes);
	void *progress_arg;
	char message[TAPE_MESSAGE_BYTES];
	char refusal[TAPE_MESSAGE_BYTES];	/* of the last volume, or "" */
};

/* Takes over what a tape answered; keeps its message where it failed. */
void writer_take_answer(struct writer *w, const struct tape_result *answer,
    struct core_result *result, int64_t *done_ns);

/* Tells the caller what w->message says. */
void writer_trouble(struct writer *w, int64_t at_ns);

/* What all headers of this dump on this volume have in common. */
void writer_fill_header(const struct writer *w, struct header *h);

void writer_load(struct writer *w, int64_t now_ns, struct core_result *result,
    int64_t *done_ns);
void writer_label(struct writer *w, int64_t now_ns,
    struct core_result *result, int64_t *done_ns);
void writer_unload(struct writer *w, enum core_close close, int64_t now_ns,
    int64_t *done_ns);

#endif
