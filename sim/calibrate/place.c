/*
 * place.c: locates and rewinds, by the distance.
 *
 * A locate takes a start, a time along the tape, and more to another wrap, to
 * another band and to a wrap of the other direction: vtl/motion/place.h.  The
 * places are the files of the stream, in three wraps, or of the whole tape.
 */
#include <math.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum {
	LOCATES_NEAR = 18, /* between files of the stream */
	LOCATES = 40,      /* and of the whole tape */
	REWINDS = 6,
	TERMS = 5
};

struct spot {
	double along; /* from 0 to 1 */
	unsigned wrap, band;
};

static struct spot spot_of(const struct calibration *c, double byte)
{
	const struct model m = calibrate_model(c->config, c->result);
	double wrap = floor(byte / c->wrap), part = byte / c->wrap - wrap;
	struct spot s = { .wrap = (unsigned)wrap };

	s.along = s.wrap % 2 == 0 ? part : 1 - part;
	s.band =
	    (unsigned)((uint64_t)s.wrap * m.media[0].bands / m.media[0].wraps);
	return s;
}

/* Returns the i-th file to visit, of `files`: all are visited evenly. */
static size_t target(size_t files, int i)
{
	double place = fmod((double)i * i * 0.6180339887 + 0.3, 1);

	return (size_t)(place * (double)files);
}

/* Sample: the time of a move from a file to another. */
static bool measure_locate(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	const uint64_t *files = arg;
	int64_t begun_ns;

	if (c->file != files[0] && !cal_locate(c, files[0]))
		return false;
	begun_ns = c->now_ns;
	if (!cal_locate(c, files[1]))
		return false;
	samples[(*count)++] = (double)(c->now_ns - begun_ns) / CAL_SECOND;
	return true;
}

static bool measure_rewind(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	int64_t begun_ns;

	if (!cal_locate(c, *(const uint64_t *)arg))
		return false;
	begun_ns = c->now_ns;
	if (!cal_rewind(c))
		return false;
	samples[(*count)++] = (double)(c->now_ns - begun_ns) / CAL_SECOND;
	c->file = 0;
	return true;
}

/* Sets the constants of a locate to the same reason. */
static void without(struct calibration *c, const struct calibrate_value *why)
{
	static const enum calibrate_constant all[] = { CALIBRATE_LOCATE_START,
		CALIBRATE_LOCATE_LENGTH, CALIBRATE_LOCATE_WRAP,
		CALIBRATE_LOCATE_TURN, CALIBRATE_LOCATE_BAND };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		c->result->of[all[i]] = *why;
}

static void judge_locates(struct calibration *c, double x[][TERMS],
    const double *y, size_t n)
{
	static const enum calibrate_constant term[] = { CALIBRATE_LOCATE_START,
		CALIBRATE_LOCATE_LENGTH, CALIBRATE_LOCATE_WRAP,
		CALIBRATE_LOCATE_TURN, CALIBRATE_LOCATE_BAND };
	double packed[LOCATES * TERMS];
	double late = 2 * cal_error_once(c);
	size_t terms = TERMS - 1;
	struct fit fit;

	for (size_t i = 0; i < n; i++)
		if (x[i][TERMS - 1] > 0)
			terms = TERMS;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < terms; k++)
			packed[i * terms + k] = x[i][k];
	if (!fit_terms(packed, y, n, terms, &fit)) {
		cal_without(c, CALIBRATE_LOCATE_START, CALIBRATE_CANNOT,
		    "the stream did not reach the third wrap");
		without(c, &c->result->of[CALIBRATE_LOCATE_START]);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		double model = 0;

		for (size_t k = 0; k < terms; k++)
			model += fit.term[k] * packed[i * terms + k];
		cal_point(c, CALIBRATE_CURVE_LOCATE, x[i][1], y[i], model);
	}
	if (fit.worst_share * 100 > CAL_PERCENT) {
		cal_contradict(c, CALIBRATE_LOCATE_START, fit.worst,
		    "a locate differs by %.1f %% from a start, a time along "
		    "the tape and changes of wrap",
		    fit.worst_share * 100);
		without(c, &c->result->of[CALIBRATE_LOCATE_START]);
		return;
	}
	/* Two moves say what a term takes, and each of them may be late. */
	for (size_t k = 0; k < terms; k++)
		cal_found_late(c, term[k], fmax(fit.term[k], 0), fit.error[k],
		    late > 0 ? late + 3 * fit.error[k] : 0, n,
		    "standard error");
	if (terms < TERMS)
		cal_without(c, CALIBRATE_LOCATE_BAND,
		    c->config->medium->bands > 1 ? CALIBRATE_NOT_ASKED
						 : CALIBRATE_CANNOT,
		    c->config->medium->bands > 1
			? "the stream stays in one band; it needs --fill"
			: "the tape has one band");
}

