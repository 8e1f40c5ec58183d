/*
 * check_catalogue.c: catalogues of each version.
 *
 * catalogue-N.sql is a catalogue of version N, as tapelab made it at that time:
 * the dump home is DONE on two volumes, and nothing of the dump half is safe.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "splitter/tape/condition.h"
#include "splitter/tool/catalogue/log.h"

enum { NEWEST = 3, SQL_BYTES = 1 << 14 };

static char path[] = "/tmp/check_catalogue.XXXXXX", err[512];

static void query(const char *sql, int *number)
{
	sqlite3_stmt *stmt;
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(path, &db), SQLITE_OK);
	if (number == NULL) {
		ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL),
		    SQLITE_OK);
	} else {
		ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
		    SQLITE_OK);
		ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
		*number = sqlite3_column_int(stmt, 0);
		sqlite3_finalize(stmt);
	}
	sqlite3_close(db);
}

static int number_of(const char *sql)
{
	int number = -1;

	query(sql, &number);
	return number;
}

static void make_catalogue(int version)
{
	char name[64], *sql = calloc(1, SQL_BYTES);
	FILE *f;

	strcpy(path + strlen(path) - 6, "XXXXXX");
	close(mkstemp(path));
	snprintf(name, sizeof name,
	    "splitter/tool/catalogue/tests/catalogue-%d.sql", version);
	f = fopen(name, "r");
	ck_assert_msg(f != NULL, "cannot open %s", name);
	ck_assert_uint_gt(fread(sql, 1, SQL_BYTES - 1, f), 0);
	fclose(f);
	query(sql, NULL);
	free(sql);
}

START_TEST(each_version_is_upgraded_when_it_is_opened)
{
	struct catalogue_dump home, half;
	char volume[TAPE_BARCODE_BYTES];
	struct catalogue *c;
	int times;

	make_catalogue(_i + 1);
	for (times = 0; times < 2; times++) {
		c = catalogue_open(path, err, sizeof err);
		ck_assert_msg(c != NULL, "%s", err);
		ck_assert_int_eq(catalogue_find(c, "home", &home), 1);
		ck_assert_str_eq(home.outcome, "DONE");
		ck_assert_uint_eq(home.safe_bytes, 3000000);
		ck_assert_uint_eq(home.block_bytes, 65536);
		ck_assert_uint_eq(home.volumes, 2);
		ck_assert_int_eq(catalogue_find(c, "half", &half), 1);
		ck_assert_str_eq(half.outcome, "PARTIAL");
		ck_assert_int_eq(catalogue_last_volume(c, home.id, volume), 1);
		ck_assert_str_eq(volume, "VTA002L8");
		catalogue_close(c);
		ck_assert_int_eq(number_of("pragma user_version"), NEWEST);
		ck_assert_int_eq(
		    number_of("select count(*) from attempts where "
			      "safe"),
		    6);
	}
	unlink(path);
}
END_TEST

START_TEST(a_newer_version_is_refused_and_not_changed)
{
	make_catalogue(NEWEST);
	query("pragma user_version = 4", NULL);
	ck_assert_ptr_null(catalogue_open(path, err, sizeof err));
	ck_assert_msg(strstr(err, "made by a newer tapelab") != NULL, "%s",
	    err);
	ck_assert_int_eq(number_of("pragma user_version"), 4);
	unlink(path);
}
END_TEST

START_TEST(tables_of_another_program_are_refused_and_not_changed)
{
	make_catalogue(1);
	query("create table other (id integer)", NULL);
	ck_assert_ptr_null(catalogue_open(path, err, sizeof err));
	ck_assert_msg(strstr(err, "other tables") != NULL, "%s", err);
	ck_assert_int_eq(number_of("pragma user_version"), 1);
	unlink(path);
}
END_TEST

START_TEST(an_empty_file_becomes_a_catalogue)
{
	struct catalogue_dump dump;
	struct catalogue *c;

	strcpy(path + strlen(path) - 6, "XXXXXX");
	close(mkstemp(path));
	c = catalogue_open(path, err, sizeof err);
	ck_assert_msg(c != NULL, "%s", err);
	ck_assert_int_eq(catalogue_find(c, "home", &dump), 0);
	catalogue_close(c);
	ck_assert_int_eq(number_of("pragma user_version"), NEWEST);
	unlink(path);
}
END_TEST

static void set_counter(struct tape_condition *c, uint8_t page, uint16_t code,
    const char *name, uint64_t value)
{
	c->counters.counter[c->counters.count++] =
	    (struct tape_counter){ .page = page,
		    .code = code,
		    .unit = TAPE_UNIT_BYTES,
		    .name = name,
		    .value = value };
}

/* What drive and cartridge reported, also if the entry had to wait. */
START_TEST(the_use_of_a_volume_is_entered)
{
	struct catalogue_dump dump = { .id = 1, .block_bytes = 65536 };
	struct tape_condition before = { .has_counters = true,
		.serial = "S1",
		.loads = 4,
		.capacity_bytes = 1000,
		.remaining_bytes = TAPE_CONDITION_UNKNOWN,
		.written_life_bytes = TAPE_CONDITION_UNKNOWN,
		.read_life_bytes = TAPE_CONDITION_UNKNOWN,
		.counters.has_alerts = true };
	struct tape_condition after = before;
	const struct splitter_volume volume = { .barcode = "A00001L8",
		.label = "",
		.message = "",
		.close = TAPE_CLOSE_FULL,
		.before = &before,
		.after = &after,
		.errors = "uncorrected write errors: 2" };
	struct catalogue_log *log;
	struct catalogue *c;

	strcpy(path + strlen(path) - 6, "XXXXXX");
	close(mkstemp(path));
	strcpy(dump.name, "home");
	strcpy(dump.begun, "2026-11-29T03:05:25Z");
	set_counter(&before, 0x02, 6, "Total uncorrected write errors", 1);
	set_counter(&after, 0x02, 6, "Total uncorrected write errors", 3);
	set_counter(&after, 0x17, 1, "Thread count", 9);
	/* about the drive alone */
	set_counter(&after, 0x14, 0, "Lifetime media loads", 7);
	after.counters.alerts = 1 << 5 | 1 << 3;
	c = catalogue_open(path, err, sizeof err);
	ck_assert_msg(c != NULL, "%s", err);
	ck_assert_int_eq(catalogue_begin(c, &dump), 0);
	log = catalogue_log_new(c, dump.id);
	if (_i == 1) {
		query("alter table attempts rename to hidden", NULL);
		ck_assert_int_eq(catalogue_log_forget_parts(log,
				     &(struct splitter_part){ .file = 1 }),
		    -1);
		ck_assert_int_eq(catalogue_log_volume(log, &volume, "then"),
		    -1);
		query("alter table hidden rename to attempts", NULL);
		/* The strings and structs are the caller's. */
		after.counters.alerts = 0;
		memset(after.serial, 0, sizeof after.serial);
	} else {
		ck_assert_int_eq(catalogue_log_volume(log, &volume, "then"), 0);
	}
	ck_assert_int_eq(catalogue_log_end(log, &dump), 0);
	catalogue_log_free(log);
	catalogue_close(c);
	ck_assert_int_eq(
	    number_of("select count(*) from volume_uses where dump = "
		      "'0000000000000001' and volume = 'A00001L8' and at = "
		      "'then' and serial = 'S1' and capacity_bytes = 1000 and "
		      "loads_before = 4 and remaining_bytes_after is null and "
		      "alerts_before = '' and alerts_after = '4, 6' and errors "
		      "= 'uncorrected write errors: 2'"),
	    1);
	ck_assert_int_eq(number_of("select count(*) from counters"), 2);
	ck_assert_int_eq(
	    number_of("select after - before from counters join volume_uses "
		      "on id = volume_use where page = 2 and code = 6 and unit "
		      "= 'B' and name like '%uncorrected%'"),
	    2);
	ck_assert_int_eq(
	    number_of("select after from counters where page = 23 and before "
		      "is null"),
	    9);
	unlink(path);
}
END_TEST

