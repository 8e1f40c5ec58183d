/* open.c: opens and closes a library that is served. */
#include "vtl/serve/impl.h"

#include <stdlib.h>
#include <string.h>

#include "vtl/changer/identity.h"
#include "vtl/scsi/pages/pages.h"
#include "vtl/scsi/ssc/ssc.h"

#define SECOND INT64_C(1000000000)

static const char program[] = "tapelab serve";

static bool no_memory(const char *folder, char *message)
{
	snprintf(message, SERVE_MESSAGE_BYTES,
	    "cannot serve library %s: out of memory", folder);
	return false;
}

static bool changer_failed(const struct changer *changer, char *message)
{
	memcpy(message, changer_message(changer), SERVE_MESSAGE_BYTES);
	return false;
}

static void replace(char *to, size_t bytes, const char *own)
{
	if (own[0] != '\0')
		snprintf(to, bytes, "%s", own);
}

/* Sets the identity of a unit: that of its model, and what the library has. */
static bool identify(struct serve *serve, struct serve_unit *unit,
    char *message)
{
	struct device_identity *id = &unit->identity;
	struct changer_identity own;

	if (changer_get_identity(serve->changer, unit->address, &own) !=
	    CHANGER_OK)
		return changer_failed(serve->changer, message);
	if (unit->model != NULL)
		pages_drive_identity(unit->model, id);
	else
		pages_changer_identity(NULL, id);
	replace(id->vendor, sizeof id->vendor, own.vendor);
	replace(id->product, sizeof id->product, own.product);
	replace(id->revision, sizeof id->revision, own.revision);
	snprintf(id->serial, sizeof id->serial, "%s", own.serial);
	id->naa = own.naa;
	if (unit->model == NULL)
		return true;
	snprintf(id->changer_serial, sizeof id->changer_serial, "%s",
	    serve->units[0].identity.serial);
	id->element_address = (uint16_t)unit->address;
	return true;
}

static void begin_unit(struct serve *serve, unsigned address,
    const struct model *model)
{
	struct serve_unit *unit = &serve->units[serve->unit_count];

	unit->serve = serve;
	unit->index = serve->unit_count++;
	unit->address = address;
	unit->model = model;
	serve_element_name(address, unit->name);
}

/* Makes the drive, its unit and its device. */
static bool make_drive(struct serve *serve, struct serve_unit *unit,
    char *message)
{
	const char *folder = changer_folder(serve->changer);

	unit->drive = drive_new(unit->model);
	if (unit->drive == NULL)
		return no_memory(folder, message);
	if (!unit_clocks_paced(serve->clocks))
		drive_take_no_time(unit->drive);
	unit->setup = (struct drive_setup){
		.changer = serve->settings,
		.lock = &serve->settings_lock,
		.drive = unit->drive,
		.model = unit->model,
		.number = (unsigned)unit->index - 1,
		.session = (uint64_t)changer_client_id(serve->changer),
		.instant = !unit_clocks_paced(serve->clocks),
		.warn = serve->options.warn,
		.warn_arg = serve->options.warn_arg,
		.struck = serve_fault_struck,
		.struck_arg = unit,
	};
	/* The unit takes its options from the drive. */
	if (drive_setup_begin(&unit->setup) != CHANGER_OK)
		return changer_failed(serve->settings, message);
	unit->scsi = scsi_new(unit->drive, unit->identity.serial);
	if (unit->scsi == NULL)
		return no_memory(folder, message);
	unit->drive = NULL;
	unit->device = ssc_device_new(unit->scsi, &unit->identity);
	if (unit->device == NULL)
		return no_memory(folder, message);
	device_set_watch(unit->device, serve_watch, unit);
	device_set_visitor(unit->device, serve_read_faults, unit);
	return true;
}

static bool make_changer(struct serve *serve, char *message)
{
	struct serve_unit *unit = &serve->units[0];
	const struct smc_options options = smc_options_of(&unit->identity);

	serve->smc = smc_new(&serve_library, serve, &options, &unit->identity);
	if (serve->smc == NULL)
		return no_memory(changer_folder(serve->changer), message);
	unit->device = smc_device(serve->smc);
	device_set_watch(unit->device, serve_watch, unit);
	if (!smc_count_elements(serve->smc))
		return changer_failed(serve->changer, message);
	return true;
}

