/*
 * check_volume.c: objects appended to a volume are stored, and take little
 * room.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vtl_scratch.h"

enum { K = 1024, M = 1024 * 1024, DUMP = 77, PAYLOADS = 3 };

/* Checks that object `i` is the block at `offset` of DUMP. */
static void expect_block(struct volume *volume, uint64_t i, uint64_t bytes,
    uint64_t offset, bool has_data)
{
	struct volume_object object;
	uint8_t *got = malloc(bytes), *want = malloc(bytes);

	ck_assert_msg(volume_read(volume, i, got, bytes, &object) == 0, "%s",
	    volume_message(volume));
	ck_assert_int_eq(object.kind, VOLUME_BLOCK);
	ck_assert_uint_eq(object.bytes, bytes);
	ck_assert_uint_eq(object.dump_id, DUMP);
	ck_assert_uint_eq(object.offset, offset);
	ck_assert_int_eq(object.has_data, has_data);
	scratch_fill(want, bytes, DUMP, offset);
	if (has_data)
		ck_assert_mem_eq(got, want, bytes);
	free(got);
	free(want);
}

static void expect_kind(struct volume *volume, uint64_t i,
    enum volume_kind kind)
{
	struct volume_object object;

	ck_assert_int_eq(volume_read(volume, i, NULL, 0, &object), 0);
	ck_assert_int_eq(object.kind, kind);
}

/*
 * A dump of `bytes` is written in runs of `run`; the result is the number of
 * rows.
 */
static const struct {
	enum volume_payload payload;
	uint64_t bytes, block, run;
	int64_t rows;
} dumps[] = {
	{ VOLUME_PAYLOAD_NONE, 1, 4 * K, 4 * K, 1 },
	{ VOLUME_PAYLOAD_NONE, 10 * M + 1, 64 * K, 64 * K, 1 },
	{ VOLUME_PAYLOAD_NONE, 10 * M + 1, 64 * K, 8 * M, 1 },
	{ VOLUME_PAYLOAD_NONE, 10 * M, 10 * K, 100 * K, 1 },
	{ VOLUME_PAYLOAD_RAW, 1, 4 * K, 4 * K, 1 },
	{ VOLUME_PAYLOAD_RAW, 4 * M, 64 * K, 64 * K, 16 },
	{ VOLUME_PAYLOAD_RAW, 4 * M + 1, 64 * K, 64 * K, 17 },
	{ VOLUME_PAYLOAD_RAW, 10 * M + 7, 64 * K, 8 * M, 41 },
	{ VOLUME_PAYLOAD_RAW, 10 * M + 7, 64 * K, 3 * M, 41 },
	{ VOLUME_PAYLOAD_RAW, 9 * M, 64512, 64512 * 100, 37 },
	{ VOLUME_PAYLOAD_RAW, 9 * M, 3 * M, 3 * M, 3 },
	{ VOLUME_PAYLOAD_RAW, 13 * M, 6 * M, 12 * M, 3 },
	{ VOLUME_PAYLOAD_RAW, 70 * K, 1, 1000, 1 },
	{ VOLUME_PAYLOAD_ZLIB, 1, 4 * K, 4 * K, 1 },
	{ VOLUME_PAYLOAD_ZLIB, 10 * M + 7, 64 * K, 8 * M, 41 },
	{ VOLUME_PAYLOAD_ZLIB, 10 * M + 7, 64 * K, 64 * K, 41 },
	{ VOLUME_PAYLOAD_ZLIB, 9 * M, 3 * M, 3 * M, 3 },
	{ VOLUME_PAYLOAD_ZLIB, 70 * K, 1, 1000, 1 },
};

