/* cause.c: see cause.h. */
#include "splitter/scsi/cause.h"

#include <scsi/sg_lib.h>
#include <string.h>

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

/*
 * The codes of SPC-4, annex D: an error of the communication (08h), of messages
 * (43h, 48h, 49h), of selection (45h), parity or CRC (47h), of the command or data
 * phase (4Ah, 4Bh); overlapped commands (4Eh).
 */
bool scsi_is_of_transport(uint8_t key, uint8_t asc)
{
	enum { COMMUNICATION = 0x08 };
	static const uint8_t aborting[] = { COMMUNICATION, 0x43, 0x45, 0x47,
		0x48, 0x49, 0x4a, 0x4b, 0x4e };

	return (key == SPC_SK_ABORTED_COMMAND &&
		   memchr(aborting, asc, sizeof aborting) != NULL) ||
	    (key == SPC_SK_HARDWARE_ERROR && asc == COMMUNICATION);
}

enum { ANY = -1 };

/* The first row that fits counts. */
static const struct {
	int key, asc, ascq;
	const char *text;
} explained[] = {
	{ ANY, 0x74, 0x6e,
	    "encryption: the drive has no answer of its key manager in time" },
	{ ANY, 0x74, 0x6f,
	    "encryption: the drive cannot get the key from its key manager" },
	{ ANY, 0x74, ANY,
	    "encryption: the drive does not have the right key: give it the key, "
	    "or switch encryption off" },
	{ ANY, 0x30, 0x0c,
	    "a write-once cartridge: what is on it cannot be overwritten" },
	{ ANY, 0x30, ANY,
	    "the drive cannot use this cartridge: its generation, kind or format "
	    "is wrong" },
	{ SPC_SK_MEDIUM_ERROR, 0x3b, ANY,
	    "the drive has lost the position on the tape because of a medium "
	    "error" },
	{ SPC_SK_ILLEGAL_REQUEST, 0x3b, ANY,
	    "the tape is not where the command expects it" },
	/* Medium errors: scsi_cause(). */
	{ SPC_SK_ABORTED_COMMAND, 0x11, ANY, NULL },
	{ SPC_SK_ABORTED_COMMAND, 0x14, ANY, NULL },
	{ SPC_SK_ABORTED_COMMAND, ANY, ANY, "the drive aborted the command" },
};

/* A drive refuses a block by its length in the command. */
static bool may_be_block_size(const struct scsi_command *command,
    const struct scsi_sense *s)
{
	enum { READ_6 = 0x08, WRITE_6 = 0x0a, FIELD_IN_CDB = 0x24 };

	return (command->cdb[0] == READ_6 || command->cdb[0] == WRITE_6) &&
	    s->asc == FIELD_IN_CDB;
}

const char *scsi_explain(const struct scsi_command *command,
    const struct scsi_answer *answer)
{
	const struct scsi_sense *s = &answer->sense;

	if (answer->outcome != SCSI_ANSWERED)
		return NULL;
	if (answer->status == SCSI_RESERVATION_CONFLICT)
		return "another initiator has reserved the drive";
	if (answer->status != SCSI_CHECK_CONDITION || !s->valid || s->deferred)
		return NULL;
	if (scsi_is_of_transport(s->key, s->asc))
		return "an error on the way to the drive: look at cable and "
		       "adapter";
	for (size_t i = 0; i < sizeof explained / sizeof *explained; i++)
		if ((explained[i].key == ANY || explained[i].key == s->key) &&
		    (explained[i].asc == ANY || explained[i].asc == s->asc) &&
		    (explained[i].ascq == ANY || explained[i].ascq == s->ascq))
			return explained[i].text;
	return s->key == SPC_SK_ILLEGAL_REQUEST &&
		!may_be_block_size(command, s)
	    ? "the drive refuses the command"
	    : NULL;
}
