/* talk.c: see talk.h. */
#include "vtl/iscsi/target/tests/talk.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DATA_BYTES = 20 * 1024 * 1024 };

static void append(struct talk_bytes *b, const void *data, size_t bytes)
{
	if (b->at == b->count)
		b->at = b->count = 0;
	if (b->count + bytes > b->room) {
		b->room = (b->count + bytes) * 2;
		b->data = realloc(b->data, b->room);
		ck_assert_ptr_nonnull(b->data);
	}
	if (bytes > 0)
		memcpy(b->data + b->count, data, bytes);
	b->count += bytes;
}

/* The stream of a connection. */

static ssize_t stream_read(void *arg, void *buf, size_t bytes)
{
	struct talk_initiator *i = arg;
	struct talk_bytes *b = &i->to;
	ssize_t n;

	pthread_mutex_lock(&i->talk->lock);
	if (bytes > b->count - b->at)
		bytes = b->count - b->at;
	if (bytes > 0)
		memcpy(buf, b->data + b->at, bytes);
	b->at += bytes;
	n = bytes > 0 ? (ssize_t)bytes : i->closed ? -1 : 0;
	if (i->ended)
		n = -1;
	pthread_mutex_unlock(&i->talk->lock);
	return n;
}

static ssize_t stream_write(void *arg, const struct iovec *parts, int count)
{
	struct talk_initiator *i = arg;
	ssize_t n = 0;

	pthread_mutex_lock(&i->talk->lock);
	for (int k = 0; k < count && i->takes > 0; k++) {
		size_t bytes = parts[k].iov_len;

		if (bytes > i->takes)
			bytes = i->takes;
		append(&i->from, parts[k].iov_base, bytes);
		i->takes -= bytes;
		n += (ssize_t)bytes;
	}
	if (i->ended || i->closed)
		n = -1;
	pthread_mutex_unlock(&i->talk->lock);
	return n;
}

static bool can_go_on(const struct talk_initiator *i, bool to_read,
    bool to_write)
{
	return (to_read && (i->to.at < i->to.count || i->closed)) ||
	    (to_write && i->takes > 0) || i->woken || i->ended ||
	    i->talk->now_ns >= i->until_ns;
}

static void stream_wait(void *arg, bool to_read, bool to_write,
    int64_t until_ns)
{
	struct talk_initiator *i = arg;

	pthread_mutex_lock(&i->talk->lock);
	i->until_ns = until_ns;
	while (!can_go_on(i, to_read, to_write)) {
		i->waits = true;
		pthread_cond_broadcast(&i->talk->changed);
		pthread_cond_wait(&i->talk->changed, &i->talk->lock);
		i->waits = false;
	}
	i->woken = false;
	pthread_mutex_unlock(&i->talk->lock);
}

static void stream_wake(void *arg)
{
	struct talk_initiator *i = arg;

	pthread_mutex_lock(&i->talk->lock);
	i->woken = true;
	i->waits = false;
	pthread_cond_broadcast(&i->talk->changed);
	pthread_mutex_unlock(&i->talk->lock);
}

static void stream_end(void *arg)
{
	struct talk_initiator *i = arg;

	pthread_mutex_lock(&i->talk->lock);
	i->ended = true;
	i->waits = false;
	pthread_cond_broadcast(&i->talk->changed);
	pthread_mutex_unlock(&i->talk->lock);
}

static int64_t stream_now(void *arg)
{
	struct talk_initiator *i = arg;
	int64_t now_ns;

	pthread_mutex_lock(&i->talk->lock);
	now_ns = i->talk->now_ns;
	pthread_mutex_unlock(&i->talk->lock);
	return now_ns;
}

static const struct iscsi_stream_ops stream_ops = { .read = stream_read,
	.write = stream_write,
	.wait = stream_wait,
	.wake = stream_wake,
	.end = stream_end,
	.now_ns = stream_now };

static int64_t clock_now(void *arg)
{
	struct talk *talk = arg;
	int64_t now_ns;

	pthread_mutex_lock(&talk->lock);
	now_ns = talk->now_ns;
	pthread_mutex_unlock(&talk->lock);
	return now_ns;
}

