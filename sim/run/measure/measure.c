/* measure.c: measures the metrics of a run. */
#include "sim/run/measure/measure.h"

#include <stdlib.h>
#include <string.h>

#include "sim/run/measure/attempts.h"
#include "sim/run/measure/spread.h"

static void set_text(struct metrics_value *v, const char *text)
{
	v->text = strdup(text);
	v->defined = v->text != NULL;
}

static void set_number(struct metrics_value *v, uint64_t number)
{
	v->number = number;
	v->defined = true;
}

static void set_real(struct metrics_value *v, double real)
{
	v->real = real;
	v->defined = true;
}

static void set_time(struct metrics_value *v, int64_t ns)
{
	set_real(v, (double)ns / 1e9);
}

/* Sets a rate, which is undefined if bytes took no time. */
static void set_rate(struct metrics_value *v, uint64_t bytes, int64_t ns)
{
	if (bytes == 0 || ns > 0)
		set_real(v, ns > 0 ? (double)bytes * 1e9 / (double)ns : 0);
}

/* Sets a share in percent: 0 of nothing, and at most all. */
static void set_share(struct metrics_value *v, double part, double whole)
{
	double share = whole > 0 ? 100 * part / whole : 0;

	set_real(v, share < 100 ? share : 100);
}

/* Returns the most data that can wait while a run is being written. */
uint64_t measure_buffer_bytes(const struct dump_run_outcome *o)
{
	return o->ring_bytes > o->run_bytes ? o->ring_bytes - o->run_bytes
					    : o->ring_bytes;
}

/* Measures how full the buffer was. */
static void measure_fill(const struct dump_run_outcome *o,
    const struct sums *sums, struct metrics_value *v)
{
	double whole = (double)measure_buffer_bytes(o);

	set_share(&v[METRIC_BUFFER_FILL_MEAN], (double)sums->fill_byte_ns,
	    whole * (double)o->duration_ns);
	set_share(&v[METRIC_BUFFER_FILL_MIN],
	    (double)spread_lowest_fill(sums->series), whole);
	set_share(&v[METRIC_BUFFER_FILL_MAX], (double)sums->fill_max_bytes,
	    whole);
}

/*
 * Sets three metrics in a row, the percentiles 5, 50 and 95, if the mean that
 * belongs to them is defined.
 */
static void set_spread(struct metrics_value *v, enum metrics_id mean,
    enum metrics_id first, const struct spread *spread)
{
	if (!v[mean].defined)
		return;
	set_real(&v[first], spread->p5);
	set_real(&v[first + 1], spread->p50);
	set_real(&v[first + 2], spread->p95);
}

int measure_spreads(const struct spread_dump *dumps, size_t count,
    struct metrics_value *values)
{
	static const struct {
		int (*measure)(const struct spread_dump *, size_t,
		    struct spread *);
		enum metrics_id mean, first;
	} spreads[] = {
		{ spread_of_feed, METRIC_FEED_RATE_MEAN, METRIC_FEED_RATE_P5 },
		{ spread_of_writes, METRIC_WRITE_RATE_MEAN,
		    METRIC_WRITE_RATE_P5 },
		{ spread_of_fill, METRIC_BUFFER_FILL_MEAN,
		    METRIC_BUFFER_FILL_P5 },
		{ spread_of_medium, METRIC_MEDIUM_RATE_MEAN,
		    METRIC_MEDIUM_RATE_P5 },
		{ spread_of_drive_fill, METRIC_DRIVE_FILL_MEAN,
		    METRIC_DRIVE_FILL_P5 },
	};
	struct spread spread;

	for (size_t i = 0; i < sizeof spreads / sizeof *spreads; i++) {
		if (spreads[i].measure(dumps, count, &spread) != 0)
			return -1;
		set_spread(values, spreads[i].mean, spreads[i].first, &spread);
	}
	return 0;
}

static void measure_part_rate(const struct results_dump *s,
    struct metrics_value *v)
{
	uint64_t bytes = 0;
	double seconds = 0;

	for (size_t i = 0; i < s->attempts_count; i++) {
		if (!s->attempts[i].committed)
			continue;
		bytes += s->attempts[i].bytes;
		seconds += s->attempts[i].seconds;
	}
	if (bytes == 0 || seconds > 0)
		set_real(v, seconds > 0 ? (double)bytes / seconds : 0);
}

static void measure_rates(const struct dump_run_outcome *o,
    const struct sums *sums, struct metrics_value *v)
{
	set_rate(&v[METRIC_THROUGHPUT_MEAN], o->accepted_bytes, o->duration_ns);
	set_rate(&v[METRIC_FEED_RATE_MEAN], o->accepted_bytes, sums->feed_ns);
	set_rate(&v[METRIC_WRITE_RATE_MEAN], sums->tape_bytes,
	    sums->step_ns[CORE_WRITE]);
}

