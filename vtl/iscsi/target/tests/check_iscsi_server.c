/* check_iscsi_server.c: the sockets of a server. */
#include <arpa/inet.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/iscsi/target/tests/talk.h"

static struct talk talk;

static void setup(void)
{
	talk_begin(&talk, false);
}

static void teardown(void)
{
	talk_end(&talk);
}

START_TEST(an_initiator_is_asked_to_log_out)
{
	struct talk_initiator *a = talk_connect(&talk, 0);

	iscsi_connection_ask_logout(a->connection);
	talk_run(&talk);
	ck_assert_str_eq(talk_line(a), "nothing");
	talk_log_in(a, "a", "");
	iscsi_connection_ask_logout(a->connection);
	talk_expect(a,
	    "Asynchronous Message 800000 itt=- stat=2 exp=1 win=64 "
	    "w36=16777216 w40=5\n");
}
END_TEST

static struct iscsi_server *start(const char *host, uint16_t port,
    char message[ISCSI_SERVER_MESSAGE_BYTES])
{
	snprintf(talk.config.listen.host, sizeof talk.config.listen.host, "%s",
	    host);
	talk.config.listen.port = port;
	talk.config.ends_at_once = true;
	return iscsi_server_start(&talk.config, message);
}

START_TEST(where_it_cannot_listen_a_message_says_so)
{
	char message[ISCSI_SERVER_MESSAGE_BYTES], expected[256];
	struct iscsi_server *server = start("127.0.0.1", 0, message);
	uint16_t port = iscsi_server_portal(server)->port;

	ck_assert_ptr_nonnull(server);
	ck_assert_uint_ne(port, 0);
	ck_assert_ptr_null(start("127.0.0.1", port, message));
	snprintf(expected, sizeof expected,
	    "cannot listen at 127.0.0.1:%u: another program listens there; "
	    "choose another port, or port 0 for a free one",
	    port);
	ck_assert_str_eq(message, expected);
	ck_assert_ptr_null(start("192.0.2.1", 0, message));
	ck_assert_str_eq(message,
	    "cannot listen at 192.0.2.1:0: this host does not have the "
	    "address");
	iscsi_server_stop(server);
}
END_TEST

/* Returns a connected socket, with time-outs that no test reaches. */
static int connect_to(const struct iscsi_server *server)
{
	const struct timeval timeout = { .tv_sec = 20 };
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_port = htons(iscsi_server_portal(server)->port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address,
			     sizeof address),
	    0);
	return fd;
}

START_TEST(connections_without_login_are_bounded)
{
	char message[ISCSI_SERVER_MESSAGE_BYTES], byte;
	struct iscsi_server *server = start("127.0.0.1", 0, message);
	int fds[ISCSI_LOGINS_MAX + 1];

	for (int i = 0; i <= ISCSI_LOGINS_MAX; i++)
		fds[i] = connect_to(server);
	/* The last one is closed at once. */
	ck_assert_int_eq(recv(fds[ISCSI_LOGINS_MAX], &byte, 1, 0), 0);
	iscsi_server_stop(server);
	ck_assert_ptr_nonnull(strstr(talk.events,
	    "refused: too many connections have not logged in\n"));
	for (int i = 0; i <= ISCSI_LOGINS_MAX; i++)
		close(fds[i]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("iscsi server");
	TCase *tc = tcase_create("server");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, an_initiator_is_asked_to_log_out);
	tcase_add_test(tc, where_it_cannot_listen_a_message_says_so);
	tcase_add_test(tc, connections_without_login_are_bounded);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
