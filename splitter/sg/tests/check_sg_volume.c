/*
 * check_sg_volume.c: the back end on SCSI commands: a volume is loaded and given
 * back, and the drive is this run's alone meanwhile.
 */
#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/temporary.h"
#include "splitter/scsi/facts/settings.h"
#include "splitter/scsi/commands.h"
#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"

/* Operation codes. */
enum {
	WRITE = 0x0a,
	LOCATE_10 = 0x2b,
	READ_POSITION = 0x34,
	LOCATE = 0x92,
	PREVENT = 0x1e
};

START_TEST(volumes_follow_each_other)
{
	sgs.options.eject = _i;
	sg_stage_begin(100, 10);
	ck_assert_str_eq(sgs.tape->barcode, "VTA001L8");
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_load();
	ck_assert_str_eq(sgs.tape->barcode, "VTA002L8");
	sg_stage_write_files(1);
	sg_stage_unload(TAPE_CLOSE_FULL);
	sg_stage_ck(TAPE_OK);
	sg_stage_load();
	ck_assert_str_eq(sgs.tape->barcode, "VTA003L8");
	sg_stage_unload(TAPE_CLOSE_AVOID_DRIVE);
	ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0, &sgs.r));
	sg_stage_ck(TAPE_NO_VOLUME);
	sg_stage_down();
}
END_TEST

static const struct {
	const char *barcode;
	bool reading, refused;
} stored[] = {
	{ "A00009L8                        ", false, true },
	{ "A00009L8                        ", true, false },
	/* Expected: it is loaded.  Bug: the media type was required. */
	{ "VTA001                          ", false, false },
};

/*
 * The memory of the cartridge has the barcode that a program has stored there.
 */
START_TEST(a_cartridge_with_another_barcode_in_its_memory_is_not_written)
{
	const struct scsi_attribute attribute = { .id = 0x0806,
		.format = 1,
		.value = (const uint8_t *)stored[_i].barcode,
		.bytes = 32 };
	struct served_port *other;
	struct scsi_unit unit;

	sgs.options.reading = stored[_i].reading;
	sg_stage_up(100, 10);
	other = served_port_open(sgs.served, 1, 2);
	scsi_unit_init(&unit, served_port_scsi(other));
	ck_assert_int_eq(scsi_send_ready(&unit), SCSI_READY);
	ck_assert(scsi_send_write_attribute(&unit, 0, &attribute));
	served_port_close(other);
	sgs.tape = sgs.library->ops->load(sgs.library, 0, &sgs.r);
	if (stored[_i].refused) {
		ck_assert_ptr_null(sgs.tape);
		ck_assert_ptr_nonnull(strstr(sgs.r.message,
		    "is VTA001L8, and A00009L8 in its memory"));
	} else {
		ck_assert_ptr_nonnull(sgs.tape);
		sg_stage_unload(TAPE_CLOSE_GOOD);
	}
	sg_stage_down();
}
END_TEST

/* Another initiator cannot take the cartridge while it is in use. */
START_TEST(the_door_is_locked_while_a_volume_is_loaded)
{
	const struct scsi_command unload = { .cdb = { 0x1b },
		.cdb_bytes = 6,
		.timeout_s = 60,
		.name = "LOAD UNLOAD" };
	struct served_port *other;
	struct scsi_answer a;

	sgs.options.reading = _i;
	sg_stage_begin(100, 10);
	other = served_port_open(sgs.served, 1, 1);
	served_port_clear_attentions(other);
	ck_assert_int_eq(scsi_execute(served_port_scsi(other), &unload, &a),
	    _i);
	if (!_i) {
		ck_assert_uint_eq(a.sense.asc, 0x53);
		sg_stage_unload(TAPE_CLOSE_GOOD);
		ck_assert(scsi_execute(served_port_scsi(other), &unload, &a));
	}
	served_port_close(other);
	sg_stage_down();
}
END_TEST

START_TEST(a_drive_that_cannot_lock_is_reported)
{
	sg_stage_begin(100, 10);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	served_port_check(sgs.port, PREVENT, false,
	    &(struct served_sense){ .key = 5, .asc = 0x20, .information = -1 });
	sg_stage_load();
	ck_assert_uint_eq(sgs.notices, 1);
	ck_assert_msg(strstr(sgs.notice,
			  "cannot be locked (PREVENT ALLOW MEDIUM REMOVAL: "
			  "Illegal Request") != NULL,
	    "%s", sgs.notice);
	sg_stage_down();
}
END_TEST

