/* request.c: carries out requests of other commands; see control.h. */
#include "vtl/serve/impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_BYTES = 256 };

static json_t *refuse(const char *message)
{
	return json_pack("{s:b, s:o}", "ok", 0, "message",
	    serve_events_text(message));
}

/*
 * The drive that the request is about, or the changer, executes a command of an
 * initiator.  The thread of the control socket does not wait for that.
 */
static json_t *not_now(enum serve_then *then)
{
	*then = SERVE_BUSY;
	return NULL;
}

static json_t *accept(void)
{
	return json_pack("{s:b}", "ok", 1);
}

static const char ie_prevented[] =
    "an initiator prevents that import/export slots are used: have it allow "
    "medium removal";

/* Gets an address.  Returns false if it is not that of an element. */
static bool get_address(const json_t *request, const char *key,
    unsigned *address)
{
	const json_t *value = json_object_get(request, key);
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < 0 || number > UINT16_MAX)
		return false;
	*address = (unsigned)number;
	return true;
}

/*
 * Locks the changer, as MOVE MEDIUM does, and what else a move needs.  Returns
 * false if a device is busy.  `*prevented`: an initiator prevents that the
 * cartridge leaves the library; then nothing is locked.
 */
static bool lock_for_move(struct serve *serve, const struct serve_move *move,
    bool *prevented)
{
	struct device *changer = smc_device(serve->smc);

	*prevented = false;
	if (!device_trylock(changer))
		return false;
	if (smc_prevents_removal(serve->smc)) {
		pthread_mutex_lock(&serve->lock);
		*prevented = serve_ends_at_ie(serve, move);
		pthread_mutex_unlock(&serve->lock);
	}
	if (!*prevented && serve_lock_for_move(serve, move->from, false))
		return true;
	device_unlock(changer);
	return *prevented;
}

static json_t *do_move(struct serve *serve, const json_t *request,
    enum serve_then *then)
{
	struct serve_move move = { .initiator = "" };
	struct unit_time begun;
	enum changer_reason reason;
	struct serve_moved moved;
	int64_t wait_ns;
	bool prevented;

	if (!get_address(request, "from", &move.from) ||
	    !get_address(request, "to", &move.to))
		return refuse("a move needs two addresses");
	if (!lock_for_move(serve, &move, &prevented))
		return not_now(then);
	if (prevented)
		return refuse(ie_prevented);
	begun = unit_clock_begin(serve->clocks, 0);
	move.now_ns = begun.now_ns;
	reason = serve_move(serve, &move, &moved);
	pthread_mutex_unlock(&serve->lock);
	device_unlock(smc_device(serve->smc));
	wait_ns = unit_clock_end(serve->clocks, 0, &begun, moved.done_ns) -
	    unit_clocks_real_ns(serve->clocks);
	if (reason != CHANGER_REASON_NONE &&
	    reason != CHANGER_REASON_WRONG_CARTRIDGE)
		return refuse(moved.message);
	if (serve_is_ie(move.from) || serve_is_ie(moved.to))
		device_establish(smc_device(serve->smc), SCSI_IE_ACCESSED,
		    SCSI_EVERY_NEXUS);
	/* The caller waits: this thread serves others meanwhile. */
	return json_pack("{s:b, s:s, s:i, s:I}", "ok", 1, "barcode",
	    moved.barcode, "to", (int)moved.to, "wait_ns",
	    (json_int_t)(wait_ns > 0 ? wait_ns : 0));
}

/* Gets a number from `low` to `high`, else sets *good to false. */
static json_int_t number(const json_t *object, const char *key, json_int_t high,
    bool *good)
{
	const json_t *value = json_object_get(object, key);
	json_int_t n = json_integer_value(value);

	if (!json_is_integer(value) || n < 0 || n > high)
		*good = false;
	return n;
}

static bool get_defect(const json_t *json, struct volume_defect *d)
{
	bool good = true;

	*d = (struct volume_defect){
		.at = (uint64_t)number(json, "at", INT64_MAX, &good),
		.sense.key = (uint8_t)number(json, "key", 15, &good),
		.sense.asc = (uint8_t)number(json, "asc", UINT8_MAX, &good),
		.sense.ascq = (uint8_t)number(json, "ascq", UINT8_MAX, &good),
		.once = json_is_true(json_object_get(json, "once")),
		.fail = (enum volume_fail)number(json, "fail", VOLUME_FAILS - 1,
		    &good),
		.partition = (unsigned)number(json, "partition",
		    VOLUME_PARTITIONS_MAX - 1, &good),
		.unit = (enum volume_unit)number(json, "unit",
		    VOLUME_FILE_BLOCKS, &good),
		.file = (uint64_t)number(json, "file", INT64_MAX, &good),
		.length = (uint64_t)number(json, "length", INT64_MAX, &good),
		.recover_after =
		    (uint64_t)number(json, "recover_after", INT64_MAX, &good),
		.one_in = (uint64_t)number(json, "one_in", INT64_MAX, &good),
		.slowdown =
		    (uint64_t)number(json, "slowdown", INT32_MAX, &good),
		.fault = number(json, "fault", INT64_MAX, &good),
	};
	return good;
}

/* Adds a defect; removes one if the request has only its number. */
static json_t *do_defect(struct serve *serve, const json_t *request,
    enum serve_then *then)
{
	const json_t *added = json_object_get(request, "defect");
	const char *barcode =
	    json_string_value(json_object_get(request, "barcode"));
	char message[SERVE_MESSAGE_BYTES];
	struct volume_defect defect;
	bool good = true, served = false, locked;
	struct serve_unit *unit;
	int64_t fault = 0;

