/* counters.c: see counters.h. */
#include "splitter/tape/counters.h"

#include <strings.h>

enum tape_maker tape_maker_of(const char *vendor)
{
	static const struct {
		const char *vendor;
		enum tape_maker maker;
	} makers[] = {
		{ "IBM", TAPE_MAKER_IBM },
		{ "HP", TAPE_MAKER_HP },
		{ "HPE", TAPE_MAKER_HP },
		{ "QUANTUM", TAPE_MAKER_QUANTUM },
		{ "CERTANCE", TAPE_MAKER_QUANTUM },
		{ "SEAGATE", TAPE_MAKER_QUANTUM },
	};

	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (strcasecmp(makers[i].vendor, vendor) == 0)
			return makers[i].maker;
	return TAPE_MAKER_OTHER;
}

void tape_counters_add(struct tape_counters *c, enum tape_maker maker,
    uint8_t page, uint16_t code, uint64_t value)
{
	const struct tape_counter_name *n =
	    tape_counter_name(maker, page, code);

	if (n == NULL || c->count == TAPE_COUNTERS_MAX ||
	    tape_counters_find(c, page, code) != NULL)
		return;
	c->counter[c->count++] = (struct tape_counter){
		.page = page,
		.code = code,
		.unit = n->unit,
		.grows = n->grows,
		.name = n->name,
		.value = value,
	};
}

const struct tape_counter *
tape_counters_find(const struct tape_counters *counters, uint8_t page,
    uint16_t code)
{
	for (size_t i = 0; i < counters->count; i++)
		if (counters->counter[i].page == page &&
		    counters->counter[i].code == code)
			return &counters->counter[i];
	return NULL;
}

void tape_counters_subtract(const struct tape_counters *after,
    const struct tape_counters *before, struct tape_counters *difference,
    bool *cleared)
{
	struct tape_counters d = { 0 };

	*cleared = false;
	for (size_t i = 0; i < after->count; i++) {
		struct tape_counter c = after->counter[i];
		const struct tape_counter *was =
		    tape_counters_find(before, c.page, c.code);

		if (!c.grows || was == NULL)
			continue;
		if (c.value < was->value)
			*cleared = true;
		else
			c.value -= was->value;
		d.counter[d.count++] = c;
	}
	d.has_alerts = after->has_alerts && before->has_alerts;
	if (d.has_alerts)
		d.alerts = after->alerts & ~before->alerts;
	*difference = d;
}

bool tape_counter_is_of_volume(const struct tape_counter *c)
{
	enum { TRANSFERRED_TO_HOST = 0x0003 };

	switch (c->page) {
	case TAPE_PAGE_WRITE_ERRORS:
	case TAPE_PAGE_READ_ERRORS:
	case TAPE_PAGE_VOLUME:
	case TAPE_PAGE_COMPRESSION:
	case TAPE_PAGE_OLD_COMPRESSION:
		return true;
	default:
		return c->page == TAPE_PAGE_DEVICE &&
		    c->code <= TRANSFERRED_TO_HOST;
	}
}

const char *tape_unit_text(enum tape_counter_unit unit)
{
	switch (unit) {
	case TAPE_UNIT_BYTES:
		return " B";
	case TAPE_UNIT_MEGABYTES:
		return " MB";
	case TAPE_UNIT_MEBIBYTES:
		return " MiB";
	case TAPE_UNIT_DATA_SETS:
		return " data sets";
	case TAPE_UNIT_HOURS:
		return " h";
	case TAPE_UNIT_METRES:
		return " m";
	case TAPE_UNIT_PERCENT:
		return " %";
	default:
		return "";
	}
}
