/* trial.c: see trial.h. */
#include "sim/accept/trial.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/results.h"
#include "reports/metric.h"
#include "reports/units.h"
#include "sim/accept/admit.h"
#include "sim/accept/watch.h"
#include "sim/run/run.h"
#include "splitter/base/sentence.h"

/* What is compared, if both runs have it. */
static const struct {
	const char *metric, *what;
} compared[] = {
	{ "throughput_mean", "Throughput" },
	{ "write_rate_mean", "Write rate" },
	{ "part_rate_mean", "Rate of a part" },
	{ "feed_rate_mean", "Rate of the source" },
	{ "duration", "Duration" },
	{ "parts", "Parts" },
	{ "time_writing", "Writing" },
	{ "time_idle", "Waiting for data" },
	{ "time_filemarks", "Filemarks" },
	{ "time_headers", "Headers" },
	{ "producer_blocked", "Source blocked" },
	{ "drive_wait", "Drive waited for" },
	{ "buffer_fill_mean", "Buffer fill" },
};

static const struct results_metric *find(const struct results_scenario *s,
    const char *name)
{
	for (size_t i = 0; i < s->metrics_count; i++)
		if (strcmp(s->metrics[i].name, name) == 0 &&
		    (s->metrics[i].kind == RESULTS_NUMBER ||
			s->metrics[i].kind == RESULTS_REAL))
			return &s->metrics[i];
	return NULL;
}

static const char *value_text(char buf[UNITS_BYTES],
    const struct results_metric *m)
{
	double value = report_metric_value(m);

	if (strcmp(m->unit, "B/s") == 0)
		return units_rate(buf, value);
	if (strcmp(m->unit, "s") == 0)
		return units_time(buf, value);
	if (strcmp(m->unit, "%") == 0)
		return units_percent(buf, value);
	snprintf(buf, UNITS_BYTES, "%.0f", value);
	return buf;
}

static void print(const struct results_scenario *predicted,
    const struct results_scenario *measured, FILE *to)
{
	char a[UNITS_BYTES], b[UNITS_BYTES], difference[UNITS_BYTES];

	fprintf(to, "%-20s %16s %16s %12s\n", "", "predicted", "measured",
	    "difference");
	for (size_t i = 0; i < sizeof compared / sizeof *compared; i++) {
		const struct results_metric *p =
		    find(predicted, compared[i].metric);
		const struct results_metric *m =
		    find(measured, compared[i].metric);

		if (p == NULL || m == NULL)
			continue;
		snprintf(difference, sizeof difference, "-");
		if (report_metric_value(p) > 0)
			snprintf(difference, sizeof difference, "%+.1f %%",
			    100 *
				(report_metric_value(m) /
					report_metric_value(p) -
				    1));
		fprintf(to, "%-20s %16s %16s %12s\n", compared[i].what,
		    value_text(a, p), value_text(b, m), difference);
	}
}

/* Runs the scenario in virtual time.  NULL with a message. */
static struct results_scenario *predict(const struct trial_config *c, char *err,
    size_t err_bytes)
{
	const struct run_options options = { .seed = c->seed,
		.figures_only = true };
	struct results_scenario *results = NULL;

	return run_scenario(c->scenario, "trial", c->scenario->path, &options,
		   &results, err, err_bytes) == RUN_JUDGED
	    ? results
	    : NULL;
}

/*
 * Sets the size of the dump: what the prediction writes in the time of the
 * trial, in whole blocks.
 */
static int set_size(const struct trial_config *c, char *err, size_t err_bytes)
{
	struct scenario_dump *d = &c->scenario->dumps[0];
	struct results_scenario *first = predict(c, err, err_bytes);
	const struct results_metric *rate =
	    first != NULL ? find(first, "throughput_mean") : NULL;
	double bytes =
	    rate != NULL ? report_metric_value(rate) * (double)c->ns / 1e9 : 0;
	uint64_t block = d->splitter.block_bytes;

	if (first != NULL && bytes < (double)block)
		sentence(err, err_bytes,
		    "%s: the prediction writes nothing in the time of the "
		    "trial; give more time",
		    c->scenario->path);
	results_scenario_free(first);
	if (bytes < (double)block)
		return -1;
	if (bytes < (double)d->size_bytes)
		d->size_bytes = (uint64_t)bytes / block * block;
	return 0;
}

static int check(const struct trial_config *c, char *err, size_t err_bytes)
{
	const struct scenario *s = c->scenario;

	if (s->steps_count == 0 && s->dumps_count == 1 &&
	    s->dumps[0].runs == 1 && s->faults_count == 0 &&
	    (s->dumps[0].source == SOURCE_RANDOM ||
		s->dumps[0].source == SOURCE_ZEROS))
		return 0;
	sentence(err, err_bytes,
	    "%s: a trial needs a scenario of one generated dump, without steps "
	    "and without faults",
	    s->path);
	return -1;
}

/* Labels the cartridge, and writes the dump on it. */
static int make_steps(struct scenario *s, const char *name)
{
	struct scenario_step *steps = calloc(2, sizeof *steps);
	size_t *dump = calloc(1, sizeof *dump);
	size_t *volume = calloc(1, sizeof *volume);

	if (steps == NULL || dump == NULL || volume == NULL) {
		free(steps);
		free(dump);
		free(volume);
		return -1;
	}
	steps[0].does = STEP_LABEL;
	steps[1].does = STEP_WRITE;
	steps[1].dumps = (struct scenario_places){ dump, 1 };
	steps[1].volumes = (struct scenario_places){ volume, 1 };
	s->steps = steps;
	s->steps_count = 2;
	s->volumes_count = 1;
	if (s->dumps[0].name[0] == '\0')
		strcpy(s->dumps[0].name, "trial");
	snprintf(s->volumes[0].barcode, sizeof s->volumes[0].barcode, "%s",
	    name);
	return 0;
}

