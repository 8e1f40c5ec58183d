/*
 * impl.h: a connection and its commands, for the files of this room.
 *
 *      connection.c   login, the loop over PDUs, end
 *        |  command.c       SCSI Command, Data-Out, R2T
 *        |  |  response.c   Data-In, SCSI Response
 *        |  management.c    Task Management
 *        |  control.c       NOP, Text, Logout
 *        |  |  |            (each calls those below)
 *        transfer.c         commands in progress
 *        receive.c          bytes of a PDU
 *        notify.c           Reject, pings, Asynchronous Message
 *        output.c           PDUs that are sent; end of a connection
 *        buffer.c           memory for data, counted
 *
 * Invariants:
 *
 *  1. `lock` guards the fields below it, and is never held while something
 *     waits, nor while the lock of a task set or of the node is taken.
 *  2. A transfer is freed with its last reference.  Its list has one until the
 *     task has ended; the thread of the connection has one while it works on
 *     the transfer.
 *  3. Memory is counted before it is allocated: `charged_bytes` for data of
 *     commands, `output_bytes` for all other output that waits.
 */
#ifndef VTL_ISCSI_TARGET_IMPL_H
#define VTL_ISCSI_TARGET_IMPL_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/base/block_pool.h"
#include "vtl/iscsi/discovery.h"
#include "vtl/iscsi/target/connection.h"

enum {
	ISCSI_REASON_BYTES = 512,
	ISCSI_FORGOTTEN = 128,
	ISCSI_REQUESTS_MAX = 8 /* of task management, in progress */
};

/* PDUs that wait until the stream takes them. */
struct iscsi_output {
	struct iscsi_output *next;
	uint8_t *heads; /* headers, digests and padding */
	size_t head_bytes;
	struct iovec *parts;
	int count, at;      /* parts; the first that is not sent yet */
	size_t cost;        /* in output_bytes */
	uint8_t *extra;     /* room for small data */
	void *owned;        /* data, given back after it was sent */
	size_t owned_bytes; /* in charged_bytes */
};

/* A SCSI command. */
struct iscsi_transfer {
	struct iscsi_task task; /* first */
	struct iscsi_connection *connection;
	struct iscsi_transfer *next;
	struct iscsi_task_set *set;
	uint8_t lun[8];
	unsigned references;
	bool ended;   /* no longer in the list */
	bool single;  /* the initiator waits for it before it sends others */
	uint8_t *out; /* data-out, as far as it is collected */
	uint32_t out_bytes, collected;
	/* The sequence of Data-Out in progress. */
	bool expects_data;
	uint32_t ttt, data_sn, burst_end;
	uint32_t r2t_count;
};

struct iscsi_connection {
	struct iscsi_node *node;
	struct iscsi_stream stream;
	char address[ISCSI_PORTAL_BYTES], portal[ISCSI_PORTAL_BYTES];
	/* of the thread of the connection */
	enum iscsi_phase phase;
	struct iscsi_parameters parameters;
	const struct iscsi_target *target; /* NULL: discovery */
	unsigned nexus;
	uint16_t cid;
	uint16_t luns[ISCSI_UNITS_MAX]; /* that the initiator may use */
	size_t lun_count;
	struct iscsi_discovery *discovery;
	uint8_t *scratch; /* data of a PDU */
	size_t scratch_bytes;
	uint32_t last_ttt;
	bool in_session; /* of the table, or a discovery session */
	bool logged_out;
	int64_t login_until_ns;
	int64_t received_ns, pinged_ns;
	struct iscsi_pdu pdu; /* as received, without its data */
	bool waited;          /* since the last PDU, for bytes of this one */

	pthread_mutex_t lock;
	pthread_cond_t idle; /* the last transfer or request has ended */
	bool logged_in;
	bool dead;
	char reason[ISCSI_REASON_BYTES]; /* of the end; "": none yet */
	uint32_t stat_sn, exp_cmd_sn;
	struct iscsi_output *output, **output_end;
	bool sending; /* a thread sends the first output */
	size_t output_bytes, charged_bytes;
	int64_t progress_ns; /* output was sent, or began to wait */
	struct iscsi_transfer *transfers;
	unsigned requests; /* of task management */
	struct block_pool *pool;
	/* Tags of commands that ended before all their data came. */
	uint32_t forgotten[ISCSI_FORGOTTEN];
	size_t forgotten_count; /* of all times */
};

/* buffer.c, with the lock */

/* Counts bytes before they are allocated.  Returns false beyond the bound. */
bool iscsi_buffer_charge(struct iscsi_connection *c, size_t bytes);

/* Returns a block of the pool that was charged; NULL: memory is short. */
void *iscsi_buffer_get(struct iscsi_connection *c, size_t bytes);

/*
 * Takes back the charge, and drops the block.  A drive may hold it longer: its
 * buffer has a bound of its own.  `data` may be NULL.
 */
void iscsi_buffer_put(struct iscsi_connection *c, void *data, size_t bytes);

/* output.c */

