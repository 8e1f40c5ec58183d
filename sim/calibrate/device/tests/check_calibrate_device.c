/*
 * check_calibrate_device.c: a drive is described, its compression is off, and
 * drives that cannot be measured are refused.
 */
#include <check.h>
#include <string.h>

#include "sim/calibrate/device/prepare.h"
#include "splitter/scsi/tests/served_port.h"
#include "splitter/tests/run_suite.h"

enum { LARGEST_BYTES = 256 << 10, MODE_SELECT_10 = 0x55 };

static struct served_library *library;
static struct served_port *served;
static struct scsi_unit unit;
static struct calibrate_device device;
static char err[512];

static void setup(void)
{
	library = served_library_new(NULL);
	served_library_load(library, 0, 0);
	served = served_port_open(library, 1, 0);
	served_port_clear_attentions(served);
	scsi_unit_init(&unit, served_port_scsi(served));
}

static void teardown(void)
{
	served_port_close(served);
	served_library_free(library);
}

static bool compresses(void)
{
	struct scsi_settings settings;

	scsi_settings_read(&unit, &settings);
	ck_assert(settings.has_compression);
	return settings.compression;
}

START_TEST(the_drive_is_described_and_does_not_compress)
{
	ck_assert(scsi_set_compression(&unit, true, err, sizeof err));
	ck_assert(compresses());
	ck_assert_msg(calibrate_device_prepare(&unit, NULL, LARGEST_BYTES,
			  &device, err, sizeof err),
	    "%s", err);
	ck_assert(!compresses());
	ck_assert(device.virtual_drive);
	ck_assert_str_eq(device.name, unit.port->name);
	ck_assert_str_ne(device.product, "");
	ck_assert_str_ne(device.firmware, "");
	ck_assert_str_eq(device.generation, "LTO-8");
	ck_assert_str_ne(device.cartridge, "");
	ck_assert_int_eq(strncmp(device.serial, "TL", 2), 0);
}
END_TEST

START_TEST(a_name_that_stays_is_taken)
{
	struct scsi_names names = { 0 };

	strcpy(names.by_id, "/dev/tape/by-id/scsi-TL1");
	ck_assert(calibrate_device_prepare(&unit, &names, LARGEST_BYTES,
	    &device, err, sizeof err));
	ck_assert_str_eq(device.name, names.by_id);
}
END_TEST

START_TEST(compression_that_stays_on_is_refused)
{
	static const struct served_sense bad_field = {
		.key = 5, .asc = 0x26, .information = -1
	};

	ck_assert(scsi_set_compression(&unit, true, err, sizeof err));
	/* By neither of its two mode pages. */
	for (int i = 0; i < 2; i++)
		served_port_check(served, MODE_SELECT_10, false, &bad_field);
	ck_assert(!calibrate_device_prepare(&unit, NULL, LARGEST_BYTES, &device,
	    err, sizeof err));
	ck_assert_msg(strstr(err, "cannot be switched off") != NULL, "%s", err);
	ck_assert(compresses());
}
END_TEST

/* A port whose INQUIRY data are those of scsi_debug. */
static void execute_as_debug(struct scsi_port *port,
    const struct scsi_command *c, struct scsi_answer *a)
{
	struct scsi_port *inner = served_port_scsi(served);

	(void)port;
	inner->ops->execute(inner, c, a);
	if (c->cdb[0] == 0x12 && c->cdb[1] == 0)
		memcpy((uint8_t *)c->in + 8, "Linux   scsi_debug      ", 24);
	if (c->cdb[0] == 0x12 && c->cdb[2] == 0x83)
		memset((uint8_t *)c->in + 4, 0, c->data_bytes - 4);
	if (c->cdb[0] == 0x12 && c->cdb[2] == 0x80)
		memcpy((uint8_t *)c->in + 4, "2000000000", 10);
}

START_TEST(scsi_debug_is_refused)
{
	struct scsi_port_ops ops = *served_port_scsi(served)->ops;
	struct scsi_port port = { .ops = &ops, .name = "/dev/sg9" };
	struct scsi_names names = { .driver = "scsi_debug" };

	ops.execute = execute_as_debug;
	scsi_unit_init(&unit, &port);
	ck_assert(!calibrate_device_prepare(&unit, &names, LARGEST_BYTES,
	    &device, err, sizeof err));
	ck_assert_str_eq(err,
	    "/dev/sg9: scsi_debug keeps 4 bytes of a block and has no times: "
	    "there is nothing to measure; use a drive");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("devices for a calibration");
	TCase *tc = tcase_create("prepare");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_drive_is_described_and_does_not_compress);
	tcase_add_test(tc, a_name_that_stays_is_taken);
	tcase_add_test(tc, compression_that_stays_on_is_refused);
	tcase_add_test(tc, scsi_debug_is_refused);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
