/*
 * stops.h: where in the dump the producer pauses, and where it ends before
 * the dump does.
 *
 * Invariants:
 *  1. Stops come in order of offsets; at one offset stalls come first.
 *  2. A producer that brings no more than source_events_before() at a time passes
 *     none by.
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
	uint64_t at_bytes; /* when so many bytes have been brought */
	enum source_event_kind kind;
	int64_t for_ns; /* STALL */
};

/* Begins as all zeros, but for the list, which is the caller's. */
struct source_events {
	const struct source_event *list;
	size_t count;
	size_t next; /* stalls before it are over */
};

/* How many bytes may be brought from `offset` before the next stop. */
uint64_t source_events_before(const struct source_events *stops,
    uint64_t offset);

/* Whether the producer has to pause at `offset`. */
bool source_events_pauses(const struct source_events *stops, uint64_t offset);

/* How long it pauses there; not again. */
int64_t source_events_pause(struct source_events *stops, uint64_t offset);

/* How it ends at `offset`; SOURCE_EVENT_NONE: it goes on. */
enum source_event_kind source_events_end(const struct source_events *stops,
    uint64_t offset);

#endif
