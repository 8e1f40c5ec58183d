/*
 * second.c: what a test has written, read on a second drive: a head out of line
 * reads its own tapes, and no other drive reads them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "reports/metric.h"
#include "reports/units.h"
#include "sim/accept/impl.h"
#include "splitter/base/sentence.h"

/* TapeAlert: cleaning is due, now or soon. */
#define ALERTS_CLEANING ((uint64_t)1 << 19 | (uint64_t)1 << 20)

/* Page 03h: total uncorrected errors. */
enum { READ_ERRORS_PAGE = 0x03, UNCORRECTED = 0x0006 };

/* Says which drive the second one is.  A test that is repeated says it again. */
static int add_facts(struct acceptance_run *r, const struct acceptance *second)
{
	static const char name[] = ROWS_SECOND_FACT;
	struct acceptance *a = &r->record;
	char text[ACCEPT_TEXT_BYTES];

	sentence(text, sizeof text, "%s %s, firmware %s, serial number %s%s%s",
	    second->vendor, second->product, second->firmware, second->serial,
	    second->virtual_drive[0] != '\0' ? ", a virtual drive of " : "",
	    second->virtual_drive);
	for (size_t i = 0; i < second->facts_count; i++)
		if (strcmp(second->facts[i].name, "Element") == 0)
			sentence(text + strlen(text),
			    sizeof text - strlen(text), ", %s",
			    second->facts[i].value);
	evidence_add(r->evidence, "drive", name, "", text, NULL, 0);
	for (size_t i = 0; i < a->facts_count; i++)
		if (strcmp(a->facts[i].name, name) == 0)
			return acceptance_set(&a->facts[i].value, text);
	return acceptance_add_fact(a, ACCEPTANCE_OF_DRIVE, name, text) != NULL
	    ? 0
	    : -1;
}

/* Asks the drive what it is.  Returns whether it may be used. */
static bool identify(struct acceptance_run *r, char *err, size_t err_bytes)
{
	struct acceptance found = { .seed = 0 };
	bool good =
	    r->device->ops->facts(r->device, &found, err, err_bytes) == 0;

	if (good && found.serial != NULL && found.serial[0] != '\0' &&
	    strcmp(found.serial, r->record.serial) == 0) {
		sentence(err, err_bytes,
		    "the second drive is the first one: both have the serial "
		    "number %s",
		    found.serial);
		good = false;
	} else if (good && add_facts(r, &found) != 0) {
		sentence(err, err_bytes, "out of memory");
		good = false;
	}
	acceptance_clear(&found);
	return good;
}

bool second_begin(void *arg, char *err, size_t err_bytes)
{
	struct acceptance_run *r = arg;
	uint64_t written_bytes = r->seen.written_bytes;

	r->first_seen = r->seen;
	r->first_test = r->test;
	memset(&r->seen, 0, sizeof r->seen);
	memset(&r->test, 0, sizeof r->test);
	r->seen.written_bytes = written_bytes;
	r->on_second = true;
	if (r->device->ops->end != NULL)
		r->device->ops->end(r->device);
	r->device = r->config->second(r->config->arg, err, err_bytes);
	return r->device != NULL && identify(r, err, err_bytes);
}

/*
 * Returns what the comparison came to, "source" or "different", by the
 * expectation of the step; "not read" if it came to nothing.
 */
static const char *restored_by(const struct results_step *step)
{
	static const char name[] = "restored ";

	for (size_t i = 0; i < step->expectations_count; i++) {
		const struct results_expectation *e = &step->expectations[i];

		if (strncmp(e->text, name, sizeof name - 1) == 0 &&
		    (strcmp(e->actual, "source") == 0 ||
			strcmp(e->actual, "different") == 0))
			return e->actual;
	}
	return "not read";
}

static const struct results_metric *metric_of(const struct results_step *step,
    const char *name)
{
	for (size_t i = 0; i < step->metrics_count; i++)
		if (strcmp(step->metrics[i].name, name) == 0 &&
		    step->metrics[i].kind != RESULTS_NULL)
			return &step->metrics[i];
	return NULL;
}

