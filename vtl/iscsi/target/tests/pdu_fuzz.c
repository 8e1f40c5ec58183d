/*
 * pdu_fuzz.c: a hostile initiator sends PDUs to a target with a drive, for
 * libFuzzer (see `make fuzz`).
 *
 * The first byte of an input has options (enum option).  With RAW the rest is
 * sent as it is, beginning with the login.  Otherwise the login is done, and
 * the rest is a list of records of HEAD_BYTES, each followed by its data:
 *
 *     0      operation code, immediate bit
 *     1      byte 1 of the PDU
 *     2      how the PDU is made (enum make)
 *     3, 4   LUN, low byte of the task tag
 *     5-8    bytes 20 to 23 of the PDU
 *     9-24   bytes 32 to 47 of the PDU
 *     25-26  bytes of data
 *
 * The target must keep the protocol, end every command, and free everything.
 *
 *     pdu_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/iscsi/target/connection.h"
#include "vtl/iscsi/target/tests/fuzz_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

enum option {
	RAW = 1,
	HEADER_DIGEST = 2,
	DATA_DIGEST = 4,
	ONLY_R2T = 8, /* no unsolicited data */
	SMALL = 16,   /* small bursts and PDUs */
	DISCOVERY = 32,
	SLOW_READER = 64,
	PINGED = 128
};

enum make {
	MAKE_CMD_SN = 1,        /* another CmdSN than the next */
	MAKE_ANSWER_TO_R2T = 2, /* TTT, offset of the last R2T */
	MAKE_PAUSE = 4,         /* lets the commands run before the PDU */
	MAKE_AHS = 8,           /* an additional header of 8 bytes of data */
	MAKE_BAD_HEADER_DIGEST = 16,
	MAKE_BAD_DATA_DIGEST = 32,
	MAKE_LONGER = 64,   /* a data length that is not true */
	MAKE_OPEN_TAG = 128 /* task tag FFFFFFFFh */
};

enum { HEAD_BYTES = 27, PDU_BYTES = 48 + 8 + 4 + 65536 + 4 + 4 };

/* The initiator: what it sends, and what it has received. */
struct fuzz_initiator {
	struct fuzz_target *target;
	unsigned options;
	const uint8_t *data; /* of the input, what is left */
	size_t bytes;
	uint8_t pdu[PDU_BYTES]; /* being sent */
	size_t count, at;
	uint32_t cmd_sn;
	bool pause, ended;
	unsigned writes;
	int64_t now_ns;
	struct fuzz_replies replies;
};

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
	if (i->replies.full && (i->options & HEADER_DIGEST)) {
		iscsi_pdu_header_digest(pdu, digest);
		digest[0] ^= (make & MAKE_BAD_HEADER_DIGEST) != 0;
		put(i, digest, sizeof digest);
	}
	if (pdu->data_bytes == 0)
		return;
	put(i, pdu->data, pdu->data_bytes);
	put(i, zeros, iscsi_padding(pdu->data_bytes));
	if (i->replies.full && (i->options & DATA_DIGEST)) {
		iscsi_pdu_data_digest(pdu->data, pdu->data_bytes, zeros,
		    digest);
		digest[3] ^= (make & MAKE_BAD_DATA_DIGEST) != 0;
		put(i, digest, sizeof digest);
	}
}

static void put_login(struct fuzz_initiator *i)
{
	const bool small = (i->options & SMALL) != 0;
	char text[1024];
	struct iscsi_pdu pdu;
	int n = snprintf(text, sizeof text,
	    "InitiatorName=" FUZZ_INITIATOR "\nTargetName=" FUZZ_TARGET "\n"
	    "SessionType=%s\nHeaderDigest=%s\nDataDigest=%s\nInitialR2T=%s\n"
	    "MaxBurstLength=%d\nFirstBurstLength=%d\n"
	    "MaxRecvDataSegmentLength=%d\n",
	    i->options & DISCOVERY ? "Discovery" : "Normal",
	    i->options & HEADER_DIGEST ? "CRC32C" : "None",
	    i->options & DATA_DIGEST ? "CRC32C" : "None",
	    i->options & ONLY_R2T ? "Yes" : "No", small ? 1024 : 16776192,
	    small ? 600 : 262144, small ? 512 : 1048576);

	for (int k = 0; k < n; k++)
		if (text[k] == '\n')
			text[k] = '\0';
	iscsi_pdu_begin(&pdu, ISCSI_LOGIN, 0);
	pdu.bhs[0] |= ISCSI_IMMEDIATE;
	pdu.bhs[1] = 0x87;
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
	const uint8_t *head = i->data;
	const unsigned make = i->bytes >= HEAD_BYTES ? head[2] : 0;
	struct iscsi_pdu pdu;
	size_t n;

	if (i->bytes < HEAD_BYTES)
		return false;
	n = get_be16(head + 25);
	if (n > i->bytes - HEAD_BYTES)
		n = i->bytes - HEAD_BYTES;
	iscsi_pdu_begin(&pdu, (enum iscsi_opcode)head[0], head[4]);
	pdu.bhs[1] = head[1];
	pdu.bhs[9] = head[3];
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
	i->data += HEAD_BYTES;
	i->bytes -= HEAD_BYTES;
	if ((make & MAKE_AHS) && n >= 8) {
		memcpy(pdu.ahs, i->data, 8);
		pdu.ahs_bytes = 8;
		pdu.bhs[4] = 2;
		i->data += 8;
		i->bytes -= 8;
		n -= 8;
	}
	iscsi_pdu_set_data(&pdu, i->data, (uint32_t)n);
	if (make & MAKE_LONGER)
		pdu.bhs[5] ^= head[6];
	i->data += n;
	i->bytes -= n;
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
		    i->bytes < HEAD_BYTES || (i->data[2] & MAKE_PAUSE) != 0;

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

	if (i->ended || i->bytes == 0)
		return -1;
	/* Commands run before every second read. */
	i->pause = !i->pause;
	if (i->pause)
		return 0;
	if (bytes > i->bytes)
		bytes = i->bytes;
	memcpy(buf, i->data, bytes);
	i->data += bytes;
	i->bytes -= bytes;
	return (ssize_t)bytes;
}

