/* toy.c: see toy.h. */
#include "vtl/iscsi/target/tests/toy.h"

#include <check.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SILI = 2, BECOMING_READY = 1 };

static struct toy *note(struct device_call *call)
{
	struct toy *toy = call->unit;
	size_t at = strlen(toy->log);

	snprintf(toy->log + at, sizeof toy->log - at, "%02x/%u ", call->cdb[0],
	    call->command->nexus);
	toy->thread = pthread_self();
	return toy;
}

static void test_ready(struct device_call *call)
{
	if (note(call)->not_ready)
		device_fail(call, SENSE_NOT_READY, 4, BECOMING_READY);
}

static void run_rewind(struct device_call *call)
{
	note(call);
	call->answer->done_ns = call->now_ns + TOY_REWIND_NS;
}

static void run_read(struct device_call *call)
{
	const uint32_t length = get_be24(call->cdb + 2);
	const bool half = (call->cdb[1] & SILI) != 0;
	const uint32_t bytes = half ? length / 2 : length;
	uint8_t *in = call->command->in;

	note(call);
	if (!device_expects_in(call, length))
		return;
	for (uint32_t i = 0; i < bytes; i++)
		in[i] = toy_byte(i);
	call->answer->in_bytes = bytes;
	device_transferred(call, bytes);
	if (half)
		device_take(call,
		    &(struct scsi_result){
			.check = true,
			.sense = { .ili = true,
			    .has_information = true,
			    .information = length - bytes },
			.done_ns = call->now_ns,
		    });
}

static void run_write(struct device_call *call)
{
	const uint32_t length = get_be24(call->cdb + 2);
	struct toy *toy = note(call);

	if (!device_expects_out(call, length))
		return;
	free(toy->data);
	toy->data = malloc(length + 1);
	if (length > 0)
		memcpy(toy->data, call->command->out, length);
	toy->data_bytes = length;
	device_transferred(call, length);
}

static void run_inquiry(struct device_call *call)
{
	static const uint8_t data[8] = { 1, 0x80, 6, 2, 3 };

	note(call);
	device_reply_begin(call, call->cdb[4]);
	device_reply(call, data, sizeof data);
}

static void run_verify(struct device_call *call)
{
	note(call)->verifies = true;
	while (!*call->command->ended)
		sched_yield();
}

static const struct device_row rows[] = {
	{ 0x00, DEVICE_NO_ACTION, 6, 0, { 0x00 }, 0, test_ready },
	{ 0x01, DEVICE_NO_ACTION, 6, 0, { 0x01 }, 0, run_rewind },
	{ 0x08, DEVICE_NO_ACTION, 6, 0, { 0x08 }, 0, run_read },
	{ 0x0a, DEVICE_NO_ACTION, 6, 0, { 0x0a }, 0, run_write },
	{ 0x12, DEVICE_NO_ACTION, 6, DEVICE_IGNORES_ATTENTION, { 0x12 }, 0,
	    run_inquiry },
	{ 0x13, DEVICE_NO_ACTION, 6, 0, { 0x13 }, 0, run_verify },
};
static const struct device_rows table = { rows, sizeof rows / sizeof rows[0] };

static void toy_sense(struct device_call *call, struct scsi_sense *sense)
{
	(void)call;
	(void)sense;
}

static void begin(struct toy *toy)
{
	void (*begun)(void) = toy->begun;

	toy->begun = NULL;
	if (begun != NULL)
		begun();
}

static void toy_reset(void *unit, int64_t now_ns)
{
	struct toy *toy = unit;

	(void)now_ns;
	begin(toy);
	toy->resets++;
}

static void toy_set_nexus(void *unit, unsigned nexus)
{
	(void)nexus;
	begin(unit);
}

static bool toy_descriptors(const void *unit)
{
	(void)unit;
	return false;
}

static struct scsi_nexuses *toy_nexuses(void *unit)
{
	return &((struct toy *)unit)->nexuses;
}

static bool toy_is_quick(const void *unit, const uint8_t *cdb)
{
	const struct toy *toy = unit;

	if (toy->asked != NULL)
		toy->asked();
	return toy->quick && cdb[0] == 0x0a;
}

static const struct device_type type = { .request_sense = toy_sense,
	.reset = toy_reset,
	.set_nexus = toy_set_nexus,
	.descriptor_sense = toy_descriptors,
	.nexuses = toy_nexuses,
	.is_quick = toy_is_quick };

void toy_make(struct toy *toy)
{
	const struct device_rows *tables[] = { &table };
	const struct device_identity identity = { .type = 1 };

	memset(toy, 0, sizeof *toy);
	scsi_nexuses_init(&toy->nexuses);
	toy->device = device_new(&type, toy, &identity, tables, 1);
	ck_assert_ptr_nonnull(toy->device);
}

void toy_free(struct toy *toy)
{
	device_free(toy->device);
	free(toy->data);
}

void toy_quiet(struct toy *toy)
{
	for (size_t i = 0; i < SCSI_NEXUSES; i++)
		toy->nexuses.pending[i] = 0;
}