static void on_event(void *arg, const struct iscsi_event *event)
{
	static const char *const names[] = { "login", "logout", "drop",
		"refused", "tasks" };
	struct talk *talk = arg;
	size_t at = strlen(talk->events);

	snprintf(talk->events + at, sizeof talk->events - at, "%s%s%s\n",
	    names[event->kind], event->reason[0] != '\0' ? ": " : "",
	    event->reason);
}

static struct pace_clock talk_clock = { .now_ns = clock_now };

void talk_begin(struct talk *talk, bool paced)
{
	memset(talk, 0, sizeof *talk);
	pthread_mutex_init(&talk->lock, NULL);
	pthread_cond_init(&talk->changed, NULL);
	talk_clock.arg = talk;
	for (size_t i = 0; i < TALK_UNITS; i++) {
		toy_make(&talk->toys[i]);
		talk->units[i].device = talk->toys[i].device;
	}
	talk->clocks = unit_clocks_create(TALK_UNITS,
	    paced ? &talk_clock : NULL, PACE_REAL_TIME);
	talk->access = iscsi_access_create();
	talk->config = (struct iscsi_server_config){
		.name = TALK_TARGET,
		.units = talk->units,
		.unit_count = TALK_UNITS,
		.clocks = talk->clocks,
		.access = talk->access,
		.event = on_event,
		.arg = talk,
	};
	talk->node = iscsi_node_create(&talk->config, false);
	ck_assert_ptr_nonnull(talk->node);
}

static void end_initiator(struct talk_initiator *i)
{
	if (i->connection == NULL)
		return;
	iscsi_connection_end(i->connection, "the test ends");
	pthread_join(i->thread, NULL);
	iscsi_connection_free(i->connection);
	free(i->to.data);
	free(i->from.data);
}

void talk_end(struct talk *talk)
{
	for (size_t i = 0; i < TALK_INITIATORS; i++)
		end_initiator(&talk->initiators[i]);
	iscsi_node_free(talk->node);
	iscsi_access_free(talk->access);
	unit_clocks_free(talk->clocks);
	for (size_t i = 0; i < TALK_UNITS; i++)
		toy_free(&talk->toys[i]);
	pthread_cond_destroy(&talk->changed);
	pthread_mutex_destroy(&talk->lock);
}

static void *serve(void *arg)
{
	struct talk_initiator *i = arg;

	iscsi_connection_serve(i->connection);
	pthread_mutex_lock(&i->talk->lock);
	i->served = true;
	pthread_cond_broadcast(&i->talk->changed);
	pthread_mutex_unlock(&i->talk->lock);
	return NULL;
}

/* Lets the connections run until each one waits.  Locked. */
static void wait_for_connections(struct talk *talk)
{
	size_t i = 0;

	while (i < TALK_INITIATORS) {
		const struct talk_initiator *one = &talk->initiators[i];

		if (one->connection == NULL || one->served || one->waits)
			i++;
		else {
			pthread_cond_wait(&talk->changed, &talk->lock);
			i = 0;
		}
	}
}

void talk_close(struct talk_initiator *i)
{
	pthread_mutex_lock(&i->talk->lock);
	i->closed = true;
	pthread_mutex_unlock(&i->talk->lock);
}

void talk_set_takes(struct talk_initiator *i, size_t bytes)
{
	pthread_mutex_lock(&i->talk->lock);
	i->takes = bytes;
	pthread_mutex_unlock(&i->talk->lock);
}

void talk_run(struct talk *talk)
{
	bool worked = true;
	int64_t until_ns;

	while (worked) {
		worked = false;
		pthread_mutex_lock(&talk->lock);
		for (size_t i = 0; i < TALK_INITIATORS; i++)
			talk->initiators[i].waits = false;
		pthread_cond_broadcast(&talk->changed);
		wait_for_connections(talk);
		pthread_mutex_unlock(&talk->lock);
		for (size_t i = 0; i < TALK_UNITS && !worked; i++)
			worked =
			    iscsi_task_set_step(talk->node->sets[i], &until_ns);
	}
}

struct talk_initiator *talk_connect(struct talk *talk, unsigned number)
{
	struct talk_initiator *i = &talk->initiators[number];
	const struct iscsi_stream stream = { &stream_ops, i };

	end_initiator(i);
	*i = (struct talk_initiator){ .talk = talk, .takes = SIZE_MAX };
	i->connection = iscsi_connection_create(talk->node, &stream,
	    "10.0.0.9:1000", "127.0.0.1:3260");
	ck_assert_ptr_nonnull(i->connection);
	ck_assert_int_eq(pthread_create(&i->thread, NULL, serve, i), 0);
	/* Its login begins now, not at a later time of the test. */
	talk_run(talk);
	return i;
}