static ssize_t stream_write(void *arg, const struct iovec *parts, int count)
{
	struct fuzz_initiator *i = arg;
	ssize_t n = 0;

	if (i->ended)
		return -1;
	if (i->options & SLOW_READER) {
		if (++i->writes % 3 == 0)
			return 0;
		n = parts->iov_len > 100 ? 100 : (ssize_t)parts->iov_len;
		if (!(i->options & RAW))
			fuzz_replies_take(&i->replies, parts->iov_base,
			    (size_t)n);
		return n;
	}
	for (int k = 0; k < count; k++) {
		if (!(i->options & RAW))
			fuzz_replies_take(&i->replies, parts[k].iov_base,
			    parts[k].iov_len);
		n += (ssize_t)parts[k].iov_len;
	}
	return n;
}

static void stream_wait(void *arg, bool to_read, bool to_write,
    int64_t until_ns)
{
	struct fuzz_initiator *i = arg;
	int64_t ignored;

	(void)to_read;
	(void)to_write;
	(void)until_ns;
	while (iscsi_task_set_step(i->target->node->sets[0], &ignored)) {}
	i->now_ns += 1000 * 1000 * 1000;
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
	return ((struct fuzz_initiator *)arg)->now_ns;
}

static const struct iscsi_stream_ops made_ops = { stream_read, stream_write,
	stream_wait, stream_wake, stream_end, stream_now };
static const struct iscsi_stream_ops raw_ops = { raw_read, stream_write,
	stream_wait, stream_wake, stream_end, stream_now };

/* A record of an initial input; `data_bytes` bytes of data follow. */
struct record {
	uint8_t opcode, flags, make, lun, tag;
	uint32_t at_20;
	uint8_t at_32[16];
	uint16_t data_bytes;
};

enum { RECORDS_MAX = 8 };

