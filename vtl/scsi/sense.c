/* sense.c: sense data as bytes (SPC-4, 4.5). */
#include "vtl/scsi/scsi.h"

#include <string.h>

#include "splitter/base/big_endian.h"

enum {
	FIXED = 0x70,
	DESCRIPTORS = 0x72,
	DEFERRED = 1,
	VALID = 0x80,
	FILEMARK = 0x80,
	EOM = 0x40,
	ILI = 0x20,
	SKSV = 0x80,
	IN_CDB = 0x40,
	BIT_VALID = 0x08,
	FIELD_TYPE = 2,
	FIELD_BYTES = 8,
	INFORMATION_BYTES = 12,
	STREAM_BYTES = 4
};

static uint8_t flags(const struct scsi_sense *s)
{
	return (uint8_t)((s->sense.filemark ? FILEMARK : 0) |
	    (s->sense.eom ? EOM : 0) | (s->ili ? ILI : 0));
}

/* The sense-key specific bytes of an invalid field (SPC-4, 4.5.2.4.2). */
static void put_field(const struct scsi_sense *s, uint8_t *p)
{
	p[0] = (uint8_t)(SKSV | (s->field_in_cdb ? IN_CDB : 0));
	if (s->field_bit >= 0)
		p[0] |= (uint8_t)(BIT_VALID | s->field_bit);
	put_be16(p + 1, s->field_byte);
}

static size_t encode_fixed(const struct scsi_sense *s, uint8_t *p)
{
	p[0] = (uint8_t)(FIXED | (s->deferred ? DEFERRED : 0));
	if (s->has_information && s->information <= UINT32_MAX &&
	    s->information >= INT32_MIN) {
		p[0] |= VALID;
		put_be(p + 3, (uint64_t)s->information, 4);
	}
	p[2] = (uint8_t)(flags(s) | s->sense.key);
	p[7] = SCSI_SENSE_FIXED_BYTES - 8;
	p[12] = s->sense.asc;
	p[13] = s->sense.ascq;
	if (s->has_field)
		put_field(s, p + 15);
	return SCSI_SENSE_FIXED_BYTES;
}

static size_t encode_descriptors(const struct scsi_sense *s, uint8_t *p)
{
	size_t n = 8;

	p[0] = (uint8_t)(DESCRIPTORS | (s->deferred ? DEFERRED : 0));
	p[1] = s->sense.key;
	p[2] = s->sense.asc;
	p[3] = s->sense.ascq;
	/*
	 * The stream descriptor comes first, because Linux looks for it only
	 * there.
	 */
	p[n] = 4;
	p[n + 1] = STREAM_BYTES - 2;
	p[n + 3] = flags(s);
	n += STREAM_BYTES;
	if (s->has_information) {
		p[n + 1] = INFORMATION_BYTES - 2;
		p[n + 2] = VALID;
		put_be(p + n + 4, (uint64_t)s->information, 8);
		n += INFORMATION_BYTES;
	}
	if (s->has_field) {
		p[n] = FIELD_TYPE;
		p[n + 1] = FIELD_BYTES - 2;
		put_field(s, p + n + 4);
		n += FIELD_BYTES;
	}
	p[7] = (uint8_t)(n - 8);
	return n;
}

size_t scsi_sense_encode(const struct scsi_sense *sense, bool descriptors,
    uint8_t bytes[SCSI_SENSE_BYTES])
{
	memset(bytes, 0, SCSI_SENSE_BYTES);
	return descriptors ? encode_descriptors(sense, bytes)
			   : encode_fixed(sense, bytes);
}
