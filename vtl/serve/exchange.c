/*
 * exchange.c: copies the library while it is served, or exchanges it for an
 * earlier state of itself.
 *
 * No command is executed meanwhile (obstacle.c).  The drives write their buffers
 * and close their volumes; afterwards they load what lies in them now, and every
 * initiator gets a unit attention: the medium may have changed.
 */
#include "vtl/serve/impl.h"

#include <stdlib.h>

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

/* The drives have no cartridges, and no faults. */
static void empty_drives(struct serve *serve)
{
	struct serve_unit *unit;
	size_t i;

	for (i = 1; i < serve->unit_count; i++) {
		unit = &serve->units[i];
		serve_flush(serve, unit);
		serve_pull_out(serve, unit);
		device_lock(unit->device);
		drive_setup_forget_faults(&unit->setup);
		device_unlock(unit->device);
	}
}

/* No command is executed. */
static bool exchange(struct serve *serve, const struct serve_exchange *e,
    char message[SERVE_MESSAGE_BYTES])
{
	enum changer_status status;

	pthread_mutex_lock(&serve->lock);
	empty_drives(serve);
	serve_look_at_faults(serve);
	status = carry_out(serve, e);
	if (status != CHANGER_OK)
		snprintf(message, SERVE_MESSAGE_BYTES, "%s",
		    changer_message(serve->changer));
	serve_read_locked(serve);
	pthread_mutex_unlock(&serve->lock);
	if (e->what == SERVE_RESTORE && status == CHANGER_OK) {
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
