/* prepare.c: see prepare.h. */
#include "sim/calibrate/device/prepare.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/facts/settings.h"

/* A drive whose compression stays on writes faster than its tape moves. */
static bool switch_off(struct scsi_unit *unit,
    const struct scsi_settings *found, const char *name, char *err,
    size_t err_bytes)
{
	struct scsi_settings now;
	char why[CALIBRATE_DEVICE_TEXT_BYTES] = "";

	if (!found->has_compression && !found->has_algorithm)
		return true;
	if (scsi_set_compression(unit, false, why, sizeof why)) {
		scsi_settings_read(unit, &now);
		if (now.has_compression ? !now.compression : now.algorithm == 0)
			return true;
		snprintf(why, sizeof why, "it stays on");
	}
	sentence(err, err_bytes,
	    "%s: the compression of the drive cannot be switched off (%s), so "
	    "the speed of the tape cannot be measured",
	    name, why);
	return false;
}

bool calibrate_device_prepare(struct scsi_unit *unit,
    const struct scsi_names *names, uint32_t largest_bytes,
    struct calibrate_device *d, char *err, size_t err_bytes)
{
	struct scsi_facts facts;

	memset(d, 0, sizeof *d);
	if (!scsi_facts_read(unit, names, largest_bytes, &facts, err,
		err_bytes))
		return false;
	snprintf(d->name, sizeof d->name, "%s",
	    facts.names.by_id[0] != '\0' ? facts.names.by_id
					 : unit->port->name);
	if (facts.virtual_by == SCSI_VIRTUAL_SCSI_DEBUG) {
		sentence(err, err_bytes,
		    "%s: scsi_debug keeps 4 bytes of a block and has no times: "
		    "there is nothing to measure; use a drive",
		    d->name);
		return false;
	}
	if (!switch_off(unit, &facts.settings, d->name, err, err_bytes))
		return false;
	snprintf(d->maker, sizeof d->maker, "%s", facts.inquiry.vendor);
	snprintf(d->product, sizeof d->product, "%s", facts.inquiry.product);
	snprintf(d->firmware, sizeof d->firmware, "%s", facts.inquiry.revision);
	snprintf(d->serial, sizeof d->serial, "%s", facts.serial);
	snprintf(d->cartridge, sizeof d->cartridge, "%s",
	    facts.medium.mam.serial);
	snprintf(d->generation, sizeof d->generation, "%s",
	    facts.medium.generation);
	d->virtual_drive = facts.virtual_by != SCSI_NOT_VIRTUAL;
	return true;
}
