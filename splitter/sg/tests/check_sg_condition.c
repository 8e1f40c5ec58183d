/*
 * check_sg_condition.c: the back end on SCSI commands: what a drive and its
 * cartridge report of themselves while a volume is loaded.
 */
#include <check.h>
#include <string.h>

#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tape/watch.h"

static struct watch watch;
static char warned[TAPE_MESSAGE_BYTES];

static void take_warning(void *arg, const char *message, int64_t at_ns)
{
	(void)arg, (void)at_ns;
	strcpy(warned, message);
}

static void begin_watch(void)
{
	warned[0] = '\0';
	watch = (struct watch){ .warning = take_warning };
	watch_loaded(&watch, sgs.tape, 0);
}

static uint64_t reported(const struct tape_condition *c, uint8_t page,
    uint16_t code)
{
	const struct tape_counter *found =
	    tape_counters_find(&c->counters, page, code);

	ck_assert_msg(found != NULL, "%02x/%04x", page, code);
	return found->value;
}

/* Counters and TapeAlert flags of this use of the volume, with its cartridge. */
START_TEST(the_use_of_a_volume_is_reported)
{
	const struct volume_defect defect = { .fail = VOLUME_FAIL_WRITE,
		.unit = VOLUME_OBJECTS,
		.at = 300,
		.sense = { .key = 3, .asc = 0x0c } };
	unsigned i;

	sg_stage_begin(1000, 10);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_load();
	begin_watch();
	sg_stage_write_files(1);
	sg_stage_header();
	if (_i == 1)
		served_library_defect(sgs.served, 1, &defect);
	for (i = 0; i < 10 && sgs.r.cause == TAPE_OK; i++)
		sg_stage_run(SG_RUN_MAX);
	if (sgs.r.cause == TAPE_OK)
		sg_stage_filemark();
	sg_stage_ck(_i == 1 ? TAPE_DEFERRED_ERROR : TAPE_OK);
	watch_closing(&watch, sgs.tape, 0);
	ck_assert(watch.before.has_counters && watch.after.has_counters);
	ck_assert_str_ne(watch.after.serial, "");
	ck_assert_uint_eq(watch.after.loads, 1);
	ck_assert_uint_gt(watch.after.capacity_bytes, 1 << 20);
	ck_assert_uint_ge(watch.before.remaining_bytes,
	    watch.after.remaining_bytes);
	ck_assert_uint_gt(reported(&watch.after, TAPE_PAGE_DEVICE, 0) -
		reported(&watch.before, TAPE_PAGE_DEVICE, 0),
	    1000000);
	ck_assert_uint_eq(reported(&watch.after, TAPE_PAGE_VOLUME, 1), 1);
	ck_assert_uint_gt(reported(&watch.after, TAPE_PAGE_COMPRESSION, 1), 0);
	if (_i == 0)
		ck_assert_str_eq(watch.errors, "");
	else
		ck_assert_msg(strstr(watch.errors,
				  "uncorrected write errors: 1") != NULL &&
			strstr(watch.errors, "flag 6 (Write failure)") != NULL,
		    "%s", watch.errors);
	sg_stage_unload(_i == 1 ? TAPE_CLOSE_SUSPECT : TAPE_CLOSE_GOOD);
	ck_assert_uint_eq(sgs.notices, 0);
	sg_stage_down();
}
END_TEST

/* TapeAlert flags 7 and 19 of the load. */
START_TEST(a_worn_volume_is_reported)
{
	static const uint64_t loads[] = { 17999, 18000, 20000 };
	static const char *const says[] = { "", "nearly worn", "worn: it is" };

	sg_stage_begin(1000, 10);
	served_library_wear(sgs.served, 1, loads[_i]);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_load();
	begin_watch();
	ck_assert_uint_eq(watch.before.loads, loads[_i] + 1);
	ck_assert_msg(strstr(warned, says[_i]) != NULL &&
		(warned[0] == '\0') == (_i == 0),
	    "%s", warned);
	sg_stage_down();
}
END_TEST

/* All pages and attributes, as received. */
static unsigned raw_pages, raw_attributes;

static void take_raw(void *arg, bool attribute, uint16_t code, const void *data,
    size_t bytes)
{
	const uint8_t *page = data;

	(void)arg;
	if (attribute) {
		raw_attributes++;
		return;
	}
	raw_pages++;
	ck_assert_uint_ge(bytes, 4);
	ck_assert_uint_eq(page[0] & 0x3f, code >> 8);
	/* Reading it clears the flags. */
	ck_assert_uint_ne(code >> 8, 0x2e);
}

START_TEST(raw_pages_are_read_with_the_counters)
{
	struct tape_condition plain = { .raw = NULL };
	struct tape_condition raw = { .raw = take_raw };

	raw_pages = raw_attributes = 0;
	sg_stage_begin(1000, 10);
	tape_get_condition(sgs.tape, &plain);
	ck_assert_uint_eq(raw_pages, 0);
	tape_get_condition(sgs.tape, &raw);
	ck_assert_uint_gt(raw_pages, 10);
	ck_assert_uint_gt(raw_attributes, 10);
	ck_assert_str_eq(plain.serial, raw.serial);
	ck_assert_uint_eq(reported(&plain, TAPE_PAGE_VOLUME, 1),
	    reported(&raw, TAPE_PAGE_VOLUME, 1));
	sg_stage_down();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sg_condition");
	TCase *t = tcase_create("sg_condition");

	tcase_add_loop_test(t, the_use_of_a_volume_is_reported, 0, 2);
	tcase_add_loop_test(t, a_worn_volume_is_reported, 0, 3);
	tcase_add_test(t, raw_pages_are_read_with_the_counters);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
