/*
 * check_mover.c: which cartridges are moved, and where to; what happens when a
 * changer fails, lies, or has another user.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/changer/mover.h"
#include "splitter/changer/tests/shelf.h"
#include "splitter/tests/run_suite.h"

static struct shelf shelf;
static struct mover *mover;
static char err[TAPE_MESSAGE_BYTES];

static void begin(const char *const *names, size_t count)
{
	mover = mover_new(&shelf.changer, names, count, err, sizeof err);
	ck_assert_msg(mover != NULL, "%s", err);
}

static void set_up(void)
{
	static const char *const names[] = { "A00001L8", "A00002L8",
		"CLN001CU" };

	shelf_make(&shelf);
	begin(names, 3);
}

static void tear_down(void)
{
	mover_free(mover);
	shelf_free(&shelf);
}

static void loads(const char *barcode)
{
	ck_assert_msg(mover_load(mover, SHELF_DRIVE, barcode, err,
			  sizeof err) == 0,
	    "%s", err);
}

/* Fails with a message that has these words. */
static void refuses(const char *barcode, const char *words)
{
	ck_assert_int_eq(mover_load(mover, SHELF_DRIVE, barcode, err,
			     sizeof err),
	    -1);
	ck_assert_msg(strstr(err, words) != NULL, "%s", err);
}

static void log_is(const char *text)
{
	ck_assert_str_eq(shelf.log, text);
}

START_TEST(the_one_before_goes_back_to_its_slot)
{
	loads("A00001L8");
	loads("A00002L8");
	ck_assert_int_eq(mover_put_away(mover, SHELF_DRIVE, err, sizeof err),
	    0);
	log_is("1024>256 256>1024 1025>256 256>1025");
	ck_assert_uint_eq(mover_each_away(mover, NULL, NULL), 0);
}
END_TEST

START_TEST(a_cartridge_that_is_loaded_again_goes_through_its_slot)
{
	loads("A00001L8");
	loads("A00001L8");
	log_is("1024>256 256>1024 1024>256");
}
END_TEST

START_TEST(cartridges_that_are_not_named_are_not_moved)
{
	refuses("A00003L8", "not one of those named with --volume");
	shelf_put(&shelf, SHELF_DRIVE, "A00003L8");
	shelf_put(&shelf, SHELF_SLOT + 4, "");
	shelf_at(&shelf, SHELF_DRIVE)->has_source = true;
	shelf_at(&shelf, SHELF_DRIVE)->source = SHELF_SLOT + 4;
	mover_free(mover);
	begin((const char *const[]){ "A00001L8" }, 1);
	refuses("A00001L8", "A00003L8 in drive 0 (element 256) is not moved");
	log_is("");
}
END_TEST

static const struct {
	const char *barcode;
	uint8_t medium;
	const char *says;
} not_for_data[] = {
	{ "CLN002CU", MEDIUM_UNKNOWN, "a cleaning cartridge" },
	{ "CLN123L1", MEDIUM_UNKNOWN, "a cleaning cartridge" },
	{ "A00009CU", MEDIUM_UNKNOWN, "a cleaning cartridge" },
	{ "A00009L8", MEDIUM_CLEANING, "a cleaning cartridge" },
	{ "DG 001L8", MEDIUM_UNKNOWN, "a diagnostic cartridge" },
	{ "A00009L8", MEDIUM_DIAGNOSTIC, "a diagnostic cartridge" },
	{ "A00009L8", MEDIUM_MICROCODE, "firmware" },
};

START_TEST(cartridges_that_are_not_for_data_are_not_moved)
{
	mover_free(mover);
	shelf_put(&shelf, SHELF_SLOT, not_for_data[_i].barcode);
	shelf_at(&shelf, SHELF_SLOT)->medium = not_for_data[_i].medium;
	begin(&not_for_data[_i].barcode, 1);
	refuses(not_for_data[_i].barcode, not_for_data[_i].says);
	log_is("");
}
END_TEST

START_TEST(a_cartridge_in_an_import_export_slot_stays_there)
{
	mover_free(mover);
	shelf_put(&shelf, SHELF_SLOT, "");
	shelf_put(&shelf, SHELF_IE, "A00001L8");
	begin((const char *const[]){ "A00001L8" }, 1);
	refuses("A00001L8", "import/export slot 6 (element 16)");
	log_is("");
}
END_TEST

/* The drive holds A00001L8, which the changer says came from `source`. */
static void left_in_drive(unsigned source)
{
	mover_free(mover);
	shelf_put(&shelf, SHELF_SLOT, "");
	shelf_put(&shelf, SHELF_DRIVE, "A00001L8");
	shelf_at(&shelf, SHELF_DRIVE)->has_source = source != 0;
	shelf_at(&shelf, SHELF_DRIVE)->source = source;
	begin((const char *const[]){ "A00001L8", "A00002L8" }, 2);
}

