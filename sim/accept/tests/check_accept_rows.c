/*
 * check_accept_rows.c: the values of an acceptance run, and their limits: those of
 * the drive that speaks SCSI, not of the robot, of its cartridge, and of the model
 * that it may be.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/accept/tests/accept_drive.h"
#include "splitter/tests/run_suite.h"

#define TEST(title)                                      \
	"title: " title "\nacceptance: {kind: quick}\n"  \
	"library: {drives: [lto8], volumes: {count: 1, " \
	"capacity: 64 MiB}}\nsteps:\n- {step: label}\n"

enum { LOAD_UNLOAD = 0x1b, REPORT_OPCODES = 0xa3, SECOND_NS = 1000000000 };

/* Its one test has the row. */
static const struct acceptance_row *row(const char *what)
{
	return accept_drive_row(NULL, what);
}

static void add_positions(void)
{
	accept_drive_add("70_positions.yaml",
	    TEST(
		"Positions") "- {step: measure, what: positions, volume: 1, size: 8 MiB, "
			     "expect: [result == done]}\n");
}

/* The second drive opens with what was set after accept_drive_set_up_as(). */
static void open_again(void)
{
	accept_drive_close();
	accept_drive_open();
}

/*
 * Expected: the times of the drive, which are 15 s for a load.  Bug: with a robot,
 * its moves were in them; without, nothing was unloaded, and both were met.
 */
START_TEST(a_load_and_an_unload_are_those_of_the_drive)
{
	accept_drive_set_up_as("lto8", "L8", true);
	accept_drive.no_robot = _i == 0;
	accept_drive.change_ns = INT64_C(24) * SECOND_NS;
	open_again();
	add_positions();
	accept_drive_run_added(1);
	ck_assert_uint_ge(served_port_count(accept_drive.ports[0], LOAD_UNLOAD),
	    2);
	ck_assert_str_eq(row("Load")->value, "15 s");
	ck_assert_str_eq(row("Load")->limit, "<= 22.5 s");
	ck_assert_int_eq(row("Load")->judgement, ACCEPTANCE_MET);
	/* 24 s without the rewind of a short tape. */
	ck_assert_msg(strtod(row("Unload")->value, NULL) >= 24, "%s",
	    row("Unload")->value);
	ck_assert_int_eq(row("Unload")->judgement, ACCEPTANCE_MET);
	accept_drive_verdict_has("VIRTUAL DRIVE: PASSED");
}
END_TEST

START_TEST(a_slow_load_is_a_fault)
{
	accept_drive_set_up_as("lto8", "L8", true);
	accept_drive.load_ns = INT64_C(15) * SECOND_NS;
	add_positions();
	accept_drive_run_added(1);
	accept_drive_verdict_has(
	    "NOT PASSED: 70_positions: Load 30 s, limit <= 22.5 s");
}
END_TEST

/* A new cartridge may take 2 h; one that was loaded before may not. */
START_TEST(the_first_load_of_a_cartridge_is_no_limit_of_later_ones)
{
	accept_drive_set_up_as("lto9", "L9", false);
	add_positions();
	accept_drive_run_added(1);
	ck_assert_str_eq(row("Load")->limit, "<= 25.5 s");
}
END_TEST

/* What was written decides how long an LTO-9 drive rewinds: 30 s + 55 s. */
START_TEST(the_limit_of_an_unload_has_its_rewind)
{
	accept_drive_set_up_as("lto9", "L9", false);
	add_positions();
	accept_drive_run_added(1);
	ck_assert_str_eq(row("Unload")->limit, "<= 2 min 08 s");
}
END_TEST

START_TEST(a_drive_that_cannot_hold_a_cartridge_is_not_measured)
{
	const struct served_instead unsupported = { .opcode = REPORT_OPCODES,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x20 },
		.sense_bytes = 18,
		.for_good = true };

	accept_drive_set_up_as("lto8", "L8", false);
	served_port_instead(accept_drive.ports[0], &unsupported);
	add_positions();
	accept_drive_run_added(1);
	ck_assert_str_eq(row("Load")->value, "not measured");
	ck_assert_int_eq(row("Load")->judgement, ACCEPTANCE_NOT_JUDGED);
	ck_assert_str_eq(row("Unload")->value, "not measured");
	ck_assert_ptr_nonnull(strstr(row("Load")->why, "cannot unload"));
}
END_TEST

