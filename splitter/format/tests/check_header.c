/* check_header.c: headers are written, read, and refused if damaged. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/header.h"
#include "splitter/format/sum.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = TAPE_BLOCK_MIN_BYTES };

static const struct header full = {
	.type = HEADER_PART,
	.dump = "friday's full dump",
	.dump_id = 0xabc,
	.volume = "MEM001L9",
	.sequence = 2,
	.block_bytes = 262144,
	.part = 17,
	.attempt = 3,
	.offset_bytes = UINT64_C(1) << 40,
	.file = 5,
	.before_attempt = 2,
	.before_bytes = 1048576,
	.before_xxh128 = "0123456789abcdef0123456789abcdef",
};

/* A header without its checksum line, which sign() adds. */
static const char text[] =
    "tapelab: 1\ntype: part\nvolume: MEM001L9\nblock: 262144\n"
    "dump: friday's full dump\ndump_id: 0000000000000abc\nsequence: 2\n"
    "mode: variable\npart: 17\nattempt: 3\noffset: 1099511627776\n"
    "file: 5\nbefore_attempt: 2\nbefore_bytes: 1048576\n"
    "before_xxh128: 0123456789abcdef0123456789abcdef\n"
    "restore: mt -f TAPE asf 5; dd if=TAPE bs=262144 skip=1 of=PART000017\n";

/* Returns the text followed by the line with its checksum. */
static const char *sign(const char *unsigned_text)
{
	static char signed_text[3 * BLOCK];
	char sum[SUM_TEXT_BYTES];

	sum_text_of(unsigned_text, strlen(unsigned_text), sum);
	snprintf(signed_text, sizeof signed_text, "%scheck: %s\n",
	    unsigned_text, sum);
	return signed_text;
}

static void ck_same(const struct header *a, const struct header *b)
{
	ck_assert_int_eq(a->type, b->type);
	ck_assert_str_eq(a->dump, b->dump);
	ck_assert_uint_eq(a->dump_id, b->dump_id);
	ck_assert_str_eq(a->volume, b->volume);
	ck_assert_uint_eq(a->sequence, b->sequence);
	ck_assert_uint_eq(a->block_bytes, b->block_bytes);
	ck_assert_uint_eq(a->part, b->part);
	ck_assert_uint_eq(a->attempt, b->attempt);
	ck_assert_uint_eq(a->offset_bytes, b->offset_bytes);
	ck_assert_uint_eq(a->file, b->file);
	ck_assert_uint_eq(a->before_bytes, b->before_bytes);
	ck_assert_uint_eq(a->before_attempt, b->before_attempt);
	ck_assert_str_eq(a->before_xxh128, b->before_xxh128);
	ck_assert_str_eq(a->begun, b->begun);
	ck_assert_int_eq(a->fixed, b->fixed);
	ck_assert_str_eq(a->outcome, b->outcome);
	ck_assert_uint_eq(a->bytes, b->bytes);
	ck_assert_uint_eq(a->parts, b->parts);
	ck_assert_uint_eq(a->record, b->record);
	ck_assert_uint_eq(a->records, b->records);
	ck_assert_str_eq(a->xxh128, b->xxh128);
}

/* Parses text in a block; the byte after the block must not be read. */
static int parse(const char *from, size_t bytes, struct header *h)
{
	char *block = malloc(bytes + 1), err[256] = "";
	int result;

	ck_assert_ptr_nonnull(block);
	memcpy(block, from, bytes);
	block = realloc(block, bytes == 0 ? 1 : bytes);
	result = header_parse(block, bytes, h, err, sizeof err);
	ck_assert(result == 0 || err[0] != '\0');
	free(block);
	return result;
}

START_TEST(a_header_is_plain_text_and_zeros)
{
	char block[BLOCK];
	size_t i;

	memset(block, 'x', sizeof block);
	header_format(&full, NULL, 0, block, sizeof block);
	ck_assert_str_eq(block, sign(text));
	for (i = strlen(block); i < sizeof block; i++)
		ck_assert_int_eq(block[i], 0);
}
END_TEST

