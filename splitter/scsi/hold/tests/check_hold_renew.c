/* check_hold_renew.c: a reservation that was lost is made again. */
#include <check.h>
#include <string.h>

#include "splitter/scsi/hold/tests/hold_stage.h"
#include "splitter/tests/run_suite.h"

static bool renew(struct scsi_hold *hold)
{
	held_notices[0] = '\0';
	return scsi_hold_renew(hold, held_err, sizeof held_err);
}

static uint64_t own_key(void)
{
	struct scsi_persistent p;

	ck_assert(scsi_send_persistent_read(&held_unit, &p));
	ck_assert_uint_eq(p.count, 1);
	return p.registrants[0].key;
}

START_TEST(a_reservation_that_stands_stays)
{
	struct scsi_hold *hold = held_begin();
	struct scsi_persistent before, after;

	ck_assert(scsi_send_persistent_read(&held_other, &before));
	ck_assert(renew(hold));
	ck_assert(scsi_send_persistent_read(&held_other, &after));
	ck_assert_uint_eq(before.generation, after.generation);
	ck_assert_str_eq(held_notices, "");
	held_end(hold);
}
END_TEST

/* 0: the registration is lost, too; 1: the reservation alone. */
START_TEST(a_lost_reservation_is_made_again)
{
	struct scsi_hold *hold = held_begin();
	const uint64_t key = own_key();

	ck_assert(_i == 0 ? scsi_send_persistent_out(&held_unit,
				SCSI_PERSISTENT_REGISTER, key, 0)
			  : scsi_send_persistent_out(&held_unit,
				SCSI_PERSISTENT_RELEASE, key, 0));
	ck_assert(held_other_writes());
	ck_assert_msg(renew(hold), "%s", held_err);
	ck_assert_msg(strstr(held_notices, "is reserved again") != NULL, "%s",
	    held_notices);
	held_cannot_write();
	ck_assert_uint_eq(own_key(), key);
	held_end(hold);
	ck_assert(held_other_writes());
}
END_TEST

/* Nothing is pre-empted, and no registration of this run stays. */
START_TEST(a_reservation_of_another_is_refused)
{
	struct scsi_hold *hold = held_begin();
	struct scsi_persistent p;

	ck_assert(scsi_send_persistent_out(&held_unit, SCSI_PERSISTENT_REGISTER,
	    own_key(), 0));
	ck_assert(scsi_send_persistent_out(&held_other,
	    SCSI_PERSISTENT_REGISTER, 0, 0x77));
	ck_assert(scsi_send_persistent_out(&held_other, SCSI_PERSISTENT_RESERVE,
	    0x77, 0));
	ck_assert(!renew(hold));
	ck_assert_msg(strstr(held_err,
			  "the drive is reserved (exclusive access), key "
			  "0000000000000077") != NULL,
	    "%s", held_err);
	ck_assert(scsi_send_persistent_read(&held_other, &p));
	ck_assert_uint_eq(p.count, 1);
	ck_assert(held_other_writes());
	scsi_hold_end(hold, held_err, sizeof held_err);
}
END_TEST

/* The drive lost its reservation, and another run was faster. */
START_TEST(another_run_of_this_host_is_named_as_such)
{
	struct scsi_hold *hold = held_begin();
	const uint64_t key = own_key(), later = key + 1;

	ck_assert(scsi_send_persistent_out(&held_unit, SCSI_PERSISTENT_REGISTER,
	    key, 0));
	ck_assert(scsi_send_persistent_out(&held_other,
	    SCSI_PERSISTENT_REGISTER, 0, later));
	ck_assert(scsi_send_persistent_out(&held_other, SCSI_PERSISTENT_RESERVE,
	    later, 0));
	ck_assert(!renew(hold));
	ck_assert_msg(strstr(held_err, " of tapelab on this host, by iqn.") !=
		NULL,
	    "%s", held_err);
	scsi_hold_end(hold, held_err, sizeof held_err);
}
END_TEST

START_TEST(another_that_uses_reserve_is_refused)
{
	struct scsi_hold *hold = held_begin();

	ck_assert(scsi_send_persistent_out(&held_unit, SCSI_PERSISTENT_REGISTER,
	    own_key(), 0));
	ck_assert(scsi_send_reserve(&held_other));
	ck_assert(!renew(hold));
	ck_assert_msg(strstr(held_err,
			  "with RESERVE; the drive does not say "
			  "which") != NULL,
	    "%s", held_err);
	ck_assert(held_other_writes());
	scsi_hold_end(hold, held_err, sizeof held_err);
}
END_TEST

/* A reset ends a RESERVE. */
START_TEST(a_reset_ends_no_reserve_for_long)
{
	struct scsi_hold *hold;

	held_without_persistent(held_port);
	hold = held_begin();
	ck_assert_int_eq(scsi_hold_reserved(hold), SCSI_RESERVED_SPC2);
	served_library_reset(held_library, 1);
	ck_assert(held_other_writes());
	ck_assert_msg(renew(hold), "%s", held_err);
	held_cannot_write();
	served_library_reset(held_library, 1);
	ck_assert(scsi_send_reserve(&held_other));
	ck_assert(!renew(hold));
	ck_assert_msg(strstr(held_err,
			  "with RESERVE; the drive does not say "
			  "which") != NULL,
	    "%s", held_err);
	ck_assert(held_other_writes());
	scsi_hold_end(hold, held_err, sizeof held_err);
}
END_TEST

START_TEST(a_drive_that_cannot_be_reserved_is_not_asked)
{
	struct scsi_hold *hold;
	unsigned sent;

	held_without_persistent(held_port);
	served_port_check(held_port, 0x16, false,
	    &(struct served_sense){ .key = 5, .asc = 0x20, .information = -1 });
	hold = held_begin();
	sent = served_port_count(held_port, -1);
	ck_assert(renew(hold));
	ck_assert_uint_eq(served_port_count(held_port, -1), sent);
	held_end(hold);
}
END_TEST

/* A drive that does not answer is no drive that is reserved. */
START_TEST(no_answer_is_a_failure)
{
	struct scsi_hold *hold = held_begin();

	served_port_check(held_port, 0x5e, false,
	    &(struct served_sense){ .key = 4, .asc = 0x44, .information = -1 });
	ck_assert(!renew(hold));
	ck_assert_msg(strstr(held_err, "PERSISTENT RESERVE IN") != NULL, "%s",
	    held_err);
	held_end(hold);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hold_renew");
	TCase *t = tcase_create("hold_renew");

	tcase_add_checked_fixture(t, held_setup, held_teardown);
	tcase_add_test(t, a_reservation_that_stands_stays);
	tcase_add_loop_test(t, a_lost_reservation_is_made_again, 0, 2);
	tcase_add_test(t, a_reservation_of_another_is_refused);
	tcase_add_test(t, another_run_of_this_host_is_named_as_such);
	tcase_add_test(t, another_that_uses_reserve_is_refused);
	tcase_add_test(t, a_reset_ends_no_reserve_for_long);
	tcase_add_test(t, a_drive_that_cannot_be_reserved_is_not_asked);
	tcase_add_test(t, no_answer_is_a_failure);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
