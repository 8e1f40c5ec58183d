/*
 * attribute.c: READ ATTRIBUTE and WRITE ATTRIBUTE (SPC-4).
 *
 * Attributes of the device and of the medium are computed (attribute_value.h);
 * those of hosts are stored in the volume.  Each attribute belongs to a
 * partition.  The computed ones are the same in all partitions, except the
 * capacities.
 */
#include "vtl/scsi/attribute_value.h"
#include "vtl/volume/history.h"

#include <string.h>

enum {
	HEADER_BYTES = 5, /* what an attribute takes in addition to its value */
	FIRST_HOST = 0x0800
};

static bool is_vendor_host(uint16_t id)
{
	return id >= 0x1400 && id < 0x1800;
}

bool scsi_attribute_is_read_only(uint16_t id)
{
	return !(id >= FIRST_HOST && id < 0x0c00) && !is_vendor_host(id);
}

bool scsi_supported_attribute(size_t index, uint16_t *id)
{
	const struct scsi_attribute_kind *kinds;
	size_t count;

	kinds = scsi_attribute_kinds(&count);
	if (index >= count)
		return false;
	*id = kinds[index].id;
	return true;
}

static void add_bytes(void *arg, const struct volume_attribute *a)
{
	*(uint64_t *)arg += HEADER_BYTES + a->bytes;
}

/* Adds what the stored attributes of all partitions take.  Returns 0 or -1. */
static int stored_bytes(struct volume *volume, uint64_t *bytes)
{
	*bytes = 0;
	for (unsigned i = 0; i < volume_partitions(volume); i++)
		if (volume_each_stored_attribute(volume, i, 0, add_bytes,
			bytes) != 0)
			return -1;
	return 0;
}

static void note_serial(void *arg, const char *text)
{
	struct scsi_attribute_source *s = arg;

	memmove(s->serials[1], s->serials[0],
	    sizeof s->serials - sizeof s->serials[0]);
	memset(s->serials[0], 0, sizeof s->serials[0]);
	if (text != NULL)
		strncpy(s->serials[0], text, SCSI_ATTRIBUTE_SERIAL_BYTES);
}

/* The volume may say when it was made, YYYYMMDD. */
static void note_date(void *arg, const char *text)
{
	struct scsi_attribute_source *s = arg;
	size_t n = 0;

	while (text != NULL && text[n] >= '0' && text[n] <= '9')
		n++;
	if (n == SCSI_ATTRIBUTE_DATE_BYTES && text[n] == '\0')
		memcpy(s->date, text, SCSI_ATTRIBUTE_DATE_BYTES + 1);
}

/* Reads what the values are computed from.  Returns 0 or -1. */
static int read_source(struct scsi_attribute_source *s)
{
	scsi_get_usage(s->unit, VOLUME_ALL_PARTITIONS, &s->usage);
	scsi_get_usage(s->unit, (int)s->partition, &s->partition_usage);
	return drive_get_capacity(s->unit->drive, s->partition, &s->capacity) ==
		    0 &&
		volume_end_of(s->volume, s->partition, &s->end) == 0 &&
		volume_count_events(s->volume, "formatted", &s->formats) == 0 &&
		volume_each_event(s->volume, "loaded", note_serial, s) == 0 &&
		volume_each_event(s->volume, "created", note_date, s) == 0 &&
		stored_bytes(s->volume, &s->stored_bytes) == 0
	    ? 0
	    : -1;
}

/* Finds out whether an attribute is stored. */
struct find {
	uint16_t id;
	bool found;
};

static void match(void *arg, const struct volume_attribute *a)
{
	struct find *find = arg;

	find->found |= a->id == find->id;
}

/* Returns whether the attribute has a computed value for this volume. */
static bool is_known(const struct scsi_attribute_source *s,
    const struct scsi_attribute_kind *kind)
{
	return kind->put != NULL &&
	    (kind->id != SCSI_ATTRIBUTE_DATE || s->date[0] != '\0');
}

static void each_computed(const struct scsi_attribute_source *s, uint16_t from,
    volume_each_attribute *each, void *arg)
{
	uint8_t value[SCSI_ATTRIBUTE_COMPUTED_BYTES];
	const struct scsi_attribute_kind *kinds;
	size_t count;

	kinds = scsi_attribute_kinds(&count);
	for (size_t i = 0; i < count; i++) {
		const struct scsi_attribute_kind *k = &kinds[i];
		const struct volume_attribute a = { k->id, k->format, k->bytes,
			value };

		if (!is_known(s, k) || k->id < from)
			continue;
		k->put(s, value);
		each(arg, &a);
	}
}

static void fail_to_read(struct volume *volume, struct scsi_result *result)
{
	static const struct sense unreadable = { SENSE_MEDIUM_ERROR, 0x11, 0x12,
		0, 0 };

	scsi_fail(result, &unreadable);
	result->detail = volume_message(volume);
}

