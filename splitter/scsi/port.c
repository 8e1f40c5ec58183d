/* port.c: executes commands on a port, and describes their answers. */
#include "splitter/scsi/port.h"

#include <inttypes.h>
#include <scsi/sg_lib.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

bool scsi_execute(struct scsi_port *port, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	memset(answer, 0, sizeof *answer);
	port->ops->execute(port, command, answer);
	if (port->watch != NULL)
		port->watch(port->watch_arg, command, answer);
	return answer->outcome == SCSI_ANSWERED && answer->status == SCSI_GOOD;
}

void scsi_sense_decode(const uint8_t *raw, size_t raw_bytes,
    struct scsi_sense *sense)
{
	struct sg_scsi_sense_hdr header;
	uint64_t information = 0;

	memset(sense, 0, sizeof *sense);
	/* Both formats have their key and their codes after this many bytes. */
	if (raw_bytes < 8 ||
	    !sg_scsi_normalize_sense(raw, (int)raw_bytes, &header))
		return;
	sense->valid = true;
	sense->deferred =
	    header.response_code == 0x71 || header.response_code == 0x73;
	sense->key = header.sense_key;
	sense->asc = header.asc;
	sense->ascq = header.ascq;
	sg_get_sense_filemark_eom_ili(raw, (int)raw_bytes, &sense->filemark,
	    &sense->eom, &sense->ili);
	sense->has_information =
	    sg_get_sense_info_fld(raw, (int)raw_bytes, &information);
	/* The field of the fixed format has 32 bits, with sign. */
	sense->information = header.response_code < 0x72 ? (int32_t)information
							 : (int64_t)information;
}

static const char *outcome_text(const struct scsi_answer *answer)
{
	if (answer->outcome == SCSI_NOT_SENT)
		return "not sent";
	if (answer->outcome == SCSI_LOST)
		return "no answer of the device";
	switch (answer->status) {
	case SCSI_GOOD:
		return "the device did not send what was asked for";
	case SCSI_BUSY:
		return "the device is busy";
	case SCSI_RESERVATION_CONFLICT:
		return "another initiator has reserved the device";
	case SCSI_TASK_SET_FULL:
		return "the device has too many commands";
	case SCSI_TASK_ABORTED:
		return "another initiator aborted the command";
	default:
		return NULL;
	}
}

void scsi_answer_text(const struct scsi_command *command,
    const struct scsi_answer *answer, char *text, size_t text_bytes)
{
	/* of libsgutils2, before the name of a code */
	static const char prefix[] = "Additional sense: ";
	const struct scsi_sense *s = &answer->sense;
	const char *why = outcome_text(answer);
	char key[64], code[128], *words = code;

	if (why != NULL && answer->outcome != SCSI_ANSWERED) {
		sentence(text, text_bytes, "%s: %s (%s)", command->name, why,
		    strerror(answer->error));
	} else if (why != NULL) {
		sentence(text, text_bytes, "%s: %s", command->name, why);
	} else if (!s->valid) {
		sentence(text, text_bytes,
		    "%s: status %02Xh without sense data", command->name,
		    answer->status);
	} else {
		sg_get_sense_key_str(s->key, sizeof key, key);
		sg_get_asc_ascq_str(s->asc, s->ascq, sizeof code, code);
		if (strncmp(words, prefix, strlen(prefix)) == 0)
			words += strlen(prefix);
		sentence(text, text_bytes, "%s: %s%s, %s (%X/%02X/%02X)",
		    command->name, s->deferred ? "deferred error, " : "", key,
		    words, s->key, s->asc, s->ascq);
	}
}
