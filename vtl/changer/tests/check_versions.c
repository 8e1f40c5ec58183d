/*
 * check_versions.c: opens and upgrades libraries of older versions.
 *
 * library-N.sql is a library.db of version N, as tapelab made it at that time.
 * VTA002L8 was loaded by hand into drive 1, the barcode VTA003L8 is unreadable,
 * the robot gets stuck, and the client of a killed process has drive 0.  From
 * version 2 on the drives have a behaviour and faults; from version 7 on there
 * are identities; in version 8 VTA002L8 has a fault that has struck.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/base/file_lock.h"
#include "vtl/changer/changer.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/changer/identity.h"
#include "vtl/tests/vtl_scratch.h"

enum { NEWEST = 8 };

#define LIBRARY_DB   "lib/library.db"
#define LIBRARY_LOCK "lib/library.lock"

static char message[VOLUME_MESSAGE_BYTES];

static void make_library(int version)
{
	char name[64], *sql;
	size_t bytes;
	FILE *f;

	snprintf(name, sizeof name, "vtl/changer/tests/library-%d.sql",
	    version);
	f = fopen(name, "r");
	ck_assert_msg(f != NULL, "cannot open %s", name);
	sql = calloc(1, 1 << 16);
	bytes = fread(sql, 1, (1 << 16) - 1, f);
	ck_assert_uint_gt(bytes, 0);
	fclose(f);
	ck_assert_int_eq(mkdir(scratch_path("lib"), 0777), 0);
	scratch_sql(LIBRARY_DB, sql);
	free(sql);
}

static struct changer *open_library(bool read_only)
{
	struct changer *c = changer_open(scratch_path("lib"), "a test",
	    read_only, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

static void check_cartridges(struct changer *c, int version)
{
	unsigned address = version == 1 ? 256 : 1024, seen = 0;
	struct changer_element *e;
	size_t count, i;

	ck_assert_int_eq(changer_list(c, &e, &count), CHANGER_OK);
	ck_assert_uint_eq(count, 8);
	for (i = 0; i < count; i++) {
		if (strcmp(e[i].barcode, "VTA001L8") == 0) {
			ck_assert_uint_eq(e[i].address, address);
			seen += 1;
		} else if (strcmp(e[i].barcode, "VTA002L8") == 0) {
			ck_assert_uint_eq(e[i].address, 257);
			ck_assert_uint_eq(e[i].source_address, 1025);
			ck_assert(e[i].by_hand);
			seen += 10;
		} else if (strcmp(e[i].barcode, "VTA003L8") == 0) {
			ck_assert(e[i].unreadable);
			ck_assert_str_eq(e[i].medium, "");
			seen += 100;
		}
	}
	ck_assert_uint_eq(seen, 111);
	free(e);
}

static void check_drives(struct changer *c, int version)
{
	const bool kept = version > 1;
	struct changer_drive_fault *faults;
	struct drive_options o;
	size_t count;

	ck_assert_int_eq(changer_get_behaviour(c, 0, &o), CHANGER_OK);
	ck_assert_int_eq(o.buffering,
	    kept ? DRIVE_BUFFERED : DRIVE_BUFFERED_AS_MODEL);
	ck_assert_uint_eq(o.buffer_bytes, kept ? 64 << 20 : 0);
	ck_assert_int_eq(changer_get_behaviour(c, 1, &o), CHANGER_OK);
	ck_assert_int_eq(o.residual, kept ? DRIVE_RESIDUAL_OVER : 0);
	ck_assert_uint_eq(o.early_warning_delay_blocks, kept ? 3 : 0);
	ck_assert_int_eq(changer_list_drive_faults(c, &faults, &count),
	    CHANGER_OK);
	ck_assert_uint_eq(count, kept ? 2 : 0);
	if (kept) {
		ck_assert_int_eq(faults[0].drive, 1);
		ck_assert_int_eq(faults[0].fault.mode, DRIVE_FAULT_SLOW);
		ck_assert_uint_eq(faults[0].fault.after_bytes, 1 << 20);
		ck_assert_uint_eq(faults[0].fault.slowdown, 5);
		ck_assert_int_eq(faults[1].fault.mode, DRIVE_FAULT_FAIL);
		ck_assert_uint_eq(faults[1].fault.nth, 9);
	}
	free(faults);
}

/* A library that is only read gets no numbers. */
static void check_identities(struct changer *c, bool drawn)
{
	static const unsigned devices[] = { CHANGER_ROBOT_ADDRESS, 256, 257 };
	struct changer_identity id[3];
	size_t i;

	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(changer_get_identity(c, devices[i], &id[i]),
		    CHANGER_OK);
		ck_assert_str_eq(id[i].vendor, "");
		ck_assert_uint_eq(strlen(id[i].serial), drawn ? 10 : 0);
		ck_assert_uint_eq(id[i].naa >> 60, drawn ? 3 : 0);
		ck_assert(!drawn || strncmp(id[i].serial, "TL", 2) == 0);
		ck_assert(!drawn || i == 0 || id[i].naa != id[i - 1].naa);
		ck_assert(!drawn || i == 0 ||
		    strcmp(id[i].serial, id[i - 1].serial) != 0);
	}
	ck_assert_int_eq(changer_get_identity(c, 258, &id[0]), CHANGER_REFUSED);
}

