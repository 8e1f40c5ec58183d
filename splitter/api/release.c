/* release.c: restores a drive that a killed run left, for those who embed. */
#include "splitter/api/release.h"

#include <stdio.h>
#include <string.h>

#include "splitter/api/struct.h"
#include "splitter/base/sentence.h"
#include "splitter/scsi/hold/hold.h"

static const struct splitter_release_config defaults = {
	.wait_ns = INT64_C(120) * 1000000000,
};

void splitter_release_config_init(struct splitter_release_config *config,
    size_t config_bytes, unsigned api)
{
	struct_init(config, config_bytes, api, &defaults, sizeof defaults);
}

/* Opens the sg node of the drive.  The message names who has it open. */
static struct scsi_port *open_port(const struct splitter_release_config *c,
    const struct scsi_names *names, char *err, size_t err_bytes)
{
	const struct scsi_node_options options = { .sleep = c->sleep,
		.sleep_arg = c->arg };
	struct scsi_port *port;

	if (names->sg[0] == '\0') {
		sentence(err, err_bytes,
		    "%s: the device has no node of the sg driver: load that "
		    "driver with modprobe sg",
		    c->device);
		return NULL;
	}
	port = scsi_node_open(names->sg, &options, err, err_bytes);
	if (port == NULL)
		scsi_add_users(names, NULL, err, err_bytes);
	return port;
}

int splitter_release(const struct splitter_release_config *config, char *err,
    size_t err_bytes)
{
	struct splitter_release_config c = defaults;
	struct scsi_hold_options options;
	struct scsi_names names;
	struct scsi_port *port;
	struct scsi_unit unit;
	bool good;

	if (struct_read(config, &c, sizeof c, err, err_bytes) != 0)
		return -1;
	if (c.wait_ns <= 0) {
		sentence(err, err_bytes,
		    "the configuration is impossible: wait_ns must be more than "
		    "0");
		return -1;
	}
	if (c.device == NULL) {
		sentence(err, err_bytes,
		    "the configuration is impossible: name a device");
		return -1;
	}
	if (scsi_find_names(c.device, NULL, &names, err, err_bytes) != 0)
		return -1;
	if (names.given == SCSI_NODE_CHANGER || names.changer[0] != '\0') {
		sentence(err, err_bytes,
		    "%s: this is a changer, not a tape drive", c.device);
		return -1;
	}
	port = open_port(&c, &names, err, err_bytes);
	if (port == NULL)
		return -1;
	options = (struct scsi_hold_options){ .names = &names,
		.folder = c.state_folder,
		.ready_wait_ns = c.wait_ns,
		.notice = c.notice,
		.notice_arg = c.arg };
	scsi_unit_init(&unit, port);
	good = scsi_hold_recover(&unit, &options, err, err_bytes);
	port->ops->close(port);
	return good ? 0 : 1;
}
