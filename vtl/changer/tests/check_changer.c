/*
 * check_changer.c: lists the elements of a library, tries moves that are
 * allowed and moves that are refused, and makes the robot fail.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/changer/changer.h"
#include "vtl/changer/tests/changer_fixture.h"
#include "vtl/tests/vtl_scratch.h"

static char message[VOLUME_MESSAGE_BYTES];

static enum changer_status take(struct changer *c, unsigned after,
    struct changer_acquired *taken)
{
	const struct changer_request want = { .after = after, .drive = -1 };

	return changer_acquire(c, &want, taken);
}

static enum changer_status take_named(struct changer *c, const char *barcode,
    bool reading, struct changer_acquired *taken)
{
	const struct changer_request want = {
		.barcode = barcode, .drive = -1, .reading = reading
	};

	return changer_acquire(c, &want, taken);
}

START_TEST(elements_are_listed_by_address)
{
	static const struct {
		unsigned address;
		enum changer_kind kind;
		unsigned number;
		const char *barcode;
	} rows[] = {
		{ 1, CHANGER_KIND_ROBOT, 0, "" },
		{ 16, CHANGER_KIND_IE, 1, "" },
		{ 256, CHANGER_KIND_DRIVE, 0, "" },
		{ 257, CHANGER_KIND_DRIVE, 1, "" },
		{ 1024, CHANGER_KIND_SLOT, 1, "A00001L8" },
		{ 1025, CHANGER_KIND_SLOT, 2, "A00002L7" },
		{ 1026, CHANGER_KIND_SLOT, 3, "CLN001CU" },
		{ 1027, CHANGER_KIND_SLOT, 4, "" },
	};
	struct changer *c = changer_fixture();
	struct changer_element *e;
	size_t n;

	ck_assert_int_eq(changer_list(c, &e, &n), CHANGER_OK);
	ck_assert_uint_eq(n, sizeof rows / sizeof rows[0]);
	for (size_t i = 0; i < n; i++) {
		ck_assert_uint_eq(e[i].address, rows[i].address);
		ck_assert_int_eq(e[i].kind, rows[i].kind);
		ck_assert_uint_eq(e[i].number, rows[i].number);
		ck_assert_str_eq(e[i].barcode, rows[i].barcode);
		ck_assert_int_eq(e[i].full, rows[i].barcode[0] != '\0');
		ck_assert_int_eq(e[i].cleaning, rows[i].number == 3);
	}
	ck_assert_ptr_eq(e[3].model, model_find("lto7"));
	free(e);
	changer_close(c);
}
END_TEST

START_TEST(a_cartridge_is_moved_to_a_drive_that_can_write_it)
{
	struct changer *c = changer_fixture();
	struct changer_acquired taken;
	unsigned moves;

	/*
	 * LTO-7 is taken first and fits either drive; LTO-8 fits only drive 0.
	 */
	ck_assert_int_eq(take(c, 1, &taken), CHANGER_OK);
	ck_assert_str_eq(taken.barcode, "A00002L7");
	ck_assert_uint_eq(taken.drive, 0);
	ck_assert_uint_eq(taken.slot, 2);
	ck_assert_str_eq(taken.file, "2.tape");
	free(taken.file);
	ck_assert_int_eq(take(c, 0, &taken), CHANGER_NO_DRIVE);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "no drive"));
	ck_assert_int_eq(changer_release(c, 0, &moves), CHANGER_OK);
	ck_assert_uint_eq(moves, 1);
	ck_assert_uint_eq(fixture_where(c, "A00002L7"), fixture_slot(2));
	ck_assert_int_eq(take(c, 0, &taken), CHANGER_OK);
	ck_assert_uint_eq(taken.drive, 0);
	free(taken.file);
	ck_assert_int_eq(take(c, 1, &taken), CHANGER_OK);
	ck_assert_uint_eq(taken.drive, 1);
	free(taken.file);
	changer_close(c);
}
END_TEST

START_TEST(a_cartridge_that_no_drive_takes_is_incompatible)
{
	struct changer *c = changer_fixture();
	struct changer_acquired taken;

	ck_assert_int_eq(fixture_put(c, fixture_slot(4), "A00005L5", "5"),
	    CHANGER_OK);
	ck_assert_int_eq(take(c, 3, &taken), CHANGER_INCOMPATIBLE);
	ck_assert_uint_eq(taken.slot, 4); /* the medium is skipped */
	ck_assert_ptr_null(taken.file);
	ck_assert_int_eq(take_named(c, "A00005L5", true, &taken), CHANGER_OK);
	ck_assert_uint_eq(taken.drive, 1); /* an LTO-7 drive reads LTO-5 */
	free(taken.file);
	changer_close(c);
}
END_TEST

