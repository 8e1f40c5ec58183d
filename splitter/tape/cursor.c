/* cursor.c: see cursor.h. */
#include "splitter/tape/cursor.h"

#include <stddef.h>

/*
 * Takes over the time of the last operation.  Returns whether its result is
 * TAPE_OK.
 */
static bool complete(struct cursor *c)
{
	c->now_ns =
	    c->clock != NULL ? c->clock(c->clock_arg) : c->result.done_ns;
	if (c->watch != NULL && c->tape != NULL)
		watch_result(c->watch, &c->result, c->now_ns);
	return c->result.cause == TAPE_OK;
}

/* Returns whether a tape was loaded. */
static bool complete_load(struct cursor *c)
{
	if (c->tape != NULL && c->watch != NULL)
		watch_loaded(c->watch, c->tape, c->result.done_ns);
	complete(c);
	return c->tape != NULL;
}

uint64_t cursor_block_max_bytes(const struct cursor *c)
{
	struct tape_limits limits = { .worm = false };

	c->tape->ops->limits(c->tape, &limits);
	return limits.block_max_bytes < TAPE_BLOCK_MAX_BYTES
	    ? limits.block_max_bytes
	    : TAPE_BLOCK_MAX_BYTES;
}

struct tape_position cursor_position(const struct cursor *c)
{
	struct tape_position at;

	c->tape->ops->position(c->tape, &at);
	return at;
}

bool cursor_read(struct cursor *c)
{
	c->tape->ops->read(c->tape, c->block, c->room_bytes, &c->got, c->now_ns,
	    &c->result);
	return complete(c);
}

bool cursor_locate(struct cursor *c, uint64_t file)
{
	c->tape->ops->locate(c->tape, file, c->now_ns, &c->result);
	return complete(c);
}

bool cursor_locate_eod(struct cursor *c)
{
	c->tape->ops->locate_eod(c->tape, c->now_ns, &c->result);
	return complete(c);
}

bool cursor_rewind(struct cursor *c)
{
	c->tape->ops->rewind(c->tape, c->now_ns, &c->result);
	return complete(c);
}

bool cursor_filemark(struct cursor *c)
{
	c->tape->ops->filemark(c->tape, true, c->now_ns, &c->result);
	return complete(c);
}

bool cursor_load(struct cursor *c, struct tape_library *library,
    const char *barcode)
{
	c->tape = tape_load_named(library, barcode, c->now_ns, &c->result);
	return complete_load(c);
}

bool cursor_load_next(struct cursor *c, struct tape_library *library)
{
	c->tape = library->ops->load(library, c->now_ns, &c->result);
	return complete_load(c);
}

void cursor_unload(struct cursor *c, struct tape_library *library)
{
	if (c->tape == NULL)
		return;
	if (c->watch != NULL)
		watch_closing(c->watch, c->tape, c->now_ns);
	library->ops->unload(library, c->tape, TAPE_CLOSE_REFUSED, c->now_ns,
	    &c->result);
	complete(c);
	if (c->watch != NULL && c->watch->errors[0] != '\0' &&
	    c->watch->warning != NULL)
		c->watch->warning(c->watch->arg, c->watch->errors, c->now_ns);
	c->tape = NULL;
}
