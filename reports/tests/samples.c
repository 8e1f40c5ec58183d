/* samples.c: records as a run produces them, for the tests of the reports. */
#include "reports/tests/samples.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS 1000000000

const char sample_hostile_text[] =
    "it's \"100%\" <b>&amp;</b> &#0; `touch OWNED` $HOME a_b^c {x} @y ~z | "
    "\\n \\ \xff\xc0\x80 \xed\xa0\x80 \xef\xbf\xbf \x01\x1b[31m "
    "tab\there\nnewline --> ]]> </script> \xc3\xa9\xf0\x9f\x93\xbc";

static char *copy(const char *text)
{
	char *made = strdup(text);

	assert(made != NULL);
	return made;
}

static void *grow(void *array, size_t count, size_t size)
{
	array = realloc(array, (count + 1) * size);
	assert(array != NULL);
	return array;
}

void sample_add(struct results *results, struct results_scenario *scenario)
{
	results->scenarios =
	    grow(results->scenarios, results->count, sizeof(scenario));
	results->scenarios[results->count++] = scenario;
}

struct results_scenario *sample_empty(const char *name)
{
	struct results_scenario *s = calloc(1, sizeof(*s));

	assert(s != NULL);
	s->name = copy(name);
	s->title = copy("");
	s->file = copy("empty.yaml");
	s->seed = 1;
	s->clock = copy("virtual");
	s->drives = copy("2 lto8, lto7");
	s->outcome = copy("DONE");
	s->problem = copy("");
	assert(results_add_dump(s, "", SECOND_NS / 100) == 0);
	return s;
}

static void retext(char **text, const char *now)
{
	free(*text);
	*text = copy(now);
}

static void add_attempt(struct results_scenario *s, uint64_t part,
    uint64_t attempt, const char *volume, uint64_t file, uint64_t bytes,
    const char *end, const char *cause, double seconds)
{
	struct results_dump *d = &s->dumps[0];
	bool committed = *cause == '\0';

	d->attempts =
	    grow(d->attempts, d->attempts_count, sizeof(*d->attempts));
	d->attempts[d->attempts_count++] =
	    (struct results_attempt){ .part = part,
		    .attempt = attempt,
		    .volume = copy(volume),
		    .file = file,
		    .offset_bytes = s->safe_bytes,
		    .bytes = bytes,
		    .end = copy(end),
		    .cause = copy(cause),
		    .committed = committed,
		    .seconds = seconds };
	if (committed)
		s->safe_bytes += bytes;
}

static void add_reading(struct results_volume *v, const char *source,
    const char *name, const char *unit, uint64_t before, uint64_t after)
{
	v->readings =
	    grow(v->readings, v->readings_count, sizeof(*v->readings));
	v->readings[v->readings_count++] =
	    (struct results_reading){ .source = copy(source),
		    .name = copy(name),
		    .unit = copy(unit),
		    .has_before = true,
		    .before = before,
		    .after = after };
}

/* Adds what drive and cartridge reported of the last volume. */
static void add_condition(struct results_scenario *s, uint64_t loads,
    uint64_t errors, const char *sentence)
{
	struct results_dump *d = &s->dumps[0];
	struct results_volume *v = &d->volumes[d->volumes_count - 1];

	v->reported = true;
	v->serial = copy("0123456789");
	v->alerts_before = copy("");
	v->alerts_after = copy(errors > 0 ? "Medium (4)" : "");
	v->errors = copy(sentence);
	add_reading(v, "MAM 0003", "Loads", "", loads, loads);
	add_reading(v, "0Ch/0000", "Data bytes received by WRITE commands", "B",
	    1000, 1000 + v->written_bytes);
	add_reading(v, "02h/0003", "Total write errors corrected", "", 7, 19);
	if (errors > 0)
		add_reading(v, "02h/0006", "Total uncorrected write errors", "",
		    5, 5 + errors);
}

