/*
 * check_element_status.c: the bytes of READ ELEMENT STATUS: every type of
 * element, every flag, ranges, allocation lengths.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "splitter/base/big_endian.h"
#include "vtl/scsi/smc/tests/smc_fixture.h"

static struct robot f;

static void set_up(void)
{
	robot_make(&f, NULL);
}

static void tear_down(void)
{
	robot_free(&f);
}

/* Texts of tags: 32 characters and the sequence number. */
#define BLANKS_24 "202020202020202020202020202020202020202020202020"
#define SEQUENCE  "00000000"
#define NO_TAG                                                         \
	"000000000000000000000000000000000000000000000000000000000000" \
	"000000000000"
#define A00001L8  "41303030 30314c38" BLANKS_24 SEQUENCE
#define A00002LY  "41303030 30324c59" BLANKS_24 SEQUENCE
#define A00003L8  "41303030 30334c38" BLANKS_24 SEQUENCE
#define A00004L8  "41303030 30344c38" BLANKS_24 SEQUENCE
#define CLN001CU  "434c4e30 30314355" BLANKS_24 SEQUENCE
#define BLANK_TAG "2020202020202020" BLANKS_24 SEQUENCE

/* Reports of the library of the fixture. */
static const struct {
	const char *cdb, *data;
} reports[] = {
	/* the robot */
	{ "b8 01 0000 ffff 00 000400 00 00",
	    "0001 0001 00 000018   01 00 0010 00 000010"
	    "0001 00 00 00 00 0000 00 00 0000 00000000" },
	/* slots, with tags: full, a cleaning cartridge, empty */
	{ "b8 12 0000 ffff 00 000400 00 00",
	    "0400 0003 00 0000a4   02 80 0034 00 00009c"
	    "0400 09 00 00 00 0000 00 01 0000" A00001L8 "00000000"
	    "0401 09 00 00 00 0000 00 02 0000" CLN001CU "00000000"
	    "0402 08 00 00 00 0000 00 00 0000" NO_TAG "00000000" },
	/* import/export slots: put there by a person, empty */
	{ "b8 13 0000 ffff 00 000400 00 00",
	    "0010 0002 00 000070   03 80 0034 00 000068"
	    "0010 3b 00 00 00 0000 00 01 0000" A00003L8 "00000000"
	    "0011 38 00 00 00 0000 00 00 0000" NO_TAG "00000000" },
	/* drives: loaded (WORM), empty, unloaded by its host */
	{ "b8 14 0000 ffff 00 000400 00 00",
	    "0100 0003 00 0000a4   04 80 0034 00 00009c"
	    "0100 01 00 00 00 0000 00 84 0402" A00002LY "00000000"
	    "0101 08 00 00 00 0000 00 00 0000" NO_TAG "00000000"
	    "0102 09 00 00 00 0000 00 01 0000" A00004L8 "00000000" },
	/* drives with identifiers of equal length, without tags */
	{ "b8 04 0000 ffff 01 000400 00 00",
	    "0100 0003 00 00009e   04 00 0032 00 000096"
	    "0100 01 00 00 00 0000 00 84 0402  02 01 00 22"
	    "49424d2020202020 554c54333538302d5444382020202020"
	    "544c3030303030303031"
	    "0101 08 00 00 00 0000 00 00 0000  02 01 00 22"
	    "4850452020202020 556c747269756d20382d534353492020"
	    "544c3220202020202020"
	    "0102 09 00 00 00 0000 00 01 0000  02 01 00 22"
	    "5155414e54554d20 554c545249554d2038204f4620313642"
	    "544c3030303030303033" },
	/* one drive, with a tag and an identifier */
	{ "b8 14 0100 0001 01 000400 00 00",
	    "0100 0001 00 00005e   04 80 0056 00 000056"
	    "0100 01 00 00 00 0000 00 84 0402" A00002LY "02 01 00 22"
	    "49424d2020202020 554c54333538302d5444382020202020"
	    "544c3030303030303031" },
	/* identifiers are those of drives only */
	{ "b8 02 0000 0001 01 000400 00 00",
	    "0400 0001 00 000018   02 00 0010 00 000010"
	    "0400 09 00 00 00 0000 00 01 0000 00000000" },
	/* all types: a page each, by address; the maximum is that of all */
	{ "b8 00 0000 0008 00 000400 00 00",
	    "0001 0008 00 0000a0"
	    "01 00 0010 00 000010"
	    "0001 00 00 00 00 0000 00 00 0000 00000000"
	    "03 00 0010 00 000020"
	    "0010 3b 00 00 00 0000 00 01 0000 00000000"
	    "0011 38 00 00 00 0000 00 00 0000 00000000"
	    "04 00 0010 00 000030"
	    "0100 01 00 00 00 0000 00 84 0402 00000000"
	    "0101 08 00 00 00 0000 00 00 0000 00000000"
	    "0102 09 00 00 00 0000 00 01 0000 00000000"
	    "02 00 0010 00 000020"
	    "0400 09 00 00 00 0000 00 01 0000 00000000"
	    "0401 09 00 00 00 0000 00 02 0000 00000000" },
	/* it begins with the first element from the starting address on */
	{ "b8 00 0102 0002 00 000400 00 00",
	    "0102 0002 00 000030"
	    "04 00 0010 00 000010"
	    "0102 09 00 00 00 0000 00 01 0000 00000000"
	    "02 00 0010 00 000010"
	    "0400 09 00 00 00 0000 00 01 0000 00000000" },
	{ "b8 02 0103 0001 00 000400 00 00",
	    "0400 0001 00 000018   02 00 0010 00 000010"
	    "0400 09 00 00 00 0000 00 01 0000 00000000" },
	/* a type that ends before the starting address: an empty report */
	{ "b8 04 0400 ffff 00 000400 00 00", "0000 0000 00 000000" },
	{ "b8 02 0000 0000 00 000400 00 00", "0000 0000 00 000000" },
	/* Linux ch and mtx write a LUN there; CURDATA changes nothing */
	{ "b8 f2 0402 0001 02 000400 00 00",
	    "0402 0001 00 00003c   02 80 0034 00 000034"
	    "0402 08 00 00 00 0000 00 00 0000" NO_TAG "00000000" },
};

