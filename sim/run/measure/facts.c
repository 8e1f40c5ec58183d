/* facts.c: see facts.h. */
#include "sim/run/measure/facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/measure/attempts.h"

/* The dumps that an expectation is about: from `first` to before `end`. */
struct dumps {
	const struct results_dump *first, *end;
};

static struct dumps dumps_of(const struct results_scenario *s,
    const struct metrics_expect *e)
{
	if (e->dump == NULL || e->place >= s->dumps_count)
		return (struct dumps){ s->dumps, s->dumps + s->dumps_count };
	return (struct dumps){ s->dumps + e->place, s->dumps + e->place + 1 };
}

static int set_text(struct metrics_value *value, const char *text)
{
	value->text = strdup(text);
	value->defined = value->text != NULL;
	return value->defined ? 0 : -1;
}

static int set_number(struct metrics_value *value, uint64_t number)
{
	value->number = number;
	value->defined = true;
	return 0;
}

static int get_attempt(struct dumps dumps, const struct metrics_expect *e,
    enum fact_id id, struct metrics_value *value)
{
	uint64_t left = e->number - 1;
	const struct results_attempt *a;

	while (dumps.first < dumps.end && left >= dumps.first->attempts_count)
		left -= dumps.first++->attempts_count;
	if (dumps.first == dumps.end)
		return 0;
	a = &dumps.first->attempts[left];
	switch (id) {
	case ATTEMPT_CAUSE:
		return set_text(value, a->cause[0] != '\0' ? a->cause : "none");
	case ATTEMPT_END:
		return set_text(value, a->end);
	case ATTEMPT_VOLUME:
		return set_text(value, a->volume);
	case ATTEMPT_MESSAGE:
		return set_text(value, a->message);
	case ATTEMPT_DRIVE:
		return set_number(value, a->drive);
	case ATTEMPT_FILE:
		return set_number(value, a->file);
	case ATTEMPT_PART:
		return set_number(value, a->part);
	case ATTEMPT_OFFSET:
		return set_number(value, a->offset_bytes);
	case ATTEMPT_BYTES:
		return set_number(value, a->bytes);
	default:
		value->real = a->seconds;
		value->defined = true;
		return 0;
	}
}

/* Counts the loads of a volume, or into a drive; the last is `*last`. */
static uint64_t count_loads(struct dumps dumps, const char *barcode,
    uint64_t drive, const struct results_volume **last)
{
	uint64_t loads = 0;

	for (; dumps.first < dumps.end; dumps.first++)
		for (size_t i = 0; i < dumps.first->volumes_count; i++) {
			const struct results_volume *v =
			    &dumps.first->volumes[i];

			if (barcode != NULL ? strcmp(v->barcode, barcode) != 0
					    : v->drive != drive)
				continue;
			loads++;
			if (*last == NULL || v->loaded_ns >= (*last)->loaded_ns)
				*last = v;
		}
	return loads;
}

static int get_volume(struct dumps dumps, const struct metrics_expect *e,
    enum fact_id id, struct metrics_value *value)
{
	const struct results_volume *last = NULL;
	uint64_t loads = count_loads(dumps, e->subject, 0, &last);

	if (id == VOLUME_LOADS)
		return set_number(value, loads);
	if (last == NULL)
		return 0;
	switch (id) {
	case VOLUME_WRITTEN:
		return set_number(value, last->written_bytes);
	case VOLUME_REASON:
		return set_text(value, last->reason);
	default:
		return set_text(value, last->closed);
	}
}

static int get_fault(const struct results_fault *f, enum fact_id id,
    struct metrics_value *value)
{
	const struct results_strike *first = f->places;

	if (id == FAULT_STRUCK)
		return set_number(value, f->strikes);
	if (f->places_count == 0)
		return 0;
	switch (id) {
	case FAULT_ATTEMPT:
		return first->attempt > 0 ? set_number(value, first->attempt)
					  : 0;
	case FAULT_VOLUME:
		return first->volume[0] != '\0' ? set_text(value, first->volume)
						: 0;
	case FAULT_MEDIUM_BYTE:
		return first->on_medium ? set_number(value, first->medium_byte)
					: 0;
	case FAULT_DUMP_BYTE:
		return first->in_dump ? set_number(value, first->dump_byte) : 0;
	default:
		value->real = (double)first->at_ns / 1e9;
		value->defined = true;
		return 0;
	}
}

static void print_line(FILE *to, const char *text)
{
	if (text != NULL && text[0] != '\0')
		fprintf(to, "%s%s", ftell(to) > 0 ? "\n" : "", text);
}

/* Gets everything that was reported, a sentence a line. */
static int get_warnings(const struct results_scenario *s, struct dumps dumps,
    struct metrics_value *value)
{
	size_t bytes;
	FILE *to = open_memstream(&value->text, &bytes);

	if (to == NULL)
		return -1;
	for (; dumps.first < dumps.end; dumps.first++) {
		const struct results_dump *d = dumps.first;

		for (size_t i = 0; i < d->warnings_count; i++)
			print_line(to, d->warnings[i].text);
		for (size_t i = 0; i < d->attempts_count; i++)
			print_line(to, d->attempts[i].message);
		for (size_t i = 0; i < d->volumes_count; i++)
			print_line(to, d->volumes[i].reason);
		print_line(to, d->reason);
	}
	/* A step that wrote no dump. */
	if (s->dumps_count == 0 && s->reason != NULL)
		print_line(to, s->reason);
	value->defined = fclose(to) == 0;
	return value->defined ? 0 : -1;
}

char *facts_attempts_line(const struct results_scenario *s,
    const struct metrics_expect *e)
{
	struct dumps dumps = dumps_of(s, e);
	char *text = NULL, *line;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);
	bool whole = to != NULL;

	for (; whole && dumps.first < dumps.end; dumps.first++) {
		line = attempts_detailed_line(dumps.first);
		whole = line != NULL;
		if (whole && line[0] != '\0')
			fprintf(to, "%s%s", ftell(to) > 0 ? " | " : "", line);
		free(line);
	}
	if (to != NULL && fclose(to) == 0 && whole)
		return text;
	free(text);
	return NULL;
}

/* Returns a fault by its number; NULL if there are fewer. */
static const struct results_fault *find_fault(const struct results_scenario *s,
    const struct facts_story *story, uint64_t number)
{
	uint64_t before = story != NULL ? story->faults_count : 0;

	if (number <= before)
		return &story->faults[number - 1];
	return number - before <= s->faults_count
	    ? &s->faults[number - before - 1]
	    : NULL;
}

int facts_get(const struct results_scenario *s, const struct facts_story *story,
    const struct metrics_expect *e, struct metrics_value *value)
{
	const struct results_fault *fault;
	const struct results_volume *last = NULL;
	struct dumps dumps = dumps_of(s, e);
	enum fact_id id = fact_id_of(e->fact);

	*value = (struct metrics_value){ .defined = false };
	switch (e->fact->subject) {
	case FACT_FAULT:
		fault = find_fault(s, story, e->number);
		return fault != NULL ? get_fault(fault, id, value) : 0;
	case FACT_DRIVE:
		return set_number(value,
		    count_loads(dumps, NULL, e->number, &last));
	case FACT_VOLUME:
		return get_volume(dumps, e, id, value);
	case FACT_ATTEMPT:
		return get_attempt(dumps, e, id, value);
	default:
		return id == ALL_LOST_BLOCKS ? set_number(value, s->lost_blocks)
					     : get_warnings(s, dumps, value);
	}
}
