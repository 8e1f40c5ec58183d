/*
 * flags.c: what TapeAlert flags say of the drive and of its cartridge, and what of
 * that ends the run; see impl.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/accept/impl.h"
#include "splitter/base/sentence.h"
#include "splitter/tape/watch.h"

/* TapeAlert flags (SSC-4, annex A) that have a meaning of their own here. */
enum {
	ALERT_HARD_ERROR = 3,
	ALERT_READ_FAILURE = 5,
	ALERT_WRITE_FAILURE = 6,
	ALERT_WRITE_PROTECT = 9,
	ALERT_LAST_OF_MEDIUM = 19,
	ALERT_EXPIRED_CLEANING = 22,
	ALERT_INVALID_CLEANING = 23,
	ALERT_TEMPERATURE = 36,
	ALERT_FIRST_OF_LOADER = 40,
	ALERT_LAST_OF_LOADER = 46,
	ALERT_FIRST_OF_TAPE_SYSTEM = 51,
	ALERT_NO_START_OF_DATA = 54,
	ALERT_LOADING_FAILURE = 55,
	ALERT_FIRST_OF_WORM = 59,
	ALERT_LAST_OF_WORM = 60
};

static const char cleaning[] = "cleaning is due";

static bool is_between(unsigned flag, unsigned first, unsigned last)
{
	return flag >= first && flag <= last;
}

/* Returns whether the cartridge or the library may be the cause. */
static bool may_be_elsewhere(unsigned flag)
{
	return flag <= ALERT_LAST_OF_MEDIUM ||
	    is_between(flag, ALERT_EXPIRED_CLEANING, ALERT_INVALID_CLEANING) ||
	    is_between(flag, ALERT_FIRST_OF_LOADER, ALERT_LAST_OF_LOADER) ||
	    is_between(flag, ALERT_FIRST_OF_TAPE_SYSTEM,
		ALERT_NO_START_OF_DATA) ||
	    is_between(flag, ALERT_FIRST_OF_WORM, ALERT_LAST_OF_WORM);
}

/*
 * Returns whether the drive sets the flag with an error that the run has seen,
 * and that is judged by itself: it says nothing more.
 */
static bool belongs_to_error(const struct watch_seen *seen, unsigned flag)
{
	if (seen->load.count > 0 &&
	    (may_be_elsewhere(flag) || flag == ALERT_LOADING_FAILURE))
		return true;
	if (seen->medium.count > 0 &&
	    is_between(flag, ALERT_HARD_ERROR, ALERT_WRITE_FAILURE))
		return true;
	return seen->protection.count > 0 && flag == ALERT_WRITE_PROTECT;
}

static void judge(struct acceptance_run *r, const char *test, unsigned flag)
{
	char alert[ACCEPT_TEXT_BYTES / 2], text[ACCEPT_TEXT_BYTES];

	sentence(alert, sizeof alert, "TapeAlert %u (%s)", flag,
	    tape_alert_name(flag));
	sentence(text, sizeof text, "%s: %s", test, alert);
	/* It is a doubt since it was read: flags_of_cartridge(). */
	if (flag == TAPE_ALERT_CLEAN_NOW)
		return;
	if (flag == ALERT_EXPIRED_CLEANING) {
		accept_leave_open(r, test, alert);
		return;
	}
	if (flag == ALERT_TEMPERATURE) {
		accept_leave_open(r, test, alert);
		accept_stop(r, "the drive is too hot or too cold");
		return;
	}
	if (tape_alert_severity(flag) != TAPE_ALERT_CRITICAL ||
	    belongs_to_error(&r->seen, flag))
		return;
	if (may_be_elsewhere(flag))
		accept_leave_open(r, test, alert);
	else
		acceptance_add_fault(&r->record, text);
	accept_stop(r, text);
}

void flags_judge(struct acceptance_run *r, const char *test)
{
	if ((r->seen.remarks & TAPE_REMARK_CLEANING) != 0)
		accept_leave_open(r, NULL, cleaning);
	for (unsigned flag = 1; flag <= TAPE_ALERTS; flag++)
		if (r->test.has_alerts &&
		    tape_alert_is_set(r->test.alerts, flag))
			judge(r, test, flag);
}

void flags_of_cartridge(struct acceptance_run *r, const char *cartridge,
    struct tape *tape, const struct tape_counters *counters)
{
	struct tape_condition condition = { .raw = NULL };
	char text[ACCEPT_TEXT_BYTES];
	uint64_t remarks;

	tape_get_condition(tape, &condition);
	condition.counters.has_alerts = counters->has_alerts;
	condition.counters.alerts = counters->alerts;
	remarks = watch_remarks(&condition);
	sentence(text, sizeof text, "cartridge %s is %s", cartridge,
	    (remarks & TAPE_REMARK_WORN) != 0 ? "worn" : "nearly worn");
	if ((remarks & (TAPE_REMARK_WORN | TAPE_REMARK_NEARLY_WORN)) != 0)
		accept_leave_open(r, NULL, text);
	/* The second drive is not judged. */
	if (!r->on_second && (remarks & TAPE_REMARK_CLEANING) != 0)
		accept_leave_open(r, NULL, cleaning);
}

void flags_found(struct acceptance_run *r, const struct tape_counters *counters)
{
	static const char name[] = "TapeAlert flags found";
	struct acceptance *a = &r->record;
	char text[ACCEPT_TEXT_BYTES] = "", doubt[ACCEPT_TEXT_BYTES];

	for (size_t i = 0; i < a->facts_count; i++)
		if (strcmp(a->facts[i].name, name) == 0)
			return;
	for (unsigned flag = 1; flag <= TAPE_ALERTS; flag++)
		if (tape_alert_is_set(counters->alerts, flag))
			sentence_add(text, sizeof text, ", ", "%u (%s)", flag,
			    tape_alert_name(flag));
	acceptance_add_fact(a, ACCEPTANCE_OF_DRIVE, name,
	    text[0] != '\0' ? text : "none");
	if (!tape_alert_is_set(counters->alerts, TAPE_ALERT_PREDICTIVE_FAILURE))
		return;
	sentence(doubt, sizeof doubt,
	    "TapeAlert %d (%s) was set when the run began",
	    TAPE_ALERT_PREDICTIVE_FAILURE,
	    tape_alert_name(TAPE_ALERT_PREDICTIVE_FAILURE));
	acceptance_add_doubt(a, doubt);
}
