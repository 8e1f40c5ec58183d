/*
 * exchange.c: copies the library while it is served, or exchanges it for an
 * earlier state of itself.
 *
 * No command is executed meanwhile (obstacle.c).  The drives write their buffers
 * and close their volumes.  Afterwards they have what lies in them now, at the
 * beginning of the tape, and every initiator gets a unit attention: the medium may
 * have changed.  No load is counted: a cartridge that was in its drive lay still,
 * and a restored library is as in the snapshot.
 *
 * A buffer that cannot be written is no reason to copy nothing: the copy has what
 * is on the tape.  As the cartridge lay still, the drive keeps the deferred error
 * for its initiator, after the unit attention.  A restore takes volume and error.
 */
#include "vtl/serve/impl.h"

#include <stdlib.h>
#include <string.h>

#include "vtl/changer/snapshot.h"

void serve_set_transport(struct serve *serve,
    const struct serve_transport *transport)
{
	pthread_mutex_lock(&serve->transport_lock);
	serve_continue_commands(serve);
	serve->transport = transport != NULL
	    ? *transport
	    : (struct serve_transport){ .stop = NULL };
	pthread_mutex_unlock(&serve->transport_lock);
}

static enum changer_status carry_out(struct serve *serve,
    const struct serve_exchange *e)
{
	const bool durable = serve->options.durable;

	switch (e->what) {
	case SERVE_SNAPSHOT:
		return changer_take_snapshot(serve->changer, e->name, durable);
	case SERVE_RESTORE:
		return changer_restore_snapshot(serve->changer, e->name,
		    durable);
	case SERVE_CLONE:
		break;
	}
	return changer_clone(serve->changer, e->name, durable);
}

/* Returns the reason for which it would be refused, before anything is done. */
static enum changer_status check(struct serve *serve,
    const struct serve_exchange *e)
{
	switch (e->what) {
	case SERVE_SNAPSHOT:
		return changer_check_snapshot(serve->changer, e->name);
	case SERVE_RESTORE:
		return changer_check_restore(serve->changer, e->name);
	case SERVE_CLONE:
		break;
	}
	return changer_check_clone(serve->changer, e->name);
}

/* The drives keep their cartridges if it is refused.  False: a message. */
static bool may_exchange(struct serve *serve, const struct serve_exchange *e,
    char message[SERVE_MESSAGE_BYTES])
{
	enum changer_status status;

	pthread_mutex_lock(&serve->lock);
	status = check(serve, e);
	if (status != CHANGER_OK)
		snprintf(message, SERVE_MESSAGE_BYTES, "%s",
		    changer_message(serve->changer));
	pthread_mutex_unlock(&serve->lock);
	return status == CHANGER_OK;
}

/* Takes the cartridge out of a drive, which keeps its faults. */
static void empty(struct serve *serve, struct serve_unit *unit)
{
	memcpy(unit->before, unit->barcode, sizeof unit->before);
	serve_take_for_exchange(serve, unit);
}

static void empty_drives(struct serve *serve)
{
	size_t i;

	for (i = 1; i < serve->unit_count; i++)
		empty(serve, &serve->units[i]);
}

/* The library that is restored has other faults, with the same numbers. */
static void forget_faults(struct serve *serve)
{
	size_t i;

	for (i = 1; i < serve->unit_count; i++) {
		device_lock(serve->units[i].device);
		drive_setup_forget_faults(&serve->units[i].setup);
		device_unlock(serve->units[i].device);
	}
}

/* Puts what the library has in a drive there. */
static void fill(struct serve *serve, struct serve_unit *unit,
    const struct changer_element *element, bool restored)
{
	const bool moved = strcmp(unit->before, element->barcode) != 0;
	enum scsi_put_back what = restored || moved ? SCSI_PUT_BACK_OTHER
	    : unit->was_unloaded                    ? SCSI_PUT_BACK_UNLOADED
						    : SCSI_PUT_BACK_LOADED;

	if (moved && unit->before[0] != '\0')
		serve_publish(serve, "unload", unit->name, unit->before, "");
	if (element->full && serve_put_back(serve, unit, element, what) &&
	    moved && !element->cleaning)
		serve_publish(serve, "load", unit->name, element->barcode, "");
}

