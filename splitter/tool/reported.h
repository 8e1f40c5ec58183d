/*
 * said.h: what a person has been told, so that it is told once.
 *
 * Two messages that differ in an offset of the dump alone are the same one: a
 * spool disk that is full is that for each part.
 *
 * One thread at a time.  Where there is no memory, a message is told again.
 */
#ifndef SIM_REPORTED_H
#define SIM_REPORTED_H

#include <stdbool.h>
#include <stddef.h>

struct reported {
	struct reported_message {
		char *text;
		unsigned more; /* how often it came again */
	} * list;
	size_t count;
};

/* Whether it was not said before; it is now.  Else it is counted. */
bool reported_new(struct reported *said, const char *message);

/* Whether something that was said has this in it. */
bool reported_holds(const struct reported *said, const char *text);

/* Whether this text has something in it that was said. */
bool reported_within(const struct reported *said, const char *text);

void reported_clear(struct reported *said);

#endif
