/* recorder.c: records the course of a dump. */
#include "sim/run/measure/readings.h"
#include "sim/run/measure/recorder.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "reports/units.h"
#include "splitter/base/grow.h"
#include "splitter/base/text.h"

struct recorder {
	struct results_dump *results;
	struct recorder_totals totals;
	struct sums sums;
	bool keeps_sums;
	bool in_part;
	struct strikes *strikes;     /* NULL: not used */
	size_t dump;                 /* of the scenario, for the strikes */
	uint64_t drive;              /* of the loaded volume, from 1 */
	struct restoring *restoring; /* NULL: no library is watched */
	XXH3_state_t *digest;
	/* Real time: start of this run, which reports its own time. */
	int64_t origin_ns;
	int64_t feed_before_ns; /* feed_ns of the sums before this run */
	size_t first_attempt;   /* of this run */
	int64_t last_ns;
	uint64_t last_accepted, last_consumed;
	const char *folder; /* folder to remove from messages; or NULL */
	const char *show;   /* shows the progress of this dump; NULL: no */
};

struct recorder *recorder_new(struct results_dump *results, uint64_t size_bytes)
{
	struct recorder *r = calloc(1, sizeof *r);

	if (r == NULL)
		return NULL;
	r->results = results;
	r->digest = XXH3_createState();
	if (r->digest == NULL) {
		free(r);
		return NULL;
	}
	XXH3_128bits_reset(r->digest);
	sums_init(&r->sums, &results->series, size_bytes);
	return r;
}

void recorder_free(struct recorder *r)
{
	if (r == NULL)
		return;
	XXH3_freeState(r->digest);
	restoring_free(r->restoring);
	free(r);
}

/*
 * Appends a zeroed element to an array of the results.  Returns it, or NULL
 * without memory.
 */
static void *append(struct recorder *r, void *array, size_t *count,
    size_t bytes)
{
	void *old, *grown;

	memcpy(&old, array, sizeof old);
	grown = grow_by_one(old, *count, bytes);
	if (grown == NULL) {
		r->totals.out_of_memory = true;
		return NULL;
	}
	memcpy(array, &grown, sizeof grown);
	return memset((char *)grown + (*count)++ * bytes, 0, bytes);
}

#define APPEND(r, member)                                               \
	append(r, &(r)->results->member, &(r)->results->member##_count, \
	    sizeof *(r)->results->member)

static char *copy(struct recorder *r, const char *text)
{
	char *own = strdup(text);

	if (own == NULL)
		r->totals.out_of_memory = true;
	return own;
}

static void digest(struct recorder *r, const char *what,
    const uint64_t *numbers, size_t count)
{
	XXH3_128bits_update(r->digest, what, strlen(what) + 1);
	XXH3_128bits_update(r->digest, numbers, count * sizeof *numbers);
}

/* Returns a copy of the message without the path of the temporary folder. */
static char *without_folder(struct recorder *r, const char *message)
{
	char text[TAPE_MESSAGE_BYTES];

	if (r->folder == NULL)
		return copy(r, message);
	text_without(message, r->folder, text, sizeof text);
	return copy(r, text);
}

static void mark(struct recorder *r, enum results_mark_kind kind, int64_t at_ns,
    const char *label)
{
	struct results_mark *m = APPEND(r, marks);

	if (m == NULL)
		return;
	m->kind = kind;
	m->at_ns = at_ns;
	m->label = without_folder(r, label);
}

/*
 * Takes the samples that are due in the time from the last report to the step
 * that ends now.
 */
static void take_samples(struct recorder *r, const struct dump_sample *m)
{
	const struct sums *sums = &r->sums;
	bool write = m->step->kind == CORE_WRITE;
	int64_t at_ns;

	while ((at_ns = series_next_ns(sums->series)) <= m->now_ns) {
		bool during = at_ns > m->begun_ns;
		struct series_sample to = {
			.feed_bytes = sums->fed_before_bytes +
			    r->last_accepted +
			    sums_share(m->accepted_bytes - r->last_accepted,
				r->last_ns, m->now_ns, at_ns),
			.tape_bytes = sums->tape_bytes,
			.feed_ns = at_ns - r->origin_ns + r->feed_before_ns,
			.write_ns = sums->step_ns[CORE_WRITE],
			.fill_bytes = sums->fill_bytes,
			.fill_byte_ns = sums->fill_byte_ns,
			.writing = write && during,
			.in_part = r->in_part,
		};

		if (at_ns > sums->fill_since_ns)
			to.fill_byte_ns += (series_area)sums->fill_bytes *
			    (uint64_t)(at_ns - sums->fill_since_ns);
		if (to.writing) {
			to.tape_bytes += sums_share(m->result->bytes,
			    m->begun_ns, m->now_ns, at_ns);
			to.write_ns += at_ns - m->begun_ns;
		}
		if (sums->usage != NULL)
			to.drive =
			    usage_of_dump(sums->usage, sums->dump, m->now_ns);
		series_add(sums->series, &to);
	}
}