/* The counters begin again with the load. */
START_TEST(errors_before_the_timed_unload_are_counted)
{
	const struct drive_fault corrected = { .op = DRIVE_WRITE,
		.nth = 4,
		.once = true,
		.sense = { .key = 1, .asc = 0x0c } };

	accept_drive_set_up_as("lto8", "L8", false);
	served_library_fault(accept_drive.served, 0, &corrected);
	add_positions();
	accept_drive_run_added(1);
	ck_assert_str_ne(row("Corrected write errors per TB, VTA001L8")->value,
	    "0.0");
}
END_TEST

/*
 * The timed load fails: the cartridge is then given back.
 *
 * Expected: the error is judged, and what was counted before the unload counts once.
 * Bug: the message was that a person took the cartridge out, because the drive then
 * says that it has none.
 */
START_TEST(a_timed_load_that_fails_is_judged)
{
	const struct served_instead bad = { .opcode = LOAD_UNLOAD,
		.after = 1,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, _i == 0 ? 3 : 4, 0, 0, 0, 0, 10, 0, 0, 0, 0,
		    0x53 },
		.sense_bytes = 18 };
	const struct acceptance *record = &accept_drive.record;

	accept_drive_set_up_as("lto8", "L8", false);
	accept_drive.no_robot = true;
	open_again();
	served_port_instead(accept_drive.ports[0], &bad);
	add_positions();
	accept_drive_run_added(1);
	ck_assert_ptr_nonnull(strstr(record->tests[0].why,
	    _i == 0 ? "medium error on cartridge" : "hardware error"));
	ck_assert_uint_gt(record->tests[0].bytes, 0);
	ck_assert_uint_eq(record->cartridges[0].written_bytes,
	    record->tests[0].bytes);
	for (size_t i = 0; i < record->doubts_count; i++)
		ck_assert_ptr_null(strstr(record->doubts[i].text,
		    "did not report"));
}
END_TEST

/* The drive reports the exchange before it is asked to load. */
static void exchange(void)
{
	served_library_take(accept_drive.served, 0);
	served_library_load(accept_drive.served, 0, 1);
	served_port_clear_attentions(accept_drive.ports[0]);
	accept_drive.before_load = NULL;
}

START_TEST(an_exchange_during_a_timed_unload_is_found)
{
	accept_drive_set_up_as("lto8", "L8", false);
	accept_drive.no_robot = true;
	open_again();
	accept_drive.before_load = exchange;
	add_positions();
	ck_assert_int_eq(accept_drive_run(accept_drive.tests, 1, false),
	    ACCEPT_INTERRUPTED);
	ck_assert_msg(strstr(accept_drive.err,
			  "cartridge VTA001L8 was taken out of the drive "
			  "during a test, or unloaded or exchanged there") !=
		NULL,
	    "%s", accept_drive.err);
}
END_TEST

static void add_rate(void)
{
	accept_drive_add("50_rate.yaml",
	    TEST(
		"Rates") "- {step: measure, what: rate, volume: 1, size: 4 MiB, "
			 "compression: off, expect: [result == done, restored == "
			 "source]}\n");
}

/* The limit is that of the cartridge. */
static const struct {
	const char *model, *suffix, *limit;
	const char *doubt; /* "": none */
} media[] = {
	{ "lto8", "L8", ">= 328.5 MB/s", "" },
	{ "lto8", "L7", ">= 275.4 MB/s",
	    "cartridge VTA001L7 is of another generation (LTO-7 in an LTO-8 "
	    "drive)" },
	{ "lto10", "LA", ">= 366.3 MB/s", "" },
	{ "lto10", "PA", ">= 366.3 MB/s", "" },
	{ "lto9hh", "L9", ">= 255.6 MB/s", "" },
};

START_TEST(a_rate_is_judged_by_the_cartridge)
{
	accept_drive_set_up_as(media[_i].model, media[_i].suffix, false);
	add_rate();
	accept_drive_run_added(1);
	ck_assert_str_eq(row("Write rate, compression off")->limit,
	    media[_i].limit);
	ck_assert_str_eq(row("Read rate, compression off")->limit,
	    media[_i].limit);
	ck_assert_msg((media[_i].doubt[0] != '\0') ==
		(accept_drive.record.doubts_count > 0 &&
		    strstr(accept_drive.text, "another generation") != NULL),
	    "%s", accept_drive.text);
	if (media[_i].doubt[0] != '\0')
		accept_drive_verdict_has(media[_i].doubt);
}
END_TEST

