/*
 * check_iscsi_authentication.c: libiscsi authenticates by CHAP, and is refused.
 */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/drive_rig.h"
#include "vtl/iscsi/target/tests/initiator.h"
#include "vtl/tests/vtl_scratch.h"

static struct drive_rig rig;

static void begin(void)
{
	static const char text[] =
	    "iqn.2026-11.org.example:a backup one-way-secret\n"
	    "iqn.2026-11.org.example:m backup both-ways-secret tapelab "
	    "secret-of-library\n";
	char message[CHAP_MESSAGE_BYTES];

	scratch_setup();
	drive_rig_prepare(&rig, NULL);
	iscsi_access_take_chap(rig.access,
	    chap_file_parse("chap", text, sizeof text - 1, message));
	drive_rig_start(&rig);
}

static void end(void)
{
	scratch_teardown();
}

/* An initiator and what libiscsi says about its login; NULL: it is logged in.
 */
static const struct row {
	const char *name, *user, *secret, *target_user, *target_secret;
	const char *error, *event;
} rows[] = {
	{ "a", "backup", "one-way-secret", NULL, NULL, NULL, "login" },
	{ "m", "backup", "both-ways-secret", "tapelab", "secret-of-library",
	    NULL, "login" },
	{ "m", "backup", "both-ways-secret", NULL, NULL, NULL, "login" },
	{ "a", "backup", "another-secret", NULL, NULL, "Authentication",
	    "its CHAP user or secret is wrong" },
	{ "a", "another", "one-way-secret", NULL, NULL, "Authentication",
	    "its CHAP user or secret is wrong" },
	{ "x", "backup", "one-way-secret", NULL, NULL, "Authentication",
	    "its CHAP user or secret is wrong" },
	/* libiscsi has no words for this. */
	{ "a", NULL, NULL, NULL, NULL, "", "it did not authenticate" },
	/* The initiator refuses the target. */
	{ "m", "backup", "both-ways-secret", "tapelab", "another-secret-2",
	    "Authentication", "" },
};

START_TEST(libiscsi_authenticates)
{
	const struct row *row = &rows[_i];
	struct iscsi_context *initiator = initiator_new(row->name);
	const char *error;

	if (row->user != NULL)
		initiator_set_user(initiator, row->user, row->secret);
	if (row->target_user != NULL)
		initiator_expect_target(initiator, row->target_user,
		    row->target_secret);
	error = initiator_log_in(initiator, rig.address, RIG_NAME);
	if (row->error == NULL)
		ck_assert_msg(error == NULL, "%s", error);
	else
		ck_assert_msg(error != NULL &&
			strstr(error, row->error) != NULL,
		    "%s", error);
	if (row->error == NULL)
		initiator_log_out(initiator);
	else
		initiator_free(initiator);
	/* The last event comes after the last answer. */
	drive_rig_stop(&rig);
	ck_assert_msg(strstr(rig.events, row->event) != NULL, "%s", rig.events);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_authentication");
	TCase *tc = tcase_create("authentication");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_loop_test(tc, libiscsi_authenticates, 0,
	    (int)(sizeof rows / sizeof *rows));
	suite_add_tcase(s, tc);
	return run_suite(s);
}
