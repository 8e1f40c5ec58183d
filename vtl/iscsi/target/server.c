/* server.c: the sockets and threads of a server; see server.h. */
#include "vtl/iscsi/target/server.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "splitter/base/clock.h"
#include "vtl/iscsi/target/connection.h"
#include "vtl/iscsi/target/socket_stream.h"

enum {
	CONNECTIONS_MAX =
	    ISCSI_SESSIONS_MAX + ISCSI_LOGINS_MAX + ISCSI_DISCOVERIES_MAX,
	BACKLOG = 64
};

/* A connection and its thread. */
struct client {
	struct client *next;
	struct iscsi_server *server;
	struct socket_stream socket;
	struct iscsi_connection *connection;
	pthread_t thread;
	bool ended; /* the thread can be joined */
};

struct iscsi_server {
	struct iscsi_server_config config;
	struct iscsi_node *node;
	struct iscsi_portal portal;
	int listen_fd;
	int wake_fd; /* of the acceptor: clients have ended, or `stopping` */
	atomic_bool stopping;
	pthread_t acceptor;
	pthread_mutex_t lock; /* guards the list, and `ended` of clients */
	pthread_cond_t changed;
	struct client *clients;
};

static void free_client(struct client *client)
{
	iscsi_connection_free(client->connection);
	socket_stream_close(&client->socket);
	free(client);
}

/* Joins and frees the clients that have ended. */
static void reap(struct iscsi_server *server)
{
	struct client **at = &server->clients, *ended = NULL, *client;

	pthread_mutex_lock(&server->lock);
	while (*at != NULL) {
		client = *at;
		if (!client->ended) {
			at = &client->next;
			continue;
		}
		*at = client->next;
		client->next = ended;
		ended = client;
	}
	pthread_mutex_unlock(&server->lock);
	while (ended != NULL) {
		client = ended;
		ended = client->next;
		pthread_join(client->thread, NULL);
		free_client(client);
	}
}

static void wake(struct iscsi_server *server)
{
	const uint64_t one = 1;

	(void)!write(server->wake_fd, &one, sizeof one);
}

static void *serve(void *arg)
{
	struct client *client = arg;
	struct iscsi_server *server = client->server;

	iscsi_connection_serve(client->connection);
	pthread_mutex_lock(&server->lock);
	client->ended = true;
	pthread_cond_broadcast(&server->changed);
	wake(server);
	pthread_mutex_unlock(&server->lock);
	return NULL;
}

/* Returns why one more connection is refused; NULL: it is not. */
static const char *find_refusal(struct iscsi_server *server)
{
	size_t logins = 0, count = 0;

	pthread_mutex_lock(&server->lock);
	for (struct client *c = server->clients; c != NULL; c = c->next) {
		count++;
		logins += !iscsi_connection_logged_in(c->connection);
	}
	pthread_mutex_unlock(&server->lock);
	if (logins >= ISCSI_LOGINS_MAX)
		return "too many connections have not logged in";
	return count >= CONNECTIONS_MAX ? "there are too many connections"
					: NULL;
}

static void tell_refused(struct iscsi_server *server, const char *address,
    const char *reason)
{
	iscsi_node_tell(server->node,
	    &(struct iscsi_event){
		.kind = ISCSI_EVENT_REFUSED,
		.address = address,
		.initiator = "",
		.target = "",
		.reason = reason,
	    });
}

/* What discovery answers to this connection. */
static void find_advertised(const struct iscsi_server *server, int fd,
    char text[ISCSI_PORTAL_BYTES])
{
	struct iscsi_portal portal = server->config.advertise, local;
	struct sockaddr_storage address;
	socklen_t bytes = sizeof address;

	if (portal.host[0] == '\0') {
		local = server->portal;
		if (getsockname(fd, (struct sockaddr *)&address, &bytes) == 0)
			(void)!iscsi_portal_of_address((struct sockaddr
							       *)&address,
			    &local);
		memcpy(portal.host, local.host, sizeof portal.host);
	}
	if (portal.port == 0)
		portal.port = server->portal.port;
	iscsi_portal_write(&portal, text);
}

