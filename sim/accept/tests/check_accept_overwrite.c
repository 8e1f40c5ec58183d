/*
 * check_accept_overwrite.c: what an acceptance run overwrites: what was on a
 * cartridge when the run began, and nothing that others write there later.
 */
#include <check.h>
#include <string.h>

#include "sim/accept/tests/accept_rig.h"

/* --overwrite VTA001L8 */
static void allow(void)
{
	accept_rig.config.overwrite = fake_device_names;
	accept_rig.config.overwrite_count = 1;
}

/* The run has stopped at the cartridge, of which nothing was changed since. */
static void is_kept(unsigned changed)
{
	ck_assert_uint_eq(accept_rig.record.faults_count, 0);
	ck_assert_msg(strstr(accept_rig.err,
			  "cartridge VTA001L8 does not have the label of the "
			  "run: another program wrote on it, it was exchanged, "
			  "or the run ended before it wrote the label; look at "
			  "it with tapelab scan, and begin again, in another "
			  "folder") != NULL,
	    "%s", accept_rig.err);
	ck_assert_uint_eq(accept_rig.fake.changed, changed);
}

static void kill_in_the_second(struct acceptance *a)
{
	a->tests[1].state = ACCEPTANCE_TEST_RUNNING;
	a->tests[2].state = ACCEPTANCE_TEST_PENDING;
	acceptance_set(&a->cartridges[0].change, "");
}

START_TEST(a_foreign_cartridge_is_left_as_it_is)
{
	accept_rig_add_three();
	fake_device_make_foreign(&accept_rig.fake, 0);
	accept_rig.fake.changed = 0;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_uint_eq(accept_rig.fake.changed, 0);
	ck_assert_uint_eq(accept_rig.record.faults_count, 0);
	ck_assert_ptr_nonnull(strstr(accept_rig.err,
	    "data of an unknown program"));
	ck_assert_ptr_nonnull(strstr(accept_rig.err, "VTA001L8"));
	/* With leave it is overwritten. */
	allow();
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
}
END_TEST

/*
 * Expected: --overwrite is leave for what was there when the run began.  Bug: what
 * another program wrote after the run was killed was overwritten.
 */
START_TEST(what_others_wrote_after_a_kill_is_not_overwritten)
{
	unsigned changed;

	accept_rig_add_three();
	allow();
	accept_rig.fake.serials[0] = "MED0001";
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_rewrite(kill_in_the_second);
	accept_rig.fake.changes[0] += 5;
	fake_device_make_foreign(&accept_rig.fake, 0);
	changed = accept_rig.fake.changed;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	is_kept(changed);
}
END_TEST

/* Of the first test: before its label, and after it. */
enum { PLACES = 2 };

/* A run that may overwrite data of others is killed at a place of its first test. */
static void be_killed(int place)
{
	accept_rig_add("10_first.yaml", accept_rig_first);
	fake_device_make_foreign(&accept_rig.fake, 0);
	allow();
	accept_rig.fake.killed_at_change = (unsigned)place;
	ck_assert(accept_rig_is_killed());
	accept_rig.fake.killed_at_change = 0;
}

/* What the change reference says after another program wrote. */
enum { ANOTHER, UNKNOWN, SAME, REFERENCES };

/*
 * Expected: as above, also if the first test was not over.  Bug: only then the
 * journal said that the run has looked at the cartridge.  Another bug: without a new
 * load the reference stays the same, and was trusted.
 */
START_TEST(what_others_wrote_after_a_kill_in_the_first_test_is_kept)
{
	int reference = _i % REFERENCES;
	unsigned changed;

	if (reference == UNKNOWN)
		accept_rig.fake.changes[0] = TAPE_IDENTITY_UNKNOWN;
	be_killed(1 + _i / REFERENCES);
	if (reference == ANOTHER)
		accept_rig.fake.changes[0] += 5;
	fake_device_make_foreign(&accept_rig.fake, 0);
	changed = accept_rig.fake.changed;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	is_kept(changed);
	/* The next run finds the same. */
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	is_kept(changed);
}
END_TEST

