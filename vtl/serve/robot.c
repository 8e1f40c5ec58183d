/*
 * robot.c: moves cartridges, for initiators and for other commands.
 *
 * There is one robot.  A move begins when the last one has ended.  From a drive
 * the robot takes a cartridge when the drive has unloaded it; the drive begins
 * to load when the robot is done.
 */
#include "vtl/serve/impl.h"

#include <stdlib.h>
#include <string.h>

/* Returns the drive at an address, or NULL. */
static struct serve_unit *drive_at(struct serve *serve, unsigned address)
{
	size_t i;

	for (i = 1; i < serve->unit_count; i++)
		if (serve->units[i].address == address)
			return &serve->units[i];
	return NULL;
}

/* Gets an element.  Returns false if it does not exist, or on an error. */
static bool get_element(struct serve *serve, unsigned address,
    struct changer_element *element)
{
	struct changer_element *list;
	bool found = false;
	size_t count;

	if (changer_list_range(serve->changer, address, address, 1, &list,
		&count) != CHANGER_OK)
		return false;
	if (count == 1) {
		*element = list[0];
		found = true;
	}
	free(list);
	return found;
}

bool serve_is_ie(unsigned address)
{
	return address >= CHANGER_IE_ADDRESS && address < CHANGER_DRIVE_ADDRESS;
}

bool serve_ends_at_ie(struct serve *serve, const struct serve_move *move)
{
	struct changer_element from, source;

	if (move->to != 0)
		return serve_is_ie(move->to);
	/* changer_move(): a source address that is full is not used. */
	return get_element(serve, move->from, &from) &&
	    serve_is_ie(from.source_address) &&
	    get_element(serve, from.source_address, &source) && !source.full;
}

/*
 * Returns whether the library may make this move, so that the drive unloads for
 * it.  If not, changer_move_any() reports the reason.
 */
static bool is_possible(struct serve *serve, const struct serve_move *move)
{
	struct changer_element from, to;

	if (!get_element(serve, move->from, &from) || !from.full)
		return false;
	return move->to == 0 ||
	    (get_element(serve, move->to, &to) && !to.full &&
		to.kind != CHANGER_KIND_ROBOT);
}

static enum changer_reason fail(struct serve_moved *moved,
    enum changer_reason reason, const struct serve_unit *unit, const char *why)
{
	snprintf(moved->message, sizeof moved->message,
	    "%s does not give %s "
	    "out: %s",
	    unit->name, unit->barcode, why);
	return reason;
}

/* Makes a drive, whose device is locked, ready to give out its cartridge. */
static enum changer_reason release(struct serve *serve, struct serve_unit *unit,
    const struct serve_move *move, int64_t *now_ns, struct serve_moved *moved)
{
	bool loaded = drive_volume(scsi_drive(unit->scsi)) != NULL, unloaded;

	if (scsi_get_nexuses(unit->scsi)->prevented != 0)
		return fail(moved, CHANGER_REASON_PREVENTED, unit,
		    "an initiator prevents the removal of the medium");
	if (loaded && move->host_unloads)
		return fail(moved, CHANGER_REASON_NOT_UNLOADED, unit,
		    "no initiator has unloaded it");
	unit->mover = move->initiator;
	unloaded = serve_unload(serve, unit, *now_ns, now_ns);
	unit->mover = NULL;
	if (!unloaded)
		return fail(moved, CHANGER_REASON_UNLOAD_FAILED, unit,
		    "the drive failed to unload");
	return CHANGER_REASON_NONE;
}

/* Publishes the move, and a fault of the robot that struck in it. */
static void publish(struct serve *serve, const struct serve_move *move,
    const struct serve_moved *moved, enum changer_reason reason)
{
	char from[SERVE_ELEMENT_BYTES], to[SERVE_ELEMENT_BYTES];
	json_t *json;

	if (changer_struck_fault(serve->changer) != 0) {
		serve_armed_struck(serve, changer_struck_fault(serve->changer));
		serve_publish_fault(serve, "changer",
		    changer_struck_fault(serve->changer), move->initiator);
	}
	if (!serve_events_wanted(serve->events) ||
	    (reason != CHANGER_REASON_NONE &&
		reason != CHANGER_REASON_WRONG_CARTRIDGE))
		return;
	serve_element_name(move->from, from);
	serve_element_name(moved->to, to);
	json = json_pack("{s:s, s:s, s:s, s:s}", "event", "move", "barcode",
	    moved->barcode, "element", from, "to", to);
	if (move->initiator[0] != '\0')
		json_object_set_new(json, "initiator",
		    json_string(move->initiator));
	serve_events_publish(serve->events, json);
}