START_TEST(a_written_header_is_read)
{
	struct header h = full, got;
	char block[3 * BLOCK];

	header_format(&h, NULL, 0, block, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &got), 0);
	ck_same(&h, &got);

	h.before_xxh128[0] = '\0'; /* an unknown checksum */
	header_format(&h, NULL, 0, block, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &got), 0);
	ck_same(&h, &got);

	h = (struct header){ .type = HEADER_LABEL,
		.dump = "a: b",
		.dump_id = UINT64_MAX,
		.volume = "V",
		.sequence = 1,
		.block_bytes = BLOCK,
		.fixed = true,
		.begun = "2026-01-31T23:59:59Z" };
	header_format(&h, NULL, 0, block, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &got), 0);
	ck_same(&h, &got);

	h = (struct header){
		.type = HEADER_SCRATCH, .volume = "V", .block_bytes = BLOCK
	};
	header_format(&h, NULL, 0, block, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &got), 0);
	ck_same(&h, &got);

	h = (struct header){ .type = HEADER_END,
		.dump = "a",
		.dump_id = 1,
		.volume = "V",
		.sequence = 9,
		.block_bytes = BLOCK,
		.file = 8,
		.outcome = "PARTIAL",
		.bytes = 7,
		.parts = 6,
		.record = 4,
		.records = 5,
		.xxh128 = "0123456789abcdef0123456789abcdef" };
	header_format(&h, NULL, 0, block, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &got), 0);
	ck_same(&h, &got);
}
END_TEST

START_TEST(the_longest_header_fits_4_kib)
{
	struct header h = full, got;
	char block[BLOCK];

	memset(h.dump, '~', HEADER_NAME_BYTES - 1);
	memset(h.volume, 'W', TAPE_BARCODE_BYTES - 1);
	h.dump_id = h.sequence = h.part = h.attempt = h.offset_bytes = h.file =
	    h.before_bytes = h.before_attempt = UINT64_MAX;
	h.block_bytes = TAPE_BLOCK_MAX_BYTES;
	strcpy(h.begun, "2026-01-31T23:59:59Z");
	ck_assert(header_name_valid(h.dump));
	header_format(&h, NULL, 0, block, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &got), 0);
	ck_same(&h, &got);
}
END_TEST

START_TEST(names_are_printable_and_of_limited_length)
{
	char name[HEADER_NAME_BYTES + 1] = "";

	ck_assert(!header_name_valid(""));
	ck_assert(header_name_valid("a"));
	ck_assert(header_name_valid("a b"));
	ck_assert(!header_name_valid(" a"));
	ck_assert(!header_name_valid("a "));
	ck_assert(!header_name_valid(" "));
	ck_assert(!header_name_valid("a\nb"));
	ck_assert(!header_name_valid("a\tb"));
	ck_assert(!header_name_valid("a\177"));
	ck_assert(!header_name_valid("\303\244"));
	memset(name, 'n', HEADER_NAME_BYTES);
	ck_assert(!header_name_valid(name));
	name[HEADER_NAME_BYTES - 1] = '\0';
	ck_assert(header_name_valid(name));
}
END_TEST

START_TEST(a_block_need_not_end_with_a_zero)
{
	const char *whole = sign(text);
	struct header h;

	ck_assert_int_eq(parse(whole, strlen(whole), &h), 0);
	ck_same(&full, &h);
}
END_TEST

START_TEST(a_truncated_header_is_refused)
{
	const char *whole = sign(text);
	struct header h;
	size_t n;

	for (n = 0; n < strlen(whole); n++)
		ck_assert_msg(parse(whole, n, &h) == -1, "%zu bytes", n);
}
END_TEST

/* The last lines are removed, and the rest gets a valid checksum. */
START_TEST(a_header_without_its_last_keys_is_refused)
{
	size_t n, most = (size_t)(strstr(text, "restore") - text);
	char cut[sizeof text];
	const char *whole;
	struct header h;

	for (n = 0; n < most; n++) {
		snprintf(cut, sizeof cut, "%.*s", (int)n, text);
		whole = sign(cut);
		ck_assert_msg(parse(whole, strlen(whole), &h) == -1,
		    "%zu bytes", n);
	}
}
END_TEST

