/* check_snapshot.c: snapshots, restores and clones of a library. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/files.h"
#include "vtl/changer/identity.h"
#include "vtl/changer/snapshot.h"
#include "vtl/changer/tests/snapshot_rig.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

static void note_loss(void *arg, const char *barcode, enum changer_loss loss)
{
	char *text = arg;

	sprintf(text + strlen(text), "%s%s ", barcode,
	    loss == CHANGER_LOSS_VOLUME ? "!" : "");
}

START_TEST(a_restore_makes_the_library_what_it_was)
{
	static char before[SNAPSHOT_TEXT], changed[SNAPSHOT_TEXT],
	    after[SNAPSHOT_TEXT];
	char losses[256] = "";
	struct changer *c = snapshot_open_library("lib");

	snapshot_expect(c, changer_compare_snapshot(c, "a", note_loss, losses),
	    CHANGER_OK);
	ck_assert_str_eq(losses, "");
	changer_close(c);
	snapshot_describe("lib", before, SNAPSHOT_TEXT);
	snapshot_change();
	snapshot_describe("lib", changed, SNAPSHOT_TEXT);
	ck_assert_str_ne(before, changed);
	c = snapshot_open_library("lib");
	snapshot_expect(c, changer_compare_snapshot(c, "a", note_loss, losses),
	    CHANGER_OK);
	ck_assert_str_eq(losses, "NEW001L8! VTA002L8 ");
	/* A snapshot can be restored again and again. */
	for (int i = 0; i < 2; i++) {
		snapshot_expect(c, changer_restore_snapshot(c, "a", i == 1),
		    CHANGER_OK);
		snapshot_describe("lib", after, SNAPSHOT_TEXT);
		ck_assert_str_eq(before, after);
		ck_assert_int_ne(access(scratch_path("lib/NEW001L8.tape"),
				     F_OK),
		    0);
		ck_assert_int_ne(access(scratch_path("lib/restore.pending"),
				     F_OK),
		    0);
		ck_assert_int_ne(access(scratch_path("lib/restore.done"), F_OK),
		    0);
	}
	losses[0] = '\0';
	snapshot_expect(c, changer_compare_snapshot(c, "a", note_loss, losses),
	    CHANGER_OK);
	ck_assert_str_eq(losses, "");
	/* The library works as before. */
	snapshot_expect(c,
	    changer_move(c, CHANGER_SLOT_ADDRESS, CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(snapshots_are_listed_and_removed)
{
	struct changer *c = snapshot_open_library("lib");
	struct changer_snapshot *list;
	size_t count;

	snapshot_expect(c, changer_take_snapshot(c, "b.1", true), CHANGER_OK);
	snapshot_expect(c, changer_list_snapshots(c, &list, &count),
	    CHANGER_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(list[0].name, "a");
	ck_assert_str_eq(list[1].name, "b.1");
	ck_assert_uint_eq(list[1].volumes, ON_DISK_VOLUMES);
	ck_assert_int_gt(list[1].time_s, 0);
	free(list);
	snapshot_expect(c, changer_remove_snapshot(c, "a"), CHANGER_OK);
	snapshot_expect(c, changer_remove_snapshot(c, "a"), CHANGER_REFUSED);
	snapshot_expect(c, changer_list_snapshots(c, &list, &count),
	    CHANGER_OK);
	ck_assert_uint_eq(count, 1);
	free(list);
	changer_close(c);
}
END_TEST

START_TEST(bad_names_are_refused)
{
	/* one character more than a name may have */
	static const char longer[] = "0123456789012345678901234567890123456789"
				     "0123456789012345678901234";
	static const char *const names[] = { "", ".", "..", ".new", "-a", "a/b",
		"a b", "a\n", longer };
	struct changer *c = snapshot_open_library("lib");

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snapshot_expect(c, changer_take_snapshot(c, names[i], false),
		    CHANGER_REFUSED);
		snapshot_expect(c, changer_restore_snapshot(c, names[i], false),
		    CHANGER_REFUSED);
		snapshot_expect(c, changer_remove_snapshot(c, names[i]),
		    CHANGER_REFUSED);
	}
	snapshot_expect(c, changer_take_snapshot(c, "a", false),
	    CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c),
	    "has a snapshot a already"));
	snapshot_expect(c, changer_restore_snapshot(c, "b", false),
	    CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "has no snapshot b"));
	changer_close(c);
}
END_TEST

