/*
 * talk.h: conversations with a target, byte by byte, over memory: a node with
 * two toys (LUN 0 and 1) on a clock of the test, and initiators that send any
 * PDU.  Nothing is left to chance: connections run only in talk_run(), and
 * commands only when all connections wait.
 */
#ifndef VTL_ISCSI_TARGET_TALK_H
#define VTL_ISCSI_TARGET_TALK_H

#include <pthread.h>

#include "vtl/iscsi/pdu.h"
#include "vtl/iscsi/target/connection.h"
#include "vtl/iscsi/target/tests/toy.h"

#define TALK_TARGET "iqn.2026-11.tapelab:talk"

enum {
	TALK_UNITS = 2,
	TALK_INITIATORS = 3,
	TALK_EVENTS_BYTES = 4096,
	TALK_SECOND_NS = 1000 * 1000 * 1000
};

/* A growing sequence of bytes, read from its beginning. */
struct talk_bytes {
	uint8_t *data;
	size_t count, at, room;
};

struct talk;

struct talk_initiator {
	struct talk *talk;
	struct iscsi_connection *connection; /* NULL: not used */
	pthread_t thread;
	struct talk_bytes to, from; /* the target */
	size_t takes; /* how many more bytes the initiator reads */
	bool header_digest, data_digest;
	bool waits, woken, ended, served;
	bool closed; /* the initiator has closed the connection */
	int64_t until_ns;
};

struct talk {
	struct toy toys[TALK_UNITS];
	struct iscsi_unit units[TALK_UNITS];
	struct unit_clocks *clocks;
	struct iscsi_access *access;
	struct iscsi_server_config config;
	struct iscsi_node *node;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int64_t now_ns;
	struct talk_initiator initiators[TALK_INITIATORS];
	char events[TALK_EVENTS_BYTES];
};

/* Begins, with commands that last as long as the model says if `paced`. */
void talk_begin(struct talk *talk, bool paced);

/* Ends all connections, and frees everything. */
void talk_end(struct talk *talk);

/* Connects; `isid` is the last byte of the ISID of talk_log_in(). */
struct talk_initiator *talk_connect(struct talk *talk, unsigned number);

/*
 * Logs in with these keys ("key=value\n"...) in addition to names and session
 * type; with CmdSN 1 and StatSN 1 afterwards, and no unit attention.
 */
void talk_log_in(struct talk_initiator *i, const char *name, const char *keys);

/* Puts a PDU of the initiator, with padding and digests. */
void talk_put(struct talk_initiator *i, const struct iscsi_pdu *pdu);

/* Puts bytes as they are. */
void talk_put_bytes(struct talk_initiator *i, const void *data, size_t bytes);

/* The initiator closes the connection. */
void talk_close(struct talk_initiator *i);

/* The initiator takes this many more bytes of the target. */
void talk_set_takes(struct talk_initiator *i, size_t bytes);

/* Everything runs until it waits for the initiators or for time to pass. */
void talk_run(struct talk *talk);

/* Lets time pass, and runs. */
void talk_pass(struct talk *talk, int64_t ns);

/*
 * Takes the next PDU of the target.  Returns false if there is no more.  Its
 * data is valid until the next one is put or taken.
 */
bool talk_take(struct talk_initiator *i, struct iscsi_pdu *pdu);

/*
 * Returns the next PDU as text: the name, bytes 1 to 3 as hexadecimal digits,
 * then all fields that are not zero: "lun=" and 16 digits; "itt", the 4 bytes
 * from 16; "w20", "stat" (24), "exp" (28), "win" (MaxCmdSN - ExpCmdSN + 1),
 * "w36", "w40", "w44", and "data" with its length.  "nothing" if there is no
 * more.  Valid until the next call.
 */
const char *talk_line(struct talk_initiator *i);

/* Runs, and compares the next PDUs with these lines, and that no other comes. */
void talk_expect(struct talk_initiator *i, const char *lines);

/* A request of this kind, with F. */
static inline struct iscsi_pdu talk_request(enum iscsi_opcode opcode,
    uint32_t itt, uint32_t cmd_sn)
{
	struct iscsi_pdu pdu;

	iscsi_pdu_begin(&pdu, opcode, itt);
	iscsi_put(&pdu, ISCSI_AT_CMD_SN, cmd_sn);
	return pdu;
}

/* A SCSI Command with the flags of byte 1 and a CDB in hexadecimal. */
struct iscsi_pdu talk_command(unsigned flags, uint32_t itt, uint32_t cmd_sn,
    uint32_t edtl, const char *cdb);

/* A Data-Out. */
struct iscsi_pdu talk_data_out(unsigned flags, uint32_t itt, uint32_t ttt,
    uint32_t data_sn, uint32_t offset);

/*
 * Data of toy_byte() from `offset`, which may be anything.  To be called before
 * the tests run, so that they share it.
 */
const uint8_t *talk_data(uint32_t offset);

#endif
