/*
 * events.h: what happens in a served library, as lines of JSON for subscribers.
 *
 * Invariants:
 *
 *  1. A subscriber has a queue of SERVE_QUEUE_BYTES.  An event that does not
 *     fit is lost for this subscriber alone, which gets the number of lost
 *     events in an event "lost" as soon as there is room.
 *  2. To publish never waits for a subscriber.
 *
 * Any thread may call these functions, with any lock held.
 */
#ifndef VTL_SERVE_EVENTS_H
#define VTL_SERVE_EVENTS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { SERVE_QUEUE_BYTES = 256 * 1024, SERVE_SUBSCRIBERS_MAX = 16 };

struct serve_events;
struct serve_subscriber;

/*
 * Returns a text from outside as JSON, which is UTF-8: '?' replaces other bytes
 * of a text that is not.  NULL without memory.
 */
json_t *serve_events_text(const char *text);

/* Returns NULL without memory or descriptors. */
struct serve_events *serve_events_create(void);

/* Frees the events and all subscribers.  NULL is allowed. */
void serve_events_free(struct serve_events *events);

/* Returns whether there is a subscriber. */
bool serve_events_wanted(struct serve_events *events);

/*
 * Adds the present time to the event, an object with the member "event", and
 * gives it to all subscribers.  Takes the reference; NULL is ignored.
 */
void serve_events_publish(struct serve_events *events, json_t *event);

/* Returns NULL without memory, or if there are SERVE_SUBSCRIBERS_MAX. */
struct serve_subscriber *serve_events_subscribe(struct serve_events *events);
void serve_events_unsubscribe(struct serve_events *events,
    struct serve_subscriber *subscriber);

/* Takes at most `bytes` bytes out of the queue.  Returns how many. */
size_t serve_events_take(struct serve_events *events,
    struct serve_subscriber *subscriber, char *buf, size_t bytes);

/*
 * Returns a descriptor that is readable when an event was published.  Call
 * serve_events_seen() before taking the events.
 */
int serve_events_fd(const struct serve_events *events);
void serve_events_seen(struct serve_events *events);

#endif
