/*
 * check_hold_cartridge.c: density and partition belong to a cartridge.
 *
 * Expected: a run that ends with another cartridge in the drive restores what
 * belongs to the drive, and leaves the rest.
 * Bug: it restored the density and the partition of the cartridge that it had
 * found; the drive refused them, and was refused to every later run.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/scsi/hold/tests/hold_stage.h"
#include "splitter/tests/run_suite.h"

enum { LTO7_DENSITY = 0x5c, LTO8_DENSITY = 0x5e };

enum ending { ENDS, RELEASED, NEXT_RUN, ENDINGS };

static void set_up_lto7(void)
{
	held_setup_with("L7");
}

static void exchange(unsigned volume)
{
	served_library_take(held_library, 0);
	served_library_load(held_library, 0, volume);
}

/*
 * Ends a run, or has it killed and its drive put in order; each must succeed,
 * and leave no record.
 */
static void end_by(enum ending ending, struct scsi_hold *hold)
{
	struct scsi_persistent persistent;
	char path[512];

	if (ending != ENDS) {
		held_killed[0] = hold;
		held_kill_run();
	}
	if (ending == ENDS)
		held_end(hold);
	else if (ending == NEXT_RUN)
		held_end(held_begin());
	else
		ck_assert_msg(scsi_hold_recover(&held_unit, &held_options,
				  held_err, sizeof held_err),
		    "%s", held_err);
	ck_assert_uint_eq(held_records(path), 0);
	ck_assert(scsi_send_persistent_read(&held_other, &persistent));
	ck_assert_uint_eq(persistent.count, 0);
}

static void ck_noticed(const char *text)
{
	ck_assert_msg(strstr(held_notices, text) != NULL, "%s", held_notices);
}

static void ck_not_noticed(const char *text)
{
	ck_assert_msg(strstr(held_notices, text) == NULL, "%s", held_notices);
}

/* The drive reports this density, as with a cartridge of that generation. */
static void report_density(uint8_t density)
{
	served_port_instead(held_port,
	    &(struct served_instead){ .opcode = 0x5a,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_GOOD,
		.data = { 0, 14, 0, 0x10, 0, 0, 0, 8, density },
		.data_bytes = 16 });
}

static void change_drive_settings(void)
{
	ck_assert(scsi_set_block_bytes(&held_unit, 4096, held_err,
	    sizeof held_err));
	ck_assert(scsi_set_compression(&held_unit, false, held_err,
	    sizeof held_err));
}

static void ck_drive_settings(const struct held_state *before)
{
	struct scsi_settings now;

	scsi_settings_read(&held_other, &now);
	ck_assert_uint_eq(now.block_bytes, before->settings.block_bytes);
	ck_assert_int_eq(now.compression, before->settings.compression);
	ck_assert_uint_eq(now.density, LTO7_DENSITY);
	ck_assert(!now.door_locked);
}

/* An LTO-8 cartridge was found; an LTO-7 cartridge is in the drive now. */
START_TEST(the_density_of_another_cartridge_is_left)
{
	struct held_state before;
	struct scsi_hold *hold;

	held_get_state(&before);
	report_density(LTO8_DENSITY);
	hold = held_begin();
	ck_assert_uint_eq(scsi_hold_found(hold)->density, LTO8_DENSITY);
	change_drive_settings();
	exchange(1);
	end_by(_i, hold);
	ck_drive_settings(&before);
	ck_noticed("not restored: density 5Ch, was 5Eh: the drive has another "
		   "cartridge than at the start");
	ck_not_noticed("was 0, density");
}
END_TEST

/* Without a serial number it may be the same one: the drive says. */
START_TEST(a_density_that_the_drive_refuses_is_left)
{
	struct held_state before;
	struct scsi_hold *hold;

	held_get_state(&before);
	served_port_instead(held_port,
	    &(struct served_instead){ .opcode = 0x8c,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20 },
		.sense_bytes = 18,
		.for_good = true });
	report_density(LTO8_DENSITY);
	hold = held_begin();
	change_drive_settings();
	exchange(1);
	end_by(_i, hold);
	ck_drive_settings(&before);
	ck_noticed("not restored: density 5Ch, was 5Eh: the drive refuses it "
		   "with this cartridge (MODE SELECT: Illegal Request");
}
END_TEST

/* Only a refusal is left: after another error the record stays. */
START_TEST(a_density_that_cannot_be_set_keeps_its_record)
{
	struct scsi_hold *hold;
	char path[512];

	report_density(LTO8_DENSITY);
	hold = held_begin();
	for (unsigned i = 0; i < 2; i++)
		served_port_check(held_port, 0x55, false,
		    &(struct served_sense){
			.key = 4, .asc = 0x44, .information = -1 });
	ck_assert(!scsi_hold_end(hold, held_err, sizeof held_err));
	ck_assert_ptr_nonnull(strstr(held_err, "cannot be set: MODE SELECT"));
	ck_assert_uint_eq(held_records(path), 1);
}
END_TEST

