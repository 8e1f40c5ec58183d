/*
 * check_reservation.c: RESERVE and RELEASE, PERSISTENT RESERVE IN and OUT: what
 * libiscsi's tests Reserve6, PrinReadKeys and Prout* expect, and the rest of
 * SPC-4.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/device/tests/reservation_fixture.h"
#include "vtl/scsi/device/transport_id.h"

#define READ         0x08
#define WRITE        0x0a
#define RESERVE      0x16
#define RELEASE      0x17
#define OUT(...)     reservation_out(__VA_ARGS__)
#define IS(want, is) ck_assert_str_eq((is), (want))

START_TEST(a_reserved_unit_conflicts_for_others)
{
	unsigned reserve = _i == 0 ? RESERVE : 0x56;
	unsigned release = _i == 0 ? RELEASE : 0x57;

	IS("good", SEND(A, (uint8_t)reserve));
	IS("good", SEND(A, (uint8_t)reserve));
	IS("good", SEND(A, 0));
	IS("good", SEND(A, WRITE));
	IS("conflict", SEND(B, 0));
	IS("conflict", SEND(B, READ));
	IS("conflict", SEND(C, (uint8_t)reserve));
	/* One that has not reserved releases nothing. */
	IS("good", SEND(B, (uint8_t)release));
	IS("conflict", SEND(B, 0));
	/* what is always answered */
	IS("good", SEND(B, 0x03, 0, 0, 0, 18));
	IS("good", SEND(B, 0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 16));
	IS("good", SEND(B, 0x1e));
	IS("conflict", SEND(B, 0x1e, 0, 0, 0, 1));
	/* The forms see each other. */
	IS("good", SEND(A, _i == 0 ? 0x57 : RELEASE));
	IS("good", SEND(B, 0));
	IS("good", SEND(B, (uint8_t)reserve));
	IS("conflict", SEND(A, 0));
}
END_TEST

START_TEST(parts_and_third_parties_are_not_reserved)
{
	IS("5/24/00", SEND(A, RESERVE, 0x10));
	IS("5/24/00", SEND(A, RESERVE, 0x01));
	IS("5/24/00", SEND(A, RELEASE, 0x01));
	IS("5/24/00", SEND(A, 0x56, 0x10));
	IS("5/24/00", SEND(A, 0x56, 0x02));
	IS("5/24/00", SEND(A, 0x57, 0x01));
	IS("good", SEND(B, 0));
}
END_TEST

/* Logout, loss of the nexus, resets of the unit and of the target. */
START_TEST(a_reservation_ends_with_its_nexus_and_with_a_reset)
{
	IS("good", SEND(A, RESERVE));
	device_nexus_lost(on.device, C);
	IS("conflict", SEND(B, 0));
	device_nexus_lost(on.device, A);
	IS("good", SEND(B, 0));
	IS("good", SEND(B, RESERVE));
	device_reset(on.device, 0);
	IS("6/29/03", SEND(C, 0));
	IS("good", SEND(C, 0));
}
END_TEST

START_TEST(a_unit_attention_comes_before_a_conflict)
{
	IS("good", SEND(A, RESERVE));
	device_establish(on.device, SCSI_MEDIUM_CHANGED, SCSI_EVERY_NEXUS);
	IS("6/28/00", SEND(B, 0));
	IS("conflict", SEND(B, 0));
	IS("5/20/00", SEND(B, 0xff));
}
END_TEST

START_TEST(both_kinds_of_reservation_exclude_each_other)
{
	IS("good", SEND(A, RESERVE));
	IS("conflict", OUT(A, PR_REGISTER, 0, 0, 1, 0));
	IS("conflict", SEND(A, 0x5e, 0, 0, 0, 0, 0, 0, 0, 8));
	IS("good", SEND(A, RELEASE));
	IS("good", OUT(A, PR_REGISTER, 0, 0, 1, 0));
	IS("conflict", SEND(A, RESERVE));
	IS("conflict", SEND(B, 0x57));
	IS("good", OUT(A, PR_REGISTER, 0, 1, 0, 0));
	IS("good", SEND(A, RESERVE));
}
END_TEST

