/* check_iscsi_discovery.c: Text requests in the full feature phase. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/discovery.h"

/* Byte 1 of requests and replies. */
enum { WHOLE = ISCSI_FINAL, PART = ISCSI_CONTINUE, NOT_FINAL = 0 };

static struct iscsi_discovery *discovery;
static struct iscsi_parameters parameters;
static struct iscsi_pdu request, reply;
static unsigned targets;
static char text[65536]; /* of the reply, with newlines for zero bytes */

static const char *target(void *arg, unsigned i)
{
	static char name[64];

	(void)arg;
	if (i == 0)
		snprintf(name, sizeof name, "iqn.2026-11.tapelab:lib");
	else
		snprintf(name, sizeof name, "iqn.2026-11.tapelab:lib.drive%u",
		    i);
	return i < targets ? name : NULL;
}

static const struct iscsi_discovery_owner owner = { .target = target,
	.portal = "10.0.2.2:3260" };

static void begin(void)
{
	discovery = iscsi_discovery_create();
	iscsi_parameters_init(&parameters);
	parameters.discovery = true;
	targets = 2;
	memset(&request, 0, sizeof request);
	request.bhs[0] = ISCSI_TEXT;
	iscsi_put(&request, ISCSI_AT_ITT, 7);
	iscsi_put(&request, ISCSI_AT_TTT, ISCSI_NO_TAG);
}

static void end(void)
{
	iscsi_discovery_free(discovery);
}

static void replace(char *bytes, size_t count, char from, char to)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i] == from)
			bytes[i] = to;
}

/* Sends keys, with newlines for zero bytes. */
static enum iscsi_reject_reason send_text(unsigned flags, const char *keys)
{
	char *data = strdup(keys);
	const size_t bytes = strlen(keys);
	enum iscsi_reject_reason reason;

	replace(data, bytes, '\n', '\0');
	request.bhs[1] = (uint8_t)flags;
	iscsi_pdu_set_data(&request, data, (uint32_t)bytes);
	reason = iscsi_discovery_step(discovery, &owner, &parameters, &request,
	    &reply);
	free(data);
	text[0] = '\0';
	if (reason != 0)
		return reason;
	ck_assert_int_eq(iscsi_opcode(&reply), ISCSI_TEXT_RESPONSE);
	ck_assert_uint_eq(iscsi_get(&reply, ISCSI_AT_ITT), 7);
	if (reply.data_bytes > 0)
		memcpy(text, reply.data, reply.data_bytes);
	replace(text, reply.data_bytes, '\0', '\n');
	text[reply.data_bytes] = '\0';
	return reason;
}

static void expect(unsigned flags, const char *answer)
{
	ck_assert_uint_eq(reply.bhs[1], flags);
	ck_assert_int_eq(iscsi_get(&reply, ISCSI_AT_TTT) == ISCSI_NO_TAG,
	    flags == WHOLE);
	ck_assert_str_eq(text, answer);
}

START_TEST(all_targets_are_sent_with_their_address)
{
	send_text(WHOLE, "SendTargets=All\n");
	expect(WHOLE,
	    "TargetName=iqn.2026-11.tapelab:lib\n"
	    "TargetAddress=10.0.2.2:3260,1\n"
	    "TargetName=iqn.2026-11.tapelab:lib.drive1\n"
	    "TargetAddress=10.0.2.2:3260,1\n");
	targets = 0;
	send_text(WHOLE, "SendTargets=All\n");
	expect(WHOLE, "");
}
END_TEST

