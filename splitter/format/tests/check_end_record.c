/*
 * check_end_record.c: the end record: the table of parts, written and read;
 * damaged and hostile records.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/end_record.h"
#include "splitter/format/sum.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = TAPE_BLOCK_MIN_BYTES };

static const struct header base = {
	.dump = "friday",
	.dump_id = 0xabc,
	.volume = "MEM002L9",
	.sequence = 2,
	.block_bytes = BLOCK,
	.file = 17,
	.outcome = "DONE",
	.bytes = 4711,
	.xxh128 = "0123456789abcdef0123456789abcdef",
};

/* Makes row `i`.  The rows have all sizes, with and without a checksum. */
static struct part_row row_of(size_t i, uint64_t offset)
{
	struct part_row r = { .part = i + 1,
		.attempt = 1 + i % 3,
		.file = 1 + i % 100,
		.offset_bytes = offset,
		.bytes = 1 + i % 13 * UINT64_C(1000000007) };

	sum_text_of(&i, sizeof i, r.xxh128);
	if (i % 5 == 4)
		r.xxh128[0] = '\0';
	snprintf(r.volume, sizeof r.volume, "VOLUME %zu", i / 100);
	return r;
}

static struct parts *table_of(size_t count)
{
	struct parts *parts = parts_new();
	struct part_row row;
	size_t i;

	ck_assert_ptr_nonnull(parts);
	for (i = 0; i < count; i++) {
		row = row_of(i, parts_end_bytes(parts));
		ck_assert_int_eq(parts_add(parts, &row), 0);
	}
	return parts;
}

static bool same(const struct part_row *a, const struct part_row *b)
{
	return a->part == b->part && a->attempt == b->attempt &&
	    a->file == b->file && a->offset_bytes == b->offset_bytes &&
	    a->bytes == b->bytes && strcmp(a->xxh128, b->xxh128) == 0 &&
	    strcmp(a->volume, b->volume) == 0;
}

/* Returns the number of rows in one block. */
static size_t read_block(const char *block, size_t bytes, size_t from,
    uint64_t *offset)
{
	struct part_row want, got;
	const char *at = NULL;
	char err[128];
	size_t i = from;
	int rc;

	while ((rc = end_record_row(block, bytes, &at, &got, err,
		    sizeof err)) == 1) {
		want = row_of(i++, *offset);
		if (!same(&want, &got))
			ck_abort_msg("row %zu is another one", i - 1);
		*offset += got.bytes;
	}
	ck_assert_msg(rc == 0, "%s", err);
	return i - from;
}

static const struct size {
	size_t parts, block;
} sizes[] = {
	{ 0, BLOCK },
	{ 1, BLOCK },
	{ 16, BLOCK },
	{ 17, BLOCK },
	{ 18, BLOCK },
	{ 1000, BLOCK },
	{ 1, 262144 },
	{ 20000, 262144 },
	{ 20000, BLOCK },
	{ 20000, 64512 },
	{ 100000, 1 << 20 },
};

START_TEST(the_table_is_read_as_it_was_written)
{
	const struct size *z = &sizes[_i];
	struct parts *parts = table_of(z->parts);
	uint64_t n = end_record_blocks(z->parts, z->block), k, offset = 0;
	struct header h = base, got;
	char *block = malloc(z->block), err[128];
	size_t rows = 0;

	ck_assert_uint_ge(n, 1);
	for (k = 1; k <= n; k++) {
		end_record_format(&h, parts, k, block, z->block);
		ck_assert_msg(header_parse(block, z->block, &got, err,
				  sizeof err) == 0,
		    "%s", err);
		ck_assert_int_eq(got.type, HEADER_END);
		ck_assert_uint_eq(got.record, k);
		ck_assert_uint_eq(got.records, n);
		ck_assert_uint_eq(got.parts, z->parts);
		ck_assert_str_eq(got.outcome, "DONE");
		rows += read_block(block, z->block, rows, &offset);
	}
	ck_assert_uint_eq(rows, z->parts);
	free(block);
	parts_free(parts);
}
END_TEST