START_TEST(keys_are_registered_changed_and_removed)
{
	IS("0:", reservation_state());
	IS("conflict", OUT(A, PR_REGISTER, 0, 7, 1, 0));
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0, 0));
	IS("0:", reservation_state());
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("1: a1", reservation_state());
	IS("good", OUT(B, PR_IGNORE, 0, 0x99, 0xb1, 0));
	IS("2: a1 b1", reservation_state());
	IS("conflict", OUT(A, PR_REGISTER, 0, 0, 0xa2, 0));
	IS("good", OUT(A, PR_REGISTER, 0, 0xa1, 0xa2, 0));
	IS("3: a2 b1", reservation_state());
	IS("good", OUT(A, PR_IGNORE, 0, 0, 0xa3, 0));
	IS("4: a3 b1", reservation_state());
	/* The same port at another target is another nexus. */
	IS("good", OUT(D, PR_REGISTER, 0, 0, 0xd1, 0));
	IS("5: a3 b1 d1", reservation_state());
	IS("good", OUT(A, PR_REGISTER, 0, 0xa3, 0, 0));
	IS("6: b1 d1", reservation_state());
	IS("good", OUT(B, PR_IGNORE, 0, 0, 0, 0));
	IS("7: d1", reservation_state());
	/* Unless it is registered for all targets. */
	IS("good", OUT(D, PR_IGNORE, 0, 0, 0, 0));
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0x04));
	IS("good", OUT(D, PR_REGISTER, 0, 0xa1, 0xd1, 0));
	IS("10: d1", reservation_state());
}
END_TEST

START_TEST(registrations_survive_their_nexus_and_resets)
{
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(A, PR_RESERVE, 3, 0xa1, 0, 0));
	device_nexus_lost(on.device, A);
	device_reset(on.device, 0);
	IS("6/29/03", SEND(C, 0));
	IS("conflict", SEND(C, READ));
	IS("1: a1* type 3 a1", reservation_state());
	/* The initiator comes back with another number of its nexus. */
	device_nexus_open(on.device, 9,
	    &(struct device_port){
		"iqn.1993-08.a:a", { 0x40, 1, 2, 3, 0, 1 }, "iqn.t" });
	IS("6/29/07", SEND(9, 0));
	IS("good", SEND(9, WRITE));
	IS("good", OUT(9, PR_RELEASE, 3, 0xa1, 0, 0));
	IS("good", SEND(C, WRITE));
}
END_TEST

START_TEST(bad_lists_and_fields_are_refused)
{
	static const uint8_t list[40];
	uint8_t cdb[10] = { 0x5f, 0, 0, 0, 0, 0, 0, 0, 24 };

	for (unsigned bytes = 0; bytes <= 40; bytes++) {
		cdb[8] = (uint8_t)bytes;
		IS(bytes == 24 ? "good" : "5/1A/00",
		    reservation_send(A, cdb, sizeof cdb, list, sizeof list));
		cdb[8] = 24;
		IS(bytes >= 24 ? "good" : "5/1A/00",
		    reservation_send(A, cdb, sizeof cdb, list, bytes));
	}
	IS("5/26/00", OUT(A, PR_REGISTER, 0, 0, 1, 0x01));
	ck_assert_uint_eq(on.answer.decoded.field_byte, 20);
	ck_assert_int_eq(on.answer.decoded.field_bit, 0);
	IS("5/26/00", OUT(A, PR_IGNORE, 0, 0, 1, 0x08));
	IS("5/1A/00", OUT(A, PR_REGISTER, 0, 0, 1, 0x08));
	IS("good", OUT(A, PR_REGISTER, 0, 0, 1, 0));
	IS("5/24/00", OUT(A, PR_RESERVE, 0x13, 1, 0, 0));
	for (unsigned type = 0; type < 16; type++) {
		bool good = type == 1 || type == 3 || (type >= 5 && type <= 8);

		IS(good ? "good" : "5/24/00",
		    OUT(A, PR_RESERVE, type, 1, 0, 0));
		IS(good ? "good" : "5/24/00",
		    OUT(A, PR_RELEASE, type, 1, 0, 0));
	}
	IS("5/24/00", SEND(A, 0x5e, 4, 0, 0, 0, 0, 0, 0, 8));
	IS("5/24/00", SEND(A, 0x5f, 8, 0, 0, 0, 0, 0, 0, 24));
}
END_TEST

