/*
 * check_volume_bad.c: a file that is not a volume is detected with one message,
 * and is not changed.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"

enum { MANY = 300000 };

static void write_file(const void *data, size_t bytes)
{
	FILE *f = fopen(scratch_path("v"), "w");

	ck_assert_uint_eq(fwrite(data, 1, bytes, f), bytes);
	fclose(f);
}

static void make_volume(void)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume = scratch_volume("v", &spec);

	scratch_append(volume, 9 << 20, 64 << 10, 1, 0);
	volume_append_filemarks(volume, 1);
	scratch_close(volume);
}

static void missing(void)
{
}

static void empty(void)
{
	write_file("", 0);
}

static void text(void)
{
	write_file("this is no volume\n", 18);
}

static void nuls(void)
{
	write_file("\0\0", 2);
}

static void one_byte(void)
{
	write_file("x", 1);
}

static void noise(void)
{
	static uint8_t bytes[MANY];

	scratch_fill(bytes, sizeof bytes, 1, 0);
	write_file(bytes, sizeof bytes);
}

static void magic_only(void)
{
	write_file("SQLite format 3", 16);
}

static void folder(void)
{
	mkdir(scratch_path("v"), 0777);
}

static void fifo(void)
{
	mkfifo(scratch_path("v"), 0666);
}

static void unreadable(void)
{
	make_volume();
	chmod(scratch_path("v"), 0);
}

static void foreign(void)
{
	scratch_sql("v",
	    "create table volume (a); insert into volume "
	    "values (1)");
}

static void foreign_wal(void)
{
	scratch_sql("v", "pragma journal_mode = wal; create table t (a)");
}

static void newer(void)
{
	make_volume();
	scratch_sql("v", "pragma user_version = 1000");
}

static void cut_to(off_t bytes)
{
	make_volume();
	ck_assert_int_eq(truncate(scratch_path("v"), bytes), 0);
}

static void cut_in_header(void)
{
	cut_to(80);
}

static void cut_in_first_page(void)
{
	cut_to(5000);
}

static void cut_in_data(void)
{
	cut_to(2 << 20);
}

static void cut_by_a_page(void)
{
	struct stat st;

	make_volume();
	stat(scratch_path("v"), &st);
	ck_assert_int_eq(truncate(scratch_path("v"), st.st_size - 65536), 0);
}

static void no_tables(void)
{
	scratch_sql("v",
	    "pragma application_id = 0x54704c62;"
	    "pragma user_version = 1; create table t (a)");
}

static void no_row(void)
{
	make_volume();
	scratch_sql("v", "delete from volume");
}

static void wrong_figures(void)
{
	make_volume();
	scratch_sql("v", "update objects set count = -5");
}

static const struct {
	void (*make)(void);
	const char *says;
} bad[] = {
	{ missing, "there is no such file" },
	{ empty, "it is empty: remove it, and make it again" },
	{ text, "is not a volume of tapelab: give the path of a volume" },
	{ nuls, "is not a volume of tapelab" },
	{ one_byte, "is not a volume of tapelab" },
	{ noise, "is not a volume of tapelab" },
	{ magic_only, "is not a volume of tapelab" },
	{ folder, "it is a folder: give the path of a file" },
	{ fifo, "it is not a regular file" },
	{ unreadable, "it may not be read: check its permissions" },
	{ foreign, "is not a volume of tapelab" },
	{ foreign_wal, "is not a volume of tapelab" },
	{ newer, "was made by a newer tapelab: use that version" },
	{ cut_in_header, "it is damaged: put back a copy of it" },
	{ cut_in_first_page, "is damaged: restore a copy of it" },
	{ cut_in_data, "is damaged: restore a copy of it" },
	{ cut_by_a_page, "is damaged: restore a copy of it" },
	{ no_tables,
	    "is damaged: its tables, indices and views are not those" },
	{ no_row, "is damaged: its table volume is empty" },
	{ wrong_figures, "is damaged: its last row is not valid" },
};

enum { BAD = sizeof bad / sizeof bad[0] };

/* The state of a file: everything that opening it could have changed. */
struct look {
	struct stat st;
	bool there;
	uint64_t sum;
	bool wal, journal;
};

static void look(struct look *l)
{
	memset(l, 0, sizeof *l);
	l->there = stat(scratch_path("v"), &l->st) == 0;
	l->sum = scratch_sum("v");
	l->wal = access(scratch_path("v-wal"), F_OK) == 0;
	l->journal = access(scratch_path("v-journal"), F_OK) == 0;
}

START_TEST(a_bad_file_gives_one_message_and_is_not_changed)
{
	char message[VOLUME_MESSAGE_BYTES] = "";
	struct look before, after;

	if (bad[_i].make == unreadable && geteuid() == 0)
		return; /* root can read every file */
	bad[_i].make();
	if (bad[_i].make != fifo)
		look(&before);
	ck_assert_ptr_null(volume_open(scratch_path("v"), true, message));
	ck_assert_msg(strstr(message, bad[_i].says) != NULL, "%s", message);
	ck_assert_msg(strstr(message, scratch_path("v")) != NULL, "%s",
	    message);
	ck_assert_ptr_null(strchr(message, '\n'));
	if (bad[_i].make == fifo)
		return;
	look(&after);
	ck_assert_int_eq(before.there, after.there);
	ck_assert_int_eq(before.st.st_mtim.tv_sec, after.st.st_mtim.tv_sec);
	ck_assert_int_eq(before.st.st_mtim.tv_nsec, after.st.st_mtim.tv_nsec);
	ck_assert_int_eq(before.st.st_size, after.st.st_size);
	ck_assert_uint_eq(before.sum, after.sum);
	ck_assert_int_eq(before.wal, after.wal);
	ck_assert_int_eq(before.journal, after.journal);
}
END_TEST