void measure_host(const struct sums *sums, int64_t ns[RESULTS_HOST_KINDS])
{
	const int64_t *step_ns = sums->step_ns;

	ns[RESULTS_HOST_WRITING] = step_ns[CORE_WRITE];
	/* A report takes time only in real time: its receiver decides. */
	ns[RESULTS_HOST_IDLE] = step_ns[CORE_NOTHING] + step_ns[CORE_REPORT];
	ns[RESULTS_HOST_FILEMARKS] = step_ns[CORE_FINISH];
	ns[RESULTS_HOST_HEADERS] = step_ns[CORE_LABEL] + step_ns[CORE_HEADER] +
	    step_ns[CORE_END_RECORD];
	ns[RESULTS_HOST_LOADING] = step_ns[CORE_LOAD];
	ns[RESULTS_HOST_VERIFYING] = step_ns[CORE_VERIFY];
	ns[RESULTS_HOST_UNLOADING] = step_ns[CORE_CLOSE];
}

static void measure_times(const struct dump_run_outcome *o,
    const struct sums *sums, struct metrics_value *v)
{
	int64_t ns[RESULTS_HOST_KINDS];

	measure_host(sums, ns);
	set_time(&v[METRIC_DURATION], o->duration_ns);
	set_time(&v[METRIC_PRODUCER_BLOCKED], o->producer_blocked_ns);
	set_time(&v[METRIC_LATE_MAX], o->late_max_ns);
	set_time(&v[METRIC_LATE_MEAN], o->late_mean_ns);
	set_time(&v[METRIC_DRIVE_STARVED], o->drive_starved_ns);
	set_time(&v[METRIC_DRIVE_WAIT], o->drive_wait_ns);
	set_time(&v[METRIC_TIME_WRITING], ns[RESULTS_HOST_WRITING]);
	set_time(&v[METRIC_TIME_LOADING], ns[RESULTS_HOST_LOADING]);
	set_time(&v[METRIC_TIME_HEADERS], ns[RESULTS_HOST_HEADERS]);
	set_time(&v[METRIC_TIME_FILEMARKS], ns[RESULTS_HOST_FILEMARKS]);
	set_time(&v[METRIC_TIME_VERIFYING], ns[RESULTS_HOST_VERIFYING]);
	set_time(&v[METRIC_TIME_UNLOADING], ns[RESULTS_HOST_UNLOADING]);
	set_time(&v[METRIC_TIME_IDLE], ns[RESULTS_HOST_IDLE]);
}

/* Measures how much tape the dump took. */
static void measure_tape(const struct results_dump *s, struct metrics_value *v)
{
	uint64_t used = 0, wasted = 0;

	for (size_t i = 0; i < s->volumes_count; i++) {
		const struct results_volume *volume = &s->volumes[i];

		used += volume->written_bytes;
		if (volume->finished &&
		    volume->capacity_bytes > volume->written_bytes)
			wasted +=
			    volume->capacity_bytes - volume->written_bytes;
	}
	set_number(&v[METRIC_USED_BYTES], used);
	set_number(&v[METRIC_WASTED_BYTES], wasted);
}

/* Returns how many full tapes the dump would fill. */
static double tapes(const struct results_dump *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->volumes_count; i++)
		if (s->volumes[i].capacity_bytes > 0)
			sum += (double)s->volumes[i].written_bytes /
			    (double)s->volumes[i].capacity_bytes;
	return sum;
}

/*
 * Sets three metrics in a row: a number of stops, and this number per hour and
 * per full tape.
 */
static void set_stops(struct metrics_value *v, uint64_t stops, double hours,
    double full_tapes)
{
	set_number(&v[0], stops);
	set_real(&v[1], hours > 0 ? (double)stops / hours : 0);
	set_real(&v[2], full_tapes > 0 ? (double)stops / full_tapes : 0);
}

/* Measures the rate of the medium and the fill of the drive's buffer. */
static void measure_medium(const struct series *series,
    const struct series_drive *drive, struct metrics_value *v)
{
	double whole = (double)series->drive_buffer_bytes;

	set_rate(&v[METRIC_MEDIUM_RATE_MEAN], drive->medium_bytes,
	    drive->motion_ns[SERIES_STREAMING]);
	set_share(&v[METRIC_DRIVE_FILL_MEAN], spread_mean_drive_fill(series),
	    whole);
	set_share(&v[METRIC_DRIVE_FILL_MIN],
	    (double)spread_lowest_drive_fill(series), whole);
}

/* Measures what the drives did, if that is known. */
static void measure_drives(const struct dump_run_outcome *o,
    const struct sums *sums, const struct results_dump *s,
    struct metrics_value *v)
{
	static const enum metrics_id times[] = {
		[SERIES_STREAMING] = METRIC_DRIVE_STREAMING,
		[SERIES_TURNING] = METRIC_DRIVE_TURNING,
		[SERIES_BACKHITCH] = METRIC_DRIVE_BACKHITCH,
		[SERIES_STANDING] = METRIC_DRIVE_STANDING,
		[SERIES_LOCATING] = METRIC_DRIVE_LOCATING,
		[SERIES_READING] = METRIC_DRIVE_READING,
		[SERIES_LOADING] = METRIC_DRIVE_LOADING,
		[SERIES_REWINDING] = METRIC_DRIVE_REWINDING,
		[SERIES_UNLOADING] = METRIC_DRIVE_UNLOADING,
	};
	struct series_drive drive;
	double hours = (double)o->duration_ns / 3600e9;

