/*
 * check_iscsi_data.c: SCSI commands and their data, PDU by PDU.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/talk.h"

enum {
	FINAL = 0x80,
	READS = 0xc0,
	WRITES = 0xa0,
	WRITES_MORE = 0x20, /* unsolicited data follow */
	SIMPLE = 1,
	NONE = 0xffffffff
};

#define SMALL                            \
	"MaxRecvDataSegmentLength=512\n" \
	"MaxBurstLength=1024\nFirstBurstLength=1024\n"

static struct talk talk;
static struct talk_initiator *a;

static void setup(void)
{
	talk_begin(&talk, false);
	a = talk_connect(&talk, 0);
}

static void teardown(void)
{
	talk_end(&talk);
}

static void put_command(unsigned flags, uint32_t itt, uint32_t cmd_sn,
    uint32_t edtl, const char *cdb, uint32_t immediate)
{
	struct iscsi_pdu pdu = talk_command(flags, itt, cmd_sn, edtl, cdb);

	if (immediate > 0)
		iscsi_pdu_set_data(&pdu, talk_data(0), immediate);
	talk_put(a, &pdu);
}

static void put_data(unsigned flags, uint32_t itt, uint32_t ttt,
    uint32_t data_sn, uint32_t offset, uint32_t bytes)
{
	struct iscsi_pdu pdu = talk_data_out(flags, itt, ttt, data_sn, offset);

	iscsi_pdu_set_data(&pdu, talk_data(offset), bytes);
	talk_put(a, &pdu);
}

/* The last WRITE brought these data. */
static void expect_written(uint32_t bytes)
{
	ck_assert_uint_eq(talk.toys[0].data_bytes, bytes);
	ck_assert_mem_eq(talk.toys[0].data, talk_data(0), bytes);
}

/* Takes all Data-In PDUs; they carry the data of toy_byte(). */
static uint32_t take_data(void)
{
	struct iscsi_pdu pdu;
	uint32_t bytes = 0;

	talk_run(&talk);
	while (talk_take(a, &pdu) && iscsi_opcode(&pdu) == ISCSI_DATA_IN) {
		ck_assert_uint_eq(iscsi_get(&pdu, ISCSI_AT_OFFSET), bytes);
		ck_assert_mem_eq(pdu.data, talk_data(bytes), pdu.data_bytes);
		bytes += pdu.data_bytes;
	}
	return bytes;
}

START_TEST(data_in_carries_the_status_good)
{
	talk_log_in(a, "a", "");
	put_command(READS, 7, 1, 10, "8 0 0 0 a", 0);
	talk_expect(a,
	    "Data-In 810000 itt=7 w20=- stat=2 exp=2 win=64 data=10\n");
	put_command(READS, 8, 2, 20, "8 0 0 0 14", 0);
	ck_assert_uint_eq(take_data(), 20);
}
END_TEST

START_TEST(data_in_is_split_into_pdus_and_sequences)
{
	talk_log_in(a, "a", SMALL);
	put_command(READS, 7, 1, 2500, "8 0 0 9 c4", 0);
	talk_expect(a,
	    "Data-In 000000 itt=7 w20=- exp=2 win=64 data=512\n"
	    "Data-In 800000 itt=7 w20=- exp=2 win=64 w36=1 w40=512 data=512\n"
	    "Data-In 000000 itt=7 w20=- exp=2 win=64 w36=2 w40=1024 data=512\n"
	    "Data-In 800000 itt=7 w20=- exp=2 win=64 w36=3 w40=1536 data=512\n"
	    "Data-In 810000 itt=7 w20=- stat=2 exp=2 win=64 w36=4 w40=2048 "
	    "data=452\n");
	put_command(READS, 8, 2, 2500, "8 0 0 9 c4", 0);
	ck_assert_uint_eq(take_data(), 2500);
}
END_TEST