START_TEST(the_report_is_that_of_the_standard)
{
	robot_run(&f, reports[_i].cdb);
	robot_good(&f);
	robot_data(&f, reports[_i].data);
	ck_assert_int_eq(f.answer.residual,
	    ROBOT_ROOM - (int64_t)f.answer.in_bytes);
}
END_TEST

/*
 * For each allocation length, the data are the headers and descriptors that fit
 * as a whole; the lengths in the headers stay.
 */
START_TEST(a_short_allocation_length_leaves_out_whole_descriptors)
{
	/* header, page 1: 1, page 3: 2, page 4: 3, page 2: 3 descriptors */
	static const struct {
		unsigned header, descriptors, each;
	} pages[] = { { 8, 1, 52 }, { 8, 2, 52 }, { 8, 3, 86 }, { 8, 3, 52 } };
	static uint8_t whole[ROBOT_ROOM];
	uint32_t total, at[32] = { 0 };
	size_t cuts = 0;
	char cdb[64];

	robot_run(&f, "b8 10 0000 ffff 01 001000 00 00");
	robot_good(&f);
	total = f.answer.in_bytes;
	memcpy(whole, f.in, total);
	ck_assert_uint_eq(get_be24(whole + 5) + 8, total);
	at[cuts++] = 8;
	for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
		at[cuts] = at[cuts - 1] + pages[i].header;
		cuts++;
		for (unsigned k = 0; k < pages[i].descriptors; k++, cuts++)
			at[cuts] = at[cuts - 1] + pages[i].each;
	}
	ck_assert_uint_eq(at[cuts - 1], total);
	for (uint32_t n = 0; n <= total + 1; n++) {
		uint32_t want = n < 8 ? n : 8;

		for (size_t i = 0; i < cuts; i++)
			if (at[i] <= n)
				want = at[i];
		snprintf(cdb, sizeof cdb, "b8 10 0000 ffff 01 %06x 00 00", n);
		robot_run(&f, cdb);
		robot_good(&f);
		ck_assert_uint_eq(f.answer.in_bytes, want);
		ck_assert_int_eq(memcmp(f.in, whole, want), 0);
		ck_assert_int_eq(f.answer.residual, ROBOT_ROOM - (int)want);
	}
}
END_TEST

START_TEST(an_initiator_that_expects_less_gets_less)
{
	for (uint32_t n = 0; n <= 40; n++) {
		robot_command(&f, 0, "b8 02 0400 0001 00 0000ff 00 00", n);
		robot_good(&f);
		ck_assert_uint_eq(f.answer.in_bytes, n < 32 ? n : 32);
		ck_assert_int_eq(f.answer.residual, (int)n - 32);
	}
}
END_TEST