static void fill_drives(struct serve *serve, bool restored)
{
	struct changer_element *elements;
	size_t count, i;

	if (changer_list_range(serve->changer, CHANGER_DRIVE_ADDRESS,
		CHANGER_SLOT_ADDRESS - 1, CHANGER_DRIVES_MAX, &elements,
		&count) != CHANGER_OK) {
		serve_warn(serve, "%s", changer_message(serve->changer));
		return;
	}
	for (i = 0; i < count; i++)
		if (elements[i].number + 1 < serve->unit_count)
			fill(serve, &serve->units[elements[i].number + 1],
			    &elements[i], restored);
	free(elements);
}

static void publish(struct serve *serve, const struct serve_exchange *e)
{
	static const char *const events[] = { [SERVE_SNAPSHOT] = "snapshot",
		[SERVE_RESTORE] = "restore",
		[SERVE_CLONE] = "clone" };

	if (serve_events_wanted(serve->events))
		serve_events_publish(serve->events,
		    json_pack("{s:s, s:s}", "event", events[e->what], "name",
			e->name));
}

/* No command is executed. */
static bool exchange(struct serve *serve, const struct serve_exchange *e,
    char message[SERVE_MESSAGE_BYTES])
{
	enum changer_status status;
	bool restored;

	pthread_mutex_lock(&serve->lock);
	empty_drives(serve);
	serve_look_at_faults(serve);
	if (e->what == SERVE_RESTORE)
		forget_faults(serve);
	status = carry_out(serve, e);
	if (status == CHANGER_OK)
		publish(serve, e);
	else
		snprintf(message, SERVE_MESSAGE_BYTES, "%s",
		    changer_message(serve->changer));
	restored = e->what == SERVE_RESTORE && status == CHANGER_OK;
	fill_drives(serve, restored);
	serve_read_locked(serve);
	pthread_mutex_unlock(&serve->lock);
	if (restored) {
		smc_library_changed(serve->smc);
		device_establish(smc_device(serve->smc), SCSI_MEDIUM_CHANGED,
		    SCSI_EVERY_NEXUS);
	}
	return status == CHANGER_OK;
}

/* It has waited long enough for a command. */
static void refuse(struct serve *serve, char message[SERVE_MESSAGE_BYTES])
{
	char what[DEVICE_NAME_BYTES + 64];

	serve_describe_obstacle(serve, what, sizeof what);
	snprintf(message, SERVE_MESSAGE_BYTES,
	    "%s: nothing was copied or restored; try again when that has ended",
	    what);
}

enum serve_exchanged serve_exchange(struct serve *serve,
    const struct serve_exchange *e, bool last,
    char message[SERVE_MESSAGE_BYTES])
{
	enum serve_exchanged exchanged = SERVE_EXCHANGE_WAITS;

	pthread_mutex_lock(&serve->transport_lock);
	if (!may_exchange(serve, e, message)) {
		exchanged = SERVE_EXCHANGE_FAILED;
		serve_continue_commands(serve);
	} else if (serve_stop_commands(serve)) {
		exchanged = exchange(serve, e, message) ? SERVE_EXCHANGED
							: SERVE_EXCHANGE_FAILED;
		serve_continue_commands(serve);
	} else if (last) {
		exchanged = SERVE_EXCHANGE_FAILED;
		refuse(serve, message);
		serve_continue_commands(serve);
	}
	pthread_mutex_unlock(&serve->transport_lock);
	return exchanged;
}

void serve_abandon_exchange(struct serve *serve)
{
	pthread_mutex_lock(&serve->transport_lock);
	serve_continue_commands(serve);
	pthread_mutex_unlock(&serve->transport_lock);
}
