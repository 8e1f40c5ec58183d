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

int splitter_release(const struct splitter_release_config *config, char *err,
    size_t err_bytes)
{
	struct splitter_release_config c = defaults;
	struct scsi_node_options node;
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
	if (scsi_find_drive(c.device, NULL, &names, err, err_bytes) != 0)
		return -1;
	node =
	    (struct scsi_node_options){ .sleep = c.sleep, .sleep_arg = c.arg };
	port = scsi_node_open_device(c.device, &names, &node, err, err_bytes);
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