/* What the holder, another registrant and the rest may do, for each type. */
START_TEST(a_reservation_has_its_type)
{
	static const struct {
		unsigned type;
		const char *write, *read, *registered;
	} types[] = {
		{ 1, "conflict", "good", "conflict" },
		{ 3, "conflict", "conflict", "conflict" },
		{ 5, "conflict", "good", "good" },
		{ 6, "conflict", "conflict", "good" },
		{ 7, "conflict", "good", "good" },
		{ 8, "conflict", "conflict", "good" },
	};
	unsigned type = types[_i].type;
	bool all = type >= 7;
	char state[40];

	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(B, PR_REGISTER, 0, 0, 0xb1, 0));
	IS("conflict", OUT(C, PR_RESERVE, type, 0, 0, 0));
	IS("conflict", OUT(A, PR_RESERVE, type, 0xa2, 0, 0));
	IS("good", OUT(A, PR_RESERVE, type, 0xa1, 0, 0));
	IS("good", OUT(A, PR_RESERVE, type, 0xa1, 0, 0));
	IS("conflict", OUT(A, PR_RESERVE, type == 1 ? 3 : 1, 0xa1, 0, 0));
	IS(all ? "good" : "conflict", OUT(B, PR_RESERVE, type, 0xb1, 0, 0));
	snprintf(state, sizeof state, "2: a1* b1%s type %u %s", all ? "*" : "",
	    type, all ? "0" : "a1");
	IS(state, reservation_state());

	IS("good", SEND(A, WRITE));
	IS(types[_i].registered, SEND(B, WRITE));
	IS(strcmp(types[_i].read, "good") == 0 ? "good" : types[_i].registered,
	    SEND(B, READ));
	IS(types[_i].write, SEND(C, WRITE));
	IS(types[_i].read, SEND(C, READ));
	IS("good", SEND(C, 0));
	IS("good", SEND(C, 0x1e));
	IS("conflict", SEND(C, 0x1e, 0, 0, 0, 1));
	IS("good", OUT(C, PR_REGISTER, 0, 0, 0xc1, 0));
	IS("good", OUT(C, PR_REGISTER, 0, 0xc1, 0, 0));

	/* Only the holder releases it, and only with its type. */
	if (!all)
		IS("good", OUT(B, PR_RELEASE, type, 0xb1, 0, 0));
	IS(type == 3 || type == 6 || type == 8 ? "conflict" : "good",
	    SEND(C, READ));
	IS("5/26/04", OUT(A, PR_RELEASE, type == 1 ? 3 : 1, 0xa1, 0, 0));
	IS("conflict", OUT(A, PR_RELEASE, type, 0xa2, 0, 0));
	IS("good", OUT(A, PR_RELEASE, type, 0xa1, 0, 0));
	IS("good", SEND(A, 0));
	IS(type >= 5 ? "6/2A/04" : "good", SEND(B, 0));
	IS("good", SEND(B, WRITE));
	IS("good", SEND(C, WRITE));
	IS("good", OUT(A, PR_RELEASE, type, 0xa1, 0, 0));
}
END_TEST

/* The reservation ends with the registration of its last holder. */
START_TEST(a_holder_that_leaves_releases)
{
	unsigned type = _i == 0 ? 3 : _i == 1 ? 6 : 8;

	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(B, PR_REGISTER, 0, 0, 0xb1, 0));
	IS("good", OUT(A, PR_RESERVE, type, 0xa1, 0, 0));
	IS("good", OUT(A, PR_REGISTER, 0, 0xa1, 0, 0));
	if (type == 8) {
		IS("3: b1* type 8 0", reservation_state());
		IS("conflict", SEND(A, READ));
		IS("good", OUT(B, PR_IGNORE, 0, 0, 0, 0));
		IS("4:", reservation_state());
	} else {
		IS("3: b1", reservation_state());
		IS(type == 6 ? "6/2A/04" : "good", SEND(B, 0));
	}
	IS("good", SEND(A, READ));
	IS("good", SEND(C, READ));
}
END_TEST

