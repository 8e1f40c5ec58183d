/* feed_replay.c: plays a trace, again and again. */
#include "sim/source/feed_impl.h"
#include "sim/source/feed_trace.h"
#include "splitter/base/later.h"

static int64_t stretched(const struct feed *f, int64_t time_ns)
{
	feed_wide ns =
	    (feed_wide)(uint64_t)time_ns * f->config.stretch / 100000000;

	return ns > (feed_wide)LATER_MOST_NS ? LATER_MOST_NS : (int64_t)ns;
}

/* A stretched row can lose all of its time; then the next one follows. */
void feed_draw_trace(struct feed *f, struct feed_segment *s)
{
	const struct feed_trace *t = f->config.trace;
	size_t row;

	do {
		row = (size_t)(f->segments++ % t->count);
		s->bytes = t->rows[row].bytes;
		s->length_ns = stretched(f, t->rows[row].time_ns) -
		    (row == 0 ? 0 : stretched(f, t->rows[row - 1].time_ns));
	} while (s->bytes == 0 && s->length_ns == 0);
	f->segments--; /* counted by the caller */
	if (s->bytes == 0)
		return;
	s->per_ns = (uint64_t)s->length_ns;
	s->per_bytes = s->bytes;
}
