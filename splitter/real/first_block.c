/*
 * first_block.c: whether the cartridge is still the same, by the first block of
 * its volume.
 */
#include <stdlib.h>

#include "splitter/real/real.h"

/* Returns whether volumes that begin so differ from each other. */
static bool is_proof(uint64_t sum)
{
	return sum != REAL_FIRST_BLANK && sum != REAL_FIRST_MARK;
}

static void compare(struct real_drive *d, uint64_t sum, struct tape_result *r)
{
	bool same = d->first_block_sum == REAL_FIRST_UNREAD ||
	    d->first_block_sum == sum;
	/* An error alone does not count: that a volume is blank may be one. */
	bool unproven = same && d->reported && !is_proof(sum) &&
	    d->first_block_sum != REAL_FIRST_UNREAD && !d->options.reading;

	d->may_be_other = d->reported = false;
	d->first_block_sum = sum;
	if (unproven)
		real_lose_position(d, r, "read",
		    "after the last error nothing on the volume shows that it "
		    "is the same: it may be another one; load it again");
	if (!same)
		real_lose_position(d, r, "read",
		    "the volume does not begin as before: the cartridge is "
		    "another one; nothing more is written to it");
}

void real_may_be_other(struct real_drive *d)
{
	d->may_be_other = d->reported = true;
	if (d->first_block_sum == REAL_FIRST_UNREAD)
		d->may_be_unknown = true;
}

void real_first_block(struct real_drive *d, const void *block, size_t bytes,
    struct tape_result *r)
{
	const unsigned char *p = block;
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	size_t i;

	for (i = 0; i < bytes; i++)
		sum = (sum ^ p[i]) * UINT64_C(0x100000001b3);
	compare(d, sum, r);
}

void real_first_other(struct real_drive *d, uint64_t what,
    struct tape_result *r)
{
	compare(d, what, r);
}

bool real_is_same_volume(struct real_drive *d, const char *doing,
    struct tape_result *r)
{
	bool known = d->first_block_sum != REAL_FIRST_UNREAD;
	char *block;

	if (!d->may_be_other)
		return true;
	block = malloc(d->block_max_bytes);
	if (block == NULL) {
		real_report(d, r, TAPE_UNKNOWN_ERROR, doing,
		    "no memory for a block");
		return false;
	}
	d->ops->read(d, block, d->block_max_bytes, r);
	free(block);
	if (d->write_error != TAPE_OK)
		return false;
	if (!known || d->may_be_other) {
		real_lose_position(d, r, doing,
		    "after the last error it is not known which cartridge is "
		    "in the drive");
		return false;
	}
	r->cause = TAPE_OK;
	r->bytes = 0;
	r->message[0] = '\0';
	return d->ops->rewind(d, r);
}
