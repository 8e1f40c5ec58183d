/* toy_device.c: see toy_device.h. */
#include "vtl/scsi/device/tests/toy_device.h"

#include <check.h>
#include <string.h>

#include "vtl/scsi/device/row.h"

static void run_get(struct device_call *call)
{
	static const uint8_t data[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	((struct toy *)call->unit)->runs++;
	device_reply_begin(call, call->cdb[4]);
	/* In two pieces: the second may be cut off. */
	device_reply(call, data, 3);
	device_reply(call, data + 3, 5);
}

static void run_put(struct device_call *call)
{
	const uint8_t *data = device_parameters(call, call->cdb[4]);

	if (data != NULL && call->cdb[4] > 0 && data[0] != 7)
		device_fail_parameter(call, 0, 3);
}

/* Moves a block of cdb[4] bytes to the initiator. */
static void run_block(struct device_call *call)
{
	if (!device_expects_in(call, call->cdb[4]))
		return;
	memset(call->command->in, 9, call->cdb[4]);
	call->answer->in_bytes = call->cdb[4];
	device_transferred(call, call->cdb[4]);
}

static void run_action(struct device_call *call)
{
	if (call->cdb[1] & 0xe0)
		device_fail_field(call, 1, 7);
}

static const struct device_row rows[] = {
	{ 0x15, DEVICE_NO_ACTION, 6, 0, { 0x15, 0x10, 0, 0, 0xff }, 0,
	    run_put },
	{ 0x1a, DEVICE_NO_ACTION, 6, 0, { 0x1a, 0x08, 0xff, 0xff, 0xff }, 0,
	    run_get },
	{ 0x08, DEVICE_NO_ACTION, 6, 0, { 0x08, 0x03, 0xff, 0xff, 0xff }, 2340,
	    run_block },
	{ 0x34, 1, 10, 0, { 0x34, 0x1f, 0, 0, 0, 0, 0, 0xff, 0xff }, 0,
	    run_action },
	{ 0x34, 0, 10, 0, { 0x34, 0x1f, 0, 0, 0, 0, 0, 0xff, 0xff }, 0,
	    run_action },
};
static const struct device_rows table = { rows, sizeof rows / sizeof rows[0] };

static void toy_sense(struct device_call *call, struct scsi_sense *sense)
{
	(void)call;
	sense->sense = (struct sense){ .key = SENSE_NOT_READY, .asc = 0x3a };
}

static void toy_reset(void *unit, int64_t now_ns)
{
	(void)now_ns;
	((struct toy *)unit)->resets++;
}

static void toy_set_nexus(void *unit, unsigned nexus)
{
	((struct toy *)unit)->nexus = nexus;
}

static bool toy_descriptors(const void *unit)
{
	return ((const struct toy *)unit)->descriptors;
}

static struct scsi_nexuses *toy_nexuses(void *unit)
{
	return &((struct toy *)unit)->nexuses;
}

static const struct device_type type = { toy_sense, toy_reset, toy_set_nexus,
	toy_descriptors, toy_nexuses, NULL, NULL };

struct toy toy;
struct device *toy_device;
uint8_t toy_in[TOY_IN_BYTES];
struct device_answer toy_answer;
int64_t toy_now_ns = 5;
const uint16_t toy_luns[TOY_LUNS] = { 0, 1, 255, 256, 16383 };

void toy_set_up_as(uint8_t peripheral)
{
	const struct device_rows *tables[] = { &table };
	struct device_identity identity = { .type = peripheral };

	memset(&toy, 0, sizeof toy);
	scsi_nexuses_init(&toy.nexuses);
	toy_device = device_new(&type, &toy, &identity, tables, 1);
	ck_assert_ptr_nonnull(toy_device);
}

void toy_set_up(void)
{
	toy_set_up_as(1);
}

void toy_tear_down(void)
{
	device_free(toy_device);
}

void toy_send_as(unsigned nexus, const uint8_t *cdb, size_t bytes,
    uint32_t expected, const void *out)
{
	struct device_command command = {
		.nexus = nexus,
		.expected = expected,
		.out = out,
		.out_bytes = out != NULL ? expected : 0,
		.in = toy_in,
		.in_room = out != NULL ? 0 : expected,
		.luns = toy_luns,
		.lun_count = TOY_LUNS,
	};

	memcpy(command.cdb, cdb, bytes);
	memset(toy_in, 0xee, sizeof toy_in);
	device_execute(toy_device, &command, toy_now_ns, &toy_answer);
	ck_assert_uint_le(toy_answer.in_bytes, expected);
	/* Nothing is stored beyond the data-in. */
	for (size_t i = toy_answer.in_bytes; i < sizeof toy_in; i++)
		ck_assert_uint_eq(toy_in[i], 0xee);
}

void toy_assert_sense(unsigned key, unsigned asc, unsigned ascq)
{
	ck_assert_int_eq(toy_answer.status, DEVICE_CHECK_CONDITION);
	ck_assert_uint_eq(toy_answer.sense[0] & 0x7f, 0x70);
	ck_assert_uint_eq(toy_answer.sense[2] & 0x0f, key);
	ck_assert_uint_eq(toy_answer.sense[12], asc);
	ck_assert_uint_eq(toy_answer.sense[13], ascq);
	ck_assert_uint_eq(toy_answer.sense_bytes, 18);
}

void toy_settle(unsigned nexus)
{
	toy_send_as(nexus, TOY_CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	toy_assert_sense(6, 0x29, 0);
}
