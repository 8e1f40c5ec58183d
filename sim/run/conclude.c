/* conclude.c: judges a run whose dumps have ended. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/text.h"
#include "sim/run/impl.h"
#include "sim/run/measure/judge.h"
#include "sim/run/measure/measure.h"
#include "sim/metrics/total.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"
#include "vtl/drive/drive.h"

static void set_problem(struct run *r, const char *message)
{
	text_without(message, r->folder, r->problem, sizeof r->problem);
}

/*
 * Returns whether this machine failed to store a volume, which is no fault of a
 * tape.  The first such message becomes the problem of the run.
 */
static bool find_lost_volumes(struct run *r)
{
	struct library_volume v;
	bool lost = false;
	size_t i;

	for (i = 0; r->library != NULL && i < library_volume_count(r->library);
	     i++) {
		library_volume_get(r->library, i, &v);
		if (v.lost[0] != '\0' && r->problem[0] == '\0')
			set_problem(r, v.lost);
		lost |= v.lost[0] != '\0';
	}
	return lost;
}

/*
 * Returns whether no fault of the scenario makes the storage of a volume fail.
 */
static bool expects_storage(const struct scenario *s)
{
	for (size_t i = 0; i < s->faults_count; i++)
		if (s->faults[i].cause == TAPE_STORAGE_FAILED)
			return false;
	return true;
}

/*
 * Returns whether the scenario expects that the safe bytes of a dump differ from
 * the source.
 */
static bool expects_difference(const struct scenario *s, size_t dump)
{
	for (size_t i = 0; i < s->expects_count; i++) {
		const struct metrics_expect *e = &s->expects[i];

		if (e->fact == NULL && e->id == METRIC_RESTORED &&
		    e->op == METRICS_EQ &&
		    (e->dump == NULL || e->place == dump) &&
		    strcmp(e->value.text, "different") == 0)
			return true;
	}
	return false;
}

/*
 * Lists the attempts of earlier steps and of this one.  Returns NULL without
 * memory; the caller frees the list, but not its strings.
 */
static struct results_attempt *list_attempts(const struct run *r,
    const struct results_attempt *own, size_t own_count, size_t *count)
{
	size_t before = r->story != NULL ? r->story->before_count : 0;
	struct results_attempt *all =
	    calloc(before + own_count + 1, sizeof *all);

	*count = before + own_count;
	if (all == NULL)
		return NULL;
	if (before > 0)
		memcpy(all, r->story->before, before * sizeof *all);
	if (own_count > 0)
		memcpy(all + before, own, own_count * sizeof *all);
	return all;
}

/* Reads the safe bytes of one run of a dump back. */
static enum verify_result read_pass(struct dump *d, struct dump_pass *pass,
    char *why, size_t why_bytes)
{
	const struct run *r = d->run;
	const struct results_dump *results = dump_results(d);
	struct verify_config verify = {
		.library = r->library,
		.safe_bytes = pass->safe_bytes,
		.content = pass->content,
		.dump = pass->name,
		.dump_id = pass->dump_id,
		.block_bytes =
		    r->scenario->dumps[d->place].splitter.block_bytes,
		.shared_volumes = r->story != NULL,
	};
	struct results_attempt *all =
	    list_attempts(r, &results->attempts[pass->first_attempt],
		pass->attempts_count, &verify.attempts_count);
	enum verify_result result;

	if (all == NULL) {
		snprintf(why, why_bytes, "out of memory");
		return VERIFY_UNKNOWN;
	}
	verify.attempts = all;
	result = verify_dump(&verify, why, why_bytes);
	free(all);
	return result;
}

/*
 * Reads the safe bytes of all runs of a dump back, except of those whose
 * volumes were given to others.
 */
