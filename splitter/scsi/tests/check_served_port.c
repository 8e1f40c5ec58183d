/* check_served_port.c: the port to a library in this process. */
#include <check.h>
#include <errno.h>
#include <string.h>

#include "splitter/scsi/tests/served_port.h"
#include "splitter/tests/run_suite.h"

static struct served_library *library;
static struct served_port *drive, *other;

static void setup(void)
{
	library = served_library_new(NULL);
	drive = served_port_open(library, 1, 0);
	other = served_port_open(library, 1, 1);
}

static void teardown(void)
{
	served_port_close(drive);
	served_port_close(other);
	served_library_free(library);
}

/* Executes a command of 6 bytes.  Returns KEY/ASC/ASCQ as a number; 0: good. */
static unsigned command(struct served_port *port, const uint8_t cdb[6],
    const void *data, uint32_t bytes, struct scsi_answer *a)
{
	struct scsi_command c = { .cdb_bytes = 6,
		.direction = bytes == 0 ? SCSI_NO_DATA
		    : cdb[0] == 0x0a    ? SCSI_DATA_OUT
					: SCSI_DATA_IN,
		.in = (void *)(uintptr_t)data,
		.out = data,
		.data_bytes = bytes,
		.timeout_s = 60,
		.name = "a command" };

	memcpy(c.cdb, cdb, 6);
	if (scsi_execute(served_port_scsi(port), &c, a))
		return 0;
	ck_assert_int_eq(a->outcome, SCSI_ANSWERED);
	return (unsigned)(a->sense.key << 16 | a->sense.asc << 8 |
	    a->sense.ascq);
}

static const uint8_t ready[6] = { 0 }, inquiry[6] = { 0x12, 0, 0, 0, 36, 0 },
		     write_9[6] = { 0x0a, 0, 0, 0, 9, 0 },
		     read_99[6] = { 0x08, 2, 0, 0, 99, 0 },
		     rewind_[6] = { 0x01 };

START_TEST(another_initiator_has_its_own_attentions)
{
	struct scsi_answer a;

	served_port_clear_attentions(drive);
	ck_assert_uint_eq(command(drive, ready, NULL, 0, &a), 0x023a00);
	ck_assert_uint_eq(command(other, ready, NULL, 0, &a), 0x062900);
	served_library_load(library, 0, 0);
	ck_assert_uint_eq(command(drive, ready, NULL, 0, &a), 0x062800);
	ck_assert_uint_eq(command(drive, ready, NULL, 0, &a), 0);
	served_library_reset(library, 1);
	ck_assert_uint_eq(command(drive, ready, NULL, 0, &a), 0x062903);
	served_library_reconnect(library, 0);
	ck_assert_uint_eq(command(drive, ready, NULL, 0, &a), 0x062907);
	served_library_take(library, 0);
	ck_assert_uint_eq(command(drive, ready, NULL, 0, &a), 0x023a00);
}
END_TEST

START_TEST(data_and_residuals)
{
	struct scsi_answer a;
	char in[99];

	served_library_load(library, 0, 0);
	served_port_clear_attentions(drive);
	ck_assert_uint_eq(command(drive, inquiry, in, 36, &a), 0);
	ck_assert_int_eq(in[0], 1);
	ck_assert_uint_eq(a.residual, 0);
	ck_assert(a.has_residual);
	ck_assert_uint_eq(command(drive, write_9, "ninebytes", 9, &a), 0);
	ck_assert_uint_eq(command(drive, rewind_, NULL, 0, &a), 0);
	ck_assert_uint_eq(command(drive, read_99, in, 99, &a), 0);
	ck_assert_uint_eq(a.residual, 90);
	ck_assert_mem_eq(in, "ninebytes", 9);
	served_port_drop_residuals(drive, true);
	ck_assert_uint_eq(command(drive, rewind_, NULL, 0, &a), 0);
	ck_assert_uint_eq(command(drive, read_99, in, 99, &a), 0);
	ck_assert_uint_eq(a.residual, 0);
	ck_assert(!a.has_residual);
	ck_assert_uint_eq(served_port_count(drive, 0x08), 2);
}
END_TEST

