/*
 * check_ssc_rows.c: the sense data, INFORMATION and residual of each result of
 * READ, WRITE, SPACE and LOCATE (SSC-4), the data, and the position afterwards.
 *
 * The text of an answer is that of ssc_fixture.h.  The fixed sense data of each
 * row is also compared with the descriptor format.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "splitter/base/big_endian.h"
#include "vtl/scsi/ssc/tests/ssc_fixture.h"
#include "vtl/tests/drive_fixture.h"

struct row {
	const char *name;
	/* what is on the tape: lengths of blocks, f is a filemark */
	const char *tape;
	unsigned at;    /* object before which the command begins */
	uint32_t block; /* mode block length */
	const char *cdb;
	uint32_t expected; /* data transfer length */
	const char *answer, *position;
	/* whole blocks of data-in, from object `at` on */
	unsigned whole;
	struct drive_options options;
	struct drive_fault fault; /* if it has a key or `once` */
	struct volume_defect defect;
	const char *barcode;
};

#define ROW(n, ...)                    \
	{                              \
		.name = n, __VA_ARGS__ \
	}
#define AT(o)          .at = (o)
#define SET(b)         .block = (b)
#define DO(c, e, a, p) .cdb = c, .expected = (e), .answer = a, .position = p
#define TAPE(t)        .tape = t
#define DATA(n)        .whole = (n)
#define UNREADABLE(o)                     \
	.defect = { .at = (o),            \
		.unit = VOLUME_OBJECTS,   \
		.fail = VOLUME_FAIL_READ, \
		.sense = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 } }
#define UNWRITABLE(b) \
	.defect = { .at = (b), .sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } }

/* 8 blocks of 100 bytes: the next meets the early warning */
#define EIGHT "100 100 100 100 100 100 100 100"
/* the medium has no room for another byte */
#define FULL EIGHT " 100 100"