START_TEST(unknown_keys_are_ignored)
{
	char longer[sizeof text + 64];
	const char *whole;
	struct header h;

	snprintf(longer, sizeof longer,
	    "%scolour: blue\nempty: \n"
	    "records: none\n",
	    text);
	whole = sign(longer);
	ck_assert_int_eq(parse(whole, strlen(whole), &h), 0);
	ck_same(&full, &h);
}
END_TEST

/*
 * Each row has a line of the text and its replacement; "": the line is removed.
 */
static const struct damage {
	const char *line, *by;
} damages[] = {
	{ "tapelab: 1\n", "" },
	{ "tapelab: 1\n", "tapelab: 2\n" },
	{ "tapelab: 1\n", "tapelab:1\n" },
	{ "tapelab: 1\n", "tapelab: \n" },
	{ "tapelab: 1\n", "tapelab: 1 \n" },
	{ "tapelab: 1\n", "\n" },
	{ "tapelab: 1\n", "Tapelab: 1\n" },
	{ "type: part\n", "" },
	{ "type: part\n", "type: parts\n" },
	{ "type: part\n", "type: \n" },
	{ "type: part\n", "kind: part\n" },
	{ "dump: friday's full dump\n", "" },
	{ "dump: friday's full dump\n", "dump: \n" },
	{ "dump: friday's full dump\n", "dump:  x\n" },
	{ "dump: friday's full dump\n", "dump: a\033b\n" },
	{ "dump: friday's full dump\n", "dump: a\ndump: a\n" },
	{ "dump_id: 0000000000000abc\n", "" },
	{ "dump_id: 0000000000000abc\n", "dump_id: xyz\n" },
	{ "dump_id: 0000000000000abc\n", "dump_id: 0x00000000000abc\n" },
	{ "dump_id: 0000000000000abc\n", "dump_id: abc\n" },
	{ "dump_id: 0000000000000abc\n", "dump_id: 00000000000000abc\n" },
	{ "volume: MEM001L9\n", "" },
	{ "volume: MEM001L9\n", "volume: \n" },
	{ "volume: MEM001L9\n", "volume: 123456789012345678901234567890123\n" },
	{ "volume: MEM001L9\n", "volume: \033[2J\n" },
	{ "sequence: 2\n", "" },
	{ "sequence: 2\n", "sequence: 0\n" },
	{ "sequence: 2\n", "sequence: -2\n" },
	{ "block: 262144\n", "" },
	{ "block: 262144\n", "block: 0\n" },
	{ "block: 262144\n", "block: 262144k\n" },
	{ "block: 262144\n", "block: 4095\n" },
	{ "block: 262144\n", "block: 67108865\n" },
	{ "block: 262144\n", "block: 666666666666666\n" },
	{ "block: 262144\n", "block: 262144 \n" },
	{ "mode: variable\n", "" },
	{ "mode: variable\n", "mode: \n" },
	{ "mode: variable\n", "mode: Fixed\n" },
	{ "mode: variable\n", "mode: variable\nbegun: yesterday\n" },
	{ "mode: variable\n", "mode: variable\nbegun: \n" },
	{ "before_attempt: 2\n", "" },
	{ "before_attempt: 2\n", "before_attempt: x\n" },
	{ "part: 17\n", "" },
	{ "part: 17\n", "part: 0\n" },
	{ "part: 17\n", "part:  17\n" },
	{ "part: 17\n", "part: +17\n" },
	{ "part: 17\n", "part: 0x11\n" },
	{ "part: 17\n", "part 17\n" },
	{ "part: 17\n", "part: 17\npart: 18\n" },
	{ "attempt: 3\n", "" },
	{ "attempt: 3\n", "attempt: 0\n" },
	{ "attempt: 3\n", "attempt: three\n" },
	{ "offset: 1099511627776\n", "" },
	{ "offset: 1099511627776\n", "offset: 18446744073709551616\n" },
	{ "offset: 1099511627776\n",
	    "offset: 00000000000000000000000000000000001\n" },
	{ "file: 5\n", "" },
	{ "file: 5\n", "file: 5.0\n" },
	{ "file: 5\n", "file\n" },
	{ "file: 5\n", "\n" },
	{ "before_bytes: 1048576\n", "" },
	{ "before_xxh128: 0123456789abcdef0123456789abcdef\n", "" },
	{ "before_xxh128: 0123456789abcdef0123456789abcdef\n",
	    "before_xxh128: 0123\n" },
	{ "before_xxh128: 0123456789abcdef0123456789abcdef\n",
	    "before_xxh128: 0123456789abcdef0123456789abcdeg\n" },
	{ "before_xxh128: 0123456789abcdef0123456789abcdef\n",
	    "before_xxh128: 0123456789abcdef0123456789abcdef0\n" },
	{ "before_xxh128: 0123456789abcdef0123456789abcdef\n",
	    "before_xxh128: 0123456789ABCDEF0123456789ABCDEF\n" },
};

