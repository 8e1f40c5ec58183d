/*
 * message.c: sends and receives the result of a scenario.
 *
 * The same function passes a struct in both directions, so that exactly what is
 * written is read.
 */
#include "sim/run/message.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM_BYTES = 1 << 16 };

static const char mark[8] = "tapelab";

struct pass {
	FILE *to; /* NULL: receiving */
	const char *from;
	size_t left;
	bool failed;
};

static void pass_bytes(struct pass *p, void *data, size_t bytes)
{
	if (p->to != NULL) {
		p->failed = p->failed || fwrite(data, 1, bytes, p->to) != bytes;
		return;
	}
	if (p->failed || bytes > p->left) {
		p->failed = true;
		memset(data, 0, bytes);
		return;
	}
	memcpy(data, p->from, bytes);
	p->from += bytes;
	p->left -= bytes;
}

#define PASS(p, value) pass_bytes(p, &(value), sizeof(value))

/* Passes a number of elements, each of which takes at least `least_bytes`. */
static void pass_count(struct pass *p, size_t *count, size_t least_bytes)
{
	PASS(p, *count);
	if (p->to == NULL && *count > p->left / least_bytes) {
		p->failed = true;
		*count = 0;
	}
}

static void pass_text(struct pass *p, char **text)
{
	size_t bytes = 0;

	/* The length includes the final NUL; a length of 0 stands for NULL. */
	if (p->to != NULL && *text != NULL)
		bytes = strlen(*text) + 1;
	pass_count(p, &bytes, 1);
	if (p->to == NULL)
		*text = bytes == 0 ? NULL : malloc(bytes);
	if (bytes == 0)
		return;
	if (*text == NULL) {
		p->failed = true;
		return;
	}
	pass_bytes(p, *text, bytes);
	(*text)[bytes - 1] = '\0';
}

/*
 * Returns memory for an array of `*count` elements, each of which takes at least
 * `least_bytes`; NULL if the count is 0.
 */
static void *pass_array(struct pass *p, void *array, size_t *count,
    size_t bytes, size_t least_bytes)
{
	pass_count(p, count, least_bytes);
	if (p->to != NULL)
		return array;
	array = *count == 0 ? NULL : calloc(*count, bytes);
	if (array == NULL) {
		p->failed = p->failed || *count > 0;
		*count = 0;
	}
	return array;
}

static void pass_attempt(struct pass *p, struct results_attempt *a)
{
	PASS(p, a->part);
	PASS(p, a->attempt);
	pass_text(p, &a->volume);
	PASS(p, a->drive);
	PASS(p, a->file);
	PASS(p, a->offset_bytes);
	PASS(p, a->bytes);
	pass_text(p, &a->end);
	pass_text(p, &a->cause);
	pass_text(p, &a->message);
	PASS(p, a->committed);
	PASS(p, a->begun_ns);
	PASS(p, a->ended_ns);
	PASS(p, a->seconds);
}

static void pass_reading(struct pass *p, struct results_reading *r)
{
	pass_text(p, &r->source);
	pass_text(p, &r->name);
	pass_text(p, &r->unit);
	PASS(p, r->has_before);
	PASS(p, r->before);
	PASS(p, r->after);
}

static void pass_volume(struct pass *p, struct results_volume *v)
{
	pass_text(p, &v->barcode);
	PASS(p, v->drive);
	PASS(p, v->loaded_ns);
	PASS(p, v->capacity_bytes);
	PASS(p, v->written_bytes);
	PASS(p, v->finished);
	pass_text(p, &v->closed);
	pass_text(p, &v->reason);
	PASS(p, v->reported);
	pass_text(p, &v->serial);
	pass_text(p, &v->alerts_before);
	pass_text(p, &v->alerts_after);
	pass_text(p, &v->errors);
	v->readings = pass_array(p, v->readings, &v->readings_count,
	    sizeof *v->readings, 1);
	for (size_t i = 0; i < v->readings_count; i++)
		pass_reading(p, &v->readings[i]);
}

static void pass_metric(struct pass *p, struct results_metric *m)
{
	pass_text(p, &m->name);
	PASS(p, m->kind);
	pass_text(p, &m->unit);
	pass_text(p, &m->text);
	PASS(p, m->number);
	PASS(p, m->real);
}

static void pass_expectation(struct pass *p, struct results_expectation *e)
{
	PASS(p, e->line);
	pass_text(p, &e->file);
	pass_text(p, &e->updated);
	pass_text(p, &e->text);
	PASS(p, e->passed);
	pass_text(p, &e->actual);
	pass_text(p, &e->known);
}

