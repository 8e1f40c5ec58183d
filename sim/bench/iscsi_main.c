/*
 * iscsi_main.c: measures an iSCSI target that has tape drives.
 *
 *     iscsi_main PORTAL TARGET tape LUN BLOCK COUNT DEPTH
 *         seconds to write COUNT blocks from BOT on, with a filemark
 *     iscsi_main PORTAL TARGET stream LUN BLOCK DEPTH FROM UNTIL
 *         writes blocks from BOT on, from now UNTIL a time: the number of
 *         those that were written between the two times, which are in ms of
 *         CLOCK_MONOTONIC
 *     iscsi_main PORTAL TARGET read LUN BLOCK COUNT DEPTH
 *         seconds to read them
 *     iscsi_main PORTAL TARGET disk LUN BLOCK COUNT DEPTH
 *         seconds to write COUNT blocks to a disk
 *     iscsi_main PORTAL TARGET ping LUN COUNT
 *         seconds for COUNT times TEST UNIT READY, one after the other
 *     iscsi_main PORTAL TARGET during LUN OTHER
 *         drive LUN goes to EOD, and rewinds.  Meanwhile: the number of rounds,
 *         and the 99th percentile, in ms, of INQUIRY and TEST UNIT READY of
 *         drive OTHER, and of NOP-Out on the connection of drive LUN
 *     iscsi_main PORTAL TARGET elements LUN FIRST COUNT
 *         ms of READ ELEMENT STATUS with volume tags: the slowest of 20
 *     iscsi_main PORTAL TARGET find LUN FILES BLOCK
 *         ms to space over FILES filemarks, to EOD, and to a block
 *     iscsi_main PORTAL TARGET label LUN DRIVE FIRST COUNT
 *         seconds to load, label and unload COUNT slots, with drive LUN,
 *         which is the element DRIVE
 *     iscsi_main PORTAL TARGET load LUN SLOT DRIVE
 *         the changer moves a cartridge, and drive LUN becomes ready
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/bench/bench_host.h"
#include "splitter/base/big_endian.h"

enum { CHANGER_LUN = 0, ROUNDS_MAX = 100000, ELEMENT_ROUNDS = 20 };
enum { PAUSE_NS = 2000000, READY_TRIES = 6000 };

static const uint8_t rewind_tape[6] = { 0x01 },
		     filemark[6] = { 0x10, 0, 0, 0, 1 },
		     to_eod[6] = { 0x11, 3 }, unload[6] = { 0x1b },
		     test_ready[6] = { 0x00 };

static struct {
	const char *portal, *target;
	char **words; /* after the verb */
} args;

static long number(int i)
{
	char *end;
	long n = strtol(args.words[i], &end, 10);

	if (*end != '\0' || n < 0)
		bench_die(args.words[i], "not a number");
	return n;
}

static struct iscsi_context *log_in(int lun)
{
	return bench_open(args.portal, args.target, lun);
}

static double ms_since(int64_t begun)
{
	return (double)(bench_now_ns() - begun) / 1e6;
}

static void pause_ns(long ns)
{
	nanosleep(&(struct timespec){ .tv_nsec = ns }, NULL);
}

/* The drive reports the medium by a unit attention, and then as ready. */
static void wait_until_ready(struct iscsi_context *drive, int lun)
{
	for (int i = 0; i < READY_TRIES; i++) {
		struct scsi_task *task = iscsi_testunitready_sync(drive, lun);
		bool ready = task != NULL && task->status == SCSI_STATUS_GOOD;
		bool becoming = task != NULL && !ready &&
		    task->sense.key == SCSI_SENSE_NOT_READY;

		if (task == NULL)
			bench_die("TEST UNIT READY", iscsi_get_error(drive));
		scsi_free_scsi_task(task);
		if (ready)
			return;
		if (becoming)
			pause_ns(10000000);
	}
	bench_die("drive", "it does not become ready");
}

static void transfer(enum bench_work work)
{
	int lun = (int)number(0);
	struct iscsi_context *iscsi = log_in(lun);
	int64_t begun;

	if (work != BENCH_WRITE_DISK) {
		wait_until_ready(iscsi, lun);
		bench_do(iscsi, lun, rewind_tape, sizeof rewind_tape);
	}
	begun = bench_now_ns();
	bench_transfer(iscsi, lun, work, (uint32_t)number(1),
	    (uint64_t)number(2), (unsigned)number(3));
	if (work == BENCH_WRITE_TAPE)
		bench_do(iscsi, lun, filemark, sizeof filemark);
	printf("%.6f\n", ms_since(begun) / 1e3);
	bench_close(iscsi);
}

static void tape(void)
{
	transfer(BENCH_WRITE_TAPE);
}