START_TEST(what_another_client_uses_is_refused)
{
	const struct changer_request want = { .barcode = "VTA001L8",
		.drive = -1 };
	struct changer *c = snapshot_open_library("lib"),
		       *other = snapshot_open_library("lib");
	struct changer_acquired taken;
	unsigned moves;

	snapshot_expect(other, changer_acquire(other, &want, &taken),
	    CHANGER_OK);
	free(taken.file);
	snapshot_expect(c, changer_take_snapshot(c, "b", false),
	    CHANGER_IN_USE);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "drive 0 is in use"));
	snapshot_expect(c, changer_clone(c, scratch_path("new"), false),
	    CHANGER_IN_USE);
	snapshot_expect(c, changer_restore_snapshot(c, "a", false),
	    CHANGER_IN_USE);
	/* Its empty drive can be copied, but not replaced. */
	snapshot_expect(other, changer_release(other, taken.drive, &moves),
	    CHANGER_OK);
	snapshot_expect(c, changer_take_snapshot(c, "b", false), CHANGER_OK);
	snapshot_expect(c, changer_restore_snapshot(c, "a", false),
	    CHANGER_IN_USE);
	changer_close(other);
	snapshot_expect(c, changer_restore_snapshot(c, "b", false), CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(an_open_volume_is_refused)
{
	struct changer *c = snapshot_open_library("lib");
	struct volume *volume = scratch_open("lib/VTA003L8.tape");

	snapshot_expect(c, changer_take_snapshot(c, "b", false),
	    CHANGER_IN_USE);
	snapshot_expect(c, changer_restore_snapshot(c, "a", false),
	    CHANGER_IN_USE);
	snapshot_expect(c, changer_clone(c, scratch_path("new"), false),
	    CHANGER_IN_USE);
	ck_assert_int_ne(access(scratch_path("new"), F_OK), 0);
	scratch_close(volume);
	snapshot_expect(c, changer_take_snapshot(c, "b", false), CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(a_restore_leaves_the_client_its_drives)
{
	struct changer_element *list;
	struct changer *c = snapshot_open_library("lib");
	size_t count;
	int own = 0;

	snapshot_expect(c, changer_take_drives(c), CHANGER_OK);
	snapshot_expect(c, changer_restore_snapshot(c, "a", false), CHANGER_OK);
	snapshot_expect(c, changer_list(c, &list, &count), CHANGER_OK);
	for (size_t i = 0; i < count; i++)
		own += list[i].client.id != 0 &&
		    list[i].client.id == changer_client_id(c);
	ck_assert_int_eq(own, ON_DISK_DRIVES);
	free(list);
	snapshot_expect(c,
	    changer_move(c, CHANGER_SLOT_ADDRESS, CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	/* Its client is no part of a snapshot. */
	snapshot_expect(c, changer_take_snapshot(c, "b", false), CHANGER_OK);
	changer_close(c);
	ck_assert_int_eq(scratch_query("lib/snapshots/b/library.db",
			     "select count(*) from clients"),
	    0);
	ck_assert_int_eq(scratch_query("lib/snapshots/b/library.db",
			     "select count(client) from elements"),
	    0);
}
END_TEST

START_TEST(a_clone_is_a_library_with_other_numbers)
{
	struct changer_identity one, other;
	struct changer *c = snapshot_open_library("lib"), *d;

	snapshot_expect(c, changer_clone(c, scratch_path("new"), true),
	    CHANGER_OK);
	d = snapshot_open_library("new");
	for (unsigned i = 0; i < ON_DISK_DRIVES; i++) {
		changer_get_identity(c, CHANGER_DRIVE_ADDRESS + i, &one);
		changer_get_identity(d, CHANGER_DRIVE_ADDRESS + i, &other);
		ck_assert_str_ne(one.serial, other.serial);
		ck_assert_uint_ne(one.naa, other.naa);
	}
	ck_assert_uint_eq(scratch_sum("lib/VTA001L8.tape"),
	    scratch_sum("new/VTA001L8.tape"));
	ck_assert_int_ne(access(scratch_path("new/snapshots"), F_OK), 0);
	snapshot_expect(d,
	    changer_move(d, CHANGER_SLOT_ADDRESS, CHANGER_DRIVE_ADDRESS),
	    CHANGER_OK);
	changer_close(d);
	snapshot_expect(c, changer_clone(c, scratch_path("new"), false),
	    CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "exists already"));
	snapshot_expect(c, changer_clone(c, scratch_path("no/where"), false),
	    CHANGER_ERROR);
	changer_close(c);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("snapshot");
	TCase *t = tcase_create("snapshot");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, snapshot_setup, scratch_teardown);
	tcase_add_test(t, a_restore_makes_the_library_what_it_was);
	tcase_add_test(t, snapshots_are_listed_and_removed);
	tcase_add_test(t, bad_names_are_refused);
	tcase_add_test(t, what_another_client_uses_is_refused);
	tcase_add_test(t, an_open_volume_is_refused);
	tcase_add_test(t, a_restore_leaves_the_client_its_drives);
	tcase_add_test(t, a_clone_is_a_library_with_other_numbers);
	return run_suite(s);
}