	if (added == NULL)
		fault = number(request, "fault", INT64_MAX, &good);
	if (barcode == NULL || barcode[0] == '\0' || !good ||
	    (added != NULL && !get_defect(added, &defect)))
		return refuse("a defect needs a barcode and a place");
	pthread_mutex_lock(&serve->lock);
	locked = serve_lock_volume(serve, barcode, &unit);
	if (locked && unit != NULL)
		good = serve_change_defect(unit, added != NULL ? &defect : NULL,
		    fault, &served, message);
	pthread_mutex_unlock(&serve->lock);
	if (!locked)
		return not_now(then);
	return good ? json_pack("{s:b, s:b}", "ok", 1, "served", (int)served)
		    : refuse(message);
}

static json_t *do_volume(struct serve *serve, const json_t *request,
    enum serve_then *then)
{
	const char *barcode =
	    json_string_value(json_object_get(request, "barcode"));
	struct serve_unit *unit;
	struct serve_volume v;
	bool served, locked;

	if (barcode == NULL || barcode[0] == '\0')
		return refuse("name a volume");
	pthread_mutex_lock(&serve->lock);
	locked = serve_lock_volume(serve, barcode, &unit);
	served = locked && unit != NULL && serve_describe_volume(unit, &v);
	pthread_mutex_unlock(&serve->lock);
	if (!locked)
		return not_now(then);
	if (!served)
		return json_pack("{s:b, s:b}", "ok", 1, "served", 0);
	return json_pack("{s:b, s:b, s:I, s:I, s:I, s:I, s:b, s:b}", "ok", 1,
	    "served", 1, "capacity", (json_int_t)v.capacity_bytes, "written",
	    (json_int_t)v.written_bytes, "files", (json_int_t)v.files, "loads",
	    (json_int_t)v.loads, "closed", (int)v.is_closed, "protected",
	    (int)v.is_protected);
}

static json_t *do_exchange(struct serve *serve, const json_t *request,
    struct serve_exchange *e, int64_t waited_ns, enum serve_then *then)
{
	const bool last = waited_ns >= serve->options.exchange_wait_ns;
	char message[SERVE_MESSAGE_BYTES];

	e->name = json_string_value(json_object_get(request, "name"));
	if (e->name == NULL || (e->what == SERVE_CLONE && e->name[0] != '/'))
		return refuse("give the name of a snapshot or of a folder");
	switch (serve_exchange(serve, e, last, message)) {
	case SERVE_EXCHANGED:
		return accept();
	case SERVE_EXCHANGE_WAITS:
		return not_now(then);
	case SERVE_EXCHANGE_FAILED:
		break;
	}
	return refuse(message);
}

static json_t *do_ask_ie(struct serve *serve, enum serve_then *then)
{
	struct device *changer = smc_device(serve->smc);
	bool prevents;

	if (!device_trylock(changer))
		return not_now(then);
	prevents = smc_prevents_removal(serve->smc);
	device_unlock(changer);
	return prevents ? refuse(ie_prevented) : accept();
}

static json_t *do_changed(struct serve *serve, bool ie)
{
	serve_read_again(serve);
	if (ie)
		device_establish(smc_device(serve->smc), SCSI_IE_ACCESSED,
		    SCSI_EVERY_NEXUS);
	return accept();
}

static json_t *do_strikes(struct serve *serve)
{
	serve_visit_drives(serve);
	return accept();
}

json_t *serve_request(struct serve *serve, const char *line, size_t bytes,
    int64_t waited_ns, enum serve_then *then)
{
	json_t *request = json_loadb(line, bytes, JSON_REJECT_DUPLICATES, NULL);
	const char *what = json_string_value(json_object_get(request, "do"));
	json_t *answer;

	*then = SERVE_ANSWER;
	if (what == NULL) {
		answer = refuse("a request is a JSON object with \"do\"");
	} else if (strcmp(what, "move") == 0) {
		answer = do_move(serve, request, then);
	} else if (strcmp(what, "volume") == 0) {
		answer = do_volume(serve, request, then);
	} else if (strcmp(what, "defect") == 0) {
		answer = do_defect(serve, request, then);
	} else if (strcmp(what, "changed") == 0) {
		answer = do_changed(serve, false);
	} else if (strcmp(what, "strikes") == 0) {
		answer = do_strikes(serve);
	} else if (strcmp(what, "changed_ie") == 0) {
		answer = do_changed(serve, true);
	} else if (strcmp(what, "ask_ie") == 0) {
		answer = do_ask_ie(serve, then);
	} else if (strcmp(what, "snapshot") == 0) {
		answer = do_exchange(serve, request,
		    &(struct serve_exchange){ .what = SERVE_SNAPSHOT },
		    waited_ns, then);
	} else if (strcmp(what, "restore") == 0) {
		answer = do_exchange(serve, request,
		    &(struct serve_exchange){ .what = SERVE_RESTORE },
		    waited_ns, then);
	} else if (strcmp(what, "clone") == 0) {
		answer = do_exchange(serve, request,
		    &(struct serve_exchange){ .what = SERVE_CLONE }, waited_ns,
		    then);
	} else if (strcmp(what, "events") == 0) {
		*then = SERVE_SUBSCRIBE;
		answer = accept();
	} else {
		answer = refuse("this server does not know the request: it is "
				"of another version of tapelab");
	}
	json_decref(request);
	return answer;
}