/* A drive that was empty had the density of no cartridge. */
START_TEST(the_density_of_an_empty_drive_is_left)
{
	struct held_state before;
	struct scsi_hold *hold;

	held_get_state(&before);
	served_library_take(held_library, 0);
	report_density(LTO8_DENSITY);
	hold = held_begin();
	change_drive_settings();
	served_library_load(held_library, 0, 1);
	end_by(_i, hold);
	ck_drive_settings(&before);
	ck_not_noticed("not restored");
}
END_TEST

START_TEST(a_drive_that_is_empty_now_gets_no_density)
{
	struct scsi_settings now;
	struct scsi_hold *hold = held_begin();

	change_drive_settings();
	served_library_take(held_library, 0);
	scsi_settings_read(&held_unit, &now);
	end_by(_i, hold);
	ck_not_noticed("not restored");
	ck_assert_uint_ne(now.density, LTO7_DENSITY);
	served_library_load(held_library, 0, 1);
	scsi_settings_read(&held_other, &now);
	ck_assert_uint_eq(now.density, LTO7_DENSITY);
	ck_assert_uint_eq(now.block_bytes, 0);
}
END_TEST

static void be_not_ready(uint8_t asc, uint8_t ascq)
{
	static const int opcodes[] = { 0x00, 0x34 }; /* it has no position */

	held_options.ready_wait_ns = 1000000000;
	for (size_t i = 0; i < sizeof opcodes / sizeof *opcodes; i++)
		served_port_instead(held_port,
		    &(struct served_instead){ .opcode = opcodes[i],
			.outcome = SCSI_ANSWERED,
			.status = SCSI_CHECK_CONDITION,
			.sense = { 0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc,
			    ascq },
			.sense_bytes = 18,
			.for_good = true });
}

static const struct unready {
	uint8_t asc, ascq;
	const char *why; /* NULL: no notice */
} unready[] = {
	{ 0x04, 0x01, "the drive does not become ready" },
	{ 0x04, 0x02, "the cartridge in the drive is not loaded" },
	{ 0x3a, 0x04, "the cartridge in the drive is not loaded" },
	{ 0x04, 0x03, "the drive has failed" },
	{ 0x3a, 0x00, NULL },
};

enum { UNREADY = sizeof unready / sizeof *unready };

/*
 * Expected: a notice says what is not restored, as with another cartridge.
 * Bug: a drive that was not ready counted as empty, and there was none.
 */
START_TEST(the_partition_of_a_drive_that_is_not_ready_is_noticed)
{
	const struct unready *u = &unready[_i];
	struct scsi_hold *hold;
	char text[160];

	held_make_partitions();
	held_go_to(1);
	hold = held_begin();
	be_not_ready(u->asc, u->ascq);
	end_by(RELEASED, hold);
	snprintf(text, sizeof text, "not restored: partition 0, was 1: %s",
	    u->why != NULL ? u->why : "");
	if (u->why != NULL)
		ck_noticed(text);
	else
		ck_not_noticed("not restored");
}
END_TEST

START_TEST(the_density_of_a_drive_that_is_not_ready_is_noticed)
{
	struct scsi_hold *hold;

	report_density(LTO8_DENSITY);
	hold = held_begin();
	be_not_ready(unready[_i].asc, unready[_i].ascq);
	end_by(RELEASED, hold);
	if (unready[_i].why != NULL)
		ck_noticed("not restored: density 5Ch, was 5Eh: ");
	else
		ck_not_noticed("not restored");
}
END_TEST

/* Settings that no run changed are not mentioned. */
START_TEST(a_drive_that_is_not_ready_and_unchanged_gets_no_notice)
{
	struct scsi_hold *hold = held_begin();

	be_not_ready(unready[_i].asc, unready[_i].ascq);
	end_by(RELEASED, hold);
	ck_not_noticed("not restored");
}
END_TEST

START_TEST(the_partition_of_another_cartridge_is_left)
{
	struct scsi_settings now;
	struct scsi_hold *hold;

	held_make_partitions();
	held_go_to(1);
	hold = held_begin();
	exchange(1);
	end_by(_i, hold);
	ck_noticed("not restored: partition 0, was 1: the drive has another "
		   "cartridge than at the start");
	scsi_settings_read(&held_other, &now);
	ck_assert_uint_eq(now.partition, 0);
}
END_TEST

/* The same cartridge was formatted again. */
START_TEST(a_partition_that_does_not_exist_any_more_is_left)
{
	const struct scsi_command format = {
		.cdb = { 0x04, 0, 0 }, .cdb_bytes = 6, .name = "FORMAT MEDIUM"
	};
	struct scsi_hold *hold;

	held_make_partitions();
	held_go_to(1);
	hold = held_begin();
	held_go_to(0);
	ck_assert(scsi_send(&held_unit, &format));
	end_by(_i, hold);
	ck_noticed("not restored: partition 0, was 1: the drive refuses it "
		   "with this cartridge (LOCATE: Illegal Request");
}
END_TEST

