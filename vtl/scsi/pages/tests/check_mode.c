/* check_mode.c: MODE SENSE of a drive, as bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/pages_fixture.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/scsi/pages/tests/mode_fixture.h"

static void make(const char *model, const char *barcode)
{
	pages_free(&mode_on);
	pages_make_drive(&mode_on, model);
	pages_load(&mode_on, barcode);
}

/* Fails unless MODE SENSE reports this page, without its header. */
static void assert_page(unsigned control, unsigned page, unsigned subpage,
    const uint8_t *want, size_t bytes)
{
	mode_sense_6(control, page, subpage);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(mode_on.answer.in_bytes, bytes + 4);
	for (size_t i = 0; i < bytes; i++)
		ck_assert_msg(mode_on.in[4 + i] == want[i],
		    "page %02x byte %zu is %02x instead of %02x", page, i,
		    mode_on.in[4 + i], want[i]);
}

/* st asks for this at each open, and refuses a write if byte 2 has WP. */
START_TEST(st_reads_header_and_descriptor)
{
	static const uint8_t cdb[] = { 0x1a, 0, 0, 0, 12, 0 };
	static const uint8_t loaded[] = { 11, 0x88, 0x10, 8, 0x5e, 0, 0, 0, 0,
		0, 0, 0 };
	static const uint8_t empty[] = { 11, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 0,
		0 };

	PAGES_SEND(&mode_on, cdb);
	PAGES_ASSERT_DATA(&mode_on, empty);
	pages_load(&mode_on, "TST001L8");
	PAGES_SEND(&mode_on, cdb);
	PAGES_ASSERT_DATA(&mode_on, loaded);
}
END_TEST

/* QEMU asks for it at attach; and tapeinfo for pages 0Fh and 10h. */
START_TEST(all_pages_for_qemu_and_tapeinfo)
{
	static const uint8_t qemu[] = { 0x1a, 0x08, 0x3f, 0, 255, 0 };
	static const uint8_t tapeinfo[] = { 0x1a, 0, 0x10, 0, 255, 0 };
	static const uint8_t want[] = { 27, 0x88, 0x10, 8, 0x5e, 0, 0, 0, 0, 0,
		0, 0, 0x10, 14, 0, 0, 0, 0, 0, 200, 0x40, 0, 0x18, 0, 0, 0, 0,
		0 };

	pages_load(&mode_on, "TST001L8");
	PAGES_SEND(&mode_on, qemu);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(mode_on.in[0] + 1u, mode_on.answer.in_bytes);
	PAGES_SEND(&mode_on, tapeinfo);
	PAGES_ASSERT_DATA(&mode_on, want);
}
END_TEST

START_TEST(the_pages_as_bytes)
{
	static const uint8_t recovery[12] = { 0x01, 10 };
	static const uint8_t connect[16] = { 0x02, 14 };
	static const uint8_t control[12] = { 0x0a, 10 };
	static const uint8_t control_mask[12] = { 0x0a, 10, 0x04, 0, 0x08 };
	static const uint8_t time[32] = { 0x4a, 0x01, 0, 28, 0x02 };
	static const uint8_t protection[32] = { 0x4a, 0xf0, 0, 28 };
	static const uint8_t compression_mask[16] = { 0x0f, 14, 0x80, 0x80, 0,
		0, 0, 1 };
	static const uint8_t extension[32] = { 0x50, 0x01, 0, 28, 0, 0x02 };
	static const uint8_t extension_mask[32] = { 0x50, 0x01, 0, 28, 0, 0xf0,
		0xff, 0xff };
	static const uint8_t device_mask[16] = { 0x10, 14, 0, 0, 0, 0, 0xff,
		0xff, 0, 0, 0, 0, 0, 0, 1 };
	static const uint8_t exceptions_mask[12] = { 0x1c, 10, 0x08, 0x0f };
	static const uint8_t power[12] = { 0x1a, 10 };
	static const uint8_t exceptions[12] = { 0x1c, 10, 0x08 };
	static const uint8_t medium[32] = { 0x1d, 30, 0, 0, 0, 3 };
	static const uint8_t worm[32] = { 0x1d, 30, 1, 0, 0, 3 };

	assert_page(0, 0x01, 0, recovery, sizeof recovery);
	assert_page(0, 0x02, 0, connect, sizeof connect);
	assert_page(0, 0x0a, 0, control, sizeof control);
	assert_page(1, 0x0a, 0, control_mask, sizeof control_mask);
	assert_page(0, 0x0a, 0x01, time, sizeof time);
	assert_page(0, 0x0a, 0xf0, protection, sizeof protection);
	assert_page(1, 0x0a, 0xf0, protection, sizeof protection);
	assert_page(1, 0x0f, 0, compression_mask, sizeof compression_mask);
	assert_page(1, 0x10, 0, device_mask, sizeof device_mask);
	assert_page(1, 0x1c, 0, exceptions_mask, sizeof exceptions_mask);
	assert_page(0, 0x10, 0x01, extension, sizeof extension);
	assert_page(1, 0x10, 0x01, extension_mask, sizeof extension_mask);
	assert_page(0, 0x1a, 0, power, sizeof power);
	assert_page(0, 0x1c, 0, exceptions, sizeof exceptions);
	assert_page(0, 0x1d, 0, medium, sizeof medium);
	pages_load(&mode_on, "TST001LY");
	assert_page(0, 0x1d, 0, worm, sizeof worm);
}
END_TEST

