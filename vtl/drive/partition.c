/* partition.c: the current partition: its layout, its capacity, its choice. */
#include "vtl/drive/impl.h"

#include "splitter/base/random.h"

uint64_t drive_random(const struct drive *drive, enum drive_random purpose,
    uint64_t spread)
{
	uint64_t number =
	    random_next(random_next(0, drive->options.seed), purpose);

	for (const char *p = volume_get_spec(drive->volume)->barcode;
	     *p != '\0'; p++)
		number = random_next(number, (uint8_t)*p);
	return number % (spread + 1);
}

/* Returns the capacity of a partition as the options say. */
static uint64_t capacity_of(const struct drive *drive, unsigned partition)
{
	const struct drive_options *o = &drive->options;
	uint64_t permille = o->capacity_permille,
		 whole = volume_get_partition(drive->volume, partition)
			     ->capacity_bytes;

	if (permille == 0)
		return whole;
	permille += drive_random(drive, DRIVE_RANDOM_CAPACITY,
	    o->capacity_spread_permille);
	return whole / 1000 * permille + whole % 1000 * permille / 1000;
}

void drive_set_layout(struct drive *drive)
{
	const struct drive_options *o = &drive->options;

	drive->layout = o->layout;
	drive_compression_forget(drive->compression, 0);
	if (drive->volume == NULL)
		return;
	if (o->ratio_spread_permille > 0)
		drive->layout.ratio_permille += drive_random(drive,
		    DRIVE_RANDOM_RATIO, o->ratio_spread_permille);
	drive->capacity_bytes =
	    capacity_of(drive, volume_get_active(drive->volume));
}

int drive_get_capacity(struct drive *drive, unsigned partition,
    struct drive_capacity *capacity)
{
	struct volume_position end;

	capacity->capacity_bytes = capacity_of(drive, partition);
	capacity->used_bytes = 0;
	if (volume_end_of(drive->volume, partition, &end) != 0)
		return -1;
	if (partition != volume_get_active(drive->volume)) {
		capacity->used_bytes = extent_fit_medium_byte(&drive->layout,
		    end.byte, end.object - end.file, end.file);
		return 0;
	}
	if (drive->queue.count > 0)
		end = drive->position;
	capacity->used_bytes = drive_medium_byte(drive, &end);
	return 0;
}

int drive_select(struct drive *drive, unsigned partition)
{
	static const struct volume_position bop;
	uint64_t byte;

	if (partition == volume_get_active(drive->volume))
		return 0;
	byte = drive_place_byte(drive);
	if (volume_select(drive->volume, partition) != 0)
		return -1;
	drive->is_elsewhere = true;
	drive->elsewhere_byte = byte;
	drive->position = bop;
	drive_set_layout(drive);
	return 0;
}