START_TEST(a_drive_that_another_host_has_reserved_is_refused)
{
	const struct scsi_command reserve = { .cdb = { 0x16 },
		.cdb_bytes = 6,
		.timeout_s = 60,
		.name = "RESERVE(6)" };
	struct served_port *other;
	struct scsi_answer a;
	char err[256];

	sg_stage_up(100, 10);
	other = served_port_open(sgs.served, 1, 1);
	served_port_clear_attentions(other);
	ck_assert(scsi_execute(served_port_scsi(other), &reserve, &a));
	ck_assert_int_eq(sg_library_probe(sgs.library, 0, err, sizeof err), -1);
	ck_assert_msg(strstr(err, "another host has reserved") != NULL, "%s",
	    err);
	ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0, &sgs.r));
	sg_stage_ck(TAPE_NO_VOLUME);
	served_port_close(other);
	sg_stage_down();
}
END_TEST

static bool compresses(struct scsi_unit *unit)
{
	struct scsi_settings settings;

	scsi_settings_read(unit, &settings);
	ck_assert(settings.has_compression);
	return settings.compression;
}

/* No other initiator writes meanwhile; afterwards everything is as before. */
START_TEST(a_drive_is_held_and_left_as_it_was)
{
	const struct scsi_command ready = {
		.cdb_bytes = 6, .timeout_s = 60, .name = "TEST UNIT READY"
	};
	const struct scsi_command write = { .cdb = { 0x0a, 0, 0, 0, 9 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_OUT,
		.out = "nine bytes",
		.data_bytes = 9,
		.timeout_s = 60,
		.name = "WRITE(6)" };
	struct served_port *other;
	struct scsi_answer a;
	struct scsi_unit unit;

	sgs.holds = true;
	sgs.options.compression = SPLITTER_ST_COMPRESSION_ON;
	sg_stage_up(100, 10);
	other = served_port_open(sgs.served, 1, 1);
	scsi_unit_init(&unit, served_port_scsi(other));
	ck_assert(!compresses(&unit));
	sg_stage_load();
	ck_assert(compresses(sg_library_unit(sgs.library)));
	sg_stage_write_files(1);
	served_port_clear_attentions(other);
	ck_assert(!scsi_execute(served_port_scsi(other), &write, &a));
	ck_assert_uint_eq(a.status, SCSI_RESERVATION_CONFLICT);
	if (_i == 0)
		sg_stage_unload(TAPE_CLOSE_GOOD);
	/* _i == 1: the program ends with a volume loaded, and in mid-file */
	else
		sg_stage_header();
	sg_stage_free();
	served_port_clear_attentions(other);
	ck_assert(scsi_execute(served_port_scsi(other), &ready, &a));
	ck_assert(scsi_execute(served_port_scsi(other), &write, &a));
	ck_assert(!compresses(&unit));
	served_library_take(sgs.served, 0);
	served_port_close(other);
	sg_stage_down();
}
END_TEST

START_TEST(a_write_protected_volume_is_not_written)
{
	sg_stage_begin(100, 10);
	served_library_protect(sgs.served, 1);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_load();
	sg_stage_label();
	sg_stage_ck(TAPE_WRITE_PROTECTED);
	ck_assert_uint_eq(served_port_count(sgs.port, WRITE), 0);
	sg_stage_down();
}
END_TEST

START_TEST(a_write_once_volume_is_reported)
{
	struct tape_limits limits = { 0 };

	sgs.spec.suffix = _i ? "LY" : "L8";
	sg_stage_begin(100, 10);
	sgs.tape->ops->limits(sgs.tape, &limits);
	ck_assert_int_eq(limits.worm, _i);
	sg_stage_down();
}
END_TEST

/*
 * Another program has left the tape in partition 1: nothing is written there.
 */
START_TEST(a_volume_begins_in_its_first_partition)
{
	static const uint8_t to_0[20] = { 0x80 }, to_1[20] = { 0x80, 1 };
	const struct served_instead none = {
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 5, [7] = 10, [12] = 0x24 },
		.sense_bytes = 18,
		.opcode = READ_POSITION,
	};
	struct served_instead position = { .outcome = SCSI_ANSWERED,
		.opcode = READ_POSITION,
		.data_bytes = 20 };

	sg_stage_up(100, 10);
	ck_assert_int_eq(sg_library_probe(sgs.library, 0, NULL, 0), 0);
	served_port_instead(sgs.port, &none);
	memcpy(position.data, to_1, sizeof to_1);
	served_port_instead(sgs.port, &position);
	memcpy(position.data, to_0, sizeof to_0);
	served_port_instead(sgs.port, &position);
	sg_stage_load();
	ck_assert_uint_eq(served_port_count(sgs.port, LOCATE_10), 1);
	sg_stage_write_files(1);
	sg_stage_down();
}
END_TEST

