/*
 * check_iscsi_node.c: the table of sessions, also of those that end while a device
 * still executes a command of theirs.
 */
#include <check.h>
#include <stdio.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/talk.h"

enum { TEST_UNIT_READY = 0x00, RESERVE = 0x16 };

static struct talk talk;
static struct device_port ports[ISCSI_SESSIONS_MAX + 1];

static void setup(void)
{
	talk_begin(&talk, false);
	for (size_t i = 0; i <= ISCSI_SESSIONS_MAX; i++) {
		snprintf(ports[i].initiator, sizeof ports[i].initiator,
		    "iqn.2026-11.org.example:%zu", i);
		snprintf(ports[i].target, sizeof ports[i].target, TALK_TARGET);
	}
}

static void teardown(void)
{
	talk_end(&talk);
}

/* Begins a session of port `i`.  Returns the status of the login. */
static enum iscsi_login_status enter(size_t i, uint16_t tsih, unsigned *nexus)
{
	return iscsi_node_enter(talk.node, NULL, &ports[i], talk.node->targets,
	    &tsih, nexus);
}

START_TEST(there_are_64_sessions)
{
	unsigned nexus;

	for (unsigned i = 0; i < ISCSI_SESSIONS_MAX; i++) {
		ck_assert_uint_eq(enter(i, 0, &nexus), ISCSI_LOGIN_OK);
		ck_assert_uint_eq(nexus, i);
	}
	ck_assert_uint_eq(iscsi_node_sessions(talk.node), ISCSI_SESSIONS_MAX);
	ck_assert_uint_eq(enter(ISCSI_SESSIONS_MAX, 0, &nexus),
	    ISCSI_LOGIN_NO_RESOURCES);
	iscsi_node_end_session(talk.node, 7, true, false);
	ck_assert_uint_eq(enter(ISCSI_SESSIONS_MAX, 0, &nexus), ISCSI_LOGIN_OK);
	ck_assert_uint_eq(nexus, 7);
}
END_TEST

START_TEST(a_port_gets_its_nexus_again_and_its_loss)
{
	unsigned nexus;

	for (size_t i = 0; i < 3; i++)
		enter(i, 0, &nexus);
	for (unsigned i = 0; i < 3; i++)
		iscsi_node_end_session(talk.node, i, true, false);
	toy_quiet(&talk.toys[1]);
	/* A new port does not take the place of one that may come again. */
	ck_assert_uint_eq(enter(9, 0, &nexus), ISCSI_LOGIN_OK);
	ck_assert_uint_eq(nexus, 3);
	ck_assert_uint_eq(enter(1, 0, &nexus), ISCSI_LOGIN_OK);
	ck_assert_uint_eq(nexus, 1);
	ck_assert_uint_eq(talk.toys[1].nexuses.pending[1],
	    1u << SCSI_NEXUS_LOSS);
	ck_assert_uint_eq(talk.toys[1].nexuses.pending[3], 1u << SCSI_POWER_ON);
}
END_TEST

START_TEST(a_session_identifier_names_a_session_of_the_port)
{
	uint16_t tsih = 0;
	unsigned nexus;

	ck_assert_uint_eq(iscsi_node_enter(talk.node, NULL, &ports[0],
			      talk.node->targets, &tsih, &nexus),
	    ISCSI_LOGIN_OK);
	ck_assert_uint_ne(tsih, 0);
	ck_assert_uint_eq(enter(1, tsih, &nexus), ISCSI_LOGIN_NO_SESSION);
	ck_assert_uint_eq(enter(0, (uint16_t)(tsih + 1), &nexus),
	    ISCSI_LOGIN_NO_SESSION);
	iscsi_node_end_session(talk.node, nexus, true, false);
	ck_assert_uint_eq(enter(0, tsih, &nexus), ISCSI_LOGIN_NO_SESSION);
}
END_TEST

START_TEST(there_are_32_discovery_sessions)
{
	for (unsigned i = 0; i < ISCSI_DISCOVERIES_MAX; i++)
		ck_assert(iscsi_node_enter_discovery(talk.node));
	ck_assert(!iscsi_node_enter_discovery(talk.node));
	iscsi_node_leave_discovery(talk.node);
	ck_assert(iscsi_node_enter_discovery(talk.node));
}
END_TEST