static void stream(void)
{
	const int64_t ms = 1000000;
	int lun = (int)number(0);
	struct iscsi_context *iscsi = log_in(lun);

	wait_until_ready(iscsi, lun);
	bench_do(iscsi, lun, rewind_tape, sizeof rewind_tape);
	printf("%" PRIu64 "\n",
	    bench_stream(iscsi, lun, (uint32_t)number(1), (unsigned)number(2),
		number(3) * ms, number(4) * ms));
	bench_close(iscsi);
}

static void read_back(void)
{
	transfer(BENCH_READ_TAPE);
}

static void disk(void)
{
	transfer(BENCH_WRITE_DISK);
}

static void ping(void)
{
	int lun = (int)number(0);
	struct iscsi_context *iscsi = log_in(lun);
	int64_t begun = bench_now_ns();

	for (long i = number(1); i > 0; i--)
		bench_do(iscsi, lun, test_ready, sizeof test_ready);
	printf("%.6f\n", ms_since(begun) / 1e3);
	bench_close(iscsi);
}

static void rewound(struct iscsi_context *iscsi, int status, void *command_data,
    void *private_data)
{
	if (status != SCSI_STATUS_GOOD)
		bench_die("REWIND", iscsi_get_error(iscsi));
	scsi_free_scsi_task(command_data);
	*(bool *)private_data = true;
}