/* Finds the element of a cartridge; 0: unknown. */
static unsigned where(struct serve *serve, const char *barcode)
{
	struct changer_element element;
	char *path;

	if (changer_lock(serve->changer, barcode, &element, &path) !=
	    CHANGER_OK)
		return 0;
	changer_unlock(serve->changer);
	free(path);
	return element.address;
}

/*
 * A drive cannot load what the robot brought: the robot brings it back, unless
 * it came from another drive.
 */
static void bring_back(struct serve *serve, const struct serve_move *move,
    const struct serve_unit *from, struct serve_unit *to,
    struct serve_moved *moved)
{
	if (from != NULL ||
	    changer_move_any(serve->changer, moved->to, move->from) !=
		CHANGER_OK)
		return;
	to->barcode[0] = '\0';
	moved->to = move->from;
	moved->done_ns += changer_move_ns(serve->changer);
	serve->robot_ns = moved->done_ns;
}

/*
 * The library has moved a cartridge: so do the drives.  `volume` is what the
 * drive `from` gave out.  Returns false if the drive cannot load it.
 */
static bool follow(struct serve *serve, const struct serve_move *move,
    struct serve_unit *from, struct volume *volume, struct serve_moved *moved)
{
	struct changer_element element = { .full = false };
	struct serve_unit *to;

	if (from != NULL)
		serve_taken_out(serve, from, volume, move->initiator);
	moved->to = move->to != 0 ? move->to : where(serve, moved->barcode);
	/* A fault may have moved another cartridge. */
	if (get_element(serve, moved->to, &element) && element.full)
		memcpy(moved->barcode, element.barcode, sizeof moved->barcode);
	to = drive_at(serve, moved->to);
	if (to == NULL || !element.full ||
	    serve_put_in(serve, to, &element, move->initiator, moved->done_ns,
		moved->message))
		return true;
	bring_back(serve, move, from, to, moved);
	return false;
}

/*
 * The robot takes a cartridge and brings it, while the device of the drive
 * `from` (NULL: another element) is locked: no initiator can load the cartridge
 * again meanwhile.  *now_ns becomes the end of the move.
 */
static enum changer_reason carry(struct serve *serve,
    const struct serve_move *move, struct serve_unit *from, int64_t *now_ns,
    struct volume **volume, struct serve_moved *moved)
{
	if (changer_move_any(serve->changer, move->from, move->to) !=
	    CHANGER_OK) {
		snprintf(moved->message, sizeof moved->message, "%s",
		    changer_message(serve->changer));
		/* The robot tried it, and came back. */
		if (changer_struck_fault(serve->changer) != 0)
			*now_ns += changer_move_ns(serve->changer);
	} else {
		*now_ns += changer_move_ns(serve->changer);
		if (from != NULL)
			*volume = scsi_remove(from->scsi);
	}
	return changer_reason(serve->changer);
}

bool serve_lock_for_move(struct serve *serve, unsigned from, bool waits)
{
	const struct serve_unit *unit = drive_at(serve, from);

	for (;;) {
		pthread_mutex_lock(&serve->lock);
		if (unit == NULL || device_trylock(unit->device))
			return true;
		pthread_mutex_unlock(&serve->lock);
		if (!waits)
			return false;
		/* Others use the library until the command has ended. */
		device_lock(unit->device);
		if (pthread_mutex_trylock(&serve->lock) == 0)
			return true;
		device_unlock(unit->device);
	}
}

