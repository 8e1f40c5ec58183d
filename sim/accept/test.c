/* test.c: carries out one test of an acceptance run; see impl.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/accept/impl.h"
#include "splitter/base/clock.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"

/* Leaves a test out. */
static void leave_out(struct acceptance_test *t, const char *why)
{
	t->state = ACCEPTANCE_TEST_LEFT_OUT;
	acceptance_set(&t->why, why);
}

/* Returns why the test cannot be run, in `why`; false: it can. */
static bool is_impossible(const struct acceptance_run *r, size_t place,
    char *why, size_t why_bytes)
{
	const struct scenario *s = r->plan.tests[place].scenario;
	const char *needs = s->acceptance.needs;
	const struct acceptance_test *t;

	if (s->volumes_count > r->config->names_count) {
		sentence(why, why_bytes,
		    "it needs %zu cartridges, and %zu %s named",
		    s->volumes_count, r->config->names_count,
		    r->config->names_count == 1 ? "was" : "were");
		return true;
	}
	if (needs == NULL)
		return false;
	t = &r->record.tests[accept_plan_find(&r->plan, needs)];
	if (t->state == ACCEPTANCE_TEST_DONE && t->result == ACCEPTANCE_MET)
		return false;
	sentence(why, why_bytes, "it needs the test %s, which was not passed",
	    needs);
	return true;
}

/*
 * The volumes of the scenario are cartridges, from the one at `first` on, except the
 * one with which the first attempt had an error.
 */
static void name_volumes(const struct acceptance_run *r, struct scenario *s,
    size_t first)
{
	for (size_t i = 0; i < s->volumes_count; first++) {
		const char *name =
		    r->config->names[first % r->config->names_count];

		if (strcmp(name, r->bad) != 0)
			snprintf(s->volumes[i++].barcode,
			    sizeof s->volumes[0].barcode, "%s", name);
	}
}

/* Forgets what the drive did before, in this test or another. */
static void forget(struct acceptance_run *r, const struct acceptance_test *t)
{
	acceptance_remove_rows(&r->record, t->name);
	memset(&r->seen, 0, sizeof r->seen);
	memset(&r->test, 0, sizeof r->test);
	memset(&r->others, 0, sizeof r->others);
	r->elsewhere[0] = '\0';
}

static int begin(struct acceptance_run *r, struct acceptance_test *t, char *err,
    size_t err_bytes)
{
	t->state = ACCEPTANCE_TEST_RUNNING;
	t->attempts++;
	forget(r, t);
	r->errors_unseen = r->alerts_unseen = r->counters_cleared = false;
	evidence_set_test(r->evidence, t->name);
	return accept_save_running(r, err, err_bytes);
}

/* The scenario could not be run at all: nothing is known of the drive. */
static void take_problem(struct acceptance_run *r, struct acceptance_test *t,
    const char *problem)
{
	char text[ACCEPT_TEXT_BYTES];

	sentence(text, sizeof text, "%s could not be run: %s", t->name,
	    problem);
	acceptance_add_doubt(&r->record, text);
	t->state = ACCEPTANCE_TEST_DONE;
	t->result = ACCEPTANCE_NOT_JUDGED;
	acceptance_set(&t->why, problem);
}

/* Runs the scenario once.  Returns what follows. */
static enum judge_next run_once(struct acceptance_run *r, size_t place,
    struct acceptance_test *t, size_t first)
{
	struct accept_test *of = &r->plan.tests[place];
	const struct run_options options = { .real = true,
		.seed = r->record.seed + t->attempts,
		.no_read_back = true,
		.device = &r->story };
	char err[ACCEPT_TEXT_BYTES];
	struct results_scenario *results = NULL;
	enum judge_next next = JUDGE_DONE;
	int64_t begun = clock_now_ns();

	name_volumes(r, of->scenario, first);
	if (run_scenario(of->scenario, of->name, of->name, &options, &results,
		err, sizeof err) != RUN_JUDGED) {
		if (signals_signal() == 0 && r->refused[0] == '\0')
			take_problem(r, t, err);
	} else if (signals_signal() == 0 && r->refused[0] == '\0') {
		next = judge_test(r, t, results,
		    !t->second &&
			of->scenario->volumes_count < r->config->names_count);
	}
	t->ns += clock_now_ns() - begun;
	t->bytes += r->seen.written_bytes;
	results_scenario_free(results);
	return next;
}

/* Prints the result of a test. */
static void print(const struct acceptance_run *r,
    const struct acceptance_test *t)
{
	FILE *to = r->config->to;

	fprintf(to, "%s: %s%s%s\n", t->name,
	    t->state == ACCEPTANCE_TEST_DONE
		? acceptance_judgement_word(t->result)
		: acceptance_state_word(t->state),
	    t->why[0] != '\0' ? ": " : "", t->why);
	fflush(to);
}

int test_run(struct acceptance_run *r, size_t place, char *err,
    size_t err_bytes)
{
	struct acceptance_test *t = &r->record.tests[place];
	char why[ACCEPT_TEXT_BYTES];

	if (t->state == ACCEPTANCE_TEST_DONE)
		return 0;
	if (is_impossible(r, place, why, sizeof why)) {
		leave_out(t, why);
		print(r, t);
		return accept_save(r, err, err_bytes);
	}
	t->second = false;
	r->bad[0] = '\0';
	t->bytes = 0;
	t->ns = 0;
	if (begin(r, t, err, err_bytes) != 0)
		return -1;
	if (run_once(r, place, t, 0) == JUDGE_AGAIN) {
		forget(r, t);
		t->second = true;
		run_once(r, place, t,
		    r->plan.tests[place].scenario->volumes_count);
	}
	/* A test without its evidence is run again. */
	if (evidence_check(r->evidence, err, err_bytes) != 0) {
		t->state = ACCEPTANCE_TEST_PENDING;
		return -1;
	}
	if (t->state == ACCEPTANCE_TEST_RUNNING) {
		t->state = ACCEPTANCE_TEST_PENDING;
		return 1;
	}
	print(r, t);
	return accept_save(r, err, err_bytes);
}
