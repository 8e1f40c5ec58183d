/* check_node.c: the sg node as a port, on a table of system calls. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/scsi/node/node.h"
#include "splitter/scsi/node/tests/fake_sg.h"
#include "splitter/tests/run_suite.h"

static const struct scsi_node_options options = { .calls = &fake_sg_calls };
static struct scsi_port *port;
static struct scsi_answer answer;
static char err[512];

static void setup(void)
{
	memset(&fake_sg, 0, sizeof fake_sg);
	fake_sg.version = 30536;
	fake_sg.table = 128;
	fake_sg.keeps = 1 << 20;
	fake_sg.now_ns = 1;
	port = scsi_node_open("/dev/sg3", &options, err, sizeof err);
	ck_assert_msg(port != NULL, "%s", err);
}

static void teardown(void)
{
	if (port != NULL)
		port->ops->close(port);
}

static const struct scsi_command write_6 = {
	.cdb = { 0x0a, 0, 0, 0, 4, 0 },
	.cdb_bytes = 6,
	.direction = SCSI_DATA_OUT,
	.out = "data",
	.data_bytes = 4,
	.timeout_s = 1500,
	.name = "WRITE(6)",
};

START_TEST(the_node_is_opened_exclusively)
{
	ck_assert_int_eq(fake_sg.flags, O_RDWR | O_EXCL | O_NONBLOCK);
	port->ops->close(port);
	port = NULL;
	ck_assert_uint_eq(fake_sg.closed, 1);
}
END_TEST

static const struct open_case {
	int error;
	const char *says;
} open_cases[] = {
	{ EBUSY, "another program has it open" },
	{ EACCES,
	    "SUBSYSTEM==\"scsi_generic\", ATTRS{type}==\"1|8\", "
	    "GROUP=\"tape\"" },
	{ ENOENT, "No such file or directory" },
	{ ENXIO, "No such device: has the driver" },
};

START_TEST(a_node_that_cannot_be_opened)
{
	fake_sg.open_error = open_cases[_i].error;
	ck_assert_ptr_null(scsi_node_open("/dev/sg3", &options, err,
	    sizeof err));
	ck_assert_msg(strstr(err, open_cases[_i].says) != NULL &&
		strncmp(err, "/dev/sg3: ", 10) == 0,
	    "%s", err);
	ck_assert_uint_eq(fake_sg.closed, 0);
}
END_TEST

START_TEST(other_nodes_are_refused_and_closed)
{
	fake_sg.table = 0; /* as of the st driver */
	ck_assert_ptr_null(scsi_node_open("/dev/sg3", &options, err,
	    sizeof err));
	ck_assert_ptr_nonnull(strstr(err, "not a node of the sg driver"));
	fake_sg.table = 128;
	fake_sg.version = 20000;
	ck_assert_ptr_null(scsi_node_open("/dev/sg3", &options, err,
	    sizeof err));
	fake_sg.version = 30536;
	fake_sg.blocking_error = EINVAL;
	ck_assert_ptr_null(scsi_node_open("/dev/sg3", &options, err,
	    sizeof err));
	ck_assert_uint_eq(fake_sg.closed, 3);
}
END_TEST

static const struct limit_case {
	int table, keeps;
	uint32_t bytes;
} limit_cases[] = {
	{ 128, 64 << 20, 4 << 20 },   /* 128 entries of 32 KiB */
	{ 4096, 1 << 20, 1 << 20 },   /* the queue of the device */
	{ 4096, 64 << 20, 16 << 20 }, /* the largest block of SSC */
	{ 1, 64 << 20, 32 << 10 },
	{ 4096, 0, 4096 },
};

START_TEST(the_adapter_limits_a_block)
{
	const struct limit_case *c = &limit_cases[_i];
	struct scsi_port *p;

	fake_sg.table = c->table;
	fake_sg.keeps = c->keeps;
	p = scsi_node_open("/dev/sg3", &options, err, sizeof err);
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(scsi_node_largest_bytes(p), c->bytes);
	p->ops->close(p);
}
END_TEST