void talk_pass(struct talk *talk, int64_t ns)
{
	pthread_mutex_lock(&talk->lock);
	talk->now_ns += ns;
	pthread_mutex_unlock(&talk->lock);
	talk_run(talk);
}

void talk_put_bytes(struct talk_initiator *i, const void *data, size_t bytes)
{
	pthread_mutex_lock(&i->talk->lock);
	append(&i->to, data, bytes);
	pthread_mutex_unlock(&i->talk->lock);
}

void talk_put(struct talk_initiator *i, const struct iscsi_pdu *pdu)
{
	static const uint8_t zeros[4];
	struct iscsi_pdu copy = *pdu;
	uint8_t digest[ISCSI_DIGEST_BYTES];

	copy.bhs[4] = (uint8_t)(pdu->ahs_bytes / 4);
	put_be24(copy.bhs + 5, pdu->data_bytes);
	talk_put_bytes(i, copy.bhs, sizeof copy.bhs);
	talk_put_bytes(i, copy.ahs, copy.ahs_bytes);
	if (i->header_digest) {
		iscsi_pdu_header_digest(&copy, digest);
		talk_put_bytes(i, digest, sizeof digest);
	}
	talk_put_bytes(i, pdu->data, pdu->data_bytes);
	talk_put_bytes(i, zeros, iscsi_padding(pdu->data_bytes));
	if (i->data_digest && pdu->data_bytes > 0) {
		iscsi_pdu_data_digest(pdu->data, pdu->data_bytes, zeros,
		    digest);
		talk_put_bytes(i, digest, sizeof digest);
	}
}

/* Checks a digest that was received. */
static size_t skip_digest(const uint8_t *received,
    const uint8_t digest[ISCSI_DIGEST_BYTES])
{
	ck_assert_mem_eq(received, digest, ISCSI_DIGEST_BYTES);
	return ISCSI_DIGEST_BYTES;
}

bool talk_take(struct talk_initiator *i, struct iscsi_pdu *pdu)
{
	struct talk_bytes *b = &i->from;
	uint8_t digest[ISCSI_DIGEST_BYTES];
	size_t at = b->at;

	if (b->count - at < sizeof pdu->bhs)
		return false;
	memcpy(pdu->bhs, b->data + at, sizeof pdu->bhs);
	at += sizeof pdu->bhs;
	ck_assert_ptr_null(iscsi_pdu_measure(pdu, 0xffffff));
	ck_assert_uint_eq(pdu->ahs_bytes, 0);
	if (i->header_digest) {
		iscsi_pdu_header_digest(pdu, digest);
		at += skip_digest(b->data + at, digest);
	}
	if (b->count < at + pdu->data_bytes + iscsi_padding(pdu->data_bytes))
		return false;
	pdu->data = b->data + at;
	at += pdu->data_bytes;
	if (i->data_digest && pdu->data_bytes > 0) {
		iscsi_pdu_data_digest(pdu->data, pdu->data_bytes, b->data + at,
		    digest);
		skip_digest(b->data + at + iscsi_padding(pdu->data_bytes),
		    digest);
		at += ISCSI_DIGEST_BYTES;
	}
	b->at = at + iscsi_padding(pdu->data_bytes);
	return true;
}

const char *talk_line(struct talk_initiator *i)
{
	static const struct {
		const char *name;
		unsigned at;
	} fields[] = { { "itt", 16 }, { "w20", 20 }, { "stat", 24 },
		{ "exp", 28 }, { "win", 32 }, { "w36", 36 }, { "w40", 40 },
		{ "w44", 44 } };
	static char text[512];
	struct iscsi_pdu pdu;
	int n;

	if (!talk_take(i, &pdu))
		return "nothing";
	n = snprintf(text, sizeof text, "%s %02x%02x%02x",
	    iscsi_opcode_name(iscsi_opcode(&pdu)), pdu.bhs[1], pdu.bhs[2],
	    pdu.bhs[3]);
	if (get_be64(pdu.bhs + 8) != 0)
		n += snprintf(text + n, sizeof text - (size_t)n, " lun=%016llx",
		    (unsigned long long)get_be64(pdu.bhs + 8));
	for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
		uint32_t value = get_be32(pdu.bhs + fields[k].at);

		if (fields[k].at == 32)
			value -= get_be32(pdu.bhs + 28) - 1;
		if (value == ISCSI_NO_TAG)
			n += snprintf(text + n, sizeof text - (size_t)n,
			    " %s=-", fields[k].name);
		else if (value != 0)
			n += snprintf(text + n, sizeof text - (size_t)n,
			    " %s=%u", fields[k].name, value);
	}
	if (pdu.data_bytes > 0)
		snprintf(text + n, sizeof text - (size_t)n, " data=%u",
		    pdu.data_bytes);
	return text;
}

