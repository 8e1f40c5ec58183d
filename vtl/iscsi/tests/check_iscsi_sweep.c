/*
 * check_iscsi_sweep.c: each allocation and system call fails in turn while a
 * CHAP file is read, an initiator logs in, and asks for the targets.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "splitter/tests/failing/sweep.h"
#include "vtl/iscsi/discovery.h"
#include "vtl/iscsi/login.h"

#define INITIATOR "iqn.2026-11.org.example:a"
#define TARGET    "iqn.2026-11.tapelab:lib"

static char path[64];

static void setup(void)
{
	static const char text[] = INITIATOR
	    " backup one-way-secret\n" INITIATOR "b backup one-way-secret\n";
	int fd;

	strcpy(path, "/tmp/tapelab-chap-XXXXXX");
	ck_assert_int_ge(fd = mkstemp(path), 0);
	ck_assert_int_eq(write(fd, text, sizeof text - 1), sizeof text - 1);
	close(fd);
}

static void teardown(void)
{
	unlink(path);
}

static enum iscsi_login_status find_target(void *arg, const char *name)
{
	(void)arg;
	ck_assert_str_eq(name, TARGET);
	return ISCSI_LOGIN_OK;
}

static enum iscsi_login_status enter(void *arg, const struct iscsi_login *login,
    uint16_t *tsih)
{
	(void)login;
	*(bool *)arg = true;
	*tsih = 1;
	return ISCSI_LOGIN_OK;
}

/* Identifier 1, challenge 1 2 3 ... */
static bool count_up(void *arg, uint8_t *bytes, size_t count)
{
	(void)arg;
	for (size_t i = 0; i < count; i++)
		bytes[i] = (uint8_t)(i + 1);
	return true;
}

static void report(struct sweep_run *run, const char *message)
{
	run->reported = true;
	snprintf(run->message, sizeof run->message, "%s", message);
}

/* Logs in with a challenge; a long text makes the buffers grow. */
static void log_in(struct iscsi_login *login, struct sweep_run *run)
{
	static char text[4096];
	static const struct {
		uint8_t flags;
		const char *text;
	} requests[] = {
		{ 0x00,
		    "InitiatorName=" INITIATOR "\nTargetName=" TARGET
		    "\nAuthMethod=CHAP\n" },
		{ 0x00, "CHAP_A=5\n" },
		{ 0x81,
		    "CHAP_N=backup\n"
		    "CHAP_R=0x6439fa12e73a5b0a55af8efdedc2e23a\n" },
		{ 0x87, text },
	};
	enum iscsi_login_step step = ISCSI_LOGIN_ANSWER;
	struct iscsi_pdu request, reply;

	sprintf(text, "X-first=%0*d\nX-second=%0*d\n", 1500, 1, 1500, 2);
	for (unsigned i = 0; i < 4 && step == ISCSI_LOGIN_ANSWER; i++) {
		char data[4096];
		const size_t bytes = strlen(requests[i].text);

		for (size_t j = 0; j < bytes; j++)
			data[j] = requests[i].text[j] == '\n'
			    ? '\0'
			    : requests[i].text[j];
		iscsi_pdu_begin(&request, ISCSI_LOGIN, 1);
		request.bhs[1] = requests[i].flags;
		iscsi_pdu_set_data(&request, data, (uint32_t)bytes);
		step = iscsi_login_step(login, &request, &reply);
	}
	if (step == ISCSI_LOGIN_FAILED)
		report(run, iscsi_login_reason(login));
	if (step == ISCSI_LOGIN_FAILED &&
	    iscsi_get16(&reply, ISCSI_AT_STATUS_CLASS) !=
		ISCSI_LOGIN_NO_RESOURCES)
		sprintf(run->wrong, "another status than 0302");
	if (step != ISCSI_LOGIN_FAILED && step != ISCSI_LOGIN_DONE)
		sprintf(run->wrong, "neither in nor out: %d", step);
}

static const char *target(void *arg, unsigned i)
{
	(void)arg;
	return i < 60 ? TARGET : NULL;
}

static void discover(struct sweep_run *run)
{
	static const char keys[] = "SendTargets=All";
	const struct iscsi_discovery_owner owner = { .target = target,
		.portal = "127.0.0.1:3260" };
	struct iscsi_discovery *discovery = iscsi_discovery_create();
	struct iscsi_parameters parameters;
	struct iscsi_pdu request, reply;
	enum iscsi_reject_reason reason;

	if (discovery == NULL) {
		report(run, "out of memory");
		return;
	}
	iscsi_parameters_init(&parameters);
	parameters.discovery = true;
	iscsi_pdu_begin(&request, ISCSI_TEXT, 1);
	iscsi_put(&request, ISCSI_AT_TTT, ISCSI_NO_TAG);
	iscsi_pdu_set_data(&request, keys, sizeof keys);
	reason = iscsi_discovery_step(discovery, &owner, &parameters, &request,
	    &reply);
	if (reason == ISCSI_REJECT_NO_RESOURCES)
		report(run, "out of memory");
	else if (reason != 0)
		sprintf(run->wrong, "rejected with %d", reason);
	else if (reply.data_bytes < 60 * sizeof TARGET)
		sprintf(run->wrong, "targets are missing");
	iscsi_discovery_free(discovery);
}

static void body(void *arg, struct sweep_run *run)
{
	bool entered = false;
	struct iscsi_login_owner owner = { .arg = &entered,
		.window = 1,
		.find_target = find_target,
		.enter = enter,
		.random = count_up };
	char message[CHAP_MESSAGE_BYTES] = "out of memory";
	struct iscsi_access *access = iscsi_access_create();
	struct iscsi_login *login = NULL;

	(void)arg;
	owner.access = access;
	if (access == NULL || iscsi_access_chap(access, path, message) != 0 ||
	    iscsi_access_allow(access, INITIATOR "=0,1,2", message) != 0 ||
	    (login = iscsi_login_create(&owner)) == NULL)
		report(run, message);
	else
		log_in(login, run);
	if (run->wrong[0] == '\0' && entered == run->reported)
		sprintf(run->wrong, "entered: %d", entered);
	if (!run->reported)
		discover(run);
	iscsi_login_free(login);
	iscsi_access_free(access);
}

START_TEST(a_login_fails_with_a_status_and_leaks_nothing)
{
	const struct sweep s = {
		.name = "login", .body = body, .reported_min = 30
	};

	sweep(&s);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_sweep");
	TCase *tc = tcase_create("sweep");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_login_fails_with_a_status_and_leaks_nothing);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