START_TEST(a_dump_is_read_back)
{
	const uint64_t bytes = dumps[_i].bytes, block = dumps[_i].block;
	const struct volume_spec spec = scratch_spec(dumps[_i].payload);
	const bool raw = spec.payload != VOLUME_PAYLOAD_NONE;
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_position end;
	uint64_t n;

	for (uint64_t at = 0; at < bytes; at += n) {
		n = bytes - at < dumps[_i].run ? bytes - at : dumps[_i].run;
		ck_assert_int_eq(scratch_append(volume, n, block, DUMP, at), 0);
	}
	volume_end(volume, &end);
	ck_assert_uint_eq(end.object, (bytes - 1) / block + 1);
	ck_assert_uint_eq(end.byte, bytes);
	for (int reopened = 0; reopened < 2; reopened++) {
		for (uint64_t i = 0; i < end.object; i++) {
			n = bytes - i * block;
			expect_block(volume, i, n < block ? n : block,
			    i * block, raw);
		}
		expect_kind(volume, end.object, VOLUME_EOD);
		scratch_close(volume);
		volume = scratch_open("v");
	}
	scratch_close(volume);
	ck_assert_int_eq(scratch_query("v", "select count(*) from objects"),
	    dumps[_i].rows);
}
END_TEST

START_TEST(runs_that_do_not_continue_are_not_merged)
{
	const struct volume_spec spec = scratch_spec(_i);
	struct volume *volume = scratch_volume("v", &spec);

	scratch_append(volume, 8 * K, 4 * K, DUMP, 0);
	/* continues the row */
	scratch_append(volume, 8 * K, 4 * K, DUMP, 8 * K);
	/* repeats the offset */
	scratch_append(volume, 8 * K, 4 * K, DUMP, 8 * K);
	/* another dump */
	scratch_append(volume, 8 * K, 4 * K, DUMP + 1, 16 * K);
	/* another length */
	scratch_append(volume, 8 * K, 8 * K, DUMP + 1, 24 * K);
	/* continues the row */
	scratch_append(volume, 5 * K, 8 * K, DUMP + 1, 32 * K);
	/* after a short block */
	scratch_append(volume, 8 * K, 8 * K, DUMP + 1, 37 * K);
	volume_append_filemarks(volume, 1);
	scratch_append(volume, 8 * K, 8 * K, DUMP + 1, 45 * K);
	expect_block(volume, 5, 4 * K, 12 * K, _i != VOLUME_PAYLOAD_NONE);
	scratch_close(volume);
	ck_assert_int_eq(scratch_query("v", "select count(*) from objects"), 7);
	ck_assert_int_eq(scratch_query("v", "select count(*) from files"), 2);
}
END_TEST

/* A program that does not know dumps writes such records. */
START_TEST(records_without_a_dump_are_one_row)
{
	const struct volume_spec spec = scratch_spec(_i);
	const int records = 20000, bytes = 512;
	struct volume *volume = scratch_volume("v", &spec);
	struct stat st, empty;

	ck_assert_int_eq(stat(scratch_path("v"), &empty), 0);
	for (int i = 0; i < records; i++)
		ck_assert_int_eq(scratch_append(volume, bytes, bytes, 0, 0), 0);
	scratch_close(volume);
	ck_assert_int_eq(scratch_query("v", "select count(*) from objects"),
	    _i == VOLUME_PAYLOAD_NONE ? 1 : 40);
	ck_assert_int_eq(stat(scratch_path("v"), &st), 0);
	ck_assert_int_le(st.st_size,
	    _i == VOLUME_PAYLOAD_NONE
		? 64 * K
		: empty.st_size + records * bytes / 100 * 105);
}
END_TEST