static void pass_published(struct pass *p, struct results_published *v)
{
	PASS(p, v->line);
	pass_text(p, &v->file);
	pass_text(p, &v->metric);
	pass_text(p, &v->unit);
	PASS(p, v->same);
	PASS(p, v->order);
	PASS(p, v->value);
	PASS(p, v->tolerance);
	pass_text(p, &v->kind);
	pass_text(p, &v->source);
	pass_text(p, &v->series);
	pass_text(p, &v->point);
	pass_text(p, &v->known);
	PASS(p, v->defined);
	PASS(p, v->simulated);
	PASS(p, v->verdict);
}

static void pass_mark(struct pass *p, struct results_mark *m)
{
	PASS(p, m->kind);
	PASS(p, m->at_ns);
	pass_text(p, &m->label);
}

#define PASS_ALL(p, s, what, one)                                  \
	do {                                                       \
		(s)->what##s = pass_array(p, (s)->what##s,         \
		    &(s)->what##s_count, sizeof *(s)->what##s, 1); \
		for (size_t i = 0; i < (s)->what##s_count; i++)    \
			pass_##one(p, &(s)->what##s[i]);           \
	} while (0)

static void pass_warning(struct pass *p, struct results_warning *w)
{
	PASS(p, w->at_ns);
	pass_text(p, &w->text);
}

static void pass_strike(struct pass *p, struct results_strike *s)
{
	PASS(p, s->at_ns);
	PASS(p, s->reading_back);
	PASS(p, s->dump);
	PASS(p, s->attempt);
	pass_text(p, &s->volume);
	PASS(p, s->drive);
	PASS(p, s->on_medium);
	PASS(p, s->medium_byte);
	PASS(p, s->in_dump);
	PASS(p, s->dump_byte);
}

static void pass_fault(struct pass *p, struct results_fault *s)
{
	PASS(p, s->line);
	pass_text(p, &s->text);
	pass_text(p, &s->kind);
	PASS(p, s->unreached);
	PASS(p, s->strikes);
	PASS_ALL(p, s, place, strike);
}

/* Passes only the samples that exist. */
static void pass_series(struct pass *p, struct series *s)
{
	PASS(p, s->has_drive);
	PASS(p, s->drive_buffer_bytes);
	PASS(p, s->drives);
	PASS(p, s->step_ns);
	pass_count(p, &s->count, sizeof s->end);
	if (s->count > SERIES_SAMPLES) {
		p->failed = true;
		s->count = 0;
	}
	pass_bytes(p, s->sample, s->count * sizeof *s->sample);
	PASS(p, s->end_ns);
	PASS(p, s->end);
}

static void pass_speed(struct pass *p, struct results_speed *s)
{
	PASS(p, s->bytes_per_s);
	PASS(p, s->ns);
}

static void pass_drive(struct pass *p, struct results_drive *s)
{
	pass_text(p, &s->model);
	PASS(p, s->sums);
	PASS_ALL(p, s, speed, speed);
}

static void pass_dump(struct pass *p, struct results_dump *s)
{
	PASS(p, s->step);
	pass_text(p, &s->name);
	pass_text(p, &s->folder);
	pass_text(p, &s->outcome);
	pass_text(p, &s->reason);
	PASS(p, s->safe_bytes);
	PASS_ALL(p, s, attempt, attempt);
	PASS_ALL(p, s, volume, volume);
	PASS_ALL(p, s, metric, metric);
	PASS_ALL(p, s, mark, mark);
	PASS_ALL(p, s, warning, warning);
	pass_series(p, &s->series);
	PASS(p, s->host_ns);
	PASS(p, s->begun_ns);
	PASS(p, s->ended_ns);
	PASS(p, s->buffer_bytes);
}

static void pass_line(struct pass *p, struct results_message *m)
{
	pass_text(p, &m->text);
}

static void pass_step(struct pass *p, struct results_step *s)
{
	PASS(p, s->line);
	pass_text(p, &s->kind);
	pass_text(p, &s->title);
	pass_text(p, &s->result);
	pass_text(p, &s->reason);
	PASS(p, s->reached);
	PASS(p, s->status);
	PASS(p, s->begun_ns);
	PASS(p, s->ended_ns);
	PASS(p, s->first_dump);
	PASS(p, s->dumps_count);
	PASS_ALL(p, s, message, line);
	PASS_ALL(p, s, metric, metric);
	PASS_ALL(p, s, expectation, expectation);
}

static void pass_results(struct pass *p, struct results_scenario *s)
{
	pass_text(p, &s->name);
	pass_text(p, &s->title);
	pass_text(p, &s->file);
	PASS(p, s->seed);
	pass_text(p, &s->clock);
	pass_text(p, &s->drives);
	PASS(p, s->status);
	pass_text(p, &s->outcome);
	pass_text(p, &s->reason);
	pass_text(p, &s->problem);
	PASS(p, s->traced);
	PASS(p, s->read_back);
	PASS(p, s->safe_bytes);
	s->dumps = pass_array(p, s->dumps, &s->dumps_count, sizeof *s->dumps,
	    sizeof s->dumps->series.end);
	for (size_t i = 0; i < s->dumps_count; i++)
		pass_dump(p, &s->dumps[i]);
	PASS_ALL(p, s, step, step);
	PASS_ALL(p, s, motion, drive);
	PASS_ALL(p, s, metric, metric);
	PASS_ALL(p, s, expectation, expectation);
	s->published = pass_array(p, s->published, &s->published_count,
	    sizeof *s->published, 1);
	for (size_t i = 0; i < s->published_count; i++)
		pass_published(p, &s->published[i]);
	PASS_ALL(p, s, fault, fault);
	PASS(p, s->duration_ns);
}

static void pass_message(struct pass *p, struct run_message *m)
{
	uint8_t has_results = m->results != NULL;
	char begin[sizeof mark], end[sizeof mark];

	memcpy(begin, mark, sizeof mark);
	memcpy(end, mark, sizeof mark);
	PASS(p, begin);
	PASS(p, m->status);
	pass_text(p, &m->err);
	PASS(p, has_results);
	if (p->to == NULL && has_results && !p->failed) {
		m->results = calloc(1, sizeof *m->results);
		p->failed = m->results == NULL;
	}
	if (m->results != NULL)
		pass_results(p, m->results);
	PASS(p, end);
	p->failed = p->failed || memcmp(begin, mark, sizeof mark) != 0 ||
	    memcmp(end, mark, sizeof mark) != 0;
}

/* Returns the message as bytes; NULL with errno if memory is short. */
static char *format_message(const struct run_message *message, size_t *bytes)
{
	struct run_message m = *message;
	char *text = NULL;
	struct pass p = { .to = open_memstream(&text, bytes) };

	if (p.to == NULL)
		return NULL;
	pass_message(&p, &m);
	if (fclose(p.to) == 0 && !p.failed)
		return text;
	free(text);
	errno = ENOMEM;
	return NULL;
}

static int send_all(int fd, const char *bytes, size_t count)
{
	ssize_t n;

	while (count > 0) {
		n = write(fd, bytes, count);
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		bytes += n;
		count -= (size_t)n;
	}
	return 0;
}

int run_message_send(int fd, const struct run_message *message)
{
	size_t count;
	char *bytes = format_message(message, &count);
	int rc = bytes == NULL ? -1 : send_all(fd, bytes, count);

	free(bytes);
	return rc;
}

/*
 * Reads up to the end.  Returns the bytes, which the caller frees, or NULL with
 * errno.
 */
static char *receive_all(int fd, size_t *count)
{
	size_t room = ROOM_BYTES;
	char *bytes = malloc(room), *grown;
	ssize_t n = 1;

	for (*count = 0; bytes != NULL && n != 0;) {
		n = read(fd, bytes + *count, room - *count);
		if (n > 0)
			*count += (size_t)n;
		else if (n == -1 && errno != EINTR)
			break;
		if (*count < room)
			continue;
		grown = realloc(bytes, 2 * room);
		if (grown == NULL)
			break;
		bytes = grown;
		room *= 2;
	}
	if (n == 0)
		return bytes;
	free(bytes);
	return NULL;
}

int run_message_receive(int fd, struct run_message *m)
{
	size_t count;
	char *bytes = receive_all(fd, &count);
	struct pass p = { .from = bytes, .left = count };

	memset(m, 0, sizeof *m);
	if (bytes == NULL)
		return -1;
	errno = EBADMSG;
	pass_message(&p, m);
	free(bytes);
	if (!p.failed && p.left == 0 && m->err != NULL)
		return 0;
	run_message_clear(m);
	return -1;
}

void run_message_clear(struct run_message *m)
{
	if (m->results != NULL)
		results_scenario_free(m->results);
	free(m->err);
	memset(m, 0, sizeof *m);
}