/* A drive that is not at the beginning after a rewind writes nothing. */
START_TEST(a_rewind_that_goes_elsewhere_is_no_rewind)
{
	/* block 5; partition 1, also after LOCATE */
	static const uint8_t at[][16] = { { [15] = 5 }, { [7] = 1 } };
	struct served_instead position = { .outcome = SCSI_ANSWERED,
		.opcode = READ_POSITION,
		.data_bytes = 32,
		.for_good = true };

	sg_stage_up(100, 10);
	ck_assert_int_eq(sg_library_probe(sgs.library, 0, NULL, 0), 0);
	memcpy(position.data, at[_i], sizeof at[_i]);
	served_port_instead(sgs.port, &position);
	sg_stage_load();
	ck_assert_msg(strstr(sgs.notice, "nothing is written") != NULL, "%s",
	    sgs.notice);
	sg_stage_label();
	sg_stage_ck(TAPE_POSITION_LOST);
	ck_assert_uint_eq(served_port_count(sgs.port, 0x0a), 0);
	ck_assert_uint_eq(served_port_count(sgs.port, 0x10), 0);
	sg_stage_down();
}
END_TEST

/* The device is the changer, not a drive. */
static struct scsi_port *open_changer(void *arg, uint32_t *largest_bytes,
    char *err, size_t err_bytes)
{
	struct served_library *served = arg;

	(void)err;
	(void)err_bytes;
	*largest_bytes = 1 << 20;
	return served_port_scsi(served_port_open(served, SERVED_CHANGER, 0));
}

static void close_changer(void *arg, struct scsi_port *port)
{
	(void)arg;
	port->ops->close(port);
}

START_TEST(a_device_that_is_no_tape_drive_is_refused)
{
	struct served_library *served = served_library_new(NULL);
	const struct sg_access access = {
		.open = open_changer, .close = close_changer, .arg = served
	};
	const struct real_options options = { .load_wait_ns = 0 };
	struct tape_library *library =
	    sg_library_new("/dev/sg0", &options, &access);
	char err[256];

	ck_assert_int_eq(sg_library_probe(library, 0, err, sizeof err), -1);
	ck_assert_msg(strstr(err, "not a tape drive") != NULL, "%s", err);
	sg_library_free(library);
	served_library_free(served);
}
END_TEST

/* A volume that is only read may be taken out. */
START_TEST(a_run_has_a_record_and_locks_the_door)
{
	const struct scsi_names names = { .sg = "/dev/sg1",
		.address = "2:0:0:1" };
	char folder[256], pattern[300];
	const struct scsi_hold_options hold = { .names = &names,
		.folder = folder,
		.host = "host",
		.started_s = 1 };
	struct scsi_settings now;
	struct scsi_unit unit;
	glob_t found;

	snprintf(folder, sizeof folder, "%s/sg.XXXXXX", temporary_folder());
	ck_assert_ptr_nonnull(mkdtemp(folder));
	sgs.hold = &hold;
	sgs.options.reading = _i;
	sg_stage_begin(100, 10);
	snprintf(pattern, sizeof pattern, "%s/*", folder);
	ck_assert_int_eq(glob(pattern, 0, NULL, &found), 0);
	ck_assert_uint_eq(found.gl_pathc, 1);
	globfree(&found);
	scsi_unit_init(&unit, served_port_scsi(sgs.port));
	scsi_settings_read(&unit, &now);
	ck_assert(now.has_door);
	ck_assert_int_eq(now.door_locked, !_i);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_down();
	/* The record is removed at the end. */
	ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sg_volume");
	TCase *t = tcase_create("sg_volume");

	tcase_add_loop_test(t, volumes_follow_each_other, 0, 2);
	tcase_add_loop_test(t,
	    a_cartridge_with_another_barcode_in_its_memory_is_not_written, 0,
	    sizeof stored / sizeof *stored);
	tcase_add_loop_test(t, the_door_is_locked_while_a_volume_is_loaded, 0,
	    2);
	tcase_add_test(t, a_drive_that_cannot_lock_is_reported);
	tcase_add_test(t, a_drive_that_another_host_has_reserved_is_refused);
	tcase_add_loop_test(t, a_drive_is_held_and_left_as_it_was, 0, 2);
	tcase_add_test(t, a_write_protected_volume_is_not_written);
	tcase_add_loop_test(t, a_write_once_volume_is_reported, 0, 2);
	tcase_add_loop_test(t, a_rewind_that_goes_elsewhere_is_no_rewind, 0, 2);
	tcase_add_test(t, a_volume_begins_in_its_first_partition);
	tcase_add_test(t, a_device_that_is_no_tape_drive_is_refused);
	tcase_add_loop_test(t, a_run_has_a_record_and_locks_the_door, 0, 2);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
