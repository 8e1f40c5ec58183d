/*
 * impl.h: what the files of the unit share.  Each file calls only files that are
 * listed above it, and sense.c.
 *
 *     status.c         the status of a command, and unit attentions
 *     mode_settings.c  the modes that are set, and their defaults
 *     log.c            TapeAlert flags, counters, LOG SENSE
 *     drive_result.c   what the unit makes of the result of the drive
 *     unit.c           the unit: medium, readiness, load, unload, reset
 *     inquiry.c        INQUIRY
 *     mode.c           MODE SENSE, MODE SELECT, READ BLOCK LIMITS
 *     write.c          WRITE, WRITE FILEMARKS, ERASE
 *     read.c           READ
 *     move.c           SPACE, LOCATE, REWIND, READ POSITION
 *     sense.c          sense data as bytes
 */
#ifndef VTL_SCSI_IMPL_H
#define VTL_SCSI_IMPL_H

#include "vtl/scsi/scsi.h"

/* In the order in which they are reported. */
enum scsi_attention {
	SCSI_POWER_ON = 1,
	SCSI_MEDIUM_CHANGED = 2,
	SCSI_MODE_CHANGED = 4
};

enum scsi_operation { SCSI_WRITING, SCSI_READING, SCSI_OTHER };

struct scsi_counters {
	uint64_t bytes, blocks, corrected, uncorrected;
};

struct scsi {
	struct drive *drive;
	char serial[32 + 1];
	unsigned initiator;                   /* of the current command */
	unsigned attentions[SCSI_INITIATORS]; /* of enum scsi_attention */
	struct volume *ejected;               /* unloaded, not removed */
	int64_t ready_ns;
	uint32_t prevented;               /* a bit for each initiator */
	struct scsi_mode mode;            /* except density, protected */
	struct drive_options options;     /* the drive was made with */
	uint64_t alerts;                  /* flag n is bit n - 1 */
	struct scsi_counters counters[2]; /* writing, reading */
	uint64_t loads, cleanings;
	uint64_t volume_loads; /* of this volume, ever */
};

/* status.c */

extern const struct sense scsi_bad_field; /* in a command, 24/00 */

/* Good status, complete at `now_ns`. */
void scsi_result_init(struct scsi_result *result, int64_t now_ns);

/* CHECK CONDITION with this sense data, and without information. */
void scsi_fail(struct scsi_result *result, const struct sense *sense);

/*
 * Sets the INFORMATION field of the sense data where SSC wants it: not in a good
 * result, and not in that of a refused command.
 */
void scsi_set_information(struct scsi_result *result, int64_t information);

/* Establishes a unit attention for all initiators except the current one. */
void scsi_establish_attention(struct scsi *unit, enum scsi_attention attention);

/*
 * Begins a command that needs no medium, and its result.  Returns false if the
 * result is a unit attention: then the command must do nothing.
 */
bool scsi_begin(struct scsi *unit, int64_t now_ns, struct scsi_result *result);

/* mode_settings.c */

/* Applies the mode settings of the unit to the drive. */
void scsi_mode_apply(struct scsi *unit);

/* Sets the modes to those that the drive was made with, and applies them. */
void scsi_mode_default(struct scsi *unit);

/* log.c */

/* Sets the TapeAlert flag of a volume that was loaded too often. */
void scsi_set_life_alert(struct scsi *unit);

/* Sets the TapeAlert flags of an error, and counts it. */
void scsi_set_alerts(struct scsi *unit, enum scsi_operation doing,
    const struct sense *sense);

/* drive_result.c */

/* Whether the drive answered that it was reset during the command. */
bool scsi_is_reset(const struct drive_result *result);

/*
 * What a reset does to the settings of hosts: modes become the default, and
 * removal is allowed.  The other initiators get a unit attention.
 */
void scsi_unit_reset(struct scsi *unit);

/* Takes over the result of the drive; counts bytes and errors in the logs. */
void scsi_take_result(struct scsi *unit, enum scsi_operation doing,
    const struct drive_result *from, struct scsi_result *result);

/* unit.c */

/* Begins an result; false if a unit attention, or the medium, is the result. */
bool scsi_begin_with_medium(struct scsi *unit, int64_t now_ns,
    struct scsi_result *result);

#endif
