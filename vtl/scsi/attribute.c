/*
 * attribute.c: attributes of the medium auxiliary memory (MAM, SPC-4).
 *
 * Attributes of the device and of the medium are computed; those of hosts are
 * stored in the volume.  Each attribute belongs to a partition.  The computed
 * ones are the same in all partitions, except the capacities.
 *
 * These attributes of SPC-4 are left out: the date of manufacture, since a
 * volume does not say when it was made; and the usage of partitions, which is
 * not counted.
 */
#include "vtl/scsi/impl.h"

#include <string.h>

#include "vtl/base/big_endian.h"

enum { BINARY, ASCII, TEXT };

enum {
	MIB_BITS = 20,
	WORM = 0x80,
	WIDTH = 127, /* of the tape, 0.1 mm */
	LOADS = 4,   /* last loads that are known */
	SERIAL_BYTES = 32,
	VENDOR_BYTES = 8,
	HEADER_BYTES = 5, /* what an attribute takes in addition to its value */
	COHERENCY_MAX = 1024
};

/* What the values are computed from. */
struct source {
	const struct scsi *unit;
	const char *vendor;
	struct volume *volume;
	unsigned partition;
	struct drive_capacity capacity;
	struct volume_position end;
	struct scsi_usage usage;
	uint64_t formats;
	uint64_t stored_bytes;
	/* serial numbers of the last drives, the last first; "": none */
	char serials[LOADS][SERIAL_BYTES + 1];
};

struct kind {
	uint16_t id, bytes;
	uint8_t format;
	/* Stores the value; NULL: hosts do. */
	void (*put)(const struct source *s, uint8_t *value);
};

static void put_text(uint8_t *value, size_t bytes, const char *text)
{
	memset(value, ' ', bytes);
	for (size_t i = 0; i < bytes && text[i] != '\0'; i++)
		value[i] = (uint8_t)text[i];
}

static void put_remaining(const struct source *s, uint8_t *value)
{
	const struct drive_capacity *c = &s->capacity;

	put_be64(value,
	    c->used_bytes < c->capacity_bytes
		? (c->capacity_bytes - c->used_bytes) >> MIB_BITS
		: 0);
}

static void put_maximum(const struct source *s, uint8_t *value)
{
	put_be64(value, s->capacity.capacity_bytes >> MIB_BITS);
}

/* Flag 1 is the first bit. */
static void put_alerts(const struct source *s, uint8_t *value)
{
	memset(value, 0, 8);
	for (unsigned flag = 0; flag < 64; flag++)
		if (s->unit->alerts >> flag & 1)
			value[flag / 8] |= (uint8_t)(0x80 >> flag % 8);
}

static void put_loads(const struct source *s, uint8_t *value)
{
	put_be64(value, s->usage.loads);
}

static void put_space(const struct source *s, uint8_t *value)
{
	put_be64(value,
	    s->stored_bytes < SCSI_MAM_BYTES ? SCSI_MAM_BYTES - s->stored_bytes
					     : 0);
}

static void put_organization(const struct source *s, uint8_t *value)
{
	(void)s;
	put_text(value, 8, "LTO-CVE");
}

static void put_density(const struct source *s, uint8_t *value)
{
	const struct media_type *medium = drive_medium(s->unit->drive);

	value[0] = medium != NULL ? medium->density
				  : drive_model(s->unit->drive)->density;
}

/* A new medium was initialised once. */
static void put_formats(const struct source *s, uint8_t *value)
{
	put_be16(value,
	    (uint16_t)(s->formats < UINT16_MAX ? s->formats + 1 : UINT16_MAX));
}

static void put_blanks(const struct source *s, uint8_t *value)
{
	(void)s;
	put_text(value, 32, "");
}

static void put_reference(const struct source *s, uint8_t *value)
{
	put_be32(value, volume_change_reference(s->volume));
}

/* The vendor of this drive is known, those of other drives are not. */
static void put_load(const struct source *s, unsigned i, uint8_t *value)
{
	const char *serial = s->serials[i];

	put_text(value, VENDOR_BYTES,
	    strcmp(serial, s->unit->serial) == 0 ? s->vendor : "");
	put_text(value + VENDOR_BYTES, SERIAL_BYTES, serial);
}

