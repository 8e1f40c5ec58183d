/*
 * mount.c: loads and unloads in place, without a robot.
 *
 * An unload of an unused cartridge at its beginning has no rewind.  Some drives
 * wind the tape to its end and back after use: the difference, by what was
 * written, is the rewind of an unload.
 */
#include <math.h>

#include "sim/calibrate/fit.h"
#include "sim/calibrate/impl.h"

enum { REPEATS = 2, RUN_BYTES = 4 << 20 };

/* Sample pairs: the unload after `bytes` were written, and the load after it. */
static bool measure_mount(struct calibration *c, const void *arg,
    double *samples, size_t *count)
{
	const struct calibrate_config *k = c->config;
	double bytes = *(const double *)arg;
	struct tape_result result;
	int64_t begun_ns;

	if (bytes > 0) {
		if (!cal_locate(c, CAL_FIRST_FILE))
			return false;
		for (double sent = 0; sent < bytes; sent += RUN_BYTES)
			if (!cal_write(c, RUN_BYTES, c->block))
				return false;
		if (!cal_filemark(c, true))
			return false;
	}
	if (!cal_rewind(c))
		return false;
	for (int i = 0; i < 2; i++) {
		begun_ns = c->now_ns;
		tape_result_init(&result, c->now_ns);
		(i == 0 ? k->unload : k->load)(k->arg, c->now_ns, &result);
		c->now_ns = result.done_ns;
		c->lost = true;
		c->written = false;
		if (result.cause != TAPE_OK)
			return cal_fail(c, "mount: %s",
			    tape_result_text(&result));
		samples[(*count)++] =
		    (double)(c->now_ns - begun_ns) / CAL_SECOND;
	}
	return true;
}

static bool reload(struct calibration *c, double bytes, int i, double *unload_s,
    double *load_s)
{
	double sample[CALIBRATE_SAMPLES_MAX];
	size_t count;

	if (!cal_unit(c, measure_mount, &bytes, sample, &count, "mount %d", i))
		return false;
	*unload_s = sample[0];
	*load_s = sample[1];
	return true;
}

/* After use: 1 GB, 10 GB, 55 GB, in the classes of the model. */
static void rewinds(struct calibration *c, double unload_s)
{
	static const double used[] = { 1e9, 10e9, 55e9 };
	double room = 0.9 * (double)c->config->medium->capacity_bytes;
	double took, load_s, rest[3];
	bool winds = true;
	int n = 0;

	/* Without one, two classes need not be tried. */
	for (; n < 3 && used[n] <= room && winds; n++) {
		if (!reload(c, used[n], REPEATS + 1 + n, &took, &load_s))
			return;
		rest[n] = took - unload_s;
		winds = n > 0 || rest[n] > 0.1 * unload_s + 1;
	}
	for (int i = 0; i < 3; i++) {
		enum calibrate_constant which = CALIBRATE_UNLOAD_REWIND_FEW + i;

		if (!winds)
			cal_without(c, which, CALIBRATE_CANNOT,
			    "an unload after use has no rewind of its own");
		else if (i < n)
			cal_found_late(c, which, fmax(rest[i], 0), 0,
			    2 * cal_error_once(c), 1, "none: one sample");
		else
			cal_without(c, which, CALIBRATE_CANNOT,
			    "the tape is too short for %.0f GB", used[i] / 1e9);
	}
}

void cal_mount(struct calibration *c)
{
	const struct calibrate_config *k = c->config;
	double unload_s[REPEATS + 1], load_s[REPEATS + 1];

	if (k->unload == NULL || k->load == NULL) {
		cal_without(c, CALIBRATE_LOAD, CALIBRATE_CANNOT, "%s",
		    k->no_mount != NULL
			? k->no_mount
			: "this back end cannot unload and load in place");
		for (int i = CALIBRATE_UNLOAD;
		     i <= CALIBRATE_UNLOAD_REWIND_MANY; i++)
			c->result->of[i] = c->result->of[CALIBRATE_LOAD];
		return;
	}
	/* The first unload ends the use before. */
	for (int i = 0; i <= REPEATS; i++)
		if (!reload(c, 0, i, &unload_s[i], &load_s[i]))
			return;
	cal_found_late(c, CALIBRATE_UNLOAD, fit_median(unload_s + 1, REPEATS),
	    fit_half_range(unload_s + 1, REPEATS), cal_error_once(c), REPEATS,
	    "half the range");
	cal_found_late(c, CALIBRATE_LOAD, fit_median(load_s, REPEATS + 1),
	    fit_half_range(load_s, REPEATS + 1), cal_error_once(c), REPEATS + 1,
	    "half the range");
	rewinds(c, c->result->of[CALIBRATE_UNLOAD].value);
}
