/*
 * initiator.h: libiscsi as an initiator, code of others.
 *
 * Its headers and those of vtl/scsi name different things alike, so no file
 * includes both.
 */
#ifndef VTL_ISCSI_TARGET_INITIATOR_H
#define VTL_ISCSI_TARGET_INITIATOR_H

#include <stdbool.h>
#include <stdint.h>

struct iscsi_context;

/*
 * Makes an initiator.  `last` is the part of its name after
 * "iqn.2026-11.org.example:".
 */
struct iscsi_context *initiator_new(const char *last);

/* Frees it, without logout. */
void initiator_free(struct iscsi_context *initiator);

/* Connects and logs in.  Returns NULL, or libiscsi's message. */
const char *initiator_log_in(struct iscsi_context *initiator,
    const char *address, const char *target);

/* The same; the test fails if it is not logged in. */
void initiator_must_log_in(struct iscsi_context *initiator, const char *address,
    const char *target);

/* Logs out, and frees it. */
void initiator_log_out(struct iscsi_context *initiator);

/* Before the login: CRC32C for header and data, as far as libiscsi has it. */
void initiator_set_digests(struct iscsi_context *initiator);

/* Before the login: its CHAP user and secret, and those of the target. */
void initiator_set_user(struct iscsi_context *initiator, const char *user,
    const char *secret);
void initiator_expect_target(struct iscsi_context *initiator, const char *user,
    const char *secret);

/* The port of its sessions is the same for all initiators with this number. */
void initiator_set_isid(struct iscsi_context *initiator, unsigned number);

/*
 * Executes a command, whose bytes are written in hexadecimal, and transfers
 * `bytes` bytes to (read) or from (write) `data`.  Returns the answer as text:
 * "good", "KEY/ASC/ASCQ" or "status N"; then " under N" or " over N" with a
 * residual.  Valid until the next call.
 */
const char *initiator_do(struct iscsi_context *initiator, int lun,
    const char *cdb);
const char *initiator_read(struct iscsi_context *initiator, int lun,
    const char *cdb, void *data, int bytes);
const char *initiator_write(struct iscsi_context *initiator, int lun,
    const char *cdb, const void *data, int bytes);

/*
 * Has `count` commands outstanding that each read `bytes`, and places their
 * data one after the other.  Returns the first answer, in order of arrival,
 * that is not "good".
 */
const char *initiator_read_many(struct iscsi_context *initiator, int lun,
    const char *cdb, uint8_t *data, int bytes, int count);

/* The CDB of a 6-byte command with a length in bytes 2 to 4, as text. */
const char *initiator_cdb(unsigned opcode, unsigned flags, unsigned length);

/*
 * The same as initiator_write(), but does not wait for the answer.  Returns
 * when all is sent.
 */
struct scsi_task *initiator_begin(struct iscsi_context *initiator, int lun,
    const char *cdb, const void *data, int bytes);

/* Frees a command that gets no answer any more; its initiator is freed. */
void initiator_forget(struct scsi_task *task);

/* Aborts it, and waits for the response; true: the function is complete. */
bool initiator_abort(struct iscsi_context *initiator, struct scsi_task *task);

/* LOGICAL UNIT RESET; true: the function is complete. */
bool initiator_reset(struct iscsi_context *initiator, int lun);

/* Sends a NOP-Out, and waits for the answer. */
bool initiator_nop(struct iscsi_context *initiator, const char *data);

/*
 * SendTargets: writes a line "NAME ADDRESS" for each target.  `address` is that
 * of the server.
 */
void initiator_discover(const char *last, const char *address, char *text,
    int room);

#endif