	if (sums->usage == NULL)
		return;
	drive = usage_of_dump(sums->usage, sums->dump, o->duration_ns);
	set_stops(&v[METRIC_STOPS_FOR_DATA], drive.stops_for_data, hours,
	    tapes(s));
	set_stops(&v[METRIC_STOPS_FOR_FILEMARKS], drive.stops_for_filemarks,
	    hours, tapes(s));
	set_stops(&v[METRIC_SPEED_CHANGES_FORCED], drive.stops_forced, hours,
	    tapes(s));
	set_number(&v[METRIC_WRAP_TURNS], drive.turns);
	for (int m = 0; m < SERIES_MOTIONS; m++)
		set_time(&v[times[m]], drive.motion_ns[m]);
	/* A drive without a buffer starves whenever the host has no data. */
	if (sums->series->drive_buffer_bytes > 0)
		set_time(&v[METRIC_DRIVE_STARVED], drive.starved_ns);
	set_time(&v[METRIC_HOST_WAITED], drive.waited_ns);
	set_time(&v[METRIC_ROBOT_MOVING], drive.robot_ns);
	measure_medium(sums->series, &drive, v);
}

/* Measures what a restore would take, if the drives are known. */
static void measure_restore(const struct restoring *restoring,
    struct metrics_value *v)
{
	struct restoring_times times;

	if (restoring == NULL)
		return;
	times = restoring_measure(restoring);
	set_number(&v[METRIC_RESTORE_MOUNTS], times.mounts);
	set_time(&v[METRIC_RESTORE_TIME], times.dump_ns);
	set_time(&v[METRIC_RESTORE_PART_MEAN], times.part_mean_ns);
	set_time(&v[METRIC_RESTORE_PART_MAX], times.part_worst_ns);
	set_time(&v[METRIC_RESTORE_LOCATE_MEAN], times.locate_mean_ns);
}

static int measure(const struct dump_run_outcome *o,
    const struct recorder_totals *totals, const struct sums *sums,
    enum verify_result restored, const struct results_dump *s,
    struct metrics_value *v)
{
	const struct spread_dump spread = {
		.series = sums->series,
		.buffer_bytes = measure_buffer_bytes(o),
	};

	set_text(&v[METRIC_OUTCOME], splitter_outcome_name(o->outcome));
	v[METRIC_ATTEMPTS].text = attempts_line(s);
	v[METRIC_ATTEMPTS].defined = v[METRIC_ATTEMPTS].text != NULL;
	set_number(&v[METRIC_SAFE_BYTES], o->safe_bytes);
	set_number(&v[METRIC_PARTS], totals->parts_committed);
	set_number(&v[METRIC_VOLUMES_USED], totals->volumes_labelled);
	if (restored != VERIFY_UNKNOWN)
		set_text(&v[METRIC_RESTORED],
		    restored == VERIFY_SAME ? "source" : "different");
	set_number(&v[METRIC_DUMP_BYTES], o->accepted_bytes);
	set_number(&v[METRIC_TAPE_BYTES], sums->tape_bytes);
	set_number(&v[METRIC_FAILED_ATTEMPTS], totals->attempts_failed);
	set_number(&v[METRIC_SPOOL_FULL_PARTS], totals->parts_cut);
	set_number(&v[METRIC_CACHE_READ_BYTES], sums->cache_read_bytes);
	set_number(&v[METRIC_REWRITTEN_BYTES], totals->failed_bytes);
	set_text(&v[METRIC_SEALED], o->sealed ? "yes" : "no");
	set_number(&v[METRIC_MEMORY_BYTES], o->ring_bytes);
	set_number(&v[METRIC_SPOOL_BYTES], o->cache_bytes);
	measure_tape(s, v);
	measure_part_rate(s, &v[METRIC_PART_RATE_MEAN]);
	measure_times(o, sums, v);
	measure_fill(o, sums, v);
	measure_rates(o, sums, v);
	measure_drives(o, sums, s, v);
	/* A text is undefined only if there was no memory for it. */
	return v[METRIC_OUTCOME].defined && v[METRIC_ATTEMPTS].defined &&
		v[METRIC_SEALED].defined &&
		(v[METRIC_RESTORED].defined || restored == VERIFY_UNKNOWN) &&
		measure_spreads(&spread, 1, v) == 0
	    ? 0
	    : -1;
}

int measure_metrics(const struct dump_run_outcome *outcome,
    struct recorder *recorder, enum verify_result restored,
    const struct results_dump *results, struct metrics_value *values)
{
	struct recorder_totals totals;

	recorder_get_totals(recorder, &totals);
	memset(values, 0, METRIC_COUNT * sizeof *values);
	if (measure(outcome, &totals, recorder_sums(recorder), restored,
		results, values) == 0) {
		measure_restore(recorder_restoring(recorder), values);
		return 0;
	}
	measure_clear(values);
	return -1;
}

void measure_clear(struct metrics_value *values)
{
	size_t i;

	for (i = 0; i < METRIC_COUNT; i++) {
		free(values[i].text);
		values[i].text = NULL;
	}
}
