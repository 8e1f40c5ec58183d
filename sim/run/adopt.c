/* adopt.c: see adopt.h. */
#include "sim/run/adopt.h"

#include <string.h>

/* Returns whether events are still received. */
static bool lives(const struct adopted *a)
{
	/* This may be the thread of the tape. */
	report_receive(a->receiver.receive, a->receiver.arg);
	return a->killed == NULL || !a->killed(a->killed_arg);
}

static struct splitter_volume volume_of(const struct writer_volume *v)
{
	return (struct splitter_volume){
		.barcode = v->barcode,
		.label = v->was,
		.sequence = v->sequence,
		.close = v->close,
		.labelled = v->labelled,
		.appended = v->appended,
		.leom = v->leom,
		.message = v->message,
		.before = v->before,
		.after = v->after,
		.errors = v->errors,
	};
}

static struct splitter_attempt attempt_of(const struct writer_attempt *a)
{
	const struct core_report *r = &a->report;

	return (struct splitter_attempt){
		.part = r->part,
		.attempt = r->attempt,
		.offset_bytes = r->offset,
		.bytes = r->bytes,
		.end = r->end,
		.cause = r->cause,
		.committed = r->committed,
		.last = r->last,
		.can_retry = r->can_retry,
		.failed_volumes = r->failed_volumes,
		.volume = a->volume,
		.file = a->file,
		.begun_ns = a->begun_ns,
		.ended_ns = a->ended_ns,
		.xxh128 = a->xxh128,
		.message = a->message,
	};
}

static void fill_part(const struct part_row *row, struct splitter_part *part)
{
	*part = (struct splitter_part){
		.part = row->part,
		.attempt = row->attempt,
		.offset_bytes = row->offset_bytes,
		.bytes = row->bytes,
		.file = row->file,
	};
	memcpy(part->volume, row->volume, sizeof part->volume);
	memcpy(part->xxh128, row->xxh128, sizeof part->xxh128);
}

static void on_labelling(void *arg, const struct writer_volume *v)
{
	struct adopted *a = arg;
	struct splitter_volume volume = volume_of(v);

	if (!lives(a))
		return;
	if (a->executor.labelling != NULL)
		a->executor.labelling(a->executor.arg, v);
	a->config->before_label(a->config->arg, &volume);
}

static void on_beginning(void *arg, const struct writer_volume *v,
    const struct writer_attempt *w)
{
	struct adopted *a = arg;
	struct splitter_volume volume = volume_of(v);
	struct splitter_attempt attempt = attempt_of(w);

	if (!lives(a))
		return;
	attempt.xxh128 = attempt.message = "";
	if (a->executor.beginning != NULL)
		a->executor.beginning(a->executor.arg, v, w);
	a->config->before_header(a->config->arg, &volume, &attempt);
}

static void on_attempt(void *arg, const struct writer_attempt *w)
{
	struct adopted *a = arg;
	struct splitter_attempt attempt = attempt_of(w);

	if (!lives(a))
		return;
	if (attempt.committed)
		a->safe_bytes = attempt.offset_bytes + attempt.bytes;
	a->executor.attempt(a->executor.arg, w);
	a->config->attempt_done(a->config->arg, &attempt);
}

static void on_loaded(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct adopted *a = arg;
	struct splitter_volume volume = volume_of(v);

	if (!lives(a))
		return;
	a->executor.loaded(a->executor.arg, v, at_ns);
	a->config->volume_loaded(a->config->arg, &volume, at_ns);
}

static void on_closed(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct adopted *a = arg;
	struct splitter_volume volume = volume_of(v);

	if (!lives(a))
		return;
	a->executor.closed(a->executor.arg, v, at_ns);
	a->config->volume_closed(a->config->arg, &volume, at_ns);
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	struct adopted *a = arg;

	if (!lives(a))
		return;
	a->executor.warning(a->executor.arg, message, at_ns);
	a->config->warning(a->config->arg, message, at_ns);
}

static void on_lost(void *arg, const struct part_row *row, bool gone)
{
	struct adopted *a = arg;
	struct splitter_part part;

	if (!lives(a))
		return;
	fill_part(row, &part);
	if (part.offset_bytes < a->safe_bytes)
		a->safe_bytes = part.offset_bytes;
	a->executor.lost(a->executor.arg, row, gone);
	a->config->part_lost(a->config->arg, &part, gone);
}

/* Adds the parts that are safe already. */
static int add_parts(struct adopted *a)
{
	const struct splitter_config *c = a->config;
	struct part_row row;

	for (size_t i = 0; i < c->resume_count; i++) {
		const struct splitter_part *p = &c->resume[i];

		row = (struct part_row){ .part = p->part,
			.attempt = p->attempt,
			.file = p->file,
			.offset_bytes = p->offset_bytes,
			.bytes = p->bytes };
		memcpy(row.volume, p->volume, sizeof row.volume);
		memcpy(row.xxh128, p->xxh128, sizeof row.xxh128);
		if (parts_add(a->parts, &row) != 0)
			return -1;
	}
	return 0;
}

int adopt_config(struct adopted *a, struct dump_run_config *to)
{
	const struct splitter_config *c = a->config;
	struct writer_config *w = &to->writer;

	a->parts = parts_new();
	if (a->parts == NULL || add_parts(a) != 0)
		return -1;
	a->safe_bytes = parts_end_bytes(a->parts);
	to->core.start_parts = parts_count(a->parts);
	to->core.start_bytes = parts_end_bytes(a->parts);
	to->core.start_attempts = c->resume_next_attempt;
	to->core.later_attempts = c->resume_later_attempt;
	w->dump = c->dump;
	w->dump_id = c->dump_id;
	w->begun = c->begun;
	w->volume_policy = (struct volume_policy_rules){
		.label_blank = c->label_blank,
		.append = { c->append, c->append_count },
		.overwrite = { c->overwrite, c->overwrite_count },
		.format = c->format,
		.test = c->test,
	};
	w->parts = a->parts;
	w->whole = (const struct sum *)c->resume_digest;
	w->volumes_before = c->resume_volumes;
	a->executor = w->events;
	w->events = (struct writer_events){
		.arg = a,
		.labelling = on_labelling,
		.beginning = on_beginning,
		.attempt = on_attempt,
		.loaded = on_loaded,
		.closed = on_closed,
		.warning = on_warning,
		.lost = on_lost,
	};
	return 0;
}

void adopt_clear(struct adopted *a)
{
	parts_free(a->parts);
	a->parts = NULL;
}

int adopt_parts(const struct adopted *a, struct part_list *list)
{
	struct splitter_part part;
	struct part_row row;

	list->count = 0;
	for (size_t i = 0; i < parts_count(a->parts); i++) {
		parts_get(a->parts, i, &row);
		fill_part(&row, &part);
		if (part_list_add(list, &part) != 0)
			return -1;
	}
	return 0;
}
