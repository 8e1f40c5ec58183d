/* status.c: the status of a command. */
#include "vtl/scsi/impl.h"

#include <string.h>

const struct sense scsi_bad_field = { SENSE_ILLEGAL_REQUEST, 0x24, 0, 0, 0 };

void scsi_result_init(struct scsi_result *result, int64_t now_ns)
{
	memset(result, 0, sizeof *result);
	result->done_ns = now_ns;
}

void scsi_fail(struct scsi_result *result, const struct sense *sense)
{
	result->check = true;
	memset(&result->sense, 0, sizeof result->sense);
	result->sense.sense = *sense;
}

/*
 * Returns whether scsi_set_information() applies to this sense data.  A command
 * that was not begun has no information, and that of a deferred error is set
 * elsewhere.
 */
static bool has_information(const struct scsi_sense *s)
{
	switch (s->sense.key) {
	case SENSE_NOT_READY:
	case SENSE_ILLEGAL_REQUEST:
	case SENSE_UNIT_ATTENTION:
	case SENSE_DATA_PROTECT:
		return false;
	default:
		return !s->deferred;
	}
}

void scsi_set_information(struct scsi_result *result, int64_t information)
{
	if (!result->check || !has_information(&result->sense))
		return;
	result->sense.has_information = true;
	result->sense.information = information;
}

bool scsi_begin(struct scsi *unit, int64_t now_ns, struct scsi_result *result)
{
	const struct sense *why =
	    scsi_attention_take(&unit->nexuses, unit->nexus);

	scsi_result_init(result, now_ns);
	if (why != NULL)
		scsi_fail(result, why);
	return why == NULL;
}
