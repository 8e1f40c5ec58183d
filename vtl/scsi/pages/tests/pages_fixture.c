/* pages_fixture.c: see pages_fixture.h. */
#include "vtl/scsi/pages/tests/pages_fixture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/tests/vtl_scratch.h"

enum { UNUSED = 0xee };

static void drive_sense(struct device_call *call, struct scsi_sense *sense)
{
	struct scsi_result result;

	scsi_request_sense(call->unit, sense, call->now_ns, &result);
}

static void drive_reset(void *unit, int64_t now_ns)
{
	scsi_reset(unit, now_ns);
}

static void drive_set_nexus(void *unit, unsigned nexus)
{
	scsi_set_nexus(unit, nexus);
}

static bool drive_descriptors(const void *unit)
{
	return scsi_has_descriptor_sense(unit);
}

static struct scsi_nexuses *drive_nexuses(void *unit)
{
	return scsi_get_nexuses(unit);
}

static const struct device_type drive_type = { drive_sense, drive_reset,
	drive_set_nexus, drive_descriptors, drive_nexuses, NULL, NULL };

static struct pages_fixture *fixture_of(const void *changer)
{
	const char *start = changer;

	return (struct pages_fixture *)(start -
	    offsetof(struct pages_fixture, changer));
}

static void changer_sense(struct device_call *call, struct scsi_sense *sense)
{
	(void)call;
	(void)sense;
}

static void changer_reset(void *unit, int64_t now_ns)
{
	(void)unit;
	(void)now_ns;
}

static bool changer_descriptors(const void *unit)
{
	(void)unit;
	return false;
}

static struct scsi_nexuses *changer_nexuses(void *unit)
{
	return &fixture_of(unit)->nexuses;
}

static const struct device_type changer_type = { changer_sense, changer_reset,
	NULL, changer_descriptors, changer_nexuses, NULL, NULL };

static void open_nexuses(struct pages_fixture *f)
{
	struct device_port port = { .initiator = "iqn.1994-05.com.example:a",
		.target = PAGES_TARGET };

	ck_assert_ptr_nonnull(f->device);
	device_nexus_open(f->device, 0, &port);
	port.isid[5] = 1;
	device_nexus_open(f->device, 1, &port);
	pages_clear_attentions(f);
}

void pages_make_drive(struct pages_fixture *f, const char *model)
{
	const struct device_rows *tables[] = { &pages_drive_rows };
	struct device_identity identity;

	memset(f, 0, sizeof *f);
	f->unit = scsi_new(drive_new(model_find(model)), "TL00000042");
	ck_assert_ptr_nonnull(f->unit);
	pages_drive_identity(model_find(model), &identity);
	strcpy(identity.serial, "TL00000042");
	identity.naa = 0x3102030405060708;
	strcpy(identity.changer_serial, "TL00000001");
	identity.element_address = 0x0100;
	f->device = device_new(&drive_type, f->unit, &identity, tables, 1);
	open_nexuses(f);
}

void pages_make_changer(struct pages_fixture *f, const char *product)
{
	const struct device_rows *tables[] = { &pages_changer_rows };
	struct device_identity identity;

	memset(f, 0, sizeof *f);
	scsi_nexuses_init(&f->nexuses);
	f->changer.transports = (struct pages_range){ 1, 1 };
	f->changer.slots = (struct pages_range){ 1024, 40 };
	f->changer.ports = (struct pages_range){ 16, 4 };
	f->changer.drives = (struct pages_range){ 256, 2 };
	ck_assert(pages_changer_identity(product, &identity));
	strcpy(identity.serial, "TL00000001");
	identity.naa = 0x3102030405060709;
	f->device =
	    device_new(&changer_type, &f->changer, &identity, tables, 1);
	open_nexuses(f);
}

static struct scsi_nexuses *nexuses_of(struct pages_fixture *f)
{
	return f->unit != NULL ? scsi_get_nexuses(f->unit) : &f->nexuses;
}

void pages_clear_attentions(struct pages_fixture *f)
{
	for (unsigned n = 0; n < DEVICE_NEXUSES; n++)
		while (scsi_attention_take(nexuses_of(f), n) != NULL)
			;
}

void pages_load(struct pages_fixture *f, const char *barcode)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);

	strcpy(spec.barcode, barcode);
	spec.capacity_bytes = 1000000000;
	f->volume = scratch_volume(barcode, &spec);
	scsi_insert(f->unit, f->volume, f->now_ns, &f->now_ns);
	pages_clear_attentions(f);
}

