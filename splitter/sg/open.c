/*
 * open.c: opens the port, makes a volume ready, and gives it back.
 *
 * The port stays open from the first use until the library is freed: the drive
 * is not free in between.
 */
#include "splitter/sg/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/facts/facts.h"
#include "splitter/scsi/facts/settings.h"
#include "splitter/tape/barcode.h"

/* The largest value of READ BLOCK LIMITS, and of the length of WRITE(6). */
enum { BLOCK_MAX_BYTES = 0xffffff };

static int refuse(struct sg *sg, struct tape_result *r, enum tape_cause cause,
    int err, const char *why)
{
	r->cause = cause;
	sentence(r->message, sizeof r->message, "%s: %s", sg->drive.device,
	    why);
	return err;
}

/* The sentence of a hold names the drive already. */
static int not_held(struct tape_result *r, const char *why)
{
	r->cause = TAPE_NO_VOLUME;
	sentence(r->message, sizeof r->message, "%s", why);
	return EBUSY;
}

/* Waits for a command that a killed process left running. */
static int wait_idle(struct sg *sg, struct tape_result *r)
{
	if (sg->access.hold == NULL ||
	    scsi_hold_wait_idle(&sg->unit, sg->access.hold, r->message,
		sizeof r->message))
		return 0;
	r->cause = TAPE_NO_VOLUME;
	return EBUSY;
}

/* Whether the port is that of a tape drive. */
static int check_type(struct sg *sg, struct tape_result *r)
{
	struct scsi_inquiry inquiry;
	char text[256];

	if (!scsi_send_inquiry(&sg->unit, &inquiry)) {
		scsi_answer_text(&sg->unit.command, &sg->unit.answer, text,
		    sizeof text);
		return refuse(sg, r, TAPE_NO_VOLUME, EIO, text);
	}
	if (inquiry.type != SCSI_TYPE_TAPE)
		return refuse(sg, r, TAPE_NO_VOLUME, ENOTTY,
		    "this is not a tape drive: name the device of one, such as "
		    "/dev/nst0");
	sg->generation = scsi_product_generation(inquiry.product);
	return 0;
}

/* Takes the drive for this run alone. */
static int take_drive(struct sg *sg, struct tape_result *r)
{
	char err[TAPE_MESSAGE_BYTES / 2];

	scsi_send_opcodes(&sg->unit, 0);
	if (sg->access.hold == NULL)
		return 0;
	sg->hold = scsi_hold_begin(&sg->unit, sg->access.hold, err, sizeof err);
	return sg->hold != NULL ? 0 : not_held(r, err);
}

/* The other thread does not use a port that is closed afterwards. */
static void set_port(struct sg *sg, struct scsi_port *port)
{
	pthread_mutex_lock(&sg->port_lock);
	sg->port = port;
	pthread_mutex_unlock(&sg->port_lock);
}

int sg_open_port(struct sg *sg, struct tape_result *r)
{
	char err[TAPE_MESSAGE_BYTES / 2];
	struct scsi_port *port;
	int failed;

	if (sg->port != NULL)
		return 0;
	port = sg->access.open(sg->access.arg, &sg->largest_bytes, err,
	    sizeof err);
	if (port == NULL) {
		r->cause = TAPE_NO_VOLUME;
		snprintf(r->message, sizeof r->message, "%s", err);
		return EIO;
	}
	scsi_unit_init(&sg->unit, port);
	set_port(sg, port);
	sg->drive.begun_ns = port->ops->clock_ns(port);
	failed = wait_idle(sg, r);
	if (failed == 0)
		failed = check_type(sg, r);
	if (failed == 0)
		failed = take_drive(sg, r);
	if (failed != 0)
		sg_close_port(sg);
	return failed;
}

void sg_close_port(struct sg *sg)
{
	struct scsi_port *port = sg->port;
	char err[TAPE_MESSAGE_BYTES];

	if (port == NULL)
		return;
	if (sg->hold != NULL && !scsi_hold_end(sg->hold, err, sizeof err))
		real_notice(&sg->drive, "%s", err);
	sg->hold = NULL;
	set_port(sg, NULL);
	sg->access.close(sg->access.arg, port);
}

static void notice_wait(void *arg, const char *message)
{
	struct sg *sg = arg;

	real_notice(&sg->drive, "%s%s", message,
	    real_first_load(sg->generation));
}

/* Waits until the drive is ready.  Stores whether the wait was interrupted. */
static enum scsi_readiness wait_ready(struct sg *sg, int64_t most_ns,
    bool *interrupted)
{
	struct scsi_port *port = sg->port;
	const int64_t begun_ns = port->ops->clock_ns(port);
	enum scsi_readiness readiness =
	    scsi_wait_ready(&sg->unit, most_ns, notice_wait, sg);

	*interrupted = readiness == SCSI_BECOMING_READY &&
	    port->ops->clock_ns(port) - begun_ns < most_ns;
	return readiness;
}