static void read_dump(struct dump *d, char *why, size_t why_bytes)
{
	d->restored = VERIFY_SAME;
	for (size_t i = 0; i < d->passes_count && d->restored == VERIFY_SAME;
	     i++) {
		struct dump_pass *pass = &d->passes[i];

		if (d->run->share != NULL &&
		    share_has_expired(d->run->share, d->place, i))
			continue;
		d->restored = read_pass(d, pass, why, why_bytes);
	}
}

/* `why` is the first reason why that failed. */
static void read_dumps(struct run *r, char *why, size_t why_bytes)
{
	char reason[TAPE_MESSAGE_BYTES];

	for (size_t i = 0; i < r->scenario->dumps_count; i++) {
		struct dump *d = &r->dumps[i];

		reason[0] = '\0';
		read_dump(d, reason, sizeof reason);
		if (d->restored == VERIFY_DIFFERENT && find_lost_volumes(r))
			d->restored = VERIFY_UNKNOWN;
		if (why[0] != '\0' || d->restored == VERIFY_SAME ||
		    (d->restored == VERIFY_DIFFERENT &&
			expects_difference(r->scenario, i)))
			continue;
		if (r->scenario->dumps_count > 1)
			sentence(why, why_bytes, "dump %s: %s",
			    r->scenario->dumps[i].name, reason);
		else
			sentence(why, why_bytes, "%s", reason);
	}
}

/*
 * Reads the safe bytes of all dumps back, with drives that take no time. `why`
 * is the first reason why that failed.  Returns 0, or -1 without memory.
 */
static int read_back(struct run *r, char *why, size_t why_bytes)
{
	char err[TAPE_MESSAGE_BYTES] = "";
	struct library *own = r->library;

	if (r->story == NULL) {
		library_free(r->library);
		r->library =
		    workspace_library(r->workspace, WORKSPACE_READ_BACK);
		if (r->library == NULL)
			return -1;
		strikes_watch(r->strikes, r->library, true);
		read_dumps(r, why, why_bytes);
		return 0;
	}
	/* The library of a step belongs to its program. */
	r->library = stock_open_to_read(r->story->stock, err, sizeof err);
	if (r->library != NULL)
		strikes_watch(r->story->strikes, r->library, true);
	if (r->library != NULL)
		read_dumps(r, why, why_bytes);
	library_free(r->library);
	r->library = own;
	if (err[0] != '\0')
		snprintf(why, why_bytes, "%s", err);
	return 0;
}

/* Adds the outcome of a dump.  Returns 0, or -1 without memory. */
static int add_outcome(struct dump *d)
{
	struct results_dump *to = dump_results(d);
	char reason[TAPE_MESSAGE_BYTES];

	to->safe_bytes = d->outcome.safe_bytes;
	to->buffer_bytes = measure_buffer_bytes(&d->outcome);
	measure_host(recorder_sums(d->recorder), to->host_ns);
	to->outcome = strdup(splitter_outcome_name(d->outcome.outcome));
	text_without(d->outcome.message, d->run->folder, reason, sizeof reason);
	to->reason = strdup(reason);
	return to->outcome != NULL && to->reason != NULL ? 0 : -1;
}

/*
 * Adds the outcome of all dumps: the worst.  Returns 0, or -1 without memory.
 */
static int add_outcomes(struct run *r)
{
	struct results_scenario *s = r->results;
	size_t worst = 0;

	for (size_t i = 0; i < s->dumps_count; i++) {
		const struct results_dump *d = &s->dumps[i];

		if (add_outcome(&r->dumps[i]) != 0)
			return -1;
		if (r->dumps[i].outcome.outcome >
		    r->dumps[worst].outcome.outcome)
			worst = i;
		s->safe_bytes += d->safe_bytes;
		if (s->duration_ns < d->ended_ns)
			s->duration_ns = d->ended_ns;
	}
	s->outcome = strdup(s->dumps[worst].outcome);
	if (s->dumps_count == 1 || s->dumps[worst].reason[0] == '\0')
		s->reason = strdup(s->dumps[worst].reason);
	else if (asprintf(&s->reason, "dump %s: %s", s->dumps[worst].name,
		     s->dumps[worst].reason) < 0)
		s->reason = NULL;
	return s->outcome != NULL && s->reason != NULL ? 0 : -1;
}