START_TEST(a_command_goes_out_by_write_and_its_answer_comes_by_read)
{
	ck_assert(scsi_execute(port, &write_6, &answer));
	ck_assert_int_eq(answer.outcome, SCSI_ANSWERED);
	ck_assert_uint_eq(fake_sg.sent, 1);
	ck_assert_uint_eq(fake_sg.fetched, 1);
	ck_assert_int_eq(fake_sg.last.interface_id, 'S');
	ck_assert_int_eq(fake_sg.last.dxfer_direction, SG_DXFER_TO_DEV);
	ck_assert_uint_eq(fake_sg.last.flags, 0);
	ck_assert_uint_eq(fake_sg.last.timeout, 1500000);
	ck_assert_mem_eq(fake_sg.cdb, write_6.cdb, 6);
	ck_assert_mem_eq(fake_sg.out, "data", 4);
	ck_assert_int_gt(answer.done_ns, answer.began_ns);
}
END_TEST

START_TEST(an_interrupted_read_never_sends_the_command_again)
{
	const int errors[FAKE_SG_ERRORS] = { EINTR, EINTR, EAGAIN, EINTR,
		EINTR };

	memcpy(fake_sg.read_errors, errors, sizeof errors);
	ck_assert(scsi_execute(port, &write_6, &answer));
	ck_assert_uint_eq(fake_sg.sent, 1);
	ck_assert_uint_eq(fake_sg.fetched, 1);
	ck_assert_uint_eq(fake_sg.read_at, 6);
}
END_TEST

START_TEST(an_answer_of_another_command_is_thrown_away)
{
	fake_sg.read_errors[0] = FAKE_SG_STALE;
	fake_sg.status = 2;
	ck_assert(!scsi_execute(port, &write_6, &answer));
	ck_assert_uint_eq(fake_sg.sent, 1);
	ck_assert_uint_eq(fake_sg.read_at, 2);
}
END_TEST

START_TEST(signals_are_blocked_while_it_waits)
{
	sigset_t before, after;

	pthread_sigmask(SIG_SETMASK, NULL, &before);
	scsi_execute(port, &write_6, &answer);
	ck_assert(fake_sg.blocked);
	pthread_sigmask(SIG_SETMASK, NULL, &after);
	ck_assert_int_eq(sigismember(&before, SIGINT),
	    sigismember(&after, SIGINT));
	ck_assert_int_eq(sigismember(&after, SIGTSTP), 0);
}
END_TEST

static int64_t waited_ns;

/* Waits for a minute at most. */
static bool waits(void *arg, int64_t age_ns)
{
	ck_assert_ptr_eq(arg, &waited_ns);
	ck_assert_int_gt(age_ns, waited_ns);
	waited_ns = age_ns;
	return age_ns < INT64_C(60) * 1000000000;
}

static const struct scsi_command patient = {
	.cdb_bytes = 6,
	.timeout_s = 14000,
	.name = "TEST UNIT READY",
	.waiting = waits,
	.waiting_arg = &waited_ns,
};

/* Signals end the pauses, and no command. */
START_TEST(a_wait_for_an_answer_has_pauses)
{
	waited_ns = 0;
	fake_sg.answers_ns = fake_sg.now_ns + INT64_C(30) * 1000000000;
	ck_assert(scsi_execute(port, &patient, &answer));
	ck_assert_uint_eq(fake_sg.sent, 1);
	ck_assert_uint_eq(fake_sg.fetched, 1);
	ck_assert_int_ge(waited_ns, INT64_C(30) * 1000000000);
	ck_assert_int_lt(waited_ns, INT64_C(31) * 1000000000);
	ck_assert(fake_sg.blocked);
	ck_assert(fake_sg.unblocked);
}
END_TEST

START_TEST(an_answer_that_is_there_needs_no_pause)
{
	waited_ns = 0;
	ck_assert(scsi_execute(port, &patient, &answer));
	ck_assert_uint_eq(fake_sg.slept, 0);
	ck_assert_int_eq(waited_ns, 0);
}
END_TEST

START_TEST(a_wait_that_the_caller_ends_leaves_the_command)
{
	waited_ns = 0;
	fake_sg.answers_ns = INT64_MAX;
	ck_assert(!scsi_execute(port, &patient, &answer));
	ck_assert_int_eq(answer.outcome, SCSI_LOST);
	ck_assert_int_eq(answer.error, ECANCELED);
	ck_assert_uint_eq(fake_sg.fetched, 0);
	/* Its answer comes before that of the next command. */
	fake_sg.answers_ns = 0;
	fake_sg.read_errors[0] = FAKE_SG_STALE;
	ck_assert(scsi_execute(port, &patient, &answer));
	ck_assert_uint_eq(fake_sg.sent, 2);
	ck_assert_uint_eq(fake_sg.fetched, 1);
}
END_TEST

