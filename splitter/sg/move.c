/* move.c: reads, and goes to a place. */
#include "splitter/sg/impl.h"

#include <inttypes.h>
#include <stdio.h>

/* The most filemarks of SPACE(6), forward. */
enum { SPACE_MAX = 0x7fffff };

/* After an error: where the tape is, as far as the drive says it. */
static void find_object(struct sg *sg)
{
	struct real_drive *d = &sg->drive;

	if (!d->has_position || sg_ask_position(sg, &d->at.object) != 0)
		d->at.object = TAPE_POSITION_UNKNOWN;
}

static void end_of_data(struct sg *sg, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;

	real_report(d, r, d->at_bot ? TAPE_BLANK : TAPE_EOD, "read",
	    d->at_bot ? "the volume is blank" : "end of data");
	r->sense = sg_sense(sg);
	if (d->at_bot)
		real_first_other(d, REAL_FIRST_BLANK, r);
}

static void read_filemark(struct sg *sg, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	bool first = d->at_bot;

	if (d->at.file != TAPE_POSITION_UNKNOWN)
		d->at.file++;
	real_moved_past(d, 0);
	r->cause = TAPE_FILEMARK;
	if (first)
		real_first_other(d, REAL_FIRST_MARK, r);
}

static void read_block(struct sg *sg, const void *data, uint64_t bytes,
    struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	bool first = d->at_bot;

	real_moved_past(d, bytes);
	r->bytes = bytes;
	if (first)
		real_first_block(d, data, bytes, r);
	if (r->cause != TAPE_OK)
		r->bytes = 0;
}

/*
 * Returns the length of the block that READ of `most` bytes has passed: more
 * than `most` if it was longer; 0 if the drive does not say it.
 */
static uint64_t length_of(const struct sg *sg, uint64_t most)
{
	const struct scsi_answer *a = &sg->unit.answer;
	/* Bytes that were not transferred are no part of a block. */
	uint64_t got = scsi_received(&sg->unit), bytes;

	/* A recovered error may take the place of ILI. */
	if (!a->sense.ili)
		return a->has_residual || a->status == SCSI_GOOD ? got : 0;
	if (!a->sense.has_information || a->sense.information >= (int64_t)most)
		return a->has_residual ? got : 0;
	/* The difference is negative for a block that is longer. */
	bytes = most - (uint64_t)a->sense.information;
	return bytes > most || bytes <= got ? bytes : 0;
}

static void read_passed(struct sg *sg, const void *data, uint64_t most,
    struct tape_result *r)
{
	uint64_t bytes = length_of(sg, most);

	if (bytes > 0 && bytes <= most) {
		read_block(sg, data, bytes, r);
		return;
	}
	real_moved_past(&sg->drive, 0);
	sg->drive.at.byte = TAPE_POSITION_UNKNOWN;
	real_report(&sg->drive, r, TAPE_INVALID, "read",
	    bytes > most ? "the block is longer than the buffer"
			 : "the drive does not report how long the block is");
}

void sg_read_object(struct sg *sg, void *buf, uint64_t buf_bytes,
    struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	uint64_t most =
	    buf_bytes < d->block_max_bytes ? buf_bytes : d->block_max_bytes;
	uint64_t file = d->at.file;
	enum tape_cause cause = TAPE_OK;

	if (sg->unit.position_lost)
		real_may_be_other(d);
	if (!sg_read_block(sg, buf, (uint32_t)most))
		cause = sg_cause(sg, false);
	switch (cause) {
	case TAPE_OK:
		read_passed(sg, buf, most, r);
		break;
	case TAPE_FILEMARK:
		read_filemark(sg, r);
		break;
	case TAPE_EOD:
		end_of_data(sg, r);
		break;
	default:
		sg_fail_read(sg, r, cause, "read");
		real_moved_to(d, file);
		find_object(sg);
		break;
	}
}

/* Spaces forward to a file.  Returns the cause of the last command. */
static enum tape_cause space_to_file(struct sg *sg, uint64_t file)
{
	uint64_t from, step;

	for (from = sg->drive.at.file; from < file; from += step) {
		step = file - from < SPACE_MAX ? file - from : SPACE_MAX;
		if (!sg_space(sg, SG_SPACE_FILEMARKS, (int32_t)step))
			return sg_cause(sg, false);
	}
	return TAPE_OK;
}

/*
 * Goes to a file with LOCATE.  Returns false if the drive does not have that;
 * else `*cause` is that of the command.
 */