START_TEST(an_explicit_type_overrides_the_barcode)
{
	const struct changer_cartridge l7 = { "A00005L5", "5", "L7" };
	struct changer *c = changer_fixture();
	struct changer_element *e;
	struct changer_acquired taken;
	size_t n;

	ck_assert_int_eq(changer_import(c, fixture_slot(4), &l7), CHANGER_OK);
	ck_assert_int_eq(changer_list(c, &e, &n), CHANGER_OK);
	ck_assert_str_eq(e[n - 1].medium, "L7");
	free(e);
	ck_assert_int_eq(changer_move(c, fixture_slot(4), fixture_drive(0)),
	    CHANGER_OK);
	ck_assert_int_eq(changer_move(c, fixture_drive(0), 0), CHANGER_OK);
	ck_assert_int_eq(take(c, 3, &taken), CHANGER_OK);
	ck_assert_str_eq(taken.barcode, "A00005L5");
	free(taken.file);
	changer_close(c);
}
END_TEST

START_TEST(cleaning_cartridges_are_not_loaded_as_volumes)
{
	struct changer *c = changer_fixture();
	struct changer_acquired taken;

	ck_assert_int_eq(take(c, 2, &taken), CHANGER_NO_VOLUME);
	ck_assert_int_eq(take_named(c, "CLN001CU", true, &taken),
	    CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "3/30/03"));
	ck_assert_int_eq(take_named(c, "NOBODY", true, &taken),
	    CHANGER_NO_VOLUME);
	changer_close(c);
}
END_TEST

/* Moves that are refused, and the reason for each. */
static const struct {
	unsigned from, to;
	enum changer_status status;
	enum changer_reason reason;
	const char *says;
} moves_refused[] = {
	{ 1027, 1024, CHANGER_REFUSED, CHANGER_REASON_SOURCE_EMPTY,
	    "slot 4 is empty" },
	{ 1024, 1025, CHANGER_REFUSED, CHANGER_REASON_DESTINATION_FULL,
	    "slot 2 is full: it holds A00002L7" },
	{ 1024, 1, CHANGER_REFUSED, CHANGER_REASON_WRONG_KIND,
	    "cannot be moved to or from the robot" },
	{ 1, 1024, CHANGER_REFUSED, CHANGER_REASON_WRONG_KIND,
	    "cannot be moved to or from the robot" },
	{ 1024, 1028, CHANGER_REFUSED, CHANGER_REASON_NO_ELEMENT,
	    "no such element" },
	{ 9999, 1024, CHANGER_REFUSED, CHANGER_REASON_NO_ELEMENT,
	    "no such element" },
	{ 257, 0, CHANGER_REFUSED, CHANGER_REASON_SOURCE_EMPTY,
	    "drive 1 is empty" },
	{ 1024, 257, CHANGER_INCOMPATIBLE, CHANGER_REASON_INCOMPATIBLE,
	    "3/30/00" },
};

START_TEST(a_refused_move_changes_nothing)
{
	struct changer *c = changer_fixture();

	ck_assert_int_eq(changer_move(c, moves_refused[_i].from,
			     moves_refused[_i].to),
	    moves_refused[_i].status);
	ck_assert_int_eq(changer_reason(c), moves_refused[_i].reason);
	ck_assert_msg(strstr(changer_message(c), moves_refused[_i].says) !=
		NULL,
	    "%s", changer_message(c));
	ck_assert_uint_eq(fixture_where(c, "A00001L8"), fixture_slot(1));
	ck_assert_uint_eq(fixture_where(c, "A00002L7"), fixture_slot(2));
	changer_close(c);
}
END_TEST

START_TEST(a_cartridge_whose_slot_is_full_goes_to_an_empty_one)
{
	struct changer *c = changer_fixture();

	ck_assert_int_eq(changer_move(c, fixture_slot(2), fixture_drive(1)),
	    CHANGER_OK);
	ck_assert_int_eq(changer_move(c, fixture_slot(1), fixture_slot(2)),
	    CHANGER_OK);
	ck_assert_int_eq(changer_move(c, fixture_drive(1), 0), CHANGER_OK);
	ck_assert_uint_eq(fixture_where(c, "A00002L7"), fixture_slot(1));
	/* If every slot is full, the cartridge stays in the drive. */
	ck_assert_int_eq(changer_move(c, fixture_slot(1), fixture_drive(1)),
	    CHANGER_OK);
	ck_assert_int_eq(fixture_put(c, fixture_slot(1), "B", "b"), CHANGER_OK);
	ck_assert_int_eq(fixture_put(c, fixture_slot(4), "C", "c"), CHANGER_OK);
	ck_assert_int_eq(changer_move(c, fixture_drive(1), 0), CHANGER_REFUSED);
	ck_assert_int_eq(changer_reason(c), CHANGER_REASON_SLOTS_FULL);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "every slot is"));
	ck_assert_uint_eq(fixture_where(c, "A00002L7"), fixture_drive(1));
	changer_close(c);
}
END_TEST

