/* idle.c: waits for what an earlier program left running (impl.h). */
#include "splitter/scsi/hold/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <scsi/sg_lib.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/waiting.h"

#define SECOND_NS INT64_C(1000000000)

struct wait {
	struct scsi_unit *unit;
	const struct scsi_hold_options *options;
	int64_t begun_ns, most_ns, notice_ns;
	int64_t waited_ns; /* since it began */
	int64_t age_ns;    /* of its command in progress */
	bool busy;         /* the drive answers, but with BUSY */
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

	if (w->busy) {
		sentence(text, text_bytes,
		    "the drive has answered for %" PRId64
		    " s only that it is busy",
		    seconds(w->waited_ns));
		return;
	}
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
	    seconds(w->waited_ns));
	scsi_add_users(o->names, o->system, text, text_bytes);
}

/* Returns whether to wait on; reports after 5 s and each minute. */
static bool wait_on(struct wait *w)
{
	struct scsi_port *port = w->unit->port;
	struct scsi_waiting waiting;
	char text[512];

	w->waited_ns = port->ops->clock_ns(port) - w->begun_ns;
	if (w->waited_ns >= w->most_ns)
		return false;
	if (!scsi_waiting_is_due(&w->notice_ns, w->waited_ns))
		return true;
	describe(w, text, sizeof text);
	/* The description says how long the drive has been busy. */
	hold_notice(w->options, "%s: %s%s", port->name, text,
	    scsi_waiting_text(&waiting, 0, w->most_ns));
	return true;
}

static bool waiting(void *arg, int64_t age_ns)
{
	struct wait *w = arg;

	w->age_ns = age_ns;
	w->busy = false;
	return wait_on(w);
}

/*
 * Asks again while the drive is busy, within the time of this wait.  Returns
 * whether the last answer is another one.
 */
static bool ask_until_idle(struct wait *w, const struct scsi_command *ready)
{
	struct scsi_port *port = w->unit->port;

	while (!scsi_ask_now(w->unit, ready) && scsi_is_busy(w->unit)) {
		w->busy = true;
		if (!wait_on(w) || !port->ops->sleep_ns(port, SECOND_NS))
			return false;
	}
	return w->unit->answer.outcome == SCSI_ANSWERED;
}

bool scsi_hold_wait_idle(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes)
{
	enum { SLOW_S = 5 };
	struct wait w = { .unit = unit,
		.options = options,
		.begun_ns = unit->port->ops->clock_ns(unit->port),
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

	if (ask_until_idle(&w, &ready)) {
		if (w.waited_ns >= SLOW_S * SECOND_NS)
			hold_notice(options,
			    "%s: waited %" PRId64
			    " s for a command that an earlier program left "
			    "running",
			    unit->port->name, seconds(w.waited_ns));
		return true;
	}
	if (!scsi_is_busy(unit) && unit->answer.error != ECANCELED) {
		scsi_unit_text(unit, err, err_bytes);
		return false;
	}
	describe(&w, text, sizeof text);
	sentence(err, err_bytes,
	    "%s: %s%s: nothing can be done before it ends; try again later, and "
	    "if it never ends, switch the drive off and on",
	    unit->port->name, text,
	    w.waited_ns < w.most_ns ? " (interrupted)" : "");
	return false;
}
