/* unit.c: see unit.h. */
#include "splitter/scsi/unit.h"

#include <scsi/sg_lib.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

enum { ATTENTIONS_MAX = 10 };
#define SECOND_NS INT64_C(1000000000)

void scsi_unit_init(struct scsi_unit *unit, struct scsi_port *port)
{
	memset(unit, 0, sizeof *unit);
	unit->port = port;
	unit->busy_most = SCSI_BUSY_S;
}

/* Service actions are in byte 1, except in commands without them. */
static int action_of(const struct scsi_command *command)
{
	uint8_t code = command->cdb[0];

	if (code == 0x5e || code == 0x5f || code == 0xa3 || code == 0xa4 ||
	    code == 0x8c || code == 0x34 || code == 0xab || code == 0xba)
		return command->cdb[1] & 0x1f;
	return SCSI_ANY_ACTION;
}

/*
 * Medium changed, reset, preempted, commands cleared: another initiator moved
 * the medium, or may have.  Others, such as changed modes, move nothing.
 */
static bool loses_position(uint8_t asc, uint8_t ascq)
{
	return asc == 0x28 || asc == 0x29 || asc == 0x2f ||
	    (asc == 0x2a && (ascq == 0x03 || ascq == 0x05));
}

bool scsi_is_attention(const struct scsi_unit *unit)
{
	const struct scsi_sense *s = &unit->answer.sense;

	return unit->answer.outcome == SCSI_ANSWERED && s->valid &&
	    !s->deferred && s->key == SPC_SK_UNIT_ATTENTION;
}

static void note_attention(struct scsi_unit *unit)
{
	const struct scsi_sense *sense = &unit->answer.sense;

	if (unit->answer.outcome != SCSI_ANSWERED || !sense->valid)
		return;
	if (sense->deferred)
		unit->deferred = true;
	if (!scsi_is_attention(unit))
		return;
	unit->attentions++;
	unit->asc = sense->asc;
	unit->ascq = sense->ascq;
	if (loses_position(sense->asc, sense->ascq))
		unit->position_lost = true;
}

bool scsi_send(struct scsi_unit *unit, const struct scsi_command *command)
{
	bool good;

	unit->command = *command;
	if (command->timeout_s == 0)
		unit->command.timeout_s = scsi_timeout_s(&unit->timeouts,
		    command->cdb[0], action_of(command));
	good = scsi_execute(unit->port, &unit->command, &unit->answer);
	note_attention(unit);
	unit->busy = scsi_is_busy(unit) ? unit->busy + 1 : 0;
	return good;
}

bool scsi_is_busy(const struct scsi_unit *unit)
{
	const struct scsi_answer *a = &unit->answer;

	return a->outcome == SCSI_ANSWERED &&
	    (a->status == SCSI_BUSY || a->status == SCSI_TASK_SET_FULL);
}

bool scsi_wait_busy(struct scsi_unit *unit)
{
	return unit->busy <= unit->busy_most &&
	    unit->port->ops->sleep_ns(unit->port, SECOND_NS);
}

static bool ask(struct scsi_unit *unit, const struct scsi_command *command,
    bool waits)
{
	unsigned attentions = 0;

	while (!scsi_send(unit, command)) {
		const struct scsi_answer *a = &unit->answer;

		if (a->outcome != SCSI_ANSWERED)
			return false;
		if (scsi_is_busy(unit)) {
			if (!waits || !scsi_wait_busy(unit))
				return false;
		} else if (!a->sense.valid ||
		    a->sense.key != SPC_SK_UNIT_ATTENTION ||
		    attentions++ == ATTENTIONS_MAX) {
			return false;
		}
	}
	return true;
}

bool scsi_ask(struct scsi_unit *unit, const struct scsi_command *command)
{
	return ask(unit, command, true);
}

bool scsi_ask_now(struct scsi_unit *unit, const struct scsi_command *command)
{
	return ask(unit, command, false);
}

size_t scsi_received(const struct scsi_unit *unit)
{
	uint32_t bytes = unit->command.data_bytes;

	if (unit->answer.outcome != SCSI_ANSWERED ||
	    unit->command.direction != SCSI_DATA_IN)
		return 0;
	return unit->answer.residual < bytes ? bytes - unit->answer.residual
					     : 0;
}

bool scsi_has_sense(const struct scsi_unit *unit, uint8_t key, uint8_t asc,
    uint8_t ascq)
{
	const struct scsi_sense *s = &unit->answer.sense;

	return s->valid && s->key == key && s->asc == asc && s->ascq == ascq;
}

bool scsi_is_unsupported(const struct scsi_unit *unit)
{
	const struct scsi_sense *s = &unit->answer.sense;

	return s->valid && s->key == SPC_SK_ILLEGAL_REQUEST && s->ascq == 0 &&
	    (s->asc == 0x20 || s->asc == 0x24 || s->asc == 0x25 ||
		s->asc == 0x26);
}

void scsi_unit_text(const struct scsi_unit *unit, char *text, size_t text_bytes)
{
	char what[256];

	scsi_answer_text(&unit->command, &unit->answer, what, sizeof what);
	sentence(text, text_bytes, "%s: %s", unit->port->name, what);
}