/* Keeps the sums from the report of a step. */
static void keep_sums(struct recorder *r, const struct dump_sample *m)
{
	uint64_t begun = sums_new_bytes(m->step, r->last_consumed);
	uint64_t fill = r->sums.fill_bytes;

	sums_fill(&r->sums, m->begun_ns, fill > begun ? fill - begun : 0);
	take_samples(r, m);
	if (m->accepted_bytes > r->last_accepted)
		r->sums.feed_ns = m->now_ns - r->origin_ns + r->feed_before_ns;
	r->sums.step_ns[CORE_NOTHING] += m->begun_ns - r->last_ns;
	sums_step(&r->sums, m->step, m->result, m->begun_ns, m->now_ns);
	sums_fill(&r->sums, m->now_ns, m->waiting_bytes);
}

static void on_sample(void *arg, const struct dump_sample *reported)
{
	struct recorder *r = arg;
	struct dump_sample sample = *reported;
	const struct dump_sample *m = &sample;

	sample.now_ns += r->origin_ns;
	sample.begun_ns += r->origin_ns;
	if (r->keeps_sums)
		keep_sums(r, m);
	r->last_ns = m->now_ns;
	r->last_accepted = m->accepted_bytes;
	r->last_consumed = m->accepted_bytes - m->waiting_bytes;
	/* Writes that succeed may be leapt over: see leap.c. */
	if (m->step->kind != CORE_WRITE || m->result->cause != TAPE_OK ||
	    m->result->leom)
		digest(r, core_kind_name(m->step->kind),
		    (const uint64_t[]){ (uint64_t)m->begun_ns,
			(uint64_t)m->now_ns, m->step->offset, m->step->bytes,
			m->result->bytes, m->result->cause, m->result->leom,
			m->accepted_bytes },
		    8);
}

static void on_attempt(void *arg, const struct writer_attempt *a)
{
	struct recorder *r = arg;
	const struct core_report *report = &a->report;
	struct results_attempt *to = APPEND(r, attempts);
	int64_t at_ns = r->origin_ns + a->ended_ns;
	char label[96];

	r->in_part = false;
	strikes_end_attempt(r->strikes, r->dump);
	r->totals.parts_committed += report->committed;
	r->totals.attempts_failed += !report->committed;
	if (!report->committed)
		r->totals.failed_bytes += report->bytes;
	r->totals.parts_cut += report->end == SPLITTER_END_CUT;
	if (report->committed && r->restoring != NULL &&
	    restoring_commit(r->restoring, report->part, report->bytes) != 0)
		r->totals.out_of_memory = true;
	if (to == NULL)
		return;
	to->part = report->part;
	to->attempt = report->attempt;
	to->volume = copy(r, a->volume);
	to->drive = r->drive;
	to->file = a->file;
	to->offset_bytes = report->offset;
	to->bytes = report->bytes;
	to->end = copy(r, splitter_end_name(report->end));
	to->cause = copy(r,
	    report->cause == TAPE_OK ? "" : tape_cause_name(report->cause));
	to->message = without_folder(r, report->committed ? "" : a->message);
	to->committed = report->committed;
	to->begun_ns = r->origin_ns + a->begun_ns;
	to->ended_ns = at_ns;
	to->seconds = (double)(a->ended_ns - a->begun_ns) / 1e9;
	if (report->committed)
		snprintf(label, sizeof label, "part %" PRIu64, report->part);
	else
		snprintf(label, sizeof label, "part %" PRIu64 " failed: %s",
		    report->part, tape_cause_name(report->cause));
	/* Only the message says which slice failed, and where. */
	if (report->cause == TAPE_CACHE_ERROR)
		mark(r, RESULTS_MARK_FAULT, at_ns, a->message);
	mark(r, report->committed ? RESULTS_MARK_PART : RESULTS_MARK_FAULT,
	    at_ns, label);
	digest(r, to->end != NULL ? to->end : "",
	    (const uint64_t[]){ report->part, report->attempt, a->file,
		report->offset, report->bytes, report->cause,
		(uint64_t)a->begun_ns, (uint64_t)a->ended_ns },
	    8);
	if (r->show != NULL) {
		char size[UNITS_BYTES];

		units_size_exact(size, report->bytes);
		fprintf(stderr,
		    "%8.1f s  %s%spart %" PRIu64 " attempt %" PRIu64
		    "  %s file %" PRIu64 "  %s  %s %s\n",
		    (double)at_ns / 1e9, r->show,
		    r->show[0] != '\0' ? "  " : "", report->part,
		    report->attempt, a->volume, a->file, size,
		    splitter_end_name(report->end),
		    tape_cause_name(report->cause));
	}
}

