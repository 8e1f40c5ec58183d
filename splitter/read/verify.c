/* verify.c: see verify.h. */
#include "splitter/read/verify.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/tape/result.h"

bool verify_is_part(const struct header *header, uint64_t dump_id,
    const struct part_row *row)
{
	return header->type == HEADER_PART && header->dump_id == dump_id &&
	    header->part == row->part && header->attempt == row->attempt &&
	    header->offset_bytes == row->offset_bytes;
}

/*
 * Verifies that the next file, or EOD, begins at the expected object and
 * follows a filemark.  Nothing else was then written after the header.
 */
static enum splitter_parts_state verify_end(struct cursor *c,
    const struct part_row *row, uint64_t begin, const struct header *header)
{
	uint64_t block = header->block_bytes, bytes = row->bytes;
	struct tape_position end;

	cursor_locate(c, row->file + 1);
	end = cursor_position(c);
	switch (c->result.cause) {
	case TAPE_OK:
		break;
	case TAPE_EOD: /* at the next file, or before it */
		if (end.file != row->file + 1)
			return SPLITTER_PARTS_OVERWRITTEN;
		break;
	default:
		return SPLITTER_PARTS_UNREADABLE;
	}
	if (begin == TAPE_POSITION_UNKNOWN ||
	    end.object == TAPE_POSITION_UNKNOWN)
		return SPLITTER_PARTS_PRESENT;
	return end.object == begin + 2 + bytes / block + (bytes % block != 0)
	    ? SPLITTER_PARTS_PRESENT
	    : SPLITTER_PARTS_OVERWRITTEN;
}

enum splitter_parts_state verify_part(struct cursor *c,
    const struct part_row *row, uint64_t dump_id)
{
	uint64_t begin = TAPE_POSITION_UNKNOWN;
	char why[TAPE_MESSAGE_BYTES];
	struct header header;

	if (cursor_locate(c, row->file)) {
		begin = cursor_position(c).object;
		cursor_read(c);
	}
	switch (c->result.cause) {
	case TAPE_OK:
		return c->got.has_data &&
			header_parse(c->block, c->got.bytes, &header, why,
			    sizeof why) == 0 &&
			verify_is_part(&header, dump_id, row)
		    ? verify_end(c, row, begin, &header)
		    : SPLITTER_PARTS_OVERWRITTEN;
	case TAPE_EOD:
	case TAPE_BLANK:
	case TAPE_FILEMARK:
	case TAPE_INVALID: /* the block is longer */
		return SPLITTER_PARTS_OVERWRITTEN;
	default:
		return SPLITTER_PARTS_UNREADABLE;
	}
}

/*
 * Finds the row before `*i` that is on the same volume, and sets `*i` to its
 * index.  Returns false if there is none.
 */
static bool find_before(const struct parts *parts, const char *barcode,
    size_t *i, struct part_row *row)
{
	while (*i > 0) {
		parts_get(parts, --*i, row);
		if (strcmp(row->volume, barcode) == 0)
			return true;
	}
	return false;
}

void verify_volume(struct cursor *c, const struct parts *parts,
    const char *barcode, uint64_t dump_id, struct verify_found *found)
{
	enum splitter_parts_state state = SPLITTER_PARTS_PRESENT;
	size_t i = parts_count(parts);
	bool reads = true;
	struct part_row row;

	*found = (struct verify_found){ .first = i,
		.state = SPLITTER_PARTS_PRESENT };
	while (find_before(parts, barcode, &i, &row)) {
		state = reads ? verify_part(c, &row, dump_id)
			      : SPLITTER_PARTS_UNREADABLE;
		if (state == SPLITTER_PARTS_PRESENT)
			return;
		if (state == SPLITTER_PARTS_UNREADABLE &&
		    !result_is_bad_block(&c->result))
			reads = false;
		found->overwritten |= state == SPLITTER_PARTS_OVERWRITTEN;
		found->first = i;
		found->state = state;
	}
}

void verify_nothing(const struct parts *parts, const char *barcode,
    enum splitter_parts_state state, struct verify_found *found)
{
	size_t i = parts_count(parts);
	struct part_row row;

