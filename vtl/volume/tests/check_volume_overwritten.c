/*
 * check_volume_overwritten.c: a volume that is written again from its beginning
 * uses the space of its old objects, a little at a time.
 */
#include <check.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/verify.h"

enum { M = 1 << 20, BLOCK = 256 << 10, LABEL = 512 };

/* As many bytes as two transactions have, and half of one. */
static const uint64_t long_bytes = 160 * (uint64_t)M;

static void append(struct volume *volume, uint64_t dump, uint64_t bytes)
{
	for (uint64_t at = 0; at < bytes; at += M)
		ck_assert_int_eq(scratch_append(volume, M, BLOCK, dump, at), 0);
}

static void append_label(struct volume *volume)
{
	ck_assert_int_eq(scratch_append(volume, LABEL, LABEL, 1, 0), 0);
	ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
}

/* Cuts after `blocks` blocks of the file after the label. */
static void cut(struct volume *volume, uint64_t blocks)
{
	struct volume_position place;

	ck_assert_int_eq(volume_find_file(volume, 1, &place), 1);
	place.object += blocks;
	place.byte += blocks * BLOCK;
	ck_assert_int_eq(volume_cut(volume, &place), 0);
}

static void check_block(struct volume *volume, uint64_t object, uint64_t bytes,
    uint64_t dump, uint64_t at)
{
	static uint8_t got[BLOCK], want[BLOCK];
	struct volume_object found;

	ck_assert_msg(volume_read(volume, object, got, sizeof got, &found) == 0,
	    "%s", volume_message(volume));
	ck_assert_uint_eq(found.bytes, bytes);
	ck_assert_uint_eq(found.dump_id, dump);
	ck_assert_uint_eq(found.offset, at);
	scratch_fill(want, bytes, dump, at);
	ck_assert_mem_eq(got, want, bytes);
}

/* Checks the label, and some blocks of `bytes` of a dump from object `from`. */
static void check_dump(struct volume *volume, uint64_t from, uint64_t dump,
    uint64_t bytes)
{
	const uint64_t blocks = bytes / BLOCK;
	struct volume_position end;

	check_block(volume, 0, LABEL, 1, 0);
	for (uint64_t i = 0; i < blocks; i += 1 + blocks / 8)
		check_block(volume, from + i, BLOCK, dump, i * BLOCK);
	volume_end(volume, &end);
	ck_assert_uint_eq(end.object, from + blocks);
	ck_assert_uint_eq(end.file, 1);
}

static uint64_t file_bytes(void)
{
	struct stat st;

	ck_assert_int_eq(stat(scratch_path("v"), &st), 0);
	return (uint64_t)st.st_size;
}

static void no_fault(void *arg, const char *fault)
{
	(void)arg;
	ck_abort_msg("%s", fault);
}

static void close_and_verify(struct volume *volume)
{
	struct volume_counts counts;

	scratch_close(volume);
	ck_assert_uint_eq(volume_verify(scratch_path("v"), no_fault, NULL,
			      &counts),
	    0);
}

/* Makes a volume with a label and a long dump, number 2. */
static struct volume *long_volume(void)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume = scratch_volume("v", &spec);

	append_label(volume);
	append(volume, 2, long_bytes);
	ck_assert_int_eq(volume_sync(volume), 0);
	return volume;
}

/*
 * Checks that there is enough free space for the next transaction, but not much
 * more.
 */
static void check_free_space(void)
{
	const int64_t pages = scratch_query("v", "pragma freelist_count");

	ck_assert_int_ge(pages, 64 * M / 65536);
	ck_assert_int_le(pages, 96 * M / 65536);
}

START_TEST(space_of_old_objects_is_used_again)
{
	struct volume *volume = long_volume();
	const uint64_t bytes = file_bytes();

	for (uint64_t dump = 3; dump < 6; dump++) {
		cut(volume, 0);
		append(volume, dump, long_bytes);
		ck_assert_int_eq(volume_sync(volume), 0);
		check_dump(volume, 2, dump, long_bytes);
		ck_assert_uint_le(file_bytes(), bytes + bytes / 20);
	}
	close_and_verify(volume);
	ck_assert_int_eq(scratch_query("v", "select count(*) from overwritten"),
	    0);
}
END_TEST

/* SQLite searches the list of free pages at each write: it stays short. */
START_TEST(cut_frees_only_what_the_next_transaction_needs)
{
	struct volume *volume = long_volume();

	cut(volume, 0);
	scratch_close(volume);
	check_free_space();
	volume = scratch_open("v");
	append(volume, 3, long_bytes);
	check_dump(volume, 2, 3, long_bytes);
	close_and_verify(volume);
}
END_TEST