static void add_volume(struct results_scenario *s, const char *barcode,
    uint64_t capacity_bytes, uint64_t written_bytes, const char *closed,
    const char *reason)
{
	struct results_dump *d = &s->dumps[0];

	d->volumes = grow(d->volumes, d->volumes_count, sizeof(*d->volumes));
	d->volumes[d->volumes_count++] =
	    (struct results_volume){ .barcode = copy(barcode),
		    .capacity_bytes = capacity_bytes,
		    .written_bytes = written_bytes,
		    .closed = copy(closed),
		    .reason = copy(reason) };
}

static void add_metric(struct results_scenario *s, const char *name,
    enum results_kind kind, const char *unit, const char *text, uint64_t number,
    double real)
{
	s->metrics = grow(s->metrics, s->metrics_count, sizeof(*s->metrics));
	s->metrics[s->metrics_count++] =
	    (struct results_metric){ .name = copy(name),
		    .kind = kind,
		    .unit = copy(unit),
		    .text = copy(text),
		    .number = number,
		    .real = real };
}

static void add_expectation(struct results_scenario *s, const char *text,
    bool passed, const char *actual)
{
	int line = 12 + (int)s->expectations_count;

	s->expectations = grow(s->expectations, s->expectations_count,
	    sizeof(*s->expectations));
	s->expectations[s->expectations_count++] =
	    (struct results_expectation){ .line = line,
		    .text = copy(text),
		    .passed = passed,
		    .actual = copy(actual) };
	if (!passed)
		s->status = RESULTS_FAILED;
}

static void add_mark(struct results_scenario *s, enum results_mark_kind kind,
    double at_s, const char *label)
{
	struct results_dump *d = &s->dumps[0];

	d->marks = grow(d->marks, d->marks_count, sizeof(*d->marks));
	d->marks[d->marks_count++] = (struct results_mark){ .kind = kind,
		.at_ns = (int64_t)(at_s * SECOND_NS),
		.label = copy(label) };
}

static void add_part_mark(struct results_scenario *s, double at_s,
    uint64_t number)
{
	char label[32];

	snprintf(label, sizeof(label), "%" PRIu64, number);
	add_mark(s, RESULTS_MARK_PART, at_s, label);
}

/* Adds the state at `at_ns`, for the samples since the last call. */
void sample_add_state(struct series *series, int64_t at_ns, double feed_bytes,
    double tape_bytes, double fill_byte_ns)
{
	struct series_sample to = { .feed_bytes = (uint64_t)feed_bytes,
		.tape_bytes = (uint64_t)tape_bytes,
		.fill_byte_ns = (series_area)fill_byte_ns };

	while (series_next_ns(series) <= at_ns)
		series_add(series,
		    series_next_ns(series) == 0 ? &(struct series_sample){ 0 }
						: &to);
	series->end = to;
}

void sample_end(struct results_scenario *s)
{
	struct series_sample end = s->dumps[0].series.end;

	series_end(&s->dumps[0].series, s->duration_ns, &end);
}

/*
 * Adds the rates of a drive at 360 MB/s with a buffer of 64 MiB, fed at a
 * varying rate, with a pause of three seconds for each of the `loads`.
 */
static void fill_series(struct results_scenario *s, double end_s,
    const double *loads, size_t loads_count)
{
	enum { STEPS = 4000 };
	double step_s = end_s / STEPS, fill = 0;
	double fed = 0, taken = 0, area = 0;
	uint32_t noise = 12345;

	s->dumps[0].buffer_bytes = 64 << 20;
	for (int i = 0; i < STEPS; i++) {
		double at_s = i * step_s, feed, tape = 360e6 * step_s;

		noise = noise * 1664525u + 1013904223u;
		feed = (300e6 + 120e6 * (noise >> 8) / (1 << 24)) * step_s;
		for (size_t j = 0; j < loads_count; j++) {
			if (at_s >= loads[j] && at_s < loads[j] + 3)
				tape = 0;
		}
		if (fill + feed < tape)
			tape = fill + feed;
		if (fill + feed - tape > (double)s->dumps[0].buffer_bytes)
			feed = (double)s->dumps[0].buffer_bytes - fill + tape;
		fill += feed - tape;
		fed += feed;
		taken += tape;
		area += fill * step_s * SECOND_NS;
		sample_add_state(&s->dumps[0].series,
		    (int64_t)((at_s + step_s) * SECOND_NS), fed, taken, area);
	}
	s->duration_ns = s->dumps[0].ended_ns = (int64_t)(end_s * SECOND_NS);
	sample_end(s);
}

