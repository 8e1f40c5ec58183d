/*
 * speeds.c: the speed at many feeds.
 *
 * Bytes S that come at a feed F, then a synchronised filemark: the tape starts
 * at the filemark, at the speed v that it chooses for the feed, and after the
 * backhitch h of the filemark before.  From answer to answer it takes
 * max(S / F, h) + S / v.
 *
 * A group is three such cycles: many bytes, the same again, and one block.  The
 * first makes the backhitch before the second that of the same speed; the block
 * shows it.  The feed is the one that the host achieved.  A host in real time
 * repeats groups until most agree: one that slept too long, or saw an answer
 * late, brought another feed.
 */
#include <math.h>
#include <string.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum {
	FEEDS_MAX = 160,
	GROUPS_MAX = 9,
	ROOM_GROUPS = 3,
	UNSETTLED_MOST = 12,
	LONE_MOST = 8
};

/* The feeds, downwards; the last feeds below the lowest speed are coarser. */
static const double fine = 0.98, coarse = 0.95, stop_share = 0.45;
/* The same feed, and the same speed, in real time. */
static const double same_feed = 0.006, same_speed = 0.006;

struct probe {
	double feed, many; /* bytes */
};

/* The samples of a group: seconds. */
enum { FIRST_CAME, CAME, FLUSHED, BLOCK_ALL, GROUP };
/* The samples before the groups: bytes of many, and of a block. */
enum { MANY, FEW, BEFORE };

/* Solves the equations above.  Returns false if no speed satisfies them. */
static bool solve(const struct calibration *c, const double *bytes,
    const double *group, struct cal_speed *to)
{
	double few = bytes[FEW], few_s = group[BLOCK_ALL];
	double many = bytes[MANY], many_s = group[CAME] + group[FLUSHED];
	double v, h;

	to->feed = many / group[CAME];
	/* All of it came during the backhitch. */
	if (many_s > few_s) {
		v = (many - few) / (many_s - few_s);
		h = few_s - few / v;
		if (h >= group[CAME] * 0.999) {
			to->speed = v;
			to->hitch = h;
			return true;
		}
	}
	/* The backhitch was over before the filemark. */
	if (group[FLUSHED] <= 0)
		return false;
	v = many / group[FLUSHED];
	to->speed = v;
	/* Without a backhitch nothing is left but the feed itself. */
	to->hitch = c->result->of[CALIBRATE_SYNC_HITCH].value != 0
	    ? 0
	    : few_s - few / v;
	return true;
}

static bool is_near(double a, double b, double share)
{
	return fabs(a - b) <= share * b;
}

/*
 * Returns by how much the host was late or early with both feeds of a group.  The
 * drive does not notice a sleep between that ended late.
 */
static double late_s(const double *bytes, const double *group, double feed)
{
	double lasts = bytes[MANY] / feed;

	return fmax(fabs(group[FIRST_CAME] - lasts), fabs(group[CAME] - lasts));
}

/* Returns whether the host brought both times about the feed that it meant. */
static bool is_on_time(const struct calibration *c, const double *bytes,
    const double *group, double feed)
{
	return !cal_is_real(c) ||
	    late_s(bytes, group, feed) <= same_feed * bytes[MANY] / feed;
}

/*
 * Finds the speed on which most groups agree, by two more than do not; in
 * virtual time there is one.  Returns false if there is no such speed.
 */
static bool settle(const struct calibration *c, double feed,
    const double *samples, size_t count, struct cal_speed *to)
{
	struct cal_speed all[GROUPS_MAX];
	double feeds = 0, speeds = 0, late = 0, hitches[GROUPS_MAX];
	size_t n = 0, most = 0, best = 0, agree = 0;

	for (size_t at = BEFORE; at + GROUP <= count && n < GROUPS_MAX;
	     at += GROUP)
		if (is_on_time(c, samples, samples + at, feed) &&
		    solve(c, samples, samples + at, &all[n]))
			all[n++].late = late_s(samples, samples + at, feed);
	for (size_t i = 0; i < n; i++) {
		size_t near = 0;

		for (size_t k = 0; k < n; k++)
			near += is_near(all[k].speed, all[i].speed, same_speed);
		if (near > most)
			most = near, best = i;
	}
	if (most == 0 || (cal_is_real(c) && most < n - most + 2))
		return false;
	for (size_t k = 0; k < n; k++) {
		if (!is_near(all[k].speed, all[best].speed, same_speed))
			continue;
		feeds += all[k].feed;
		speeds += all[k].speed;
		late = fmax(late, all[k].late);
		hitches[agree++] = all[k].hitch;
	}
	*to = (struct cal_speed){ feeds / (double)agree, speeds / (double)agree,
		fit_median(hitches, agree), late };
	return true;
}

