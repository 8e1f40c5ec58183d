/* feed.c: plays the segments of a feed; see feed.h. */
#include "sim/source/feed.h"

#include <assert.h>

#include "sim/source/feed_impl.h"
#include "sim/source/feed_trace.h"
#include "splitter/base/later.h"

/* The grain of blocks that are multiples of it. */
enum { GRAIN_BYTES = 65536 };
#define MOST_NS LATER_MOST_NS

static void draw_unlimited(struct feed *f, struct feed_segment *s)
{
	(void)f;
	s->bytes = UINT64_MAX;
	s->per_bytes = 1;
}

static void (*const draws[])(struct feed *, struct feed_segment *) = {
	[FEED_UNLIMITED] = draw_unlimited,
	[FEED_RATES] = feed_draw_rates,
	[FEED_BURSTS] = feed_draw_bursts,
	[FEED_FILES] = feed_draw_files,
	[FEED_NETWORK] = feed_draw_network,
	[FEED_TRACE] = feed_draw_trace,
};

void feed_init(struct feed *f, const struct feed_config *config,
    uint64_t block_bytes)
{
	assert(block_bytes > 0);
	*f = (struct feed){
		.config = *config,
		.grain_bytes =
		    block_bytes % GRAIN_BYTES == 0 ? GRAIN_BYTES : block_bytes,
		.segment.length_ns = config->start_ns,
	};
}

static void next_segment(struct feed *f)
{
	f->segment_ns = later_add(f->segment_ns, f->segment.length_ns);
	f->segment = (struct feed_segment){ .per_bytes = 1 };
	draws[f->config.kind](f, &f->segment);
	assert(f->segment.bytes > 0 || f->segment.length_ns > 0);
	f->segments++;
	f->taken = 0;
}

/* Returns the mean rate of a trace, or the lowest rate of another feed. */
static uint64_t slow_bytes_per_s(const struct feed_config *c)
{
	const struct feed_trace *t = c->trace;
	feed_wide ns;

	if (c->kind != FEED_TRACE)
		return c->rate_bytes_per_s.min;
	ns = (feed_wide)(uint64_t)t->rows[t->count - 1].time_ns * c->stretch;
	if (ns == 0)
		return UINT64_MAX;
	ns = (feed_wide)t->bytes * FEED_SECOND_NS * 100000000 / ns;
	return ns > UINT64_MAX ? UINT64_MAX : (uint64_t)ns;
}

uint64_t feed_piece(const struct feed *f, uint64_t most_bytes)
{
	uint64_t bytes;

	if (f->config.kind == FEED_UNLIMITED)
		return most_bytes;
	bytes = slow_bytes_per_s(&f->config) / 100;
	if (bytes > most_bytes)
		return most_bytes;
	return bytes > 0 ? bytes : 1;
}

int64_t feed_take(struct feed *f, uint64_t bytes)
{
	int64_t begun_ns = f->spent_ns;
	uint64_t n;

	while (bytes > 0 && f->spent_ns < MOST_NS) {
		n = f->segment.bytes - f->taken;
		if (n == 0) {
			next_segment(f);
			f->spent_ns = f->segment_ns;
			continue;
		}
		if (n > bytes)
			n = bytes;
		f->taken += n;
		bytes -= n;
		f->spent_ns = later_add(f->segment_ns,
		    later_add(f->segment.pause_ns,
			feed_segment_ns(&f->segment, f->taken)));
	}
	return f->spent_ns - begun_ns;
}

uint64_t feed_steady(const struct feed *f, uint64_t piece_bytes,
    int64_t *each_ns)
{
	const struct feed_segment *s = &f->segment;
	feed_wide ns = (feed_wide)piece_bytes * s->per_ns;

	if (f->late || f->taken == 0 || f->spent_ns == MOST_NS ||
	    ns % s->per_bytes != 0 || ns / s->per_bytes > (feed_wide)MOST_NS)
		return 0;
	*each_ns = (int64_t)(ns / s->per_bytes);
	return (s->bytes - f->taken) / piece_bytes;
}

void feed_skip(struct feed *f, uint64_t pieces, uint64_t piece_bytes,
    int64_t each_ns)
{
	f->taken += pieces * piece_bytes;
	f->spent_ns += (int64_t)pieces * each_ns;
	if (f->config.open)
		f->due_ns += (int64_t)pieces * each_ns;
}

int64_t feed_ready(struct feed *f, uint64_t bytes, int64_t now_ns,
    int64_t pause_ns)
{
	int64_t take_ns = later_add(pause_ns, feed_take(f, bytes));

	if (!f->config.open)
		return later_add(now_ns, take_ns);
	if (!f->begun)
		f->due_ns = now_ns;
	f->begun = true;
	f->due_ns = later_add(f->due_ns, take_ns);
	f->late = f->due_ns < now_ns;
	return f->late ? now_ns : f->due_ns;
}

void feed_accepted(struct feed *f, uint64_t bytes, int64_t now_ns)
{
	int64_t late_ns = now_ns - f->due_ns;

	f->accepted_bytes += bytes;
	if (!f->config.open || late_ns <= 0)
		return;
	if (late_ns > f->late_max_ns)
		f->late_max_ns = late_ns;
	f->late_byte_ns += (feed_wide)(uint64_t)late_ns * bytes;
}

int64_t feed_late_mean_ns(const struct feed *f)
{
	return f->accepted_bytes == 0
	    ? 0
	    : (int64_t)(f->late_byte_ns / f->accepted_bytes);
}
