/* check_log_select.c: LOG SELECT, as bytes. */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/pages/tests/log_fixture.h"

START_TEST(resetting)
{
	static const uint8_t all[] = { 0x4c, 2, 0x40, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t writes[] = { 0x4c, 2, 0x42, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t defaults[] = { 0x4c, 0, 0xc0, 0, 0, 0, 0, 0, 0,
		0 };
	static const uint8_t nothing[] = { 0x4c, 0, 0x40, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t unknown[] = { 0x4c, 2, 0x41, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t save[] = { 0x4c, 3, 0x40, 0, 0, 0, 0, 0, 0, 0 };
	const struct sense *sense;

	log_fail_a_write();
	PAGES_SEND(&log_on, nothing);
	ck_assert_uint_eq(log_on.answer.status, DEVICE_GOOD);
	ck_assert_ptr_null(scsi_attention_take(scsi_get_nexuses(log_on.unit),
	    1));
	PAGES_SEND(&log_on, unknown);
	pages_assert_field(&log_on, 0x24, 2, 5);
	PAGES_SEND(&log_on, save);
	pages_assert_field(&log_on, 0x24, 1, 0);
	ck_assert_uint_eq(log_value(0x02, 6), 1);

	PAGES_SEND(&log_on, writes);
	ck_assert_uint_eq(log_on.answer.status, DEVICE_GOOD);
	sense = scsi_attention_take(scsi_get_nexuses(log_on.unit), 1);
	ck_assert_ptr_nonnull(sense);
	ck_assert_uint_eq(sense->asc, 0x2a);
	ck_assert_uint_eq(sense->ascq, 2);
	ck_assert_uint_eq(log_value(0x02, 6), 0);
	ck_assert_uint_ne(log_value(0x12, 0), 0);
	PAGES_SEND(&log_on, all);
	ck_assert_uint_eq(log_value(0x12, 0), 0);
	/* The statistics of drive and volume stay. */
	ck_assert_uint_eq(log_value(0x14, 0x0e), 1);
	ck_assert_uint_eq(log_value(0x17, 0x04), 1);
	PAGES_SEND(&log_on, defaults);
	ck_assert_uint_eq(log_on.answer.status, DEVICE_GOOD);
}
END_TEST

/* Sends a list; the CDB has its length. */
static void send_list(const uint8_t *list, size_t bytes)
{
	const uint8_t cdb[] = { 0x4c, 0, 0x40, 0, 0, 0, 0,
		(uint8_t)(bytes >> 8), (uint8_t)bytes, 0 };

	pages_send_as(&log_on, 0, cdb, sizeof cdb, list, (uint32_t)bytes);
}

#define SEND_LIST(...)                              \
	send_list((const uint8_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint8_t[]){ __VA_ARGS__ }))

START_TEST(a_list_sets_counters_that_count_on)
{
	const struct sense *sense;

	log_fail_a_write();
	ck_assert_uint_eq(log_value(0x02, 6), 1);
	SEND_LIST(0x02, 0, 0, 20,               /* page */
	    0, 5, 0, 8, 0, 0, 0, 1, 0, 0, 0, 2, /* bytes */
	    0, 6, 0, 4, 0, 0, 0, 41,            /* uncorrected errors */
	    0x03, 0, 0, 8, 0, 6, 0, 4, 0xff, 0xff, 0xff, 0xff);
	ck_assert_uint_eq(log_on.answer.status, DEVICE_GOOD);
	sense = scsi_attention_take(scsi_get_nexuses(log_on.unit), 1);
	ck_assert_ptr_nonnull(sense);
	ck_assert_uint_eq(sense->asc, 0x2a);
	ck_assert_uint_eq(sense->ascq, 2);
	ck_assert_uint_eq(log_value(0x02, 5), (UINT64_C(1) << 32) + 2);
	ck_assert_uint_eq(log_value(0x02, 6), 41);
	ck_assert_uint_eq(log_value(0x03, 6), UINT32_MAX);
	/* The parameters that the list leaves out stay. */
	ck_assert_uint_eq(log_value(0x02, 3), 0);
	/* Another list counts from the first one. */
	SEND_LIST(0x02, 0, 0, 8, 0, 6, 0, 4, 0, 0, 0, 0);
	ck_assert_uint_eq(log_value(0x02, 6), 0);
	ck_assert_uint_eq(log_value(0x02, 5), (UINT64_C(1) << 32) + 2);
}
END_TEST

START_TEST(counters_grow_from_what_was_set)
{
	static const uint8_t reset[] = { 0x4c, 2, 0x42, 0, 0, 0, 0, 0, 0, 0 };
	uint64_t written;

	pages_load(&log_on, "TST001L8");
	pages_clear_attentions(&log_on);
	SEND_LIST(0x02, 0, 0, 12, 0, 5, 0, 8, 0, 0, 0, 0, 0, 0, 3, 0xe8);
	ck_assert_uint_eq(log_value(0x02, 5), 1000);
	log_write_blocks(3);
	ck_assert_uint_eq(log_value(0x02, 5), 1000 + 3 * LOG_MB);
	PAGES_SEND(&log_on, reset);
	written = log_value(0x02, 5);
	ck_assert_uint_eq(written, 0);
	log_write_blocks(1);
	ck_assert_uint_eq(log_value(0x02, 5), LOG_MB);
}
END_TEST

START_TEST(a_list_clears_single_alerts)
{
	log_fail_a_write();
	/* Flags 3, 4 and 6 are set; page 12h does not clear them. */
	ck_assert_uint_eq(log_value(0x12, 0) >> 58, 0x0d);
	SEND_LIST(0x2e, 0, 0, 10, 0, 3, 0, 1, 0, 0, 6, 0, 1, 0);
	ck_assert_uint_eq(log_on.answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(log_value(0x12, 0) >> 58, 0x04);
	SEND_LIST(0x2e, 0, 0, 5, 0, 3, 0, 1, 1);
	pages_assert_field(&log_on, 0x26, 8, -1);
	ck_assert_uint_eq(log_value(0x12, 0) >> 58, 0x04);
}
END_TEST

/* A list with an error, and the byte that the sense data points to. */
static const struct {
	uint8_t bytes, list[24];
	uint16_t asc;
	unsigned byte;
	int bit;
} wrong[] = {
	{ 3, { 0x02, 0, 0 }, 0x1a, 0, 0 },
	{ 4, { 0x02, 0, 0, 1 }, 0x1a, 0, 0 },
	{ 7, { 0x02, 0, 0, 3, 0, 6, 0 }, 0x1a, 0, 0 },
	{ 11, { 0x02, 0, 0, 7, 0, 6, 0, 4 }, 0x1a, 0, 0 },
	{ 4, { 0x00 }, 0x26, 0, -1 },                /* the list of pages */
	{ 4, { 0x01 }, 0x26, 0, -1 },                /* no such page */
	{ 4, { 0x42, 1 }, 0x26, 0, -1 },             /* a subpage */
	{ 8, { 0x03, 0, 0, 0, 0x02 }, 0x26, 4, -1 }, /* they ascend */
	{ 12, { 0x02, 0, 0, 8, 0, 7, 0, 4 }, 0x26, 4, -1 },
	{ 12, { 0x02, 0, 0, 8, 0, 6, 0x10, 4 }, 0x26, 6, 4 },
	{ 10, { 0x02, 0, 0, 6, 0, 6, 0, 2 }, 0x26, 7, -1 },
	{ 20, { 0x02, 0, 0, 16, 0, 6, 0, 4, 0, 0, 0, 9, 0, 6, 0, 4 }, 0x26, 12,
	    -1 },
	/* a value, not a counter */
	{ 12, { 0x0c, 0, 0, 8, 0, 4, 0, 4 }, 0x26, 4, -1 },
};

START_TEST(a_wrong_list_changes_nothing)
{
	uint8_t list[12 + 24] = { 0x02, 0, 0, 8, 0, 6, 0, 4, 0, 0, 0, 77 };

	send_list(wrong[_i].list, wrong[_i].bytes);
	if (wrong[_i].asc == 0x1a)
		pages_assert_check(&log_on, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
	else
		pages_assert_field(&log_on, 0x26, wrong[_i].byte,
		    wrong[_i].bit);
	/* The same after a page that is good. */
	memcpy(list + 12, wrong[_i].list, wrong[_i].bytes);
	send_list(list, 12 + wrong[_i].bytes);
	ck_assert_uint_eq(log_on.answer.status, DEVICE_CHECK_CONDITION);
	ck_assert_uint_eq(log_value(0x02, 6), 0);
	ck_assert_ptr_null(scsi_attention_take(scsi_get_nexuses(log_on.unit),
	    1));
}
END_TEST

START_TEST(a_list_goes_with_current_values_alone)
{
	static const uint8_t list[12] = { 0x02, 0, 0, 8, 0, 6, 0, 4 };
	static const uint8_t reset[] = { 0x4c, 2, 0x40, 0, 0, 0, 0, 0, 12, 0 };
	static const uint8_t thresholds[] = { 0x4c, 0, 0, 0, 0, 0, 0, 0, 12,
		0 };
	static const uint8_t page[] = { 0x4c, 0, 0x42, 0, 0, 0, 0, 0, 12, 0 };
	static const uint8_t longer[] = { 0x4c, 0, 0x40, 0, 0, 0, 0, 0, 13, 0 };

	PAGES_SEND_OUT(&log_on, reset, list);
	pages_assert_field(&log_on, 0x24, 1, 1);
	PAGES_SEND_OUT(&log_on, thresholds, list);
	pages_assert_field(&log_on, 0x24, 2, 7);
	PAGES_SEND_OUT(&log_on, page, list);
	pages_assert_field(&log_on, 0x24, 2, 5);
	PAGES_SEND_OUT(&log_on, longer, list);
	pages_assert_check(&log_on, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
}
END_TEST

START_TEST(alerts_of_a_changer)
{
	static const uint8_t reset[] = { 0x4c, 2, 0x40, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t other[] = { 0x4c, 2, 0x42, 0, 0, 0, 0, 0, 0, 0 };

	log_on.changer.alerts = 1;
	PAGES_SEND(&log_on, other);
	pages_assert_field(&log_on, 0x24, 2, 5);
	PAGES_SEND(&log_on, reset);
	ck_assert_uint_eq(log_on.changer.alerts, 0);
	ck_assert_uint_eq(scsi_attention_take(&log_on.nexuses, 1)->ascq, 2);
	log_on.changer.alerts = 0x3;
	SEND_LIST(0x2e, 0, 0, 5, 0, 2, 0, 1, 0);
	ck_assert_uint_eq(log_on.answer.status, DEVICE_GOOD);
	ck_assert_uint_eq(log_on.changer.alerts, 1);
	SEND_LIST(0x02, 0, 0, 0);
	pages_assert_field(&log_on, 0x26, 0, -1);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("log_select");
	TCase *d = tcase_create("drive");
	TCase *c = tcase_create("changer");

	tcase_add_checked_fixture(d, log_drive, log_tear_down);
	tcase_add_test(d, resetting);
	tcase_add_test(d, a_list_sets_counters_that_count_on);
	tcase_add_test(d, counters_grow_from_what_was_set);
	tcase_add_test(d, a_list_clears_single_alerts);
	tcase_add_loop_test(d, a_wrong_list_changes_nothing, 0,
	    sizeof wrong / sizeof *wrong);
	tcase_add_test(d, a_list_goes_with_current_values_alone);
	suite_add_tcase(s, d);
	tcase_add_checked_fixture(c, log_changer, log_tear_down);
	tcase_add_test(c, alerts_of_a_changer);
	suite_add_tcase(s, c);
	return run_suite(s);
}
