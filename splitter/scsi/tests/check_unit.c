/*
 * check_unit.c: whether a unit is ready, what is sent again and what is not, and
 * how long an answer is waited for.
 */
#include <check.h>
#include <string.h>

#include "splitter/scsi/commands.h"
#include "splitter/scsi/tests/two_units.h"
#include "splitter/tests/run_suite.h"

static void status_next(int opcode, uint8_t status)
{
	served_port_instead(two.port,
	    &(struct served_instead){
		.opcode = opcode, .outcome = SCSI_ANSWERED, .status = status });
}

static const struct ready_case {
	uint8_t key, asc, ascq;
	enum scsi_readiness readiness;
} ready_cases[] = {
	{ 2, 0x3a, 0, SCSI_NO_MEDIUM },
	{ 2, 0x3a, 4, SCSI_NOT_LOADED },
	{ 2, 0x04, 0x00, SCSI_BECOMING_READY },
	{ 2, 0x04, 0x01, SCSI_BECOMING_READY },
	{ 2, 0x04, 0x07, SCSI_BECOMING_READY },
	{ 2, 0x04, 0x02, SCSI_NOT_LOADED },
	{ 2, 0x04, 0x03, SCSI_FAILED },
	{ 2, 0x30, 0x03, SCSI_CLEANING },
	{ 2, 0x30, 0x00, SCSI_WRONG_MEDIUM },
	{ 3, 0x30, 0x02, SCSI_WRONG_MEDIUM },
	{ 4, 0x44, 0x00, SCSI_FAILED },
	{ 5, 0x25, 0x00, SCSI_FAILED },
};

START_TEST(readiness_by_sense_data)
{
	const struct ready_case *c = &ready_cases[_i];

	served_port_clear_attentions(two.port);
	two_units_fail_next(0x00, c->key, c->asc, c->ascq);
	ck_assert_int_eq(scsi_send_ready(&two.unit), c->readiness);
	ck_assert_ptr_nonnull(scsi_readiness_text(c->readiness));
}
END_TEST

START_TEST(attentions_are_counted_and_the_command_is_sent_again)
{
	two_units_load();
	two.unit.attentions = 0;
	two.unit.position_lost = false;
	two_units_fail_next(0x00, 6, 0x2a, 0x01);
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_READY);
	ck_assert_uint_eq(two.unit.attentions, 1);
	ck_assert_uint_eq(two.unit.asc, 0x2a);
	ck_assert(!two.unit.position_lost);
	two_units_fail_next(0x00, 6, 0x28, 0x00);
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_READY);
	ck_assert_uint_eq(two.unit.attentions, 2);
	ck_assert(two.unit.position_lost);
}
END_TEST

START_TEST(endless_attentions_end)
{
	served_port_instead(two.port,
	    &(struct served_instead){ .opcode = 0,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29 },
		.sense_bytes = 18,
		.for_good = true });
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_FAILED);
	ck_assert_uint_eq(served_port_count(two.port, 0x00), 11);
}
END_TEST

START_TEST(a_busy_drive_is_asked_again)
{
	int64_t begun_ns = served_library_now_ns(two.library);

	two_units_load();
	status_next(0x00, SCSI_BUSY);
	status_next(0x00, SCSI_TASK_SET_FULL);
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_READY);
	ck_assert_int_ge(served_library_now_ns(two.library) - begun_ns,
	    2000000000);
}
END_TEST

/*
 * Expected: a minute for all commands together.  Bug: each question waited for a
 * minute.
 */
START_TEST(a_drive_that_stays_busy_is_waited_for_once)
{
	const struct served_instead busy = { .opcode = 0x00,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_BUSY,
		.for_good = true };
	int64_t begun_ns = served_library_now_ns(two.library), waited_ns;

	two_units_load();
	served_port_instead(two.port, &busy);
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_BECOMING_READY);
	waited_ns = served_library_now_ns(two.library) - begun_ns;
	ck_assert_int_ge(waited_ns, 60000000000);
	for (int i = 0; i < 10; i++)
		ck_assert_int_eq(scsi_send_ready(&two.unit),
		    SCSI_BECOMING_READY);
	ck_assert_int_lt(served_library_now_ns(two.library) - begun_ns,
	    waited_ns + 1000000000);
	/* Another answer ends that. */
	ck_assert(scsi_send_inquiry(&two.unit, &(struct scsi_inquiry){ 0 }));
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_BECOMING_READY);
	ck_assert_int_ge(served_library_now_ns(two.library) - begun_ns,
	    2 * waited_ns);
}
END_TEST

START_TEST(an_interrupted_wait_ends)
{
	two_units_load();
	served_port_end_sleeps(two.port);
	status_next(0x00, SCSI_BUSY);
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_BECOMING_READY);
}
END_TEST