static bool is_interrupted(void *arg, int64_t ns)
{
	(void)arg;
	(void)ns;
	return false;
}

START_TEST(a_signal_ends_a_wait)
{
	const struct scsi_node_options interrupted = { .calls = &fake_sg_calls,
		.sleep = is_interrupted };
	struct scsi_port *p;

	waited_ns = 0;
	fake_sg.answers_ns = INT64_MAX;
	p = scsi_node_open("/dev/sg3", &interrupted, err, sizeof err);
	ck_assert_ptr_nonnull(p);
	ck_assert(!scsi_execute(p, &patient, &answer));
	ck_assert_int_eq(answer.error, ECANCELED);
	ck_assert_int_eq(waited_ns, 0);
	p->ops->close(p);
}
END_TEST

START_TEST(a_command_that_was_not_sent)
{
	fake_sg.write_error = ENOMEM;
	ck_assert(!scsi_execute(port, &write_6, &answer));
	ck_assert_int_eq(answer.outcome, SCSI_NOT_SENT);
	ck_assert_int_eq(answer.error, ENOMEM);
	/* It may have been sent. */
	fake_sg.write_error = EINTR;
	ck_assert(!scsi_execute(port, &write_6, &answer));
	ck_assert_int_eq(answer.outcome, SCSI_LOST);
	ck_assert_uint_eq(fake_sg.fetched, 0);
}
END_TEST

static const struct lost_case {
	int read_error;
	uint16_t host, driver;
	int error;
} lost_cases[] = {
	{ ENODEV, 0, 0, ENODEV },
	{ 0, 3, 0, ETIMEDOUT },
	{ 0, 1, 0, ENXIO },
	{ 0, 8, 0, EIO },
	{ 0, 0, 6, ETIMEDOUT },
};

START_TEST(a_lost_answer)
{
	const struct lost_case *c = &lost_cases[_i];

	fake_sg.read_errors[0] = c->read_error;
	fake_sg.host = c->host;
	fake_sg.driver = c->driver;
	ck_assert(!scsi_execute(port, &write_6, &answer));
	ck_assert_int_eq(answer.outcome, SCSI_LOST);
	ck_assert_int_eq(answer.error, c->error);
	ck_assert_uint_eq(answer.host, c->host);
	ck_assert_uint_eq(fake_sg.sent, 1);
}
END_TEST

