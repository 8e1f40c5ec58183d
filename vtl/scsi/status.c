/* status.c: the status of a command, and unit attentions. */
#include "vtl/scsi/impl.h"

#include <string.h>

const struct sense scsi_bad_field = { SENSE_ILLEGAL_REQUEST, 0x24, 0, 0, 0 };
static const struct sense power_on = { SENSE_UNIT_ATTENTION, 0x29, 0, 0, 0 };
static const struct sense changed = { SENSE_UNIT_ATTENTION, 0x28, 0, 0, 0 };
static const struct sense mode_changed = { SENSE_UNIT_ATTENTION, 0x2a, 1, 0,
	0 };

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

void scsi_establish_attention(struct scsi *unit, enum scsi_attention attention)
{
	for (unsigned i = 0; i < SCSI_INITIATORS; i++) {
		if (i == unit->initiator)
			continue;
		/* A reset replaces earlier unit attentions. */
		if (attention == SCSI_POWER_ON)
			unit->attentions[i] = 0;
		unit->attentions[i] |= attention;
	}
}

/*
 * Removes and returns the pending unit attention to be reported first; NULL if
 * there is none.
 */
static const struct sense *take_attention(struct scsi *unit)
{
	unsigned *pending = &unit->attentions[unit->initiator];
	unsigned was = *pending;

	*pending &= was - 1;
	if (was & SCSI_POWER_ON)
		return &power_on;
	if (was & SCSI_MEDIUM_CHANGED)
		return &changed;
	return was & SCSI_MODE_CHANGED ? &mode_changed : NULL;
}

bool scsi_begin(struct scsi *unit, int64_t now_ns, struct scsi_result *result)
{
	const struct sense *why = take_attention(unit);

	scsi_result_init(result, now_ns);
	if (why != NULL)
		scsi_fail(result, why);
	return why == NULL;
}
