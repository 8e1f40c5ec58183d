/*
 * pdu_fuzz.c: hostile initiators send PDUs to a target with a drive, for
 * libFuzzer (see `make fuzz`).  pdu_input.h has the form of an input.
 *
 * The target must keep the protocol, end every command, and free everything.
 *
 * Each session has a thread, as in a server, but only one of them runs at a
 * time, so that an input has the same course each time: the one that sends the
 * next record.  A thread gives its turn away when it waits for bytes.
 *
 *     pdu_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/iscsi/target/connection.h"
#include "vtl/iscsi/target/tests/fuzz_target.h"
#include "vtl/iscsi/target/tests/pdu_input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum { SESSIONS_MAX = 4, PDU_BYTES = 48 + 8 + 4 + 65536 + 4 + 4 };

/* An initiator: what it sends, and what it has received. */
struct fuzz_initiator {
	unsigned number;
	uint8_t pdu[PDU_BYTES]; /* being sent */
	size_t count, at;
	uint32_t cmd_sn;
	bool pause, ended;
	bool served; /* its connection has ended */
	unsigned writes;
	struct fuzz_replies replies;
};

/* The input that is run. */
static struct fuzz_run {
	struct fuzz_target target;
	unsigned options, sessions;
	const uint8_t *data; /* of the input, what is left */
	size_t bytes;
	int64_t now_ns;
} run;

static struct fuzz_initiator initiators[SESSIONS_MAX];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t passed = PTHREAD_COND_INITIALIZER;
static unsigned turn; /* whose it is */

static void take_data(size_t bytes)
{
	run.data += bytes;
	run.bytes -= bytes;
}

/* Returns the bytes of data of the next record. */
static size_t record_bytes(void)
{
	const size_t n = get_be16(run.data + 25), left = run.bytes - HEAD_BYTES;

	return n < left ? n : left;
}

/* Returns the number of the initiator that sends the next record. */
static unsigned sender(void)
{
	return (run.data[3] >> 6) % run.sessions;
}

/* Returns whose turn is next.  Records of sessions that have ended are lost. */
static unsigned find_next(void)
{
	unsigned i = 0;

	while (!(run.options & RAW) && run.bytes >= HEAD_BYTES) {
		if (!initiators[sender()].served)
			return sender();
		take_data(HEAD_BYTES + record_bytes());
	}
	while (i < run.sessions && initiators[i].served)
		i++;
	return i;
}

static void pass_turn(void)
{
	pthread_mutex_lock(&lock);
	turn = find_next();
	pthread_cond_broadcast(&passed);
	pthread_mutex_unlock(&lock);
}

static void wait_for_turn(const struct fuzz_initiator *i)
{
	pthread_mutex_lock(&lock);
	while (turn != i->number)
		pthread_cond_wait(&passed, &lock);
	pthread_mutex_unlock(&lock);
}

static void put(struct fuzz_initiator *i, const void *bytes, size_t count)
{
	memcpy(i->pdu + i->count, bytes, count);
	i->count += count;
}

/* Makes the bytes of a PDU. */
static void put_pdu(struct fuzz_initiator *i, const struct iscsi_pdu *pdu,
    unsigned make)
{
	static const uint8_t zeros[4];
	uint8_t digest[ISCSI_DIGEST_BYTES];

	i->count = i->at = 0;
	put(i, pdu->bhs, sizeof pdu->bhs);
	put(i, pdu->ahs, pdu->ahs_bytes);
	if (i->replies.full && (run.options & HEADER_DIGEST)) {
		iscsi_pdu_header_digest(pdu, digest);
		digest[0] ^= (make & MAKE_BAD_HEADER_DIGEST) != 0;
		put(i, digest, sizeof digest);
	}
	if (pdu->data_bytes == 0)
		return;
	put(i, pdu->data, pdu->data_bytes);
	put(i, zeros, iscsi_padding(pdu->data_bytes));
	if (i->replies.full && (run.options & DATA_DIGEST)) {
		iscsi_pdu_data_digest(pdu->data, pdu->data_bytes, zeros,
		    digest);
		digest[3] ^= (make & MAKE_BAD_DATA_DIGEST) != 0;
		put(i, digest, sizeof digest);
	}
}

