/*
 * check_element_status.c: answers to READ ELEMENT STATUS, good, cut off and
 * hostile.
 */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/changer/element_status.h"
#include "splitter/tests/run_suite.h"

static struct inventory inventory;
static struct element_report report;
static char err[512];

static void tear_down(void)
{
	inventory_clear(&inventory);
}

/*
 * Converts text to bytes: hexadecimal numbers, and text in single quotes that
 * is filled up with blanks to 32 bytes.
 */
static size_t bytes_of(const char *text, uint8_t *bytes, size_t room)
{
	size_t n = 0;

	while (*text != '\0') {
		if (*text == ' ') {
			text++;
		} else if (*text == '\'') {
			size_t k = strcspn(++text, "'");

			ck_assert_uint_le(n + 32, room);
			memset(bytes + n, ' ', 32);
			memcpy(bytes + n, text, k);
			n += 32;
			text += k + 1;
		} else {
			ck_assert_uint_lt(n, room);
			bytes[n++] = (uint8_t)strtoul(text, NULL, 16);
			text += 2;
		}
	}
	return n;
}

/* Decodes exactly these bytes, so that a sanitizer finds an overrun. */
static int decode(enum element_kind kind, const char *text)
{
	uint8_t room[1024];
	size_t n = bytes_of(text, room, sizeof room);
	uint8_t *exact = malloc(n > 0 ? n : 1);
	int rc;

	memcpy(exact, room, n);
	rc = element_status_decode(exact, n, kind, &inventory, &report, err,
	    sizeof err);
	free(exact);
	return rc;
}

#define TAG_00    "00 00 00 00"
#define SLOT_1024 "04 00 09 00 00 00 00 00 00 01 00 00"

START_TEST(a_slot_with_a_tag)
{
	ck_assert_int_eq(decode(ELEMENT_SLOT,
			     "04 00 00 01 00 00 00 3c "
			     "02 80 00 34 00 00 00 34 " SLOT_1024
			     " 'A00001L8' " TAG_00 " 00 00 00 00"),
	    0);
	ck_assert_uint_eq(inventory.count, 1);
	ck_assert_uint_eq(inventory.elements[0].address, 1024);
	ck_assert(inventory.elements[0].full);
	ck_assert_uint_eq(inventory.elements[0].medium, MEDIUM_DATA);
	ck_assert(!inventory.elements[0].has_source);
	ck_assert_str_eq(inventory.elements[0].barcode, "A00001L8");
	ck_assert_uint_eq(report.total_bytes, 68);
	ck_assert_uint_eq(report.elements, 1);
	ck_assert_uint_eq(report.last, 1024);
}
END_TEST

/* Descriptors of 48 bytes: an old changer, without the identifier. */
START_TEST(a_short_descriptor_with_a_tag)
{
	ck_assert_int_eq(decode(ELEMENT_SLOT,
			     "04 00 00 01 00 00 00 38 "
			     "02 80 00 30 00 00 00 30 " SLOT_1024
			     " 'A00001L8' " TAG_00),
	    0);
	ck_assert_str_eq(inventory.elements[0].barcode, "A00001L8");
}
END_TEST

static const struct {
	const char *what, *barcode, *descriptor;
} tags[] = {
	{ "blanks before it", "A1", "'  A1'" },
	{ "zeros after it", "",
	    "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 "
	    "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00" },
	{ "32 characters", "01234567890123456789012345678901",
	    "'01234567890123456789012345678901'" },
	{ "a control character", "",
	    "41 07 20 20 20 20 20 20 20 20 20 20 20 20 20 20 "
	    "20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20" },
	{ "a zero in the middle", "",
	    "41 00 42 20 20 20 20 20 20 20 20 20 20 20 20 20 "
	    "20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20" },
	{ "a byte of no ASCII", "",
	    "c3 a4 20 20 20 20 20 20 20 20 20 20 20 20 20 20 "
	    "20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20" },
};

