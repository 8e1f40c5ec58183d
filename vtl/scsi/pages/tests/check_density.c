/* check_density.c: REPORT DENSITY SUPPORT, buffers, diagnostics, as bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/pages_fixture.h"
#include "vtl/tests/vtl_scratch.h"

enum { DENSITY_BYTES = 52, TYPE_BYTES = 56 };

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

static void report(uint8_t flags)
{
	const uint8_t cdb[] = { 0x44, flags, 0, 0, 0, 0, 0, 0x10, 0, 0 };

	PAGES_SEND(&f, cdb);
}

/* A drive writes LTO-7, M8 and LTO-8. */
START_TEST(densities_of_a_drive)
{
	static const char want[] =
	    "\0\x9e\0\0"
	    "\x5c\x5c\x80\0\0\0\x4a\xa3\0\x7f\x0e\0\0\x5b\x8d\x80"
	    "LTO-CVE U-732   Ultrium 7/32T       "
	    "\x5d\x5d\x80\0\0\0\0\0\0\x7f\0\0\0\x89\x54\x40"
	    "LTO-CVE M8      Ultrium M8/32T      "
	    "\x5e\x5e\xa0\0\0\0\x50\xbd\0\x7f\x1a\0\0\xb7\x1b\0"
	    "LTO-CVE U-832   Ultrium 8/32T       ";

	report(0);
	pages_assert_data(&f, want, sizeof want - 1);
}
END_TEST

START_TEST(a_density_that_is_only_read_is_not_writable)
{
	const uint8_t *d = f.in + 4;

	pages_free(&f);
	pages_make_drive(&f, "lto6");
	report(0);
	ck_assert_uint_eq(f.answer.in_bytes, 4 + 3 * DENSITY_BYTES);
	ck_assert_uint_eq(get_be16(f.in), 2 + 3 * DENSITY_BYTES);
	ck_assert_uint_eq(d[0], 0x46);
	ck_assert_uint_eq(d[2], 0);
	d += DENSITY_BYTES;
	ck_assert_uint_eq(d[0], 0x58);
	ck_assert_uint_eq(d[2], 0x80);
	d += DENSITY_BYTES;
	ck_assert_uint_eq(d[0], 0x5a);
	ck_assert_uint_eq(d[2], 0xa0);
}
END_TEST

START_TEST(the_density_of_the_medium)
{
	report(1);
	pages_assert_check(&f, SENSE_NOT_READY, 0x3a, 0);
	report(3);
	pages_assert_check(&f, SENSE_NOT_READY, 0x3a, 0);
	pages_load(&f, "TST001L7");
	report(1);
	ck_assert_uint_eq(f.answer.in_bytes, 4 + DENSITY_BYTES);
	ck_assert_uint_eq(get_be16(f.in), 2 + DENSITY_BYTES);
	ck_assert_uint_eq(f.in[4], 0x5c);
	ck_assert_uint_eq(get_be32(f.in + 4 + 12), 1000);
	report(3);
	ck_assert_uint_eq(f.answer.in_bytes, 4 + TYPE_BYTES);
	ck_assert_uint_eq(f.in[4], 0x78);
}
END_TEST

START_TEST(types_of_media)
{
	static const char first[] =
	    "\x78\0\0\x34\x01\x5c\0\0\0\0\0\0\0\0\0\x7f\x03\xc0\0\0"
	    "LTO-CVE LTO-7                       ";
	static const uint8_t types[] = { 0x78, 0x78, 0x88, 0x7c, 0x8c };

	report(2);
	ck_assert_uint_eq(f.answer.in_bytes, 4 + sizeof types * TYPE_BYTES);
	ck_assert_uint_eq(get_be16(f.in), 2 + sizeof types * TYPE_BYTES);
	ck_assert_mem_eq(f.in + 4, first, TYPE_BYTES);
	for (size_t i = 0; i < sizeof types; i++)
		ck_assert_uint_eq(f.in[4 + i * TYPE_BYTES], types[i]);
}
END_TEST

/* Densities ascend, as SSC-4 requires; one is the default. */
START_TEST(every_model_has_densities)
{
	for (const char *const *name = model_names(); *name != NULL; name++) {
		size_t n, defaults = 0;

		pages_free(&f);
		pages_make_drive(&f, *name);
		report(0);
		ck_assert_uint_eq(get_be16(f.in) + 2u, f.answer.in_bytes);
		ck_assert_uint_eq(f.answer.in_bytes % DENSITY_BYTES, 4);
		n = f.answer.in_bytes / DENSITY_BYTES;
		ck_assert_uint_gt(n, 0);
		for (size_t i = 0; i < n; i++) {
			const uint8_t *d = f.in + 4 + i * DENSITY_BYTES;

			ck_assert(i == 0 || d[0] > d[-DENSITY_BYTES]);
			defaults += d[2] >> 5 & 1;
		}
		ck_assert_uint_eq(defaults, 1);
		report(2);
		ck_assert_uint_eq(f.answer.in_bytes % TYPE_BYTES, 4);
		ck_assert_uint_gt(f.answer.in_bytes, 4);
	}
}
END_TEST

