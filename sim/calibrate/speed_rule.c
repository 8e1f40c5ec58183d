/*
 * speed_rule.c: the speeds that were seen, the rule by which they are chosen,
 * and how the backhitch depends on them.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"
#include "vtl/motion/motion.h"

/*
 * Two speeds that are closer are one.  A feed that is that close to one at which
 * the choice changes proves nothing.
 */
static const double same_share = 0.018;
#define near_share 0.012
/* In real time, one that is alone so close to several others is disturbed. */
static const double stray_share = 0.03;
/* Two speeds are further apart. */
static const double feed_error_most = 0.05;

static int by_speed(const void *a, const void *b)
{
	const struct cal_speed *x = a, *y = b;

	return x->speed < y->speed ? -1 : x->speed > y->speed;
}

/* A speed with all its measurements, which are sorted by speed. */
struct step {
	double speed, spread, hitch;
	size_t first, count;
};

static struct step make_step(const struct cal_speed *sorted, size_t first,
    size_t count)
{
	struct step s = { .first = first, .count = count };
	double *values = calloc(count, sizeof *values);

	if (values == NULL)
		return s;
	for (size_t i = 0; i < count; i++)
		values[i] = sorted[first + i].hitch;
	s.hitch = fit_median(values, count);
	for (size_t i = 0; i < count; i++)
		values[i] = sorted[first + i].speed;
	s.spread = fit_half_range(values, count);
	s.speed = fit_median(values, count);
	free(values);
	return s;
}

/* Returns the number of speeds; more than MODEL_SPEEDS_MAX: no steps. */
static size_t make_steps(const struct cal_speed *sorted, size_t n,
    struct step steps[MODEL_SPEEDS_MAX])
{
	size_t count = 0, first = 0;

	for (size_t i = 1; i <= n; i++) {
		if (i < n &&
		    sorted[i].speed < sorted[i - 1].speed * (1 + same_share))
			continue;
		if (count == MODEL_SPEEDS_MAX)
			return count + 1;
		steps[count++] = make_step(sorted, first, i - first);
		first = i;
	}
	return count;
}

/* Returns what a drive with a rule receives: see speed.c of vtl/motion. */
static double received(const struct calibration *c, const struct step *s,
    double feed)
{
	double v = s->speed, stream_s;

	if (v <= feed)
		return v;
	if (feed * s->hitch <= c->buffer)
		return feed;
	stream_s = c->buffer / (v - feed);
	return (feed * stream_s + c->buffer) / (stream_s + s->hitch);
}

static size_t chosen(const struct calibration *c, enum model_rule rule,
    const struct step *s, size_t n, double feed)
{
	size_t i = 0, best = 0;

	switch (rule) {
	case MODEL_TOP:
		return n - 1;
	case MODEL_BELOW:
		while (i + 1 < n && s[i + 1].speed <= feed)
			i++;
		return i;
	case MODEL_ABOVE:
		while (i + 1 < n && s[i].speed < feed)
			i++;
		return i;
	default:
		for (i = 1; i < n; i++)
			if (received(c, &s[i], feed) >
			    received(c, &s[best], feed) * (1 + 1e-9))
				best = i;
		return best;
	}
}

/* Returns by what share a feed may be wrong that a late host brings. */
static double feed_error(const struct calibration *c)
{
	return 2 * cal_error(c) / c->hitch;
}

/* Returns whether the rule chooses this speed for a feed that is as near. */
static bool agrees(const struct calibration *c, enum model_rule rule,
    const struct step *s, size_t n, const struct cal_speed *seen, double share)
{
	const double near[] = { 1, 1 - share, 1 + share };

	for (size_t i = 0; i < sizeof near / sizeof *near; i++) {
		double speed =
		    s[chosen(c, rule, s, n, seen->feed * near[i])].speed;

		if (fabs(speed - seen->speed) <= same_share * seen->speed)
			return true;
	}
	return false;
}

/*
 * Returns how many feeds contradict the rule, even if each is wrong by `share`;
 * `*feed` is one of them.
 */
static size_t misses(const struct calibration *c, enum model_rule rule,
    const struct step *s, size_t n, const struct cal_speed *seen, size_t count,
    double share, double *feed)
{
	size_t missed = 0;

	for (size_t i = 0; i < count; i++) {
		if (agrees(c, rule, s, n, &seen[i], share))
			continue;
		missed++;
		*feed = seen[i].feed;
	}
	return missed;
}

/*
 * The rule that the fewest feeds contradict; of several, the one that the fewest
 * feeds contradict as they were measured.
 */
struct verdict {
	enum model_rule rule, equal; /* the same, if no other is as good */
	size_t missed, missed_exactly;
	double feed; /* one that contradicts */
};

