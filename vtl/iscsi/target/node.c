/* node.c: targets, task sets and sessions of a server; see node.h. */
#include "vtl/iscsi/target/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/clock.h"
#include "vtl/iscsi/target/connection.h"

static void free_targets(struct iscsi_node *node)
{
	free(node->targets);
	for (size_t i = 0; i < node->config->unit_count; i++)
		iscsi_task_set_free(node->sets[i]);
}

static bool make_targets(struct iscsi_node *node)
{
	const struct iscsi_server_config *config = node->config;
	struct iscsi_target *t;

	node->targets = calloc(1 + config->unit_count, sizeof *node->targets);
	if (node->targets == NULL)
		return false;
	t = node->targets;
	snprintf(t->name, sizeof t->name, "%s", config->name);
	t->unit_count = config->unit_count;
	node->target_count = 1;
	for (size_t i = 0; i < config->unit_count; i++) {
		const char *suffix = config->units[i].suffix;

		if (suffix == NULL)
			continue;
		t = &node->targets[node->target_count++];
		t->first_unit = i;
		t->unit_count = 1;
		snprintf(t->name, sizeof t->name, "%s.%s", config->name,
		    suffix);
	}
	return true;
}

static bool make_sets(struct iscsi_node *node, bool workers)
{
	const struct iscsi_server_config *config = node->config;

	for (size_t i = 0; i < config->unit_count; i++) {
		node->sets[i] = iscsi_task_set_create(config->units[i].device,
		    config->clocks, i, workers);
		if (node->sets[i] == NULL)
			return false;
		node->held_medium[i] =
		    device_holds_medium(config->units[i].device);
	}
	return true;
}

struct iscsi_node *iscsi_node_create(const struct iscsi_server_config *config,
    bool workers)
{
	struct iscsi_node *node = calloc(1, sizeof *node);

	if (node == NULL)
		return NULL;
	node->config = config;
	pthread_mutex_init(&node->lock, NULL);
	pthread_mutex_init(&node->event_lock, NULL);
	pthread_cond_init(&node->left, NULL);
	if (make_targets(node) && make_sets(node, workers))
		return node;
	iscsi_node_free(node);
	return NULL;
}

void iscsi_node_free(struct iscsi_node *node)
{
	if (node == NULL)
		return;
	free_targets(node);
	pthread_cond_destroy(&node->left);
	pthread_mutex_destroy(&node->event_lock);
	pthread_mutex_destroy(&node->lock);
	free(node);
}

const struct iscsi_target *iscsi_node_target(const struct iscsi_node *node,
    const char *name)
{
	for (size_t i = 0; i < node->target_count; i++)
		if (strcmp(node->targets[i].name, name) == 0)
			return &node->targets[i];
	return NULL;
}

bool iscsi_node_allows(const struct iscsi_node *node,
    const struct iscsi_target *target, const char *initiator)
{
	for (size_t i = 0; i < target->unit_count; i++)
		if (iscsi_access_allows_lun(node->config->access, initiator,
			(unsigned)(target->first_unit + i)))
			return true;
	return false;
}

void iscsi_node_tell(struct iscsi_node *node, const struct iscsi_event *event)
{
	if (node->config->event == NULL)
		return;
	pthread_mutex_lock(&node->event_lock);
	node->config->event(node->config->arg, event);
	pthread_mutex_unlock(&node->event_lock);
}

static bool same_port(const struct device_port *a, const struct device_port *b)
{
	return memcmp(a->isid, b->isid, sizeof a->isid) == 0 &&
	    strcmp(a->initiator, b->initiator) == 0 &&
	    strcmp(a->target, b->target) == 0;
}

static struct iscsi_session *find_live(struct iscsi_node *node,
    const struct device_port *port)
{
	for (size_t i = 0; i < ISCSI_SESSIONS_MAX; i++) {
		struct iscsi_session *s = &node->sessions[i];

		if (s->live && same_port(&s->port, port))
			return s;
	}
	return NULL;
}

/* See invariant 3.  Returns NULL if no place is free. */
static struct iscsi_session *find_free(struct iscsi_node *node,
    const struct device_port *port)
{
	struct iscsi_session *best = NULL;

	for (size_t i = 0; i < ISCSI_SESSIONS_MAX; i++) {
		struct iscsi_session *s = &node->sessions[i];

		if (s->live || s->leaving)
			continue;
		if (same_port(&s->port, port))
			return s;
		if (best == NULL || s->left < best->left)
			best = s;
	}
	return best;
}

/* Returns the last session of the port, which has ended; NULL: not known. */
static const struct iscsi_session *find_last(const struct iscsi_node *node,
    const struct device_port *port)
{
	const struct iscsi_session *last = NULL;

	for (size_t i = 0; i < ISCSI_SESSIONS_MAX; i++) {
		const struct iscsi_session *s = &node->sessions[i];

		if (same_port(&s->port, port) &&
		    (last == NULL || s->left > last->left))
			last = s;
	}
	return last;
}

/* Ends the older sessions of the port.  Locked. */
static enum iscsi_login_status reinstate(struct iscsi_node *node,
    const struct device_port *port, uint16_t tsih)
{
	struct iscsi_session *s = find_live(node, port);

	if (tsih != 0 && (s == NULL || s->tsih != tsih))
		return ISCSI_LOGIN_NO_SESSION;
	for (; s != NULL; s = find_live(node, port)) {
		iscsi_connection_end(s->connection,
		    "a new login of the same initiator replaces it");
		pthread_cond_wait(&node->left, &node->lock);
	}
	return ISCSI_LOGIN_OK;
}

/* What a login finds of the last session of its port. */
enum past { PAST_UNKNOWN, PAST_LOGGED_OUT, PAST_LOST };

