/*
 * check_sg_load.c: a drive that becomes ready is waited for, and one that holds a
 * cartridge unloaded is made to load it.
 */
#include <check.h>
#include <string.h>

#include "splitter/scsi/commands.h"
#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"

START_TEST(a_drive_that_still_loads_is_waited_for)
{
	sgs.spec.takes_time = true;
	sgs.options.load_wait_ns = _i ? 960000000000 : 1000000000;
	sg_stage_up(100, 10);
	if (_i) {
		sg_stage_load();
		/* A load takes less than the first minute. */
		ck_assert_uint_eq(sgs.notices, 0);
		ck_assert_int_gt(sgs.r.done_ns, 5000000000);
	} else {
		ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0,
		    &sgs.r));
		sg_stage_ck(TAPE_MEDIUM_ERROR);
		ck_assert_ptr_nonnull(strstr(sgs.r.message,
		    "does not become ready"));
	}
	sg_stage_down();
}
END_TEST

/*
 * Expected: the first load of a new LTO-9 cartridge, which takes up to two
 * hours, is waited for, and reported each minute.  Bug: after 16 minutes it was
 * a medium error.
 */
START_TEST(a_new_lto9_cartridge_is_initialized)
{
	const struct drive_options behaviour = { .media_initialization_ns =
						     INT64_C(7200000000000) };

	sgs.spec = (struct served_library_spec){ .model = "lto9",
		.suffix = "L9",
		.behaviour = &behaviour,
		.takes_time = true };
	sgs.options.load_wait_ns = INT64_MAX;
	sg_stage_up(100, 10);
	sg_stage_load();
	ck_assert_int_gt(sgs.r.done_ns, INT64_C(7000000000000));
	ck_assert_uint_ge(sgs.notices, 115);
	ck_assert_uint_le(sgs.notices, 121);
	ck_assert_msg(strstr(sgs.notice, "becoming ready, 2/04/01") != NULL &&
		strstr(sgs.notice, "new LTO-9 cartridge") != NULL,
	    "%s", sgs.notice);
	sg_stage_label();
	sg_stage_ck(TAPE_OK);
	sg_stage_down();
}
END_TEST

static void end_wait(void *arg, const char *message)
{
	(void)message;
	served_port_end_sleeps(*(struct served_port **)arg);
}

/* The volume is not at fault: the next one is not asked for. */
START_TEST(a_wait_that_is_interrupted_is_no_fault_of_the_volume)
{
	sgs.spec = (struct served_library_spec){
		.model = "lto9", .suffix = "L9", .takes_time = true
	};
	sgs.options.load_wait_ns = INT64_MAX;
	sg_stage_up(100, 10);
	((struct real_library *)sgs.library)->drive->options.notice = end_wait;
	((struct real_library *)sgs.library)->drive->options.notice_arg =
	    &sgs.port;
	ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0, &sgs.r));
	sg_stage_ck(TAPE_NO_VOLUME);
	ck_assert_ptr_nonnull(strstr(sgs.r.message, "interrupted"));
	sg_stage_down();
}
END_TEST

enum { TEST_UNIT_READY = 0x00, LOAD_UNLOAD = 0x1b };

static const struct scsi_port_ops *plain;

/* A drive that does not know IMMED answers when it has loaded. */
static void execute_late(struct scsi_port *port,
    const struct scsi_command *command, struct scsi_answer *answer)
{
	struct scsi_command late = *command;

	if (late.cdb[0] == LOAD_UNLOAD)
		late.cdb[1] = 0;
	plain->execute(port, &late, answer);
}

static void answer_late(void)
{
	static struct scsi_port_ops late;

	plain = served_port_scsi(sgs.port)->ops;
	late = *plain;
	late.execute = execute_late;
	served_port_scsi(sgs.port)->ops = &late;
}

/* What drives answer meanwhile: HP's LTO drives say the second. */
static const struct served_sense held_senses[] = {
	{ 2, 0x04, 0x02, 0, false, -1 }, { 2, 0x3a, 0x04, 0, false, -1 }
};

