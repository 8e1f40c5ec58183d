/* check_mode.c: MODE SENSE and MODE SELECT of a drive, as bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/pages_fixture.h"
#include "vtl/tests/vtl_scratch.h"

enum { ALL = 0x3f };

static struct pages_fixture f;

static void set_up(void)
{
	scratch_setup();
	pages_make_drive(&f, "lto8");
}

static void tear_down(void)
{
	pages_free(&f);
	scratch_teardown();
}

static void make(const char *model, const char *barcode)
{
	pages_free(&f);
	pages_make_drive(&f, model);
	pages_load(&f, barcode);
}

/* Sends MODE SENSE (6) without and (10) with a block descriptor. */
static void sense_6(unsigned control, unsigned page, unsigned subpage)
{
	const uint8_t cdb[] = { 0x1a, 0x08, (uint8_t)(control << 6 | page),
		(uint8_t)subpage, 255, 0 };

	PAGES_SEND(&f, cdb);
}

static void sense_10(unsigned control, unsigned page, unsigned subpage)
{
	const uint8_t cdb[] = { 0x5a, 0, (uint8_t)(control << 6 | page),
		(uint8_t)subpage, 0, 0, 0, 0x10, 0, 0 };

	PAGES_SEND(&f, cdb);
}

static void select_6(const uint8_t *list, size_t bytes)
{
	const uint8_t cdb[] = { 0x15, 0x10, 0, 0, (uint8_t)bytes, 0 };

	pages_send_as(&f, 0, cdb, sizeof cdb, list, (uint32_t)bytes);
}

static void select_10(const uint8_t *list, size_t bytes)
{
	const uint8_t cdb[] = { 0x55, 0x10, 0, 0, 0, 0, 0,
		(uint8_t)(bytes >> 8), (uint8_t)bytes, 0 };

	pages_send_as(&f, 0, cdb, sizeof cdb, list, (uint32_t)bytes);
}

/* Fails unless MODE SENSE reports this page, without its header. */
static void assert_page(unsigned control, unsigned page, unsigned subpage,
    const uint8_t *want, size_t bytes)
{
	sense_6(control, page, subpage);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(f.answer.in_bytes, bytes + 4);
	for (size_t i = 0; i < bytes; i++)
		ck_assert_msg(f.in[4 + i] == want[i],
		    "page %02x byte %zu is %02x instead of %02x", page, i,
		    f.in[4 + i], want[i]);
}

static uint8_t first_attention(unsigned nexus)
{
	const struct sense *sense =
	    scsi_attention_take(scsi_get_nexuses(f.unit), nexus);

	return sense != NULL ? sense->asc : 0;
}

/* st asks for this at each open, and refuses a write if byte 2 has WP. */
START_TEST(st_reads_header_and_descriptor)
{
	static const uint8_t cdb[] = { 0x1a, 0, 0, 0, 12, 0 };
	static const uint8_t loaded[] = { 11, 0x88, 0x10, 8, 0x5e, 0, 0, 0, 0,
		0, 0, 0 };
	static const uint8_t empty[] = { 11, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 0,
		0 };

	PAGES_SEND(&f, cdb);
	PAGES_ASSERT_DATA(&f, empty);
	pages_load(&f, "TST001L8");
	PAGES_SEND(&f, cdb);
	PAGES_ASSERT_DATA(&f, loaded);
}
END_TEST

