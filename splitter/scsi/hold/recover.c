/* recover.c: what an earlier run left on a drive (impl.h). */
#include "splitter/scsi/hold/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/date.h"
#include "splitter/base/sentence.h"

/* Removes the registrations of this host.  Returns how many; -1: not all. */
static int remove_keys(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes)
{
	char host[HOLD_HOST_BYTES];
	struct scsi_persistent p;
	int count = 0;
	bool good = true;

	hold_host(options, host);
	if (!scsi_send_persistent_read(unit, &p))
		return 0; /* the drive does not have them, or RESERVE rules */
	for (size_t i = 0; i < p.count && i < SCSI_REGISTRANTS_MAX; i++) {
		uint64_t key = p.registrants[i].key;

		if (!hold_key_is_own(key, host))
			continue;
		if (!hold_release(unit, SCSI_RESERVED_PERSISTENT, key,
			good ? err : NULL, good ? err_bytes : 0)) {
			good = false;
			continue;
		}
		count++;
		hold_notice(options,
		    "%s: removed the registration %016" PRIx64
		    "%s that an earlier run left",
		    unit->port->name, key,
		    p.registrants[i].holds ? " and the reservation" : "");
	}
	return good ? count : -1;
}

/* Restores what a record says. */
static bool restore(struct scsi_unit *unit,
    const struct scsi_hold_options *options, const struct hold_record *record,
    char *err, size_t err_bytes)
{
	struct scsi_settings now, want;
	char text[256], began[DATE_BYTES];
	bool good = true;

	/* Settings belong to whoever has reserved the drive now. */
	if (record->reserved == SCSI_RESERVED_SPC2)
		good =
		    hold_release(unit, SCSI_RESERVED_SPC2, 0, err, err_bytes);
	scsi_settings_read(unit, &now);
	hold_want(unit, record, &now, &want);
	if (scsi_settings_compare(&want, &now, text, sizeof text))
		hold_notice(options,
		    "%s: restoring what a run that began at %s (process "
		    "%" PRIu64 ") changed: %s",
		    unit->port->name, date_text(record->started_s, began),
		    record->pid, text);
	return hold_restore(unit, options, record, good ? err : NULL,
		   good ? err_bytes : 0) &&
	    good;
}

/* Without its record, what a run may have left: RESERVE, and the door. */
static bool release_all(struct scsi_unit *unit, char *err, size_t err_bytes)
{
	if (!hold_release(unit, SCSI_RESERVED_SPC2, 0, err, err_bytes))
		return false;
	if (scsi_send_prevent(unit, false) || scsi_is_unsupported(unit))
		return true;
	scsi_unit_text(unit, err, err_bytes);
	return false;
}

bool hold_clean(struct scsi_unit *unit, const struct scsi_hold_options *options,
    const char *serial, const char *record_path, bool *found, char *err,
    size_t err_bytes)
{
	struct hold_record record;
	enum hold_read read = hold_record_read(record_path, &record);
	bool good = true;
	int removed;

	*found = read != HOLD_NO_RECORD;
	/* Characters of a serial number that no file name may have are lost. */
	if (read == HOLD_RECORD && strcmp(record.serial, serial) != 0) {
		sentence(err, err_bytes,
		    "%s: the record %s is of another drive, with the serial "
		    "number %s: run tapelab release for that drive first",
		    unit->port->name, record_path, record.serial);
		return false;
	}
	if (read == HOLD_RECORD && hold_record_lives(&record)) {
		sentence(err, err_bytes,
		    "%s: process %" PRIu64
		    " of tapelab uses the drive: wait until it ends, or end it",
		    unit->port->name, record.pid);
		return false;
	}
	if (read == HOLD_DAMAGED)
		hold_notice(options,
		    "%s: cannot be read, or is damaged: the settings that an "
		    "earlier run found are not known",
		    record_path);
	if (read == HOLD_RECORD)
		good = restore(unit, options, &record, err, err_bytes);
	else if (read == HOLD_DAMAGED)
		good = release_all(unit, err, err_bytes);
	removed =
	    remove_keys(unit, options, good ? err : NULL, good ? err_bytes : 0);
	if (removed > 0) {
		/* A run without a record, such as of another user. */
		if (!*found && !scsi_send_prevent(unit, false))
			hold_notice(options, "%s: the door cannot be unlocked",
			    unit->port->name);
		*found = true;
	}
	good = good && removed >= 0;
	if (good && read != HOLD_NO_RECORD && unlink(record_path) != 0) {
		sentence(err, err_bytes, "%s: cannot be removed: %s",
		    record_path, strerror(errno));
		return false;
	}
	return good;
}