static void put_load_0(const struct source *s, uint8_t *value)
{
	put_load(s, 0, value);
}

static void put_load_1(const struct source *s, uint8_t *value)
{
	put_load(s, 1, value);
}

static void put_load_2(const struct source *s, uint8_t *value)
{
	put_load(s, 2, value);
}

static void put_load_3(const struct source *s, uint8_t *value)
{
	put_load(s, 3, value);
}

static void put_life_written(const struct source *s, uint8_t *value)
{
	put_be64(value, s->usage.life_bytes[SCSI_WRITING] >> MIB_BITS);
}

static void put_life_read(const struct source *s, uint8_t *value)
{
	put_be64(value, s->usage.life_bytes[SCSI_READING] >> MIB_BITS);
}

static void put_load_written(const struct source *s, uint8_t *value)
{
	put_be64(value, s->usage.load_bytes[SCSI_WRITING] >> MIB_BITS);
}

static void put_load_read(const struct source *s, uint8_t *value)
{
	put_be64(value, s->usage.load_bytes[SCSI_READING] >> MIB_BITS);
}

/* Nothing is encrypted. */
static void put_none(const struct source *s, uint8_t *value)
{
	(void)s;
	put_be64(value, UINT64_MAX);
}

static void put_first_object(const struct source *s, uint8_t *value)
{
	put_be64(value, s->end.object > 0 ? 0 : UINT64_MAX);
}

/*
 * Medium usage history: written, read, retries of both; now, in the last load,
 * in life; loads, changes of the partition, formats.  6 bytes each.
 */
static void put_history(const struct source *s, uint8_t *value)
{
	const struct scsi_usage *u = &s->usage;
	const uint64_t fields[15] = { u->load_bytes[0] >> MIB_BITS,
		u->load_bytes[1] >> MIB_BITS, 0, 0,
		u->last_bytes[0] >> MIB_BITS, u->last_bytes[1] >> MIB_BITS, 0,
		0, u->life_bytes[0] >> MIB_BITS, u->life_bytes[1] >> MIB_BITS,
		0, 0, u->loads, 0, s->formats + 1 };

	for (size_t i = 0; i < 15; i++) {
		put_be16(value + 6 * i, (uint16_t)(fields[i] >> 32));
		put_be32(value + 6 * i + 2, (uint32_t)fields[i]);
	}
}

static void put_manufacturer(const struct source *s, uint8_t *value)
{
	(void)s;
	put_text(value, 8, "TAPELAB");
}

static void put_serial(const struct source *s, uint8_t *value)
{
	put_text(value, 32, volume_get_spec(s->volume)->barcode);
}

static void put_length(const struct source *s, uint8_t *value)
{
	const struct model_medium *medium =
	    model_medium(drive_model(s->unit->drive),
		drive_medium(s->unit->drive));

	put_be32(value, medium->length_mm / 1000);
}

static void put_width(const struct source *s, uint8_t *value)
{
	(void)s;
	put_be32(value, WIDTH);
}

static void put_mam_capacity(const struct source *s, uint8_t *value)
{
	(void)s;
	put_be64(value, SCSI_MAM_BYTES);
}

static void put_type(const struct source *s, uint8_t *value)
{
	const struct media_type *medium = drive_medium(s->unit->drive);

	value[0] = medium != NULL && medium->worm ? WORM : 0;
}

static void put_information(const struct source *s, uint8_t *value)
{
	(void)s;
	put_be16(value, 0);
}

