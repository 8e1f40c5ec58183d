/* idle.c: waits for what an earlier program left running (impl.h). */
#include "splitter/scsi/hold/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <scsi/sg_lib.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

#define SECOND_NS INT64_C(1000000000)
#define MINUTE_NS (60 * SECOND_NS)

struct wait {
	struct scsi_unit *unit;
	const struct scsi_hold_options *options;
	int64_t most_ns, age_ns, notice_ns;
};

int64_t hold_wait_ns(const struct scsi_hold_options *options)
{
	return options->ready_wait_ns > 0 ? options->ready_wait_ns
					  : SCSI_LONG_TIMEOUT_S * SECOND_NS;
}

static int64_t seconds(int64_t ns)
{
	return (ns + SECOND_NS / 2) / SECOND_NS;
}

/* Finds a command that is not the TEST UNIT READY of this wait. */
static bool find_other(const struct wait *w, struct scsi_pending *pending)
{
	enum { TEST_UNIT_READY = 0x00 };

	return scsi_find_pending(w->options->names, w->options->system,
		   pending) &&
	    (pending->opcode != TEST_UNIT_READY ||
		pending->age_ns > w->age_ns + SECOND_NS / 2);
}

/* Describes the command that the drive executes, as far as it can be known. */
static void describe(const struct wait *w, char *text, size_t text_bytes)
{
	const struct scsi_hold_options *o = w->options;
	struct scsi_pending pending;
	char name[64];

	if (find_other(w, &pending)) {
		sg_get_opcode_name(pending.opcode, SCSI_TYPE_TAPE,
		    (int)sizeof name, name);
		sentence(text, text_bytes,
		    "the drive still executes %s (%02Xh), which a program that "
		    "has ended sent %" PRId64 " s ago",
		    name, pending.opcode, seconds(pending.age_ns));
		return;
	}
	sentence(text, text_bytes,
	    "the drive has not answered for %" PRId64
	    " s: which command it executes is not known",
	    seconds(w->age_ns));
	scsi_add_users(o->names, o->system, text, text_bytes);
}

static bool waiting(void *arg, int64_t age_ns)
{
	struct wait *w = arg;
	char text[512];

	w->age_ns = age_ns;
	if (age_ns >= w->most_ns)
		return false;
	if (age_ns < w->notice_ns)
		return true;
	describe(w, text, sizeof text);
	hold_notice(w->options, "%s: %s: waiting at most %" PRId64 " min",
	    w->unit->port->name, text,
	    (w->most_ns + MINUTE_NS - 1) / MINUTE_NS);
	w->notice_ns = (age_ns / MINUTE_NS + 1) * MINUTE_NS;
	return true;
}

bool scsi_hold_wait_idle(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes)
{
	enum { SLOW_S = 5 };
	struct wait w = { .unit = unit,
		.options = options,
		.most_ns = hold_wait_ns(options),
		.notice_ns = SLOW_S * SECOND_NS };
	/* The drive executes this after the command in progress. */
	const struct scsi_command ready = {
		.cdb_bytes = 6,
		.timeout_s = SCSI_LONG_TIMEOUT_S,
		.name = "TEST UNIT READY",
		.waiting = waiting,
		.waiting_arg = &w,
	};
	char text[512];

	if (scsi_ask(unit, &ready) || unit->answer.outcome == SCSI_ANSWERED) {
		if (w.age_ns >= SLOW_S * SECOND_NS)
			hold_notice(options,
			    "%s: waited %" PRId64
			    " s for a command that an earlier program left "
			    "running",
			    unit->port->name, seconds(w.age_ns));
		return true;
	}
	if (unit->answer.error != ECANCELED) {
		scsi_unit_text(unit, err, err_bytes);
		return false;
	}
	describe(&w, text, sizeof text);
	sentence(err, err_bytes,
	    "%s: %s%s: nothing can be done before it ends; try again later, and "
	    "if it never ends, switch the drive off and on",
	    unit->port->name, text,
	    w.age_ns < w.most_ns ? " (interrupted)" : "");
	return false;
}
