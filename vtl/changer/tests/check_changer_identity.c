/*
 * check_changer_identity.c: identities of drives and changer, and a client that takes
 * all drives.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/changer/identity.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

enum { ROBOT = CHANGER_ROBOT_ADDRESS, DRIVE = CHANGER_DRIVE_ADDRESS };

static char message[VOLUME_MESSAGE_BYTES];

static void setup(void)
{
	scratch_setup();
	on_disk_make(NULL);
}

static struct changer *open_changer(void)
{
	struct changer *c =
	    changer_open(scratch_path("lib"), "a test", false, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

static struct changer_identity identity(struct changer *c, unsigned address)
{
	struct changer_identity id;

	ck_assert_int_eq(changer_get_identity(c, address, &id), CHANGER_OK);
	return id;
}

START_TEST(numbers_are_drawn_once_and_differ)
{
	struct changer *c = open_changer();
	struct changer_identity robot = identity(c, ROBOT), again;
	struct changer_identity drive = identity(c, DRIVE);

	ck_assert_uint_eq(strlen(robot.serial), 10);
	ck_assert_uint_eq(strlen(drive.serial), 10);
	ck_assert_uint_eq(strspn(drive.serial + 2, "0123456789ABCDEF"), 8);
	ck_assert_mem_eq(drive.serial, "TL", 2);
	ck_assert_str_ne(robot.serial, drive.serial);
	ck_assert(robot.naa != drive.naa);
	ck_assert_uint_eq(drive.naa >> 60, 3);
	changer_close(c);
	c = open_changer();
	again = identity(c, ROBOT);
	ck_assert_str_eq(again.serial, robot.serial);
	ck_assert_uint_eq(again.naa, robot.naa);
	ck_assert_int_eq(changer_renew_identities(c), CHANGER_OK);
	again = identity(c, ROBOT);
	ck_assert_str_ne(again.serial, robot.serial);
	ck_assert(again.naa != robot.naa);
	changer_close(c);
}
END_TEST

START_TEST(an_identity_is_stored)
{
	const struct changer_identity own = { "VENDOR12", "PRODUCT 01234567",
		"REV1", "0123456789", UINT64_C(0x5000000000000001) };
	const struct changer_identity names = { .product = "OTHER" };
	struct changer *c = open_changer();
	struct changer_identity id;

	ck_assert_int_eq(changer_set_identity(c, DRIVE + 1, &own), CHANGER_OK);
	changer_close(c);
	c = open_changer();
	id = identity(c, DRIVE + 1);
	ck_assert_str_eq(id.vendor, own.vendor);
	ck_assert_str_eq(id.product, own.product);
	ck_assert_str_eq(id.revision, own.revision);
	ck_assert_str_eq(id.serial, own.serial);
	ck_assert_uint_eq(id.naa, own.naa);
	/* The numbers stay, the names become those of the model. */
	ck_assert_int_eq(changer_set_identity(c, DRIVE + 1, &names),
	    CHANGER_OK);
	id = identity(c, DRIVE + 1);
	ck_assert_str_eq(id.vendor, "");
	ck_assert_str_eq(id.product, "OTHER");
	ck_assert_str_eq(id.serial, own.serial);
	ck_assert_uint_eq(id.naa, own.naa);
	changer_close(c);
}
END_TEST

START_TEST(numbers_of_another_device_are_refused)
{
	struct changer *c = open_changer();
	struct changer_identity id = { .vendor = "V" };

	strcpy(id.serial, identity(c, ROBOT).serial);
	ck_assert_int_eq(changer_set_identity(c, DRIVE, &id), CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "another device"));
	id.serial[0] = '\0';
	id.naa = identity(c, DRIVE + 1).naa;
	ck_assert_int_eq(changer_set_identity(c, DRIVE, &id), CHANGER_REFUSED);
	id.naa = UINT64_C(0x6000000000000001);
	ck_assert_int_eq(changer_set_identity(c, DRIVE, &id), CHANGER_REFUSED);
	ck_assert_ptr_nonnull(strstr(changer_message(c), "first digit"));
	id.naa = 0;
	ck_assert_int_eq(changer_set_identity(c, CHANGER_SLOT_ADDRESS, &id),
	    CHANGER_REFUSED);
	ck_assert_str_eq(identity(c, DRIVE).vendor, "");
	changer_close(c);
}
END_TEST

