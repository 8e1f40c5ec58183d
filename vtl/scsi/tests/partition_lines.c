/*
 * partition_lines.c: partitions of a medium, and append-only mode: see
 * scsi_lines.h.
 */
#include "vtl/scsi/tests/scsi_lines.h"

#define LINE(n, c, s, ...)                                       \
	{                                                        \
		.name = n, .commands = c, .said = s, __VA_ARGS__ \
	}

static const struct play_line lines[] = {
	LINE("each partition has its own objects",
	    "F2 w9 g1 p w9 m1 p g0 p r9 r9 G1 p",
	    "- - - 0,0B/1 - - 2,1/1 - 0,0B 9 8/00/05=9 - 2,1/1"),
	LINE("a partition that is not there", "w9 g1 p F2 z F2 g2 p",
	    "- 5/24/00 1,0 5/3B/0C - - 5/24/00 0,0B"),
	LINE("a format needs BOP of partition 0", "F3 g2 F2 w9 G0 g0 D g1",
	    "- - 5/3B/0C - - - - 5/24/00"),
	LINE("a format removes all objects", "w9 m1 z F2 E p g1 E p",
	    "- - - - - 0,0B - - 0,0B/1"),
	LINE("the end of one partition is not that of another",
	    "F2 w400 w100 p w1 g1 w400 p",
	    "- - 0/00/02e=0 2,0E D/00/02e=1 - - 1,0/1"),
	LINE("EOD follows the last object of a full partition",
	    "F2 w400 w100 r9 s9 f1 b1 p g1 r9 p",
	    "- - 0/00/02e=0 8/00/05=9 8/00/05=9 8/00/05=1 8/00/05=1 2,0E - "
	    "8/00/05=9 0,0B/1"),
	LINE("space and rewind stay in the partition",
	    "F2 w9 m1 g1 w9 f1 p f-1 p z p b-1 p",
	    "- - - - - 8/00/05=1 1,0/1 0/00/04e=1 0,0B/1 - 0,0B/1 "
	    "0/00/04e=1 0,0B/1"),
	LINE("a load begins in partition 0", "F2 g1 w9 u U p r9 g1 r9",
	    "- - - - - 0,0B 8/00/05=9 - 9"),
	LINE("a reset leads to partition 0", "F2 g1 w9 ! t p z p",
	    "- - - - 6/29/00 0,0U - 0,0B"),
	LINE("a change of the partition writes the buffer",
	    "B F2 w9 w9 g1 g0 r9", "- - - - - - 9"),
	LINE("a defect is in one partition", "F2 w9 g1 w9 g0 w9",
	    "- - - 3/0C/00=9 - -",
	    .defect = { .partition = 1,
		.at = 5,
		.sense = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 } }),
	LINE("four partitions at most", "F4 g3 p F5", "- - 0,0B/3 no"),
	LINE("media before LTO-5 have one partition", "F2 D", "no -",
	    .barcode = "VOL001L4"),
	LINE("LTO-5 media have two partitions", "F3 F2 g1", "no - -",
	    .barcode = "VOL001L5"),
	LINE("write-once media are not formatted", "F2 D C65535",
	    "no 7/30/0C 7/30/0C", .barcode = "VOL001LY"),
	LINE("SET CAPACITY holds until the next",
	    "C32768 w400 w100 w1 z D w400 w100 z C65535 w700 w9 w100",
	    "- - 0/00/02e=0 D/00/02e=1 - - - 0/00/02e=0 - - - - "
	    "0/00/02e=0"),
	LINE("SET CAPACITY has a position and a size", "w9 C9000 z C0",
	    "- 5/3B/0C - 5/24/00"),
	LINE("in append-only mode nothing is overwritten",
	    "w9 w9 y z w9 m1 e E w9 m1 f-1 w9",
	    "- - - - 7/30/0C 7/30/0C 7/30/0C - - - - -"),
	LINE("ALLOW OVERWRITE allows one position",
	    "y w9 w9 z o1 w9 o0 w9 p E p",
	    "- - - - 5/3B/00 7/30/0C - - 1,0 - 1,0"),
	LINE("a move ends what was allowed", "y w9 z o0 z w9 O z D",
	    "- - - - - 7/30/0C - - 7/30/0C"),
	LINE("a read ends what was allowed", "y w9 w9 w9 z o0 r9 w9",
	    "- - - - - - 9 7/30/0C"),
	LINE("ALLOW OVERWRITE allows a format", "y w9 z D o0 D O D p",
	    "- - - 7/30/0C - 7/30/0C - - 0,0B"),
	LINE("the position is one of the current partition",
	    "F2 y g1 w9 z o0 w9", "- - - - - 5/3B/00 7/30/0C"),
};

const struct play_line *partition_lines(size_t *count)
{
	*count = sizeof lines / sizeof lines[0];
	return lines;
}
