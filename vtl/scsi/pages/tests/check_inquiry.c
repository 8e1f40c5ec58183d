/* check_inquiry.c: INQUIRY and its pages, as bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/pages_fixture.h"

static struct pages_fixture f;

static void tear_down(void)
{
	pages_free(&f);
}

static void drive(void)
{
	pages_make_drive(&f, "lto8");
}

static void changer(void)
{
	pages_make_changer(&f, "IBM 03584L32");
}

static const uint8_t standard[] = { 0x12, 0, 0, 0x01, 0, 0 };

static void inquire_page(uint8_t page)
{
	const uint8_t cdb[] = { 0x12, 1, page, 0x10, 0, 0 };

	PAGES_SEND(&f, cdb);
}

START_TEST(standard_data_of_a_drive)
{
	uint8_t want[96] = { 0x01, 0x80, 0x06, 0x12, 91, 0, 0, 0x02 };

	memcpy(want + 8, "IBM     ULTRIUM-TD8     TL01", 28);
	memcpy(want + 58, "\x00\xa0\x09\x60\x04\x60\x05\x20", 8);
	PAGES_SEND(&f, standard);
	PAGES_ASSERT_DATA(&f, want);
}
END_TEST

START_TEST(standard_data_of_a_changer)
{
	uint8_t want[96] = { 0x08, 0x80, 0x06, 0x12, 91, 0, 0x20, 0x02 };

	memcpy(want + 8, "IBM     03584L32        TL01", 28);
	want[55] = 1;
	memcpy(want + 58, "\x00\xa0\x09\x60\x04\x60\x04\x80", 8);
	PAGES_SEND(&f, standard);
	PAGES_ASSERT_DATA(&f, want);
}
END_TEST

/* Linux asks for 36 bytes, then for byte 4 and 5 more. */
START_TEST(the_scan_of_linux_gets_all_of_the_standard_data)
{
	uint8_t cdb[] = { 0x12, 0, 0, 0, 36, 0 };

	pages_send_as(&f, 0, cdb, sizeof cdb, NULL, 36);
	ck_assert_uint_eq(f.answer.in_bytes, 36);
	ck_assert_int_eq(f.answer.residual, 0);
	cdb[4] = f.in[4] + 5;
	pages_send_as(&f, 0, cdb, sizeof cdb, NULL, cdb[4]);
	ck_assert_uint_eq(f.answer.in_bytes, 96);
	ck_assert_int_eq(f.answer.residual, 0);
}
END_TEST

START_TEST(standard_data_has_no_page)
{
	const uint8_t page[] = { 0x12, 0, 0x80, 0, 255, 0 };
	const uint8_t cmddt[] = { 0x12, 2, 0, 0, 255, 0 };

	PAGES_SEND(&f, page);
	pages_assert_field(&f, 0x24, 2, -1);
	PAGES_SEND(&f, cmddt);
	pages_assert_field(&f, 0x24, 1, 1);
}
END_TEST

/* Linux ch and mtx write the LUN into bits 7 to 5 of byte 1. */
START_TEST(a_lun_in_the_cdb_is_ignored)
{
	const uint8_t cdb[] = { 0x12, 0xe0, 0, 0, 36, 0 };

	PAGES_SEND(&f, cdb);
	ck_assert_uint_eq(f.answer.in_bytes, 36);
}
END_TEST

START_TEST(unit_attentions_stay)
{
	device_establish(f.device, SCSI_MEDIUM_CHANGED, SCSI_EVERY_NEXUS);
	PAGES_SEND(&f, standard);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	inquire_page(0x80);
	ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
	ck_assert_ptr_nonnull(scsi_attention_take(f.unit != NULL
		? scsi_get_nexuses(f.unit)
		: &f.nexuses,
	    0));
}
END_TEST