static void put_login(struct fuzz_initiator *i)
{
	const bool small = (run.options & SMALL) != 0;
	char text[1024];
	struct iscsi_pdu pdu;
	int n = snprintf(text, sizeof text,
	    "InitiatorName=" FUZZ_INITIATOR "\nTargetName=" FUZZ_TARGET "\n"
	    "SessionType=%s\nHeaderDigest=%s\nDataDigest=%s\nInitialR2T=%s\n"
	    "MaxBurstLength=%d\nFirstBurstLength=%d\n"
	    "MaxRecvDataSegmentLength=%d\n",
	    run.options & DISCOVERY ? "Discovery" : "Normal",
	    run.options & HEADER_DIGEST ? "CRC32C" : "None",
	    run.options & DATA_DIGEST ? "CRC32C" : "None",
	    run.options & ONLY_R2T ? "Yes" : "No", small ? 1024 : 16776192,
	    small ? 600 : 262144, small ? 512 : 1048576);

	for (int k = 0; k < n; k++)
		if (text[k] == '\n')
			text[k] = '\0';
	iscsi_pdu_begin(&pdu, ISCSI_LOGIN, 0);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	pdu.bhs[1] = 0x87;
	pdu.bhs[13] = (uint8_t)i->number; /* of the ISID */
	iscsi_put(&pdu, ISCSI_AT_CMD_SN, i->cmd_sn);
	iscsi_pdu_set_data(&pdu, text, (uint32_t)n);
	put_pdu(i, &pdu, 0);
	i->replies.max_bytes = small ? 512 : 1048576;
}

static void count_command(struct fuzz_initiator *i, const struct iscsi_pdu *pdu)
{
	const enum iscsi_opcode opcode = iscsi_opcode(pdu);
	const uint32_t tag = iscsi_get(pdu, ISCSI_AT_ITT);
	uint64_t *edtl = &i->replies.edtl_max[tag & 0xff];

	if (opcode == ISCSI_SCSI_COMMAND &&
	    iscsi_get(pdu, ISCSI_AT_EDTL) > *edtl)
		*edtl = iscsi_get(pdu, ISCSI_AT_EDTL);
	if (!iscsi_is_immediate(pdu) && opcode != ISCSI_DATA_OUT &&
	    !(opcode == ISCSI_NOP_OUT && tag == ISCSI_NO_TAG))
		i->cmd_sn++;
}

/* Makes the next PDU of the input.  Returns false at its end. */
static bool put_record(struct fuzz_initiator *i)
{
	const uint8_t *head = run.data;
	const unsigned make = run.bytes >= HEAD_BYTES ? head[2] : 0;
	struct iscsi_pdu pdu;
	size_t n;

	if (run.bytes < HEAD_BYTES)
		return false;
	n = record_bytes();
	iscsi_pdu_begin(&pdu, (enum iscsi_opcode)head[0], head[4]);
	pdu.bhs[1] = head[1];
	pdu.bhs[9] = head[3] & 0x3f;
	if (make & MAKE_OPEN_TAG)
		iscsi_put(&pdu, ISCSI_AT_ITT, ISCSI_NO_TAG);
	memcpy(pdu.bhs + 20, head + 5, 4);
	iscsi_put(&pdu, ISCSI_AT_CMD_SN,
	    i->cmd_sn + ((make & MAKE_CMD_SN) != 0));
	memcpy(pdu.bhs + 32, head + 9, 16);
	if (make & MAKE_ANSWER_TO_R2T) {
		iscsi_put(&pdu, ISCSI_AT_TTT, i->replies.r2t_tag);
		iscsi_put(&pdu, ISCSI_AT_OFFSET, i->replies.r2t_offset);
	}
	take_data(HEAD_BYTES);
	if ((make & MAKE_AHS) && n >= 8) {
		memcpy(pdu.ahs, run.data, 8);
		pdu.ahs_bytes = 8;
		pdu.bhs[4] = 2;
		take_data(8);
		n -= 8;
	}
	iscsi_pdu_set_data(&pdu, run.data, (uint32_t)n);
	if (make & MAKE_LONGER)
		pdu.bhs[5] ^= head[6];
	take_data(n);
	count_command(i, &pdu);
	put_pdu(i, &pdu, make);
	return true;
}

/* The functions of struct iscsi_stream_ops. */

static ssize_t stream_read(void *arg, void *buf, size_t bytes)
{
	struct fuzz_initiator *i = arg;

	if (i->ended)
		return -1;
	if (i->at == i->count) {
		/* At the end, too, the commands run once more. */
		const bool pauses =
		    run.bytes < HEAD_BYTES || (run.data[2] & MAKE_PAUSE) != 0;

		if (run.bytes >= HEAD_BYTES && sender() != i->number)
			return 0;
		i->pause = pauses && !i->pause;
		if (i->pause)
			return 0;
		if (!put_record(i))
			return -1;
	}
	if (bytes > i->count - i->at)
		bytes = i->count - i->at;
	memcpy(buf, i->pdu + i->at, bytes);
	i->at += bytes;
	return (ssize_t)bytes;
}

