/* series.c: the course of a dump, sampled at equal distances of time. */
#include "reports/series.h"

#include <assert.h>
#include <string.h>

void series_init(struct series *series, int64_t step_ns)
{
	assert(step_ns >= 1);
	memset(series, 0, sizeof *series);
	series->step_ns = step_ns;
	series->end_ns = -1;
}

/* Sets the time of the next sample. */
static void set_next(struct series *series)
{
	/* A step that is too long for a time is never due. */
	series->next_ns = series->count > 0 &&
		series->step_ns > INT64_MAX / (int64_t)series->count
	    ? INT64_MAX
	    : (int64_t)series->count * series->step_ns;
}

/* Drops each second sample, and doubles the step. */
static void thin(struct series *series)
{
	size_t i;

	for (i = 1; i < SERIES_SAMPLES / 2; i++)
		series->sample[i] = series->sample[2 * i];
	series->count = SERIES_SAMPLES / 2;
	series->step_ns *= 2;
}

int64_t series_next_ns(const struct series *series)
{
	return series->next_ns;
}

void series_add(struct series *series, const struct series_sample *sample)
{
	assert(series->end_ns < 0 && series->count < SERIES_SAMPLES);
	series->sample[series->count++] = *sample;
	if (series->count == SERIES_SAMPLES)
		thin(series);
	set_next(series);
}

/* Returns the part of `bytes` that belongs to `ns` of `all_ns`. */
static uint64_t part_of(uint64_t bytes, int64_t ns, int64_t all_ns)
{
	return ns >= all_ns
	    ? bytes
	    : (uint64_t)((series_area)bytes * (uint64_t)ns / (uint64_t)all_ns);
}

/*
 * Adds to `shown` what `known` has more, up to `step_ns` for each motion and
 * `room_ns` in all.
 */
static void show(struct series_drive *shown, const struct series_drive *known,
    int64_t step_ns, int64_t room_ns)
{
	/* in which motions follow each other within a command */
	static const enum series_motion order[SERIES_MOTIONS] = {
		SERIES_LOADING,
		SERIES_STREAMING,
		SERIES_TURNING,
		SERIES_BACKHITCH,
		SERIES_STANDING,
		SERIES_LOCATING,
		SERIES_READING,
		SERIES_REWINDING,
		SERIES_UNLOADING,
	};

	for (size_t i = 0; i < SERIES_MOTIONS; i++) {
		enum series_motion m = order[i];
		int64_t more_ns = known->motion_ns[m] - shown->motion_ns[m];
		int64_t ns = more_ns < step_ns ? more_ns : step_ns;

		if (ns > room_ns)
			ns = room_ns;
		room_ns -= ns;
		shown->motion_ns[m] += ns;
		if (m == SERIES_STREAMING)
			shown->medium_bytes +=
			    part_of(known->medium_bytes - shown->medium_bytes,
				ns, more_ns);
	}
}

/* Moves motion to the intervals in which it happened. */
static void settle(struct series *series)
{
	struct series_drive shown = { .medium_bytes = 0 };
	int64_t step_ns = series->step_ns, room_ns;

	if (series->drives == 0)
		return;
	room_ns = step_ns > INT64_MAX / (int64_t)series->drives
	    ? INT64_MAX
	    : step_ns * (int64_t)series->drives;
	for (size_t i = 0; i < series->count; i++) {
		struct series_drive *drive = &series->sample[i].drive;

		if (i > 0)
			show(&shown, drive, step_ns, room_ns);
		memcpy(drive->motion_ns, shown.motion_ns,
		    sizeof shown.motion_ns);
		drive->medium_bytes = shown.medium_bytes;
	}
}

void series_end(struct series *series, int64_t at_ns,
    const struct series_sample *sample)
{
	assert(series->count == 0 ||
	    at_ns >= (int64_t)(series->count - 1) * series->step_ns);
	series->end = *sample;
	series->end_ns = at_ns;
	settle(series);
}

size_t series_intervals(const struct series *series)
{
	size_t count = series->count;

	if (series->end_ns < 0)
		return 0;
	/* No interval begins at the end, unless it is all that there is. */
	if (count > 1 &&
	    (int64_t)(count - 1) * series->step_ns == series->end_ns)
		count--;
	return count;
}

struct series_span series_span(const struct series *series, size_t i)
{
	struct series_span span = {
		.begin_ns = (int64_t)i * series->step_ns,
		.end_ns = series->end_ns,
		.begin = &series->sample[i],
		.end = &series->end,
	};

	assert(i < series_intervals(series));
	if (i + 1 < series_intervals(series)) {
		span.end_ns = (int64_t)(i + 1) * series->step_ns;
		span.end = &series->sample[i + 1];
	}
	return span;
}