START_TEST(a_damaged_header_is_refused)
{
	const struct damage *d = &damages[_i];
	const char *at = strstr(text, d->line);
	char damaged[sizeof text + 64];
	const char *whole;
	struct header h;

	ck_assert_ptr_nonnull(at);
	snprintf(damaged, sizeof damaged, "%.*s%s%s", (int)(at - text), text,
	    d->by, at + strlen(d->line));
	whole = sign(damaged);
	ck_assert_msg(parse(whole, strlen(whole), &h) == -1,
	    "%s by %s is taken", d->line, d->by);
}
END_TEST

START_TEST(a_block_that_is_not_a_header_is_refused)
{
	char block[BLOCK];
	struct header h;

	memset(block, 0, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &h), -1);
	memset(block, 'x', sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &h), -1);
	memset(block, '\n', sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &h), -1);
	memset(block, ':', sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &h), -1);
	ck_assert_int_eq(parse("", 0, &h), -1);
}
END_TEST

START_TEST(a_change_of_any_byte_is_detected)
{
	char block[sizeof text + 64];
	const char *whole = sign(text);
	size_t i, n = strlen(whole);
	struct header h;
	int by;

	for (i = 0; i < n; i++)
		for (by = 1; by < 256; by += 5) {
			memcpy(block, whole, n);
			block[i] = (char)(block[i] ^ by);
			ck_assert_msg(parse(block, n, &h) == -1, "byte %zu", i);
		}
}
END_TEST

/* The parser reads only the block, whatever value a byte has. */
START_TEST(any_byte_may_have_any_value)
{
	char damaged[sizeof text];
	const char *whole;
	struct header h;
	size_t i;
	int by;

	for (i = 0; i < sizeof text - 1; i++)
		for (by = 0; by < 256; by += 5) {
			memcpy(damaged, text, sizeof text);
			damaged[i] = (char)(by + (int)i % 5);
			whole = sign(damaged);
			if (parse(whole, strlen(whole), &h) != 0)
				continue;
			ck_assert_uint_lt(strlen(h.dump), sizeof h.dump);
			ck_assert_uint_lt(strlen(h.volume), sizeof h.volume);
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("header");
	TCase *tc = tcase_create("header");

	tcase_add_test(tc, a_header_is_plain_text_and_zeros);
	tcase_add_test(tc, a_written_header_is_read);
	tcase_add_test(tc, the_longest_header_fits_4_kib);
	tcase_add_test(tc, names_are_printable_and_of_limited_length);
	tcase_add_test(tc, a_block_need_not_end_with_a_zero);
	tcase_add_test(tc, a_truncated_header_is_refused);
	tcase_add_test(tc, a_header_without_its_last_keys_is_refused);
	tcase_add_test(tc, unknown_keys_are_ignored);
	tcase_add_loop_test(tc, a_damaged_header_is_refused, 0,
	    sizeof damages / sizeof *damages);
	tcase_add_test(tc, a_block_that_is_not_a_header_is_refused);
	tcase_add_test(tc, a_change_of_any_byte_is_detected);
	tcase_add_test(tc, any_byte_may_have_any_value);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
