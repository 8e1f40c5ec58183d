/*
 * check_database.c: what SQLite may do with a database of tapelab and the files
 * next to it, without the checks that tapelab makes before.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "splitter/base/database/database.h"
#include "splitter/base/database/fill.h"
#include "splitter/base/database/version.h"
#include "splitter/base/database/vfs.h"
#include "vtl/tests/vtl_scratch.h"

enum { APPLICATION = 0x1234 };

static const struct database_kind kind = { .instead = "it is something else",
	.application_id = APPLICATION,
	.format = 2 };

static void write_file(const char *name, const void *data, size_t bytes)
{
	FILE *f = fopen(scratch_path(name), "w");

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(data, 1, bytes, f), bytes);
	fclose(f);
}

static void make_database(void)
{
	scratch_sql("d",
	    "pragma application_id = 0x1234; pragma user_version "
	    "= 1; create table t (a); insert into t values (7)");
}

/*
 * Runs a statement as database_open() would, but without the check of the
 * files.
 */
static int query(const char *sql)
{
	sqlite3 *db;
	int rc = sqlite3_open_v2(scratch_path("d"), &db, SQLITE_OPEN_READWRITE,
	    database_vfs_name());

	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_close(db);
	return rc;
}

static void put_be32(unsigned char *p, unsigned n)
{
	p[0] = (unsigned char)(n >> 24);
	p[1] = (unsigned char)(n >> 16);
	p[2] = (unsigned char)(n >> 8);
	p[3] = (unsigned char)n;
}

/* Writes a rollback journal with a record that names the file `victim`. */
static void write_super_journal(void)
{
	static const unsigned char magic[] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20,
		0xa1, 0x63, 0xd7 };
	unsigned char journal[2048] = { 0 }, *p = journal + 512;
	const char *name = scratch_path("victim");
	unsigned sum = 0;
	size_t n = strlen(name), i;

	ck_assert_uint_lt(n, 1024);
	memcpy(journal, magic, sizeof magic);
	put_be32(p, 1);
	memcpy(p + 4, name, n);
	for (i = 0; i < n; i++)
		sum += (unsigned char)name[i];
	p += 4 + n;
	put_be32(p, (unsigned)n);
	put_be32(p + 4, sum);
	memcpy(p + 8, magic, sizeof magic);
	write_file("d-journal", journal, (size_t)(p + 16 - journal));
}

START_TEST(journal_naming_another_file_is_refused_under_the_lock)
{
	make_database();
	write_file("victim", "precious", 8);
	write_super_journal();
	ck_assert_int_eq(query("select * from t"), SQLITE_CANTOPEN);
	ck_assert_int_eq(query("insert into t values (1)"), SQLITE_CANTOPEN);
	ck_assert_int_eq(access(scratch_path("victim"), F_OK), 0);
	unlink(scratch_path("d-journal"));
	ck_assert_int_eq(query("select * from t"), SQLITE_OK);
}
END_TEST

START_TEST(file_that_is_no_journal_is_not_written)
{
	uint64_t sum;

	make_database();
	write_file("d-journal", "dear diary", 10);
	sum = scratch_sum("d-journal");
	ck_assert_int_eq(query("insert into t values (1)"), SQLITE_CANTOPEN);
	ck_assert_uint_eq(scratch_sum("d-journal"), sum);
}
END_TEST

/*
 * A machine that stops while SQLite writes the first bytes of a journal leaves
 * some of them, and zeros.
 */
START_TEST(journal_of_an_incomplete_write_is_taken_for_empty)
{
	static const unsigned char magic[] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20,
		0xa1, 0x63, 0xd7 };
	unsigned char journal[512] = { 0 };

	make_database();
	memcpy(journal, magic, (size_t)_i);
	write_file("d-journal", journal, sizeof journal);
	ck_assert_int_eq(query("insert into t values (1)"), SQLITE_OK);
	journal[7] = 'x';
	write_file("d-journal", journal, sizeof journal);
	ck_assert_int_eq(query("insert into t values (1)"), SQLITE_CANTOPEN);
}
END_TEST

START_TEST(only_a_journal_is_deleted)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(database_vfs_name());
	static const char *const names[] = { "victim", "d-wal", "journal",
		"-journal2" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++) {
		write_file(names[i], "precious", 8);
		ck_assert_int_eq(vfs->xDelete(vfs, scratch_path(names[i]), 0),
		    SQLITE_IOERR_DELETE);
		ck_assert_int_eq(access(scratch_path(names[i]), F_OK), 0);
	}
	write_file("d-journal", "", 0);
	ck_assert_int_eq(vfs->xDelete(vfs, scratch_path("d-journal"), 0),
	    SQLITE_OK);
	ck_assert_int_ne(access(scratch_path("d-journal"), F_OK), 0);
}
END_TEST

