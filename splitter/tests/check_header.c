/* check_header.c: headers: written, read, and refused where damaged. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/header.h"

enum { BLOCK = TAPE_BLOCK_MIN_BYTES };

static const struct header full = {
	.type = HEADER_PART, .dump = "friday's full dump", .dump_id = 0xabc,
	.volume = "MEM001L9", .sequence = 2, .block_bytes = 262144,
	.part = 17, .attempt = 3, .offset_bytes = UINT64_C(1) << 40,
	.file = 5, .before_bytes = 1048576,
	.before_xxh128 = "0123456789abcdef0123456789abcdef",
};

static const char text[] =
    "tapelab: 1\ntype: part\ndump: friday's full dump\n"
    "dump_id: 0000000000000abc\nvolume: MEM001L9\nsequence: 2\n"
    "block: 262144\npart: 17\nattempt: 3\noffset: 1099511627776\nfile: 5\n"
    "before_bytes: 1048576\n"
    "before_xxh128: 0123456789abcdef0123456789abcdef\n"
    "restore: mt -f TAPE asf 5; dd if=TAPE bs=262144 skip=1 of=PART000017\n";

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
	ck_assert_str_eq(a->before_xxh128, b->before_xxh128);
}

/* Parses text in a block whose next byte is not ours. */
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
	header_format(&full, block, sizeof block);
	ck_assert_str_eq(block, text);
	for (i = strlen(block); i < sizeof block; i++)
		ck_assert_int_eq(block[i], 0);
}
END_TEST

START_TEST(what_was_written_is_read)
{
	struct header h = full, got;
	char block[3 * BLOCK];

	header_format(&h, block, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &got), 0);
	ck_same(&h, &got);

	h.before_xxh128[0] = '\0';	/* not known */
	header_format(&h, block, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &got), 0);
	ck_same(&h, &got);

	h = (struct header){ .type = HEADER_LABEL, .dump = "a: b",
		.dump_id = UINT64_MAX, .volume = "V", .sequence = 1,
		.block_bytes = BLOCK };
	header_format(&h, block, sizeof block);
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
	h.dump_id = h.sequence = h.block_bytes = h.part = h.attempt =
	    h.offset_bytes = h.file = h.before_bytes = UINT64_MAX;
	ck_assert(header_name_ok(h.dump));
	header_format(&h, block, sizeof block);
	ck_assert_int_eq(parse(block, sizeof block, &got), 0);
	ck_same(&h, &got);
}
END_TEST

START_TEST(names_are_printable_and_not_too_long)
{
	char name[HEADER_NAME_BYTES + 1] = "";

	ck_assert(!header_name_ok(""));
	ck_assert(header_name_ok("a"));
	ck_assert(header_name_ok("a b"));
	ck_assert(!header_name_ok(" a"));
	ck_assert(!header_name_ok("a "));
	ck_assert(!header_name_ok(" "));
	ck_assert(!header_name_ok("a\nb"));
	ck_assert(!header_name_ok("a\tb"));
	ck_assert(!header_name_ok("a\177"));
	ck_assert(!header_name_ok("\303\244"));
	memset(name, 'n', HEADER_NAME_BYTES);
	ck_assert(!header_name_ok(name));
	name[HEADER_NAME_BYTES - 1] = '\0';
	ck_assert(header_name_ok(name));
}
END_TEST

START_TEST(a_block_need_not_end_with_a_zero)
{
	struct header h;

	ck_assert_int_eq(parse(text, sizeof text - 1, &h), 0);
	ck_same(&full, &h);
}
END_TEST

/* Cut anywhere before the last key that must be there, it is none. */
START_TEST(a_header_that_is_cut_is_refused)
{
	size_t n, most = (size_t)(strstr(text, "restore") - text);
	struct header h;

	for (n = 0; n < most; n++)
		ck_assert_msg(parse(text, n, &h) == -1, "%zu bytes", n);
	for (n = most + 1; n < sizeof text - 1; n++)
		ck_assert_msg(parse(text, n, &h) == -1, "%zu bytes", n);
}
END_TEST

START_TEST(keys_that_are_not_known_are_passed_over)
{
	char longer[sizeof text + 64];
	struct header h;

	snprintf(longer, sizeof longer, "%scolour: blue\nempty: \n", text);
	ck_assert_int_eq(parse(longer, strlen(longer), &h), 0);
	ck_same(&full, &h);
}
END_TEST

