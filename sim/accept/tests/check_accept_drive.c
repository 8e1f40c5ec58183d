/*
 * check_accept_drive.c: acceptance runs of a drive that speaks SCSI: one of a
 * virtual library in this process, by the back end of the sg driver.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json/acceptance.h"
#include "reports/output.h"
#include "reports/tests/report_scratch.h"
#include "sim/accept/accept.h"
#include "sim/accept/scsi.h"
#include "sim/accept/trial.h"
#include "splitter/scsi/tests/served_port.h"
#include "splitter/sg/sg.h"
#include "splitter/tests/run_suite.h"

static char dir[SCRATCH_PATH_BYTES], out[SCRATCH_PATH_BYTES + 8], err[512];
static struct served_library *served;
/* Of each drive. */
static struct served_port *ports[2];
static struct tape_library *libraries[2];
static struct accept_device *devices[2];
static unsigned drives[2] = { 0, 1 };
static bool full[2];
static struct suite suite;
static struct acceptance record;
static char *text;

static struct scsi_port *open_port(void *arg, uint32_t *largest, char *why,
    size_t why_bytes)
{
	(void)why, (void)why_bytes;
	*largest = 4 << 20;
	return served_port_scsi(ports[*(unsigned *)arg]);
}

static void close_port(void *arg, struct scsi_port *scsi)
{
	(void)arg, (void)scsi;
}

static int change(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *why, size_t why_bytes)
{
	unsigned drive = *(unsigned *)arg;

	for (unsigned i = 0; i < 2; i++) {
		const char *name = served_library_barcode(served, i);

		if (wanted->barcode[0] != '\0' &&
		    strcmp(wanted->barcode, name) != 0)
			continue;
		if (full[drive])
			served_library_take(served, drive);
		full[drive] = true;
		served_library_load(served, drive, i);
		strcpy(barcode, name);
		return 0;
	}
	snprintf(why, why_bytes, "no such volume");
	return -1;
}

static struct scsi_unit *get_unit(void *arg, char *why, size_t why_bytes)
{
	struct tape_library *library = libraries[*(unsigned *)arg];

	return sg_library_probe(library, 0, why, why_bytes) == 0
	    ? sg_library_unit(library)
	    : NULL;
}

static void date(void *arg, char to[21])
{
	(void)arg;
	strcpy(to, "2026-01-31T00:00:00Z");
}

static double source_rate(void *arg)
{
	(void)arg;
	/* So slow that no rate is a fault, whatever this machine does. */
	return 1e6;
}

static struct sg_access access_of[2];
static struct real_options options[2];

static void open_drive(unsigned drive)
{
	struct accept_scsi_config config = { .unit = get_unit,
		.arg = &drives[drive],
		.largest_bytes = 4 << 20 };

	ports[drive] = served_port_open(served, drive + 1, 0);
	access_of[drive] = (struct sg_access){
		.open = open_port, .close = close_port, .arg = &drives[drive]
	};
	options[drive] = (struct real_options){ .change = change,
		.change_arg = &drives[drive],
		.eject = true,
		.load_wait_ns = 1000000000,
		.barcode =
		    drive == 0 ? served_library_barcode(served, 0) : NULL };
	libraries[drive] =
	    sg_library_new("/dev/sg0", &options[drive], &access_of[drive]);
	config.library = libraries[drive];
	devices[drive] = accept_scsi_new(&config);
}

static void close_drive(unsigned drive)
{
	accept_scsi_free(devices[drive]);
	sg_library_free(libraries[drive]);
	served_port_close(ports[drive]);
	devices[drive] = NULL;
	libraries[drive] = NULL;
	ports[drive] = NULL;
}

/* The robot takes the cartridge out of the first drive. */
static struct accept_device *open_second(void *arg, char *why, size_t why_bytes)
{
	(void)arg, (void)why, (void)why_bytes;
	close_drive(0);
	served_library_take(served, 0);
	open_drive(1);
	return devices[1];
}

static void set_up(void)
{
	static const struct volume_spec volume = { .capacity_bytes = 128 << 20,
		.has_early_warning = true,
		.early_warning_bytes = 4 << 20,
		.payload = VOLUME_PAYLOAD_RAW };
	static const struct served_library_spec spec = {
		.drives = 2, .volumes = 2, .volume = &volume
	};

	report_scratch_make(dir);
	snprintf(out, sizeof out, "%s/out", dir);
	ck_assert_int_eq(report_output_folder(out, err, sizeof err), 0);
	served = served_library_new(&spec);
	served_library_load(served, 0, 0);
	full[0] = true;
	open_drive(0);
}