static char away[256];

static void note_away(void *arg, const char *barcode, const char *where)
{
	(void)arg;
	snprintf(away + strlen(away), sizeof away - strlen(away), "%s %s;",
	    barcode, where);
}

START_TEST(what_a_killed_run_left_goes_back_to_its_source)
{
	left_in_drive(SHELF_SLOT);
	away[0] = '\0';
	ck_assert_uint_eq(mover_each_away(mover, note_away, NULL), 1);
	ck_assert_str_eq(away,
	    "A00001L8 in drive 0 (element 256), and belongs in slot 1 "
	    "(element 1024);");
	loads("A00002L8");
	log_is("256>1024 1025>256");
}
END_TEST

static const struct {
	unsigned source;
	const char *says;
} no_way_home[] = {
	{ 0, "does not report from which slot it came" },
	{ 4711, "does not report from which slot it came" },
	{ SHELF_DRIVE + 1, "does not report from which slot it came" },
	{ SHELF_IE, "nothing is moved into an import/export slot" },
	{ SHELF_SLOT + 1,
	    "slot 2 (element 1025), from which it came, is not "
	    "empty" },
};

START_TEST(a_cartridge_goes_into_no_slot_but_its_own_if_it_is_empty)
{
	left_in_drive(no_way_home[_i].source);
	ck_assert_int_eq(mover_put_away(mover, SHELF_DRIVE, err, sizeof err),
	    -1);
	ck_assert_msg(strstr(err, no_way_home[_i].says) != NULL, "%s", err);
	log_is("");
}
END_TEST

START_TEST(a_slot_that_was_filled_meanwhile_is_another_hand)
{
	loads("A00001L8");
	shelf_put(&shelf, SHELF_SLOT, "A00009L8");
	refuses("A00002L8",
	    "slot 1 (element 1024): nothing was expected, and "
	    "A00009L8 was found");
	refuses("A00002L8", "nothing is moved any more");
	log_is("1024>256");
}
END_TEST

START_TEST(a_change_by_another_hand_ends_the_moves)
{
	shelf_put(&shelf, SHELF_SLOT + 4, "");
	shelf_put(&shelf, SHELF_DRIVE + 1, "A00003L8");
	refuses("A00001L8", "another program or person has changed");
	ck_assert_int_eq(mover_put_away(mover, SHELF_DRIVE, err, sizeof err),
	    -1);
	log_is("");
}
END_TEST

START_TEST(a_move_that_failed_changed_nothing)
{
	shelf.next[0] = SHELF_FAILS;
	refuses("A00001L8",
	    "cannot be moved from slot 1 (element 1024) to "
	    "drive 0 (element 256): the hand is stuck");
	ck_assert_uint_eq(mover_each_away(mover, NULL, NULL), 0);
	loads("A00002L8");
	log_is("1024>256 1025>256");
}
END_TEST

START_TEST(a_move_without_answer_is_not_sent_again)
{
	shelf.next[0] = SHELF_MOVES_AND_FAILS;
	loads("A00001L8");
	log_is("1024>256");
}
END_TEST

START_TEST(a_unit_attention_instead_of_a_move_is_not_the_end)
{
	shelf.next[0] = shelf.next[1] = SHELF_ATTENTION;
	loads("A00001L8");
	log_is("1024>256 1024>256 1024>256");
}
END_TEST

START_TEST(unit_attentions_without_end_are_an_error)
{
	for (int i = 0; i < 4; i++)
		shelf.next[i] = SHELF_ATTENTION;
	refuses("A00001L8", "the hand is stuck");
	log_is("1024>256 1024>256 1024>256");
}
END_TEST

static void take_third(struct shelf *s)
{
	shelf_put(s, SHELF_SLOT + 4, "");
}

START_TEST(another_hand_during_a_move_ends_the_moves)
{
	shelf.next[0] = SHELF_ATTENTION;
	shelf.before_move = take_third;
	refuses("A00001L8", "the inventory is not as it must be");
	log_is("1024>256");
}
END_TEST

START_TEST(the_wrong_cartridge_ends_the_moves)
{
	shelf.next[0] = SHELF_BRINGS_OTHER;
	refuses("A00001L8", "the inventory is not as it must be");
	refuses("A00001L8", "nothing is moved any more");
	log_is("1024>256");
}
END_TEST

