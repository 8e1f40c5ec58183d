/*
 * source_events.h: events of the producer: it pauses, fails or is cancelled
 * when it has brought a number of bytes.
 *
 * Invariants:
 *  1. The list is in the order of offsets; at one offset stalls come first.
 *  2. A producer that brings at most source_events_room() bytes at a time
 *     meets every event.
 */
#ifndef SIM_SOURCE_EVENTS_H
#define SIM_SOURCE_EVENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum source_event_kind {
	SOURCE_EVENT_STALL,
	SOURCE_EVENT_FAIL,
	SOURCE_EVENT_CANCEL,
	SOURCE_EVENT_NONE
};

struct source_event {
	uint64_t at_bytes; /* bytes delivered before the event */
	enum source_event_kind kind;
	int64_t duration_ns; /* STALL */
	size_t tag;          /* for `struck` */
};

/*
 * The state of the events.  Set `list` and `count`, and `struck` if it is
 * wanted; all else is 0 at first.  The caller owns the list.
 */
struct source_events {
	const struct source_event *list;
	size_t count;
	size_t next; /* index of the next event; earlier stalls are over */
	bool ended;  /* the producer ended at an event */
	/* Called at each event, with the bytes that were delivered. */
	void (*struck)(void *arg, size_t tag, uint64_t offset);
	void *struck_arg;
};

/* Returns the number of bytes between `offset` and the next event. */
uint64_t source_events_room(const struct source_events *events,
    uint64_t offset);

/* Returns whether the producer must pause at `offset`. */
bool source_events_pauses(const struct source_events *events, uint64_t offset);

/* Returns the length of the pause at `offset`, and marks it as done. */
int64_t source_events_pause(struct source_events *events, uint64_t offset);

/* Returns how the producer ends at `offset`, or SOURCE_EVENT_NONE. */
enum source_event_kind source_events_end(struct source_events *events,
    uint64_t offset);

#endif
