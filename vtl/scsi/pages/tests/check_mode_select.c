/*
 * check_mode_select.c: MODE SELECT of a drive, as bytes, and what the settings do.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/pages_fixture.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/scsi/pages/tests/mode_fixture.h"

static void select_6(const uint8_t *list, size_t bytes)
{
	const uint8_t cdb[] = { 0x15, 0x10, 0, 0, (uint8_t)bytes, 0 };

	pages_send_as(&mode_on, 0, cdb, sizeof cdb, list, (uint32_t)bytes);
}

static uint8_t first_attention(unsigned nexus)
{
	const struct sense *sense =
	    scsi_attention_take(scsi_get_nexuses(mode_on.unit), nexus);

	return sense != NULL ? sense->asc : 0;
}

/* st sets block length, density and buffer mode in one list of 12 bytes. */
START_TEST(st_sets_block_length_density_and_buffering)
{
	uint8_t list[] = { 0, 0, 0x10, 8, 0x5e, 0, 0, 0, 0, 0x01, 0x02, 0x00 };
	static const uint8_t cdb[] = { 0x1a, 0, 0, 0, 12, 0 };
	uint8_t want[] = { 11, 0x88, 0x10, 8, 0x5e, 0, 0, 0, 0, 0x01, 0x02,
		0x00 };

	pages_load(&mode_on, "TST001L8");
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	ck_assert_int_eq(mode_on.answer.residual, 0);
	PAGES_SEND(&mode_on, cdb);
	PAGES_ASSERT_DATA(&mode_on, want);

	list[2] = want[2] = 0; /* unbuffered */
	list[4] = 0x7f;        /* the density stays */
	list[9] = want[9] = 0;
	select_6(list, sizeof list);
	PAGES_SEND(&mode_on, cdb);
	PAGES_ASSERT_DATA(&mode_on, want);

	list[4] = 0x40;
	list[10] = 0;
	select_6(list, sizeof list);
	pages_assert_field(&mode_on, 0x26, 4, -1);
	PAGES_SEND(&mode_on, cdb);
	PAGES_ASSERT_DATA(&mode_on, want);
}
END_TEST

/* st reads the page with its descriptor, changes DCE, and gives all back. */
START_TEST(st_changes_compression)
{
	static const uint8_t cdb[] = { 0x1a, 0, 0x0f, 0, 255, 0 };
	static const uint8_t want[] = { 27, 0x88, 0x10, 8, 0x5e, 0, 0, 0, 0, 0,
		0, 0, 0x0f, 14, 0x40, 0x80, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0,
		0 };
	uint8_t list[28];

	pages_load(&mode_on, "TST001L8");
	PAGES_SEND(&mode_on, cdb);
	PAGES_ASSERT_DATA(&mode_on, want);
	memcpy(list, mode_on.in, sizeof list);
	list[0] = list[1] = 0;
	list[14] |= 0x80;
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	PAGES_SEND(&mode_on, cdb);
	ck_assert_uint_eq(mode_on.in[14], 0xc0);
	mode_sense_6(0, 0x10, 0);
	ck_assert_uint_eq(mode_on.in[4 + 14], 1);

	/* An algorithm of 0 switches it off too. */
	list[19] = 0;
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	PAGES_SEND(&mode_on, cdb);
	PAGES_ASSERT_DATA(&mode_on, want);
}
END_TEST

/* LTFS gives back 48 bytes: header, descriptor, page. */
static void ltfs_echo(unsigned page, unsigned subpage, size_t bytes)
{
	const uint8_t cdb[] = { 0x5a, 0, (uint8_t)page, (uint8_t)subpage, 0, 0,
		0, 0, (uint8_t)bytes, 0 };

	pages_send_as(&mode_on, 0, cdb, sizeof cdb, NULL, (uint32_t)bytes);
	ck_assert_uint_eq(mode_on.answer.in_bytes, bytes);
	ck_assert_int_eq(mode_on.answer.residual, 0);
}

