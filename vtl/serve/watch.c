/* watch.c: events and the trace of what initiators and the library do. */
#include "vtl/serve/impl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "splitter/base/hex.h"

void serve_element_name(unsigned address, char name[SERVE_ELEMENT_BYTES])
{
	if (address >= CHANGER_SLOT_ADDRESS)
		snprintf(name, SERVE_ELEMENT_BYTES, "slot:%u",
		    address - CHANGER_SLOT_ADDRESS + 1);
	else if (address >= CHANGER_DRIVE_ADDRESS)
		snprintf(name, SERVE_ELEMENT_BYTES, "drive:%u",
		    address - CHANGER_DRIVE_ADDRESS);
	else if (address >= CHANGER_IE_ADDRESS)
		snprintf(name, SERVE_ELEMENT_BYTES, "ie:%u",
		    address - CHANGER_IE_ADDRESS + 1);
	else
		snprintf(name, SERVE_ELEMENT_BYTES, "changer");
}

void serve_warn(struct serve *serve, const char *format, ...)
{
	char message[SERVE_MESSAGE_BYTES];
	va_list ap;

	va_start(ap, format);
	vsnprintf(message, sizeof message, format, ap);
	va_end(ap);
	if (serve->options.warn != NULL)
		serve->options.warn(serve->options.warn_arg, message);
	serve_events_publish(serve->events,
	    json_pack("{s:s, s:o}", "event", "warning", "message",
		serve_events_text(message)));
}

void serve_settings_message(struct serve *serve,
    char message[VOLUME_MESSAGE_BYTES])
{
	pthread_mutex_lock(&serve->settings_lock);
	snprintf(message, VOLUME_MESSAGE_BYTES, "%s",
	    changer_message(serve->settings));
	pthread_mutex_unlock(&serve->settings_lock);
}

void serve_initiator(struct serve *serve, unsigned nexus,
    char name[DEVICE_NAME_BYTES])
{
	name[0] = '\0';
	if (nexus >= DEVICE_NEXUSES)
		return;
	pthread_mutex_lock(&serve->names_lock);
	memcpy(name, serve->initiators[nexus], DEVICE_NAME_BYTES);
	pthread_mutex_unlock(&serve->names_lock);
}

void serve_nexus_opened(struct serve *serve, unsigned nexus,
    const char *initiator)
{
	if (nexus >= DEVICE_NEXUSES)
		return;
	pthread_mutex_lock(&serve->names_lock);
	snprintf(serve->initiators[nexus], DEVICE_NAME_BYTES, "%s", initiator);
	pthread_mutex_unlock(&serve->names_lock);
	serve_events_publish(serve->events,
	    json_pack("{s:s, s:s}", "event", "login", "initiator", initiator));
}

void serve_nexus_ended(struct serve *serve, unsigned nexus, const char *event,
    const char *reason)
{
	char name[DEVICE_NAME_BYTES];

	serve_initiator(serve, nexus, name);
	serve_events_publish(serve->events,
	    json_pack("{s:s, s:s, s:s}", "event", event, "initiator", name,
		"reason", reason));
}

/* Sets a member that is text, unless the text is empty. */
static void set_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		json_object_set_new(object, key, json_string(text));
}

void serve_publish(struct serve *serve, const char *event, const char *element,
    const char *barcode, const char *initiator)
{
	json_t *json;

	if (!serve_events_wanted(serve->events))
		return;
	json = json_pack("{s:s, s:s}", "event", event, "element", element);
	set_text(json, "barcode", barcode);
	set_text(json, "initiator", initiator);
	serve_events_publish(serve->events, json);
}

void serve_publish_fault(struct serve *serve, const char *element, int64_t id,
    const char *initiator)
{
	json_t *json;

	if (!serve_events_wanted(serve->events))
		return;
	json = json_pack("{s:s, s:s, s:I}", "event", "fault", "element",
	    element, "fault", (json_int_t)id);
	set_text(json, "initiator", initiator);
	serve_events_publish(serve->events, json);
}

void serve_fault_struck(void *arg, int64_t id)
{
	const struct serve_unit *unit = arg;
	char name[DEVICE_NAME_BYTES];

	serve_armed_struck(unit->serve, id);
	if (unit->mover == NULL)
		serve_initiator(unit->serve, scsi_nexus(unit->scsi), name);
	serve_publish_fault(unit->serve, unit->name, id,
	    unit->mover != NULL ? unit->mover : name);
}

