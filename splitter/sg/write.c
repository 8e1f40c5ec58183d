/*
 * write.c: writes to a tape.
 *
 * The block that meets the early warning is on tape, and its answer says so.
 * There are drives whose residual is wrong there, so the position is asked for
 * at the first early warning of a volume, and whenever a residual is not 0.
 */
#include "splitter/sg/impl.h"

#include <inttypes.h>
#include <stdio.h>

enum put { TAKEN, REFUSED, FAILED };

/* Bytes that the drive has not taken, by what it says. */
static bool says_not_taken(const struct sg *sg)
{
	const struct scsi_answer *a = &sg->unit.answer;

	return (a->sense.has_information && a->sense.information != 0) ||
	    (a->has_residual && a->residual != 0);
}

/*
 * Handles a write whose answer is neither an error nor without remarks.
 * `early`: the early warning was known before.
 */
static enum put believe_position(struct sg *sg, uint64_t bytes, bool early,
    const char *doing, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	const struct scsi_answer answer = sg->unit.answer;
	const struct scsi_command command = sg->unit.command;
	bool doubtful = says_not_taken(sg);
	uint64_t object;

	if (!doubtful && (early || !d->leom || !d->has_position)) {
		real_took(d, bytes);
		return TAKEN;
	}
	if (d->has_position && d->at.object != TAPE_POSITION_UNKNOWN &&
	    sg_ask_position(sg, &object) == 0) {
		if (object == d->at.object + 1) {
			real_took(d, bytes);
			return TAKEN;
		}
		/* If it says "taken", the drive has lost an earlier block. */
		if (object == d->at.object && d->leom && doubtful)
			return REFUSED;
	}
	sg->unit.answer = answer;
	sg->unit.command = command;
	sg_fail_write(sg, r, TAPE_POSITION_LOST, doing);
	return FAILED;
}

static enum put put_block(struct sg *sg, const void *data, uint64_t bytes,
    const char *doing, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	bool early = d->leom;
	enum tape_cause cause;

	if (bytes < d->block_min_bytes || bytes > d->block_max_bytes ||
	    (d->options.fixed_bytes > 0 && bytes != d->options.fixed_bytes)) {
		real_report(d, r, TAPE_INVALID, doing,
		    d->options.fixed_bytes > 0
			? "the block does not have the fixed size"
			: "the drive or its adapter does not take a block of "
			  "this size");
		return FAILED;
	}

	if (sg_write_block(sg, data, (uint32_t)bytes)) {
		if (!says_not_taken(sg)) {
			real_took(d, bytes);
			return TAKEN;
		}
		return believe_position(sg, bytes, early, doing, r);
	}
	cause = sg_cause(sg, true);
	if (cause == TAPE_OK)
		return believe_position(sg, bytes, early, doing, r);
	sg_fail_write(sg, r, cause, doing);
	return FAILED;
}

/*
 * Returns whether the drive is in the file that was written, after a
 * synchronised filemark whose position is right.
 */
static bool check_file(struct sg *sg, const char *doing, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	char why[TAPE_MESSAGE_BYTES];

	if (sg->file_reported == TAPE_POSITION_UNKNOWN ||
	    d->at.file == TAPE_POSITION_UNKNOWN ||
	    sg->file_reported == d->at.file)
		return true;
	snprintf(why, sizeof why,
	    "the drive is in file %" PRIu64 ", expected %" PRIu64
	    ": do not write to this volume again",
	    sg->file_reported, d->at.file);
	real_report(d, r, TAPE_POSITION_LOST, doing, why);
	d->write_error = TAPE_POSITION_LOST;
	return false;
}

static bool put_filemark(struct sg *sg, bool sync, const char *doing,
    struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	enum tape_cause cause = TAPE_OK;

	if (!sg_write_filemark(sg, sync))
		cause = sg_cause(sg, true);
	if (cause != TAPE_OK) {
		d->full |= cause == TAPE_PEOM;
		sg_fail_write(sg, r, cause, doing);
		return false;
	}
	real_marked(d);
	sg->file_reported = TAPE_POSITION_UNKNOWN;
	return !sync ||
	    (real_check_position(d, doing, r) && check_file(sg, doing, r));
}

