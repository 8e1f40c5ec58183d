/*
 * check_mode_partition.c: the medium partition page, as bytes, and what depends
 * on partitions in other pages.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/pages_fixture.h"
#include "vtl/tests/vtl_scratch.h"

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

static void sense(unsigned control, unsigned page, unsigned subpage)
{
	const uint8_t cdb[] = { 0x1a, 0x08, (uint8_t)(control << 6 | page),
		(uint8_t)subpage, 255, 0 };

	PAGES_SEND(&f, cdb);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
}

/* Sends a page without block descriptor. */
static void select_page(const uint8_t *page, size_t bytes)
{
	const uint8_t cdb[] = { 0x15, 0x10, 0, 0, (uint8_t)(4 + bytes), 0 };
	uint8_t list[64] = { 0, 0, 0x10, 0 };

	memcpy(list + 4, page, bytes);
	pages_send_as(&f, 0, cdb, sizeof cdb, list, (uint32_t)(4 + bytes));
}

static void format(void)
{
	struct scsi_result result;

	scsi_format(f.unit, SCSI_FORMAT_PARTITION, f.now_ns, &result);
	ck_assert(!result.check);
	f.now_ns = result.done_ns;
}

START_TEST(the_page_of_each_kind_of_medium)
{
	sense(0, 0x11, 0);
	ck_assert_uint_eq(f.answer.in_bytes, 4 + 16);
	ck_assert_mem_eq(f.in + 4, "\x11\x0e\x03\0\x1c\x03\x09\0\xff\xff", 10);
	pages_load(&f, "TST001L8");
	sense(0, 0x11, 0);
	ck_assert_uint_eq(f.answer.in_bytes, 4 + 16);
	/* one partition of 10^9 bytes, in units of 10^5 */
	ck_assert_mem_eq(f.in + 4,
	    "\x11\x0e\x03\0\x1c\x03\x05\0\x27\x10\0\0\0\0\0\0", 16);
	sense(1, 0x11, 0);
	ck_assert_mem_eq(f.in + 4,
	    "\x11\x0e\0\xff\xf8\0\x0f\0\xff\xff\xff\xff\xff\xff\xff\xff", 16);
	sense(2, 0x11, 0);
	ck_assert_mem_eq(f.in + 4, "\x11\x0e\x03\0\x1c\x03\x09\0\xff\xff", 10);
	pages_free(&f);
	pages_make_drive(&f, "lto5-ibm");
	sense(0, 0x11, 0);
	ck_assert_mem_eq(f.in + 4, "\x11\x0a\x01\0\x1c\x03\x09\0\xff\xff\0\0",
	    12);
	pages_load(&f, "TST001LV");
	sense(0, 0x11, 0);
	ck_assert_uint_eq(f.answer.in_bytes, 4 + 10);
	ck_assert_mem_eq(f.in + 4, "\x11\x08\0\0", 4);
}
END_TEST

/*
 * mkltfs reads 28 bytes, takes the length of its list from the page, and
 * expects that 1 GB for the index partition is rounded.
 */
START_TEST(mkltfs_makes_two_partitions)
{
	static const uint8_t read[] = { 0x5a, 0, 0x11, 0, 0, 0, 0, 0, 28, 0 };
	static const uint8_t write[] = { 0x55, 0x10, 0, 0, 0, 0, 0, 0, 32, 0 };
	uint8_t list[32] = { 0 };

	pages_load(&f, "TST001L8");
	PAGES_SEND(&f, read);
	ck_assert_uint_eq(f.answer.in_bytes, 28);
	memcpy(list, f.in, 28);
	ck_assert_uint_eq(28 + list[17] - 0x0a, sizeof list);
	list[0] = list[1] = 0;
	list[19] = 1;
	list[20] = 0x20 | (list[20] & 0x1f);
	list[22] = 9;
	list[24] = 0;
	list[25] = 1;
	list[26] = list[27] = 0xff;
	PAGES_SEND_OUT(&f, write, list);
	pages_assert_check(&f, SENSE_RECOVERED, 0x37, 0);
	sense(0, 0x11, 0);
	ck_assert_mem_eq(f.in + 4,
	    "\x11\x0e\x03\x01\x3c\x03\x09\0\0\x01\xff\xff\0\0\0\0", 16);
	ck_assert_uint_eq(volume_partitions(f.volume), 1);
	format();
	ck_assert_uint_eq(volume_partitions(f.volume), 2);
	sense(0, 0x11, 0);
	ck_assert_uint_eq(f.in[4 + 3], 1);
	ck_assert_uint_eq(f.in[4 + 4], 0x3c);
	/* Given back as it is, it changes nothing. */
	memcpy(list + 16, f.in + 4, 16);
	PAGES_SEND_OUT(&f, write, list);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
}
END_TEST

