/*
 * control.c: the control socket; see control.h.
 *
 * One thread accepts, reads requests, carries them out and sends answers and
 * events.  It never waits for a client, nor for a command of a drive longer than a
 * moment (obstacle.c): a request about a busy drive is tried again until the client
 * leaves, or gives up.
 * Once in a second it looks whether another process has changed the library, or
 * removed the socket.
 */
#include "vtl/serve/control.h"
#include "vtl/serve/impl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/clock.h"

enum { BACKLOG = 32, RETRY_MS = 10 };

struct connection {
	int fd;
	char in[SERVE_LINE_BYTES];
	size_t in_bytes;
	char out[SERVE_ANSWER_BYTES];
	size_t out_bytes, out_sent;
	bool closing; /* when everything is sent */
	bool waiting; /* the first line of `in` is tried again */
	int64_t waiting_since_ns;
	struct serve_subscriber *subscriber;
	int64_t progress_ns; /* when it last did something */
};

struct control {
	struct serve *serve;
	pthread_t thread;
	int folder_fd, fd, stop_fd;
	struct connection *connections[SERVE_CONNECTIONS_MAX];
	size_t count;
	int64_t full_until_ns; /* no descriptors: accepts nothing until then */
};

void serve_control_address(int folder_fd, struct sockaddr_un *address)
{
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	snprintf(address->sun_path, sizeof address->sun_path,
	    "/proc/self/fd/%d/" SERVE_SOCKET, folder_fd);
}

static void end_connection(struct control *c, size_t i)
{
	struct connection *conn = c->connections[i];

	if (conn->waiting) /* perhaps for an exchange */
		serve_abandon_exchange(c->serve);
	if (conn->subscriber != NULL)
		serve_events_unsubscribe(c->serve->events, conn->subscriber);
	close(conn->fd);
	free(conn);
	c->connections[i] = c->connections[--c->count];
}

static void add_connection(struct control *c)
{
	int fd = accept4(c->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct connection *conn;

	if (fd == -1) {
		/* Those that end free some; poll() would not wait for that. */
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
			c->full_until_ns =
			    clock_now_ns() + c->serve->options.look_ns;
		return;
	}
	conn = c->count < SERVE_CONNECTIONS_MAX ? malloc(sizeof *conn) : NULL;
	if (conn == NULL) {
		close(fd);
		return;
	}
	conn->fd = fd;
	conn->in_bytes = conn->out_bytes = conn->out_sent = 0;
	conn->closing = conn->waiting = false;
	conn->subscriber = NULL;
	conn->progress_ns = clock_now_ns();
	c->connections[c->count++] = conn;
}

/* Queues an answer; takes its reference. */
static void answer(struct connection *conn, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);
	size_t bytes = text != NULL ? strlen(text) : 0;

	json_decref(json);
	if (text == NULL || bytes + 1 > sizeof conn->out - conn->out_bytes) {
		conn->closing = true; /* it does not read its answers */
	} else {
		memcpy(conn->out + conn->out_bytes, text, bytes);
		conn->out_bytes += bytes;
		conn->out[conn->out_bytes++] = '\n';
	}
	free(text);
}

static void subscribe(struct control *c, struct connection *conn)
{
	conn->subscriber = serve_events_subscribe(c->serve->events);
	if (conn->subscriber != NULL)
		return;
	conn->out_bytes = 0;
	answer(conn,
	    json_pack("{s:b, s:s}", "ok", 0, "message",
		"the server has too many readers of events"));
	conn->closing = true;
}

/* Carries out the complete lines of the input. */
static void read_lines(struct control *c, struct connection *conn)
{
	char *line = conn->in, *end;
	enum serve_then then;
	json_t *json;

	while (!conn->closing && conn->subscriber == NULL &&
	    (end = memchr(line, '\n',
		 conn->in_bytes - (size_t)(line - conn->in))) != NULL) {
		if (!conn->waiting)
			conn->waiting_since_ns = clock_now_ns();
		json = serve_request(c->serve, line, (size_t)(end - line),
		    clock_now_ns() - conn->waiting_since_ns, &then);
		conn->progress_ns = clock_now_ns();
		conn->waiting = then == SERVE_BUSY;
		if (conn->waiting)
			break;
		answer(conn, json);
		if (then == SERVE_SUBSCRIBE)
			subscribe(c, conn);
		line = end + 1;
	}
	conn->in_bytes -= (size_t)(line - conn->in);
	memmove(conn->in, line, conn->in_bytes);
	if (conn->subscriber != NULL) {
		conn->in_bytes = 0;
	} else if (conn->in_bytes == sizeof conn->in && !conn->waiting) {
		answer(conn,
		    json_pack("{s:b, s:s}", "ok", 0, "message",
			"the request is too long"));
		conn->closing = true;
	}
}

