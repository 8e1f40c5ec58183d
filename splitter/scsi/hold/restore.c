/* restore.c: a drive becomes as it was found (impl.h). */
#include "splitter/scsi/hold/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

enum hold_waited hold_wait(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes)
{
	struct scsi_port *port = unit->port;
	const int64_t most_ns = hold_wait_ns(options);
	const int64_t begun_ns = port->ops->clock_ns(port);
	int64_t left_ns, took_ns;
	char why[SCSI_WHY_BYTES];
	bool ended;

	if (!scsi_hold_wait_idle(unit, options, err, err_bytes))
		return HOLD_FAILED;
	/* Both waits together take no longer. */
	left_ns = most_ns - (port->ops->clock_ns(port) - begun_ns);
	if (scsi_wait_ready(unit, left_ns, options->notice,
		options->notice_arg) != SCSI_BECOMING_READY)
		return HOLD_READY;
	took_ns = port->ops->clock_ns(port) - begun_ns;
	scsi_why_not_ready(unit, why);
	ended = took_ns < most_ns;
	sentence(err, err_bytes, "%s: %s (%s)%s", port->name,
	    scsi_readiness_text(SCSI_BECOMING_READY), why,
	    ended ? ": interrupted" : "");
	return ended ? HOLD_FAILED : HOLD_NOT_READY;
}

/* LOCATE(10) to the beginning of a partition. */
static bool go_to_partition(struct scsi_unit *unit, uint32_t partition)
{
	enum { CP = 0x02 };
	const struct scsi_command command = {
		.cdb = { 0x2b, CP, 0, 0, 0, 0, 0, 0, (uint8_t)partition },
		.cdb_bytes = 10,
		.name = "LOCATE",
	};

	return scsi_send(unit, &command);
}

static bool fail(struct scsi_unit *unit, const char *what, char *err,
    size_t err_bytes)
{
	char answer[256];

	scsi_answer_text(&unit->command, &unit->answer, answer, sizeof answer);
	sentence(err, err_bytes, "%s: %s: %s", unit->port->name, what, answer);
	return false;
}

/*
 * Unlocks the door for this host: whoever used the drive may have locked it.  A
 * door that was locked before is locked again if it was this host that had
 * locked it: otherwise another initiator still keeps it locked.
 */
static bool restore_door(struct scsi_unit *unit,
    const struct scsi_settings *found, char *err, size_t err_bytes)
{
	struct scsi_settings now;

	if (!scsi_send_prevent(unit, false) && !scsi_is_unsupported(unit))
		return fail(unit, "the door cannot be unlocked", err,
		    err_bytes);
	if (!found->has_door || !found->door_locked)
		return true;
	scsi_settings_read(unit, &now);
	return !now.has_door || now.door_locked ||
	    scsi_send_prevent(unit, true) ||
	    fail(unit, "the door cannot be locked again", err, err_bytes);
}

bool hold_restore(struct scsi_unit *unit, const struct scsi_settings *found,
    char *err, size_t err_bytes)
{
	struct scsi_mode_data mode;
	struct scsi_settings now;
	bool good;

	/* Reserved by another initiator, or broken. */
	if (found->has_mode &&
	    !scsi_send_mode_sense(unit, 0, 0, SCSI_MODE_CURRENT, &mode))
		return fail(unit, "the settings cannot be restored", err,
		    err_bytes);
	scsi_settings_read(unit, &now);
	good = scsi_settings_apply(unit, &now, found, err, err_bytes);
	/* Only if a medium with both partitions is still there. */
	if (now.has_partition && found->has_partition &&
	    now.partition != found->partition &&
	    !go_to_partition(unit, found->partition) && good)
		good = fail(unit, "the partition cannot be selected", err,
		    err_bytes);
	return restore_door(unit, found, good ? err : NULL,
		   good ? err_bytes : 0) &&
	    good;
}