START_TEST(clear_removes_everything)
{
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(B, PR_REGISTER, 0, 0, 0xb1, 0));
	IS("good", OUT(A, PR_RESERVE, 3, 0xa1, 0, 0));
	IS("conflict", OUT(C, PR_CLEAR, 0, 0, 0, 0));
	IS("conflict", OUT(B, PR_CLEAR, 0, 0xa1, 0, 0));
	IS("good", OUT(B, PR_CLEAR, 0, 0xb1, 0, 0));
	IS("6/2A/03", SEND(A, WRITE));
	IS("good", SEND(A, WRITE));
	IS("good", SEND(B, WRITE));
	IS("good", SEND(C, WRITE));
	IS("3:", reservation_state());
}
END_TEST

START_TEST(preempt_without_a_reservation_removes_keys)
{
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(B, PR_REGISTER, 0, 0, 0xb1, 0));
	IS("good", OUT(C, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("conflict", OUT(B, PR_PREEMPT, 3, 0xb1, 0x99, 0));
	IS("conflict", OUT(B, PR_PREEMPT, 3, 0xb2, 0xa1, 0));
	IS("5/26/00", OUT(B, PR_PREEMPT, 3, 0xb1, 0, 0));
	IS("3: a1 b1 a1", reservation_state());
	IS("good", OUT(B, PR_PREEMPT, 3, 0xb1, 0xa1, 0));
	IS("6/2A/05", SEND(A, 0));
	IS("6/2A/05", SEND(C, 0));
	IS("good", SEND(B, 0));
	IS("4: b1", reservation_state());
	ck_assert_uint_eq(on.aborted, 0);
}
END_TEST

START_TEST(preempt_takes_the_reservation)
{
	bool aborts = _i;
	unsigned action = aborts ? PR_ABORT : PR_PREEMPT;

	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(B, PR_REGISTER, 0, 0, 0xb1, 0));
	IS("good", OUT(C, PR_REGISTER, 0, 0, 0xc1, 0));
	IS("good", OUT(A, PR_RESERVE, 3, 0xa1, 0, 0));
	/* The key of one that does not hold it removes only the key. */
	IS("good", OUT(B, action, 3, 0xb1, 0xc1, 0));
	IS("6/2A/05", SEND(C, 0));
	IS("4: a1* b1 type 3 a1", reservation_state());
	ck_assert_uint_eq(on.aborted, aborts ? 1 << C : 0);
	IS("good", OUT(C, PR_REGISTER, 0, 0, 0xc1, 0));
	/* That of the holder takes it over, with another type. */
	IS("good", OUT(B, action, 1, 0xb1, 0xa1, 0));
	ck_assert_uint_eq(on.aborted, aborts ? 1 << A : 0);
	IS("6/2A/05", SEND(A, 0));
	IS("6/2A/04", SEND(C, 0));
	IS("good", SEND(B, 0));
	IS("6: b1* c1 type 1 b1", reservation_state());
	/* One may preempt itself, to change the type. */
	IS("good", OUT(B, action, 3, 0xb1, 0xb1, 0));
	IS("6/2A/04", SEND(C, 0));
	IS("7: b1* c1 type 3 b1", reservation_state());
	IS("5/26/00", OUT(B, action, 3, 0xb1, 0, 0));
}
END_TEST

