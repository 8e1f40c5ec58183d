/* ready.c: TEST UNIT READY (SPC-4), and waiting for it. */
#include "splitter/scsi/commands.h"

#include <inttypes.h>
#include <scsi/sg_lib.h>

#include "splitter/base/sentence.h"

#define SECOND_NS INT64_C(1000000000)

static enum scsi_readiness not_ready(uint8_t asc, uint8_t ascq)
{
	enum { NOT_READY = 0x04, INCOMPATIBLE = 0x30, NO_MEDIUM = 0x3a };

	if (asc == NO_MEDIUM)
		return SCSI_NO_MEDIUM;
	if (asc == INCOMPATIBLE)
		return ascq == 0x03 ? SCSI_CLEANING : SCSI_WRONG_MEDIUM;
	if (asc != NOT_READY)
		return SCSI_FAILED;
	switch (ascq) {
	case 0x00: /* cause not reportable */
	case 0x01: /* becoming ready */
	case 0x04: /* format in progress */
	case 0x07: /* operation in progress */
	case 0x09: /* self-test in progress */
	case 0x14: /* space allocation in progress */
		return SCSI_BECOMING_READY;
	case 0x02: /* initializing command required */
		return SCSI_NOT_LOADED;
	default:
		return SCSI_FAILED;
	}
}

enum scsi_readiness scsi_send_ready(struct scsi_unit *unit)
{
	const struct scsi_command command = {
		.cdb_bytes = 6,
		.name = "TEST UNIT READY",
	};
	const struct scsi_answer *a = &unit->answer;

	if (scsi_ask(unit, &command))
		return SCSI_READY;
	if (a->outcome != SCSI_ANSWERED)
		return SCSI_FAILED;
	if (a->status == SCSI_RESERVATION_CONFLICT)
		return SCSI_RESERVED;
	if (a->status == SCSI_BUSY || a->status == SCSI_TASK_SET_FULL)
		return SCSI_BECOMING_READY;
	if (a->sense.valid && a->sense.key == SPC_SK_NOT_READY)
		return not_ready(a->sense.asc, a->sense.ascq);
	if (a->sense.valid && a->sense.key == SPC_SK_MEDIUM_ERROR &&
	    a->sense.asc == 0x30)
		return SCSI_WRONG_MEDIUM;
	return SCSI_FAILED;
}

enum scsi_readiness scsi_wait_ready(struct scsi_unit *unit, int64_t wait_ns,
    void (*notice)(void *arg, const char *message), void *arg)
{
	struct scsi_port *port = unit->port;
	int64_t until_ns = port->ops->clock_ns(port) + wait_ns;
	enum scsi_readiness readiness;
	bool notified = false;
	char text[160];

	while ((readiness = scsi_send_ready(unit)) == SCSI_BECOMING_READY) {
		if (port->ops->clock_ns(port) >= until_ns)
			break;
		if (!notified && notice != NULL) {
			sentence(text, sizeof text,
			    "%s: the drive is not ready: waiting at most "
			    "%" PRId64 " min",
			    port->name, wait_ns / (60 * SECOND_NS));
			notice(arg, text);
		}
		notified = true;
		if (!port->ops->sleep_ns(port, SECOND_NS))
			break;
	}
	return readiness;
}

const char *scsi_readiness_text(enum scsi_readiness readiness)
{
	switch (readiness) {
	case SCSI_READY:
		return "the drive is ready";
	case SCSI_BECOMING_READY:
		return "the drive does not become ready";
	case SCSI_NO_MEDIUM:
		return "the drive is empty";
	case SCSI_NOT_LOADED:
		return "the cartridge in the drive is not loaded";
	case SCSI_CLEANING:
		return "a cleaning cartridge is in the drive";
	case SCSI_WRONG_MEDIUM:
		return "the drive cannot use this cartridge";
	case SCSI_RESERVED:
		return "another initiator has reserved the drive";
	case SCSI_FAILED:
		break;
	}
	return "the drive has failed";
}
