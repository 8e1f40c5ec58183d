/* source_events.c: see source_events.h. */
#include "sim/source/source_events.h"

#include "splitter/base/later.h"

static const struct source_event *next_event(const struct source_events *s)
{
	return s->next < s->count ? &s->list[s->next] : NULL;
}

uint64_t source_events_room(const struct source_events *s, uint64_t offset)
{
	const struct source_event *event = next_event(s);

	if (event == NULL)
		return UINT64_MAX;
	return event->at_bytes > offset ? event->at_bytes - offset : 0;
}

bool source_events_pauses(const struct source_events *s, uint64_t offset)
{
	const struct source_event *event = next_event(s);

	return event != NULL && event->kind == SOURCE_EVENT_STALL &&
	    event->at_bytes <= offset;
}

static void strike(const struct source_events *s, uint64_t offset)
{
	if (s->struck != NULL)
		s->struck(s->struck_arg, s->list[s->next].tag, offset);
}

int64_t source_events_pause(struct source_events *s, uint64_t offset)
{
	int64_t pause_ns = 0;

	while (source_events_pauses(s, offset)) {
		strike(s, offset);
		pause_ns = later_add(pause_ns, s->list[s->next++].duration_ns);
	}
	return pause_ns;
}

enum source_event_kind source_events_end(struct source_events *s,
    uint64_t offset)
{
	const struct source_event *event = next_event(s);

	if (event == NULL || event->kind == SOURCE_EVENT_STALL ||
	    event->at_bytes > offset)
		return SOURCE_EVENT_NONE;
	if (!s->ended)
		strike(s, offset);
	s->ended = true;
	return event->kind;
}
