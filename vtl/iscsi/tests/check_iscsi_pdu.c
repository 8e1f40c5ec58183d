/* check_iscsi_pdu.c: fields, lengths and phases of PDUs. */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/pdu.h"

/* A PDU has its fields at the places of RFC 7143, most significant byte first.
 */
START_TEST(fields_are_at_their_places)
{
	static const uint8_t expected[ISCSI_BHS_BYTES] = { 0x25, 0x83, 0, 0x02,
		0, 0x12, 0x34, 0x56, 0, 3, 0, 0, 0, 0, 0, 0, 0xa0, 0xa1, 0xa2,
		0xa3, 0xff, 0xff, 0xff, 0xff, 0xb0, 0xb1, 0xb2, 0xb3, 0xc0,
		0xc1, 0xc2, 0xc3, 0xd0, 0xd1, 0xd2, 0xd3, 0xe0, 0xe1, 0xe2,
		0xe3, 0xf0, 0xf1, 0xf2, 0xf3, 0x01, 0x02, 0x03, 0x04 };
	static const uint8_t lun[8] = { 0, 3 };
	static uint8_t data[0x123456];
	struct iscsi_pdu pdu;

	memset(&pdu, 0xee, sizeof pdu);
	iscsi_pdu_begin(&pdu, ISCSI_DATA_IN, 0xa0a1a2a3);
	pdu.bhs[1] |= ISCSI_STATUS | ISCSI_UNDERFLOW;
	pdu.bhs[3] = 0x02;
	iscsi_put_lun(&pdu, lun);
	iscsi_put(&pdu, ISCSI_AT_TTT, ISCSI_NO_TAG);
	iscsi_put(&pdu, ISCSI_AT_STAT_SN, 0xb0b1b2b3);
	iscsi_put(&pdu, ISCSI_AT_EXP_CMD_SN, 0xc0c1c2c3);
	iscsi_put(&pdu, ISCSI_AT_MAX_CMD_SN, 0xd0d1d2d3);
	iscsi_put(&pdu, ISCSI_AT_DATA_SN, 0xe0e1e2e3);
	iscsi_put(&pdu, ISCSI_AT_OFFSET, 0xf0f1f2f3);
	iscsi_put(&pdu, ISCSI_AT_RESIDUAL, 0x01020304);
	iscsi_pdu_set_data(&pdu, data, sizeof data);
	ck_assert_mem_eq(pdu.bhs, expected, sizeof expected);
	ck_assert_int_eq(iscsi_opcode(&pdu), ISCSI_DATA_IN);
	ck_assert(!iscsi_is_immediate(&pdu));
	ck_assert(iscsi_flag(&pdu, ISCSI_FINAL));
	ck_assert(!iscsi_flag(&pdu, ISCSI_OVERFLOW));
	ck_assert_mem_eq(iscsi_lun(&pdu), lun, 8);
	ck_assert_uint_eq(iscsi_get(&pdu, ISCSI_AT_OFFSET), 0xf0f1f2f3);
	ck_assert_uint_eq(iscsi_get16(&pdu, ISCSI_AT_TIME2RETAIN), 0xf2f3);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	ck_assert(iscsi_is_immediate(&pdu));
	ck_assert_int_eq(iscsi_opcode(&pdu), ISCSI_DATA_IN);
}
END_TEST

START_TEST(lengths_are_limited)
{
	struct iscsi_pdu pdu;

	memset(&pdu, 0, sizeof pdu);
	pdu.bhs[4] = 64;
	put_be24(pdu.bhs + 5, 8192);
	ck_assert_ptr_null(iscsi_pdu_measure(&pdu, 8192));
	ck_assert_uint_eq(pdu.ahs_bytes, 256);
	ck_assert_uint_eq(pdu.data_bytes, 8192);
	ck_assert_ptr_nonnull(strstr(iscsi_pdu_measure(&pdu, 8191),
	    "longer than negotiated"));
	pdu.bhs[4] = 65;
	ck_assert_ptr_nonnull(strstr(iscsi_pdu_measure(&pdu, 8192),
	    "additional header"));
	for (uint32_t bytes = 0; bytes < 9; bytes++)
		ck_assert_uint_eq((bytes + iscsi_padding(bytes)) % 4, 0);
	ck_assert_uint_eq(iscsi_padding(8), 0);
	ck_assert_uint_eq(iscsi_padding(9), 3);
	ck_assert_uint_eq(iscsi_padding(0xffffff), 1);
}
END_TEST

