/*
 * impl.h: what the files of the unit share.  Each file calls only files that
 * are listed above it, and sense.c.
 *
 *     nexus.c          unit attentions of each nexus
 *     status.c         the status of a command
 *     mode_settings.c  the modes that are set, and their defaults
 *     alert.c          TapeAlert flags, and the errors that logs count
 *     drive_result.c   converts results of the drive to those of the unit
 *     counts.c         counters, and the capacity of the medium
 *     usage.c          what is written and read in the life of a volume
 *     unit.c           the unit: medium, readiness, load, unload, reset
 *     partition.c      the medium partition page, FORMAT MEDIUM
 *     robot.c          what a library does with the unit
 *     attribute_value.c  the known attributes, and computed values
 *     attribute.c      READ ATTRIBUTE, WRITE ATTRIBUTE
 *     log_drive.c      log pages of the drive
 *     log_volume.c     log pages of the volume
 *     log.c            LOG SENSE, LOG SELECT
 *     mode.c           MODE SENSE, MODE SELECT, READ BLOCK LIMITS
 *     write.c          WRITE, WRITE FILEMARKS, ERASE
 *     read.c           READ
 *     verify.c         VERIFY
 *     move.c           SPACE, LOCATE, REWIND, READ POSITION
 *     sense.c          sense data as bytes
 */
#ifndef VTL_SCSI_IMPL_H
#define VTL_SCSI_IMPL_H

#include "vtl/base/alert.h"
#include "vtl/scsi/log.h"
#include "vtl/scsi/scsi.h"
#include "vtl/volume/history.h"

enum scsi_operation {
	SCSI_WRITING = ALERT_WRITING,
	SCSI_READING = ALERT_READING,
	SCSI_OTHER = ALERT_OTHER
};

/* What is added to a counter of a log page. */
struct scsi_log_offset {
	uint8_t page;
	uint16_t code;
	uint64_t add; /* modulo 2^64 */
};

/* All counters that a drive has. */
enum { SCSI_LOG_OFFSETS = 64 };

/* Counters at some moment. */
struct scsi_counts {
	struct alert_tally operations[2]; /* [0]: writing, [1]: reading */
	uint64_t non_medium;              /* hardware errors */
	uint64_t retries;                 /* blocks written again */
	uint64_t turns;                   /* at the ends of wraps */
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
	uint64_t alerts;                /* bit n - 1 is TapeAlert flag n */
	bool has_new_alerts;            /* since sense data reported them */
	struct alert_tally counters[2]; /* [0]: writing, [1]: reading */
	uint64_t non_medium;
	struct scsi_counts reset_counts; /* at the last LOG SELECT */
	/* by how much LOG SELECT has changed counters: log.c */
	struct scsi_log_offset offsets[SCSI_LOG_OFFSETS];
	size_t offset_count;
	struct scsi_counts load_counts; /* at the load of this volume */
	int64_t load_ns;                /* how long that load took */
	uint64_t loads, cleanings;
	/* written and read, and in motion, until the last cleaning */
	uint64_t clean_bytes;
	int64_t clean_moving_ns;
	uint64_t power_cycles;
	struct volume_wear wear; /* of the loaded volume */
	/* of each partition of the volume: usage.c */
	struct volume_usage usage; /* of the volume */
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

/* alert.c */

/* Sets the TapeAlert flag of a volume that is worn, or nearly worn. */
void scsi_set_life_alert(struct scsi *unit, enum media_wear wear);

/*
 * Returns whether TapeAlert flags must be reported in this way now.  They then
 * count as reported.
 */
bool scsi_take_exception(struct scsi *unit, enum scsi_mrie mrie);

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

/* unit.c */

/* Returns when a command that uses the medium begins. */
int64_t scsi_begin_ns(const struct scsi *unit, int64_t now_ns);

/*
 * The drive unloads its medium, which it has.  Afterwards `ejected` is the
 * volume, or NULL if the drive has kept it.
 */
void scsi_unload(struct scsi *unit, int64_t now_ns, struct drive_result *a);

/*
 * Begins a command that needs a medium.  Returns false if the result is a unit
 * attention, or if the medium cannot be used.
 */
bool scsi_begin_with_medium(struct scsi *unit, int64_t now_ns,
    struct scsi_result *result);

/* counts.c */

/* Gets the counters as they are. */
void scsi_get_counts(struct scsi *unit, int64_t now_ns,
    struct scsi_counts *counts);

/* Gets by how much the counters have grown. */
void scsi_get_counts_since(struct scsi *unit, const struct scsi_counts *from,
    int64_t now_ns, struct scsi_counts *counts);

struct scsi_capacity {
	struct drive_capacity medium;
	struct volume_position end; /* EOD */
};

/* Returns how long the drive had its medium in motion. */
int64_t scsi_moving_ns(const struct drive_motion_counts *motion);

/* Counts a cleaning. */
void scsi_note_cleaning(struct scsi *unit, int64_t now_ns);

/*
 * Gets the capacity of a partition, which exists.  Returns false, and zeros, if
 * there is no medium, or it cannot be used or read.
 */
bool scsi_get_capacity(struct scsi *unit, unsigned partition,
    struct scsi_capacity *capacity);

/* Returns what data takes on the medium, if it compresses like the rest. */
uint64_t scsi_medium_bytes(const struct scsi_capacity *capacity,
    uint64_t bytes);

/* Returns whether the medium is write-protected, or is only read. */
bool scsi_is_protected(const struct scsi *unit);

/* log_drive.c */

void scsi_log_put(struct scsi_log *log, uint16_t code, enum scsi_log_kind kind,
    uint8_t bytes, uint64_t value);
void scsi_log_put_text(struct scsi_log *log, uint16_t code, uint8_t bytes,
    const char *text);

typedef void scsi_put_page(struct scsi *unit, int64_t now_ns,
    struct scsi_log *log);
scsi_put_page scsi_put_write_errors, scsi_put_read_errors, scsi_put_non_medium,
    scsi_put_device, scsi_put_status, scsi_put_statistics, scsi_put_compression,
    scsi_put_old_compression, scsi_put_performance;

/* log_volume.c */
scsi_put_page scsi_put_volume, scsi_put_usage, scsi_put_capacity;

#endif
