/*
 * impl.h: what the files of the unit share.  Each file calls only files that
 * are listed above it, and sense.c.
 *
 *     nexus.c          unit attentions of each nexus
 *     status.c         the status of a command
 *     mode_settings.c  the modes that are set, and their defaults
 *     log.c            TapeAlert flags, counters, LOG SENSE
 *     drive_result.c   converts results of the drive to those of the unit
 *     usage.c          what is written and read in the life of a volume
 *     unit.c           the unit: medium, readiness, load, unload, reset
 *     partition.c      the medium partition page, FORMAT MEDIUM
 *     robot.c          what a library does with the unit
 *     attribute.c      READ ATTRIBUTE, WRITE ATTRIBUTE
 *     mode.c           MODE SENSE, MODE SELECT, READ BLOCK LIMITS
 *     write.c          WRITE, WRITE FILEMARKS, ERASE
 *     read.c           READ
 *     verify.c         VERIFY
 *     move.c           SPACE, LOCATE, REWIND, READ POSITION
 *     sense.c          sense data as bytes
 */
#ifndef VTL_SCSI_IMPL_H
#define VTL_SCSI_IMPL_H

#include "vtl/scsi/scsi.h"

enum scsi_operation { SCSI_WRITING, SCSI_READING, SCSI_OTHER };

struct scsi_counters {
	uint64_t bytes, blocks, corrected, uncorrected;
};

struct scsi {
	struct drive *drive;
	char serial[32 + 1];
	unsigned nexus; /* of the current command */
	struct scsi_nexuses nexuses;
	struct volume *ejected; /* a volume that is unloaded, but not removed */
	int64_t ready_ns;
	/* until then a command with IMMED goes on */
	int64_t busy_until_ns;
	enum scsi_progress progress;
	/* the positions after the last write of filemarks, and of blocks */
	uint64_t after_filemarks, after_block;
	/* all members except density and protected are used */
	struct scsi_mode mode;
	bool has_selected; /* `selected` is the medium partition page */
	struct scsi_partitions selected;
	/* options with which the drive was made */
	struct drive_options options;
	uint64_t alerts;                  /* bit n - 1 is TapeAlert flag n */
	struct scsi_counters counters[2]; /* [0]: writing, [1]: reading */
	uint64_t loads, cleanings;
	uint64_t volume_loads; /* number of all loads of this volume */
	/* counters[] at its load; and what its earlier loads did: usage.c */
	uint64_t bytes_before[2], last_bytes[2], life_bytes[2];
};

/* status.c */

/* 24/00, invalid field in a command */
extern const struct sense scsi_bad_field;

/* Sets good status, complete at `now_ns`. */
void scsi_result_init(struct scsi_result *result, int64_t now_ns);

/* Sets CHECK CONDITION with this sense data, and without information. */
void scsi_fail(struct scsi_result *result, const struct sense *sense);

/*
 * Sets the INFORMATION field of the sense data if SSC requires it: not with
 * good status, not for a refused command, and not for a deferred error.
 */
void scsi_set_information(struct scsi_result *result, int64_t information);

/*
 * Begins a command that needs no medium, and initialises its result.  Returns
 * false if the result is a unit attention; the command must then do nothing.
 */
bool scsi_begin(struct scsi *unit, int64_t now_ns, struct scsi_result *result);

/* mode_settings.c */

/* Applies the mode settings of the unit to the drive. */
void scsi_mode_apply(struct scsi *unit);

/*
 * Sets the modes to the options with which the drive was made, and applies
 * them.
 */
void scsi_mode_default(struct scsi *unit);

/* log.c */

/* Sets the TapeAlert flag of a volume that was loaded too often. */
void scsi_set_life_alert(struct scsi *unit);

/* Sets the TapeAlert flags for an error, and counts the error. */
void scsi_set_alerts(struct scsi *unit, enum scsi_operation doing,
    const struct sense *sense);

/* drive_result.c */

/* Returns whether the drive reported that it was reset during the command. */
bool scsi_is_reset(const struct drive_result *result);

/*
 * Applies a reset to the settings of hosts.  Modes return to their defaults,
 * and removal is allowed.  The other nexuses get a unit attention.
 */
void scsi_unit_reset(struct scsi *unit);

/* Copies the result of the drive, and counts bytes and errors in the logs. */
void scsi_take_result(struct scsi *unit, enum scsi_operation doing,
    const struct drive_result *from, struct scsi_result *result);

/* usage.c */

/* Reads the usage of a volume that is loaded. */
void scsi_begin_usage(struct scsi *unit, struct volume *volume);

/*
 * Adds what was done to the history of the volume, which is unloaded, unless it
 * is write-protected.  Errors are ignored: then that is not counted.
 */
void scsi_end_usage(struct scsi *unit, struct volume *volume);

/* unit.c */

/* Returns when a command that uses the medium begins. */
int64_t scsi_begin_ns(const struct scsi *unit, int64_t now_ns);

/*
 * Begins a command that needs a medium.  Returns false if the result is a unit
 * attention, or if the medium cannot be used.
 */
bool scsi_begin_with_medium(struct scsi *unit, int64_t now_ns,
    struct scsi_result *result);

#endif