void sg_op_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	struct sg *sg = (struct sg *)real_begin(tape, now_ns, r);
	const char *doing = "write the label";
	enum put how = FAILED;

	/* The tape is rewound, and its first block compared. */
	if (sg->unit.position_lost)
		real_may_be_other(&sg->drive);
	sg->unit.position_lost = false;
	if (sg_rewind(sg, r) && sg_check_writable(sg, doing, r) &&
	    real_is_same_volume(&sg->drive, doing, r) &&
	    real_begin_file(&sg->drive, true, doing, r)) {
		/* the volume will begin with this label */
		sg->drive.first_block_sum = REAL_FIRST_UNREAD;
		how = put_block(sg, block, bytes, doing, r);
	}
	if (how == REFUSED)
		sg_fail_write(sg, r, TAPE_PEOM, doing);
	if (how == TAKEN &&
	    put_filemark(sg, true, "write the filemark after the label", r))
		r->bytes = bytes;
	real_end(&sg->drive, r);
}

void sg_op_start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	struct sg *sg = (struct sg *)real_begin(tape, now_ns, r);
	const char *doing = "write a header";
	enum put how = FAILED;

	if (sg_check_writable(sg, doing, r) &&
	    real_begin_file(&sg->drive, false, doing, r))
		how = put_block(sg, block, bytes, doing, r);
	/* The drive has not taken it, and has only warned. */
	if (how == REFUSED)
		how = put_block(sg, block, bytes, doing, r);
	if (how == REFUSED)
		sg_fail_write(sg, r, TAPE_PEOM, doing);
	if (how == TAKEN)
		r->bytes = bytes;
	real_end(&sg->drive, r);
}

void sg_op_write(struct tape *tape, const struct tape_run *run, int64_t now_ns,
    struct tape_result *r)
{
	struct sg *sg = (struct sg *)real_begin(tape, now_ns, r);
	const char *data = run->data;
	enum put how = TAKEN;
	uint64_t n;

	if (data == NULL) {
		real_report(&sg->drive, r, TAPE_INVALID, "write",
		    "the run has no payload, which a real tape needs");
		how = FAILED;
	} else if (!sg_check_writable(sg, "write", r) ||
	    !real_begin_file(&sg->drive, false, "write", r)) {
		how = FAILED;
	}
	while (how == TAKEN && r->bytes < run->bytes) {
		n = run->bytes - r->bytes < run->block_bytes
		    ? run->bytes - r->bytes
		    : run->block_bytes;
		how = put_block(sg, data + r->bytes, n, "write", r);
		if (how != TAKEN)
			break;
		r->bytes += n;
		if (run->progress != NULL)
			run->progress(run->progress_arg, n);
		if (sg->drive.leom)
			break;
	}
	real_end(&sg->drive, r);
}

void sg_op_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	struct sg *sg = (struct sg *)real_begin(tape, now_ns, r);
	const char *doing = "write a filemark";

	if (sg_check_writable(sg, doing, r) &&
	    real_begin_file(&sg->drive, false, doing, r))
		put_filemark(sg, sync, doing, r);
	real_end(&sg->drive, r);
}

void sg_op_format(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct sg *sg = (struct sg *)real_begin(tape, now_ns, r);
	struct real_drive *d = &sg->drive;
	const char *doing = "format the medium";

	if (sg->unit.position_lost)
		real_may_be_other(d);
	sg->unit.position_lost = false;
	if (!sg_rewind(sg, r) || !sg_check_writable(sg, doing, r) ||
	    !real_is_same_volume(d, doing, r) ||
	    !real_begin_file(d, true, doing, r)) {
		real_end(d, r);
		return;
	}
	if (sg_format_medium(sg)) {
		d->first_block_sum = REAL_FIRST_UNREAD;
		real_rewound(d);
	} else if (scsi_is_unsupported(&sg->unit)) {
		real_report(d, r, TAPE_INVALID, doing,
		    "this drive cannot format a medium");
	} else {
		sg_fail_read(sg, r, sg_cause(sg, true), doing);
		d->write_error = r->cause;
	}
	real_end(d, r);
}