static const struct {
	const char *cdb;
	uint8_t asc, ascq;
	unsigned byte; /* the field in error; 0: has no pointer */
	int bit;
} refused[] = {
	{ "b8 05 0000 ffff 00 000400 00 00", 0x24, 0, 1, 3 },
	{ "b8 0f 0000 ffff 00 000400 00 00", 0x24, 0, 1, 3 },
	/* beyond the last element */
	{ "b8 00 0403 ffff 00 000400 00 00", 0x21, 1, 0, 0 },
	{ "b8 02 0403 0001 00 000400 00 00", 0x21, 1, 0, 0 },
	{ "b8 04 ffff 0001 00 000400 00 00", 0x21, 1, 0, 0 },
	{ "b8 00 0000 ffff 00 000400 00 04", 0x24, 0, 11, 2 }, /* NACA */
};

START_TEST(an_invalid_field_is_refused)
{
	robot_run(&f, refused[_i].cdb);
	robot_fails(&f, 5, refused[_i].asc, refused[_i].ascq);
	ck_assert_int_eq(f.answer.decoded.has_field, refused[_i].byte != 0);
	if (refused[_i].byte == 0)
		return;
	ck_assert(f.answer.decoded.field_in_cdb);
	ck_assert_uint_eq(f.answer.decoded.field_byte, refused[_i].byte);
	ck_assert_int_eq(f.answer.decoded.field_bit, refused[_i].bit);
}
END_TEST

/* The conditions of single elements, in the descriptors with tags. */
START_TEST(what_is_wrong_with_an_element_is_reported)
{
	/* A barcode that cannot be read: full, without a name. */
	f.elements[6].unreadable = true;
	robot_run(&f, "b8 12 0400 0001 00 000400 00 00");
	robot_data(&f,
	    "0400 0001 00 00003c   02 80 0034 00 000034"
	    "0400 0d 00 83 01 0000 00 00 0000" BLANK_TAG "00000000");
	/* A cleaning cartridge in a drive. */
	strcpy(f.elements[5].barcode, "CLN001CU");
	f.elements[5].cleaning = true;
	f.drives[2].loaded = true;
	robot_run(&f, "b8 14 0102 0001 00 000400 00 00");
	robot_data(&f,
	    "0102 0001 00 00003c   04 80 0034 00 000034"
	    "0102 05 00 30 03 0000 00 02 0000" CLN001CU "00000000");
	/* A bay without a drive; its identifier is as long as the others. */
	f.drives[1].identity = NULL;
	robot_run(&f, "b8 04 0101 0001 01 000400 00 00");
	robot_data(&f,
	    "0101 0001 00 00003a   04 00 0032 00 000032"
	    "0101 04 00 83 04 0000 00 00 0000 00000000"
	    "0000000000000000 00000000000000000000000000000000"
	    "00000000000000000000");
	/* The robot brought this one from slot 3. */
	f.elements[1].source_address = 1026;
	robot_run(&f, "b8 03 0010 0001 00 000400 00 00");
	robot_data(&f,
	    "0010 0001 00 000018   03 00 0010 00 000010"
	    "0010 39 00 00 00 0000 00 81 0402 00000000");
	/* A drive is no storage element. */
	f.elements[1].source_address = 256;
	robot_run(&f, "b8 03 0010 0001 00 000400 00 00");
	robot_data(&f,
	    "0010 0001 00 000018   03 00 0010 00 000010"
	    "0010 39 00 00 00 0000 00 01 0000 00000000");
}
END_TEST

START_TEST(a_barcode_of_32_characters_fills_the_tag)
{
	memset(f.elements[6].barcode, 'Z', 32);
	robot_run(&f, "b8 12 0400 0001 00 000400 00 00");
	for (size_t i = 28; i < 60; i++)
		ck_assert_uint_eq(f.in[i], 'Z');
	ck_assert_uint_eq(get_be32(f.in + 60), 0);
}
END_TEST

