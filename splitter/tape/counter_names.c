/*
 * counter_names.c: the parameters of log pages that have a name.
 *
 * Sources: SPC-4 (02h, 03h), SSC-4 (0Ch, 14h, 17h, 1Bh), the SCSI manuals of
 * IBM, HP and Quantum for LTO drives (30h, 31h, 32h).  Where makers call the
 * same parameter otherwise, each has its row; the row of "other" is for the
 * rest.
 */
#include "splitter/tape/counters.h"

#define OTHER   TAPE_MAKER_OTHER
#define IBM     TAPE_MAKER_IBM
#define HP      TAPE_MAKER_HP
#define QUANTUM TAPE_MAKER_QUANTUM

static const struct tape_counter_name names[] = {
	/* 02h: write errors */
	{ 0x02, 0x0000, OTHER, TAPE_UNIT_COUNT, true,
	    "Write errors corrected without substantial delay" },
	{ 0x02, 0x0001, OTHER, TAPE_UNIT_COUNT, true,
	    "Write errors corrected with possible delays" },
	{ 0x02, 0x0002, OTHER, TAPE_UNIT_COUNT, true, "Total rewrites" },
	{ 0x02, 0x0003, OTHER, TAPE_UNIT_COUNT, true,
	    "Total write errors corrected" },
	{ 0x02, 0x0004, OTHER, TAPE_UNIT_COUNT, true,
	    "Times the write correction algorithm was processed" },
	{ 0x02, 0x0005, OTHER, TAPE_UNIT_BYTES, true, "Total bytes written" },
	{ 0x02, 0x0005, HP, TAPE_UNIT_DATA_SETS, true,
	    "Total data sets written" },
	{ 0x02, 0x0005, QUANTUM, TAPE_UNIT_DATA_SETS, true,
	    "Total data sets written" },
	{ 0x02, 0x0006, OTHER, TAPE_UNIT_COUNT, true,
	    "Total uncorrected write errors" },
	/* 03h: read errors */
	{ 0x03, 0x0000, OTHER, TAPE_UNIT_COUNT, true,
	    "Read errors corrected without substantial delay" },
	{ 0x03, 0x0001, OTHER, TAPE_UNIT_COUNT, true,
	    "Read errors corrected with possible delays" },
	{ 0x03, 0x0002, OTHER, TAPE_UNIT_COUNT, true, "Total rereads" },
	{ 0x03, 0x0003, OTHER, TAPE_UNIT_COUNT, true,
	    "Total read errors corrected" },
	{ 0x03, 0x0004, OTHER, TAPE_UNIT_COUNT, true,
	    "Times the read correction algorithm was processed" },
	{ 0x03, 0x0005, OTHER, TAPE_UNIT_BYTES, true, "Total bytes read" },
	{ 0x03, 0x0005, HP, TAPE_UNIT_DATA_SETS, true, "Total data sets read" },
	{ 0x03, 0x0005, QUANTUM, TAPE_UNIT_DATA_SETS, true,
	    "Total data sets read" },
	{ 0x03, 0x0006, OTHER, TAPE_UNIT_COUNT, true,
	    "Total uncorrected read errors" },
	/* 06h: other errors */
	{ 0x06, 0x0000, OTHER, TAPE_UNIT_COUNT, true, "Non-medium errors" },
	/* 0Ch: sequential access device */
	{ 0x0c, 0x0000, OTHER, TAPE_UNIT_BYTES, true,
	    "Data bytes received by WRITE commands" },
	{ 0x0c, 0x0001, OTHER, TAPE_UNIT_BYTES, true,
	    "Data bytes written to the medium" },
	{ 0x0c, 0x0002, OTHER, TAPE_UNIT_BYTES, true,
	    "Data bytes read from the medium" },
	{ 0x0c, 0x0003, OTHER, TAPE_UNIT_BYTES, true,
	    "Data bytes transferred by READ commands" },
	{ 0x0c, 0x0004, OTHER, TAPE_UNIT_MEGABYTES, false,
	    "Native capacity from BOP to EOD" },
	{ 0x0c, 0x0005, OTHER, TAPE_UNIT_MEGABYTES, false,
	    "Native capacity from BOP to EW" },
	{ 0x0c, 0x0006, OTHER, TAPE_UNIT_MEGABYTES, false,
	    "Native capacity from EW to the end of the partition" },
	{ 0x0c, 0x0007, OTHER, TAPE_UNIT_MEGABYTES, false,
	    "Native capacity from BOP to the current position" },
	{ 0x0c, 0x0008, OTHER, TAPE_UNIT_MEGABYTES, false,
	    "Native capacity in the buffer" },
	{ 0x0c, 0x0100, OTHER, TAPE_UNIT_FLAG, false, "Cleaning requested" },
	{ 0x0c, 0x8000, IBM, TAPE_UNIT_MEGABYTES, true,
	    "Megabytes processed since last cleaning" },
	{ 0x0c, 0x8001, IBM, TAPE_UNIT_COUNT, true, "Lifetime load cycles" },
	{ 0x0c, 0x8002, IBM, TAPE_UNIT_COUNT, true,
	    "Lifetime cleaning cycles" },
	/* 14h: device statistics */
	{ 0x14, 0x0000, OTHER, TAPE_UNIT_COUNT, true, "Lifetime media loads" },
	{ 0x14, 0x0001, OTHER, TAPE_UNIT_COUNT, true,
	    "Lifetime cleaning operations" },
	{ 0x14, 0x0002, OTHER, TAPE_UNIT_HOURS, true,
	    "Lifetime power on hours" },
	{ 0x14, 0x0003, OTHER, TAPE_UNIT_HOURS, true,
	    "Lifetime media motion (head) hours" },
	{ 0x14, 0x0004, OTHER, TAPE_UNIT_METRES, true,
	    "Lifetime metres of tape processed" },
	{ 0x14, 0x0008, OTHER, TAPE_UNIT_HOURS, true,
	    "Media motion (head) hours since last successful cleaning" },
	{ 0x14, 0x000c, OTHER, TAPE_UNIT_COUNT, true, "Lifetime power cycles" },
	{ 0x14, 0x000d, OTHER, TAPE_UNIT_COUNT, true,
	    "Volume loads since last parameter reset" },
	{ 0x14, 0x000e, OTHER, TAPE_UNIT_COUNT, true, "Hard write errors" },
	{ 0x14, 0x000f, OTHER, TAPE_UNIT_COUNT, true, "Hard read errors" },
	{ 0x14, 0x0080, OTHER, TAPE_UNIT_FLAG, false,
	    "Medium removal prevented" },
	{ 0x14, 0x0081, OTHER, TAPE_UNIT_FLAG, false,
	    "Maximum recommended mechanism temperature exceeded" },
	/* 17h: volume statistics */
	{ 0x17, 0x0001, OTHER, TAPE_UNIT_COUNT, true, "Thread count" },
	{ 0x17, 0x0002, OTHER, TAPE_UNIT_DATA_SETS, true,
	    "Volume data sets written" },
	{ 0x17, 0x0003, OTHER, TAPE_UNIT_COUNT, true, "Volume write retries" },
	{ 0x17, 0x0004, OTHER, TAPE_UNIT_COUNT, true,
	    "Volume unrecovered write errors" },
	{ 0x17, 0x0005, OTHER, TAPE_UNIT_COUNT, true,
	    "Volume suspended writes" },
	{ 0x17, 0x0006, OTHER, TAPE_UNIT_COUNT, true,
	    "Volume fatal suspended writes" },
	{ 0x17, 0x0007, OTHER, TAPE_UNIT_DATA_SETS, true,
	    "Volume data sets read" },
	{ 0x17, 0x0008, OTHER, TAPE_UNIT_COUNT, true, "Volume read retries" },
	{ 0x17, 0x0009, OTHER, TAPE_UNIT_COUNT, true,
	    "Volume unrecovered read errors" },
	{ 0x17, 0x000c, OTHER, TAPE_UNIT_COUNT, false,
	    "Last mount unrecovered write errors" },
	{ 0x17, 0x000d, OTHER, TAPE_UNIT_COUNT, false,
	    "Last mount unrecovered read errors" },
	{ 0x17, 0x000e, OTHER, TAPE_UNIT_MEGABYTES, false,
	    "Last mount megabytes written" },
	{ 0x17, 0x000f, OTHER, TAPE_UNIT_MEGABYTES, false,
	    "Last mount megabytes read" },
	{ 0x17, 0x0010, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Lifetime megabytes written" },
	{ 0x17, 0x0011, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Lifetime megabytes read" },
	{ 0x17, 0x0012, OTHER, TAPE_UNIT_PERCENT, false,
	    "Last load write compression ratio" },
	{ 0x17, 0x0013, OTHER, TAPE_UNIT_PERCENT, false,
	    "Last load read compression ratio" },
	{ 0x17, 0x0016, OTHER, TAPE_UNIT_MEGABYTES, false,
	    "Total native capacity" },
	{ 0x17, 0x0017, OTHER, TAPE_UNIT_MEGABYTES, false,
	    "Total used native capacity" },
	{ 0x17, 0x0101, OTHER, TAPE_UNIT_COUNT, true,
	    "Beginning of medium passes" },
	{ 0x17, 0x0102, OTHER, TAPE_UNIT_COUNT, true,
	    "Middle of medium passes" },
	/* 1Bh: data compression */
	{ 0x1b, 0x0000, OTHER, TAPE_UNIT_PERCENT, false,
	    "Read compression ratio" },
	{ 0x1b, 0x0001, OTHER, TAPE_UNIT_PERCENT, false,
	    "Write compression ratio" },
	{ 0x1b, 0x0002, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Megabytes transferred to the host" },
	{ 0x1b, 0x0004, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Megabytes read from the medium" },
	{ 0x1b, 0x0006, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Megabytes transferred from the host" },
	{ 0x1b, 0x0008, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Megabytes written to the medium" },
	{ 0x1b, 0x0100, OTHER, TAPE_UNIT_FLAG, false,
	    "Data compression enabled" },
	/* 30h: tape usage */
	{ 0x30, 0x0001, OTHER, TAPE_UNIT_COUNT, true, "Thread count" },
	{ 0x30, 0x0001, IBM, TAPE_UNIT_COUNT, true, "Volume mounts" },
	{ 0x30, 0x0002, OTHER, TAPE_UNIT_DATA_SETS, true,
	    "Total data sets written" },
	{ 0x30, 0x0003, OTHER, TAPE_UNIT_COUNT, true, "Total write retries" },
	{ 0x30, 0x0004, OTHER, TAPE_UNIT_COUNT, true,
	    "Total unrecovered write errors" },
	{ 0x30, 0x0005, OTHER, TAPE_UNIT_COUNT, true,
	    "Total suspended writes" },
	{ 0x30, 0x0006, OTHER, TAPE_UNIT_COUNT, true,
	    "Total fatal suspended writes" },
	{ 0x30, 0x0007, OTHER, TAPE_UNIT_DATA_SETS, true,
	    "Total data sets read" },
	{ 0x30, 0x0008, OTHER, TAPE_UNIT_COUNT, true, "Total read retries" },
	{ 0x30, 0x0009, OTHER, TAPE_UNIT_COUNT, true,
	    "Total unrecovered read errors" },
	/* 31h: tape capacity */
	{ 0x31, 0x0001, OTHER, TAPE_UNIT_MEBIBYTES, false,
	    "Main partition remaining capacity" },
	{ 0x31, 0x0002, OTHER, TAPE_UNIT_MEBIBYTES, false,
	    "Alternate partition remaining capacity" },
	{ 0x31, 0x0003, OTHER, TAPE_UNIT_MEBIBYTES, false,
	    "Main partition maximum capacity" },
	{ 0x31, 0x0004, OTHER, TAPE_UNIT_MEBIBYTES, false,
	    "Alternate partition maximum capacity" },
	/* 32h: data compression of drives before LTO-5 */
	{ 0x32, 0x0000, OTHER, TAPE_UNIT_PERCENT, false,
	    "Read compression ratio" },
	{ 0x32, 0x0001, OTHER, TAPE_UNIT_PERCENT, false,
	    "Write compression ratio" },
	{ 0x32, 0x0002, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Megabytes transferred to the host" },
	{ 0x32, 0x0004, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Megabytes read from the medium" },
	{ 0x32, 0x0006, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Megabytes transferred from the host" },
	{ 0x32, 0x0008, OTHER, TAPE_UNIT_MEGABYTES, true,
	    "Megabytes written to the medium" },
};

const struct tape_counter_name *tape_counter_name(enum tape_maker maker,
    uint8_t page, uint16_t code)
{
	const struct tape_counter_name *found = NULL;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const struct tape_counter_name *n = &names[i];

		if (n->page != page || n->code != code)
			continue;
		if (n->maker == maker)
			return n;
		if (n->maker == OTHER)
			found = n;
	}
	return found;
}
