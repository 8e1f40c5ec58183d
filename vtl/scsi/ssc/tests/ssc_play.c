/* ssc_play.c: see ssc_play.h. */
#include "vtl/scsi/ssc/tests/ssc_play.h"

#include <check.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "vtl/scsi/ssc/ssc.h"
#include "vtl/tests/vtl_scratch.h"

static void start(struct play *p)
{
	const struct device_identity identity = { .type = 1 };

	p->way_data = ssc_device_new(p->unit, &identity);
	ck_assert_ptr_nonnull(p->way_data);
}

static void end(struct play *p)
{
	device_free(p->way_data);
}

/* Decodes sense data in descriptor format. */
static void decode(const uint8_t *s, size_t bytes, struct scsi_sense *sense)
{
	memset(sense, 0, sizeof *sense);
	sense->deferred = s[0] & 1;
	sense->sense.key = s[1];
	sense->sense.asc = s[2];
	sense->sense.ascq = s[3];
	ck_assert_uint_eq(s[7] + 8u, bytes);
	for (size_t at = 8; at < bytes; at += s[at + 1] + 2u) {
		const uint8_t *d = s + at;

		if (d[0] == 4) {
			sense->sense.filemark = d[3] & 0x80;
			sense->sense.eom = d[3] & 0x40;
			sense->ili = d[3] & 0x20;
		} else if (d[0] == 0 && (d[2] & 0x80)) {
			sense->has_information = true;
			sense->information = (int64_t)get_be64(d + 4);
		}
	}
}

/* Checks that fixed sense data says the same. */
static void check_fixed(const uint8_t *s, const struct scsi_sense *sense)
{
	bool fits = sense->has_information &&
	    sense->information <= UINT32_MAX && sense->information >= INT32_MIN;

	ck_assert_uint_eq(s[0],
	    (fits ? 0xf0 : 0x70) | (sense->deferred ? 1 : 0));
	ck_assert_uint_eq(s[2] & 0x0f, sense->sense.key);
	ck_assert_int_eq((s[2] & 0x80) != 0, sense->sense.filemark);
	ck_assert_int_eq((s[2] & 0x40) != 0, sense->sense.eom);
	ck_assert_int_eq((s[2] & 0x20) != 0, sense->ili);
	ck_assert_uint_eq(s[12], sense->sense.asc);
	ck_assert_uint_eq(s[13], sense->sense.ascq);
	ck_assert_uint_eq(get_be32(s + 3),
	    fits ? (uint32_t)sense->information : 0);
}

/* Executes a command that is to transfer `bytes`. */
static void execute(struct play *p, const uint8_t cdb[DEVICE_CDB_BYTES],
    uint32_t bytes, struct scsi_result *result)
{
	uint8_t descriptors[SCSI_SENSE_BYTES];
	uint32_t room = bytes < PLAY_BUFFER_BYTES ? bytes : PLAY_BUFFER_BYTES;
	struct device_command command = {
		.expected = bytes,
		.out = p->data,
		.out_bytes = room,
		.in = p->data,
		.in_room = room,
	};
	struct device_answer answer;

	memcpy(command.cdb, cdb, DEVICE_CDB_BYTES);
	device_execute(p->way_data, &command, p->now_ns, &answer);
	memset(result, 0, sizeof *result);
	result->done_ns = answer.done_ns;
	result->bytes = (uint64_t)(bytes - answer.residual);
	result->check = answer.status == DEVICE_CHECK_CONDITION;
	if (!result->check) {
		ck_assert_int_eq(answer.status, DEVICE_GOOD);
		return;
	}
	decode(descriptors,
	    scsi_sense_encode(&answer.decoded, true, descriptors),
	    &result->sense);
	check_fixed(answer.sense, &result->sense);
}

