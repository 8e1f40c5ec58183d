/* ssc.c: the type of a drive; see ssc.h. */
#include "vtl/scsi/ssc/ssc.h"

#include "vtl/scsi/pages/pages.h"
#include "vtl/scsi/ssc/impl.h"

static void request_sense(struct device_call *call, struct scsi_sense *sense)
{
	struct scsi_result result;

	scsi_request_sense(call->unit, sense, call->now_ns, &result);
	device_take(call, &result);
}

static void reset(void *unit, int64_t now_ns)
{
	scsi_reset_unit(unit, now_ns);
}

static void set_nexus(void *unit, unsigned nexus)
{
	scsi_set_nexus(unit, nexus);
}

static bool descriptor_sense(const void *unit)
{
	return scsi_has_descriptor_sense(unit);
}

static struct scsi_nexuses *nexuses(void *unit)
{
	return scsi_get_nexuses(unit);
}

static bool is_quick(const void *unit, const uint8_t *cdb)
{
	enum { WRITE_6 = 0x0a, FIXED = 0x01 };
	uint64_t bytes = get_be24(cdb + 2);
	bool begins;

	if (cdb[0] != WRITE_6 || !scsi_follows_write(unit, &begins))
		return false;
	if (cdb[1] & FIXED)
		bytes *= scsi_block_bytes(unit);
	/* Only a label is stored: invariant 2. */
	if (!begins || bytes > SSC_KEEP_MAX_BYTES)
		bytes = 0;
	return drive_writes_in_memory(scsi_drive(unit), bytes);
}

static bool holds_medium(const void *unit)
{
	return drive_volume(scsi_drive(unit)) != NULL;
}

static const struct device_type drive_type = {
	.request_sense = request_sense,
	.reset = reset,
	.set_nexus = set_nexus,
	.descriptor_sense = descriptor_sense,
	.nexuses = nexuses,
	.is_quick = is_quick,
	.holds_medium = holds_medium,
};

struct device *ssc_device_new(struct scsi *unit,
    const struct device_identity *identity)
{
	static const struct device_rows *const tables[] = {
		&ssc_transfer_rows,
		&ssc_position_rows,
		&ssc_medium_rows,
		&ssc_format_rows,
		&ssc_attribute_rows,
		&pages_drive_rows,
	};

	return device_new(&drive_type, unit, identity, tables,
	    sizeof tables / sizeof tables[0]);
}
