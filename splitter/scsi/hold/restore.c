/* restore.c: a drive becomes as it was found (impl.h). */
#include "splitter/scsi/hold/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/facts/facts.h"

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

/* Stores whether a cartridge is ready, and its serial number, if known. */
static void find_cartridge(struct scsi_unit *unit, bool *loaded,
    char serial[HOLD_CARTRIDGE_BYTES])
{
	struct scsi_mam mam;

	serial[0] = '\0';
	*loaded = scsi_send_ready(unit) == SCSI_READY;
	if (!*loaded)
		return;
	scsi_mam_read(unit, &mam);
	snprintf(serial, HOLD_CARTRIDGE_BYTES, "%s", mam.serial);
}

void hold_find(struct scsi_unit *unit, struct hold_record *record)
{
	find_cartridge(unit, &record->loaded, record->cartridge);
	scsi_settings_read(unit, &record->found);
}

/* Where a serial number is not known, it may be the same cartridge. */
static bool has_cartridge_of(struct scsi_unit *unit,
    const struct hold_record *record)
{
	char serial[HOLD_CARTRIDGE_BYTES];
	bool loaded;

	find_cartridge(unit, &loaded, serial);
	return loaded && record->loaded &&
	    (serial[0] == '\0' || record->cartridge[0] == '\0' ||
		strcmp(serial, record->cartridge) == 0);
}

void hold_want(struct scsi_unit *unit, const struct hold_record *record,
    const struct scsi_settings *now, struct scsi_settings *want)
{
	*want = record->found;
	if (has_cartridge_of(unit, record))
		return;
	want->density = now->density;
	want->partition = now->partition;
}

static void note_left(struct scsi_unit *unit,
    const struct scsi_hold_options *options, const struct scsi_settings *was,
    const struct scsi_settings *is, const char *why)
{
	char text[256];

	if (scsi_settings_compare(was, is, text, sizeof text))
		hold_notice(options, "%s: not restored: %s: %s",
		    unit->port->name, text, why);
}

/*
 * Gives a notice of what belongs to the cartridge that was found.  A drive that
 * is not ready may still have it.
 */
static void note_not_wanted(struct scsi_unit *unit,
    const struct scsi_hold_options *options, const struct hold_record *record,
    const struct scsi_settings *now, const struct scsi_settings *want)
{
	const enum scsi_readiness readiness = scsi_send_ready(unit);
	struct scsi_settings was = *now, is = *now;

	/* An empty drive has neither. */
	if (!record->loaded || readiness == SCSI_NO_MEDIUM)
		return;
	if (want->density == now->density)
		was.density = record->found.density;
	if (want->partition == now->partition) {
		was.has_partition = record->found.has_partition;
		was.partition = record->found.partition;
	}
	/* Not known before the load ends: a load goes to the first one. */
	is.has_partition |= readiness != SCSI_READY;
	note_left(unit, options, &was, &is,
	    readiness == SCSI_READY
		? "the drive has another cartridge than at the start"
		: scsi_readiness_text(readiness));
}

/* Whether the drive refuses what the last command asks for. */
static bool refuses(const struct scsi_unit *unit)
{
	enum { ILLEGAL_REQUEST = 5 };
	const struct scsi_answer *a = &unit->answer;

	return a->outcome == SCSI_ANSWERED && a->sense.valid &&
	    !a->sense.deferred && a->sense.key == ILLEGAL_REQUEST;
}

/* Gives a notice that the drive has refused a setting of `was`. */
static void note_refused(struct scsi_unit *unit,
    const struct scsi_hold_options *options, const struct scsi_settings *was,
    const struct scsi_settings *now)
{
	char answer[256], why[320];

	scsi_answer_text(&unit->command, &unit->answer, answer, sizeof answer);
	snprintf(why, sizeof why,
	    "the drive refuses it with this cartridge (%s)", answer);
	note_left(unit, options, was, now, why);
}

/*
 * Sets the density by itself, so that the other settings do not depend on it.
 * If the drive refuses it, it is not wanted any more.
 */
static void restore_density(struct scsi_unit *unit,
    const struct scsi_hold_options *options, struct scsi_settings *now,
    struct scsi_settings *want)
{
	struct scsi_settings was = *now;

	was.density = want->density;
	if (!now->has_mode || !want->has_mode || want->density == now->density)
		return;
	if (scsi_set_density(unit, want->density)) {
		now->density = want->density;
	} else if (refuses(unit)) {
		note_refused(unit, options, &was, now);
		want->density = now->density;
	}
}

/* A cartridge that was formatted again may not have the partition any more. */
static bool restore_partition(struct scsi_unit *unit,
    const struct scsi_hold_options *options, const struct scsi_settings *now,
    const struct scsi_settings *want, char *err, size_t err_bytes)
{
	struct scsi_settings was = *now;

	was.partition = want->partition;
	if (!now->has_partition || !want->has_partition ||
	    now->partition == want->partition ||
	    go_to_partition(unit, want->partition))
		return true;
	if (!refuses(unit))
		return fail(unit, "the partition cannot be selected", err,
		    err_bytes);
	note_refused(unit, options, &was, now);
	return true;
}

bool hold_restore(struct scsi_unit *unit,
    const struct scsi_hold_options *options, const struct hold_record *record,
    char *err, size_t err_bytes)
{
	struct scsi_mode_data mode;
	struct scsi_settings now, want;
	bool good;

	/* Reserved by another initiator, or broken. */
	if (record->found.has_mode &&
	    !scsi_send_mode_sense(unit, 0, 0, SCSI_MODE_CURRENT, &mode))
		return fail(unit, "the settings cannot be restored", err,
		    err_bytes);
	scsi_settings_read(unit, &now);
	hold_want(unit, record, &now, &want);
	note_not_wanted(unit, options, record, &now, &want);
	restore_density(unit, options, &now, &want);
	good = scsi_settings_apply(unit, &now, &want, err, err_bytes);
	if (!restore_partition(unit, options, &now, &want, good ? err : NULL,
		good ? err_bytes : 0))
		good = false;
	return restore_door(unit, &record->found, good ? err : NULL,
		   good ? err_bytes : 0) &&
	    good;
}