/* Others may have written these data after the kill: no process can know. */
START_TEST(a_run_that_was_killed_before_its_label_writes_no_data_of_others)
{
	unsigned changed;

	be_killed(1);
	changed = accept_rig.fake.changed;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	is_kept(changed);
}
END_TEST

START_TEST(a_run_that_was_killed_after_its_label_is_continued)
{
	be_killed(2);
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
	ck_assert_ptr_nonnull(strstr(accept_rig.text, "is continued"));
}
END_TEST

START_TEST(a_run_that_was_killed_before_it_labels_a_blank_one_is_continued)
{
	accept_rig_add("10_first.yaml", accept_rig_first);
	accept_rig.fake.killed_at_change = 1;
	ck_assert(accept_rig_is_killed());
	accept_rig.fake.killed_at_change = 0;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
}
END_TEST

/*
 * The drive cannot read the cartridge when the run looks at it, and can when it is
 * labelled.
 */
START_TEST(what_could_not_be_read_after_a_kill_is_kept)
{
	unsigned changed;

	be_killed(1);
	accept_rig.fake.failing_reads = 1;
	changed = accept_rig.fake.changed;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_ENDED);
	ck_assert_uint_eq(accept_rig.fake.failing_reads, 0);
	ck_assert_uint_eq(accept_rig.fake.changed, changed);
	accept_rig_verdict_is("NOT DECIDED: 10_first: medium error");
}
END_TEST

/* Another cartridge with the same name. */
START_TEST(a_cartridge_that_was_exchanged_after_the_first_look_is_kept)
{
	unsigned changed;

	accept_rig.fake.serials[0] = "MED0001";
	be_killed(_i);
	accept_rig.fake.serials[0] = "MED0002";
	changed = accept_rig.fake.changed;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_ptr_nonnull(strstr(accept_rig.err, "it was exchanged"));
	ck_assert_uint_eq(accept_rig.fake.changed, changed);
}
END_TEST

/*
 * Another cartridge, of which only the change reference can be read, and that is
 * by chance the one of the first.
 *
 * Expected: it is kept.  Bug: the reference showed no write since then.
 */
START_TEST(a_cartridge_without_its_serial_number_is_not_the_first)
{
	unsigned changed;

	accept_rig.fake.serials[0] = "MED0001";
	be_killed(1);
	accept_rig.fake.serials[0] = "";
	changed = accept_rig.fake.changed;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_msg(strstr(accept_rig.err,
			  "it may be another one; put the first one in again, "
			  "and the same command continues the run") != NULL,
	    "%s", accept_rig.err);
	ck_assert_uint_eq(accept_rig.fake.changed, changed);
}
END_TEST

/*
 * A medium without serial number and change reference: what is on it is looked at
 * with each load.
 */
START_TEST(what_others_wrote_between_two_loads_is_kept)
{
	accept_rig_add_three();
	allow();
	accept_rig.fake.changes[0] = TAPE_IDENTITY_UNKNOWN;
	accept_rig.fake.foreign_at_load = (unsigned)_i;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	is_kept(accept_rig.fake.changed_at_load);
}
END_TEST

/*
 * Expected: a cartridge whose memory cannot be read is looked at.  Bug: what is not
 * known does not differ, so it was treated as the one before.
 */
START_TEST(what_others_wrote_is_kept_if_the_memory_cannot_be_read)
{
	accept_rig_add_three();
	allow();
	accept_rig.fake.memory_fails = true;
	accept_rig.fake.foreign_at_load = (unsigned)_i;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	is_kept(accept_rig.fake.changed_at_load);
}
END_TEST

static void interrupt_before_the_last(struct acceptance *a)
{
	a->tests[a->tests_count - 1].state = ACCEPTANCE_TEST_PENDING;
}