/* The rows of a removed dump are removed. */
START_TEST(the_uses_of_a_removed_dump_are_removed)
{
	struct catalogue_dump dump = { .id = 1, .block_bytes = 65536 };
	struct catalogue *c;

	make_catalogue(2);
	c = catalogue_open(path, err, sizeof err);
	ck_assert_msg(c != NULL, "%s", err);
	query("insert into volume_uses (dump, volume, at, serial, maker, "
	      "stored_barcode, errors) select id, 'A', '', '', '', '', '' "
	      "from dumps; insert into counters select id, 2, 6, 'x', '', 0, 1 "
	      "from volume_uses",
	    NULL);
	strcpy(dump.name, "half");
	strcpy(dump.begun, "2026-11-29T03:05:25Z");
	ck_assert_int_eq(catalogue_begin(c, &dump), 0);
	catalogue_close(c);
	ck_assert_int_eq(number_of("select count(*) from volume_uses"), 1);
	ck_assert_int_eq(number_of("select count(*) from counters"), 1);
	unlink(path);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("catalogue");
	TCase *tc = tcase_create("versions");

	tcase_add_loop_test(tc, each_version_is_upgraded_when_it_is_opened, 0,
	    NEWEST);
	tcase_add_test(tc, a_newer_version_is_refused_and_not_changed);
	tcase_add_test(tc,
	    tables_of_another_program_are_refused_and_not_changed);
	tcase_add_test(tc, an_empty_file_becomes_a_catalogue);
	tcase_add_loop_test(tc, the_use_of_a_volume_is_entered, 0, 2);
	tcase_add_test(tc, the_uses_of_a_removed_dump_are_removed);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
