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
#include "splitter/tool/catalogue/catalogue.h"

enum { NEWEST = 2, SQL_BYTES = 1 << 14 };

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
		ck_assert_int_eq(number_of("select count(*) from attempts"), 6);
	}
	unlink(path);
}
END_TEST

START_TEST(a_newer_version_is_refused_and_not_changed)
{
	make_catalogue(NEWEST);
	query("pragma user_version = 3", NULL);
	ck_assert_ptr_null(catalogue_open(path, err, sizeof err));
	ck_assert_msg(strstr(err, "made by a newer tapelab") != NULL, "%s",
	    err);
	ck_assert_int_eq(number_of("pragma user_version"), 3);
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
	suite_add_tcase(s, tc);
	return run_suite(s);
}
