/*
 * smc_fuzz.c: a hostile host sends commands to the changer of a library in
 * memory, for libFuzzer (see `make fuzz`).
 *
 * An input is a list of commands of 20 bytes: nexus, an event before the
 * command, expected length (2), CDB (16).  No input may cause a memory error, a
 * lost cartridge, or a report whose lengths do not agree.
 *
 *     smc_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "vtl/scsi/smc/smc.h"

enum { COMMAND_BYTES = 20, COMMANDS_MAX = 64, SLOTS = 5, DRIVES = 2 };
enum { NONE, RESET, NEXUS_LOST, NEXUS_OPEN, IE_ACCESSED, ROBOT_FAULT, EVENTS };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct changer *changer;
static const struct device_identity identities[DRIVES] = {
	{ .type = 1, .vendor = "IBM", .product = "ULT3580-TD8", .serial = "A" },
	{ .type = 1, .vendor = "HPE", .product = "Ultrium 7", .serial = "B" },
};

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "smc_fuzz: %s\n", what);
	abort();
}

static enum changer_status list(void *arg, unsigned first, unsigned last,
    size_t most, struct changer_element **elements, size_t *count)
{
	(void)arg;
	return changer_list_range(changer, first, last, most, elements, count);
}

static void get_drive(void *arg, unsigned drive, struct smc_drive *state)
{
	(void)arg;
	require(drive < DRIVES, "a drive that the library has not");
	state->identity = &identities[drive];
	state->loaded = drive == 0;
}

static enum changer_reason move(void *arg, const struct smc_move *request,
    int64_t *done_ns)
{
	(void)arg;
	*done_ns = request->now_ns + 1;
	changer_move_any(changer, request->from, request->to);
	return changer_reason(changer);
}

static int64_t position(void *arg, unsigned address, int64_t now_ns)
{
	struct changer_element *e;
	size_t n;

	(void)arg;
	require(list(NULL, address, address, 1, &e, &n) == CHANGER_OK && n == 1,
	    "the robot goes to an element that does not exist");
	free(e);
	return now_ns;
}

static int64_t inventory(void *arg, unsigned first, unsigned last,
    int64_t now_ns)
{
	(void)arg;
	require(first <= last && last <= UINT16_MAX, "an impossible range");
	return now_ns;
}

static const struct smc_library library = { list, get_drive, move, position,
	inventory };

static void make_library(void)
{
	static const struct changer_cartridge cartridges[] = {
		{ "A00001L8", "1", NULL },
		{ "A00002L7", "2", NULL },
		{ "CLN001CU", NULL, NULL },
	};
	const struct model *models[DRIVES] = { model_find("lto8"),
		model_find("lto7") };
	const struct changer_spec spec = { .drives = models,
		.drive_count = DRIVES,
		.slot_count = SLOTS,
		.ie_count = 2,
		.move_ns = 1 };
	char message[VOLUME_MESSAGE_BYTES];

	changer = changer_new(&spec, message);
	require(changer != NULL, "no library");
	require(changer_fill_slots(changer, cartridges, 3) == CHANGER_OK,
	    "no cartridges");
}

static void check_cartridges(void)
{
	struct changer_element *e;
	size_t n, full = 0;

	require(changer_list(changer, &e, &n) == CHANGER_OK, "no elements");
	for (size_t i = 0; i < n; i++)
		full += e[i].full;
	free(e);
	require(full == 3, "a cartridge was lost");
}

/* Checks the headers of a report of which `bytes` bytes were sent. */
static void check_report(const uint8_t *report, uint32_t bytes)
{
	uint32_t at = 8, total, count = 0;

	if (bytes < 8)
		return;
	total = 8 + get_be24(report + 5);
	require(bytes <= total, "more than the report");
	while (at + 8 <= bytes) {
		uint32_t each = get_be16(report + at + 2);
		uint32_t page = get_be24(report + at + 5);

		require(report[at] >= 1 && report[at] <= 4, "a type");
		require(each >= 16 && page > 0 && page % each == 0, "a page");
		count += page / each;
		at += 8 + page;
	}
	if (bytes == total)
		require(at == total && count == get_be16(report + 2),
		    "the lengths do not agree");
}

static void event(struct smc *smc, uint8_t what, unsigned nexus)
{
	static const struct device_port port;
	struct changer_fault fault = { .nth = 1, .once = true };

	fault.mode = (enum changer_fault_mode)(what / EVENTS % 4);
	switch (what % EVENTS) {
	case RESET:
		device_reset(smc_device(smc), 0);
		break;
	case NEXUS_LOST:
		device_nexus_lost(smc_device(smc), nexus);
		break;
	case NEXUS_OPEN:
		device_nexus_open(smc_device(smc), nexus, &port);
		break;
	case IE_ACCESSED:
		device_establish(smc_device(smc), SCSI_IE_ACCESSED, nexus);
		break;
	case ROBOT_FAULT:
		changer_add_fault(changer, &fault);
		break;
	default:
		break;
	}
}