START_TEST(data_in_with_check_condition_has_a_response_of_its_own)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", "");
	put_command(READS, 7, 1, 1000, "8 2 0 3 e8", 0);
	talk_expect(a,
	    "Data-In 800000 itt=7 w20=- exp=2 win=64 data=500\n"
	    "SCSI Response 820002 itt=7 stat=2 exp=2 win=64 w36=1 w44=500 "
	    "data=20\n");
	/* The sense data has a length before it, and nothing after it. */
	put_command(READS, 8, 2, 8, "8 2 0 0 8", 0);
	talk_run(&talk);
	ck_assert(talk_take(a, &pdu) && talk_take(a, &pdu));
	ck_assert_uint_eq(pdu.data_bytes, 20);
	ck_assert_uint_eq(get_be16(pdu.data), 18);
	ck_assert_uint_eq(pdu.data[2], 0xf0);
	ck_assert_uint_eq(pdu.data[4], 0x20);
	ck_assert_uint_eq(get_be32(pdu.data + 5), 4);
}
END_TEST

START_TEST(residuals_tell_what_the_expected_length_hides)
{
	static const struct {
		unsigned flags;
		uint32_t edtl;
		const char *cdb, *answer;
	} rows[] = {
		{ READS, 8, "12 0 0 0 8",
		    "Data-In 810000 itt=7 w20=- stat=2 "
		    "exp=2 win=64 data=8\n" },
		{ READS, 100, "12 0 0 0 8",
		    "Data-In 830000 itt=7 w20=- stat=2 "
		    "exp=2 win=64 w44=92 data=8\n" },
		{ READS, 3, "12 0 0 0 8",
		    "Data-In 850000 itt=7 w20=- stat=2 "
		    "exp=2 win=64 w44=5 data=3\n" },
		{ READS, 0, "12 0 0 0 8",
		    "SCSI Response 840000 itt=7 stat=2 "
		    "exp=2 win=64 w44=8\n" },
		{ FINAL, 0, "12 0 0 0 8",
		    "SCSI Response 840000 itt=7 stat=2 "
		    "exp=2 win=64 w44=8\n" },
		/* A direction without data, as some send it with REWIND. */
		{ READS, 100, "0",
		    "SCSI Response 820000 itt=7 stat=2 "
		    "exp=2 win=64 w44=100\n" },
		{ READS, 99, "8 0 0 0 64",
		    "SCSI Response 820002 itt=7 stat=2 "
		    "exp=2 win=64 w44=99 data=20\n" },
		{ READS, 0xffffffff, "12 0 0 0 8",
		    "Data-In 830000 itt=7 w20=- stat=2 exp=2 win=64 "
		    "w44=4294967287 data=8\n" },
	};

	talk_log_in(a, "a", "");
	put_command(rows[_i].flags, 7, 1, rows[_i].edtl, rows[_i].cdb, 0);
	talk_expect(a, rows[_i].answer);
}
END_TEST

START_TEST(immediate_data_is_enough)
{
	talk_log_in(a, "a", "");
	put_command(WRITES, 7, 1, 5, "a 0 0 0 5", 5);
	talk_expect(a, "SCSI Response 800000 itt=7 stat=2 exp=2 win=64\n");
	expect_written(5);
}
END_TEST

START_TEST(unsolicited_data_follow_immediate_data)
{
	talk_log_in(a, "a", SMALL "InitialR2T=No\n");
	put_command(WRITES_MORE, 7, 1, 2000, "a 0 0 7 d0", 100);
	put_data(0, 7, NONE, 0, 100, 200);
	talk_expect(a, "");
	put_data(FINAL, 7, NONE, 1, 300, 724);
	talk_expect(a,
	    "R2T 800000 itt=7 w20=1 stat=2 exp=2 win=64 w40=1024 w44=976\n");
	put_data(FINAL, 7, 1, 0, 1024, 976);
	talk_expect(a,
	    "SCSI Response 800000 itt=7 stat=2 exp=2 win=64 w36=1\n");
	expect_written(2000);
}
END_TEST

START_TEST(unsolicited_data_may_end_early)
{
	talk_log_in(a, "a", SMALL "InitialR2T=No\n");
	put_command(WRITES_MORE, 7, 1, 600, "a 0 0 2 58", 0);
	put_data(FINAL, 7, NONE, 0, 0, 10);
	talk_expect(a,
	    "R2T 800000 itt=7 w20=1 stat=2 exp=2 win=64 w40=10 w44=590\n");
	put_data(FINAL, 7, 1, 0, 10, 590);
	talk_expect(a,
	    "SCSI Response 800000 itt=7 stat=2 exp=2 win=64 w36=1\n");
	expect_written(600);
}
END_TEST