START_TEST(sense_data_and_residual)
{
	static const uint8_t eod[18] = { 0x70, 0, 0x08, 0, 0, 0, 0, 10, 0, 0, 0,
		0, 0, 5 };
	char in[8];
	const struct scsi_command read_6 = {
		.cdb = { 0x08 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_IN,
		.in = in,
		.data_bytes = sizeof in,
		.timeout_s = 1,
		.name = "READ(6)",
	};

	fake_sg.status = 2;
	fake_sg.driver = 8; /* DRIVER_SENSE */
	memcpy(fake_sg.sense, eod, sizeof eod);
	fake_sg.sense_bytes = sizeof eod;
	fake_sg.resid = 8;
	memcpy(fake_sg.in, "12345678", 8);
	ck_assert(!scsi_execute(port, &read_6, &answer));
	ck_assert_int_eq(answer.outcome, SCSI_ANSWERED);
	ck_assert_uint_eq(answer.sense.key, 8);
	ck_assert_uint_eq(answer.sense.ascq, 5);
	ck_assert_uint_eq(answer.raw_bytes, 18);
	ck_assert_uint_eq(answer.residual, 8);
	ck_assert(answer.has_residual);
	/* a driver's nonsense */
	fake_sg.resid = 99;
	scsi_execute(port, &read_6, &answer);
	ck_assert_uint_eq(answer.residual, 8);
	fake_sg.resid = -3;
	scsi_execute(port, &read_6, &answer);
	ck_assert_uint_eq(answer.residual, 0);
	ck_assert_mem_eq(in, "12345678", 8);
}
END_TEST

START_TEST(a_command_without_data_has_no_direction)
{
	struct scsi_command none = { .cdb = { 0x10 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_IN,
		.timeout_s = 3000000,
		.name = "WRITE FILEMARKS" };

	ck_assert(scsi_execute(port, &none, &answer));
	ck_assert_int_eq(fake_sg.last.dxfer_direction, SG_DXFER_NONE);
	ck_assert_ptr_null(fake_sg.last.dxferp);
	/* in milliseconds, in a number of 32 bits that has a sign */
	ck_assert_uint_le(fake_sg.last.timeout, INT32_MAX);
}
END_TEST

START_TEST(a_transport_that_drops_residuals_is_found_out)
{
	uint8_t in[64];
	const struct scsi_command inquiry = { .cdb = { 0x12 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_IN,
		.in = in,
		.data_bytes = sizeof in,
		.timeout_s = 60,
		.name = "INQUIRY" };

	fake_sg.in[4] = 31;
	fake_sg.resid = 28;
	ck_assert(scsi_execute(port, &inquiry, &answer));
	ck_assert(answer.has_residual);
	fake_sg.resid = 0;
	ck_assert(scsi_execute(port, &inquiry, &answer));
	ck_assert(!answer.has_residual);
	ck_assert(scsi_execute(port, &write_6, &answer));
	ck_assert(!answer.has_residual);
}
END_TEST

static bool refuse_sleep(void *arg, int64_t ns)
{
	ck_assert_int_eq(ns, 5);
	++*(unsigned *)arg;
	return false;
}

START_TEST(sleeps_of_the_program)
{
	unsigned asked = 0;
	const struct scsi_node_options own = { .calls = &fake_sg_calls,
		.sleep = refuse_sleep,
		.sleep_arg = &asked };
	struct scsi_port *p = scsi_node_open("/dev/sg3", &own, err, sizeof err);

	ck_assert(!p->ops->sleep_ns(p, 5));
	ck_assert_uint_eq(asked, 1);
	p->ops->close(p);
	ck_assert(port->ops->sleep_ns(port, 5));
	ck_assert_uint_eq(fake_sg.slept, 1);
}
END_TEST

static const char *name_seen;
static int64_t age_seen_ns;

static ssize_t read_and_ask(void *arg, int fd, void *buf, size_t bytes)
{
	fake_sg.now_ns += 90;
	age_seen_ns = port->ops->waiting_ns(port, &name_seen);
	return fake_sg_calls.read(arg, fd, buf, bytes);
}

START_TEST(the_command_in_progress_has_an_age)
{
	static struct device_calls asking;
	const struct scsi_node_options own = { .calls = &asking };
	const char *name = "x";

	asking = fake_sg_calls;
	asking.read = read_and_ask;
	port->ops->close(port);
	port = scsi_node_open("/dev/sg3", &own, err, sizeof err);
	ck_assert(scsi_execute(port, &write_6, &answer));
	ck_assert_str_eq(name_seen, "WRITE(6)");
	ck_assert_int_eq(age_seen_ns, 90);
	ck_assert_int_eq(port->ops->waiting_ns(port, &name), 0);
	ck_assert_ptr_null(name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("node");
	TCase *t = tcase_create("node");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, the_node_is_opened_exclusively);
	tcase_add_loop_test(t, a_node_that_cannot_be_opened, 0,
	    sizeof open_cases / sizeof *open_cases);
	tcase_add_test(t, other_nodes_are_refused_and_closed);
	tcase_add_loop_test(t, the_adapter_limits_a_block, 0,
	    sizeof limit_cases / sizeof *limit_cases);
	tcase_add_test(t,
	    a_command_goes_out_by_write_and_its_answer_comes_by_read);
	tcase_add_test(t, an_interrupted_read_never_sends_the_command_again);
	tcase_add_test(t, an_answer_of_another_command_is_thrown_away);
	tcase_add_test(t, signals_are_blocked_while_it_waits);
	tcase_add_test(t, a_wait_for_an_answer_has_pauses);
	tcase_add_test(t, an_answer_that_is_there_needs_no_pause);
	tcase_add_test(t, a_wait_that_the_caller_ends_leaves_the_command);
	tcase_add_test(t, a_signal_ends_a_wait);
	tcase_add_test(t, a_command_that_was_not_sent);
	tcase_add_loop_test(t, a_lost_answer, 0,
	    sizeof lost_cases / sizeof *lost_cases);
	tcase_add_test(t, sense_data_and_residual);
	tcase_add_test(t, a_command_without_data_has_no_direction);
	tcase_add_test(t, a_transport_that_drops_residuals_is_found_out);
	tcase_add_test(t, sleeps_of_the_program);
	tcase_add_test(t, the_command_in_progress_has_an_age);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
