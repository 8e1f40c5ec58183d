/*
 * others.h: what other programs and hosts do to a drive, or to its host
 * adapter, while it is tested.
 *
 * Three things show them:
 *
 *     answers         a status or a unit attention that only another initiator,
 *                     or the adapter, causes; an error of the transport
 *     registrations   their generation (PERSISTENT RESERVE IN) has changed
 *     the kernel      counts the commands to each SCSI device in sysfs
 *                     (iorequest_cnt): more to this one than the run has sent,
 *                     or many to other devices of the adapter
 *
 * The kernel's count is used only if it grew at first by what the run had sent.
 * Commands of another host that change nothing show nowhere.
 *
 * The answers also show that the cartridge was taken out, unloaded or exchanged,
 * which a load of the run causes too.
 */
#ifndef SIM_ACCEPT_OTHERS_H
#define SIM_ACCEPT_OTHERS_H

#include "splitter/scsi/commands.h"
#include "splitter/scsi/node/names.h"

enum { OTHERS_TEXT_BYTES = 384, OTHERS_DEVICES = 32 };

/* The kernel's counts. */
struct others_counts {
	uint64_t drive;
	size_t devices; /* on the same adapter */
	struct others_device {
		char address[32];
		uint64_t commands;
	} device[OTHERS_DEVICES];
};

/* What the answers of the drive show. */
enum others_sign {
	OTHERS_CONFLICT,
	OTHERS_BUSY,
	OTHERS_FULL,
	OTHERS_ABORTED,
	OTHERS_LOST, /* no answer of the drive */
	OTHERS_ATTENTION,
	OTHERS_TRANSPORT, /* an error on the way to the drive */
	OTHERS_SIGNS
};

struct others {
	const struct scsi_names *names;   /* NULL: not known */
	const struct scsi_system *system; /* NULL: this one */
	uint64_t sent;                    /* commands of the run */
	uint64_t written_bytes; /* sent by WRITE since the last take */
	uint64_t signs[OTHERS_SIGNS];
	char first[OTHERS_SIGNS][OTHERS_TEXT_BYTES / 2]; /* of each */
	char removed[OTHERS_TEXT_BYTES / 2];             /* the first; or "" */
	bool has_counts, has_generation;
	struct others_counts counts; /* when they were last read */
	uint64_t counted_sent;       /* `sent` then */
	uint32_t generation;
};

/* What was seen since the last call; texts are "" if there is nothing. */
struct accept_others {
	/* of the drive: why it was not used by the run alone */
	char drive[OTHERS_TEXT_BYTES];
	/* of cable or adapter: the errors on the way to the drive */
	char way[OTHERS_TEXT_BYTES];
	/* of the adapter: which other devices had many commands */
	char adapter[OTHERS_TEXT_BYTES];
	/* by which answer: the cartridge was taken out, unloaded or exchanged */
	char removed[OTHERS_TEXT_BYTES / 2];
	uint64_t commands; /* of other programs of this host, to the drive */
	bool lost; /* the drive did not answer a command; `drive` says which */
	/* What the run sent by WRITE commands, whatever the answers were. */
	uint64_t written_bytes;
};

/* Begins, before the first command of the run.  `names` must remain. */
void others_begin(struct others *o, const struct scsi_names *names,
    const struct scsi_system *system);

/*
 * Compares the kernel's count with what the run has sent so far, and reads the
 * generation of the registrations.  Returns whether the count can be used.
 */
bool others_check(struct others *o, struct scsi_unit *unit);

/* Notes an answer.  Returns whether it is a sign of others. */
bool others_note(struct others *o, const struct scsi_command *command,
    const struct scsi_answer *answer);

/* Takes what was seen. */
void others_take(struct others *o, struct scsi_unit *unit,
    struct accept_others *seen);

#endif
