/*
 * check_scsi_media.c: media and events on a SCSI bus: every sense data, which
 * cartridges fit, write protection, a reset during a load.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/tests/run_suite.h"
#include "vtl/scsi/put_back.h"
#include "vtl/scsi/tests/scsi_play.h"
#include "vtl/tests/drive_fixture.h"

static struct play on;

/*
 * Returns the expected information field of a failed write of 100 bytes; "":
 * the field is not valid.
 */
static const char *not_done(uint8_t key)
{
	switch (key) {
	case SENSE_NO_SENSE:
	case SENSE_RECOVERED:
		return "=0";
	case SENSE_NOT_READY:
	case SENSE_ILLEGAL_REQUEST:
	case SENSE_UNIT_ATTENTION:
	case SENSE_DATA_PROTECT:
		return "";
	}
	return "=100";
}

/*
 * Injects each event of the table into a write.  The write must return its
 * sense data.
 */
START_TEST(any_event_can_be_injected)
{
	const struct sense_event *e = &sense_events()[_i];
	const struct play_line line = { .fault = { .nth = 1,
					    .op = DRIVE_WRITE,
					    .once = true,
					    .sense = e->sense } };
	char want[64];

	if (e->name == NULL)
		return;
	play_make(&on, &line, NULL, "v");
	play_run(&on, "t t w100");
	snprintf(want, sizeof want, "6/29/00 6/28/00 %X/%02X/%02X%s%s%s",
	    e->sense.key, e->sense.asc, e->sense.ascq, e->sense.eom ? "e" : "",
	    e->sense.filemark ? "f" : "", not_done(e->sense.key));
	ck_assert_str_eq(on.said, want);
	play_finish(&on);
}
END_TEST

START_TEST(a_cartridge_must_fit_the_drive)
{
	static const struct {
		const char *model, *barcode, *said;
		bool protected;
		int loads; /* number of loads in the history of the volume */
	} fits[] = {
		{ "lto8", "VOL001L8", "- - 9", false, 1 },
		{ "lto8", "VOL001L7", "- - 9", false, 1 },
		{ "lto8", "VOL001L6", "3/30/00 3/30/00 3/30/00", false, 0 },
		{ "lto7", "VOL001L5", "7/27/00 - 8/00/05=9", true, 1 },
	};
	struct scsi_result result;
	struct scsi_mode mode;
	int64_t ready_ns;

	for (size_t i = 0; i < sizeof fits / sizeof *fits; i++) {
		struct volume_spec spec = fixture_spec();

		strcpy(spec.barcode, fits[i].barcode);
		memset(&on, 0, sizeof on);
		on.unit = scsi_new(drive_new(model_find(fits[i].model)), "1");
		scsi_insert(on.unit, scratch_volume(fits[i].barcode, &spec), 0,
		    &ready_ns);
		play_run(&on, "t t t");
		ck_assert_str_eq(on.said, "6/29/00 6/28/00 2/04/01");
		on.now_ns = ready_ns;
		play_run(&on, "w9 z r9");
		ck_assert_str_eq(on.said, fits[i].said);
		scsi_mode_sense(on.unit, &mode, on.now_ns, &result);
		ck_assert_int_eq(mode.protected, fits[i].protected);
		play_finish(&on);
		ck_assert_int_eq(
		    scratch_query(fits[i].barcode,
			"select "
			"count(*) from history where event = 'loaded'"),
		    fits[i].loads);
	}
}
END_TEST

START_TEST(a_reset_during_a_load_is_reported_with_it)
{
	const struct play_line line = { .fault = { .nth = 2,
					    .op = DRIVE_LOAD,
					    .once = true,
					    .mode = DRIVE_FAULT_RESET } };
	int64_t ready_ns;

	play_make(&on, &line, NULL, "v");
	play_run(&on, "t t u");
	scratch_close(scsi_remove(on.unit));
	scsi_insert(on.unit, scratch_open("v"), on.now_ns, &ready_ns);
	play_run(&on, "t t t p");
	ck_assert_str_eq(on.said, "6/29/00 6/28/00 - 0,0U");
	play_finish(&on);
}
END_TEST

START_TEST(a_load_goes_on_when_the_volume_is_put_back)
{
	static const struct play_line plain;
	struct scsi_usage usage;
	int64_t ready_ns;

	play_make(&on, &plain, NULL, "v");
	play_run(&on, "t t w9 m1");
	scratch_close(scsi_take_out(on.unit));
	scsi_put_back(on.unit, scratch_open("v"), SCSI_PUT_BACK_LOADED,
	    on.now_ns, &ready_ns);
	on.now_ns = ready_ns;
	play_run(&on, "t r9 u");
	ck_assert_str_eq(on.said, "6/28/00 9 -");
	scratch_close(scsi_take_out(on.unit));
	/* Another state of the volume: what is known of it is read again. */
	scsi_put_back(on.unit, scratch_open("v"), SCSI_PUT_BACK_OTHER,
	    on.now_ns, &ready_ns);
	scsi_get_usage(on.unit, VOLUME_ALL_PARTITIONS, &usage);
	ck_assert_uint_eq(usage.loads, 1);
	ck_assert_uint_eq(usage.bytes.load[0], 0);
	ck_assert_uint_eq(usage.bytes.life[0], 9);
	ck_assert_uint_eq(usage.bytes.life[1], 9);
	play_finish(&on);
}
END_TEST

START_TEST(a_write_protected_medium_is_not_written)
{
	static const struct play_line plain;
	struct scsi_mode mode;
	struct scsi_result result;
	int64_t ready_ns;

	play_make(&on, &plain, NULL, "v");
	play_run(&on, "t t w9 u");
	scratch_close(scsi_remove(on.unit));
	chmod(scratch_path("v"), 0444);
	scsi_insert(on.unit, scratch_open("v"), on.now_ns, &ready_ns);
	play_run(&on, "t w9 m1 e r9 m0 a9");
	ck_assert_str_eq(on.said, "6/28/00 7/27/00 7/27/00 7/27/00 9 - 1");
	scsi_mode_sense(on.unit, &mode, on.now_ns, &result);
	ck_assert(mode.protected);
	play_finish(&on);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("scsi_media");
	TCase *t = tcase_create("scsi_media");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, any_event_can_be_injected, 0, 29);
	tcase_add_test(t, a_cartridge_must_fit_the_drive);
	tcase_add_test(t, a_reset_during_a_load_is_reported_with_it);
	tcase_add_test(t, a_load_goes_on_when_the_volume_is_put_back);
	tcase_add_test(t, a_write_protected_medium_is_not_written);
	return run_suite(s);
}