void pages_free(struct pages_fixture *f)
{
	struct scsi_result result;
	struct volume *volume = NULL;

	device_free(f->device);
	if (f->volume != NULL) {
		scsi_load_unload(f->unit, false, false, f->now_ns, &result);
		volume = scsi_remove(f->unit);
		ck_assert_ptr_nonnull(volume);
		scratch_close(volume);
	}
	scsi_free(f->unit);
}

void pages_send_as(struct pages_fixture *f, unsigned nexus, const uint8_t *cdb,
    size_t cdb_bytes, const void *out, uint32_t expected)
{
	struct device_command command = {
		.nexus = nexus,
		.expected = expected,
		.out = out,
		.out_bytes = out != NULL ? expected : 0,
		.in = f->in,
		.in_room = out != NULL ? 0 : expected,
	};

	static uint8_t unused[FIXTURE_IN_MAX];

	memcpy(command.cdb, cdb, cdb_bytes);
	memset(f->in, UNUSED, sizeof f->in);
	memset(unused, UNUSED, sizeof unused);
	device_execute(f->device, &command, f->now_ns, &f->answer);
	ck_assert_int_ge(f->answer.done_ns, f->now_ns);
	f->now_ns = f->answer.done_ns;
	ck_assert_uint_le(f->answer.in_bytes, command.in_room);
	ck_assert_int_eq(memcmp(f->in + f->answer.in_bytes, unused,
			     sizeof f->in - f->answer.in_bytes),
	    0);
	if (f->answer.status == DEVICE_GOOD && out == NULL)
		ck_assert_int_eq(f->answer.residual,
		    (int64_t)expected - f->answer.in_bytes);
}

void pages_assert_data(const struct pages_fixture *f, const void *data,
    size_t bytes)
{
	const uint8_t *want = data;

	ck_assert_uint_eq(f->answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(f->answer.in_bytes, bytes);
	for (size_t i = 0; i < bytes; i++)
		ck_assert_msg(f->in[i] == want[i],
		    "byte %zu is %02x instead of %02x", i, f->in[i], want[i]);
}

void pages_assert_check(const struct pages_fixture *f, uint8_t key, uint8_t asc,
    uint8_t ascq)
{
	const struct sense *sense = &f->answer.decoded.sense;

	ck_assert_uint_eq(f->answer.status, DEVICE_CHECK_CONDITION);
	ck_assert_uint_eq(sense->key, key);
	ck_assert_uint_eq(sense->asc, asc);
	ck_assert_uint_eq(sense->ascq, ascq);
	ck_assert_uint_eq(f->answer.in_bytes, 0);
}

void pages_assert_field(const struct pages_fixture *f, uint8_t asc,
    unsigned byte, int bit)
{
	const struct scsi_sense *sense = &f->answer.decoded;

	pages_assert_check(f, SENSE_ILLEGAL_REQUEST, asc, 0);
	ck_assert(sense->has_field);
	ck_assert(sense->field_in_cdb == (asc == 0x24));
	ck_assert_uint_eq(sense->field_byte, byte);
	ck_assert_int_eq(sense->field_bit, bit);
}

size_t pages_assert_allocations(struct pages_fixture *f, const uint8_t *cdb,
    size_t cdb_bytes, unsigned at, unsigned size)
{
	static uint8_t full[FIXTURE_IN_MAX];
	uint8_t copy[DEVICE_CDB_BYTES];
	uint64_t most = size == 1 ? 0xff : 0xffff;
	size_t bytes;

	memcpy(copy, cdb, cdb_bytes);
	put_be(copy + at, most, size);
	pages_send_as(f, 0, copy, cdb_bytes, NULL, FIXTURE_IN_MAX);
	ck_assert_uint_eq(f->answer.status, DEVICE_GOOD);
	bytes = f->answer.in_bytes;
	memcpy(full, f->in, bytes);
	for (uint64_t n = 0; n <= bytes + 2 && n <= most; n++) {
		put_be(copy + at, n, size);
		pages_send_as(f, 0, copy, cdb_bytes, NULL, FIXTURE_IN_MAX);
		ck_assert_uint_eq(f->answer.status, DEVICE_GOOD);
		ck_assert_uint_eq(f->answer.in_bytes, n < bytes ? n : bytes);
		ck_assert_mem_eq(f->in, full, f->answer.in_bytes);
	}
	memcpy(f->in, full, bytes);
	return bytes;
}