/* Marks an attempt as failed: its committed part is not safe any more. */
static void on_lost(void *arg, const struct part_row *row, bool gone)
{
	struct recorder *r = arg;
	char label[96];
	size_t i;

	(void)gone;
	snprintf(label, sizeof label, "part %" PRIu64 " is not safe any more",
	    row->part);
	for (i = r->first_attempt; i < r->results->attempts_count; i++) {
		struct results_attempt *a = &r->results->attempts[i];

		if (!a->committed || a->part != row->part ||
		    a->attempt != row->attempt)
			continue;
		a->committed = false;
		free(a->end);
		free(a->cause);
		free(a->message);
		a->message = copy(r, label);
		a->end = copy(r, splitter_end_name(SPLITTER_END_FAILED));
		a->cause = copy(r, tape_cause_name(TAPE_POSITION_LOST));
		r->totals.parts_committed--;
		r->totals.attempts_failed++;
		r->totals.failed_bytes += a->bytes;
		if (r->restoring != NULL)
			restoring_lose(r->restoring, a->part);
	}
	mark(r, RESULTS_MARK_FAULT, r->last_ns, label);
}

static void on_loaded(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct recorder *r = arg;
	struct results_volume *to = APPEND(r, volumes);

	r->drive = (uint64_t)v->drive + 1;
	strikes_volume(r->strikes, r->dump, v->barcode);
	if (r->restoring != NULL)
		restoring_volume(r->restoring, v->drive);
	if (r->sums.usage != NULL)
		usage_loaded(r->sums.usage, r->sums.dump, v->drive);
	if (to == NULL)
		return;
	to->barcode = copy(r, v->barcode);
	to->drive = r->drive;
	to->loaded_ns = r->origin_ns + at_ns;
	to->closed = copy(r, "");
	to->reason = copy(r, "");
	mark(r, RESULTS_MARK_VOLUME, r->origin_ns + at_ns, v->barcode);
}

static void on_beginning(void *arg, const struct writer_volume *v,
    const struct writer_attempt *a)
{
	struct recorder *r = arg;

	(void)v;
	(void)a;
	r->in_part = true;
	strikes_attempt(r->strikes, r->dump, r->results->attempts_count + 1);
	if (r->restoring != NULL)
		restoring_begin(r->restoring);
}

static void on_closed(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct recorder *r = arg;
	struct results_volume *to;
	const char *reason = v->message;

	if (r->sums.usage != NULL)
		usage_unloaded(r->sums.usage, r->sums.dump, at_ns);
	strikes_attempt(r->strikes, r->dump, 0);
	strikes_volume(r->strikes, r->dump, "");
	r->totals.volumes_labelled += v->labelled;
	if (r->results->volumes_count == 0)
		return;
	to = &r->results->volumes[r->results->volumes_count - 1];
	if (reason[0] == '\0' && v->leom)
		reason = "the early warning was met";
	to->finished = v->leom || v->close == TAPE_CLOSE_FULL ||
	    v->close == TAPE_CLOSE_SUSPECT ||
	    v->close == TAPE_CLOSE_AVOID_DRIVE;
	free(to->closed);
	free(to->reason);
	to->closed = copy(r, tape_close_name(v->close));
	to->reason = copy(r, reason);
	if (readings_take(to, v->before, v->after, v->errors) != 0)
		r->totals.out_of_memory = true;
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	struct recorder *r = arg;
	struct results_warning *to = APPEND(r, warnings);

	at_ns += r->origin_ns;
	if (to != NULL) {
		to->at_ns = at_ns;
		to->text = without_folder(r, message);
	}
	mark(r, RESULTS_MARK_FAULT, at_ns, message);
	if (r->show != NULL)
		fprintf(stderr, "%8.1f s  %s%s%s\n", (double)at_ns / 1e9,
		    r->show, r->show[0] != '\0' ? "  " : "", message);
}

