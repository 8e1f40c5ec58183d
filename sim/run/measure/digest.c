/* digest.c: see digest.h.  Members are added one by one: structs have gaps. */
#include "sim/run/measure/digest.h"

#include <string.h>

#include <xxhash.h>

struct digest {
	XXH3_state_t *state;
};

static void add_text(struct digest *d, const char *text)
{
	if (text == NULL)
		text = "";
	XXH3_128bits_update(d->state, text, strlen(text) + 1);
}

#define ADD(d, value) XXH3_128bits_update((d)->state, &(value), sizeof(value))

static void add_sample(struct digest *d, const struct series_sample *s)
{
	ADD(d, s->feed_bytes);
	ADD(d, s->tape_bytes);
	ADD(d, s->feed_ns);
	ADD(d, s->write_ns);
	ADD(d, s->fill_bytes);
	ADD(d, s->fill_byte_ns);
	ADD(d, s->writing);
	ADD(d, s->ended);
	ADD(d, s->in_part);
	ADD(d, s->drive);
}

static void add_series(struct digest *d, const struct series *series)
{
	ADD(d, series->step_ns);
	ADD(d, series->end_ns);
	for (size_t i = 0; i < series->count; i++)
		add_sample(d, &series->sample[i]);
	if (series->end_ns >= 0)
		add_sample(d, &series->end);
}

static void add_metrics(struct digest *d, const struct results_metric *m,
    size_t count)
{
	for (size_t i = 0; i < count; i++, m++) {
		add_text(d, m->name);
		ADD(d, m->kind);
		add_text(d, m->text);
		ADD(d, m->number);
		ADD(d, m->real);
	}
}

static void add_attempts(struct digest *d, const struct results_dump *dump)
{
	const struct results_attempt *a = dump->attempts;

	for (size_t i = 0; i < dump->attempts_count; i++, a++) {
		ADD(d, a->part);
		ADD(d, a->attempt);
		add_text(d, a->volume);
		ADD(d, a->file);
		ADD(d, a->offset_bytes);
		ADD(d, a->bytes);
		add_text(d, a->end);
		add_text(d, a->cause);
		ADD(d, a->committed);
		ADD(d, a->seconds);
	}
}

static void add_dump(struct digest *d, const struct results_dump *dump)
{
	add_text(d, dump->name);
	add_text(d, dump->outcome);
	add_text(d, dump->reason);
	ADD(d, dump->safe_bytes);
	ADD(d, dump->begun_ns);
	ADD(d, dump->ended_ns);
	add_attempts(d, dump);
	for (size_t i = 0; i < dump->volumes_count; i++) {
		const struct results_volume *v = &dump->volumes[i];

		add_text(d, v->barcode);
		ADD(d, v->written_bytes);
		add_text(d, v->closed);
		add_text(d, v->reason);
	}
	for (size_t i = 0; i < dump->marks_count; i++) {
		ADD(d, dump->marks[i].kind);
		ADD(d, dump->marks[i].at_ns);
		add_text(d, dump->marks[i].label);
	}
	add_metrics(d, dump->metrics, dump->metrics_count);
	add_series(d, &dump->series);
}

static void add_fault(struct digest *d, const struct results_fault *fault)
{
	ADD(d, fault->strikes);
	for (size_t i = 0; i < fault->places_count; i++) {
		const struct results_strike *p = &fault->places[i];

		ADD(d, p->at_ns);
		ADD(d, p->dump);
		ADD(d, p->attempt);
		add_text(d, p->volume);
		ADD(d, p->drive);
		ADD(d, p->medium_byte);
		ADD(d, p->dump_byte);
	}
}

int digest_results(const struct results_scenario *results, uint64_t digest[2])
{
	struct digest d = { .state = XXH3_createState() };
	XXH128_hash_t h;

	if (d.state == NULL)
		return -1;
	XXH3_128bits_reset(d.state);
	XXH3_128bits_update(d.state, digest, 2 * sizeof *digest);
	add_text(&d, results->outcome);
	add_text(&d, results->problem);
	ADD(&d, results->status);
	ADD(&d, results->duration_ns);
	for (size_t i = 0; i < results->dumps_count; i++)
		add_dump(&d, &results->dumps[i]);
	for (size_t i = 0; i < results->faults_count; i++)
		add_fault(&d, &results->faults[i]);
	add_metrics(&d, results->metrics, results->metrics_count);
	h = XXH3_128bits_digest(d.state);
	XXH3_freeState(d.state);
	digest[0] = h.low64;
	digest[1] = h.high64;
	return 0;
}