START_TEST(tags_are_barcodes_or_nothing)
{
	char text[512];

	snprintf(text, sizeof text,
	    "04 00 00 01 00 00 00 3c 02 80 00 34 00 00 00 34 " SLOT_1024
	    " %s " TAG_00 " 00 00 00 00",
	    tags[_i].descriptor);
	ck_assert_int_eq(decode(ELEMENT_SLOT, text), 0);
	ck_assert_msg(strcmp(inventory.elements[0].barcode, tags[_i].barcode) ==
		0,
	    "%s: \"%s\"", tags[_i].what, inventory.elements[0].barcode);
}
END_TEST

START_TEST(a_questionable_or_empty_element_has_no_barcode)
{
	ck_assert_int_eq(decode(ELEMENT_SLOT,
			     "04 00 00 02 00 00 00 70 "
			     "02 80 00 34 00 00 00 68 "
			     "04 00 0d 00 83 01 00 00 00 01 00 00 "
			     "'A00001L8' " TAG_00 " 00 00 00 00 "
			     "04 01 08 00 00 00 00 00 00 01 00 00 "
			     "'A00002L8' " TAG_00 " 00 00 00 00"),
	    0);
	ck_assert_uint_eq(inventory.count, 2);
	ck_assert(inventory.elements[0].exception);
	ck_assert_uint_eq(inventory.elements[0].asc, 0x83);
	ck_assert_str_eq(inventory.elements[0].barcode, "");
	ck_assert(!inventory.elements[1].full);
	ck_assert_str_eq(inventory.elements[1].barcode, "");
}
END_TEST

static const struct {
	const char *what, *serial, *page, *identifier;
} identifiers[] = {
	{ "vendor, product, serial: alone", "TL00000001", "04 00 00 32",
	    "02 01 00 22 'IBM     ULT3580-TD8     TL000000' 30 31" },
	{ "shorter than its length says", "TL000000", "04 00 00 30",
	    "02 01 00 ff 'IBM     ULT3580-TD8     TL000000'" },
	{ "the serial number alone", "TL00000001", "04 00 00 30",
	    "02 00 00 20 'TL00000001'" },
	{ "after two tags", "TL1", "04 c0 00 78",
	    "'A00001L8' " TAG_00 " 'B' " TAG_00 " 02 00 00 20 'TL1'" },
	{ "binary, of another length", "", "04 00 00 30",
	    "01 03 00 20 'TL00000001'" },
	{ "an NAA name", "naa.50050763121a2b3c", "04 00 00 18",
	    "01 03 00 08 50 05 07 63 12 1a 2b 3c" },
	{ "an NAA name of a port", "naa.50050763121a2b3c", "04 00 00 18",
	    "61 93 00 08 50 05 07 63 12 1a 2b 3c" },
	{ "an NAA name that is cut off", "", "04 00 00 18",
	    "01 03 00 10 50 05 07 63 12 1a 2b 3c" },
	{ "of another type", "", "04 00 00 30", "02 03 00 20 'TL00000001'" },
	{ "of no length", "", "04 00 00 30", "02 00 00 00 'TL00000001'" },
	{ "cut off after its header", "", "04 00 00 10", "02 00 00 20" },
	{ "cut off within its header", "", "04 00 00 0e", "02 00" },
	{ "tags longer than the descriptor", "", "04 c0 00 30",
	    "02 00 00 20 'TL00000001'" },
};

START_TEST(identifiers_of_drives)
{
	char text[512];
	size_t each;

	each = strtoul(identifiers[_i].page + 9, NULL, 16);
	snprintf(text, sizeof text,
	    "01 00 00 01 00 00 00 %02zx %s 00 00 00 %02zx "
	    "01 00 81 00 00 00 00 00 00 80 04 02 %s",
	    each + 8, identifiers[_i].page, each, identifiers[_i].identifier);
	ck_assert_msg(decode(ELEMENT_DRIVE, text) == 0, "%s", err);
	ck_assert_uint_eq(inventory.count, 1);
	ck_assert(inventory.elements[0].has_source);
	ck_assert_uint_eq(inventory.elements[0].source, 1026);
	ck_assert_msg(strcmp(inventory.elements[0].serial,
			  identifiers[_i].serial) == 0,
	    "%s: \"%s\"", identifiers[_i].what, inventory.elements[0].serial);
}
END_TEST

