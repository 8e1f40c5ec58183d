/* st.c: a tape drive of Linux, for those who embed. */
#include "splitter/api/st.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "splitter/api/device_choice.h"
#include "splitter/api/st_unit.h"
#include "splitter/api/struct.h"
#include "splitter/base/sentence.h"
#include "splitter/real/command.h"
#include "splitter/scsi/node/node.h"
#include "splitter/sg/sg.h"
#include "splitter/st/st.h"

/* The public library passes all calls to the internal one. */
struct st_drive {
	struct tape_library library; /* first: cast to this */
	struct tape_library *inner;
	struct splitter_st_config config;
	struct device_choice choice;
	struct scsi_hold_options hold; /* SG */
};

static const struct splitter_st_config defaults = {
	.load_wait_ns = INT64_MAX, /* as long as the drive may take */
	.refused_max = 3,
};

void splitter_st_config_init(struct splitter_st_config *config,
    size_t config_bytes, unsigned api)
{
	struct_init(config, config_bytes, api, &defaults, sizeof defaults);
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct tape_library *inner = ((struct st_drive *)library)->inner;

	return inner->ops->load(inner, now_ns, result);
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	return tape_load_named(((struct st_drive *)library)->inner, barcode,
	    now_ns, result);
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct tape_library *inner = ((struct st_drive *)library)->inner;

	inner->ops->unload(inner, tape, why, now_ns, result);
}

static const struct tape_library_ops drive_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

static int change(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	const struct splitter_st_config *c = arg;
	const struct splitter_st_wanted public = { .device = wanted->device,
		.barcode = wanted->barcode,
		.last = wanted->last,
		.empty = wanted->empty };
	int rc = c->change(c->arg, &public, barcode, err, err_bytes);

	barcode[TAPE_BARCODE_BYTES - 1] = '\0';
	return rc;
}

/* Opens the sg node, for the back end that sends commands. */
static struct scsi_port *open_port(void *arg, uint32_t *largest_bytes,
    char *err, size_t err_bytes)
{
	struct st_drive *drive = arg;
	const struct scsi_node_options options = {
		.sleep = drive->config.sleep,
		.sleep_arg = drive->config.arg,
	};
	struct scsi_port *port;

	port = scsi_node_open_device(drive->config.device, &drive->choice.names,
	    &options, err, err_bytes);
	if (port != NULL)
		*largest_bytes = scsi_node_largest_bytes(port);
	return port;
}

static void close_port(void *arg, struct scsi_port *port)
{
	(void)arg;
	port->ops->close(port);
}

static struct tape_library *make_inner(struct st_drive *drive)
{
	const struct splitter_st_config *c = &drive->config;
	const struct real_options options = {
		.fixed_bytes = c->fixed_block_bytes,
		.compression = c->compression,
		.eject = c->eject,
		.reading = c->reading,
		.load_wait_ns = c->load_wait_ns,
		.sleep = c->sleep,
		.sleep_arg = c->arg,
		.barcode = c->barcode,
		.barcode_claimed = c->barcode_claimed,
		.change = c->change != NULL ? change : NULL,
		.change_arg = &drive->config,
		.refused_max = c->refused_max,
		.notice = c->notice,
		.notice_arg = c->arg,
	};
	const struct sg_access access = {
		.open = open_port,
		.close = close_port,
		.arg = drive,
		.hold = &drive->hold,
	};

	if (drive->choice.backend == SPLITTER_BACKEND_ST)
		return st_library_new(drive->choice.st, &options, NULL);
	drive->hold = (struct scsi_hold_options){
		.names = &drive->choice.names,
		.started_s = (int64_t)time(NULL),
		.notice = c->notice,
		.notice_arg = c->arg,
	};
	return sg_library_new(c->device, &options, &access);
}

struct tape_library *splitter_st_new(const struct splitter_st_config *config,
    char *err, size_t err_bytes)
{
	struct splitter_st_config c = defaults;
	struct st_drive *drive;

	if (struct_read(config, &c, sizeof c, err, err_bytes) != 0)
		return NULL;
	if (c.device == NULL ||
	    (unsigned)c.compression > SPLITTER_ST_COMPRESSION_OFF ||
	    (unsigned)c.backend > SPLITTER_BACKEND_ANY || c.load_wait_ns < 0) {
		snprintf(err, err_bytes,
		    "the configuration of the tape drive is impossible: name a "
		    "device, and set the rest with splitter_st_config_init");
		return NULL;
	}
	drive = calloc(1, sizeof *drive);
	if (drive != NULL) {
		drive->library.ops = &drive_ops;
		drive->config = c;
		if (device_choose(c.device, c.backend, NULL, &drive->choice,
			err, err_bytes) != 0) {
			free(drive);
			return NULL;
		}
		drive->inner = make_inner(drive);
		if (drive->inner != NULL)
			return &drive->library;
	}
	free(drive);
	snprintf(err, err_bytes, "out of memory");
	return NULL;
}

static bool by_commands(const struct tape_library *library)
{
	return ((const struct st_drive *)library)->choice.backend ==
	    SPLITTER_BACKEND_SG;
}

enum splitter_backend splitter_st_backend(const struct tape_library *library,
    char *why, size_t why_bytes)
{
	const struct st_drive *drive = (const struct st_drive *)library;

	snprintf(why, why_bytes, "%s", drive->choice.why);
	return drive->choice.backend;
}

void splitter_st_free(struct tape_library *library)
{
	struct st_drive *drive = (struct st_drive *)library;

	if (drive != NULL && by_commands(library))
		sg_library_free(drive->inner);
	else if (drive != NULL)
		st_library_free(drive->inner);
	free(drive);
}

int splitter_st_probe(struct tape_library *library, uint64_t block_bytes,
    char *err, size_t err_bytes)
{
	struct tape_library *inner = ((struct st_drive *)library)->inner;

	return by_commands(library)
	    ? sg_library_probe(inner, block_bytes, err, err_bytes)
	    : st_library_probe(inner, block_bytes, err, err_bytes);
}

int64_t splitter_st_waiting_ns(const struct tape_library *library,
    const char **doing)
{
	const struct tape_library *inner =
	    ((const struct st_drive *)library)->inner;

	return by_commands(library) ? sg_library_waiting_ns(inner, doing)
				    : st_library_waiting_ns(inner, doing);
}

struct scsi_unit *st_unit(struct tape_library *library)
{
	return by_commands(library)
	    ? sg_library_unit(((struct st_drive *)library)->inner)
	    : NULL;
}

int splitter_st_run_command(const char *command,
    const struct splitter_st_wanted *wanted, char barcode[TAPE_BARCODE_BYTES],
    char *err, size_t err_bytes)
{
	const struct real_wanted inner = { .device = wanted->device,
		.barcode = wanted->barcode,
		.last = wanted->last,
		.empty = wanted->empty };

	return real_change_by_command((void *)(uintptr_t)command, &inner,
	    barcode, err, err_bytes);
}