/* What was found of tapelab on this host. */
enum left { NOTHING_KNOWN, CLEANED, NOT_CLEANED };

/* Says who has reserved the drive. */
static void report_reservation(struct scsi_unit *unit,
    const struct scsi_hold_options *options)
{
	char host[HOLD_HOST_BYTES], text[512], own[32] = "none";
	struct scsi_persistent p;
	unsigned count = 0;

	hold_host(options, host);
	if (scsi_send_persistent_read(unit, &p)) {
		if (p.count == 0 && p.type == SCSI_NOT_RESERVED)
			return;
		for (size_t i = 0; i < p.count && i < SCSI_REGISTRANTS_MAX; i++)
			count += hold_key_is_own(p.registrants[i].key, host);
		if (count > 0)
			snprintf(own, sizeof own, "%u", count);
		hold_describe(options, &p, text, sizeof text);
		hold_notice(options,
		    "%s: the drive is %s; %zu registrations, %s of them of "
		    "tapelab on this host: left as they are",
		    unit->port->name, text, p.count, own);
	} else if (unit->answer.outcome == SCSI_ANSWERED &&
	    unit->answer.status == SCSI_RESERVATION_CONFLICT) {
		hold_notice(options,
		    "%s: another initiator has reserved the drive with "
		    "RESERVE: left as it is",
		    unit->port->name);
	}
}

/*
 * Says that the door is locked, after what is known of tapelab was released.  A
 * run on the tape driver leaves no record of its lock.
 */
static void report_door(struct scsi_unit *unit,
    const struct scsi_hold_options *options, enum left left)
{
	struct scsi_settings now;

	scsi_settings_read(unit, &now);
	if (!now.has_door || !now.door_locked)
		return;
	if (left == NOTHING_KNOWN)
		hold_notice(options,
		    "%s: the door is locked, and who locked it is not known: "
		    "another host, or a program of this host, such as a run with "
		    "--backend st that was killed; left as it is: if no program "
		    "uses the drive, run sg_prevent --allow %s",
		    unit->port->name, options->names->sg);
	else
		hold_notice(options, "%s: the door is locked%s: left as it is",
		    unit->port->name,
		    left == CLEANED ? ", not by tapelab" : "");
}

/* Says who else has to do with the drive. */
static void report_others(struct scsi_unit *unit,
    const struct scsi_hold_options *options, enum left left)
{
	char text[512];

	report_reservation(unit, options);
	report_door(unit, options, left);
	if (scsi_find_users(options->names, options->system, text,
		sizeof text) > 0)
		hold_notice(options, "%s: in use by %s", unit->port->name,
		    text);
}

bool scsi_hold_recover(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes)
{
	char path[HOLD_RECORD_PATH_BYTES], serial[SCSI_SERIAL_BYTES];
	bool found, good;

	switch (hold_wait(unit, options, err, err_bytes)) {
	case HOLD_READY:
		break;
	case HOLD_NOT_READY:
		hold_notice(options, "%s; what needs no cartridge is released",
		    err);
		break;
	case HOLD_FAILED:
		return false;
	}
	scsi_send_serial(unit, serial);
	hold_record_path(options, serial, path);
	good = hold_clean(unit, options, serial, path, &found, err, err_bytes);
	if (good && !found)
		hold_notice(options,
		    "%s: tapelab of this host left nothing on the drive, as "
		    "far as records and registrations show",
		    unit->port->name);
	report_others(unit, options,
	    !good       ? NOT_CLEANED
		: found ? CLEANED
			: NOTHING_KNOWN);
	return good;
}
