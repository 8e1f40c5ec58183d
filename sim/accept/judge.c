/* judge.c: the result of a test, and what stops the run; see impl.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/accept/impl.h"
#include "splitter/base/sentence.h"

/* TapeAlert flags (SSC-4, annex A) that have a meaning of their own here. */
enum {
	ALERT_MEDIA_LIFE = 7,
	ALERT_NEARING_MEDIA_LIFE = 19,
	ALERT_LAST_OF_MEDIUM = 19, /* 1 to 19 are about the medium, mostly */
	ALERT_CLEAN_NOW = 20,
	ALERT_CLEAN_PERIODIC = 21,
	ALERT_EXPIRED_CLEANING = 22,
	ALERT_TEMPERATURE = 36,
	ALERTS = 64
};

static void take_alert(struct acceptance_run *r, const char *test,
    unsigned flag)
{
	char text[ACCEPT_TEXT_BYTES];

	sentence(text, sizeof text, "%s: TapeAlert %u (%s)", test, flag,
	    tape_alert_name(flag));
	if (flag == ALERT_CLEAN_NOW || flag == ALERT_CLEAN_PERIODIC ||
	    flag == ALERT_EXPIRED_CLEANING) {
		acceptance_add_doubt(&r->record, "cleaning is due");
		return;
	}
	if (flag == ALERT_MEDIA_LIFE || flag == ALERT_NEARING_MEDIA_LIFE) {
		acceptance_add_doubt(&r->record, "a cartridge is worn");
		return;
	}
	if (flag == ALERT_TEMPERATURE) {
		acceptance_add_doubt(&r->record, text);
		accept_stop(r, "the drive is too hot or too cold");
		return;
	}
	if (tape_alert_severity(flag) != TAPE_ALERT_CRITICAL)
		return;
	if (flag <= ALERT_LAST_OF_MEDIUM)
		acceptance_add_doubt(&r->record, text);
	else
		acceptance_add_fault(&r->record, text);
	accept_stop(r, text);
}

static void take_alerts(struct acceptance_run *r, const char *test)
{
	for (unsigned flag = 1; flag <= ALERTS; flag++)
		if (r->test.has_alerts &&
		    (r->test.alerts >> (flag - 1) & 1) != 0)
			take_alert(r, test, flag);
}

/* What others did to the drive leaves the verdict open. */
static void take_others(struct acceptance_run *r, const char *test)
{
	char text[ACCEPT_TEXT_BYTES];

	cartridge_take_others(r);
	r->limits.adapter = r->others.adapter;
	if (r->others.commands > 0)
		sentence_add(r->others.drive, sizeof r->others.drive, "; ",
		    "another program of this host sent %" PRIu64
		    " commands to it",
		    r->others.commands);
	if (r->others.drive[0] == '\0')
		return;
	sentence(text, sizeof text,
	    "%s: another program or host may have used the drive: %s", test,
	    r->others.drive);
	acceptance_add_doubt(&r->record, text);
	evidence_add(r->evidence, "others", test, "", r->others.drive, NULL, 0);
}

/* Errors that could not be counted leave the verdict open. */
static void take_unseen(struct acceptance_run *r)
{
	if (r->errors_unseen)
		acceptance_add_doubt(&r->record,
		    "the drive did not report its error counters (log pages "
		    "02h and 03h)");
	if (r->alerts_unseen)
		acceptance_add_doubt(&r->record,
		    "the drive did not report its TapeAlert flags (log page "
		    "12h)");
	if (r->counters_cleared)
		acceptance_add_doubt(&r->record,
		    "the error counters were cleared while a cartridge was "
		    "loaded");
}

/* Keeps what the drive has counted during the test, with what it is called. */
static void keep_counters(struct acceptance_run *r, const char *test)
{
	char *text = errors_text(&r->test);

	if (errors_keep_test(&r->record, test, &r->test) != 0 || text == NULL)
		acceptance_add_doubt(&r->record,
		    "out of memory: not all counters were kept");
	if (text != NULL && r->test.count > 0)
		evidence_add(r->evidence, "counted", test, "", text, NULL, 0);
	free(text);
}

static void set_result(struct acceptance_test *t,
    enum acceptance_judgement result, const char *why)
{
	t->state = ACCEPTANCE_TEST_DONE;
	t->result = result;
	acceptance_set(&t->why, why);
}

/* The drive reported an error of itself. */
static void take_hardware_error(struct acceptance_run *r,
    struct acceptance_test *t)
{
	char text[ACCEPT_TEXT_BYTES];

	sentence(text, sizeof text, "%s: hardware error: %s", t->name,
	    r->seen.hardware_error);
	acceptance_add_fault(&r->record, text);
	accept_stop(r, "the drive reported a hardware error");
	set_result(t, ACCEPTANCE_NOT_MET, text);
}