/* A normal session knows its own target. */
static const struct row {
	bool discovery;
	const char *keys, *answer;
} rows[] = {
	{ true, "SendTargets=iqn.2026-11.TAPELAB:lib.drive1\n",
	    "TargetName=iqn.2026-11.tapelab:lib.drive1\n"
	    "TargetAddress=10.0.2.2:3260,1\n" },
	{ true, "SendTargets=iqn.2026-11.tapelab:other\n", "" },
	{ true, "SendTargets=\n", "SendTargets=Reject\n" },
	{ true, "SendTargets=all\n", "SendTargets=Reject\n" },
	{ false, "SendTargets=All\n", "SendTargets=Reject\n" },
	{ false, "SendTargets=\n",
	    "TargetName=iqn.2026-11.tapelab:lib.drive1\n"
	    "TargetAddress=10.0.2.2:3260,1\n" },
	{ false, "SendTargets=iqn.2026-11.tapelab:lib.drive1\n",
	    "TargetName=iqn.2026-11.tapelab:lib.drive1\n"
	    "TargetAddress=10.0.2.2:3260,1\n" },
	{ false, "SendTargets=iqn.2026-11.tapelab:lib\n", "" },
	/* keys that may be declared again, and keys of the login */
	{ false, "MaxRecvDataSegmentLength=4096\nX-key=1\n",
	    "X-key=NotUnderstood\n" },
	{ false, "MaxBurstLength=512\nAuthMethod=None\n",
	    "AuthMethod=Reject\nMaxBurstLength=Reject\n" },
	{ false, "", "" },
};

START_TEST(each_request_has_its_answer)
{
	const struct row *row = &rows[_i];

	parameters.discovery = row->discovery;
	if (!row->discovery)
		strcpy(parameters.target_name,
		    "iqn.2026-11.tapelab:lib.drive1");
	send_text(WHOLE, row->keys);
	expect(WHOLE, row->answer);
	if (strstr(row->keys, "4096") != NULL)
		ck_assert_uint_eq(parameters.max_send_bytes, 4096);
	ck_assert_uint_eq(parameters.max_burst_bytes, 262144);
}
END_TEST

/* A long answer in parts, each fetched with an empty request. */
START_TEST(a_long_answer_has_several_parts)
{
	static char whole[sizeof text];
	uint32_t tag, older = 0;
	unsigned parts = 0;

	targets = 300;
	parameters.max_send_bytes = 512;
	send_text(WHOLE, "SendTargets=All\n");
	whole[0] = '\0';
	while (reply.bhs[1] != WHOLE) {
		ck_assert_uint_eq(reply.bhs[1], PART);
		ck_assert_uint_eq(reply.data_bytes, 512);
		tag = iscsi_get(&reply, ISCSI_AT_TTT);
		ck_assert(tag != ISCSI_NO_TAG && tag != older);
		older = tag;
		iscsi_put(&request, ISCSI_AT_TTT, tag);
		strcat(whole, text);
		parts++;
		ck_assert_int_eq(send_text(WHOLE, ""), 0);
	}
	strcat(whole, text);
	ck_assert_uint_gt(parts, 30);
	/* Equal to the answer in one part. */
	parameters.max_send_bytes = 262144;
	iscsi_put(&request, ISCSI_AT_TTT, ISCSI_NO_TAG);
	send_text(WHOLE, "SendTargets=All\n");
	ck_assert_uint_eq(reply.bhs[1], WHOLE);
	ck_assert_str_eq(whole, text);
	ck_assert_ptr_nonnull(strstr(text, "drive299\nTargetAddress="));
}
END_TEST

START_TEST(an_answer_that_was_not_fetched_is_discarded)
{
	uint32_t tag;

	targets = 300;
	parameters.max_send_bytes = 512;
	send_text(WHOLE, "SendTargets=All\n");
	tag = iscsi_get(&reply, ISCSI_AT_TTT);
	targets = 1;
	send_text(WHOLE, "SendTargets=All\n");
	expect(WHOLE,
	    "TargetName=iqn.2026-11.tapelab:lib\n"
	    "TargetAddress=10.0.2.2:3260,1\n");
	iscsi_put(&request, ISCSI_AT_TTT, tag);
	ck_assert_int_eq(send_text(WHOLE, ""), ISCSI_REJECT_INVALID_FIELD);
}
END_TEST

START_TEST(a_request_in_several_parts_is_one_request)
{
	send_text(PART, "SendTar");
	expect(NOT_FINAL, "");
	iscsi_put(&request, ISCSI_AT_TTT, iscsi_get(&reply, ISCSI_AT_TTT));
	send_text(PART, "gets=A");
	iscsi_put(&request, ISCSI_AT_TTT, iscsi_get(&reply, ISCSI_AT_TTT));
	targets = 1;
	send_text(WHOLE, "ll\n");
	expect(WHOLE,
	    "TargetName=iqn.2026-11.tapelab:lib\n"
	    "TargetAddress=10.0.2.2:3260,1\n");
}
END_TEST

