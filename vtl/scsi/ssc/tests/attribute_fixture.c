/* attribute_fixture.c: see attribute_fixture.h. */
#include "vtl/scsi/ssc/tests/attribute_fixture.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "splitter/base/big_endian.h"

void attribute_read(struct ssc_fixture *on, unsigned partition, unsigned id,
    uint32_t allocation)
{
	char cdb[64];

	snprintf(cdb, sizeof cdb,
	    "8C 00 00 00 00 00 00 %x %x %x 00 00 %x %x 00 00", partition,
	    id >> 8, id & 0xff, allocation >> 8, allocation & 0xff);
	ssc_do(on, cdb, allocation);
}

const uint8_t *attribute_value(struct ssc_fixture *on, unsigned partition,
    unsigned id, uint8_t format, uint16_t bytes)
{
	attribute_read(on, partition, id, ATTRIBUTE_ALL);
	if (on->answer.status != DEVICE_GOOD) {
		ck_assert_uint_eq(on->answer.decoded.sense.asc, 0x24);
		return NULL;
	}
	ck_assert_uint_eq(get_be16(on->in + 4), id);
	ck_assert_uint_eq(on->in[6], format);
	ck_assert_uint_eq(get_be16(on->in + 7), bytes);
	return on->in + 9;
}

uint64_t attribute_number(struct ssc_fixture *on, unsigned partition,
    unsigned id)
{
	const uint8_t *value;

	attribute_read(on, partition, id, ATTRIBUTE_ALL);
	ck_assert_int_eq(on->answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(get_be16(on->in + 4), id);
	ck_assert_uint_eq(on->in[6], 0x80);
	value = on->in + 9;
	switch (get_be16(on->in + 7)) {
	case 1:
		return value[0];
	case 2:
		return get_be16(value);
	case 4:
		return get_be32(value);
	default:
		return get_be64(value);
	}
}

void attribute_write(struct ssc_fixture *on, unsigned partition,
    const char *hex)
{
	size_t n = 0;
	char cdb[64];

	for (char *end; *hex != '\0'; hex = end) {
		on->out[4 + n++] = (uint8_t)strtoul(hex, &end, 16);
		ck_assert_ptr_ne(hex, end);
	}
	put_be32(on->out, n);
	snprintf(cdb, sizeof cdb, "8D 00 00 00 00 00 00 %x 00 00 00 00 %x %x",
	    partition, (unsigned)(n + 4) >> 8, (unsigned)(n + 4) & 0xff);
	ssc_do(on, cdb, (uint32_t)n + 4);
}

void ssc_format_two(struct ssc_fixture *on)
{
	const struct scsi_partitions page = { .additional = 1, .sdp = true };

	ck_assert_int_eq(scsi_set_partitions(on->unit, &page), SCSI_SELECTED);
	ssc_expect(on, "01", 0, "good");
	ssc_expect(on, "04 00 01", 0, "good");
}