/* Returns false if the connection ends. */
static bool receive(struct control *c, struct connection *conn)
{
	ssize_t got = recv(conn->fd, conn->in + conn->in_bytes,
	    sizeof conn->in - conn->in_bytes, 0);

	if (got == -1)
		return errno == EAGAIN || errno == EINTR;
	if (got == 0)
		return false;
	conn->in_bytes += (size_t)got;
	conn->progress_ns = clock_now_ns();
	read_lines(c, conn);
	return true;
}

/* Returns false if the connection ends. */
static bool transmit(struct control *c, struct connection *conn)
{
	ssize_t sent;

	if (conn->out_sent == conn->out_bytes)
		conn->out_sent = conn->out_bytes = 0;
	if (conn->out_bytes == 0 && conn->subscriber != NULL)
		conn->out_bytes = serve_events_take(c->serve->events,
		    conn->subscriber, conn->out, sizeof conn->out);
	if (conn->out_bytes == conn->out_sent)
		return !conn->closing;
	sent = send(conn->fd, conn->out + conn->out_sent,
	    conn->out_bytes - conn->out_sent, MSG_NOSIGNAL);
	if (sent == -1)
		return errno == EAGAIN || errno == EINTR;
	conn->out_sent += (size_t)sent;
	conn->progress_ns = clock_now_ns();
	return true;
}

static bool has_stalled(const struct connection *conn, int64_t patience_ns)
{
	return conn->subscriber == NULL && !conn->waiting &&
	    clock_now_ns() - conn->progress_ns > patience_ns;
}

/* Sends what can be sent without waiting. */
static bool transmit_all(struct control *c, struct connection *conn)
{
	size_t before;

	do {
		before = conn->out_sent;
		if (!transmit(c, conn))
			return false;
	} while (conn->out_sent != before && conn->out_bytes != 0);
	return true;
}

static void serve_connections(struct control *c, const struct pollfd *polls)
{
	size_t i;

	for (i = c->count; i-- > 0;) {
		struct connection *conn = c->connections[i];
		bool good = !has_stalled(conn, c->serve->options.patience_ns);

		if (good && conn->waiting)
			read_lines(c, conn);
		if (good && (polls[i].revents & (POLLIN | POLLHUP)) != 0 &&
		    !conn->closing)
			good = receive(c, conn);
		if (good)
			good = transmit_all(c, conn);
		if (!good || (polls[i].revents & (POLLERR | POLLNVAL)) != 0)
			end_connection(c, i);
	}
}

static short wanted(const struct connection *conn)
{
	return (short)((conn->closing || conn->waiting ? 0 : POLLIN) |
	    (conn->out_bytes > conn->out_sent ? POLLOUT : 0));
}

/* How long poll() waits if nothing happens. */
static int poll_ms(const struct control *c)
{
	size_t i;

	for (i = 0; i < c->count; i++)
		if (c->connections[i]->waiting)
			return RETRY_MS;
	return (int)(c->serve->options.look_ns / 1000000);
}

/* Opens the socket; replaces that of a killed server.  Returns 0 or -1. */
static int open_socket(struct control *c)
{
	struct sockaddr_un address;
	struct stat st;

	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->fd == -1)
		return -1;
	/* Only a socket is replaced. */
	if (fstatat(c->folder_fd, SERVE_SOCKET, &st, AT_SYMLINK_NOFOLLOW) ==
		0 &&
	    S_ISSOCK(st.st_mode))
		unlinkat(c->folder_fd, SERVE_SOCKET, 0);
	serve_control_address(c->folder_fd, &address);
	if (bind(c->fd, (struct sockaddr *)&address, sizeof address) != 0)
		return -1;
	return listen(c->fd, BACKLOG);
}

