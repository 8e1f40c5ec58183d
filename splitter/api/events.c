/* events.c: calls the events of the program, and its policy. */
#include <string.h>

#include "splitter/api/impl.h"

/* Comes before the policy, which waits for the program in handoff mode. */
static void on_attempt(void *arg, const struct writer_attempt *a)
{
	struct splitter *s = arg;
	const struct core_report *r = &a->report;

	s->attempt = (struct splitter_attempt){
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
	handoff_attempt(&s->handoff, r);
	if (s->config.attempt_done != NULL)
		s->config.attempt_done(s->config.arg, &s->attempt);
}

static enum splitter_decision ask_policy(void *arg,
    const struct core_report *report)
{
	struct splitter *s = arg;
	enum splitter_decision decision;

	if (s->config.library == NULL)
		return handoff_policy(&s->handoff, report);
	if (s->config.policy == NULL)
		return policy_default(NULL, report);
	decision = s->config.policy(s->config.arg, &s->attempt);
	return decision == SPLITTER_CONTINUE || decision == SPLITTER_RETRY
	    ? decision
	    : SPLITTER_GIVE_UP;
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
		.errors = v->errors != NULL ? v->errors : "",
	};
}

static void before_label(void *arg, const struct writer_volume *v)
{
	struct splitter *s = arg;
	struct splitter_volume volume = volume_of(v);

	if (s->config.before_label != NULL)
		s->config.before_label(s->config.arg, &volume);
}

static void before_header(void *arg, const struct writer_volume *v,
    const struct writer_attempt *a)
{
	struct splitter *s = arg;
	struct splitter_volume volume = volume_of(v);
	const struct splitter_attempt attempt = {
		.part = a->report.part,
		.attempt = a->report.attempt,
		.offset_bytes = a->report.offset,
		.volume = a->volume,
		.file = a->file,
		.begun_ns = a->begun_ns,
		.xxh128 = "",
		.message = "",
	};

	if (s->config.before_header != NULL)
		s->config.before_header(s->config.arg, &volume, &attempt);
}

static void on_lost(void *arg, const struct part_row *row, bool gone)
{
	struct splitter *s = arg;
	struct splitter_part part;

	splitter_fill_part(row, &part);
	if (s->config.part_lost != NULL)
		s->config.part_lost(s->config.arg, &part, gone);
}

static void on_loaded(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct splitter *s = arg;
	struct splitter_volume volume = volume_of(v);

	if (s->config.volume_loaded != NULL)
		s->config.volume_loaded(s->config.arg, &volume, at_ns);
}

static void on_closed(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct splitter *s = arg;
	struct splitter_volume volume = volume_of(v);

	if (s->config.volume_closed != NULL)
		s->config.volume_closed(s->config.arg, &volume, at_ns);
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	struct splitter *s = arg;

	if (s->config.warning != NULL)
		s->config.warning(s->config.arg, message, at_ns);
}

static void on_raw(void *arg, const struct writer_volume *v, bool unloading,
    bool attribute, uint16_t code, const void *data, size_t bytes)
{
	struct splitter *s = arg;
	struct splitter_volume volume = volume_of(v);

	s->config.raw(s->config.arg, &volume, unloading, attribute, code, data,
	    bytes);
}

static void on_ended(void *arg)
{
	struct splitter *s = arg;

	handoff_end(&s->handoff);
	splitter_wake_feed(s);
	if (s->config.ended != NULL)
		s->config.ended(s->config.arg);
}

void splitter_set_events(struct splitter *s, struct dump_run_config *t)
{
	t->writer.policy = ask_policy;
	t->writer.policy_arg = s;
	t->writer.events = (struct writer_events){
		.arg = s,
		.labelling = before_label,
		.beginning = before_header,
		.lost = on_lost,
		.attempt = on_attempt,
		.loaded = on_loaded,
		.closed = on_closed,
		.warning = on_warning,
		.raw = s->config.raw != NULL ? on_raw : NULL,
	};
	t->ended = on_ended;
	t->ended_arg = s;
}

void splitter_set_summary(struct splitter *s)
{
	const struct dump_run_outcome *o = &s->ended_as;

	s->outcome = (struct splitter_summary){
		.outcome = o->outcome,
		.cause = o->cause,
		.sealed = o->sealed,
		.safe_bytes = o->safe_bytes,
		.accepted_bytes = o->accepted_bytes,
		.parts = parts_count(s->parts),
		.block_refused = o->block_refused,
		.memory_bytes = o->ring_bytes,
		.duration_ns = o->duration_ns,
		.producer_blocked_ns = o->producer_blocked_ns,
		.drive_starved_ns = o->drive_starved_ns,
		.underruns = o->underruns,
		.cache_failures = o->cache_failures,
		.xxh128 = o->xxh128,
		.message = o->message,
		.cache_message = o->cache_message,
	};
}
