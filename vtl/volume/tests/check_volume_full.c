/*
 * check_volume_full.c: a volume on a full disk can be written again from its
 * beginning, with the space of its old objects.
 */
#include <check.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "vtl/tests/vfs_hook.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/verify.h"

enum {
	M = 1 << 20,
	BLOCK = 256 << 10,
	LABEL = 512,
	DUMP_BYTES = 32 * M,
	BLOCKS = DUMP_BYTES / BLOCK,
	AGAIN_BYTES = DUMP_BYTES - M, /* with what a cut keeps, not longer */
	ROOM_BYTES = 3 * M / 2,       /* for the journal of few rows */
	/* for that of any rows, and for what a cut keeps */
	LARGE_ROOM_BYTES = 12 * M
};

/* The sizes of the database and its journal, and how large both may become. */
static uint64_t sizes[2], disk_bytes;

/* Number of writes until one finds the disk full; 0: none does. */
static unsigned countdown;

static int limit(const struct vfs_hook_event *e)
{
	uint64_t *size = &sizes[e->journal];
	uint64_t end = (uint64_t)e->at + (uint64_t)e->bytes;

	switch (e->operation) {
	case VFS_HOOK_WRITE:
		if (countdown > 0 && --countdown == 0)
			return SQLITE_FULL;
		if (end <= *size)
			break;
		if (sizes[0] + sizes[1] + (end - *size) > disk_bytes)
			return SQLITE_FULL;
		*size = end;
		break;
	case VFS_HOOK_TRUNCATE:
		*size = (uint64_t)e->at;
		break;
	case VFS_HOOK_DELETE:
		sizes[1] = 0;
		break;
	default:
		break;
	}
	return SQLITE_OK;
}

/* Appends blocks of a dump.  Returns 0, or -1 at the first error. */
static int append(struct volume *volume, uint64_t dump, uint64_t bytes)
{
	int rc = 0;

	for (uint64_t at = 0; at < bytes && rc == 0; at += M)
		rc = scratch_append(volume, M, BLOCK, dump, at);
	return rc == 0 ? volume_sync(volume) : rc;
}

/* Makes a volume with a label and dump 2; then the disk has `room` bytes. */
static struct volume *full_volume(uint64_t room)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume;

	sizes[0] = sizes[1] = 0;
	disk_bytes = UINT64_MAX;
	volume = scratch_volume("v", &spec);
	ck_assert_int_eq(scratch_append(volume, LABEL, LABEL, 1, 0), 0);
	ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
	ck_assert_int_eq(append(volume, 2, DUMP_BYTES), 0);
	scratch_close(volume);
	volume = scratch_open("v");
	disk_bytes = sizes[0] + sizes[1] + room;
	return volume;
}

/* Cuts after `blocks` blocks of the file after the label. */
static int cut(struct volume *volume, uint64_t blocks)
{
	struct volume_position place;

	ck_assert_int_eq(volume_find_file(volume, 1, &place), 1);
	place.object += blocks;
	place.byte += blocks * BLOCK;
	return volume_cut(volume, &place);
}