START_TEST(a_write_ahead_log_is_not_opened)
{
	make_database();
	scratch_sql("d", "pragma journal_mode = wal");
	ck_assert_int_eq(query("select * from t"), SQLITE_CANTOPEN);
	ck_assert_int_ne(access(scratch_path("d-wal"), F_OK), 0);
}
END_TEST

START_TEST(a_file_that_is_not_regular_is_not_opened)
{
	make_database();
	ck_assert_int_eq(rename(scratch_path("d"), scratch_path("e")), 0);
	ck_assert_int_eq(symlink("e", scratch_path("d")), 0);
	ck_assert_int_eq(query("select * from t"), SQLITE_CANTOPEN);
	unlink(scratch_path("d"));
	ck_assert_int_eq(mkfifo(scratch_path("d"), 0600), 0);
	ck_assert_int_eq(query("select * from t"), SQLITE_CANTOPEN);
	unlink(scratch_path("d"));
	ck_assert_int_eq(rename(scratch_path("e"), scratch_path("d")), 0);
	ck_assert_int_eq(mkfifo(scratch_path("d-journal"), 0600), 0);
	ck_assert_int_eq(query("insert into t values (1)"), SQLITE_CANTOPEN);
}
END_TEST

/*
 * The file became a FIFO after its name was checked and before it was opened.
 */
START_TEST(a_fifo_in_place_of_a_checked_file_is_not_waited_for)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(database_vfs_name());
	sqlite3_vfs *base = sqlite3_vfs_find(NULL);
	union {
		sqlite3_file file;
		char room[4096];
	} f;
	const char *name;

	ck_assert_int_le(vfs->szOsFile, (int)sizeof f.room);
	memset(&f, 0, sizeof f);
	ck_assert_int_eq(mkfifo(scratch_path("d"), 0600), 0);
	name = sqlite3_create_filename(scratch_path("d"), "", "", 0, NULL);
	ck_assert_int_ne(base->xOpen(base, name, &f.file,
			     SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READONLY, NULL),
	    SQLITE_OK);
	sqlite3_free_filename((char *)name);
}
END_TEST

static const struct {
	const char *sql;
	enum database_use use;
	const char *says; /* expected message; NULL: the file is opened */
} opened[] = {
	{ "", DATABASE_READ, NULL },
	{ "", DATABASE_WRITE, NULL },
	{ "", DATABASE_FILL, NULL },
	{ "pragma application_id = 9", DATABASE_WRITE, "something else" },
	{ "pragma user_version = 2", DATABASE_WRITE, NULL },
	{ "pragma user_version = 3", DATABASE_WRITE, "by a newer tapelab" },
	{ "pragma user_version = 0", DATABASE_WRITE, "is damaged" },
	{ "pragma journal_mode = wal", DATABASE_WRITE, "a write-ahead log" },
};

START_TEST(a_database_is_identified_by_its_header)
{
	const char *why;
	sqlite3 *db;

	make_database();
	scratch_sql("d", opened[_i].sql);
	why = database_open(&db, scratch_path("d"), &kind, opened[_i].use);
	if (opened[_i].says == NULL)
		ck_assert_ptr_null(why);
	else
		ck_assert_msg(why != NULL &&
			strstr(why, opened[_i].says) != NULL,
		    "%s", why != NULL ? why : "it is opened");
	sqlite3_close(db);
}
END_TEST

