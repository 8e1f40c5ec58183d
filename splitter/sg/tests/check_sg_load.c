/*
 * check_sg_load.c: a drive that becomes ready is waited for, and one that holds a
 * cartridge unloaded is made to load it.
 */
#include <check.h>
#include <string.h>

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

/* The drive, open, holds a cartridge that a killed program unloaded. */
static void set_up_unloaded(void)
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
	served_port_check(sgs.port, TEST_UNIT_READY, false,
	    &(struct served_sense){
		.key = 2, .asc = 0x04, .ascq = 0x02, .information = -1 });
}

START_TEST(a_load_can_be_interrupted)
{
	set_up_unloaded();
	served_port_end_sleeps(sgs.port);
	ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0, &sgs.r));
	sg_stage_ck(TAPE_NO_VOLUME);
	ck_assert_ptr_nonnull(strstr(sgs.r.message, "interrupted"));
	ck_assert_uint_eq(served_port_count(sgs.port, LOAD_UNLOAD), 1);
	sg_stage_down();
}
END_TEST

START_TEST(an_unloaded_cartridge_is_loaded_once)
{
	set_up_unloaded();
	if (_i == 1)
		answer_late();
	sg_stage_load();
	ck_assert_uint_eq(served_port_count(sgs.port, LOAD_UNLOAD), 1);
	sg_stage_label();
	sg_stage_ck(TAPE_OK);
	sg_stage_down();
}
END_TEST

/* 5/24/00 says that the drive has not begun to load. */
START_TEST(a_drive_that_refuses_immed_loads_without_it)
{
	set_up_unloaded();
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

	set_up_unloaded();
	served_port_instead(sgs.port, &failed);
	ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0, &sgs.r));
	sg_stage_ck(TAPE_MEDIUM_ERROR);
	ck_assert_msg(strstr(sgs.r.message, "3/53/00") != NULL, "%s",
	    sgs.r.message);
	ck_assert_uint_eq(served_port_count(sgs.port, LOAD_UNLOAD), 1);
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
	tcase_add_test(t, a_load_can_be_interrupted);
	tcase_add_loop_test(t, an_unloaded_cartridge_is_loaded_once, 0, 2);
	tcase_add_test(t, a_drive_that_refuses_immed_loads_without_it);
	tcase_add_loop_test(t, a_load_that_fails_is_not_begun_again, 0, 2);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
