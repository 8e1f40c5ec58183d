/*
 * check_sg_load.c: a drive that becomes ready is waited for.
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

int main(void)
{
	Suite *suite = suite_create("sg_load");
	TCase *t = tcase_create("load");

	tcase_add_loop_test(t, a_drive_that_still_loads_is_waited_for, 0, 2);
	tcase_add_test(t, a_new_lto9_cartridge_is_initialized);
	tcase_add_test(t, a_wait_that_is_interrupted_is_no_fault_of_the_volume);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
