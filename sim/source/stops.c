/* stops.c: what befalls the producer, by offsets of the dump. */
#include "sim/source/stops.h"

#include "splitter/base/later.h"

static const struct stop *next_stop(const struct stops *s)
{
	return s->next < s->count ? &s->list[s->next] : NULL;
}

uint64_t stops_before(const struct stops *s, uint64_t offset)
{
	const struct stop *stop = next_stop(s);

	if (stop == NULL)
		return UINT64_MAX;
	return stop->at_bytes > offset ? stop->at_bytes - offset : 0;
}

bool stops_pauses(const struct stops *s, uint64_t offset)
{
	const struct stop *stop = next_stop(s);

	return stop != NULL && stop->kind == STOP_STALL &&
	    stop->at_bytes <= offset;
}

int64_t stops_pause(struct stops *s, uint64_t offset)
{
	int64_t pause_ns = 0;

	while (stops_pauses(s, offset))
		pause_ns = later_add(pause_ns, s->list[s->next++].for_ns);
	return pause_ns;
}

enum stop_kind stops_end(const struct stops *s, uint64_t offset)
{
	const struct stop *stop = next_stop(s);

	return stop != NULL && stop->kind != STOP_STALL &&
		stop->at_bytes <= offset
	    ? stop->kind
	    : STOP_NONE;
}
