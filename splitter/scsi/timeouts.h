/*
 * timeouts.h: how long a command of a device may take.
 *
 * After a time-out Linux resets the device, and then those next to it, so no
 * command may have a time-out below the device's own.  The device reports its
 * time-outs with REPORT SUPPORTED OPERATION CODES (SPC-4, RCTD).  If it does
 * not, a table by generation of LTO is used, and for other devices the longest
 * time of any of them.
 */
#ifndef SPLITTER_SCSI_TIMEOUTS_H
#define SPLITTER_SCSI_TIMEOUTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	/* commands that do not move the medium, if the device says nothing */
	SCSI_SHORT_TIMEOUT_S = 60,
	/* commands that move it */
	SCSI_LONG_TIMEOUT_S = 14000,
	SCSI_TIMEOUTS = 256,
	SCSI_ANY_ACTION = -1
};

enum scsi_timeout_source {
	/*
	 * The device was not asked yet: every command has the longest time, as
	 * it may wait for one that a killed process left running.
	 */
	SCSI_TIMEOUTS_UNKNOWN,
	SCSI_TIMEOUTS_LONGEST,    /* SCSI_LONG_TIMEOUT_S for those that move */
	SCSI_TIMEOUTS_GENERATION, /* the table of LTO generations */
	SCSI_TIMEOUTS_REPORTED    /* by the device */
};

struct scsi_timeout {
	uint8_t opcode;
	int16_t action; /* SCSI_ANY_ACTION: the command has none */
	uint32_t seconds;
};

struct scsi_timeouts {
	enum scsi_timeout_source source;
	unsigned generation; /* of LTO; 0: unknown */
	/* reported by the device */
	struct scsi_timeout reported[SCSI_TIMEOUTS];
	size_t count;
};

/*
 * Returns the time-out of a command in seconds, > 0.  `action` is its service
 * action, or SCSI_ANY_ACTION.  `timeouts` may be all zeros: nothing is known.
 */
uint32_t scsi_timeout_s(const struct scsi_timeouts *timeouts, uint8_t opcode,
    int action);

/*
 * Returns how long a drive of this generation of LTO (0: unknown) may report that
 * it becomes ready with a cartridge: its own time-out of LOAD UNLOAD (`timeouts`;
 * NULL: not known), that of the table if it is longer, and 16 minutes at least;
 * but no more than `most_ns`.  For LTO-9 and unknown drives 14,000 s: the first
 * load of a new LTO-9 cartridge takes 20 minutes to 2 hours, and no host can
 * cancel it.
 */
int64_t scsi_load_wait_ns(const struct scsi_timeouts *timeouts,
    unsigned generation, int64_t most_ns);

/* Returns whether a command with this code may move the medium. */
bool scsi_moves_medium(uint8_t opcode);

/*
 * Takes the time-outs from the data of REPORT SUPPORTED OPERATION CODES (all
 * commands, RCTD 1).  Returns whether there was one at least.
 */
bool scsi_timeouts_take(struct scsi_timeouts *timeouts, const uint8_t *data,
    size_t bytes);

#endif
