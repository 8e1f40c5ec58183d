/*
 * stream.c: three wraps at the rate of the bus, in files.
 *
 * The host waits all the time, so it sees each turn at the end of a wrap as a
 * pause.  Between two pauses lies a wrap.  The files stay for the locates.
 */
#include <math.h>
#include <string.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum {
	RUN_BYTES = 4 << 20,
	RUNS_A_WRAP = 256, /* at least: a run says where a wrap ends */
	FILES_A_WRAP = 16,
	TURNS = 3,
	SAMPLES_BEFORE = 2, /* bytes of a file, and how many files */
	TURN_SAMPLES = 3,   /* where, how long, and when */
	PAUSES_MOST = 32,   /* in real time, some are of the host */
	WRAPS_MOST = 4,
	RECENT_RUNS = 64
};

/* A run that took longer than the others. */
struct pause {
	double at, extra_s, end_s;
};

/* A turn is longer; and it must be longer than what the host may be late. */
static const double turn_least_s = 0.1;

struct stream {
	struct calibration *c;
	uint64_t run_bytes;
	struct pause pauses[PAUSES_MOST];
	size_t pauses_count;
	struct pause turns[TURNS]; /* the pauses that are turns */
	size_t turns_count;
	double took[RECENT_RUNS]; /* the last runs while the host waits */
	size_t recent;
};

/* Returns the usual time of a run while the host waits; 0: it does not yet. */
static double usual_s(struct stream *s)
{
	double copy[RECENT_RUNS];

	if (s->recent < RECENT_RUNS / 2)
		return 0;
	for (size_t i = 0; i < s->recent; i++)
		copy[i] = s->took[i];
	return fit_median_quickly(copy, s->recent);
}

static void remember(struct stream *s, double took_s)
{
	if (s->recent == RECENT_RUNS)
		memmove(s->took, s->took + 1, --s->recent * sizeof *s->took);
	s->took[s->recent++] = took_s;
}

/* Returns whether two values are equal within 10 %, or within an error. */
static bool are_equal(double a, double b, double error)
{
	return fabs(a - b) * 100 <=
	    fmax(2 * CAL_PERCENT * fmin(a, b), error * 100);
}

/*
 * Returns whether three pauses are as long, and as far apart, and each other one
 * is shorter than half of them: a host that pauses for longer hides the turns.
 */
static bool are_turns(const struct stream *s, size_t i, size_t j, size_t k)
{
	const struct pause *p = s->pauses;
	double least = fmin(p[i].extra_s, fmin(p[j].extra_s, p[k].extra_s));
	double error = fmin(cal_error_once(s->c), least / 4);

	for (size_t m = 0; m < s->pauses_count; m++)
		if (m != i && m != j && m != k && p[m].extra_s > least / 2)
			return false;
	return are_equal(p[i].extra_s, p[j].extra_s, error) &&
	    are_equal(p[j].extra_s, p[k].extra_s, error) &&
	    are_equal(p[i].extra_s, p[k].extra_s, error) &&
	    are_equal(p[j].at - p[i].at, p[k].at - p[j].at, 0);
}

static void take_turns(struct stream *s, size_t i, size_t j, size_t k)
{
	s->turns[0] = s->pauses[i];
	s->turns[1] = s->pauses[j];
	s->turns[2] = s->pauses[k];
	s->turns_count = TURNS;
}

/*
 * A pause of the stream.  In virtual time each one is a turn; a host in real time
 * may have paused itself, so the last pause must follow two that are like it.
 */
static void add_pause(struct stream *s, struct pause pause)
{
	size_t k = s->pauses_count;

	if (k == PAUSES_MOST)
		return;
	s->pauses[s->pauses_count++] = pause;
	if (!cal_is_real(s->c))
		s->turns[s->turns_count++] = pause;
	for (size_t i = 0; i < k && s->turns_count < TURNS; i++)
		for (size_t j = i + 1; j < k && s->turns_count < TURNS; j++)
			if (are_turns(s, i, j, k))
				take_turns(s, i, j, k);
}

