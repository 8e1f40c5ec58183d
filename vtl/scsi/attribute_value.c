/* attribute_value.c: see attribute_value.h. */
#include "vtl/scsi/attribute_value.h"

#include <string.h>

#include "splitter/base/big_endian.h"

enum {
	BINARY = SCSI_ATTRIBUTE_BINARY,
	ASCII = SCSI_ATTRIBUTE_ASCII,
	TEXT = SCSI_ATTRIBUTE_TEXT
};

enum {
	MIB_BITS = 20,
	WORM = 0x80,
	WIDTH = 127, /* of the tape, 0.1 mm */
	SERIAL_BYTES = SCSI_ATTRIBUTE_SERIAL_BYTES,
	VENDOR_BYTES = 8
};

static void put_text(uint8_t *value, size_t bytes, const char *text)
{
	memset(value, ' ', bytes);
	for (size_t i = 0; i < bytes && text[i] != '\0'; i++)
		value[i] = (uint8_t)text[i];
}

static void put_remaining(const struct scsi_attribute_source *s, uint8_t *value)
{
	const struct drive_capacity *c = &s->capacity;

	put_be64(value,
	    c->used_bytes < c->capacity_bytes
		? (c->capacity_bytes - c->used_bytes) >> MIB_BITS
		: 0);
}

static void put_maximum(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_be64(value, s->capacity.capacity_bytes >> MIB_BITS);
}

/* Flag 1 is the first bit. */
static void put_alerts(const struct scsi_attribute_source *s, uint8_t *value)
{
	memset(value, 0, 8);
	for (unsigned flag = 0; flag < 64; flag++)
		if (s->unit->alerts >> flag & 1)
			value[flag / 8] |= (uint8_t)(0x80 >> flag % 8);
}

static void put_loads(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_be64(value, s->usage.loads);
}

static void put_space(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_be64(value,
	    s->stored_bytes < SCSI_MAM_BYTES ? SCSI_MAM_BYTES - s->stored_bytes
					     : 0);
}

static void put_organization(const struct scsi_attribute_source *s,
    uint8_t *value)
{
	(void)s;
	put_text(value, 8, "LTO-CVE");
}

static void put_density(const struct scsi_attribute_source *s, uint8_t *value)
{
	const struct media_type *medium = drive_medium(s->unit->drive);

	value[0] = medium != NULL ? medium->density
				  : drive_model(s->unit->drive)->density;
}

/* A new medium was initialised once. */
static void put_formats(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_be16(value,
	    (uint16_t)(s->formats < UINT16_MAX ? s->formats + 1 : UINT16_MAX));
}

static void put_blanks(const struct scsi_attribute_source *s, uint8_t *value)
{
	(void)s;
	put_text(value, 32, "");
}

static void put_reference(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_be32(value, volume_change_reference(s->volume));
}

/* The vendor of this drive is known, those of other drives are not. */
static void put_load(const struct scsi_attribute_source *s, unsigned i,
    uint8_t *value)
{
	const char *serial = s->serials[i];

	put_text(value, VENDOR_BYTES,
	    strcmp(serial, s->unit->serial) == 0 ? s->vendor : "");
	put_text(value + VENDOR_BYTES, SERIAL_BYTES, serial);
}

static void put_load_0(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_load(s, 0, value);
}

static void put_load_1(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_load(s, 1, value);
}

static void put_load_2(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_load(s, 2, value);
}

static void put_load_3(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_load(s, 3, value);
}

static void put_life_written(const struct scsi_attribute_source *s,
    uint8_t *value)
{
	put_be64(value, s->usage.bytes.life[SCSI_WRITING] >> MIB_BITS);
}

static void put_life_read(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_be64(value, s->usage.bytes.life[SCSI_READING] >> MIB_BITS);
}

static void put_load_written(const struct scsi_attribute_source *s,
    uint8_t *value)
{
	put_be64(value, s->usage.bytes.load[SCSI_WRITING] >> MIB_BITS);
}

static void put_load_read(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_be64(value, s->usage.bytes.load[SCSI_READING] >> MIB_BITS);
}

/* Nothing is encrypted. */
static void put_none(const struct scsi_attribute_source *s, uint8_t *value)
{
	(void)s;
	put_be64(value, UINT64_MAX);
}

static void put_first_object(const struct scsi_attribute_source *s,
    uint8_t *value)
{
	put_be64(value, s->end.object > 0 ? 0 : UINT64_MAX);
}

/*
 * The fields of a usage history: written, read, retries of both, which are not
 * known; now, in the last load, in life; loads, changes of the partition,
 * formats.
 */
enum { HISTORY_FIELDS = 15 };

static void get_history(const struct scsi_attribute_source *s,
    const struct scsi_usage *u, uint64_t all[HISTORY_FIELDS])
{
	const uint64_t fields[HISTORY_FIELDS] = { u->bytes.load[0] >> MIB_BITS,
		u->bytes.load[1] >> MIB_BITS, 0, 0,
		u->bytes.last[0] >> MIB_BITS, u->bytes.last[1] >> MIB_BITS, 0,
		0, u->bytes.life[0] >> MIB_BITS, u->bytes.life[1] >> MIB_BITS,
		0, 0, u->loads, 0, s->formats + 1 };

	memcpy(all, fields, sizeof fields);
}