static void answered(struct iscsi_context *iscsi, int status,
    void *command_data, void *private_data)
{
	(void)command_data;
	if (status != SCSI_STATUS_GOOD)
		bench_die("NOP-Out", iscsi_get_error(iscsi));
	*(bool *)private_data = true;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The 99th percentile. */
static double nearly_worst(double *ms, size_t n)
{
	qsort(ms, n, sizeof *ms, compare);
	return ms[(n - 1) * 99 / 100];
}

static double time_nop(struct iscsi_context *iscsi)
{
	int64_t begun = bench_now_ns();
	bool done = false;

	if (iscsi_nop_out_async(iscsi, answered, NULL, 0, &done) != 0)
		bench_die("NOP-Out", iscsi_get_error(iscsi));
	while (!done)
		bench_wait(iscsi, NULL);
	return ms_since(begun);
}

static void during(void)
{
	static double inquiry_ms[ROUNDS_MAX], ready_ms[ROUNDS_MAX],
	    nop_ms[ROUNDS_MAX];
	const uint8_t inquiry[6] = { 0x12, 0, 0, 0, 96 };
	int lun = (int)number(0), other = (int)number(1);
	struct iscsi_context *a = log_in(lun), *b = log_in(other);
	unsigned char cdb[6] = { 0x01 };
	struct scsi_task *task;
	bool done = false;
	size_t n = 0;
	char data[96];

	wait_until_ready(a, lun);
	wait_until_ready(b, other);
	bench_do(a, lun, to_eod, sizeof to_eod);
	task = scsi_create_task(sizeof cdb, cdb, SCSI_XFER_NONE, 0);
	if (task == NULL ||
	    iscsi_scsi_command_async(a, lun, task, rewound, NULL, &done) != 0)
		bench_die("REWIND", iscsi_get_error(a));
	for (; !done && n < ROUNDS_MAX; n++) {
		int64_t begun = bench_now_ns();

		bench_command(b, other, inquiry, sizeof inquiry, data, NULL,
		    sizeof data);
		inquiry_ms[n] = ms_since(begun);
		begun = bench_now_ns();
		bench_do(b, other, test_ready, sizeof test_ready);
		ready_ms[n] = ms_since(begun);
		nop_ms[n] = time_nop(a);
		pause_ns(PAUSE_NS);
	}
	if (n == 0)
		bench_die("REWIND", "it takes no time");
	printf("%zu %.3f %.3f %.3f\n", n, nearly_worst(inquiry_ms, n),
	    nearly_worst(ready_ms, n), nearly_worst(nop_ms, n));
	bench_close(a);
	bench_close(b);
}

static void elements(void)
{
	enum { ROOM = 4 << 20 };
	int lun = (int)number(0);
	uint8_t cdb[12] = { 0xb8, 0x12 }, *data = malloc(ROOM);
	struct iscsi_context *iscsi = log_in(lun);
	double slowest = 0;

	if (data == NULL)
		bench_die("elements", "out of memory");
	put_be16(cdb + 2, (uint64_t)number(1));
	put_be16(cdb + 4, (uint64_t)number(2));
	put_be24(cdb + 7, ROOM);
	for (int i = 0; i < ELEMENT_ROUNDS; i++) {
		int64_t begun = bench_now_ns();
		double ms;

		bench_command(iscsi, lun, cdb, sizeof cdb, data, NULL, ROOM);
		ms = ms_since(begun);
		if (ms > slowest)
			slowest = ms;
		if (get_be16(data + 2) != number(2))
			bench_die("elements", "another number of them");
	}
	printf("%.3f\n", slowest);
	free(data);
	bench_close(iscsi);
}

static double time_of(struct iscsi_context *iscsi, int lun, const uint8_t *cdb,
    int cdb_bytes)
{
	int64_t begun = bench_now_ns();

	bench_do(iscsi, lun, cdb, cdb_bytes);
	return ms_since(begun);
}

/* Checks the position of a drive: its file, or its block. */
static void must_be_at(struct iscsi_context *iscsi, int lun, uint64_t file,
    uint64_t block)
{
	const uint8_t read_position[10] = { 0x34, 0x06 };
	uint8_t data[32];

	bench_command(iscsi, lun, read_position, sizeof read_position, data,
	    NULL, sizeof data);
	if (get_be64(data + 16) != file && get_be64(data + 8) != block)
		bench_die("find", "the drive is at another position");
}

static void find(void)
{
	int lun = (int)number(0);
	struct iscsi_context *iscsi = log_in(lun);
	uint8_t space[6] = { 0x11, 1 }, locate[16] = { 0x92 };
	double over_ms, eod_ms, locate_ms;

	put_be24(space + 2, (uint64_t)number(1));
	put_be64(locate + 4, (uint64_t)number(2));
	bench_do(iscsi, lun, rewind_tape, sizeof rewind_tape);
	over_ms = time_of(iscsi, lun, space, sizeof space);
	must_be_at(iscsi, lun, (uint64_t)number(1), UINT64_MAX);
	bench_do(iscsi, lun, rewind_tape, sizeof rewind_tape);
	eod_ms = time_of(iscsi, lun, to_eod, sizeof to_eod);
	must_be_at(iscsi, lun, (uint64_t)number(1), UINT64_MAX);
	bench_do(iscsi, lun, rewind_tape, sizeof rewind_tape);
	locate_ms = time_of(iscsi, lun, locate, sizeof locate);
	must_be_at(iscsi, lun, UINT64_MAX, (uint64_t)number(2));
	printf("%.3f %.3f %.3f\n", over_ms, eod_ms, locate_ms);
	bench_close(iscsi);
}

static void move(struct iscsi_context *changer, long from, long to)
{
	uint8_t cdb[12] = { 0xa5 };

	put_be16(cdb + 4, (uint64_t)from);
	put_be16(cdb + 6, (uint64_t)to);
	bench_do(changer, CHANGER_LUN, cdb, sizeof cdb);
}

static void label(void)
{
	const uint8_t write[6] = { 0x0a, 0, 0, 0, 80 };
	int lun = (int)number(0);
	long element = number(1), first = number(2), count = number(3);
	struct iscsi_context *changer = log_in(CHANGER_LUN),
			     *drive = log_in(lun);
	int64_t begun = bench_now_ns();
	char text[80 + 1];

	for (long i = first; i < first + count; i++) {
		move(changer, i, element);
		wait_until_ready(drive, lun);
		snprintf(text, sizeof text, "VOL1%06ld%70s", i, "");
		bench_command(drive, lun, write, sizeof write, NULL, text, 80);
		bench_do(drive, lun, filemark, sizeof filemark);
		bench_do(drive, lun, unload, sizeof unload);
		move(changer, element, i);
	}
	printf("%.3f\n", ms_since(begun) / 1e3);
	bench_close(changer);
	bench_close(drive);
}

static void load(void)
{
	int lun = (int)number(0);
	struct iscsi_context *changer = log_in(CHANGER_LUN),
			     *drive = log_in(lun);

	move(changer, number(1), number(2));
	wait_until_ready(drive, lun);
	bench_close(changer);
	bench_close(drive);
}

static const struct {
	const char *name;
	int words;
	void (*run)(void);
} verbs[] = {
	{ "tape", 4, tape },
	{ "stream", 5, stream },
	{ "read", 4, read_back },
	{ "disk", 4, disk },
	{ "ping", 2, ping },
	{ "during", 2, during },
	{ "elements", 3, elements },
	{ "find", 3, find },
	{ "label", 4, label },
	{ "load", 3, load },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
		if (argc < 4 || strcmp(argv[3], verbs[i].name) != 0)
			continue;
		if (argc != 4 + verbs[i].words)
			break;
		args.portal = argv[1];
		args.target = argv[2];
		args.words = argv + 4;
		verbs[i].run();
		return 0;
	}
	fputs("usage: iscsi_main PORTAL TARGET VERB WORDS; see iscsi_main.c\n",
	    stderr);
	return 2;
}