static bool locate_file(struct sg *sg, uint64_t file, enum tape_cause *cause)
{
	*cause = TAPE_OK;
	if (sg->no_locate_file || sg_locate_file(sg, file))
		return !sg->no_locate_file;
	sg->no_locate_file = scsi_is_unsupported(&sg->unit);
	*cause = sg_cause(sg, false);
	return !sg->no_locate_file;
}

/* The tape should be at the beginning of the file.  Asks where it is. */
static bool is_at_file(struct sg *sg, uint64_t file, const char *doing,
    struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	char why[TAPE_MESSAGE_BYTES];

	real_moved_to(d, file);
	if (!d->has_position)
		return true;
	if (sg_ask_position(sg, &d->at.object) != 0) {
		d->ops->fail_ask(d, r, doing, 0);
		return false;
	}
	if (sg->file_reported == TAPE_POSITION_UNKNOWN ||
	    sg->file_reported == file)
		return true;
	snprintf(why, sizeof why, "the drive is in file %" PRIu64,
	    sg->file_reported);
	real_lose_position(d, r, doing, why);
	return false;
}

bool sg_go_to_file(struct sg *sg, uint64_t file, const char *doing,
    struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	enum tape_cause cause;

	if ((file == 0 || d->in_file || d->must_rewind) && !sg_rewind(sg, r))
		return false;
	if (file == 0)
		return true;
	if (!locate_file(sg, file, &cause)) {
		if ((d->at.file == TAPE_POSITION_UNKNOWN ||
			file <= d->at.file) &&
		    !sg_rewind(sg, r))
			return false;
		cause = space_to_file(sg, file);
	}
	real_moved_to(d, TAPE_POSITION_UNKNOWN);
	if (cause == TAPE_EOD) {
		real_report(d, r, TAPE_EOD, doing,
		    "the data ends before that file");
		return false;
	}
	if (cause != TAPE_OK) {
		sg_fail_read(sg, r, cause, doing);
		return false;
	}
	return is_at_file(sg, file, doing, r);
}

/*
 * Counts the files of the volume, for a drive that does not report them: spaces
 * over more filemarks than there are.
 */
static bool count_files(struct sg *sg, const char *doing, uint64_t *files,
    struct tape_result *r)
{
	enum tape_cause cause = TAPE_OK;

	if (!sg_rewind(sg, r))
		return false;
	if (!sg_space(sg, SG_SPACE_FILEMARKS, SPACE_MAX))
		cause = sg_cause(sg, false);
	real_moved_to(&sg->drive, TAPE_POSITION_UNKNOWN);
	if (cause == TAPE_EOD && sg->unit.answer.sense.has_information &&
	    sg->unit.answer.sense.information >= 0 &&
	    sg->unit.answer.sense.information <= SPACE_MAX) {
		*files =
		    (uint64_t)(SPACE_MAX - sg->unit.answer.sense.information);
		return true;
	}
	sg_fail_read(sg, r,
	    cause == TAPE_OK || cause == TAPE_EOD ? TAPE_HARDWARE_ERROR : cause,
	    doing);
	return false;
}

static bool go_to_eod(struct sg *sg, const char *doing, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	enum tape_cause cause = TAPE_OK;
	uint64_t files;

	if (!(d->must_rewind ? sg_rewind(sg, r) : sg_end_file(sg, r)))
		return false;
	if (!sg_space(sg, SG_SPACE_EOD, 0))
		cause = sg_cause(sg, false);
	real_moved_to(d, TAPE_POSITION_UNKNOWN);
	if (cause != TAPE_OK && cause != TAPE_EOD) {
		sg_fail_read(sg, r, cause, doing);
		return false;
	}
	sg->file_reported = TAPE_POSITION_UNKNOWN;
	if (d->has_position && sg_ask_position(sg, &d->at.object) != 0) {
		d->ops->fail_ask(d, r, doing, 0);
		return false;
	}
	d->at.file = sg->file_reported;
	if (d->at.file == TAPE_POSITION_UNKNOWN) {
		if (!count_files(sg, doing, &files, r))
			return false;
		d->at.file = files;
		if (d->has_position &&
		    sg_ask_position(sg, &d->at.object) != 0) {
			d->ops->fail_ask(d, r, doing, 0);
			return false;
		}
	}
	d->at_bot = d->at.object == 0;
	return true;
}

void sg_op_locate_eod(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct sg *sg = (struct sg *)real_begin(tape, now_ns, r);

	go_to_eod(sg, "go to the end of data", r);
	real_end(&sg->drive, r);
}