START_TEST(triggers_and_schema_changes_have_no_effect)
{
	sqlite3 *db;

	make_database();
	scratch_sql("d",
	    "create trigger tr after insert on t begin delete "
	    "from t; end");
	ck_assert_ptr_null(database_open(&db, scratch_path("d"), &kind,
	    DATABASE_WRITE));
	ck_assert_int_eq(sqlite3_exec(db, "insert into t values (8)", NULL,
			     NULL, NULL),
	    SQLITE_OK);
	ck_assert_int_ne(sqlite3_exec(db, "attach 'x' as x", NULL, NULL, NULL),
	    SQLITE_OK);
	ck_assert_int_ne(sqlite3_exec(db,
			     "pragma writable_schema = on; "
			     "delete from sqlite_schema",
			     NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	ck_assert_int_eq(scratch_query("d", "select count(*) from t"), 2);
}
END_TEST

static const struct {
	const char *sql;
	int same;
} schemas[] = {
	{ "", 1 },
	{ "create table u (a)", 0 },
	{ "create view v as select 1", 0 },
	{ "create index i on t (a)", 0 },
	{ "drop table t", 0 },
	{ "drop table t; create table t (A)", 0 },
	{ "drop table t; CREATE  TABLE t (a)", 1 },
};

START_TEST(a_changed_schema_is_refused)
{
	sqlite3 *db;

	make_database();
	scratch_sql("d", schemas[_i].sql);
	ck_assert_ptr_null(database_open(&db, scratch_path("d"), &kind,
	    DATABASE_READ));
	ck_assert_int_eq(database_has_schema(db, "create table t (a);"),
	    schemas[_i].same);
	sqlite3_close(db);
}
END_TEST

/* Returns the number of rows of t in a new database of this layout. */
static int rows_of_new(const struct database_layout *layout)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	int rows = -1;

	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	ck_assert_int_eq(database_fill(db, layout), 0);
	ck_assert_int_eq(database_version(db), layout->version);
	ck_assert_int_eq(database_has_schema(db, layout->schema), 1);
	ck_assert_int_eq(sqlite3_prepare_v2(db, "select count(*) from t", -1,
			     &stmt, NULL),
	    SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	rows = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	/* No other database has this row. */
	ck_assert_int_eq(sqlite3_exec(db, "insert into t values (1)", NULL,
			     NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	return rows;
}

/* The layouts are more than database_fill() keeps in memory. */
START_TEST(new_databases_have_their_layout_and_no_rows)
{
	struct database_layout layout = { .page_bytes = 4096,
		.application_id = APPLICATION,
		.schema = "create table t (a);" };

	for (int i = 0; i < 2; i++) {
		for (layout.version = 1; layout.version <= 9; layout.version++)
			ck_assert_int_eq(rows_of_new(&layout), 0);
	}
}
END_TEST

/* Returns the value of a pragma of a new database of this layout. */
static int pragma_of_new(const struct database_layout *layout, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	int value;

	ck_assert_int_eq(sqlite3_open(scratch_path("new"), &db), SQLITE_OK);
	ck_assert_int_eq(database_fill(db, layout), 0);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
	    SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	value = sqlite3_column_int(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	ck_assert_int_eq(unlink(scratch_path("new")), 0);
	return value;
}

/* The layouts differ in the size of a page and in auto_vacuum only. */
START_TEST(a_new_file_has_the_pages_of_its_layout)
{
	struct database_layout layout = { .application_id = APPLICATION,
		.version = 1,
		.schema = "create table t (a);" };

	for (int i = 0; i < 4; i++) {
		layout.page_bytes = i & 1 ? 65536 : 4096;
		layout.auto_vacuum = i & 2;
		ck_assert_int_eq(pragma_of_new(&layout, "pragma page_size"),
		    layout.page_bytes);
		ck_assert_int_eq(pragma_of_new(&layout, "pragma auto_vacuum"),
		    layout.auto_vacuum ? 2 : 0);
	}
}
END_TEST

START_TEST(a_schema_with_an_error_is_refused)
{
	const struct database_layout layout = { .page_bytes = 4096,
		.version = 1,
		.schema = "create table t (a); create table t (a);" };
	sqlite3 *db;

	ck_assert_int_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	ck_assert_int_eq(database_fill(db, &layout), -1);
	ck_assert_ptr_nonnull(strstr(sqlite3_errmsg(db), "already exists"));
	sqlite3_close(db);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("database");
	TCase *t = tcase_create("database");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t,
	    journal_naming_another_file_is_refused_under_the_lock);
	tcase_add_test(t, file_that_is_no_journal_is_not_written);
	tcase_add_loop_test(t,
	    journal_of_an_incomplete_write_is_taken_for_empty, 0, 8);
	tcase_add_test(t, only_a_journal_is_deleted);
	tcase_add_test(t, a_write_ahead_log_is_not_opened);
	tcase_add_test(t, a_file_that_is_not_regular_is_not_opened);
	tcase_add_test(t, a_fifo_in_place_of_a_checked_file_is_not_waited_for);
	tcase_add_loop_test(t, a_database_is_identified_by_its_header, 0,
	    sizeof opened / sizeof *opened);
	tcase_add_test(t, triggers_and_schema_changes_have_no_effect);
	tcase_add_loop_test(t, a_changed_schema_is_refused, 0,
	    sizeof schemas / sizeof *schemas);
	tcase_add_test(t, new_databases_have_their_layout_and_no_rows);
	tcase_add_test(t, a_new_file_has_the_pages_of_its_layout);
	tcase_add_test(t, a_schema_with_an_error_is_refused);
	return run_suite(s);
}
