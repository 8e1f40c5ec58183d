/*
 * ops.c: the operations of a tape that are the same in each back end.
 *
 * The back end does the work in its struct real_ops; what is added here is the
 * time, and the words of a message.
 */
#include <inttypes.h>
#include <stdio.h>

#include "splitter/real/real.h"

void real_limits(struct tape *tape, struct tape_limits *out)
{
	const struct real_drive *d = (const struct real_drive *)tape;

	out->block_min_bytes = d->block_min_bytes;
	out->block_max_bytes = d->block_max_bytes;
	/* Modern drives match their speed to the data rate. */
	out->streaming = SPLITTER_STREAMING_NONE;
	out->worm = d->worm;
}

void real_position(struct tape *tape, struct tape_position *out)
{
	const struct real_drive *d = (const struct real_drive *)tape;

	*out = d->at;
	if (!d->has_position)
		out->object = TAPE_POSITION_UNKNOWN;
}

void real_op_read(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	struct real_drive *d = real_begin(tape, now_ns, r);

	d->ops->read(d, buf, buf_bytes, r);
	*block = (struct tape_block){ .has_data = true, .bytes = r->bytes };
	real_end(d, r);
}

void real_op_locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	struct real_drive *d = real_begin(tape, now_ns, r);
	char doing[48];

	snprintf(doing, sizeof doing, "go to file %" PRIu64, file);
	d->ops->go_to_file(d, file, doing, r);
	real_end(d, r);
}

void real_op_rewind(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct real_drive *d = real_begin(tape, now_ns, r);

	d->ops->rewind(d, r);
	real_end(d, r);
}
