/* readings.c: see readings.h. */
#include "sim/run/measure/readings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"

/* All flags, with their names. */
enum { ALERTS_BYTES = 64 * TAPE_ALERTS };

/* Numbers of the memory of the cartridge. */
static const struct {
	const char *source, *name, *unit;
	size_t at; /* in struct tape_condition */
} attributes[] = {
	{ "MAM 0003", "Loads", "", offsetof(struct tape_condition, loads) },
	{ "MAM 0001", "Capacity", "B",
	    offsetof(struct tape_condition, capacity_bytes) },
	{ "MAM 0000", "Remaining capacity", "B",
	    offsetof(struct tape_condition, remaining_bytes) },
	{ "MAM 0220", "Written in its life", "B",
	    offsetof(struct tape_condition, written_life_bytes) },
	{ "MAM 0221", "Read in its life", "B",
	    offsetof(struct tape_condition, read_life_bytes) },
};

static uint64_t number_at(const struct tape_condition *c, size_t at)
{
	uint64_t number;

	memcpy(&number, (const char *)c + at, sizeof number);
	return number;
}

/* TAPE_CONDITION_UNKNOWN: not reported. */
static int add(struct results_volume *v, const char *source, const char *name,
    const char *unit, uint64_t before, uint64_t after)
{
	struct results_reading *list, *to;

	if (after == TAPE_CONDITION_UNKNOWN || (before == 0 && after == 0))
		return 0;
	list = grow_by_one(v->readings, v->readings_count, sizeof *list);
	if (list == NULL)
		return -1;
	v->readings = list;
	to = &list[v->readings_count++];
	*to = (struct results_reading){ .source = strdup(source),
		.name = strdup(name),
		.unit = strdup(unit + strspn(unit, " ")),
		.has_before = before != TAPE_CONDITION_UNKNOWN,
		.before = before != TAPE_CONDITION_UNKNOWN ? before : 0,
		.after = after };
	return to->source != NULL && to->name != NULL && to->unit != NULL ? 0
									  : -1;
}

static int add_counter(struct results_volume *v,
    const struct tape_counters *before, const struct tape_counter *after)
{
	const struct tape_counter *was =
	    tape_counters_find(before, after->page, after->code);
	char source[16];

	if (!tape_counter_is_of_volume(after))
		return 0;
	snprintf(source, sizeof source, "%02Xh/%04X", after->page, after->code);
	return add(v, source, after->name, tape_unit_text(after->unit),
	    was != NULL ? was->value : TAPE_CONDITION_UNKNOWN, after->value);
}

/* Lists the flags that are set.  The caller frees the text. */
static char *list_alerts(uint64_t alerts)
{
	char text[ALERTS_BYTES] = "";
	size_t n = 0;

	for (unsigned flag = 1; flag <= TAPE_ALERTS; flag++)
		if (alerts >> (flag - 1) & 1)
			n += (size_t)snprintf(text + n, sizeof text - n,
			    "%s%s (%u)", n > 0 ? ", " : "",
			    tape_alert_name(flag), flag);
	return strdup(text);
}

int readings_take(struct results_volume *v, const struct tape_condition *before,
    const struct tape_condition *after, const char *errors)
{
	int rc = 0;

	results_clear_readings(v);
	if (before == NULL || after == NULL)
		return 0;
	v->reported = after->has_counters;
	v->serial = strdup(after->serial);
	v->alerts_before = list_alerts(before->counters.alerts);
	v->alerts_after = list_alerts(after->counters.alerts);
	v->errors = strdup(errors);
	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		rc |= add(v, attributes[i].source, attributes[i].name,
		    attributes[i].unit, number_at(before, attributes[i].at),
		    number_at(after, attributes[i].at));
	for (size_t i = 0; i < after->counters.count; i++)
		rc |= add_counter(v, &before->counters,
		    &after->counters.counter[i]);
	return v->serial == NULL || v->alerts_before == NULL ||
		v->alerts_after == NULL || v->errors == NULL
	    ? -1
	    : rc;
}