enum changer_reason serve_move(struct serve *serve,
    const struct serve_move *move, struct serve_moved *moved)
{
	struct serve_unit *from = drive_at(serve, move->from);
	enum changer_reason reason = CHANGER_REASON_NONE;
	struct changer_element element = { .full = false };
	struct volume *volume = NULL;
	int64_t now_ns = move->now_ns;
	bool released;

	memset(moved, 0, sizeof *moved);
	if (now_ns < serve->robot_ns)
		now_ns = serve->robot_ns;
	moved->done_ns = now_ns;
	if (get_element(serve, move->from, &element) && element.full)
		memcpy(moved->barcode, element.barcode, sizeof moved->barcode);
	if (from != NULL && is_possible(serve, move))
		reason = release(serve, from, move, &now_ns, moved);
	released = reason == CHANGER_REASON_NONE;
	if (now_ns < move->now_ns)
		now_ns = move->now_ns;
	if (released)
		reason = carry(serve, move, from, &now_ns, &volume, moved);
	if (from != NULL)
		device_unlock(from->device);
	if (!released)
		return reason;
	moved->done_ns = serve->robot_ns = now_ns;
	if ((reason == CHANGER_REASON_NONE ||
		reason == CHANGER_REASON_WRONG_CARTRIDGE) &&
	    !follow(serve, move, from, volume, moved))
		reason = CHANGER_REASON_LOAD_FAILED;
	publish(serve, move, moved, reason);
	return reason;
}

static enum changer_status list(void *arg, unsigned first, unsigned last,
    size_t most, struct changer_element **elements, size_t *count)
{
	struct serve *serve = arg;
	enum changer_status status;

	pthread_mutex_lock(&serve->lock);
	status = changer_list_range(serve->changer, first, last, most, elements,
	    count);
	pthread_mutex_unlock(&serve->lock);
	return status;
}

static void get_drive(void *arg, unsigned drive, struct smc_drive *state)
{
	struct serve *serve = arg;
	struct serve_unit *unit;

	*state = (struct smc_drive){ .identity = NULL };
	/* A drive that the library got later is not served. */
	if (drive + 1 >= serve->unit_count)
		return;
	unit = &serve->units[drive + 1];
	state->identity = &unit->identity;
	state->loaded = device_holds_medium(unit->device);
}

static enum changer_reason move(void *arg, const struct smc_move *request,
    int64_t *done_ns)
{
	struct serve *serve = arg;
	char initiator[DEVICE_NAME_BYTES];
	struct serve_move move = {
		.from = request->from,
		.to = request->to,
		.initiator = initiator,
		.host_unloads = request->host_unloads,
		.now_ns = request->now_ns,
	};
	enum changer_reason reason;
	struct serve_moved moved;

	/* Address 0 is that of no element, not "back". */
	if (request->to == 0) {
		*done_ns = request->now_ns;
		return CHANGER_REASON_NO_ELEMENT;
	}
	serve_initiator(serve, request->nexus, initiator);
	serve_lock_for_move(serve, request->from, true);
	reason = serve_move(serve, &move, &moved);
	pthread_mutex_unlock(&serve->lock);
	*done_ns = moved.done_ns;
	return reason;
}

/* The robot is busy for this time.  Returns when it is done. */
static int64_t work(struct serve *serve, int64_t ns, int64_t now_ns)
{
	pthread_mutex_lock(&serve->lock);
	if (now_ns < serve->robot_ns)
		now_ns = serve->robot_ns;
	now_ns += ns;
	serve->robot_ns = now_ns;
	pthread_mutex_unlock(&serve->lock);
	return now_ns;
}

static int64_t position(void *arg, unsigned address, int64_t now_ns)
{
	struct serve *serve = arg;

	(void)address;
	return work(serve, changer_move_ns(serve->changer) / 2, now_ns);
}

static int64_t inventory(void *arg, unsigned first, unsigned last,
    int64_t now_ns)
{
	struct serve *serve = arg;

	(void)first;
	(void)last;
	return work(serve, changer_move_ns(serve->changer), now_ns);
}

const struct smc_library serve_library = {
	.list = list,
	.get_drive = get_drive,
	.move = move,
	.position = position,
	.inventory = inventory,
};
