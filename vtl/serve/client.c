/* client.c: see client.h. */
#include "vtl/serve/client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/clock.h"
#include "splitter/base/signals.h"
#include "vtl/serve/control.h"

enum { NAP_MS = 100 };

struct serve_client {
	int fd;
	char in[SERVE_ANSWER_BYTES];
	size_t in_bytes, line_bytes; /* the line that was returned */
};

static void fail(char *message, const char *folder, const char *why)
{
	snprintf(message, SERVE_MESSAGE_BYTES,
	    "library %s: cannot reach the server of the library: %s", folder,
	    why);
}

/* Returns a connected socket, or -1 with errno. */
static int connect_to(const char *folder)
{
	int folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct sockaddr_un address;
	int fd, error = 0;

	if (folder_fd == -1)
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	serve_control_address(folder_fd, &address);
	if (fd == -1 ||
	    connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
		error = errno;
	close(folder_fd);
	if (error == 0)
		return fd;
	if (fd != -1)
		close(fd);
	errno = error;
	return -1;
}

struct serve_client *serve_client_open(const char *folder,
    char message[SERVE_MESSAGE_BYTES])
{
	struct serve_client *client;
	int fd = connect_to(folder);

	message[0] = '\0';
	if (fd == -1) {
		/* A killed server leaves its socket. */
		if (errno != ENOENT && errno != ECONNREFUSED &&
		    errno != ENOTDIR && errno != ENOTSOCK)
			fail(message, folder, strerror(errno));
		return NULL;
	}
	client = malloc(sizeof *client);
	if (client == NULL) {
		close(fd);
		fail(message, folder, "out of memory");
		return NULL;
	}
	client->fd = fd;
	client->in_bytes = client->line_bytes = 0;
	return client;
}

void serve_client_close(struct serve_client *client)
{
	if (client == NULL)
		return;
	close(client->fd);
	free(client);
}

/* Waits until there is input.  Returns false at `until_ns`, or by a signal. */
static bool wait_for_input(const struct serve_client *client, int64_t until_ns)
{
	struct pollfd p = { client->fd, POLLIN, 0 };
	int64_t left_ms;

	for (;;) {
		if (signals_signal() != 0)
			return false;
		left_ms = (until_ns - clock_now_ns() + 999999) / 1000000;
		if (left_ms < 0)
			left_ms = 0;
		if (poll(&p, 1, left_ms < NAP_MS ? (int)left_ms : NAP_MS) > 0)
			return true;
		if (left_ms == 0)
			return false;
	}
}

/*
 * Returns the next line without its end; NULL: none came until `until_ns`, or
 * *ended is set.
 */
static char *next_line(struct serve_client *client, int64_t until_ns,
    bool *ended)
{
	char *end;
	ssize_t got;

	*ended = false;
	client->in_bytes -= client->line_bytes;
	memmove(client->in, client->in + client->line_bytes, client->in_bytes);
	client->line_bytes = 0;
	for (;;) {
		end = memchr(client->in, '\n', client->in_bytes);
		if (end != NULL) {
			*end = '\0';
			client->line_bytes = (size_t)(end - client->in) + 1;
			return client->in;
		}
		if (!wait_for_input(client, until_ns))
			return NULL;
		got = recv(client->fd, client->in + client->in_bytes,
		    sizeof client->in - client->in_bytes, 0);
		if (got <= 0) {
			*ended = got == 0 || errno != EINTR;
			if (*ended)
				return NULL;
			continue;
		}
		client->in_bytes += (size_t)got;
	}
}

static bool send_line(const struct serve_client *client, json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT);
	size_t bytes = text != NULL ? strlen(text) : 0, done = 0;
	ssize_t sent = 1;

	if (text == NULL)
		return false;
	text[bytes++] = '\n'; /* the line needs no terminating zero */
	while (done < bytes && sent > 0) {
		sent =
		    send(client->fd, text + done, bytes - done, MSG_NOSIGNAL);
		done += sent > 0 ? (size_t)sent : 0;
	}
	free(text);
	return done == bytes;
}

json_t *serve_client_ask(struct serve_client *client, json_t *request,
    char message[SERVE_MESSAGE_BYTES])
{
	return serve_client_ask_until(client, request,
	    clock_now_ns() + SERVE_ANSWER_NS, message);
}

json_t *serve_client_ask_until(struct serve_client *client, json_t *request,
    int64_t until_ns, char message[SERVE_MESSAGE_BYTES])
{
	bool sent = send_line(client, request), ended = false;
	const char *line = NULL, *why;
	json_t *answer;

	json_decref(request);
	if (sent)
		line = next_line(client, until_ns, &ended);
	answer = line != NULL ? json_loads(line, 0, NULL) : NULL;
	if (json_is_true(json_object_get(answer, "ok")))
		return answer;
	why = json_string_value(json_object_get(answer, "message"));
	snprintf(message, SERVE_MESSAGE_BYTES, "%s",
	    why != NULL ? why
		: ended || !sent
		? "the server of the library has ended before it answered"
		: "the server of the library does not answer");
	json_decref(answer);
	return NULL;
}

struct serve_client *serve_client_subscribe(const char *folder,
    int64_t until_ns, char message[SERVE_MESSAGE_BYTES])
{
	struct serve_client *client = serve_client_open(folder, message);
	json_t *answer;

	if (client == NULL)
		return NULL;
	answer = serve_client_ask_until(client,
	    json_pack("{s:s}", "do", "events"), until_ns, message);
	json_decref(answer);
	if (answer != NULL)
		return client;
	serve_client_close(client);
	return NULL;
}

json_t *serve_client_event(struct serve_client *client, int64_t until_ns,
    bool *ended)
{
	const char *line = next_line(client, until_ns, ended);
	json_t *event = line != NULL ? json_loads(line, 0, NULL) : NULL;

	/* A server sends only JSON. */
	if (line != NULL && event == NULL)
		*ended = true;
	return event;
}