/* A request that is not the last gets a TTT, and its own answer. */
START_TEST(a_negotiation_may_have_several_requests)
{
	send_text(NOT_FINAL, "X-one=1\n");
	expect(NOT_FINAL, "X-one=NotUnderstood\n");
	iscsi_put(&request, ISCSI_AT_TTT, iscsi_get(&reply, ISCSI_AT_TTT));
	send_text(WHOLE, "X-two=1\n");
	expect(WHOLE, "X-two=NotUnderstood\n");
}
END_TEST

START_TEST(bad_requests_are_rejected)
{
	char keys[8193];

	ck_assert_int_eq(send_text(WHOLE | PART, "SendTargets=All\n"),
	    ISCSI_REJECT_PROTOCOL);
	ck_assert_int_eq(send_text(WHOLE, "SendTargets=All"),
	    ISCSI_REJECT_PROTOCOL);
	ck_assert_int_eq(send_text(WHOLE, "SendTargets\n"),
	    ISCSI_REJECT_PROTOCOL);
	ck_assert_int_eq(send_text(WHOLE, "MaxRecvDataSegmentLength=1\n"),
	    ISCSI_REJECT_PROTOCOL);
	iscsi_put(&request, ISCSI_AT_TTT, 5);
	ck_assert_int_eq(send_text(WHOLE, ""), ISCSI_REJECT_INVALID_FIELD);
	/* Keys instead of a request for the next part. */
	targets = 300;
	iscsi_put(&request, ISCSI_AT_TTT, ISCSI_NO_TAG);
	send_text(WHOLE, "SendTargets=All\n");
	iscsi_put(&request, ISCSI_AT_TTT, iscsi_get(&reply, ISCSI_AT_TTT));
	ck_assert_int_eq(send_text(WHOLE, "X-key=1\n"), ISCSI_REJECT_PROTOCOL);
	/* More than 64 KiB. */
	memset(keys, 'x', sizeof keys - 1);
	keys[sizeof keys - 1] = '\0';
	iscsi_put(&request, ISCSI_AT_TTT, ISCSI_NO_TAG);
	for (unsigned i = 0; i < 8; i++) {
		ck_assert_int_eq(send_text(PART, keys), 0);
		iscsi_put(&request, ISCSI_AT_TTT,
		    iscsi_get(&reply, ISCSI_AT_TTT));
	}
	ck_assert_int_eq(send_text(PART, "x"), ISCSI_REJECT_NO_RESOURCES);
	/* After a Reject the next exchange is new. */
	targets = 0;
	iscsi_put(&request, ISCSI_AT_TTT, ISCSI_NO_TAG);
	ck_assert_int_eq(send_text(WHOLE, "SendTargets=All\n"), 0);
	expect(WHOLE, "");
}
END_TEST

START_TEST(an_answer_has_a_longest_length)
{
	targets = 100000;
	ck_assert_int_eq(send_text(WHOLE, "SendTargets=All\n"),
	    ISCSI_REJECT_NO_RESOURCES);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("iscsi_discovery");
	TCase *tc = tcase_create("discovery");

	tcase_add_checked_fixture(tc, begin, end);
	tcase_add_test(tc, all_targets_are_sent_with_their_address);
	tcase_add_loop_test(tc, each_request_has_its_answer, 0,
	    (int)(sizeof rows / sizeof *rows));
	tcase_add_test(tc, a_long_answer_has_several_parts);
	tcase_add_test(tc, an_answer_that_was_not_fetched_is_discarded);
	tcase_add_test(tc, a_request_in_several_parts_is_one_request);
	tcase_add_test(tc, a_negotiation_may_have_several_requests);
	tcase_add_test(tc, bad_requests_are_rejected);
	tcase_add_test(tc, an_answer_has_a_longest_length);
	suite_add_tcase(s, tc);
	return run_suite(s);
}
