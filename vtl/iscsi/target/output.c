/*
 * output.c: PDUs that are sent, in order, without waiting; see impl.h.
 *
 * One thread at a time sends, with the lock released meanwhile: the worker that
 * has an answer, or the thread of the connection.  A worker leaves the data of
 * a READ to the thread of the connection if further commands wait, so that it
 * reads the next block while the last one is sent.  Bytes that the
 * stream does not take are also left to that thread, which waits for the initiator.
 */
#include "vtl/iscsi/target/impl.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { PADDING_BYTES = 3, PARTS = 3 /* of a PDU: head, data, end */ };
/* Less is sent sooner than another thread wakes. */
enum { LEFT_MIN_BYTES = 64 * 1024 };

static void fail(struct iscsi_connection *c, const char *format, va_list args)
{
	if (c->reason[0] == '\0')
		vsnprintf(c->reason, sizeof c->reason, format, args);
	if (!c->dead)
		c->stream.ops->end(c->stream.arg);
	c->dead = true;
}

void iscsi_fail_locked(struct iscsi_connection *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(c, format, args);
	va_end(args);
}

void iscsi_fail(struct iscsi_connection *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	pthread_mutex_lock(&c->lock);
	fail(c, format, args);
	pthread_mutex_unlock(&c->lock);
	va_end(args);
}

static void free_output(struct iscsi_connection *c, struct iscsi_output *o)
{
	c->output_bytes -= o->cost;
	iscsi_buffer_put(c, o->owned, o->owned_bytes);
	free(o);
}

struct iscsi_output *iscsi_output_begin(struct iscsi_connection *c, size_t pdus,
    size_t extra)
{
	const size_t head_bytes =
	    ISCSI_BHS_BYTES + 2 * ISCSI_DIGEST_BYTES + PADDING_BYTES;
	const size_t bytes = sizeof(struct iscsi_output) + extra +
	    pdus * (PARTS * sizeof(struct iovec) + head_bytes);
	struct iscsi_output *o;

	if (c->dead)
		return NULL;
	if (bytes > ISCSI_ANSWERS_BYTES - c->output_bytes) {
		iscsi_fail_locked(c, "the initiator does not read its answers");
		return NULL;
	}
	o = malloc(bytes);
	if (o == NULL) {
		iscsi_fail_locked(c, "no memory for an answer");
		return NULL;
	}
	*o = (struct iscsi_output){ .cost = bytes };
	o->parts = (struct iovec *)(o + 1);
	o->heads = (uint8_t *)(o->parts + PARTS * pdus);
	o->extra = o->heads + pdus * head_bytes;
	c->output_bytes += bytes;
	return o;
}

static void add_part(struct iscsi_output *o, const void *data, size_t bytes)
{
	if (bytes > 0)
		o->parts[o->count++] = (struct iovec){
			.iov_base = (void *)(uintptr_t)data,
			.iov_len = bytes,
		};
}

/* Adds bytes to the heads, and returns them. */
static uint8_t *add_head(struct iscsi_output *o, const void *data, size_t bytes)
{
	uint8_t *head = o->heads + o->head_bytes;

	memcpy(head, data, bytes);
	o->head_bytes += bytes;
	return head;
}

static void set_sequence(struct iscsi_connection *c, struct iscsi_pdu *pdu,
    enum iscsi_stat_sn stat_sn)
{
	if (stat_sn == ISCSI_STAT_SN_SET)
		return;
	if (stat_sn != ISCSI_STAT_SN_NONE)
		iscsi_put(pdu, ISCSI_AT_STAT_SN, c->stat_sn);
	if (stat_sn == ISCSI_STAT_SN_TAKE)
		c->stat_sn++;
	iscsi_put(pdu, ISCSI_AT_EXP_CMD_SN, c->exp_cmd_sn);
	iscsi_put(pdu, ISCSI_AT_MAX_CMD_SN, c->exp_cmd_sn + ISCSI_WINDOW - 1);
}

/* Adds the PDU with these digests, as it is. */
static void add(struct iscsi_output *o, const struct iscsi_pdu *pdu,
    bool header_digest, bool data_digest)
{
	static const uint8_t zeros[PADDING_BYTES];
	uint8_t digest[ISCSI_DIGEST_BYTES];
	const uint8_t *head = add_head(o, pdu->bhs, sizeof pdu->bhs);
	size_t bytes = sizeof pdu->bhs;

	assert(pdu->ahs_bytes == 0);
	if (header_digest) {
		iscsi_pdu_header_digest(pdu, digest);
		add_head(o, digest, sizeof digest);
		bytes += sizeof digest;
	}
	add_part(o, head, bytes);
	if (pdu->data_bytes == 0)
		return;
	add_part(o, pdu->data, pdu->data_bytes);
	bytes = iscsi_padding(pdu->data_bytes);
	head = add_head(o, zeros, bytes);
	if (data_digest) {
		iscsi_pdu_data_digest(pdu->data, pdu->data_bytes, zeros,
		    digest);
		add_head(o, digest, sizeof digest);
		bytes += sizeof digest;
	}
	add_part(o, head, bytes);
}

