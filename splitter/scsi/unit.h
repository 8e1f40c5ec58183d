/*
 * unit.h: a logical unit that commands are sent to: its port, its time-outs,
 * and what its last answer was.
 *
 * Invariants:
 *
 *  1. scsi_send() sends a command once.  scsi_ask() sends it again after a unit
 *     attention or BUSY, with which the device says that it did not execute the
 *     command; it is never used for a command that moves the medium.
 *  2. Every unit attention is counted in `attentions`, whichever command met
 *     it.  Whoever relies on the position of the medium compares the count
 *     before and after, and asks for the position if they differ.
 *
 * One thread at a time uses a unit.
 */
#ifndef SPLITTER_SCSI_UNIT_H
#define SPLITTER_SCSI_UNIT_H

#include "splitter/scsi/port.h"
#include "splitter/scsi/timeouts.h"

struct scsi_unit {
	struct scsi_port *port;
	struct scsi_timeouts timeouts;
	struct scsi_command command; /* the last one */
	struct scsi_answer answer;   /* its answer */
	uint64_t attentions;
	uint8_t asc, ascq; /* of the last unit attention */
	/* a unit attention said that the position may have changed */
	bool position_lost;
	/* an answer was about an earlier command, which has failed */
	bool deferred;
	/* BUSY or TASK SET FULL: answers in a row, and how many are waited for */
	unsigned busy, busy_most;
};

/* A device that stays busy is waited for this number of seconds. */
enum { SCSI_BUSY_S = 60 };

/* Nothing is known of the device; scsi_send_opcodes() gets the time-outs. */
void scsi_unit_init(struct scsi_unit *unit, struct scsi_port *port);

/*
 * Sends a command.  A `timeout_s` of 0 becomes that of the device.  Returns
 * whether the answer is GOOD; the answer is in unit->answer.
 */
bool scsi_send(struct scsi_unit *unit, const struct scsi_command *command);

/*
 * Sends a command that does not move the medium: after a unit attention up to
 * 10 times more, and after BUSY or TASK SET FULL as long as scsi_wait_busy()
 * returns true.
 */
bool scsi_ask(struct scsi_unit *unit, const struct scsi_command *command);

/*
 * As scsi_ask(), but returns at once if the device is busy: for a caller that
 * bounds the wait itself.
 */
bool scsi_ask_now(struct scsi_unit *unit, const struct scsi_command *command);

/* Returns whether the last answer is BUSY or TASK SET FULL. */
bool scsi_is_busy(const struct scsi_unit *unit);

/*
 * After BUSY or TASK SET FULL: sleeps for a second, and returns whether to send
 * the command again.  A device that stays busy is waited for `busy_most` seconds,
 * by all commands together.
 */
bool scsi_wait_busy(struct scsi_unit *unit);

/* Returns how many bytes of data-in the last command got. */
size_t scsi_received(const struct scsi_unit *unit);

/*
 * Returns whether the last answer is a unit attention: the device did not
 * execute the command.
 */
bool scsi_is_attention(const struct scsi_unit *unit);

/* Returns whether the last answer has this sense key, code and qualifier. */
bool scsi_has_sense(const struct scsi_unit *unit, uint8_t key, uint8_t asc,
    uint8_t ascq);

/*
 * Returns whether the device does not have the last command, or one of its
 * fields: ILLEGAL REQUEST 20/00, 24/00, 25/00 or 26/00.
 */
bool scsi_is_unsupported(const struct scsi_unit *unit);

/*
 * Writes what the last answer was: "/dev/sg3: LOG SENSE: Illegal Request,
 * Invalid field in cdb (5/24/00)".
 */
void scsi_unit_text(const struct scsi_unit *unit, char *text,
    size_t text_bytes);

#endif