/* Also the objects of several partitions. */
START_TEST(format_frees_only_what_the_next_transaction_needs)
{
	const struct volume_partition whole[] = { { INT64_MAX, 0 } };
	const struct volume_partition two[] = { { 2 * long_bytes, 0 },
		{ 2 * long_bytes, 0 } };
	struct volume *volume = long_volume();

	for (uint64_t dump = 3; dump < 6; dump++) {
		if (dump == 3)
			ck_assert_int_eq(volume_format(volume, 4 * long_bytes,
					     two, 2),
			    0);
		else
			ck_assert_int_eq(volume_format(volume, INT64_MAX, whole,
					     1),
			    0);
		scratch_close(volume);
		check_free_space();
		volume = scratch_open("v");
		if (dump == 3)
			ck_assert_int_eq(volume_select(volume, 1), 0);
		append(volume, dump, long_bytes);
		check_block(volume, 1, BLOCK, dump, BLOCK);
		ck_assert_int_eq(volume_sync(volume), 0);
	}
	close_and_verify(volume);
}
END_TEST

/* The drive is locked during a commit: it takes some hundredths of a second. */
START_TEST(a_commit_frees_a_limited_number_of_rows)
{
	enum { ROWS = 150000, FREED_MAX = 100000, SMALL = 40 };
	static const uint8_t data[SMALL];
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_run run = {
		.data = data, .bytes = SMALL, .block_bytes = SMALL
	};
	struct volume_position begin = { 0, 0, 0 };
	int64_t left;

	for (unsigned i = 0; i < ROWS; i++) {
		run.dump_id = 1 + i % 2;
		ck_assert_int_eq(volume_append(volume, &run), 0);
	}
	ck_assert_int_eq(volume_cut(volume, &begin), 0);
	scratch_close(volume);
	left = scratch_query("v", "select count(*) from overwritten");
	ck_assert_int_ge(left, ROWS - FREED_MAX);
	ck_assert_int_lt(left, ROWS);
}
END_TEST

/*
 * A little is written over a lot, then over the little, then a lot again: each
 * time the rest of the old objects stays for later.
 */
START_TEST(old_objects_outlast_short_dumps)
{
	struct volume *volume = long_volume();
	const uint64_t bytes = file_bytes();

	for (uint64_t dump = 3; dump < 6; dump++) {
		cut(volume, 0);
		append(volume, dump, 2 * M);
		check_dump(volume, 2, dump, 2 * M);
		scratch_close(volume);
		ck_assert_int_gt(scratch_query("v",
				     "select count(*) from overwritten"),
		    0);
		check_free_space();
		volume = scratch_open("v");
	}
	cut(volume, 0);
	append(volume, 6, long_bytes);
	check_dump(volume, 2, 6, long_bytes);
	ck_assert_uint_le(file_bytes(), bytes + bytes / 20);
	close_and_verify(volume);
}
END_TEST

/* The row that the cut divides has four blocks of 64 KiB. */
START_TEST(cut_within_a_row_keeps_its_beginning)
{
	enum { SMALL = 64 << 10, SMALLS = 40 };
	const struct volume_spec spec = scratch_spec(1 + _i % 2);
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_position place;

	append_label(volume);
	for (uint64_t at = 0; at < SMALLS * SMALL; at += SMALL)
		ck_assert_int_eq(scratch_append(volume, SMALL, SMALL, 2, at),
		    0);
	ck_assert_int_eq(volume_find_file(volume, 1, &place), 1);
	place.object += 6;
	place.byte += 6 * (uint64_t)SMALL;
	ck_assert_int_eq(volume_cut(volume, &place), 0);
	for (uint64_t i = 0; i < 6; i++)
		check_block(volume, 2 + i, SMALL, 2, i * SMALL);
	ck_assert_int_eq(scratch_append(volume, M, BLOCK, 3, 0), 0);
	check_dump(volume, 8, 3, M);
	close_and_verify(volume);
}
END_TEST

/* Objects of other partitions stay where they are. */
START_TEST(cut_of_one_partition_leaves_the_others)
{
	const struct volume_partition two[] = { { M, 0 }, { 64 * M, 0 } };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_position begin = { 0, 0, 0 };

	ck_assert_int_eq(volume_format(volume, 65 * M, two, 2), 0);
	append_label(volume);
	ck_assert_int_eq(volume_select(volume, 1), 0);
	append(volume, 2, 2 * M);
	ck_assert_int_eq(volume_cut(volume, &begin), 0);
	ck_assert_int_eq(volume_select(volume, 0), 0);
	check_block(volume, 0, LABEL, 1, 0);
	ck_assert_int_eq(volume_select(volume, 1), 0);
	append(volume, 3, M);
	check_block(volume, 3, BLOCK, 3, 3 * (uint64_t)BLOCK);
	close_and_verify(volume);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_overwritten");
	TCase *t = tcase_create("volume_overwritten");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_test(t, space_of_old_objects_is_used_again);
	tcase_add_test(t, cut_frees_only_what_the_next_transaction_needs);
	tcase_add_test(t, format_frees_only_what_the_next_transaction_needs);
	tcase_add_test(t, a_commit_frees_a_limited_number_of_rows);
	tcase_add_test(t, old_objects_outlast_short_dumps);
	tcase_add_loop_test(t, cut_within_a_row_keeps_its_beginning, 0, 2);
	tcase_add_test(t, cut_of_one_partition_leaves_the_others);
	return run_suite(s);
}