START_TEST(ltfs_sets_the_programmable_early_warning)
{
	uint8_t list[48];

	pages_load(&mode_on, "TST001L8");
	ltfs_echo(0x10, 0x01, sizeof list);
	memcpy(list, mode_on.in, sizeof list);
	ck_assert_mem_eq(list + 16, "\x50\x01\0\x1c\0\x02\0\0", 8);
	list[0] = list[1] = 0;
	list[16] |= 0x80; /* PS is ignored */
	list[22] = 0x12;
	list[23] = 0x34;
	mode_select_10(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	mode_sense_6(0, 0x10, 0x01);
	ck_assert_uint_eq(get_be16(mode_on.in + 4 + 6), 0x1234);
}
END_TEST

START_TEST(ltfs_switches_protection_and_compression_off)
{
	uint8_t list[48];

	pages_load(&mode_on, "TST001L8");
	ltfs_echo(0x0a, 0xf0, 48);
	memcpy(list, mode_on.in, 48);
	list[0] = list[1] = list[20] = list[21] = list[22] = 0;
	mode_select_10(list, 48);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	/* Methods with a CRC are not there. */
	list[20] = 2;
	list[21] = 4;
	list[22] = 0xc0;
	mode_select_10(list, 48);
	pages_assert_field(&mode_on, 0x26, 20, 1);

	ltfs_echo(0x0f, 0, 32);
	memcpy(list, mode_on.in, 32);
	list[0] = list[1] = 0;
	list[18] &= 0x7e;
	mode_select_10(list, 32);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
}
END_TEST

/* What MODE SENSE gives, MODE SELECT takes, and changes nothing. */
START_TEST(the_data_of_mode_sense_can_be_given_back)
{
	uint8_t first[256], list[256];
	size_t bytes;

	pages_load(&mode_on, "TST001L8");
	for (unsigned i = 0; i < 3; i++) {
		uint8_t cdb[] = { 0x5a, 0, ALL, 0xff, 0, 0, 0, 1, 0, 0 };

		if (i == 1)
			cdb[3] = 0;
		if (i == 2)
			cdb[1] = 0x08; /* without descriptor */
		PAGES_SEND(&mode_on, cdb);
		bytes = mode_on.answer.in_bytes;
		ck_assert_uint_le(bytes, sizeof first);
		memcpy(first, mode_on.in, bytes);
		memcpy(list, mode_on.in, bytes);
		list[0] = list[1] = 0;
		mode_select_10(list, bytes);
		ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
		PAGES_SEND(&mode_on, cdb);
		pages_assert_data(&mode_on, first, bytes);
		ck_assert_uint_eq(first_attention(1), 0);
		/* with its length too */
		mode_select_10(first, bytes);
		ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	}
}
END_TEST

/* Page 10h has compression too: as it was, it does not undo page 0Fh. */
START_TEST(one_page_of_all_is_changed)
{
	uint8_t list[256];
	size_t bytes, at = 16;

	mode_sense_10(0, ALL, 0xff);
	bytes = mode_on.answer.in_bytes;
	memcpy(list, mode_on.in, bytes);
	while (list[at] != 0x0f)
		at += list[at] & 0x40 ? get_be16(list + at + 2) + 4u
				      : list[at + 1] + 2u;
	ck_assert_uint_eq(list[at + 2], 0x40);
	list[at + 2] |= 0x80;
	mode_select_10(list, bytes);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	mode_sense_6(0, 0x0f, 0);
	ck_assert_uint_eq(mode_on.in[4 + 2], 0xc0);
	mode_sense_6(0, 0x10, 0);
	ck_assert_uint_eq(mode_on.in[4 + 14], 1);
}
END_TEST

/* mhvtl refused a page 10h that was longer than it knew. */
START_TEST(a_page_may_be_longer_than_the_device_knows)
{
	uint8_t list[4 + 2 + 30 + 12] = { 0, 0, 0x10, 0, 0x10, 30, 0, 0, 0, 0,
		0, 200, 0x40, 0, 0x18, 0, 0, 0, 1, 0, 0xff, 0xff };

	list[36] = 0x0a;
	list[37] = 10;
	list[38] = 0x04;
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	mode_sense_6(0, 0x0f, 0);
	ck_assert_uint_eq(mode_on.in[4 + 2], 0xc0);
	ck_assert(scsi_has_descriptor_sense(mode_on.unit));
}
END_TEST

/* D_SENSE switches the format of sense data; a reset switches it back. */
START_TEST(descriptor_sense)
{
	static const uint8_t list[16] = { 0, 0, 0x10, 0, 0x0a, 10, 0x04 };

	mode_sense_6(0, 0x03, 0);
	ck_assert_uint_eq(mode_on.answer.sense[0], 0x70);
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	mode_sense_6(0, 0x03, 0);
	ck_assert_uint_eq(mode_on.answer.sense[0], 0x72);
	mode_sense_6(0, 0x0a, 0);
	ck_assert_uint_eq(mode_on.in[4 + 2], 0x04);
	mode_sense_6(2, 0x0a, 0);
	ck_assert_uint_eq(mode_on.in[4 + 2], 0);
	device_reset(mode_on.device, mode_on.now_ns);
	pages_clear_attentions(&mode_on);
	mode_sense_6(0, 0x03, 0);
	ck_assert_uint_eq(mode_on.answer.sense[0], 0x70);
}
END_TEST

/* SWP refuses writes with 7/27/02, and is reported like a write-protect tab. */
START_TEST(software_write_protection)
{
	uint8_t list[16] = { 0, 0, 0x10, 0, 0x0a, 10, 0, 0, 0x08 };
	static const struct volume_run run;
	struct scsi_result result;

	pages_load(&mode_on, "TST001L8");
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	scsi_write(mode_on.unit, false, 100, &run, mode_on.now_ns, &result);
	ck_assert(result.check && result.sense.sense.key == SENSE_DATA_PROTECT);
	ck_assert_uint_eq(result.sense.sense.asc, 0x27);
	ck_assert_uint_eq(result.sense.sense.ascq, 2);
	mode_sense_6(0, 0x0a, 0);
	ck_assert_uint_eq(mode_on.in[2], 0x90);
	ck_assert_uint_eq(mode_on.in[4 + 4], 0x08);
	list[8] = 0;
	list[2] = 0x90; /* WP is ignored */
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	scsi_write(mode_on.unit, false, 100, &run, mode_on.now_ns, &result);
	ck_assert(!result.check);
	mode_on.now_ns = result.done_ns;
}
END_TEST

START_TEST(the_write_delay)
{
	uint8_t list[20] = { 0, 0, 0x10, 0, 0x10, 14, 0, 0, 0, 0, 0, 50, 0x40,
		0, 0x18 };
	const struct drive_options *o =
	    drive_get_options(scsi_drive(mode_on.unit));

	ck_assert(!o->has_write_delay);
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	ck_assert(o->has_write_delay);
	ck_assert_int_eq(o->write_delay_ns, INT64_C(5000000000));
	mode_sense_6(0, 0x10, 0);
	ck_assert_uint_eq(get_be16(mode_on.in + 4 + 6), 50);
	list[11] = 200; /* that of the model */
	select_6(list, sizeof list);
	ck_assert(!o->has_write_delay);
}
END_TEST

/* Sets TapeAlert flag 9: a write of a protected medium.  Then clears it. */
static void refuse_a_write(void)
{
	static const uint8_t alerts[] = { 0x4d, 0, 0x6e, 0, 0, 0, 0, 0x10, 0,
		0 };
	static const struct volume_run run;
	struct scsi_result result;

	scsi_write(mode_on.unit, false, 100, &run, mode_on.now_ns, &result);
	ck_assert_uint_eq(result.sense.sense.asc, 0x27);
	PAGES_SEND(&mode_on, alerts);
	ck_assert_uint_eq(mode_on.in[4 + 8 * 5 + 4], 1);
}

/* Fails unless TEST UNIT READY has this sense data. */
static void assert_ready(bool check)
{
	struct scsi_result result;

	scsi_test_unit_ready(mode_on.unit, mode_on.now_ns, &result);
	ck_assert(result.check == check);
	if (!check)
		return;
	ck_assert_uint_eq(result.sense.sense.key, SENSE_RECOVERED);
	ck_assert_uint_eq(result.sense.sense.asc, 0x5d);
}

static uint8_t requested_asc(void)
{
	struct scsi_result result;
	struct scsi_sense sense;

	scsi_request_sense(mode_on.unit, &sense, mode_on.now_ns, &result);
	ck_assert_uint_eq(sense.sense.key, SENSE_NO_SENSE);
	return sense.sense.asc;
}

/* MRIE 3 and 6 report new TapeAlert flags as 5D/00, once. */
START_TEST(exceptions_are_reported)
{
	uint8_t list[28] = { 0, 0, 0x10, 0, 0x0a, 10, 0, 0, 0x08, 0, 0, 0, 0, 0,
		0, 0, 0x1c, 10, 0, 3 };

	pages_load(&mode_on, "TST001L8");
	list[19] = 4;
	select_6(list, sizeof list);
	pages_assert_field(&mode_on, 0x26, 19, -1);
	list[19] = 3;
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	assert_ready(false);
	refuse_a_write();
	assert_ready(true);
	assert_ready(false);
	ck_assert_uint_eq(requested_asc(), 0);

	list[19] = 6;
	select_6(list, sizeof list);
	refuse_a_write();
	assert_ready(false);
	ck_assert_uint_eq(requested_asc(), 0x5d);
	ck_assert_uint_eq(requested_asc(), 0);

	list[18] = 0x08; /* DEXCPT */
	select_6(list, sizeof list);
	refuse_a_write();
	ck_assert_uint_eq(requested_asc(), 0);
	mode_sense_6(0, 0x1c, 0);
	ck_assert_mem_eq(mode_on.in + 4, list + 16, 12);
}
END_TEST

START_TEST(defaults_stay)
{
	static const uint8_t list[] = { 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 2, 0,
		0x0f, 14, 0xc0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0 };
	uint8_t before[64];

	mode_sense_10(2, 0x0f, 0);
	memcpy(before, mode_on.in, 32);
	select_6(list, sizeof list);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	mode_sense_10(2, 0x0f, 0);
	pages_assert_data(&mode_on, before, 32);
	mode_sense_10(0, 0x0f, 0);
	ck_assert_uint_eq(mode_on.in[3], 0);
	ck_assert_uint_eq(get_be24(mode_on.in + 13), 512);
	ck_assert_mem_eq(mode_on.in + 16, "\x0f\x0e\xc0\0", 4);
	/* What can be changed: all of density and block length. */
	mode_sense_10(1, 0x0f, 0);
	ck_assert_mem_eq(mode_on.in + 8, "\xff\0\0\0\0\xff\xff\xff", 8);
}
END_TEST

START_TEST(other_nexuses_learn_of_changes)
{
	static const uint8_t list[] = { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0 };

	select_6(list, sizeof list);
	ck_assert_uint_eq(first_attention(0), 0);
	ck_assert_uint_eq(first_attention(1), 0x2a);
	/* The same again is no change. */
	select_6(list, sizeof list);
	ck_assert_uint_eq(first_attention(1), 0);
}
END_TEST

/* Each list begins with a valid change, of the block length. */
START_TEST(nothing_is_applied_if_anything_is_wrong)
{
	static const struct {
		uint8_t list[64];
		size_t bytes;
		unsigned byte;
		int bit;
	} wrong[] = {
		/* a speed, a buffered mode that is not there */
		{ { 0, 0, 0x11, 8, 0, 0, 0, 0, 0, 0, 2, 0 }, 12, 2, 0 },
		{ { 0, 0, 0x30, 8, 0, 0, 0, 0, 0, 0, 2, 0 }, 12, 2, 6 },
		/* two descriptors, a number of blocks, too long a block */
		{ { 0, 0, 0x10, 16, 0, 0, 0, 0, 0, 0, 2, 0 }, 20, 3, -1 },
		{ { 0, 0, 0x10, 8, 0, 0, 1, 0, 0, 0, 2, 0 }, 12, 6, -1 },
		{ { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0x80, 0, 1 }, 12, 9, -1 },
		/* a density that no medium has */
		{ { 0, 0, 0x10, 8, 0x99, 0, 0, 0, 0, 0, 2, 0 }, 12, 4, -1 },
		/* a page, and a subpage, that are not there */
		{ { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0x03, 10 }, 24, 12,
		    5 },
		{ { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0x4a, 0x02, 0, 28 },
		    44, 12, 5 },
		{ { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0x4a, 0x00, 0, 8 },
		    24, 12, 5 },
		/* a page that is too short */
		{ { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0x0a, 9 }, 23, 13,
		    -1 },
		{ { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0x50, 1, 0, 27, 0,
		      2 },
		    43, 14, -1 },
		/* bits that cannot be changed */
		{ { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0x0a, 10, 0x24 }, 24,
		    14, 5 },
		{ { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0x01, 10, 0, 3 }, 24,
		    15, 1 },
		/* the second of two pages */
		{ { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0, 0x0a, 10, 0x04, 0, 0,
		      0, 0, 0, 0, 0, 0, 0, 0x1a, 10, 0, 2 },
		    36, 27, 1 },
	};

	uint8_t before[256];

	pages_load(&mode_on, "TST001L8");
	mode_sense_10(0, ALL, 0xff);
	memcpy(before, mode_on.in, 256);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		select_6(wrong[i].list, wrong[i].bytes);
		pages_assert_field(&mode_on, 0x26, wrong[i].byte, wrong[i].bit);
		mode_sense_10(0, ALL, 0xff);
		pages_assert_data(&mode_on, before, mode_on.answer.in_bytes);
	}
	ck_assert_uint_eq(first_attention(1), 0);
}
END_TEST

