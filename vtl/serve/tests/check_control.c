/*
 * check_control.c: the control socket under clients that send garbage, stall or
 * do not read, and the events that subscribers get.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "splitter/base/clock.h"
#include "splitter/tests/run_suite.h"
#include "vtl/serve/control.h"
#include "vtl/serve/tests/serve_fixture.h"
#include "vtl/tests/vtl_scratch.h"

static struct served s;

static void send_all(int fd, const char *data, size_t bytes)
{
	size_t done = 0;
	ssize_t sent;

	while (done < bytes) {
		sent = send(fd, data + done, bytes - done, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		done += (size_t)sent;
	}
}

/* Reads until the server closes the connection. */
static const char *read_all(int fd)
{
	static char text[SERVE_ANSWER_BYTES];
	size_t bytes = 0;
	ssize_t got;

	while ((got = recv(fd, text + bytes, sizeof text - 1 - bytes, 0)) > 0)
		bytes += (size_t)got;
	text[bytes] = '\0';
	return text;
}

static const struct {
	const char *sent, *says;
} bad[] = {
	{ "\n", "a request is a JSON object" },
	{ "{}\n", "a request is a JSON object" },
	{ "[1, 2]\n", "a request is a JSON object" },
	{ "\x80\xff\xfe garbage\n", "a request is a JSON object" },
	{ "{\"do\": 7}\n", "a request is a JSON object" },
	{ "{\"do\": \"move\", \"do\": \"move\"}\n", "a request is a JSON" },
	{ "{\"do\": \"fly\"}\n", "does not know the request" },
	{ "{\"do\": \"move\"}\n", "a move needs two addresses" },
	{ "{\"do\": \"move\", \"from\": \"a\", \"to\": 1}\n", "two addresses" },
	{ "{\"do\": \"move\", \"from\": -1, \"to\": 1}\n", "two addresses" },
	{ "{\"do\": \"move\", \"from\": 1e99, \"to\": 1}\n", "two addresses" },
	{ "{\"do\": \"move\", \"from\": 65536, \"to\": 1}\n", "two addresses" },
	{ "{\"do\": \"move\", \"from\": 9, \"to\": 256}\n", "no such element" },
	{ "{\"do\": \"move\", \"from\": 256, \"to\": 256}\n", "is empty" },
	{ "{\"do\": \"move\", \"from\": 1, \"to\": 256}\n", "the robot" },
	{ "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "a request is a JSON object" },
};

START_TEST(garbage_gets_an_error)
{
	int fd;

	served_make(&s);
	fd = served_connect();
	send_all(fd, bad[_i].sent, strlen(bad[_i].sent));
	shutdown(fd, SHUT_WR);
	ck_assert_msg(strstr(read_all(fd), bad[_i].says) != NULL, "%s",
	    bad[_i].sent);
	close(fd);
	served_end(&s);
}
END_TEST

START_TEST(an_endless_line_ends_the_connection)
{
	char *line = malloc(4 * SERVE_LINE_BYTES);
	int fd;

	memset(line, 'x', 4 * SERVE_LINE_BYTES);
	served_make(&s);
	fd = served_connect();
	send_all(fd, line, 4 * SERVE_LINE_BYTES);
	ck_assert_ptr_nonnull(strstr(read_all(fd), "too long"));
	close(fd);
	free(line);
	served_end(&s);
}
END_TEST

START_TEST(half_a_request_and_many_connections_stop_nobody)
{
	int fd[SERVE_CONNECTIONS_MAX - 1], more, i;

	served_make(&s);
	for (i = 0; i < SERVE_CONNECTIONS_MAX - 1; i++) {
		fd[i] = served_connect();
		send_all(fd[i], "{\"do\": \"mo", 10);
	}
	ck_assert_str_eq(served_ask("{\"do\": \"changed\"}"), "{}");
	/* One connection more than that: it is closed. */
	more = served_connect();
	ck_assert_str_eq(served_ask("{\"do\": \"changed\"}"),
	    "the server of the library has ended before it answered");
	close(more);
	for (i = 0; i < SERVE_CONNECTIONS_MAX - 1; i++)
		close(fd[i]);
	served_end(&s);
}
END_TEST

START_TEST(a_client_that_does_nothing_is_dropped)
{
	ssize_t got = -1;
	char byte;
	int fd, i;

	served_patience_ns = 1000000;
	served_make(&s);
	fd = served_connect();
	send_all(fd, "{\"do\": \"mo", 10);
	for (i = 0; i < 10000 && got == -1; i++) {
		/* On a busy machine this one may be dropped, too. */
		served_ask("{\"do\": \"changed\"}");
		got = recv(fd, &byte, 1, MSG_DONTWAIT);
	}
	ck_assert_int_eq(got, 0);
	close(fd);
	served_end(&s);
	served_patience_ns = 0;
}
END_TEST

static int64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* Another process connects, and gets an answer. */
static pid_t start_client(void)
{
	struct rlimit most;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	getrlimit(RLIMIT_NOFILE, &most);
	most.rlim_cur = most.rlim_max;
	setrlimit(RLIMIT_NOFILE, &most);
	_exit(strcmp(served_ask("{\"do\": \"changed\"}"), "{}") != 0);
}

/*
 * Expected: without descriptors the server waits until some are free.
 * Bug: poll() returned at once, again and again, for the connection that could
 * not be accepted.
 */
START_TEST(without_descriptors_the_server_waits)
{
	struct rlimit before, none;
	int64_t begin_ns, begin_cpu_ns, end_ns;
	int status, free_fd;
	pid_t pid;

	served_look_ns = 100000000;
	served_make(&s);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	free_fd = dup(0);
	close(free_fd);
	none = before;
	none.rlim_cur = (rlim_t)free_fd;
	begin_ns = clock_now_ns();
	begin_cpu_ns = cpu_ns();
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	pid = start_client();
	/* The client cannot end meanwhile. */
	do
		end_ns = clock_now_ns();
	while (poll(NULL, 0, 20) == 0 && end_ns - begin_ns < 250000000);
	ck_assert_int_eq(waitpid(pid, &status, WNOHANG), 0);
	ck_assert_int_lt(cpu_ns() - begin_cpu_ns,
	    (clock_now_ns() - begin_ns) / 2);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
	served_end(&s);
	served_look_ns = 0;
}
END_TEST

START_TEST(a_socket_that_was_removed_is_made_again)
{
	struct serve_client *client = NULL;
	char message[SERVE_MESSAGE_BYTES];
	const int64_t until_ns = clock_now_ns() + INT64_C(30000000000);

	served_look_ns = 10000000;
	served_make(&s);
	ck_assert_int_eq(unlink(scratch_path("lib/" SERVE_SOCKET)), 0);
	while (client == NULL && clock_now_ns() < until_ns)
		client = serve_client_open(scratch_path("lib"), message);
	ck_assert_ptr_nonnull(client);
	serve_client_close(client);
	ck_assert_str_eq(served_ask("{\"do\": \"changed\"}"), "{}");
	ck_assert_msg(strstr(s.warned, SERVE_SOCKET " was removed") != NULL,
	    "%s", s.warned);
	served_end(&s);
	/* The server has removed the new one. */
	ck_assert_int_ne(access(scratch_path("lib/" SERVE_SOCKET), F_OK), 0);
	served_look_ns = 0;
}
END_TEST

START_TEST(a_client_that_reads_no_answers_is_dropped)
{
	static const char request[] = "{\"do\": \"changed\"}\n";
	int fd, i, small = 1;

	served_make(&s);
	fd = served_connect();
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	for (i = 0; i < 100000; i++)
		if (send(fd, request, sizeof request - 1,
			MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
			break;
	ck_assert_str_eq(served_ask("{\"do\": \"changed\"}"), "{}");
	close(fd);
	served_end(&s);
}
END_TEST

START_TEST(the_library_may_have_a_long_path)
{
	char message[SERVE_MESSAGE_BYTES], path[400];
	const struct serve_options options = { .clock = NULL };
	struct serve_client *client;
	char name[121];

	memset(name, 'n', 120);
	name[120] = '\0';
	served_make(&s);
	served_end(&s);
	snprintf(path, sizeof path, "%s/%s", scratch_path("."), name);
	ck_assert_int_eq(rename(scratch_path("lib"), path), 0);
	s.serve = serve_open(path, &options, message);
	ck_assert_msg(s.serve != NULL, "%s", message);
	client = serve_client_open(path, message);
	ck_assert_msg(client != NULL, "%s", message);
	serve_client_close(client);
	served_end(&s);
}
END_TEST

START_TEST(a_message_about_a_folder_that_is_not_utf_8_arrives)
{
	char message[SERVE_MESSAGE_BYTES];
	const struct serve_options options = { .clock = NULL };
	struct serve_client *client;
	const char *path = scratch_path("l\xe4");

	served_make(&s);
	served_end(&s);
	ck_assert_int_eq(rename(scratch_path("lib"), path), 0);
	s.serve = serve_open(path, &options, message);
	ck_assert_msg(s.serve != NULL, "%s", message);
	client = serve_client_open(path, message);
	ck_assert_ptr_null(serve_client_ask(client,
	    json_pack("{s:s, s:s}", "do", "restore", "name", "none"), message));
	ck_assert_msg(strstr(message, "l?") != NULL, "%s", message);
	serve_client_close(client);
	served_end(&s);
}
END_TEST

START_TEST(only_a_socket_is_replaced)
{
	const struct serve_options options = { .clock = NULL };
	char message[SERVE_MESSAGE_BYTES];

	served_make(&s);
	served_end(&s);
	ck_assert_int_eq(mkdir(scratch_path("lib/library.socket"), 0777), 0);
	ck_assert_ptr_null(serve_open(scratch_path("lib"), &options, message));
	ck_assert_msg(strstr(message, "control socket") != NULL, "%s", message);
	ck_assert_int_eq(access(scratch_path("lib/library.socket"), F_OK), 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("control");
	TCase *t = tcase_create("control");

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, garbage_gets_an_error, 0,
	    sizeof bad / sizeof *bad);
	tcase_add_test(t, an_endless_line_ends_the_connection);
	tcase_add_test(t, half_a_request_and_many_connections_stop_nobody);
	tcase_add_test(t, a_client_that_does_nothing_is_dropped);
	tcase_add_test(t, without_descriptors_the_server_waits);
	tcase_add_test(t, a_socket_that_was_removed_is_made_again);
	tcase_add_test(t, a_client_that_reads_no_answers_is_dropped);
	tcase_add_test(t, the_library_may_have_a_long_path);
	tcase_add_test(t, a_message_about_a_folder_that_is_not_utf_8_arrives);
	tcase_add_test(t, only_a_socket_is_replaced);
	return run_suite(suite);
}
