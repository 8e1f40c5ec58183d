/* check_watch.c: what a drive and a cartridge report from load to unload. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tape/cursor.h"
#include "splitter/tape/watch.h"
#include "splitter/tests/run_suite.h"

/* What the tape reports when it is asked, and what the watch said. */
static struct tape_condition now;
static unsigned warnings, pages;
static char last[TAPE_MESSAGE_BYTES];
static struct watch watch;

static void condition(struct tape *tape, struct tape_condition *out)
{
	void (*raw)(void *, bool, uint16_t, const void *, size_t) = out->raw;
	void *raw_arg = out->raw_arg;

	(void)tape;
	*out = now;
	if (raw != NULL)
		raw(raw_arg, false, 0x0200, "page", 4);
}

static const struct tape_ops ops = { .name = "test", .condition = condition };
static const struct tape_ops silent = { .name = "silent" };
static struct tape tape = { .ops = &ops, .barcode = "A00001L8", .drive = 2 };

static void warn(void *arg, const char *message, int64_t at_ns)
{
	(void)arg, (void)at_ns;
	warnings++;
	strcpy(last, message);
}

static void take_page(void *arg, bool attribute, uint16_t code,
    const void *data, size_t bytes)
{
	(void)arg, (void)data;
	ck_assert(!attribute);
	ck_assert_uint_eq(code, 0x0200);
	ck_assert_uint_eq(bytes, 4);
	pages++;
}

static void set(uint8_t page, uint16_t code, uint64_t value)
{
	size_t i = 0;

	while (i < now.counters.count &&
	    (now.counters.counter[i].page != page ||
		now.counters.counter[i].code != code))
		i++;
	if (i == now.counters.count)
		tape_counters_add(&now.counters, TAPE_MAKER_OTHER, page, code,
		    value);
	now.counters.counter[i].value = value;
}

static void begin(void)
{
	now = (struct tape_condition){ .has_counters = true,
		.counters.has_alerts = true,
		.loads = TAPE_CONDITION_UNKNOWN,
		.life_loads = TAPE_CONDITION_UNKNOWN };
	set(TAPE_PAGE_WRITE_ERRORS, TAPE_ERRORS_CORRECTED, 3);
	set(TAPE_PAGE_WRITE_ERRORS, TAPE_ERRORS_UNCORRECTED, 0);
	set(TAPE_PAGE_READ_ERRORS, TAPE_ERRORS_UNCORRECTED, 0);
	warnings = pages = 0;
	last[0] = '\0';
	memset(&watch, 0, sizeof watch);
	watch.warning = warn;
}

/* A TapeAlert flag, or loads in life, and the warning. */
static const struct remark_row {
	unsigned flag;
	uint64_t loads, life;
	const char *says; /* NULL: nothing */
} remark_rows[] = {
	{ .says = NULL },
	{ .flag = 7, .says = "worn: it is at the end" },
	{ .flag = 19, .says = "nearly worn" },
	{ .flag = 20, .says = "asks to be cleaned" },
	{ .flag = 21, .says = "asks to be cleaned" },
	{ .flag = 38, .says = "will fail" },
	{ .flag = 3, .says = NULL },
	{ .loads = 18000, .life = 20000, .says = NULL },
	{ .loads = 18001, .life = 20000, .says = "nearly worn" },
	{ .loads = 20000, .life = 20000, .says = "nearly worn" },
	{ .loads = 20001, .life = 20000, .says = "worn: it is at the end" },
	/* the number of loads that it is made for is unknown */
	{ .loads = 99999, .says = NULL },
};

START_TEST(each_remark_is_a_warning_once)
{
	const struct remark_row *row = &remark_rows[_i];

	begin();
	if (row->flag > 0)
		now.counters.alerts = UINT64_C(1) << (row->flag - 1);
	if (row->loads > 0)
		now.loads = row->loads;
	if (row->life > 0)
		now.life_loads = row->life;
	watch_loaded(&watch, &tape, 0);
	watch_closing(&watch, &tape, 1);
	ck_assert_uint_eq(warnings, row->says != NULL);
	if (row->says != NULL) {
		ck_assert_msg(strstr(last, row->says) != NULL, "%s", last);
		ck_assert_msg(strncmp(last, "drive 2, volume A00001L8: ", 26) ==
			0,
		    "%s", last);
	}
	ck_assert_str_eq(watch.errors, "");
}
END_TEST

START_TEST(remarks_of_a_result_are_not_repeated)
{
	struct tape_result r;

	begin();
	watch_loaded(&watch, &tape, 0);
	tape_result_init(&r, 1);
	r.remarks = TAPE_REMARK_CLEANING | UINT64_C(1) << 60;
	watch_result(&watch, &r, 1);
	ck_assert_uint_eq(warnings, 1);
	now.counters.alerts = UINT64_C(1) << 19;
	watch_closing(&watch, &tape, 2);
	ck_assert_uint_eq(warnings, 1);
	/* The next volume has its own. */
	watch_loaded(&watch, &tape, 3);
	ck_assert_uint_eq(warnings, 2);
}
END_TEST

/* What grows between load and unload, and the sentence. */
static const struct error_row {
	uint8_t page;
	uint16_t code;
	uint64_t before, after;
	unsigned flag;
	const char *says; /* NULL: nothing */
} error_rows[] = {
	{ .says = NULL },
	{ 0x02, 6, 0, 2, 0, "uncorrected write errors: 2" },
	{ 0x03, 6, 5, 6, 0, "uncorrected read errors: 1" },
	{ 0x02, 6, 7, 7, 0, NULL },
	/* cleared by the drive: it counts from 0 */
	{ 0x02, 6, 7, 1, 0, "uncorrected write errors: 1" },
	{ 0x17, 6, 0, 1, 0, "fatal suspended writes: 1" },
	/* Corrected errors are not judged. */
	{ 0x02, 3, 3, 9000, 0, NULL },
	{ .flag = 6, .says = "TapeAlert flag 6 (Write failure)" },
	{ .flag = 30, .says = "TapeAlert flag 30 (Hardware A)" },
	/* not critical */
	{ .flag = 3, .says = NULL },
	/* a remark of its own */
	{ .flag = 20, .says = NULL },
};

