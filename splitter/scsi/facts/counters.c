/* counters.c: see counters.h. */
#include "splitter/scsi/facts/counters_impl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum scsi_maker scsi_maker_of(const char *vendor)
{
	static const struct {
		const char *vendor;
		enum scsi_maker maker;
	} makers[] = {
		{ "IBM", SCSI_MAKER_IBM },
		{ "HP", SCSI_MAKER_HP },
		{ "HPE", SCSI_MAKER_HP },
		{ "QUANTUM", SCSI_MAKER_QUANTUM },
		{ "CERTANCE", SCSI_MAKER_QUANTUM },
		{ "SEAGATE", SCSI_MAKER_QUANTUM },
	};

	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (strcasecmp(makers[i].vendor, vendor) == 0)
			return makers[i].maker;
	return SCSI_MAKER_OTHER;
}

/* Page 12h, parameter 0: flag 1 is the first bit of the first byte. */
static void take_alerts(struct scsi_counters *c,
    const struct scsi_log_value *value)
{
	if (value->code != 0 || value->bytes < 8)
		return;
	c->has_alerts = true;
	c->alerts = 0;
	for (unsigned flag = 1; flag <= 64; flag++)
		if (value->value[(flag - 1) / 8] >> (7 - (flag - 1) % 8) & 1)
			c->alerts |= UINT64_C(1) << (flag - 1);
}

/* Returns whether a value is that of a parameter that is not known (SSC-4). */
static bool is_unknown(const struct scsi_log_value *value)
{
	for (unsigned i = 0; i < value->bytes; i++)
		if (value->value[i] != 0xff)
			return false;
	return true;
}

void scsi_counters_take(struct scsi_counters *c, enum scsi_maker maker,
    const uint8_t *page, size_t bytes)
{
	enum { HEADER = 4, SPF = 0x40, ALERTS = 0x12 };
	struct scsi_log_value value;
	size_t at = 0;
	uint8_t code, subpage;

	if (bytes < HEADER)
		return;
	code = page[0] & 0x3f;
	subpage = page[0] & SPF ? page[1] : 0;
	while (scsi_log_next(page, bytes, &at, &value)) {
		const struct counter_name *n =
		    counter_name(maker, code, value.code);

		if (code == ALERTS && subpage == 0)
			take_alerts(c, &value);
		/* Longer ones are lists and texts. */
		if (n == NULL || subpage != 0 || value.bytes == 0 ||
		    value.bytes > 8 || is_unknown(&value) ||
		    c->count == SCSI_COUNTERS_MAX)
			continue;
		c->counter[c->count++] = (struct scsi_counter){
			.page = code,
			.code = value.code,
			.unit = n->unit,
			.grows = n->grows,
			.name = n->name,
			.value = scsi_log_number(&value),
		};
	}
}

bool scsi_counters_read(struct scsi_unit *unit, enum scsi_maker maker,
    struct scsi_counters *counters)
{
	static const uint8_t pages[] = { 0x02, 0x03, 0x06, 0x0c, 0x12, 0x14,
		0x17, 0x1b, 0x30, 0x31, 0x32 };
	uint8_t *data = malloc(SCSI_LOG_BYTES);
	bool any = false;
	size_t bytes;

	memset(counters, 0, sizeof *counters);
	if (data == NULL)
		return false;
	for (size_t i = 0; i < sizeof pages; i++)
		if (scsi_send_log_sense(unit, pages[i], 0, data, SCSI_LOG_BYTES,
			&bytes)) {
			any = true;
			scsi_counters_take(counters, maker, data, bytes);
		}
	free(data);
	return any;
}

const struct scsi_counter *
scsi_counters_find(const struct scsi_counters *counters, uint8_t page,
    uint16_t code)
{
	for (size_t i = 0; i < counters->count; i++)
		if (counters->counter[i].page == page &&
		    counters->counter[i].code == code)
			return &counters->counter[i];
	return NULL;
}

void scsi_counters_subtract(const struct scsi_counters *after,
    const struct scsi_counters *before, struct scsi_counters *difference,
    bool *cleared)
{
	struct scsi_counters d = { 0 };

	*cleared = false;
	for (size_t i = 0; i < after->count; i++) {
		struct scsi_counter c = after->counter[i];
		const struct scsi_counter *was =
		    scsi_counters_find(before, c.page, c.code);

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