START_TEST(each_r2t_asks_for_a_sequence)
{
	talk_log_in(a, "a", SMALL);
	put_command(WRITES, 7, 1, 3000, "a 0 0 b b8", 600);
	talk_expect(a,
	    "R2T 800000 itt=7 w20=1 stat=2 exp=2 win=64 w40=600 w44=1024\n");
	put_data(0, 7, 1, 0, 600, 1000);
	put_data(FINAL, 7, 1, 1, 1600, 24);
	talk_expect(a,
	    "R2T 800000 itt=7 w20=2 stat=2 exp=2 win=64 w36=1 w40=1624 "
	    "w44=1024\n");
	put_data(FINAL, 7, 2, 0, 1624, 1024);
	talk_expect(a,
	    "R2T 800000 itt=7 w20=3 stat=2 exp=2 win=64 w36=2 w40=2648 "
	    "w44=352\n");
	put_data(FINAL, 7, 3, 0, 2648, 352);
	talk_expect(a,
	    "SCSI Response 800000 itt=7 stat=2 exp=2 win=64 w36=3\n");
	expect_written(3000);
}
END_TEST

START_TEST(a_block_of_16_mib_is_written_and_read)
{
	enum { BYTES = 16 * 1024 * 1024 - 1, BURST = 16776192 };

	talk_log_in(a, "a",
	    "MaxRecvDataSegmentLength=262144\nMaxBurstLength=16776192\n"
	    "FirstBurstLength=262144\n");
	put_command(WRITES, 7, 1, BYTES, "a 0 ff ff ff", 0);
	talk_expect(a,
	    "R2T 800000 itt=7 w20=1 stat=2 exp=2 win=64 "
	    "w44=16776192\n");
	for (uint32_t at = 0, sn = 0; at < BURST; at += 524256, sn++)
		put_data(at + 524256 == BURST ? FINAL : 0, 7, 1, sn, at,
		    524256);
	talk_expect(a,
	    "R2T 800000 itt=7 w20=2 stat=2 exp=2 win=64 w36=1 "
	    "w40=16776192 w44=1023\n");
	put_data(FINAL, 7, 2, 0, BURST, 1023);
	talk_expect(a,
	    "SCSI Response 800000 itt=7 stat=2 exp=2 win=64 w36=2\n");
	expect_written(BYTES);
	put_command(READS, 8, 2, BYTES, "8 0 ff ff ff", 0);
	ck_assert_uint_eq(take_data(), BYTES);
}
END_TEST

START_TEST(digests_go_both_ways)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", SMALL "HeaderDigest=CRC32C\nDataDigest=CRC32C\n");
	put_command(WRITES, 7, 1, 1601, "a 0 0 6 41", 601);
	talk_expect(a,
	    "R2T 800000 itt=7 w20=1 stat=2 exp=2 win=64 w40=601 w44=1000\n");
	put_data(FINAL, 7, 1, 0, 601, 1000);
	talk_expect(a,
	    "SCSI Response 800000 itt=7 stat=2 exp=2 win=64 w36=1\n");
	expect_written(1601);
	put_command(READS, 8, 2, 1601, "8 0 0 6 41", 0);
	ck_assert_uint_eq(take_data(), 1601);
	/* A wrong data digest is reported, a wrong header digest is not. */
	a->data_digest = false;
	pdu = talk_command(WRITES, 9, 3, 4, "a 0 0 0 4");
	iscsi_pdu_set_data(&pdu, talk_data(0), 4);
	if (_i == 0)
		talk_put(a, &pdu);
	a->header_digest = _i == 0;
	if (_i == 1)
		talk_put(a, &pdu);
	talk_put_bytes(a, "\1\2\3\4", 4);
	talk_run(&talk);
	a->header_digest = a->data_digest = true;
	talk_expect(a,
	    _i == 0 ? "Reject 800200 itt=- stat=4 exp=4 win=64 data=48\n" : "");
	ck_assert_str_eq(talk.events,
	    _i == 0 ? "login\ndrop: SCSI Command: its data digest is wrong\n"
		    : "login\ndrop: a PDU has a wrong header digest\n");
}
END_TEST

