/*
 * ssc_fuzz.c: a hostile host sends commands to a drive with a small volume, for
 * libFuzzer (see `make fuzz`).
 *
 * An input is a list of commands: nexus, an event before the command, expected
 * length (2), length of the parameters, CDB (16), and the parameters; what is
 * expected beyond them is zeros.  No input may cause a memory error, an answer
 * that contradicts itself, or a volume that cannot be verified.
 *
 *     ssc_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/big_endian.h"
#include "vtl/model/model.h"
#include "vtl/scsi/pages/pages.h"
#include "vtl/scsi/ssc/ssc.h"
#include "vtl/volume/verify.h"

enum { HEAD_BYTES = 21, COMMANDS_MAX = 24, NEXUSES = 3, K = 1024 };
enum { NONE, RESET, NEXUS_LOST, NEXUS_OPEN, POWER_LOSS, EXCHANGE, EVENTS };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static char folder[64], path[80], journal[96];
static uint8_t template[2048 * K];
static size_t template_bytes;

static struct scsi *unit;
static struct device *device;
static int64_t now_ns;

static void require(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "ssc_fuzz: %s\n", what);
	abort();
}

static void write_file(const char *name, const void *data, size_t bytes)
{
	FILE *f = fopen(name, "w");

	require(f != NULL && fwrite(data, 1, bytes, f) == bytes &&
		fclose(f) == 0,
	    name);
}

static void clean(void)
{
	unlink(path);
	unlink(journal);
	rmdir(folder);
}

/* A volume with labels, blocks, filemarks and a defect. */
static void make_template(void)
{
	const struct volume_spec spec = { .barcode = "FUZZ01L8",
		.capacity_bytes = 256 * K,
		.has_early_warning = true,
		.early_warning_bytes = 64 * K,
		.payload = VOLUME_PAYLOAD_RAW };
	const struct volume_defect defect = { .at = 9000,
		.fail = VOLUME_FAIL_READ,
		.sense = { SENSE_MEDIUM_ERROR, 0x11, 0, 0, 0 } };
	static const uint8_t block[2 * K] = { 1, 2, 3 };
	struct volume_run run = {
		.data = block, .bytes = 2 * K, .block_bytes = 512
	};
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume;
	FILE *f;

	require(volume_create(path, &spec, "fuzz", false, message) == 0,
	    message);
	volume = volume_open(path, false, message);
	require(volume != NULL, message);
	for (int i = 0; i < 4; i++) {
		volume_append(volume, &run);
		volume_append_filemarks(volume, 1);
		run.block_bytes *= 2;
		run.data = i % 2 == 0 ? NULL : block;
		if (run.block_bytes > run.bytes)
			run.block_bytes = 100;
	}
	volume_defect_add(volume, &defect);
	require(volume_close(volume, message) == 0, message);
	f = fopen(path, "r");
	require(f != NULL, path);
	template_bytes = fread(template, 1, sizeof template, f);
	require(template_bytes < sizeof template, "a large volume");
	fclose(f);
}

static void insert(void)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume = volume_open(path, false, message);

	require(volume != NULL, message);
	scsi_insert(unit, volume, now_ns, &now_ns);
}

static void take_out(void)
{
	struct volume *volume = scsi_remove(unit);
	char message[VOLUME_MESSAGE_BYTES];

	if (volume == NULL)
		volume = drive_remove_volume(scsi_drive(unit));
	if (volume != NULL)
		volume_close(volume, message);
}

static void happen(unsigned event, unsigned nexus)
{
	struct device_port port = { .initiator = "iqn.2026-11.fuzz:a",
		.target = "iqn.2026-11.tapelab:fuzz" };

	switch (event) {
	case RESET:
		device_reset(device, now_ns);
		break;
	case NEXUS_LOST:
		device_nexus_lost(device, nexus);
		break;
	case NEXUS_OPEN:
		port.isid[5] = (uint8_t)nexus;
		device_nexus_open(device, nexus, &port);
		break;
	case POWER_LOSS:
		scsi_reset(unit, now_ns);
		break;
	case EXCHANGE:
		take_out();
		insert();
		break;
	default:
		break;
	}
}

static void check_answer(const struct device_command *command,
    const struct device_answer *answer)
{
	int64_t transferred = command->expected - answer->residual;

	require(answer->done_ns >= now_ns, "a command ended before it began");
	require(answer->in_bytes <= command->in_room, "too much data-in");
	require(transferred >= 0, "the residual is too large");
	require(answer->residual < 0 || answer->in_bytes <= transferred,
	    "the residual contradicts the data-in");
	require(answer->status == DEVICE_GOOD ||
		answer->status == DEVICE_CHECK_CONDITION ||
		answer->status == DEVICE_RESERVATION_CONFLICT,
	    "an unknown status");
	require((answer->sense_bytes > 0) ==
		(answer->status == DEVICE_CHECK_CONDITION),
	    "sense data does not fit the status");
	require(answer->sense_bytes <= SCSI_SENSE_BYTES, "long sense data");
}

