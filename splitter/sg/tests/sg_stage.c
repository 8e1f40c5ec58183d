/* sg_stage.c: see sg_stage.h. */
#include "splitter/sg/tests/sg_stage.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

struct sg_stage sgs;
unsigned char sgs_data[SG_RUN_MAX * SG_BLOCK], sgs_back[2 * SG_BLOCK];

static struct scsi_port *open_port(void *arg, uint32_t *largest_bytes,
    char *err, size_t err_bytes)
{
	(void)arg;
	(void)err;
	(void)err_bytes;
	*largest_bytes = 1 << 20;
	sgs.port = served_port_open(sgs.served, 1, 0);
	return served_port_scsi(sgs.port);
}

static void close_port(void *arg, struct scsi_port *port)
{
	(void)arg;
	port->ops->close(port);
	sgs.port = NULL;
}

static void note(void *arg, const char *message)
{
	(void)arg;
	sgs.notices++;
	snprintf(sgs.notice, sizeof sgs.notice, "%s", message);
}

/* The robot of another process takes the cartridge out, and puts the next in. */
static int change(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	(void)arg;
	if (sgs.next >= 4) {
		snprintf(err, err_bytes, "no more volumes");
		return -1;
	}
	if (!wanted->empty)
		served_library_take(sgs.served, 0);
	served_library_load(sgs.served, 0, sgs.next);
	strcpy(barcode, served_library_barcode(sgs.served, sgs.next++));
	return 0;
}

/* Exclusive use; its record is in the folder of the library. */
static const struct scsi_hold_options *hold(void)
{
	static const struct scsi_names names = { .sg = "/dev/sg1" };
	static struct scsi_hold_options options;

	options = (struct scsi_hold_options){ .names = &names,
		.folder = served_library_folder(sgs.served),
		.host = "a test",
		.started_s = 1,
		.notice = note };
	return &options;
}

void sg_stage_up(unsigned blocks, unsigned warning)
{
	struct sg_access access = {
		.open = open_port, .close = close_port, .hold = sgs.hold
	};
	const struct volume_spec volume = {
		.capacity_bytes = (uint64_t)blocks * SG_BLOCK,
		.has_early_warning = warning > 0,
		.early_warning_bytes = (uint64_t)warning * SG_BLOCK,
	};
	unsigned i;

	if (sgs.spec.volume == NULL)
		sgs.spec.volume = &volume;
	sgs.served = served_library_new(&sgs.spec);
	served_library_load(sgs.served, 0, 0);
	if (sgs.holds)
		access.hold = hold();
	sgs.next = 1;
	sgs.options.notice = note;
	if (!sgs.by_hand)
		sgs.options.change = change;
	if (sgs.options.barcode == NULL)
		sgs.options.barcode = served_library_barcode(sgs.served, 0);
	sgs.library = sg_library_new("/dev/sg1", &sgs.options, &access);
	ck_assert_ptr_nonnull(sgs.library);
	for (i = 0; i < sizeof sgs_data; i++)
		sgs_data[i] = (unsigned char)(i * 7 + i / SG_BLOCK);
}

void sg_stage_free(void)
{
	sg_library_free(sgs.library);
	sgs.library = NULL;
}

void sg_stage_down(void)
{
	sg_library_free(sgs.library);
	served_library_free(sgs.served);
	memset(&sgs, 0, sizeof sgs);
}

void sg_stage_load(void)
{
	sgs.tape = sgs.library->ops->load(sgs.library, 0, &sgs.r);
	ck_assert_msg(sgs.tape != NULL, "%s", sgs.r.message);
}

void sg_stage_begin(unsigned blocks, unsigned warning)
{
	sg_stage_up(blocks, warning);
	sg_stage_load();
}

void sg_stage_unload(enum tape_close why)
{
	sgs.library->ops->unload(sgs.library, sgs.tape, why, 0, &sgs.r);
}

void sg_stage_label(void)
{
	sgs.tape->ops->label(sgs.tape, sgs_data, SG_BLOCK, 0, &sgs.r);
}

void sg_stage_header(void)
{
	sgs.tape->ops->start_file(sgs.tape, sgs_data, SG_BLOCK, 0, &sgs.r);
}

void sg_stage_run(unsigned blocks)
{
	const struct tape_run what = { .data = sgs_data,
		.block_bytes = SG_BLOCK,
		.bytes = (uint64_t)blocks * SG_BLOCK };

	sgs.tape->ops->write(sgs.tape, &what, 0, &sgs.r);
}

void sg_stage_filemark(void)
{
	sgs.tape->ops->filemark(sgs.tape, true, 0, &sgs.r);
}

void sg_stage_rewind(void)
{
	sgs.tape->ops->rewind(sgs.tape, 0, &sgs.r);
}

void sg_stage_locate(uint64_t file)
{
	sgs.tape->ops->locate(sgs.tape, file, 0, &sgs.r);
}

void sg_stage_locate_eod(void)
{
	sgs.tape->ops->locate_eod(sgs.tape, 0, &sgs.r);
}

void sg_stage_read(uint64_t bytes)
{
	memset(sgs_back, 0, sizeof sgs_back);
	sgs.tape->ops->read(sgs.tape, sgs_back, bytes, &sgs.block, 0, &sgs.r);
}

void sg_stage_write_files(unsigned files)
{
	unsigned i;

	sg_stage_label();
	sg_stage_ck(TAPE_OK);
	for (i = 0; i < files; i++) {
		sg_stage_header();
		sg_stage_ck(TAPE_OK);
		sg_stage_run(2);
		sg_stage_ck(TAPE_OK);
		sg_stage_filemark();
		sg_stage_ck(TAPE_OK);
	}
}

void sg_stage_ck(enum tape_cause cause)
{
	ck_assert_msg(sgs.r.cause == cause, "%s, expected %s: %s",
	    tape_cause_name(sgs.r.cause), tape_cause_name(cause),
	    sgs.r.message);
	ck_assert_int_eq(sgs.r.message[0] == '\0',
	    cause == TAPE_OK || cause == TAPE_FILEMARK);
}

void sg_stage_ck_at(uint64_t file, uint64_t object)
{
	struct tape_position at = { .file = TAPE_POSITION_UNKNOWN,
		.object = TAPE_POSITION_UNKNOWN };

	sgs.tape->ops->position(sgs.tape, &at);
	ck_assert_uint_eq(at.file, file);
	ck_assert_uint_eq(at.object, object);
}
