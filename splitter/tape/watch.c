/* watch.c: see watch.h. */
#include "splitter/tape/watch.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/tape/result.h"

/* Flags with a remark of their own. */
static const struct {
	unsigned flag;
	enum tape_remark remark;
} remarks_of_flags[] = {
	{ TAPE_ALERT_MEDIA_LIFE, TAPE_REMARK_WORN },
	{ TAPE_ALERT_NEARING_MEDIA_LIFE, TAPE_REMARK_NEARLY_WORN },
	{ TAPE_ALERT_CLEAN_NOW, TAPE_REMARK_CLEANING },
	{ TAPE_ALERT_CLEAN_PERIODIC, TAPE_REMARK_CLEANING },
	{ TAPE_ALERT_PREDICTIVE_FAILURE, TAPE_REMARK_FAILURE },
};

enum { REMARKS = sizeof remarks_of_flags / sizeof *remarks_of_flags };

/*
 * Errors that are not judged by their number: one is too many.  A drive counts
 * the same errors on several pages; the first of them that it has is used.
 */
static const struct {
	const char *what;
	struct {
		uint8_t page;
		uint16_t code;
	} counters[3];
} errors[] = {
	{ "uncorrected write errors",
	    { { TAPE_PAGE_WRITE_ERRORS, TAPE_ERRORS_UNCORRECTED },
		{ TAPE_PAGE_VOLUME, 0x0004 }, { 0x30, 0x0004 } } },
	{ "uncorrected read errors",
	    { { TAPE_PAGE_READ_ERRORS, TAPE_ERRORS_UNCORRECTED },
		{ TAPE_PAGE_VOLUME, 0x0009 }, { 0x30, 0x0009 } } },
	{ "fatal suspended writes",
	    { { TAPE_PAGE_VOLUME, 0x0006 }, { 0x30, 0x0006 } } },
};

enum { ERRORS = sizeof errors / sizeof *errors };

uint64_t watch_remarks(const struct tape_condition *c)
{
	uint64_t remarks = 0;

	for (size_t i = 0; i < REMARKS && c->counters.has_alerts; i++)
		if (tape_alert_is_set(c->counters.alerts,
			remarks_of_flags[i].flag))
			remarks |= remarks_of_flags[i].remark;
	if (c->loads != TAPE_CONDITION_UNKNOWN &&
	    c->life_loads != TAPE_CONDITION_UNKNOWN) {
		if (c->loads > c->life_loads)
			remarks |= TAPE_REMARK_WORN;
		else if (c->loads > c->life_loads / 10 * 9)
			remarks |= TAPE_REMARK_NEARLY_WORN;
	}
	if (remarks & TAPE_REMARK_WORN)
		remarks &= ~(uint64_t)TAPE_REMARK_NEARLY_WORN;
	return remarks;
}

static void __attribute__((format(printf, 3, 4)))
warn(struct watch *w, int64_t at_ns, const char *format, ...)
{
	char text[TAPE_MESSAGE_BYTES], why[TAPE_MESSAGE_BYTES / 2];
	va_list ap;

	if (w->warning == NULL)
		return;
	va_start(ap, format);
	vsnprintf(why, sizeof why, format, ap);
	va_end(ap);
	sentence(text, sizeof text, "%s: %s", w->volume, why);
	w->warning(w->arg, text, at_ns);
}

static void tell(struct watch *w, uint64_t remarks, int64_t at_ns)
{
	uint64_t fresh = remarks & ~w->told;

	w->told |= remarks;
	/* A tape of another version, or a bad one, may set any bit. */
	for (; fresh != 0; fresh &= fresh - 1) {
		const char *what = result_remark_text(fresh & -fresh);

		if (what != NULL)
			warn(w, at_ns, "%s", what);
	}
}

static void ask(struct watch *w, struct tape *tape, struct tape_condition *c,
    int64_t at_ns)
{
	c->raw = w->raw;
	c->raw_arg = w->raw_arg;
	tape_get_condition(tape, c);
	tell(w, watch_remarks(c), at_ns);
}

void watch_loaded(struct watch *w, struct tape *tape, int64_t at_ns)
{
	w->told = 0;
	w->errors[0] = '\0';
	w->has_condition = tape->ops->condition != NULL;
	snprintf(w->volume, sizeof w->volume, "drive %u, volume %.32s",
	    tape->drive,
	    tape->barcode[0] != '\0' ? tape->barcode : "(no barcode)");
	if (!w->has_condition)
		return;
	ask(w, tape, &w->before, at_ns);
	w->after = w->before;
	if (w->before.unknown[0] == '\0' || w->unknown_told)
		return;
	w->unknown_told = true;
	warn(w, at_ns,
	    "error counters, TapeAlert flags and the memory of the cartridge "
	    "%s",
	    w->before.unknown);
}

void watch_result(struct watch *w, const struct tape_result *result,
    int64_t at_ns)
{
	if (result->remarks != 0)
		tell(w, result->remarks, at_ns);
}

static void __attribute__((format(printf, 2, 3)))
append(struct watch *w, const char *format, ...)
{
	size_t n = strlen(w->errors);
	va_list ap;

	if (n == 0)
		n = (size_t)snprintf(w->errors, sizeof w->errors,
		    "%s: the drive has reported since the load: ", w->volume);
	else
		n +=
		    (size_t)snprintf(w->errors + n, sizeof w->errors - n, ", ");
	if (n >= sizeof w->errors)
		return;
	va_start(ap, format);
	vsnprintf(w->errors + n, sizeof w->errors - n, format, ap);
	va_end(ap);
}

static void add_error(struct watch *w, size_t i,
    const struct tape_counters *difference)
{
	const struct tape_counter *c = NULL;

	for (size_t k = 0; k < 3 && c == NULL; k++)
		if (errors[i].counters[k].page != 0)
			c = tape_counters_find(difference,
			    errors[i].counters[k].page,
			    errors[i].counters[k].code);
	if (c != NULL && c->value > 0)
		append(w, "%s: %" PRIu64, errors[i].what, c->value);
}

static bool has_remark(unsigned flag)
{
	for (size_t i = 0; i < REMARKS; i++)
		if (remarks_of_flags[i].flag == flag)
			return true;
	return false;
}

void watch_closing(struct watch *w, struct tape *tape, int64_t at_ns)
{
	struct tape_counters difference;
	bool cleared;

	w->errors[0] = '\0';
	if (!w->has_condition)
		return;
	ask(w, tape, &w->after, at_ns);
	if (!w->before.has_counters || !w->after.has_counters)
		return;
	tape_counters_subtract(&w->after.counters, &w->before.counters,
	    &difference, &cleared);
	for (size_t i = 0; i < ERRORS; i++)
		add_error(w, i, &difference);
	for (unsigned flag = 1; flag <= TAPE_ALERTS; flag++)
		if (tape_alert_is_set(difference.alerts, flag) &&
		    tape_alert_severity(flag) == TAPE_ALERT_CRITICAL &&
		    !has_remark(flag))
			append(w, "TapeAlert flag %u (%s)", flag,
			    tape_alert_name(flag));
}
