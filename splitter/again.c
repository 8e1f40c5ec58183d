/* again.c: see again.h. */
#include "splitter/again.h"

#include <stdbool.h>

enum { TRIES = 2 };

struct again {
	struct tape *tape;
	void *buf;
	uint64_t buf_bytes;
	struct tape_block *block;
	int64_t *now_ns;
	struct tape_result *answer;
};

static void read_next(struct again *a)
{
	a->tape->ops->read(a->tape, a->buf, a->buf_bytes, a->block, *a->now_ns,
	    a->answer);
	*a->now_ns = a->answer->done_ns;
}

/* Passes a block; whether the tape has moved by it, be it readable or not. */
static bool pass(struct again *a)
{
	struct tape_position before, behind;

	a->tape->ops->position(a->tape, &before);
	read_next(a);
	a->tape->ops->position(a->tape, &behind);
	return a->answer->cause == TAPE_OK ||
	    (a->answer->cause == TAPE_MEDIUM &&
	    before.object != TAPE_NOWHERE &&
	    behind.object == before.object + 1);
}

/* One more try; false where the block was not come to again. */
static bool try(struct again *a, uint64_t file, uint64_t before)
{
	uint64_t n;

	a->tape->ops->locate(a->tape, file, *a->now_ns, a->answer);
	*a->now_ns = a->answer->done_ns;
	if (a->answer->cause != TAPE_OK)
		return false;
	for (n = 0; n < before; n++)
		if (!pass(a))
			return false;
	read_next(a);
	return true;
}

void again_read(struct tape *tape, uint64_t file, uint64_t before, void *buf,
    uint64_t buf_bytes, struct tape_block *block, int64_t *now_ns,
    struct tape_result *answer)
{
	struct again a = { tape, buf, buf_bytes, block, now_ns, answer };
	int i;

	for (i = 0; i < TRIES && answer->cause == TAPE_MEDIUM; i++)
		if (!try(&a, file, before))
			return;
}