/* Executes the first command of the input.  Returns its length. */
static size_t execute(const uint8_t *data, size_t bytes)
{
	size_t given = data[4], expected = get_be16(data + 2);
	/* Of exactly the announced length, so that ASan sees the end. */
	uint8_t *in = malloc(expected + 1), *out = calloc(expected + 1, 1);
	struct device_command command = {
		.nexus = data[0] % NEXUSES,
		.expected = (uint32_t)expected,
		.out = out + 1,
		.out_bytes = (uint32_t)expected,
		.in = in + 1,
		.in_room = (uint32_t)expected,
	};
	struct device_answer answer;

	require(in != NULL && out != NULL, "no memory");
	if (given > bytes - HEAD_BYTES)
		given = bytes - HEAD_BYTES;
	memcpy(command.cdb, data + 5, DEVICE_CDB_BYTES);
	memcpy(out + 1, data + HEAD_BYTES, given < expected ? given : expected);
	happen(data[1] % 32, command.nexus);
	device_execute(device, &command, now_ns, &answer);
	check_answer(&command, &answer);
	/* A machine that waits for the answer, or one that does not. */
	if (data[1] & 0x80)
		now_ns = answer.done_ns;
	free(in);
	free(out);
	return HEAD_BYTES + given;
}

static void hear(void *arg, const char *message)
{
	(void)arg;
	require(false, message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct device_identity identity;
	struct volume_counts counts;

	unlink(journal);
	write_file(path, template, template_bytes);
	now_ns = 0;
	pages_drive_identity(model_find("lto8"), &identity);
	unit = scsi_new(drive_new(model_find("lto8")), "TL00000001");
	device = ssc_device_new(unit, &identity);
	insert();
	for (int i = 0; i < COMMANDS_MAX && bytes >= HEAD_BYTES; i++) {
		size_t n = execute(data, bytes);

		data += n;
		bytes -= n;
	}
	take_out();
	device_free(device);
	scsi_free(unit);
	volume_verify(path, hear, NULL, &counts);
	return 0;
}

/* A command of a seed. */
struct seed {
	uint16_t expected;
	uint8_t given, cdb[DEVICE_CDB_BYTES], parameters[28];
};

static const struct seed seeds[] = {
	{ 0, 0, { 0x01 }, { 0 } },
	{ 512, 0, { 0x08, 0, 0, 2, 0 }, { 0 } },
	{ 600, 0, { 0x08, 2, 0, 2, 88 }, { 0 } },
	{ 12, 12, { 0x15, 0x10, 0, 0, 12 },
	    { 0, 0, 16, 8, 0, 0, 0, 0, 0, 0, 2 } },
	{ 1024, 0, { 0x08, 1, 0, 0, 2 }, { 0 } },
	{ 1000, 9, { 0x0a, 0, 0, 3, 232 }, { 1, 2, 3, 4, 5, 6, 7, 8, 9 } },
	{ 1024, 4, { 0x0a, 1, 0, 0, 2 }, { 1, 2, 3, 4 } },
	{ 0, 0, { 0x10, 0, 0, 0, 2 }, { 0 } },
	{ 0, 0, { 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 }, { 0 } },
	{ 0, 0, { 0x11, 1, 0xff, 0xff, 0xfe }, { 0 } },
	{ 0, 0, { 0x91, 3 }, { 0 } },
	{ 0, 0, { 0x2b, 1, 0, 0, 0, 0, 5 }, { 0 } },
	{ 0, 0, { 0x92, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 }, { 0 } },
	{ 20, 0, { 0x34 }, { 0 } },
	{ 32, 0, { 0x34, 6 }, { 0 } },
	{ 32, 0, { 0x34, 8, 0, 0, 0, 0, 0, 0, 32 }, { 0 } },
	{ 20, 0, { 0x05, 1 }, { 0 } },
	{ 0, 0, { 0x13, 8, 0, 0, 2 }, { 0 } },
	{ 512, 3, { 0x13, 2, 0, 2, 0 }, { 1, 2, 3 } },
	{ 0, 0, { 0x8f, 0x20 }, { 0 } },
	{ 0, 0, { 0x19, 1 }, { 0 } },
	{ 0, 0, { 0x93, 2 }, { 0 } },
	{ 0, 0, { 0x1b, 1, 0, 0, 1 }, { 0 } },
	{ 0, 0, { 0x1b, 0, 0, 0, 0 }, { 0 } },
	{ 0, 0, { 0x1e, 0, 0, 0, 1 }, { 0 } },
	{ 0, 0, { 0x16 }, { 0 } },
	{ 0, 0, { 0x57 }, { 0 } },
	{ 24, 16, { 0x5f, 0, 0, 0, 0, 0, 0, 0, 24 },
	    { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } },
	{ 24, 16, { 0x5f, 1, 3, 0, 0, 0, 0, 0, 24 },
	    { 0, 0, 0, 0, 0, 0, 0, 1 } },
	{ 24, 16, { 0x5f, 5, 1, 0, 0, 0, 0, 0, 24 },
	    { 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1 } },
	{ 248, 0, { 0x5e, 3, 0, 0, 0, 0, 0, 0, 248 }, { 0 } },
	{ 252, 0, { 0x03, 1, 0, 0, 252 }, { 0 } },
	{ 255, 0, { 0x12, 1, 0x83, 0, 255 }, { 0 } },
	{ 255, 0, { 0x1a, 0, 0x3f, 0xff, 255 }, { 0 } },
	{ 4000, 0, { 0x5a, 0, 0x3f, 0xff, 0, 0, 0, 15, 160 }, { 0 } },
	{ 4000, 0, { 0x4d, 0, 0x6e, 0, 0, 0, 0, 15, 160 }, { 0 } },
	{ 4000, 0, { 0x44, 0, 0, 0, 0, 0, 0, 15, 160 }, { 0 } },
	{ 4000, 0, { 0x8c, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 15, 160 }, { 0 } },
	{ 16, 16, { 0x8d, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16 },
	    { 0, 0, 0, 12, 8, 5, 0, 0, 1, 129 } },
	{ 4000, 0, { 0xa3, 0x0c, 0x80, 0, 0, 0, 0, 0, 15, 160 }, { 0 } },
	{ 64, 0, { 0xa3, 0x0f, 0, 0, 0, 0, 0, 0, 0, 64 }, { 0 } },
	{ 12, 12, { 0xa4, 0x0f, 0, 0, 0, 0, 0, 0, 0, 12 },
	    { 0, 0, 0, 0, 1, 2, 3, 4, 5, 6 } },
	{ 24, 24, { 0x4c, 0, 0x40, 0, 0, 0, 0, 0, 24 },
	    { 2, 0, 0, 8, 0, 6, 0, 4, 0, 0, 0, 9, 3, 0, 0, 8, 0, 6, 0, 4 } },
	{ 9, 9, { 0x4c, 0, 0x40, 0, 0, 0, 0, 0, 9 },
	    { 0x2e, 0, 0, 5, 0, 3, 0, 1 } },
	{ 4000, 0, { 0x8c, 0, 0, 0, 0, 0, 0, 0, 3, 0x41, 0, 0, 15, 160 },
	    { 0 } },
	{ 64, 0, { 0x3c, 3, 0, 0, 0, 0, 0, 0, 64 }, { 0 } },
	{ 0, 0, { 0x04, 0, 2 }, { 0 } },
	{ 0, 0, { 0x82, 0, 1 }, { 0 } },
};

/* All commands in turn, some commands together, and each alone. */
static void make_seeds(const char *to)
{
	enum { COUNT = sizeof seeds / sizeof seeds[0], TOGETHER = 20 };
	uint8_t input[TOGETHER * 64];
	char name[512];

	for (int first = 0; first < COUNT; first++) {
		size_t n = 0;

		/* The unit attentions are taken first. */
		for (int i = -2; i < TOGETHER - 2; i++) {
			static const struct seed none;
			const struct seed *s =
			    i < 0 ? &none : &seeds[(first + i) % COUNT];
			uint8_t *p = input + n;

			p[0] = 0;
			p[1] = 0x80;
			put_be16(p + 2, s->expected);
			p[4] = s->given;
			memcpy(p + 5, s->cdb, DEVICE_CDB_BYTES);
			memcpy(p + HEAD_BYTES, s->parameters, s->given);
			n += HEAD_BYTES + s->given;
		}
		snprintf(name, sizeof name, "%s/%d", to, first);
		write_file(name, input, n);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	snprintf(folder, sizeof folder, "%s/tapelab-fuzz-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	require(mkdtemp(folder) != NULL, folder);
	snprintf(path, sizeof path, "%s/v", folder);
	snprintf(journal, sizeof journal, "%s-journal", path);
	atexit(clean);
	make_template();
	if (*argc != 3 || strcmp((*argv)[1], "--seeds") != 0)
		return 0;
	make_seeds((*argv)[2]);
	exit(0);
}
