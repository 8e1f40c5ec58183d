/* judge.c: the result of a test; see impl.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/accept/impl.h"
#include "splitter/base/sentence.h"

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
	if (r->others.drive[0] != '\0') {
		sentence(text, sizeof text,
		    "another program or host may have used the drive: %s",
		    r->others.drive);
		accept_leave_open(r, test, text);
		evidence_add(r->evidence, "others", test, "", r->others.drive,
		    NULL, 0);
	}
	if (r->others.way[0] != '\0') {
		sentence(text, sizeof text,
		    "an error on the way to the drive: look at cable and "
		    "adapter: %s",
		    r->others.way);
		accept_leave_open(r, test, text);
		evidence_add(r->evidence, "others", test, "", r->others.way,
		    NULL, 0);
	}
}

/* Tests and errors that were not looked at leave the verdict open. */
static void take_unseen(struct acceptance_run *r)
{
	if (r->plan.left_out > 0)
		acceptance_add_doubt(&r->record,
		    "--filter or --tags left tests out");
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

/* Returns the steps of a test, of which the results are. */
static const struct scenario_step *steps_of(const struct acceptance_run *r,
    const struct acceptance_test *t)
{
	return r->plan.tests[accept_plan_find(&r->plan, t->name)]
	    .scenario->steps;
}

/*
 * Adds the rows of a test whose failure says nothing of the drive, or more than
 * the rows: they are not judged.
 */
static void add_rows(struct acceptance_run *r, const struct acceptance_test *t,
    const struct results_scenario *results, const char *why)
{
	rows_of_test(&r->record, t->name, results, steps_of(r, t), &r->limits,
	    why);
	errors_of_test(&r->record, t->name, &r->test, why, r->elsewhere);
}

/* The drive reported an error of itself. */
static void take_hardware_error(struct acceptance_run *r,
    struct acceptance_test *t, const struct results_scenario *results)
{
	char text[ACCEPT_TEXT_BYTES];

	sentence(text, sizeof text, "%s: hardware error: %s", t->name,
	    r->seen.hardware.text);
	add_rows(r, t, results, "there was a hardware error");
	acceptance_add_fault(&r->record, text);
	accept_stop(r, "the drive reported a hardware error");
	set_result(t, ACCEPTANCE_NOT_MET, text);
}

/* The test failed, and others, or the way to the drive, may be the cause. */
static void take_doubtful(struct acceptance_run *r, struct acceptance_test *t,
    const struct results_scenario *results)
{
	const char *why =
	    r->others.drive[0] != '\0' ? r->others.drive : r->others.way;

	add_rows(r, t, results, why);
	set_result(t, ACCEPTANCE_NOT_JUDGED, why);
	if (r->others.lost)
		accept_stop(r,
		    "the drive did not answer a command: look at its power, "
		    "its cable and the messages of the kernel, and begin again, "
		    "in another folder");
}

/* What may be the fault of a cartridge. */
struct trouble {
	const struct watch_errors *errors; /* none: `count` is 0 */
	const char *what;                  /* "medium error on cartridge %s" */
	const char *why;                   /* rows are not judged */
	const char *advice;                /* without another cartridge */
};

static struct trouble trouble_of(const struct acceptance_run *r, bool failed)
{
	static const struct watch_errors none;
	const struct watch_seen *seen = &r->seen;

	if (seen->load.count > 0)
		return (struct trouble){ &seen->load,
			"the drive does not load cartridge %s",
			"a cartridge could not be loaded",
			"name a second cartridge, of a type that the drive "
			"takes" };
	if (seen->medium.count > 0)
		return (struct trouble){ &seen->medium,
			"medium error on cartridge %s",
			"there was a medium error", "name a second cartridge" };
	if (seen->unfit.count > 0)
		return (struct trouble){ &seen->unfit,
			"the drive cannot use cartridge %s",
			"the drive cannot use the cartridge",
			"name one of a generation, kind and format that the "
			"drive takes" };
	if (seen->encryption.count > 0)
		return (struct trouble){ &seen->encryption,
			"the drive has no key for cartridge %s",
			"encryption stopped the test",
			"give the drive the key, or switch encryption off" };
	if (!failed)
		return (struct trouble){ &none, "", "", "" };
	return (struct trouble){ &seen->protection,
		"the drive does not write on cartridge %s, which is "
		"write-protected",
		"the cartridge is write-protected",
		"move the switch of the cartridge, or name another one" };
}

/*
 * Returns the name of the cartridge; the only one of the test, if not known; ""
 * if it has several.
 */
static const char *name_of(const struct acceptance_run *r,
    const struct acceptance_test *t, const struct watch_errors *errors)
{
	const struct scenario *s =
	    r->plan.tests[accept_plan_find(&r->plan, t->name)].scenario;

	if (errors->barcode[0] != '\0')
		return errors->barcode;
	return s->volumes_count == 1 ? s->volumes[0].barcode : "";
}

/*
 * Returns whether both attempts met a medium error, and nothing else may be the
 * cause.  The second attempt does not use the cartridge of the first error, if that
 * is known.
 */
static bool is_of_two(const struct acceptance_run *r,
    const struct acceptance_test *t, const char *name)
{
	return t->second && r->medium_before && r->bad[0] != '\0' &&
	    name[0] != '\0' && r->elsewhere[0] == '\0';
}

/*
 * An error that may be one of the cartridge: the test is run again on another one.
 * Medium errors on two cartridges are a fault of the drive.
 */
static enum judge_next take_trouble(struct acceptance_run *r,
    struct acceptance_test *t, const struct results_scenario *results,
    const struct trouble *trouble, bool others)
{
	bool medium = trouble->errors == &r->seen.medium;
	const char *name = name_of(r, t, trouble->errors);
	char what[ACCEPT_TEXT_BYTES / 2], text[ACCEPT_TEXT_BYTES],
	    advice[ACCEPT_TEXT_BYTES];

	add_rows(r, t, results, trouble->why);
	sentence(what, sizeof what, trouble->what,
	    name[0] != '\0' ? name : "in the drive");
	if (medium && is_of_two(r, t, name)) {
		sentence(text, sizeof text,
		    "%s: medium errors on two cartridges, the second one on "
		    "%s: %s",
		    t->name, name, trouble->errors->text);
		acceptance_add_fault(&r->record, text);
		set_result(t, ACCEPTANCE_NOT_MET, text);
		return JUDGE_DONE;
	}
	sentence(text, sizeof text, "%s: %s: %s", t->name, what,
	    trouble->errors->text);
	if (others) {
		snprintf(r->bad, sizeof r->bad, "%s", name);
		r->medium_before = medium && r->elsewhere[0] == '\0';
		acceptance_set(&t->why, text);
		return JUDGE_AGAIN;
	}
	if (t->second)
		acceptance_add_doubt(&r->record, t->why);
	acceptance_add_doubt(&r->record, text);
	sentence(advice, sizeof advice, "%s; %s", text, trouble->advice);
	set_result(t, ACCEPTANCE_NOT_JUDGED, advice);
	return JUDGE_DONE;
}

static enum judge_next judge_first(struct acceptance_run *r,
    struct acceptance_test *t, const struct results_scenario *results,
    bool others)
{
	bool failed = results->status == RESULTS_FAILED, met;
	struct trouble trouble = trouble_of(r, failed);
	char text[ACCEPT_TEXT_BYTES];

	flags_judge(r, t->name);
	take_unseen(r);
	keep_counters(r, t->name);
	take_others(r, t->name);
	if (r->seen.hardware.count > 0) {
		take_hardware_error(r, t, results);
		return JUDGE_DONE;
	}
	if (trouble.errors->count > 0 && !r->others.lost)
		return take_trouble(r, t, results, &trouble, others);
	if (failed &&
	    (r->others.drive[0] != '\0' || r->others.way[0] != '\0')) {
		take_doubtful(r, t, results);
		return JUDGE_DONE;
	}
	met = rows_of_test(&r->record, t->name, results, steps_of(r, t),
	    &r->limits, NULL);
	met &=
	    errors_of_test(&r->record, t->name, &r->test, NULL, r->elsewhere);
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