static void run(struct smc *smc, const uint8_t *input)
{
	uint32_t expected = get_be16(input + 2);
	/* of their exact sizes, so that a sanitizer finds an overrun */
	uint8_t *in = malloc(expected), *out = calloc(1, expected);
	struct device_command command = { .nexus = input[0] % DEVICE_NEXUSES,
		.expected = expected,
		.out = out,
		.out_bytes = expected,
		.in = in,
		.in_room = expected };
	struct device_answer answer;

	memcpy(command.cdb, input + 4, sizeof command.cdb);
	event(smc, input[1], command.nexus);
	device_execute(smc_device(smc), &command, 5, &answer);
	require(answer.in_bytes <= expected, "too much data");
	require(answer.done_ns >= 5, "it ends before it begins");
	require((answer.status == DEVICE_CHECK_CONDITION) ==
		(answer.sense_bytes > 0),
	    "sense data and status do not agree");
	if (command.cdb[0] == 0xb8 && answer.status == DEVICE_GOOD)
		check_report(in, answer.in_bytes);
	free(in);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const struct device_identity identity = {
		.type = 8, .vendor = "STK", .product = "L700", .serial = "C"
	};
	const struct smc_options options = { .identifiers_alone = bytes > 0 &&
		    (data[0] & 0x80) };
	struct smc *smc = smc_new(&library, NULL, &options, &identity);

	require(smc != NULL, "no memory");
	require(smc_count_elements(smc), "no elements");
	for (size_t i = 0; i < COMMANDS_MAX && bytes >= COMMAND_BYTES; i++) {
		run(smc, data);
		data += COMMAND_BYTES;
		bytes -= COMMAND_BYTES;
	}
	check_cartridges();
	smc_free(smc);
	changer_clear_faults(changer);
	return 0;
}

/* Commands with valid fields, from which libFuzzer makes others. */
static const uint8_t seeds[][COMMAND_BYTES] = {
	{ 0, 0, 0, 18, 0x03, 0, 0, 0, 18 },
	{ 0, 0, 0, 255, 0x12, 1, 0x83, 0, 255 },
	{ 0, 0, 0, 255, 0x1a, 8, 0x1d, 0, 255 },
	{ 0, 0, 16, 0, 0x5a, 8, 0x3f, 0xff, 0, 0, 0, 16, 0 },
	{ 0, 0, 1, 0, 0x4d, 0, 0x6e, 0, 0, 0, 0, 1, 0 },
	{ 1, 4, 0, 0, 0x1e, 0, 0, 0, 1 },
	{ 0, 0, 0, 0, 0x2b, 0, 0, 1, 4, 0 },
	{ 0, 0, 0, 0, 0x37, 1, 4, 0, 0, 0, 0, 2 },
	{ 0, 0, 0, 0, 0xa5, 0, 0, 0, 4, 0, 1, 0 },
	{ 0, 5, 0, 0, 0xa5, 0, 0, 0, 1, 0, 4, 4 },
	{ 0, 0, 0, 0, 0xa5, 0, 0, 0, 4, 1, 0, 16 },
	{ 0, 0, 16, 0, 0xb8, 0x10, 0, 0, 255, 255, 1, 0, 16, 0 },
	{ 0, 0, 16, 0, 0xb8, 0x12, 4, 0, 0, 2, 0, 0, 0, 100 },
	{ 0, 0, 16, 0, 0xa3, 0x0c, 0x80, 0, 0, 0, 0, 0, 16, 0 },
	{ 0, 0, 0, 24, 0x5f, 0, 0, 0, 0, 0, 0, 0, 24 },
};

static void make_seeds(const char *folder)
{
	enum { SEEDS = sizeof seeds / sizeof seeds[0] };
	char name[512];

	for (size_t i = 0; i < SEEDS; i++) {
		FILE *f;

		/* REQUEST SENSE, which takes the unit attention, comes first. */
		snprintf(name, sizeof name, "%s/command%zu", folder, i);
		f = fopen(name, "w");
		if (f == NULL || fwrite(seeds[0], COMMAND_BYTES, 1, f) != 1 ||
		    fwrite(seeds[i], COMMAND_BYTES, 1, f) != 1 ||
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
	make_library();
	return 0;
}
