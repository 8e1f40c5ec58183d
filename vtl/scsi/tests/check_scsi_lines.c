/*
 * check_scsi_lines.c: the results of a drive, line by line, for everything that
 * programs rely on.  Names: E end of medium, B buffering, W writing, R reading,
 * M moving, S states and sense data, L logs.  The words are those of
 * scsi_play.h.
 *
 * Blocks have 100 bytes, the medium has room for ten, the ninth meets the early
 * warning; a block takes a second, and the buffer holds five.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/drive_fixture.h"
#include "vtl/scsi/tests/scsi_play.h"

#define NINE  "w100 w100 w100 w100 w100 w100 w100 w100 w100"
#define EIGHT "w100 w100 w100 w100 w100 w100 w100 w100"
#define GOOD8 "- - - - - - - -"
#define ERROR                                     \
	{                                         \
		SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 \
	}
#define READ_ERROR                                \
	{                                         \
		SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 \
	}
#define SOFT_WRITE                             \
	{                                      \
		SENSE_RECOVERED, 0x0c, 0, 0, 0 \
	}
#define SOFT_READ                              \
	{                                      \
		SENSE_RECOVERED, 0x17, 1, 0, 0 \
	}

#define LINE(n, c, s, ...)                                       \
	{                                                        \
		.name = n, .commands = c, .said = s, __VA_ARGS__ \
	}

static const struct play_line lines[] = {
	LINE("E1 the block that crosses the early warning is on tape",
	    NINE " p", GOOD8 " 0/00/02e=0 9,0E"),
	LINE("E2 each later block past the early warning is on tape",
	    NINE " w50 w50 p", GOOD8 " 0/00/02e=0 0/00/02e=0 0/00/02e=0 11,0E"),
	LINE("E3 no part of a block that does not fit is on tape",
	    NINE " w101 w100 w1 p",
	    GOOD8 " 0/00/02e=0 D/00/02e=101 D/00/02e=100 D/00/02e=1 9,0E"),
	LINE("E4 without early warning only the end is reported",
	    NINE " w100 w100 p", GOOD8 " - - D/00/02e=100 10,0",
	    .no_early_warning = true),
	LINE("E5 fixed blocks: the residual is in blocks", "k100 W8 W3 W2 p",
	    "- - 0/00/02e=2 0/00/02e=1 10,0E"),
	LINE("E6 fixed blocks: the residual at the end", "k100 W9 W1 W2",
	    "- 0/00/02e=0 0/00/02e=0 D/00/02e=2"),
	LINE("E7 a filemark past the early warning succeeds with EOM",
	    NINE " m1 i1 p",
	    GOOD8 " 0/00/02e=0 0/00/02e=0 0/00/02e=0 "
		  "11,2E"),
	LINE("E8 a filemark at the physical end succeeds", NINE " w100 w100 m1",
	    GOOD8 " 0/00/02e=0 0/00/02e=0 D/00/02e=100 0/00/02e=0"),
	LINE("E9 a filemark with a size may not fit", NINE " w40 m1 p",
	    GOOD8 " 0/00/02e=0 0/00/02e=0 D/00/02e=1 10,0E",
	    .options.layout.filemark_bytes = 100),
	LINE("E10 a medium error past the early warning has EOM",
	    NINE " w100 p", GOOD8 " 0/00/02e=0 3/0C/00e=100 9,0E",
	    .defect_byte = 950),
	LINE("E11 the programmable early warning is reported once",
	    "w100 w100 w100 w100 w100 w100 w100 w100 w100 p",
	    "- - - - - 0/00/07e=0 - - 0/00/02e=0 9,0EP",
	    .options.pews_bytes = 300),
	LINE("E12 the early warning is delayed by blocks", NINE " w100 w100",
	    GOOD8 " - 0/00/02e=0 D/00/02e=100",
	    .options.early_warning_delay_blocks = 1),
	LINE("E13 residual under: one block less than on tape is reported",
	    NINE " m1 p", GOOD8 " 0/00/02e=100 0/00/02e=0 10,1E",
	    .options.residual = DRIVE_RESIDUAL_UNDER),
	LINE("E14 residual over: one block more than on tape is reported",
	    NINE " m1 p", GOOD8 " 0/00/02e=0 - 9,1",
	    .options.residual = DRIVE_RESIDUAL_OVER),
	LINE("E15 compression makes room", NINE " w100 w100 p",
	    GOOD8 " - - - 11,0", .options.layout.ratio_permille = 2000),
	LINE("E16 compression that is off makes no room", "c0 " NINE,
	    "- " GOOD8 " 0/00/02e=0", .options.layout.ratio_permille = 2000),

	LINE("B1 a write is acknowledged in the buffer", "w100 w100 p",
	    "- - 2,0", .options.buffering = DRIVE_BUFFERED),
	LINE("B2 a later command reports a deferred error", "w100 w100 +9 t p",
	    "- - - 3/0C/00d=100 1,0", .options.buffering = DRIVE_BUFFERED,
	    .defect_byte = 150),
	LINE("B3 a filemark reports a deferred error and is not written",
	    "w100 w100 m1 p", "- - 3/0C/00d=100 1,0",
	    .options.buffering = DRIVE_BUFFERED, .defect_byte = 150),
	LINE("B4 an immediate filemark does not flush", "w100 w100 i1 p m0",
	    "- - - 3,1 3/0C/00d=100", .options.buffering = DRIVE_BUFFERED,
	    .defect_byte = 150),
	LINE("B5 a filemark count of 0 flushes", "w100 w100 m0",
	    "- - 3/0C/00d=100", .options.buffering = DRIVE_BUFFERED,
	    .defect_byte = 150),
	LINE("B6 READ POSITION reports a deferred error", "w100 w100 +9 p p",
	    "- - - 3/0C/00d=100 1,0", .options.buffering = DRIVE_BUFFERED,
	    .defect_byte = 150),
	LINE("B7 REQUEST SENSE reports a deferred error", "w100 w100 +9 q t",
	    "- - - 3/0C/00d=100 -", .options.buffering = DRIVE_BUFFERED,
	    .defect_byte = 150),
	LINE("B8 an unbuffered drive reports an error at once", "w100 w100",
	    "- 3/0C/00=100", .defect_byte = 150),
	LINE("B9 MODE SELECT sets buffered mode", "B0 w100 w100 m1",
	    "- - - 3/0C/00d=100", .defect_byte = 150),
	LINE("B13 with a block length, lost data is counted in blocks",
	    "k100 W4 m0", "- - 3/0C/00d=3", .options.buffering = DRIVE_BUFFERED,
	    .defect_byte = 150),
	LINE("B14 each loss is counted and reported once",
	    "w100 w100 w100 w100 w100 w100 w100 w100 t w100 w100 m0",
	    "- - - - - - 3/0C/00d=500 - - - - 3/0C/00d=300",
	    .options.buffering = DRIVE_BUFFERED, .defect_byte = 150,
	    .fault = { .nth = 8,
		.op = DRIVE_WRITE,
		.once = true,
		.deferred = true,
		.sense = ERROR }),
	LINE("B15 a loss is reported before the error of the next block",
	    "w100 w100 w100 w100 w100 w100 w100 t",
	    "- - - - - - 3/0C/00d=500 -", .options.buffering = DRIVE_BUFFERED,
	    .defect_byte = 150,
	    .fault = { .nth = 7,
		.op = DRIVE_WRITE,
		.once = true,
		.deferred = true,
		.sense = ERROR }),
	LINE("B16 the loss of a silent reset is not counted later",
	    "w100 w100 w100 w100 m0", "- - - - 3/0C/00d=100",
	    .options.buffering = DRIVE_BUFFERED, .defect_byte = 150,
	    .fault = { .nth = 3,
		.op = DRIVE_WRITE,
		.once = true,
		.mode = DRIVE_FAULT_SILENT_RESET }),
	LINE("B17 a write that fails after a move cuts nothing off",
	    "w100 w100 w100 w100 w100 w100 p E p",
	    "- - - - - 3/0C/00d=200 0,0B - 3,0",
	    .options.buffering = DRIVE_BUFFERED, .defect_byte = 350,
	    .fault = { .nth = 6,
		.op = DRIVE_WRITE,
		.once = true,
		.mode = DRIVE_FAULT_MOVE }),
	LINE("B18 a filemark that fails after a move cuts nothing off",
	    "w100 w100 w100 w100 w100 i1 p E p",
	    "- - - - - 3/0C/00d=200 0,0B - 3,0",
	    .options.buffering = DRIVE_BUFFERED, .defect_byte = 350,
	    .fault = { .nth = 1,
		.op = DRIVE_FILEMARK,
		.once = true,
		.mode = DRIVE_FAULT_MOVE }),
	LINE("B11 an unload with a deferred error does not eject",
	    "w100 w100 u t u t", "- - 3/0C/00d=100 - - 2/3A/00",
	    .options.buffering = DRIVE_BUFFERED, .defect_byte = 150),
	LINE("B12 an unload that fails does not eject", "w9 u p u t",
	    "- 4/53/00 4/53/00 - 2/3A/00",
	    .fault = { .nth = 1,
		.op = DRIVE_UNLOAD,
		.once = true,
		.sense = { SENSE_HARDWARE_ERROR, 0x53, 0, 0, 0 } }),
	LINE("B10 a rewind with a deferred error does not move",
	    "w100 w100 z p", "- - 3/0C/00d=100 1,0",
	    .options.buffering = DRIVE_BUFFERED, .defect_byte = 150),

	LINE("W1 one write is one block", "w100 w37 w1 z r100 r37 r1",
	    "- - - - 100 37 1"),
	LINE("W2 a block longer than the limit", "w4097 w4096",
	    "5/24/00 D/00/02e=4096"),
	LINE("W3 a count of 0", "w0 W0 p", "- 5/24/00 0,0B"),
	LINE("W4 fixed blocks need a length", "W1 k100 W2 p",
	    "5/24/00 - - 2,0"),
	LINE("W5 a fixed length above the limit", "k5000", "5/26/00"),
	LINE("W6 a write removes all later objects",
	    "w10 w10 m1 w10 l1 w10 r10 E p", "- - - - - - 8/00/05=10 - 2,0"),
	LINE("W7 a filemark removes all later objects",
	    "w10 w10 w10 l1 m1 r10 z f2", "- - - - - 8/00/05=10 - 8/00/05=1"),
	LINE("W8 an erase removes all later objects", "w10 w10 w10 l1 e r10",
	    "- - - - - 8/00/05=10"),

	LINE("R1 a block shorter than the request", "w50 z r100",
	    "- - 0/00/00i=50"),
	LINE("R2 a shorter block with SILI", "w50 z s100", "- - 50"),
	LINE("R3 a longer block is passed", "w100 w50 z r70 r50",
	    "- - - 0/00/00i=-30 50"),
	LINE("R4 a longer block with SILI, variable mode", "w100 w50 z s70 r50",
	    "- - - 70 50"),
	LINE("R5 SILI does not hide a longer block in fixed mode",
	    "w100 w50 k60 z s70 s70", "- - - - 0/00/00i=-30 50"),
	LINE("R6 a filemark is passed", "w10 m1 w20 z r10 r10 p r20",
	    "- - - - 10 0/00/01f=10 2,1 20"),
	LINE("R7 the end of data", "w10 m1 z r10 r10 r10 r10",
	    "- - - 10 0/00/01f=10 8/00/05=10 8/00/05=10"),
	LINE("R8 a blank tape", "r10", "8/00/05=10"),
	LINE("R9 fixed blocks: a filemark ends the read",
	    "k10 W3 m1 W2 z R5 R5 p", "- - - - - 0/00/01f=2 8/00/05=3 6,1"),
	LINE("R10 fixed blocks: a block of another length",
	    "w10 w10 w7 w10 k10 z R4 R1", "- - - - - - 0/00/00i=2 10"),
	LINE("R11 fixed blocks need a length, and no SILI", "R1 k10 W1 z R1",
	    "5/24/00 - - - 10"),
	LINE("R12 a count of 0", "w10 z r0 p", "- - 0 0,0B"),
	LINE("R13 a block that cannot be read", "w10 w10 z r10 r10 r10",
	    "- - - 10 3/11/00=10 8/00/05=10",
	    .fault = { .nth = 2,
		.op = DRIVE_READ,
		.once = true,
		.sense = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 } }),

	LINE("M1 blocks end after a filemark", "w9 w9 m1 w9 z b3 p",
	    "- - - - - 0/00/01f=1 3,1"),
	LINE("M2 blocks back end before a filemark", "w9 w9 m1 w9 b-3 p",
	    "- - - - 0/00/01f=2 2,0"),
	LINE("M3 filemarks back end before the last one", "w9 m1 w9 m1 f-2 p",
	    "- - - - - 1,0"),
	LINE("M4 filemarks back end at BOT", "w9 z f-1 p",
	    "- - 0/00/04e=1 0,0B"),
	LINE("M5 filemarks end at EOD", "w9 m1 w9 z f2 p",
	    "- - - - 8/00/05=1 3,1"),
	LINE("M6 blocks end at EOD", "w9 w9 z b5 p", "- - - 8/00/05=3 2,0"),
	LINE("M7 space to EOD", "w9 m1 w9 z E p", "- - - - - 3,1"),
	LINE("M8 locate an object, and a file", "w9 m1 w9 w9 l3 p L1 p L0 p",
	    "- - - - - 3,1 - 2,1 - 0,0B"),
	LINE("M9 locate after EOD", "w9 l2 p L1", "- 8/00/05 1,0 8/00/05"),
	LINE("M10 numbers of 64 bits", "w9 l4294967297 b9223372036854775807",
	    "- 8/00/05 8/00/05=9223372036854775807"),

	LINE("S1 an unloaded drive has no medium", "u t w9 U t",
	    "- 2/3A/00 2/3A/00 - -"),
	LINE("S2 a loading drive is becoming ready", "u J t +1200 t +3600 t",
	    "- - 2/04/01 - 2/04/01 - -",
	    .options.media_initialization_ns = INT64_C(2400000000000)),
	LINE("S3 removal is prevented", "P u A u t", "- 5/53/02 - - 2/3A/00"),
	LINE("S4 a reset is reported once, then the position is lost",
	    "w9 ! t t p w9 r9 b-1 m1 m0 z p w9",
	    "- - 6/29/00 - 0,0U 3/3B/00=9 3/3B/00=9 3/3B/00=1 3/3B/00=1 "
	    "3/3B/00 - 0,0B -"),
	LINE("S5 a reset between writes", "w9 w9 t w9 z w9",
	    "- 6/29/00 - 3/3B/00=9 - -",
	    .fault = { .nth = 2,
		.op = DRIVE_WRITE,
		.mode = DRIVE_FAULT_RESET,
		.once = true }),
	LINE("S16 a reset restores the default modes", "k9 W1 W1 z W1 P W1",
	    "- - 6/29/00 - 5/24/00 - 5/24/00",
	    .fault = { .nth = 2,
		.op = DRIVE_WRITE,
		.mode = DRIVE_FAULT_RESET,
		.once = true }),
	LINE("S6 a write-once medium", "w9 w9 z w9 E w9", "- - - 7/30/0C - -",
	    .barcode = "VOL001LY"),
	LINE("S17 a load that fails leaves the volume unloaded", "u U t U t",
	    "- 3/52/00 2/3A/00 - -",
	    .fault = { .nth = 2,
		.op = DRIVE_LOAD,
		.once = true,
		.sense = { SENSE_MEDIUM_ERROR, 0x52, 0, 0, 0 } }),
	LINE("S18 a drive that fails during a load keeps the volume",
	    "u U t u t U t", "- 4/53/00 4/53/00 - 2/3A/00 - -",
	    .fault = { .nth = 2,
		.op = DRIVE_LOAD,
		.once = true,
		.sense = { SENSE_HARDWARE_ERROR, 0x53, 0, 0, 0 } }),
	LINE("S19 a drive that is reset during a load keeps the volume",
	    "w9 u U t p z r9", "- - 6/29/00 - 0,0U - 9",
	    .fault = { .nth = 2,
		.op = DRIVE_LOAD,
		.once = true,
		.mode = DRIVE_FAULT_RESET }),
	LINE("S20 MODE SELECT reports a hardware error, then works",
	    "w9 w9 +9 k9 k9 t", "- - - 4/44/00d=9 - 4/44/00",
	    .options.buffering = DRIVE_BUFFERED,
	    .defect = { .at = 10,
		.sense = { SENSE_HARDWARE_ERROR, 0x44, 0, 0, 0 } }),
	LINE("S7 the drive requests cleaning", "u U t a20 a20",
	    "- 1/00/17 - 1 0", .options.clean_after_loads = 1),
	LINE("S8 a hardware error is permanent", "w9 w9 z t",
	    "- 4/44/00=9 4/44/00 4/44/00",
	    .fault = { .nth = 2,
		.op = DRIVE_WRITE,
		.once = true,
		.sense = { SENSE_HARDWARE_ERROR, 0x44, 0, 0, 0 } }),
	LINE("S9 a lost position is found by a rewind", "w9 w9 w9 z w9",
	    "- 3/3B/00=9 3/3B/00=9 - -",
	    .fault = { .nth = 2,
		.op = DRIVE_WRITE,
		.once = true,
		.sense = { SENSE_MEDIUM_ERROR, 0x3b, 0, 0, 0 } }),
	LINE("S10 a write with a recovered error is done", "w9 w9 p",
	    "- 1/5D/00=0 2,0",
	    .fault = { .nth = 2,
		.op = DRIVE_WRITE,
		.once = true,
		.sense = { SENSE_RECOVERED, 0x5d, 0, 0, 0 } }),

	LINE("S11 a recovered error does not end a write of fixed blocks",
	    "k9 W9 m0 p", "- 1/0C/00=0 - 9,0",
	    .defect = { .at = 20, .sense = SOFT_WRITE }),
	LINE("S12 a recovered block is read", "w9 z r9 p", "- - 1/17/01 1,0",
	    .defect = { .fail = VOLUME_FAIL_READ, .sense = SOFT_READ }),
	LINE("S13 a recovered error does not end a read of fixed blocks",
	    "k9 W9 z R9 p", "- - - 1/17/01=0 9,0",
	    .defect = { .fail = VOLUME_FAIL_READ,
		.at = 30,
		.sense = SOFT_READ }),
	LINE("S14 a block that cannot be read is passed",
	    "w9 w9 w9 z r9 r9 p "
	    "r9",
	    "- - - - 9 3/11/00=9 2,0 9",
	    .defect = { .at = 9,
		.fail = VOLUME_FAIL_READ,
		.sense = READ_ERROR }),
	LINE("S15 fixed blocks: good blocks before an error are counted",
	    "k9 W9 z R9 p", "- - - 3/11/00=5 5,0",
	    .defect = { .fail = VOLUME_FAIL_READ,
		.at = 4,
		.unit = VOLUME_OBJECTS,
		.sense = READ_ERROR }),

	LINE("L1 page 2Eh clears the flags, page 12h does not",
	    "w9 h4 h4 a4 h4 a4", "3/0C/00=9 1 1 1 0 0", .defect_byte = 5),
	LINE("L2 the flags of a write error", "w9 h3 h5 h6 h30",
	    "3/0C/00=9 1 0 1 0", .defect_byte = 5),
	LINE("L3 the flags of a read error", "w9 z r9 h3 h4 h5 h6",
	    "- - 3/11/00=9 1 1 1 0",
	    .fault = { .nth = 1,
		.op = DRIVE_READ,
		.sense = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 } }),
	LINE("L4 the flag of a hardware error", "w9 h30 h3", "4/44/00=9 1 0",
	    .fault = { .nth = 1,
		.op = DRIVE_WRITE,
		.sense = { SENSE_HARDWARE_ERROR, 0x44, 0, 0, 0 } }),
	LINE("L5 the flag of a predicted failure", "w9 a38", "1/5D/00=0 1",
	    .fault = { .nth = 1,
		.op = DRIVE_WRITE,
		.sense = { SENSE_RECOVERED, 0x5d, 0, 0, 0 } }),
	LINE("L7 the flag of a high temperature", "a36 w9 a36 a36",
	    "0 1/0B/01=0 1 0",
	    .fault = { .nth = 1,
		.op = DRIVE_WRITE,
		.sense = { SENSE_RECOVERED, 0x0b, 1, 0, 0 } }),
	LINE("L6 the flag of the end of media life", "a7 u U a7 u U a7",
	    "0 - - 0 - - 1", .options.volume_life_loads = 2),
};

static struct play on;

START_TEST(the_drive_answers_as_the_line_says)
{
	play_make(&on, &lines[_i]);
	play_run(&on, "t t");
	ck_assert_str_eq(on.said, "6/29/00 6/28/00");
	play_run(&on, lines[_i].commands);
	ck_assert_msg(strcmp(on.said, lines[_i].said) == 0,
	    "%s: %s\n  is \"%s\"\n  not \"%s\"", lines[_i].name,
	    lines[_i].commands, on.said, lines[_i].said);
	play_finish(&on);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("scsi_lines");
	TCase *t = tcase_create("scsi_lines");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, the_drive_answers_as_the_line_says, 0,
	    sizeof lines / sizeof lines[0]);
	return run_suite(s);
}