static const struct row rows[] = {
	/* READ, variable */
	ROW("read: the length of the block", TAPE("100 50"),
	    DO("08 00 00 00 64", 100, "good in 100", "1,0"), DATA(1)),
	ROW("read: a shorter block", TAPE("60 50"),
	    DO("08 00 00 00 64", 100, "0/00/00i=40 in 60 residual 40", "1,0"),
	    DATA(1)),
	ROW("read: a shorter block, SILI", TAPE("60 50"),
	    DO("08 02 00 00 64", 100, "good in 60 residual 40", "1,0"),
	    DATA(1)),
	ROW("read: a shorter block, SILI, a mode block length", TAPE("60 50"),
	    SET(10), DO("08 02 00 00 64", 100, "good in 60 residual 40", "1,0"),
	    DATA(1)),
	ROW("read: a longer block", TAPE("160 50"),
	    DO("08 00 00 00 64", 100, "0/00/00i=-60 in 100", "1,0")),
	ROW("read: a longer block, SILI", TAPE("160 50"),
	    DO("08 02 00 00 64", 100, "good in 100", "1,0")),
	ROW("read: a longer block, SILI, a mode block length", TAPE("160 50"),
	    SET(10), DO("08 02 00 00 64", 100, "0/00/00i=-60 in 100", "1,0")),
	ROW("read: a filemark", TAPE("100 f 50"), AT(1),
	    DO("08 00 00 00 64", 100, "0/00/01f=100 residual 100", "2,1")),
	ROW("read: a filemark, SILI", TAPE("100 f 50"), AT(1),
	    DO("08 02 00 00 64", 100, "0/00/01f=100 residual 100", "2,1")),
	ROW("read: EOD", TAPE("100 f"), AT(2),
	    DO("08 00 00 00 64", 100, "8/00/05=100 residual 100", "2,1")),
	ROW("read: EOD, SILI", TAPE("100 f"), AT(2),
	    DO("08 02 00 00 64", 100, "8/00/05=100 residual 100", "2,1")),
	ROW("read: past the early warning", TAPE(EIGHT " 100 50"), AT(9),
	    DO("08 00 00 00 32", 50, "good in 50", "10,0"), DATA(1)),
	ROW("read: EOD past the early warning", TAPE(EIGHT " 100"), AT(9),
	    DO("08 00 00 00 32", 50, "8/00/05=50 residual 50", "9,0")),
	/* There is an EOD, never an end of partition: see ssc.h. */
	ROW("read: EOD of a full medium", TAPE(FULL), AT(10),
	    DO("08 00 00 00 64", 100, "8/00/05=100 residual 100", "10,0")),
	ROW("read: EOD of a full medium, SILI", TAPE(FULL), AT(10),
	    DO("08 02 00 00 64", 100, "8/00/05=100 residual 100", "10,0")),
	ROW("read: unreadable", TAPE("100 100 50"), UNREADABLE(1), AT(1),
	    DO("08 00 00 00 64", 100, "3/11/00=100 residual 100", "2,0")),
	ROW("read: recovered", TAPE("100 100 50"), AT(1),
	    DO("08 00 00 00 64", 100, "1/17/01 in 100", "2,0"), DATA(1),
	    .defect = { .at = 1,
		.unit = VOLUME_OBJECTS,
		.fail = VOLUME_FAIL_READ,
		.sense = { SENSE_RECOVERED, 0x17, 1, 0, 0 } }),
	ROW("read: no bytes", TAPE("100 f"), DO("08", 0, "good", "0,0")),
	ROW("read: no bytes at a filemark", TAPE("100 f"), AT(1),
	    DO("08", 64, "good residual 64", "1,0")),
	ROW("read: no bytes at EOD", TAPE("100 f"), AT(2),
	    DO("08 02", 0, "good", "2,1")),
	ROW("read: fixed without a mode block length", TAPE("100"),
	    DO("08 01 00 00 01", 100, "5/24/00 residual 100", "0,0")),
	ROW("read: fixed and SILI", TAPE("100"), SET(100),
	    DO("08 03 00 00 01", 100, "5/24/00 residual 100", "0,0")),
	ROW("read: longer than any block", TAPE("100"),
	    DO("08 00 00 10 01", 4097, "5/24/00 residual 4097", "0,0")),
	ROW("read: less expected than the CDB says", TAPE("100 50"),
	    DO("08 00 00 00 64", 99, "5/0E/03 residual 99", "0,0")),
	ROW("read: nothing expected", TAPE("100 50"),
	    DO("08 00 00 00 64", 0, "5/0E/03", "0,0")),
	ROW("read: more expected than the CDB says", TAPE("100 50"),
	    DO("08 00 00 00 64", 130, "good in 100 residual 30", "1,0"),
	    DATA(1)),

	/* READ, fixed */
	ROW("fixed: all blocks", TAPE("100 100 100 f"), SET(100),
	    DO("08 01 00 00 03", 300, "good in 300", "3,0"), DATA(3)),
	ROW("fixed: a filemark", TAPE("100 100 f 100"), SET(100),
	    DO("08 01 00 00 05", 500, "0/00/01f=3 in 200 residual 300", "3,1"),
	    DATA(2)),
	ROW("fixed: EOD", TAPE("100 100"), SET(100),
	    DO("08 01 00 00 05", 500, "8/00/05=3 in 200 residual 300", "2,0"),
	    DATA(2)),
	ROW("fixed: EOD of a full medium", TAPE(FULL), SET(100), AT(8),
	    DO("08 01 00 00 05", 500, "8/00/05=3 in 200 residual 300", "10,0"),
	    DATA(2)),
	ROW("fixed: a shorter block", TAPE("100 60 100"), SET(100),
	    DO("08 01 00 00 05", 500, "0/00/00i=4 in 100 residual 400", "2,0"),
	    DATA(1)),
	ROW("fixed: a longer block", TAPE("100 160 100"), SET(100),
	    DO("08 01 00 00 05", 500, "0/00/00i=4 in 100 residual 400", "2,0"),
	    DATA(1)),
	ROW("fixed: unreadable", TAPE("100 100 100"), SET(100), UNREADABLE(1),
	    DO("08 01 00 00 03", 300, "3/11/00=2 in 100 residual 200", "2,0"),
	    DATA(1)),
	ROW("fixed: no blocks", TAPE("100"), SET(100),
	    DO("08 01", 0, "good", "0,0")),
	ROW("fixed: less expected than the CDB says", TAPE("100 100"), SET(100),
	    DO("08 01 00 00 02", 199, "5/0E/03 residual 199", "0,0")),
	ROW("fixed: more expected than the CDB says", TAPE("100 100"), SET(100),
	    DO("08 01 00 00 02", 250, "good in 200 residual 50", "2,0"),
	    DATA(2)),

	/* WRITE */
	ROW("write: one block", TAPE(""),
	    DO("0a 00 00 00 64", 100, "good", "1,0")),
	ROW("write: no bytes", TAPE("50"), AT(1), DO("0a", 0, "good", "1,0")),
	ROW("write: in the early warning zone", TAPE(EIGHT), AT(8),
	    DO("0a 00 00 00 64", 100, "0/00/02e=0", "9,0")),
	ROW("write: later in the zone", TAPE(EIGHT " 100"), AT(9),
	    DO("0a 00 00 00 32", 50, "0/00/02e=0", "10,0")),
	ROW("write: the programmable early warning", TAPE("100 100 100 100"),
	    AT(4), .options.pews_bytes = 350,
	    DO("0a 00 00 00 64", 100, "0/00/07e=0", "5,0")),
	ROW("write: past the programmable one", TAPE("100 100 100 100 100"),
	    AT(5), .options.pews_bytes = 350,
	    DO("0a 00 00 00 64", 100, "good", "6,0")),
	ROW("write: no room", TAPE(EIGHT " 100"), AT(9),
	    DO("0a 00 00 00 65", 101, "D/00/02e=101 residual 101", "9,0")),
	ROW("write: a medium error", TAPE("100"), AT(1), UNWRITABLE(150),
	    DO("0a 00 00 00 64", 100, "3/0C/00=100 residual 100", "1,0")),
	ROW("write: longer than any block", TAPE("100"), AT(1),
	    DO("0a 00 00 10 01", 4097, "5/24/00 residual 4097", "1,0")),
	ROW("write: WORM, over a block", TAPE("100 100"), AT(1),
	    .barcode = "VOL001LY",
	    DO("0a 00 00 00 64", 100, "7/30/0C residual 100", "1,0")),
	ROW("write: fixed without a mode block length", TAPE(""),
	    DO("0a 01 00 00 01", 100, "5/24/00 residual 100", "0,0")),
	ROW("write: less expected than the CDB says", TAPE("100"), AT(1),
	    DO("0a 00 00 00 64", 99, "5/0E/03 residual 99", "1,0")),
	ROW("write: more expected than the CDB says", TAPE(""),
	    DO("0a 00 00 00 64", 130, "good residual 30", "1,0")),
	ROW("write fixed: all blocks", TAPE(""), SET(100),
	    DO("0a 01 00 00 03", 300, "good", "3,0")),
	ROW("write fixed: into the zone", TAPE(""), SET(100),
	    DO("0a 01 00 00 0a", 1000, "0/00/02e=1 residual 100", "9,0")),
	ROW("write fixed: no room", TAPE(EIGHT " 100"), SET(101), AT(9),
	    DO("0a 01 00 00 02", 202, "D/00/02e=2 residual 202", "9,0")),
	ROW("write fixed: a medium error", TAPE(""), SET(100), UNWRITABLE(150),
	    DO("0a 01 00 00 03", 300, "3/0C/00=2 residual 200", "1,0")),

	/* WRITE FILEMARKS */
	ROW("filemarks", TAPE("100"), AT(1),
	    DO("10 00 00 00 03", 0, "good", "4,3")),
	ROW("filemarks in the zone", TAPE(EIGHT " 100"), AT(9),
	    DO("10 00 00 00 02", 0, "0/00/02e=0", "11,2")),
	ROW("filemarks(16)", TAPE("100"), AT(1),
	    DO("80 00 00 00 00 00 00 00 00 00 00 00 00 00 03", 0, "good",
		"4,3")),
	ROW("no filemarks: nothing is written", TAPE("100"), AT(1),
	    DO("10", 0, "good", "1,0")),
	ROW("setmarks", TAPE("100"), AT(1),
	    DO("10 02 00 00 01", 0, "5/24/00", "1,0")),
	ROW("filemarks(16), explicit", TAPE("100"), AT(1),
	    DO("80 04 00 00 00 00 00 00 00 00 00 00 00 00 03", 0, "5/24/00",
		"1,0")),

	/* SPACE */
	ROW("space: blocks", TAPE("1 2 3 f 4"),
	    DO("11 00 00 00 03", 0, "good", "3,0")),
	ROW("space: blocks, a filemark", TAPE("1 2 3 f 4"),
	    DO("11 00 00 00 05", 0, "0/00/01f=2", "4,1")),
	ROW("space: blocks, EOD", TAPE("1 f 2 3"), AT(2),
	    DO("11 00 00 00 05", 0, "8/00/05=3", "4,1")),
	ROW("space: blocks, EOD of a full medium", TAPE(FULL), AT(9),
	    DO("11 00 00 00 05", 0, "8/00/05=4", "10,0")),
	ROW("space: filemarks, EOD of a full medium", TAPE(FULL), AT(9),
	    DO("11 01 00 00 02", 0, "8/00/05=2", "10,0")),
	ROW("space: no blocks", TAPE("1 f"), AT(1),
	    DO("11 00 00 00 00", 0, "good", "1,0")),
	ROW("space: blocks back", TAPE("1 2 3"), AT(3),
	    DO("11 00 ff ff fe", 0, "good", "1,0")),
	ROW("space: blocks back, a filemark", TAPE("1 f 2 3"), AT(4),
	    DO("11 00 ff ff fb", 0, "0/00/01f=3", "1,0")),
	ROW("space: blocks back, BOP", TAPE("1 2 f"), AT(2),
	    DO("11 00 ff ff fb", 0, "0/00/04e=3", "0,0")),
	ROW("space: filemarks", TAPE("1 f f 2"),
	    DO("11 01 00 00 02", 0, "good", "3,2")),
	ROW("space: filemarks, EOD", TAPE("1 f 2"),
	    DO("11 01 7f ff ff", 0, "8/00/05=8388606", "3,1")),
	ROW("space: filemarks back", TAPE("1 f 2 f 3"), AT(5),
	    DO("11 01 ff ff ff", 0, "good", "3,1")),
	ROW("space: filemarks back, BOP", TAPE("1 f 2 f 3"), AT(5),
	    DO("11 01 80 00 00", 0, "0/00/04e=8388606", "0,0")),
	ROW("space: EOD", TAPE("1 f 2 f 3"),
	    DO("11 03 00 00 00", 0, "good", "5,2")),
	ROW("space: sequential filemarks", TAPE("1 f f"),
	    DO("11 02 00 00 02", 0, "5/24/00", "0,0")),
	ROW("space: setmarks", TAPE("1 f f"),
	    DO("11 04 00 00 01", 0, "5/24/00", "0,0")),
	ROW("space: sequential setmarks", TAPE("1 f f"),
	    DO("11 05 00 00 01", 0, "5/24/00", "0,0")),
	ROW("space: the LUN of SCSI-2 in byte 1", TAPE("1 2 3"),
	    DO("11 e0 00 00 02", 0, "good", "2,0")),
	ROW("space(16): blocks", TAPE("1 2 3 f 4"),
	    DO("91 00 00 00 00 00 00 00 00 00 00 05", 0, "0/00/01f=2", "4,1")),
	ROW("space(16): filemarks back", TAPE("1 f 2 f 3"), AT(5),
	    DO("91 01 00 00 ff ff ff ff ff ff ff fe", 0, "good", "1,0")),
	ROW("space(16): INFORMATION of 64 bits", TAPE("1 f 2"), AT(2),
	    DO("91 00 00 00 00 00 00 01 00 00 00 01", 0, "8/00/05", "3,1")),
	ROW("space(16): the most negative count", TAPE("1 f 2"), AT(2),
	    DO("91 01 00 00 80 00 00 00 00 00 00 00", 0, "0/00/04e", "0,0")),
	ROW("space(16): EOD", TAPE("1 f 2"), DO("91 03", 0, "good", "3,1")),
	ROW("space(16): a parameter list", TAPE("1 f 2"),
	    DO("91 00 00 00 00 00 00 00 00 00 00 01 00 08", 0, "5/24/00",
		"0,0")),

	/* LOCATE */
	ROW("locate", TAPE("1 f 2"),
	    DO("2b 00 00 00 00 00 02", 0, "good", "2,1")),
	ROW("locate: BT", TAPE("1 f 2"),
	    DO("2b 04 00 00 00 00 02", 0, "good", "2,1")),
	ROW("locate: to EOD", TAPE("1 f 2"),
	    DO("2b 00 00 00 00 00 03", 0, "good", "3,1")),
	ROW("locate: past EOD", TAPE("1 f 2"),
	    DO("2b 00 00 00 00 00 04", 0, "8/00/05", "3,1")),
	ROW("locate: CP, this partition", TAPE("1 f 2"),
	    DO("2b 02 00 00 00 00 01 00 00", 0, "good", "1,0")),
	ROW("locate: CP, a partition that is not there", TAPE("1 f 2"), AT(1),
	    DO("2b 02 00 00 00 00 02 00 07", 0, "5/24/00", "1,0")),
	ROW("locate: a partition without CP", TAPE("1 f 2"),
	    DO("2b 00 00 00 00 00 01 00 07", 0, "good", "1,0")),
	ROW("locate(16): an object", TAPE("1 f 2"),
	    DO("92 00 00 00 00 00 00 00 00 00 00 02", 0, "good", "2,1")),
	ROW("locate(16): an object of 64 bits", TAPE("1 f 2"),
	    DO("92 00 00 00 80 00 00 00 00 00 00 00", 0, "8/00/05", "3,1")),
	ROW("locate(16): a file", TAPE("1 f 2 f 3"),
	    DO("92 08 00 00 00 00 00 00 00 00 00 02", 0, "good", "4,2")),
	ROW("locate(16): no such file", TAPE("1 f 2 f 3"),
	    DO("92 08 00 00 00 00 00 00 00 00 00 03", 0, "8/00/05", "5,2")),
	ROW("locate(16): EOD", TAPE("1 f 2 f 3"),
	    DO("92 18 00 00 00 00 00 00 00 00 00 01", 0, "good", "5,2")),
	ROW("locate(16): setmarks", TAPE("1 f 2 f 3"),
	    DO("92 10 00 00 00 00 00 00 00 00 00 01", 0, "5/24/00", "0,0")),
	ROW("locate(16): BAM", TAPE("1 f 2 f 3"),
	    DO("92 00 01 00 00 00 00 00 00 00 00 01", 0, "5/24/00", "0,0")),
	ROW("locate(16): CP, a partition that is not there", TAPE("1 f 2"),
	    DO("92 02 00 03 00 00 00 00 00 00 00 01", 0, "5/24/00", "0,0")),

	/* commands without data, whatever the initiator expects */
	ROW("rewind with a direction", TAPE("1 f 2"), AT(2),
	    DO("01", 512, "good residual 512", "0,0")),
	ROW("no such command: READ REVERSE", TAPE("1"), AT(1),
	    DO("0f 00 00 00 01", 1, "5/20/00 residual 1", "1,0")),
	ROW("no such command: RECOVER BUFFERED DATA", TAPE("1"), AT(1),
	    DO("14 00 00 00 01", 1, "5/20/00 residual 1", "1,0")),
	ROW("no such command: READ CAPACITY", TAPE("1"),
	    DO("25", 8, "5/20/00 residual 8", "0,0")),

	/* ERASE, VERIFY */
	ROW("erase", TAPE("1 f 2"), AT(1), DO("19", 0, "good", "1,0")),
	ROW("erase: WORM", TAPE("1 f 2"), AT(1), .barcode = "VOL001LY",
	    DO("19 01", 0, "7/30/0C", "1,0")),
	ROW("verify: a block", TAPE("100 50"),
	    DO("13 00 00 00 64", 0, "good", "1,0")),
	ROW("verify: a shorter block", TAPE("60 50"),
	    DO("13 00 00 00 64", 0, "0/00/00i=40", "1,0")),
	ROW("verify: a longer block", TAPE("160 50"),
	    DO("13 00 00 00 64", 0, "0/00/00i=-60", "1,0")),
	ROW("verify: a filemark", TAPE("f 50"),
	    DO("13 00 00 00 64", 0, "0/00/01f=100", "1,1")),
	ROW("verify: fixed", TAPE("100 100 100 f"), SET(100),
	    DO("13 01 00 00 03", 0, "good", "3,0")),
	ROW("verify: fixed, EOD", TAPE("100 100 100"), SET(100),
	    DO("13 01 00 00 05", 0, "8/00/05=2", "3,0")),
	ROW("verify: unreadable", TAPE("100 100 100"), SET(100), UNREADABLE(1),
	    DO("13 01 00 00 03", 0, "3/11/00=2", "2,0")),
	ROW("verify: filemarks", TAPE("1 f 2 f 3"),
	    DO("13 08 00 00 02", 0, "good", "4,2")),
	ROW("verify: filemarks, EOD", TAPE("1 f 2 f 3"),
	    DO("13 08 00 00 05", 0, "8/00/05=3", "5,2")),
	ROW("verify: to EOD", TAPE("1 f 2 f 3"), AT(1),
	    DO("13 20 00 00 00", 0, "good", "5,2")),
	ROW("verify: by filemarks, unreadable", TAPE("1 f 2 f 3"),
	    UNREADABLE(2), DO("13 08 00 00 02", 0, "3/11/00=1", "3,1")),
	ROW("verify(16)", TAPE("100 50"),
	    DO("8f 00 00 00 00 00 00 00 00 00 00 00 00 00 64", 0, "good",
		"1,0")),
	ROW("verify: filemarks to EOD", TAPE("100"),
	    DO("13 28 00 00 01", 0, "5/24/00", "0,0")),
	ROW("verify: compared filemarks", TAPE("100"),
	    DO("13 0a 00 00 01", 100, "5/24/00 residual 100", "0,0")),
	ROW("verify: IMMED and compared", TAPE("100"),
	    DO("13 06 00 00 64", 100, "5/24/00 residual 100", "0,0")),
};

