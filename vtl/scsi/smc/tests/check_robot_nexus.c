/*
 * check_robot_nexus.c: a changer that several initiators use: prevention of
 * removal, unit attentions and reservations.
 */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/smc/tests/smc_fixture.h"

static struct robot r;

static void set_up(void)
{
	robot_make(&r, NULL);
}

static void tear_down(void)
{
	robot_free(&r);
}

START_TEST(prevention_holds_for_each_nexus_that_asked_for_it)
{
	static const struct device_port port;

	robot_command(&r, 1, "03 00 00 00 12 00", 18);
	ck_assert(!smc_prevents_removal(r.smc));
	robot_run(&r, "1e 00 00 00 01 00");
	robot_good(&r);
	robot_command(&r, 1, "1e 00 00 00 01 00", 0);
	robot_good(&r);
	ck_assert(smc_prevents_removal(r.smc));
	/* The robot may bring nothing to the door, but fetch from there. */
	robot_run(&r, "a5 00 0000 0400 0011 0000 00 00");
	robot_fails(&r, 5, 0x53, 0x02);
	ck_assert_uint_eq(r.moves, 0);
	robot_run(&r, "a5 00 0000 0400 0012 0000 00 00");
	robot_fails(&r, 5, 0x21, 0x01);
	robot_run(&r, "a5 00 0000 0010 0402 0000 00 00");
	robot_good(&r);
	robot_run(&r, "a5 00 0000 0400 0101 0000 00 00");
	robot_good(&r);
	robot_run(&r, "1e 00 00 00 00 00");
	ck_assert(smc_prevents_removal(r.smc));
	robot_command(&r, 1, "1e 00 00 00 00 00", 0);
	ck_assert(!smc_prevents_removal(r.smc));
	robot_run(&r, "a5 00 0000 0400 0011 0000 00 00");
	robot_good(&r);
	/* It ends with the nexus, and by a reset. */
	device_nexus_open(smc_device(r.smc), 2, &port);
	robot_command(&r, 2, "03 00 00 00 12 00", 18);
	robot_command(&r, 2, "1e 00 00 00 01 00", 0);
	ck_assert(smc_prevents_removal(r.smc));
	device_nexus_lost(smc_device(r.smc), 2);
	ck_assert(!smc_prevents_removal(r.smc));
	robot_run(&r, "1e 00 00 00 01 00");
	device_reset(smc_device(r.smc), 0);
	ck_assert(!smc_prevents_removal(r.smc));
}
END_TEST

/* The unit attentions of a changer, and who gets them. */
static const struct {
	enum scsi_attention attention;
	uint8_t asc, ascq;
} attentions[] = {
	{ SCSI_IE_ACCESSED, 0x28, 0x01 },
	{ SCSI_MEDIUM_CHANGED, 0x28, 0x00 },
	{ SCSI_MODE_CHANGED, 0x2a, 0x01 },
	{ SCSI_LUNS_CHANGED, 0x3f, 0x0e },
};

START_TEST(a_unit_attention_is_reported_once_to_the_others)
{
	struct device *device = smc_device(r.smc);

	robot_command(&r, 1, "03 00 00 00 12 00", 18);
	device_establish(device, attentions[_i].attention, 0);
	/* Not to nexus 0, which caused it. */
	robot_run(&r, "00 00 00 00 00 00");
	robot_good(&r);
	/* INQUIRY and REPORT LUNS leave it, even an unknown command ends. */
	robot_command(&r, 1, "12 00 00 00 24 00", 36);
	robot_good(&r);
	robot_command(&r, 1, "b8 00 0000 ffff 00 000400 00 00", 1024);
	robot_fails(&r, 6, attentions[_i].asc, attentions[_i].ascq);
	robot_command(&r, 1, "b8 00 0000 ffff 00 000400 00 00", 1024);
	robot_good(&r);
	/* REQUEST SENSE reports it with good status. */
	device_establish(device, attentions[_i].attention, SCSI_EVERY_NEXUS);
	robot_run(&r, "03 00 00 00 12 00");
	robot_good(&r);
	ck_assert_uint_eq(r.in[2], 6);
	ck_assert_uint_eq(r.in[12], attentions[_i].asc);
	ck_assert_uint_eq(r.in[13], attentions[_i].ascq);
	robot_run(&r, "03 00 00 00 12 00");
	ck_assert_uint_eq(r.in[2], 0);
	/* A move is not begun. */
	robot_command(&r, 1, "a5 00 0000 0400 0101 0000 00 00", 0);
	robot_fails(&r, 6, attentions[_i].asc, attentions[_i].ascq);
	ck_assert_uint_eq(r.moves, 0);
}
END_TEST

/* Which commands another nexus may send: SPC-2, and SPC-4 with SMC-3. */
static const struct {
	const char *cdb;
	bool reserved, reading, exclusive; /* allowed */
} shared[] = {
	{ "12 00 00 00 24 00", true, true, true },
	{ "03 00 00 00 12 00", true, true, true },
	{ "00 00 00 00 00 00", false, true, true },
	{ "1e 00 00 00 00 00", true, true, true },
	{ "1e 00 00 00 01 00", false, false, false },
	{ "b8 00 0000 ffff 00 000400 00 00", false, true, false },
	{ "07 00 00 00 00 00", false, false, false },
	{ "37 00 0000 0000 0000 00 00", false, false, false },
	{ "2b 00 0000 0400 0000 00 00", false, false, false },
	{ "a5 00 0000 0400 0101 0000 00 00", false, false, false },
};

static void others(const char *cdb, bool allowed)
{
	robot_run(&r, cdb);
	ck_assert_msg((r.answer.status == DEVICE_GOOD) == allowed &&
		(allowed || r.answer.status == DEVICE_RESERVATION_CONFLICT),
	    "%s: status %x", cdb, r.answer.status);
}

static void holder(const char *cdb)
{
	robot_command(&r, 1, cdb, 24);
	robot_good(&r);
}

START_TEST(a_reservation_keeps_others_from_the_robot)
{
	const struct device_port port = { .initiator = "iqn.2026-11.test:b" };

	device_nexus_open(smc_device(r.smc), 1, &port);
	robot_command(&r, 1, "03 00 00 00 12 00", 18);
	holder("16 00 00 00 00 00");
	for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
		others(shared[i].cdb, shared[i].reserved);
	holder("17 00 00 00 00 00");
	/* REGISTER a key; RESERVE write exclusive, then exclusive access */
	r.out[15] = 7;
	holder("5f 00 00 00 00 000000 18 00");
	memset(r.out, 0, sizeof r.out);
	r.out[7] = 7;
	holder("5f 01 01 00 00 000000 18 00");
	for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
		others(shared[i].cdb, shared[i].reading);
	holder("5f 02 01 00 00 000000 18 00");
	holder("5f 01 03 00 00 000000 18 00");
	for (size_t i = 0; i < sizeof shared / sizeof shared[0]; i++)
		others(shared[i].cdb, shared[i].exclusive);
	holder("a5 00 0000 0400 0101 0000 00 00");
	ck_assert_uint_eq(r.moves, 1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("robot nexus");
	TCase *t = tcase_create("nexus");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, prevention_holds_for_each_nexus_that_asked_for_it);
	tcase_add_loop_test(t, a_unit_attention_is_reported_once_to_the_others,
	    0, sizeof attentions / sizeof attentions[0]);
	tcase_add_test(t, a_reservation_keeps_others_from_the_robot);
	return run_suite(s);
}