struct results_scenario *sample_four_volumes(const char *name)
{
	static const double loads[] = { 0, 9.1, 15.3, 24.4 };
	static const char line[] =
	    "1:1073741824 2:1006108672 | 3:1073217536F "
	    "| 3:1073741824 4:1006108672 | 5:1073741824 6:135266304";
	struct results_scenario *s = sample_empty(name);

	retext(&s->title,
	    "A dump over four volumes, one of which has a bad spot");
	retext(&s->file, "four-volumes.yaml");
	add_attempt(s, 1, 1, "TL0001L8", 1, 1073741824, "EOP", "", 2.98);
	add_attempt(s, 2, 1, "TL0001L8", 2, 1006108672, "LEOM", "", 2.8);
	add_attempt(s, 3, 1, "TL0002L8", 1, 1073217536, "FAILED",
	    "medium error on write at block 4094", 2.98);
	add_attempt(s, 3, 2, "TL0003L8", 1, 1073741824, "EOP", "", 2.98);
	add_attempt(s, 4, 1, "TL0003L8", 2, 1006108672, "LEOM", "", 2.8);
	add_attempt(s, 5, 1, "TL0004L8", 1, 1073741824, "EOP", "", 2.98);
	add_attempt(s, 6, 1, "TL0004L8", 2, 135266304, "EOF", "", 0.38);
	add_volume(s, "TL0001L8", 2147483648, 2080374784, "good",
	    "early warning in part 2");
	add_condition(s, 41, 0, "");
	add_volume(s, "TL0002L8", 2147483648, 1073741824, "suspect",
	    "medium error on write at block 4094 of file 1");
	add_condition(s, 17, 1,
	    "drive 0, volume TL0002L8: the drive has reported since the load: "
	    "uncorrected write errors: 1, TapeAlert flag 4 (Medium)");
	add_volume(s, "TL0003L8", 2147483648, 2080374784, "good",
	    "early warning in part 4");
	add_volume(s, "TL0004L8", 2147483648, 1209532416, "good",
	    "the dump ended");
	fill_series(s, 31.2, loads, 4);
	add_mark(s, RESULTS_MARK_VOLUME, 0, "TL0001L8");
	add_part_mark(s, 5.98, 1);
	add_part_mark(s, 9.05, 2);
	add_mark(s, RESULTS_MARK_VOLUME, 9.1, "TL0002L8");
	add_mark(s, RESULTS_MARK_FAULT, 15.2, "medium error");
	add_mark(s, RESULTS_MARK_VOLUME, 15.3, "TL0003L8");
	add_part_mark(s, 21.2, 3);
	add_part_mark(s, 24.3, 4);
	add_mark(s, RESULTS_MARK_VOLUME, 24.4, "TL0004L8");
	add_part_mark(s, 30.4, 5);
	add_part_mark(s, 31.1, 6);
	add_metric(s, "outcome", RESULTS_TEXT, "", "DONE", 0, 0);
	add_metric(s, "attempts", RESULTS_TEXT, "", line, 0, 0);
	add_metric(s, "safe_bytes", RESULTS_NUMBER, "B", "", s->safe_bytes, 0);
	add_metric(s, "parts", RESULTS_NUMBER, "", "", 6, 0);
	add_metric(s, "volumes_used", RESULTS_NUMBER, "", "", 4, 0);
	add_metric(s, "throughput_mean", RESULTS_REAL, "B/s", "", 0,
	    172074439.7);
	add_metric(s, "duration", RESULTS_REAL, "s", "", 0, 31.2);
	add_metric(s, "buffer_fill_mean", RESULTS_REAL, "%", "", 0, 1.0 / 3);
	add_metric(s, "restored", RESULTS_NULL, "", "", 0, 0);
	add_expectation(s, "outcome == DONE", true, "DONE");
	add_expectation(s, "volumes_used == 4", true, "4");
	add_expectation(s, "write_rate_mean >= 250 MB/s", true, "351.2 MB/s");
	add_expectation(s,
	    "attempts == 1:1073741824 2:1006108672 | "
	    "3:1073217536F | 3:1073741824 4:1006108672 | "
	    "5:1073741824 6:135266304",
	    true, line);
	return s;
}

