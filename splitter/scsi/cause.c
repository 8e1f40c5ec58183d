/* cause.c: see cause.h. */
#include "splitter/scsi/cause.h"

#include <scsi/sg_lib.h>

enum {
	VOLUME_OVERFLOW = 0x0d,
	/* ASC of NOT READY; ASCQ of NOT_READY_LOADS */
	NOT_READY_LOADS = 0x04,
	NOT_READY_NO_MEDIUM = 0x3a,
	MANUAL_INTERVENTION = 0x03
};

static enum tape_cause no_sense(const struct scsi_sense *s, bool *leom)
{
	if (s->asc == 0 && s->ascq == 1)
		return TAPE_FILEMARK;
	if (s->asc == 0 && s->ascq == 5)
		return TAPE_EOD;
	if (s->asc == 0 && (s->ascq == 2 || s->ascq == 7))
		*leom = true;
	/* Some drives set the bits alone. */
	if (s->filemark)
		return TAPE_FILEMARK;
	if (s->eom && s->ascq != 4)
		*leom = true;
	return TAPE_OK;
}

static enum tape_cause medium(const struct scsi_sense *s, bool writing)
{
	if (s->asc == 0 && s->ascq == 2)
		return writing ? TAPE_PEOM : TAPE_EOD;
	if (s->asc == 0x30)
		return TAPE_INVALID;
	/* sequential positioning error */
	return s->asc == 0x3b ? TAPE_POSITION_LOST : TAPE_MEDIUM_ERROR;
}

static enum tape_cause not_ready(const struct scsi_sense *s)
{
	if (s->asc == NOT_READY_NO_MEDIUM)
		return TAPE_NO_VOLUME;
	/* The cartridge was taken out of use, and is being loaded again. */
	if (s->asc == NOT_READY_LOADS && s->ascq != MANUAL_INTERVENTION)
		return TAPE_POSITION_LOST;
	return s->asc == 0x30 ? TAPE_INVALID : TAPE_HARDWARE_ERROR;
}

static enum tape_cause of_sense(const struct scsi_sense *s, bool writing,
    bool *leom)
{
	switch (s->key) {
	case SPC_SK_NO_SENSE:
		return no_sense(s, leom);
	case SPC_SK_RECOVERED_ERROR:
		if (s->eom)
			*leom = true;
		return TAPE_OK;
	case SPC_SK_NOT_READY:
		return not_ready(s);
	case SPC_SK_MEDIUM_ERROR:
		return medium(s, writing);
	case SPC_SK_ILLEGAL_REQUEST:
		return s->asc == 0x3b ? TAPE_POSITION_LOST : TAPE_INVALID;
	case SPC_SK_UNIT_ATTENTION:
		return TAPE_POSITION_LOST;
	case SPC_SK_DATA_PROTECT:
		return TAPE_WRITE_PROTECTED;
	case SPC_SK_BLANK_CHECK:
		return TAPE_EOD;
	case SPC_SK_ABORTED_COMMAND:
		return s->asc == 0x11 || s->asc == 0x14 ? TAPE_MEDIUM_ERROR
							: TAPE_POSITION_LOST;
	case VOLUME_OVERFLOW:
		return TAPE_PEOM;
	default:
		return TAPE_HARDWARE_ERROR;
	}
}

enum tape_cause scsi_cause(const struct scsi_answer *answer, bool writing,
    bool *leom)
{
	const struct scsi_sense *s = &answer->sense;

	if (answer->outcome == SCSI_LOST)
		return TAPE_POSITION_LOST;
	if (answer->outcome == SCSI_NOT_SENT)
		return TAPE_HARDWARE_ERROR;
	switch (answer->status) {
	case SCSI_GOOD:
		return TAPE_OK;
	case SCSI_CHECK_CONDITION:
		break;
	case SCSI_RESERVATION_CONFLICT:
	case SCSI_TASK_ABORTED:
		return TAPE_POSITION_LOST;
	default:
		return TAPE_HARDWARE_ERROR;
	}
	if (!s->valid)
		return TAPE_HARDWARE_ERROR;
	/* Whatever its key is: the command itself was not executed. */
	if (s->deferred)
		return TAPE_DEFERRED_ERROR;
	return of_sense(s, writing, leom);
}