/*
 * Makes the socket again if another process removed it: no command could reach the
 * server.
 */
static void keep_socket(struct control *c)
{
	struct stat st;

	if (fstatat(c->folder_fd, SERVE_SOCKET, &st, AT_SYMLINK_NOFOLLOW) ==
		0 ||
	    errno != ENOENT)
		return;
	serve_warn(c->serve,
	    "library %s: " SERVE_SOCKET " was removed; it is made again",
	    changer_folder(c->serve->changer));
	close(c->fd);
	if (open_socket(c) == 0)
		return;
	serve_warn(c->serve,
	    "library %s: cannot make " SERVE_SOCKET ": %s: other commands "
	    "cannot reach this server",
	    changer_folder(c->serve->changer), strerror(errno));
}

static int open_folder(struct control *c)
{
	c->folder_fd = open(changer_folder(c->serve->changer),
	    O_PATH | O_DIRECTORY | O_CLOEXEC);
	return c->folder_fd == -1 ? -1 : 0;
}

static void *run(void *arg)
{
	struct pollfd polls[3 + SERVE_CONNECTIONS_MAX];
	struct control *c = arg;
	const int64_t look_ns = c->serve->options.look_ns;
	int64_t looked_ns = clock_now_ns();
	size_t i;

	for (;;) {
		polls[0] = (struct pollfd){ c->stop_fd, POLLIN, 0 };
		polls[1] =
		    (struct pollfd){ clock_now_ns() < c->full_until_ns ? -1
								       : c->fd,
			    POLLIN, 0 };
		polls[2] = (struct pollfd){ serve_events_fd(c->serve->events),
			POLLIN, 0 };
		for (i = 0; i < c->count; i++)
			polls[3 + i] = (struct pollfd){ c->connections[i]->fd,
				wanted(c->connections[i]), 0 };
		if (poll(polls, (nfds_t)(3 + c->count), poll_ms(c)) == -1 &&
		    errno != EINTR)
			return NULL;
		if (polls[0].revents != 0)
			return NULL;
		if (polls[2].revents != 0)
			serve_events_seen(c->serve->events);
		serve_connections(c, polls + 3);
		if (polls[1].revents != 0)
			add_connection(c);
		if (clock_now_ns() - looked_ns >= look_ns) {
			looked_ns = clock_now_ns();
			serve_read_if_changed(c->serve);
			keep_socket(c);
		}
	}
}

static void close_all(struct control *c)
{
	while (c->count > 0)
		end_connection(c, c->count - 1);
	if (c->fd != -1)
		close(c->fd);
	if (c->folder_fd != -1)
		close(c->folder_fd);
	if (c->stop_fd != -1)
		close(c->stop_fd);
	free(c);
}

struct control *serve_control_start(struct serve *serve,
    char message[SERVE_MESSAGE_BYTES])
{
	struct control *c = calloc(1, sizeof *c);
	int error;

	if (c == NULL) {
		snprintf(message, SERVE_MESSAGE_BYTES,
		    "cannot serve a library: out of memory");
		return NULL;
	}
	c->serve = serve;
	c->fd = c->folder_fd = -1;
	c->stop_fd = eventfd(0, EFD_CLOEXEC);
	error = c->stop_fd == -1 || open_folder(c) != 0 || open_socket(c) != 0
	    ? errno
	    : 0;
	if (error == 0)
		error = pthread_create(&c->thread, NULL, run, c);
	if (error == 0)
		return c;
	snprintf(message, SERVE_MESSAGE_BYTES,
	    "library %s: cannot make its control socket " SERVE_SOCKET ": %s",
	    changer_folder(serve->changer), strerror(error));
	close_all(c);
	return NULL;
}

void serve_control_stop(struct control *c)
{
	const uint64_t one = 1;
	ssize_t written;

	if (c == NULL)
		return;
	written = write(c->stop_fd, &one, sizeof one);
	(void)written;
	pthread_join(c->thread, NULL);
	unlinkat(c->folder_fd, SERVE_SOCKET, 0);
	close_all(c);
}
