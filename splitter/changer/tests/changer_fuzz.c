/*
 * changer_fuzz.c: a hostile changer answers READ ELEMENT STATUS, for libFuzzer
 * (see `make fuzz`).
 *
 * An input is a list of changes, one for each of these commands: flags (1), a
 * length (2), the number of edits (1), and the edits: offset (2), value (1).
 * When the input has ended, the answers are true.  No input may cause a memory
 * error, a search without end, a move from or to an element that is neither a
 * slot nor a drive, or an inventory of the robot.
 *
 *     changer_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/changer/mover.h"
#include "splitter/changer/tests/bent_port.h"

enum { ROBOT = 1, IE = 16, DRIVE = 256, SLOT = 1024, COUNT = 4 };
enum { COMMANDS_MAX = 200000, REPORT_BYTES = 4096, EACH = 12 + 36 + 4 + 34 };
enum { CUT = 1, DROPS = 2, FAILS = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

struct hostile {
	struct scsi_port port; /* first: cast to this */
	const uint8_t *input;
	size_t bytes;
	unsigned commands;
	unsigned at[COUNT]; /* where the cartridges are */
};

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "changer_fuzz: %s\n", what);
	abort();
}

static unsigned take(struct hostile *h, unsigned bytes)
{
	unsigned value = 0;

	for (; bytes > 0 && h->bytes > 0; bytes--, h->bytes--)
		value = value << 8 | *h->input++;
	return value;
}

static const unsigned firsts[] = { 0, ROBOT, SLOT, IE, DRIVE };
static const unsigned counts[] = { 0, 1, COUNT, 2, 2 };

static void put_element(const struct hostile *h, unsigned address,
    uint8_t *bytes, bool identifier)
{
	put_be16(bytes, address);
	for (unsigned i = 0; i < COUNT; i++) {
		if (h->at[i] != address)
			continue;
		bytes[2] = 1;
		bytes[9] = 0x81;
		put_be16(bytes + 10, SLOT + i);
		memset(bytes + 12, ' ', 32);
		memcpy(bytes + 12, "A00001L8", 8);
		bytes[17] = (uint8_t)('1' + i);
	}
	if (!identifier)
		return;
	bytes[48] = 2;
	bytes[49] = 1;
	bytes[51] = 34;
	memcpy(bytes + 52, "IBM     ULT3580-TD8     TL00000001", 34);
	bytes[85] = (uint8_t)('1' + address - DRIVE);
}

static size_t put_report(const struct hostile *h, const uint8_t *cdb,
    uint8_t report[REPORT_BYTES])
{
	unsigned type = cdb[1] & 0xf, start = get_be16(cdb + 2), n = 0;
	size_t each = type == ELEMENT_DRIVE ? EACH : 52;

	memset(report, 0, REPORT_BYTES);
	require(type >= ELEMENT_ROBOT && type <= ELEMENT_DRIVE, "a type");
	for (unsigned i = 0; i < counts[type]; i++)
		if (firsts[type] + i >= start)
			put_element(h, firsts[type] + i,
			    report + 16 + each * n++,
			    type == ELEMENT_DRIVE && (cdb[6] & 1));
	put_be16(report + 2, n);
	put_be24(report + 5, n > 0 ? 8 + n * each : 0);
	report[8] = (uint8_t)type;
	report[9] = 0x80;
	put_be16(report + 10, each);
	put_be24(report + 13, n * each);
	return n > 0 ? 16 + n * each : 8;
}

static void read_elements(struct hostile *h, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	uint8_t report[REPORT_BYTES];
	size_t bytes = put_report(h, command->cdb, report);
	unsigned flags = take(h, 1), length = take(h, 2), edits = take(h, 1);

	for (; edits > 0 && h->bytes > 0; edits--) {
		unsigned offset = take(h, 2);

		report[offset % REPORT_BYTES] = (uint8_t)take(h, 1);
	}
	if (flags & FAILS) {
		bent_port_sense(answer, length >> 8 & 0xf, (uint8_t)length, 0);
		return;
	}
	if (flags & CUT)
		bytes = length % (REPORT_BYTES + 1);
	if (bytes > command->data_bytes)
		bytes = command->data_bytes;
	memcpy(command->in, report, bytes);
	answer->has_residual = !(flags & DROPS);
	if (answer->has_residual)
		answer->residual = command->data_bytes - (uint32_t)bytes;
}

