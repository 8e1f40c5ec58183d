/*
 * nexus.h: what a logical unit keeps for each I_T nexus (SAM-5): pending unit
 * attentions, and whether the nexus prevents the removal of the medium.
 *
 * A nexus is a number, given by the transport.
 *
 * Invariants:
 *
 *  1. A unit attention is reported once to each nexus for which it was
 *     established, and those of one nexus in the order of enum scsi_attention.
 *  2. Power on and the resets remove the unit attentions that were pending.
 *  3. Any thread may use this at any time, also while another one executes a
 *     command of the unit: a nexus begins and ends, and gets unit attentions,
 *     without a wait for the drive.
 */
#ifndef VTL_SCSI_NEXUS_H
#define VTL_SCSI_NEXUS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "vtl/base/sense.h"

enum { SCSI_NEXUSES = 64 };

/* Unit attentions, in the order in which they are reported. */
enum scsi_attention {
	SCSI_POWER_ON,                /* 29/00 */
	SCSI_UNIT_RESET,              /* 29/03 */
	SCSI_NEXUS_LOSS,              /* 29/07 */
	SCSI_LUNS_CHANGED,            /* 3F/0E */
	SCSI_MEDIUM_CHANGED,          /* 28/00 */
	SCSI_IE_ACCESSED,             /* 28/01 */
	SCSI_MODE_CHANGED,            /* 2A/01 */
	SCSI_LOG_CHANGED,             /* 2A/02 */
	SCSI_RESERVATIONS_PREEMPTED,  /* 2A/03 */
	SCSI_RESERVATIONS_RELEASED,   /* 2A/04 */
	SCSI_REGISTRATIONS_PREEMPTED, /* 2A/05 */
	SCSI_TIMESTAMP_CHANGED,       /* 2A/10 */
	SCSI_COMMANDS_CLEARED,        /* 2F/00 */
	SCSI_ATTENTIONS
};

enum { SCSI_EVERY_NEXUS = SCSI_NEXUSES }; /* no nexus is left out */

struct scsi_nexuses {
	/* bit N: enum scsi_attention N */
	_Atomic uint32_t pending[SCSI_NEXUSES];
	_Atomic uint64_t prevented; /* bit N: nexus N prevents removal */
};

/* Establishes power on for all, and allows removal. */
void scsi_nexuses_init(struct scsi_nexuses *nexuses);

/* Establishes a unit attention for one nexus. */
void scsi_attention_set(struct scsi_nexuses *nexuses, unsigned nexus,
    enum scsi_attention attention);

/* The same for all nexuses but `except`, which may be SCSI_EVERY_NEXUS. */
void scsi_attention_establish(struct scsi_nexuses *nexuses,
    enum scsi_attention attention, unsigned except);

/*
 * Removes the pending unit attention of the nexus that is reported first, and
 * returns its sense data; NULL if none is pending.
 */
const struct sense *scsi_attention_take(struct scsi_nexuses *nexuses,
    unsigned nexus);

#endif
