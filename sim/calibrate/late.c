/*
 * late.c: how late the host is, and what a deviation proves.
 *
 * In real time, a sleep ends late, and an answer is seen late.  That looks like
 * a drive which takes longer, or another feed.  The host knows only how late its
 * sleeps end, and by how much equal answers differ: what is not much longer than
 * that says nothing about the drive.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum { SLEEPS = 200, LOOKS = 5 };

static const double sleep_s = 0.004, least_s = 0.02, times = 4;
/* A time that is taken once is late by more than a sleep was, but not by much. */
static const double margin = 1.5;
/* A busy host may stand still for so long, also when it did not while asleep. */
static const double still_s = 0.1;

/* Sample: how late a sleep ends usually.  The most is noted by the unit. */
static bool measure_sleeps(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	double late[SLEEPS];

	(void)arg;
	for (int i = 0; i < SLEEPS; i++) {
		int64_t due_ns = c->now_ns + (int64_t)(sleep_s * CAL_SECOND);

		if (!cal_wait_until(c, due_ns))
			return false;
		late[i] = (double)(c->now_ns - due_ns) / CAL_SECOND;
	}
	samples[(*count)++] = fit_median(late, SLEEPS);
	return true;
}

void cal_look_at_host(struct calibration *c)
{
	double sample[CALIBRATE_SAMPLES_MAX], late[LOOKS];
	size_t count;

	for (int i = 0; i < LOOKS && cal_is_real(c); i++) {
		if (!cal_unit(c, measure_sleeps, NULL, sample, &count,
			"host %d", i))
			return;
		late[i] = sample[0];
		c->usual_late = fit_median(late, (size_t)i + 1);
	}
}

double cal_error(const struct calibration *c)
{
	return cal_is_real(c) ? margin * c->late : 0;
}

double cal_error_once(const struct calibration *c)
{
	return cal_is_real(c) ? margin * c->late_ever : 0;
}

double cal_doubt(const struct calibration *c)
{
	return cal_is_real(c) ? fmax(least_s, times * c->late_ever) : 0;
}

void cal_too_late(struct calibration *c, enum calibrate_constant which,
    const char *format, ...)
{
	char why[CALIBRATE_WHY_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	cal_without(c, which, CALIBRATE_CANNOT,
	    "the host is late by %.2g ms usually, by %.3g ms in what counts, "
	    "by %.3g ms at most: %s",
	    c->usual_late * 1e3, c->late * 1e3, c->late_ever * 1e3, why);
}

void cal_found_late(struct calibration *c, enum calibrate_constant which,
    double value, double spread, double error, size_t samples,
    const char *statistic)
{
	if (value == 0 && error > 0)
		cal_too_late(c, which, "only the error was measured");
	else if (error >= fabs(value) && error > 0)
		cal_too_late(c, which, "the error is %.3g %% of the value",
		    error / fabs(value) * 100);
	else
		cal_found(c, which, value, fmax(spread, error), samples,
		    error > spread ? "what a late host may be wrong"
				   : statistic);
}

/* Takes a verdict back that the host explains. */
static void withdraw(struct calibration *c, enum calibrate_constant which)
{
	struct calibrate_value *v = &c->result->of[which];
	char why[CALIBRATE_WHY_BYTES];

	if (!cal_is_real(c) || v->found != CALIBRATE_NO_FIT ||
	    v->off_s > fmax(cal_doubt(c), still_s))
		return;
	snprintf(why, sizeof why, "%s", v->why);
	cal_too_late(c, which, "that explains a deviation of %.3g ms; else: %s",
	    v->off_s * 1e3, why);
}

void cal_contradict(struct calibration *c, enum calibrate_constant which,
    double off_s, const char *format, ...)
{
	char why[CALIBRATE_WHY_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof why, format, args);
	va_end(args);
	cal_without(c, which, CALIBRATE_NO_FIT, "%s", why);
	c->result->of[which].off_s = off_s;
	withdraw(c, which);
}

void cal_judge_again(struct calibration *c)
{
	for (int i = 0; i < CALIBRATE_CONSTANTS; i++)
		if (c->result->of[i].off_s > 0)
			withdraw(c, (enum calibrate_constant)i);
}