/* Every length of a list is good only if it ends after a page. */
START_TEST(lists_that_end_early_are_refused)
{
	static const uint8_t list[36] = { 0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 2, 0,
		0x0a, 10, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x1a, 10 };

	for (size_t n = 0; n <= sizeof list; n++) {
		select_6(list, n);
		if (n == 0 || n == 12 || n == 24 || n == 36)
			ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
		else
			pages_assert_check(&mode_on, SENSE_ILLEGAL_REQUEST,
			    0x1a, 0);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mode_select");
	TCase *t = tcase_create("mode");

	tcase_add_checked_fixture(t, mode_set_up, mode_tear_down);
	tcase_add_test(t, st_sets_block_length_density_and_buffering);
	tcase_add_test(t, st_changes_compression);
	tcase_add_test(t, ltfs_sets_the_programmable_early_warning);
	tcase_add_test(t, ltfs_switches_protection_and_compression_off);
	tcase_add_test(t, the_data_of_mode_sense_can_be_given_back);
	tcase_add_test(t, one_page_of_all_is_changed);
	tcase_add_test(t, a_page_may_be_longer_than_the_device_knows);
	tcase_add_test(t, descriptor_sense);
	tcase_add_test(t, software_write_protection);
	tcase_add_test(t, the_write_delay);
	tcase_add_test(t, exceptions_are_reported);
	tcase_add_test(t, defaults_stay);
	tcase_add_test(t, other_nexuses_learn_of_changes);
	tcase_add_test(t, nothing_is_applied_if_anything_is_wrong);
	tcase_add_test(t, lists_that_end_early_are_refused);
	suite_add_tcase(s, t);
	return run_suite(s);
}