/* Returns the event of a command that succeeded, or NULL. */
static const char *event_of(const uint8_t *cdb)
{
	switch (cdb[0]) {
	case 0x10:
	case 0x80:
		return "filemark";
	case 0x1b:
		return (cdb[4] & 1) != 0 ? "host_load" : "host_unload";
	case 0x16:
	case 0x56:
		return "reserve";
	case 0x17:
	case 0x57:
		return "release";
	case 0x5f:
		return "persistent_reserve";
	default:
		return NULL;
	}
}

static void sense_text(const struct device_answer *answer, char text[12])
{
	snprintf(text, 12, "%X/%02X/%02X", answer->decoded.sense.key,
	    answer->decoded.sense.asc, answer->decoded.sense.ascq);
}

static void publish_command(struct serve_unit *unit,
    const struct device_command *command, const struct device_answer *answer)
{
	struct serve *serve = unit->serve;
	const bool check = answer->status == DEVICE_CHECK_CONDITION;
	const char *event = check           ? "sense"
	    : answer->status == DEVICE_GOOD ? event_of(command->cdb)
					    : NULL;
	char initiator[DEVICE_NAME_BYTES], sense[12];
	json_t *json;

	/* robot.c publishes the moves of the changer. */
	if (event == NULL || (unit->model == NULL && !check))
		return;
	serve_initiator(serve, command->nexus, initiator);
	json = json_pack("{s:s, s:s}", "event", event, "element", unit->name);
	if (unit->scsi != NULL && !device_runs_beside(command->cdb) &&
	    drive_volume(scsi_drive(unit->scsi)) != NULL)
		set_text(json, "barcode",
		    volume_get_spec(drive_volume(scsi_drive(unit->scsi)))
			->barcode);
	set_text(json, "initiator", initiator);
	if (check) {
		sense_text(answer, sense);
		json_object_set_new(json, "command",
		    json_integer(command->cdb[0]));
		json_object_set_new(json, "sense", json_string(sense));
	}
	serve_events_publish(serve->events, json);
}

static size_t cdb_bytes(uint8_t opcode)
{
	static const size_t bytes[] = { 6, 10, 10, 16, 16, 12, 16, 16 };

	return bytes[opcode >> 5];
}

static void trace_command(struct serve_unit *unit,
    const struct device_command *command, const struct device_answer *answer)
{
	struct serve *serve = unit->serve;
	char initiator[DEVICE_NAME_BYTES], sense[12];
	char cdb[2 * DEVICE_CDB_BYTES + 1];
	struct timespec now;
	char *line;
	json_t *json;

	hex_write(cdb, command->cdb, cdb_bytes(command->cdb[0]));
	serve_initiator(serve, command->nexus, initiator);
	clock_gettime(CLOCK_REALTIME, &now);
	json = json_pack("{s:f, s:i, s:s, s:i, s:s, s:i, s:I, s:I}", "time",
	    (double)now.tv_sec + (double)(now.tv_nsec / 1000) / 1e6, "nexus",
	    (int)command->nexus, "initiator", initiator, "lun",
	    (int)unit->index, "cdb", cdb, "status", (int)answer->status,
	    "expected", (json_int_t)command->expected, "residual",
	    (json_int_t)answer->residual);
	if (answer->status == DEVICE_CHECK_CONDITION) {
		sense_text(answer, sense);
		set_text(json, "sense", sense);
	}
	line = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(16));
	json_decref(json);
	if (line == NULL)
		return;
	pthread_mutex_lock(&serve->names_lock);
	fprintf(serve->options.trace, "%s\n", line);
	pthread_mutex_unlock(&serve->names_lock);
	free(line);
}

/*
 * Warns once in a load if this machine failed the volume in the drive: for the
 * initiator it is an error of the medium like others.  With the device locked.
 */
static void warn_of_storage(struct serve_unit *unit)
{
	const struct volume *volume =
	    unit->scsi != NULL ? drive_volume(scsi_drive(unit->scsi)) : NULL;
	const char *error = volume != NULL ? volume_storage_error(volume) : "";

	if (error[0] == '\0' || unit->storage_warned)
		return;
	unit->storage_warned = true;
	serve_warn(unit->serve, "%s: %.400s (initiators get a medium error)",
	    unit->name, error);
}

void serve_watch(void *arg, const struct device_command *command,
    const struct device_answer *answer)
{
	struct serve_unit *unit = arg;

	if (answer->status == DEVICE_CHECK_CONDITION &&
	    !device_runs_beside(command->cdb))
		warn_of_storage(unit);
	if (unit->serve->options.trace != NULL)
		trace_command(unit, command, answer);
	if (serve_events_wanted(unit->serve->events))
		publish_command(unit, command, answer);
}
