/* resume.c: skips what is safe of a dump that is given again. */
#include "splitter/read/resume.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { PIECE_BYTES = 256 << 10, DRAWN_MIN = 1 << 20 };

uint64_t resume_draw_attempt(void)
{
	uint32_t drawn;

	/* It cannot fail once the machine has come up. */
	if (getrandom(&drawn, sizeof drawn, 0) != sizeof drawn)
		drawn = (uint32_t)time(NULL);
	return (drawn >> 1) | DRAWN_MIN;
}

bool resume_was_drawn(uint64_t attempt)
{
	return attempt >= DRAWN_MIN;
}

struct skipping {
	const struct resume *resume;
	struct sum *part, *whole;
	char *piece;
	char *err;
	size_t err_bytes;
};

/* Reads the bytes of one part and sums them. */
static enum resume_end read_part(struct skipping *s, const struct part_row *row)
{
	uint64_t left = row->bytes;
	int64_t n;

	sum_reset(s->part);
	while (left > 0) {
		n = s->resume->read(s->resume->arg, s->piece,
		    left < PIECE_BYTES ? left : PIECE_BYTES);
		if (n < 0)
			return RESUME_READ_FAILED;
		if (n == 0) {
			snprintf(s->err, s->err_bytes,
			    "this is not the dump "
			    "that is on tape: it ends after %" PRIu64 " bytes, "
			    "in part %" PRIu64 "; give the same stream again",
			    row->offset_bytes + row->bytes - left, row->part);
			return RESUME_DIFFERS;
		}
		sum_add(s->part, s->piece, (uint64_t)n);
		sum_add(s->whole, s->piece, (uint64_t)n);
		left -= (uint64_t)n;
	}
	return RESUME_SAME;
}

static enum resume_end skip_part(struct skipping *s, const struct part_row *row)
{
	char sum[SUM_TEXT_BYTES];
	enum resume_end end;

	if (row->xxh128[0] == '\0') {
		snprintf(s->err, s->err_bytes,
		    "part %" PRIu64 " is on tape "
		    "without a checksum, so that it cannot be compared: write "
		    "the dump anew",
		    row->part);
		return RESUME_UNKNOWN;
	}
	end = read_part(s, row);
	if (end != RESUME_SAME)
		return end;
	sum_text(s->part, sum);
	if (strcmp(sum, row->xxh128) == 0)
		return RESUME_SAME;
	snprintf(s->err, s->err_bytes,
	    "this is not the dump that is on tape: "
	    "they differ in part %" PRIu64 ", bytes %" PRIu64 " to %" PRIu64
	    "; give the same stream again, or write it as a new dump",
	    row->part, row->offset_bytes, row->offset_bytes + row->bytes);
	return RESUME_DIFFERS;
}

enum resume_end resume_skip(const struct resume *resume, struct sum *whole,
    char *err, size_t err_bytes)
{
	struct skipping s = { .resume = resume,
		.part = sum_new(),
		.whole = whole,
		.piece = malloc(PIECE_BYTES),
		.err = err,
		.err_bytes = err_bytes };
	enum resume_end end = RESUME_SAME;
	struct part_row row;
	size_t i;

	if (s.part == NULL || s.piece == NULL) {
		snprintf(err, err_bytes, "out of memory to compare the dump");
		end = RESUME_NO_MEMORY;
	}
	for (i = 0; end == RESUME_SAME && i < parts_count(resume->parts); i++) {
		parts_get(resume->parts, i, &row);
		end = skip_part(&s, &row);
	}
	sum_free(s.part);
	free(s.piece);
	return end;
}