START_TEST(a_volume_opened_for_reading_is_not_changed)
{
	struct volume_position end;
	struct look before, after;
	struct volume *volume;

	make_volume();
	look(&before);
	volume = scratch_open("v");
	volume_end(volume, &end);
	ck_assert_uint_eq(end.object, 145);
	scratch_close(volume);
	look(&after);
	ck_assert_uint_eq(before.sum, after.sum);
	ck_assert_int_eq(before.st.st_mtim.tv_sec, after.st.st_mtim.tv_sec);
	ck_assert_int_eq(before.st.st_mtim.tv_nsec, after.st.st_mtim.tv_nsec);
}
END_TEST

static const struct {
	const char *barcode;
	uint64_t capacity_bytes, early_warning_bytes;
	const char *says; /* NULL: the volume is created */
} specs[] = {
	{ "A", 1, 0, NULL },
	{ "abc-DEF_012", 1000, 1000, NULL },
	{ "A", INT64_MAX, 0, NULL },
	{ "12345678901234567890123456789012", 1000, 0, NULL },
	{ "", 1000, 0, "a barcode is 1 to 32" },
	{ "A/B", 1000, 0, "a barcode is 1 to 32" },
	{ "..", 1000, 0, "a barcode is 1 to 32" },
	{ "A", 0, 0, "a capacity is 1 to" },
	{ "A", (uint64_t)INT64_MAX + 1, 0, "a capacity is 1 to" },
	{ "A", 1000, 1001, "early warning is before BOT" },
};

enum { SPECS = sizeof specs / sizeof specs[0] };

START_TEST(a_volume_is_created_with_valid_options_only)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume;
	int rc;

	memset(spec.barcode, 0, sizeof spec.barcode);
	strcpy(spec.barcode, specs[_i].barcode);
	spec.capacity_bytes = specs[_i].capacity_bytes;
	spec.has_early_warning = true;
	spec.early_warning_bytes = specs[_i].early_warning_bytes;
	rc = volume_create(scratch_path("v"), &spec, "", true, message);
	ck_assert_int_eq(rc, specs[_i].says == NULL ? 0 : -1);
	if (rc != 0) {
		ck_assert_ptr_nonnull(strstr(message, specs[_i].says));
		ck_assert_int_ne(access(scratch_path("v"), F_OK), 0);
		return;
	}
	volume = scratch_open("v");
	ck_assert_mem_eq(volume_get_spec(volume), &spec, sizeof spec);
	scratch_close(volume);
}
END_TEST

START_TEST(a_file_that_exists_is_not_made_a_volume)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	char message[VOLUME_MESSAGE_BYTES];
	struct look before, after;

	write_file("precious", 8);
	look(&before);
	ck_assert_int_eq(volume_create(scratch_path("v"), &spec, "", false,
			     message),
	    -1);
	ck_assert_ptr_nonnull(strstr(message, "the file exists already"));
	look(&after);
	ck_assert_uint_eq(before.sum, after.sum);
	ck_assert_int_eq(volume_create(scratch_path("no/v"), &spec, "", false,
			     message),
	    -1);
	ck_assert_ptr_nonnull(strstr(message, "No such file or directory"));
}
END_TEST

START_TEST(a_volume_has_a_limited_number_of_filemarks)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_position place;

	ck_assert_int_eq(volume_append_filemarks(volume, UINT64_MAX), -1);
	ck_assert_ptr_nonnull(strstr(volume_message(volume),
	    "has the maximum of 1048576 filemarks"));
	ck_assert_int_eq(volume_append_filemarks(volume,
			     VOLUME_FILEMARKS_MAX - 1),
	    0);
	ck_assert_int_eq(volume_append_filemarks(volume, 2), -1);
	ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
	ck_assert_int_eq(volume_append_filemarks(volume, 1), -1);
	scratch_close(volume);
	volume = scratch_open("v");
	ck_assert_int_eq(volume_find_file(volume, VOLUME_FILEMARKS_MAX, &place),
	    1);
	ck_assert_uint_eq(place.object, VOLUME_FILEMARKS_MAX);
	ck_assert_int_eq(volume_find_file(volume, VOLUME_FILEMARKS_MAX + 1,
			     &place),
	    0);
	scratch_close(volume);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_bad");
	TCase *t = tcase_create("volume_bad");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_bad_file_gives_one_message_and_is_not_changed,
	    0, BAD);
	tcase_add_test(t, a_volume_opened_for_reading_is_not_changed);
	tcase_add_loop_test(t, a_volume_is_created_with_valid_options_only, 0,
	    SPECS);
	tcase_add_test(t, a_file_that_exists_is_not_made_a_volume);
	tcase_add_test(t, a_volume_has_a_limited_number_of_filemarks);
	return run_suite(s);
}