/*
 * The cartridge stayed in the drive after an interrupt: no load, so the reference
 * is the same.
 *
 * Expected: what another program wrote then is kept.  Bug: the reference alone
 * decided.
 */
START_TEST(what_others_wrote_without_another_load_is_kept)
{
	unsigned changed;

	if (_i == 0) {
		accept_rig_add_three();
	} else {
		accept_rig_add("10_first.yaml", accept_rig_first);
		accept_rig_add("20_again.yaml", accept_rig_first);
	}
	allow();
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_rewrite(interrupt_before_the_last);
	fake_device_make_foreign(&accept_rig.fake, 0);
	changed = accept_rig.fake.changed;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	is_kept(changed);
}
END_TEST

/* What a refusal asks for, after what was done to the first cartridge. */
static void name_another_volume(void)
{
	fake_device_label_as(&accept_rig.fake, 0, "OTHER1");
}

static void claim_foreign(void)
{
	accept_rig.fake.serials[0] = "MED0001";
	accept_rig.fake.claimed[0] = true;
	fake_device_make_foreign(&accept_rig.fake, 0);
}

static const struct refusal {
	void (*make)(void);
	const char *advice;
	const char *names[2];
	size_t count;
} refusals[] = {
	{ name_another_volume,
	    "to overwrite it, give each of these names: VTA001L8, OTHER1",
	    { "VTA001L8", "OTHER1" }, 2 },
	{ claim_foreign, "to overwrite it, name it: MED0001", { "MED0001" },
	    1 },
};

enum { REFUSALS = sizeof refusals / sizeof *refusals };

/*
 * Expected: the names for which a refusal asks are leave.  Bug: the label step got
 * the barcode alone, refused, and that was a fault of the drive.
 */
START_TEST(the_names_that_a_refusal_asks_for_are_leave)
{
	const struct refusal *row = &refusals[_i];

	accept_rig_add_three();
	row->make();
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_msg(strstr(accept_rig.err, row->advice) != NULL, "%s",
	    accept_rig.err);
	accept_rig.config.overwrite = row->names;
	accept_rig.config.overwrite_count = row->count;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
}
END_TEST

static const char two[] =
    "title: Two labels\nacceptance: {kind: quick}\n" LIBRARY(
	2) "steps: [{step: label, expect: [result == done]}]\n";

/* One test labels the first cartridge, another one both. */
static void use_two(void)
{
	accept_rig_add("10_first.yaml", accept_rig_first);
	accept_rig_add("20_two.yaml", two);
	accept_rig.config.names_count = 2;
	accept_rig.config.overwrite = fake_device_names;
	accept_rig.config.overwrite_count = 2;
}

/* The second one needs both names, and the first one has its label already. */
START_TEST(cartridges_with_each_others_labels_may_be_overwritten)
{
	use_two();
	fake_device_label_as(&accept_rig.fake, 0, fake_device_names[1]);
	fake_device_label_as(&accept_rig.fake, 1, fake_device_names[0]);
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("PASSED");
}
END_TEST

/*
 * Others wrote on the first one, and its change reference does not show that.  The
 * look may fail, and the label step look again.
 */
START_TEST(leave_for_one_cartridge_is_none_for_another)
{
	use_two();
	accept_rig.fake.foreign_at_load = 2;
	accept_rig.fake.failing_then = (unsigned)_i;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	if (_i == 0)
		is_kept(accept_rig.fake.changed_at_load);
	else
		ck_assert_uint_eq(accept_rig.fake.changed,
		    accept_rig.fake.changed_at_load);
}
END_TEST

/*
 * Expected: the run no longer knows what is on the cartridge, and keeps it.  Bug: the
 * change reference was forgotten, and the leave was not.
 */
