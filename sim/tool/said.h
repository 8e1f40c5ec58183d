/*
 * said.h: what a person has been told, so that it is told once.
 *
 * Two messages that differ in an offset of the dump alone are the same one: a
 * spool disk that is full is that for each part.
 *
 * One thread at a time.  Where there is no memory, a message is told again.
 */
#ifndef SIM_SAID_H
#define SIM_SAID_H

#include <stdbool.h>
#include <stddef.h>

struct said {
	struct said_message {
		char *text;
		unsigned more; /* how often it came again */
	} * list;
	size_t count;
};

/* Whether it was not said before; it is now.  Else it is counted. */
bool said_new(struct said *said, const char *message);

/* Whether something that was said has this in it. */
bool said_holds(const struct said *said, const char *text);

/* Whether this text has something in it that was said. */
bool said_within(const struct said *said, const char *text);

void said_clear(struct said *said);

#endif
