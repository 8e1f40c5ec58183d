/*
 * stops.h: where in the dump the producer pauses, and where it ends before
 * the dump does.
 *
 * Invariants:
 *  1. Stops come in order of offsets; at one offset stalls come first.
 *  2. A producer that brings no more than stops_before() at a time passes
 *     none by.
 */
#ifndef SIM_STOPS_H
#define SIM_STOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stop_kind { STOP_STALL, STOP_FAIL, STOP_CANCEL, STOP_NONE };

struct stop {
	uint64_t at_bytes; /* when so many bytes have been brought */
	enum stop_kind kind;
	int64_t for_ns; /* STALL */
};

/* Begins as all zeros, but for the list, which is the caller's. */
struct stops {
	const struct stop *list;
	size_t count;
	size_t next; /* stalls before it are over */
};

/* How many bytes may be brought from `offset` before the next stop. */
uint64_t stops_before(const struct stops *stops, uint64_t offset);

/* Whether the producer has to pause at `offset`. */
bool stops_pauses(const struct stops *stops, uint64_t offset);

/* How long it pauses there; not again. */
int64_t stops_pause(struct stops *stops, uint64_t offset);

/* How it ends at `offset`; STOP_NONE: it goes on. */
enum stop_kind stops_end(const struct stops *stops, uint64_t offset);

#endif