	*found = (struct verify_found){ .first = i,
		.state = SPLITTER_PARTS_PRESENT };
	while (find_before(parts, barcode, &i, &row)) {
		found->first = i;
		found->state = state;
		found->overwritten = state == SPLITTER_PARTS_OVERWRITTEN;
	}
}

/* The state of verifying all volumes of a dump. */
struct verifying {
	const struct verify_config *config;
	struct cursor c;
	char *err;
	size_t err_bytes;
};

static enum splitter_parts_state unreadable(struct verifying *v,
    const struct part_row *row)
{
	sentence(v->err, v->err_bytes,
	    "volume %s, which holds part %" PRIu64
	    " of the dump, cannot be read: %s",
	    row->volume, row->part, tape_result_text(&v->c.result));
	return SPLITTER_PARTS_UNREADABLE;
}

static enum splitter_parts_state overwritten(struct verifying *v,
    const struct part_row *row)
{
	sentence(v->err, v->err_bytes,
	    "volume %s, file %" PRIu64 ": part %" PRIu64
	    " of the dump was overwritten",
	    row->volume, row->file, row->part);
	return SPLITTER_PARTS_OVERWRITTEN;
}

/*
 * Returns whether the volume, which is at BOT, was never written.  A drive
 * whose changer command reports no barcodes accepts a blank volume in place of
 * any other.
 */
static bool is_blank(struct verifying *v)
{
	cursor_read(&v->c);
	return v->c.result.cause == TAPE_BLANK;
}

/* Verifies the parts on the loaded volume.  Row `*part` is the last of them. */
static enum splitter_parts_state verify_loaded(struct verifying *v,
    size_t *part, const struct part_row *last)
{
	const struct verify_config *k = v->config;
	struct verify_found found;
	struct part_row row;

	if (is_blank(v))
		return unreadable(v, last);
	verify_volume(&v->c, k->parts, last->volume, k->dump_id, &found);
	if (found.state == SPLITTER_PARTS_PRESENT)
		return SPLITTER_PARTS_PRESENT;
	*part = found.first;
	parts_get(k->parts, *part, &row);
	return found.state == SPLITTER_PARTS_OVERWRITTEN ? overwritten(v, &row)
							 : unreadable(v, &row);
}

static enum splitter_parts_state verify_on(struct verifying *v, size_t *part,
    const struct part_row *last)
{
	const struct verify_config *k = v->config;
	enum splitter_parts_state state;

	if (volume_policy_has(&k->assumed, last->volume))
		return SPLITTER_PARTS_PRESENT;
	if (k->volume_begun != NULL && !k->volume_begun(k->arg, last->volume))
		return SPLITTER_PARTS_STOPPED;
	if (!cursor_load(&v->c, k->library, last->volume))
		return unreadable(v, last);
	state = verify_loaded(v, part, last);
	cursor_unload(&v->c, k->library);
	return state;
}

/* Returns whether a row after row `i` is on the same volume. */
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

enum splitter_parts_state verify_parts(const struct verify_config *config,
    size_t *part, char *err, size_t err_bytes)
{
	struct verifying v = { .config = config,
		.c = { .room_bytes = config->block_bytes },
		.err = err,
		.err_bytes = err_bytes };
	enum splitter_parts_state state = SPLITTER_PARTS_PRESENT;
	struct part_row row;
	size_t i;

	*part = 0;
	v.c.block = malloc(v.c.room_bytes);
	if (v.c.block == NULL) {
		snprintf(err, err_bytes,
		    "out of memory for a block of %" PRIu64 " bytes",
		    config->block_bytes);
		return SPLITTER_PARTS_UNREADABLE;
	}
	for (i = 0;
	     state == SPLITTER_PARTS_PRESENT && i < parts_count(config->parts);
	     i++) {
		parts_get(config->parts, i, &row);
		*part = i;
		if (!has_later(config->parts, i, &row))
			state = verify_on(&v, part, &row);
	}
	free(v.c.block);
	return state;
}
