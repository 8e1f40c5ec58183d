/* transfer.c: READ, WRITE, VERIFY, READ BLOCK LIMITS (SSC-4). */
#include "vtl/scsi/ssc/impl.h"

enum {
	FIXED = 0x01,
	SILI = 0x02,
	BYTCMP = 0x02,
	IMMED = 0x04,
	VBF = 0x08,
	VTE = 0x20,
	VLBPM = 0x10, /* verify the protection of logical blocks */
	MLOI = 0x01,
	LIMITS_BYTES = 6,
	IDENTIFIER_BYTES = 20,
	LENGTH_24_MAX = 0xffffff
};

/* What READ, WRITE and VERIFY transfer. */
struct transfer {
	bool fixed;
	uint64_t count; /* blocks if fixed, else bytes */
	uint64_t bytes;
};

/*
 * Gets the length from the CDB.  Returns false, and fails the call, if the
 * medium cannot be used, or the length is not one of this drive.
 */
static bool begin(struct device_call *call, uint64_t count, unsigned count_byte,
    struct transfer *transfer)
{
	struct scsi *unit = call->unit;
	uint64_t block = scsi_block_bytes(unit);
	uint64_t most = drive_model(scsi_drive(unit))->block_max_bytes;
	struct scsi_result result;

	if (!scsi_check_medium(unit, call->now_ns, &result)) {
		device_take(call, &result);
		return false;
	}
	transfer->fixed = call->cdb[1] & FIXED;
	transfer->count = count;
	transfer->bytes = transfer->fixed ? count * block : count;
	if (transfer->fixed && block == 0)
		device_fail_field(call, 1, 0);
	else if (!transfer->fixed && count > most)
		device_fail_field(call, count_byte, DEVICE_NO_BIT);
	return !device_has_failed(call);
}

static void read_6(struct device_call *call)
{
	bool sili = call->cdb[1] & SILI;
	struct volume_object object;
	struct transfer transfer;
	struct scsi_result result;

	if (!begin(call, get_be24(call->cdb + 2), 2, &transfer))
		return;
	if (transfer.fixed && sili) {
		device_fail_field(call, 1, 1);
		return;
	}
	if (!device_expects_in(call, transfer.bytes))
		return;
	scsi_read(call->unit, transfer.fixed, sili, transfer.count,
	    call->command->in, &object, call->now_ns, &result);
	device_take(call, &result);
	call->answer->in_bytes = (uint32_t)result.bytes;
	device_transferred(call, result.bytes);
}

/* Sets what of the data the volume stores; see ssc.h, invariant 2. */
static void set_data(struct device_call *call, const struct transfer *transfer,
    struct volume_run *run)
{
	struct scsi *unit = call->unit;
	const struct volume *volume = drive_volume(scsi_drive(unit));
	const void *data = call->command->out;
	uint64_t text;

	run->data = data;
	run->block = call->command->out_block;
	if (volume_get_spec(volume)->payload != VOLUME_PAYLOAD_NONE)
		return;
	if (transfer->bytes > SSC_KEEP_MAX_BYTES || !scsi_begins_file(unit)) {
		run->data = NULL;
		return;
	}
	run->keep = true;
	if (transfer->fixed && transfer->count > 1)
		return;
	text = volume_text_bytes(data, transfer->bytes);
	run->zeros = transfer->bytes - text;
}

static void write_6(struct device_call *call)
{
	struct volume_run run = { 0 };
	struct transfer transfer;
	struct scsi_result result;

	if (!begin(call, get_be24(call->cdb + 2), 2, &transfer) ||
	    !device_expects_out(call, transfer.bytes))
		return;
	if (transfer.bytes > 0)
		set_data(call, &transfer, &run);
	scsi_write(call->unit, transfer.fixed, transfer.count, &run,
	    call->now_ns, &result);
	device_take(call, &result);
	device_transferred(call, result.bytes);
}

/* Returns what VERIFY verifies; fails the call if bits contradict each other. */
static enum scsi_verify_what verified(struct device_call *call)
{
	uint8_t bits = call->cdb[1];
	bool by_marks = bits & VBF, to_eod = bits & VTE;