/* Another cartridge that has the partition, too, stays where it is. */
START_TEST(the_same_partition_of_another_cartridge_is_not_selected)
{
	struct scsi_settings now;
	struct scsi_hold *hold;

	held_make_partitions();
	exchange(1);
	held_make_partitions();
	held_go_to(1);
	hold = held_begin();
	exchange(0);
	end_by(_i, hold);
	scsi_settings_read(&held_other, &now);
	ck_assert_uint_eq(now.partition, 0);
}
END_TEST

/* The same cartridge came back meanwhile: all is restored. */
START_TEST(the_partition_of_a_cartridge_that_came_back_is_selected)
{
	struct scsi_settings now;
	struct scsi_hold *hold;

	held_make_partitions();
	held_go_to(1);
	hold = held_begin();
	exchange(1);
	exchange(0);
	end_by(_i, hold);
	scsi_settings_read(&held_other, &now);
	ck_assert_uint_eq(now.partition, 1);
	ck_not_noticed("not restored");
}
END_TEST

/* As a version that did not write the cartridge has left it. */
static void make_record_old(void)
{
	held_change_record("cartridge", NULL);
	held_change_record("loaded", NULL);
}

/*
 * Expected: the record of an older version, which does not name the cartridge,
 * restores all, as where the drive does not report a serial number.
 * Bug: it counted as damaged, and the settings stayed.
 */
START_TEST(a_record_that_does_not_name_the_cartridge_restores_all)
{
	struct held_state before;
	struct scsi_hold *hold;

	held_make_partitions();
	held_go_to(1);
	held_get_state(&before);
	hold = held_begin();
	held_change_all();
	held_go_to(0);
	make_record_old();
	end_by(_i, hold);
	ck_not_noticed("damaged");
	held_is_as_before(&before);
}
END_TEST

/* The drive had no cartridge, so it had the density of none. */
START_TEST(an_old_record_of_an_empty_drive_restores_no_density)
{
	struct held_state before;
	struct scsi_hold *hold;

	held_get_state(&before);
	served_library_take(held_library, 0);
	report_density(LTO8_DENSITY);
	hold = held_begin();
	change_drive_settings();
	make_record_old();
	served_library_load(held_library, 0, 1);
	end_by(_i, hold);
	ck_drive_settings(&before);
	ck_not_noticed("not restored");
	ck_not_noticed("damaged");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hold_cartridge");
	TCase *lto8 = tcase_create("partition");
	TCase *lto7 = tcase_create("density");

	tcase_add_checked_fixture(lto7, set_up_lto7, held_teardown);
	tcase_add_loop_test(lto7, the_density_of_another_cartridge_is_left, 0,
	    ENDINGS);
	tcase_add_loop_test(lto7, a_density_that_the_drive_refuses_is_left, 0,
	    ENDINGS);
	tcase_add_test(lto7, a_density_that_cannot_be_set_keeps_its_record);
	tcase_add_loop_test(lto7, the_density_of_an_empty_drive_is_left, 0,
	    ENDINGS);
	tcase_add_loop_test(lto7, a_drive_that_is_empty_now_gets_no_density, 0,
	    ENDINGS);
	tcase_add_loop_test(lto7,
	    the_density_of_a_drive_that_is_not_ready_is_noticed, 0, UNREADY);
	tcase_add_loop_test(lto7,
	    an_old_record_of_an_empty_drive_restores_no_density, RELEASED,
	    ENDINGS);
	suite_add_tcase(suite, lto7);
	tcase_add_checked_fixture(lto8, held_setup, held_teardown);
	tcase_add_loop_test(lto8, the_partition_of_another_cartridge_is_left, 0,
	    ENDINGS);
	tcase_add_loop_test(lto8,
	    a_partition_that_does_not_exist_any_more_is_left, 0, ENDINGS);
	tcase_add_loop_test(lto8,
	    the_same_partition_of_another_cartridge_is_not_selected, 0,
	    ENDINGS);
	tcase_add_loop_test(lto8,
	    the_partition_of_a_cartridge_that_came_back_is_selected, 0,
	    ENDINGS);
	tcase_add_loop_test(lto8,
	    the_partition_of_a_drive_that_is_not_ready_is_noticed, 0, UNREADY);
	tcase_add_loop_test(lto8,
	    a_drive_that_is_not_ready_and_unchanged_gets_no_notice, 0, UNREADY);
	tcase_add_loop_test(lto8,
	    a_record_that_does_not_name_the_cartridge_restores_all, RELEASED,
	    ENDINGS);
	suite_add_tcase(suite, lto8);
	return run_suite(suite);
}
