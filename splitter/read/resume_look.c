/* resume_look.c: looks whether what is safe is on its volumes still. */
#include "splitter/read/resume.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"

/* The volumes of a dump, one after the other: where in time, and what is so. */
struct look {
	const struct resume_volumes *volumes;
	struct tape *tape;
	int64_t now_ns;
	struct tape_result answer;
	char *block;
	struct part_row *gone;
	char *err;
	size_t err_bytes;
};

bool resume_is_part(const struct header *header, uint64_t dump_id,
    const struct part_row *row)
{
	return header->type == HEADER_PART && header->dump_id == dump_id &&
	    header->part == row->part && header->attempt == row->attempt &&
	    header->offset_bytes == row->offset_bytes;
}

static void answered(struct look *l)
{
	l->now_ns = l->answer.done_ns;
}

/* The volume is not seen, for what was answered. */
static enum resume_held unseen(struct look *l, const struct part_row *row)
{
	sentence(l->err, l->err_bytes,
	    "volume %s, which holds part %" PRIu64
	    " of the dump, cannot be looked at: %s",
	    row->volume, row->part, tape_result_text(&l->answer));
	return RESUME_UNSEEN;
}

/* The next block, or why there is none. */
static void read_block(struct look *l, struct tape_block *got)
{
	l->tape->ops->read(l->tape, l->block, l->volumes->block_bytes, got,
	    l->now_ns, &l->answer);
	answered(l);
}

/*
 * Whether nothing was ever written on the volume, which is at its beginning: a
 * drive that is told no barcodes takes such a one for any.
 */
static bool is_blank(struct look *l)
{
	struct tape_block got;

	read_block(l, &got);
	return l->answer.cause == TAPE_BLANK;
}

/* A look at one part. */
struct part_look {
	struct tape *tape;
	const struct part_row *row;
	int64_t *now_ns;
	struct tape_result *answer;
	struct tape_position begin, end;
};

/* Goes to a file; where that is. */
static void go_to(struct part_look *l, uint64_t file, struct tape_position *at)
{
	l->tape->ops->locate(l->tape, file, *l->now_ns, l->answer);
	*l->now_ns = l->answer->done_ns;
	l->tape->ops->position(l->tape, at);
}

/*
 * Whether the next file begins where it must, at EOD or not: then nothing was
 * written between the header and there, and the filemark is the last thing.
 */
static enum resume_held has_its_end(struct part_look *l,
    const struct header *header)
{
	uint64_t block = header->block_bytes, bytes = l->row->bytes;

	go_to(l, l->row->file + 1, &l->end);
	switch (l->answer->cause) {
	case TAPE_OK:
		break;
	case TAPE_EOD: /* where it begins, or there is none */
		if (l->end.file != l->row->file + 1)
			return RESUME_GONE;
		break;
	default:
		return RESUME_UNSEEN;
	}
	if (l->begin.object == TAPE_POSITION_UNKNOWN ||
	    l->end.object == TAPE_POSITION_UNKNOWN)
		return RESUME_HELD;
	return l->end.object ==
		l->begin.object + 2 + bytes / block + (bytes % block != 0)
	    ? RESUME_HELD
	    : RESUME_GONE;
}

enum resume_held resume_look_at_part(struct tape *tape,
    const struct part_row *row, uint64_t dump_id, char *block,
    uint64_t block_bytes, int64_t *now_ns, struct tape_result *answer)
{
	struct part_look l = {
		.tape = tape, .row = row, .now_ns = now_ns, .answer = answer
	};
	struct tape_block got;
	struct header header;
	char why[TAPE_MESSAGE_BYTES];

	go_to(&l, row->file, &l.begin);
	if (answer->cause == TAPE_OK) {
		tape->ops->read(tape, block, block_bytes, &got, *now_ns,
		    answer);
		*now_ns = answer->done_ns;
	}
	switch (answer->cause) {
	case TAPE_OK:
		return got.has_data &&
			header_parse(block, got.bytes, &header, why,
			    sizeof why) == 0 &&
			resume_is_part(&header, dump_id, row)
		    ? has_its_end(&l, &header)
		    : RESUME_GONE;
	case TAPE_EOD:
	case TAPE_BLANK:
	case TAPE_FILEMARK:
	case TAPE_INVALID: /* a longer block */
		return RESUME_GONE;
	default:
		return RESUME_UNSEEN;
	}
}