void scsi_read_attributes(struct scsi *unit, const char *vendor,
    unsigned partition, uint16_t from, volume_each_attribute *each, void *arg,
    int64_t now_ns, struct scsi_result *result)
{
	struct scsi_attribute_source s = {
		.unit = unit, .vendor = vendor, .partition = partition
	};
	struct find find = { .id = from };
	uint16_t stored_from = from < FIRST_HOST ? FIRST_HOST : from;
	const struct scsi_attribute_kind *kind;

	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	s.volume = drive_volume(unit->drive);
	if (partition >= volume_partitions(s.volume)) {
		scsi_fail(result, &scsi_bad_field);
		return;
	}
	if (read_source(&s) != 0 ||
	    volume_each_stored_attribute(s.volume, partition, stored_from,
		match, &find) != 0) {
		fail_to_read(s.volume, result);
		return;
	}
	kind = scsi_attribute_find(from);
	if (!find.found && (kind == NULL || !is_known(&s, kind))) {
		scsi_fail(result, &scsi_bad_field);
		return;
	}
	/* All computed attributes come before those of hosts. */
	each_computed(&s, from, each, arg);
	if (volume_each_stored_attribute(s.volume, partition, stored_from, each,
		arg) != 0)
		fail_to_read(s.volume, result);
}

/* Returns whether a host may write this attribute. */
static bool is_valid(const struct volume_attribute *a)
{
	const struct scsi_attribute_kind *kind;

	if (scsi_attribute_is_read_only(a->id) ||
	    a->format > SCSI_ATTRIBUTE_TEXT ||
	    a->bytes > VOLUME_ATTRIBUTE_BYTES_MAX)
		return false;
	if (is_vendor_host(a->id))
		return true;
	kind = scsi_attribute_find(a->id);
	return kind != NULL && a->format == kind->format &&
	    (a->bytes == 0 || a->bytes == kind->bytes ||
		(a->id == SCSI_ATTRIBUTE_COHERENCY &&
		    a->bytes < SCSI_ATTRIBUTE_COHERENCY_MAX));
}

/* The bytes of the attributes that a list replaces. */
struct replaced {
	const struct volume_attribute *list;
	size_t count;
	uint64_t bytes;
};

static void add_replaced(void *arg, const struct volume_attribute *a)
{
	struct replaced *r = arg;
	size_t i = 0;

	while (i < r->count && r->list[i].id != a->id)
		i++;
	if (i < r->count)
		r->bytes += HEADER_BYTES + a->bytes;
}

/*
 * Returns 1 if there is room for the attributes, 0, or -1 if the volume cannot
 * be read.  An attribute that is there twice counts twice.
 */
static int has_room(struct volume *volume, unsigned partition,
    const struct volume_attribute *attributes, size_t count)
{
	struct replaced replaced = { attributes, count, 0 };
	uint64_t bytes;

	if (stored_bytes(volume, &bytes) != 0 ||
	    volume_each_stored_attribute(volume, partition, 0, add_replaced,
		&replaced) != 0)
		return -1;
	bytes -= replaced.bytes;
	for (size_t i = 0; i < count; i++)
		if (attributes[i].bytes > 0)
			bytes += HEADER_BYTES + attributes[i].bytes;
	return bytes <= SCSI_MAM_BYTES;
}

void scsi_write_attributes(struct scsi *unit, unsigned partition,
    const struct volume_attribute *attributes, size_t count, size_t *invalid,
    int64_t now_ns, struct scsi_result *result)
{
	static const struct sense bad_parameter = { SENSE_ILLEGAL_REQUEST, 0x26,
		0, 0, 0 };
	static const struct sense no_space = { SENSE_ILLEGAL_REQUEST, 0x55, 6,
		0, 0 };
	struct drive_result a;
	struct volume *volume;
	int room;

	*invalid = 0;
	if (!scsi_begin_with_medium(unit, now_ns, result))
		return;
	volume = drive_volume(unit->drive);
	if (partition >= volume_partitions(volume)) {
		scsi_fail(result, &scsi_bad_field);
		return;
	}
	for (; *invalid < count; ++*invalid) {
		if (is_valid(&attributes[*invalid]))
			continue;
		scsi_fail(result, &bad_parameter);
		return;
	}
	room = has_room(volume, partition, attributes, count);
	if (room < 0) {
		fail_to_read(volume, result);
		return;
	}
	if (room == 0) {
		scsi_fail(result, &no_space);
		return;
	}
	drive_store_attributes(unit->drive, partition, attributes, count,
	    now_ns, &a);
	scsi_take_result(unit, SCSI_OTHER, &a, result);
}
