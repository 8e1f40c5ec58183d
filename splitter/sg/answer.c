/* answer.c: what an answer of the drive means; see sg.h. */
#include "splitter/sg/impl.h"

#include <errno.h>
#include <scsi/sg_lib.h>
#include <stdio.h>

#include "splitter/scsi/cause.h"

static void warn(struct sg *sg, const char *what)
{
	if (!sg->warned)
		real_notice(&sg->drive, "%s: volume %s: %s", sg->drive.device,
		    real_volume(&sg->drive), what);
	sg->warned = true;
}

/* What the drive reports next to the result of the command. */
static void take_remarks(struct sg *sg)
{
	const struct scsi_sense *s = &sg->unit.answer.sense;
	char text[160];

	if (!s->valid || s->key > SPC_SK_RECOVERED_ERROR)
		return;
	if (s->key == SPC_SK_RECOVERED_ERROR)
		sg->recovered++;
	if (s->asc == 0 && s->ascq == 0x17)
		sg->drive.remarks |= TAPE_REMARK_CLEANING;
	if (s->asc == 0x5d)
		sg->drive.remarks |= TAPE_REMARK_FAILURE;
	if (s->asc == 0x0b) {
		scsi_answer_text(&sg->unit.command, &sg->unit.answer, text,
		    sizeof text);
		warn(sg, text);
	}
}

static enum tape_cause not_sent(int err)
{
	switch (err) {
	case EINVAL:
	case E2BIG:
	case EOVERFLOW:
	case ENOMEM:
	case EBUSY:
		return TAPE_INVALID;
	default:
		return TAPE_HARDWARE_ERROR;
	}
}

enum tape_cause sg_cause(struct sg *sg, bool writing)
{
	const struct scsi_answer *a = &sg->unit.answer;
	bool leom = false;
	enum tape_cause cause = scsi_cause(a, writing, &leom);

	take_remarks(sg);
	if (a->outcome == SCSI_NOT_SENT)
		return not_sent(a->error);
	if (leom && writing)
		sg->drive.leom = true;
	if (cause == TAPE_NO_VOLUME)
		return TAPE_POSITION_LOST;
	/* No write ends at a filemark or at the end of data. */
	if (writing && (cause == TAPE_EOD || cause == TAPE_FILEMARK))
		return TAPE_HARDWARE_ERROR;
	return cause;
}

struct tape_sense sg_sense(const struct sg *sg)
{
	const struct scsi_sense *s = &sg->unit.answer.sense;

	return (struct tape_sense){
		.key = s->key, .asc = s->asc, .ascq = s->ascq, .valid = s->valid
	};
}

/* Fills in the result.  What a unit attention says is then known. */
static void report(struct sg *sg, struct tape_result *r, enum tape_cause cause,
    const char *doing)
{
	const char *explained =
	    scsi_explain(&sg->unit.command, &sg->unit.answer);
	char what[256], why[TAPE_MESSAGE_BYTES];

	if (cause == TAPE_POSITION_LOST || sg->unit.position_lost)
		real_may_be_other(&sg->drive);
	sg->unit.position_lost = sg->unit.deferred = false;
	scsi_answer_text(&sg->unit.command, &sg->unit.answer, what,
	    sizeof what);
	snprintf(why, sizeof why, "%s (%s)",
	    explained != NULL ? explained : real_explain(cause, doing), what);
	real_report(&sg->drive, r, cause, doing, why);
	r->sense = sg_sense(sg);
}

void sg_fail_read(struct sg *sg, struct tape_result *r, enum tape_cause cause,
    const char *doing)
{
	report(sg, r, cause, doing);
	sg->drive.failed = sg->drive.must_rewind = sg->drive.may_be_other =
	    true;
}

void sg_fail_write(struct sg *sg, struct tape_result *r, enum tape_cause cause,
    const char *doing)
{
	char what[256];

	report(sg, r, cause, doing);
	scsi_answer_text(&sg->unit.command, &sg->unit.answer, what,
	    sizeof what);
	real_fail_write(&sg->drive, r, doing, what);
}

bool sg_renew_hold(struct sg *sg, char *err, size_t err_bytes)
{
	if (sg->hold != NULL && !scsi_hold_renew(sg->hold, err, err_bytes))
		return false;
	sg->attentions = sg->unit.attentions;
	return true;
}

bool sg_check_writable(struct sg *sg, const char *doing, struct tape_result *r)
{
	char err[TAPE_MESSAGE_BYTES / 2];

	/* A reset or a loss of power may have ended the reservation. */
	if (sg->attentions != sg->unit.attentions &&
	    !sg_renew_hold(sg, err, sizeof err)) {
		real_lose_position(&sg->drive, r, doing, err);
		return false;
	}
	if (sg->unit.position_lost) {
		sg->unit.position_lost = false;
		real_may_be_other(&sg->drive);
		real_lose_position(&sg->drive, r, doing,
		    "the drive was reset, or its cartridge was removed");
		return false;
	}
	if (sg->unit.deferred) {
		sg->unit.deferred = false;
		sg->drive.write_error = TAPE_DEFERRED_ERROR;
		sg->drive.in_file = false;
	}
	return real_check_writable(&sg->drive, doing, r);
}
