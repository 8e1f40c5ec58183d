/* check_steps.c: the steps of a scenario, and what is wrong with them. */
#include <check.h>
#include <string.h>

#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

#define HEAD                                                                       \
	"title: t\n"                                                               \
	"library: {drives: [lto8, lto7], volumes: {count: 3, capacity: 64 MiB}}\n" \
	"dumps: [{name: a, size: 1 MiB}, {name: b, size: 1 MiB}]\n"
#define STEPS HEAD "steps:\n"

static struct scenario_text result;

static const struct scenario *read_text(const char *text)
{
	scenario_text_read(&result, text, strlen(text));
	ck_assert_msg(result.scenario != NULL, "%s%s", text, result.errors);
	return result.scenario;
}

START_TEST(values_of_steps_are_stored)
{
	const struct scenario *s = read_text(STEPS
	    "- {step: write, dump: [a, b]}\n"
	    "- step: append\n"
	    "  dump: a\n"
	    "  volumes: [TL0002, 1]\n"
	    "  overwrite: TL0003\n"
	    "  interrupt: {by: power, before: filemark, nth: 2}\n"
	    "  faults: [{fail: block, nth: 2, dump: a}]\n"
	    "  expect: [a.parts == 1, result == killed]\n"
	    "- {step: resume, dump: a, interrupt: {by: pull, at: 64 KiB}}\n"
	    "- {step: move, volume: 2, to: \"drive:2\"}\n"
	    "- {step: exchange_drive, drive: 2, model: lto8}\n"
	    "- {step: wait, time: 2 h}\n");
	const struct scenario_step *step = s->steps;

	ck_assert_uint_eq(s->steps_count, 6);
	ck_assert_uint_eq(step[0].dumps.count, 2);
	ck_assert_int_eq(step[1].does, STEP_APPEND);
	ck_assert_int_eq(step[1].line, 6);
	ck_assert_uint_eq(step[1].volumes.list[0], 1);
	ck_assert_uint_eq(step[1].volumes.list[1], 0);
	ck_assert_uint_eq(step[1].overwrite.list[0], 2);
	ck_assert_int_eq(step[1].interrupt.by, INTERRUPT_POWER);
	ck_assert(step[1].interrupt.at_operation);
	ck_assert_int_eq(step[1].interrupt.what, SPLITTER_FAULT_FILEMARK);
	ck_assert_uint_eq(step[1].interrupt.nth, 2);
	ck_assert_uint_eq(step[1].faults_count, 1);
	ck_assert_uint_eq(step[1].faults[0].dump, 0);
	ck_assert_uint_eq(step[1].expects_count, 2);
	ck_assert_uint_eq(step[1].expects[0].place, 0);
	ck_assert_uint_eq(step[1].expects[1].place, 1);
	ck_assert_uint_eq(s->expects_count, 0);
	ck_assert_uint_eq(s->faults_count, 0);
	ck_assert_int_eq(step[2].interrupt.by, INTERRUPT_PULL);
	ck_assert_uint_eq(step[2].interrupt.at_bytes, 65536);
	ck_assert_uint_eq(step[3].volume, 2);
	ck_assert_uint_eq(step[3].address, CHANGER_DRIVE_ADDRESS + 1);
	ck_assert_str_eq(step[4].model->name, "lto8");
	ck_assert_int_eq(step[5].duration_ns, INT64_C(7200000000000));
	scenario_text_clear(&result);
}
END_TEST