START_TEST(commands_are_lost)
{
	struct scsi_answer a;
	const struct scsi_command c = { .cdb_bytes = 6, .name = "a command" };

	served_port_clear_attentions(drive);
	served_port_instead(drive,
	    &(struct served_instead){ .opcode = -1, .outcome = SCSI_LOST });
	served_port_instead(drive,
	    &(struct served_instead){ .opcode = 0,
		.after = 1,
		.outcome = SCSI_NOT_SENT,
		.error = EBUSY });
	ck_assert(!scsi_execute(served_port_scsi(drive), &c, &a));
	ck_assert_int_eq(a.outcome, SCSI_LOST);
	ck_assert_int_eq(a.error, EIO);
	ck_assert(!scsi_execute(served_port_scsi(drive), &c, &a));
	ck_assert_int_eq(a.outcome, SCSI_ANSWERED);
	ck_assert(!scsi_execute(served_port_scsi(drive), &c, &a));
	ck_assert_int_eq(a.outcome, SCSI_NOT_SENT);
	ck_assert_int_eq(a.error, EBUSY);
}
END_TEST

START_TEST(sense_data_of_the_test)
{
	const struct served_sense low = {
		.bits = 0x40, .ascq = 2, .information = 0
	};
	const struct served_sense late = {
		.key = 3, .asc = 0x0c, .deferred = true, .information = -1
	};
	struct scsi_answer a;

	served_library_load(library, 0, 0);
	served_port_clear_attentions(drive);
	served_port_check(drive, 0x0a, true, &low);
	served_port_check(drive, 0x0a, false, &late);
	ck_assert_uint_eq(command(drive, write_9, "ninebytes", 9, &a), 2);
	ck_assert(a.sense.eom && a.sense.has_information);
	ck_assert_uint_eq(command(drive, write_9, "ninebytes", 9, &a),
	    0x030c00);
	ck_assert(a.sense.deferred && !a.sense.has_information);
}
END_TEST

START_TEST(faults_and_defects_apply_at_once)
{
	const struct drive_fault fault = { .op = DRIVE_WRITE,
		.nth = 1,
		.once = true,
		.sense = { .key = 3, .asc = 0x03 } };
	const struct volume_defect defect = { .fail = VOLUME_FAIL_WRITE,
		.at = 0,
		.length = 100000,
		.sense = { .key = 3, .asc = 0x0c } };
	struct scsi_answer a;

	served_library_load(library, 0, 0);
	served_port_clear_attentions(drive);
	served_library_fault(library, 0, &fault);
	ck_assert_uint_eq(command(drive, write_9, "ninebytes", 9, &a),
	    0x030300);
	/* The drive has a buffer: it finds the defect later. */
	served_library_defect(library, 0, &defect);
	ck_assert_uint_eq(command(drive, write_9, "ninebytes", 9, &a), 0);
	ck_assert_uint_eq(command(drive, rewind_, NULL, 0, &a), 0x030c00);
	ck_assert(a.sense.deferred);
}
END_TEST

START_TEST(time_is_virtual)
{
	const struct served_library_spec spec = { .takes_time = true };
	struct served_library *paced = served_library_new(&spec);
	struct served_port *port = served_port_open(paced, 1, 0);
	int64_t begun_ns = served_library_now_ns(paced);
	struct scsi_answer a;

	served_library_load(paced, 0, 0);
	ck_assert_int_ge(served_library_now_ns(paced), begun_ns + 8000000000);
	served_port_clear_attentions(port);
	command(port, ready, NULL, 0, &a);
	/* It still loads. */
	ck_assert_uint_eq(a.sense.key, 2);
	ck_assert(served_port_scsi(port)->ops->sleep_ns(served_port_scsi(port),
	    960000000000));
	ck_assert_uint_eq(command(port, ready, NULL, 0, &a), 0);
	served_port_end_sleeps(port);
	ck_assert(!served_port_scsi(port)->ops->sleep_ns(served_port_scsi(port),
	    1));
	served_port_close(port);
	served_library_free(paced);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("served_port");
	TCase *t = tcase_create("served_port");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, another_initiator_has_its_own_attentions);
	tcase_add_test(t, data_and_residuals);
	tcase_add_test(t, commands_are_lost);
	tcase_add_test(t, sense_data_of_the_test);
	tcase_add_test(t, faults_and_defects_apply_at_once);
	tcase_add_test(t, time_is_virtual);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
