/* request.c: carries out requests of other commands; see control.h. */
#include "vtl/serve/impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { REASON_BYTES = 256 };

static json_t *refuse(const char *message)
{
	return json_pack("{s:b, s:s}", "ok", 0, "message", message);
}

static json_t *accept(void)
{
	return json_pack("{s:b}", "ok", 1);
}

static bool is_ie(unsigned address)
{
	return address >= CHANGER_IE_ADDRESS && address < CHANGER_DRIVE_ADDRESS;
}

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

static json_t *do_move(struct serve *serve, const json_t *request)
{
	struct serve_move move = { .initiator = "" };
	struct unit_time begun;
	enum changer_reason reason;
	struct serve_moved moved;

	if (!get_address(request, "from", &move.from) ||
	    !get_address(request, "to", &move.to))
		return refuse("a move needs two addresses");
	begun = unit_clock_begin(serve->clocks, 0);
	move.now_ns = begun.now_ns;
	pthread_mutex_lock(&serve->lock);
	reason = serve_move(serve, &move, &moved);
	pthread_mutex_unlock(&serve->lock);
	if (!unit_clocks_paced(serve->clocks))
		unit_clock_end(serve->clocks, 0, &begun, moved.done_ns);
	if (reason != CHANGER_REASON_NONE &&
	    reason != CHANGER_REASON_WRONG_CARTRIDGE)
		return refuse(moved.message);
	if (is_ie(move.from) || is_ie(moved.to))
		device_establish(smc_device(serve->smc), SCSI_IE_ACCESSED,
		    SCSI_EVERY_NEXUS);
	return json_pack("{s:b, s:s, s:i}", "ok", 1, "barcode", moved.barcode,
	    "to", (int)moved.to);
}

static json_t *do_ask_ie(struct serve *serve)
{
	return smc_prevents_removal(serve->smc)
	    ? refuse("an initiator prevents that import/export slots are used")
	    : accept();
}

static json_t *do_changed(struct serve *serve, bool ie)
{
	serve_read_again(serve);
	if (ie)
		device_establish(smc_device(serve->smc), SCSI_IE_ACCESSED,
		    SCSI_EVERY_NEXUS);
	return accept();
}

json_t *serve_request(struct serve *serve, const char *line, size_t bytes,
    bool *subscribe)
{
	json_t *request = json_loadb(line, bytes, JSON_REJECT_DUPLICATES, NULL);
	const char *what = json_string_value(json_object_get(request, "do"));
	json_t *answer;

	*subscribe = false;
	if (what == NULL) {
		answer = refuse("a request is a JSON object with \"do\"");
	} else if (strcmp(what, "move") == 0) {
		answer = do_move(serve, request);
	} else if (strcmp(what, "changed") == 0) {
		answer = do_changed(serve, false);
	} else if (strcmp(what, "changed_ie") == 0) {
		answer = do_changed(serve, true);
	} else if (strcmp(what, "ask_ie") == 0) {
		answer = do_ask_ie(serve);
	} else if (strcmp(what, "events") == 0) {
		*subscribe = true;
		answer = accept();
	} else {
		answer = refuse("this server does not know the request: it is "
				"of another version of tapelab");
	}
	json_decref(request);
	return answer;
}
