/* open.c: see open.h. */
#include "sim/accept/open.h"

#include <stdio.h>
#include <stdlib.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/node/node.h"
#include "splitter/sg/sg.h"
#include "splitter/tool/hang_watch.h"

struct accept_opened {
	struct accept_open_config config;
	struct scsi_names names;
	struct scsi_hold_options hold;
	struct scsi_node_options node;
	struct sg_access access;
	struct real_options options;
	struct tape_library *library;
	struct hang_watch *watch; /* of the library */
	struct accept_device *device;
	uint32_t largest_bytes;
};

static struct scsi_port *open_port(void *arg, uint32_t *largest_bytes,
    char *err, size_t err_bytes)
{
	struct accept_opened *o = arg;
	struct scsi_port *port = scsi_node_open_device(o->config.device,
	    &o->names, &o->node, err, err_bytes);

	if (port != NULL)
		*largest_bytes = o->largest_bytes =
		    scsi_node_largest_bytes(port);
	return port;
}

static void close_port(void *arg, struct scsi_port *port)
{
	(void)arg;
	port->ops->close(port);
}

static struct scsi_unit *get_unit(void *arg, char *err, size_t err_bytes)
{
	struct accept_opened *o = arg;
	struct scsi_unit *unit = sg_library_unit(o->library);

	if (unit != NULL)
		return unit;
	return sg_library_probe(o->library, 0, err, err_bytes) == 0
	    ? sg_library_unit(o->library)
	    : NULL;
}

/* Finds the sg node of the drive. */
static int find_names(struct accept_opened *o, char *err, size_t err_bytes)
{
	if (scsi_find_drive(o->config.device, NULL, &o->names, err,
		err_bytes) != 0)
		return -1;
	if (o->names.sg[0] != '\0')
		return 0;
	sentence(err, err_bytes,
	    "%s: " SCSI_NO_SG_NODE
	    "; without it there are no reservation, no attributes of the "
	    "cartridge and no counters, so nothing can be measured",
	    o->config.device);
	return -1;
}

static void configure(struct accept_opened *o)
{
	const struct accept_open_config *c = &o->config;

	o->node = (struct scsi_node_options){ .sleep = c->sleep,
		.sleep_arg = c->arg };
	o->hold = (struct scsi_hold_options){ .names = &o->names,
		.started_s = c->started_s,
		.notice = c->notice,
		.notice_arg = c->arg };
	o->access = (struct sg_access){ .open = open_port,
		.close = close_port,
		.arg = o,
		.hold = &o->hold };
	o->options = (struct real_options){ .eject = c->eject,
		.load_wait_ns = INT64_MAX, /* as long as it may take */
		.sleep = c->sleep,
		.sleep_arg = c->arg,
		.barcode = c->barcode[0] != '\0' ? c->barcode : NULL,
		.barcode_claimed = c->element == NULL,
		.change = c->change,
		.change_arg = c->arg,
		.notice = c->notice,
		.notice_arg = c->arg };
}

struct accept_opened *accept_open(const struct accept_open_config *config,
    char *err, size_t err_bytes)
{
	struct accept_opened *o = calloc(1, sizeof *o);
	struct accept_scsi_config drive = {
		.unit = get_unit, .arg = o, .element = config->element
	};

	if (o == NULL) {
		sentence(err, err_bytes, "out of memory");
		return NULL;
	}
	o->config = *config;
	if (find_names(o, err, err_bytes) != 0) {
		free(o);
		return NULL;
	}
	configure(o);
	o->library = sg_library_new(config->device, &o->options, &o->access);
	if (o->library != NULL)
		o->watch = hang_watch_begin(sg_library_waiting_ns, o->library,
		    config->device);
	if (o->library == NULL) {
		sentence(err, err_bytes, "out of memory");
	} else if (sg_library_probe(o->library, 0, err, err_bytes) == 0) {
		drive.library = o->library;
		drive.names = &o->names;
		drive.largest_bytes = o->largest_bytes;
		o->device = accept_scsi_new(&drive);
		if (o->device != NULL)
			return o;
		sentence(err, err_bytes, "out of memory");
	}
	accept_close(o);
	return NULL;
}

struct accept_device *accept_opened_device(struct accept_opened *o)
{
	return o->device;
}

void accept_opened_name(struct accept_opened *o, char name[TAPE_BARCODE_BYTES])
{
	char err[TAPE_MESSAGE_BYTES];
	struct scsi_unit *unit = get_unit(o, err, sizeof err);
	struct scsi_medium medium;

	name[0] = '\0';
	if (unit == NULL)
		return;
	scsi_medium_read(unit, &medium);
	snprintf(name, TAPE_BARCODE_BYTES, "%s",
	    medium.mam.barcode[0] != '\0' ? medium.mam.barcode
					  : medium.mam.serial);
}

struct tape_library *accept_opened_library(struct accept_opened *o)
{
	return o->library;
}

struct scsi_unit *accept_opened_unit(struct accept_opened *o, char *err,
    size_t err_bytes)
{
	return get_unit(o, err, err_bytes);
}

const struct scsi_names *accept_opened_names(const struct accept_opened *o)
{
	return &o->names;
}

uint32_t accept_opened_largest_bytes(const struct accept_opened *o)
{
	return o->largest_bytes;
}

bool accept_opened_can_hold(struct accept_opened *o)
{
	return sg_library_can_hold(o->library);
}

void accept_opened_unload(struct accept_opened *o, int64_t now_ns,
    struct tape_result *result)
{
	sg_library_unload_held(o->library, now_ns, result);
}

void accept_opened_load(struct accept_opened *o, int64_t now_ns,
    struct tape_result *result)
{
	sg_library_load_held(o->library, now_ns, result);
}

void accept_close(struct accept_opened *o)
{
	if (o == NULL)
		return;
	hang_watch_end(o->watch);
	accept_scsi_free(o->device);
	sg_library_free(o->library);
	free(o);
}
