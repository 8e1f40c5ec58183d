/* check_behaviour.c: the behaviour of drives in scenarios. */
#include <check.h>
#include <string.h>

#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

#define HEAD                    \
	"title: t\n"            \
	"dump: {size: 1 GiB}\n" \
	"library: {drives: [lto8], volumes: {capacity: 1 GiB}, "

START_TEST(every_key_is_read)
{
	static const char text[] = HEAD
	    "behaviour: {buffered: true, "
	    "buffer: 1 MiB, early_warning: none, early_warning_delay: 3, "
	    "pews: 5 MB, residual: under, compression: 80..210.5 %, "
	    "capacity: 95.5 %, "
	    "block_overhead: 7 B, filemark_size: 1 kB, media_initialization: "
	    "40 min, "
	    "clean_after_loads: 9}}\n";
	static struct scenario_text result;
	const struct drive_options *o;

	scenario_text_read(&result, text, strlen(text));
	ck_assert_str_eq(result.errors, "");
	o = &result.scenario->behaviour;
	ck_assert(o->buffering == DRIVE_BUFFERED && o->no_early_warning);
	ck_assert_uint_eq(o->buffer_bytes, 1 << 20);
	ck_assert_uint_eq(o->early_warning_delay_blocks, 3);
	ck_assert_uint_eq(o->pews_bytes, 5000000);
	ck_assert_int_eq(o->residual, DRIVE_RESIDUAL_UNDER);
	ck_assert_uint_eq(o->layout.ratio_permille, 800);
	ck_assert_uint_eq(o->ratio_spread_permille, 1305);
	ck_assert_uint_eq(o->capacity_permille, 955);
	ck_assert_uint_eq(o->capacity_spread_permille, 0);
	ck_assert_uint_eq(o->layout.block_overhead_bytes, 7);
	ck_assert_uint_eq(o->layout.filemark_bytes, 1000);
	ck_assert_int_eq(o->media_initialization_ns, INT64_C(2400000000000));
	ck_assert_uint_eq(o->clean_after_loads, 9);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(without_keys_a_drive_is_as_its_model)
{
	static const struct drive_options none;
	static const char *const texts[] = { HEAD "}\n",
		HEAD "behaviour: {}}\n", HEAD "behaviour: }\n" };
	static struct scenario_text result;

	scenario_text_read(&result, texts[_i], strlen(texts[_i]));
	ck_assert_str_eq(result.errors, "");
	ck_assert_mem_eq(&result.scenario->behaviour, &none, sizeof none);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(a_drive_may_compress_for_real)
{
	static const char text[] =
	    "title: t\n"
	    "dump: {size: 1 GiB}\n"
	    "library:\n"
	    "  drives: [lto8, {model: lto7, behaviour: {compression: 200 %}}]\n"
	    "  volumes: {capacity: 1 GiB}\n"
	    "  behaviour: {compression: zlib}\n";
	static struct scenario_text result;
	const struct drive_options *o;

	scenario_text_read(&result, text, strlen(text));
	ck_assert_str_eq(result.errors, "");
	o = result.scenario->behaviours;
	ck_assert(o[0].zlib && o[0].layout.ratio_permille == 0);
	ck_assert(!o[1].zlib && o[1].layout.ratio_permille == 2000);
	ck_assert(scenario_needs_payload(result.scenario));
	scenario_text_clear(&result);
}
END_TEST

START_TEST(a_fault_of_a_drive_is_read)
{
	static const char text[] = HEAD
	    "}\n"
	    "faults:\n"
	    "- {fail: drive, operation: locate, nth: 3, mode: hang, duration: "
	    "5 s, "
	    "once: true, drive: 1}\n"
	    "- {fail: drive, operation: write, at: 1 MiB, length: 2 MiB, "
	    "mode: slow, slowdown: 4, volume: 1}\n"
	    "- {fail: drive, operation: write, one_in: 7, deferred: true, "
	    "sense: hardware_error}\n"
	    "- {fail: drive, operation: read, after_bytes: 9 B}\n";
	static struct scenario_text result;
	const struct scenario_fault *f;

	scenario_text_read(&result, text, strlen(text));
	ck_assert_str_eq(result.errors, "");
	f = result.scenario->faults;
	ck_assert(f[0].fail == FAIL_DRIVE && f[0].drive == 1 &&
	    f[0].volume == 0 && f[0].of_drive.op == DRIVE_LOCATE &&
	    f[0].of_drive.nth == 3 && f[0].of_drive.mode == DRIVE_FAULT_HANG &&
	    f[0].of_drive.duration_ns == INT64_C(5000000000) &&
	    f[0].of_drive.once);
	ck_assert(f[1].volume == 1 && f[1].of_drive.begin_byte == 1 << 20 &&
	    f[1].of_drive.end_byte == 3 << 20 && f[1].of_drive.slowdown == 4 &&
	    f[1].of_drive.mode == DRIVE_FAULT_SLOW);
	ck_assert(f[2].of_drive.one_in == 7 && f[2].of_drive.deferred &&
	    f[2].of_drive.sense.key == SENSE_HARDWARE_ERROR);
	ck_assert(f[3].of_drive.after_bytes == 9 &&
	    f[3].of_drive.sense.key == SENSE_MEDIUM_ERROR);
	scenario_text_clear(&result);
}
END_TEST

START_TEST(a_drive_may_differ_from_the_others)
{
	static const char text[] =
	    "title: t\n"
	    "dump: {size: 1 GiB}\n"
	    "library:\n"
	    "  drives: [lto8, {model: lto7, behaviour: {buffer: 3 MiB, "
	    "early_warning: none}}, {model: lto9}]\n"
	    "  volumes: {capacity: 1 GiB}\n"
	    "  behaviour: {buffered: true, residual: over}\n";
	static struct scenario_text result;
	const struct drive_options *o;

	scenario_text_read(&result, text, strlen(text));
	ck_assert_str_eq(result.errors, "");
	ck_assert_uint_eq(result.scenario->drives_count, 3);
	ck_assert_str_eq(result.scenario->drives[1]->name, "lto7");
	o = result.scenario->behaviours;
	for (int i = 0; i < 3; i++)
		ck_assert(o[i].buffering == DRIVE_BUFFERED &&
		    o[i].residual == DRIVE_RESIDUAL_OVER);
	ck_assert(o[1].no_early_warning && o[1].buffer_bytes == 3 << 20);
	ck_assert(!o[2].no_early_warning && o[2].buffer_bytes == 0);
	scenario_text_clear(&result);
}
END_TEST

static const struct {
	const char *text, *errors;
} rows[] = {
	{ HEAD "behaviour: {buffered: false, buffer: 1 MiB}}\n",
	    "3:92: buffer: the drives do not use it with buffered: false\n" },
	{ "title: t\n"
	  "dump: {size: 1 GiB}\n"
	  "library: {drives: [lto8, "
	  "{mode: lto8}, {model: lt08, behaviour: {bufferd: true}}], "
	  "volumes: {capacity: 1 GiB}}\n",
	    "3:26: a drive needs the key \"model\"\n"
	    "3:27: unknown key \"mode\" in a drive; did you mean \"model\"?\n"
	    "3:48: model: unknown drive model \"lt08\"; did you mean "
	    "\"lto8\"?\n"
	    "3:66: unknown key \"bufferd\" in behaviour; did you mean "
	    "\"buffered\"?\n" },
	{ HEAD "behaviour: [buffered]}\n",
	    "3:66: behaviour must be a mapping of keys, each followed by \": "
	    "\" and a value; the keys are buffered, buffer, early_warning, "
	    "early_warning_delay, pews, residual, compression, capacity, "
	    "block_overhead, filemark_size, media_initialization, "
	    "clean_after_loads\n" },
	{ HEAD "behaviour: {residual: ovr, early_warning: late}}\n",
	    "3:77: residual: unknown value \"ovr\"; did you mean \"over\"?\n"
	    "3:97: early_warning: unknown value \"late\"; use one of "
	    "reported, none\n" },
	{ HEAD "behaviour: {compression: 2}}\n",
	    "3:80: compression: a percentage needs a unit, such as "
	    "90 %\n" },
	{ HEAD "payload: none, behaviour: {compression: zlib}}\n",
	    "3:64: payload: a drive with compression: zlib needs the bytes of "
	    "the dump; use raw or zlib\n" },
	{ HEAD "behaviour: {capacity: zlib}}\n",
	    "3:77: capacity: \"zlib\" is not a percentage; write a number "
	    "and a unit, such as 90 %\n" },
	{ HEAD "behaviour: {compression: 1..200 %, clean_after_loads: 0, "
	       "media_initialization: 3}}\n",
	    "3:80: compression: out of range; it must be from 10 % to 10000 "
	    "%, or a range such as 60..80 %\n"
	    "3:109: clean_after_loads: \"0\" is out of range; it is from 1 to "
	    "4294967295\n"
	    "3:134: media_initialization: a time needs a unit, such as 3 s; "
	    "there are ns, us, ms, s, min, h\n" },
	{ HEAD "behaviour: {capacity: 101 %}}\n",
	    "3:77: capacity: out of range; it must be from 50 % to 100 %, or "
	    "a range such as 60..80 %\n" },
	{ HEAD "behaviour: {bufferd: true, early_warning_delay: -1}}\n",
	    "3:67: unknown key \"bufferd\" in behaviour; did you mean "
	    "\"buffered\"?\n"
	    "3:103: early_warning_delay: \"-1\" is not a whole number without "
	    "a unit\n" },
};

START_TEST(every_error_is_reported_with_its_place)
{
	scenario_text_says(rows[_i].text, rows[_i].errors);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("behaviour");
	TCase *tc = tcase_create("behaviour");

	tcase_add_test(tc, every_key_is_read);
	tcase_add_loop_test(tc, without_keys_a_drive_is_as_its_model, 0, 3);
	tcase_add_test(tc, a_drive_may_compress_for_real);
	tcase_add_test(tc, a_fault_of_a_drive_is_read);
	tcase_add_test(tc, a_drive_may_differ_from_the_others);
	tcase_add_loop_test(tc, every_error_is_reported_with_its_place, 0,
	    sizeof rows / sizeof rows[0]);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