/*
 * Loads a cartridge that is in the drive and not loaded: with IMMED, so that
 * the wait, which a new LTO-9 cartridge makes one of hours, can be interrupted.
 */
static enum scsi_readiness load(struct sg *sg, int64_t most_ns,
    bool *interrupted)
{
	enum scsi_readiness readiness;

	if (!sg_begin_load(sg))
		return SCSI_NOT_LOADED;
	readiness = wait_ready(sg, most_ns, interrupted);
	/* It has not said yet that it loads: this waits for it. */
	if (readiness == SCSI_NOT_LOADED && sg_load(sg, true))
		readiness = wait_ready(sg, most_ns, interrupted);
	return readiness;
}

/*
 * Waits until the drive is ready, and is reserved for this run.  Returns 0 or
 * an errno.  The reservation is looked at after the wait, which is longer than
 * that for a busy drive, and before anything is moved.
 */
static int make_ready(struct sg *sg, struct tape_result *r)
{
	const int64_t most_ns = scsi_load_wait_ns(&sg->unit.timeouts,
	    sg->generation, sg->drive.options.load_wait_ns);
	char text[256], why[TAPE_MESSAGE_BYTES - 64];
	bool interrupted;
	enum scsi_readiness readiness = wait_ready(sg, most_ns, &interrupted);

	if ((readiness == SCSI_READY || readiness == SCSI_NOT_LOADED ||
		readiness == SCSI_RESERVED) &&
	    !sg_renew_hold(sg, why, sizeof why))
		return not_held(r, why);
	if (readiness == SCSI_NOT_LOADED)
		readiness = load(sg, most_ns, &interrupted);
	if (interrupted)
		return refuse(sg, r, TAPE_NO_VOLUME, ECANCELED,
		    "interrupted while the drive was not ready");
	switch (readiness) {
	case SCSI_READY:
		return 0;
	case SCSI_NO_MEDIUM:
		return refuse(sg, r, TAPE_NO_VOLUME, ENOMEDIUM,
		    "the drive is empty: put a cartridge in");
	case SCSI_RESERVED:
		return refuse(sg, r, TAPE_NO_VOLUME, EBUSY,
		    "another host has reserved the drive");
	case SCSI_BECOMING_READY:
	case SCSI_NOT_LOADED:
	case SCSI_CLEANING:
	case SCSI_WRONG_MEDIUM:
		/* The drive may become ready with another volume. */
		scsi_answer_text(&sg->unit.command, &sg->unit.answer, text,
		    sizeof text);
		snprintf(why, sizeof why, "%s (%s)",
		    scsi_readiness_text(readiness), text);
		return refuse(sg, r, TAPE_MEDIUM_ERROR, EIO, why);
	case SCSI_FAILED:
		break;
	}
	sg_fail_read(sg, r, sg_cause(sg, false), "load");
	return EIO;
}

static void find_limits(struct sg *sg)
{
	struct real_drive *d = &sg->drive;
	struct scsi_block_limits_data limits = { 0 };

	scsi_send_block_limits(&sg->unit, &limits);
	d->block_min_bytes = limits.least_bytes > 0 ? limits.least_bytes : 1;
	d->block_max_bytes =
	    limits.most_bytes > 0 && limits.most_bytes < BLOCK_MAX_BYTES
	    ? limits.most_bytes
	    : BLOCK_MAX_BYTES;
	if (sg->largest_bytes > 0 && d->block_max_bytes > sg->largest_bytes)
		d->block_max_bytes = sg->largest_bytes;
}

int sg_check_block(struct sg *sg, uint64_t bytes, struct tape_result *r)
{
	char why[160];

	find_limits(sg);
	if (bytes == 0 ||
	    (bytes >= sg->drive.block_min_bytes &&
		bytes <= sg->drive.block_max_bytes))
		return 0;
	snprintf(why, sizeof why,
	    "the drive and its adapter take no blocks of %" PRIu64
	    " bytes, only up to %" PRIu64 ": choose another size with --block",
	    bytes, sg->drive.block_max_bytes);
	return refuse(sg, r, TAPE_INVALID, EINVAL, why);
}

/*
 * The drive has not taken a setting, as `why` says.  If it refuses it, the cause
 * is TAPE_NO_VOLUME with sense data: it would refuse it for each other volume.
 */
static bool refuse_mode(struct sg *sg, struct tape_result *r, const char *why)
{
	enum tape_cause cause = sg_cause(sg, false);
	/* An answer that is good, and too short, is a refusal, too. */
	bool refuses = cause == TAPE_OK || cause == TAPE_INVALID;

	r->cause = refuses ? TAPE_NO_VOLUME : cause;
	r->sense = sg_sense(sg);
	sentence(r->message, sizeof r->message, "%s%s", why,
	    refuses ? ": it must take blocks of variable length: switch them "
		      "on in its configuration, or use another drive"
		    : "");
	return false;
}