/* The drive, open, holds a cartridge that a killed program unloaded. */
static void set_up_unloaded(const struct served_sense *held)
{
	enum { HOLD = 8 };
	static const uint8_t unload[] = { LOAD_UNLOAD, 0, 0, 0, HOLD, 0 };
	struct served_call call = { .device = 1,
		.nexus = 1,
		.cdb = unload,
		.cdb_bytes = sizeof unload };
	char err[TAPE_MESSAGE_BYTES];

	sgs.spec.takes_time = true;
	sgs.options.load_wait_ns = INT64_MAX;
	sg_stage_up(100, 10);
	served_library_sleep(sgs.served, INT64_C(100000000000));
	do
		served_library_execute(sgs.served, &call);
	while (call.status != SCSI_GOOD); /* after its unit attentions */
	ck_assert_int_eq(sg_library_probe(sgs.library, 0, err, sizeof err), 0);
	served_port_clear_attentions(sgs.port);
	served_port_check(sgs.port, TEST_UNIT_READY, false, held);
}

START_TEST(a_load_can_be_interrupted)
{
	sgs.holds = true;
	set_up_unloaded(&held_senses[0]);
	served_port_end_sleeps(sgs.port);
	ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0, &sgs.r));
	sg_stage_ck(TAPE_NO_VOLUME);
	ck_assert_ptr_nonnull(strstr(sgs.r.message, "interrupted"));
	ck_assert_uint_eq(served_port_count(sgs.port, LOAD_UNLOAD), 1);
	/* Its exclusive use ends while it loads. */
	sgs.notices = 0;
	sg_stage_free();
	ck_assert_msg(sgs.notices == 0, "%s", sgs.notice);
	sg_stage_down();
}
END_TEST

START_TEST(an_unloaded_cartridge_is_loaded_once)
{
	set_up_unloaded(&held_senses[_i / 2]);
	if (_i % 2 == 1)
		answer_late();
	sg_stage_load();
	ck_assert_uint_eq(served_port_count(sgs.port, LOAD_UNLOAD), 1);
	sg_stage_label();
	sg_stage_ck(TAPE_OK);
	sg_stage_down();
}
END_TEST

/* It still says once, after LOAD with IMMED, that it holds the cartridge. */
START_TEST(a_drive_that_says_late_that_it_loads_is_waited_for)
{
	const struct served_instead held = { .opcode = TEST_UNIT_READY,
		.after = 1,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, held_senses[_i].key, 0, 0, 0, 0, 10, 0, 0,
		    0, 0, held_senses[_i].asc, held_senses[_i].ascq },
		.sense_bytes = 18 };

	set_up_unloaded(&held_senses[0]);
	served_port_instead(sgs.port, &held);
	sg_stage_load();
	sg_stage_label();
	sg_stage_ck(TAPE_OK);
	sg_stage_down();
}
END_TEST

/* 5/24/00 says that the drive has not begun to load. */
START_TEST(a_drive_that_refuses_immed_loads_without_it)
{
	set_up_unloaded(&held_senses[0]);
	served_port_check(sgs.port, LOAD_UNLOAD, false,
	    &(struct served_sense){ .key = 5, .asc = 0x24, .information = -1 });
	sg_stage_load();
	ck_assert_uint_eq(served_port_count(sgs.port, LOAD_UNLOAD), 2);
	sg_stage_label();
	sg_stage_ck(TAPE_OK);
	sg_stage_down();
}
END_TEST

/* At once, or by the TEST UNIT READY after the load has begun. */
START_TEST(a_load_that_fails_is_not_begun_again)
{
	struct served_instead failed = { .opcode = _i == 0 ? LOAD_UNLOAD
							   : TEST_UNIT_READY,
		.after = _i == 0 ? 0 : 1,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x53 },
		.sense_bytes = 18 };

	set_up_unloaded(&held_senses[0]);
	served_port_instead(sgs.port, &failed);
	ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0, &sgs.r));
	sg_stage_ck(TAPE_MEDIUM_ERROR);
	ck_assert_msg(strstr(sgs.r.message, "3/53/00") != NULL, "%s",
	    sgs.r.message);
	ck_assert_uint_eq(served_port_count(sgs.port, LOAD_UNLOAD), 1);
	sg_stage_down();
}
END_TEST

/* Another initiator asks whether there is a cartridge. */
static enum scsi_readiness readiness_for_another(void)
{
	struct served_port *other = served_port_open(sgs.served, 1, 1);
	enum scsi_readiness readiness;
	struct scsi_unit unit;

	scsi_unit_init(&unit, served_port_scsi(other));
	readiness = scsi_send_ready(&unit);
	served_port_close(other);
	return readiness;
}

