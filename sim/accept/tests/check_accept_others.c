/*
 * check_accept_others.c: what other programs and hosts did to a drive, or to its
 * host adapter, is seen, and leaves the verdict open.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/accept/others.h"
#include "sim/accept/tests/accept_rig.h"
#include "splitter/scsi/facts/facts.h"
#include "splitter/scsi/tests/served_port.h"
#include "splitter/tests/run_suite.h"

enum { ONE_COMMAND = 1, READ_6 = 0x08 };

static char dir[SCRATCH_PATH_BYTES];
static struct scsi_names names;
static struct scsi_system host;
static struct served_library *served;
static struct served_port *ports[2]; /* of two initiators */
static struct scsi_unit units[2];
static struct others others;
static struct accept_others seen;

static void watch(void *arg, const struct scsi_command *command,
    const struct scsi_answer *answer)
{
	others_note(arg, command, answer);
}

static void put(const char *address, const char *file, const char *text)
{
	char path[SCRATCH_PATH_BYTES + 128];

	snprintf(path, sizeof path, "%s/sys/bus/scsi/devices/%s", dir, address);
	mkdir(path, 0777);
	report_scratch_write(path, file, text);
}

/* The kernel's count of a device. */
static void count(const char *address, uint64_t commands)
{
	char text[32];

	snprintf(text, sizeof text, "0x%llx\n", (unsigned long long)commands);
	put(address, "iorequest_cnt", text);
}

static void add_device(const char *address, const char *type)
{
	count(address, 100);
	put(address, "type", type);
}

static void set_up(void)
{
	static const char *const folders[] = { "sys", "sys/bus", "sys/bus/scsi",
		"sys/bus/scsi/devices" };
	char path[SCRATCH_PATH_BYTES + 32];

	report_scratch_make(dir);
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		snprintf(path, sizeof path, "%s/%s", dir, folders[i]);
		mkdir(path, 0777);
	}
	add_device("2:0:0:0", "1\n");
	add_device("2:0:1:0", "0\n");
	add_device("2:0:0:1", "8\n");
	add_device("3:0:0:0", "0\n");
	memset(&names, 0, sizeof names);
	strcpy(names.address, "2:0:0:0");
	ck_assert_int_lt(snprintf(names.folder, sizeof names.folder,
			     "%s/2:0:0:0", path),
	    (int)sizeof names.folder);
	host = (struct scsi_system){ .root = dir };
	served = served_library_new(NULL);
	for (unsigned i = 0; i < 2; i++) {
		ports[i] = served_port_open(served, 1, i);
		served_port_clear_attentions(ports[i]);
		scsi_unit_init(&units[i], served_port_scsi(ports[i]));
	}
	served_port_scsi(ports[0])->watch = watch;
	served_port_scsi(ports[0])->watch_arg = &others;
}

static void tear_down(void)
{
	char command[SCRATCH_PATH_BYTES + 16];

	for (unsigned i = 0; i < 2; i++)
		served_port_close(ports[i]);
	served_library_free(served);
	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	ck_assert_int_eq(system(command), 0);
}

/* Begins; the kernel counts what the run sends, and `more`. */
static bool begin(uint64_t more)
{
	others_begin(&others, &names, &host);
	scsi_send_ready(&units[0]);
	count("2:0:0:0", 100 + others.sent + ONE_COMMAND + more);
	return others_check(&others, &units[0]);
}

/* Sends some commands; the kernel counts these, and `more`. */
static void take(unsigned commands, uint64_t more)
{
	for (unsigned i = 0; i < commands; i++)
		scsi_send_ready(&units[0]);
	/* Its own question. */
	count("2:0:0:0", 100 + others.sent + ONE_COMMAND + more);
	others_take(&others, &units[0], &seen);
}

START_TEST(a_drive_that_the_run_uses_alone_is_not_doubted)
{
	ck_assert(begin(0));
	take(40, 0);
	ck_assert_str_eq(seen.drive, "");
	ck_assert_uint_eq(seen.commands, 0);
	ck_assert_str_eq(seen.adapter, "");
}
END_TEST

START_TEST(commands_of_another_program_are_counted)
{
	ck_assert(begin(0));
	take(10, 3);
	ck_assert_uint_eq(seen.commands, 3);
	/* Once. */
	take(10, 3);
	ck_assert_uint_eq(seen.commands, 0);
}
END_TEST

