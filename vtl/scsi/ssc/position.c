/* position.c: SPACE, LOCATE, REWIND, READ POSITION (SSC-4). */
#include "vtl/scsi/ssc/impl.h"

enum {
	IMMED = 0x01,
	CP = 0x02, /* change partition */
	BAM = 0x01,
	SPACE_CODES = SCSI_SPACE_EOD + 1,
	/* READ POSITION */
	BOP = 0x80,
	EOP = 0x40,
	MPU = 0x08,  /* long form: the number of marks is unknown */
	LOLU = 0x04, /* and LONU of the long form */
	PERR = 0x02,
	BPEW = 0x01,
	SHORT_BYTES = 20,
	LONG_BYTES = 32
};

/* The code of SPACE in the CDB; sequential filemarks and setmarks are missing. */
enum { CODE_BLOCKS = 0, CODE_FILEMARKS = 1, CODE_EOD = 3 };

static void space_by(struct device_call *call, int64_t count)
{
	static const enum scsi_space_code codes[] = {
		[CODE_BLOCKS] = SCSI_SPACE_BLOCKS,
		[CODE_FILEMARKS] = SCSI_SPACE_FILEMARKS,
		[CODE_EOD] = SCSI_SPACE_EOD,
	};
	unsigned code = call->cdb[1] & 0x0f;
	struct scsi_result result;

	if (code != CODE_BLOCKS && code != CODE_FILEMARKS && code != CODE_EOD) {
		device_fail_field(call, 1, 3);
		return;
	}
	scsi_space(call->unit, codes[code], count, call->now_ns, &result);
	device_take(call, &result);
}

static void space(struct device_call *call)
{
	int64_t count = get_be24(call->cdb + 2);

	space_by(call, count < 0x800000 ? count : count - 0x1000000);
}

static void space_16(struct device_call *call)
{
	if (get_be16(call->cdb + 12) != 0)
		device_fail_field(call, 12, DEVICE_NO_BIT);
	else
		space_by(call, (int64_t)get_be64(call->cdb + 4));
}

static void locate_to(struct device_call *call, enum scsi_locate_type type,
    unsigned partition_byte, uint64_t number)
{
	int partition = SCSI_SAME_PARTITION;
	struct scsi_result result;

	if (call->cdb[1] & CP)
		partition = call->cdb[partition_byte];
	scsi_locate(call->unit, partition, type, number, call->now_ns, &result);
	if (call->cdb[1] & IMMED)
		scsi_finish_later(call->unit, SCSI_LOCATING, call->now_ns,
		    &result);
	device_take(call, &result);
}

static void locate(struct device_call *call)
{
	locate_to(call, SCSI_LOCATE_OBJECT, 8, get_be32(call->cdb + 3));
}

static void locate_16(struct device_call *call)
{
	uint64_t number = get_be64(call->cdb + 4);

	if (call->cdb[2] & BAM) {
		device_fail_field(call, 2, 0);
		return;
	}
	switch (call->cdb[1] >> 3 & 0x07) { /* DEST_TYPE */
	case 0:
		locate_to(call, SCSI_LOCATE_OBJECT, 3, number);
		break;
	case 1:
		locate_to(call, SCSI_LOCATE_FILE, 3, number);
		break;
	case 3:
		locate_to(call, SCSI_LOCATE_EOD, 3, number);
		break;
	default:
		device_fail_field(call, 1, 5);
		break;
	}
}

static void rewind_tape(struct device_call *call)
{
	struct scsi_result result;

	scsi_rewind(call->unit, call->now_ns, &result);
	if (call->cdb[1] & IMMED)
		scsi_finish_later(call->unit, SCSI_REWINDING, call->now_ns,
		    &result);
	device_take(call, &result);
}

static bool get_position(struct device_call *call, struct scsi_position *at)
{
	struct scsi_result result;

	scsi_read_position(call->unit, at, call->now_ns, &result);
	device_take(call, &result);
	return !device_has_failed(call);
}

static uint8_t flags_of(const struct scsi_position *at)
{
	return (uint8_t)((at->bop ? BOP : 0) | (at->eop ? EOP : 0) |
	    (at->unknown ? LOLU : 0) | (at->bpew ? BPEW : 0));
}

