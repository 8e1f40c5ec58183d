/* counts.c: counters of the unit, and the capacity of its medium. */
#include "vtl/scsi/impl.h"

#include <string.h>

void scsi_get_counts(struct scsi *unit, int64_t now_ns,
    struct scsi_counts *counts)
{
	struct drive_motion_counts motion;

	drive_get_motion_counts(unit->drive, now_ns, &motion);
	memcpy(counts->operations, unit->counters, sizeof unit->counters);
	counts->non_medium = unit->non_medium;
	counts->retries = motion.retries;
	counts->turns = motion.turns;
}

void scsi_get_counts_since(struct scsi *unit, const struct scsi_counts *from,
    int64_t now_ns, struct scsi_counts *counts)
{
	scsi_get_counts(unit, now_ns, counts);
	for (int i = 0; i < 2; i++) {
		struct alert_tally *c = &counts->operations[i];
		const struct alert_tally *f = &from->operations[i];

		c->bytes -= f->bytes;
		c->blocks -= f->blocks;
		c->corrected -= f->corrected;
		c->uncorrected -= f->uncorrected;
	}
	counts->non_medium -= from->non_medium;
	counts->retries -= from->retries;
	counts->turns -= from->turns;
}

int64_t scsi_moving_ns(const struct drive_motion_counts *motion)
{
	return motion->loaded_ns - motion->standing_ns;
}

void scsi_note_cleaning(struct scsi *unit, int64_t now_ns)
{
	struct drive_motion_counts motion;

	drive_get_motion_counts(unit->drive, now_ns, &motion);
	unit->cleanings++;
	unit->clean_bytes = unit->counters[SCSI_WRITING].bytes +
	    unit->counters[SCSI_READING].bytes;
	unit->clean_moving_ns = scsi_moving_ns(&motion);
}

bool scsi_get_capacity(struct scsi *unit, unsigned partition,
    struct scsi_capacity *capacity)
{
	struct volume *volume = drive_volume(unit->drive);

	memset(capacity, 0, sizeof *capacity);
	if (volume == NULL || drive_media_use(unit->drive) == MEDIA_NONE ||
	    drive_get_capacity(unit->drive, partition, &capacity->medium) != 0)
		return false;
	return volume_end_of(volume, partition, &capacity->end) == 0;
}

uint64_t scsi_medium_bytes(const struct scsi_capacity *capacity, uint64_t bytes)
{
	uint64_t whole = capacity->end.byte;

	if (whole == 0)
		return bytes;
	return (uint64_t)((unsigned __int128)bytes *
	    capacity->medium.used_bytes / whole);
}

bool scsi_is_protected(const struct scsi *unit)
{
	const struct volume *volume = drive_volume(unit->drive);

	return volume != NULL &&
	    (unit->mode.write_protected ||
		drive_media_use(unit->drive) == MEDIA_READ ||
		volume_is_protected(volume));
}
