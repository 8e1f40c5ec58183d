/* series.c: rates and buffer fill over time, in bounded memory. */
#include "reports/series.h"

#include <assert.h>
#include <string.h>

/* Merges pairs of bins: halves their number, and doubles their width. */
static void merge(struct series *series)
{
	struct series_bin *bin = series->bin;
	size_t used = (series->used + 1) / 2;

	for (size_t i = 0; i < used; i++) {
		struct series_bin left = bin[2 * i];
		struct series_bin right = bin[2 * i + 1];

		bin[i].feed_bytes = left.feed_bytes + right.feed_bytes;
		bin[i].tape_bytes = left.tape_bytes + right.tape_bytes;
		bin[i].fill_bytes_ns = left.fill_bytes_ns + right.fill_bytes_ns;
		bin[i].covered_ns = left.covered_ns + right.covered_ns;
	}
	memset(bin + used, 0, (SERIES_BINS - used) * sizeof(*bin));
	series->used = used;
	series->width_ns *= 2;
}

/*
 * Returns the bin of a time.  A bin includes its end but not its beginning, so
 * that the time at which a scenario ends is in its last bin.
 */
static size_t bin_of(const struct series *series, int64_t at_ns)
{
	return at_ns == 0 ? 0 : (size_t)((at_ns - 1) / series->width_ns);
}

void series_init(struct series *series, int64_t width_ns)
{
	assert(width_ns >= 1);
	memset(series, 0, sizeof(*series));
	series->width_ns = width_ns;
}

void series_add(struct series *series, int64_t from_ns, int64_t to_ns,
    double feed_bytes, double tape_bytes, double fill_bytes)
{
	size_t first, last;

	assert(from_ns >= 0 && from_ns <= to_ns);
	while (bin_of(series, to_ns) >= SERIES_BINS)
		merge(series);
	last = bin_of(series, to_ns);
	first = from_ns == to_ns ? last : (size_t)(from_ns / series->width_ns);
	if (series->used < last + 1)
		series->used = last + 1;

	for (size_t i = first; i <= last; i++) {
		struct series_bin *bin = &series->bin[i];
		int64_t begin_ns = (int64_t)i * series->width_ns;
		int64_t left_ns = from_ns > begin_ns ? from_ns : begin_ns;
		int64_t right_ns = to_ns - begin_ns < series->width_ns
		    ? to_ns
		    : begin_ns + series->width_ns;
		double inside_ns = (double)(right_ns - left_ns);
		double share = from_ns == to_ns
		    ? 1
		    : inside_ns / (double)(to_ns - from_ns);

		bin->feed_bytes += feed_bytes * share;
		bin->tape_bytes += tape_bytes * share;
		if (fill_bytes >= 0) {
			bin->fill_bytes_ns += fill_bytes * inside_ns;
			bin->covered_ns += inside_ns;
		}
	}
}
