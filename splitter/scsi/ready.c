/* ready.c: TEST UNIT READY (SPC-4), and waiting for it. */
#include "splitter/scsi/commands.h"

#include <scsi/sg_lib.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/waiting.h"

#define SECOND_NS INT64_C(1000000000)

/* A load takes less than this, and needs no notice. */
#define LOAD_NS (60 * SECOND_NS)

static enum scsi_readiness not_ready(uint8_t asc, uint8_t ascq)
{
	enum { NOT_READY = 0x04, INCOMPATIBLE = 0x30, NO_MEDIUM = 0x3a };

	/* The memory of a cartridge is accessible: it is there, held unloaded. */
	if (asc == NO_MEDIUM)
		return ascq == 0x04 ? SCSI_NOT_LOADED : SCSI_NO_MEDIUM;
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

static const struct scsi_command test_unit_ready = {
	.cdb_bytes = 6,
	.name = "TEST UNIT READY",
};

/* Returns what the answer to a TEST UNIT READY says. */
static enum scsi_readiness readiness_of(const struct scsi_unit *unit)
{
	const struct scsi_answer *a = &unit->answer;

	if (a->outcome != SCSI_ANSWERED)
		return SCSI_FAILED;
	if (a->status == SCSI_RESERVATION_CONFLICT)
		return SCSI_RESERVED;
	if (scsi_is_busy(unit))
		return SCSI_BECOMING_READY;
	if (a->sense.valid && a->sense.key == SPC_SK_NOT_READY)
		return not_ready(a->sense.asc, a->sense.ascq);
	if (a->sense.valid && a->sense.key == SPC_SK_MEDIUM_ERROR &&
	    a->sense.asc == 0x30)
		return SCSI_WRONG_MEDIUM;
	return SCSI_FAILED;
}

enum scsi_readiness scsi_send_ready(struct scsi_unit *unit)
{
	return scsi_ask(unit, &test_unit_ready) ? SCSI_READY
						: readiness_of(unit);
}

/* The same without the minute in which a busy drive is asked again. */
static enum scsi_readiness ready_now(struct scsi_unit *unit)
{
	return scsi_ask_now(unit, &test_unit_ready) ? SCSI_READY
						    : readiness_of(unit);
}

void scsi_why_not_ready(const struct scsi_unit *unit, char why[SCSI_WHY_BYTES])
{
	static const struct {
		uint8_t ascq;
		const char *doing;
	} known[] = {
		{ 0x01, "becoming ready" },
		{ 0x04, "format in progress" },
		{ 0x07, "operation in progress" },
		{ 0x09, "self-test in progress" },
		{ 0x14, "space allocation in progress" },
	};
	const struct scsi_answer *a = &unit->answer;
	const char *doing = "no reason given";
	int progress = 0;
	char done[24] = "";

	if (!a->sense.valid) {
		sentence(why, SCSI_WHY_BYTES, "busy");
		return;
	}
	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (known[i].ascq == a->sense.ascq)
			doing = known[i].doing;
	/* In parts of 65536. */
	if (sg_get_sense_progress_fld(a->raw, a->raw_bytes, &progress))
		sentence(done, sizeof done, ", %d %% done",
		    (int)((int64_t)progress * 100 / 65536));
	sentence(why, SCSI_WHY_BYTES, "%s, %X/%02X/%02X%s", doing, a->sense.key,
	    a->sense.asc, a->sense.ascq, done);
}

/* Returns whether the drive loads a cartridge: 04/01, becoming ready. */
static bool loads(const struct scsi_answer *a)
{
	return a->sense.valid && a->sense.asc == 0x04 && a->sense.ascq == 0x01;
}

enum scsi_readiness scsi_wait_ready(struct scsi_unit *unit, int64_t wait_ns,
    void (*notice)(void *arg, const char *message), void *arg)
{
	struct scsi_port *port = unit->port;
	const int64_t begun_ns = port->ops->clock_ns(port);
	int64_t waited_ns, notice_ns = -1;
	enum scsi_readiness readiness;
	char text[256], why[SCSI_WHY_BYTES];
	struct scsi_waiting waiting;

	while ((readiness = ready_now(unit)) == SCSI_BECOMING_READY) {
		waited_ns = port->ops->clock_ns(port) - begun_ns;
		if (waited_ns >= wait_ns)
			break;
		if (notice_ns < 0)
			notice_ns = loads(&unit->answer) ? LOAD_NS : 0;
		if (notice != NULL &&
		    scsi_waiting_is_due(&notice_ns, waited_ns)) {
			scsi_why_not_ready(unit, why);
			sentence(text, sizeof text,
			    "%s: the drive is not ready (%s)%s", port->name,
			    why,
			    scsi_waiting_text(&waiting, waited_ns, wait_ns));
			notice(arg, text);
		}
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
