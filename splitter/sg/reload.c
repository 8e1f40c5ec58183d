/*
 * reload.c: unloads the cartridge but holds it in the drive, and loads it again,
 * for a program that measures how long that takes (SSC-4, LOAD UNLOAD with
 * HOLD).
 *
 * Between the two the door is unlocked, because a drive refuses to unload with
 * the door locked: the caller checks that the cartridge is the same.  Nothing is
 * written meanwhile.
 */
#include "splitter/sg/impl.h"

enum { LOAD_UNLOAD = 0x1b, FLAGS = 4, LOAD = 0x01, HOLD = 0x08 };

static struct sg *in_library(struct tape_library *library)
{
	return (struct sg *)((struct real_library *)library)->drive;
}

bool sg_library_can_hold(struct tape_library *library)
{
	struct scsi_unit *unit = sg_library_unit(library);

	return unit != NULL &&
	    scsi_send_has_bits(unit, LOAD_UNLOAD, FLAGS, LOAD | HOLD);
}

void sg_library_unload_held(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	const struct scsi_command unload = {
		.cdb = { LOAD_UNLOAD, 0, 0, 0, HOLD },
		.cdb_bytes = 6,
		.name = "LOAD UNLOAD",
	};
	struct sg *sg = in_library(library);
	struct real_drive *d = real_begin(&sg->drive.tape, now_ns, result);

	if (sg_end_file(sg, result)) {
		real_unlock(d);
		if (!sg_send(sg, &unload))
			sg_fail_read(sg, result, sg_cause(sg, false), "unload");
	}
	/* Until it is loaded again. */
	d->write_error = TAPE_POSITION_LOST;
	real_end(d, result);
}

void sg_library_load_held(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct sg *sg = in_library(library);
	struct real_drive *d = real_begin(&sg->drive.tape, now_ns, result);
	struct tape_result opened;

	if (!sg_load(sg, true))
		sg_fail_read(sg, result, sg_cause(sg, false), "load");
	real_end(d, result);
	if (result->cause != TAPE_OK)
		return;
	/* Its settings and its position: no part of the load. */
	tape_result_init(&opened, result->done_ns);
	if (sg_open(sg, &opened) == 0)
		return;
	opened.done_ns = result->done_ns;
	*result = opened;
}
