/* retry_read.c: see again.h. */
#include "splitter/tape/retry_read.h"

#include <stdbool.h>

#include "splitter/tape/answer.h"

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

/*
 * One more try; false where it is not sure that the block was come to again:
 * a drive may stand still before what it cannot read.
 */
static bool try(struct again *a, uint64_t file, uint64_t before)
{
	struct tape_position begin, at;
	bool all = true;
	uint64_t n;

	a->tape->ops->locate(a->tape, file, *a->now_ns, a->answer);
	*a->now_ns = a->answer->done_ns;
	if (a->answer->cause != TAPE_OK)
		return false;
	a->tape->ops->position(a->tape, &begin);
	for (n = 0; n < before; n++) {
		read_next(a);
		if (a->answer->cause != TAPE_OK &&
		    !answer_is_bad_block(a->answer))
			return false;
		all &= a->answer->cause == TAPE_OK;
	}
	a->tape->ops->position(a->tape, &at);
	if (!all &&
	    (begin.object == TAPE_POSITION_UNKNOWN ||
		at.object != begin.object + before))
		return false;
	read_next(a);
	return true;
}

void retry_read(struct tape *tape, uint64_t file, uint64_t before, void *buf,
    uint64_t buf_bytes, struct tape_block *block, int64_t *now_ns,
    struct tape_result *answer)
{
	struct again a = { tape, buf, buf_bytes, block, now_ns, answer };
	const struct tape_result failed = *answer;
	int i;

	for (i = 0; i < TRIES && answer_is_bad_block(answer); i++)
		if (!try(&a, file, before)) {
			*answer = failed;
			return;
		}
}