/* The trial while it writes. */
struct writing {
	const struct trial_config *config;
	struct tape_library *inner; /* below the watch */
	struct watch_seen seen;
	bool loaded; /* once at least */
	/* The identity of the cartridge; "" before the first load. */
	char serial[TAPE_SERIAL_BYTES], change[ADMIT_CHANGE_BYTES];
	char why[TAPE_MESSAGE_BYTES]; /* why it may not be written; or "" */
};

/* Each load must bring the cartridge of the first one, which gets a label. */
static const char *on_loaded(void *arg, struct tape *tape)
{
	struct writing *w = arg;
	const struct admit known = { .name = w->config->name,
		.serial = w->serial,
		.change = w->change,
		.overwrite = w->config->overwrite,
		.overwrite_count = w->loaded ? 0 : w->config->overwrite_count,
		.looked = w->loaded,
		.begun = w->loaded,
		.blank = !w->loaded };
	struct tape_identity id;
	int64_t now_ns = 0;
	enum admit_verdict verdict;

	verdict = admit_cartridge(&known, tape, &now_ns, w->why, sizeof w->why);
	if ((verdict == ADMIT_YES || verdict == ADMIT_KEPT) &&
	    !admit_memory_agrees(known.name, tape, w->why, sizeof w->why))
		return w->why;
	if (verdict != ADMIT_YES)
		return w->why;
	tape_identify(tape, &id);
	snprintf(w->serial, sizeof w->serial, "%s", id.serial);
	w->loaded = true;
	return NULL;
}

static void on_unload(void *arg, struct tape *tape)
{
	struct writing *w = arg;
	struct tape_identity id;

	tape_identify(tape, &id);
	if (strcmp(id.serial, w->serial) == 0)
		admit_change_text(&id, w->change);
}

static struct tape_library *open_tapes(void *arg, const struct tapes_use *use,
    char *err, size_t err_bytes)
{
	struct writing *w = arg;
	struct accept_device *d = w->config->device;
	const struct watch_config config = {
		.loaded = on_loaded, .before_unload = on_unload, .arg = w
	};
	struct tape_library *watch;

	w->inner = d->ops->open(d, use, err, err_bytes);
	if (w->inner == NULL)
		return NULL;
	watch = watch_new(w->inner, &config, &w->seen);
	if (watch != NULL)
		return watch;
	sentence(err, err_bytes, "out of memory");
	d->ops->close(d, w->inner);
	return NULL;
}

static void close_tapes(void *arg, struct tape_library *tapes)
{
	const struct writing *w = arg;
	struct accept_device *d = w->config->device;

	watch_free(tapes);
	d->ops->close(d, w->inner);
}

/* Only the label step, which has the first load, overwrites. */
static const char *const *overwrite(void *arg, const char *const *volumes,
    size_t count, size_t *names_count)
{
	const struct trial_config *c = ((const struct writing *)arg)->config;

	(void)volumes, (void)count;
	*names_count = c->overwrite_count;
	return c->overwrite;
}

/* Writes the dump on the device.  NULL with a message. */
static struct results_scenario *measure(const struct trial_config *c, char *err,
    size_t err_bytes)
{
	struct writing writing = { .config = c };
	const struct story_device device = { .open = open_tapes,
		.close = close_tapes,
		.overwrite = overwrite,
		.model = c->device->model,
		.arg = &writing };
	const struct run_options options = { .real = true,
		.seed = c->seed,
		.no_read_back = true,
		.device = &device };
	struct results_scenario *results = NULL;

	if (make_steps(c->scenario, c->name) != 0) {
		sentence(err, err_bytes, "out of memory");
		return NULL;
	}
	return run_scenario(c->scenario, "trial", c->scenario->path, &options,
		   &results, err, err_bytes) == RUN_JUDGED
	    ? results
	    : NULL;
}

/* Prints both runs.  Returns 1 with a message if the dump is not whole. */
static int compare(const struct trial_config *c,
    const struct results_scenario *predicted,
    const struct results_scenario *measured, char *err, size_t err_bytes)
{
	const struct results_step *step = &measured->steps[1];

	print(predicted, measured, c->to);
	for (size_t i = 0; i < measured->steps_count; i++)
		if (strcmp(measured->steps[i].result, "done") != 0) {
			step = &measured->steps[i];
			sentence(err, err_bytes, "%s: %s: %s", c->name,
			    step->title,
			    step->messages_count > 0 ? step->messages[0].text
						     : step->reason);
			return 1;
		}
	return 0;
}

int trial_run(const struct trial_config *c, char *err, size_t err_bytes)
{
	struct results_scenario *predicted = NULL, *measured = NULL;
	struct acceptance found = { .seed = 0 };
	char size[UNITS_BYTES];
	int rc = -1;

	if (check(c, err, err_bytes) == 0 &&
	    c->device->ops->facts(c->device, &found, err, err_bytes) == 0 &&
	    set_size(c, err, err_bytes) == 0)
		predicted = predict(c, err, err_bytes);
	if (predicted != NULL) {
		fprintf(c->to, "%s is written to cartridge %s.\n",
		    units_size_decimal(size, c->scenario->dumps[0].size_bytes),
		    c->name);
		if (c->confirm == NULL || c->confirm(c->arg))
			measured = measure(c, err, err_bytes);
		else
			sentence(err, err_bytes,
			    "not begun: the answer was not yes");
	}
	if (measured != NULL)
		rc = compare(c, predicted, measured, err, err_bytes);
	results_scenario_free(predicted);
	results_scenario_free(measured);
	acceptance_clear(&found);
	return rc;
}