static const struct {
	const char *what, *bytes, *says;
} hostile[] = {
	{ "nothing", "", "less than its header" },
	{ "half a header", "04 00 00 01", "less than its header" },
	{ "another type of element",
	    "04 00 00 01 00 00 00 18 03 00 00 10 00 00 00 10 " SLOT_1024
	    " 00 00 00 00",
	    "elements of type 3, and was asked for type 2" },
	{ "no type",
	    "04 00 00 01 00 00 00 18 00 00 00 10 00 00 00 10 " SLOT_1024
	    " 00 00 00 00",
	    "elements of type 0" },
	{ "descriptors of no length",
	    "04 00 00 01 00 00 00 18 02 00 00 00 00 00 00 10 " SLOT_1024
	    " 00 00 00 00",
	    "descriptors of 0 bytes" },
	{ "descriptors without all fields",
	    "04 00 00 01 00 00 00 18 02 00 00 0b 00 00 00 10 " SLOT_1024
	    " 00 00 00 00",
	    "descriptors of 11 bytes" },
};

START_TEST(hostile_answers_are_errors)
{
	ck_assert_int_eq(decode(ELEMENT_SLOT, hostile[_i].bytes), -1);
	ck_assert_msg(strstr(err, hostile[_i].says) != NULL, "%s: %s",
	    hostile[_i].what, err);
}
END_TEST

static const struct {
	const char *what, *bytes;
	size_t elements;
} partial[] = {
	{ "a header", "04 00 00 01 00 00 00 18", 0 },
	{ "half a page header", "04 00 00 01 00 00 00 18 02 00 00", 0 },
	{ "an empty page", "04 00 00 00 00 00 00 08 02 00 00 10 00 00 00 00",
	    0 },
	{ "half a descriptor",
	    "04 00 00 02 00 00 00 28 02 00 00 10 00 00 00 20 " SLOT_1024
	    " 00 00 00 00 04 01 09",
	    1 },
	{ "a page longer than the answer",
	    "04 00 00 01 00 00 00 18 02 00 00 10 ff ff ff ff " SLOT_1024
	    " 00 00 00 00",
	    1 },
	{ "a descriptor longer than the answer",
	    "04 00 00 01 00 00 00 18 02 00 ff ff 00 00 ff ff " SLOT_1024
	    " 00 00 00 00",
	    0 },
	{ "bytes after the answer",
	    "04 00 00 01 00 00 00 18 02 00 00 10 00 00 00 10 " SLOT_1024
	    " 00 00 00 00 02 00 00 10 00 00 00 10 " SLOT_1024,
	    1 },
	{ "two pages",
	    "04 00 00 01 00 00 00 30 02 00 00 10 00 00 00 10 " SLOT_1024
	    " 00 00 00 00 02 00 00 10 00 00 00 10 " SLOT_1024 " 00 00 00 00",
	    2 },
	{ "a rest that is no descriptor",
	    "04 00 00 01 00 00 00 1b 02 00 00 10 00 00 00 13 " SLOT_1024
	    " 00 00 00 00 01 02 03",
	    1 },
};

START_TEST(whole_descriptors_of_a_partial_answer_are_taken)
{
	ck_assert_msg(decode(ELEMENT_SLOT, partial[_i].bytes) == 0, "%s", err);
	ck_assert_msg(inventory.count == partial[_i].elements, "%s: %zu",
	    partial[_i].what, inventory.count);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("element_status");
	TCase *tcase = tcase_create("element_status");

	tcase_add_checked_fixture(tcase, NULL, tear_down);
	tcase_add_test(tcase, a_slot_with_a_tag);
	tcase_add_test(tcase, a_short_descriptor_with_a_tag);
	tcase_add_loop_test(tcase, tags_are_barcodes_or_nothing, 0,
	    sizeof tags / sizeof tags[0]);
	tcase_add_test(tcase, a_questionable_or_empty_element_has_no_barcode);
	tcase_add_loop_test(tcase, identifiers_of_drives, 0,
	    sizeof identifiers / sizeof identifiers[0]);
	tcase_add_loop_test(tcase, hostile_answers_are_errors, 0,
	    sizeof hostile / sizeof hostile[0]);
	tcase_add_loop_test(tcase,
	    whole_descriptors_of_a_partial_answer_are_taken, 0,
	    sizeof partial / sizeof partial[0]);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