static bool measure_group(struct calibration *c, const struct probe *p,
    double *samples, size_t *count)
{
	const struct cal_cycle many = { p->feed, p->many };
	const struct cal_cycle block = { p->feed, (double)c->block };
	double first_s, first_flush_s, all_s, flush_s, block_s, block_flush_s;

	if (!cal_run_cycle(c, &many, &first_s, &first_flush_s,
		&samples[MANY]) ||
	    !cal_run_cycle(c, &many, &all_s, &flush_s, &samples[MANY]) ||
	    !cal_run_cycle(c, &block, &block_s, &block_flush_s, &samples[FEW]))
		return false;
	samples[*count + FIRST_CAME] = first_s - first_flush_s;
	samples[*count + CAME] = all_s - flush_s;
	samples[*count + FLUSHED] = flush_s;
	samples[*count + BLOCK_ALL] = block_s;
	*count += GROUP;
	return true;
}

/* Samples: BEFORE, and GROUP of each group. */
static bool measure_feed(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	const struct probe *p = arg;
	double room = 2 * p->many + 32 * (double)c->block;
	struct cal_speed speed;

	*count = BEFORE;
	for (int i = 0; i < (cal_is_real(c) ? GROUPS_MAX : 1); i++) {
		if (i % ROOM_GROUPS == 0 &&
		    (!cal_make_room(c, ROOM_GROUPS * room) ||
			!cal_prime(c, p->feed)))
			return false;
		if (!measure_group(c, p, samples, count))
			return false;
		if (settle(c, p->feed, samples, *count, &speed)) {
			/* The groups that agree count. */
			c->unit_late = speed.late;
			return true;
		}
	}
	c->unit_late = c->unit_most;
	return true;
}

static struct probe probe_of(const struct calibration *c, double feed)
{
	struct probe p = { .feed = feed };
	double most = 0.7 * c->threshold;

	if (c->delay > 0)
		most = fmin(most, 0.7 * c->delay * feed);
	p.many = fmin(most, fmax(1.25 * c->hitch, 0.5) * feed);
	return p;
}

/* The host did not see enough of the feeds. */
static bool is_disturbed(struct calibration *c, size_t unsettled, size_t row,
    size_t feeds)
{
	if (!cal_is_real(c) || (row < 2 && unsettled * 10 <= feeds))
		return false;
	cal_without(c, CALIBRATE_RULE, CALIBRATE_CANNOT,
	    "the host was disturbed: equal measurements differ at %zu of %zu "
	    "feeds; sleeps ended late by up to %.1f ms",
	    unsettled, feeds, c->late_ever * 1e3);
	c->result->of[CALIBRATE_HITCH_STANDSTILL] =
	    c->result->of[CALIBRATE_RULE];
	return true;
}

/*
 * A speed that was seen once may be a disturbance of the host, or a speed whose
 * other feeds were disturbed: it is measured again.  Returns false if the run
 * has ended.
 */
static bool measure_lone(struct calibration *c, struct cal_speed *seen,
    size_t *count)
{
	double sample[CALIBRATE_SAMPLES_MAX];
	size_t places[LONE_MOST], samples;
	size_t n = cal_lone_speeds(c, seen, *count, places, LONE_MOST);

	for (size_t i = 0; i < n; i++) {
		const struct probe p = probe_of(c, seen[places[i]].feed);

		if (!cal_unit(c, measure_feed, &p, sample, &samples,
			"speed again %d", (int)i))
			return false;
		*count += settle(c, p.feed, sample, samples, &seen[*count]);
	}
	return true;
}

void cal_speeds(struct calibration *c)
{
	struct cal_speed seen[FEEDS_MAX + LONE_MOST];
	double sample[CALIBRATE_SAMPLES_MAX], lowest = c->top, factor = fine;
	double fine_to = INFINITY;
	double feed = fmin(c->bus, 1.1 * c->top);
	size_t n = 0, count, feeds = 0, unsettled = 0, row = 0, rows = 0;

	if (c->threshold <= 0 || c->hitch <= 0 ||
	    !cal_is_found(c, CALIBRATE_TOP_SPEED)) {
		cal_without(c, CALIBRATE_RULE, CALIBRATE_CANNOT,
		    "the restart level, the highest speed or the backhitch was "
		    "not found");
		c->result->of[CALIBRATE_HITCH_STANDSTILL] =
		    c->result->of[CALIBRATE_RULE];
		return;
	}
	for (int i = 0; n < FEEDS_MAX && feed > stop_share * lowest;
	     i++, feed *= factor) {
		struct probe p = probe_of(c, feed);

		if (!cal_unit(c, measure_feed, &p, sample, &count, "speed %d",
			i))
			return;
		feeds++;
		if (!settle(c, feed, sample, count, &seen[n])) {
			unsettled++;
			rows = ++row > rows ? row : rows;
			if (cal_is_real(c) && unsettled > UNSETTLED_MOST)
				break;
			continue;
		}
		row = 0;
		/* A coarse step may have passed a speed: back, in fine ones. */
		if (factor == coarse && seen[n].speed < 0.99 * lowest) {
			fine_to = feed;
			feed /= coarse;
			factor = fine;
			continue;
		}
		factor = fine;
		if (seen[n].speed < 0.99 * lowest)
			lowest = seen[n].speed;
		else if (feed < 0.9 * lowest && feed < fine_to)
			factor = coarse;
		n++;
	}
	if (!is_disturbed(c, unsettled, rows, feeds) &&
	    measure_lone(c, seen, &n))
		cal_judge_speeds(c, seen, n);
}
