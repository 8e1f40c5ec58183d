/*
 * scsi_impl.h: what the files of the unit share.
 *
 *     scsi_unit.c     the unit: medium, readiness, unit attentions
 *     scsi_inquiry.c  what it is
 *     scsi_mode.c     modes and limits
 *     scsi_write.c    blocks, filemarks, erasing
 *     scsi_read.c     reading
 *     scsi_move.c     space, locate, position
 *     scsi_log.c      TapeAlert and counters
 *     scsi_sense.c    sense data as bytes
 */
#ifndef VTL_SCSI_IMPL_H
#define VTL_SCSI_IMPL_H

#include "vtl/scsi/scsi.h"

/* In the order in which they are told. */
enum scsi_attention {
	SCSI_POWER_ON = 1,
	SCSI_MEDIUM_CHANGED = 2,
	SCSI_MODE_CHANGED = 4
};

enum scsi_doing { SCSI_WRITING, SCSI_READING, SCSI_OTHER };

struct scsi_counters {
	uint64_t bytes, blocks, corrected, uncorrected;
};

struct scsi {
	struct drive *drive;
	char serial[32 + 1];
	unsigned initiator;                   /* whose commands these are */
	unsigned attentions[SCSI_INITIATORS]; /* of enum scsi_attention */
	struct volume *ejected;               /* unloaded, not taken out */
	int64_t ready_ns;
	uint32_t prevented;               /* a bit for each initiator */
	struct scsi_mode mode;            /* but density and protection */
	struct drive_options options;     /* of the drive, as it was made */
	uint64_t alerts;                  /* flag n is bit n - 1 */
	struct scsi_counters counters[2]; /* writing, reading */
	uint64_t loads, cleanings;
	uint64_t volume_loads; /* of this volume, ever */
};

extern const struct sense scsi_bad_field; /* in a command, 24/00 */

void scsi_answer_init(struct scsi_answer *answer, int64_t now_ns);

void scsi_fail(struct scsi_answer *answer, const struct sense *sense);

/* Begins an answer; false if a unit attention, or the medium, is the answer. */
bool scsi_ready(struct scsi *unit, int64_t now_ns, struct scsi_answer *answer);

/*
 * Begins the answer to a command that needs no medium; false if a unit
 * attention is the answer.
 */
bool scsi_begin(struct scsi *unit, int64_t now_ns, struct scsi_answer *answer);

/* Has all initiators but this one told of it, once each. */
void scsi_raise(struct scsi *unit, enum scsi_attention attention);

/* Takes over the answer of the drive, and counts what it says. */
void scsi_take(struct scsi *unit, enum scsi_doing doing,
    const struct drive_answer *from, struct scsi_answer *answer);

/*
 * Says what was not done, where SSC has sense data tell it: not of a good
 * answer, nor of a command that was refused.
 */
void scsi_inform(struct scsi_answer *answer, int64_t information);

/* scsi_mode.c */

/* Sets the modes to what the drive was made with. */
void scsi_mode_default(struct scsi *unit);

/* scsi_log.c */

/* A volume was loaded more often than it should be. */
void scsi_alert_life(struct scsi *unit);

/* Sets the flags that belong to an error. */
void scsi_alert(struct scsi *unit, enum scsi_doing doing,
    const struct sense *sense);

#endif
