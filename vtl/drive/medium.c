/* medium.c: FORMAT MEDIUM, ALLOW OVERWRITE, WRITE ATTRIBUTE. */
#include "vtl/drive/impl.h"

static const struct sense position_error = { SENSE_ILLEGAL_REQUEST, 0x3b, 0, 0,
	0 };
static const struct sense protected = { SENSE_DATA_PROTECT, 0x27, 0, 0, 0 };

/*
 * Returns the early warning of a partition: the distance of the medium, and at
 * most a tenth of the partition, as of a new volume (model_early_warning_bytes).
 */
static uint64_t early_warning_bytes(const struct volume_spec *spec,
    uint64_t bytes)
{
	if (bytes == spec->capacity_bytes ||
	    spec->early_warning_bytes < bytes / 10)
		return spec->early_warning_bytes;
	return bytes / 10;
}

/*
 * The drive writes an end of data into each partition: it goes from one
 * beginning to the next, and back.
 */
static void visit_partitions(struct drive *drive, struct drive_result *result)
{
	static const struct volume_position bop;
	unsigned i, count = volume_partitions(drive->volume);

	for (i = 1; i <= count; i++) {
		if (drive_select(drive, i % count) != 0) {
			drive_storage_failed(drive, result);
			return;
		}
		drive_go(drive, &bop, result);
	}
}

void drive_format(struct drive *drive, uint64_t usable_bytes,
    const uint64_t *sizes, unsigned count, int64_t now_ns,
    struct drive_result *result)
{
	const struct volume_spec *spec;
	struct volume_partition partitions[VOLUME_PARTITIONS_MAX];

	/* A fault of an erase also applies to a format. */
	if (!drive_begin(drive, DRIVE_ERASE, false, now_ns, result) ||
	    !drive_may_format(drive, result))
		return;
	spec = volume_get_spec(drive->volume);
	for (unsigned i = 0; i < count; i++)
		partitions[i] = (struct volume_partition){ sizes[i],
			early_warning_bytes(spec, sizes[i]) };
	if (volume_format(drive->volume, usable_bytes, partitions, count) !=
	    0) {
		drive_storage_failed(drive, result);
		return;
	}
	drive->allow = DRIVE_ALLOW_NONE;
	drive->overflowed = drive->miscounted = false;
	drive->zone_blocks = 0;
	drive->is_moved = true;
	drive_set_layout(drive);
	visit_partitions(drive, result);
}

void drive_allow_overwrite(struct drive *drive, enum drive_allow allow,
    unsigned partition, uint64_t object, int64_t now_ns,
    struct drive_result *result)
{
	drive->allow = DRIVE_ALLOW_NONE;
	drive_flush(drive, now_ns, result);
	if (result->check)
		return;
	if (allow == DRIVE_ALLOW_HERE &&
	    (partition != volume_get_active(drive->volume) ||
		object != drive->position.object)) {
		drive_fail(result, &position_error);
		return;
	}
	drive->allow = allow;
	drive->allow_object = object;
}

void drive_store_attributes(struct drive *drive, unsigned partition,
    const struct volume_attribute *attributes, size_t count, int64_t now_ns,
    struct drive_result *result)
{
	drive_poll(drive, now_ns, result);
	if (result->check)
		return;
	if (volume_is_protected(drive->volume)) {
		drive_fail(result, &protected);
		return;
	}
	/*
	 * The first synchronisation makes sure that a failure of the change
	 * loses nothing else.
	 */
	if (volume_sync(drive->volume) != 0 ||
	    volume_store_attributes(drive->volume, partition, attributes,
		count) != 0 ||
	    volume_sync(drive->volume) != 0)
		drive_storage_failed(drive, result);
}