/* The values of the medium type by which LTFS knows a cartridge. */
START_TEST(medium_type_and_density_are_those_of_the_cartridge)
{
	static const struct {
		const char *model, *barcode;
		uint8_t type, density;
	} media[] = {
		{ "lto1-ibm", "TST001L1", 0x18, 0x40 },
		{ "lto2-ibm", "TST001L2", 0x28, 0x42 },
		{ "lto3-ibm", "TST001L3", 0x38, 0x44 },
		{ "lto3-ibm", "TST001LT", 0x3c, 0x44 },
		{ "lto4", "TST001L4", 0x48, 0x46 },
		{ "lto5-ibm", "TST001L5", 0x58, 0x58 },
		{ "lto5-hp", "TST001L5", 0x00, 0x58 },
		{ "lto5-hp", "TST001LV", 0x01, 0x58 },
		{ "lto6", "TST001L6", 0x68, 0x5a },
		{ "lto6", "TST001L5", 0x58, 0x58 },
		{ "lto7", "TST001L7", 0x78, 0x5c },
		{ "lto8", "TST001M8", 0x78, 0x5d },
		{ "lto8", "TST001LY", 0x8c, 0x5e },
		{ "lto9", "TST001L9", 0x98, 0x60 },
		{ "lto10", "TST001LA", 0xa8, 0x62 },
		{ "lto10", "TST001PA", 0xa9, 0x63 },
		{ "lto10", "TST001LH", 0xac, 0x62 },
		{ "lto8", "TST001L2", 0, 0 }, /* incompatible */
		{ "ts1140jc", "TST001L8", 0x93, 0x54 },
		{ "ts1150jd", "TST001", 0x94, 0x55 },
		{ "dlt8000", "TST001", 0, 0x41 },
	};

	for (size_t i = 0; i < sizeof media / sizeof *media; i++) {
		scratch_teardown();
		scratch_setup();
		make(media[i].model, media[i].barcode);
		mode_sense_10(0, 0, 0);
		ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
		ck_assert_uint_eq(mode_on.in[2], media[i].type);
		ck_assert_uint_eq(mode_on.in[8], media[i].density);
	}
}
END_TEST

START_TEST(a_medium_that_is_only_read_is_write_protected)
{
	make("lto7", "TST001L5");
	mode_sense_6(0, 0x0f, 0);
	ck_assert_uint_eq(mode_on.in[2], 0x90);
	mode_sense_10(0, 0x0f, 0);
	ck_assert_uint_eq(mode_on.in[3], 0x90);
}
END_TEST