START_TEST(a_move_that_only_seems_good_ends_the_moves)
{
	shelf.next[0] = SHELF_LIES;
	refuses("A00001L8", "nothing has changed");
	refuses("A00001L8", "nothing is moved any more");
}
END_TEST

static void go_blind(struct shelf *s)
{
	s->fails = true;
}

START_TEST(an_inventory_that_cannot_be_read_after_a_move_ends_the_moves)
{
	shelf.before_move = go_blind;
	refuses("A00001L8", "the inventory cannot be read");
	shelf.fails = false;
	refuses("A00001L8", "nothing is moved any more");
	log_is("1024>256");
}
END_TEST

START_TEST(a_cartridge_whose_label_became_unreadable_is_not_written)
{
	loads("A00001L8");
	shelf_at(&shelf, SHELF_DRIVE)->barcode[0] = '\0';
	refuses("A00002L8", "a cartridge without barcode was found");
}
END_TEST

START_TEST(two_cartridges_with_one_barcode_are_not_moved)
{
	mover_free(mover);
	shelf_put(&shelf, SHELF_SLOT + 4, "A00001L8");
	begin((const char *const[]){ "A00001L8" }, 1);
	refuses("A00001L8", "two cartridges have the barcode A00001L8");
	log_is("");
}
END_TEST

static void break_drive(struct element *drive, struct element *slot)
{
	(void)slot;
	drive->exception = true;
	drive->asc = 0x83;
}

static void disable_drive(struct element *drive, struct element *slot)
{
	(void)slot;
	drive->disabled = true;
}

static void break_slot(struct element *drive, struct element *slot)
{
	(void)drive;
	slot->exception = true;
}

START_TEST(elements_that_are_not_as_usual_are_not_used)
{
	static void (*const ways[])(struct element *,
	    struct element *) = { break_drive, disable_drive, break_slot };

	ways[_i](shelf_at(&shelf, SHELF_DRIVE), shelf_at(&shelf, SHELF_SLOT));
	refuses("A00001L8", "the changer reports that");
	log_is("");
}
END_TEST

START_TEST(a_cartridge_that_vanished_is_listed)
{
	loads("A00001L8");
	shelf_put(&shelf, SHELF_DRIVE, "");
	ck_assert_int_eq(mover_check(mover, err, sizeof err), -1);
	away[0] = '\0';
	ck_assert_uint_eq(mover_each_away(mover, note_away, NULL), 1);
	ck_assert_str_eq(away,
	    "A00001L8 in no element, and belongs in slot 1 (element 1024);");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("mover");
	TCase *tcase = tcase_create("mover");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, the_one_before_goes_back_to_its_slot);
	tcase_add_test(tcase,
	    a_cartridge_that_is_loaded_again_goes_through_its_slot);
	tcase_add_test(tcase, cartridges_that_are_not_named_are_not_moved);
	tcase_add_loop_test(tcase,
	    cartridges_that_are_not_for_data_are_not_moved, 0,
	    sizeof not_for_data / sizeof not_for_data[0]);
	tcase_add_test(tcase, a_cartridge_in_an_import_export_slot_stays_there);
	tcase_add_test(tcase, what_a_killed_run_left_goes_back_to_its_source);
	tcase_add_loop_test(tcase,
	    a_cartridge_goes_into_no_slot_but_its_own_if_it_is_empty, 0,
	    sizeof no_way_home / sizeof no_way_home[0]);
	tcase_add_test(tcase, a_slot_that_was_filled_meanwhile_is_another_hand);
	tcase_add_test(tcase, a_change_by_another_hand_ends_the_moves);
	tcase_add_test(tcase, a_move_that_failed_changed_nothing);
	tcase_add_test(tcase, a_move_without_answer_is_not_sent_again);
	tcase_add_test(tcase,
	    a_unit_attention_instead_of_a_move_is_not_the_end);
	tcase_add_test(tcase, unit_attentions_without_end_are_an_error);
	tcase_add_test(tcase, another_hand_during_a_move_ends_the_moves);
	tcase_add_test(tcase, the_wrong_cartridge_ends_the_moves);
	tcase_add_test(tcase, a_move_that_only_seems_good_ends_the_moves);
	tcase_add_test(tcase,
	    an_inventory_that_cannot_be_read_after_a_move_ends_the_moves);
	tcase_add_test(tcase,
	    a_cartridge_whose_label_became_unreadable_is_not_written);
	tcase_add_test(tcase, two_cartridges_with_one_barcode_are_not_moved);
	tcase_add_loop_test(tcase, elements_that_are_not_as_usual_are_not_used,
	    0, 3);
	tcase_add_test(tcase, a_cartridge_that_vanished_is_listed);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
