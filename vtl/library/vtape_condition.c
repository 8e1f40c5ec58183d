/*
 * vtape_condition.c: what a drive and its volume report of themselves
 * (tape_ops.condition).
 *
 * A drive that is served reports it as log pages instead (vtl/scsi/log.h); the
 * flags and the errors follow the same rules (vtl/base/alert.h).
 */
#include <string.h>

#include "splitter/tape/counters.h"
#include "vtl/base/media.h"
#include "vtl/library/impl.h"

enum { MB = 1000000, MIB = 1 << 20, RATIO_ONE = 100 };

static enum alert_operation operation_of(const char *doing)
{
	return strncmp(doing, "write", 5) == 0 ? ALERT_WRITING
	    : strncmp(doing, "read", 4) == 0   ? ALERT_READING
					       : ALERT_OTHER;
}

void vtape_tally_begin(struct vtape_tally *t, struct drive *drive,
    int64_t now_ns)
{
	struct drive_motion_counts motion;

	volume_usage_begin(&t->usage, drive_volume(drive));
	if (volume_get_wear(drive_volume(drive), &t->wear) == 0)
		t->alerts |= alert_of_wear(media_wear(t->wear.loads,
		    t->wear.life_loads));
	t->now_ns = now_ns;
	drive_get_motion_counts(drive, now_ns, &motion);
	t->retries = motion.retries;
	t->turns = motion.turns;
}

/* The tape interface uses the first partition alone. */
static void count_this_load(struct vtape_tally *t)
{
	for (int i = 0; i < 2; i++)
		t->usage.of[0].load[i] = t->done[i].bytes;
}

void vtape_tally_end(struct vtape_tally *t, struct volume *volume)
{
	count_this_load(t);
	volume_usage_end(&t->usage, volume);
}