/* Programs find the node of a drive by this text. */
START_TEST(the_identifier_is_the_designator_that_inquiry_reports)
{
	static const struct smc_options usual;

	for (unsigned i = 0; i < ROBOT_DRIVES; i++) {
		uint8_t identifier[34];
		struct robot drive;
		bool found = false;
		char cdb[64];
		size_t at;

		snprintf(cdb, sizeof cdb, "b8 04 %04x 0001 01 000400 00 00",
		    256 + i);
		robot_run(&f, cdb);
		memcpy(identifier, f.in + 32, sizeof identifier);
		/* INQUIRY has the same code for all devices. */
		memset(&drive, 0, sizeof drive);
		drive.smc = smc_new(&robot_library, &drive, &usual,
		    &robot_identities[i]);
		robot_run(&drive, "12 01 83 00ff 00");
		robot_good(&drive);
		for (at = 4; at < drive.answer.in_bytes && !found;
		     at += 4 + drive.in[at + 3])
			found = (drive.in[at] & 0xf) == 2 &&
			    (drive.in[at + 1] & 0x3f) == 1 &&
			    drive.in[at + 3] == sizeof identifier &&
			    memcmp(drive.in + at + 4, identifier,
				sizeof identifier) == 0;
		ck_assert(found);
		robot_run(&drive, "12 01 80 00ff 00");
		ck_assert_uint_eq(drive.in[3], 10);
		ck_assert_mem_eq(drive.in + 4, identifier + 24, 10);
		robot_free(&drive);
	}
}
END_TEST

/* A report that an STK L80 gave; ours has other addresses. */
START_TEST(an_stk_library_reports_its_drives_in_the_same_way)
{
	static const struct device_identity drives[] = {
		{ .type = 1,
		    .vendor = "STK",
		    .product = "T10000B",
		    .serial = "XYZZY_B1" },
		{ .type = 1,
		    .vendor = "STK",
		    .product = "T10000B",
		    .serial = "XYZZY_B2" },
	};

	f.elements[3] = f.elements[4];
	for (unsigned i = 0; i < 2; i++) {
		f.elements[3 + i].address = 500 + i;
		f.elements[3 + i].number = i;
		f.drives[i].identity = &drives[i];
		f.drives[i].loaded = false;
	}
	robot_run(&f, "b8 04 01f4 0002 01 000800 00 00");
	robot_data(&f,
	    "01 f4 00 02 00 00 00 6c  04 00 00 32 00 00 00 64"
	    "01 f4 08 00 00 00 00 00  00 00 00 00 02 01 00 22"
	    "53 54 4b 20 20 20 20 20  54 31 30 30 30 30 42 20"
	    "20 20 20 20 20 20 20 20  58 59 5a 5a 59 5f 42 31"
	    "20 20 01 f5 08 00 00 00  00 00 00 00 00 00 02 01"
	    "00 22 53 54 4b 20 20 20  20 20 54 31 30 30 30 30"
	    "42 20 20 20 20 20 20 20  20 20 58 59 5a 5a 59 5f"
	    "42 32 20 20");
}
END_TEST

START_TEST(an_ibm_3584_reports_only_identifiers_with_dvcid)
{
	static const struct smc_options ibm = { .identifiers_alone = true };

	tear_down();
	robot_make(&f, &ibm);
	f.drives[1].identity = NULL;
	robot_run(&f, "b8 04 0100 0002 01 000400 00 00");
	robot_data(&f,
	    "0100 0002 00 00006c   04 00 0032 00 000064"
	    "0100 04 00 81 00 0000 00 00 0000  02 01 00 22"
	    "49424d2020202020 554c54333538302d5444382020202020"
	    "544c3030303030303031"
	    "0101 04 00 82 00 0000 00 00 0000  00 00 00 00"
	    "0000000000000000 00000000000000000000000000000000"
	    "00000000000000000000");
	robot_run(&f, "b8 14 0100 0002 01 000400 00 00");
	robot_fails(&f, 5, 0x24, 0);
	robot_run(&f, "b8 00 0000 ffff 01 000400 00 00");
	robot_fails(&f, 5, 0x24, 0);
	/* Without DVCID it is as usual. */
	robot_run(&f, "b8 04 0102 0001 00 000400 00 00");
	robot_data(&f,
	    "0102 0001 00 000018   04 00 0010 00 000010"
	    "0102 09 00 00 00 0000 00 01 0000 00000000");
}
END_TEST

START_TEST(a_state_that_cannot_be_read_is_an_internal_failure)
{
	f.unreadable = true;
	robot_run(&f, "b8 00 0000 ffff 00 000400 00 00");
	robot_fails(&f, 4, 0x44, 0);
	robot_run(&f, "b8 00 0400 0000 00 000400 00 00");
	robot_fails(&f, 4, 0x44, 0);
	ck_assert(!smc_count_elements(f.smc));
}
END_TEST

