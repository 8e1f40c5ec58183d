/* check_uses.c: what `write` says of each volume that it used. */
#include <check.h>
#include <string.h>

#include "splitter/tape/counters.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tool/write/uses.h"

static struct write_use use;

static void put(struct tape_condition *c, uint8_t page, uint16_t code,
    uint64_t value)
{
	tape_counters_add(&c->counters, TAPE_MAKER_OTHER, page, code, value);
}

/* A volume of which all is known. */
static void setup(void)
{
	use = (struct write_use){ .barcode = "VTA001L8",
		.before = { .has_counters = true },
		.after = { .has_counters = true,
		    .serial = "ABC123",
		    .loads = 12,
		    .written_life_bytes = 345678901 } };
	use.before.counters.has_alerts = use.after.counters.has_alerts = true;
	put(&use.before, 0x0c, 0, 1000000);
	put(&use.after, 0x0c, 0, 9999999);
	put(&use.before, 0x02, 3, 5);
	put(&use.after, 0x02, 3, 7);
	put(&use.before, 0x03, 3, 0);
	put(&use.after, 0x03, 3, 1);
	put(&use.before, 0x02, 6, 1);
	put(&use.after, 0x02, 6, 1);
}

static void all_is_known(void)
{
}

static void nothing_is_known(void)
{
	use.after.has_counters = false;
}

static void without_barcode_or_memory(void)
{
	use.barcode[0] = use.after.serial[0] = '\0';
}

static void the_memory_has_only_a_serial_number(void)
{
	use.after.loads = use.after.written_life_bytes = TAPE_CONDITION_UNKNOWN;
}

/* A flag that was set before is not new. */
static void new_flags(void)
{
	use.before.counters.alerts = 1 << (3 - 1);
	use.after.counters.alerts =
	    1 << (3 - 1) | 1 << (4 - 1) | UINT64_C(1) << (20 - 1);
}

static void flags_are_not_known(void)
{
	use.before.counters.has_alerts = false;
}

/* The counter was cleared: it counts from there. */
static void a_counter_was_cleared(void)
{
	use.after.counters.counter[0].value = 500000;
}

static void no_counter_is_known(void)
{
	use.after.counters.count = 0;
}

static const struct text_case {
	void (*change)(void);
	const char *text;
} text_cases[] = {
	{ all_is_known,
	    "volume VTA001L8 (serial number ABC123, loads: 12, 345 MB written "
	    "in its life): 8 MB written, errors corrected 3, not corrected 0; "
	    "TapeAlert: no new flag" },
	{ nothing_is_known, "" },
	{ without_barcode_or_memory,
	    "volume (no barcode): 8 MB written, errors corrected 3, not "
	    "corrected 0; TapeAlert: no new flag" },
	{ the_memory_has_only_a_serial_number,
	    "volume VTA001L8 (serial number ABC123): 8 MB written, errors "
	    "corrected 3, not corrected 0; TapeAlert: no new flag" },
	{ new_flags,
	    "volume VTA001L8 (serial number ABC123, loads: 12, 345 MB written "
	    "in its life): 8 MB written, errors corrected 3, not corrected 0; "
	    "TapeAlert: Medium (4), Cleaning required (20)" },
	{ flags_are_not_known,
	    "volume VTA001L8 (serial number ABC123, loads: 12, 345 MB written "
	    "in its life): 8 MB written, errors corrected 3, not corrected 0" },
	{ a_counter_was_cleared,
	    "volume VTA001L8 (serial number ABC123, loads: 12, 345 MB written "
	    "in its life): 0 MB written, errors corrected 3, not corrected 0; "
	    "TapeAlert: no new flag" },
	{ no_counter_is_known,
	    "volume VTA001L8 (serial number ABC123, loads: 12, 345 MB written "
	    "in its life): TapeAlert: no new flag" },
};

START_TEST(a_volume_is_described_as_far_as_it_is_known)
{
	const struct text_case *c = &text_cases[_i];
	char text[TAPE_MESSAGE_BYTES] = "?";

	c->change();
	write_use_text(&use, text, sizeof text);
	ck_assert_str_eq(text, c->text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("uses");
	TCase *t = tcase_create("uses");

	tcase_add_checked_fixture(t, setup, NULL);
	tcase_add_loop_test(t, a_volume_is_described_as_far_as_it_is_known, 0,
	    sizeof text_cases / sizeof *text_cases);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