/* Requests that end the connection, after a WRITE of 1600 bytes, ITT 7. */
static const struct {
	const char *reason;
	unsigned flags;
	uint32_t itt, ttt, data_sn, offset, bytes;
	bool command; /* a command with EDTL `offset`, not a Data-Out */
} violations[] = {
	{ "Data-Out: no command has its task tag", FINAL, 6, 1, 0, 512, 512,
	    false },
	{ "Data-Out: its transfer tag is not that of the R2T", FINAL, 7, 2, 0,
	    512, 512, false },
	{ "Data-Out: its transfer tag is not that of the R2T", FINAL, 7, NONE,
	    0, 512, 512, false },
	{ "Data-Out: its DataSN is out of order", FINAL, 7, 1, 1, 512, 512,
	    false },
	{ "Data-Out: its offset is not where the data before ended", FINAL, 7,
	    1, 0, 0, 512, false },
	{ "Data-Out: its offset is not where the data before ended", FINAL, 7,
	    1, 0, 0xfffffff0, 512, false },
	{ "Data-Out: it has more data than asked for", FINAL, 7, 1, 0, 512,
	    1025, false },
	{ "Data-Out: it is the last of its sequence, without F", 0, 7, 1, 0,
	    512, 1024, false },
	{ "Data-Out: it has F before the data of the R2T are complete", FINAL,
	    7, 1, 0, 512, 512, false },
	{ "Data-Out: its data is longer than negotiated", FINAL, 7, 1, 0, 512,
	    2000000, false },
	{ "SCSI Command: its task tag is FFFFFFFFh", FINAL, NONE, 0, 0, 0, 0,
	    true },
	{ "SCSI Command: it announces data, but does not write", 0, 8, 0, 0,
	    512, 0, true },
	{ "SCSI Command: it announces unsolicited data, which was not agreed",
	    WRITES_MORE, 8, 0, 0, 512, 0, true },
	{ "SCSI Command: it has data, but does not write", READS, 8, 0, 0, 512,
	    16, true },
	{ "SCSI Command: it has more data than its expected length", WRITES, 8,
	    0, 0, 15, 16, true },
	{ "SCSI Command: it has more data than FirstBurstLength", WRITES, 8, 0,
	    0, 2000, 1025, true },
};

START_TEST(a_violation_ends_the_connection_with_its_reason)
{
	enum { TOO_LONG = 1048577 };
	char expected[256];

	talk_log_in(a, "a", SMALL);
	put_command(WRITES, 7, 1, 1600, "a 0 0 6 40", 512);
	talk_expect(a,
	    "R2T 800000 itt=7 w20=1 stat=2 exp=2 win=64 w40=512 w44=1024\n");
	if (violations[_i].command)
		put_command(violations[_i].flags, violations[_i].itt, 2,
		    violations[_i].offset, "0", violations[_i].bytes);
	else
		put_data(violations[_i].flags, violations[_i].itt,
		    violations[_i].ttt, violations[_i].data_sn,
		    violations[_i].offset, violations[_i].bytes);
	talk_expect(a,
	    violations[_i].bytes < TOO_LONG
		? "Reject 800400 itt=- stat=2 exp=2 win=64 data=48\n"
		: "");
	snprintf(expected, sizeof expected, "login\ndrop: %s\n",
	    violations[_i].reason);
	ck_assert_str_eq(talk.events, expected);
	ck_assert_str_eq(talk.toys[0].log, "");
	ck_assert_uint_eq(iscsi_node_sessions(talk.node), 0);
}
END_TEST

START_TEST(immediate_data_that_was_not_agreed_is_a_violation)
{
	talk_log_in(a, "a", "ImmediateData=No\n");
	put_command(WRITES, 7, 1, 5, "a 0 0 0 5", 5);
	talk_expect(a, "Reject 800400 itt=- stat=2 exp=1 win=64 data=48\n");
}
END_TEST