/* mhvtl had a length that was not the sum of its pages. */
START_TEST(lengths_are_the_sums_of_the_pages)
{
	for (unsigned i = 0; i < 2 * 3 * 64 * 256; i++) {
		unsigned control = i % 3, subpage = i / 6 % 256;
		unsigned page = i / 6 / 256;
		bool ten = i / 3 % 2;
		unsigned header = ten ? 16 : 4, at = header;

		if (ten)
			mode_sense_10(control, page, subpage);
		else
			mode_sense_6(control, page, subpage);
		if (mode_on.answer.status != DEVICE_GOOD)
			continue;
		ck_assert_uint_eq(ten ? get_be16(mode_on.in) + 2u
				      : mode_on.in[0] + 1u,
		    mode_on.answer.in_bytes);
		ck_assert_uint_eq(ten ? mode_on.in[7] : mode_on.in[3],
		    ten ? 8 : 0);
		while (at < mode_on.answer.in_bytes) {
			const uint8_t *p = mode_on.in + at;

			ck_assert(page == ALL || (p[0] & 0x3f) == page);
			ck_assert(subpage == 0xff ||
			    subpage == (p[0] & 0x40 ? p[1] : 0));
			at += p[0] & 0x40 ? get_be16(p + 2) + 4 : p[1] + 2;
		}
		ck_assert_uint_eq(at, mode_on.answer.in_bytes);
		ck_assert(at > header || page == 0);
	}
}
END_TEST

START_TEST(allocation_lengths_cut_the_data)
{
	uint8_t six[] = { 0x1a, 0, ALL, 0xff, 0, 0 };
	uint8_t ten[] = { 0x5a, 0x10, ALL, 0xff, 0, 0, 0, 0, 0, 0 };
	size_t bytes = pages_assert_allocations(&mode_on, six, 6, 4, 1);

	ck_assert_uint_eq(pages_assert_allocations(&mode_on, ten, 10, 7, 2),
	    bytes + 4);
	six[3] = 0;
	ck_assert_uint_lt(pages_assert_allocations(&mode_on, six, 6, 4, 1),
	    bytes);
}
END_TEST

START_TEST(pages_that_are_not_there)
{
	mode_sense_6(0, 0x03, 0);
	pages_assert_field(&mode_on, 0x24, 2, 5);
	mode_sense_6(0, 0x03, 0xff);
	pages_assert_field(&mode_on, 0x24, 2, 5);
	mode_sense_10(0, 0x0a, 0x02);
	pages_assert_field(&mode_on, 0x24, 3, -1);
	mode_sense_10(0, 0x00, 0x01);
	pages_assert_field(&mode_on, 0x24, 3, -1);
	mode_sense_10(0, ALL, 0x01);
	ck_assert_uint_eq(mode_on.answer.status, DEVICE_GOOD);
	mode_sense_10(0, ALL, 0x02);
	pages_assert_field(&mode_on, 0x24, 3, -1);
	/* LTO drives have none of the pages that LTFS asks 3592 drives for. */
	mode_sense_10(0, 0x25, 0);
	pages_assert_field(&mode_on, 0x24, 2, 5);
	/* Nothing is saved. */
	mode_sense_10(3, 0x0a, 0);
	pages_assert_check(&mode_on, SENSE_ILLEGAL_REQUEST, 0x39, 0);
}
END_TEST

START_TEST(fields_of_the_cdb)
{
	static const uint8_t save[] = { 0x15, 0x11, 0, 0, 12, 0 };
	static const uint8_t list[12] = { 0, 0, 0x10, 8 };
	static const uint8_t more[] = { 0x15, 0x10, 0, 0, 13, 0 };
	static const uint8_t long_lba[16] = { 0, 0, 0, 0x10, 1, 0, 0, 8 };

	PAGES_SEND_OUT(&mode_on, save, list);
	pages_assert_field(&mode_on, 0x24, 1, 0);
	PAGES_SEND_OUT(&mode_on, more, list);
	pages_assert_check(&mode_on, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
	mode_select_10(long_lba, sizeof long_lba);
	pages_assert_field(&mode_on, 0x26, 4, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mode");
	TCase *t = tcase_create("mode");

	tcase_add_checked_fixture(t, mode_set_up, mode_tear_down);
	tcase_add_test(t, st_reads_header_and_descriptor);
	tcase_add_test(t, all_pages_for_qemu_and_tapeinfo);
	tcase_add_test(t, the_pages_as_bytes);
	tcase_add_test(t, medium_type_and_density_are_those_of_the_cartridge);
	tcase_add_test(t, a_medium_that_is_only_read_is_write_protected);
	tcase_add_test(t, lengths_are_the_sums_of_the_pages);
	tcase_add_test(t, allocation_lengths_cut_the_data);
	tcase_add_test(t, pages_that_are_not_there);
	tcase_add_test(t, fields_of_the_cdb);
	suite_add_tcase(s, t);
	return run_suite(s);
}