void talk_expect(struct talk_initiator *i, const char *lines)
{
	char all[8192];
	size_t at = 0;
	const char *line;

	talk_run(i->talk);
	all[0] = '\0';
	for (line = talk_line(i); strcmp(line, "nothing") != 0;
	     line = talk_line(i))
		at += (size_t)snprintf(all + at, sizeof all - at, "%s\n", line);
	ck_assert_str_eq(all, lines);
}

static void parse(const char *text, uint8_t *bytes)
{
	char *end;

	for (; *text != '\0'; text = end) {
		*bytes++ = (uint8_t)strtoul(text, &end, 16);
		ck_assert_ptr_ne(text, end);
	}
}

struct iscsi_pdu talk_command(unsigned flags, uint32_t itt, uint32_t cmd_sn,
    uint32_t edtl, const char *cdb)
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_SCSI_COMMAND, itt);
	pdu.bhs[1] = (uint8_t)flags;
	iscsi_put(&pdu, ISCSI_AT_EDTL, edtl);
	iscsi_put(&pdu, ISCSI_AT_CMD_SN, cmd_sn);
	parse(cdb, pdu.bhs + ISCSI_AT_CDB);
	return pdu;
}

struct iscsi_pdu talk_data_out(unsigned flags, uint32_t itt, uint32_t ttt,
    uint32_t data_sn, uint32_t offset)
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_DATA_OUT, itt);
	pdu.bhs[1] = (uint8_t)flags;
	iscsi_put(&pdu, ISCSI_AT_TTT, ttt);
	iscsi_put(&pdu, ISCSI_AT_DATA_SN, data_sn);
	iscsi_put(&pdu, ISCSI_AT_OFFSET, offset);
	return pdu;
}

const uint8_t *talk_data(uint32_t offset)
{
	static uint8_t *data;

	if (data == NULL) {
		data = malloc(DATA_BYTES);
		for (uint32_t i = 0; i < DATA_BYTES; i++)
			data[i] = toy_byte(i);
	}
	return data + (offset < DATA_BYTES ? offset : 0);
}

void talk_log_in(struct talk_initiator *i, const char *name, const char *keys)
{
	char text[4096];
	int n = snprintf(text, sizeof text,
	    "InitiatorName=iqn.2026-11.org.example:%s\n"
	    "SessionType=Normal\nTargetName=" TALK_TARGET "\n%s",
	    name, keys);
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, ISCSI_LOGIN, 0);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	pdu.bhs[1] = 0x87;
	iscsi_put(&pdu, ISCSI_AT_CMD_SN, 1);
	for (int k = 0; k < n; k++)
		if (text[k] == '\n')
			text[k] = '\0';
	iscsi_pdu_set_data(&pdu, text, (uint32_t)n);
	talk_put(i, &pdu);
	talk_run(i->talk);
	ck_assert(talk_take(i, &pdu));
	ck_assert_uint_eq(iscsi_opcode(&pdu), ISCSI_LOGIN_RESPONSE);
	ck_assert_uint_eq(iscsi_get16(&pdu, ISCSI_AT_STATUS_CLASS), 0);
	ck_assert_uint_eq(pdu.bhs[1], 0x87);
	/* The thread of the connection reads the members next to these. */
	pthread_mutex_lock(&i->talk->lock);
	i->header_digest = strstr(keys, "HeaderDigest=CRC32C") != NULL;
	i->data_digest = strstr(keys, "DataDigest=CRC32C") != NULL;
	pthread_mutex_unlock(&i->talk->lock);
	for (size_t k = 0; k < TALK_UNITS; k++)
		toy_quiet(&i->talk->toys[k]);
}
