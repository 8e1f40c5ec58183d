/*
 * medium.c: TEST UNIT READY, LOAD UNLOAD, PREVENT ALLOW MEDIUM REMOVAL, WRITE
 * FILEMARKS, ERASE (SSC-4).
 */
#include "vtl/scsi/ssc/impl.h"

enum {
	IMMED_0 = 0x01, /* of LOAD UNLOAD and WRITE FILEMARKS */
	WSMK = 0x02,
	LOAD = 0x01,
	EOT = 0x04,
	HOLD = 0x08,
	LONG = 0x01,
	IMMED_1 = 0x02, /* of ERASE */
	PREVENT = 0x01,
	PREVENT_CHANGER = 0x02,
	EXPLICIT = 0x0c /* FCS, LCS: explicit addressing */
};

static void test_unit_ready(struct device_call *call)
{
	struct scsi_result result;

	scsi_test_unit_ready(call->unit, call->now_ns, &result);
	device_take(call, &result);
}

/*
 * HOLD keeps the medium in the drive, where it is anyway until it is taken out;
 * with LOAD, it does not come to BOP.
 */
static void load_unload(struct device_call *call)
{
	bool load = call->cdb[4] & LOAD;
	struct scsi_result result;

	if (load && (call->cdb[4] & EOT)) {
		device_fail_field(call, 4, 2);
		return;
	}
	if (load && (call->cdb[4] & HOLD)) {
		if (!scsi_has_cartridge(call->unit))
			device_fail(call, SENSE_NOT_READY, 0x3a, 0);
		return;
	}
	scsi_load_unload(call->unit, load, call->cdb[1] & IMMED_0, call->now_ns,
	    &result);
	device_take(call, &result);
}

static void prevent_allow(struct device_call *call)
{
	struct scsi_result result;

	if (call->cdb[4] & PREVENT_CHANGER) {
		device_fail_field(call, 4, 1);
		return;
	}
	scsi_prevent_removal(call->unit, call->cdb[4] & PREVENT, call->now_ns,
	    &result);
	device_take(call, &result);
}

static void write_marks(struct device_call *call, uint64_t count)
{
	struct scsi_result result;

	if (call->cdb[1] & WSMK) {
		device_fail_field(call, 1, 1);
		return;
	}
	scsi_write_filemarks(call->unit, count, call->cdb[1] & IMMED_0,
	    call->now_ns, &result);
	device_take(call, &result);
}

static void write_filemarks(struct device_call *call)
{
	write_marks(call, get_be24(call->cdb + 2));
}

static void write_filemarks_16(struct device_call *call)
{
	if (call->cdb[1] & EXPLICIT)
		device_fail_field(call, 1, 3);
	else
		write_marks(call, get_be24(call->cdb + 12));
}

static void erase(struct device_call *call)
{
	struct scsi_result result;

	scsi_erase(call->unit, call->cdb[1] & LONG, call->now_ns, &result);
	if (call->cdb[1] & IMMED_1)
		scsi_finish_later(call->unit, SCSI_ERASING, call->now_ns,
		    &result);
	device_take(call, &result);
}

static void erase_16(struct device_call *call)
{
	if (call->cdb[1] & EXPLICIT)
		device_fail_field(call, 1, 3);
	else
		erase(call);
}

static const struct device_row rows[] = {
	{ 0x00, DEVICE_NO_ACTION, 6, DEVICE_IGNORES_PERSISTENT, { 0x00 }, 0,
	    test_unit_ready },
	{ 0x10, DEVICE_NO_ACTION, 6, 0, { 0x10, 0x03, 0xff, 0xff, 0xff },
	    SSC_FILEMARKS_S, write_filemarks },
	{ 0x19, DEVICE_NO_ACTION, 6, 0, { 0x19, 0x03 }, SSC_ERASE_S, erase },
	{ 0x1b, DEVICE_NO_ACTION, 6, 0, { 0x1b, 0x01, 0, 0, 0x0f }, SSC_LOAD_S,
	    load_unload },
	{ 0x1e, DEVICE_NO_ACTION, 6, DEVICE_ALLOWS_REMOVAL,
	    { 0x1e, 0, 0, 0, 0x03 }, 0, prevent_allow },
	{ 0x80, DEVICE_NO_ACTION, 16, 0,
	    { 0x80, 0x0f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff },
	    SSC_FILEMARKS_S, write_filemarks_16 },
	{ 0x93, DEVICE_NO_ACTION, 16, 0, { 0x93, 0x0f }, SSC_ERASE_S,
	    erase_16 },
};

const struct device_rows ssc_medium_rows = { rows,
	sizeof rows / sizeof rows[0] };