START_TEST(densities_are_cut)
{
	uint8_t cdb[10] = { 0x44 };

	for (uint8_t flags = 0; flags < 3; flags += 2) {
		cdb[1] = flags;
		pages_assert_allocations(&f, cdb, 10, 7, 2);
	}
}
END_TEST

/* LTFS reads the buffer after an error; without an answer it failed. */
START_TEST(the_buffer_is_empty)
{
	static const uint8_t descriptor[] = { 0x3c, 3, 1, 0, 0, 0, 0, 0, 4, 0 };
	static const uint8_t data[] = { 0x3c, 2, 1, 0, 0, 0, 8, 0, 0, 0 };
	static const uint8_t offset[] = { 0x3c, 2, 1, 0, 0, 1, 0, 0, 4, 0 };
	static const uint8_t put[] = { 0x3b, 2, 0, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t too_much[] = { 0x3b, 2, 0, 0, 0, 0, 0, 0, 4, 0 };
	static const uint8_t at[] = { 0x3b, 2, 0, 0, 1, 0, 0, 0, 0, 0 };
	static const uint8_t zeros[4];

	PAGES_SEND(&f, descriptor);
	PAGES_ASSERT_DATA(&f, zeros);
	PAGES_SEND(&f, data);
	pages_assert_data(&f, zeros, 0);
	PAGES_SEND(&f, offset);
	pages_assert_field(&f, 0x24, 3, -1);
	PAGES_SEND(&f, put);
	pages_assert_data(&f, zeros, 0);
	PAGES_SEND_OUT(&f, too_much, zeros);
	pages_assert_field(&f, 0x24, 6, -1);
	PAGES_SEND(&f, at);
	pages_assert_field(&f, 0x24, 3, -1);
	for (uint8_t mode = 0; mode < 32; mode++) {
		const uint8_t in[] = { 0x3c, mode, 0, 0, 0, 0, 0, 0, 4, 0 };
		const uint8_t out[] = { 0x3b, mode, 0, 0, 0, 0, 0, 0, 0, 0 };

		PAGES_SEND(&f, in);
		if (mode != 2 && mode != 3)
			pages_assert_field(&f, 0x24, 1, 4);
		PAGES_SEND(&f, out);
		if (mode != 2)
			pages_assert_field(&f, 0x24, 1, 4);
	}
	pages_assert_allocations(&f, descriptor, 10, 7, 2);
}
END_TEST

START_TEST(diagnostics)
{
	static const uint8_t self_test[] = { 0x1d, 0x04, 0, 0, 0, 0 };
	static const uint8_t empty[] = { 0x1d, 0x10, 0, 0, 0, 0 };
	/* LTFS asks IBM drives for a dump so. */
	static const uint8_t dump[] = { 0x1d, 0x10, 0, 0, 8, 0 };
	static const uint8_t page[8] = { 0x80, 0, 0, 4, 1, 0x60 };
	static const uint8_t list[] = { 0x1c, 1, 0, 0, 255, 0 };
	static const uint8_t other[] = { 0x1c, 1, 0x40, 0, 255, 0 };
	static const uint8_t last[] = { 0x1c, 0, 0, 0, 255, 0 };
	static const uint8_t pages[] = { 0, 0, 0, 1, 0 };

	PAGES_SEND(&f, self_test);
	pages_assert_data(&f, pages, 0);
	PAGES_SEND(&f, empty);
	pages_assert_data(&f, pages, 0);
	PAGES_SEND_OUT(&f, dump, page);
	pages_assert_field(&f, 0x24, 3, -1);
	PAGES_SEND(&f, list);
	PAGES_ASSERT_DATA(&f, pages);
	PAGES_SEND(&f, other);
	pages_assert_field(&f, 0x24, 2, -1);
	PAGES_SEND(&f, last);
	pages_assert_data(&f, pages, 0);
	pages_assert_allocations(&f, list, 6, 3, 2);
}
END_TEST

START_TEST(a_changer_has_no_densities)
{
	pages_free(&f);
	pages_make_changer(&f, NULL);
	report(0);
	pages_assert_check(&f, SENSE_ILLEGAL_REQUEST, 0x20, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("density");
	TCase *t = tcase_create("density");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, densities_of_a_drive);
	tcase_add_test(t, a_density_that_is_only_read_is_not_writable);
	tcase_add_test(t, the_density_of_the_medium);
	tcase_add_test(t, types_of_media);
	tcase_add_test(t, every_model_has_densities);
	tcase_add_test(t, densities_are_cut);
	tcase_add_test(t, the_buffer_is_empty);
	tcase_add_test(t, diagnostics);
	tcase_add_test(t, a_changer_has_no_densities);
	suite_add_tcase(s, t);
	return run_suite(s);
}