START_TEST(a_dump_that_volumes_hold_is_written_before_the_first_step)
{
	const struct scenario *s = read_text(
	    "title: t\n"
	    "library:\n"
	    "  drives: [lto8]\n"
	    "  volumes:\n"
	    "  - {capacity: 64 MiB, holds: scratch}\n"
	    "  - {count: 2, capacity: 64 MiB, holds: b}\n"
	    "dumps: [{name: a, size: 1 MiB}, {name: b, size: 1 MiB}]\n"
	    "steps: [{step: read, dump: b}]\n");

	ck_assert_int_eq(s->volumes[0].holds, HOLDS_SCRATCH);
	ck_assert_uint_eq(s->volumes[1].holds_dump, 2);
	ck_assert_uint_eq(s->steps_count, 2);
	ck_assert(s->steps[0].prepares);
	ck_assert_uint_eq(s->steps[0].dumps.list[0], 1);
	ck_assert_uint_eq(s->steps[0].volumes.count, 2);
	ck_assert_uint_eq(s->steps[0].volumes.list[1], 2);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(a_scenario_with_steps_needs_no_dump)
{
	read_text("title: t\n"
		  "library: {drives: [lto8], volumes: {capacity: 64 MiB}}\n"
		  "steps: [{step: scan}]\n");
	scenario_text_clear(&result);
}
END_TEST

/* A text, and a part of its only error. */
static const struct {
	const char *text, *error;
} bads[] = {
	{ STEPS "- {dump: a}\n", "5:3: a step needs the key \"step\"" },
	{ STEPS "- {step: wirte, dump: a}\n",
	    "5:10: step: unknown step \"wirte\"; did you mean \"write\"?" },
	{ STEPS "- {step: scan, dump: a}\n",
	    "unknown key \"dump\" in a scan step" },
	{ STEPS "- {step: read, dump: a}\n- {step: write, dump: a}\n",
	    "5:3: a read step: no step above writes the dump a" },
	{ STEPS "- {step: resume, dump: b}\n",
	    "5:3: a resume step: no step above writes the dump b" },
	{ STEPS "- {step: write, dump: c}\n", "dump: no dump is called \"c\"" },
	{ STEPS "- {step: write, dump: [a, a]}\n",
	    "dump: a dump is named twice" },
	{ STEPS "- {step: write, dump: [a, b]}\n- {step: read, dump: [a, b]}\n",
	    "6:3: a read step has only one dump" },
	{ STEPS "- {step: write, dump: a, volumes: [TL0009]}\n",
	    "volumes: the library has no volume \"TL0009\"" },
	{ STEPS "- {step: write, dump: a, volumes: 4}\n",
	    "volumes: the library has no volume \"4\"" },
	{ STEPS "- {step: append, dump: a}\n", "needs the key \"volumes\"" },
	{ STEPS "- {step: take_out, volume: 1}\n"
		"- {step: protect, volume: 1}\n",
	    "6:3: protect: volume TL0001 was taken out" },
	{ STEPS "- {step: put_in, volume: 1}\n",
	    "5:3: put_in: volume TL0001 is in the library" },
	{ STEPS "- {step: swap, volume: 1, with: TL0001}\n",
	    "with: that is the same volume" },
	{ STEPS "- {step: move, volume: 1, to: \"slot:8\"}\n",
	    "to: the library has no place \"slot:8\"" },
	{ STEPS "- {step: move, volume: 1, to: shelf}\n",
	    "to: the library has no place \"shelf\"" },
	{ STEPS "- {step: exchange_drive, drive: 3, model: lto8}\n",
	    "drive: the library has only 2" },
	{ STEPS "- {step: exchange_drive, drive: 1, model: lto88}\n",
	    "model: unknown drive model \"lto88\"" },
	{ STEPS "- {step: cleaning, cartridge: TL0005}\n",
	    "is not the barcode of a cleaning cartridge" },
	{ STEPS "- {step: overwrite, volume: 1}\n", "overwrite needs `holds`" },
	{ STEPS "- {step: write, dump: a, interrupt: {by: power, at: 1 B, "
		"before: label}}\n",
	    "interrupt takes only one of the keys \"at\" and "
	    "\"before\"" },
	{ STEPS "- {step: write, dump: [a, b], interrupt: {by: power, at: 1 "
		"B}}\n",
	    "interrupt: only with one dump" },
	{ STEPS "- {step: write, dump: [a, b], volumes: 1}\n",
	    "5:3: volumes: only with one dump" },
	{ STEPS "- {step: write, dump: [a, b], overwrite: 1}\n",
	    "5:3: overwrite: only with one dump" },
	{ STEPS "- {step: write, dump: a, expect: [b.parts == 1]}\n",
	    "expect: the step has no dump b" },
	{ STEPS "- {step: write, dump: a, faults: [{fail: move, nth: 1, mode: "
		"stuck}]}\n",
	    "a move fault is not one of a step" },
	{ STEPS "- {step: write, dump: a, faults: [{fail: block, nth: 1, dump: "
		"b}]}\n",
	    "the step does not write the dump of a fault" },
	{ HEAD "faults: [{fail: block, nth: 1, dump: a}]\n"
	       "steps: [{step: write, dump: a}]\n",
	    "a block fault is one of a dump; put it into the `faults` of the "
	    "step" },
	{ HEAD "steps: [{step: write, dump: a}]\nexpect: [result == done]\n",
	    "result is a metric of a step" },
	{ HEAD "published: [{metric: parts, value: 3, kind: validation, "
	       "source: x}]\nsteps: [{step: write, dump: a}]\n",
	    "a scenario with steps has no `published` values" },
	{ "title: t\n"
	  "library: {drives: [lto8], volumes: {capacity: 64 MiB}}\n"
	  "dumps: [{name: a, size: 1 MiB, repeat: 2}]\n"
	  "steps: [{step: write, dump: a}]\n",
	    "dump a has one of the keys" },
	{ "title: t\n"
	  "library: {drives: [lto8], volumes: {capacity: 64 MiB}, payload: "
	  "none}\n"
	  "steps: [{step: scan}]\n",
	    "volumes without payload cannot be read" },
	{ "title: t\n"
	  "library: {drives: [lto8], volumes: {capacity: 64 MiB, holds: tar}}\n"
	  "dump: {size: 1 MiB}\n",
	    "need the key \"steps\"" },
	{ "title: t\n"
	  "library: {drives: [lto8], volumes: {capacity: 64 MiB}}\n"
	  "steps: []\n",
	    "a scenario needs the key \"dump\"" },
	{ "title: t\n"
	  "library: {drives: [lto8], volumes: {capacity: 64 MiB, holds: x}}\n"
	  "steps: [{step: scan}]\n",
	    "holds: no dump is called \"x\"" },
};

START_TEST(a_step_that_is_wrong_is_an_error)
{
	scenario_text_read(&result, bads[_i].text, strlen(bads[_i].text));
	ck_assert_msg(result.scenario == NULL, "%s", bads[_i].text);
	ck_assert_msg(strstr(result.errors, bads[_i].error) != NULL,
	    "%s--- said\n%s--- expected\n%s\n", bads[_i].text, result.errors,
	    bads[_i].error);
	scenario_text_clear(&result);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("steps");
	TCase *t = tcase_create("steps");

	suite_add_tcase(s, t);
	tcase_add_test(t, values_of_steps_are_stored);
	tcase_add_test(t,
	    a_dump_that_volumes_hold_is_written_before_the_first_step);
	tcase_add_test(t, a_scenario_with_steps_needs_no_dump);
	tcase_add_loop_test(t, a_step_that_is_wrong_is_an_error, 0,
	    (int)(sizeof bads / sizeof *bads));
	return run_suite(s);
}
