/*
 * node.h: what all connections of a server share: its targets, the task sets
 * of its units, and its sessions.  It has no sockets: server.h adds them, and
 * tests give streams of their own.
 *
 * Invariants:
 *
 *  1. After iscsi_node_create() only the sessions and the counts change; they
 *     have the lock of the node.
 *  2. A session has the nexus number of its place in the table.  The session
 *     ends when no command of it will begin any more.  Its place is free again
 *     when those in progress have ended.
 *  3. A new session gets the free place that its port had last, else the one
 *     that is free the longest: so units report the loss of a nexus to the port
 *     that had it.
 */
#ifndef VTL_ISCSI_NODE_H
#define VTL_ISCSI_NODE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/iscsi/login.h"
#include "vtl/iscsi/target/server.h"
#include "vtl/iscsi/target/task_set.h"

struct iscsi_connection;

/* LUN N of a target is unit first_unit + N. */
struct iscsi_target {
	char name[ISCSI_NAME_BYTES];
	size_t first_unit, unit_count;
};

struct iscsi_session {
	bool live;
	bool leaving; /* not live: commands of it are in progress */
	bool lost;    /* not live: its initiator has not logged out */
	uint16_t tsih;
	uint64_t left; /* order in which sessions ended */
	struct device_port port;
	const struct iscsi_target *target;
	struct iscsi_connection *connection;
};

struct iscsi_node {
	const struct iscsi_server_config *config;
	struct iscsi_task_set *sets[ISCSI_UNITS_MAX];
	bool held_medium[ISCSI_UNITS_MAX]; /* at the start of the server */
	struct iscsi_target *targets;      /* the first has all units */
	size_t target_count;
	pthread_mutex_t event_lock;
	/* The lock guards what follows. */
	pthread_mutex_t lock;
	pthread_cond_t left; /* a session has ended */
	struct iscsi_session sessions[ISCSI_SESSIONS_MAX];
	uint64_t left_count;
	uint16_t last_tsih;
	unsigned discoveries;
};

/*
 * Makes the task sets, with `workers` or without (task_set.h).  The
 * configuration must outlive the node; its `listen` is not used.  Returns NULL
 * without memory or thread.
 */
struct iscsi_node *iscsi_node_create(const struct iscsi_server_config *config,
    bool workers);

/* Frees a node without connections.  NULL is allowed. */
void iscsi_node_free(struct iscsi_node *node);

/* Returns the target with this name, in lower case; NULL: there is no such. */
const struct iscsi_target *iscsi_node_target(const struct iscsi_node *node,
    const char *name);

/* Returns whether the initiator may use at least one unit of the target. */
bool iscsi_node_allows(const struct iscsi_node *node,
    const struct iscsi_target *target, const char *initiator);

/* Calls the event function of the configuration. */
void iscsi_node_tell(struct iscsi_node *node, const struct iscsi_event *event);

/*
 * Begins a session.  *tsih is that of the login.  A session of the same port is
 * ended first: waits until it has, but not for the command of it that a device
 * executes.  On success *nexus is its number, and *tsih is set.
 */
enum iscsi_login_status iscsi_node_enter(struct iscsi_node *node,
    struct iscsi_connection *connection, const struct device_port *port,
    const struct iscsi_target *target, uint16_t *tsih, unsigned *nexus);

/*
 * Ends a session, of which no command will begin any more.  `lost`: its initiator
 * has not logged out.  `busy`: commands of it are in progress; the nexus is not
 * free before iscsi_node_free_nexus().
 */
void iscsi_node_end_session(struct iscsi_node *node, unsigned nexus, bool lost,
    bool busy);
void iscsi_node_free_nexus(struct iscsi_node *node, unsigned nexus);

/* The session is for discovery; false: there are too many. */
bool iscsi_node_enter_discovery(struct iscsi_node *node);
void iscsi_node_leave_discovery(struct iscsi_node *node);

/* The number of normal sessions. */
size_t iscsi_node_sessions(struct iscsi_node *node);

/* See iscsi_server_stop_tasks(). */
bool iscsi_node_stop_tasks(struct iscsi_node *node, int64_t wait_ns,
    size_t *unit);
void iscsi_node_continue_tasks(struct iscsi_node *node);

/* Ends the connections of all sessions of a target. */
void iscsi_node_end_target(struct iscsi_node *node,
    const struct iscsi_target *target, const char *reason);

#endif
