/* format.c: FORMAT MEDIUM, SET CAPACITY, ALLOW OVERWRITE (SSC-4). */
#include "vtl/scsi/ssc/impl.h"

enum { IMMED = 0x01, VERIFY = 0x02 };

/* Ends a format.  With IMMED the answer comes before the format is complete. */
static void finish(struct device_call *call, struct scsi_result *result)
{
	if (call->cdb[1] & IMMED)
		scsi_finish_later(call->unit, SCSI_ERASING, call->now_ns,
		    result);
	device_take(call, result);
}

static void format_medium(struct device_call *call)
{
	static const enum scsi_format formats[] = { SCSI_FORMAT_DEFAULT,
		SCSI_FORMAT_PARTITION, SCSI_FORMAT_BOTH };
	unsigned format = call->cdb[2] & 0x0f;
	struct scsi_result result;

	if (call->cdb[1] & VERIFY) {
		device_fail_field(call, 1, 1);
		return;
	}
	if (format >= sizeof formats / sizeof formats[0]) {
		device_fail_field(call, 2, 3);
		return;
	}
	/* LTO drives take no parameters. */
	if (get_be16(call->cdb + 3) != 0) {
		device_fail_field(call, 3, DEVICE_NO_BIT);
		return;
	}
	scsi_format(call->unit, formats[format], call->now_ns, &result);
	finish(call, &result);
}

static void set_capacity(struct device_call *call)
{
	struct scsi_result result;

	scsi_set_capacity(call->unit, get_be16(call->cdb + 3), call->now_ns,
	    &result);
	finish(call, &result);
}

static void allow_overwrite(struct device_call *call)
{
	static const enum drive_allow allows[] = { DRIVE_ALLOW_NONE,
		DRIVE_ALLOW_HERE, DRIVE_ALLOW_FORMAT };
	unsigned allow = call->cdb[2] & 0x0f;
	struct scsi_result result;

	if (allow >= sizeof allows / sizeof allows[0]) {
		device_fail_field(call, 2, 3);
		return;
	}
	scsi_allow_overwrite(call->unit, allows[allow], call->cdb[3],
	    get_be64(call->cdb + 4), call->now_ns, &result);
	device_take(call, &result);
}

static const struct device_row rows[] = {
	{ 0x04, DEVICE_NO_ACTION, 6, 0, { 0x04, 0x03, 0x0f, 0xff, 0xff },
	    SSC_FORMAT_S, format_medium },
	{ 0x0b, DEVICE_NO_ACTION, 6, 0, { 0x0b, 0x01, 0, 0xff, 0xff },
	    SSC_FORMAT_S, set_capacity },
	{ 0x82, DEVICE_NO_ACTION, 16, 0,
	    { 0x82, 0, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff },
	    0, allow_overwrite },
};

const struct device_rows ssc_format_rows = { rows,
	sizeof rows / sizeof rows[0] };