static bool make_units(struct serve *serve,
    const struct changer_element *elements, size_t count, char *message)
{
	const struct changer_element *e;
	size_t i;

	begin_unit(serve, CHANGER_ROBOT_ADDRESS, NULL);
	for (e = elements; e < elements + count; e++)
		if (e->kind == CHANGER_KIND_DRIVE)
			begin_unit(serve, e->address, e->model);
	serve->clocks = unit_clocks_create(serve->unit_count,
	    serve->options.clock, serve->options.speed_permille);
	if (serve->clocks == NULL)
		return no_memory(changer_folder(serve->changer), message);
	for (i = 0; i < serve->unit_count; i++)
		if (!identify(serve, &serve->units[i], message) ||
		    (i > 0 && !make_drive(serve, &serve->units[i], message)))
			return false;
	return make_changer(serve, message);
}

/* Makes the units of the elements of the library. */
static bool list_units(struct serve *serve, char *message)
{
	struct changer_element *elements;
	size_t count;
	bool good;

	if (changer_list(serve->changer, &elements, &count) != CHANGER_OK)
		return changer_failed(serve->changer, message);
	serve->units = calloc(count + 1, sizeof *serve->units);
	good = serve->units != NULL
	    ? make_units(serve, elements, count, message)
	    : no_memory(changer_folder(serve->changer), message);
	free(elements);
	return good;
}

static bool start(struct serve *serve, const char *folder, char *message)
{
	serve->changer = changer_open(folder, program, false,
	    serve->options.durable, message);
	if (serve->changer == NULL)
		return false;
	if (changer_take_drives(serve->changer) != CHANGER_OK) {
		snprintf(message, SERVE_MESSAGE_BYTES,
		    "cannot serve library %s: %.300s", folder,
		    changer_message(serve->changer));
		return false;
	}
	serve->settings = changer_open(folder, program, false,
	    serve->options.durable, message);
	if (serve->settings == NULL)
		return false;
	serve->events = serve_events_create();
	if (serve->events == NULL)
		return no_memory(folder, message);
	if (!list_units(serve, message))
		return false;
	serve_read_again(serve);
	serve->control = serve_control_start(serve, message);
	return serve->control != NULL;
}

struct serve *serve_open(const char *folder,
    const struct serve_options *options, char message[SERVE_MESSAGE_BYTES])
{
	struct serve *serve = calloc(1, sizeof *serve);

	if (serve == NULL) {
		no_memory(folder, message);
		return NULL;
	}
	serve->options = *options;
	if (serve->options.patience_ns == 0)
		serve->options.patience_ns = SERVE_PATIENCE_NS;
	if (serve->options.look_ns == 0)
		serve->options.look_ns = SECOND;
	if (serve->options.exchange_wait_ns == 0)
		serve->options.exchange_wait_ns = SERVE_EXCHANGE_WAIT_NS;
	pthread_mutex_init(&serve->lock, NULL);
	pthread_mutex_init(&serve->settings_lock, NULL);
	pthread_mutex_init(&serve->names_lock, NULL);
	pthread_mutex_init(&serve->transport_lock, NULL);
	pthread_mutex_init(&serve->armed.lock, NULL);
	if (start(serve, folder, message))
		return serve;
	serve_close(serve);
	return NULL;
}

static bool end_unit(struct serve *serve, struct serve_unit *unit)
{
	bool good = true;

	if (unit->device != NULL && unit->scsi != NULL) {
		good = serve_flush(serve, unit);
		serve_pull_out(serve, unit);
	}
	if (unit->index > 0)
		device_free(unit->device);
	scsi_free(unit->scsi);
	drive_free(unit->drive);
	drive_setup_end(&unit->setup);
	return good;
}

bool serve_close(struct serve *serve)
{
	bool good = true;
	size_t i;

	if (serve == NULL)
		return true;
	serve_control_stop(serve->control);
	for (i = 1; i < serve->unit_count; i++)
		good &= end_unit(serve, &serve->units[i]);
	smc_free(serve->smc);
	free(serve->units);
	unit_clocks_free(serve->clocks);
	changer_close(serve->settings);
	changer_close(serve->changer);
	serve_events_free(serve->events);
	serve_armed_free(&serve->armed);
	pthread_mutex_destroy(&serve->lock);
	pthread_mutex_destroy(&serve->settings_lock);
	pthread_mutex_destroy(&serve->names_lock);
	pthread_mutex_destroy(&serve->transport_lock);
	free(serve);
	return good;
}

size_t serve_device_count(const struct serve *serve)
{
	return serve->unit_count;
}

struct serve_device serve_get_device(const struct serve *serve, size_t i)
{
	const struct serve_unit *unit = &serve->units[i];

	return (struct serve_device){ .device = unit->device,
		.address = unit->address,
		.identity = &unit->identity,
		.model = unit->model };
}

struct unit_clocks *serve_clocks(struct serve *serve)
{
	return serve->clocks;
}
