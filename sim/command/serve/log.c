/*
 * log.c: what initiators do, as lines on stderr, and as events of the library.
 *
 * No line keeps a thread waiting: drives and connections need it.  A line that
 * stderr does not take now, since the reader of a pipe has stopped, is left out.
 * So are those of a client that connects again and again: in one second
 * LINES_PER_SECOND lines are printed.  The next line says how many were left out.
 */
#include "sim/command/serve/impl.h"

#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "splitter/base/clock.h"

enum { LINES_PER_SECOND = 20, LINE_BYTES = 1536 };

_Static_assert(LINE_BYTES + 16 < PIPE_BUF, "a pipe takes a line at once");

static struct {
	pthread_mutex_t lock;
	int64_t second;
	unsigned lines, left_out;
} log_state = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* A pipe that is ready takes PIPE_BUF bytes. */
static bool takes_line(void)
{
	struct pollfd fd = { .fd = STDERR_FILENO, .events = POLLOUT };

	return poll(&fd, 1, 0) != 0;
}

/* Locked. */
static bool may_print(bool counts)
{
	int64_t second = clock_now_ns() / CLOCK_SECOND_NS;

	if (second != log_state.second) {
		log_state.second = second;
		log_state.lines = 0;
	}
	if ((counts && log_state.lines >= LINES_PER_SECOND) || !takes_line())
		return false;
	if (log_state.left_out == 0)
		return true;
	fprintf(stderr, "tapelab: %u more messages were left out\n",
	    log_state.left_out);
	log_state.left_out = 0;
	return takes_line();
}

/* Prints a line, if it may.  `counts`: as one of those in this second. */
static void print_line(bool counts, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void print_line(bool counts, const char *format, ...)
{
	char line[LINE_BYTES];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	pthread_mutex_lock(&log_state.lock);
	if (may_print(counts)) {
		fprintf(stderr, "tapelab: %s\n", line);
		log_state.lines += counts;
	} else {
		log_state.left_out++;
	}
	pthread_mutex_unlock(&log_state.lock);
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
	print_line(true, "%s: %s%s%s%s%s", kinds[event->kind], event->address,
	    event->initiator[0] != '\0' ? " " : "", event->initiator,
	    event->reason[0] != '\0' ? ": " : "", event->reason);
}

void serve_log_warning(void *arg, const char *message)
{
	(void)arg;
	print_line(false, "warning: %s", message);
}