/* Adds what the drives did.  Returns 0, or -1 without memory. */
static int add_drives(struct run *r)
{
	struct results_scenario *s = r->results;
	size_t i, count = r->usage != NULL ? usage_drives(r->usage) : 0;

	for (i = 0; r->library != NULL && i < r->scenario->drives_count; i++)
		s->lost_blocks +=
		    drive_lost_blocks(library_drive(r->library, i));
	if (r->usage != NULL)
		usage_end(r->usage, s->duration_ns);
	s->motions = calloc(count + 1, sizeof *s->motions);
	if (s->motions == NULL)
		return -1;
	for (i = 0; i < count; i++) {
		const struct usage_drive *from = usage_drive(r->usage, i);
		struct results_drive *to = &s->motions[s->motions_count++];

		to->sums = from->sums;
		to->model = strdup(from->model);
		to->speeds = calloc(from->speeds + 1, sizeof *to->speeds);
		if (to->model == NULL || to->speeds == NULL)
			return -1;
		to->speeds_count = from->speeds;
		memcpy(to->speeds, from->speed,
		    from->speeds * sizeof *to->speeds);
	}
	return 0;
}

/* Sets the percentiles of all dumps together.  Returns 0, or -1. */
static int add_spreads(struct run *r, struct metrics_value *total)
{
	struct results_scenario *s = r->results;
	struct spread_dump *dumps = calloc(s->dumps_count, sizeof *dumps);
	int rc;

	if (dumps == NULL)
		return -1;
	for (size_t i = 0; i < s->dumps_count; i++)
		dumps[i] = (struct spread_dump){
			.series = &s->dumps[i].series,
			.buffer_bytes = s->dumps[i].buffer_bytes,
		};
	rc = measure_spreads(dumps, s->dumps_count, total);
	free(dumps);
	return rc;
}

/* Whether the metrics of the only dump are those of the scenario. */
static bool is_whole_scenario(const struct run *r)
{
	const struct scenario *s = r->scenario;

	return s->dumps_count == 1 && r->story == NULL &&
	    s->dumps[0].runs == 1 && s->dumps[0].start_ns == 0;
}

/*
 * Measures the dumps.  `values` has METRIC_COUNT elements for each, and then
 * those of all dumps.  Returns 0, or -1 without memory.
 */
static int measure(struct run *r, struct metrics_value *values)
{
	struct results_scenario *s = r->results;
	struct metrics_value *total = values + s->dumps_count * METRIC_COUNT;
	size_t i;

	for (i = 0; i < s->dumps_count; i++) {
		struct metrics_value *v = values + i * METRIC_COUNT;
		struct dump *d = &r->dumps[i];

		if (measure_metrics(&d->outcome, d->recorder, d->restored,
			&s->dumps[i], v) != 0)
			return -1;
		if (is_whole_scenario(r))
			continue;
		if (judge_add_metrics(v, &s->dumps[i].metrics,
			&s->dumps[i].metrics_count) != 0)
			return -1;
	}
	if (metrics_total(values, s->dumps_count, (double)s->duration_ns / 1e9,
		total) != 0 ||
	    add_spreads(r, total) != 0)
		return -1;
	return judge_add_metrics(total, &s->metrics, &s->metrics_count);
}

/* Adds the metrics of the step to those of all its dumps. */
static int add_step(const struct run *r, struct metrics_value *values)
{
	struct metrics_value *total =
	    values + r->scenario->dumps_count * METRIC_COUNT;

	for (size_t i = METRIC_STEP_FIRST;
	     r->story != NULL && r->story->values != NULL && i < METRIC_COUNT;
	     i++) {
		total[i] = r->story->values[i];
		if (total[i].text == NULL)
			continue;
		total[i].text = strdup(total[i].text);
		if (total[i].text == NULL)
			return -1;
	}
	return 0;
}

