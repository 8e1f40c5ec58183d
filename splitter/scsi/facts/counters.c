/* counters.c: see counters.h. */
#include "splitter/scsi/facts/counters.h"

#include <stdlib.h>
#include <string.h>

/* Page 12h, parameter 0: flag 1 is the first bit of the first byte. */
static void take_alerts(struct tape_counters *c,
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

void scsi_counters_take(struct tape_counters *c, enum tape_maker maker,
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
		if (code == ALERTS && subpage == 0)
			take_alerts(c, &value);
		/* Longer ones are lists and texts. */
		if (subpage == 0 && value.bytes > 0 && value.bytes <= 8 &&
		    !is_unknown(&value))
			tape_counters_add(c, maker, code, value.code,
			    scsi_log_number(&value));
	}
}

bool scsi_counters_read(struct scsi_unit *unit, enum tape_maker maker,
    struct tape_counters *counters)
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
