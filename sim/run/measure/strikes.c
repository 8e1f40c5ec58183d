/* strikes.c: see strikes.h. */
#include "sim/run/measure/strikes.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/clock.h"
#include "splitter/base/grow.h"
#include "sim/scenario/kind.h"

/* What a dump does at the moment. */
struct in_progress {
	char barcode[VOLUME_BARCODE_BYTES]; /* "": no volume */
	size_t attempt;                     /* from 1; 0: none */
};

struct strikes {
	const struct scenario *scenario;
	struct results_scenario *results;
	pthread_mutex_t lock;
	struct in_progress *dumps;
	bool real;
	int64_t origin_ns; /* real time */
	int64_t now_ns;    /* virtual time */
	int64_t base_ns;   /* virtual time: see strikes_set_base() */
	bool reading_back;
	bool gaps;
};

/* Adds a fault to the results.  Returns 0, or -1 without memory. */
static int add_fault(struct results_scenario *results,
    const struct scenario_fault *fault)
{
	struct results_fault *to = &results->faults[results->faults_count++];

	to->line = fault->line;
	to->unreached = fault->unreached;
	to->text = strdup(fault->text != NULL ? fault->text : "");
	to->kind = strdup(scenario_kind_words()[fault->fail]);
	return to->text != NULL && to->kind != NULL ? 0 : -1;
}

struct strikes *strikes_new(const struct scenario *scenario,
    struct results_scenario *results)
{
	struct strikes *s = calloc(1, sizeof *s);
	int rc = 0;

	if (s == NULL)
		return NULL;
	s->scenario = scenario;
	s->results = results;
	pthread_mutex_init(&s->lock, NULL);
	s->dumps = calloc(scenario->dumps_count, sizeof *s->dumps);
	results->faults =
	    calloc(scenario->faults_count + 1, sizeof *results->faults);
	if (s->dumps == NULL || results->faults == NULL)
		rc = -1;
	for (size_t i = 0; i < scenario->faults_count && rc == 0; i++)
		rc = add_fault(results, &scenario->faults[i]);
	if (rc == 0)
		return s;
	strikes_free(s);
	return NULL;
}

void strikes_free(struct strikes *s)
{
	if (s == NULL)
		return;
	pthread_mutex_destroy(&s->lock);
	free(s->dumps);
	free(s);
}

int64_t *strikes_clock_ns(struct strikes *s)
{
	return &s->now_ns;
}

void strikes_set_base(struct strikes *s, int64_t base_ns)
{
	s->base_ns = base_ns;
}

void strikes_set_origin(struct strikes *s, int64_t origin_ns)
{
	s->real = true;
	s->origin_ns = origin_ns;
}

void strikes_volume(struct strikes *s, size_t dump, const char *barcode)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	strncpy(s->dumps[dump].barcode, barcode,
	    sizeof s->dumps[dump].barcode - 1);
	pthread_mutex_unlock(&s->lock);
}

/* The attempt in progress never becomes one of the results. */
static void abandon_attempt(struct strikes *s, size_t dump)
{
	for (size_t i = 0; i < s->results->faults_count; i++) {
		struct results_fault *f = &s->results->faults[i];

		for (size_t p = 0; p < f->places_count; p++)
			if (f->places[p].dump == dump + 1 &&
			    f->places[p].attempt == s->dumps[dump].attempt)
				f->places[p].attempt = 0;
	}
}

void strikes_attempt(struct strikes *s, size_t dump, size_t attempt)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	if (s->dumps[dump].attempt != 0)
		abandon_attempt(s, dump);
	s->dumps[dump].attempt = attempt;
	pthread_mutex_unlock(&s->lock);
}

void strikes_end_attempt(struct strikes *s, size_t dump)
{
	if (s == NULL)
		return;
	pthread_mutex_lock(&s->lock);
	s->dumps[dump].attempt = 0;
	pthread_mutex_unlock(&s->lock);
}

/* Returns when something happens that has a model time, or -1. */
static int64_t time_of(const struct strikes *s, int64_t model_ns)
{
	if (s->reading_back)
		return s->results->duration_ns;
	if (s->real)
		return clock_now_ns() - s->origin_ns;
	return s->base_ns + (model_ns >= 0 ? model_ns : s->now_ns);
}

/* Sets which dump and attempt a strike on a volume is of. */
static void find_attempt(const struct strikes *s, const char *barcode,
    struct results_strike *where)
{
	const struct in_progress *d = s->dumps;