START_TEST(pages_of_a_drive)
{
	static const uint8_t list[] = { 1, 0, 0, 9, 0x00, 0x80, 0x83, 0x86,
		0xb0, 0xb1, 0xb2, 0xb3, 0xb4 };
	static const uint8_t serial[] = "\x01\x80\0\x0aTL00000042";
	static const uint8_t manufacturer[] = "\x01\xb1\0\x0aTL00000042";
	static const uint8_t extended[64] = { 1, 0x86, 0, 60, 0, 0x07 };
	static const uint8_t capabilities[] = { 1, 0xb0, 0, 2, 1, 0 };
	/* flags 3-7, 9, 20, 30, 36, 38 */
	static const uint8_t alerts[] = { 1, 0xb2, 0, 8, 0x3e, 0x80, 0x30, 0x04,
		0x14, 0, 0, 0 };
	static const uint8_t automation[] = "\x01\xb3\0\x0aTL00000001";
	static const uint8_t element[] = { 1, 0xb4, 0, 4, 0, 0, 1, 0 };

	inquire_page(0x00);
	PAGES_ASSERT_DATA(&f, list);
	inquire_page(0x80);
	pages_assert_data(&f, serial, sizeof serial - 1);
	inquire_page(0x86);
	PAGES_ASSERT_DATA(&f, extended);
	inquire_page(0xb0);
	PAGES_ASSERT_DATA(&f, capabilities);
	inquire_page(0xb1);
	pages_assert_data(&f, manufacturer, sizeof manufacturer - 1);
	inquire_page(0xb2);
	PAGES_ASSERT_DATA(&f, alerts);
	inquire_page(0xb3);
	pages_assert_data(&f, automation, sizeof automation - 1);
	inquire_page(0xb4);
	PAGES_ASSERT_DATA(&f, element);
}
END_TEST

/* Checks the designators that drive and changer have in common. */
static void assert_designators(const char *t10, uint8_t naa_end)
{
	static const uint8_t naa[] = { 0x01, 0x03, 0, 8, 0x31, 2, 3, 4, 5, 6,
		7 };
	static const uint8_t vendor[] = "\x02\0\0\x07tapelab";
	static const uint8_t port[] = { 0x01, 0x14, 0, 4, 0, 0, 0, 1 };
	static const uint8_t name[] =
	    "\x53\x98\0\x28" PAGES_TARGET ",t,0x0001\0\0\0\0";
	const uint8_t *at = f.in + 4;

	inquire_page(0x83);
	ck_assert_uint_eq(f.answer.in_bytes, get_be16(f.in + 2) + 4u);
	ck_assert_mem_eq(at, "\x02\x01\0\x22", 4);
	ck_assert_mem_eq(at + 4, t10, 34);
	at += 38;
	ck_assert_mem_eq(at, naa, sizeof naa);
	ck_assert_uint_eq(at[11], naa_end);
	at += 12;
	ck_assert_mem_eq(at, vendor, sizeof vendor - 1);
	at += sizeof vendor - 1;
	ck_assert_mem_eq(at, port, sizeof port);
	at += sizeof port;
	ck_assert_mem_eq(at, name, sizeof name - 1);
	at += sizeof name - 1;
	ck_assert_ptr_eq(at, f.in + f.answer.in_bytes);
}

START_TEST(designators_of_a_drive)
{
	assert_designators("IBM     ULTRIUM-TD8     TL00000042", 8);
}
END_TEST

START_TEST(pages_of_a_changer)
{
	static const uint8_t list[] = { 8, 0, 0, 4, 0x00, 0x80, 0x83, 0x86 };
	static const uint8_t serial[] = "\x08\x80\0\x0aTL00000001";

	inquire_page(0x00);
	PAGES_ASSERT_DATA(&f, list);
	inquire_page(0x80);
	pages_assert_data(&f, serial, sizeof serial - 1);
	assert_designators("IBM     03584L32        TL00000001", 9);
}
END_TEST

/* The name of a port has at least one NUL, and a length that 4 divides. */
START_TEST(port_names_of_any_length)
{
	for (size_t n = 1; n < DEVICE_NAME_BYTES; n++) {
		struct device_port port = { .initiator = "iqn.a" };
		const uint8_t *at = f.in + 4;

		memset(port.target, 'x', n);
		device_nexus_open(f.device, 0, &port);
		inquire_page(0x83);
		while (at[1] != 0x98)
			at += 4 + at[3];
		ck_assert_uint_eq(at[3] % 4, 0);
		ck_assert_uint_ge(at[3], n + 10);
		ck_assert_uint_lt(at[3], n + 14);
		ck_assert_mem_eq(at + 4, port.target, n);
		ck_assert_str_eq((const char *)at + 4 + n, ",t,0x0001");
		ck_assert_ptr_eq(at + 4 + at[3], f.in + f.answer.in_bytes);
	}
}
END_TEST