START_TEST(compressible_data_is_deflated)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_ZLIB);
	struct volume *volume = scratch_volume("v", &spec);
	static uint8_t block[64 * K], got[64 * K];
	struct volume_run run = { block, sizeof block, sizeof block, DUMP, 0,
		false, 0, NULL };
	struct volume_object object;

	for (size_t i = 0; i < sizeof block; i++)
		block[i] = (uint8_t)(i / 100);
	for (; run.offset < 4 * M; run.offset += sizeof block)
		ck_assert_int_eq(volume_append(volume, &run), 0);
	scratch_append(volume, 2 * M, 64 * K, DUMP + 1, 0); /* random data */
	for (uint64_t i = 0; i < 64; i++) {
		ck_assert_int_eq(volume_read(volume, i, got, sizeof got,
				     &object),
		    0);
		ck_assert_mem_eq(got, block, sizeof got);
	}
	scratch_close(volume);
	ck_assert_int_eq(scratch_query("v", "select sum(zlib) from objects"),
	    16);
	;
	ck_assert_int_lt(
	    scratch_query("v",
		"select sum(length(data)) from objects where zlib"),
	    M / 10);
	ck_assert_int_eq(
	    scratch_query("v",
		"select sum(length(data)) from objects where not zlib"),
	    2 * M);
}
END_TEST

/* The zeros may be in the data or not: the volume is the same. */
START_TEST(a_kept_block_may_come_without_its_zeros)
{
	static const uint64_t texts[] = { 0, 1, 200, 300, 5000, 64 * K - 1,
		64 * K, 700 * K };
	const struct volume_spec spec = scratch_spec(_i);
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_run run = { .dump_id = DUMP, .keep = true };
	struct volume_object object;
	uint8_t *whole = calloc(1, M), *got = malloc(M);

	for (size_t i = 0; i < 2 * sizeof texts / sizeof *texts; i++) {
		const uint64_t text = texts[i / 2];

		run.block_bytes = run.bytes = text > 64 * K ? M : 64 * K;
		memset(whole, 0, M);
		scratch_fill(whole, text, DUMP, 0);
		run.zeros = i % 2 == 0 ? 0 : run.bytes - text;
		run.data = run.zeros == 0
		    ? whole
		    : memcpy(malloc(text + 1), whole, text);
		ck_assert_int_eq(volume_append(volume, &run), 0);
		if (run.data != whole)
			free((void *)run.data);
		/* The next block comes in the same transaction, or another. */
		if (i % 3 == 0)
			ck_assert_int_eq(volume_sync(volume), 0);
		memset(got, 0xff, M);
		ck_assert_msg(volume_read(volume, i, got, M, &object) == 0,
		    "%s", volume_message(volume));
		ck_assert_uint_eq(object.bytes, run.bytes);
		ck_assert_mem_eq(got, whole, run.bytes);
	}
	scratch_close(volume);
	ck_assert_int_eq(scratch_query("v",
			     "select count(*) from objects a, objects b on "
			     "b.first = a.first + 1 and a.first % 2 = 0 where "
			     "a.sums = b.sums and a.data = b.data"),
	    sizeof texts / sizeof *texts);
	free(whole);
	free(got);
}
END_TEST

START_TEST(a_first_block_of_zeros_is_read)
{
	const struct volume_spec spec = scratch_spec(_i);
	struct volume *volume = scratch_volume("v", &spec);
	static uint8_t got[64 * K];
	const struct volume_run run = { "", sizeof got, sizeof got, 0, 0, true,
		sizeof got, NULL };
	struct volume_object object;

	ck_assert_int_eq(volume_append(volume, &run), 0);
	ck_assert_int_eq(volume_sync(volume), 0);
	memset(got, 0xff, sizeof got);
	ck_assert_msg(volume_read(volume, 0, got, sizeof got, &object) == 0,
	    "%s", volume_message(volume));
	ck_assert_int_eq(got[0], 0);
	ck_assert_mem_eq(got, got + 1, sizeof got - 1);
	scratch_close(volume);
}
END_TEST

