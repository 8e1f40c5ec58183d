/*
 * drive_rig.h: a server with drives that write 100 bytes a second of their
 * model, with an empty volume each, on the loopback interface.
 *
 * The base target has drive N at LUN N; each drive is also LUN 0 of a target of
 * its own, with the suffix driveN.
 */
#ifndef VTL_ISCSI_DRIVE_RIG_H
#define VTL_ISCSI_DRIVE_RIG_H

#include "vtl/iscsi/target/server.h"
#include "vtl/scsi/scsi.h"

#define RIG_NAME "iqn.2026-11.tapelab:rig"

enum { RIG_DRIVES = 2, RIG_EVENTS_BYTES = 8192 };

struct drive_rig {
	struct scsi *scsi[RIG_DRIVES];
	struct iscsi_unit units[RIG_DRIVES];
	struct unit_clocks *clocks;
	struct iscsi_access *access;
	struct iscsi_server_config config;
	struct iscsi_server *server;
	char address[ISCSI_PORTAL_BYTES];
	char events[RIG_EVENTS_BYTES]; /* a line each, of those told */
};

/*
 * Starts the server; its volumes are in the scratch folder.  `clock`: as
 * unit_clocks_create() has it.  A test may add access rules in between.
 */
void drive_rig_prepare(struct drive_rig *rig, const struct pace_clock *clock);
void drive_rig_start(struct drive_rig *rig);
void drive_rig_stop(struct drive_rig *rig);

#endif