static void move_medium(struct hostile *h, const uint8_t *cdb)
{
	unsigned from = get_be16(cdb + 4), to = get_be16(cdb + 6);
	bool in = from >= SLOT && from < SLOT + COUNT && to >= DRIVE &&
	    to < DRIVE + 2;
	bool out = to >= SLOT && to < SLOT + COUNT && from >= DRIVE &&
	    from < DRIVE + 2;

	require(in || out, "a move that is not between a slot and a drive");
	for (unsigned i = 0; i < COUNT; i++)
		if (h->at[i] == to)
			return;
	for (unsigned i = 0; i < COUNT; i++)
		if (h->at[i] == from)
			h->at[i] = to;
}

static void put_addresses(uint8_t *data)
{
	data[0] = 23;
	data[4] = 0x1d;
	data[5] = 18;
	for (unsigned i = 0; i < 4; i++) {
		put_be16(data + 6 + 4 * i, firsts[i + 1]);
		put_be16(data + 8 + 4 * i, counts[i + 1]);
	}
}

static void execute(struct scsi_port *port, const struct scsi_command *command,
    struct scsi_answer *answer)
{
	struct hostile *h = (struct hostile *)port;

	require(h->commands++ < COMMANDS_MAX, "commands without end");
	answer->outcome = SCSI_ANSWERED;
	answer->has_residual = true;
	switch (command->cdb[0]) {
	case 0x00:
		return;
	case 0x12:
		memset(command->in, 0, command->data_bytes);
		*(uint8_t *)command->in = 8;
		((uint8_t *)command->in)[4] = 31;
		return;
	case 0x1a:
		require(command->data_bytes >= 24, "a short MODE SENSE");
		put_addresses(command->in);
		return;
	case 0xa5:
		move_medium(h, command->cdb);
		return;
	case 0xb8:
		read_elements(h, command, answer);
		return;
	default:
		require(command->cdb[0] == 0xa3, "another command");
		bent_port_sense(answer, 5, 0x20, 0);
	}
}

static int64_t clock_ns(struct scsi_port *port)
{
	return (int64_t)((struct hostile *)port)->commands * 1000000;
}

static bool sleep_ns(struct scsi_port *port, int64_t ns)
{
	(void)port;
	(void)ns;
	return true;
}

static int64_t waiting_ns(const struct scsi_port *port, const char **name)
{
	(void)port;
	*name = NULL;
	return 0;
}

static void close_port(struct scsi_port *port)
{
	(void)port;
}

static void use(struct autochanger *changer)
{
	static const char *const names[] = { "A00001L8", "A00002L8" };
	char err[512];
	struct mover *mover = mover_new(changer, names, 2, err, sizeof err);

	if (mover == NULL)
		return;
	mover_load(mover, DRIVE, names[0], err, sizeof err);
	mover_load(mover, DRIVE + 1, names[1], err, sizeof err);
	mover_put_away(mover, DRIVE, err, sizeof err);
	mover_each_away(mover, NULL, NULL);
	mover_free(mover);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const struct scsi_port_ops ops = { execute, clock_ns, sleep_ns,
		waiting_ns, close_port };
	struct hostile h = { .port = { .ops = &ops, .name = "/dev/sg9" },
		.input = data,
		.bytes = bytes };
	struct autochanger *changer;
	char err[512];

	for (unsigned i = 0; i < COUNT; i++)
		h.at[i] = SLOT + i;
	h.at[COUNT - 1] = IE;
	changer = autochanger_on_port(&h.port, err, sizeof err);
	require(changer != NULL, err);
	use(changer);
	autochanger_close(changer);
	return 0;
}

/* Inputs that libFuzzer changes: each is for several commands. */
static const struct {
	uint8_t bytes[24];
	size_t count;
} seeds[] = {
	{ { 0 }, 1 },
	{ { 0, 0, 0, 0, CUT, 0, 100, 0, 0, 0, 0, 0 }, 12 },
	{ { FAILS, 5, 0x24, 0, FAILS, 5, 0x24, 0, 0, 0, 0, 0 }, 12 },
	{ { 0, 0, 0, 2, 0, 5, 0xff, 0, 10, 0xff, 0, 0, 0, 1, 0, 16, 5 }, 17 },
	{ { DROPS, 0, 0, 1, 0, 18, 1, 0, 0, 0, 1, 0, 20, 0x41 }, 14 },
};

static void make_seeds(const char *folder)
{
	char name[512];

	for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++) {
		FILE *f;

		snprintf(name, sizeof name, "%s/answers%zu", folder, i);
		f = fopen(name, "w");
		if (f == NULL ||
		    fwrite(seeds[i].bytes, seeds[i].count, 1, f) != 1 ||
		    fclose(f) != 0) {
			perror(name);
			exit(1);
		}
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	if (*argc == 3 && strcmp((*argv)[1], "--seeds") == 0) {
		make_seeds((*argv)[2]);
		exit(0);
	}
	return 0;
}