struct results_scenario *sample_many(const char *name, size_t parts)
{
	struct results_scenario *s = sample_empty(name);
	double each_s = 25;

	retext(&s->title, "Many parts, each on a volume of its own");
	retext(&s->outcome, "PARTIAL");
	for (size_t i = 0; i < parts; i++) {
		char barcode[32];
		bool bad = i == parts / 2;

		snprintf(barcode, sizeof(barcode), "TL%04zuL8", i + 1);
		add_attempt(s, i + (i <= parts / 2), 1 + (i == parts / 2 + 1),
		    barcode, 1, 5368709120, bad ? "FAILED" : "LEOM",
		    bad ? "position lost: power on" : "", 14.9);
		add_volume(s, barcode, 5500000000, 5368775168,
		    bad ? "suspect" : "good",
		    bad ? "position lost: power on" : "early warning");
		add_mark(s, RESULTS_MARK_VOLUME, (double)i * each_s, barcode);
		if (bad)
			add_mark(s, RESULTS_MARK_FAULT,
			    (double)(i + 1) * each_s, "position lost");
		else
			add_part_mark(s, (double)(i + 1) * each_s, i + 1);
	}
	fill_series(s, (double)parts * each_s, NULL, 0);
	add_expectation(s, "outcome == DONE", false, "PARTIAL");
	return s;
}

struct results_scenario *sample_instant(const char *name)
{
	struct results_scenario *s = sample_empty(name);

	retext(&s->title, "An ideal drive, which takes no time");
	for (uint64_t i = 1; i <= 4; i++) {
		add_attempt(s, i, 1, "V1", i, 1048576, i < 4 ? "EOP" : "EOF",
		    "", 0);
		add_part_mark(s, 0, i);
	}
	add_volume(s, "V1", 0, 4194304, "good", "the dump ended");
	add_mark(s, RESULTS_MARK_VOLUME, 0, "V1");
	s->dumps[0].buffer_bytes = 1048576;
	sample_add_state(&s->dumps[0].series, 0, 4194304, 4194304, 0);
	sample_end(s);
	return s;
}

struct results_scenario *sample_hostile(const char *name)
{
	struct results_scenario *s = sample_four_volumes(name);
	const char *text = sample_hostile_text;

	retext(&s->title, text);
	retext(&s->file, text);
	retext(&s->outcome, text);
	retext(&s->problem, text);
	retext(&s->clock, text);
	retext(&s->drives, text);
	s->status = RESULTS_FAILED;
	s->seed = INT64_MAX;
	for (size_t i = 0; i < s->dumps[0].attempts_count; i++) {
		retext(&s->dumps[0].attempts[i].volume, text);
		retext(&s->dumps[0].attempts[i].end, text);
		retext(&s->dumps[0].attempts[i].cause, text);
	}
	for (size_t i = 0; i < s->dumps[0].volumes_count; i++) {
		retext(&s->dumps[0].volumes[i].barcode, text);
		retext(&s->dumps[0].volumes[i].closed, text);
		retext(&s->dumps[0].volumes[i].reason, text);
	}
	for (size_t i = 0; i < s->dumps[0].marks_count; i++)
		retext(&s->dumps[0].marks[i].label, text);
	add_metric(s, text, RESULTS_TEXT, text, text, 0, 0);
	add_metric(s, "huge", RESULTS_NUMBER, "B", "", UINT64_MAX, 0);
	add_metric(s, "nothing", RESULTS_REAL, "s", "", 0, 0.0 / 0.0);
	add_expectation(s, text, false, text);
	return s;
}