/* A drive that is in no library has no pages of its library. */
START_TEST(a_drive_without_a_changer_has_no_pages_about_one)
{
	static const uint8_t list[] = { 1, 0, 0, 7, 0x00, 0x80, 0x83, 0x86,
		0xb0, 0xb1, 0xb2 };

	((struct device_identity *)device_identity(f.device))
	    ->changer_serial[0] = '\0';
	inquire_page(0x00);
	PAGES_ASSERT_DATA(&f, list);
	inquire_page(0xb3);
	pages_assert_field(&f, 0x24, 2, -1);
}
END_TEST

/* mhvtl gave pages that its list did not name. */
START_TEST(exactly_the_listed_pages_answer)
{
	bool listed[256] = { false };

	inquire_page(0x00);
	for (unsigned i = 0; i < f.in[3]; i++) {
		listed[f.in[4 + i]] = true;
		if (i > 0)
			ck_assert_uint_gt(f.in[4 + i], f.in[3 + i]);
	}
	for (unsigned page = 0; page < 256; page++) {
		inquire_page((uint8_t)page);
		if (!listed[page]) {
			pages_assert_field(&f, 0x24, 2, -1);
			continue;
		}
		ck_assert_uint_eq(f.answer.status, DEVICE_GOOD);
		ck_assert_uint_eq(f.in[1], page);
		ck_assert_uint_eq(get_be16(f.in + 2) + 4u, f.answer.in_bytes);
	}
}
END_TEST

START_TEST(allocation_lengths_cut_the_data)
{
	uint8_t cdb[6] = { 0x12 };

	ck_assert_uint_eq(pages_assert_allocations(&f, cdb, 6, 3, 2), 96);
	cdb[1] = 1;
	for (unsigned page = 0; page < 256; page++) {
		inquire_page((uint8_t)page);
		cdb[2] = (uint8_t)page;
		if (f.answer.status == DEVICE_GOOD)
			pages_assert_allocations(&f, cdb, 6, 3, 2);
	}
}
END_TEST

/* A drive of the first generations has no write-once media. */
START_TEST(not_every_drive_writes_write_once_media)
{
	pages_free(&f);
	pages_make_drive(&f, "lto2-ibm");
	inquire_page(0xb0);
	ck_assert_uint_eq(f.in[4], 0);
}
END_TEST

static void add_common(TCase *t)
{
	tcase_add_test(t, the_scan_of_linux_gets_all_of_the_standard_data);
	tcase_add_test(t, standard_data_has_no_page);
	tcase_add_test(t, a_lun_in_the_cdb_is_ignored);
	tcase_add_test(t, unit_attentions_stay);
	tcase_add_test(t, port_names_of_any_length);
	tcase_add_test(t, exactly_the_listed_pages_answer);
	tcase_add_test(t, allocation_lengths_cut_the_data);
}

int main(void)
{
	Suite *s = suite_create("inquiry");
	TCase *d = tcase_create("drive");
	TCase *c = tcase_create("changer");

	tcase_add_checked_fixture(d, drive, tear_down);
	add_common(d);
	tcase_add_test(d, standard_data_of_a_drive);
	tcase_add_test(d, pages_of_a_drive);
	tcase_add_test(d, designators_of_a_drive);
	tcase_add_test(d, a_drive_without_a_changer_has_no_pages_about_one);
	tcase_add_test(d, not_every_drive_writes_write_once_media);
	suite_add_tcase(s, d);
	tcase_add_checked_fixture(c, changer, tear_down);
	add_common(c);
	tcase_add_test(c, standard_data_of_a_changer);
	tcase_add_test(c, pages_of_a_changer);
	suite_add_tcase(s, c);
	return run_suite(s);
}