static struct verdict compare_rules(const struct calibration *c,
    const struct step *s, size_t n, const struct cal_speed *seen, size_t count)
{
	/* Of equal rules the first one counts. */
	static const enum model_rule rules[] = { MODEL_TOP, MODEL_BEST,
		MODEL_ABOVE, MODEL_BELOW };
	struct verdict v = { .missed = SIZE_MAX, .missed_exactly = SIZE_MAX };
	double share = near_share + feed_error(c);

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		double feed = 0, any;
		size_t exactly =
		    misses(c, rules[i], s, n, seen, count, 0, &any);
		size_t missed =
		    misses(c, rules[i], s, n, seen, count, share, &feed);

		if (missed < v.missed ||
		    (missed == v.missed && exactly < v.missed_exactly))
			v = (struct verdict){ rules[i], rules[i], missed,
				exactly, feed };
		else if (missed == v.missed && exactly == v.missed_exactly)
			v.equal = rules[i];
	}
	return v;
}

/*
 * The backhitch at lower speeds decides what is best, and a filemark does not
 * show it on some drives: then the part at standstill that explains most feeds
 * is taken.
 */
static struct verdict best_verdict(const struct calibration *c, struct step *s,
    size_t n, const struct cal_speed *seen, size_t count)
{
	struct step tried[MODEL_SPEEDS_MAX];
	struct verdict best = compare_rules(c, s, n, seen, count), v;

	if (c->result->of[CALIBRATE_SYNC_HITCH].value == 0)
		return best;
	for (int percent = 0; percent <= 100; percent += 5) {
		double part = percent / 100.0;

		memcpy(tried, s, n * sizeof *tried);
		for (size_t i = 0; i < n; i++)
			tried[i].hitch = c->hitch *
			    (part + (1 - part) * s[i].speed / s[n - 1].speed);
		v = compare_rules(c, tried, n, seen, count);
		if (v.missed < best.missed || percent == 0) {
			best = v;
			memcpy(s, tried, n * sizeof *tried);
		}
	}
	return best;
}

static void judge_rule(struct calibration *c, struct step *s, size_t n,
    const struct cal_speed *seen, size_t count)
{
	struct verdict v = best_verdict(c, s, n, seen, count);

	if (feed_error(c) > feed_error_most) {
		cal_too_late(c, CALIBRATE_RULE,
		    "a feed that it brings may be wrong by %.0f %%",
		    feed_error(c) * 100);
		return;
	}
	for (size_t i = 0; i < count; i++)
		cal_point(c, CALIBRATE_CURVE_SPEEDS, seen[i].feed,
		    seen[i].speed,
		    s[chosen(c, v.rule, s, n, seen[i].feed)].speed);
	/* One in fifty may be a disturbance. */
	if (v.missed * 50 > count) {
		/* Where time is real, one in ten may be, too. */
		bool proof = !cal_is_real(c) || v.missed * 10 > count;

		cal_contradict(c, CALIBRATE_RULE, proof ? INFINITY : 0,
		    "the speed follows none of the rules best, below, above "
		    "and top: %zu of %zu feeds contradict the nearest, for "
		    "instance %.1f MB/s",
		    v.missed, count, v.feed / 1e6);
		return;
	}
	cal_found(c, CALIBRATE_RULE, v.rule, 0, count, "none: a word");
	if (v.equal != v.rule)
		snprintf(c->result->of[CALIBRATE_RULE].why, CALIBRATE_WHY_BYTES,
		    "%s chooses the same speed at each feed that was tried",
		    calibrate_rule_name(v.equal));
}

/* The backhitch of a speed v is h (p + (1 - p) v / v_top). */
static void judge_hitch(struct calibration *c, const struct step *s, size_t n)
{
	double x[MODEL_SPEEDS_MAX], y[MODEL_SPEEDS_MAX], top, at_0, late;
	struct fit fit;

	/* Speeds that a late host may have mixed up say nothing of theirs. */
	if (cal_is_real(c) && !cal_is_found(c, CALIBRATE_RULE)) {
		cal_without(c, CALIBRATE_HITCH_STANDSTILL, CALIBRATE_CANNOT,
		    "the rule of the speeds was not found, so it is not known "
		    "which of them a backhitch belongs to");
		return;
	}
	if (n < 2) {
		cal_without(c, CALIBRATE_HITCH_STANDSTILL, CALIBRATE_CANNOT,
		    "the drive was seen with one speed only");
		return;
	}
	if (c->result->of[CALIBRATE_SYNC_HITCH].value != 0) {
		cal_without(c, CALIBRATE_HITCH_STANDSTILL, CALIBRATE_CANNOT,
		    "a filemark causes no backhitch, so that of a lower speed "
		    "was not measured");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		x[i] = s[i].speed;
		y[i] = s[i].hitch;
	}
	if (!fit_line(x, y, n, &fit))
		return;
	top = fit.term[0] + fit.term[1] * x[n - 1];
	at_0 = fit.term[0] / top;
	for (size_t i = 0; i < n; i++)
		cal_point(c, CALIBRATE_CURVE_HITCH, x[i], y[i],
		    fit.term[0] + fit.term[1] * x[i]);
	if (fit.worst * 100 > CAL_PERCENT * y[0] || at_0 < -0.02 ||
	    at_0 > 1.02) {
		double off_s = fmax(fit.worst, (fabs(at_0 - 0.5) - 0.5) * top);

		cal_contradict(c, CALIBRATE_HITCH_STANDSTILL, off_s,
		    "the backhitch is no constant plus a part in proportion to "
		    "the speed: %.2f s at %.1f MB/s, %.2f s at %.1f MB/s, "
		    "%.2f s at %.1f MB/s",
		    y[0], x[0] / 1e6, y[n / 2], x[n / 2] / 1e6, y[n - 1],
		    x[n - 1] / 1e6);
		return;
	}
	/* The host may have seen one answer late in two groups that agree. */
	late = cal_is_real(c) ? ((2 * cal_error(c) + cal_error_once(c) / 2) *
					x[n - 1] / (x[n - 1] - x[0]) +
				    3 * fit.error[0]) /
		top
			      : 0;
	if (late > 0.5)
		cal_too_late(c, CALIBRATE_HITCH_STANDSTILL,
		    "the backhitch of a speed may be wrong by as much as it "
		    "differs from that of another");
	else
		cal_found(c, CALIBRATE_HITCH_STANDSTILL, fmin(fmax(at_0, 0), 1),
		    fmax(fit.error[0] / top, late), n,
		    late > fit.error[0] / top ? "what a late host may be wrong"
					      : "standard error");
}

