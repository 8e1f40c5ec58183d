/*
 * check_persistent_in.c: the answers of PERSISTENT RESERVE IN, TransportIDs,
 * and how many can register.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/device/tests/reservation_fixture.h"
#include "vtl/scsi/device/transport_id.h"

#define OUT(...)     reservation_out(__VA_ARGS__)
#define IS(want, is) ck_assert_str_eq((is), (want))

START_TEST(registrations_are_bounded)
{
	for (unsigned i = 0; i < RESERVATION_REGISTRANTS; i++) {
		struct device_port port = { .initiator = "iqn.many" };

		put_be16(port.isid, i);
		device_nexus_open(on.device, 20, &port);
		IS("6/29/00", SEND(20, 0));
		IS("good", OUT(20, PR_REGISTER, 0, 0, i + 1, 0));
	}
	IS("5/55/04", OUT(A, PR_REGISTER, 0, 0, 1, 0));
	IS("good", OUT(20, PR_IGNORE, 0, 0, 0, 0));
	IS("good", OUT(A, PR_REGISTER, 0, 0, 1, 0));
}
END_TEST

static void expect_hex(const char *hex)
{
	char text[2 * 160 + 1] = "";

	for (uint32_t i = 0; i < on.answer.in_bytes && i < 160; i++)
		snprintf(text + 2 * i, 3, "%02x", on.in[i]);
	ck_assert_str_eq(text, hex);
}

START_TEST(the_answers_of_persistent_reserve_in)
{
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0x1122334455667788, 0));
	IS("good", OUT(C, PR_REGISTER, 0, 0, 0x0c, 0x04));
	IS("good", OUT(A, PR_RESERVE, 6, 0x1122334455667788, 0, 0));
	SEND(B, 0x5e, 0, 0, 0, 0, 0, 0, 1, 0);
	expect_hex("0000000200000010"
		   "1122334455667788000000000000000c");
	SEND(B, 0x5e, 1, 0, 0, 0, 0, 0, 1, 0);
	expect_hex("0000000200000010"
		   "11223344556677880000000000060000");
	SEND(B, 0x5e, 2, 0, 0, 0, 0, 0, 1, 0);
	expect_hex("00080c80ea010000");
	SEND(B, 0x5e, 3, 0, 0, 0, 0, 0, 1, 0);
	expect_hex("0000000200000080"
		   "11223344556677880000000001060000"
		   "0000000100000028"
		   "45000024"
		   "69716e2e313939332d30382e613a612c692c3078"
		   "343030313032303330303031"
		   "00000000"
		   "000000000000000c0000000002000000"
		   "0000000000000028"
		   "45000024"
		   "69716e2e313939332d30382e613a63"
		   "2c692c3078"
		   "343030313032303330303031"
		   "00000000");
}
END_TEST

/* The answer is cut, but its length is that of the whole. */
START_TEST(short_allocation_lengths)
{
	uint8_t whole[256];
	uint32_t bytes;

	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(B, PR_REGISTER, 0, 0, 0xb1, 0));
	IS("good", OUT(A, PR_RESERVE, 3, 0xa1, 0, 0));
	SEND(A, 0x5e, (uint8_t)_i, 0, 0, 0, 0, 0, 1, 0);
	bytes = on.answer.in_bytes;
	memcpy(whole, on.in, bytes);
	for (uint32_t n = 0; n <= bytes + 1; n++) {
		memset(on.in, 0xee, sizeof on.in);
		SEND(A, 0x5e, (uint8_t)_i, 0, 0, 0, 0, 0, 0, (uint8_t)n);
		ck_assert_uint_eq(on.answer.in_bytes, n < bytes ? n : bytes);
		ck_assert_mem_eq(on.in, whole, on.answer.in_bytes);
		ck_assert_uint_eq(on.in[on.answer.in_bytes], 0xee);
	}
}
END_TEST

/*
 * LTFS reads the full status into 248 bytes, walks by the additional length,
 * and takes the initiator of the holder from its TransportID.
 */
START_TEST(the_full_status_can_be_walked)
{
	bool has_isid;
	struct device_port port;
	uint32_t end, at;

	IS("good", OUT(B, PR_REGISTER, 0, 0, 0xb1, 0));
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(A, PR_RESERVE, 3, 0xa1, 0, 0));
	IS("good", SEND(C, 0x5e, 3, 0, 0, 0, 0, 0, 0, 248));
	end = get_be32(on.in + 4) + 8;
	ck_assert_uint_le(end, 248);
	for (at = 8; at < end; at += 24 + get_be32(on.in + at + 20))
		if (on.in[at + 12] & 1)
			break;
	ck_assert_uint_lt(at, end);
	ck_assert_uint_eq(get_be64(on.in + at), 0xa1);
	ck_assert_uint_eq(on.in[at + 13], 3);
	ck_assert_uint_gt(transport_id_decode(on.in + at + 24, end - at - 24,
			      &port, &has_isid),
	    0);
	ck_assert_str_eq(port.initiator, "iqn.1993-08.a:a");
	ck_assert_mem_eq(port.isid, "\x40\1\2\3\0\1", 6);
}
END_TEST

START_TEST(transport_ids_that_are_not_valid)
{
	struct device_port port = { "iqn.1993-08.a:a", { 0xfe, 1, 2, 3, 0, 1 },
		"" };
	uint8_t id[TRANSPORT_ID_MAX_BYTES], bad[TRANSPORT_ID_MAX_BYTES];
	size_t n = transport_id_encode(&port, id);
	bool has_isid = false;

	ck_assert_uint_eq(transport_id_decode(id, n, &port, &has_isid), n);
	ck_assert_uint_eq(port.isid[0], 0xfe);
	ck_assert(has_isid);
	for (size_t room = 0; room < n; room++)
		ck_assert_uint_eq(transport_id_decode(id, room, &port,
				      &has_isid),
		    0);
	for (size_t i = 0; i < n; i++) {
		memcpy(bad, id, n);
		bad[i] ^= 0x80;
		/* A changed name is a name; all else is an error. */
		if ((i >= 4 && i < 19) || i == 1)
			continue;
		ck_assert_msg(transport_id_decode(bad, n, &port, &has_isid) ==
			    0 ||
			i >= 37,
		    "byte %zu", i);
	}
	/* a name of the greatest length, and one that is too long */
	memset(port.initiator, 'x', DEVICE_NAME_BYTES - 1);
	port.initiator[DEVICE_NAME_BYTES - 1] = '\0';
	n = transport_id_encode(&port, id);
	ck_assert_uint_le(n, sizeof id);
	ck_assert_uint_eq(transport_id_decode(id, n, &port, &has_isid), n);
	memmove(id + 5, id + 4, n - 5);
	put_be16(id + 2, n - 4);
	ck_assert_uint_eq(transport_id_decode(id, n, &port, &has_isid), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("persistent_in");
	TCase *t = tcase_create("persistent_in");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, reservation_setup, reservation_teardown);
	tcase_add_test(t, registrations_are_bounded);
	tcase_add_test(t, the_answers_of_persistent_reserve_in);
	tcase_add_loop_test(t, short_allocation_lengths, 0, 4);
	tcase_add_test(t, the_full_status_can_be_walked);
	tcase_add_test(t, transport_ids_that_are_not_valid);
	return run_suite(s);
}