static void transfer(struct play *p, uint8_t opcode, uint8_t flags, int64_t n,
    struct scsi_result *result)
{
	const uint8_t cdb[DEVICE_CDB_BYTES] = { opcode, flags,
		(uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
	uint32_t block = flags & 1 ? scsi_block_bytes(p->unit) : 1;

	execute(p, cdb, (uint32_t)n * block, result);
}

static void write_by_bytes(struct play *p, bool fixed, int64_t n,
    struct scsi_result *result)
{
	scratch_fill(p->data, sizeof p->data, 1, p->offset);
	transfer(p, 0x0a, fixed, n, result);
	p->offset += result->bytes;
}

static void read_by_bytes(struct play *p, uint8_t flags, int64_t n,
    struct scsi_result *result)
{
	transfer(p, 0x08, flags, n, result);
	if (!result->check)
		play_say_bytes(p, result->bytes);
}

static void space(struct play *p, uint8_t code, int64_t n,
    struct scsi_result *result)
{
	uint8_t cdb[DEVICE_CDB_BYTES] = { 0x11, code };

	if (n < -0x800000 || n > 0x7fffff) {
		cdb[0] = 0x91;
		put_be64(cdb + 4, (uint64_t)n);
	} else {
		put_be24(cdb + 2, (uint64_t)n);
	}
	execute(p, cdb, 0, result);
}

static void locate(struct play *p, bool file, int64_t n,
    struct scsi_result *result)
{
	uint8_t cdb[DEVICE_CDB_BYTES] = { 0x2b };

	if (file || n > UINT32_MAX) {
		cdb[0] = 0x92;
		cdb[1] = file ? 1 << 3 : 0;
		put_be64(cdb + 4, (uint64_t)n);
	} else {
		put_be32(cdb + 3, (uint64_t)n);
	}
	execute(p, cdb, 0, result);
}

static void read_position(struct play *p, struct scsi_result *result)
{
	static const uint8_t cdb[DEVICE_CDB_BYTES] = { 0x34, 6 };
	struct scsi_position at = { .partition = 0 };

	execute(p, cdb, 32, result);
	if (result->check)
		return;
	at.partition = get_be32(p->data + 4);
	at.bop = p->data[0] & 0x80;
	at.eop = p->data[0] & 0x40;
	at.unknown = p->data[0] & 0x04;
	at.bpew = p->data[0] & 0x01;
	at.object = get_be64(p->data + 8);
	at.file = get_be64(p->data + 16);
	play_say_position(p, &at);
}

/* LOCATE with CP: EOD, or the first object. */
static void change_partition(struct play *p, bool eod, int64_t n,
    struct scsi_result *result)
{
	const uint8_t short_cdb[DEVICE_CDB_BYTES] = { 0x2b, 2, 0, 0, 0, 0, 0, 0,
		(uint8_t)n };
	const uint8_t cdb[DEVICE_CDB_BYTES] = { 0x92, 0x1a, 0, (uint8_t)n };

	execute(p, eod ? cdb : short_cdb, 0, result);
}

static void format(struct play *p, uint8_t opcode, uint8_t byte_2, int64_t n,
    struct scsi_result *result)
{
	const uint8_t cdb[DEVICE_CDB_BYTES] = { opcode, 0, byte_2,
		(uint8_t)(n >> 8), (uint8_t)n };

	execute(p, cdb, 0, result);
}

static void allow(struct play *p, uint8_t what, int64_t n,
    struct scsi_result *result)
{
	uint8_t cdb[DEVICE_CDB_BYTES] = { 0x82, 0, what };

	put_be64(cdb + 4, (uint64_t)n);
	execute(p, cdb, 0, result);
}

static void request_sense(struct play *p, struct scsi_result *result)
{
	static const uint8_t cdb[DEVICE_CDB_BYTES] = { 0x03, 1, 0, 0, 252 };
	struct scsi_sense sense;

	execute(p, cdb, 252, result);
	ck_assert(!result->check);
	decode(p->data, result->bytes, &sense);
	play_say_sense(p, &sense);
}

static void plain(struct play *p, uint8_t opcode, uint8_t byte_1,
    uint8_t byte_4, struct scsi_result *result)
{
	const uint8_t cdb[DEVICE_CDB_BYTES] = { opcode, byte_1, 0, 0, byte_4 };

	execute(p, cdb, 0, result);
}

/*
 * MODE SENSE, and MODE SELECT with one change.  The descriptor and page 0 are
 * what st sends; pages come without the descriptor.
 */
static void mode(struct play *p, char what, int64_t n,
    struct scsi_result *result)
{
	uint8_t page = what == 'c' ? 0x0f : what == 'v' ? 0x10 : 0;
	uint8_t bytes = what == 'c' ? 4 + 16 : what == 'v' ? 4 + 32 : 12;
	const uint8_t sense[DEVICE_CDB_BYTES] = { 0x1a, page != 0 ? 8 : 0, page,
		what == 'v', 255 };
	const uint8_t select[DEVICE_CDB_BYTES] = { 0x15, 0x10, 0, 0, bytes };

	execute(p, sense, 255, result);
	/* The typed command has a result even with a unit attention. */
	if (result->check)
		execute(p, sense, 255, result);
	if (result->check)
		return;
	ck_assert_uint_eq(result->bytes, bytes);
	p->data[0] = 0;
	p->data[4] &= 0x7f;
	if (what == 'k')
		put_be24(p->data + 9, (uint64_t)n);
	else if (what == 'B')
		p->data[2] = 0x10;
	else if (what == 'c')
		p->data[6] = (uint8_t)((p->data[6] & 0x7f) | (n ? 0x80 : 0));
	else
		put_be16(p->data + 4 + 6, (uint64_t)n);
	execute(p, select, bytes, result);
}

/* The value of TapeAlert flag N, from page 2Eh or 12h. */
static void log_flag(struct play *p, uint8_t page, int64_t n,
    struct scsi_result *result)
{
	const uint8_t cdb[DEVICE_CDB_BYTES] = { 0x4d, 0, 0x40 | page, 0, 0, 0,
		0, 0x10, 0 };
	uint64_t flag = 0;

	execute(p, cdb, 0x1000, result);
	if (!result->check && page == SCSI_LOG_TAPEALERT)
		flag = p->data[4 + 5 * (n - 1) + 4];
	/* The first bit is flag 1. */
	if (!result->check && page == SCSI_LOG_TAPEALERT_RESPONSE)
		flag = get_be64(p->data + 8) >> (64 - n) & 1;
	play_say_bytes(p, flag);
}

static bool carry_out(struct play *p, char c, int64_t n,
    struct scsi_result *result)
{
	const uint8_t marks[DEVICE_CDB_BYTES] = { 0x10, c == 'i', 0,
		(uint8_t)(n >> 8), (uint8_t)n };

	switch (c) {
	case 't':
		plain(p, 0x00, 0, 0, result);
		return true;
	case 'w':
	case 'W':
		write_by_bytes(p, c == 'W', n, result);
		return true;
	case 'm':
	case 'i':
		execute(p, marks, 0, result);
		return true;
	case 'r':
	case 's':
	case 'R':
		read_by_bytes(p, c == 'R' ? 1 : c == 's' ? 2 : 0, n, result);
		return true;
	case 'k':
	case 'v':
	case 'c':
	case 'B':
		mode(p, c, n, result);
		return true;
	case 'a':
	case 'h':
		log_flag(p,
		    c == 'a' ? SCSI_LOG_TAPEALERT : SCSI_LOG_TAPEALERT_RESPONSE,
		    n, result);
		return true;
	case 'z':
		plain(p, 0x01, 0, 0, result);
		return true;
	case 'b':
	case 'f':
	case 'E':
		space(p, c == 'b' ? 0 : c == 'f' ? 1 : 3, n, result);
		return true;
	case 'l':
	case 'L':
		locate(p, c == 'L', n, result);
		return true;
	case 'p':
		read_position(p, result);
		return true;
	case 'g':
	case 'G':
		change_partition(p, c == 'G', n, result);
		return true;
	case 'F':
		if (play_select_partitions(p, n))
			format(p, 0x04, 1, 0, result);
		return true;
	case 'D':
		format(p, 0x04, 0, 0, result);
		return true;
	case 'C':
		format(p, 0x0b, 0, n, result);
		return true;
	case 'o':
	case 'O':
		allow(p, c == 'o' ? 1 : 2, n, result);
		return true;
	case 'q':
		request_sense(p, result);
		return true;
	case 'e':
	case 'x':
		plain(p, 0x19, c == 'x', 0, result);
		return true;
	case 'u':
	case 'U':
	case 'j':
	case 'J':
		plain(p, 0x1b, c == 'j' || c == 'J', c == 'U' || c == 'J',
		    result);
		return true;
	case 'P':
	case 'A':
		plain(p, 0x1e, 0, c == 'P', result);
		return true;
	default:
		return false;
	}
}

const struct play_way ssc_play = { start, end, carry_out };