/* Ascending; hosts write those without a function. */
static const struct kind kinds[] = {
	{ 0x0000, 8, BINARY, put_remaining },
	{ 0x0001, 8, BINARY, put_maximum },
	{ 0x0002, 8, BINARY, put_alerts },
	{ 0x0003, 8, BINARY, put_loads },
	{ 0x0004, 8, BINARY, put_space },
	{ 0x0005, 8, ASCII, put_organization },
	{ 0x0006, 1, BINARY, put_density },
	{ 0x0007, 2, BINARY, put_formats },
	{ 0x0008, 32, ASCII, put_blanks },
	{ 0x0009, 4, BINARY, put_reference },
	{ 0x020a, 40, ASCII, put_load_0 },
	{ 0x020b, 40, ASCII, put_load_1 },
	{ 0x020c, 40, ASCII, put_load_2 },
	{ 0x020d, 40, ASCII, put_load_3 },
	{ 0x0220, 8, BINARY, put_life_written },
	{ 0x0221, 8, BINARY, put_life_read },
	{ 0x0222, 8, BINARY, put_load_written },
	{ 0x0223, 8, BINARY, put_load_read },
	{ 0x0224, 8, BINARY, put_none },
	{ 0x0225, 8, BINARY, put_first_object },
	{ 0x0340, 90, BINARY, put_history },
	{ 0x0400, 8, ASCII, put_manufacturer },
	{ 0x0401, 32, ASCII, put_serial },
	{ 0x0402, 4, BINARY, put_length },
	{ 0x0403, 4, BINARY, put_width },
	{ 0x0404, 8, ASCII, put_organization },
	{ 0x0405, 1, BINARY, put_density },
	{ 0x0407, 8, BINARY, put_mam_capacity },
	{ 0x0408, 1, BINARY, put_type },
	{ 0x0409, 2, BINARY, put_information },
	{ 0x0800, 8, ASCII, NULL },
	{ 0x0801, 32, ASCII, NULL },
	{ 0x0802, 8, ASCII, NULL },
	{ 0x0803, 160, TEXT, NULL },
	{ 0x0804, 12, ASCII, NULL },
	{ 0x0805, 1, BINARY, NULL },
	{ 0x0806, 32, ASCII, NULL },
	{ 0x0807, 80, TEXT, NULL },
	{ 0x0808, 160, TEXT, NULL },
	{ 0x0809, 16, ASCII, NULL },
	{ 0x080a, 1, BINARY, NULL },
	{ 0x080b, 16, ASCII, NULL },
	{ 0x080c, COHERENCY_MAX, BINARY, NULL }, /* at most */
	{ 0x0820, 36, BINARY, NULL },
	{ 0x0821, 36, BINARY, NULL },
};

enum {
	KINDS = sizeof kinds / sizeof kinds[0],
	COHERENCY = 0x080c,
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
	if (index >= KINDS)
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
	struct source *s = arg;

	memmove(s->serials[1], s->serials[0],
	    sizeof s->serials - sizeof s->serials[0]);
	memset(s->serials[0], 0, sizeof s->serials[0]);
	if (text != NULL)
		strncpy(s->serials[0], text, SERIAL_BYTES);
}

/* Reads what the values are computed from.  Returns 0 or -1. */
static int read_source(struct source *s)
{
	scsi_get_usage(s->unit, &s->usage);
	return drive_get_capacity(s->unit->drive, s->partition, &s->capacity) ==
		    0 &&
		volume_end_of(s->volume, s->partition, &s->end) == 0 &&
		volume_count_events(s->volume, "formatted", &s->formats) == 0 &&
		volume_each_event(s->volume, "loaded", note_serial, s) == 0 &&
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

static bool is_computed(uint16_t id)
{
	for (size_t i = 0; i < KINDS; i++)
		if (kinds[i].id == id)
			return kinds[i].put != NULL;
	return false;
}

static void each_computed(const struct source *s, uint16_t from,
    volume_each_attribute *each, void *arg)
{
	uint8_t value[90];

	for (size_t i = 0; i < KINDS; i++) {
		const struct kind *k = &kinds[i];
		const struct volume_attribute a = { k->id, k->format, k->bytes,
			value };

		if (k->put == NULL || k->id < from)
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
	struct source s = {
		.unit = unit, .vendor = vendor, .partition = partition
	};
	struct find find = { .id = from };
	uint16_t stored_from = from < FIRST_HOST ? FIRST_HOST : from;

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
	if (!find.found && !is_computed(from)) {
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
	if (scsi_attribute_is_read_only(a->id) || a->format > TEXT ||
	    a->bytes > VOLUME_ATTRIBUTE_BYTES_MAX)
		return false;
	if (is_vendor_host(a->id))
		return true;
	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].id != a->id)
			continue;
		return a->format == kinds[i].format &&
		    (a->bytes == 0 || a->bytes == kinds[i].bytes ||
			(a->id == COHERENCY && a->bytes < COHERENCY_MAX));
	}
	return false;
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