/* Expected: the count of a kernel that counts otherwise proves nothing. */
START_TEST(a_count_that_never_agreed_is_not_used)
{
	ck_assert(!begin(5));
	take(10, 500);
	ck_assert_uint_eq(seen.commands, 0);
	names.folder[0] = '\0';
	ck_assert(!begin(0));
}
END_TEST

START_TEST(use_of_the_adapter_is_seen)
{
	ck_assert(begin(0));
	/* The changer and the device of another adapter do not count. */
	count("2:0:0:1", 900);
	count("3:0:0:0", 900);
	count("2:0:1:0", 102);
	take(60, 0);
	ck_assert_str_eq(seen.adapter, "");
	count("2:0:1:0", 202);
	take(60, 0);
	ck_assert_str_eq(seen.adapter, "2:0:1:0 had 100 commands");
	ck_assert_str_eq(seen.drive, "");
}
END_TEST

START_TEST(a_change_of_the_registrations_is_seen)
{
	ck_assert(begin(0));
	ck_assert(scsi_send_persistent_out(&units[1], SCSI_PERSISTENT_REGISTER,
	    0, 0x1234));
	take(0, 0);
	ck_assert_ptr_nonnull(strstr(seen.drive,
	    "another initiator changed the registrations"));
	take(0, 0);
	ck_assert_str_eq(seen.drive, "");
}
END_TEST

static const struct answer_row {
	const char *name, *text;
	struct served_instead instead;
} answers[] = {
	{ "conflict", "READ(6): another initiator has reserved the device",
	    { .status = SCSI_RESERVATION_CONFLICT } },
	{ "busy", "READ(6): the device is busy", { .status = SCSI_BUSY } },
	{ "full", "READ(6): the device has too many commands",
	    { .status = SCSI_TASK_SET_FULL } },
	{ "aborted", "READ(6): another initiator aborted the command",
	    { .status = SCSI_TASK_ABORTED } },
	{ "lost", "READ(6): no answer of the device",
	    { .outcome = SCSI_LOST } },
	{ "reset", "(6/29/02)",
	    { .status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x29, 2, 0,
		    0, 0, 0 },
		.sense_bytes = 18 } },
	{ "preempted", "(6/2A/03)",
	    { .status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x2a, 3, 0,
		    0, 0, 0 },
		.sense_bytes = 18 } },
	{ "cleared", "(6/2F/00)",
	    { .status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x2f, 0, 0,
		    0, 0, 0 },
		.sense_bytes = 18 } },
	/* A cartridge was loaded; a medium error: these are of the run. */
	{ "loaded", NULL,
	    { .status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 6, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x28, 0, 0,
		    0, 0, 0 },
		.sense_bytes = 18 } },
	{ "medium error", NULL,
	    { .status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 3, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x11, 0, 0,
		    0, 0, 0 },
		.sense_bytes = 18 } },
};