static void tear_down(void)
{
	char command[SCRATCH_PATH_BYTES + 16];

	close_drive(0);
	close_drive(1);
	served_library_free(served);
	acceptance_clear(&record);
	suite_free(&suite);
	memset(&suite, 0, sizeof suite);
	free(text);
	text = NULL;
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	ck_assert_int_eq(system(command), 0);
}

static enum accept_end run(size_t names_count, bool second)
{
	static const char *const small[] = { "acceptance.fill_scale=1" };
	const char *names[] = { served_library_barcode(served, 0),
		served_library_barcode(served, 1) };
	enum acceptance_verdict verdict;
	size_t bytes;
	struct accept_config config = {
		.device = devices[0],
		.suite = &suite,
		.run = SCENARIO_FILL,
		.names = names,
		.names_count = names_count,
		.out = out,
		.command = "tapelab run --device /dev/sg0",
		.seed = 7,
		.source_rate = source_rate,
		.second = second ? open_second : NULL,
		.date = date,
	};
	enum accept_end end;

	suite.options = (struct compose_options){
		.set = small, .set_count = 1, .cases_max = 100
	};
	ck_assert_int_eq(suite_add(&suite, "scenarios/acceptance", NULL), 0);
	ck_assert_int_eq(suite_read(&suite), 0);
	config.to = open_memstream(&text, &bytes);
	end = accept_run(&config, &verdict, err, sizeof err);
	fclose(config.to);
	if (end != ACCEPT_REFUSED)
		ck_assert_int_eq(report_acceptance_read(out, &record, err,
				     sizeof err),
		    0);
	return end;
}

static void report(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "%s\n", message);
}

static bool has_fact(const char *name, const char *value)
{
	for (size_t i = 0; i < record.facts_count; i++)
		if (strcmp(record.facts[i].name, name) == 0 &&
		    strstr(record.facts[i].value, value) != NULL)
			return true;
	return false;
}

START_TEST(all_tests_pass_on_a_virtual_drive)
{
	const struct acceptance_row *line_of_rewind = NULL;
	char *line;
	size_t bytes;

	ck_assert_msg(run(2, false) == ACCEPT_ENDED, "%s", err);
	line = acceptance_verdict_line(&record);
	ck_assert_msg(strstr(line, "VIRTUAL DRIVE: ") == line, "%s", line);
	for (size_t i = 0; i < record.tests_count; i++)
		ck_assert_msg(record.tests[i].result == ACCEPTANCE_MET,
		    "%s\n%s", text, line);
	free(line);
	ck_assert_uint_eq(record.tests_count, 12);
	ck_assert_str_eq(record.virtual_drive, "tapelab");
	ck_assert(has_fact("Profile", "lto8"));
	ck_assert(has_fact("VTA001L8", "LTO-8"));
	ck_assert(has_fact("VTA002L8", "serial number"));
	for (size_t i = 0; i < record.rows_count; i++)
		if (strcmp(record.rows[i].what, "Rewind") == 0)
			line_of_rewind = &record.rows[i];
	ck_assert_ptr_nonnull(line_of_rewind);
	ck_assert_int_eq(line_of_rewind->judgement, ACCEPTANCE_MET);
	ck_assert_ptr_nonnull(strstr(line_of_rewind->source, "profile lto8"));
	line = report_scratch_read(out, "evidence.json", &bytes);
	ck_assert_ptr_nonnull(strstr(line, "\"medium attribute\""));
	ck_assert_ptr_nonnull(strstr(line, "\"check condition\""));
	/* That of the blank cartridge, at its first load. */
	ck_assert_ptr_nonnull(strstr(line, "Blank Check"));
	ck_assert_ptr_nonnull(strstr(line, "\"before the run\""));
	ck_assert_ptr_nonnull(strstr(line, "\"02h/00h\""));
	free(line);
}
END_TEST

/* The status of a WRITE is in the evidence, and leaves the verdict open. */
START_TEST(an_answer_that_another_initiator_causes_is_recorded)
{
	static const struct served_instead full_once = {
		.opcode = 0x0a,
		.after = 3,
		.status = SCSI_TASK_SET_FULL,
	};
	char *line, *evidence;
	size_t bytes;

	served_port_instead(ports[0], &full_once);
	ck_assert_msg(run(1, false) == ACCEPT_ENDED, "%s", err);
	line = acceptance_verdict_line(&record);
	ck_assert_msg(strstr(line,
			  "another program or host may have used the drive: "
			  "WRITE(6): the device has too many commands") != NULL,
	    "%s", line);
	free(line);
	evidence = report_scratch_read(out, "evidence.json", &bytes);
	ck_assert_ptr_nonnull(strstr(evidence, "\"kind\": \"status\""));
	ck_assert_ptr_nonnull(strstr(evidence, "\"kind\": \"others\""));
	free(evidence);
}
END_TEST