/* Variable blocks, also where a fixed size is asked for: it is checked here. */
static bool set_modes(struct sg *sg, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	char err[TAPE_MESSAGE_BYTES / 2];

	if (!scsi_set_block_bytes(&sg->unit, 0, err, sizeof err))
		return refuse_mode(sg, r, err);
	if (d->read_only != 0 ||
	    d->options.compression == SPLITTER_ST_COMPRESSION_UNCHANGED)
		return true;
	if (!scsi_set_compression(&sg->unit,
		d->options.compression == SPLITTER_ST_COMPRESSION_ON, err,
		sizeof err))
		real_notice(d,
		    "%s: compression cannot be set (%s): it stays unchanged",
		    d->device, err);
	return true;
}

/* What the drive says about the medium. */
static void look_at_medium(struct sg *sg)
{
	struct scsi_mode_data mode;

	if (scsi_send_mode_sense(&sg->unit, 0, 0, SCSI_MODE_CURRENT, &mode))
		sg->drive.read_only = mode.write_protected ? EROFS : 0;
	sg->drive.worm = scsi_medium_is_worm(&sg->unit);
}

/*
 * Finds out whether the drive reports its position.  The tape is at the
 * beginning of a partition, and in the first one afterwards: a load goes there,
 * but the volume may have been loaded before, by another program.
 */
static bool find_position(struct sg *sg, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;
	enum tape_cause cause = TAPE_OK;
	uint64_t object;
	int err = sg_ask_position(sg, &object);

	if (err != 0)
		err = sg_ask_position(sg, &object);
	if (err == 0 && sg->partition != 0) {
		if (!sg_locate_first(sg))
			cause = sg_cause(sg, false);
		if (cause != TAPE_OK) {
			sg_fail_read(sg, r, cause, "go to the first partition");
			return false;
		}
		real_rewound(d);
		err = sg_ask_position(sg, &object);
	}
	d->has_position = err == 0 && object == 0 && sg->partition == 0;
	if (err == 0 && !d->has_position) {
		d->write_error = TAPE_POSITION_LOST;
		real_notice(d,
		    "%s: after a rewind the drive is at block %" PRIu64
		    " of partition %u: nothing is written on the volume",
		    d->device, object, sg->partition);
	} else if (!d->has_position)
		real_notice(d,
		    "%s: the drive does not report its position: lost blocks "
		    "at the end of a volume cannot be detected, and after an "
		    "error nothing more is written on the volume",
		    d->device);
	return true;
}

/*
 * A program may have stored the barcode in the memory of the cartridge.  If it
 * is not the one that is known, nothing is written.
 */
static bool check_stored_barcode(struct sg *sg, struct tape_result *r)
{
	const char *known = sg->drive.tape.barcode;
	struct scsi_mam mam;
	char why[160];

	if (sg->drive.options.reading || known[0] == '\0')
		return true;
	scsi_mam_read(&sg->unit, &mam);
	if (!mam.valid || !barcodes_disagree(known, mam.barcode))
		return true;
	snprintf(why, sizeof why,
	    "the barcode of the cartridge is %s, and %s in its memory: nothing "
	    "is written on it",
	    known, mam.barcode);
	refuse(sg, r, TAPE_NO_VOLUME, EINVAL, why);
	return false;
}

static bool prepare(struct sg *sg, struct tape_result *r)
{
	struct real_drive *d = &sg->drive;

	if (!sg_rewind(sg, r) || !check_stored_barcode(sg, r))
		return false;
	if (d->options.reading)
		scsi_send_prevent(&sg->unit, false);
	else
		real_lock(&sg->drive);
	find_limits(sg);
	look_at_medium(sg);
	return set_modes(sg, r) && find_position(sg, r);
}

int sg_open(struct sg *sg, struct tape_result *r)
{
	struct tape_result ignored;
	int err = sg_open_port(sg, r);

	if (err != 0)
		return err;
	real_opened(&sg->drive);
	sg->warned = false;
	err = make_ready(sg, r);
	if (err != 0)
		return err;
	sg->unit.position_lost = sg->unit.deferred = false;
	if (!prepare(sg, r)) {
		tape_result_init(&ignored, 0);
		sg_close(sg, &ignored);
		return EIO;
	}
	return 0;
}

static void move_away(struct sg *sg, struct tape_result *r, bool good)
{
	bool ejects = sg->drive.options.eject;
	enum tape_cause cause = TAPE_OK;

	if (!(ejects ? sg_load(sg, false) : sg_rewind_tape(sg)))
		cause = sg_cause(sg, false);
	if (cause != TAPE_OK && good)
		sg_fail_read(sg, r, cause, ejects ? "eject" : "rewind");
}

void sg_close(struct sg *sg, struct tape_result *r)
{
	bool good = sg_end_file(sg, r);

	real_unlock(&sg->drive);
	move_away(sg, r, good);
	real_unlock(&sg->drive);
	if (sg->drive.locked)
		real_notice(&sg->drive,
		    "%s: the door of the drive is still locked: run tapelab "
		    "release --device %s",
		    sg->drive.device, sg->drive.device);
	sg->drive.locked = false;
}
