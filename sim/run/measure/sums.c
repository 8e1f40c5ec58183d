/* sums.c: what is measured while a dump runs; see sums.h. */
#include "sim/run/measure/sums.h"

#include <string.h>

/*
 * The first step of a series.  A dump takes at least the time that its bytes
 * take at FASTEST; a short first step costs only the samples that are dropped.
 */
#define FIRST_STEP_NS       INT64_C(1000000)
#define FASTEST_BYTES_PER_S UINT64_C(10000000000)
#define SECOND_NS           INT64_C(1000000000)

static int64_t first_step_ns(uint64_t size_bytes)
{
	int64_t step_ns = FIRST_STEP_NS, least_ns;

	if (size_bytes == UINT64_MAX)
		return step_ns;
	least_ns = (int64_t)(size_bytes / FASTEST_BYTES_PER_S) * SECOND_NS;
	while (step_ns < least_ns / SERIES_SAMPLES)
		step_ns *= 2;
	return step_ns;
}

void sums_init(struct sums *sums, struct series *series, uint64_t size_bytes)
{
	memset(sums, 0, sizeof *sums);
	sums->series = series;
	series_init(series, first_step_ns(size_bytes));
}

void sums_fill(struct sums *sums, int64_t now_ns, uint64_t bytes)
{
	sums->fill_byte_ns += (series_area)sums->fill_bytes *
	    (uint64_t)(now_ns - sums->fill_since_ns);
	sums->fill_since_ns = now_ns;
	sums->fill_bytes = bytes;
	if (bytes > sums->fill_max_bytes)
		sums->fill_max_bytes = bytes;
}

void sums_step(struct sums *sums, const struct core_step *step,
    const struct core_result *result, int64_t begun_ns, int64_t now_ns)
{
	sums->step_ns[step->kind] += now_ns - begun_ns;
	if (step->kind != CORE_WRITE)
		return;
	sums->tape_bytes += result->bytes;
	if (step->source == CORE_FROM_CACHE)
		sums->cache_read_bytes += result->bytes;
}

uint64_t sums_new_bytes(const struct core_step *step, uint64_t consumed)
{
	uint64_t end = step->offset + step->bytes;

	return step->kind == CORE_WRITE && end > consumed ? end - consumed : 0;
}

uint64_t sums_share(uint64_t whole, int64_t begin_ns, int64_t end_ns,
    int64_t at_ns)
{
	if (at_ns <= begin_ns)
		return 0;
	if (at_ns >= end_ns)
		return whole;
	return (uint64_t)((series_area)whole * (uint64_t)(at_ns - begin_ns) /
	    (uint64_t)(end_ns - begin_ns));
}