static struct ssc_fixture on;
static uint8_t image[4096]; /* the data of all blocks in turn */

/* Writes what is on the tape. */
static void write_tape(const char *tape)
{
	size_t offset = 0;
	char cdb[32], *end;

	while (*tape != '\0') {
		unsigned long n;

		tape += strspn(tape, " ");
		if (*tape == 'f') {
			ssc_do(&on, "10 00 00 00 01", 0);
			tape++;
			continue;
		}
		n = strtoul(tape, &end, 10);
		tape = end;
		snprintf(cdb, sizeof cdb, "0a 00 00 %02lx %02lx", n >> 8,
		    n & 0xff);
		memcpy(image + offset, on.out, n);
		offset += n;
		ssc_do(&on, cdb, (uint32_t)n);
		/* Each block has other data. */
		for (size_t i = 0; i < SSC_ROOM; i++)
			on.out[i] = (uint8_t)(on.out[i] * 5 + 1);
	}
}

/* Returns the offset of an object in the image. */
static size_t offset_of(const char *tape, unsigned object)
{
	size_t offset = 0;

	for (; object > 0; object--) {
		tape += strspn(tape, " ");
		offset += strtoul(tape, NULL, 10);
		tape += strcspn(tape, " ");
	}
	return offset;
}

/* The descriptors say the same as the fixed sense data. */
static void check_descriptors(const struct device_answer *answer)
{
	const uint8_t *fixed = answer->sense;
	uint8_t s[SCSI_SENSE_BYTES];
	size_t n = scsi_sense_encode(&answer->decoded, true, s);

	ck_assert_uint_eq(s[0], (fixed[0] & 1) ? 0x73 : 0x72);
	ck_assert_uint_eq(s[1], fixed[2] & 0x0f);
	ck_assert_uint_eq(s[2], fixed[12]);
	ck_assert_uint_eq(s[3], fixed[13]);
	ck_assert_uint_eq(s[7], n - 8);
	/* stream commands */
	ck_assert_uint_eq(s[8], 4);
	ck_assert_uint_eq(s[9], 2);
	ck_assert_uint_eq(s[11], fixed[2] & 0xe0);
	if ((fixed[0] & 0x80) == 0)
		return;
	ck_assert_uint_eq(s[12], 0);
	ck_assert_uint_eq(s[13], 10);
	ck_assert_uint_eq(s[14], 0x80);
	ck_assert_int_eq((int64_t)get_be64(s + 16),
	    (int32_t)get_be32(fixed + 3));
}