/* Additional headers: bytes, whether they are whole and extend a command. */
static const struct ahs {
	const char *name;
	uint32_t bytes;
	uint8_t ahs[16];
	bool whole, extended;
} ahses[] = {
	{ "none", 0, { 0 }, true, false },
	{ "extended CDB, 16 more bytes", 20, { 0, 17, 1 }, true, true },
	{ "bidirectional read length", 8, { 0, 5, 2 }, true, true },
	{ "unknown type", 8, { 0, 5, 5 }, true, false },
	{ "reserved bits of the type", 8, { 0, 5, 0xc2 }, true, true },
	{ "no data", 4, { 0, 0, 9 }, true, false },
	{ "two segments", 12, { 0, 1, 9, 0, 0, 5, 2 }, true, true },
	{ "longer than the PDU says", 8, { 0, 6, 1 }, false, false },
	{ "much longer", 8, { 0xff, 0xff, 1 }, false, false },
	{ "the second is too long", 8, { 0, 1, 9, 0, 0, 2, 2 }, false, false },
};

START_TEST(additional_headers_are_checked)
{
	const struct ahs *a = &ahses[_i];
	struct iscsi_pdu pdu = { .ahs_bytes = a->bytes };
	bool extended;

	memcpy(pdu.ahs, a->ahs, sizeof a->ahs);
	ck_assert_msg(iscsi_pdu_check_ahs(&pdu, &extended) == a->whole, "%s",
	    a->name);
	if (a->whole)
		ck_assert_msg(extended == a->extended, "%s", a->name);
}
END_TEST

/* RFC 1982: half of all numbers are before a number. */
START_TEST(sequence_numbers_wrap)
{
	ck_assert(iscsi_serial_before(1, 2));
	ck_assert(!iscsi_serial_before(2, 1));
	ck_assert(!iscsi_serial_before(2, 2));
	ck_assert(iscsi_serial_before(0xffffffff, 0));
	ck_assert(!iscsi_serial_before(0, 0xffffffff));
	ck_assert(iscsi_serial_before(0x80000000, 0xffffffff));
	ck_assert(iscsi_serial_before(5, 0x80000004));
	ck_assert(!iscsi_serial_before(5, 0x80000006));
}
END_TEST

START_TEST(each_phase_has_its_pdus)
{
	static const struct {
		const char *login, *discovery, *normal;
	} names = { "Login", "NOP-Out Text Logout",
		"NOP-Out SCSI Command Task Management Text Data-Out Logout "
		"SNACK" };
	const char *const of_phase[] = { names.login, names.discovery,
		names.normal };

	for (unsigned phase = 0; phase < 3; phase++) {
		size_t bytes = 0;

		for (unsigned code = 0; code < 64; code++) {
			const char *name =
			    iscsi_opcode_name((enum iscsi_opcode)code);

			if (!iscsi_pdu_allowed((enum iscsi_phase)phase,
				(enum iscsi_opcode)code))
				continue;
			ck_assert_msg(strstr(of_phase[phase], name) != NULL,
			    "%s in phase %u", name, phase);
			bytes += strlen(name) + 1;
		}
		ck_assert_uint_eq(bytes, strlen(of_phase[phase]) + 1);
	}
	ck_assert_str_eq(iscsi_opcode_name((enum iscsi_opcode)0x3f), "Reject");
	ck_assert_str_eq(iscsi_opcode_name((enum iscsi_opcode)0x1c),
	    "unknown PDU");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_pdu");
	TCase *tc = tcase_create("pdu");

	tcase_add_test(tc, fields_are_at_their_places);
	tcase_add_test(tc, lengths_are_limited);
	tcase_add_loop_test(tc, additional_headers_are_checked, 0,
	    (int)(sizeof ahses / sizeof *ahses));
	tcase_add_test(tc, sequence_numbers_wrap);
	tcase_add_test(tc, each_phase_has_its_pdus);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