	if (bits & VLBPM)
		device_fail_field(call, 1, 4);
	else if (by_marks && to_eod)
		device_fail_field(call, 1, 5);
	else if ((bits & BYTCMP) && (by_marks || to_eod))
		device_fail_field(call, 1, 1);
	else if ((bits & FIXED) && (by_marks || to_eod))
		device_fail_field(call, 1, 0);
	else if ((bits & BYTCMP) && (bits & IMMED))
		device_fail_field(call, 1, 2);
	if (by_marks)
		return SCSI_VERIFY_FILEMARKS;
	if (to_eod)
		return SCSI_VERIFY_EOD;
	return bits & FIXED ? SCSI_VERIFY_BLOCKS : SCSI_VERIFY_BYTES;
}

static void verify(struct device_call *call, uint64_t count,
    unsigned count_byte)
{
	bool compares = call->cdb[1] & BYTCMP;
	enum scsi_verify_what what;
	struct transfer transfer;
	struct scsi_result result;

	what = verified(call);
	if (device_has_failed(call))
		return;
	if ((what == SCSI_VERIFY_BYTES || what == SCSI_VERIFY_BLOCKS) &&
	    !begin(call, count, count_byte, &transfer))
		return;
	if (compares && !device_expects_out(call, transfer.bytes))
		return;
	scsi_verify(call->unit, what, count,
	    compares ? call->command->out : NULL, call->command->ended,
	    call->now_ns, &result);
	if (call->cdb[1] & IMMED)
		scsi_finish_later(call->unit, SCSI_VERIFYING, call->now_ns,
		    &result);
	device_take(call, &result);
	if (compares)
		device_transferred(call, transfer.bytes);
}

static void verify_6(struct device_call *call)
{
	verify(call, get_be24(call->cdb + 2), 2);
}

static void verify_16(struct device_call *call)
{
	verify(call, get_be24(call->cdb + 12), 12);
}

static void read_block_limits(struct device_call *call)
{
	uint8_t data[IDENTIFIER_BYTES] = { 0 };
	size_t bytes = LIMITS_BYTES;
	struct scsi_block_limits limits;
	struct scsi_result result;

	scsi_read_block_limits(call->unit, &limits, call->now_ns, &result);
	if (call->cdb[1] & MLOI) {
		/* The volume counts objects in 63 bits. */
		bytes = IDENTIFIER_BYTES;
		put_be64(data + 12, INT64_MAX);
	} else {
		put_be24(data + 1,
		    limits.block_max_bytes < LENGTH_24_MAX
			? limits.block_max_bytes
			: LENGTH_24_MAX);
		put_be16(data + 4, limits.block_min_bytes);
	}
	device_take(call, &result);
	device_reply_begin(call, bytes);
	device_reply(call, data, bytes);
}

enum { READS = DEVICE_ONLY_READS, FREE = DEVICE_IGNORES_PERSISTENT };

static const struct device_row rows[] = {
	{ 0x05, DEVICE_NO_ACTION, 6, FREE, { 0x05, 0x01 }, 0,
	    read_block_limits },
	{ 0x08, DEVICE_NO_ACTION, 6, READS, { 0x08, 0x03, 0xff, 0xff, 0xff },
	    SSC_READ_S, read_6 },
	{ 0x0a, DEVICE_NO_ACTION, 6, 0, { 0x0a, 0x01, 0xff, 0xff, 0xff },
	    SSC_WRITE_S, write_6 },
	{ 0x13, DEVICE_NO_ACTION, 6, READS, { 0x13, 0x3f, 0xff, 0xff, 0xff },
	    SSC_READ_S, verify_6 },
	{ 0x8f, DEVICE_NO_ACTION, 16, READS,
	    { 0x8f, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff },
	    SSC_READ_S, verify_16 },
};

const struct device_rows ssc_transfer_rows = { rows,
	sizeof rows / sizeof rows[0] };