static enum past find_past(const struct iscsi_node *node,
    const struct device_port *port)
{
	const struct iscsi_session *last = find_last(node, port);

	if (last == NULL)
		return PAST_UNKNOWN;
	return last->lost ? PAST_LOST : PAST_LOGGED_OUT;
}

/* Returns whether a login establishes no unit attention of a unit. */
static bool is_quiet(const struct iscsi_node *node, enum past past, size_t unit)
{
	if (!node->config->no_login_attention)
		return false;
	if (past != PAST_UNKNOWN)
		return past == PAST_LOGGED_OUT;
	/*
	 * The port may have had a session when an earlier server was killed: the
	 * tape is not where it was.
	 */
	return !node->held_medium[unit];
}

static void open_nexus(struct iscsi_node *node, unsigned nexus, enum past past)
{
	const struct iscsi_session *s = &node->sessions[nexus];

	for (size_t i = 0; i < s->target->unit_count; i++) {
		size_t unit = s->target->first_unit + i;
		struct device *device = node->config->units[unit].device;

		device_nexus_open(device, nexus, &s->port);
		if (is_quiet(node, past, unit))
			device_nexus_quiet(device, nexus);
	}
}

enum iscsi_login_status iscsi_node_enter(struct iscsi_node *node,
    struct iscsi_connection *connection, const struct device_port *port,
    const struct iscsi_target *target, uint16_t *tsih, unsigned *nexus)
{
	enum iscsi_login_status status;
	struct iscsi_session *s = NULL;
	enum past past;

	pthread_mutex_lock(&node->lock);
	status = reinstate(node, port, *tsih);
	if (status == ISCSI_LOGIN_OK) {
		s = find_free(node, port);
		if (s == NULL)
			status = ISCSI_LOGIN_NO_RESOURCES;
	}
	if (s != NULL) {
		if (++node->last_tsih == 0)
			node->last_tsih = 1;
		past = find_past(node, port);
		*s = (struct iscsi_session){ .live = true,
			.tsih = node->last_tsih,
			.port = *port,
			.target = target,
			.connection = connection };
		*tsih = s->tsih;
		*nexus = (unsigned)(s - node->sessions);
		/* Locked: a later session of this port finds the nexus open. */
		open_nexus(node, *nexus, past);
	}
	pthread_mutex_unlock(&node->lock);
	return status;
}

/* The devices lose the nexus.  Locked. */
static void lose_nexus(struct iscsi_node *node, unsigned nexus)
{
	const struct iscsi_target *t = node->sessions[nexus].target;

	for (size_t i = 0; i < t->unit_count; i++)
		device_nexus_lost(node->config->units[t->first_unit + i].device,
		    nexus);
}

void iscsi_node_end_session(struct iscsi_node *node, unsigned nexus, bool lost,
    bool busy)
{
	struct iscsi_session *s = &node->sessions[nexus];

	pthread_mutex_lock(&node->lock);
	lose_nexus(node, nexus);
	s->live = false;
	s->leaving = busy;
	s->lost = lost;
	s->connection = NULL;
	s->left = ++node->left_count;
	pthread_cond_broadcast(&node->left);
	pthread_mutex_unlock(&node->lock);
}

void iscsi_node_free_nexus(struct iscsi_node *node, unsigned nexus)
{
	pthread_mutex_lock(&node->lock);
	/* The last command may have been a RESERVE. */
	lose_nexus(node, nexus);
	node->sessions[nexus].leaving = false;
	pthread_mutex_unlock(&node->lock);
}

bool iscsi_node_enter_discovery(struct iscsi_node *node)
{
	bool entered;

	pthread_mutex_lock(&node->lock);
	entered = node->discoveries < ISCSI_DISCOVERIES_MAX;
	node->discoveries += entered;
	pthread_mutex_unlock(&node->lock);
	return entered;
}

void iscsi_node_leave_discovery(struct iscsi_node *node)
{
	pthread_mutex_lock(&node->lock);
	node->discoveries--;
	pthread_mutex_unlock(&node->lock);
}

size_t iscsi_node_sessions(struct iscsi_node *node)
{
	size_t count = 0;

	pthread_mutex_lock(&node->lock);
	for (size_t i = 0; i < ISCSI_SESSIONS_MAX; i++)
		count += node->sessions[i].live;
	pthread_mutex_unlock(&node->lock);
	return count;
}

void iscsi_node_end_target(struct iscsi_node *node,
    const struct iscsi_target *target, const char *reason)
{
	pthread_mutex_lock(&node->lock);
	for (size_t i = 0; i < ISCSI_SESSIONS_MAX; i++) {
		const struct iscsi_session *s = &node->sessions[i];

		if (s->live && s->target == target)
			iscsi_connection_end(s->connection, reason);
	}
	pthread_mutex_unlock(&node->lock);
}

bool iscsi_node_stop_tasks(struct iscsi_node *node, int64_t wait_ns,
    size_t *unit)
{
	const int64_t until_ns = clock_now_ns() + wait_ns;
	const size_t count = node->config->unit_count;
	size_t i;

	for (i = 0; i < count; i++)
		iscsi_task_set_stop(node->sets[i]);
	for (i = 0; i < count; i++)
		if (!iscsi_task_set_wait(node->sets[i], until_ns))
			break;
	if (i == count)
		return true;
	*unit = i;
	for (i = 0; i < count; i++)
		if (i != *unit)
			iscsi_task_set_continue(node->sets[i]);
	return false;
}

void iscsi_node_continue_tasks(struct iscsi_node *node)
{
	for (size_t i = 0; i < node->config->unit_count; i++)
		iscsi_task_set_continue(node->sets[i]);
}
