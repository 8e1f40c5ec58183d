/*
 * reported.h: messages that were printed, so that each is printed once.
 *
 * Two messages that differ only in an offset of the dump are the same one: a
 * full spool disk has the same message for each part.
 *
 * One thread at a time.  If there is no memory, a message is printed again.
 */
#ifndef SPLITTER_TOOL_REPORTED_H
#define SPLITTER_TOOL_REPORTED_H

#include <stdbool.h>
#include <stddef.h>

struct reported {
	struct reported_message {
		char *text;
		unsigned more; /* number of repetitions */
	} * list;
	size_t count;
};

/*
 * Remembers a message, or counts it if it is a repetition.  Returns whether it
 * is new.
 */
bool reported_new(struct reported *reported, const char *message);

/* Returns whether a printed message contains this text. */
bool reported_holds(const struct reported *reported, const char *text);

/* Returns whether this text contains a printed message. */
bool reported_within(const struct reported *reported, const char *text);

void reported_clear(struct reported *reported);

#endif