/* A byte takes 10 bits of the speed. */
static const struct {
	const char *speed;
	double bytes_per_s;
} links[] = {
	{ "3.0 Gbit", 300e6 },
	{ "12.0 Gbit", 1200e6 },
	{ "8 Gbit", 800e6 },
	{ "Unknown", 0 },
	{ "Link Down", 0 },
	{ "", 0 },
};

START_TEST(what_a_link_delivers_is_known_by_its_speed)
{
	accept_drive_set_up_as("lto8", "L8", false);
	accept_drive.link_speed = links[_i].speed;
	open_again();
	accept_drive_add("10_label.yaml", TEST("A label"));
	accept_drive_run_added(1);
	ck_assert_str_eq(accept_drive_fact("Link speed"), links[_i].speed);
	ck_assert(accept_drive.devices[0]->link_bytes_per_s ==
	    links[_i].bytes_per_s);
}
END_TEST

/* Which of two models the drive may be, by what it says of itself. */
static const struct {
	const char *product, *profile;
} products[] = {
	{ "Ultrium 9-SCSI", "lto9 or lto9hh" },
	{ "Ultrium 8-SCSI", "lto8 or lto8hh" },
	{ "Ultrium 7-SCSI", "lto7" },
	{ "Ultrium 5-SCSI", "lto5-hp" },
	{ "ULTRIUM-TD9", "lto9" },
	{ "ULTRIUM-HH9", "lto9hh" },
};

START_TEST(a_product_of_two_models_is_judged_as_both)
{
	accept_drive_set_up_as("lto8", "L8", false);
	accept_drive.product = products[_i].product;
	open_again();
	accept_drive_add("10_label.yaml", TEST("A label"));
	accept_drive_run_added(1);
	ck_assert_str_eq(accept_drive.record.product, products[_i].product);
	ck_assert_str_eq(accept_drive_fact("Profile"), products[_i].profile);
}
END_TEST

START_TEST(what_was_read_back_is_a_row)
{
	accept_drive_set_up_as("lto8", "L8", false);
	add_rate();
	accept_drive_add("60_blocks.yaml",
	    TEST("Blocks") "- {step: measure, what: blocks, volume: 1, expect: "
			   "[restored == source]}\n");
	/* It reads nothing. */
	add_positions();
	accept_drive_run_added(1);
	ck_assert_str_eq(row("Read-back here")->value, "source, 2 tests");
	ck_assert_int_eq(row("Read-back here")->judgement, ACCEPTANCE_MET);
	row("Rewrites per TB, VTA001L8");
	row("Corrected write errors per TB, VTA001L8");
	ck_assert_str_eq(accept_drive_fact("Compression used"),
	    "as found; off: 50_rate");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("accept_rows");
	TCase *tcase = tcase_create("accept_rows");

	tcase_add_checked_fixture(tcase, NULL, accept_drive_tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, a_load_and_an_unload_are_those_of_the_drive,
	    0, 2);
	tcase_add_test(tcase, a_slow_load_is_a_fault);
	tcase_add_test(tcase,
	    the_first_load_of_a_cartridge_is_no_limit_of_later_ones);
	tcase_add_test(tcase, the_limit_of_an_unload_has_its_rewind);
	tcase_add_test(tcase,
	    a_drive_that_cannot_hold_a_cartridge_is_not_measured);
	tcase_add_test(tcase, errors_before_the_timed_unload_are_counted);
	tcase_add_loop_test(tcase, a_timed_load_that_fails_is_judged, 0, 2);
	tcase_add_loop_test(tcase, a_rate_is_judged_by_the_cartridge, 0,
	    sizeof media / sizeof *media);
	tcase_add_loop_test(tcase, what_a_link_delivers_is_known_by_its_speed,
	    0, sizeof links / sizeof *links);
	tcase_add_loop_test(tcase, a_product_of_two_models_is_judged_as_both, 0,
	    sizeof products / sizeof *products);
	tcase_add_test(tcase, an_exchange_during_a_timed_unload_is_found);
	tcase_add_test(tcase, what_was_read_back_is_a_row);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}