START_TEST(a_data_out_with_another_lun_is_a_violation)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", SMALL);
	put_command(WRITES, 7, 1, 10, "a 0 0 0 a", 0);
	talk_expect(a, "R2T 800000 itt=7 w20=1 stat=2 exp=2 win=64 w44=10\n");
	pdu = talk_data_out(FINAL, 7, 1, 0, 0);
	iscsi_pdu_set_data(&pdu, talk_data(0), 10);
	pdu.bhs[9] = 1;
	talk_put(a, &pdu);
	talk_expect(a, "Reject 800400 itt=- stat=2 exp=2 win=64 data=48\n");
	ck_assert_str_eq(talk.events,
	    "login\ndrop: Data-Out: its LUN is not that of the command\n");
}
END_TEST

START_TEST(data_of_a_refused_command_are_forgotten)
{
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", SMALL "InitialR2T=No\n");
	/* There is no LUN 5. */
	pdu = talk_command(WRITES_MORE, 7, 1, 1000, "a 0 0 3 e8");
	iscsi_pdu_set_data(&pdu, talk_data(0), 100);
	pdu.bhs[9] = 5;
	talk_put(a, &pdu);
	talk_expect(a,
	    "SCSI Response 820002 itt=7 stat=2 exp=2 win=64 "
	    "w44=1000 data=20\n");
	put_data(0, 7, NONE, 0, 100, 100);
	put_data(FINAL, 7, NONE, 1, 200, 800);
	put_command(FINAL, 8, 2, 0, "0", 0);
	talk_expect(a, "SCSI Response 800000 itt=8 stat=3 exp=3 win=64\n");
}
END_TEST

START_TEST(answers_without_a_unit_count_as_memory)
{
	enum { HALF = ISCSI_SESSION_BYTES / 2 };
	struct iscsi_pdu pdu;

	talk_log_in(a, "a", SMALL);
	put_command(WRITES, 7, 1, HALF, "a 0 ff ff ff", 0);
	talk_expect(a, "R2T 800000 itt=7 w20=1 stat=2 exp=2 win=64 w44=1024\n");
	put_command(WRITES, 8, 2, HALF, "a 0 ff ff ff", 0);
	talk_expect(a, "R2T 800000 itt=8 w20=2 stat=2 exp=3 win=64 w44=1024\n");
	/* INQUIRY of LUN 5, which does not exist. */
	pdu = talk_command(READS, 9, 3, 36, "12 0 0 0 24");
	pdu.bhs[9] = 5;
	talk_put(a, &pdu);
	talk_expect(a,
	    "SCSI Response 820028 itt=9 stat=2 exp=4 win=64 w44=36\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi data");
	TCase *tc = tcase_create("data");

	talk_data(0);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, data_in_carries_the_status_good);
	tcase_add_test(tc, data_in_is_split_into_pdus_and_sequences);
	tcase_add_test(tc,
	    data_in_with_check_condition_has_a_response_of_its_own);
	tcase_add_loop_test(tc, residuals_tell_what_the_expected_length_hides,
	    0, 8);
	tcase_add_test(tc, immediate_data_is_enough);
	tcase_add_test(tc, unsolicited_data_follow_immediate_data);
	tcase_add_test(tc, unsolicited_data_may_end_early);
	tcase_add_test(tc, each_r2t_asks_for_a_sequence);
	tcase_add_test(tc, a_block_of_16_mib_is_written_and_read);
	tcase_add_loop_test(tc, digests_go_both_ways, 0, 2);
	tcase_add_loop_test(tc, a_violation_ends_the_connection_with_its_reason,
	    0, sizeof violations / sizeof *violations);
	tcase_add_test(tc, immediate_data_that_was_not_agreed_is_a_violation);
	tcase_add_test(tc, a_data_out_with_another_lun_is_a_violation);
	tcase_add_test(tc, data_of_a_refused_command_are_forgotten);
	tcase_add_test(tc, answers_without_a_unit_count_as_memory);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