START_TEST(an_answer_that_others_cause_is_seen)
{
	const struct answer_row *row = &answers[_i];
	struct served_instead instead = row->instead;
	char block[64];
	const struct scsi_command read = { .cdb = { READ_6 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_IN,
		.in = block,
		.data_bytes = sizeof block,
		.name = "READ(6)" };

	ck_assert(begin(0));
	instead.opcode = READ_6;
	for (int i = 0; i < 2; i++) {
		served_port_instead(ports[0], &instead);
		ck_assert(!scsi_send(&units[0], &read));
	}
	take(0, 0);
	ck_assert_str_eq(seen.way, "");
	if (row->text == NULL) {
		ck_assert_str_eq(seen.drive, "");
		return;
	}
	ck_assert_msg(strstr(seen.drive, row->text) != NULL &&
		strstr(seen.drive, "(2 times)") != NULL,
	    "%s: %s", row->name, seen.drive);
}
END_TEST

/* Errors of cable or adapter, and errors that are of neither. */
static const struct {
	uint8_t key, asc, ascq;
	const char *text;
} ways[] = {
	{ 0x0b, 0x08, 0x00, "(B/08/00) (2 times)" },
	{ 0x0b, 0x43, 0x00, "(B/43/00) (2 times)" },
	{ 0x0b, 0x45, 0x00, "(B/45/00) (2 times)" },
	{ 0x0b, 0x47, 0x03, "(B/47/03) (2 times)" },
	{ 0x0b, 0x48, 0x00, "(B/48/00) (2 times)" },
	{ 0x0b, 0x49, 0x00, "(B/49/00) (2 times)" },
	{ 0x0b, 0x4a, 0x00, "(B/4A/00) (2 times)" },
	{ 0x0b, 0x4b, 0x00, "(B/4B/00) (2 times)" },
	{ 0x0b, 0x4e, 0x00, "(B/4E/00) (2 times)" },
	{ 0x04, 0x08, 0x01, "(4/08/01) (2 times)" },
	/* An error inside the drive, of the medium, and without a reason. */
	{ 0x0b, 0x44, 0x00, "" },
	{ 0x0b, 0x11, 0x00, "" },
	{ 0x0b, 0x00, 0x00, "" },
	{ 0x04, 0x44, 0x00, "" },
	{ 0x04, 0x47, 0x00, "" },
	{ 0x03, 0x08, 0x00, "" },
};

START_TEST(an_error_on_the_way_to_the_drive_is_seen)
{
	const struct served_sense sense = { .key = ways[_i].key,
		.asc = ways[_i].asc,
		.ascq = ways[_i].ascq,
		.information = -1 };

	ck_assert(begin(0));
	for (int i = 0; i < 2; i++) {
		served_port_check(ports[0], 0x00, false, &sense);
		scsi_send_ready(&units[0]);
	}
	take(0, 0);
	ck_assert_str_eq(seen.drive, "");
	ck_assert_msg(ways[_i].text[0] != '\0'
		? strstr(seen.way, ways[_i].text) != NULL
		: seen.way[0] == '\0',
	    "%s", seen.way);
	/* Once. */
	take(0, 0);
	ck_assert_str_eq(seen.way, "");
}
END_TEST

static const struct {
	uint8_t key, asc, ascq;
	bool removed;
} removals[] = {
	{ 6, 0x28, 0x00, true },
	{ 2, 0x3a, 0x00, true },
	{ 2, 0x3a, 0x04, true },
	{ 2, 0x04, 0x01, true },
	{ 2, 0x04, 0x02, true },
	{ 6, 0x29, 0x00, false },
	/* The drive, which has a fault or asks for a person. */
	{ 2, 0x04, 0x00, false },
	{ 2, 0x04, 0x03, false },
	{ 2, 0x04, 0x22, false },
	/*
	 * Expected: a cartridge whose memory cannot be read is in the drive.
	 * Bug: the run was interrupted, each time.
	 */
	{ 2, 0x04, 0x10, false },
	{ 3, 0x11, 0x00, false },
};

START_TEST(a_cartridge_that_was_taken_out_is_seen)
{
	const struct served_sense sense = { .key = removals[_i].key,
		.asc = removals[_i].asc,
		.ascq = removals[_i].ascq,
		.information = -1 };
	struct scsi_mam mam;

	served_library_load(served, 0, 0);
	served_port_clear_attentions(ports[0]);
	ck_assert(begin(0));
	served_port_check(ports[0], -1, false, &sense);
	scsi_mam_read(&units[0], &mam);
	take(0, 0);
	ck_assert_msg((seen.removed[0] != '\0') == removals[_i].removed, "%s",
	    seen.removed);
	/* Once. */
	take(0, 0);
	ck_assert_str_eq(seen.removed, "");
}
END_TEST

/* A drive that loads a cartridge may be busy. */
START_TEST(a_drive_that_is_busy_when_it_is_asked_is_not_doubted)
{
	const struct served_instead busy = { .opcode = 0x00,
		.status = SCSI_BUSY };

	ck_assert(begin(0));
	served_port_instead(ports[0], &busy);
	take(2, 0);
	ck_assert_str_eq(seen.drive, "");
}
END_TEST

/* --- the verdict --- */

static const char conflict[] =
    "WRITE(6): another initiator has reserved the device";

START_TEST(use_by_others_leaves_the_verdict_open)
{
	accept_rig_add_three();
	snprintf(accept_rig.fake.others.drive,
	    sizeof accept_rig.fake.others.drive, "%s", conflict);
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("NOT DECIDED: 10_first: another program or host "
			      "may have used the drive: WRITE(6): another "
			      "initiator has reserved the device");
}
END_TEST

/* Expected: one sum.  Bug: a sentence for each load. */
START_TEST(commands_of_another_program_are_added_up)
{
	const char *first;

	accept_rig_add("20_second.yaml", accept_rig_third);
	accept_rig.fake.others.commands = 7;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is(
	    "NOT DECIDED: 20_second: another program or host "
	    "may have used the drive: another program of this "
	    "host sent ");
	first = strstr(accept_rig.text, " commands to it");
	ck_assert_ptr_nonnull(first);
	ck_assert_ptr_null(strstr(first + 1, " commands to it"));
}
END_TEST

/* Data that the drive counted and the run did not send; loads likewise. */
START_TEST(counters_that_are_larger_than_the_run_leave_the_verdict_open)
{
	accept_rig_add_three();
	if (_i == 0)
		accept_rig.fake.foreign_bytes = 2 << 20;
	else
		accept_rig.fake.foreign_loads = 1;
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	accept_rig_verdict_is("NOT DECIDED: ");
	ck_assert_ptr_nonnull(strstr(accept_rig.text,
	    _i == 0 ? "bytes to write, and the run sent"
		    : "it counted 1 loads while a cartridge of the run was "
		      "loaded"));
}
END_TEST

/* Without that; the adapter was used; the drive may be a slower model. */
START_TEST(a_rate_is_not_judged_if_its_cause_may_lie_elsewhere)
{
	/* So fast that no machine reaches it; so slow that each one does. */
	struct model fast = *model_find("lto8"), slow = fast;
	struct model_medium *m =
	    (struct model_medium *)model_medium(&fast, NULL);
	const struct acceptance_row *row;

	ck_assert((char *)m >= (char *)&fast &&
	    (char *)m < (char *)(&fast + 1));
	for (size_t i = 0; i < m->speeds; i++)
		m->speeds_bytes_per_s[i] *= 1000;
	strcpy(slow.name, "slow");
	slow.media[0].speeds = 1;
	slow.media[0].speeds_bytes_per_s[0] = 1;
	accept_rig.fake.device.model = &fast;
	/* Which model it is is not known, and the other is slow enough. */
	if (_i == 2)
		accept_rig.fake.device.slower = &slow;
	if (_i == 1)
		strcpy(accept_rig.fake.others.adapter,
		    "2:0:1:0 had 100 commands");
	accept_rig_add("30_third.yaml", accept_rig_third);
	ck_assert_msg(accept_rig_run() == ACCEPT_ENDED, "%s", accept_rig.err);
	row = accept_rig_row("Write rate");
	ck_assert_ptr_nonnull(row);
	ck_assert_int_eq(row->judgement,
	    _i == 0 ? ACCEPTANCE_NOT_MET : ACCEPTANCE_NOT_JUDGED);
	accept_rig_verdict_is(_i == 0 ? "NOT PASSED: "
		: _i == 2
		? "NOT DECIDED: 30_third: Write rate "
		: "NOT DECIDED: 30_third: other devices of the host adapter "
		  "were in use: 2:0:1:0 had 100 commands");
}
END_TEST

int main(void)
{
	Suite *s = suite_create("accept_others");
	TCase *signs = tcase_create("signs"),
	      *verdict = tcase_create("verdict");

	tcase_add_checked_fixture(signs, set_up, tear_down);
	tcase_add_test(signs, a_drive_that_the_run_uses_alone_is_not_doubted);
	tcase_add_test(signs, commands_of_another_program_are_counted);
	tcase_add_test(signs, a_count_that_never_agreed_is_not_used);
	tcase_add_test(signs, use_of_the_adapter_is_seen);
	tcase_add_test(signs, a_change_of_the_registrations_is_seen);
	tcase_add_loop_test(signs, an_answer_that_others_cause_is_seen, 0,
	    sizeof answers / sizeof *answers);
	tcase_add_loop_test(signs, an_error_on_the_way_to_the_drive_is_seen, 0,
	    sizeof ways / sizeof *ways);
	tcase_add_loop_test(signs, a_cartridge_that_was_taken_out_is_seen, 0,
	    sizeof removals / sizeof *removals);
	tcase_add_test(signs,
	    a_drive_that_is_busy_when_it_is_asked_is_not_doubted);
	suite_add_tcase(s, signs);
	tcase_add_checked_fixture(verdict, accept_rig_set_up,
	    accept_rig_tear_down);
	tcase_add_test(verdict, use_by_others_leaves_the_verdict_open);
	tcase_add_test(verdict, commands_of_another_program_are_added_up);
	tcase_add_loop_test(verdict,
	    counters_that_are_larger_than_the_run_leave_the_verdict_open, 0, 2);
	tcase_add_loop_test(verdict,
	    a_rate_is_not_judged_if_its_cause_may_lie_elsewhere, 0, 3);
	suite_add_tcase(s, verdict);
	return run_suite(s);
}