START_TEST(preempt_of_a_reservation_of_all)
{
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(B, PR_REGISTER, 0, 0, 0xb1, 0));
	IS("good", OUT(C, PR_REGISTER, 0, 0, 0xc1, 0));
	IS("good", OUT(A, PR_RESERVE, 8, 0xa1, 0, 0));
	IS("good", OUT(B, PR_PREEMPT, 8, 0xb1, 0xa1, 0));
	IS("4: b1* c1* type 8 0", reservation_state());
	IS("6/2A/05", SEND(A, 0));
	/* Key 0 means all the others. */
	IS("good", OUT(B, PR_ABORT, 6, 0xb1, 0, 0));
	ck_assert_uint_eq(on.aborted, 1 << C);
	IS("6/2A/05", SEND(C, 0));
	IS("5: b1* type 6 b1", reservation_state());
}
END_TEST

/* Moves from A to the port of C, whose TransportID is given. */
static const char *move(uint64_t key, uint64_t action_key, uint8_t flags,
    unsigned relative_port, uint32_t cut)
{
	struct device_port port = { "iqn.1993-08.a:c", { 0x40, 1, 2, 3, 0, 1 },
		"" };
	uint8_t cdb[10] = { 0x5f, PR_MOVE };
	uint8_t list[24 + TRANSPORT_ID_MAX_BYTES] = { 0 };
	size_t n = transport_id_encode(&port, list + 24);

	put_be64(list, key);
	put_be64(list + 8, action_key);
	list[17] = flags;
	put_be16(list + 18, relative_port);
	put_be32(list + 20, n);
	put_be32(cdb + 5, 24 + n - cut);
	return reservation_send(A, cdb, sizeof cdb, list,
	    (uint32_t)(24 + n - cut));
}

START_TEST(a_reservation_moves)
{
	IS("conflict", move(0xa1, 0xc1, 0, 1, 0));
	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("conflict", move(0xa1, 0xc1, 0, 1, 0));
	IS("good", OUT(A, PR_RESERVE, 3, 0xa1, 0, 0));
	IS("conflict", move(0xa2, 0xc1, 0, 1, 0));
	IS("5/26/00", move(0xa1, 0, 0, 1, 0));
	IS("5/26/00", move(0xa1, 0xc1, 1, 1, 0));
	IS("5/26/00", move(0xa1, 0xc1, 0, 2, 0));
	IS("5/1A/00", move(0xa1, 0xc1, 0, 1, 4));
	IS("1: a1* type 3 a1", reservation_state());
	IS("good", move(0xa1, 0xc1, _i ? 2 : 0, 1, 0));
	IS(_i ? "2: c1* type 3 c1" : "2: a1 c1* type 3 c1",
	    reservation_state());
	IS("conflict", SEND(A, WRITE));
	IS("good", SEND(C, WRITE));
}
END_TEST

START_TEST(other_ports_are_registered)
{
	struct device_port port = { "iqn.1993-08.a:c", { 0x40, 1, 2, 3, 0, 1 },
		"" };
	uint8_t cdb[10] = { 0x5f, PR_REGISTER };
	uint8_t list[28 + TRANSPORT_ID_MAX_BYTES + 24] = { 0 };
	uint32_t n = (uint32_t)transport_id_encode(&port, list + 28);

	put_be64(list + 8, 0xa1);
	list[20] = 0x08;
	put_be32(list + 24, n);
	cdb[8] = (uint8_t)(28 + n);
	list[28] = 0x05; /* of a device, but it has an ISID */
	IS("5/26/00", reservation_send(A, cdb, sizeof cdb, list, 28 + n));
	ck_assert_uint_eq(on.answer.decoded.field_byte, 28);
	list[28] = 0x45;
	put_be32(list + 24, n + 4);
	IS("5/1A/00", reservation_send(A, cdb, sizeof cdb, list, 28 + n));
	put_be32(list + 24, n);
	IS("0:", reservation_state());
	IS("good", reservation_send(A, cdb, sizeof cdb, list, 28 + n));
	IS("1: a1 a1", reservation_state());
	IS("good", OUT(C, PR_RESERVE, 3, 0xa1, 0, 0));
	IS("conflict", SEND(A, READ));
	/* One that is registered may not do it again. */
	put_be64(list, 0xa1);
	IS("5/26/00", reservation_send(A, cdb, sizeof cdb, list, 28 + n));
}
END_TEST