/* Measures the dumps and judges them.  Returns 0, or -1 without memory. */
static int judge(struct run *r, bool interrupted)
{
	size_t count = r->scenario->dumps_count + 1;
	struct metrics_value *values =
	    calloc(count * METRIC_COUNT, sizeof *values);
	int rc = -1;

	if (values == NULL)
		return -1;
	if (measure(r, values) == 0 && add_step(r, values) == 0)
		rc = judge_run(r->scenario, values,
		    r->story != NULL ? &r->story->whole : NULL, interrupted,
		    r->results);
	for (size_t i = 0; i < count; i++)
		measure_clear(values + i * METRIC_COUNT);
	free(values);
	return rc;
}

static int out_of_memory(struct run *r)
{
	snprintf(r->err, r->err_bytes, "out of memory");
	return -1;
}

/* In real time a signal also ends the wait for the next run of a dump. */
static void find_missing_runs(struct dump *d)
{
	uint64_t runs = d->run->scenario->dumps[d->place].runs;
	struct dump_run_outcome *o = &d->outcome;

	if (d->passes_count == runs || o->outcome != SPLITTER_DONE)
		return;
	o->outcome = o->safe_bytes > 0 ? SPLITTER_PARTIAL : SPLITTER_FAILED;
	snprintf(o->message, sizeof o->message,
	    "interrupted after %zu of %" PRIu64 " runs", d->passes_count, runs);
}

/*
 * Returns whether all dumps are done, and looks for what the host is to blame
 * for.  Sets `*gaps` if the results have gaps for lack of memory.
 */
static bool look_at_dumps(struct run *r, bool *gaps)
{
	struct recorder_totals totals;
	bool done = true;

	find_lost_volumes(r);
	for (size_t i = 0; i < r->scenario->dumps_count; i++) {
		struct dump *d = &r->dumps[i];

		recorder_get_totals(d->recorder, &totals);
		*gaps |= totals.out_of_memory || d->out_of_memory;
		find_missing_runs(d);
		done &= d->outcome.outcome == SPLITTER_DONE;
		if (r->problem[0] == '\0')
			snprintf(r->problem, sizeof r->problem, "%s",
			    d->problem);
		if (d->outcome.cause == TAPE_STORAGE_FAILED &&
		    r->problem[0] == '\0' && expects_storage(r->scenario))
			set_problem(r, d->outcome.message);
	}
	return done;
}

int run_conclude(struct run *r)
{
	struct results_scenario *s = r->results;
	char why[TAPE_MESSAGE_BYTES] = "";
	bool gaps = false, done = look_at_dumps(r, &gaps);
	bool stopped = signals_signal() != 0 && !done;

	s->read_back = !r->options->figures_only && !r->options->no_read_back &&
	    r->scenario->read_back && r->library != NULL;
	if (gaps || add_outcomes(r) != 0 || add_drives(r) != 0 ||
	    (!stopped && s->read_back && read_back(r, why, sizeof why) != 0) ||
	    strikes_have_gaps(r->strikes) || judge(r, stopped) != 0)
		return out_of_memory(r);
	if (stopped)
		snprintf(r->problem, sizeof r->problem,
		    "interrupted: %" PRIu64
		    " bytes are safe, but were not read back",
		    s->safe_bytes);
	/* Safe bytes must be on the volumes, whatever the scenario expects. */
	if (r->problem[0] == '\0')
		snprintf(r->problem, sizeof r->problem, "%s", why);
	s->problem = strdup(r->problem);
	if (s->problem == NULL)
		return out_of_memory(r);
	if (s->problem[0] != '\0')
		s->status = RESULTS_FAILED;
	return 0;
}