START_TEST(a_lost_command_is_not_sent_again)
{
	two_units_load();
	served_port_instead(two.port,
	    &(struct served_instead){ .opcode = 0x12, .outcome = SCSI_LOST });
	ck_assert(!scsi_send_inquiry(&two.unit, &(struct scsi_inquiry){ 0 }));
	ck_assert_int_eq(two.unit.answer.outcome, SCSI_LOST);
	ck_assert_uint_eq(served_port_count(two.port, 0x12), 1);
	ck_assert_uint_eq(scsi_received(&two.unit), 0);
}
END_TEST

static void count_notice(void *arg, const char *message)
{
	++*(unsigned *)arg;
	ck_assert_ptr_nonnull(strstr(message, "is not ready ("));
	ck_assert_ptr_nonnull(strstr(message, " min"));
}

/* A load needs no notice, unless it takes longer than loads do. */
START_TEST(a_wait_that_is_longer_than_a_load_is_reported)
{
	struct served_instead loading = { .opcode = 0x00,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4,
		    (uint8_t)_i },
		.sense_bytes = 18,
		.for_good = true };
	unsigned notices = 0;

	two_units_load();
	served_port_instead(two.port, &loading);
	ck_assert_int_eq(scsi_wait_ready(&two.unit, INT64_C(59000000000),
			     count_notice, &notices),
	    SCSI_BECOMING_READY);
	ck_assert_uint_eq(notices, _i == 1 ? 0 : 1);
	notices = 0;
	ck_assert_int_eq(scsi_wait_ready(&two.unit, INT64_C(150000000000),
			     count_notice, &notices),
	    SCSI_BECOMING_READY);
	/* After one minute and two; else at first, too. */
	ck_assert_uint_eq(notices, _i == 1 ? 2 : 3);
}
END_TEST

START_TEST(a_loading_drive_is_waited_for)
{
	const struct served_library_spec spec = { .takes_time = true };
	struct served_library *paced = served_library_new(&spec);
	struct served_port *p = served_port_open(paced, 1, 0);
	unsigned notices = 0;

	served_library_load(paced, 0, 0);
	scsi_unit_init(&two.unit, served_port_scsi(p));
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_BECOMING_READY);
	ck_assert_int_eq(scsi_wait_ready(&two.unit, INT64_C(960000000000),
			     count_notice, &notices),
	    SCSI_READY);
	ck_assert_uint_eq(notices, 0);
	served_library_take(paced, 0);
	served_library_load(paced, 0, 0);
	ck_assert_int_eq(scsi_wait_ready(&two.unit, INT64_C(1000000000), NULL,
			     NULL),
	    SCSI_BECOMING_READY);
	served_port_end_sleeps(p);
	ck_assert_int_eq(scsi_wait_ready(&two.unit, INT64_C(960000000000), NULL,
			     NULL),
	    SCSI_BECOMING_READY);
	served_port_close(p);
	served_library_free(paced);
}
END_TEST

/*
 * Expected: a drive is waited for as long as its generation loads, or longer if
 * it says so.  Bug: 16 minutes, and a new LTO-9 cartridge takes up to two hours.
 */
static const struct load_case {
	unsigned generation;
	uint32_t reported_s; /* 0: nothing */
	uint32_t wait_s;
} loads[] = {
	{ 9, 0, 14000 },
	{ 9, 960, 14000 },
	{ 9, 20000, 20000 },
	{ 8, 0, 960 },
	{ 8, 300, 960 },
	{ 8, 2000, 2000 },
	{ 5, 0, 1020 },
	{ 3, 0, 960 },
	{ 0, 0, 14000 },
	{ 0, 300, 960 },
};

START_TEST(a_drive_may_load_as_long_as_its_generation_does)
{
	const struct load_case *c = &loads[_i];
	struct scsi_timeouts timeouts = { .source = SCSI_TIMEOUTS_LONGEST };

	if (c->reported_s > 0)
		timeouts.reported[timeouts.count++] =
		    (struct scsi_timeout){ 0x1b, SCSI_ANY_ACTION,
			    c->reported_s };
	ck_assert_int_eq(scsi_load_wait_ns(&timeouts, c->generation, INT64_MAX),
	    INT64_C(1000000000) * c->wait_s);
	ck_assert_int_eq(scsi_load_wait_ns(&timeouts, c->generation, 7), 7);
}
END_TEST

START_TEST(another_initiator_s_reservation_is_seen)
{
	two_units_load();
	ck_assert(scsi_send_reserve(&two.other));
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_RESERVED);
	ck_assert(!scsi_send_reserve(&two.unit));
	ck_assert_uint_eq(two.unit.answer.status, SCSI_RESERVATION_CONFLICT);
	ck_assert(scsi_send_release(&two.other));
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_READY);
}
END_TEST

START_TEST(time_outs_of_the_drive)
{
	/*
	 * Before the drive is asked, a command may wait for one that a killed
	 * process left running.
	 */
	for (unsigned code = 0; code < 256; code++)
		ck_assert_uint_ge(scsi_timeout_s(&two.unit.timeouts,
				      (uint8_t)code, SCSI_ANY_ACTION),
		    SCSI_LONG_TIMEOUT_S);
	ck_assert(scsi_send_opcodes(&two.unit, 8));
	ck_assert_int_eq(two.unit.timeouts.source, SCSI_TIMEOUTS_REPORTED);
	ck_assert_uint_eq(scsi_timeout_s(&two.unit.timeouts, 0x01,
			      SCSI_ANY_ACTION),
	    600);
	ck_assert_uint_eq(scsi_timeout_s(&two.unit.timeouts, 0x92,
			      SCSI_ANY_ACTION),
	    2940);
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_NO_MEDIUM);
	ck_assert_uint_eq(two.unit.command.timeout_s, 60);
}
END_TEST

