/* log_fixture.c: see log_fixture.h. */
#include "vtl/scsi/pages/tests/log_fixture.h"

#include <check.h>
#include <string.h>

#include "vtl/tests/vtl_scratch.h"

struct pages_fixture log_on;

void log_drive(void)
{
	scratch_setup();
	pages_make_drive(&log_on, "lto8");
}

void log_changer(void)
{
	scratch_setup();
	pages_make_changer(&log_on, NULL);
}

void log_tear_down(void)
{
	pages_free(&log_on);
	scratch_teardown();
}

void log_sense_as(unsigned control, unsigned page, unsigned subpage,
    uint16_t first)
{
	const uint8_t cdb[] = { 0x4d, 0, (uint8_t)(control << 6 | page),
		(uint8_t)subpage, 0, (uint8_t)(first >> 8), (uint8_t)first,
		0x20, 0, 0 };

	PAGES_SEND(&log_on, cdb);
}

void log_sense(unsigned page)
{
	log_sense_as(1, page, 0, 0);
	ck_assert_uint_eq(log_on.answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(log_on.in[0], page);
	ck_assert_uint_eq(get_be16(log_on.in + 2) + 4u, log_on.answer.in_bytes);
}

const uint8_t *log_find(uint16_t code)
{
	const uint8_t *p = log_on.in + 4;

	for (; p < log_on.in + log_on.answer.in_bytes; p += 4 + p[3])
		if (get_be16(p) == code)
			return p;
	ck_abort_msg("no parameter %04x", code);
	return NULL;
}

uint64_t log_value(unsigned page, uint16_t code)
{
	const uint8_t *p;

	log_sense(page);
	p = log_find(code);
	return get_be(p + 4, p[3]);
}

/* Writes blocks of 1 LOG_MB, and 1 filemark. */
void log_write_blocks(unsigned count)
{
	static const struct volume_run run;
	struct scsi_result result;

	for (unsigned i = 0; i < count; i++) {
		scsi_write(log_on.unit, false, LOG_MB, &run, log_on.now_ns,
		    &result);
		ck_assert(!result.check);
		log_on.now_ns = result.done_ns;
	}
	scsi_write_filemarks(log_on.unit, 1, false, log_on.now_ns, &result);
	ck_assert(!result.check);
	log_on.now_ns = result.done_ns;
}

void log_fail_a_write(void)
{
	const struct volume_defect defect = {
		.at = 0,
		.length = 1,
		.unit = VOLUME_BYTES,
		.fail = VOLUME_FAIL_WRITE,
		.sense = { .key = SENSE_MEDIUM_ERROR, .asc = 0x0c },
	};
	static const struct volume_run run;
	struct scsi_result result;
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);

	strcpy(spec.barcode, "TST001L8");
	spec.capacity_bytes = 1000 * LOG_MB;
	log_on.volume = scratch_volume("bad", &spec);
	ck_assert_int_eq(volume_defect_add(log_on.volume, &defect), 0);
	scsi_insert(log_on.unit, log_on.volume, log_on.now_ns, &log_on.now_ns);
	pages_clear_attentions(&log_on);
	scsi_write(log_on.unit, false, LOG_MB, &run, log_on.now_ns, &result);
	log_on.now_ns = result.done_ns;
	if (!result.check)
		scsi_write_filemarks(log_on.unit, 0, false, log_on.now_ns,
		    &result);
	ck_assert(result.check);
	log_on.now_ns = result.done_ns;
}