static void check_robot(struct changer *c)
{
	struct changer_fault *faults;
	size_t count;

	ck_assert_int_eq(changer_move_ns(c), INT64_C(8000000000));
	ck_assert_int_eq(changer_list_faults(c, &faults, &count), CHANGER_OK);
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(faults[0].mode, CHANGER_FAULT_STUCK);
	ck_assert(faults[0].once);
	ck_assert_uint_eq(faults[0].strikes, 0);
	free(faults);
}

static void check_client(struct changer *c, int version)
{
	struct changer_client *clients;
	size_t count;

	ck_assert_int_eq(changer_list_clients(c, &clients, &count), CHANGER_OK);
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq(clients[0].id, 1);
	ck_assert_int_eq(clients[0].pid, 170 + version);
	ck_assert_str_eq(clients[0].program, "tapelab write");
	ck_assert_str_eq(clients[0].host, version < 4 ? "" : "backup1");
	free(clients);
}

static void check_volume_faults(struct changer *c, int version)
{
	struct changer_volume_fault *faults;
	struct changer_strikes *strikes;
	size_t count;

	ck_assert_int_eq(changer_list_volume_faults(c, &faults, &count),
	    CHANGER_OK);
	ck_assert_uint_eq(count, version < 8 ? 0 : 1);
	if (version >= 8) {
		ck_assert_int_eq(faults[0].id, 4);
		ck_assert_uint_eq(faults[0].strikes, 3);
		ck_assert_str_eq(faults[0].barcode, "VTA002L8");
		ck_assert_ptr_nonnull(strstr(faults[0].entry, "\"1 MiB\""));
	}
	changer_free_volume_faults(faults, count);
	ck_assert_int_eq(changer_list_strikes(c, &strikes, &count), CHANGER_OK);
	ck_assert_uint_eq(count, version < 2 ? 1 : version < 8 ? 3 : 4);
	if (version >= 8)
		ck_assert_uint_eq(strikes[3].strikes, 3);
	free(strikes);
}

static void check_all(struct changer *c, int version)
{
	check_volume_faults(c, version);
	check_cartridges(c, version);
	check_drives(c, version);
	check_robot(c);
	check_client(c, version);
}

START_TEST(older_library_is_read_without_a_change)
{
	struct changer *c;
	uint64_t before;

	make_library(_i);
	before = scratch_sum(LIBRARY_DB);
	c = open_library(true);
	check_all(c, _i);
	check_identities(c, _i >= 7);
	changer_close(c);
	ck_assert_uint_eq(scratch_sum(LIBRARY_DB), before);
	ck_assert_int_eq(scratch_query(LIBRARY_DB, "pragma user_version"), _i);
}
END_TEST

START_TEST(older_library_is_upgraded_when_opened_for_writing)
{
	struct changer *c;

	make_library(_i);
	changer_close(open_library(false));
	ck_assert_int_eq(scratch_query(LIBRARY_DB, "pragma user_version"),
	    NEWEST);
	c = open_library(true);
	check_all(c, _i);
	check_identities(c, true);
	changer_close(c);
	/* No two faults have the same number. */
	ck_assert_int_eq(scratch_query(LIBRARY_DB,
			     "select count(*) from robot_faults r join "
			     "drive_faults d on d.id = r.id"),
	    0);
	ck_assert_int_eq(scratch_query(LIBRARY_DB,
			     "select last_fault from library"),
	    _i == 1 ? 1 : 3);
	ck_assert_int_eq(scratch_query(LIBRARY_DB,
			     "select seq from sqlite_sequence where name = "
			     "'clients'"),
	    1);
}
END_TEST

START_TEST(damaged_older_library_is_not_upgraded)
{
	uint64_t before;

	make_library(_i);
	scratch_sql(LIBRARY_DB, "update library set move_ns = -1");
	before = scratch_sum(LIBRARY_DB);
	ck_assert_ptr_null(changer_open(scratch_path("lib"), "a test", false,
	    false, message));
	ck_assert_msg(strstr(message, "is damaged") != NULL, "%s", message);
	ck_assert_uint_eq(scratch_sum(LIBRARY_DB), before);
}
END_TEST

START_TEST(library_is_not_upgraded_while_a_client_lives)
{
	struct file_lock *lock;

	make_library(4);
	lock = file_lock_open(scratch_path(LIBRARY_LOCK), FILE_LOCK_CREATE);
	ck_assert_ptr_nonnull(lock);
	ck_assert_int_eq(file_lock_take(lock, 1, false), FILE_LOCK_TAKEN);
	ck_assert_ptr_null(changer_open(scratch_path("lib"), "a test", false,
	    false, message));
	ck_assert_msg(strstr(message, "in use by process 174") != NULL, "%s",
	    message);
	changer_close(open_library(true));
	ck_assert_int_eq(scratch_query(LIBRARY_DB, "pragma user_version"), 4);
	file_lock_close(lock);
	changer_close(open_library(false));
	ck_assert_int_eq(scratch_query(LIBRARY_DB, "pragma user_version"),
	    NEWEST);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("versions");
	TCase *t = tcase_create("versions");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, older_library_is_read_without_a_change, 1,
	    NEWEST);
	tcase_add_loop_test(t,
	    older_library_is_upgraded_when_opened_for_writing, 1, NEWEST);
	tcase_add_loop_test(t, damaged_older_library_is_not_upgraded, 1,
	    NEWEST);
	tcase_add_test(t, library_is_not_upgraded_while_a_client_lives);
	return run_suite(s);
}