/* Without three like pauses, the first ones may be turns. */
static void take_first(struct stream *s)
{
	if (s->turns_count > 0)
		return;
	s->turns_count = s->pauses_count < TURNS ? s->pauses_count : TURNS;
	memcpy(s->turns, s->pauses, s->turns_count * sizeof *s->turns);
}

/*
 * Judges a run.  A pause that is no turn is shorter than a tenth of a second, or
 * one of the host.
 */
static void judge_run(struct stream *s, double took_s, int64_t begun_ns)
{
	struct calibration *c = s->c;
	double usual = usual_s(s), bus_s = (double)s->run_bytes / c->bus;

	/* The buffer is full for the first time during a backhitch. */
	if ((double)c->at < 1.5 * c->buffer)
		return;
	if (usual > 0 && took_s > usual + fmax(turn_least_s, cal_doubt(c)) &&
	    took_s > 2 * usual && s->turns_count < TURNS)
		add_pause(s,
		    (struct pause){ (double)c->at, took_s - usual,
			(double)(c->now_ns - begun_ns) / CAL_SECOND });
	else if (took_s > 1.05 * bus_s)
		remember(s, took_s);
}

/* Returns whole blocks, as many as are one write. */
static uint64_t run_bytes(const struct calibration *c)
{
	uint64_t most = (uint64_t)(c->wrap / RUNS_A_WRAP);

	if (most > RUN_BYTES)
		most = RUN_BYTES;
	return most > c->block ? most / c->block * c->block : c->block;
}

/*
 * Samples: the bytes of a file, the number of files, and for each turn where it
 * was (bytes that the drive had taken), how long it was, and when it ended.
 */
static bool measure_stream(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	struct stream s = { .c = c, .run_bytes = run_bytes(c) };
	uint64_t runs = (uint64_t)(c->wrap / FILES_A_WRAP) / s.run_bytes + 1;
	uint64_t files = 0;
	int64_t begun_ns, run_ns;

	(void)arg;
	if (!cal_locate(c, CAL_FIRST_FILE) || !cal_prime(c, 0))
		return false;
	begun_ns = c->now_ns;
	while (!c->leom && s.turns_count < TURNS &&
	    files < WRAPS_MOST * FILES_A_WRAP) {
		for (uint64_t i = 0; i < runs && !c->leom; i++) {
			run_ns = c->now_ns;
			if (!cal_write(c, s.run_bytes, c->block))
				return false;
			judge_run(&s, (double)(c->now_ns - run_ns) / CAL_SECOND,
			    begun_ns);
		}
		if (c->leom)
			break;
		if (!cal_filemark(c, false))
			return false;
		files++;
	}
	/* The last file may end in the early warning: it is not counted. */
	samples[(*count)++] = (double)(runs * s.run_bytes);
	samples[(*count)++] = (double)files;
	take_first(&s);
	for (size_t i = 0; i < s.turns_count; i++) {
		samples[(*count)++] = s.turns[i].at;
		samples[(*count)++] = s.turns[i].extra_s;
		samples[(*count)++] = s.turns[i].end_s;
	}
	return cal_filemark(c, true);
}

/* The files begin after the blocks of cal_prime(), in two files. */
static void add_files(struct calibration *c, double file_bytes, size_t files)
{
	double first = 16 * (double)c->block;

	for (size_t i = 0; i < files && i < CALIBRATE_SAMPLES_MAX; i++)
		c->files[c->files_count++] =
		    (struct cal_file){ CAL_FIRST_FILE + 2 + i,
			    first + (double)i * file_bytes };
	c->stream_files = c->files_count;
}

/*
 * Returns whether pauses are so equal, and so far apart by equal distances, that
 * no late host made them.
 */
static bool are_regular(const double *extra, const double *wrap, size_t n)
{
	return n == TURNS &&
	    fit_half_range(extra, n) * 100 <= CAL_PERCENT * extra[0] &&
	    fit_half_range(wrap + 1, n - 1) * 100 <= CAL_PERCENT * wrap[1];
}

