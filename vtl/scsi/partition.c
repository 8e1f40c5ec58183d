/*
 * partition.c: the medium partition page, FORMAT MEDIUM, SET CAPACITY, ALLOW
 * OVERWRITE.
 *
 * The drive chooses a twentieth of the medium for each partition after the
 * first.  An initiator may choose any size.  A size that leaves less than a
 * twentieth for each partition after it is rounded to a twentieth.  So programs
 * that ask for an index partition of some gigabytes, as LTFS does, can also use
 * small media.
 */
#include "vtl/scsi/impl.h"

#include <string.h>

enum {
	PARTS = VOLUME_PARTITIONS_MAX,
	LEAST_SHARE = 20, /* a size that is rounded is 1/20 of the medium */
	LTO_5 = 0x58      /* density of the first media with partitions: two */
};

/* Returns how many partitions a medium of this density can have. */
static unsigned most_partitions(const struct media_type *medium)
{
	if (medium == NULL)
		return PARTS;
	if (medium->worm || medium->density < LTO_5)
		return 1;
	return medium->density == LTO_5 ? 2 : PARTS;
}

static unsigned most_of(const struct scsi *unit)
{
	const struct media_type *medium = drive_medium(unit->drive);
	const struct model *model = drive_model(unit->drive);

	if (drive_volume(unit->drive) == NULL)
		medium = media_find_type(model->media[0].medium, "");
	return most_partitions(medium);
}

static uint64_t usable_bytes(const struct scsi *unit)
{
	return volume_usable_bytes(drive_volume(unit->drive));
}

/* Returns the size of a unit; 0 if it is not possible. */
static uint64_t unit_bytes(const struct scsi_partitions *p)
{
	uint64_t bytes = 1;

	if (p->unit != SCSI_PSUM_POWER)
		return UINT64_C(1) << 10 * p->unit;
	if (p->power > 15)
		return 0;
	for (unsigned i = 0; i < p->power; i++)
		bytes *= 10;
	return bytes;
}

/* Sets the least power of ten, from that of real drives, for these sizes. */
static void set_sizes(struct scsi_partitions *p, const uint64_t *bytes,
    unsigned count)
{
	uint64_t most = 0, each;

	p->unit = SCSI_PSUM_POWER;
	for (unsigned i = 0; i < count; i++)
		if (bytes[i] > most)
			most = bytes[i];
	p->power = most / 1000000000 >= 100 ? 9 : 0;
	while ((each = unit_bytes(p)) > 0 && most / each >= SCSI_PARTITION_REST)
		p->power++;
	for (unsigned i = 0; i < count; i++)
		p->sizes[i] = (uint16_t)(bytes[i] / each);
}

void scsi_get_default_partitions(const struct scsi *unit,
    struct scsi_partitions *partitions)
{
	*partitions = (struct scsi_partitions){
		.additional_max = (uint8_t)(most_of(unit) - 1),
		.unit = SCSI_PSUM_POWER,
		.power = 9,
		.sizes = { SCSI_PARTITION_REST },
	};
}

void scsi_get_partitions(const struct scsi *unit,
    struct scsi_partitions *partitions)
{
	const struct volume *volume = drive_volume(unit->drive);
	uint64_t bytes[PARTS];
	unsigned count;

	if (unit->has_selected) {
		*partitions = unit->selected;
		return;
	}
	scsi_get_default_partitions(unit, partitions);
	if (volume == NULL)
		return;
	count = volume_partitions(volume);
	partitions->additional = (uint8_t)(count - 1);
	partitions->idp = count > 1;
	for (unsigned i = 0; i < count; i++)
		bytes[i] = volume_get_partition(volume, i)->capacity_bytes;
	set_sizes(partitions, bytes, count);
}

/*
 * Returns the sizes that the drive chooses: a twentieth for each partition
 * after the first, which has the rest.
 */
static void choose_sizes(uint64_t usable, unsigned count, uint64_t *bytes)
{
	bytes[0] = usable;
	for (unsigned i = 1; i < count; i++) {
		bytes[i] = usable / LEAST_SHARE;
		bytes[0] -= bytes[i];
	}
}

