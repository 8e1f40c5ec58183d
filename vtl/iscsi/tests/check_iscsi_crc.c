/* check_iscsi_crc.c: the checksum of digests, by tables and by instruction. */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/crc32c.h"
#include "vtl/iscsi/pdu.h"

/* RFC 7143, appendix A.4, and the check value of the CRC catalogues. */
static const struct vector {
	const char *name;
	uint8_t first, step;
	size_t bytes;
	uint32_t crc;
} vectors[] = {
	{ "32 zero bytes", 0, 0, 32, 0x8a9136aa },
	{ "32 bytes of ones", 0xff, 0, 32, 0x62a8ab43 },
	{ "00h to 1Fh", 0, 1, 32, 0x46dd794e },
	{ "1Fh to 00h", 31, 0xff, 32, 0x113fdb5c },
	{ "123456789", '1', 1, 9, 0xe3069283 },
	{ "nothing", 0, 0, 0, 0 },
};

START_TEST(known_values)
{
	const struct vector *v = &vectors[_i];
	uint8_t data[32];

	for (size_t i = 0; i < v->bytes; i++)
		data[i] = (uint8_t)(v->first + i * v->step);
	ck_assert_msg(crc32c(0, data, v->bytes) == v->crc, "%s", v->name);
	ck_assert_msg(crc32c_portable(0, data, v->bytes) == v->crc, "%s",
	    v->name);
}
END_TEST

/* Every split of a text, at every alignment, by both ways. */
START_TEST(a_checksum_can_be_continued)
{
	uint8_t room[80];

	for (size_t shift = 0; shift < 8; shift++) {
		uint8_t *data = room + shift;
		uint32_t whole;

		for (size_t i = 0; i < 64; i++)
			data[i] = (uint8_t)(37 * i + 11);
		whole = crc32c_portable(0, data, 64);
		for (size_t i = 0; i <= 64; i++) {
			ck_assert_uint_eq(whole,
			    crc32c(crc32c(0, data, i), data + i, 64 - i));
			ck_assert_uint_eq(whole,
			    crc32c_portable(crc32c_portable(0, data, i),
				data + i, 64 - i));
		}
	}
}
END_TEST

START_TEST(digests_are_on_the_wire_with_the_least_byte_first)
{
	static const uint8_t zeros[32], ones[3] = { 0xff, 0xff, 0xff };
	const uint8_t expected[4] = { 0xaa, 0x36, 0x91, 0x8a };
	struct iscsi_pdu pdu;
	uint8_t digest[4], padded[4], all[60];

	iscsi_pdu_data_digest(zeros, 32, NULL, digest);
	ck_assert_mem_eq(digest, expected, 4);
	/* The padding counts. */
	iscsi_pdu_data_digest(zeros, 29, zeros, digest);
	ck_assert_mem_eq(digest, expected, 4);
	iscsi_pdu_data_digest(zeros, 29, ones, padded);
	ck_assert_mem_ne(padded, expected, 4);

	iscsi_pdu_begin(&pdu, ISCSI_NOP_IN, 7);
	pdu.ahs_bytes = 12;
	memset(pdu.ahs, 'a', 12);
	memcpy(all, pdu.bhs, 48);
	memcpy(all + 48, pdu.ahs, 12);
	iscsi_pdu_header_digest(&pdu, digest);
	iscsi_pdu_data_digest(all, 60, NULL, padded);
	ck_assert_mem_eq(digest, padded, 4);
}
END_TEST

int main(void)
{
	const int rows = (int)(sizeof vectors / sizeof *vectors);
	Suite *s = suite_create("iscsi_crc");
	TCase *tc = tcase_create("crc");

	tcase_add_loop_test(tc, known_values, 0, rows);
	tcase_add_test(tc, a_checksum_can_be_continued);
	tcase_add_test(tc, digests_are_on_the_wire_with_the_least_byte_first);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
