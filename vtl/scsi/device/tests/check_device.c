/*
 * check_device.c: what all devices have in common: the order of checks, unit
 * attentions, lengths, REQUEST SENSE, REPORT LUNS, REPORT SUPPORTED OPERATION
 * CODES.  The device of these tests has four commands.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/device/row.h"

struct toy {
	struct scsi_nexuses nexuses;
	bool descriptors;
	unsigned nexus, runs, resets;
};

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
	toy_descriptors, toy_nexuses };

static struct toy toy;
static struct device *device;
static uint8_t in[512];
static struct device_answer answer;
static const uint16_t luns[] = { 0, 1, 255, 256, 16383 };

static void set_up_type(uint8_t peripheral)
{
	const struct device_rows *tables[] = { &table };
	struct device_identity identity = { .type = peripheral };

	memset(&toy, 0, sizeof toy);
	scsi_nexuses_init(&toy.nexuses);
	device = device_new(&type, &toy, &identity, tables, 1);
	ck_assert_ptr_nonnull(device);
}

static void set_up(void)
{
	set_up_type(1);
}

static void tear_down(void)
{
	device_free(device);
}

/* Executes the CDB; `expected` bytes are expected, in or out. */
static void send_as(unsigned nexus, const uint8_t *cdb, size_t bytes,
    uint32_t expected, const void *out)
{
	struct device_command command = {
		.nexus = nexus,
		.expected = expected,
		.out = out,
		.out_bytes = out != NULL ? expected : 0,
		.in = in,
		.in_room = out != NULL ? 0 : expected,
		.luns = luns,
		.lun_count = sizeof luns / sizeof luns[0],
	};

	memcpy(command.cdb, cdb, bytes);
	memset(in, 0xee, sizeof in);
	device_execute(device, &command, 5, &answer);
	ck_assert_uint_le(answer.in_bytes, expected);
	/* Nothing is stored beyond the data-in. */
	for (size_t i = answer.in_bytes; i < sizeof in; i++)
		ck_assert_uint_eq(in[i], 0xee);
}

#define CDB(...)                          \
	(const uint8_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint8_t[]){ __VA_ARGS__ })
#define SEND(expected, ...) send_as(0, CDB(__VA_ARGS__), (expected), NULL)

static void assert_sense(unsigned key, unsigned asc, unsigned ascq)
{
	ck_assert_int_eq(answer.status, DEVICE_CHECK_CONDITION);
	ck_assert_uint_eq(answer.sense[0] & 0x7f, 0x70);
	ck_assert_uint_eq(answer.sense[2] & 0x0f, key);
	ck_assert_uint_eq(answer.sense[12], asc);
	ck_assert_uint_eq(answer.sense[13], ascq);
	ck_assert_uint_eq(answer.sense_bytes, 18);
}