START_TEST(trailing_zeros_take_no_room)
{
	static uint8_t block[256 * K], got[256 * K];
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct volume *volume = scratch_volume("v", &spec);
	struct volume_run run = { block, sizeof block, sizeof block, 0, 0, true,
		0, NULL };
	struct volume_object object;

	volume_append(volume, &run); /* only zeros */
	strcpy((char *)block, "tapelab-format: 1\n");
	volume_append(volume, &run);
	block[sizeof block - 1] = 1; /* no zero at the end */
	volume_append(volume, &run);
	for (uint64_t i = 0; i < 3; i++) {
		ck_assert_int_eq(volume_read(volume, i, got, sizeof got,
				     &object),
		    0);
		ck_assert(object.has_data && object.bytes == sizeof got);
		ck_assert_int_eq(got[0], i == 0 ? 0 : 't');
		ck_assert_int_eq(got[sizeof got - 1], i == 2);
	}
	scratch_close(volume);
	ck_assert_int_eq(scratch_query("v",
			     "select sum(length(data)) from objects"),
	    18 + 256 * K);
	ck_assert_int_eq(scratch_query("v",
			     "select sum(length(sums)) from objects"),
	    24);
}
END_TEST

START_TEST(a_changed_byte_is_detected)
{
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct volume *volume = scratch_volume("v", &spec);
	uint8_t got[4 * K];
	struct volume_object object;

	scratch_append(volume, 40 * K, 4 * K, DUMP, 0);
	scratch_close(volume);
	scratch_sql("v",
	    "update objects set data = "
	    "substr(data, 1, 20000) || x'00' || substr(data, 20002)");
	volume = scratch_open("v");
	for (uint64_t i = 0; i < 10; i++)
		ck_assert_int_eq(volume_read(volume, i, got, sizeof got,
				     &object),
		    i == 4 ? -1 : 0);
	ck_assert_ptr_nonnull(strstr(volume_message(volume),
	    "object 4 differs from its checksum"));
	scratch_close(volume);
}
END_TEST

/*
 * Makes a volume with a label and two files of blocks; the second one ends
 * short.
 */
static struct volume *two_files(enum volume_payload payload)
{
	const struct volume_spec spec = scratch_spec(payload);
	struct volume *volume = scratch_volume("v", &spec);

	scratch_append(volume, 4 * K, 4 * K, DUMP, 0);
	volume_append_filemarks(volume, 1); /* object 1 */
	/* objects 2 .. 11 */
	scratch_append(volume, 40 * K, 4 * K, DUMP, 4 * K);
	volume_append_filemarks(volume, 2); /* objects 12, 13 */
	/* objects 14 .. 16 */
	scratch_append(volume, 9 * K, 4 * K, DUMP, 44 * K);
	volume_sync(volume);
	return volume;
}

static const struct volume_position two_files_at[] = {
	{ 0, 0, 0 },
	{ 1, 0, 4 * K },
	{ 2, 1, 4 * K },
	{ 3, 1, 8 * K },
	{ 7, 1, 24 * K },
	{ 11, 1, 40 * K },
	{ 12, 1, 44 * K },
	{ 13, 2, 44 * K },
	{ 14, 3, 44 * K },
	{ 15, 3, 48 * K },
	{ 16, 3, 52 * K },
	{ 17, 3, 53 * K },
};

enum { TWO_FILES_AT = sizeof two_files_at / sizeof two_files_at[0] };

START_TEST(objects_after_a_cut_are_removed)
{
	const struct volume_position *at = &two_files_at[_i / PAYLOADS];
	const bool raw = _i % PAYLOADS != VOLUME_PAYLOAD_NONE;
	struct volume *volume = two_files(_i % PAYLOADS);
	struct volume_object object;
	struct volume_position end;
	uint64_t offset = 0;

	ck_assert_int_eq(volume_cut(volume, at), 0);
	ck_assert_int_eq(volume_ends_in_block(volume),
	    at->object > 0 &&
		(at->object < 2 || at->object > 14 ||
		    (at->object > 2 && at->object < 13)));
	expect_kind(volume, at->object, VOLUME_EOD);
	scratch_append(volume, 8 * K, 4 * K, DUMP, at->byte);
	scratch_close(volume);
	volume = scratch_open("v");
	for (uint64_t i = 0; i < at->object + 2; i++) {
		ck_assert_int_eq(volume_read(volume, i, NULL, 0, &object), 0);
		if (object.kind == VOLUME_BLOCK)
			expect_block(volume, i, object.bytes, offset, raw);
		offset += object.bytes;
	}
	ck_assert_uint_eq(offset, at->byte + 8 * K);
	volume_end(volume, &end);
	ck_assert_uint_eq(end.object, at->object + 2);
	ck_assert_uint_eq(end.byte, at->byte + 8 * K);
	ck_assert_uint_eq(end.file, at->file);
	scratch_close(volume);
}
END_TEST