START_TEST(cartridges_are_imported_once_and_exported_by_slot)
{
	struct changer *c = changer_fixture();

	ck_assert_int_eq(fixture_put(c, fixture_slot(4), "A00001L8", "x"),
	    CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "already, in slot 1"));
	ck_assert_int_eq(fixture_put(c, fixture_slot(1), "NEW", "x"),
	    CHANGER_REFUSED);
	ck_assert_int_eq(changer_export(c, "A00001L8"), CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "import/export"));
	ck_assert_int_eq(changer_move(c, fixture_slot(1), CHANGER_IE_ADDRESS),
	    CHANGER_OK);
	ck_assert_int_eq(changer_export(c, "A00001L8"), CHANGER_OK);
	ck_assert_uint_eq(fixture_where(c, "A00001L8"), 0);
	ck_assert_int_eq(changer_export(c, "A00001L8"), CHANGER_REFUSED);
	changer_close(c);
}
END_TEST

/* Failures of the robot, each at the second move from slot to drive. */
static const struct {
	enum changer_fault_mode mode;
	enum changer_status status;
	enum changer_reason reason;
	const char *says;
	unsigned slot, moves; /* expected in `taken` */
} robot[] = {
	{ CHANGER_FAULT_STUCK, CHANGER_ROBOT_STUCK, CHANGER_REASON_ROBOT_STUCK,
	    "4/15/01", 0, 1 },
	{ CHANGER_FAULT_LOAD_FAILED, CHANGER_MOVE_FAILED,
	    CHANGER_REASON_LOAD_FAILED, "4/53/00", 2, 2 },
	{ CHANGER_FAULT_SOURCE_EMPTY, CHANGER_MOVE_FAILED,
	    CHANGER_REASON_FOUND_EMPTY, "5/3B/0E", 2, 2 },
};

START_TEST(the_robot_fails_at_the_named_move)
{
	const struct changer_fault fault = {
		.mode = robot[_i].mode, .nth = 2, .once = true
	};
	struct changer_fault *faults;
	struct changer *c = changer_fixture();
	struct changer_acquired taken;
	size_t n;

	ck_assert_int_eq(changer_add_fault(c, &fault), CHANGER_OK);
	ck_assert_int_eq(take(c, 0, &taken), CHANGER_OK);
	free(taken.file);
	ck_assert_int_eq(changer_list_faults(c, &faults, &n), CHANGER_OK);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(faults[0].mode, robot[_i].mode);
	ck_assert_uint_eq(faults[0].nth, 1);
	free(faults);
	ck_assert_int_eq(take(c, 1, &taken), robot[_i].status);
	ck_assert_int_eq(changer_reason(c), robot[_i].reason);
	ck_assert_ptr_nonnull(strstr(changer_message(c), robot[_i].says));
	ck_assert_uint_eq(taken.slot, robot[_i].slot);
	ck_assert_uint_eq(taken.moves, robot[_i].moves);
	ck_assert_uint_eq(fixture_where(c, "A00002L7"), fixture_slot(2));
	ck_assert_int_eq(take(c, 1, &taken), CHANGER_OK);
	free(taken.file);
	/* The fault is spent, and listed as such until it is removed. */
	ck_assert_int_eq(changer_list_faults(c, &faults, &n), CHANGER_OK);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(faults[0].id, 1);
	ck_assert_uint_eq(faults[0].strikes, 1);
	free(faults);
	ck_assert_int_eq(changer_remove_fault(c, 1), CHANGER_OK);
	ck_assert_int_eq(changer_remove_fault(c, 1), CHANGER_REFUSED);
	ck_assert_int_eq(changer_list_faults(c, &faults, &n), CHANGER_OK);
	ck_assert_uint_eq(n, 0);
	free(faults);
	changer_close(c);
}
END_TEST