/* Sets the reason, unless there is one, and ends the stream. */
void iscsi_fail(struct iscsi_connection *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void iscsi_fail_locked(struct iscsi_connection *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What iscsi_output_add() does with StatSN. */
enum iscsi_stat_sn {
	ISCSI_STAT_SN_SET,  /* all sequence numbers are set, as in a login */
	ISCSI_STAT_SN_NONE, /* the field is reserved */
	ISCSI_STAT_SN_NEXT, /* reports the next one */
	ISCSI_STAT_SN_TAKE  /* has one of its own */
};

/*
 * The connection is locked during these.  Begins output of at most `pdus` PDUs,
 * with `extra` bytes of room for data.  NULL: the connection has ended, or ends
 * now.
 */
struct iscsi_output *iscsi_output_begin(struct iscsi_connection *c, size_t pdus,
    size_t extra);

/*
 * Adds a PDU: sets its sequence numbers and digests.  Its data must stay until
 * it is sent.
 */
void iscsi_output_add(struct iscsi_connection *c, struct iscsi_output *output,
    struct iscsi_pdu *pdu, enum iscsi_stat_sn stat_sn);

/* The output gives back `data` of iscsi_buffer_get() when it was sent. */
void iscsi_output_own(struct iscsi_output *output, void *data, size_t bytes);

/* Sends it now, as far as the stream takes it, or leaves it to a thread. */
void iscsi_output_end(struct iscsi_connection *c, struct iscsi_output *output);

/*
 * Sends what waits, with the lock released meanwhile.  Returns whether the
 * stream took less.  While another thread sends, that thread sends all: false.
 */
bool iscsi_output_flush(struct iscsi_connection *c);

/* Frees what waits. */
void iscsi_output_drop(struct iscsi_connection *c);

/* Without the lock: sends one PDU, with a copy of its data. */
void iscsi_send(struct iscsi_connection *c, struct iscsi_pdu *pdu,
    enum iscsi_stat_sn stat_sn);

/* notify.c */

/* Sends a NOP-In that the initiator must answer. */
void iscsi_ping(struct iscsi_connection *c);

/* Rejects c->pdu. */
void iscsi_reject(struct iscsi_connection *c, enum iscsi_reject_reason reason);

/* Rejects c->pdu and ends the connection: returns false. */
bool iscsi_violation(struct iscsi_connection *c, const char *what);

/* receive.c: these return false if the connection has ended. */

/* Receives BHS and AHS into c->pdu; checks lengths and digest. */
bool iscsi_receive_header(struct iscsi_connection *c);

/* Receives the data of c->pdu into `data`; checks its digest. */
bool iscsi_receive_data(struct iscsi_connection *c, uint8_t *data);

/* The same into c->scratch, and sets c->pdu.data. */
bool iscsi_receive_scratch(struct iscsi_connection *c);

/* Receives the data, and forgets it. */
bool iscsi_discard_data(struct iscsi_connection *c);

/* Waits until all output is sent, at most ISCSI_STOP_SECONDS. */
void iscsi_drain(struct iscsi_connection *c);

/*
 * Counts c->pdu, a request with CmdSN.  Returns false if its CmdSN is not the
 * next one: it must then be ignored.
 */
bool iscsi_take_cmd_sn(struct iscsi_connection *c);

/* control.c: each receives the data; false: the connection has ended. */
bool iscsi_on_nop(struct iscsi_connection *c);
bool iscsi_on_text(struct iscsi_connection *c);
bool iscsi_on_logout(struct iscsi_connection *c);

/* response.c */

/*
 * Sends data-in and status of a command, with the lock.  Takes `in`, which is
 * of iscsi_buffer_get() and may be NULL.
 */
void iscsi_respond(struct iscsi_connection *c, uint32_t tag, uint32_t r2t_count,
    const struct device_answer *answer, void *in, size_t bytes);

/* transfer.c, with the lock */

/* Returns NULL if there is no room for a command with these data. */
struct iscsi_transfer *iscsi_transfer_new(struct iscsi_connection *c,
    uint32_t in_bytes, uint32_t out_bytes);

/* Returns the command with a reference; NULL: none has the tag. */
struct iscsi_transfer *iscsi_transfer_find(struct iscsi_connection *c,
    uint32_t tag);

void iscsi_transfer_release(struct iscsi_transfer *t);

/* Removes it from the list, with the reference of the list. */
void iscsi_transfer_remove(struct iscsi_transfer *t);

/* Data-Out with this tag may still come, for a command that has ended. */
void iscsi_forget(struct iscsi_connection *c, uint32_t tag);
bool iscsi_is_forgotten(const struct iscsi_connection *c, uint32_t tag);

/*
 * Without the lock: ends all commands of the connection.  Those that a device
 * executes end when it returns: this does not wait for them.
 */
void iscsi_abort_transfers(struct iscsi_connection *c);

/* Returns whether commands or task management requests are in progress. */
bool iscsi_is_busy(struct iscsi_connection *c);

/* Waits until all have ended. */
void iscsi_wait_until_idle(struct iscsi_connection *c);

/* command.c */
bool iscsi_on_command(struct iscsi_connection *c);
bool iscsi_on_data_out(struct iscsi_connection *c);

/*
 * The unit of a LUN in the form of SAM, if the initiator may use it.  Returns
 * false if not.
 */
bool iscsi_find_unit(const struct iscsi_connection *c, const uint8_t lun[8],
    size_t *unit);

/* management.c */
bool iscsi_on_task_management(struct iscsi_connection *c);

#endif