static const struct seed {
	const char *name;
	uint8_t options;
	struct record records[RECORDS_MAX];
} seeds[] = {
	{ "write-read", HEADER_DIGEST | DATA_DIGEST,
	    { { 0x01, 0x81, 0, 0, 1, 0, { 0x00 }, 0 },
		{ 0x01, 0x81, MAKE_PAUSE, 0, 2, 0, { 0x00 }, 0 },
		/* WRITE(6) with immediate data, WRITE FILEMARKS, REWIND */
		{ 0x01, 0xa1, 0, 0, 3, 512, { 0x0a, 0, 0, 2, 0 }, 512 },
		{ 0x01, 0x81, 0, 0, 4, 0, { 0x10, 0, 0, 0, 1 }, 0 },
		{ 0x01, 0x81, 0, 0, 5, 0, { 0x01 }, 0 },
		/* READ(6) with SILI and too much; READ at the filemark */
		{ 0x01, 0xc1, 0, 0, 6, 1024, { 0x08, 2, 0, 4, 0 }, 0 },
		{ 0x01, 0xc1, 0, 0, 7, 512, { 0x08, 0, 0, 2, 0 }, 0 },
		{ 0x06, 0x80, MAKE_PAUSE, 0, 8, 0, { 0 }, 0 } } },
	{ "r2t", ONLY_R2T | SMALL | DATA_DIGEST,
	    { { 0x01, 0x81, 0, 0, 1, 0, { 0x00 }, 0 },
		{ 0x01, 0xa1, MAKE_PAUSE, 0, 2, 2048, { 0x0a, 0, 0, 8, 0 }, 0 },
		{ 0x05, 0x80, MAKE_ANSWER_TO_R2T, 0, 2, 0, { 0 }, 1024 },
		{ 0x05, 0x80, MAKE_ANSWER_TO_R2T, 0, 2, 0, { 0 }, 1024 },
		{ 0x01, 0xc1, MAKE_PAUSE, 0, 3, 20, { 0x34 }, 0 } } },
	{ "unsolicited", SMALL,
	    { { 0x01, 0x21, 0, 0, 1, 1600, { 0x0a, 0, 0, 6, 64 }, 100 },
		/* NOP-Out, ABORT TASK and LOGICAL UNIT RESET meanwhile */
		{ 0x40, 0x80, 0, 0, 2, 0xffffffff, { 0 }, 10 },
		{ 0x42, 0x81, 0, 0, 3, 1, { 0 }, 0 },
		{ 0x05, 0x80, 0, 0, 1, 0xffffffff, { [11] = 100 }, 500 },
		{ 0x42, 0x85, MAKE_PAUSE, 0, 4, 0, { 0 }, 0 } } },
	{ "parameters", 0,
	    { { 0x01, 0xc1, 0, 0, 1, 96, { 0x12, 1, 0x83, 0, 96 }, 0 },
		{ 0x01, 0xc1, 0, 9, 2, 32, { 0xa0, 0, [9] = 32 }, 0 },
		{ 0x01, 0x81, 0, 0, 3, 0, { 0x00 }, 0 },
		/* MODE SENSE and MODE SELECT, LOG SENSE */
		{ 0x01, 0xc1, 0, 0, 4, 255, { 0x1a, 0, 0x3f, 0, 255 }, 0 },
		{ 0x01, 0xa1, 0, 0, 5, 12, { 0x15, 0x10, 0, 0, 12 }, 12 },
		{ 0x01, 0xc1, 0, 0, 6, 255, { 0x4d, 0, 0x40, [8] = 255 }, 0 },
		/* PERSISTENT RESERVE OUT, READ ATTRIBUTE */
		{ 0x01, 0xa1, 0, 0, 7, 24, { 0x5f, 0, [8] = 24 }, 24 },
		{ 0x01, 0xc1, 0, 0, 8, 255, { 0x8c, [13] = 255 }, 0 } } },
	{ "discovery", DISCOVERY | SMALL | SLOW_READER,
	    { { 0x04, 0x80, 0, 0, 1, 0xffffffff, { 0 }, 16 },
		{ 0x04, 0x40, 0, 0, 2, 0xffffffff, { 0 }, 7 },
		{ 0x10, 0x80, 0, 0, 3, 0, { 0 }, 0 } } },
};

static void write_record(FILE *f, const struct record *r)
{
	static const char keys[] = "SendTargets=All";
	uint8_t head[HEAD_BYTES] = { r->opcode, r->flags, r->make, r->lun,
		r->tag };

	put_be32(head + 5, r->at_20);
	memcpy(head + 9, r->at_32, sizeof r->at_32);
	put_be16(head + 25, r->data_bytes);
	fwrite(head, 1, sizeof head, f);
	for (unsigned k = 0; k < r->data_bytes; k++)
		fputc(r->opcode == ISCSI_TEXT ? keys[k % sizeof keys] : 0, f);
}

/* The login that other inputs begin with, for RAW. */
static void write_login(FILE *f)
{
	static struct fuzz_initiator initiator = { .cmd_sn = 1 };

	put_login(&initiator);
	fputc(RAW, f);
	fwrite(initiator.pdu, 1, initiator.count, f);
}

static FILE *create(const char *folder, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	fuzz_check(f != NULL, path);
	return f;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	FILE *f;

	if (*argc != 3 || strcmp((*argv)[1], "--seeds") != 0) {
		fuzz_target_prepare();
		return 0;
	}
	for (unsigned i = 0; i < sizeof seeds / sizeof *seeds; i++) {
		f = create((*argv)[2], seeds[i].name);
		fputc(seeds[i].options, f);
		for (unsigned k = 0; k < RECORDS_MAX; k++)
			if (seeds[i].records[k].flags != 0)
				write_record(f, &seeds[i].records[k]);
		fclose(f);
	}
	f = create((*argv)[2], "raw");
	write_login(f);
	fclose(f);
	exit(0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static struct fuzz_initiator initiator;
	struct iscsi_stream stream = { &made_ops, &initiator };
	struct iscsi_connection *connection;
	struct fuzz_target target;

	if (bytes == 0)
		return 0;
	/* Without the large buffer at its end. */
	memset(&initiator, 0,
	    offsetof(struct fuzz_initiator, replies) +
		offsetof(struct fuzz_replies, bytes));
	initiator.target = &target;
	initiator.options = data[0];
	initiator.data = data + 1;
	initiator.bytes = bytes - 1;
	initiator.cmd_sn = 1;
	fuzz_target_begin(&target);
	target.config.ping_seconds = data[0] & PINGED ? 3 : 0;
	if (data[0] & RAW)
		stream.ops = &raw_ops;
	else
		put_login(&initiator);
	initiator.replies.header_digest = (data[0] & HEADER_DIGEST) != 0;
	initiator.replies.data_digest = (data[0] & DATA_DIGEST) != 0;
	connection = iscsi_connection_create(target.node, &stream,
	    "10.0.0.9:1000", "127.0.0.1:3260");
	iscsi_connection_serve(connection);
	iscsi_connection_free(connection);
	fuzz_target_end(&target);
	return 0;
}