/* Converts the sizes that the initiator chose; see above. */
static enum scsi_selected convert_sizes(const struct scsi_partitions *p,
    uint64_t usable, unsigned count, uint64_t *bytes)
{
	uint64_t each = unit_bytes(p), least = usable / LEAST_SHARE, used = 0;
	enum scsi_selected how = SCSI_SELECTED;
	unsigned rest = count, i;

	if (each == 0)
		return SCSI_INVALID;
	for (i = 0; i < count; i++) {
		uint64_t most = usable - used - (count - 1 - i) * least;

		if (p->sizes[i] == 0 ||
		    (p->sizes[i] == SCSI_PARTITION_REST && rest < count))
			return SCSI_INVALID;
		if (p->sizes[i] == SCSI_PARTITION_REST) {
			rest = i;
			bytes[i] = least;
		} else if (p->sizes[i] > most / each) {
			how = SCSI_ROUNDED;
			bytes[i] = least;
		} else {
			bytes[i] = p->sizes[i] * each;
		}
		used += bytes[i];
	}
	if (rest < count)
		bytes[rest] += usable - used;
	return how;
}

/*
 * Returns how the page is selected, for a medium of `usable` bytes, and then
 * the number and sizes of the partitions.
 */
static enum scsi_selected sizes_of(const struct scsi *unit,
    const struct scsi_partitions *p, uint64_t usable, unsigned *count,
    uint64_t *bytes)
{
	*count = p->additional + 1u;
	if (*count > most_of(unit) || p->fdp + p->sdp + p->idp > 1 ||
	    (p->fdp && *count > 2) || usable < LEAST_SHARE)
		return SCSI_INVALID;
	/* Without any of the three, one partition, however many are named. */
	if (!p->fdp && !p->sdp && !p->idp)
		*count = 1;
	/* One partition is the medium: Linux st gives no size of it. */
	if (p->idp && *count > 1)
		return convert_sizes(p, usable, *count, bytes);
	choose_sizes(usable, *count, bytes);
	return SCSI_SELECTED;
}

enum scsi_selected scsi_check_partitions(const struct scsi *unit,
    const struct scsi_partitions *partitions)
{
	uint64_t bytes[PARTS];
	unsigned count;

	return sizes_of(unit, partitions,
	    drive_volume(unit->drive) != NULL ? usable_bytes(unit) : INT64_MAX,
	    &count, bytes);
}

enum scsi_selected scsi_set_partitions(struct scsi *unit,
    const struct scsi_partitions *partitions)
{
	enum scsi_selected how = scsi_check_partitions(unit, partitions);

	if (how == SCSI_INVALID)
		return how;
	unit->selected = *partitions;
	unit->selected.additional_max = (uint8_t)(most_of(unit) - 1);
	unit->has_selected = true;
	return how;
}

/* Formats the medium, which the unit has. */
static void format(struct scsi *unit, uint64_t usable, const uint64_t *bytes,
    unsigned count, int64_t now_ns, struct scsi_result *result)
{
	struct drive_result a;

	drive_format(unit->drive, usable, bytes, count, now_ns, &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
	if (result->check)
		return;
	unit->has_selected = false;
	unit->after_block = unit->after_filemarks = 0;
	volume_log_event(drive_volume(unit->drive), "formatted", unit->serial);
}

void scsi_format(struct scsi *unit, enum scsi_format how, int64_t now_ns,
    struct scsi_result *result)
{
	struct scsi_partitions page;
	const struct volume *volume;
	uint64_t bytes[PARTS], usable;
	unsigned count = 1;

	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	volume = drive_volume(unit->drive);
	usable = bytes[0] = usable_bytes(unit);
	if (how != SCSI_FORMAT_DEFAULT && unit->has_selected) {
		page = unit->selected;
		sizes_of(unit, &page, usable, &count, bytes);
	} else if (how != SCSI_FORMAT_DEFAULT) {
		/* The page is that of the medium: the same partitions again. */
		count = volume_partitions(volume);
		for (unsigned i = 0; i < count; i++)
			bytes[i] =
			    volume_get_partition(volume, i)->capacity_bytes;
	}
	format(unit, usable, bytes, count, now_ns, result);
}

void scsi_set_capacity(struct scsi *unit, uint16_t proportion, int64_t now_ns,
    struct scsi_result *result)
{
	const uint64_t all = UINT16_MAX;
	uint64_t bytes;

	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	bytes = volume_get_spec(drive_volume(unit->drive))->capacity_bytes;
	bytes = bytes / all * proportion + bytes % all * proportion / all;
	if (bytes == 0) {
		scsi_fail(result, &scsi_bad_field);
		return;
	}
	format(unit, bytes, &bytes, 1, now_ns, result);
}

void scsi_allow_overwrite(struct scsi *unit, enum drive_allow allow,
    uint8_t partition, uint64_t object, int64_t now_ns,
    struct scsi_result *result)
{
	struct drive_result a;

	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	drive_allow_overwrite(unit->drive, allow, partition, object, now_ns,
	    &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
}
