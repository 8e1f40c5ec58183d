/* serve.c: serves a library over iSCSI; see tapelab-serve(1). */
#include "sim/command/serve/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/named_file.h"
#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "sim/command/vtl/fault_text.h"
#include "splitter/base/signals.h"

enum { PING_SECONDS = 30 };

#define HOUR_NS INT64_C(3600000000000)

/* The logical units, and the suffixes of their own targets. */
struct units {
	struct iscsi_unit *list;
	char (*suffixes)[SUFFIX_BYTES];
	size_t count;
};

static bool make_units(const struct serve *serve, struct units *units)
{
	size_t i;

	units->count = serve_device_count(serve);
	units->list = calloc(units->count, sizeof *units->list);
	units->suffixes = calloc(units->count, sizeof *units->suffixes);
	if (units->list == NULL || units->suffixes == NULL) {
		fputs("tapelab: out of memory\n", stderr);
		return false;
	}
	for (i = 0; i < units->count; i++) {
		units->list[i].device = serve_get_device(serve, i).device;
		if (i == 0)
			continue;
		serve_target_suffix(i - 1, units->suffixes[i]);
		units->list[i].suffix = units->suffixes[i];
	}
	return true;
}

static void free_units(struct units *units)
{
	free(units->list);
	free(units->suffixes);
}

/* Tells how to attach the library, and waits for a signal. */
static int run(const struct arguments *a, const struct place *place,
    const struct serve *serve, const struct iscsi_server *server)
{
	struct attachment attachment = { .serve = serve,
		.folder = a->folder,
		.name = place->name,
		.portal = *iscsi_server_portal(server),
		.needs_chap = a->chap != NULL };
	struct file_lock *held = NULL;
	int status;

	if (place->advertise.host[0] != '\0')
		strcpy(attachment.portal.host, place->advertise.host);
	if (place->advertise.port != 0)
		attachment.portal.port = place->advertise.port;
	serve_print_attachment(&attachment);
	status = a->ready != NULL
	    ? serve_write_ready(a->ready, &attachment, &held)
	    : CMD_OK;
	while (status == CMD_OK && signals_sleep(HOUR_NS))
		;
	/* From now on no initiator can attach. */
	serve_end_ready(a->ready, held);
	return status;
}

static bool stop(void *arg, int64_t wait_ns, size_t *device)
{
	return iscsi_server_stop_tasks(arg, wait_ns, device);
}

/* The server ends: commands may still be executed, so nothing is copied. */
static bool stop_never(void *arg, int64_t wait_ns, size_t *device)
{
	(void)arg;
	(void)wait_ns;
	*device = 0;
	return false;
}

static void go_on_never(void *arg)
{
	(void)arg;
}

static void go_on(void *arg)
{
	iscsi_server_continue_tasks(arg);
}

static int serve_over_iscsi(const struct arguments *a,
    const struct place *place, struct serve *serve)
{
	char message[ISCSI_SERVER_MESSAGE_BYTES];
	struct units units = { .count = 0 };
	struct iscsi_server_config config = {
		.listen = place->listen,
		.advertise = place->advertise,
		.name = place->name,
		.clocks = serve_clocks(serve),
		.access = place->access,
		.event = serve_log_event,
		.arg = serve,
		.ping_seconds = PING_SECONDS,
		.no_login_attention = a->no_login_attention,
	};
	struct iscsi_server *server = NULL;
	int status = CMD_USAGE;

	if (make_units(serve, &units)) {
		config.units = units.list;
		config.unit_count = units.count;
		server = iscsi_server_start(&config, message);
		if (server == NULL)
			fprintf(stderr, "tapelab: %s\n", message);
	}
	if (server != NULL) {
		serve_set_transport(serve,
		    &(struct serve_transport){ stop, go_on, server });
		status = run(a, place, serve, server);
		serve_set_transport(serve,
		    &(struct serve_transport){ stop_never, go_on_never, NULL });
	}
	iscsi_server_stop(server);
	serve_set_transport(serve, NULL);
	free_units(&units);
	return status;
}