/*
 * Stores a number in a field of the short form.  One that does not fit is
 * stored as all ones, and sets PERR.
 */
static void put_short(uint8_t *data, unsigned at, unsigned bytes,
    uint64_t number)
{
	if (number >> 8 * bytes != 0) {
		number = UINT64_MAX;
		data[0] |= PERR;
	}
	put_be(data + at, number, bytes);
}

/*
 * The same for the forms without an allocation length: the field in its place
 * must be 0.
 */
static bool get_position_without_length(struct device_call *call,
    struct scsi_position *at)
{
	if (get_be16(call->cdb + 7) == 0)
		return get_position(call, at);
	device_fail_field(call, 7, DEVICE_NO_BIT);
	return false;
}

static void short_position(struct device_call *call)
{
	uint8_t data[SHORT_BYTES] = { 0 };
	struct scsi_position at;

	if (!get_position_without_length(call, &at))
		return;
	data[0] = flags_of(&at);
	data[1] = (uint8_t)at.partition;
	put_short(data, 4, 4, at.object);
	put_short(data, 8, 4, at.medium_object);
	put_short(data, 13, 3, at.buffered_objects);
	put_short(data, 16, 4, at.buffered_bytes);
	device_reply_begin(call, sizeof data);
	device_reply(call, data, sizeof data);
}

static void long_position(struct device_call *call)
{
	uint8_t data[LONG_BYTES] = { 0 };
	struct scsi_position at;

	if (!get_position_without_length(call, &at))
		return;
	data[0] = (uint8_t)(flags_of(&at) | (at.unknown ? MPU : 0));
	put_be32(data + 4, at.partition);
	put_be64(data + 8, at.object);
	put_be64(data + 16, at.file);
	device_reply_begin(call, sizeof data);
	device_reply(call, data, sizeof data);
}

static void extended_position(struct device_call *call)
{
	uint8_t data[LONG_BYTES] = { 0 };
	struct scsi_position at;

	if (!get_position(call, &at))
		return;
	data[0] = flags_of(&at);
	data[1] = (uint8_t)at.partition;
	put_be16(data + 2, LONG_BYTES - 4);
	put_short(data, 5, 3, at.buffered_objects);
	put_be64(data + 8, at.object);
	put_be64(data + 16, at.medium_object);
	put_be64(data + 24, at.buffered_bytes);
	device_reply_begin(call, get_be16(call->cdb + 7));
	device_reply(call, data, sizeof data);
}

enum { READS = DEVICE_ONLY_READS, FREE = DEVICE_IGNORES_PERSISTENT };

static const struct device_row rows[] = {
	{ 0x01, DEVICE_NO_ACTION, 6, READS, { 0x01, 0x01 }, SSC_REWIND_S,
	    rewind_tape },
	{ 0x11, DEVICE_NO_ACTION, 6, READS, { 0x11, 0x0f, 0xff, 0xff, 0xff },
	    SSC_LOCATE_S, space },
	{ 0x2b, DEVICE_NO_ACTION, 10, READS,
	    { 0x2b, 0x07, 0, 0xff, 0xff, 0xff, 0xff, 0, 0xff }, SSC_LOCATE_S,
	    locate },
	{ 0x34, 0x00, 10, FREE, { 0x34, 0x1f, 0, 0, 0, 0, 0, 0xff, 0xff }, 0,
	    short_position },
	{ 0x34, 0x01, 10, FREE, { 0x34, 0x1f, 0, 0, 0, 0, 0, 0xff, 0xff }, 0,
	    short_position },
	{ 0x34, 0x06, 10, FREE, { 0x34, 0x1f, 0, 0, 0, 0, 0, 0xff, 0xff }, 0,
	    long_position },
	{ 0x34, 0x08, 10, FREE, { 0x34, 0x1f, 0, 0, 0, 0, 0, 0xff, 0xff }, 0,
	    extended_position },
	{ 0x91, DEVICE_NO_ACTION, 16, READS,
	    { 0x91, 0x0f, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff },
	    SSC_LOCATE_S, space_16 },
	{ 0x92, DEVICE_NO_ACTION, 16, READS,
	    { 0x92, 0x3b, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff },
	    SSC_LOCATE_S, locate_16 },
};

const struct device_rows ssc_position_rows = { rows,
	sizeof rows / sizeof rows[0] };
