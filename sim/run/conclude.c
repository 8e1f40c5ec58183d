/* conclude.c: judges a run whose dump has ended. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/text.h"
#include "sim/run/impl.h"
#include "sim/run/judge.h"
#include "sim/run/measure.h"
#include "splitter/base/signals.h"

static void set_problem(struct run *r, const char *message)
{
	text_without(message, workspace_folder(r->workspace), r->problem,
	    sizeof r->problem);
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

	for (i = 0; i < library_volume_count(r->library); i++) {
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
 * Returns whether the scenario expects that safe bytes differ from the source.
 */
static bool expects_difference(const struct scenario *s)
{
	for (size_t i = 0; i < s->expects_count; i++) {
		const struct metrics_expect *e = &s->expects[i];

		if (e->id == METRIC_RESTORED && e->op == METRICS_EQ &&
		    strcmp(e->value.text, "different") == 0)
			return true;
	}
	return false;
}

/* Adds capacity and written bytes to the volumes of the results. */
static void add_sizes_of_volumes(struct run *r)
{
	struct library_volume v;
	size_t i, j;

	for (i = 0; i < library_volume_count(r->library); i++) {
		library_volume_get(r->library, i, &v);
		for (j = 0; j < r->results->dumps[0].volumes_count; j++) {
			struct results_volume *to =
			    &r->results->dumps[0].volumes[j];

			if (strcmp(to->barcode, v.barcode) != 0)
				continue;
			to->written_bytes = v.end.byte;
			to->capacity_bytes = scenario_capacity(r->scenario, i);
		}
	}
}

/*
 * Reads the safe bytes back, with drives that take no time.  Returns 0, or -1
 * without memory.
 */
static int read_back(struct run *r, char *why, size_t why_bytes)
{
	struct verify_config verify = {
		.attempts = &r->results->dumps[0],
		.content = r->content,
		.dump = r->dump,
		.dump_id = r->dump_id,
		.block_bytes = r->scenario->dumps[0].splitter.block_bytes,
	};

	library_free(r->library);
	r->library = workspace_library(r->workspace, WORKSPACE_READ_BACK);
	if (r->library == NULL)
		return -1;
	verify.library = r->library;
	r->restored = verify_dump(&verify, why, why_bytes);
	if (r->restored == VERIFY_DIFFERENT && find_lost_volumes(r))
		r->restored = VERIFY_UNKNOWN;
	return 0;
}

/*
 * Adds the outcome that the executor returned.  Returns 0, or -1 without
 * memory.
 */
static int add_outcome(struct run *r)
{
	struct results_scenario *s = r->results;
	struct results_dump *d = &s->dumps[0];
	char reason[TAPE_MESSAGE_BYTES];

	s->safe_bytes = d->safe_bytes = r->outcome.safe_bytes;
	s->duration_ns = d->ended_ns = r->outcome.duration_ns;
	d->buffer_bytes = measure_buffer_bytes(&r->outcome);
	s->outcome = strdup(splitter_outcome_name(r->outcome.outcome));
	text_without(r->outcome.message, workspace_folder(r->workspace), reason,
	    sizeof reason);
	s->reason = strdup(reason);
	d->outcome = strdup(splitter_outcome_name(r->outcome.outcome));
	d->reason = strdup(reason);
	return s->outcome != NULL && s->reason != NULL && d->outcome != NULL &&
		d->reason != NULL
	    ? 0
	    : -1;
}

/* Measures the run and judges it.  Returns 0, or -1 without memory. */
static int judge(struct run *r)
{
	struct metrics_value values[METRIC_COUNT];
	int rc;

	if (measure_metrics(&r->outcome, r->recorder, r->restored,
		&r->results->dumps[0], values) != 0)
		return -1;
	rc = judge_add_metrics(values, &r->results->metrics,
		 &r->results->metrics_count) == 0 &&
		judge_add_metrics(values, &r->results->dumps[0].metrics,
		    &r->results->dumps[0].metrics_count) == 0
	    ? judge_run(r->scenario, values, r->results)
	    : -1;
	measure_clear(values);
	return rc;
}

static int out_of_memory(struct run *r)
{
	snprintf(r->err, r->err_bytes, "out of memory");
	return -1;
}

int run_conclude(struct run *r)
{
	struct results_scenario *s = r->results;
	struct recorder_totals totals;
	char why[TAPE_MESSAGE_BYTES] = "";
	bool stopped =
	    signals_signal() != 0 && r->outcome.outcome != SPLITTER_DONE;

	r->restored = VERIFY_UNKNOWN;
	recorder_get_totals(r->recorder, &totals);
	if (totals.out_of_memory) /* the results have gaps */
		return out_of_memory(r);
	add_sizes_of_volumes(r);
	find_lost_volumes(r);
	if (r->outcome.cause == TAPE_STORAGE_FAILED && r->problem[0] == '\0' &&
	    expects_storage(r->scenario))
		set_problem(r, r->outcome.message);
	if (add_outcome(r) != 0 ||
	    (!stopped && !r->options->figures_only &&
		read_back(r, why, sizeof why) != 0) ||
	    judge(r) != 0)
		return out_of_memory(r);
	if (stopped)
		snprintf(r->problem, sizeof r->problem,
		    "interrupted: %" PRIu64
		    " bytes are safe, but were not read back",
		    s->safe_bytes);
	/* Safe bytes must be on the volumes, whatever the scenario expects. */
	if (r->problem[0] == '\0' && !r->options->figures_only &&
	    (r->restored == VERIFY_UNKNOWN ||
		(r->restored == VERIFY_DIFFERENT &&
		    !expects_difference(r->scenario))))
		snprintf(r->problem, sizeof r->problem, "%s", why);
	s->problem = strdup(r->problem);
	if (s->problem == NULL)
		return out_of_memory(r);
	if (s->problem[0] != '\0')
		s->status = RESULTS_FAILED;
	return 0;
}