START_TEST(what_a_drive_wrote_is_read_on_a_second_drive)
{
	const struct acceptance_row *row = NULL;
	char first[64];

	ck_assert_msg(run(2, true) == ACCEPT_ENDED, "%s", err);
	ck_assert_uint_eq(record.tests_count, 13);
	ck_assert_msg(record.tests[12].result == ACCEPTANCE_MET, "%s", text);
	for (size_t i = 0; i < record.rows_count; i++)
		if (strcmp(record.rows[i].what,
			"Read-back on a second drive") == 0)
			row = &record.rows[i];
	ck_assert_ptr_nonnull(row);
	ck_assert_str_eq(row->value, "source");
	ck_assert(has_fact("Second drive", "serial number TL"));
	snprintf(first, sizeof first, "serial number %s", record.serial);
	ck_assert(!has_fact("Second drive", first));
	/* READ, and neither WRITE, WRITE FILEMARKS, ERASE nor FORMAT MEDIUM. */
	ck_assert_uint_gt(served_port_count(ports[1], 0x08), 64);
	ck_assert_uint_eq(served_port_count(ports[1], 0x0a), 0);
	ck_assert_uint_eq(served_port_count(ports[1], 0x10), 0);
	ck_assert_uint_eq(served_port_count(ports[1], 0x19), 0);
	ck_assert_uint_eq(served_port_count(ports[1], 0x04), 0);
}
END_TEST

static bool refuse(void *arg)
{
	(void)arg;
	return false;
}

/* Tries a scenario whose lto8 drive is fed 20 MB/s, for half a second. */
static int try(const char *more, bool (*confirm)(void *arg))
{
	char path[SCRATCH_PATH_BYTES + 16], scenario[512];
	struct trial_config config = { .device = devices[0],
		.name = served_library_barcode(served, 0),
		.ns = 500000000,
		.seed = 3,
		.confirm = confirm };
	size_t bytes;
	int rc;

	snprintf(scenario, sizeof scenario,
	    "title: t\n"
	    "library: {drives: [lto8], volumes: {count: 1, capacity: 1 GB}}\n"
	    "splitter: {block: 64 KiB, buffer: 1 MiB, part: 2 MiB}\n"
	    "dump: {size: 400 MB, rate: 20 MB/s}\n%s",
	    more);
	report_scratch_write(dir, "t.yaml", scenario);
	snprintf(path, sizeof path, "%s/t.yaml", dir);
	config.scenario = scenario_read(path, report, NULL);
	ck_assert_ptr_nonnull(config.scenario);
	free(text);
	config.to = open_memstream(&text, &bytes);
	rc = trial_run(&config, err, sizeof err);
	fclose(config.to);
	scenario_free(config.scenario);
	return rc;
}

START_TEST(a_trial_prints_prediction_and_measurement)
{
	unsigned writes;

	ck_assert_msg(try("", NULL) == 0, "%s", err);
	ck_assert_ptr_nonnull(strstr(text, "predicted"));
	ck_assert_ptr_nonnull(strstr(text, "\nThroughput"));
	ck_assert_ptr_nonnull(strstr(text, "\nParts"));
	/* What the prediction writes in half a second at 20 MB/s. */
	writes = served_port_count(ports[0], 0x0a);
	ck_assert_uint_gt(writes, 10);
	ck_assert_uint_lt(writes, 200);
}
END_TEST

START_TEST(a_trial_is_not_begun_without_the_answer_or_the_right_scenario)
{
	ck_assert_int_eq(try("", refuse), -1);
	ck_assert_int_eq(try("faults: [{fail: block, nth: 1}]\n", NULL), -1);
	ck_assert_ptr_nonnull(strstr(err, "without faults"));
	ck_assert_uint_eq(served_port_count(ports[0], 0x0a), 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("accept_drive");
	TCase *tcase = tcase_create("accept_drive");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, all_tests_pass_on_a_virtual_drive);
	tcase_add_test(tcase,
	    an_answer_that_another_initiator_causes_is_recorded);
	tcase_add_test(tcase, what_a_drive_wrote_is_read_on_a_second_drive);
	tcase_add_test(tcase, a_trial_prints_prediction_and_measurement);
	tcase_add_test(tcase,
	    a_trial_is_not_begun_without_the_answer_or_the_right_scenario);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}