static void locate_all(struct calibration *c)
{
	double x[LOCATES][TERMS], y[LOCATES], sample[CALIBRATE_SAMPLES_MAX];
	int locates = c->files_count > c->stream_files ? LOCATES : LOCATES_NEAR;
	size_t n = 0, count, from = target(c->stream_files, 0);

	for (int i = 1; i <= locates; i++) {
		size_t to =
		    target(i <= LOCATES_NEAR ? c->stream_files : c->files_count,
			i);
		const uint64_t pair[] = { c->files[from].number,
			c->files[to].number };
		struct spot a, b;

		if (to == from)
			continue;
		if (!cal_unit(c, measure_locate, pair, sample, &count,
			"locate %d", i))
			return;
		a = spot_of(c, c->files[from].byte);
		b = spot_of(c, c->files[to].byte);
		x[n][0] = 1;
		x[n][1] = fabs(a.along - b.along);
		x[n][2] = a.wrap != b.wrap;
		x[n][3] = a.wrap % 2 != b.wrap % 2;
		x[n][4] = a.band != b.band;
		y[n++] = sample[0];
		from = to;
	}
	judge_locates(c, x, y, n);
}

static void rewind_all(struct calibration *c)
{
	double x[REWINDS], y[REWINDS], sample[CALIBRATE_SAMPLES_MAX];
	struct fit fit;
	size_t count, n;

	for (n = 0; n < REWINDS; n++) {
		const struct cal_file *file =
		    &c->files[target(c->files_count, 1 + (int)n)];

		if (!cal_unit(c, measure_rewind, &file->number, sample, &count,
			"rewind %d", (int)n))
			return;
		x[n] = spot_of(c, file->byte).along;
		y[n] = sample[0];
	}
	if (!fit_line(x, y, n, &fit)) {
		cal_without(c, CALIBRATE_REWIND, CALIBRATE_CANNOT,
		    "the files of the stream are at one place");
		return;
	}
	for (size_t i = 0; i < n; i++)
		cal_point(c, CALIBRATE_CURVE_REWIND, x[i], y[i],
		    fit.term[0] + fit.term[1] * x[i]);
	if (fit.worst_share * 100 > CAL_PERCENT)
		cal_contradict(c, CALIBRATE_REWIND, fit.worst,
		    "a rewind differs by %.1f %% from a start and a time along "
		    "the tape",
		    fit.worst_share * 100);
	else
		cal_found_late(c, CALIBRATE_REWIND, fit.term[0] + fit.term[1],
		    fit.error[0] + fit.error[1], 2 * cal_error_once(c), n,
		    "standard error");
}

void cal_place(struct calibration *c)
{
	if (!cal_is_found(c, CALIBRATE_WRAP_BYTES) || c->files_count < 3) {
		cal_without(c, CALIBRATE_LOCATE_START, CALIBRATE_CANNOT,
		    "the length of a wrap was not found, so the distances are "
		    "not known");
		without(c, &c->result->of[CALIBRATE_LOCATE_START]);
		c->result->of[CALIBRATE_REWIND] =
		    c->result->of[CALIBRATE_LOCATE_START];
		return;
	}
	locate_all(c);
	rewind_all(c);
}