/* Returns how many speeds are this one. */
static size_t like(const struct cal_speed *seen, size_t count, double speed,
    double share)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += fabs(seen[i].speed - speed) <= share * speed;
	return n;
}

/*
 * Returns whether lone speeds are so few that they are disturbances: at a feed
 * that is a speed, some cycles may have that speed, and some the next.
 */
static bool lone_are_few(const struct cal_speed *seen, size_t count)
{
	size_t lone = 0;

	for (size_t i = 0; i < count; i++)
		lone += like(seen, count, seen[i].speed, same_share) == 1;
	return lone <= 1 + count / 40;
}

size_t cal_lone_speeds(const struct calibration *c,
    const struct cal_speed *seen, size_t count, size_t *places, size_t most)
{
	size_t n = 0;

	if (!cal_is_real(c) || !lone_are_few(seen, count))
		return 0;
	for (size_t i = 0; i < count && n < most; i++)
		if (like(seen, count, seen[i].speed, same_share) == 1)
			places[n++] = i;
	return n;
}

/* Returns how many were kept. */
static size_t without_strays(const struct calibration *c,
    const struct cal_speed *seen, size_t count, struct cal_speed *kept)
{
	bool few = lone_are_few(seen, count);
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		bool stray = false;

		for (size_t k = 0; k < count && cal_is_real(c) && !stray; k++)
			stray =
			    like(seen, count, seen[i].speed, same_share) == 1 &&
			    (few ||
				(fabs(seen[k].speed - seen[i].speed) <=
					stray_share * seen[i].speed &&
				    like(seen, count, seen[k].speed,
					same_share) > 2));
		if (!stray)
			kept[n++] = seen[i];
	}
	return n;
}

void cal_judge_speeds(struct calibration *c, const struct cal_speed *seen,
    size_t count)
{
	struct cal_speed *sorted = calloc(2 * count + 1, sizeof *sorted);
	struct cal_speed *kept;
	struct step steps[MODEL_SPEEDS_MAX];
	size_t n;

	if (sorted == NULL) {
		cal_fail(c, "out of memory");
		return;
	}
	kept = sorted + count;
	count = without_strays(c, seen, count, kept);
	memcpy(sorted, kept, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, by_speed);
	n = make_steps(sorted, count, steps);
	if (count == 0 || n > MODEL_SPEEDS_MAX) {
		c->result->follows_feed = count > 0;
		for (size_t i = 0; i < count; i++)
			cal_point(c, CALIBRATE_CURVE_SPEEDS, kept[i].feed,
			    kept[i].speed, NAN);
		cal_contradict(c, CALIBRATE_RULE, INFINITY,
		    "the speed has no steps: more than %d were seen, from "
		    "%.1f to %.1f MB/s",
		    MODEL_SPEEDS_MAX, sorted[0].speed / 1e6,
		    sorted[count > 0 ? count - 1 : 0].speed / 1e6);
		c->result->of[CALIBRATE_HITCH_STANDSTILL] =
		    c->result->of[CALIBRATE_RULE];
		free(sorted);
		return;
	}
	judge_rule(c, steps, n, kept, count);
	judge_hitch(c, steps, n);
	for (size_t i = 0; cal_is_found(c, CALIBRATE_RULE) && i < n; i++) {
		c->result->speeds[i] = steps[i].speed;
		c->result->speeds_spread[i] =
		    fmax(steps[i].spread, feed_error(c) * steps[i].speed);
		c->result->speeds_count = n;
	}
	free(sorted);
}