/* Returns the steps of a test, of which the results are. */
static const struct scenario_step *steps_of(const struct acceptance_run *r,
    const struct acceptance_test *t)
{
	return r->plan.tests[accept_plan_find(&r->plan, t->name)]
	    .scenario->steps;
}

/* The test failed, and others, or the way to the drive, may be the cause. */
static void take_doubtful(struct acceptance_run *r, struct acceptance_test *t,
    const struct results_scenario *results)
{
	rows_of_test(&r->record, t->name, results, steps_of(r, t), &r->limits,
	    r->others.drive);
	set_result(t, ACCEPTANCE_NOT_JUDGED, r->others.drive);
	if (r->others.lost)
		accept_stop(r,
		    "the drive did not answer a command: look at its power, "
		    "its cable and the messages of the kernel, and begin again, "
		    "in another folder");
}

/*
 * The test failed after a medium error, on the first cartridge or the second.
 */
static enum judge_next take_medium_error(struct acceptance_run *r,
    struct acceptance_test *t, const struct results_scenario *results,
    bool others)
{
	char text[ACCEPT_TEXT_BYTES], advice[ACCEPT_TEXT_BYTES];

	sentence(text, sizeof text, "%s: medium error on cartridge %s: %s",
	    t->name, r->seen.barcode, r->seen.medium_error);
	rows_of_test(&r->record, t->name, results, steps_of(r, t), &r->limits,
	    "there was a medium error");
	if (t->second) {
		sentence(text, sizeof text,
		    "%s: medium errors on two cartridges, the second one on "
		    "%s: %s",
		    t->name, r->seen.barcode, r->seen.medium_error);
		acceptance_add_fault(&r->record, text);
		set_result(t, ACCEPTANCE_NOT_MET, text);
		return JUDGE_DONE;
	}
	if (others) {
		acceptance_set(&t->why, text);
		return JUDGE_AGAIN;
	}
	acceptance_add_doubt(&r->record, text);
	sentence(advice, sizeof advice, "%s; name a second cartridge", text);
	set_result(t, ACCEPTANCE_NOT_JUDGED, advice);
	return JUDGE_DONE;
}

static enum judge_next judge_first(struct acceptance_run *r,
    struct acceptance_test *t, const struct results_scenario *results,
    bool others)
{
	bool failed = results->status == RESULTS_FAILED, met;
	char text[ACCEPT_TEXT_BYTES];

	take_alerts(r, t->name);
	take_unseen(r);
	keep_counters(r, t->name);
	take_others(r, t->name);
	if (r->seen.hardware_errors > 0) {
		take_hardware_error(r, t);
		return JUDGE_DONE;
	}
	if (failed && r->seen.medium_errors > 0 && !r->others.lost)
		return take_medium_error(r, t, results, others);
	if (failed && r->others.drive[0] != '\0') {
		take_doubtful(r, t, results);
		return JUDGE_DONE;
	}
	met = rows_of_test(&r->record, t->name, results, steps_of(r, t),
	    &r->limits, NULL);
	met &= errors_of_test(&r->record, t->name, &r->test);
	if (results->problem != NULL && results->problem[0] != '\0') {
		sentence(text, sizeof text, "%s: %s", t->name,
		    results->problem);
		acceptance_add_fault(&r->record, text);
		met = false;
	}
	met &= !failed;
	set_result(t, met ? ACCEPTANCE_MET : ACCEPTANCE_NOT_MET,
	    met && t->second ? t->why : "");
	return JUDGE_DONE;
}

/* Judges a test whose last step read on the second drive. */
static void judge_both(struct acceptance_run *r, struct acceptance_test *t,
    const struct results_scenario *results)
{
	const struct watch_seen seen = r->seen;
	const struct tape_counters test = r->test;
	struct results_scenario first = *results;
	bool good = true;

	first.steps_count--;
	first.expectations_count = 0;
	for (size_t i = 0; i < first.steps_count; i++)
		good &= first.steps[i].status == RESULTS_PASSED;
	first.status = good ? RESULTS_PASSED : RESULTS_FAILED;
	if (good)
		first.problem = NULL;
	r->seen = r->first_seen;
	r->test = r->first_test;
	judge_first(r, t, &first, false);
	r->seen = seen;
	r->test = test;
	second_judge(r, t, &results->steps[first.steps_count],
	    good && t->result == ACCEPTANCE_MET);
}

enum judge_next judge_test(struct acceptance_run *r, struct acceptance_test *t,
    const struct results_scenario *results, bool others)
{
	if (!r->on_second)
		return judge_first(r, t, results, others);
	judge_both(r, t, results);
	return JUDGE_DONE;
}
