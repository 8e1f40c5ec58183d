/*
 * check_iscsi_test_cu.c: what iscsi-test-cu of libiscsi tests of the transport,
 * on a disk in memory: residuals, task management, blocks of many lengths.
 *
 * Two families are left out, which iscsi_test_cu_test.py runs on a tape drive.
 * iSCSIcmdsn waits for seconds for answers that must not come.  iSCSIdatasn: a
 * wrong DataSN ends the connection; the program then makes a new one and sends
 * the next data to the disk as immediate data, which has no DataSN, but expects
 * that it fails too.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/server.h"
#include "vtl/iscsi/target/tests/ram_disk.h"

enum { OUTPUT_BYTES = 65536 };

#define NAME "iqn.2026-11.tapelab:disk"

static struct ram_disk disk;
static struct iscsi_unit unit;
static struct iscsi_server_config config;
static struct iscsi_server *server;
static struct unit_clocks *clocks;
static struct iscsi_access *access_rules;

static void setup(void)
{
	char message[ISCSI_SERVER_MESSAGE_BYTES];

	ram_disk_make(&disk);
	unit.device = disk.device;
	clocks = unit_clocks_create(1, NULL, PACE_REAL_TIME);
	access_rules = iscsi_access_create();
	config = (struct iscsi_server_config){
		.listen = { .host = "127.0.0.1" },
		.name = NAME,
		.units = &unit,
		.unit_count = 1,
		.clocks = clocks,
		.access = access_rules,
		.ends_at_once = true,
	};
	server = iscsi_server_start(&config, message);
	ck_assert_msg(server != NULL, "%s", message);
}

static void teardown(void)
{
	iscsi_server_stop(server);
	iscsi_access_free(access_rules);
	unit_clocks_free(clocks);
	ram_disk_free(&disk);
}

/* Runs a shell command.  Returns its exit status, and its output. */
static int run(const char *command, char output[OUTPUT_BYTES])
{
	FILE *pipe = popen(command, "r");
	size_t n;

	ck_assert_ptr_nonnull(pipe);
	n = fread(output, 1, OUTPUT_BYTES - 1, pipe);
	output[n] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

static const struct {
	const char *family;
	unsigned tests; /* that run, and pass */
} families[] = {
	{ "iSCSI.iSCSIResiduals", 10 },
	{ "iSCSI.iSCSITMF", 2 },
	{ "SCSI.Read10.Simple", 1 },
	{ "SCSI.Write10.Simple", 1 },
	{ "SCSI.Write16.Simple", 1 },
};

START_TEST(a_family_of_tests_passes)
{
	static char output[OUTPUT_BYTES];
	char address[ISCSI_PORTAL_BYTES], command[512];
	const char *sums;
	unsigned total, ran, passed;

	iscsi_portal_write(iscsi_server_portal(server), address);
	snprintf(command, sizeof command,
	    "iscsi-test-cu -d -n -t %s iscsi://%s/%s/0 2>&1",
	    families[_i].family, address, NAME);
	ck_assert_msg(run(command, output) == 0, "%s", output);
	ck_assert_msg(strstr(output, "[SKIPPED]") == NULL, "%s", output);
	sums = strstr(output, "tests ");
	ck_assert_ptr_nonnull(sums);
	ck_assert_int_eq(sscanf(sums, "tests %u %u %u", &total, &ran, &passed),
	    3);
	ck_assert_msg(ran == families[_i].tests && passed == ran, "%s", output);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi-test-cu");
	TCase *tc = tcase_create("disk");

	if (system("command -v iscsi-test-cu >/dev/null") != 0) {
		puts("skipped: iscsi-test-cu is not installed");
		return EXIT_SUCCESS;
	}
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, a_family_of_tests_passes, 0,
	    sizeof families / sizeof *families);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