START_TEST(what_others_wrote_after_a_label_that_failed_is_kept)
{
	accept_rig_add_three();
	allow();
	fake_device_make_foreign(&accept_rig.fake, 0);
	accept_rig.fake.failing_labels = 1;
	accept_rig.fake.foreign_at_load = 2;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	is_kept(accept_rig.fake.changed_at_load);
}
END_TEST

/* Such a cartridge gets no label of a run: no test can use it. */
START_TEST(a_write_once_cartridge_is_refused)
{
	accept_rig_add("10_first.yaml", accept_rig_first);
	accept_rig.fake.write_once[0] = true;
	if (_i == 1)
		allow();
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_msg(strstr(accept_rig.err, "write-once") != NULL, "%s",
	    accept_rig.err);
	ck_assert_uint_eq(accept_rig.fake.changed, 0);
}
END_TEST

/* The memory has it after each label, too: no test could append to it. */
START_TEST(a_cartridge_with_another_barcode_in_its_memory_is_refused)
{
	static const char *const names[] = { "VTA001L8", "OTHER1L8" };

	accept_rig_add_three();
	accept_rig.fake.barcodes[0] = names[1];
	accept_rig.fake.claimed[0] = _i == 1;
	accept_rig.config.overwrite = names;
	accept_rig.config.overwrite_count = 2;
	ck_assert_int_eq(accept_rig_run(), ACCEPT_INTERRUPTED);
	ck_assert_msg(strstr(accept_rig.err,
			  "the memory of the medium (MAM) has the barcode "
			  "OTHER1L8") != NULL,
	    "%s", accept_rig.err);
	ck_assert_int_eq(strstr(accept_rig.err, "--volume OTHER1L8") != NULL,
	    _i == 1);
	ck_assert_uint_eq(accept_rig.fake.changed, 0);
}
END_TEST

int main(void)
{
	TCase *tcase = accept_rig_case("accept_overwrite");

	tcase_add_test(tcase, a_foreign_cartridge_is_left_as_it_is);
	tcase_add_test(tcase,
	    what_others_wrote_after_a_kill_is_not_overwritten);
	tcase_add_loop_test(tcase,
	    what_others_wrote_after_a_kill_in_the_first_test_is_kept, 0,
	    REFERENCES * PLACES);
	tcase_add_test(tcase,
	    a_run_that_was_killed_before_its_label_writes_no_data_of_others);
	tcase_add_test(tcase,
	    a_run_that_was_killed_after_its_label_is_continued);
	tcase_add_test(tcase,
	    a_run_that_was_killed_before_it_labels_a_blank_one_is_continued);
	tcase_add_test(tcase, what_could_not_be_read_after_a_kill_is_kept);
	tcase_add_loop_test(tcase,
	    a_cartridge_that_was_exchanged_after_the_first_look_is_kept, 1,
	    PLACES + 1);
	tcase_add_test(tcase,
	    a_cartridge_without_its_serial_number_is_not_the_first);
	tcase_add_loop_test(tcase, what_others_wrote_between_two_loads_is_kept,
	    2, 5);
	tcase_add_loop_test(tcase,
	    what_others_wrote_is_kept_if_the_memory_cannot_be_read, 2, 5);
	tcase_add_loop_test(tcase,
	    what_others_wrote_without_another_load_is_kept, 0, 2);
	tcase_add_loop_test(tcase, the_names_that_a_refusal_asks_for_are_leave,
	    0, REFUSALS);
	tcase_add_test(tcase,
	    cartridges_with_each_others_labels_may_be_overwritten);
	tcase_add_loop_test(tcase, leave_for_one_cartridge_is_none_for_another,
	    0, 3);
	tcase_add_test(tcase,
	    what_others_wrote_after_a_label_that_failed_is_kept);
	tcase_add_loop_test(tcase, a_write_once_cartridge_is_refused, 0, 2);
	tcase_add_loop_test(tcase,
	    a_cartridge_with_another_barcode_in_its_memory_is_refused, 0, 2);
	return accept_rig_run_case(tcase);
}
