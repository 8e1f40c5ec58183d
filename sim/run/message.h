/*
 * message.h: the result of a scenario, sent from its process to the parent.
 *
 * The message has the bytes of the structs as they are in memory: both ends are
 * the same program.  The sender may die at any time, so the receiver checks
 * everything; an incomplete message is an error.
 */
#ifndef SIM_RUN_MESSAGE_H
#define SIM_RUN_MESSAGE_H

#include "reports/results.h"
#include "sim/run/run.h"

/* The result of run_scenario(). */
struct run_message {
	enum run_status status;
	char *err;                        /* the message; "" with RUN_JUDGED */
	struct results_scenario *results; /* may be NULL */
};

/* Writes the message to a pipe or file.  Returns 0, or -1 with errno. */
int run_message_send(int fd, const struct run_message *message);

/*
 * Reads a message until the other end is closed.  Returns 0, or -1 with errno:
 * EBADMSG if the message is not complete.  After 0 the caller frees the
 * contents with run_message_clear().
 */
int run_message_receive(int fd, struct run_message *message);

/* Frees the contents of a received message. */
void run_message_clear(struct run_message *message);

#endif
