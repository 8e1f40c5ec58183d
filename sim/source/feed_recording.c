/* feed_recording.c: see feed_recording.h. */
#include "sim/source/feed_recording.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "sim/source/feed_trace.h"
#include "splitter/base/grow.h"

void feed_recording_init(struct feed_recording *r, int64_t resolution_ns,
    size_t rows_max)
{
	*r = (struct feed_recording){ .resolution_ns = resolution_ns,
		.rows_max = rows_max };
}

/* Returns whether intervals without bytes come before interval `i`. */
static bool has_gap(const struct feed_recording *r, size_t i)
{
	uint64_t after = i == 0 ? 0 : r->list[i - 1].number + 1;

	return r->list[i].number > after;
}

/* Makes one interval of two. */
static void halve(struct feed_recording *r)
{
	struct feed_recording_interval *to = r->list;
	size_t count = 0;

	r->resolution_ns *= 2;
	for (size_t i = 0; i < r->count; i++) {
		uint64_t number = r->list[i].number / 2;

		if (count > 0 && to[count - 1].number == number) {
			to[count - 1].bytes += r->list[i].bytes;
			continue;
		}
		to[count].bytes = r->list[i].bytes;
		to[count++].number = number;
	}
	r->count = count;
	r->gaps = 0;
	for (size_t i = 0; i < count; i++)
		r->gaps += has_gap(r, i);
}

/* Appends an interval.  Returns false if there is no room for it. */
static bool append(struct feed_recording *r, uint64_t number, uint64_t bytes)
{
	struct feed_recording_interval *grown;

	if (r->count + r->gaps + 2 > r->rows_max)
		return false;
	grown = grow_by_one(r->list, r->count, sizeof *grown);
	if (grown == NULL)
		return false;
	r->list = grown;
	grown[r->count].number = number;
	grown[r->count++].bytes = bytes;
	r->gaps += has_gap(r, r->count - 1);
	return true;
}

void feed_recording_add(struct feed_recording *r, int64_t now_ns,
    uint64_t bytes)
{
	uint64_t number = (uint64_t)(now_ns / r->resolution_ns);

	r->last_ns = now_ns;
	r->bytes += bytes;
	while (r->count == 0 || r->list[r->count - 1].number != number) {
		if (append(r, number, bytes))
			return;
		/* Without memory for one interval, nothing is recorded. */
		if (r->count == 0)
			return;
		halve(r);
		number = (uint64_t)(now_ns / r->resolution_ns);
	}
	r->list[r->count - 1].bytes += bytes;
}

void feed_recording_print(const struct feed_recording *r, FILE *to)
{
	uint64_t ns = (uint64_t)r->resolution_ns;

	fputs(FEED_TRACE_HEADER "\n", to);
	for (size_t i = 0; i < r->count; i++) {
		const struct feed_recording_interval *one = &r->list[i];
		uint64_t end = (one->number + 1) * ns;

		if (has_gap(r, i))
			fprintf(to, "%" PRIu64 "\t0\n", one->number * ns);
		if (i + 1 == r->count)
			end = (uint64_t)r->last_ns;
		fprintf(to, "%" PRIu64 "\t%" PRIu64 "\n", end, one->bytes);
	}
}

void feed_recording_clear(struct feed_recording *r)
{
	free(r->list);
}