/* Checks blocks of a dump from object `from` on. */
static void check_blocks(struct volume *volume, uint64_t from, uint64_t blocks,
    uint64_t dump)
{
	static uint8_t got[BLOCK], want[BLOCK];
	struct volume_object found;

	for (uint64_t i = 0; i < blocks; i++) {
		ck_assert_int_eq(volume_read(volume, from + i, got, sizeof got,
				     &found),
		    0);
		ck_assert_uint_eq(found.dump_id, dump);
		scratch_fill(want, BLOCK, dump, i * BLOCK);
		ck_assert_mem_eq(got, want, BLOCK);
	}
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

/* Cuts after `blocks` blocks of dump 2, writes dump 3, and checks both. */
static void write_again(struct volume *volume, uint64_t blocks)
{
	ck_assert_msg(cut(volume, blocks) == 0, "%s", volume_message(volume));
	ck_assert_str_eq(volume_storage_error(volume), "");
	ck_assert(!volume_is_storage_error(volume));
	ck_assert_msg(append(volume, 3, AGAIN_BYTES) == 0, "%s",
	    volume_message(volume));
	check_blocks(volume, 2, blocks, 2);
	check_blocks(volume, 2 + blocks, AGAIN_BYTES / BLOCK, 3);
	close_and_verify(volume);
}

/*
 * To set the old objects aside, a cut copies those before it, for which there is
 * no room.  It failed; to delete the old objects needs none.
 */
START_TEST(a_full_volume_is_written_again)
{
	write_again(full_volume(ROOM_BYTES), (uint64_t)_i);
}
END_TEST

/* For SQLite, a limit of the process or a quota is no full disk. */
START_TEST(a_volume_that_may_not_grow_is_written_again)
{
	struct volume *volume = full_volume(UINT64_MAX / 2);
	const struct rlimit limit = { sizes[0], RLIM_INFINITY };

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	write_again(volume, (uint64_t)_i);
}
END_TEST

START_TEST(a_full_volume_is_formatted_and_written_again)
{
	const struct volume_partition two[] = { { M, 0 },
		{ 2 * (uint64_t)DUMP_BYTES, 0 } };
	struct volume *volume = full_volume(ROOM_BYTES);

	ck_assert_msg(volume_format(volume, M + 2 * (uint64_t)DUMP_BYTES, two,
			  2) == 0,
	    "%s", volume_message(volume));
	ck_assert_int_eq(volume_select(volume, 1), 0);
	ck_assert_msg(append(volume, 3, AGAIN_BYTES) == 0, "%s",
	    volume_message(volume));
	check_blocks(volume, 0, AGAIN_BYTES / BLOCK, 3);
	close_and_verify(volume);
}
END_TEST

/* Rows, and the blocks of each. */
struct rows {
	uint32_t count, bytes, block_bytes;
};

/* Appends rows; does not synchronise.  Returns 0 or -1. */
static int append_rows(struct volume *volume, const struct rows *rows)
{
	static uint8_t data[31 * M];
	struct volume_run run = { .data = data,
		.bytes = rows->bytes,
		.block_bytes = rows->block_bytes };
	int rc = 0;

	memset(data, 1, rows->bytes);
	for (unsigned i = 0; i < rows->count && rc == 0; i++) {
		run.dump_id = 1 + i % 2; /* so they are not joined */
		rc = volume_append(volume, &run);
	}
	return rc;
}

static void append_all(struct volume *volume, const struct rows *rows)
{
	ck_assert_msg(append_rows(volume, rows) == 0 &&
		volume_sync(volume) == 0,
	    "%s", volume_message(volume));
}

/* Makes a volume with rows; then the disk has LARGE_ROOM_BYTES. */
static struct volume *volume_of_rows(const struct rows *rows)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume;

	sizes[0] = sizes[1] = 0;
	disk_bytes = UINT64_MAX;
	volume = scratch_volume("v", &spec);
	append_all(volume, rows);
	scratch_close(volume);
	volume = scratch_open("v");
	disk_bytes = sizes[0] + sizes[1] + LARGE_ROOM_BYTES;
	return volume;
}

static void cut_all(struct volume *volume)
{
	const struct volume_position begin = { 0, 0, 0 };

	ck_assert_msg(volume_cut(volume, &begin) == 0, "%s",
	    volume_message(volume));
}

/*
 * A row of 33 KiB takes a page of 64 KiB, which is in the journal when the row
 * is deleted.  A block of one byte has a sum of 8.
 */
#define HALF_PAGE(n)                  \
	{                             \
		n, 33 << 10, 33 << 10 \
	}
#define TINY(n)                 \
	{                       \
		n, 256 << 10, 1 \
	}
#define FULL(n)                         \
	{                               \
		n, 256 << 10, 256 << 10 \
	}

/*
 * A commit frees a limited number of rows, and the next transaction takes no
 * more space than is free.
 */
