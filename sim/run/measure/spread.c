/* spread.c: the percentiles of a series; see spread.h. */
#include "sim/run/measure/spread.h"

#include <stdlib.h>
#include <string.h>

/* A value, and its weight, which is at least 0. */
struct item {
	double value;
	double weight;
};

static int by_value(const void *a, const void *b)
{
	const struct item *x = a, *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

static double percentile(const struct item *items, size_t count, double share,
    double total)
{
	double passed = 0;
	size_t i;

	for (i = 0; i + 1 < count; i++) {
		passed += items[i].weight;
		if (passed >= share * total)
			break;
	}
	return items[i].value;
}

/* Sorts the items, and fills in the percentiles. */
static void spread_of(struct item *items, size_t count, struct spread *spread)
{
	double total = 0;

	for (size_t i = 0; i < count; i++)
		total += items[i].weight;
	if (count == 0)
		return;
	qsort(items, count, sizeof *items, by_value);
	spread->p5 = percentile(items, count, 0.05, total);
	spread->p50 = percentile(items, count, 0.5, total);
	spread->p95 = percentile(items, count, 0.95, total);
}

/* Returns one item per interval in which the time that counts has passed. */
static size_t rates(const struct series *series, struct item *items,
    void (*measure)(const struct series_span *, uint64_t *bytes, int64_t *ns))
{
	size_t count = 0;

	for (size_t i = 0; i < series_intervals(series); i++) {
		struct series_span span = series_span(series, i);
		uint64_t bytes;
		int64_t ns;

		measure(&span, &bytes, &ns);
		if (ns > 0)
			items[count++] =
			    (struct item){ (double)bytes * 1e9 / (double)ns,
				    (double)ns };
	}
	return count;
}

static void feed(const struct series_span *span, uint64_t *bytes, int64_t *ns)
{
	*bytes = span->end->feed_bytes - span->begin->feed_bytes;
	*ns = span->end->feed_ns - span->begin->feed_ns;
}

static void writes(const struct series_span *span, uint64_t *bytes, int64_t *ns)
{
	*bytes = span->end->tape_bytes - span->begin->tape_bytes;
	*ns = span->end->write_ns - span->begin->write_ns;
}

static void medium(const struct series_span *span, uint64_t *bytes, int64_t *ns)
{
	const struct series_drive *begin = &span->begin->drive;
	const struct series_drive *end = &span->end->drive;

	*bytes = end->medium_bytes - begin->medium_bytes;
	*ns = end->motion_ns[SERIES_STREAMING] -
	    begin->motion_ns[SERIES_STREAMING];
}

/* Makes room for an item for each sample of all dumps. */
static struct item *new_items(const struct spread_dump *dumps, size_t count,
    struct spread *spread)
{
	size_t room = 1;

	memset(spread, 0, sizeof *spread);
	for (size_t i = 0; i < count; i++)
		room += dumps[i].series->count;
	return calloc(room, sizeof(struct item));
}

static int spread_of_rates(const struct spread_dump *dumps, size_t count,
    struct spread *spread,
    void (*measure)(const struct series_span *, uint64_t *, int64_t *))
{
	struct item *items = new_items(dumps, count, spread);
	size_t used = 0;

	if (items == NULL)
		return -1;
	for (size_t i = 0; i < count; i++)
		used += rates(dumps[i].series, items + used, measure);
	spread_of(items, used, spread);
	free(items);
	return 0;
}

int spread_of_feed(const struct spread_dump *dumps, size_t count,
    struct spread *spread)
{
	return spread_of_rates(dumps, count, spread, feed);
}

int spread_of_writes(const struct spread_dump *dumps, size_t count,
    struct spread *spread)
{
	return spread_of_rates(dumps, count, spread, writes);
}

int spread_of_medium(const struct spread_dump *dumps, size_t count,
    struct spread *spread)
{
	return spread_of_rates(dumps, count, spread, medium);
}

static double percent(uint64_t bytes, uint64_t whole)
{
	double share = whole > 0 ? 100 * (double)bytes / (double)whole : 0;

	return share < 100 ? share : 100;
}

int spread_of_fill(const struct spread_dump *dumps, size_t count,
    struct spread *spread)
{
	struct item *items = new_items(dumps, count, spread);
	size_t used = 0;

	if (items == NULL)
		return -1;
	for (size_t d = 0; d < count; d++)
		for (size_t i = 0; i < dumps[d].series->count; i++)
			items[used++] = (struct item){
				percent(dumps[d].series->sample[i].fill_bytes,
				    dumps[d].buffer_bytes),
				1,
			};
	spread_of(items, used, spread);
	free(items);
	return 0;
}

int spread_of_drive_fill(const struct spread_dump *dumps, size_t count,
    struct spread *spread)
{
	struct item *items = new_items(dumps, count, spread);
	size_t used = 0;

	if (items == NULL)
		return -1;
	for (size_t d = 0; d < count; d++)
		for (size_t i = 0; i < dumps[d].series->count; i++) {
			const struct series_sample *m =
			    &dumps[d].series->sample[i];

			if (m->in_part)
				items[used++] = (struct item){
					percent(m->drive.fill_bytes,
					    dumps[d]
						.series->drive_buffer_bytes),
					1,
				};
		}
	spread_of(items, used, spread);
	free(items);
	return 0;
}

double spread_mean_drive_fill(const struct series *series)
{
	double sum = 0;
	size_t count = 0;

	for (size_t i = 0; i < series->count; i++) {
		if (!series->sample[i].in_part)
			continue;
		sum += (double)series->sample[i].drive.fill_bytes;
		count++;
	}
	return count > 0 ? sum / (double)count : 0;
}

uint64_t spread_lowest_drive_fill(const struct series *series)
{
	uint64_t lowest = UINT64_MAX;

	for (size_t i = 0; i < series->count; i++) {
		const struct series_sample *m = &series->sample[i];

		if (m->in_part && !m->ended && m->drive.fill_bytes < lowest)
			lowest = m->drive.fill_bytes;
	}
	return lowest == UINT64_MAX ? 0 : lowest;
}

uint64_t spread_lowest_fill(const struct series *series)
{
	uint64_t lowest = UINT64_MAX;

	for (size_t i = 0; i < series->count; i++) {
		const struct series_sample *m = &series->sample[i];

		if (m->writing && !m->ended && m->fill_bytes < lowest)
			lowest = m->fill_bytes;
	}
	return lowest == UINT64_MAX ? 0 : lowest;
}
