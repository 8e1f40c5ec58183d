/* reservation_fixture.c: see reservation_fixture.h. */
#include "vtl/scsi/device/tests/reservation_fixture.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct reservation_fixture on;

static struct scsi_nexuses nexuses;

static void run_nothing(struct device_call *call)
{
	(void)call;
}

static const struct device_row rows[] = {
	{ 0x00, DEVICE_NO_ACTION, 6, DEVICE_IGNORES_PERSISTENT, { 0 }, 0,
	    run_nothing },
	{ 0x08, DEVICE_NO_ACTION, 6, DEVICE_ONLY_READS, { 0x08 }, 0,
	    run_nothing },
	{ 0x0a, DEVICE_NO_ACTION, 6, 0, { 0x0a }, 0, run_nothing },
	{ 0x1e, DEVICE_NO_ACTION, 6, DEVICE_ALLOWS_REMOVAL, { 0x1e }, 0,
	    run_nothing },
};
static const struct device_rows table = { rows, sizeof rows / sizeof rows[0] };

static void no_sense(struct device_call *call, struct scsi_sense *sense)
{
	(void)call;
	(void)sense;
}

static void no_reset(void *unit, int64_t now_ns)
{
	(void)unit;
	(void)now_ns;
}

static bool fixed_sense(const void *unit)
{
	(void)unit;
	return false;
}

static struct scsi_nexuses *get_nexuses(void *unit)
{
	return unit;
}

static const struct device_type type = { no_sense, no_reset, NULL, fixed_sense,
	get_nexuses, NULL, NULL };

static void end_commands(void *arg, uint64_t which)
{
	*(uint64_t *)arg = which;
}

void reservation_open(unsigned nexus)
{
	static const struct device_port ports[NEXUSES] = {
		{ "iqn.1993-08.a:a", { 0x40, 1, 2, 3, 0, 1 }, "iqn.t" },
		{ "iqn.1993-08.a:a", { 0x40, 1, 2, 3, 0, 2 }, "iqn.t" },
		{ "iqn.1993-08.a:c", { 0x40, 1, 2, 3, 0, 1 }, "iqn.t" },
		{ "iqn.1993-08.a:a", { 0x40, 1, 2, 3, 0, 1 }, "iqn.t.drive1" },
	};

	device_nexus_open(on.device, nexus, &ports[nexus]);
	ck_assert_str_eq(SEND(nexus, 0),
	    nexuses.pending[nexus] == 0 ? "6/29/00" : "good");
}

void reservation_setup(void)
{
	const struct device_rows *tables[] = { &table };
	const struct device_identity identity = { .type = 1 };

	memset(&on, 0, sizeof on);
	scsi_nexuses_init(&nexuses);
	on.device = device_new(&type, &nexuses, &identity, tables, 1);
	ck_assert_ptr_nonnull(on.device);
	device_set_abort(on.device, end_commands, &on.aborted);
	for (unsigned i = 0; i < NEXUSES; i++)
		reservation_open(i);
}

void reservation_teardown(void)
{
	device_free(on.device);
}

const char *reservation_send(unsigned nexus, const uint8_t *cdb, size_t bytes,
    const void *out, uint32_t out_bytes)
{
	static char text[16];
	struct device_command command = {
		.nexus = nexus,
		.expected = out != NULL ? out_bytes : sizeof on.in,
		.out = out,
		.out_bytes = out_bytes,
		.in = on.in,
		.in_room = out != NULL ? 0 : sizeof on.in,
	};
	const struct scsi_sense *sense = &on.answer.decoded;

	memcpy(command.cdb, cdb, bytes);
	device_execute(on.device, &command, 0, &on.answer);
	switch (on.answer.status) {
	case DEVICE_GOOD:
		return "good";
	case DEVICE_RESERVATION_CONFLICT:
		ck_assert_uint_eq(on.answer.sense_bytes, 0);
		return "conflict";
	default:
		snprintf(text, sizeof text, "%X/%02X/%02X", sense->sense.key,
		    sense->sense.asc, sense->sense.ascq);
		return text;
	}
}

const char *reservation_out(unsigned nexus, unsigned action, unsigned how,
    uint64_t key, uint64_t action_key, uint8_t flags)
{
	const uint8_t cdb[10] = { 0x5f, (uint8_t)action, (uint8_t)how, 0, 0, 0,
		0, 0, 24 };
	uint8_t list[24] = { 0 };

	put_be64(list, key);
	put_be64(list + 8, action_key);
	list[20] = flags;
	return reservation_send(nexus, cdb, sizeof cdb, list, sizeof list);
}

const char *reservation_state(void)
{
	static char text[256];
	uint32_t end;
	int n;

	ck_assert_str_eq(SEND(C, 0x5e, 3, 0, 0, 0, 0, 0, 4, 0), "good");
	end = get_be32(on.in + 4) + 8;
	ck_assert_uint_eq(end, on.answer.in_bytes);
	n = snprintf(text, sizeof text, "%u:", get_be32(on.in));
	for (uint32_t at = 8; at < end; at += 24 + get_be32(on.in + at + 20))
		n += snprintf(text + n, sizeof text - (size_t)n,
		    " %" PRIx64 "%s", get_be64(on.in + at),
		    on.in[at + 12] & 1 ? "*" : "");
	ck_assert_str_eq(SEND(C, 0x5e, 1, 0, 0, 0, 0, 0, 4, 0), "good");
	if (get_be32(on.in + 4) > 0)
		snprintf(text + n, sizeof text - (size_t)n, " type %u %" PRIx64,
		    on.in[8 + 13], get_be64(on.in + 8));
	return text;
}
