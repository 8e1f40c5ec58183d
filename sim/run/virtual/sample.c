/* sample.c: what is measured of a stream: sums, and samples in between. */
#include "sim/run/virtual/impl.h"

/* Returns the bytes in the buffer for which no write has begun. */
static uint64_t fill(const struct stream *s)
{
	uint64_t bytes = s->core.accepted - s->core.consumed;

	return s->out ? bytes - sums_new_bytes(&s->step, s->core.consumed)
		      : bytes;
}

void stream_update_fill(struct stream *s)
{
	sums_fill(s->sums, s->now_ns, fill(s));
}

/*
 * Returns the bytes of the piece under way that the producer has at `at_ns`,
 * and that are not yet accepted.
 */
static uint64_t held(const struct stream *s, int64_t at_ns)
{
	if (s->producing == BLOCKED)
		return s->brought;
	return s->producing == BRINGING
	    ? sums_share(s->brought, s->arriving_ns, s->ready_ns, at_ns)
	    : 0;
}

struct series_sample stream_sample_at(const struct stream *s, int64_t at_ns)
{
	const struct sums *sums = s->sums;
	struct series_sample m = {
		.feed_bytes =
		    sums->fed_before_bytes + s->core.accepted + held(s, at_ns),
		.tape_bytes = sums->tape_bytes,
		.feed_ns = sums->feed_ns,
		.write_ns = sums->step_ns[CORE_WRITE],
		.fill_bytes = sums->fill_bytes,
		.fill_byte_ns = sums->fill_byte_ns +
		    (series_area)sums->fill_bytes *
			(uint64_t)(at_ns - sums->fill_since_ns),
		.writing = s->out && s->step.kind == CORE_WRITE,
		.ended = s->producing == ENDED,
		.in_part = core_in_part(&s->core),
	};

	if (sums->usage != NULL)
		m.drive = usage_of_dump(sums->usage, sums->dump, at_ns);

	if (s->begun && s->producing == BRINGING)
		m.feed_ns += at_ns - s->bringing_ns;
	if (m.writing) {
		m.tape_bytes +=
		    sums_share(s->result.bytes, s->begun_ns, s->done_ns, at_ns);
		m.write_ns += at_ns - s->begun_ns;
	}
	return m;
}

void stream_take_samples(struct stream *s, int64_t now_ns)
{
	struct series *series = s->sums->series;
	struct series_sample m;

	while (series != NULL && series_next_ns(series) <= now_ns) {
		m = stream_sample_at(s, series_next_ns(series));
		series_add(series, &m);
	}
}

void stream_report_step(const struct stream *s)
{
	const struct dump_run_config *t = &s->config.dump_run;
	const struct dump_sample m = {
		.now_ns = s->now_ns,
		.accepted_bytes = s->core.accepted,
		.waiting_bytes = s->core.accepted - s->core.consumed,
		.step = &s->step,
		.result = &s->result,
		.begun_ns = s->begun_ns,
	};

	if (t->sample != NULL)
		t->sample(t->sample_arg, &m);
}
