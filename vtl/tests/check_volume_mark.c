/*
 * check_volume_mark.c: whether a volume holds what it held when it was closed
 * is told by its mark.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume_mark.h"

/* Characters that mean something to SQLite in a name. */
#define NAME	"a%41?b#c&immutable=0"

enum { K = 1024, BLOCK = 4 * K, FILES = 3, BLOCKS = 20, DUMP = 77,
	PAYLOADS = 3 };

static char message[VOLUME_MESSAGE_BYTES];

/* So many files of the dump, one behind the other. */
static void write_files(struct volume *volume, uint64_t dump, int files)
{
	for (int i = 0; i < files; i++) {
		ck_assert_int_eq(scratch_append(volume, BLOCKS * BLOCK, BLOCK,
		    dump, (uint64_t)i * BLOCKS * BLOCK), 0);
		ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
	}
}

static struct volume_mark close_marked(struct volume *volume)
{
	struct volume_mark mark;

	ck_assert_msg(volume_close_marked(volume, &mark, message) == 0, "%s",
	    message);
	ck_assert(mark.known);
	return mark;
}

/* A volume of that payload with three files, closed. */
static struct volume_mark make(int payload)
{
	const struct volume_spec spec = scratch_spec(
	    (enum volume_payload)payload);
	struct volume *volume = scratch_volume(NAME, &spec);

	write_files(volume, DUMP, FILES);
	return close_marked(volume);
}

static bool has(const struct volume_mark *mark)
{
	return volume_has_mark(scratch_path(NAME), mark, message);
}

START_TEST(what_is_there_is_there_while_it_is_open_too)
{
	struct volume_mark mark = make(_i);
	struct volume *volume;

	ck_assert_msg(has(&mark), "%s", message);
	volume = scratch_open(NAME);
	ck_assert_msg(has(&mark), "%s", message);
	scratch_close(volume);
	ck_assert_msg(has(&mark), "%s", message);
}
END_TEST

START_TEST(what_is_appended_changes_nothing)
{
	struct volume_mark mark = make(_i);
	struct volume *volume = scratch_open(NAME);

	ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
	write_files(volume, DUMP + 1, 1);
	scratch_close(volume);
	ck_assert_msg(has(&mark), "%s", message);
}
END_TEST

START_TEST(what_is_written_over_is_not_there)
{
	struct volume_mark mark = make(_i / FILES);
	struct volume *volume = scratch_open(NAME);
	struct volume_place place;

	/* From each file on; as much as was there, or more. */
	ck_assert_int_eq(volume_find_file(volume, (uint64_t)(_i % FILES),
	    &place), 1);
	ck_assert_int_eq(volume_cut(volume, &place), 0);
	write_files(volume, DUMP + 1, FILES);
	scratch_close(volume);
	ck_assert(!has(&mark));
	ck_assert_ptr_nonnull(strstr(message, "written over"));
}
END_TEST

START_TEST(what_is_cut_off_is_not_there)
{
	struct volume_mark mark = make(_i);
	struct volume *volume = scratch_open(NAME);
	struct volume_place place;

	ck_assert_int_eq(volume_find_file(volume, FILES - 1, &place), 1);
	ck_assert_int_eq(volume_cut(volume, &place), 0);
	scratch_close(volume);
	ck_assert(!has(&mark));
}
END_TEST

START_TEST(another_file_is_not_the_volume)
{
	struct volume_mark mark = make(VOLUME_PAYLOAD_RAW);
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);

	ck_assert_int_eq(truncate(scratch_path(NAME), 65536), 0);
	ck_assert(!has(&mark));
	ck_assert_int_eq(truncate(scratch_path(NAME), 0), 0);
	ck_assert(!has(&mark));
	ck_assert_int_eq(unlink(scratch_path(NAME)), 0);
	ck_assert(!has(&mark));
	ck_assert_str_eq(message, "there is no such file");
	scratch_close(scratch_volume(NAME, &spec));
	ck_assert(!has(&mark));
	ck_assert_int_eq(unlink(scratch_path(NAME)), 0);
	ck_assert_int_eq(symlink("nowhere", scratch_path(NAME)), 0);
	ck_assert(!has(&mark));
}
END_TEST

START_TEST(a_view_in_place_of_the_table_is_not_asked)
{
	struct volume_mark mark = make(VOLUME_PAYLOAD_RAW);

	scratch_sql(NAME, "alter table objects rename to o; "
	    "create view objects as select * from o");
	ck_assert(!has(&mark));
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_mark");
	TCase *t = tcase_create("volume_mark");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, what_is_there_is_there_while_it_is_open_too, 0,
	    PAYLOADS);
	tcase_add_loop_test(t, what_is_appended_changes_nothing, 0, PAYLOADS);
	tcase_add_loop_test(t, what_is_written_over_is_not_there, 0,
	    PAYLOADS * FILES);
	tcase_add_loop_test(t, what_is_cut_off_is_not_there, 0, PAYLOADS);
	tcase_add_test(t, another_file_is_not_the_volume);
	tcase_add_test(t, a_view_in_place_of_the_table_is_not_asked);
	return run_suite(s);
}