START_TEST(a_file_is_found_after_its_filemark)
{
	static const struct {
		uint64_t file;
		int found;
		uint64_t object, byte;
	} rows[] = {
		{ 0, 1, 0, 0 },
		{ 1, 1, 2, 4 * K },
		{ 2, 1, 13, 44 * K },
		{ 3, 1, 14, 44 * K },
		{ 4, 0, 0, 0 },
		{ UINT64_MAX, 0, 0, 0 },
	};
	struct volume *volume = two_files(VOLUME_PAYLOAD_NONE);
	struct volume_position place;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		ck_assert_int_eq(volume_find_file(volume, rows[i].file, &place),
		    rows[i].found);
		if (rows[i].found == 0)
			continue;
		ck_assert_uint_eq(place.object, rows[i].object);
		ck_assert_uint_eq(place.byte, rows[i].byte);
		ck_assert_uint_eq(place.file, rows[i].file);
	}
	scratch_close(volume);
}
END_TEST

START_TEST(a_file_without_write_permission_is_write_protected)
{
	const struct volume_spec spec = scratch_spec(_i);
	struct volume *volume = scratch_volume("v", &spec);
	const struct volume_position bot = { 0, 0, 0 };
	const struct volume_defect d = { .at = 1,
		.sense = { 3, 0x0c, 0, 0, 0 } };

	scratch_append(volume, 8 * K, 4 * K, DUMP, 0);
	scratch_close(volume);
	chmod(scratch_path("v"), 0444);
	volume = scratch_open("v");
	ck_assert(volume_is_protected(volume));
	expect_block(volume, 1, 4 * K, 4 * K, _i != VOLUME_PAYLOAD_NONE);
	ck_assert_int_eq(scratch_append(volume, 4 * K, 4 * K, DUMP, 0), -1);
	ck_assert_ptr_nonnull(strstr(volume_message(volume),
	    "write-protected"));
	ck_assert_int_eq(volume_append_filemarks(volume, 1), -1);
	ck_assert_int_eq(volume_cut(volume, &bot), -1);
	ck_assert_int_eq(volume_defect_add(volume, &d), -1);
	expect_kind(volume, 2, VOLUME_EOD);
	scratch_close(volume);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume");
	TCase *t = tcase_create("volume");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_dump_is_read_back, 0,
	    sizeof dumps / sizeof dumps[0]);
	tcase_add_loop_test(t, runs_that_do_not_continue_are_not_merged, 0,
	    PAYLOADS);
	tcase_add_loop_test(t, records_without_a_dump_are_one_row, 0, PAYLOADS);
	tcase_add_test(t, compressible_data_is_deflated);
	tcase_add_loop_test(t, a_kept_block_may_come_without_its_zeros, 0,
	    PAYLOADS);
	tcase_add_loop_test(t, a_first_block_of_zeros_is_read, 0, PAYLOADS);
	tcase_add_test(t, trailing_zeros_take_no_room);
	tcase_add_test(t, a_changed_byte_is_detected);
	tcase_add_loop_test(t, objects_after_a_cut_are_removed, 0,
	    PAYLOADS * TWO_FILES_AT);
	tcase_add_test(t, a_file_is_found_after_its_filemark);
	tcase_add_loop_test(t,
	    a_file_without_write_permission_is_write_protected, 0, PAYLOADS);
	return run_suite(s);
}