/* Executes a command.  Returns its status, or with CHECK CONDITION the ASCQ. */
static unsigned execute(unsigned nexus, uint8_t opcode)
{
	const struct device_command command = { .nexus = nexus,
		.cdb[0] = opcode };
	struct device_answer answer;

	device_execute(talk.toys[0].device, &command, 0, &answer);
	return answer.status == DEVICE_CHECK_CONDITION
	    ? answer.decoded.sense.ascq
	    : answer.status;
}

/*
 * Expected: the initiator logs in again while a command of its last session is in
 * the device.  That was a RESERVE, which ends with the nexus.
 * Bug: the login waited for the command.
 */
START_TEST(a_nexus_is_lost_also_if_its_last_command_reserves)
{
	unsigned old, new;

	ck_assert_int_eq(enter(1, 0, &old), ISCSI_LOGIN_OK);
	ck_assert_uint_eq(execute(old, TEST_UNIT_READY), 0);
	iscsi_node_end_session(talk.node, old, true, true);
	ck_assert_uint_eq(iscsi_node_sessions(talk.node), 0);
	ck_assert_int_eq(enter(1, 0, &new), ISCSI_LOGIN_OK);
	ck_assert_uint_ne(old, new);
	ck_assert_uint_eq(execute(new, TEST_UNIT_READY), 0x07);
	ck_assert_uint_eq(execute(old, RESERVE), DEVICE_GOOD);
	ck_assert_uint_eq(execute(new, TEST_UNIT_READY),
	    DEVICE_RESERVATION_CONFLICT);
	iscsi_node_free_nexus(talk.node, old);
	ck_assert_uint_eq(execute(new, TEST_UNIT_READY), DEVICE_GOOD);
}
END_TEST

START_TEST(a_nexus_is_free_when_its_commands_have_ended)
{
	unsigned nexus, other;

	ck_assert_int_eq(enter(0, 0, &nexus), ISCSI_LOGIN_OK);
	iscsi_node_end_session(talk.node, nexus, true, true);
	for (unsigned i = 1; i < ISCSI_SESSIONS_MAX; i++) {
		ck_assert_int_eq(enter(i, 0, &other), ISCSI_LOGIN_OK);
		ck_assert_uint_ne(other, nexus);
	}
	ck_assert_int_eq(enter(0, 0, &other), ISCSI_LOGIN_NO_RESOURCES);
	iscsi_node_free_nexus(talk.node, nexus);
	ck_assert_int_eq(enter(0, 0, &other), ISCSI_LOGIN_OK);
	ck_assert_uint_eq(other, nexus);
}
END_TEST

/* The last session of a port counts, not one that still leaves. */
START_TEST(without_login_attention_the_last_session_counts)
{
	unsigned old, new;

	talk.config.no_login_attention = true;
	ck_assert_int_eq(enter(1, 0, &old), ISCSI_LOGIN_OK);
	iscsi_node_end_session(talk.node, old, true, true);
	ck_assert_int_eq(enter(1, 0, &new), ISCSI_LOGIN_OK);
	ck_assert_uint_eq(execute(new, TEST_UNIT_READY), 0x07);
	iscsi_node_end_session(talk.node, new, false, false);
	ck_assert_int_eq(enter(1, 0, &new), ISCSI_LOGIN_OK);
	ck_assert_uint_eq(execute(new, TEST_UNIT_READY), DEVICE_GOOD);
	iscsi_node_free_nexus(talk.node, old);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi node");
	TCase *t = tcase_create("node");

	suite_add_tcase(suite, t);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, there_are_64_sessions);
	tcase_add_test(t, a_port_gets_its_nexus_again_and_its_loss);
	tcase_add_test(t, a_session_identifier_names_a_session_of_the_port);
	tcase_add_test(t, there_are_32_discovery_sessions);
	tcase_add_test(t, a_nexus_is_lost_also_if_its_last_command_reserves);
	tcase_add_test(t, a_nexus_is_free_when_its_commands_have_ended);
	tcase_add_test(t, without_login_attention_the_last_session_counts);
	return run_suite(suite);
}