static void print_fault(const struct serve_fault *f)
{
	switch (f->kind) {
	case SERVE_FAULT_OF_ROBOT:
		vtl_print_robot_fault(&f->robot, stderr);
		break;
	case SERVE_FAULT_OF_DRIVE:
		vtl_print_drive_fault(&f->drive, stderr);
		break;
	case SERVE_FAULT_OF_VOLUME:
		vtl_print_volume_fault(&f->volume, stderr);
		break;
	}
}

/* Checks that each fault has struck. */
static int check_faults(struct serve *serve)
{
	struct serve_fault *faults;
	size_t count, i;

	if (!serve_list_unstruck(serve, &faults, &count)) {
		fputs("tapelab: --strict: the faults of the library could not "
		      "be read\n",
		    stderr);
		return CMD_FAILED;
	}
	if (count > 0)
		fprintf(stderr,
		    "tapelab: --strict: %zu fault%s never struck:\n", count,
		    count == 1 ? "" : "s");
	for (i = 0; i < count; i++)
		print_fault(&faults[i]);
	free(faults);
	return count == 0 ? CMD_OK : CMD_FAILED;
}

static int serve_library(const struct arguments *a, const struct place *place,
    FILE *trace)
{
	const struct serve_options options = {
		.clock = a->pace_permille > 0 ? &pace_real_clock : NULL,
		.speed_permille = a->pace_permille,
		.durable = !a->no_sync,
		.trace = trace,
		.warn = serve_log_warning,
		.strict = a->strict,
	};
	char message[SERVE_MESSAGE_BYTES];
	struct serve *serve = serve_open(a->folder, &options, message);
	int status, faults = CMD_OK;

	if (serve == NULL) {
		fprintf(stderr, "tapelab: %s\n", message);
		return CMD_USAGE;
	}
	status = serve_check_allowed(place, serve_device_count(serve));
	if (status == CMD_OK)
		status = serve_over_iscsi(a, place, serve);
	if (status == CMD_OK && a->strict)
		faults = check_faults(serve);
	if (!serve_close(serve) && status == CMD_OK)
		status = CMD_FAILED;
	return status != CMD_OK ? status : faults;
}

/* Opens the trace, and serves. */
static int serve_with_trace(const struct arguments *a,
    const struct place *place)
{
	FILE *trace = NULL;
	char err[256];
	int status;

	if (a->trace != NULL) {
		trace = named_file_open(a->trace, err, sizeof err);
		if (trace == NULL) {
			fprintf(stderr,
			    "tapelab: --trace: cannot write %s: "
			    "%s\n",
			    a->trace, err);
			return CMD_USAGE;
		}
		named_file_empty(trace);
		setvbuf(trace, NULL, _IOLBF, 0);
	}
	status = serve_library(a, place, trace);
	if (trace != NULL && (ferror(trace) | fclose(trace)) != 0) {
		fprintf(stderr,
		    "tapelab: --trace: %s lacks commands, because a write to "
		    "it failed: make room on its disk\n",
		    a->trace);
		status = status == CMD_OK ? CMD_FAILED : status;
	}
	return status;
}

int cmd_serve(int argc, char **argv)
{
	struct arguments a = { .folder = NULL };
	struct place place = { .access = NULL };
	int status;

	if (!cmd_begin(&serve_argp, argc, argv, &a)) {
		status = CMD_USAGE;
	} else if (a.check_initiator) {
		status = serve_check_initiator();
		print_unwritten(CMD_FAILED);
	} else {
		/* First, so that a start that fails leaves none. */
		status =
		    a.ready != NULL ? serve_remove_old_ready(a.ready) : CMD_OK;
		if (status == CMD_OK)
			status = serve_find_place(&a, &place);
		if (status == CMD_OK)
			status = serve_with_trace(&a, &place);
		serve_free_place(&place);
	}
	free(a.allow);
	return status;
}
