/* events.c: see events.h. */
#include "vtl/serve/events.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

struct serve_subscriber {
	char queue[SERVE_QUEUE_BYTES];
	size_t bytes;
	uint64_t lost; /* events since the last that was queued */
};

struct serve_events {
	pthread_mutex_t lock;
	int fd;
	struct serve_subscriber *list[SERVE_SUBSCRIBERS_MAX];
	size_t count;
};

json_t *serve_events_text(const char *text)
{
	json_t *json = json_string(text);
	char *copy, *at;

	if (json != NULL)
		return json;
	copy = strdup(text);
	for (at = copy; at != NULL && *at != '\0'; at++)
		if ((signed char)*at < 0)
			*at = '?';
	json = copy != NULL ? json_string(copy) : NULL;
	free(copy);
	return json;
}

struct serve_events *serve_events_create(void)
{
	struct serve_events *events = calloc(1, sizeof *events);

	if (events == NULL)
		return NULL;
	events->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (events->fd == -1) {
		free(events);
		return NULL;
	}
	pthread_mutex_init(&events->lock, NULL);
	return events;
}

void serve_events_free(struct serve_events *events)
{
	size_t i;

	if (events == NULL)
		return;
	for (i = 0; i < events->count; i++)
		free(events->list[i]);
	close(events->fd);
	pthread_mutex_destroy(&events->lock);
	free(events);
}

bool serve_events_wanted(struct serve_events *events)
{
	bool wanted;

	pthread_mutex_lock(&events->lock);
	wanted = events->count > 0;
	pthread_mutex_unlock(&events->lock);
	return wanted;
}

/* Seconds since 1970, with microseconds. */
static json_t *present_time(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return json_real((double)now.tv_sec +
	    (double)(now.tv_nsec / 1000) / 1e6);
}

/* Returns the event as a line, which the caller frees; NULL without memory. */
static char *line_of(json_t *event, size_t *bytes)
{
	json_t *timed = json_object();
	char *text, *line = NULL;

	json_object_set_new(timed, "time", present_time());
	json_object_update(timed, event);
	text = json_dumps(timed, JSON_COMPACT | JSON_REAL_PRECISION(16));
	json_decref(timed);
	if (text != NULL)
		line = realloc(text, strlen(text) + 2);
	if (line == NULL) {
		free(text);
		return NULL;
	}
	*bytes = strlen(line) + 1;
	strcpy(line + *bytes - 1, "\n");
	return line;
}

static void append(struct serve_subscriber *s, const char *line, size_t bytes)
{
	memcpy(s->queue + s->bytes, line, bytes);
	s->bytes += bytes;
}

/* Queues how many events were lost, if there is room for that. */
static bool queue_lost(struct serve_subscriber *s, size_t also)
{
	json_t *event;
	size_t bytes = 0;
	char *line;

	if (s->lost == 0)
		return true;
	event = json_pack("{s:s, s:I}", "event", "lost", "count",
	    (json_int_t)s->lost);
	line = line_of(event, &bytes);
	json_decref(event);
	if (line == NULL || s->bytes + bytes + also > sizeof s->queue) {
		free(line);
		return false;
	}
	append(s, line, bytes);
	free(line);
	s->lost = 0;
	return true;
}

static void queue(struct serve_subscriber *s, const char *line, size_t bytes)
{
	if (line == NULL || s->bytes + bytes > sizeof s->queue ||
	    !queue_lost(s, bytes))
		s->lost++;
	else
		append(s, line, bytes);
}

static void wake(struct serve_events *events)
{
	const uint64_t one = 1;
	ssize_t written = write(events->fd, &one, sizeof one);

	(void)written; /* the counter is full: it is readable */
}

void serve_events_publish(struct serve_events *events, json_t *event)
{
	size_t bytes = 0, i;
	char *line;

	if (event == NULL)
		return;
	pthread_mutex_lock(&events->lock);
	if (events->count > 0) {
		line = line_of(event, &bytes);
		for (i = 0; i < events->count; i++)
			queue(events->list[i], line, bytes);
		free(line);
		wake(events);
	}
	pthread_mutex_unlock(&events->lock);
	json_decref(event);
}

struct serve_subscriber *serve_events_subscribe(struct serve_events *events)
{
	struct serve_subscriber *s = NULL;

	pthread_mutex_lock(&events->lock);
	if (events->count < SERVE_SUBSCRIBERS_MAX)
		s = malloc(sizeof *s);
	if (s != NULL) {
		s->bytes = 0;
		s->lost = 0;
		events->list[events->count++] = s;
	}
	pthread_mutex_unlock(&events->lock);
	return s;
}

void serve_events_unsubscribe(struct serve_events *events,
    struct serve_subscriber *s)
{
	size_t i = 0;

	pthread_mutex_lock(&events->lock);
	while (i < events->count && events->list[i] != s)
		i++;
	if (i < events->count)
		events->list[i] = events->list[--events->count];
	pthread_mutex_unlock(&events->lock);
	free(s);
}

size_t serve_events_take(struct serve_events *events,
    struct serve_subscriber *s, char *buf, size_t bytes)
{
	pthread_mutex_lock(&events->lock);
	if (s->bytes == 0)
		queue_lost(s, 0);
	if (bytes > s->bytes)
		bytes = s->bytes;
	memcpy(buf, s->queue, bytes);
	s->bytes -= bytes;
	memmove(s->queue, s->queue + bytes, s->bytes);
	pthread_mutex_unlock(&events->lock);
	return bytes;
}

int serve_events_fd(const struct serve_events *events)
{
	return events->fd;
}

void serve_events_seen(struct serve_events *events)
{
	uint64_t count;
	ssize_t got = read(events->fd, &count, sizeof count);

	(void)got; /* nothing new */
}
