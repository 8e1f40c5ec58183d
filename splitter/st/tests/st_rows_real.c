/*
 * st_rows_real.c: how the rows of st_rows.h are shown on the real driver, and
 * where it differs.
 */
#include <string.h>

#include "splitter/st/tests/st_rows.h"

/* Such a block does not fit one scatter-gather list of any adapter. */
#define ASYNC .block_bytes = 1 << 20, .misaligned_by = 512
/* scsi_debug counts the block that meets an end as refused. */
#define REFUSED "the residual says that the block was refused; it is on tape"
/* A filemark is as large as a block. */
#define MARKS "{filemark_size: 4 KiB}"
/* Each block is written before the next one is acknowledged. */
#define SMALL  "{buffered: true, buffer: 4 KiB}"
#define NO_EOM "reports the end of data without EOM"
#define LOST   "after a reset the drive refuses all until it is rewound"
#define OTHER  "is another kind of drive"

const struct st_row_real st_rows_real[] = {
	{ "W1 every other write is refused",
	    .debug = "ok 4096 4096 4096 ENOSPC ENOSPC 4096 ENOSPC 4096",
	    .why = REFUSED },
	{ "W1 what was refused is not on tape",
	    .debug = "ok 4096 4096 4096 ENOSPC ENOSPC @4", .why = REFUSED },
	{ "W2 nothing is written at the physical end",
	    .debug = "ok 4096 4096 ENOSPC ENOSPC ENOSPC ENOSPC @3",
	    .why = REFUSED },
	{ "W3 a filemark makes the driver forget",
	    .debug = "ok 4096 4096 4096 ENOSPC 0:3EOT ok 1:0 4096 1:1",
	    .why = REFUSED },
	{ "W4 EOT, then EOD",
	    .debug =
		"ok 4096 4096 4096 0:3 ENOSPC 0:3EOT ENOSPC 0:3EOD 4096 0:4EOT",
	    .why = REFUSED },
	{ "W4 EOT at the physical end",
	    .debug = "ok 4096 ENOSPC ENOSPC 0:1EOD ENOSPC 0:1EOT",
	    .why = REFUSED },
	{ "W5 or does not", .behaviour = MARKS,
	    .debug = "ok 4096 ENOSPC ENOSPC EIO 0:0EOT @2 ENOSPC",
	    .why = REFUSED },
	{ "W5 no early warning, no block refused", .behaviour = MARKS,
	    .debug = "ok 4096 ENOSPC EIO 0:0EOT @2 ENOSPC", .why = REFUSED },
	{ "W5 the status is then that of a filemark", .behaviour = MARKS,
	    .tapelab = "ok 4096 ok 4096 ENOSPC EIO 1:0EOT 72,0,0,0EOF @3",
	    .debug = "ok 4096 ok 4096 ENOSPC EIO 1:0EOT 72,0,0,0EOF @3",
	    .why = "each filemark takes the room of a block" },
	{ "B3 the next write tells", ASYNC,
	    .debug = "ok 4096 4096 4096 4096 EIO 0:-1EOT EIO", .why = REFUSED },
	{ "B3 an ioctl tells once, and the writes go on", ASYNC,
	    .debug = "ok 4096 4096 4096 4096 EIO 0:-1 4096 @5 @5",
	    .why = REFUSED },
	{ "B3 a filemark is not written when it tells", ASYNC,
	    .debug = "ok 4096 4096 4096 4096 EIO @4 ok @5", .why = REFUSED },
	{ "B3 the physical end is an error", ASYNC,
	    .debug = "ok 4096 4096 EIO EIO EIO", .why = REFUSED },
	{ "B3 and once for an ioctl", ASYNC,
	    .debug = "ok 4096 4096 EIO 0:-1EOT 0:-1EOT @2", .why = REFUSED },
	{ "W5 a filemark fits", .not_debug = "has no room for it" },
	{ "M9 not if there is something to tell", ASYNC },
	{ "M8 a reset ends with a retension",
	    .debug = "ok 4096 ok EIO EIO ok EIO",
	    .why = "a retension leaves the tape where it is" },
	{ "M8 a reset",
	    .debug = "ok 4096 ok 4096 EIO EIO EIO -1:-1 ok 0:0 4096 0 4096",
	    .why = "it has no buffer: a reset loses nothing" },
	{ "M1 or does not rewind", .behaviour = MARKS },
	{ "B1 the next command tells", .behaviour = SMALL },
	{ "B1 also one that only asks the drive",
	    .behaviour = "{buffered: false}" },
	{ "R6 the end of data in the zone", .altered = "eod_with_eom",
	    .not_debug = NO_EOM },
	{ "R6 after a filemark", .altered = "eod_with_eom",
	    .not_debug = NO_EOM },
	{ "M8 an old kernel continues at BOT",
	    .tapelab = "ok 4096 ok 4096 ok 4096 EIO 2:-1 EIO 2:-1 EIO",
	    .why = LOST },
	{ "P1 at BOT the driver learns it",
	    .tapelab = "ok 4096 ok 4096 EIO 1:-1 EIO 1:-1", .why = LOST },
	{ "M7 loaded again", .tapelab = "ok 4096 ok ENOMEDIUM ok 1:0 4096 @1",
	    .why = "an initiator that loads gets no unit attention, so the"
		   " driver does not learn of the new position" },
	{ "M9 so does no block that is spaced over",
	    .tapelab = "ok 4096 EIO ok 4096 EIO",
	    .why = "the drive writes its buffer before the cartridge is out" },
	{ "O2 or two", .options = "two-fms" },
	{ "M4 or is fast", .options = "fast-eod" },
	{ "P1 with scsi2logical", .options = "scsi2logical" },
	{ "P1 the vendor's form is another", .not_debug = OTHER,
	    .altered = "vendor_position" },
	{ "P1 it is refused", .inject = "-1,0x34,5,0x24,0",
	    .altered = "vendor_form_refused" },
	{ "M6 what it cannot, or may not", .as_user = true },
	{ "O1 no permission", .as_user = true, .mode = 0644 },
	{ "O1 no medium", .not_debug = "always has a tape", .slow = true },
	{ "O1 not ready", .slow = true, .paced = true,
	    .behaviour = "{media_initialization: 500 s}",
	    .inject = "1,0,2,4,1" },
	{ "W9 counts", .not_debug = OTHER, .block_max = 4096 },
	{ "W6 an error as a full count",
	    .tapelab = "ok 4096 ok ENOSPC 1:0EOT @2",
	    .why = "its residual says that the block is not on tape" },
	{ "W7 W8 a refused block that the drive says is there",
	    .not_debug = OTHER, .behaviour = "{residual: over}" },
	{ "W8 a block that the drive says is not there",
	    .behaviour = "{residual: under}" },
	{ "M10 a drive that cannot", .inject = "1,0x1e,5,0x20,0",
	    .altered = "no_door" },
};

const unsigned st_rows_real_count = sizeof st_rows_real / sizeof *st_rows_real;

const struct st_row_real *st_row_real(const struct st_row *row)
{
	static const struct st_row_real nothing = { .name = "" };
	unsigned i;

	for (i = 0; i < st_rows_real_count; i++)
		if (strcmp(st_rows_real[i].name, row->name) == 0)
			return &st_rows_real[i];
	return &nothing;
}
