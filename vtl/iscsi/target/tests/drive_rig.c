/* drive_rig.c: see drive_rig.h. */
#include "vtl/iscsi/target/tests/drive_rig.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "vtl/scsi/ssc/ssc.h"
#include "vtl/tests/drive_fixture.h"

static void on_event(void *arg, const struct iscsi_event *event)
{
	static const char *const names[] = { "login", "logout", "drop",
		"refused", "tasks" };
	struct drive_rig *rig = arg;
	size_t at = strlen(rig->events);

	snprintf(rig->events + at, sizeof rig->events - at, "%s %s %s: %s\n",
	    names[event->kind], event->initiator, event->target, event->reason);
}

/* That of drive_fixture.h, with larger blocks: it writes 100 bytes a second. */
static const struct model *rig_model(void)
{
	static struct model model;

	model = fixture_model;
	model.block_max_bytes = 8 * 1024 * 1024;
	return &model;
}

static void make_drive(struct drive_rig *rig, size_t i)
{
	static const char *const names[] = { "v0", "v1" };
	static const char *const suffixes[] = { "drive0", "drive1" };
	const struct drive_options options = { .buffering = DRIVE_UNBUFFERED };
	const struct device_identity identity = { .type = 1,
		.vendor = "TAPELAB",
		.product = "RIG",
		.revision = "1",
		.serial = "TL00000001" };
	const struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_RAW);
	struct drive *drive = drive_new(rig_model());
	int64_t ready_ns;

	drive_set_options(drive, &options);
	rig->scsi[i] = scsi_new(drive, "TL00000001");
	rig->units[i].device = ssc_device_new(rig->scsi[i], &identity);
	rig->units[i].suffix = suffixes[i];
	scsi_insert(rig->scsi[i], scratch_volume(names[i], &spec), 0,
	    &ready_ns);
}

void drive_rig_prepare(struct drive_rig *rig, const struct pace_clock *clock)
{
	memset(rig, 0, sizeof *rig);
	for (size_t i = 0; i < RIG_DRIVES; i++)
		make_drive(rig, i);
	rig->clocks = unit_clocks_create(RIG_DRIVES, clock, PACE_REAL_TIME);
	rig->access = iscsi_access_create();
	rig->config = (struct iscsi_server_config){
		.listen = { .host = "127.0.0.1" },
		.name = RIG_NAME,
		.units = rig->units,
		.unit_count = RIG_DRIVES,
		.clocks = rig->clocks,
		.access = rig->access,
		.ends_at_once = true,
		.event = on_event,
		.arg = rig,
	};
}

void drive_rig_start(struct drive_rig *rig)
{
	char message[ISCSI_SERVER_MESSAGE_BYTES];

	rig->server = iscsi_server_start(&rig->config, message);
	ck_assert_msg(rig->server != NULL, "%s", message);
	ck_assert_str_eq(message, "");
	iscsi_portal_write(iscsi_server_portal(rig->server), rig->address);
}

void drive_rig_stop(struct drive_rig *rig)
{
	iscsi_server_stop(rig->server);
	for (size_t i = 0; i < RIG_DRIVES; i++) {
		struct volume *volume = scsi_remove(rig->scsi[i]);

		if (volume == NULL)
			volume = drive_remove_volume(scsi_drive(rig->scsi[i]));
		scratch_close(volume);
		device_free(rig->units[i].device);
		scsi_free(rig->scsi[i]);
	}
	iscsi_access_free(rig->access);
	unit_clocks_free(rig->clocks);
}
