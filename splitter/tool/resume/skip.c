/* skip.c: skips the safe bytes of a resumed dump. */
#include "splitter/tool/resume/skip.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 256 << 10 };

struct skipping {
	const struct resume_skip *skip;
	struct splitter_digest *part, *whole;
	char *piece;
	char *err;
	size_t err_bytes;
};

/*
 * Reads the bytes of one part, and adds them to the digests of the part and of
 * the dump.
 */
static enum resume_skip_result read_part(struct skipping *s,
    const struct splitter_part *part)
{
	uint64_t left = part->bytes;
	int64_t n;

	splitter_digest_reset(s->part);
	while (left > 0) {
		n = s->skip->read(s->skip->arg, s->piece,
		    left < PIECE_BYTES ? left : PIECE_BYTES);
		if (n < 0)
			return RESUME_SKIP_READ_FAILED;
		if (n == 0) {
			snprintf(s->err, s->err_bytes,
			    "this is not the dump that is on tape: it ends "
			    "after %" PRIu64 " bytes, in part %" PRIu64
			    "; give the same stream again",
			    part->offset_bytes + part->bytes - left,
			    part->part);
			return RESUME_SKIP_DIFFERS;
		}
		splitter_digest_add(s->part, s->piece, (uint64_t)n);
		splitter_digest_add(s->whole, s->piece, (uint64_t)n);
		left -= (uint64_t)n;
	}
	return RESUME_SKIP_SAME;
}

static enum resume_skip_result skip_part(struct skipping *s,
    const struct splitter_part *part)
{
	char digest[SPLITTER_DIGEST_BYTES];
	enum resume_skip_result result;

	if (part->xxh128[0] == '\0') {
		snprintf(s->err, s->err_bytes,
		    "part %" PRIu64 " is on tape without a checksum, so that "
		    "it cannot be compared: write the dump again under "
		    "another name",
		    part->part);
		return RESUME_SKIP_NO_DIGEST;
	}
	result = read_part(s, part);
	if (result != RESUME_SKIP_SAME)
		return result;
	splitter_digest_text(s->part, digest);
	if (strcmp(digest, part->xxh128) == 0)
		return RESUME_SKIP_SAME;
	snprintf(s->err, s->err_bytes,
	    "this is not the dump that is on tape: they differ in part %" PRIu64
	    ", bytes %" PRIu64 " to %" PRIu64
	    "; give the same stream again, or write it as a new dump",
	    part->part, part->offset_bytes, part->offset_bytes + part->bytes);
	return RESUME_SKIP_DIFFERS;
}

enum resume_skip_result resume_skip(const struct resume_skip *skip,
    struct splitter_digest *digest, char *err, size_t err_bytes)
{
	struct skipping s = { .skip = skip,
		.part = splitter_digest_new(),
		.whole = digest,
		.piece = malloc(PIECE_BYTES),
		.err = err,
		.err_bytes = err_bytes };
	enum resume_skip_result result = RESUME_SKIP_SAME;
	size_t i;

	if (s.part == NULL || s.piece == NULL) {
		snprintf(err, err_bytes, "out of memory to compare the dump");
		result = RESUME_SKIP_NO_MEMORY;
	}
	for (i = 0; result == RESUME_SKIP_SAME && i < skip->parts->count; i++)
		result = skip_part(&s, &skip->parts->parts[i]);
	splitter_digest_free(s.part);
	free(s.piece);
	return result;
}