void vtape_tally_take(struct vtape_tally *tally, const char *doing,
    const struct drive_result *answer)
{
	enum alert_operation operation = operation_of(doing);

	tally->now_ns = answer->done_ns;
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

/* What the counters are computed from. */
struct reading {
	struct tape_counters *to;
	const struct alert_tally *written, *read; /* since the load */
	struct volume_amounts amounts;
	uint64_t retries, turns;
	uint8_t density;
	struct drive_capacity capacity;
	uint64_t end_byte, warning_bytes, position_byte, fill_bytes;
};

/* Returns what bytes of hosts take on the medium. */
static uint64_t medium_bytes(const struct reading *r, uint64_t bytes)
{
	return r->end_byte == 0 ? bytes
				: (uint64_t)((unsigned __int128)bytes *
				      r->capacity.used_bytes / r->end_byte);
}

/* As page 02h and 03h of a served drive: the drive repeats the operation. */
static void put_errors(const struct reading *r, uint8_t page,
    const struct alert_tally *t, uint64_t retries)
{
	put(r->to, page, 0, 0);
	put(r->to, page, 1, t->corrected);
	put(r->to, page, 2, retries);
	put(r->to, page, 3, t->corrected);
	put(r->to, page, 4, t->corrected);
	put(r->to, page, 5, t->bytes);
	put(r->to, page, 6, t->uncorrected);
}

static void put_device(const struct reading *r)
{
	put(r->to, TAPE_PAGE_DEVICE, 0, r->written->bytes);
	put(r->to, TAPE_PAGE_DEVICE, 1, medium_bytes(r, r->written->bytes));
	put(r->to, TAPE_PAGE_DEVICE, 2, medium_bytes(r, r->read->bytes));
	put(r->to, TAPE_PAGE_DEVICE, 3, r->read->bytes);
}

static void put_places(const struct reading *r)
{
	put(r->to, TAPE_PAGE_DEVICE, 4, r->capacity.used_bytes / MB);
	put(r->to, TAPE_PAGE_DEVICE, 5,
	    (r->capacity.capacity_bytes - r->warning_bytes) / MB);
	put(r->to, TAPE_PAGE_DEVICE, 6, r->warning_bytes / MB);
	put(r->to, TAPE_PAGE_DEVICE, 7, medium_bytes(r, r->position_byte) / MB);
	put(r->to, TAPE_PAGE_DEVICE, 8, r->fill_bytes / MB);
}

/* Volume statistics. */
static void put_volume(const struct reading *r, uint64_t loads)
{
	const struct volume_amounts *a = &r->amounts;
	struct tape_counters *c = r->to;

	put(c, TAPE_PAGE_VOLUME, 0x01, loads);
	put(c, TAPE_PAGE_VOLUME, 0x02, media_data_sets(r->density, a->life[0]));
	put(c, TAPE_PAGE_VOLUME, 0x03, r->retries);
	put(c, TAPE_PAGE_VOLUME, 0x04, r->written->uncorrected);
	put(c, TAPE_PAGE_VOLUME, 0x05, 0);
	put(c, TAPE_PAGE_VOLUME, 0x06, 0);
	put(c, TAPE_PAGE_VOLUME, 0x07, media_data_sets(r->density, a->life[1]));
	put(c, TAPE_PAGE_VOLUME, 0x08, r->read->corrected);
	put(c, TAPE_PAGE_VOLUME, 0x09, r->read->uncorrected);
	put(c, TAPE_PAGE_VOLUME, 0x0c, r->written->uncorrected);
	put(c, TAPE_PAGE_VOLUME, 0x0d, r->read->uncorrected);
	put(c, TAPE_PAGE_VOLUME, 0x0e, a->load[0] / MB);
	put(c, TAPE_PAGE_VOLUME, 0x0f, a->load[1] / MB);
	put(c, TAPE_PAGE_VOLUME, 0x10, a->life[0] / MB);
	put(c, TAPE_PAGE_VOLUME, 0x11, a->life[1] / MB);
	/* Each turn is at one end of a wrap: the tape passes its middle. */
	put(c, TAPE_PAGE_VOLUME, 0x101, r->turns / 2);
	put(c, TAPE_PAGE_VOLUME, 0x102, r->turns);
}

static void put_capacity(const struct reading *r)
{
	uint64_t used = r->capacity.used_bytes, ratio = RATIO_ONE;

	if (used > 0)
		ratio = (uint64_t)((unsigned __int128)r->end_byte * RATIO_ONE /
		    used);
	put(r->to, TAPE_PAGE_VOLUME, 0x12, ratio);
	put(r->to, TAPE_PAGE_VOLUME, 0x13, ratio);
	put(r->to, TAPE_PAGE_VOLUME, 0x16, r->capacity.capacity_bytes / MB);
	put(r->to, TAPE_PAGE_VOLUME, 0x17, used / MB);
	put(r->to, TAPE_PAGE_COMPRESSION, 0, ratio);
	put(r->to, TAPE_PAGE_COMPRESSION, 1, ratio);
}

/* Returns false: there is no volume, or it cannot be read. */
static bool read_places(struct drive *drive, int64_t now_ns, struct reading *r)
{
	struct volume *volume = drive_volume(drive);
	struct volume_position end, place;

	if (drive_get_capacity(drive, 0, &r->capacity) != 0 ||
	    volume_end_of(volume, 0, &end) != 0)
		return false;
	drive_position(drive, &place);
	r->end_byte = end.byte;
	r->position_byte = place.byte;
	r->warning_bytes = volume_get_partition(volume, 0)->early_warning_bytes;
	r->fill_bytes = drive_get_fill(drive, now_ns);
	return true;
}

/* What the memory of the cartridge has. */
static void put_memory(struct volume *volume, const struct vtape_tally *t,
    const struct reading *r, struct tape_condition *out)
{
	volume_get_serial(volume, out->serial);
	volume_get_text(volume, VOLUME_ATTRIBUTE_BARCODE, out->barcode);
	strcpy(out->maker, VOLUME_MAKER);
	out->loads = t->wear.loads;
	out->life_loads = t->wear.life_loads;
	out->written_life_bytes = r->amounts.life[0] / MIB * MIB;
	out->read_life_bytes = r->amounts.life[1] / MIB * MIB;
}

void vtape_get_condition(struct drive *drive, struct vtape_tally *t,
    struct tape_condition *out)
{
	struct volume *volume = drive_volume(drive);
	struct drive_motion_counts motion;
	struct reading r = { .to = &out->counters,
		.written = &t->done[ALERT_WRITING],
		.read = &t->done[ALERT_READING],
		.density = drive_model(drive)->density };
	bool known = volume != NULL && read_places(drive, t->now_ns, &r);

	count_this_load(t);
	volume_usage_get(&t->usage, 0, &r.amounts);
	drive_get_motion_counts(drive, t->now_ns, &motion);
	r.retries = motion.retries - t->retries;
	r.turns = motion.turns - t->turns;
	out->has_counters = out->counters.has_alerts = true;
	out->counters.alerts = t->alerts;
	put_errors(&r, TAPE_PAGE_WRITE_ERRORS, r.written, r.retries);
	put_errors(&r, TAPE_PAGE_READ_ERRORS, r.read, 0);
	put_device(&r);
	if (volume == NULL)
		return;
	put_memory(volume, t, &r, out);
	put_volume(&r, t->wear.loads);
	if (!known)
		return;
	put_places(&r);
	put_capacity(&r);
	out->capacity_bytes = r.capacity.capacity_bytes;
	out->remaining_bytes = r.capacity.capacity_bytes > r.capacity.used_bytes
	    ? r.capacity.capacity_bytes - r.capacity.used_bytes
	    : 0;
}
