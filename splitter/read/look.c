/* look.c: see look.h. */
#include "splitter/read/look.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/foreign.h"
#include "splitter/tape/result.h"

/* A block that is read, and what it is. */
struct reading {
	struct cursor *c;
	struct header *header;
	char *why;
	size_t why_bytes;
	bool ltfs;
};

static enum first_block judge(struct reading *r)
{
	enum first_block first =
	    first_block_judge(r->c, r->header, r->why, r->why_bytes);

	r->ltfs = first == FIRST_BLOCK_FOREIGN &&
	    r->c->result.cause == TAPE_OK && r->c->got.has_data &&
	    foreign_is_ltfs(r->c->block, r->c->got.bytes);
	return first;
}

/* Reads the first block of a file that is longer than the room. */
static enum first_block read_longer(struct reading *r, uint64_t file)
{
	struct cursor *c = r->c, kept = *c;
	enum first_block first;

	c->room_bytes = cursor_block_max_bytes(c);
	c->block = malloc(c->room_bytes);
	if (c->block == NULL) {
		c->result.cause = TAPE_UNKNOWN_ERROR;
		snprintf(c->result.message, sizeof c->result.message,
		    "out of memory for a block of %" PRIu64 " bytes",
		    c->room_bytes);
	} else if (cursor_locate(c, file)) {
		cursor_read(c);
	}
	first = judge(r);
	free(c->block);
	c->block = kept.block;
	c->room_bytes = kept.room_bytes;
	return first;
}

static enum first_block read_first(struct reading *r, uint64_t file)
{
	cursor_read(r->c);
	return r->c->result.cause == TAPE_INVALID &&
		cursor_block_max_bytes(r->c) > r->c->room_bytes
	    ? read_longer(r, file)
	    : judge(r);
}

enum first_block look_at_header(struct cursor *c, uint64_t file,
    struct header *header, char *why, size_t why_bytes)
{
	struct reading r = {
		.c = c, .header = header, .why = why, .why_bytes = why_bytes
	};

	return read_first(&r, file);
}

static enum volume_policy_found found_of(struct look *l,
    const struct tape_result *result, enum first_block first)
{
	bool locked = result_is_locked(result);

	switch (first) {
	case FIRST_BLOCK_HEADER:
		if (l->header.type == HEADER_LABEL ||
		    l->header.type == HEADER_SCRATCH)
			return VOLUME_POLICY_LABEL;
		snprintf(l->why, sizeof l->why,
		    "it begins with a header that is not a label");
		return VOLUME_POLICY_FOREIGN;
	case FIRST_BLOCK_BLANK:
		return VOLUME_POLICY_BLANK;
	case FIRST_BLOCK_FOREIGN:
		return locked ? VOLUME_POLICY_LOCKED : VOLUME_POLICY_FOREIGN;
	case FIRST_BLOCK_UNREADABLE:
		break;
	}
	return locked ? VOLUME_POLICY_LOCKED : VOLUME_POLICY_ERROR;
}

void look_at_volume(struct look *l, struct cursor *c, const char *barcode)
{
	struct reading r = { .c = c,
		.header = &l->header,
		.why = l->why,
		.why_bytes = sizeof l->why };
	const struct tape_position at = cursor_position(c);
	struct tape_limits limits = { .worm = false };

	memset(l, 0, sizeof *l);
	tape_result_init(&c->result, c->now_ns);
	c->tape->ops->limits(c->tape, &limits);
	tape_identify(c->tape, &l->identity);
	l->volume = (struct volume_policy_volume){ .barcode = barcode,
		.found = VOLUME_POLICY_ERROR,
		.label = &l->header,
		.why = l->why,
		.worm = limits.worm || l->identity.write_once == TAPE_KNOWN_YES,
		.serial = l->identity.serial,
		.mam_barcode = l->identity.barcode,
		.claimed = l->identity.barcode_claimed == TAPE_KNOWN_YES,
		.reported = barcode[0] != '\0' &&
		    l->identity.barcode_claimed == TAPE_KNOWN_NO };
	if (at.object != TAPE_POSITION_UNKNOWN && at.object != 0) {
		snprintf(l->why, sizeof l->why,
		    "the tape is at object %" PRIu64 " instead of BOT",
		    at.object);
		return;
	}
	l->volume.found = found_of(l, &c->result, read_first(&r, 0));
	/* Where the number is unknown, LTFS alone shows that there are two. */
	l->volume.partitioned = l->identity.partitions > 1 ||
	    (l->identity.partitions == 0 && r.ltfs);
}

bool look_is_same_medium(struct tape *tape, const struct tape_identity *was,
    bool written, char *why, size_t why_bytes)
{
	struct tape_identity is;

	tape_identify(tape, &is);
	if (strcmp(is.serial, was->serial) != 0)
		snprintf(why, why_bytes,
		    "another cartridge is in the drive: its medium serial "
		    "number is %s, not %s; nothing is written",
		    is.serial[0] != '\0' ? is.serial : "unknown",
		    was->serial[0] != '\0' ? was->serial : "unknown");
	else if (is.partitions != was->partitions ||
	    (!written && is.change_reference != was->change_reference))
		snprintf(why, why_bytes,
		    "the volume was changed since it was looked at, or another "
		    "cartridge is in the drive; nothing is written");
	else
		return true;
	return false;
}
