/* check_foreign.c: the data of other programs is recognised. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/format/foreign.h"
#include "splitter/format/header.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 4096 };

static char block[BLOCK];

/*
 * Each row has some bytes at an offset in a block of zeros.  NULL: the block is
 * not recognised.
 */
static const struct row {
	const char *name;
	size_t at, bytes;
	const char *what;
} rows[] = {
	{ "an ANSI label (VOL1)", 0, 11, "VOL1TAPE01 " },
	{ "an LTFS volume", 0, 28, "VOL1LTF001L             LTFS" },
	{ "an IBM standard label (VOL1, EBCDIC)", 0, 4, "\xe5\xd6\xd3\xf1" },
	{ "a tar archive", 257, 8, "ustar\00000" },
	{ "a tar archive", 257, 8, "ustar  \0" },
	{ "a cpio archive", 0, 6, "070701" },
	{ "a cpio archive", 0, 6, "070702" },
	{ "a cpio archive", 0, 6, "070707" },
	{ "a cpio archive", 0, 2, "\xc7\x71" },
	{ "a backup of dump(8)", 24, 4, "\x6c\xea\0\0" },
	{ "a backup of dump(8)", 24, 4, "\0\0\xea\x6c" },
	{ "a backup of dump(8)", 24, 4, "\x6b\xea\0\0" },
	{ "a backup of dump(8)", 24, 4, "\0\0\xea\x6b" },
	{ "a backup of dump(8)", 24, 4, "\x19\x01\x54\x19" },
	{ "a backup of dump(8)", 24, 4, "\x19\x54\x01\x19" },
	{ "a backup of xfsdump(8)", 0, 8, "xFSdump0" },
	{ "a volume of Amanda", 0, 17, "AMANDA: TAPESTART" },
	{ "a volume of Bareos or Bacula", 12, 4, "BB01" },
	{ "a volume of Bareos or Bacula", 12, 4, "BB02" },
	{ "a volume in Microsoft Tape Format", 0, 4, "TAPE" },
	{ NULL, 0, 4, "VOL2" },
	{ NULL, 1, 4, "VOL1" },
	{ NULL, 0, 0, "" },
	{ NULL, 0, 8, "tapelab:" },
};

START_TEST(a_program_is_recognised_by_its_first_block)
{
	const struct row *r = &rows[_i];
	const char *name;

	memset(block, 0, sizeof block);
	memcpy(block + r->at, r->what, r->bytes);
	name = foreign_name(block, sizeof block);
	ck_assert_msg((name == NULL) == (r->name == NULL), "%d: %s", _i,
	    name != NULL ? name : "not recognised");
	if (name != NULL)
		ck_assert_str_eq(name, r->name);
	/* A block that ends before the end of the mark is not recognised. */
	ck_assert_ptr_null(foreign_name(block, r->bytes > 0 ? r->at + 1 : 0));
}
END_TEST

/* What programs have written: see samples/README.md. */
static const char *const samples[] = { "tar-v7", "tar-ustar", "tar-gnu",
	"tar-oldgnu", "tar-posix", "cpio-bin", "cpio-swapped", "cpio-odc",
	"cpio-newc", "cpio-crc", "cpio-tar", "cpio-ustar" };

START_TEST(an_archive_of_a_program_is_recognised)
{
	const char *sample = samples[_i], *name;
	bool tar = strstr(sample, "tar") != NULL;
	char path[96];
	size_t bytes;
	FILE *f;

	snprintf(path, sizeof path, "splitter/format/tests/samples/%s", sample);
	f = fopen(path, "rb");
	ck_assert_msg(f != NULL, "%s", path);
	bytes = fread(block, 1, sizeof block, f);
	fclose(f);
	name = foreign_name(block, bytes);
	ck_assert_msg(name != NULL, "%s", sample);
	ck_assert_str_eq(name, tar ? "a tar archive" : "a cpio archive");
	ck_assert_ptr_null(foreign_name(block, 1));
}
END_TEST

START_TEST(an_ltfs_volume_is_recognised)
{
	char volume[81];

	/* Volume Label construct of the LTFS Format Specification. */
	snprintf(volume, sizeof volume, "%-24s%-55s4", "VOL1SAMPL1L", "LTFS");
	ck_assert(foreign_is_ltfs(volume, 80));
	ck_assert(!foreign_is_ltfs(volume, 27));
	volume[24] = 'X';
	ck_assert(!foreign_is_ltfs(volume, 80));
}
END_TEST

START_TEST(an_old_tar_archive_is_recognised_by_its_checksum)
{
	unsigned sum = 8 * ' ';
	size_t i;

	memset(block, 0, sizeof block);
	memcpy(block, "home/file", 9);
	memcpy(block + 100, "000644 ", 7);
	for (i = 0; i < 512; i++)
		sum += (unsigned char)block[i];
	snprintf(block + 148, 8, "%06o", sum);
	block[155] = ' ';
	ck_assert_str_eq(foreign_name(block, sizeof block), "a tar archive");
	block[0]++;
	ck_assert_ptr_null(foreign_name(block, sizeof block));
}
END_TEST

START_TEST(a_damaged_header_of_tapelab_is_not_foreign)
{
	struct header h = {
		.type = HEADER_SCRATCH, .volume = "A00001", .block_bytes = BLOCK
	};
	char why[128] = "";

	header_format(&h, NULL, 0, block, BLOCK);
	block[30] ^= 1;
	ck_assert_int_eq(header_parse(block, BLOCK, &h, why, sizeof why), -1);
	foreign_describe(block, BLOCK, why, sizeof why);
	ck_assert_ptr_null(strstr(why, "program"));
	memset(block, 'x', BLOCK);
	foreign_describe(block, BLOCK, why, sizeof why);
	ck_assert_str_eq(why, "data of an unknown program");
	foreign_describe(block, 0, why, sizeof why);
	ck_assert_str_eq(why, "data of an unknown program");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("foreign");
	TCase *tc = tcase_create("foreign");

	tcase_add_loop_test(tc, a_program_is_recognised_by_its_first_block, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_loop_test(tc, an_archive_of_a_program_is_recognised, 0,
	    sizeof samples / sizeof *samples);
	tcase_add_test(tc, an_ltfs_volume_is_recognised);
	tcase_add_test(tc, an_old_tar_archive_is_recognised_by_its_checksum);
	tcase_add_test(tc, a_damaged_header_of_tapelab_is_not_foreign);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
