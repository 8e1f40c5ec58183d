/*
 * run_message.h: what the process of a scenario tells the one that started it.
 *
 * It is one message, of bytes as they lie in memory: both ends are the same
 * program.  A process may die at any moment, so the reader takes nothing for
 * granted: a message that is not whole is none.
 */
#ifndef SIM_RUN_MESSAGE_H
#define SIM_RUN_MESSAGE_H

#include "reports/results.h"
#include "sim/run/run.h"

/* What run_scenario() came to. */
struct run_message {
	enum run_status status;
	char *err;                       /* "" where status is RUN_JUDGED */
	struct results_scenario *record; /* NULL: there is none */
};

/* Writes the message to a pipe, or a file.  0, or -1 with errno. */
int run_message_send(int fd, const struct run_message *message);

/*
 * Takes the message that comes until the other end is closed.  0: what is in
 * it is the caller's, for run_message_clear(), or to be taken over.  -1 with
 * errno: EBADMSG where it is not whole.
 */
int run_message_take(int fd, struct run_message *message);

/* Frees what a message that was taken holds. */
void run_message_clear(struct run_message *message);

#endif