void iscsi_output_add(struct iscsi_connection *c, struct iscsi_output *o,
    struct iscsi_pdu *pdu, enum iscsi_stat_sn stat_sn)
{
	set_sequence(c, pdu, stat_sn);
	add(o, pdu, c->logged_in && c->parameters.header_digest,
	    c->logged_in && c->parameters.data_digest);
}

void iscsi_output_own(struct iscsi_output *o, void *data, size_t bytes)
{
	o->owned = data;
	o->owned_bytes = bytes;
}

/* Whether the thread of the connection sends this, since the worker is busy. */
static bool is_left(const struct iscsi_connection *c,
    const struct iscsi_output *o)
{
	return o->owned_bytes >= LEFT_MIN_BYTES && c->transfers != NULL &&
	    c->transfers->next != NULL;
}

void iscsi_output_end(struct iscsi_connection *c, struct iscsi_output *o)
{
	bool first = c->output == NULL;

	if (c->dead) {
		free_output(c, o);
		return;
	}
	*c->output_end = o;
	c->output_end = &o->next;
	if (first)
		c->progress_ns = c->stream.ops->now_ns(c->stream.arg);
	if (is_left(c, o) ? first : iscsi_output_flush(c))
		c->stream.ops->wake(c->stream.arg);
}

/* Removes `bytes`, which were sent, from the first output. */
static void advance(struct iscsi_output *o, size_t bytes)
{
	while (bytes > 0 && bytes >= o->parts[o->at].iov_len)
		bytes -= o->parts[o->at++].iov_len;
	if (bytes > 0) {
		struct iovec *part = &o->parts[o->at];

		part->iov_base = (uint8_t *)part->iov_base + bytes;
		part->iov_len -= bytes;
	}
}

/* Sends some of an output, unlocked meanwhile.  Returns what write() does. */
static ssize_t send_some(struct iscsi_connection *c, struct iscsi_output *o)
{
	int count = o->count - o->at;
	ssize_t n;

	pthread_mutex_unlock(&c->lock);
	n = c->stream.ops->write(c->stream.arg, o->parts + o->at,
	    count < IOV_MAX ? count : IOV_MAX);
	pthread_mutex_lock(&c->lock);
	return n;
}

/* Sends the first output, or a part of it.  Returns false if none was taken. */
static bool send_first(struct iscsi_connection *c)
{
	struct iscsi_output *o = c->output;
	ssize_t n = send_some(c, o);

	if (n == 0)
		return false;
	if (n < 0) {
		iscsi_fail_locked(c, "the connection was lost while writing");
		return true;
	}
	c->progress_ns = c->stream.ops->now_ns(c->stream.arg);
	advance(o, (size_t)n);
	if (o->at < o->count)
		return true;
	c->output = o->next;
	if (c->output == NULL)
		c->output_end = &c->output;
	free_output(c, o);
	return true;
}

bool iscsi_output_flush(struct iscsi_connection *c)
{
	bool taken = true;

	if (c->sending)
		return false;
	c->sending = true;
	while (taken && c->output != NULL && !c->dead)
		taken = send_first(c);
	c->sending = false;
	return !taken;
}

void iscsi_output_drop(struct iscsi_connection *c)
{
	while (c->output != NULL) {
		struct iscsi_output *o = c->output;

		c->output = o->next;
		free_output(c, o);
	}
	c->output_end = &c->output;
}

void iscsi_send(struct iscsi_connection *c, struct iscsi_pdu *pdu,
    enum iscsi_stat_sn stat_sn)
{
	struct iscsi_output *o;

	pthread_mutex_lock(&c->lock);
	o = iscsi_output_begin(c, 1, pdu->data_bytes);
	if (o != NULL) {
		if (pdu->data_bytes > 0) {
			memcpy(o->extra, pdu->data, pdu->data_bytes);
			pdu->data = o->extra;
		}
		iscsi_output_add(c, o, pdu, stat_sn);
		iscsi_output_end(c, o);
	}
	pthread_mutex_unlock(&c->lock);
}

void iscsi_connection_end(struct iscsi_connection *c, const char *reason)
{
	iscsi_fail(c, "%s", reason);
}
