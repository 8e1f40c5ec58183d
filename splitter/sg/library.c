/* library.c: a library of one drive on SCSI commands. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "splitter/scsi/facts/facts.h"
#include "splitter/sg/impl.h"

struct sg_library {
	struct real_library base; /* first: cast to this */
	struct sg sg;
};

static struct sg *sg_of(struct real_drive *drive)
{
	return (struct sg *)drive;
}

/* Without a port no time passes: it is opened at once. */
static int64_t clock_ns(struct real_drive *drive)
{
	struct scsi_port *port = sg_of(drive)->port;

	return port != NULL ? port->ops->clock_ns(port) : drive->begun_ns;
}

static int open_drive(struct real_drive *drive, struct tape_result *r)
{
	return sg_open(sg_of(drive), r);
}

static void close_drive(struct real_drive *drive, struct tape_result *r)
{
	sg_close(sg_of(drive), r);
}

static int ask_position(struct real_drive *drive, uint64_t *object)
{
	return sg_ask_position(sg_of(drive), object);
}

/* A drive that says that it does not know its position has lost it. */
static void fail_ask(struct real_drive *drive, struct tape_result *r,
    const char *doing, int err)
{
	enum tape_cause cause = sg_cause(sg_of(drive), true);

	(void)err;
	sg_fail_write(sg_of(drive), r,
	    cause == TAPE_OK ? TAPE_POSITION_LOST : cause, doing);
}

static bool rewind_tape(struct real_drive *drive, struct tape_result *r)
{
	return sg_rewind(sg_of(drive), r);
}

static bool go_to_file(struct real_drive *drive, uint64_t file,
    const char *doing, struct tape_result *r)
{
	return sg_go_to_file(sg_of(drive), file, doing, r);
}

static bool pass_blocks(struct real_drive *drive, uint64_t blocks,
    const char *doing, struct tape_result *r)
{
	struct sg *sg = sg_of(drive);

	if (sg_space(sg, SG_SPACE_BLOCKS, (int32_t)blocks))
		return true;
	sg_fail_read(sg, r, sg_cause(sg, false), doing);
	return false;
}

static void read_object(struct real_drive *drive, void *buf, uint64_t buf_bytes,
    struct tape_result *r)
{
	sg_read_object(sg_of(drive), buf, buf_bytes, r);
}

static bool set_door(struct real_drive *drive, bool lock, char *why,
    size_t why_bytes)
{
	return sg_set_door(sg_of(drive), lock, why, why_bytes);
}

static const struct real_ops drive_ops = {
	.clock_ns = clock_ns,
	.open = open_drive,
	.close = close_drive,
	.ask_position = ask_position,
	.fail_ask = fail_ask,
	.rewind = rewind_tape,
	.go_to_file = go_to_file,
	.pass_blocks = pass_blocks,
	.read = read_object,
	.set_door = set_door,
};

static void identity(struct tape *tape, struct tape_identity *out)
{
	/*
	 * A unit attention that this meets stays in unit.position_lost, which
	 * the next operation that writes takes into account.
	 */
	scsi_identify(&((struct sg *)tape)->unit, out);
	out->blank_proof = TAPE_BLANK_PROOF_SENSE;
	out->barcode_claimed = real_barcode_claimed(tape);
}

static void condition(struct tape *tape, struct tape_condition *out)
{
	/* As for identity(). */
	scsi_get_condition(&((struct sg *)tape)->unit, out);
}

static const struct tape_ops tape_ops = {
	.name = "sg",
	.limits = real_limits,
	.position = real_position,
	.label = sg_op_label,
	.start_file = sg_op_start_file,
	.write = sg_op_write,
	.filemark = sg_op_filemark,
	.read = real_op_read,
	.locate = real_op_locate,
	.locate_eod = sg_op_locate_eod,
	.rewind = real_op_rewind,
	.identity = identity,
	.condition = condition,
	.format = sg_op_format,
};

struct tape_library *sg_library_new(const char *device,
    const struct real_options *options, const struct sg_access *access)
{
	struct sg_library *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->sg.drive.tape.ops = &tape_ops;
	l->sg.drive.ops = &drive_ops;
	l->sg.drive.options = *options;
	l->sg.drive.device = device;
	real_library_init(&l->base, &l->sg.drive);
	l->sg.access = *access;
	pthread_mutex_init(&l->sg.port_lock, NULL);
	return &l->base.library;
}

static struct sg *in_library(const struct tape_library *library)
{
	return &((struct sg_library *)(uintptr_t)library)->sg;
}

int sg_library_probe(struct tape_library *library, uint64_t block_bytes,
    char *err, size_t err_bytes)
{
	struct sg *sg = in_library(library);
	enum scsi_readiness readiness;
	struct tape_result r;
	int failed;

	real_begin(&sg->drive.tape, 0, &r);
	failed = sg_open_port(sg, &r);
	if (failed == 0) {
		readiness = scsi_send_ready(&sg->unit);
		if (readiness == SCSI_RESERVED) {
			snprintf(err, err_bytes,
			    "%s: another host has reserved the drive",
			    sg->drive.device);
			return -1;
		}
		if (readiness == SCSI_READY)
			failed = sg_check_block(sg, block_bytes, &r);
	}
	if (failed == 0)
		return 0;
	snprintf(err, err_bytes, "%s", r.message);
	return -1;
}

void sg_library_free(struct tape_library *library)
{
	struct sg_library *l = (struct sg_library *)library;
	struct tape_result ignored;

	if (l == NULL)
		return;
	if (l->base.out) {
		tape_result_init(&ignored, 0);
		sg_end_file(&l->sg, &ignored);
		real_unlock(&l->sg.drive);
	}
	sg_close_port(&l->sg);
	pthread_mutex_destroy(&l->sg.port_lock);
	free(l);
}

int64_t sg_library_waiting_ns(const struct tape_library *library,
    const char **doing)
{
	struct sg *sg = in_library(library);
	int64_t age_ns = 0;

	*doing = NULL;
	pthread_mutex_lock(&sg->port_lock);
	if (sg->port != NULL)
		age_ns = sg->port->ops->waiting_ns(sg->port, doing);
	pthread_mutex_unlock(&sg->port_lock);
	return age_ns;
}

struct scsi_unit *sg_library_unit(struct tape_library *library)
{
	struct sg *sg = in_library(library);

	return sg->port != NULL ? &sg->unit : NULL;
}

uint64_t sg_library_recovered(const struct tape_library *library)
{
	return in_library(library)->recovered;
}