	/* The dumps of a story are those of its steps. */
	if (s->scenario->steps_count > 0)
		return;
	if (s->scenario->dumps_count == 1 && !s->reading_back)
		where->dump = 1;
	for (size_t i = 0; i < s->scenario->dumps_count; i++, d++)
		if (!s->reading_back && barcode[0] != '\0' &&
		    strcmp(d->barcode, barcode) == 0) {
			where->dump = i + 1;
			where->attempt = d->attempt;
		}
}

/* Counts a strike, and keeps it with a copy of the barcode. */
static void add(struct strikes *s, size_t fault,
    const struct results_strike *where, const char *barcode)
{
	struct results_fault *to = &s->results->faults[fault];
	struct results_strike *places;

	if (to->strikes++ >= RESULTS_STRIKES_MAX)
		return;
	places = grow_by_one(to->places, to->places_count, sizeof *places);
	if (places == NULL) {
		s->gaps = true;
		return;
	}
	to->places = places;
	places += to->places_count++;
	*places = *where;
	places->volume = strdup(barcode);
	s->gaps |= places->volume == NULL;
}

void strikes_operation(struct strikes *s, size_t fault, const struct tape *tape,
    int64_t now_ns)
{
	const char *barcode = tape != NULL ? tape->barcode : "";
	struct results_strike where = { .drive = 0 };

	pthread_mutex_lock(&s->lock);
	where.at_ns = time_of(s, now_ns);
	where.drive = tape != NULL ? (uint64_t)tape->drive + 1 : 0;
	where.dump = s->scenario->faults[fault].dump + 1;
	where.attempt = tape != NULL ? s->dumps[where.dump - 1].attempt : 0;
	add(s, fault, &where, barcode);
	pthread_mutex_unlock(&s->lock);
}

void strikes_of_dump(void *arg, size_t fault, uint64_t offset)
{
	struct strikes *s = arg;
	struct results_strike where = { .in_dump = true, .dump_byte = offset };

	pthread_mutex_lock(&s->lock);
	where.at_ns = time_of(s, -1);
	where.dump = s->scenario->faults[fault].dump + 1;
	where.attempt = s->dumps[where.dump - 1].attempt;
	add(s, fault, &where, "");
	pthread_mutex_unlock(&s->lock);
}

/*
 * Returns the number that a fault of drives has in a library on disk: those of
 * the robot come first.
 */
static int64_t number_on_disk(const struct scenario *s, size_t place)
{
	int64_t number = 1;

	for (size_t i = 0; i < s->faults_count; i++)
		number += s->faults[i].fail == FAIL_MOVE ||
		    (s->faults[i].fail == FAIL_DRIVE && i < place);
	return number;
}

/* Returns whether this fault of the scenario is the one that struck. */
static bool is_fault(const struct strikes *s, size_t place,
    const struct library_incident *incident, uint64_t *moves)
{
	const struct scenario_fault *f = &s->scenario->faults[place];
	const char *barcode =
	    f->volume > 0 ? s->scenario->volumes[f->volume - 1].barcode : "";

	if (incident->fault != NULL)
		return incident->fault->tag != 0
		    ? incident->fault->tag == place + 1
		    : f->fail == FAIL_DRIVE &&
			incident->fault->id ==
			    number_on_disk(s->scenario, place);
	if (f->fail == FAIL_MOVE)
		return (int64_t)++ * moves == incident->robot_fault;
	if (incident->unreadable && f->fail == FAIL_BARCODE)
		return strcmp(barcode, incident->barcode) == 0;
	return incident->defect != NULL && scenario_is_defect(f->fail) &&
	    incident->defect->fault == (int64_t)place + 1;
}

static void observe(void *arg, const struct library_incident *incident)
{
	struct strikes *s = arg;
	uint64_t moves = 0;
	struct results_strike where = {
		.drive = (uint64_t)(incident->drive + 1),
		.on_medium =
		    incident->fault != NULL || incident->defect != NULL,
		.medium_byte = incident->medium_byte,
	};

	pthread_mutex_lock(&s->lock);
	where.at_ns = time_of(s, incident->now_ns);
	where.reading_back = s->reading_back;
	find_attempt(s, incident->barcode, &where);
	for (size_t i = 0; i < s->scenario->faults_count; i++)
		if (is_fault(s, i, incident, &moves))
			add(s, i, &where, incident->barcode);
	pthread_mutex_unlock(&s->lock);
}

void strikes_watch(struct strikes *s, struct library *library,
    bool reading_back)
{
	s->reading_back = reading_back;
	library_observe(library, observe, s);
}

bool strikes_have_gaps(const struct strikes *s)
{
	return s->gaps;
}
