/* check_port.c: sense data, and what is said about an answer. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/scsi/port.h"
#include "splitter/tests/run_suite.h"

static const struct sense_case {
	const char *what;
	uint8_t raw[32];
	size_t bytes;
	struct scsi_sense sense;
} sense_cases[] = {
	{ "fixed, early warning, residual 0",
	    { 0xf0, 0, 0x40, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0 }, 18,
	    { .valid = true,
		.eom = true,
		.ascq = 2,
		.has_information = true } },
	{ "fixed, a block longer than the transfer",
	    { 0xf0, 0, 0x20, 0xff, 0xff, 0xff, 0x00, 10, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0 },
	    18,
	    { .valid = true,
		.ili = true,
		.has_information = true,
		.information = -256 } },
	{ "fixed, deferred medium error, no information",
	    { 0x71, 0, 0x03, 0, 0, 0, 0, 10, 0, 0, 0, 0, 0x0c, 0, 0, 0, 0, 0 },
	    18, { .valid = true, .deferred = true, .key = 3, .asc = 0x0c } },
	{ "descriptor, filemark, information of 64 bits",
	    { 0x72, 0, 0, 1, 0, 0, 0, 16, 0, 10, 0x80, 0, 0, 0, 0, 1, 0, 0, 0,
		2, 4, 2, 0, 0x80 },
	    24,
	    { .valid = true,
		.ascq = 1,
		.filemark = true,
		.has_information = true,
		.information = INT64_C(0x100000002) } },
	{ "too short", { 0x70, 0 }, 1, { .valid = false } },
	{ "no sense data", { 0 }, 18, { .valid = false } },
};

START_TEST(sense_is_decoded)
{
	const struct sense_case *c = &sense_cases[_i];
	struct scsi_sense s;

	scsi_sense_decode(c->raw, c->bytes, &s);
	ck_assert_msg(s.valid == c->sense.valid &&
		s.deferred == c->sense.deferred && s.key == c->sense.key &&
		s.asc == c->sense.asc && s.ascq == c->sense.ascq &&
		s.filemark == c->sense.filemark && s.eom == c->sense.eom &&
		s.ili == c->sense.ili &&
		s.has_information == c->sense.has_information &&
		s.information == c->sense.information,
	    "%s", c->what);
}
END_TEST

static const struct scsi_command write_6 = {
	.cdb = { 0x0a }, .cdb_bytes = 6, .name = "WRITE(6)"
};

static const struct text_case {
	struct scsi_answer answer;
	const char *text;
} text_cases[] = {
	{ { .outcome = SCSI_NOT_SENT, .error = EACCES },
	    "WRITE(6): not sent (Permission denied)" },
	{ { .outcome = SCSI_LOST, .error = ETIMEDOUT },
	    "WRITE(6): no answer of the device (Connection timed out)" },
	{ { .status = SCSI_RESERVATION_CONFLICT },
	    "WRITE(6): another initiator has reserved the device" },
	/* too little data, or that of another page */
	{ { .status = SCSI_GOOD },
	    "WRITE(6): the device did not send what was asked for" },
	{ { .status = SCSI_CHECK_CONDITION },
	    "WRITE(6): status 02h without sense data" },
	{ { .status = SCSI_CHECK_CONDITION,
	      .sense = { .valid = true, .key = 3, .asc = 0x0c } },
	    "WRITE(6): Medium Error, Write error (3/0C/00)" },
	{ { .status = SCSI_CHECK_CONDITION,
	      .sense = { .valid = true,
		  .deferred = true,
		  .key = 3,
		  .asc = 0x0c } },
	    "WRITE(6): deferred error, Medium Error, Write error (3/0C/00)" },
};

START_TEST(an_answer_is_described)
{
	const struct text_case *c = &text_cases[_i];
	char text[256];

	scsi_answer_text(&write_6, &c->answer, text, sizeof text);
	ck_assert_str_eq(text, c->text);
}
END_TEST

struct counting_port {
	struct scsi_port port;
	unsigned executed, watched;
};

static void answer_busy(struct scsi_port *port,
    const struct scsi_command *command, struct scsi_answer *answer)
{
	(void)command;
	((struct counting_port *)port)->executed++;
	answer->status = SCSI_BUSY;
}

static void count(void *arg, const struct scsi_command *command,
    const struct scsi_answer *answer)
{
	struct counting_port *p = arg;

	ck_assert_str_eq(command->name, "WRITE(6)");
	ck_assert_uint_eq(answer->status, SCSI_BUSY);
	p->watched++;
}

START_TEST(a_command_is_sent_once_and_watched)
{
	static const struct scsi_port_ops ops = { .execute = answer_busy };
	struct counting_port p = { .port = { .ops = &ops, .watch = count } };
	struct scsi_answer answer;

	p.port.watch_arg = &p;
	ck_assert(!scsi_execute(&p.port, &write_6, &answer));
	ck_assert_uint_eq(p.executed, 1);
	ck_assert_uint_eq(p.watched, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("port");
	TCase *tcase = tcase_create("port");

	tcase_add_loop_test(tcase, sense_is_decoded, 0,
	    sizeof sense_cases / sizeof sense_cases[0]);
	tcase_add_loop_test(tcase, an_answer_is_described, 0,
	    sizeof text_cases / sizeof text_cases[0]);
	tcase_add_test(tcase, a_command_is_sent_once_and_watched);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
