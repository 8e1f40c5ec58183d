/* check_mode_changer.c: the modes of a changer, as bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/pages_fixture.h"

static struct pages_fixture f;

static void set_up(void)
{
	pages_make_changer(&f, "STK L700");
}

static void tear_down(void)
{
	pages_free(&f);
}

static void sense(unsigned control, uint8_t page)
{
	const uint8_t cdb[] = { 0x1a, 0x08, (uint8_t)(control << 6 | page), 0,
		255, 0 };

	PAGES_SEND(&f, cdb);
}

/* ch and mtx learn the addresses of all elements from it. */
START_TEST(element_addresses)
{
	static const uint8_t cdb[] = { 0x1a, 0, 0x1d, 0, 24, 0 };
	static const uint8_t want[] = { 23, 0, 0, 0, 0x1d, 18, 0, 1, 0, 1, 4, 0,
		0, 40, 0, 16, 0, 4, 1, 0, 0, 2, 0, 0 };
	/* ch writes the LUN into byte 1. */
	static const uint8_t ch[] = { 0x1a, 0x20, 0x1d, 0, 255, 0 };

	PAGES_SEND(&f, cdb);
	PAGES_ASSERT_DATA(&f, want);
	PAGES_SEND(&f, ch);
	PAGES_ASSERT_DATA(&f, want);
}
END_TEST

/* iscsi-test-cu requires it of every device. */
START_TEST(the_control_page)
{
	static const uint8_t want[16] = { 15, 0, 0, 0, 0x0a, 10 };

	for (unsigned control = 0; control < 3; control++) {
		sense(control, 0x0a);
		PAGES_ASSERT_DATA(&f, want);
	}
}
END_TEST

START_TEST(geometry_and_capabilities)
{
	static const uint8_t geometry[] = { 7, 0, 0, 0, 0x1e, 2, 0, 0 };
	uint8_t can[24] = { 23, 0, 0, 0, 0x1f, 18, 0x0e, 0, 0, 0x0e, 0x0e,
		0x0e };

	sense(0, 0x1e);
	PAGES_ASSERT_DATA(&f, geometry);
	sense(0, 0x1f);
	PAGES_ASSERT_DATA(&f, can);
	f.changer.exchanges = true;
	memset(can + 4 + 13, 0x0e, 3);
	sense(2, 0x1f);
	PAGES_ASSERT_DATA(&f, can);
}
END_TEST

START_TEST(nothing_can_be_changed)
{
	static const uint8_t addresses[24] = { 23, 0, 0, 0, 0x1d, 18 };
	uint8_t list[64];
	const uint8_t cdb[] = { 0x15, 0x10, 0, 0, 52, 0 };

	sense(1, 0x1d);
	PAGES_ASSERT_DATA(&f, addresses);
	sense(3, 0x1d);
	pages_assert_check(&f, SENSE_ILLEGAL_REQUEST, 0x39, 0);
	sense(0, 0x3f);
	ck_assert_uint_eq(f.answer.in_bytes, 4 + 12 + 20 + 4 + 20);
	ck_assert_uint_eq(f.in[0], 59);
	memcpy(list, f.in, 60);
	list[0] = 0;
	pages_send_as(&f, 0, (const uint8_t[]){ 0x15, 0x10, 0, 0, 60, 0 }, 6,
	    list, 60);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	list[4 + 12 + 20 + 2] = 1; /* ROTATE */
	pages_send_as(&f, 0, (const uint8_t[]){ 0x15, 0x10, 0, 0, 60, 0 }, 6,
	    list, 60);
	pages_assert_field(&f, 0x26, 38, 0);
	/* no block descriptor */
	memset(list, 0, sizeof list);
	list[3] = 8;
	pages_send_as(&f, 0, cdb, sizeof cdb, list, 52);
	pages_assert_field(&f, 0x26, 3, -1);
	sense(0, 0x0f);
	pages_assert_field(&f, 0x24, 2, 5);
}
END_TEST

START_TEST(allocation_lengths_cut_the_data)
{
	const uint8_t six[] = { 0x1a, 0, 0x3f, 0xff, 0, 0 };
	const uint8_t ten[] = { 0x5a, 0, 0x3f, 0, 0, 0, 0, 0, 0, 0 };

	ck_assert_uint_eq(pages_assert_allocations(&f, six, 6, 4, 1), 60);
	ck_assert_uint_eq(pages_assert_allocations(&f, ten, 10, 7, 2), 64);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mode_changer");
	TCase *t = tcase_create("mode_changer");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, element_addresses);
	tcase_add_test(t, the_control_page);
	tcase_add_test(t, geometry_and_capabilities);
	tcase_add_test(t, nothing_can_be_changed);
	tcase_add_test(t, allocation_lengths_cut_the_data);
	suite_add_tcase(s, t);
	return run_suite(s);
}
