/*
 * vtape_condition.c: what a drive and its volume report of themselves
 * (tape_ops.condition).
 *
 * A drive that is served reports it as log pages instead (vtl/scsi/log.h); the
 * flags and the errors follow the same rules (vtl/base/alert.h).
 */
#include <string.h>

#include "splitter/tape/counters.h"
#include "vtl/library/impl.h"

enum { MB = 1000000, RATIO_ONE = 100 };

static enum alert_operation operation_of(const char *doing)
{
	return strncmp(doing, "write", 5) == 0 ? ALERT_WRITING
	    : strncmp(doing, "read", 4) == 0   ? ALERT_READING
					       : ALERT_OTHER;
}

void vtape_tally_take(struct vtape_tally *tally, const char *doing,
    const struct drive_result *answer)
{
	enum alert_operation operation = operation_of(doing);

	if (operation != ALERT_OTHER)
		tally->done[operation].bytes += answer->bytes;
	if (!answer->check)
		return;
	alert_count(tally->done, operation, &answer->sense);
	tally->alerts |= alert_of_sense(operation, &answer->sense);
}

static void put(struct tape_counters *counters, uint8_t page, uint16_t code,
    uint64_t value)
{
	tape_counters_add(counters, TAPE_MAKER_OTHER, page, code, value);
}

static void put_errors(struct tape_counters *c, const struct vtape_tally *t)
{
	const struct alert_tally *w = &t->done[ALERT_WRITING];
	const struct alert_tally *r = &t->done[ALERT_READING];

	put(c, TAPE_PAGE_WRITE_ERRORS, 3, w->corrected);
	put(c, TAPE_PAGE_WRITE_ERRORS, 5, w->bytes);
	put(c, TAPE_PAGE_WRITE_ERRORS, 6, w->uncorrected);
	put(c, TAPE_PAGE_READ_ERRORS, 3, r->corrected);
	put(c, TAPE_PAGE_READ_ERRORS, 5, r->bytes);
	put(c, TAPE_PAGE_READ_ERRORS, 6, r->uncorrected);
	put(c, TAPE_PAGE_DEVICE, 0, w->bytes);
	put(c, TAPE_PAGE_DEVICE, 3, r->bytes);
}

/* Volume statistics, compression, and the capacity in the memory. */
static void put_volume(struct drive *drive, const struct vtape_tally *t,
    struct tape_condition *out)
{
	struct tape_counters *c = &out->counters;
	struct drive_capacity capacity;
	struct volume_position end;
	uint64_t ratio = RATIO_ONE;

	put(c, TAPE_PAGE_VOLUME, 1, t->wear.loads);
	put(c, TAPE_PAGE_VOLUME, 4, t->done[ALERT_WRITING].uncorrected);
	put(c, TAPE_PAGE_VOLUME, 9, t->done[ALERT_READING].uncorrected);
	out->loads = t->wear.loads;
	out->life_loads = t->wear.life_loads;
	if (drive_get_capacity(drive, 0, &capacity) != 0 ||
	    volume_end_of(drive_volume(drive), 0, &end) != 0)
		return;
	out->capacity_bytes = capacity.capacity_bytes;
	out->remaining_bytes = capacity.capacity_bytes > capacity.used_bytes
	    ? capacity.capacity_bytes - capacity.used_bytes
	    : 0;
	if (capacity.used_bytes > 0)
		ratio = (uint64_t)((unsigned __int128)end.byte * RATIO_ONE /
		    capacity.used_bytes);
	put(c, TAPE_PAGE_VOLUME, 0x16, capacity.capacity_bytes / MB);
	put(c, TAPE_PAGE_VOLUME, 0x17, capacity.used_bytes / MB);
	put(c, TAPE_PAGE_COMPRESSION, 1, ratio);
}

void vtape_get_condition(struct drive *drive, const struct vtape_tally *tally,
    struct tape_condition *out)
{
	struct volume *volume = drive_volume(drive);

	out->has_counters = out->counters.has_alerts = true;
	out->counters.alerts = tally->alerts;
	put_errors(&out->counters, tally);
	if (volume == NULL)
		return;
	volume_get_serial(volume, out->serial);
	volume_get_text(volume, VOLUME_ATTRIBUTE_BARCODE, out->barcode);
	strcpy(out->maker, VOLUME_MAKER);
	put_volume(drive, tally, out);
}