/* A line of the text, and what it is replaced with; "": left out. */
static const struct damage {
	const char *line, *by;
} damages[] = {
	{ "tapelab: 1\n", "" }, { "tapelab: 1\n", "tapelab: 2\n" },
	{ "tapelab: 1\n", "tapelab:1\n" }, { "tapelab: 1\n", "tapelab: \n" },
	{ "tapelab: 1\n", "tapelab: 1 \n" }, { "tapelab: 1\n", "\n" },
	{ "tapelab: 1\n", "Tapelab: 1\n" },
	{ "type: part\n", "" }, { "type: part\n", "type: parts\n" },
	{ "type: part\n", "type: \n" }, { "type: part\n", "kind: part\n" },
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
	{ "volume: MEM001L9\n", "" }, { "volume: MEM001L9\n", "volume: \n" },
	{ "volume: MEM001L9\n",
	  "volume: 123456789012345678901234567890123\n" },
	{ "volume: MEM001L9\n", "volume: \033[2J\n" },
	{ "sequence: 2\n", "" }, { "sequence: 2\n", "sequence: 0\n" },
	{ "sequence: 2\n", "sequence: -2\n" },
	{ "block: 262144\n", "" }, { "block: 262144\n", "block: 0\n" },
	{ "block: 262144\n", "block: 262144k\n" },
	{ "block: 262144\n", "block: 262144 \n" },
	{ "part: 17\n", "" }, { "part: 17\n", "part: 0\n" },
	{ "part: 17\n", "part:  17\n" }, { "part: 17\n", "part: +17\n" },
	{ "part: 17\n", "part: 0x11\n" }, { "part: 17\n", "part 17\n" },
	{ "part: 17\n", "part: 17\npart: 18\n" },
	{ "attempt: 3\n", "" }, { "attempt: 3\n", "attempt: 0\n" },
	{ "attempt: 3\n", "attempt: three\n" },
	{ "offset: 1099511627776\n", "" },
	{ "offset: 1099511627776\n", "offset: 18446744073709551616\n" },
	{ "offset: 1099511627776\n",
	  "offset: 00000000000000000000000000000000001\n" },
	{ "file: 5\n", "" }, { "file: 5\n", "file: 5.0\n" },
	{ "file: 5\n", "file\n" }, { "file: 5\n", "\n" },
	{ "before_bytes: 1048576\n", "" },
	{ "before_xxh128: 0123456789abcdef0123456789abcdef\n", "" },
	{ "before_xxh128: 0123456789abcdef0123456789abcdef\n",
	  "before_xxh128: 0123\n" },
	{ "before_xxh128: 0123456789abcdef0123456789abcdef\n",
	  "before_xxh128: 0123456789abcdef0123456789abcdeg\n" },
	{ "before_xxh128: 0123456789abcdef0123456789abcdef\n",
	  "before_xxh128: 0123456789abcdef0123456789abcdef0\n" },
};

START_TEST(a_damaged_header_is_refused)
{
	const struct damage *d = &damages[_i];
	const char *at = strstr(text, d->line);
	char damaged[sizeof text + 64];
	struct header h;

	ck_assert_ptr_nonnull(at);
	snprintf(damaged, sizeof damaged, "%.*s%s%s", (int)(at - text), text,
	    d->by, at + strlen(d->line));
	ck_assert_msg(parse(damaged, strlen(damaged), &h) == -1,
	    "%s by %s is taken", d->line, d->by);
}
END_TEST

START_TEST(what_is_no_header_is_refused)
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

/* Whatever a byte becomes, the parser reads nothing but the block. */
START_TEST(any_byte_may_be_any_other)
{
	char block[sizeof text];
	struct header h;
	size_t i;
	int by;

	for (i = 0; i < sizeof text - 1; i++)
		for (by = 0; by < 256; by += 5) {
			memcpy(block, text, sizeof text);
			block[i] = (char)(by + (int)i % 5);
			if (parse(block, sizeof block - 1, &h) != 0)
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
	SRunner *sr;
	int failed;

	tcase_add_test(tc, a_header_is_plain_text_and_zeros);
	tcase_add_test(tc, what_was_written_is_read);
	tcase_add_test(tc, the_longest_header_fits_4_kib);
	tcase_add_test(tc, names_are_printable_and_not_too_long);
	tcase_add_test(tc, a_block_need_not_end_with_a_zero);
	tcase_add_test(tc, a_header_that_is_cut_is_refused);
	tcase_add_test(tc, keys_that_are_not_known_are_passed_over);
	tcase_add_loop_test(tc, a_damaged_header_is_refused, 0,
	    sizeof damages / sizeof *damages);
	tcase_add_test(tc, what_is_no_header_is_refused);
	tcase_add_test(tc, any_byte_may_be_any_other);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