static bool start_client(struct iscsi_server *server, int fd,
    const char *address)
{
	struct client *client = calloc(1, sizeof *client);
	char portal[ISCSI_PORTAL_BYTES];
	struct iscsi_stream stream;
	bool started = false;

	if (client == NULL || !socket_stream_open(&client->socket, fd)) {
		if (client == NULL)
			close(fd);
		free(client);
		return false;
	}
	find_advertised(server, fd, portal);
	client->server = server;
	stream = socket_stream(&client->socket);
	client->connection =
	    iscsi_connection_create(server->node, &stream, address, portal);
	pthread_mutex_lock(&server->lock);
	if (client->connection != NULL &&
	    pthread_create(&client->thread, NULL, serve, client) == 0) {
		client->next = server->clients;
		server->clients = client;
		started = true;
	}
	pthread_mutex_unlock(&server->lock);
	if (!started)
		free_client(client);
	return started;
}

static void accept_one(struct iscsi_server *server)
{
	struct sockaddr_storage peer;
	socklen_t bytes = sizeof peer;
	struct iscsi_portal portal = { 0 };
	char address[ISCSI_PORTAL_BYTES];
	const char *refusal;
	int fd = accept4(server->listen_fd, (struct sockaddr *)&peer, &bytes,
	    SOCK_CLOEXEC);

	if (fd < 0) {
		/* No descriptors: those that log out free some. */
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
			clock_sleep_ns(CLOCK_SECOND_NS / 10);
		return;
	}
	(void)!iscsi_portal_of_address((struct sockaddr *)&peer, &portal);
	iscsi_portal_write(&portal, address);
	refusal = find_refusal(server);
	if (refusal != NULL)
		close(fd);
	else if (!start_client(server, fd, address))
		refusal = "no memory or thread for a connection";
	if (refusal != NULL)
		tell_refused(server, address, refusal);
}

static void *accept_clients(void *arg)
{
	struct iscsi_server *server = arg;
	struct pollfd fds[] = {
		{ .fd = server->listen_fd, .events = POLLIN },
		{ .fd = server->wake_fd, .events = POLLIN },
	};
	uint64_t count;

	while (!server->stopping) {
		if (poll(fds, 2, -1) <= 0)
			continue;
		if (fds[1].revents != 0)
			(void)!read(server->wake_fd, &count, sizeof count);
		reap(server);
		if (fds[0].revents != 0)
			accept_one(server);
	}
	return NULL;
}

