/*
 * transfer.c: the commands of a connection: their memory, their list, and the
 * tags of those that ended before all their data came; see impl.h.
 */
#include "vtl/iscsi/target/impl.h"

#include <stdlib.h>

void iscsi_forget(struct iscsi_connection *c, uint32_t tag)
{
	c->forgotten[c->forgotten_count++ % ISCSI_FORGOTTEN] = tag;
}

bool iscsi_is_forgotten(const struct iscsi_connection *c, uint32_t tag)
{
	for (size_t i = 0; i < c->forgotten_count && i < ISCSI_FORGOTTEN; i++)
		if (c->forgotten[i] == tag)
			return true;
	return false;
}

void iscsi_transfer_release(struct iscsi_transfer *t)
{
	struct iscsi_connection *c = t->connection;

	if (--t->references > 0)
		return;
	iscsi_buffer_put(c, t->out, t->out_bytes);
	iscsi_buffer_put(c, t->task.command.in, t->task.command.in_room);
	free(t);
}

struct iscsi_transfer *iscsi_transfer_find(struct iscsi_connection *c,
    uint32_t tag)
{
	struct iscsi_transfer *t = c->transfers;

	while (t != NULL && t->task.tag != tag)
		t = t->next;
	if (t != NULL)
		t->references++;
	return t;
}

void iscsi_transfer_remove(struct iscsi_transfer *t)
{
	struct iscsi_connection *c = t->connection;
	struct iscsi_transfer **at = &c->transfers;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	t->ended = true;
	if (t->expects_data)
		iscsi_forget(c, t->task.tag);
	if (c->transfers == NULL)
		pthread_cond_broadcast(&c->idle);
	iscsi_transfer_release(t);
}

struct iscsi_transfer *iscsi_transfer_new(struct iscsi_connection *c,
    uint32_t in_bytes, uint32_t out_bytes)
{
	struct iscsi_transfer *t;

	if (!iscsi_buffer_charge(c, (size_t)in_bytes + out_bytes))
		return NULL;
	t = calloc(1, sizeof *t);
	if (t == NULL) {
		c->charged_bytes -= (size_t)in_bytes + out_bytes;
		return NULL;
	}
	t->connection = c;
	t->references = 1;
	t->task.command.in_room = in_bytes;
	t->out_bytes = out_bytes;
	if (in_bytes > 0)
		t->task.command.in = iscsi_buffer_get(c, in_bytes);
	if (out_bytes > 0)
		t->out = iscsi_buffer_get(c, out_bytes);
	if ((in_bytes > 0 && t->task.command.in == NULL) ||
	    (out_bytes > 0 && t->out == NULL)) {
		iscsi_transfer_release(t);
		return NULL;
	}
	return t;
}

void iscsi_abort_transfers(struct iscsi_connection *c)
{
	const struct iscsi_abort mine = { .nexus = c->nexus };

	for (size_t i = 0; c->target != NULL && i < c->target->unit_count; i++)
		iscsi_task_set_abort(c->node->sets[c->target->first_unit + i],
		    &mine, NULL);
}

static bool is_busy(const struct iscsi_connection *c)
{
	return c->transfers != NULL || c->requests > 0;
}

bool iscsi_is_busy(struct iscsi_connection *c)
{
	bool busy;

	pthread_mutex_lock(&c->lock);
	busy = is_busy(c);
	pthread_mutex_unlock(&c->lock);
	return busy;
}

void iscsi_wait_until_idle(struct iscsi_connection *c)
{
	pthread_mutex_lock(&c->lock);
	while (is_busy(c))
		pthread_cond_wait(&c->idle, &c->lock);
	pthread_mutex_unlock(&c->lock);
}