/* st sets block length, density and buffer mode in one list of 12 bytes. */
START_TEST(st_sets_block_length_density_and_buffering)
{
	uint8_t list[] = { 0, 0, 0x10, 8, 0x5e, 0, 0, 0, 0, 0x01, 0x02, 0x00 };
	static const uint8_t cdb[] = { 0x1a, 0, 0, 0, 12, 0 };
	uint8_t want[] = { 11, 0x88, 0x10, 8, 0x5e, 0, 0, 0, 0, 0x01, 0x02,
		0x00 };

	pages_load(&f, "TST001L8");
	select_6(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	ck_assert_int_eq(f.answer.residual, 0);
	PAGES_SEND(&f, cdb);
	PAGES_ASSERT_DATA(&f, want);

	list[2] = want[2] = 0; /* unbuffered */
	list[4] = 0x7f;        /* the density stays */
	list[9] = want[9] = 0;
	select_6(list, sizeof list);
	PAGES_SEND(&f, cdb);
	PAGES_ASSERT_DATA(&f, want);

	list[4] = 0x40;
	list[10] = 0;
	select_6(list, sizeof list);
	pages_assert_field(&f, 0x26, 4, -1);
	PAGES_SEND(&f, cdb);
	PAGES_ASSERT_DATA(&f, want);
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

	pages_load(&f, "TST001L8");
	PAGES_SEND(&f, cdb);
	PAGES_ASSERT_DATA(&f, want);
	memcpy(list, f.in, sizeof list);
	list[0] = list[1] = 0;
	list[14] |= 0x80;
	select_6(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	PAGES_SEND(&f, cdb);
	ck_assert_uint_eq(f.in[14], 0xc0);
	sense_6(0, 0x10, 0);
	ck_assert_uint_eq(f.in[4 + 14], 1);

	/* An algorithm of 0 switches it off too. */
	list[19] = 0;
	select_6(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	PAGES_SEND(&f, cdb);
	PAGES_ASSERT_DATA(&f, want);
}
END_TEST

/* LTFS gives back 48 bytes: header, descriptor, page. */
static void ltfs_echo(unsigned page, unsigned subpage, size_t bytes)
{
	const uint8_t cdb[] = { 0x5a, 0, (uint8_t)page, (uint8_t)subpage, 0, 0,
		0, 0, (uint8_t)bytes, 0 };

	pages_send_as(&f, 0, cdb, sizeof cdb, NULL, (uint32_t)bytes);
	ck_assert_uint_eq(f.answer.in_bytes, bytes);
	ck_assert_int_eq(f.answer.residual, 0);
}

START_TEST(ltfs_sets_the_programmable_early_warning)
{
	uint8_t list[48];

	pages_load(&f, "TST001L8");
	ltfs_echo(0x10, 0x01, sizeof list);
	memcpy(list, f.in, sizeof list);
	ck_assert_mem_eq(list + 16, "\x50\x01\0\x1c\0\x02\0\0", 8);
	list[0] = list[1] = 0;
	list[16] |= 0x80; /* PS is ignored */
	list[22] = 0x12;
	list[23] = 0x34;
	select_10(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	sense_6(0, 0x10, 0x01);
	ck_assert_uint_eq(get_be16(f.in + 4 + 6), 0x1234);
}
END_TEST

START_TEST(ltfs_switches_protection_and_compression_off)
{
	uint8_t list[48];

	pages_load(&f, "TST001L8");
	ltfs_echo(0x0a, 0xf0, 48);
	memcpy(list, f.in, 48);
	list[0] = list[1] = list[20] = list[21] = list[22] = 0;
	select_10(list, 48);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	/* Methods with a CRC are not there. */
	list[20] = 2;
	list[21] = 4;
	list[22] = 0xc0;
	select_10(list, 48);
	pages_assert_field(&f, 0x26, 20, 1);

	ltfs_echo(0x0f, 0, 32);
	memcpy(list, f.in, 32);
	list[0] = list[1] = 0;
	list[18] &= 0x7e;
	select_10(list, 32);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
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

	pages_load(&f, "TST001L8");
	PAGES_SEND(&f, qemu);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(f.in[0] + 1u, f.answer.in_bytes);
	PAGES_SEND(&f, tapeinfo);
	PAGES_ASSERT_DATA(&f, want);
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
	pages_load(&f, "TST001LY");
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
		sense_10(0, 0, 0);
		ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
		ck_assert_uint_eq(f.in[2], media[i].type);
		ck_assert_uint_eq(f.in[8], media[i].density);
	}
}
END_TEST

START_TEST(a_medium_that_is_only_read_is_write_protected)
{
	make("lto7", "TST001L5");
	sense_6(0, 0x0f, 0);
	ck_assert_uint_eq(f.in[2], 0x90);
	sense_10(0, 0x0f, 0);
	ck_assert_uint_eq(f.in[3], 0x90);
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
			sense_10(control, page, subpage);
		else
			sense_6(control, page, subpage);
		if (f.answer.status != DEVICE_GOOD)
			continue;
		ck_assert_uint_eq(ten ? get_be16(f.in) + 2u : f.in[0] + 1u,
		    f.answer.in_bytes);
		ck_assert_uint_eq(ten ? f.in[7] : f.in[3], ten ? 8 : 0);
		while (at < f.answer.in_bytes) {
			const uint8_t *p = f.in + at;

			ck_assert(page == ALL || (p[0] & 0x3f) == page);
			ck_assert(subpage == 0xff ||
			    subpage == (p[0] & 0x40 ? p[1] : 0));
			at += p[0] & 0x40 ? get_be16(p + 2) + 4 : p[1] + 2;
		}
		ck_assert_uint_eq(at, f.answer.in_bytes);
		ck_assert(at > header || page == 0);
	}
}
END_TEST

START_TEST(allocation_lengths_cut_the_data)
{
	uint8_t six[] = { 0x1a, 0, ALL, 0xff, 0, 0 };
	uint8_t ten[] = { 0x5a, 0x10, ALL, 0xff, 0, 0, 0, 0, 0, 0 };
	size_t bytes = pages_assert_allocations(&f, six, 6, 4, 1);

	ck_assert_uint_eq(pages_assert_allocations(&f, ten, 10, 7, 2),
	    bytes + 4);
	six[3] = 0;
	ck_assert_uint_lt(pages_assert_allocations(&f, six, 6, 4, 1), bytes);
}
END_TEST

START_TEST(pages_that_are_not_there)
{
	sense_6(0, 0x03, 0);
	pages_assert_field(&f, 0x24, 2, 5);
	sense_6(0, 0x03, 0xff);
	pages_assert_field(&f, 0x24, 2, 5);
	sense_10(0, 0x0a, 0x02);
	pages_assert_field(&f, 0x24, 3, -1);
	sense_10(0, 0x00, 0x01);
	pages_assert_field(&f, 0x24, 3, -1);
	sense_10(0, ALL, 0x01);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	sense_10(0, ALL, 0x02);
	pages_assert_field(&f, 0x24, 3, -1);
	/* LTO drives have none of the pages that LTFS asks 3592 drives for. */
	sense_10(0, 0x25, 0);
	pages_assert_field(&f, 0x24, 2, 5);
	/* Nothing is saved. */
	sense_10(3, 0x0a, 0);
	pages_assert_check(&f, SENSE_ILLEGAL_REQUEST, 0x39, 0);
}
END_TEST

/* What MODE SENSE gives, MODE SELECT takes, and changes nothing. */
START_TEST(the_data_of_mode_sense_can_be_given_back)
{
	uint8_t first[256], list[256];
	size_t bytes;

	pages_load(&f, "TST001L8");
	for (unsigned i = 0; i < 3; i++) {
		uint8_t cdb[] = { 0x5a, 0, ALL, 0xff, 0, 0, 0, 1, 0, 0 };

		if (i == 1)
			cdb[3] = 0;
		if (i == 2)
			cdb[1] = 0x08; /* without descriptor */
		PAGES_SEND(&f, cdb);
		bytes = f.answer.in_bytes;
		ck_assert_uint_le(bytes, sizeof first);
		memcpy(first, f.in, bytes);
		memcpy(list, f.in, bytes);
		list[0] = list[1] = 0;
		select_10(list, bytes);
		ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
		PAGES_SEND(&f, cdb);
		pages_assert_data(&f, first, bytes);
		ck_assert_uint_eq(first_attention(1), 0);
		/* with its length too */
		select_10(first, bytes);
		ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	}
}
END_TEST

/* Page 10h has compression too: as it was, it does not undo page 0Fh. */
START_TEST(one_page_of_all_is_changed)
{
	uint8_t list[256];
	size_t bytes, at = 16;

	sense_10(0, ALL, 0xff);
	bytes = f.answer.in_bytes;
	memcpy(list, f.in, bytes);
	while (list[at] != 0x0f)
		at += list[at] & 0x40 ? get_be16(list + at + 2) + 4u
				      : list[at + 1] + 2u;
	ck_assert_uint_eq(list[at + 2], 0x40);
	list[at + 2] |= 0x80;
	select_10(list, bytes);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	sense_6(0, 0x0f, 0);
	ck_assert_uint_eq(f.in[4 + 2], 0xc0);
	sense_6(0, 0x10, 0);
	ck_assert_uint_eq(f.in[4 + 14], 1);
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
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	sense_6(0, 0x0f, 0);
	ck_assert_uint_eq(f.in[4 + 2], 0xc0);
	ck_assert(scsi_has_descriptor_sense(f.unit));
}
END_TEST

/* D_SENSE switches the format of sense data; a reset switches it back. */
START_TEST(descriptor_sense)
{
	static const uint8_t list[16] = { 0, 0, 0x10, 0, 0x0a, 10, 0x04 };

	sense_6(0, 0x03, 0);
	ck_assert_uint_eq(f.answer.sense[0], 0x70);
	select_6(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	sense_6(0, 0x03, 0);
	ck_assert_uint_eq(f.answer.sense[0], 0x72);
	sense_6(0, 0x0a, 0);
	ck_assert_uint_eq(f.in[4 + 2], 0x04);
	sense_6(2, 0x0a, 0);
	ck_assert_uint_eq(f.in[4 + 2], 0);
	device_reset(f.device, f.now_ns);
	pages_clear_attentions(&f);
	sense_6(0, 0x03, 0);
	ck_assert_uint_eq(f.answer.sense[0], 0x70);
}
END_TEST

/* SWP refuses writes with 7/27/02, and is reported like a write-protect tab. */
START_TEST(software_write_protection)
{
	uint8_t list[16] = { 0, 0, 0x10, 0, 0x0a, 10, 0, 0, 0x08 };
	static const struct volume_run run;
	struct scsi_result result;

	pages_load(&f, "TST001L8");
	select_6(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	scsi_write(f.unit, false, 100, &run, f.now_ns, &result);
	ck_assert(result.check && result.sense.sense.key == SENSE_DATA_PROTECT);
	ck_assert_uint_eq(result.sense.sense.asc, 0x27);
	ck_assert_uint_eq(result.sense.sense.ascq, 2);
	sense_6(0, 0x0a, 0);
	ck_assert_uint_eq(f.in[2], 0x90);
	ck_assert_uint_eq(f.in[4 + 4], 0x08);
	list[8] = 0;
	list[2] = 0x90; /* WP is ignored */
	select_6(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	scsi_write(f.unit, false, 100, &run, f.now_ns, &result);
	ck_assert(!result.check);
	f.now_ns = result.done_ns;
}
END_TEST

START_TEST(the_write_delay)
{
	uint8_t list[20] = { 0, 0, 0x10, 0, 0x10, 14, 0, 0, 0, 0, 0, 50, 0x40,
		0, 0x18 };
	const struct drive_options *o = drive_get_options(scsi_drive(f.unit));

	ck_assert(!o->has_write_delay);
	select_6(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	ck_assert(o->has_write_delay);
	ck_assert_int_eq(o->write_delay_ns, INT64_C(5000000000));
	sense_6(0, 0x10, 0);
	ck_assert_uint_eq(get_be16(f.in + 4 + 6), 50);
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

	scsi_write(f.unit, false, 100, &run, f.now_ns, &result);
	ck_assert_uint_eq(result.sense.sense.asc, 0x27);
	PAGES_SEND(&f, alerts);
	ck_assert_uint_eq(f.in[4 + 8 * 5 + 4], 1);
}

/* Fails unless TEST UNIT READY has this sense data. */
static void assert_ready(bool check)
{
	struct scsi_result result;

	scsi_test_unit_ready(f.unit, f.now_ns, &result);
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

	scsi_request_sense(f.unit, &sense, f.now_ns, &result);
	ck_assert_uint_eq(sense.sense.key, SENSE_NO_SENSE);
	return sense.sense.asc;
}

/* MRIE 3 and 6 report new TapeAlert flags as 5D/00, once. */
START_TEST(exceptions_are_reported)
{
	uint8_t list[28] = { 0, 0, 0x10, 0, 0x0a, 10, 0, 0, 0x08, 0, 0, 0, 0, 0,
		0, 0, 0x1c, 10, 0, 3 };

	pages_load(&f, "TST001L8");
	list[19] = 4;
	select_6(list, sizeof list);
	pages_assert_field(&f, 0x26, 19, -1);
	list[19] = 3;
	select_6(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
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
	sense_6(0, 0x1c, 0);
	ck_assert_mem_eq(f.in + 4, list + 16, 12);
}
END_TEST

START_TEST(defaults_stay)
{
	static const uint8_t list[] = { 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 2, 0,
		0x0f, 14, 0xc0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0 };
	uint8_t before[64];

	sense_10(2, 0x0f, 0);
	memcpy(before, f.in, 32);
	select_6(list, sizeof list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	sense_10(2, 0x0f, 0);
	pages_assert_data(&f, before, 32);
	sense_10(0, 0x0f, 0);
	ck_assert_uint_eq(f.in[3], 0);
	ck_assert_uint_eq(get_be24(f.in + 13), 512);
	ck_assert_mem_eq(f.in + 16, "\x0f\x0e\xc0\0", 4);
	/* What can be changed: all of density and block length. */
	sense_10(1, 0x0f, 0);
	ck_assert_mem_eq(f.in + 8, "\xff\0\0\0\0\xff\xff\xff", 8);
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

	pages_load(&f, "TST001L8");
	sense_10(0, ALL, 0xff);
	memcpy(before, f.in, 256);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		select_6(wrong[i].list, wrong[i].bytes);
		pages_assert_field(&f, 0x26, wrong[i].byte, wrong[i].bit);
		sense_10(0, ALL, 0xff);
		pages_assert_data(&f, before, f.answer.in_bytes);
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
			ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
		else
			pages_assert_check(&f, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
	}
}
END_TEST

START_TEST(fields_of_the_cdb)
{
	static const uint8_t save[] = { 0x15, 0x11, 0, 0, 12, 0 };
	static const uint8_t list[12] = { 0, 0, 0x10, 8 };
	static const uint8_t more[] = { 0x15, 0x10, 0, 0, 13, 0 };
	static const uint8_t long_lba[16] = { 0, 0, 0, 0x10, 1, 0, 0, 8 };

	PAGES_SEND_OUT(&f, save, list);
	pages_assert_field(&f, 0x24, 1, 0);
	PAGES_SEND_OUT(&f, more, list);
	pages_assert_check(&f, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
	select_10(long_lba, sizeof long_lba);
	pages_assert_field(&f, 0x26, 4, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mode");
	TCase *t = tcase_create("mode");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, st_reads_header_and_descriptor);
	tcase_add_test(t, st_sets_block_length_density_and_buffering);
	tcase_add_test(t, st_changes_compression);
	tcase_add_test(t, ltfs_sets_the_programmable_early_warning);
	tcase_add_test(t, ltfs_switches_protection_and_compression_off);
	tcase_add_test(t, all_pages_for_qemu_and_tapeinfo);
	tcase_add_test(t, the_pages_as_bytes);
	tcase_add_test(t, medium_type_and_density_are_those_of_the_cartridge);
	tcase_add_test(t, a_medium_that_is_only_read_is_write_protected);
	tcase_add_test(t, lengths_are_the_sums_of_the_pages);
	tcase_add_test(t, allocation_lengths_cut_the_data);
	tcase_add_test(t, pages_that_are_not_there);
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
	tcase_add_test(t, fields_of_the_cdb);
	suite_add_tcase(s, t);
	return run_suite(s);
}