START_TEST(a_wrong_cartridge_is_identified_by_its_number)
{
	const struct changer_fault fault = {
		.mode = CHANGER_FAULT_WRONG_CARTRIDGE, .nth = 1, .once = true
	};
	struct changer *c = changer_fixture();
	struct changer_acquired taken;
	unsigned moves;

	ck_assert_int_eq(changer_add_fault(c, &fault), CHANGER_OK);
	ck_assert_int_eq(take(c, 0, &taken), CHANGER_OK);
	ck_assert_str_eq(taken.barcode, "A00001L8");
	ck_assert_str_eq(taken.file, "2.tape");
	ck_assert_int_eq(taken.id, 2);
	free(taken.file);
	ck_assert_int_eq(changer_reason(c), CHANGER_REASON_WRONG_CARTRIDGE);
	ck_assert_uint_eq(fixture_where(c, "A00002L7"), fixture_drive(0));
	ck_assert_int_eq(changer_release(c, 0, &moves), CHANGER_OK);
	ck_assert_uint_eq(fixture_where(c, "A00002L7"), fixture_slot(2));
	changer_close(c);
}
END_TEST

START_TEST(a_permanent_fault_applies_until_it_is_removed)
{
	const struct changer_fault fault = { .mode = CHANGER_FAULT_STUCK,
		.nth = 1 };
	const struct changer_fault never = { .mode = CHANGER_FAULT_STUCK,
		.nth = UINT64_MAX };
	struct changer *c = changer_fixture();

	ck_assert_int_eq(changer_add_fault(c, &never), CHANGER_OK);
	ck_assert_int_eq(changer_move(c, fixture_slot(1), fixture_slot(4)),
	    CHANGER_OK);
	ck_assert_int_eq(changer_add_fault(c, &fault), CHANGER_OK);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(changer_move(c, fixture_slot(4),
				     fixture_slot(1)),
		    CHANGER_ROBOT_STUCK);
	ck_assert_int_eq(changer_clear_faults(c), CHANGER_OK);
	ck_assert_int_eq(changer_move(c, fixture_slot(4), fixture_slot(1)),
	    CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(an_unreadable_barcode_is_not_found)
{
	struct changer *c = changer_fixture();
	struct changer_acquired taken;

	ck_assert_int_eq(changer_make_unreadable(c, "A00001L8"), CHANGER_OK);
	ck_assert_int_eq(take_named(c, "A00001L8", false, &taken),
	    CHANGER_NO_VOLUME);
	ck_assert_int_eq(take(c, 0, &taken), CHANGER_OK);
	ck_assert_str_eq(taken.file, "1.tape");
	free(taken.file);
	ck_assert_int_eq(changer_make_unreadable(c, "NOBODY"), CHANGER_REFUSED);
	changer_close(c);
}
END_TEST

/* Invalid parameters of a new library. */
static const struct {
	size_t drives;
	unsigned slots, ie;
	const char *says;
} specs[] = {
	{ 0, 1, 0, "1 to 250 drives" },
	{ 251, 1, 0, "1 to 250 drives" },
	{ 1, 0, 0, "1 to 60000 slots" },
	{ 1, 60001, 0, "1 to 60000 slots" },
	{ 1, 1, 201, "200 import/export slots" },
};

START_TEST(an_invalid_library_is_not_created)
{
	const struct model *models[251];
	const struct changer_spec spec = { .drives = models,
		.drive_count = specs[_i].drives,
		.slot_count = specs[_i].slots,
		.ie_count = specs[_i].ie };

	for (size_t i = 0; i < 251; i++)
		models[i] = model_find("instant");
	ck_assert_int_eq(changer_create(scratch_path("lib"), &spec, false,
			     message),
	    -1);
	ck_assert_msg(strstr(message, specs[_i].says) != NULL, "%s", message);
	ck_assert_int_ne(access(scratch_path("lib"), F_OK), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("changer");
	TCase *t = tcase_create("changer");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, elements_are_listed_by_address);
	tcase_add_test(t, a_cartridge_is_moved_to_a_drive_that_can_write_it);
	tcase_add_test(t, a_cartridge_that_no_drive_takes_is_incompatible);
	tcase_add_test(t, an_explicit_type_overrides_the_barcode);
	tcase_add_test(t, cleaning_cartridges_are_not_loaded_as_volumes);
	tcase_add_loop_test(t, a_refused_move_changes_nothing, 0,
	    sizeof moves_refused / sizeof moves_refused[0]);
	tcase_add_test(t, a_cartridge_whose_slot_is_full_goes_to_an_empty_one);
	tcase_add_test(t, cartridges_are_imported_once_and_exported_by_slot);
	tcase_add_loop_test(t, the_robot_fails_at_the_named_move, 0,
	    sizeof robot / sizeof robot[0]);
	tcase_add_test(t, a_wrong_cartridge_is_identified_by_its_number);
	tcase_add_test(t, a_permanent_fault_applies_until_it_is_removed);
	tcase_add_test(t, an_unreadable_barcode_is_not_found);
	tcase_add_loop_test(t, an_invalid_library_is_not_created, 0,
	    sizeof specs / sizeof specs[0]);
	return run_suite(s);
}