static ssize_t raw_read(void *arg, void *buf, size_t bytes)
{
	struct fuzz_initiator *i = arg;

	if (i->ended || run.bytes == 0)
		return -1;
	/* Commands run before every second read. */
	i->pause = !i->pause;
	if (i->pause)
		return 0;
	if (bytes > run.bytes)
		bytes = run.bytes;
	memcpy(buf, run.data, bytes);
	take_data(bytes);
	return (ssize_t)bytes;
}

static ssize_t stream_write(void *arg, const struct iovec *parts, int count)
{
	struct fuzz_initiator *i = arg;
	ssize_t n = 0;

	if (i->ended)
		return -1;
	if (run.options & SLOW_READER) {
		if (++i->writes % 3 == 0)
			return 0;
		n = parts->iov_len > 100 ? 100 : (ssize_t)parts->iov_len;
		if (!(run.options & RAW))
			fuzz_replies_take(&i->replies, parts->iov_base,
			    (size_t)n);
		return n;
	}
	for (int k = 0; k < count; k++) {
		if (!(run.options & RAW))
			fuzz_replies_take(&i->replies, parts[k].iov_base,
			    parts[k].iov_len);
		n += (ssize_t)parts[k].iov_len;
	}
	return n;
}

static void stream_wait(void *arg, bool to_read, bool to_write,
    int64_t until_ns)
{
	int64_t ignored;

	(void)to_read;
	(void)to_write;
	(void)until_ns;
	while (iscsi_task_set_step(run.target.node->sets[0], &ignored)) {}
	run.now_ns += 1000 * 1000 * 1000;
	pass_turn();
	wait_for_turn(arg);
}

static void stream_wake(void *arg)
{
	(void)arg;
}

static void stream_end(void *arg)
{
	((struct fuzz_initiator *)arg)->ended = true;
}

static int64_t stream_now(void *arg)
{
	(void)arg;
	return run.now_ns;
}

static const struct iscsi_stream_ops made_ops = { stream_read, stream_write,
	stream_wait, stream_wake, stream_end, stream_now };
static const struct iscsi_stream_ops raw_ops = { raw_read, stream_write,
	stream_wait, stream_wake, stream_end, stream_now };

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static struct fuzz_initiator initiator = { .cmd_sn = 1 };

	if (*argc != 3 || strcmp((*argv)[1], "--seeds") != 0) {
		fuzz_target_prepare();
		return 0;
	}
	put_login(&initiator);
	pdu_seeds_write((*argv)[2], initiator.pdu, initiator.count);
	exit(0);
}

/* Serves a session; for its thread. */
static void *serve(void *arg)
{
	struct fuzz_initiator *i = arg;
	const struct iscsi_stream stream = {
		run.options & RAW ? &raw_ops : &made_ops, i
	};
	struct iscsi_connection *connection;

	wait_for_turn(i);
	connection = iscsi_connection_create(run.target.node, &stream,
	    "10.0.0.9:1000", "127.0.0.1:3260");
	iscsi_connection_serve(connection);
	iscsi_connection_free(connection);
	i->served = true;
	pass_turn();
	return NULL;
}

static void begin_initiator(unsigned number)
{
	struct fuzz_initiator *i = &initiators[number];

	/* Without the large buffer at its end. */
	memset(i, 0,
	    offsetof(struct fuzz_initiator, replies) +
		offsetof(struct fuzz_replies, bytes));
	i->number = number;
	i->cmd_sn = 1;
	if (!(run.options & RAW))
		put_login(i);
	i->replies.header_digest = (run.options & HEADER_DIGEST) != 0;
	i->replies.data_digest = (run.options & DATA_DIGEST) != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	pthread_t threads[SESSIONS_MAX];

	if (bytes < OPTION_BYTES)
		return 0;
	memset(&run, 0, sizeof run);
	run.options = data[0];
	run.sessions = data[0] & RAW
	    ? 1
	    : 1 + ((data[1] & MORE_SESSIONS) >> MORE_SESSIONS_SHIFT);
	run.data = data + OPTION_BYTES;
	run.bytes = bytes - OPTION_BYTES;
	fuzz_target_begin(&run.target, (data[1] & NO_PAYLOAD) == 0);
	run.target.config.ping_seconds = data[0] & PINGED ? 3 : 0;
	for (unsigned i = 0; i < run.sessions; i++)
		begin_initiator(i);
	turn = 0;
	for (unsigned i = 1; i < run.sessions; i++)
		fuzz_check(pthread_create(&threads[i], NULL, serve,
			       &initiators[i]) == 0,
		    "no thread");
	serve(&initiators[0]);
	for (unsigned i = 1; i < run.sessions; i++)
		pthread_join(threads[i], NULL);
	fuzz_target_end(&run.target);
	return 0;
}
