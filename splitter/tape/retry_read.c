/* retry_read.c: see retry_read.h. */
#include "splitter/tape/retry_read.h"

#include <stdbool.h>

#include "splitter/tape/result.h"

enum { TRIES = 2 };

/*
 * Reads the block once more.  Returns false if the tape may not be at the same
 * block: a drive may stop before a block that it cannot read.
 */
static bool try(struct cursor *c, uint64_t file, uint64_t before)
{
	struct tape_position begin, at;
	bool all = true;
	uint64_t n;

	if (!cursor_locate(c, file))
		return false;
	begin = cursor_position(c);
	for (n = 0; n < before; n++) {
		if (cursor_read(c))
			continue;
		if (!result_is_bad_block(&c->result))
			return false;
		all = false;
	}
	at = cursor_position(c);
	if (!all &&
	    (begin.object == TAPE_POSITION_UNKNOWN ||
		at.object != begin.object + before))
		return false;
	cursor_read(c);
	return true;
}

void retry_read(struct cursor *c, uint64_t file, uint64_t before)
{
	const struct tape_result failed = c->result;
	int i;

	for (i = 0; i < TRIES && result_is_bad_block(&c->result); i++)
		if (!try(c, file, before)) {
			c->result = failed;
			return;
		}
}