START_TEST(the_longest_rows_fit)
{
	struct part_row r = { .part = 1,
		.attempt = UINT64_MAX,
		.file = UINT64_MAX,
		.bytes = UINT64_MAX,
		.xxh128 = "ffffffffffffffffffffffffffffffff" },
			got;
	struct parts *parts = parts_new();
	struct header h = base;
	char block[BLOCK], err[128];
	const char *at = NULL;
	int i;

	memset(r.volume, 'W', sizeof r.volume - 1);
	ck_assert_int_eq(parts_add(parts, &r), 0);
	r.bytes = 0;
	r.offset_bytes = UINT64_MAX;
	for (i = 0; i < 16; i++) {
		r.part++;
		ck_assert_int_eq(parts_add(parts, &r), 0);
	}
	ck_assert_uint_eq(end_record_blocks(parts_count(parts), sizeof block),
	    1);
	end_record_format(&h, parts, 1, block, sizeof block);
	for (i = 0; i < 17; i++)
		ck_assert_int_eq(end_record_row(block, sizeof block, &at, &got,
				     err, sizeof err),
		    1);
	ck_assert(same(&got, &r));
	parts_free(parts);
}
END_TEST

static const char *const bad_rows[] = {
	"",
	"1",
	"1 1 1 0 10 -",
	"1 1 1 0 10 - ",
	"0 1 1 0 10 - V",
	"1 0 1 0 10 - V",
	"1 1 0 0 10 - V",
	"1 1 1 0  10 - V",
	"1 1 1 -1 10 - V",
	"1 1 1 0 10 x V",
	"1 1 1 0 10  V",
	"1 1 1 0 10 0123456789abcdef0123456789abcde V",
	"1 1 1 0 10 0123456789abcdef0123456789abcdeF V",
	"1 1 1 0 18446744073709551616 - V",
	"1 1 1 18446744073709551615 1 - V",
	"1 1 1 0 10 - 123456789012345678901234567890123",
	"1 1 1 0 10 -  V",
	"1 1 1 0 10 - V ",
	"1 1 1 0 10 - \001",
	"1 1 1 0 0x10 - V",
	"+1 1 1 0 10 - V",
};

START_TEST(a_row_that_is_malformed_is_refused)
{
	char block[BLOCK] = "", err[128] = "";
	const char *at = NULL;
	struct part_row row;

	snprintf(block, sizeof block, "row: %s\n", bad_rows[_i]);
	ck_assert_msg(end_record_row(block, sizeof block, &at, &row, err,
			  sizeof err) == -1,
	    "\"%s\" is taken", bad_rows[_i]);
	ck_assert_str_ne(err, "");
}
END_TEST

START_TEST(a_row_that_is_well_formed_is_accepted)
{
	char block[BLOCK] = "tapelab: 1\nrow: 1 2 3 4 5 - A B C\nrows: 2\n";
	const char *at = NULL;
	struct part_row row;
	char err[128];

	ck_assert_int_eq(end_record_row(block, sizeof block, &at, &row, err,
			     sizeof err),
	    1);
	ck_assert_str_eq(row.volume, "A B C");
	ck_assert_uint_eq(row.bytes, 5);
	ck_assert_int_eq(end_record_row(block, sizeof block, &at, &row, err,
			     sizeof err),
	    0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("seal");
	TCase *tc = tcase_create("seal");

	tcase_add_loop_test(tc, the_table_is_read_as_it_was_written, 0,
	    sizeof sizes / sizeof *sizes);
	tcase_add_test(tc, the_longest_rows_fit);
	tcase_add_loop_test(tc, a_row_that_is_malformed_is_refused, 0,
	    sizeof bad_rows / sizeof *bad_rows);
	tcase_add_test(tc, a_row_that_is_well_formed_is_accepted);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
