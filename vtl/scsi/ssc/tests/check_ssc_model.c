/*
 * check_ssc_model.c: commands as bytes have the same results as typed commands:
 * for the lines of scsi_lines.h, and for random commands on two equal drives.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/ssc/tests/ssc_play.h"
#include "vtl/scsi/tests/scsi_lines.h"
#include "vtl/tests/vtl_scratch.h"

enum { DRIVES = 40, COMMANDS = 150 };

START_TEST(bytes_have_the_results_of_the_line)
{
	size_t count;

	scsi_line_run(&scsi_lines(&count)[_i], &ssc_play);
}
END_TEST

START_TEST(bytes_have_the_results_of_the_partition_line)
{
	size_t count;

	scsi_line_run(&partition_lines(&count)[_i], &ssc_play);
}
END_TEST

static uint64_t seed;

static uint64_t below(uint64_t n)
{
	return scratch_random(&seed) % n;
}

/* A drive with faults, defects and options that random numbers choose. */
static struct play_line random_drive(void)
{
	static const struct sense senses[] = {
		{ SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 },
		{ SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 },
		{ SENSE_RECOVERED, 0x17, 1, 0, 0 },
		{ SENSE_MEDIUM_ERROR, 0x3b, 0, 0, 0 },
	};
	struct play_line line = { .name = "random" };

	line.options.buffering =
	    below(2) == 0 ? DRIVE_BUFFERED : DRIVE_UNBUFFERED;
	line.options.pews_bytes = below(3) == 0 ? 300 : 0;
	line.no_early_warning = below(4) == 0;
	if (below(2) == 0)
		line.defect = (struct volume_defect){
			.at = below(900),
			.fail = below(2) == 0 ? VOLUME_FAIL_READ
					      : VOLUME_FAIL_WRITE,
			.sense = senses[below(3)],
		};
	if (below(2) == 0)
		line.fault = (struct drive_fault){
			.nth = 1 + below(20),
			.op = below(DRIVE_OPS),
			.mode = below(8) == 0 ? DRIVE_FAULT_RESET
					      : DRIVE_FAULT_FAIL,
			.once = true,
			.sense = senses[below(4)],
		};
	return line;
}

/* Writes a random command as a word. */
static void random_command(char word[32])
{
	static const struct {
		char letter;
		int least, most;
	} commands[] = {
		{ 'w', 0, 260 },
		{ 'w', 100, 100 },
		{ 'w', 100, 100 },
		{ 'W', 0, 4 },
		{ 'W', 1, 3 },
		{ 'm', 0, 3 },
		{ 'm', 1, 1 },
		{ 'i', 0, 2 },
		{ 'r', 0, 260 },
		{ 'r', 100, 100 },
		{ 's', 0, 260 },
		{ 'R', 0, 4 },
		{ 'k', 0, 0 },
		{ 'k', 50, 120 },
		{ 'k', 100, 100 },
		{ 'k', 4090, 4100 },
		{ 'v', 0, 2 },
		{ 'c', 0, 1 },
		{ 'B', 0, 0 },
		{ 'a', 1, 40 },
		{ 'h', 1, 40 },
		{ 'z', 0, 0 },
		{ 'b', -6, 6 },
		{ 'f', -4, 4 },
		{ 'E', 0, 0 },
		{ 'l', 0, 12 },
		{ 'L', 0, 4 },
		{ 'p', 0, 0 },
		{ 'q', 0, 0 },
		{ 't', 0, 0 },
		{ 'e', 0, 0 },
		{ 'x', 0, 0 },
		{ 'u', 0, 0 },
		{ 'U', 0, 0 },
		{ 'U', 0, 0 },
		{ 'j', 0, 0 },
		{ 'J', 0, 0 },
		{ 'P', 0, 0 },
		{ 'A', 0, 0 },
		{ '+', 0, 9 },
		{ 'F', 1, 4 },
		{ 'g', 0, 2 },
		{ 'G', 0, 2 },
		{ 'o', 0, 4 },
	};
	size_t i = below(sizeof commands / sizeof commands[0]);
	int n = commands[i].least +
	    (int)below((uint64_t)(commands[i].most - commands[i].least + 1));

	if (commands[i].least == 0 && commands[i].most == 0 &&
	    commands[i].letter != 'k')
		snprintf(word, 32, "%c", commands[i].letter);
	else
		snprintf(word, 32, "%c%d", commands[i].letter, n);
}

START_TEST(random_commands_have_the_same_results)
{
	static struct play typed, bytes;
	struct play_line line;
	char word[32];

	seed = (uint64_t)_i + 1;
	line = random_drive();
	play_make(&typed, &line, NULL, "typed");
	play_make(&bytes, &line, &ssc_play, "bytes");
	for (int i = 0; i < COMMANDS; i++) {
		random_command(word);
		play_run(&typed, word);
		play_run(&bytes, word);
		ck_assert_msg(strcmp(typed.said, bytes.said) == 0,
		    "seed %d, command %d, %s: typed \"%s\", bytes \"%s\"",
		    _i + 1, i, word, typed.said, bytes.said);
		/* A bad CDB is refused even while the tape still moves. */
		if (typed.last.check &&
		    typed.last.sense.sense.key == SENSE_ILLEGAL_REQUEST)
			bytes.now_ns = typed.now_ns;
		ck_assert_msg(typed.now_ns == bytes.now_ns,
		    "seed %d, command %d, %s: typed %lld, bytes %lld ns",
		    _i + 1, i, word, (long long)typed.now_ns,
		    (long long)bytes.now_ns);
		if (strchr("wWrsR", word[0]) == NULL)
			continue;
		ck_assert_uint_eq(typed.last.bytes, bytes.last.bytes);
		ck_assert_mem_eq(typed.data, bytes.data, typed.last.bytes);
	}
	play_finish(&typed);
	play_finish(&bytes);
}
END_TEST

int main(void)
{
	size_t lines, partition;
	Suite *s = suite_create("ssc_model");
	TCase *t = tcase_create("ssc_model");

	scsi_lines(&lines);
	partition_lines(&partition);
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, bytes_have_the_results_of_the_line, 0,
	    (int)lines);
	tcase_add_loop_test(t, bytes_have_the_results_of_the_partition_line, 0,
	    (int)partition);
	tcase_add_loop_test(t, random_commands_have_the_same_results, 0,
	    DRIVES);
	return run_suite(s);
}