START_TEST(a_full_volume_of_any_rows_is_written_again_with_any)
{
	static const struct {
		struct rows old, new;
	} cases[] = {
		{ { 250000, 40, 40 }, { 250000, 40, 40 } },
		{ HALF_PAGE(1000), HALF_PAGE(1000) },
		{ HALF_PAGE(1000), FULL(220) },
		{ TINY(24), FULL(190) },
		{ { 300, 164 << 10, 164 << 10 }, HALF_PAGE(850) },
		{ FULL(600), TINY(60) },
		{ FULL(600), HALF_PAGE(2300) },
		{ FULL(600), { 4, 31 * M, 31 * M } },
	};
	struct volume *volume = volume_of_rows(&cases[_i].old);

	cut_all(volume);
	if (_i % 2 == 1) {
		/* A volume that was closed knows how much is free. */
		scratch_close(volume);
		volume = scratch_open("v");
	}
	append_all(volume, &cases[_i].new);
	close_and_verify(volume);
}
END_TEST

/* So a cut deletes its rows, which are fewer. */
START_TEST(a_full_volume_whose_old_objects_are_left_is_written_again)
{
	const struct rows old = HALF_PAGE(1600), few = HALF_PAGE(500);
	struct volume *volume = volume_of_rows(&old);

	for (int i = 0; i < 3; i++) {
		cut_all(volume);
		append_all(volume, &few);
	}
	close_and_verify(volume);
}
END_TEST

/* Too much is before the cut to be copied: it deletes what is after it. */
START_TEST(a_full_volume_is_written_again_from_its_middle)
{
	const struct rows old = HALF_PAGE(1000), again = HALF_PAGE(900);
	const struct volume_position place = { .object = 50,
		.byte = 50 * (33 << 10) };
	struct volume *volume = volume_of_rows(&old);
	struct volume_position end;

	ck_assert_msg(volume_cut(volume, &place) == 0, "%s",
	    volume_message(volume));
	append_all(volume, &again);
	volume_end(volume, &end);
	ck_assert_uint_eq(end.object, 950);
	close_and_verify(volume);
}
END_TEST

/*
 * When the disk was full for a moment, a cut deletes its rows.  The next one
 * sets them aside again, so that little is free, and the file does not grow.
 */
START_TEST(only_a_cut_on_a_full_disk_deletes_its_rows)
{
	const struct rows rows = HALF_PAGE(600);
	struct volume *volume = volume_of_rows(&rows);

	disk_bytes = UINT64_MAX;
	countdown = 1;
	cut_all(volume);
	ck_assert_uint_eq(countdown, 0);
	append_all(volume, &rows);
	cut_all(volume);
	scratch_close(volume);
	ck_assert_int_gt(scratch_query("v", "select count(*) from overwritten"),
	    300);
	volume = scratch_open("v");
	append_all(volume, &rows);
	close_and_verify(volume);
	ck_assert_int_eq(scratch_query("v", "select count(*) from overwritten"),
	    0);
}
END_TEST

/*
 * A block that cannot be read because its data is damaged was blamed on the disk
 * if that had been full before.
 */
START_TEST(a_damaged_block_is_not_blamed_on_a_full_disk)
{
	static uint8_t block[BLOCK];
	struct volume *volume = full_volume(0);
	struct volume_object found;

	scratch_close(volume);
	disk_bytes = UINT64_MAX;
	scratch_sql("v",
	    _i == 0 ? "update objects set data = zeroblob(length(data))"
		    : "update objects set sums = x'00' where first > 1");
	disk_bytes = sizes[0] + sizes[1];
	volume = scratch_open("v");
	ck_assert_int_eq(append(volume, 3, M), -1);
	ck_assert(volume_is_storage_error(volume));
	ck_assert_int_eq(volume_read(volume, 2, block, sizeof block, &found),
	    -1);
	ck_assert_msg(!volume_is_storage_error(volume), "%s",
	    volume_message(volume));
	scratch_close(volume);
}
END_TEST

/*
 * Whichever write of a cut finds the disk full, the cut is done: what is before
 * it stays, and it can be written again.
 */