static unsigned where(struct changer *c, const char *barcode)
{
	struct changer_element e;
	char *path;

	ck_assert_int_eq(changer_lock(c, barcode, &e, &path), CHANGER_OK);
	changer_unlock(c);
	free(path);
	return e.address;
}

START_TEST(a_client_of_all_drives_moves_cartridges_which_stay)
{
	struct changer *server = open_changer(), *c = open_changer();
	struct changer_request request = { .drive = -1 };
	struct changer_acquired taken;

	ck_assert_int_eq(changer_take_drives(server), CHANGER_OK);
	ck_assert_int_eq(changer_take_drives(server), CHANGER_OK);
	ck_assert_int_eq(changer_move(server, CHANGER_SLOT_ADDRESS, DRIVE),
	    CHANGER_OK);
	/* No other client uses its drives or their cartridges. */
	ck_assert_int_eq(changer_acquire(c, &request, &taken),
	    CHANGER_NO_DRIVE);
	ck_assert_int_eq(changer_move(c, DRIVE, 0), CHANGER_REFUSED);
	ck_assert_int_eq(changer_take_drives(c), CHANGER_IN_USE);
	ck_assert_msg(strstr(changer_message(c),
			  "drive 0 is in use by process") != NULL,
	    "%s", changer_message(c));
	changer_close(server);
	ck_assert_uint_eq(where(c, "VTA001L8"), DRIVE);
	ck_assert_int_eq(changer_take_drives(c), CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(a_killed_client_of_all_drives_leaves_cartridges_in_them)
{
	struct changer *c;
	pid_t pid = fork();

	if (pid == 0) {
		c = open_changer();
		_exit(changer_take_drives(c) != CHANGER_OK ||
		    changer_move(c, CHANGER_SLOT_ADDRESS, DRIVE) != CHANGER_OK);
	}
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	c = open_changer();
	ck_assert_uint_eq(where(c, "VTA001L8"), DRIVE);
	ck_assert_int_eq(changer_move(c, DRIVE, 0), CHANGER_OK);
	changer_close(c);
}
END_TEST

START_TEST(drives_in_use_are_not_taken)
{
	struct changer *user = open_changer(), *server = open_changer();
	struct changer_request request = { .drive = 1 };
	struct changer_acquired taken;

	ck_assert_int_eq(changer_acquire(user, &request, &taken), CHANGER_OK);
	free(taken.file);
	ck_assert_int_eq(changer_take_drives(server), CHANGER_IN_USE);
	ck_assert_msg(strstr(changer_message(server),
			  "drive 1 is in use by process") != NULL,
	    "%s", changer_message(server));
	/* The failed attempt left no client. */
	ck_assert_int_eq(scratch_query("lib/library.db",
			     "select count(*) from clients"),
	    1);
	changer_close(user);
	ck_assert_int_eq(changer_take_drives(server), CHANGER_OK);
	changer_close(server);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("changer_identity");
	TCase *t = tcase_create("changer_identity");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t, numbers_are_drawn_once_and_differ);
	tcase_add_test(t, an_identity_is_stored);
	tcase_add_test(t, numbers_of_another_device_are_refused);
	tcase_add_test(t, a_client_of_all_drives_moves_cartridges_which_stay);
	tcase_add_test(t,
	    a_killed_client_of_all_drives_leaves_cartridges_in_them);
	tcase_add_test(t, drives_in_use_are_not_taken);
	return run_suite(s);
}
