/* source_events.c: what befalls the producer, by offsets of the dump. */
#include "sim/source/source_events.h"

#include "splitter/base/later.h"

static const struct source_event *next_stop(const struct source_events *s)
{
	return s->next < s->count ? &s->list[s->next] : NULL;
}

uint64_t source_events_before(const struct source_events *s, uint64_t offset)
{
	const struct source_event *stop = next_stop(s);

	if (stop == NULL)
		return UINT64_MAX;
	return stop->at_bytes > offset ? stop->at_bytes - offset : 0;
}

bool source_events_pauses(const struct source_events *s, uint64_t offset)
{
	const struct source_event *stop = next_stop(s);

	return stop != NULL && stop->kind == SOURCE_EVENT_STALL &&
	    stop->at_bytes <= offset;
}

int64_t source_events_pause(struct source_events *s, uint64_t offset)
{
	int64_t pause_ns = 0;

	while (source_events_pauses(s, offset))
		pause_ns = later_add(pause_ns, s->list[s->next++].for_ns);
	return pause_ns;
}

enum source_event_kind source_events_end(const struct source_events *s,
    uint64_t offset)
{
	const struct source_event *stop = next_stop(s);

	return stop != NULL && stop->kind != SOURCE_EVENT_STALL &&
		stop->at_bytes <= offset
	    ? stop->kind
	    : SOURCE_EVENT_NONE;
}