/* st: IDP, units of megabytes, one additional partition. */
START_TEST(st_makes_two_partitions)
{
	static const uint8_t page[] = { 0x11, 14, 3, 1, 0x34, 3, 0, 0, 0, 100,
		0xff, 0xff, 0, 0, 0, 0 };

	pages_load(&f, "TST001L8");
	select_page(page, sizeof page);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(scsi_attention_take(scsi_get_nexuses(f.unit), 1)->asc,
	    0x2a);
	format();
	ck_assert_uint_eq(volume_partitions(f.volume), 2);
	ck_assert_uint_eq(volume_get_partition(f.volume, 0)->capacity_bytes,
	    100 << 20);
}
END_TEST

/* A page may end before its sizes: they are for the partitions there are. */
START_TEST(a_page_without_sizes)
{
	static const uint8_t page[] = { 0x11, 6, 3, 1, 0x9c, 3, 5, 0 };

	pages_load(&f, "TST001L8");
	select_page(page, sizeof page);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	format();
	ck_assert_uint_eq(volume_partitions(f.volume), 2);
	select_page(page, sizeof page - 1);
	pages_assert_check(&f, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
}
END_TEST

START_TEST(invalid_partitions_change_nothing)
{
	static const struct {
		uint8_t page[16];
		unsigned byte;
		int bit;
	} wrong[] = {
		/* another maximum; too many */
		{ { 0x11, 14, 2, 0, 0x1c, 3, 5, 0, 0x27, 0x10 }, 2, 0 },
		{ { 0x11, 14, 3, 4, 0x9c, 3, 5, 0, 0x27, 0x10 }, 3, -1 },
		/* FDP and SDP; POFM; format recognition */
		{ { 0x11, 14, 3, 1, 0xdc, 3, 5, 0, 0x27, 0x10 }, 4, -1 },
		{ { 0x11, 14, 3, 0, 0x18, 3, 5, 0, 0x27, 0x10 }, 4, 2 },
		{ { 0x11, 14, 3, 0, 0x1c, 0, 5, 0, 0x27, 0x10 }, 5, 1 },
		/* two sizes are the rest */
		{ { 0x11, 14, 3, 1, 0x3c, 3, 9, 0, 0xff, 0xff, 0xff, 0xff }, 8,
		    -1 },
	};
	uint8_t before[20];

	pages_load(&f, "TST001L8");
	sense(0, 0x11, 0);
	memcpy(before, f.in, sizeof before);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		select_page(wrong[i].page, 16);
		pages_assert_field(&f, 0x26, 4 + wrong[i].byte, wrong[i].bit);
		sense(0, 0x11, 0);
		PAGES_ASSERT_DATA(&f, before);
	}
}
END_TEST

START_TEST(page_10h_has_the_active_partition)
{
	static const uint8_t page[] = { 0x11, 6, 3, 1, 0x9c, 3, 5, 0 };
	struct scsi_result result;

	pages_load(&f, "TST001L8");
	select_page(page, sizeof page);
	format();
	sense(0, 0x10, 0);
	ck_assert_uint_eq(f.in[4 + 3], 0);
	scsi_locate(f.unit, 1, SCSI_LOCATE_OBJECT, 0, f.now_ns, &result);
	ck_assert(!result.check);
	f.now_ns = result.done_ns;
	sense(0, 0x10, 0);
	ck_assert_uint_eq(f.in[4 + 3], 1);
}
END_TEST

START_TEST(append_only_mode)
{
	uint8_t page[32] = { 0x50, 0x01, 0, 28, 0, 0x12 };

	select_page(page, sizeof page);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	ck_assert(drive_get_options(scsi_drive(f.unit))->append_only);
	sense(0, 0x10, 0x01);
	ck_assert_mem_eq(f.in + 4, page, sizeof page);
	page[5] = 0x22;
	select_page(page, sizeof page);
	pages_assert_field(&f, 0x26, 4 + 5, -1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mode_partition");
	TCase *t = tcase_create("mode_partition");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, the_page_of_each_kind_of_medium);
	tcase_add_test(t, mkltfs_makes_two_partitions);
	tcase_add_test(t, st_makes_two_partitions);
	tcase_add_test(t, a_page_without_sizes);
	tcase_add_test(t, invalid_partitions_change_nothing);
	tcase_add_test(t, page_10h_has_the_active_partition);
	tcase_add_test(t, append_only_mode);
	suite_add_tcase(s, t);
	return run_suite(s);
}