void recorder_attach(struct recorder *r, struct dump_run_config *config)
{
	config->sample = on_sample;
	config->sample_arg = r;
	config->writer.events = (struct writer_events){
		.arg = r,
		.attempt = on_attempt,
		.beginning = on_beginning,
		.loaded = on_loaded,
		.closed = on_closed,
		.warning = on_warning,
		.lost = on_lost,
	};
}

void recorder_show_progress(struct recorder *r, const char *dump)
{
	r->show = dump;
}

void recorder_hide_folder(struct recorder *r, const char *folder)
{
	r->folder = folder;
}

void recorder_set_strikes(struct recorder *r, struct strikes *strikes,
    size_t dump)
{
	r->strikes = strikes;
	r->dump = dump;
}

struct sums *recorder_sums(struct recorder *r)
{
	return &r->sums;
}

int recorder_watch(struct recorder *r, const struct recorder_drives *drives)
{
	struct series *series = r->sums.series;

	r->sums.usage = drives->usage;
	r->sums.dump = drives->dump;
	if (drives->usage != NULL) {
		series->has_drive = usage_has_motion(drives->usage);
		series->drive_buffer_bytes = usage_buffer_bytes(drives->usage);
		series->drives = (unsigned)usage_drives(drives->usage);
	}
	r->restoring = restoring_new(drives->library, drives->move_ns,
	    drives->block_bytes);
	return r->restoring == NULL ? -1 : 0;
}

const struct restoring *recorder_restoring(const struct recorder *r)
{
	return r->restoring;
}

void recorder_keep_sums(struct recorder *r)
{
	r->keeps_sums = true;
}

void recorder_begin_run(struct recorder *r)
{
	r->first_attempt = r->results->attempts_count;
	r->last_accepted = r->last_consumed = 0;
}

void recorder_set_origin(struct recorder *r, int64_t origin_ns)
{
	r->origin_ns = r->last_ns = origin_ns;
	r->feed_before_ns = r->sums.feed_ns;
}

void recorder_end_sums(struct recorder *r, const struct dump_run_outcome *o)
{
	struct sums *sums = &r->sums;
	int64_t end_ns = r->origin_ns + o->duration_ns;
	int64_t feed_ns = sums->feed_ns - r->feed_before_ns;

	sums_fill(sums, end_ns, sums->fill_bytes);
	sums->step_ns[CORE_NOTHING] += end_ns - r->last_ns;
	feed_ns = feed_ns > o->producer_blocked_ns
	    ? feed_ns - o->producer_blocked_ns
	    : 0;
	sums->feed_ns = r->feed_before_ns + feed_ns;
	sums->fed_before_bytes += o->accepted_bytes;
	r->last_ns = end_ns;
}

void recorder_end_series(struct recorder *r)
{
	const struct sums *sums = &r->sums;
	struct series_sample end = {
		.feed_bytes = sums->fed_before_bytes,
		.tape_bytes = sums->tape_bytes,
		.feed_ns = r->last_ns - r->origin_ns + r->feed_before_ns,
		.write_ns = sums->step_ns[CORE_WRITE],
		.fill_bytes = sums->fill_bytes,
		.fill_byte_ns = sums->fill_byte_ns,
		.ended = true,
	};

	if (sums->usage != NULL)
		end.drive = usage_of_dump(sums->usage, sums->dump, r->last_ns);
	series_end(sums->series, r->last_ns, &end);
}

void recorder_get_totals(const struct recorder *r,
    struct recorder_totals *totals)
{
	XXH128_hash_t h = XXH3_128bits_digest(r->digest);

	*totals = r->totals;
	totals->digest[0] = h.low64;
	totals->digest[1] = h.high64;
}
