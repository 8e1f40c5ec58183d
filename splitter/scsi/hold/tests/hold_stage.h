/*
 * hold_stage.h: a drive of a virtual library that a run holds, with a second
 * initiator, a fake st node and a folder for records, for tests.
 *
 * There is one stage at a time.
 */
#ifndef SPLITTER_SCSI_HOLD_TESTS_HOLD_STAGE_H
#define SPLITTER_SCSI_HOLD_TESTS_HOLD_STAGE_H

#include <linux/mtio.h>

#include "splitter/scsi/hold/hold.h"
#include "splitter/scsi/tests/served_port.h"

enum { HELD_NOTICES_BYTES = 4096 };

/* The st node: an error of open(), and the calls that it got. */
struct held_st {
	int error;
	unsigned opened, closed;
	int flags;
	struct mtop ops[8];
	unsigned op_count;
};

extern struct served_library *held_library;
/* the initiator of the run, and another one */
extern struct served_port *held_port, *held_other_port;
extern struct scsi_unit held_unit, held_other;
extern struct scsi_names held_names;
extern struct scsi_hold_options held_options;
extern struct held_st held_st;
extern char held_folder[256], held_err[512], held_notices[HELD_NOTICES_BYTES];
/* Killed runs free nothing. */
extern struct scsi_hold *held_killed[2];

void held_setup(void);
/* The same, with volumes of this generation (suffix of the barcode). */
void held_setup_with(const char *suffix);
void held_teardown(void);

/* Begins a run, which must succeed; which must be refused with this text. */
struct scsi_hold *held_begin(void);
void held_refuse(const char *says);

/* Ends a run, which must succeed. */
void held_end(struct scsi_hold *hold);

/* Returns how many records there are; stores the path of the first. */
unsigned held_records(char path[512]);

/* Rewrites the record: the value of a word; NULL: without its line. */
void held_change_record(const char *word, const char *value);

/* The run was killed: its process does not exist any more. */
void held_kill_run(void);

/* A run that changes all, and is killed. */
void held_run_and_be_killed(unsigned n);

/* What the drive has: settings, reservations, door, and who may write. */
struct held_state {
	struct scsi_settings settings;
	struct scsi_persistent persistent;
};

void held_get_state(struct held_state *state);

/* The drive must be as before, and the other initiator must be able to write. */
void held_is_as_before(const struct held_state *before);

/* Changes all that a run may change. */
void held_change_all(void);

/* Makes two partitions, by MODE SELECT and FORMAT MEDIUM. */
void held_make_partitions(void);

/* From now on the drive does not have PERSISTENT RESERVE for this port. */
void held_without_persistent(struct served_port *port);

/* Goes to the beginning of a partition. */
void held_go_to(uint8_t partition);

/* Writes as the other initiator.  Returns whether it may. */
bool held_other_writes(void);

/* The other initiator must not be able to write. */
void held_cannot_write(void);

#endif
