/* ram_disk.c: see ram_disk.h. */
#include "vtl/iscsi/target/tests/ram_disk.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* The blocks that a command names: its address and count. */
static bool find_blocks(struct device_call *call, uint64_t *lba,
    uint64_t *count)
{
	const uint8_t *cdb = call->cdb;

	if (cdb[0] < 0x20) {
		*lba = get_be24(cdb + 1) & 0x1fffff;
		*count = cdb[4] != 0 ? cdb[4] : 256;
	} else if (cdb[0] < 0x60) {
		*lba = get_be32(cdb + 2);
		*count = get_be16(cdb + 7);
	} else if (cdb[0] < 0xa0) {
		*lba = get_be64(cdb + 2);
		*count = get_be32(cdb + 10);
	} else {
		*lba = get_be32(cdb + 2);
		*count = get_be32(cdb + 6);
	}
	if (*lba <= RAM_BLOCKS && *count <= RAM_BLOCKS - *lba)
		return true;
	device_fail(call, SENSE_ILLEGAL_REQUEST, 0x21, 0);
	return false;
}

static void run_nothing(struct device_call *call)
{
	(void)call;
}

static void run_read(struct device_call *call)
{
	const struct ram_disk *disk = call->unit;
	uint64_t lba, count;

	if (!find_blocks(call, &lba, &count))
		return;
	device_reply_begin(call, count * RAM_BLOCK_BYTES);
	device_reply(call, disk->data + lba * RAM_BLOCK_BYTES,
	    count * RAM_BLOCK_BYTES);
}

static void run_write(struct device_call *call)
{
	const struct ram_disk *disk = call->unit;
	uint64_t lba, count, bytes;

	if (!find_blocks(call, &lba, &count))
		return;
	bytes = count * RAM_BLOCK_BYTES;
	device_transferred(call, bytes);
	if (bytes > call->command->out_bytes)
		bytes = call->command->out_bytes;
	if (bytes > 0)
		memcpy(disk->data + lba * RAM_BLOCK_BYTES, call->command->out,
		    bytes);
}

static void run_inquiry(struct device_call *call)
{
	static const uint8_t data[36] = { 0, 0, 6, 2, 31, 0, 0, 2, 'T', 'A',
		'P', 'E', 'L', 'A', 'B', ' ', 'R', 'A', 'M', ' ', 'D', 'I', 'S',
		'K', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', '1', ' ', ' ',
		' ' };

	if (call->cdb[1] & 1) {
		device_fail_field(call, 1, 0);
		return;
	}
	device_reply_begin(call, get_be16(call->cdb + 3));
	device_reply(call, data, sizeof data);
}

static void run_mode_sense(struct device_call *call)
{
	static const uint8_t data[4] = { 3 };

	device_reply_begin(call, call->cdb[4]);
	device_reply(call, data, sizeof data);
}

static void run_capacity_10(struct device_call *call)
{
	uint8_t data[8];

	put_be32(data, RAM_BLOCKS - 1);
	put_be32(data + 4, RAM_BLOCK_BYTES);
	device_reply_begin(call, sizeof data);
	device_reply(call, data, sizeof data);
}

static void run_capacity_16(struct device_call *call)
{
	uint8_t data[32] = { 0 };

	put_be64(data, RAM_BLOCKS - 1);
	put_be32(data + 8, RAM_BLOCK_BYTES);
	device_reply_begin(call, get_be32(call->cdb + 10));
	device_reply(call, data, sizeof data);
}

#define COMMAND(code, bytes, run)                                  \
	{                                                          \
		code, DEVICE_NO_ACTION, bytes, 0, { code }, 0, run \
	}

static const struct device_row rows[] = {
	COMMAND(0x00, 6, run_nothing), /* TEST UNIT READY */
	COMMAND(0x08, 6, run_read),    /* READ */
	COMMAND(0x28, 10, run_read),
	COMMAND(0x88, 16, run_read),
	COMMAND(0xa8, 12, run_read),
	COMMAND(0x0a, 6, run_write), /* WRITE */
	COMMAND(0x2a, 10, run_write),
	COMMAND(0x8a, 16, run_write),
	COMMAND(0xaa, 12, run_write),
	COMMAND(0x2e, 10, run_write), /* WRITE AND VERIFY */
	COMMAND(0x8e, 16, run_write),
	COMMAND(0xae, 12, run_write),
	COMMAND(0x35, 10, run_nothing), /* SYNCHRONIZE CACHE */
	COMMAND(0x1a, 6, run_mode_sense),
	COMMAND(0x25, 10, run_capacity_10),
	{ 0x9e, 0x10, 16, 0, { 0x9e, 0x10 }, 0, run_capacity_16 },
	{ 0x12, DEVICE_NO_ACTION, 6, DEVICE_IGNORES_ATTENTION, { 0x12 }, 0,
	    run_inquiry },
};
static const struct device_rows table = { rows, sizeof rows / sizeof rows[0] };

static void disk_sense(struct device_call *call, struct scsi_sense *sense)
{
	(void)call;
	(void)sense;
}

static void disk_reset(void *unit, int64_t now_ns)
{
	(void)unit;
	(void)now_ns;
}

static bool disk_descriptors(const void *unit)
{
	(void)unit;
	return false;
}

static struct scsi_nexuses *disk_nexuses(void *unit)
{
	return &((struct ram_disk *)unit)->nexuses;
}

static const struct device_type type = { .request_sense = disk_sense,
	.reset = disk_reset,
	.descriptor_sense = disk_descriptors,
	.nexuses = disk_nexuses };

void ram_disk_make(struct ram_disk *disk)
{
	const struct device_rows *tables[] = { &table };
	const struct device_identity identity = { .type = 0 };

	memset(disk, 0, sizeof *disk);
	scsi_nexuses_init(&disk->nexuses);
	disk->data = calloc(RAM_BLOCKS, RAM_BLOCK_BYTES);
	disk->device = device_new(&type, disk, &identity, tables, 1);
	ck_assert(disk->data != NULL && disk->device != NULL);
}

void ram_disk_free(struct ram_disk *disk)
{
	device_free(disk->device);
	free(disk->data);
}