/* If INFORMATION counts what is missing, the residual is the same. */
static void check_residual(const struct row *row)
{
	const struct scsi_sense *sense = &on.answer.decoded;
	bool fixed = strlen(row->cdb) > 4 && row->cdb[4] == '1';
	uint64_t unit = fixed ? row->block : 1;

	if (on.answer.status != DEVICE_CHECK_CONDITION ||
	    !sense->has_information || sense->deferred ||
	    sense->information < 0 || row->expected == 0)
		return;
	ck_assert_int_eq(on.answer.residual,
	    sense->information * (int64_t)unit);
}

START_TEST(the_answer_is_that_of_the_row)
{
	const struct row *row = &rows[_i];
	struct drive_options options = row->options;
	struct volume_spec spec = fixture_spec();
	char cdb[40];

	spec.payload = VOLUME_PAYLOAD_RAW;
	if (row->barcode != NULL)
		strcpy(spec.barcode, row->barcode);
	if (options.buffering == DRIVE_BUFFERED_AS_MODEL)
		options.buffering = DRIVE_UNBUFFERED;
	ssc_make(&on, &options, &spec);
	write_tape(row->tape);
	if (row->defect.sense.key != SENSE_NO_SENSE)
		ck_assert_int_eq(volume_defect_add(on.volume, &row->defect), 0);
	snprintf(cdb, sizeof cdb, "2b 00 00 00 00 00 %02x", row->at);
	ssc_expect(&on, cdb, 0, "good");
	ssc_set_block(&on, row->block);

	ssc_do(&on, row->cdb, row->expected);
	ck_assert_msg(strcmp(ssc_text(&on), row->answer) == 0,
	    "%s: %s\n  is \"%s\"\n  not \"%s\"", row->name, row->cdb,
	    ssc_text(&on), row->answer);
	if (on.answer.status == DEVICE_CHECK_CONDITION)
		check_descriptors(&on.answer);
	check_residual(row);
	if (on.answer.in_bytes > 0)
		ck_assert_mem_eq(on.in, image + offset_of(row->tape, row->at),
		    on.answer.in_bytes);
	if (row->whole > 0)
		ck_assert_uint_eq(on.answer.in_bytes,
		    offset_of(row->tape, row->at + row->whole) -
			offset_of(row->tape, row->at));
	ck_assert_msg(strcmp(ssc_position(&on), row->position) == 0,
	    "%s: the position is %s, not %s", row->name, ssc_position(&on),
	    row->position);
	ssc_finish(&on);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ssc_rows");
	TCase *t = tcase_create("ssc_rows");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, the_answer_is_that_of_the_row, 0,
	    sizeof rows / sizeof rows[0]);
	return run_suite(s);
}
