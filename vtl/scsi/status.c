/* answer.c: how a command is answered, and the unit attentions. */
#include "vtl/scsi/impl.h"

#include <string.h>

const struct sense scsi_bad_field = { SENSE_ILLEGAL_REQUEST, 0x24, 0, 0, 0 };
static const struct sense power_on = { SENSE_UNIT_ATTENTION, 0x29, 0, 0, 0 };
static const struct sense changed = { SENSE_UNIT_ATTENTION, 0x28, 0, 0, 0 };
static const struct sense mode_changed = { SENSE_UNIT_ATTENTION, 0x2a, 1, 0,
	0 };

void scsi_answer_init(struct scsi_answer *answer, int64_t now_ns)
{
	memset(answer, 0, sizeof *answer);
	answer->done_ns = now_ns;
}

void scsi_fail(struct scsi_answer *answer, const struct sense *sense)
{
	answer->check = true;
	memset(&answer->sense, 0, sizeof answer->sense);
	answer->sense.sense = *sense;
}

/* Of a command that was not begun there is nothing to say of its own. */
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

void scsi_inform(struct scsi_answer *answer, int64_t information)
{
	if (!answer->check || !has_information(&answer->sense))
		return;
	answer->sense.has_information = true;
	answer->sense.information = information;
}

void scsi_raise(struct scsi *unit, enum scsi_attention attention)
{
	for (unsigned i = 0; i < SCSI_INITIATORS; i++) {
		if (i == unit->initiator)
			continue;
		/* A reset makes what was before it old. */
		if (attention == SCSI_POWER_ON)
			unit->attentions[i] = 0;
		unit->attentions[i] |= attention;
	}
}

/* The unit attention that is to be told first, or NULL. */
static const struct sense *attention(struct scsi *unit)
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

bool scsi_begin(struct scsi *unit, int64_t now_ns, struct scsi_answer *answer)
{
	const struct sense *why = attention(unit);

	scsi_answer_init(answer, now_ns);
	if (why != NULL)
		scsi_fail(answer, why);
	return why == NULL;
}