static void judge_turns(struct calibration *c, const double *turn, size_t n)
{
	double extra[TURNS], wrap[TURNS], spread, least = INFINITY;
	double late = cal_error_once(c);

	for (size_t i = 0; i < n; i++) {
		extra[i] = turn[i * TURN_SAMPLES + 1];
		least = fmin(least, extra[i]);
		wrap[i] = turn[i * TURN_SAMPLES] -
		    (i > 0 ? turn[(i - 1) * TURN_SAMPLES] : c->buffer);
	}
	if (late > c->buffer / c->top / 2) {
		cal_too_late(c, CALIBRATE_TURN,
		    "a pause may be a stop of the tape, whose buffer lasts "
		    "%.2f s",
		    c->buffer / c->top);
		c->result->of[CALIBRATE_WRAP_BYTES] =
		    c->result->of[CALIBRATE_TURN];
		return;
	}
	if (least < 3 * cal_doubt(c) && !are_regular(extra, wrap, n)) {
		cal_too_late(c, CALIBRATE_TURN,
		    "a pause of %.2f s is no longer than that", least);
		c->result->of[CALIBRATE_WRAP_BYTES] =
		    c->result->of[CALIBRATE_TURN];
		return;
	}
	spread = fit_half_range(extra, n);
	if (spread * 100 > CAL_PERCENT * extra[0])
		cal_contradict(c, CALIBRATE_TURN, fmin(spread, least),
		    "turns take from %.2f to %.2f s", extra[0] - spread,
		    extra[0] + 2 * spread);
	else
		cal_found_late(c, CALIBRATE_TURN, fit_median(extra, n), spread,
		    late, n, "half the range");
	/* The first wrap has a part that is not ours. */
	spread = fit_half_range(wrap + 1, n - 1);
	if (n > 1 && spread * 100 > CAL_PERCENT * wrap[1])
		cal_contradict(c, CALIBRATE_WRAP_BYTES,
		    cal_doubt(c) > turn_least_s ? 0
						: fmin(spread / c->top, least),
		    "the pauses of a stream are %.0f and %.0f MB apart: they "
		    "are not the ends of equal wraps",
		    wrap[1] / 1e6, wrap[2] / 1e6);
	else
		cal_found_late(c, CALIBRATE_WRAP_BYTES,
		    n > 1 ? fit_median(wrap + 1, n - 1) : wrap[0],
		    fmax(spread, (double)run_bytes(c)),
		    late > 0 ? late * c->top + (double)run_bytes(c) : 0, n,
		    "a run, or half the range");
	for (size_t i = 1; i < n; i++) {
		double s = turn[i * TURN_SAMPLES + 2] -
		    turn[(i - 1) * TURN_SAMPLES + 2];
		double rate =
		    (turn[i * TURN_SAMPLES] - turn[(i - 1) * TURN_SAMPLES]) / s;

		*(i % 2 == 1 ? &c->result->reverse_bytes_per_s
			     : &c->result->forward_bytes_per_s) = rate;
	}
	if (cal_is_found(c, CALIBRATE_WRAP_BYTES))
		c->wrap = c->result->of[CALIBRATE_WRAP_BYTES].value;
}

void cal_stream(struct calibration *c)
{
	double samples[CALIBRATE_SAMPLES_MAX];
	size_t count, turns;

	if (!cal_unit(c, measure_stream, NULL, samples, &count, "stream") ||
	    count < SAMPLES_BEFORE)
		return;
	add_files(c, samples[0], (size_t)samples[1]);
	turns = (count - SAMPLES_BEFORE) / TURN_SAMPLES;
	if (turns > TURNS)
		turns = TURNS;
	if (turns > 0 && c->top > 0) {
		judge_turns(c, samples + SAMPLES_BEFORE, turns);
		return;
	}
	if (c->top > 0 && cal_doubt(c) > turn_least_s)
		cal_too_late(c, CALIBRATE_TURN,
		    "%.1f GB had no pause of %.2f s, and a shorter one may be "
		    "the host's",
		    samples[0] * samples[1] / 1e9, cal_doubt(c));
	else
		cal_without(c, CALIBRATE_TURN, CALIBRATE_CANNOT,
		    c->top > 0 ? "%.1f GB had no pause of a tenth of a second"
			       : "%.1f GB had no pause: the host does not keep "
				 "the buffer full",
		    samples[0] * samples[1] / 1e9);
	c->result->of[CALIBRATE_WRAP_BYTES] = c->result->of[CALIBRATE_TURN];
}