START_TEST(a_drive_without_time_outs_has_those_of_its_generation)
{
	two_units_fail_next(0xa3, 5, 0x20, 0);
	ck_assert(!scsi_send_opcodes(&two.unit, 9));
	ck_assert_int_eq(two.unit.timeouts.source, SCSI_TIMEOUTS_GENERATION);
	/* A new cartridge is initialised for two hours. */
	ck_assert_uint_eq(scsi_timeout_s(&two.unit.timeouts, 0x1b,
			      SCSI_ANY_ACTION),
	    14000);
	ck_assert_uint_eq(scsi_timeout_s(&two.unit.timeouts, 0x01,
			      SCSI_ANY_ACTION),
	    600);
	two_units_fail_next(0xa3, 5, 0x20, 0);
	ck_assert(!scsi_send_opcodes(&two.unit, 0));
	ck_assert_int_eq(two.unit.timeouts.source, SCSI_TIMEOUTS_LONGEST);
	for (unsigned code = 0; code < 256; code++) {
		uint32_t s = scsi_timeout_s(&two.unit.timeouts, (uint8_t)code,
		    SCSI_ANY_ACTION);

		ck_assert_uint_ge(s,
		    scsi_moves_medium((uint8_t)code) ? 14000 : 60);
	}
}
END_TEST

START_TEST(time_outs_are_taken_with_care)
{
	/* a command without a time-out, one with service action, one cut */
	static const uint8_t data[] = { 0, 0, 0, 99, 0x00, 0, 0, 0, 0, 0, 0, 6,
		0xa3, 0, 0, 0x0c, 0, 3, 0, 12, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		100, 0x01, 0, 0, 0, 0, 2, 0, 6, 0, 10, 0, 0 };
	struct scsi_timeouts t = { 0 };

	ck_assert(scsi_timeouts_take(&t, data, sizeof data));
	ck_assert_uint_eq(t.count, 1);
	ck_assert_uint_eq(scsi_timeout_s(&t, 0xa3, 0x0c), 100);
	ck_assert_uint_eq(scsi_timeout_s(&t, 0xa3, 0x0d), 60);
	/* A time-out of 0 is unknown. */
	ck_assert_uint_eq(scsi_timeout_s(&t, 0x01, SCSI_ANY_ACTION), 14000);
	for (size_t bytes = 0; bytes < sizeof data; bytes++)
		scsi_timeouts_take(&t, data, bytes);
	ck_assert(!scsi_timeouts_take(&t, data, 12));
}
END_TEST

START_TEST(an_answer_names_the_device)
{
	char text[256];

	two_units_fail_next(0x05, 5, 0x20, 0);
	ck_assert(!scsi_send_block_limits(&two.unit,
	    &(struct scsi_block_limits_data){ 0 }));
	scsi_unit_text(&two.unit, text, sizeof text);
	ck_assert_ptr_nonnull(strstr(text, two.unit.port->name));
	ck_assert_ptr_nonnull(strstr(text,
	    ": READ BLOCK LIMITS: Illegal Request, Invalid command operation "
	    "code (5/20/00)"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("unit");
	TCase *t = tcase_create("unit");

	tcase_add_checked_fixture(t, two_units_up, two_units_down);
	tcase_add_loop_test(t, readiness_by_sense_data, 0,
	    sizeof ready_cases / sizeof *ready_cases);
	tcase_add_test(t, attentions_are_counted_and_the_command_is_sent_again);
	tcase_add_test(t, endless_attentions_end);
	tcase_add_test(t, a_busy_drive_is_asked_again);
	tcase_add_test(t, a_drive_that_stays_busy_is_waited_for_once);
	tcase_add_test(t, an_interrupted_wait_ends);
	tcase_add_test(t, a_lost_command_is_not_sent_again);
	tcase_add_test(t, a_loading_drive_is_waited_for);
	tcase_add_loop_test(t, a_wait_that_is_longer_than_a_load_is_reported, 1,
	    2);
	tcase_add_loop_test(t, a_wait_that_is_longer_than_a_load_is_reported, 7,
	    8);
	tcase_add_loop_test(t, a_drive_may_load_as_long_as_its_generation_does,
	    0, sizeof loads / sizeof *loads);
	tcase_add_test(t, another_initiator_s_reservation_is_seen);
	tcase_add_test(t, time_outs_of_the_drive);
	tcase_add_test(t,
	    a_drive_without_time_outs_has_those_of_its_generation);
	tcase_add_test(t, time_outs_are_taken_with_care);
	tcase_add_test(t, an_answer_names_the_device);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
