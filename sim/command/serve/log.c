/*
 * log.c: what initiators do, as lines on stderr, and as events of the library.
 *
 * A client that connects again and again does not flood the log: in one second
 * LINES_PER_SECOND lines are printed.
 */
#include "sim/command/serve/impl.h"

#include <stdio.h>

#include "splitter/base/clock.h"

enum { LINES_PER_SECOND = 20 };

/* The server calls serve_log_event() by one thread at a time. */
static struct {
	int64_t second;
	unsigned lines, left_out;
} log_state;

static bool may_print(void)
{
	int64_t second = clock_now_ns() / CLOCK_SECOND_NS;

	if (second != log_state.second) {
		if (log_state.left_out > 0)
			fprintf(stderr,
			    "tapelab: %u more messages about initiators were "
			    "left out\n",
			    log_state.left_out);
		log_state.second = second;
		log_state.lines = log_state.left_out = 0;
	}
	if (log_state.lines++ < LINES_PER_SECOND)
		return true;
	log_state.left_out++;
	return false;
}

static const char *const kinds[] = {
	[ISCSI_EVENT_LOGIN] = "login",
	[ISCSI_EVENT_LOGOUT] = "logout",
	[ISCSI_EVENT_DROP] = "connection lost",
	[ISCSI_EVENT_REFUSED] = "refused",
	[ISCSI_EVENT_TASKS] = "commands ended",
};

void serve_log_event(void *arg, const struct iscsi_event *event)
{
	struct serve *serve = arg;
	const bool is_normal = event->target[0] != '\0';

	switch (event->kind) {
	case ISCSI_EVENT_LOGIN:
		if (is_normal)
			serve_nexus_opened(serve, event->nexus,
			    event->initiator);
		break;
	case ISCSI_EVENT_LOGOUT:
	case ISCSI_EVENT_DROP:
		if (is_normal)
			serve_nexus_ended(serve, event->nexus,
			    event->kind == ISCSI_EVENT_LOGOUT ? "logout"
							      : "drop",
			    event->reason);
		break;
	default:
		break;
	}
	if (!may_print())
		return;
	fprintf(stderr, "tapelab: %s: %s%s%s%s%s\n", kinds[event->kind],
	    event->address, event->initiator[0] != '\0' ? " " : "",
	    event->initiator, event->reason[0] != '\0' ? ": " : "",
	    event->reason);
}

void serve_log_warning(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "tapelab: warning: %s\n", message);
}