/* Medium usage history: 6 bytes each. */
static void put_history(const struct scsi_attribute_source *s, uint8_t *value)
{
	uint64_t fields[HISTORY_FIELDS];

	get_history(s, &s->usage, fields);
	for (size_t i = 0; i < HISTORY_FIELDS; i++) {
		put_be16(value + 6 * i, (uint16_t)(fields[i] >> 32));
		put_be32(value + 6 * i + 2, (uint32_t)fields[i]);
	}
}

/* Partition usage history: 4 bytes each; the largest number if it is larger. */
static void put_partition_history(const struct scsi_attribute_source *s,
    uint8_t *value)
{
	uint64_t fields[HISTORY_FIELDS];

	get_history(s, &s->partition_usage, fields);
	for (size_t i = 0; i < HISTORY_FIELDS; i++)
		put_be32(value + 4 * i,
		    fields[i] < UINT32_MAX ? (uint32_t)fields[i] : UINT32_MAX);
}

static void put_date(const struct scsi_attribute_source *s, uint8_t *value)
{
	put_text(value, SCSI_ATTRIBUTE_DATE_BYTES, s->date);
}

static void put_manufacturer(const struct scsi_attribute_source *s,
    uint8_t *value)
{
	(void)s;
	put_text(value, 8, VOLUME_MAKER);
}

static void put_serial(const struct scsi_attribute_source *s, uint8_t *value)
{
	char serial[VOLUME_BARCODE_BYTES];

	volume_get_serial(s->volume, serial);
	put_text(value, 32, serial);
}

static void put_length(const struct scsi_attribute_source *s, uint8_t *value)
{
	const struct model_medium *medium =
	    model_medium(drive_model(s->unit->drive),
		drive_medium(s->unit->drive));

	put_be32(value, medium->length_mm / 1000);
}

static void put_width(const struct scsi_attribute_source *s, uint8_t *value)
{
	(void)s;
	put_be32(value, WIDTH);
}

static void put_mam_capacity(const struct scsi_attribute_source *s,
    uint8_t *value)
{
	(void)s;
	put_be64(value, SCSI_MAM_BYTES);
}

static void put_type(const struct scsi_attribute_source *s, uint8_t *value)
{
	const struct media_type *medium = drive_medium(s->unit->drive);

	value[0] = medium != NULL && medium->worm ? WORM : 0;
}

static void put_information(const struct scsi_attribute_source *s,
    uint8_t *value)
{
	(void)s;
	put_be16(value, 0);
}

/* Ascending; hosts write those without a function. */
static const struct scsi_attribute_kind kinds[] = {
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
	{ 0x0341, 60, BINARY, put_partition_history },
	{ 0x0400, 8, ASCII, put_manufacturer },
	{ VOLUME_ATTRIBUTE_SERIAL, 32, ASCII, put_serial },
	{ 0x0402, 4, BINARY, put_length },
	{ 0x0403, 4, BINARY, put_width },
	{ 0x0404, 8, ASCII, put_organization },
	{ 0x0405, 1, BINARY, put_density },
	{ SCSI_ATTRIBUTE_DATE, SCSI_ATTRIBUTE_DATE_BYTES, ASCII, put_date },
	{ 0x0407, 8, BINARY, put_mam_capacity },
	{ 0x0408, 1, BINARY, put_type },
	{ 0x0409, 2, BINARY, put_information },
	{ 0x0800, 8, ASCII, NULL },
	{ 0x0801, 32, ASCII, NULL },
	{ 0x0802, 8, ASCII, NULL },
	{ 0x0803, 160, TEXT, NULL },
	{ 0x0804, 12, ASCII, NULL },
	{ 0x0805, 1, BINARY, NULL },
	{ VOLUME_ATTRIBUTE_BARCODE, 32, ASCII, NULL },
	{ 0x0807, 80, TEXT, NULL },
	{ 0x0808, 160, TEXT, NULL },
	{ 0x0809, 16, ASCII, NULL },
	{ 0x080a, 1, BINARY, NULL },
	{ 0x080b, 16, ASCII, NULL },
	{ SCSI_ATTRIBUTE_COHERENCY, SCSI_ATTRIBUTE_COHERENCY_MAX, BINARY,
	    NULL }, /* at most */
	{ 0x0820, 36, BINARY, NULL },
	{ 0x0821, 36, BINARY, NULL },
};

const struct scsi_attribute_kind *scsi_attribute_kinds(size_t *count)
{
	*count = sizeof kinds / sizeof kinds[0];
	return kinds;
}

const struct scsi_attribute_kind *scsi_attribute_find(uint16_t id)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].id == id)
			return &kinds[i];
	return NULL;
}