START_TEST(a_library_without_import_export_slots_has_no_such_page)
{
	memmove(f.elements + 1, f.elements + 3,
	    (f.count - 3) * sizeof f.elements[0]);
	f.count -= 2;
	robot_run(&f, "b8 03 0000 ffff 00 000400 00 00");
	robot_good(&f);
	robot_data(&f, "0000 0000 00 000000");
	robot_run(&f, "b8 00 0000 0002 00 000400 00 00");
	robot_data(&f,
	    "0001 0002 00 000030"
	    "01 00 0010 00 000010"
	    "0001 00 00 00 00 0000 00 00 0000 00000000"
	    "04 00 0010 00 000010"
	    "0100 01 00 00 00 0000 00 84 0402 00000000");
}
END_TEST

enum { LARGEST = 60000 };

/* Lists a library of one robot and as many slots as possible. */
static enum changer_status list_largest(void *arg, unsigned first,
    unsigned last, size_t most, struct changer_element **elements,
    size_t *count)
{
	(void)arg;
	*elements = calloc(LARGEST + 1, sizeof **elements);
	*count = 0;
	for (unsigned i = 0; i <= LARGEST && *count < most; i++) {
		struct changer_element *e = &(*elements)[*count];

		e->address = i == 0 ? 1 : 1023 + i;
		if (e->address < first || e->address > last)
			continue;
		e->kind = i == 0 ? CHANGER_KIND_ROBOT : CHANGER_KIND_SLOT;
		e->full = i > 0;
		if (e->full)
			snprintf(e->barcode, sizeof e->barcode, "V%05uL8", i);
		(*count)++;
	}
	return CHANGER_OK;
}

START_TEST(the_largest_library_is_reported_whole)
{
	enum { BYTES = 8 + 8 + 52 + 8 + LARGEST * 52 };
	static const struct smc_library library = { .list = list_largest };
	static const struct smc_options usual;
	const struct device_identity identity = { .type = 8 };
	struct smc *smc = smc_new(&library, NULL, &usual, &identity);
	struct device_command command = {
		.cdb = { 0xb8, 0x10, 0, 0, 0xff, 0xff, 0, 0xff, 0xff, 0xff },
		.expected = DEVICE_DATA_MAX,
		.in_room = DEVICE_DATA_MAX,
	};
	uint8_t *in = command.in = malloc(DEVICE_DATA_MAX);
	struct device_answer answer;
	bool tags = true;
	char barcode[16];

	device_execute(smc_device(smc), &command, 0, &answer); /* 29/00 */
	device_execute(smc_device(smc), &command, 0, &answer);
	ck_assert_int_eq(answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(answer.in_bytes, BYTES);
	ck_assert_uint_eq(get_be16(in + 2), LARGEST + 1);
	ck_assert_uint_eq(get_be24(in + 5), BYTES - 8);
	ck_assert_uint_eq(get_be24(in + 8 + 8 + 52 + 5), LARGEST * 52);
	for (unsigned i = 1; i <= LARGEST; i++) {
		const uint8_t *at = in + BYTES - (LARGEST + 1 - i) * 52;

		snprintf(barcode, sizeof barcode, "V%05uL8 ", i);
		tags = tags && get_be16(at) == 1023 + i &&
		    memcmp(at + 12, barcode, 9) == 0;
	}
	ck_assert(tags);
	free(in);
	smc_free(smc);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("element_status");
	TCase *t = tcase_create("element_status");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_loop_test(t, the_report_is_that_of_the_standard, 0,
	    sizeof reports / sizeof reports[0]);
	tcase_add_test(t,
	    a_short_allocation_length_leaves_out_whole_descriptors);
	tcase_add_test(t, an_initiator_that_expects_less_gets_less);
	tcase_add_loop_test(t, an_invalid_field_is_refused, 0,
	    sizeof refused / sizeof refused[0]);
	tcase_add_test(t, what_is_wrong_with_an_element_is_reported);
	tcase_add_test(t, a_barcode_of_32_characters_fills_the_tag);
	tcase_add_test(t,
	    the_identifier_is_the_designator_that_inquiry_reports);
	tcase_add_test(t, an_stk_library_reports_its_drives_in_the_same_way);
	tcase_add_test(t, an_ibm_3584_reports_only_identifiers_with_dvcid);
	tcase_add_test(t, a_state_that_cannot_be_read_is_an_internal_failure);
	tcase_add_test(t,
	    a_library_without_import_export_slots_has_no_such_page);
	tcase_add_test(t, the_largest_library_is_reported_whole);
	return run_suite(s);
}