/* A part on the volume that is loaded. */
static enum resume_held look_at_part(struct look *l, const struct part_row *row)
{
	const struct resume_volumes *v = l->volumes;
	enum resume_held held = resume_look_at_part(l->tape, row, v->dump_id,
	    l->block, v->block_bytes, &l->now_ns, &l->answer);

	return held == RESUME_UNSEEN ? unseen(l, row) : held;
}

/*
 * The parts on the volume that is loaded, from `last` on backwards: the last
 * that is there vouches for those before it, for whatever is written on a tape
 * ends what was behind it.
 */
static enum resume_held look_at_parts(struct look *l, size_t last)
{
	enum resume_held held = RESUME_GONE;
	struct part_row row;
	size_t i = last + 1;
	bool gone = false;

	while (held == RESUME_GONE && i-- > 0) {
		parts_get(l->volumes->parts, i, &row);
		if (strcmp(row.volume, l->gone->volume) != 0)
			continue;
		held = look_at_part(l, &row);
		if (held == RESUME_GONE) {
			*l->gone = row;
			gone = true;
		}
	}
	if (!gone)
		return held;
	snprintf(l->err, l->err_bytes,
	    "volume %s, file %" PRIu64 ": part %" PRIu64
	    " of the dump is not there any more, it was written over",
	    l->gone->volume, l->gone->file, l->gone->part);
	return RESUME_GONE;
}

/* The volume on which row `last` is the last one. */
static enum resume_held look_at_volume(struct look *l, size_t last)
{
	const struct resume_volumes *v = l->volumes;
	enum resume_held held;

	if (volume_policy_has(&v->assumed, l->gone->volume))
		return RESUME_HELD;
	if (!v->each(v->arg, l->gone->volume))
		return RESUME_STOPPED;
	l->tape =
	    tape_load_named(v->library, l->gone->volume, l->now_ns, &l->answer);
	answered(l);
	if (l->tape == NULL)
		return unseen(l, l->gone);
	held = is_blank(l) ? unseen(l, l->gone) : look_at_parts(l, last);
	v->library->ops->unload(v->library, l->tape, TAPE_CLOSE_REFUSED,
	    l->now_ns, &l->answer);
	answered(l);
	return held;
}

/* Whether a row behind row `i` is on the same volume. */
static bool has_later(const struct parts *parts, size_t i,
    const struct part_row *row)
{
	struct part_row later;

	while (++i < parts_count(parts)) {
		parts_get(parts, i, &later);
		if (strcmp(later.volume, row->volume) == 0)
			return true;
	}
	return false;
}

enum resume_held resume_look(const struct resume_volumes *volumes,
    struct part_row *gone, char *err, size_t err_bytes)
{
	struct look l = { .volumes = volumes,
		.gone = gone,
		.err = err,
		.err_bytes = err_bytes };
	enum resume_held held = RESUME_HELD;
	size_t i;

	l.block = malloc(volumes->block_bytes);
	if (l.block == NULL) {
		snprintf(err, err_bytes,
		    "out of memory for a block of %" PRIu64 " bytes",
		    volumes->block_bytes);
		return RESUME_UNSEEN;
	}
	for (i = 0; held == RESUME_HELD && i < parts_count(volumes->parts);
	     i++) {
		parts_get(volumes->parts, i, gone);
		if (!has_later(volumes->parts, i, gone))
			held = look_at_volume(&l, i);
	}
	free(l.block);
	return held;
}
