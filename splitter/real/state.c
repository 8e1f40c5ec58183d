/*
 * state.c: what is known of the tape after it was moved, and after an error.
 */
#include "splitter/real/real.h"

void real_opened(struct real_drive *d)
{
	d->at.file = d->file_begin = TAPE_POSITION_UNKNOWN;
	d->in_file = d->failed = d->must_rewind = d->may_be_other = false;
	d->may_be_unknown = d->reported = false;
	d->write_error = TAPE_OK;
	d->remarks = 0;
	d->locked = d->lock_failed = false;
	d->first_block_sum = REAL_FIRST_UNREAD;
}

void real_moved_to(struct real_drive *d, uint64_t file)
{
	d->at.file = file;
	d->at.object = d->at.byte = TAPE_POSITION_UNKNOWN;
	d->at_bot = d->leom = d->failed = d->full = false;
}

void real_rewound(struct real_drive *d)
{
	real_moved_to(d, 0);
	d->at.object = d->at.byte = 0;
	d->at_bot = true;
	d->in_file = d->must_rewind = false;
}

void real_moved_past(struct real_drive *d, uint64_t bytes)
{
	if (d->at.object != TAPE_POSITION_UNKNOWN)
		d->at.object++;
	if (d->at.byte != TAPE_POSITION_UNKNOWN)
		d->at.byte += bytes;
	d->at_bot = false;
}

void real_took(struct real_drive *d, uint64_t bytes)
{
	real_moved_past(d, bytes);
	d->in_file = true;
}

void real_marked(struct real_drive *d)
{
	if (d->at.file != TAPE_POSITION_UNKNOWN)
		d->at.file++;
	real_moved_past(d, 0);
	d->in_file = false;
}

void real_lose_position(struct real_drive *d, struct tape_result *r,
    const char *doing, const char *why)
{
	d->write_error = TAPE_POSITION_LOST;
	d->must_rewind = true;
	d->in_file = false;
	real_report(d, r, TAPE_POSITION_LOST, doing, why);
}