START_TEST(a_disk_that_is_full_for_a_moment_fails_no_cut)
{
	const struct volume_spec spec = scratch_spec(1 + _i % 2);
	struct volume *volume;
	unsigned writes = 1;
	bool struck;

	disk_bytes = UINT64_MAX;
	volume = scratch_volume("full", &spec);
	ck_assert_int_eq(scratch_append(volume, LABEL, LABEL, 1, 0), 0);
	ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
	ck_assert_int_eq(append(volume, 2, 2 * M), 0);
	scratch_close(volume);
	do {
		scratch_copy("full", "v");
		volume = scratch_open("v");
		countdown = writes;
		ck_assert_msg(cut(volume, 3) == 0, "write %u: %s", writes,
		    volume_message(volume));
		struck = countdown == 0;
		countdown = 0;
		ck_assert_str_eq(volume_storage_error(volume), "");
		check_blocks(volume, 2, 3, 2);
		ck_assert_int_eq(append(volume, 3, M), 0);
		check_blocks(volume, 5, M / BLOCK, 3);
		close_and_verify(volume);
		writes += SANITIZED * part_step(7);
	} while (struck);
	ck_assert_uint_gt(writes, 5);
}
END_TEST

/*
 * Blocks before the cut that were not synchronised stay when the cut is done a
 * second time.
 */
START_TEST(a_cut_keeps_what_was_not_synchronised)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	const struct volume_position place = { 3, 1, LABEL + BLOCK };
	unsigned writes = 1, kept = 0;
	struct volume *volume;
	bool struck;

	disk_bytes = UINT64_MAX;
	scratch_close(scratch_volume("empty", &spec));
	do {
		scratch_copy("empty", "v");
		volume = scratch_open("v");
		ck_assert_int_eq(scratch_append(volume, LABEL, LABEL, 1, 0), 0);
		ck_assert_int_eq(volume_append_filemarks(volume, 1), 0);
		ck_assert_int_eq(scratch_append(volume, M, BLOCK, 2, 0), 0);
		countdown = writes;
		if (volume_cut(volume, &place) == 0) {
			kept += countdown == 0;
			check_blocks(volume, 2, 1, 2);
		} else {
			ck_assert_str_ne(volume_storage_error(volume), "");
		}
		struck = countdown == 0;
		countdown = 0;
		close_and_verify(volume);
		writes++;
	} while (struck);
	ck_assert_uint_gt(kept, 0);
}
END_TEST

/* There is no room for the journal. */
START_TEST(a_cut_that_fails_changes_nothing)
{
	struct volume *volume = full_volume(0);

	ck_assert_int_eq(cut(volume, 0), -1);
	ck_assert_ptr_nonnull(strstr(volume_message(volume),
	    "the disk is full: make room"));
	ck_assert_ptr_nonnull(strstr(volume_storage_error(volume),
	    "the disk is full"));
	ck_assert(volume_is_storage_error(volume));
	check_blocks(volume, 2, BLOCKS, 2);
	close_and_verify(volume);
}
END_TEST

static void put_layer_under(void)
{
	scratch_setup();
	vfs_hook_install(limit);
}

static void remove_layer(void)
{
	vfs_hook_remove();
	scratch_teardown();
}

int main(void)
{
	Suite *s = suite_create("volume_full");
	TCase *t = tcase_create("volume_full");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, put_layer_under, remove_layer);
	part_add_loop_test(t, a_full_volume_is_written_again, 0, 4, 3);
	part_add_loop_test(t, a_volume_that_may_not_grow_is_written_again, 0, 4,
	    3);
	tcase_add_test(t, a_full_volume_is_formatted_and_written_again);
	/* The first row takes as long as all others. */
	part_add_loop_test(t,
	    a_full_volume_of_any_rows_is_written_again_with_any,
	    part_only() ? 1 : 0, 8, 3);
	tcase_add_test(t,
	    a_full_volume_whose_old_objects_are_left_is_written_again);
	tcase_add_test(t, a_full_volume_is_written_again_from_its_middle);
	tcase_add_test(t, only_a_cut_on_a_full_disk_deletes_its_rows);
	tcase_add_loop_test(t, a_damaged_block_is_not_blamed_on_a_full_disk, 0,
	    2);
	tcase_add_loop_test(t, a_disk_that_is_full_for_a_moment_fails_no_cut, 0,
	    2);
	tcase_add_test(t, a_cut_keeps_what_was_not_synchronised);
	tcase_add_test(t, a_cut_that_fails_changes_nothing);
	return run_suite(s);
}