static void add_rate(struct acceptance_run *r, const char *test,
    const struct results_step *step)
{
	const struct results_metric *m = metric_of(step, "measured_read_rate");
	char value[UNITS_BYTES];
	struct acceptance_row *row;

	if (m == NULL)
		return;
	row = acceptance_add_row(&r->record, test, ROWS_SECOND ": read rate",
	    units_rate(value, report_metric_value(m)));
	if (row != NULL)
		acceptance_set(&row->source,
		    "a value of the second drive, which is not tested");
}

/* Returns the errors that the second drive counted; 0: it does not count. */
static uint64_t add_errors(struct acceptance_run *r, const char *test)
{
	const struct tape_counter *c =
	    tape_counters_find(&r->test, READ_ERRORS_PAGE, UNCORRECTED);
	struct acceptance_row *row;
	char text[32];

	if (c == NULL)
		return 0;
	snprintf(text, sizeof text, "%" PRIu64, c->value);
	row = acceptance_add_row(&r->record, test,
	    ROWS_SECOND ": uncorrected errors", text);
	if (row == NULL)
		return c->value;
	acceptance_set(&row->limit, "0");
	acceptance_set(&row->source,
	    "log page 03h, parameter 0006h, of the second drive");
	row->judgement = c->value == 0 ? ACCEPTANCE_MET : ACCEPTANCE_NOT_JUDGED;
	return c->value;
}

/* Returns the trouble that the second drive has of its own; NULL: none. */
static const char *own_trouble(const struct acceptance_run *r)
{
	if (r->seen.hardware.count > 0)
		return "the second drive reported a hardware error";
	if (r->test.has_alerts && (r->test.alerts & ALERTS_CLEANING) != 0)
		return "cleaning of the second drive is due";
	return NULL;
}

/* Adds the row of the comparison. */
static void add_restored(struct acceptance_run *r, const char *test,
    const char *value, enum acceptance_judgement judgement, const char *why)
{
	struct acceptance_row *row =
	    acceptance_add_row(&r->record, test, ROWS_SECOND, value);

	if (row == NULL)
		return;
	row->judgement = judgement;
	acceptance_set(&row->limit, "source");
	acceptance_set(&row->source, "what the drive was given to write");
	acceptance_set(&row->why, why);
}

void second_judge(struct acceptance_run *r, struct acceptance_test *t,
    const struct results_step *step, bool first_read_back)
{
	const char *value = restored_by(step), *trouble;
	uint64_t errors = add_errors(r, t->name);
	char text[ACCEPT_TEXT_BYTES], why[ACCEPT_TEXT_BYTES];
	bool fault,
	    unread =
		r->seen.medium.count > 0 || strcmp(value, "different") == 0;

	add_rate(r, t->name, step);
	if (strcmp(value, "source") == 0 && errors == 0 &&
	    step->status == RESULTS_PASSED) {
		add_restored(r, t->name, value, ACCEPTANCE_MET, "");
		return;
	}
	trouble = own_trouble(r);
	if (trouble == NULL && r->elsewhere[0] != '\0')
		trouble = r->elsewhere;
	fault = unread && first_read_back && trouble == NULL;
	snprintf(why, sizeof why, "%s",
	    step->reason != NULL && step->reason[0] != '\0'
		? step->reason
		: "the second drive counted uncorrected errors");
	if (fault)
		sentence(text, sizeof text,
		    "%s: a second drive cannot read what the drive wrote and "
		    "read back itself: %.400s",
		    t->name, why);
	else
		sentence(text, sizeof text,
		    "%s: read-back on a second drive: %.400s: %s", t->name, why,
		    trouble != NULL ? trouble
			: unread    ? "written badly, or read badly"
				    : "this says nothing of the first drive");
	add_restored(r, t->name, value,
	    fault ? ACCEPTANCE_NOT_MET : ACCEPTANCE_NOT_JUDGED,
	    fault ? "" : text);
	if (fault)
		acceptance_add_fault(&r->record, text);
	else
		acceptance_add_doubt(&r->record, text);
	if (fault)
		t->result = ACCEPTANCE_NOT_MET;
	else if (t->result == ACCEPTANCE_MET)
		t->result = ACCEPTANCE_NOT_JUDGED;
	acceptance_set(&t->why, text);
}