START_TEST(a_cartridge_is_unloaded_in_the_drive_and_loaded_again)
{
	const int64_t load_ns = INT64_C(15000000000);
	int64_t begun_ns;

	sgs.spec.takes_time = true;
	sgs.options.load_wait_ns = 10 * load_ns;
	sg_stage_begin(100, 10);
	ck_assert(sg_library_can_hold(sgs.library));
	sg_stage_write_files(2);
	sg_stage_rewind();
	begun_ns = sgs.r.done_ns;
	sg_library_unload_held(sgs.library, begun_ns, &sgs.r);
	sg_stage_ck(TAPE_OK);
	ck_assert_int_gt(sgs.r.done_ns - begun_ns, INT64_C(1000000000));
	ck_assert_int_ne(readiness_for_another(), SCSI_READY);
	/* Nothing is written meanwhile. */
	sg_stage_header();
	sg_stage_ck(TAPE_POSITION_LOST);
	begun_ns = sgs.r.done_ns;
	sg_library_load_held(sgs.library, begun_ns, &sgs.r);
	sg_stage_ck(TAPE_OK);
	ck_assert_int_ge(sgs.r.done_ns - begun_ns, load_ns / 2);
	ck_assert_int_le(sgs.r.done_ns - begun_ns, 2 * load_ns);
	ck_assert_int_eq(readiness_for_another(), SCSI_READY);
	/* It is where it was, locked, and can be written. */
	sg_stage_locate(1);
	sg_stage_header();
	sg_stage_ck(TAPE_OK);
	sg_stage_run(2);
	sg_stage_filemark();
	sg_stage_ck(TAPE_OK);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_down();
}
END_TEST

/* A cartridge that a person took out meanwhile. */
START_TEST(an_empty_drive_loads_nothing)
{
	sg_stage_begin(100, 10);
	sg_library_unload_held(sgs.library, 0, &sgs.r);
	sg_stage_ck(TAPE_OK);
	served_library_take(sgs.served, 0);
	sg_library_load_held(sgs.library, 0, &sgs.r);
	ck_assert_int_ne(sgs.r.cause, TAPE_OK);
	ck_assert_ptr_nonnull(strstr(sgs.r.message, "load: "));
	sg_stage_header();
	ck_assert_int_ne(sgs.r.cause, TAPE_OK);
	sg_stage_down();
}
END_TEST

START_TEST(a_drive_that_does_not_hold_says_so)
{
	static const uint8_t no_hold[] = { 0, 0x03, 0, 6, 0x1b, 1, 0, 0, 3, 0 };
	struct served_instead answer = { .opcode = 0xa3,
		.outcome = SCSI_ANSWERED,
		.data_bytes = sizeof no_hold };

	memcpy(answer.data, no_hold, sizeof no_hold);
	sg_stage_begin(100, 10);
	served_port_instead(sgs.port, &answer);
	ck_assert(!sg_library_can_hold(sgs.library));
	served_port_check(sgs.port, 0xa3, false,
	    &(struct served_sense){ .key = 5, .asc = 0x20, .information = -1 });
	ck_assert(!sg_library_can_hold(sgs.library));
	ck_assert(sg_library_can_hold(sgs.library));
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sg_load");
	TCase *t = tcase_create("load");

	tcase_add_loop_test(t, a_drive_that_still_loads_is_waited_for, 0, 2);
	tcase_add_test(t, a_new_lto9_cartridge_is_initialized);
	tcase_add_test(t, a_wait_that_is_interrupted_is_no_fault_of_the_volume);
	tcase_add_test(t,
	    a_cartridge_is_unloaded_in_the_drive_and_loaded_again);
	tcase_add_test(t, an_empty_drive_loads_nothing);
	tcase_add_test(t, a_drive_that_does_not_hold_says_so);
	tcase_add_test(t, a_load_can_be_interrupted);
	tcase_add_loop_test(t, an_unloaded_cartridge_is_loaded_once, 0, 4);
	tcase_add_loop_test(t,
	    a_drive_that_says_late_that_it_loads_is_waited_for, 0, 2);
	tcase_add_test(t, a_drive_that_refuses_immed_loads_without_it);
	tcase_add_loop_test(t, a_load_that_fails_is_not_begun_again, 0, 2);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
