/* check_program.c: settings as other programs write them. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/tune/program.h"
#include "splitter/tests/run_suite.h"

#define MIB (UINT64_C(1) << 20)

/* block, buffer, part, cache, start_fill, drives, compression */
static const struct row {
	enum tune_program_id program;
	struct tune_settings settings;
	const char *text;
} rows[] = {
	{ TUNE_PROGRAM_AMANDA,
	    { { MIB, 256 * MIB, 100 << 10, SPLITTER_CACHE_SPOOL, 0, 2, 0 } },
	    "device-output-buffer-size 268435456\n"
	    "taper-parallel-write 2\n"
	    "define device drive {\n"
	    "  tapedev \"tape:/dev/nst0\"\n"
	    "  device-property \"BLOCK_SIZE\" \"1048576\"\n"
	    "  device-property \"LEOM\" \"true\"\n"
	    "}\n"
	    "define tapetype tape {\n"
	    "  part-size 100 kbytes\n"
	    "  part-cache-type disk\n"
	    "  part-cache-dir \"/var/spool/amanda\"\n"
	    "}\n" },
	{ TUNE_PROGRAM_AMANDA,
	    { { 64 << 10, 4 * MIB, 1024 * MIB, SPLITTER_CACHE_MEMORY, 0, 1,
		0 } },
	    "device-output-buffer-size 4194304\n"
	    "define device drive {\n"
	    "  tapedev \"tape:/dev/nst0\"\n"
	    "  device-property \"BLOCK_SIZE\" \"65536\"\n"
	    "  device-property \"LEOM\" \"true\"\n"
	    "}\n"
	    "define tapetype tape {\n"
	    "  part-size 1024 mbytes\n"
	    "  part-cache-type memory\n"
	    "}\n" },
	{ TUNE_PROGRAM_BAREOS,
	    { { MIB, 2 * MIB, 25600 * MIB, SPLITTER_CACHE_NONE, 0, 1, 0 } },
	    "Device {\n"
	    "  Maximum Block Size = 1048576\n"
	    "  Maximum File Size = 26843545600\n"
	    "}\n" },
	{ TUNE_PROGRAM_MBUFFER,
	    { { 64 << 10, 256 * MIB, 0, SPLITTER_CACHE_NONE, 80, 1, 0 } },
	    "mbuffer -s 64k -m 256M -P 80 -o /dev/nst0\n" },
	{ TUNE_PROGRAM_MBUFFER,
	    { { MIB, 100000000, 0, SPLITTER_CACHE_NONE, 0, 1, 0 } },
	    "mbuffer -s 1M -m 100000000b -o /dev/nst0\n" },
	{ TUNE_PROGRAM_TAPELAB,
	    { { MIB, 256 * MIB, 1024 * MIB, SPLITTER_CACHE_SPOOL, 80, 1, 0 } },
	    "tapelab write --device /dev/nst0 --dump NAME \\\n"
	    "    --block '1 MiB' --buffer '256 MiB' --part '1 GiB' \\\n"
	    "    --cache spool --streaming required --start-fill 80%\n" },
	{ TUNE_PROGRAM_TAPELAB,
	    { { MIB, 256 * MIB, 0, SPLITTER_CACHE_NONE, 0, 1, 0 } },
	    "tapelab write --device /dev/nst0 --dump NAME \\\n"
	    "    --block '1 MiB' --buffer '256 MiB' \\\n"
	    "    --cache none\n" },
};

START_TEST(settings_are_written_as_the_program_reads_them)
{
	char *text = tune_program_text(tune_program_get(rows[_i].program),
	    &rows[_i].settings);

	ck_assert_str_eq(text, rows[_i].text);
	free(text);
}
END_TEST

START_TEST(each_setting_has_a_name_or_a_reason)
{
	const struct tune_program *p = tune_program_get(_i);

	for (size_t i = 0; i < TUNE_AXES; i++)
		ck_assert_msg((p->names[i] == NULL) != (p->instead[i] == NULL),
		    "%s: %s", p->name, tune_axis_name((enum tune_axis)i));
	ck_assert_ptr_nonnull(p->versions);
	ck_assert_ptr_nonnull(p->older);
}
END_TEST

START_TEST(what_cannot_be_set_has_its_own_value)
{
	const struct tune_settings base = { { 7, 7, 7, SPLITTER_CACHE_MEMORY, 7,
	    3, 1 } };
	struct tune_settings s = { { MIB, 256 * MIB, 8 * MIB,
	    SPLITTER_CACHE_SPOOL, 50, 5, 0 } };

	tune_program_fix(tune_program_get(TUNE_PROGRAM_BAREOS), &base, &s);
	ck_assert_uint_eq(s.value[TUNE_BLOCK], MIB);
	ck_assert_uint_eq(s.value[TUNE_BUFFER], 2 * MIB);
	ck_assert_uint_eq(s.value[TUNE_PART], 8 * MIB);
	ck_assert_uint_eq(s.value[TUNE_CACHE], SPLITTER_CACHE_NONE);
	ck_assert_uint_eq(s.value[TUNE_START_FILL], 0);
	ck_assert_uint_eq(s.value[TUNE_DRIVES], 5);
	ck_assert_uint_eq(s.value[TUNE_COMPRESSION], 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("program");
	TCase *tc = tcase_create("program");

	tcase_add_loop_test(tc, settings_are_written_as_the_program_reads_them,
	    0, sizeof rows / sizeof *rows);
	tcase_add_loop_test(tc, each_setting_has_a_name_or_a_reason, 0,
	    TUNE_PROGRAMS);
	tcase_add_test(tc, what_cannot_be_set_has_its_own_value);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