/* Returns the TransportID of a device, without an ISID, at `id`. */
static uint32_t put_name(uint8_t *id, const char *name)
{
	memset(id, 0, 24);
	id[0] = 0x05;
	id[3] = 20;
	strcpy((char *)id + 4, name);
	return 24;
}

/* The name of C is that of one port; A and B are two of one name. */
START_TEST(a_name_stands_for_the_ports_that_are_connected)
{
	uint8_t cdb[10] = { 0x5f, PR_REGISTER };
	uint8_t list[28 + 24] = { 0 };

	put_be64(list + 8, 0xc1);
	list[20] = 0x08;
	put_be32(list + 24, put_name(list + 28, "iqn.1993-08.a:x"));
	cdb[8] = sizeof list;
	IS("5/26/00", reservation_send(C, cdb, sizeof cdb, list, sizeof list));
	ck_assert_uint_eq(on.answer.decoded.field_byte, 28);
	IS("0:", reservation_state());
	put_name(list + 28, "iqn.1993-08.a:a");
	IS("good", reservation_send(C, cdb, sizeof cdb, list, sizeof list));
	IS("1: c1 c1 c1", reservation_state());
}
END_TEST

START_TEST(a_reservation_moves_to_the_one_port_of_a_name)
{
	uint8_t cdb[10] = { 0x5f, PR_MOVE };
	uint8_t list[24 + 24] = { 0 };

	IS("good", OUT(A, PR_REGISTER, 0, 0, 0xa1, 0));
	IS("good", OUT(A, PR_RESERVE, 3, 0xa1, 0, 0));
	put_be64(list, 0xa1);
	put_be64(list + 8, 0xc1);
	put_be16(list + 18, 1);
	put_be32(list + 20, put_name(list + 24, "iqn.1993-08.a:none"));
	cdb[8] = sizeof list;
	IS("5/26/00", reservation_send(A, cdb, sizeof cdb, list, sizeof list));
	/* Two ports have this name. */
	put_name(list + 24, "iqn.1993-08.a:a");
	IS("5/26/00", reservation_send(A, cdb, sizeof cdb, list, sizeof list));
	IS("1: a1* type 3 a1", reservation_state());
	put_name(list + 24, "iqn.1993-08.a:c");
	IS("good", reservation_send(A, cdb, sizeof cdb, list, sizeof list));
	IS("2: a1 c1* type 3 c1", reservation_state());
}
END_TEST

int main(void)
{
	Suite *s = suite_create("reservation");
	TCase *t = tcase_create("reservation");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, reservation_setup, reservation_teardown);
	tcase_add_loop_test(t, a_reserved_unit_conflicts_for_others, 0, 2);
	tcase_add_test(t, parts_and_third_parties_are_not_reserved);
	tcase_add_test(t, a_reservation_ends_with_its_nexus_and_with_a_reset);
	tcase_add_test(t, a_unit_attention_comes_before_a_conflict);
	tcase_add_test(t, both_kinds_of_reservation_exclude_each_other);
	tcase_add_test(t, keys_are_registered_changed_and_removed);
	tcase_add_test(t, registrations_survive_their_nexus_and_resets);
	tcase_add_test(t, bad_lists_and_fields_are_refused);
	tcase_add_loop_test(t, a_reservation_has_its_type, 0, 6);
	tcase_add_loop_test(t, a_holder_that_leaves_releases, 0, 3);
	tcase_add_test(t, clear_removes_everything);
	tcase_add_test(t, preempt_without_a_reservation_removes_keys);
	tcase_add_loop_test(t, preempt_takes_the_reservation, 0, 2);
	tcase_add_test(t, preempt_of_a_reservation_of_all);
	tcase_add_loop_test(t, a_reservation_moves, 0, 2);
	tcase_add_test(t, other_ports_are_registered);
	tcase_add_test(t, a_name_stands_for_the_ports_that_are_connected);
	tcase_add_test(t, a_reservation_moves_to_the_one_port_of_a_name);
	return run_suite(s);
}