START_TEST(errors_since_the_load_are_a_sentence)
{
	const struct error_row *row = &error_rows[_i];

	begin();
	if (row->page != 0)
		set(row->page, row->code, row->before);
	now.counters.alerts = UINT64_C(1) << 3;
	watch_loaded(&watch, &tape, 0);
	ck_assert_str_eq(watch.errors, "");
	if (row->page != 0)
		set(row->page, row->code, row->after);
	if (row->flag > 0)
		now.counters.alerts |= UINT64_C(1) << (row->flag - 1);
	watch_closing(&watch, &tape, 1);
	if (row->says == NULL)
		ck_assert_str_eq(watch.errors, "");
	else
		ck_assert_msg(strstr(watch.errors, row->says) != NULL &&
			strstr(watch.errors, "volume A00001L8") != NULL &&
			strstr(watch.errors, "(Medium)") == NULL,
		    "%s", watch.errors);
	ck_assert(watch.has_condition);
}
END_TEST

START_TEST(what_cannot_be_known_is_said_once)
{
	begin();
	memset(&now, 0, sizeof now);
	strcpy(now.unknown, "cannot be known");
	watch_loaded(&watch, &tape, 0);
	watch_closing(&watch, &tape, 1);
	watch_loaded(&watch, &tape, 2);
	watch_closing(&watch, &tape, 3);
	ck_assert_uint_eq(warnings, 1);
	ck_assert_msg(strstr(last, "cannot be known") != NULL, "%s", last);
}
END_TEST

START_TEST(a_tape_that_reports_nothing_is_not_asked)
{
	struct tape other = { .ops = &silent };

	begin();
	watch_loaded(&watch, &other, 0);
	watch_closing(&watch, &other, 1);
	ck_assert(!watch.has_condition);
	ck_assert_uint_eq(warnings, 0);
}
END_TEST

/* What a stranger's tape answers is checked. */
START_TEST(an_impossible_condition_is_unknown)
{
	struct tape_condition got = { .raw = NULL };

	begin();
	memset(now.serial, 'x', sizeof now.serial);
	strcpy(now.maker, " ACME ");
	strcpy(now.barcode, "A\nB");
	now.counters.counter[0].name = NULL;
	now.counters.counter[1].unit = (enum tape_counter_unit)99;
	tape_get_condition(&tape, &got);
	ck_assert_str_eq(got.serial, "");
	ck_assert_str_eq(got.maker, "ACME");
	ck_assert_str_eq(got.barcode, "");
	ck_assert_uint_eq(got.counters.count, 1);
	now.counters.count = TAPE_COUNTERS_MAX + 1;
	tape_get_condition(&tape, &got);
	ck_assert_uint_eq(got.counters.count, 0);
}
END_TEST

START_TEST(raw_pages_are_passed_on_at_both_ends)
{
	begin();
	watch.raw = take_page;
	watch_loaded(&watch, &tape, 0);
	ck_assert_uint_eq(pages, 1);
	watch_closing(&watch, &tape, 1);
	ck_assert_uint_eq(pages, 2);
}
END_TEST

/* A library of this tape, for a cursor. */
static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	(void)library;
	tape_result_init(result, now_ns);
	return &tape;
}

static void unload(struct tape_library *library, struct tape *loaded,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	(void)library, (void)loaded, (void)why;
	tape_result_init(result, now_ns);
	result->remarks = TAPE_REMARK_FAILURE;
}

START_TEST(a_cursor_warns_of_remarks_and_errors)
{
	static const struct tape_library_ops library_ops = { .load = load,
		.unload = unload };
	struct tape_library library = { .ops = &library_ops };
	struct cursor c = { .watch = &watch };

	begin();
	now.counters.alerts = UINT64_C(1) << 18;
	ck_assert(cursor_load_next(&c, &library));
	ck_assert_uint_eq(warnings, 1);
	set(TAPE_PAGE_READ_ERRORS, TAPE_ERRORS_UNCORRECTED, 1);
	cursor_unload(&c, &library);
	ck_assert_uint_eq(warnings, 3);
	ck_assert_msg(strstr(last, "uncorrected read errors: 1") != NULL, "%s",
	    last);
}
END_TEST

#define ROWS(rows) ((int)(sizeof(rows) / sizeof *(rows)))

int main(void)
{
	Suite *s = suite_create("watch");
	TCase *tc = tcase_create("watch");

	tcase_add_loop_test(tc, each_remark_is_a_warning_once, 0,
	    ROWS(remark_rows));
	tcase_add_test(tc, remarks_of_a_result_are_not_repeated);
	tcase_add_loop_test(tc, errors_since_the_load_are_a_sentence, 0,
	    ROWS(error_rows));
	tcase_add_test(tc, what_cannot_be_known_is_said_once);
	tcase_add_test(tc, a_tape_that_reports_nothing_is_not_asked);
	tcase_add_test(tc, an_impossible_condition_is_unknown);
	tcase_add_test(tc, raw_pages_are_passed_on_at_both_ends);
	tcase_add_test(tc, a_cursor_warns_of_remarks_and_errors);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