/* Returns a socket that listens at the address; or -1 with errno. */
static int listen_at(const struct addrinfo *address)
{
	const int one = 1;
	int error,
	    fd = socket(address->ai_family,
		SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 &&
	    listen(fd, BACKLOG) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

static const char *explain(int error)
{
	switch (error) {
	case EADDRINUSE:
		return "another program listens there; choose another port, "
		       "or port 0 for a free one";
	case EADDRNOTAVAIL:
		return "this host does not have the address";
	case EACCES:
		return "ports below 1024 need privilege; choose another port";
	default:
		return strerror(error);
	}
}

static bool open_socket(struct iscsi_server *server,
    char message[ISCSI_SERVER_MESSAGE_BYTES])
{
	const struct iscsi_portal *listen = &server->config.listen;
	const struct addrinfo hints = { .ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct sockaddr_storage bound;
	socklen_t bytes = sizeof bound;
	struct addrinfo *found;
	char port[8], text[ISCSI_PORTAL_BYTES];
	int error;

	iscsi_portal_write(listen, text);
	snprintf(port, sizeof port, "%u", listen->port);
	error = getaddrinfo(listen->host[0] != '\0' ? listen->host : NULL, port,
	    &hints, &found);
	if (error != 0) {
		snprintf(message, ISCSI_SERVER_MESSAGE_BYTES,
		    "cannot listen at %s: %s", text, gai_strerror(error));
		return false;
	}
	server->listen_fd = listen_at(found);
	if (server->listen_fd < 0)
		snprintf(message, ISCSI_SERVER_MESSAGE_BYTES,
		    "cannot listen at %s: %s", text, explain(errno));
	freeaddrinfo(found);
	if (server->listen_fd < 0)
		return false;
	server->portal = *listen;
	if (getsockname(server->listen_fd, (struct sockaddr *)&bound, &bytes) ==
	    0)
		(void)!iscsi_portal_of_address((struct sockaddr *)&bound,
		    &server->portal);
	return true;
}

static bool check_config(const struct iscsi_server_config *config,
    char message[ISCSI_SERVER_MESSAGE_BYTES])
{
	if (config->unit_count >= 1 && config->unit_count <= ISCSI_UNITS_MAX)
		return true;
	snprintf(message, ISCSI_SERVER_MESSAGE_BYTES,
	    "a target has 1 to %d logical units, not %zu", ISCSI_UNITS_MAX,
	    config->unit_count);
	return false;
}

static void free_server(struct iscsi_server *server)
{
	if (server->listen_fd >= 0)
		close(server->listen_fd);
	if (server->wake_fd >= 0)
		close(server->wake_fd);
	iscsi_node_free(server->node);
	pthread_cond_destroy(&server->changed);
	pthread_mutex_destroy(&server->lock);
	free(server);
}

static struct iscsi_server *new_server(const struct iscsi_server_config *config)
{
	struct iscsi_server *server = calloc(1, sizeof *server);
	pthread_condattr_t attributes;

	if (server == NULL)
		return NULL;
	pthread_mutex_init(&server->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&server->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	server->config = *config;
	server->listen_fd = -1;
	server->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return server;
}

/* Starts the threads.  They leave the signals of the process to others. */
static bool start_threads(struct iscsi_server *server)
{
	sigset_t all, before;
	bool started;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	server->node = iscsi_node_create(&server->config, true);
	started = server->node != NULL &&
	    pthread_create(&server->acceptor, NULL, accept_clients, server) ==
		0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

struct iscsi_server *
iscsi_server_start(const struct iscsi_server_config *config,
    char message[ISCSI_SERVER_MESSAGE_BYTES])
{
	struct iscsi_server *server;

	if (!check_config(config, message))
		return NULL;
	snprintf(message, ISCSI_SERVER_MESSAGE_BYTES,
	    "cannot serve: no memory, descriptor or thread");
	server = new_server(config);
	if (server == NULL)
		return NULL;
	if (server->wake_fd >= 0 && open_socket(server, message) &&
	    start_threads(server)) {
		message[0] = '\0';
		return server;
	}
	free_server(server);
	return NULL;
}

const struct iscsi_portal *
iscsi_server_portal(const struct iscsi_server *server)
{
	return &server->portal;
}

size_t iscsi_server_sessions(struct iscsi_server *server)
{
	return iscsi_node_sessions(server->node);
}

/* Waits until all clients have ended, or a time.  Locked. */
static void wait_for_clients(struct iscsi_server *server, int64_t until_ns)
{
	const struct timespec until = clock_timespec(until_ns);
	bool all = false;
	int error = 0;

	while (!all && error == 0) {
		all = true;
		for (struct client *c = server->clients; c != NULL; c = c->next)
			all = all && c->ended;
		if (!all)
			error = pthread_cond_timedwait(&server->changed,
			    &server->lock, &until);
	}
}

void iscsi_server_stop(struct iscsi_server *server)
{
	if (server == NULL)
		return;
	server->stopping = true;
	wake(server);
	pthread_join(server->acceptor, NULL);
	close(server->listen_fd);
	server->listen_fd = -1;
	pthread_mutex_lock(&server->lock);
	for (struct client *c = server->clients; c != NULL; c = c->next)
		if (iscsi_connection_logged_in(c->connection))
			iscsi_connection_ask_logout(c->connection);
		else
			iscsi_connection_end(c->connection, "the server ends");
	if (!server->config.ends_at_once)
		wait_for_clients(server,
		    clock_now_ns() +
			(int64_t)ISCSI_STOP_SECONDS * CLOCK_SECOND_NS);
	for (struct client *c = server->clients; c != NULL; c = c->next)
		iscsi_connection_end(c->connection, "the server ends");
	wait_for_clients(server, INT64_MAX);
	pthread_mutex_unlock(&server->lock);
	reap(server);
	free_server(server);
}

bool iscsi_server_stop_tasks(struct iscsi_server *server, int64_t wait_ns,
    size_t *unit)
{
	return iscsi_node_stop_tasks(server->node, wait_ns, unit);
}

void iscsi_server_continue_tasks(struct iscsi_server *server)
{
	iscsi_node_continue_tasks(server->node);
}