/* Takes the unit attention of power on away from a nexus. */
static void settle(unsigned nexus)
{
	send_as(nexus, CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	assert_sense(6, 0x29, 0);
}

START_TEST(each_nexus_is_told_of_power_on_once)
{
	settle(0);
	SEND(8, 0x1a, 0, 0, 0, 8, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy.runs, 1);
	settle(7);
	send_as(7, CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(toy.nexus, 7);
}
END_TEST

/* Only one condition is reported at a time, power on first. */
START_TEST(attentions_come_in_the_order_of_their_weight)
{
	settle(0);
	device_establish(device, SCSI_MODE_CHANGED, SCSI_EVERY_NEXUS);
	device_establish(device, SCSI_MEDIUM_CHANGED, SCSI_EVERY_NEXUS);
	device_establish(device, SCSI_IE_ACCESSED, 0);
	SEND(8, 0x1a, 0, 0, 0, 8, 0);
	assert_sense(6, 0x28, 0);
	SEND(8, 0x1a, 0, 0, 0, 8, 0);
	assert_sense(6, 0x2a, 1);
	SEND(8, 0x1a, 0, 0, 0, 8, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
}
END_TEST

START_TEST(a_reset_replaces_what_was_pending)
{
	settle(0);
	device_establish(device, SCSI_MODE_CHANGED, SCSI_EVERY_NEXUS);
	toy.nexuses.prevented = 1;
	device_reset(device, 0);
	ck_assert_uint_eq(toy.resets, 1);
	ck_assert_uint_eq(toy.nexuses.prevented, 0);
	SEND(8, 0x1a, 0, 0, 0, 8, 0);
	assert_sense(6, 0x29, 3);
	SEND(8, 0x1a, 0, 0, 0, 8, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
}
END_TEST

/* A unit attention comes before an unknown command and a bad field. */
START_TEST(a_command_is_checked_in_the_order_of_sam)
{
	SEND(0, 0xff, 0, 0, 0, 0, 0);
	assert_sense(6, 0x29, 0);
	SEND(0, 0xff, 0, 0, 0, 0, 0);
	assert_sense(5, 0x20, 0);
	ck_assert_uint_eq(answer.sense[15], 0xc0);
	ck_assert_uint_eq(get_be16(answer.sense + 16), 0);
	SEND(0, 0x34, 9, 0, 0, 0, 0, 0, 0, 8, 0);
	assert_sense(5, 0x24, 0);
	ck_assert_uint_eq(answer.sense[15], 0xcc);
	ck_assert_uint_eq(get_be16(answer.sense + 16), 1);
	/* NACA in the control byte of a CDB with 6, and with 10 bytes */
	SEND(8, 0x1a, 0, 0, 0, 8, 4);
	assert_sense(5, 0x24, 0);
	ck_assert_uint_eq(answer.sense[15], 0xca);
	ck_assert_uint_eq(get_be16(answer.sense + 16), 5);
	SEND(8, 0x34, 1, 0, 0, 0, 0, 0, 0, 8, 1);
	assert_sense(5, 0x24, 0);
	ck_assert_uint_eq(get_be16(answer.sense + 16), 9);
	ck_assert_uint_eq(toy.runs, 0);
}
END_TEST

/* SCSI-2 had the LUN in byte 1: Linux ch and mtx still write it there. */
START_TEST(a_lun_in_byte_1_is_ignored)
{
	settle(0);
	SEND(8, 0x1a, 0xe0, 0, 0, 8, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	/* Of the longer commands only those of the changer. */
	SEND(8, 0x34, 0xe1, 0, 0, 0, 0, 0, 0, 8, 0);
	assert_sense(5, 0x24, 0);
	tear_down();
	set_up_type(8);
	settle(0);
	SEND(8, 0x34, 0xe1, 0, 0, 0, 0, 0, 0, 8, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
}
END_TEST

/* 8 bytes of data, for allocation and expected lengths from 0 to 12. */
START_TEST(data_in_obeys_both_lengths)
{
	unsigned allocation = (unsigned)_i / 13, expected = (unsigned)_i % 13;
	unsigned wanted = allocation < 8 ? allocation : 8;

	settle(0);
	SEND(expected, 0x1a, 0, 0, 0, (uint8_t)allocation, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(answer.in_bytes,
	    wanted < expected ? wanted : expected);
	for (unsigned i = 0; i < answer.in_bytes; i++)
		ck_assert_uint_eq(in[i], i + 1);
	ck_assert_int_eq(answer.residual, (int)expected - (int)wanted);
}
END_TEST

START_TEST(a_command_without_data_underflows)
{
	settle(0);
	SEND(100, 0x34, 0, 0, 0, 0, 0, 0, 0, 0, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_int_eq(answer.residual, 100);
	ck_assert_int_eq(answer.done_ns, 5);
}
END_TEST

/* A block is refused before anything moves if it would be cut. */
START_TEST(a_block_is_not_cut)
{
	settle(0);
	SEND(9, 0x08, 0, 0, 0, 10, 0);
	assert_sense(5, 0x0e, 3);
	ck_assert_uint_eq(answer.in_bytes, 0);
	ck_assert_int_eq(answer.residual, 9);
	SEND(12, 0x08, 0, 0, 0, 10, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(answer.in_bytes, 10);
	ck_assert_int_eq(answer.residual, 2);
}
END_TEST

START_TEST(a_parameter_list_must_be_complete)
{
	settle(0);
	send_as(0, CDB(0x15, 0, 0, 0, 2, 0), 1, "\7");
	assert_sense(5, 0x1a, 0);
	send_as(0, CDB(0x15, 0, 0, 0, 2, 0), 2, "\7");
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_int_eq(answer.residual, 0);
	send_as(0, CDB(0x15, 0, 0, 0, 2, 0), 2, "\0");
	assert_sense(5, 0x26, 0);
	ck_assert_uint_eq(answer.sense[15], 0x8b);
	ck_assert_uint_eq(get_be16(answer.sense + 16), 0);
}
END_TEST

START_TEST(request_sense_reports_the_attention_then_the_state)
{
	SEND(18, 0x03, 0, 0, 0, 18, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(answer.in_bytes, 18);
	ck_assert_uint_eq(in[0], 0x70);
	ck_assert_uint_eq(in[2], 6);
	ck_assert_uint_eq(in[12], 0x29);
	SEND(18, 0x03, 0, 0, 0, 18, 0);
	ck_assert_uint_eq(in[2], 2);
	ck_assert_uint_eq(in[12], 0x3a);
	/* in descriptor format, cut at 4 bytes */
	SEND(18, 0x03, 1, 0, 0, 4, 0);
	ck_assert_uint_eq(answer.in_bytes, 4);
	ck_assert_uint_eq(in[0], 0x72);
	ck_assert_uint_eq(in[1], 2);
	ck_assert_uint_eq(in[2], 0x3a);
}
END_TEST

START_TEST(the_sense_format_is_that_of_the_control_page)
{
	toy.descriptors = true;
	SEND(0, 0xff, 0, 0, 0, 0, 0);
	ck_assert_uint_eq(answer.sense[0], 0x72);
	ck_assert_uint_eq(answer.sense[1], 6);
	ck_assert_uint_eq(answer.sense[2], 0x29);
	/* a field pointer follows the stream descriptor */
	SEND(0, 0x34, 9, 0, 0, 0, 0, 0, 0, 8, 0);
	ck_assert_uint_eq(answer.sense_bytes, 20);
	ck_assert_uint_eq(answer.sense[7], 12);
	ck_assert_mem_eq(answer.sense + 12, "\2\6\0\0\xcc\0\1\0", 8);
}
END_TEST

/* REPORT LUNS neither reports nor removes a unit attention. */
START_TEST(report_luns_lists_the_luns_of_the_target)
{
	SEND(200, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 200, 0, 0);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(answer.in_bytes, 8 + 5 * 8);
	ck_assert_uint_eq(get_be32(in), 5 * 8);
	ck_assert_uint_eq(get_be16(in + 8), 0);
	ck_assert_uint_eq(get_be16(in + 16), 1);
	ck_assert_uint_eq(get_be16(in + 24), 255);
	ck_assert_uint_eq(get_be16(in + 32), 0x4100);
	ck_assert_uint_eq(get_be16(in + 40), 0x7fff);
	/* The length is the whole, whatever is cut. */
	SEND(16, 0xa0, 0, 2, 0, 0, 0, 0, 0, 0, 16, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, 16);
	ck_assert_uint_eq(get_be32(in), 5 * 8);
	/* only well-known logical units */
	SEND(16, 0xa0, 0, 1, 0, 0, 0, 0, 0, 0, 16, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, 8);
	ck_assert_uint_eq(get_be32(in), 0);
	settle(0);
	SEND(16, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 15, 0, 0);
	assert_sense(5, 0x24, 0);
	SEND(16, 0xa0, 0, 3, 0, 0, 0, 0, 0, 0, 16, 0, 0);
	assert_sense(5, 0x24, 0);
}
END_TEST

/* The operation codes of the device, ascending: common ones and its own. */
START_TEST(all_operation_codes_are_reported)
{
	static const uint8_t want[][2] = { { 0x03, 0 }, { 0x08, 0 },
		{ 0x15, 0 }, { 0x1a, 0 }, { 0x34, 0 }, { 0x34, 1 }, { 0xa0, 0 },
		{ 0xa3, 0x0c }, { 0xa3, 0x0d } };
	enum { COUNT = sizeof want / sizeof want[0] };
	bool timeouts = _i;
	unsigned each = timeouts ? 20 : 8, found = 0;

	settle(0);
	SEND(512, 0xa3, 0x0c, timeouts ? 0x80 : 0, 0, 0, 0, 0, 0, 2, 0, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, get_be32(in) + 4);
	ck_assert_uint_eq(get_be32(in) % each, 0);
	for (unsigned at = 4; at < answer.in_bytes; at += each) {
		ck_assert_uint_eq(!!(in[at + 5] & 2), timeouts);
		for (unsigned i = 0; i < COUNT; i++)
			found += in[at] == want[i][0] &&
			    get_be16(in + at + 2) == want[i][1];
		if (in[at] == 0x08) {
			ck_assert_uint_eq(get_be16(in + at + 6), 6);
			if (timeouts)
				ck_assert_uint_eq(get_be32(in + at + 16), 2340);
		}
		if (in[at] == 0x34)
			ck_assert_uint_eq(in[at + 5] & 1, 1);
		if (at > 4)
			ck_assert_uint_ge(in[at], in[at - each]);
	}
	ck_assert_uint_eq(found, COUNT);
}
END_TEST

/* What iSCSI initiators can ask for; not CLEAR ACA, queries, WAKEUP. */
START_TEST(task_management_functions_are_reported)
{
	settle(0);
	SEND(64, 0xa3, 0x0d, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, 4);
	ck_assert_mem_eq(in, "\xda\0\0\0", 4);
	SEND(64, 0xa3, 0x0d, 0x80, 0, 0, 0, 0, 0, 0, 64, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, 16);
	ck_assert_mem_eq(in, "\xda\0\0\x0c\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	SEND(64, 0xa3, 0x0d, 0x80, 0, 0, 0, 0, 0, 0, 4, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, 4);
	SEND(64, 0xa3, 0x0d, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0);
	assert_sense(5, 0x24, 0);
}
END_TEST

START_TEST(one_operation_code_is_reported)
{
	settle(0);
	SEND(100, 0xa3, 0x0c, 0x81, 0x08, 0, 0, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, 4 + 6 + 12);
	ck_assert_mem_eq(in, "\0\x83\0\6\x08\3\xff\xff\xff\0\0\x0a", 12);
	ck_assert_uint_eq(get_be32(in + 18), 2340);
	/* unknown */
	SEND(100, 0xa3, 0x0c, 1, 0xff, 0, 0, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, 4);
	ck_assert_uint_eq(in[1], 1);
	/* with a service action */
	SEND(100, 0xa3, 0x0c, 2, 0x34, 0, 1, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, 4 + 10);
	ck_assert_uint_eq(in[1], 3);
	SEND(100, 0xa3, 0x0c, 2, 0x34, 0, 7, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(answer.in_bytes, 4);
	ck_assert_uint_eq(in[1], 1);
	SEND(100, 0xa3, 0x0c, 3, 0x34, 0, 1, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(in[1], 3);
	SEND(100, 0xa3, 0x0c, 3, 0x08, 0, 0, 0, 0, 0, 100, 0, 0);
	ck_assert_uint_eq(in[1], 3);
	/* The question does not fit the command. */
	SEND(100, 0xa3, 0x0c, 1, 0x34, 0, 0, 0, 0, 0, 100, 0, 0);
	assert_sense(5, 0x24, 0);
	SEND(100, 0xa3, 0x0c, 2, 0x08, 0, 0, 0, 0, 0, 100, 0, 0);
	assert_sense(5, 0x24, 0);
	SEND(100, 0xa3, 0x0c, 4, 0, 0, 0, 0, 0, 0, 100, 0, 0);
	assert_sense(5, 0x24, 0);
}
END_TEST

/* SPC-4: which commands are answered where no logical unit is. */
START_TEST(a_lun_without_unit_is_answered)
{
	struct device_command command = { .in = in,
		.in_room = 64,
		.expected = 64,
		.luns = luns,
		.lun_count = 2 };

	memcpy(command.cdb, "\x12\0\0\0\x40", 5);
	device_execute_without_unit(&command, false, &answer);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(in[0], 0x7f);
	ck_assert_uint_eq(answer.in_bytes, 36);
	ck_assert_int_eq(answer.residual, 64 - 36);
	memcpy(command.cdb, "\x03\0\0\0\x40", 5);
	device_execute_without_unit(&command, false, &answer);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(in[2], 5);
	ck_assert_uint_eq(in[12], 0x25);
	memcpy(command.cdb, "\0\0\0\0\0", 5);
	device_execute_without_unit(&command, false, &answer);
	assert_sense(5, 0x25, 0);
	memcpy(command.cdb, "\xa0\0\0\0\0\0\0\0\0\x40", 10);
	device_execute_without_unit(&command, false, &answer);
	assert_sense(5, 0x25, 0);
	device_execute_without_unit(&command, true, &answer);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(get_be32(in), 16);
}
END_TEST

/* A nexus that was lost and comes back gets 29/07; a new one gets 29/00. */
START_TEST(a_nexus_is_told_that_it_was_lost)
{
	struct device_port port = { .initiator = "iqn.2026-11.test:a",
		.isid = { 0x80, 1 },
		.target = "iqn.2026-11.test:t" };

	device_nexus_open(device, 3, &port);
	settle(3);
	toy.nexuses.prevented = 1 << 3 | 1 << 4;
	device_nexus_lost(device, 3);
	ck_assert_uint_eq(toy.nexuses.prevented, 1 << 4);
	/* another port of the same initiator */
	port.isid[5] = 1;
	device_nexus_open(device, 3, &port);
	settle(3);
	device_nexus_lost(device, 3);
	/* the same port, with another number */
	device_nexus_open(device, 9, &port);
	send_as(9, CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	assert_sense(6, 0x29, 7);
	send_as(9, CDB(0x1a, 0, 0, 0, 8, 0), 8, NULL);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
}
END_TEST

static unsigned watched;

static void watch(void *arg, const struct device_command *command,
    const struct device_answer *seen)
{
	ck_assert_ptr_eq(arg, &watched);
	ck_assert_uint_eq(command->cdb[0], 0xff);
	ck_assert_uint_eq(seen->sense[2], 6);
	watched++;
}

START_TEST(the_watch_is_told_of_each_command)
{
	device_set_watch(device, watch, &watched);
	SEND(0, 0xff, 0, 0, 0, 0, 0);
	ck_assert_uint_eq(watched, 1);
}
END_TEST

START_TEST(only_inquiry_report_luns_and_request_sense_run_beside)
{
	uint8_t cdb[DEVICE_CDB_BYTES] = { (uint8_t)_i };

	ck_assert_int_eq(device_runs_beside(cdb),
	    _i == 0x12 || _i == 0xa0 || _i == 0x03);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("device");
	TCase *t = tcase_create("device");

	tcase_add_checked_fixture(t, set_up, tear_down);
	suite_add_tcase(s, t);
	tcase_add_test(t, each_nexus_is_told_of_power_on_once);
	tcase_add_test(t, attentions_come_in_the_order_of_their_weight);
	tcase_add_test(t, a_reset_replaces_what_was_pending);
	tcase_add_test(t, a_command_is_checked_in_the_order_of_sam);
	tcase_add_test(t, a_lun_in_byte_1_is_ignored);
	tcase_add_loop_test(t, data_in_obeys_both_lengths, 0, 13 * 13);
	tcase_add_test(t, a_command_without_data_underflows);
	tcase_add_test(t, a_block_is_not_cut);
	tcase_add_test(t, a_parameter_list_must_be_complete);
	tcase_add_test(t, request_sense_reports_the_attention_then_the_state);
	tcase_add_test(t, the_sense_format_is_that_of_the_control_page);
	tcase_add_test(t, report_luns_lists_the_luns_of_the_target);
	tcase_add_loop_test(t, all_operation_codes_are_reported, 0, 2);
	tcase_add_test(t, task_management_functions_are_reported);
	tcase_add_test(t, one_operation_code_is_reported);
	tcase_add_test(t, a_lun_without_unit_is_answered);
	tcase_add_test(t, a_nexus_is_told_that_it_was_lost);
	tcase_add_test(t, the_watch_is_told_of_each_command);
	tcase_add_loop_test(t,
	    only_inquiry_report_luns_and_request_sense_run_beside, 0, 256);
	return run_suite(s);
}
