/* receive.c: the PDUs that an initiator sends, byte by byte; see impl.h. */
#include "vtl/iscsi/target/impl.h"

#include <stdlib.h>

#include "splitter/base/clock.h"

enum { SCRATCH_KEPT_BYTES = 64 * 1024 };

static int64_t now_ns(const struct iscsi_connection *c)
{
	return c->stream.ops->now_ns(c->stream.arg);
}

static int64_t seconds_ns(int64_t seconds)
{
	return seconds * CLOCK_SECOND_NS;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When a silent initiator is pinged, or given up after a ping. */
static int64_t silent_until_ns(const struct iscsi_connection *c)
{
	int64_t since = c->received_ns;

	if (c->node->config->ping_seconds == 0 || c->phase == ISCSI_PHASE_LOGIN)
		return INT64_MAX;
	if (since < c->pinged_ns)
		since = c->pinged_ns;
	return since + seconds_ns(c->node->config->ping_seconds);
}

/* Returns false if the connection has waited too long for the initiator. */
static bool is_in_time(struct iscsi_connection *c, int64_t stalled_ns)
{
	const int64_t now = now_ns(c);

	if (c->phase == ISCSI_PHASE_LOGIN && now >= c->login_until_ns)
		iscsi_fail(c, "the login took more than %d s",
		    ISCSI_LOGIN_SECONDS);
	else if (now >= stalled_ns)
		iscsi_fail(c, "the initiator did not read its answers for %d s",
		    ISCSI_STALL_SECONDS);
	else if (now < silent_until_ns(c))
		return true;
	else if (c->pinged_ns > c->received_ns)
		iscsi_fail(c, "the initiator did not answer a ping for %d s",
		    c->node->config->ping_seconds);
	else {
		c->pinged_ns = now;
		iscsi_ping(c);
		return true;
	}
	return false;
}

/* Waits for bytes, and meanwhile sends what waits. */
static bool wait_for_bytes(struct iscsi_connection *c)
{
	int64_t until_ns, stalled_ns = INT64_MAX;
	bool dead, left;

	pthread_mutex_lock(&c->lock);
	left = iscsi_output_flush(c);
	if (left)
		stalled_ns = c->progress_ns + seconds_ns(ISCSI_STALL_SECONDS);
	dead = c->dead;
	pthread_mutex_unlock(&c->lock);
	/* Bytes that have arrived in time were read before. */
	if (dead || !is_in_time(c, stalled_ns))
		return false;
	until_ns = earlier(stalled_ns, silent_until_ns(c));
	if (c->phase == ISCSI_PHASE_LOGIN)
		until_ns = earlier(until_ns, c->login_until_ns);
	c->waited = true;
	c->stream.ops->wait(c->stream.arg, true, left, until_ns);
	return true;
}

void iscsi_drain(struct iscsi_connection *c)
{
	const int64_t until_ns = now_ns(c) + seconds_ns(ISCSI_STOP_SECONDS);
	bool left = true;

	while (left && now_ns(c) < until_ns) {
		pthread_mutex_lock(&c->lock);
		left = iscsi_output_flush(c) || c->sending;
		pthread_mutex_unlock(&c->lock);
		if (left)
			c->stream.ops->wait(c->stream.arg, false, true,
			    until_ns);
	}
}

static bool receive(struct iscsi_connection *c, void *buf, size_t bytes)
{
	uint8_t *p = buf;

	while (bytes > 0) {
		ssize_t n = c->stream.ops->read(c->stream.arg, p, bytes);

		if (n < 0) {
			iscsi_fail(c, "the initiator closed the connection");
			return false;
		}
		if (n == 0) {
			if (!wait_for_bytes(c))
				return false;
			continue;
		}
		p += n;
		bytes -= (size_t)n;
	}
	if (c->node->config->ping_seconds > 0)
		c->received_ns = now_ns(c);
	return true;
}

static bool has_digest(const struct iscsi_connection *c, bool negotiated)
{
	return negotiated && c->phase != ISCSI_PHASE_LOGIN;
}

bool iscsi_receive_header(struct iscsi_connection *c)
{
	struct iscsi_pdu *pdu = &c->pdu;
	uint8_t digest[ISCSI_DIGEST_BYTES], received[ISCSI_DIGEST_BYTES];
	const char *wrong;

	c->waited = false;
	if (!receive(c, pdu->bhs, sizeof pdu->bhs))
		return false;
	wrong = iscsi_pdu_measure(pdu,
	    c->phase == ISCSI_PHASE_LOGIN ? ISCSI_LOGIN_DATA_BYTES
					  : c->parameters.max_recv_bytes);
	if (wrong != NULL) {
		iscsi_fail(c, "%s: %s", iscsi_opcode_name(iscsi_opcode(pdu)),
		    wrong);
		return false;
	}
	if (!receive(c, pdu->ahs, pdu->ahs_bytes))
		return false;
	if (!has_digest(c, c->parameters.header_digest))
		return true;
	if (!receive(c, received, sizeof received))
		return false;
	iscsi_pdu_header_digest(pdu, digest);
	if (memcmp(digest, received, sizeof digest) == 0)
		return true;
	/* What the header says cannot be trusted, so no Reject repeats it. */
	iscsi_fail(c, "a PDU has a wrong header digest");
	return false;
}

bool iscsi_receive_data(struct iscsi_connection *c, uint8_t *data)
{
	const uint32_t bytes = c->pdu.data_bytes;
	const uint32_t padding = iscsi_padding(bytes);
	const bool digested = has_digest(c, c->parameters.data_digest);
	uint8_t end[3 + ISCSI_DIGEST_BYTES], digest[ISCSI_DIGEST_BYTES];

	if (bytes == 0)
		return true;
	if (!receive(c, data, bytes) ||
	    !receive(c, end, padding + (digested ? sizeof digest : 0)))
		return false;
	if (!digested)
		return true;
	iscsi_pdu_data_digest(data, bytes, end, digest);
	if (memcmp(digest, end + padding, sizeof digest) == 0)
		return true;
	iscsi_reject(c, ISCSI_REJECT_DATA_DIGEST);
	iscsi_fail(c, "%s: its data digest is wrong",
	    iscsi_opcode_name(iscsi_opcode(&c->pdu)));
	return false;
}

/* Makes room for the data of the PDU; keeps no large room. */
static bool reserve(struct iscsi_connection *c)
{
	size_t bytes = c->pdu.data_bytes;

	if (bytes < SCRATCH_KEPT_BYTES)
		bytes = SCRATCH_KEPT_BYTES;
	if (bytes == c->scratch_bytes)
		return true;
	free(c->scratch);
	c->scratch = malloc(bytes);
	c->scratch_bytes = c->scratch != NULL ? bytes : 0;
	if (c->scratch == NULL)
		iscsi_fail(c, "no memory for the data of a PDU");
	return c->scratch != NULL;
}

bool iscsi_receive_scratch(struct iscsi_connection *c)
{
	if (!reserve(c) || !iscsi_receive_data(c, c->scratch))
		return false;
	c->pdu.data = c->scratch;
	return true;
}

bool iscsi_discard_data(struct iscsi_connection *c)
{
	return iscsi_receive_scratch(c);
}

bool iscsi_take_cmd_sn(struct iscsi_connection *c)
{
	const uint32_t cmd_sn = iscsi_get(&c->pdu, ISCSI_AT_CMD_SN);
	bool taken = true;

	if (iscsi_is_immediate(&c->pdu))
		return true;
	pthread_mutex_lock(&c->lock);
	/* One connection: TCP keeps the order, so there can be no gap. */
	if (cmd_sn == c->exp_cmd_sn)
		c->exp_cmd_sn++;
	else
		taken = false;
	pthread_mutex_unlock(&c->lock);
	return taken;
}
