/*
 * mode_partition.c: the medium partition page (SSC-4).  It has a size for each
 * partition that the medium can have: LTFS takes the length of its parameter
 * list from that.
 */
#include "vtl/scsi/pages/impl.h"

enum {
	SIZES_AT = 8,
	FDP = 0x80,
	SDP = 0x40,
	IDP = 0x20,
	PSUM_SHIFT = 3,
	PSUM = 0x03,
	POFM = 0x04,       /* FORMAT MEDIUM makes the partitions */
	RECOGNISES = 0x03, /* both formats and partitions of any medium */
	UNITS = 0x0f
};

const uint8_t pages_partition_mask[16] = { [3] = 0xff,
	[4] = FDP | SDP | IDP | PSUM << PSUM_SHIFT,
	[6] = UNITS,
	[8] = 0xff,
	[9] = 0xff,
	[10] = 0xff,
	[11] = 0xff,
	[12] = 0xff,
	[13] = 0xff,
	[14] = 0xff,
	[15] = 0xff };

static size_t count_of(const struct pages_mode *mode)
{
	return (size_t)mode->partitions.additional_max + 1;
}

size_t pages_partition_length(const struct pages_mode *mode)
{
	return SIZES_AT + 2 * count_of(mode);
}

void pages_put_partitions(const struct pages_mode *mode, uint8_t *bytes)
{
	const struct scsi_partitions *p = &mode->partitions;

	bytes[2] = p->additional_max;
	bytes[3] = p->additional;
	bytes[4] = (uint8_t)((p->fdp ? FDP : 0) | (p->sdp ? SDP : 0) |
	    (p->idp ? IDP : 0) | p->unit << PSUM_SHIFT | POFM);
	bytes[5] = RECOGNISES;
	bytes[6] = p->power;
	for (size_t i = 0; i < count_of(mode); i++)
		put_be16(bytes + SIZES_AT + 2 * i, p->sizes[i]);
}

int pages_take_partitions(struct pages_mode *mode, const uint8_t *bytes)
{
	struct scsi_partitions *p = &mode->partitions;

	p->additional = bytes[3];
	p->fdp = bytes[4] & FDP;
	p->sdp = bytes[4] & SDP;
	p->idp = bytes[4] & IDP;
	p->unit = (enum scsi_partition_unit)(bytes[4] >> PSUM_SHIFT & PSUM);
	p->power = bytes[6] & UNITS;
	for (size_t i = 0; i < count_of(mode); i++)
		p->sizes[i] = get_be16(bytes + SIZES_AT + 2 * i);
	mode->sets_partitions = true;
	if (p->additional > p->additional_max)
		return 3;
	if (scsi_check_partitions(mode->call->unit, p) == SCSI_INVALID)
		return p->idp ? SIZES_AT : 4;
	return PAGES_TAKEN;
}
