/* remote.c: see remote.h. */
#include "vtl/serve/remote.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "splitter/base/clock.h"
#include "splitter/base/signals.h"
#include "vtl/changer/snapshot.h"
#include "vtl/serve/client.h"

/* How long a signal may have to wait. */
enum { NAP_NS = 100000000 };

bool serve_remote_is_served(const char *folder)
{
	char message[SERVE_MESSAGE_BYTES];
	struct serve_client *client = serve_client_open(folder, message);

	serve_client_close(client);
	return client != NULL;
}

/*
 * Sends a request to the server, and waits for the answer until `until_ns`; takes
 * its reference.  NULL: jansson did not
 * take one of its texts.  *served is whether there
 * is a server, or one that cannot be reached.  Returns the answer, or NULL and
 * a message.
 */
static json_t *ask_until(const char *folder, json_t *request, int64_t until_ns,
    bool *served, char message[SERVE_MESSAGE_BYTES])
{
	struct serve_client *client = serve_client_open(folder, message);
	json_t *answer = NULL;

	*served = client != NULL || message[0] != '\0';
	if (client != NULL && request == NULL)
		snprintf(message, SERVE_MESSAGE_BYTES,
		    "the server of the library takes only names that are "
		    "UTF-8 text: use another name");
	else if (client != NULL)
		answer = serve_client_ask_until(client, json_incref(request),
		    until_ns, message);
	json_decref(request);
	serve_client_close(client);
	return answer;
}

static json_t *ask(const char *folder, json_t *request, bool *served,
    char message[SERVE_MESSAGE_BYTES])
{
	return ask_until(folder, request, clock_now_ns() + SERVE_ANSWER_NS,
	    served, message);
}

/* Gets the element of a cartridge, which changer_move() put somewhere. */
static unsigned where(struct changer *changer, const char *barcode)
{
	struct changer_element element = { .address = 0 };
	char *path;

	if (changer_lock(changer, barcode, &element, &path) != CHANGER_OK)
		return 0;
	changer_unlock(changer);
	free(path);
	return element.address;
}

static bool move_here(struct changer *changer, unsigned from, unsigned *to,
    char *message)
{
	char barcode[VOLUME_BARCODE_BYTES] = "";
	struct changer_element *list;
	size_t count;

	if (*to == 0 &&
	    changer_list_range(changer, from, from, 1, &list, &count) ==
		CHANGER_OK) {
		if (count == 1)
			strcpy(barcode, list[0].barcode);
		free(list);
	}
	if (changer_move(changer, from, *to) != CHANGER_OK) {
		memcpy(message, changer_message(changer), SERVE_MESSAGE_BYTES);
		return false;
	}
	if (*to == 0)
		*to = where(changer, barcode);
	return true;
}

/*
 * Waits as long as the robot of a paced library still moves; a signal ends it.
 */
static void wait_for_robot(const json_t *answer)
{
	const int64_t until_ns = clock_now_ns() +
	    json_integer_value(json_object_get(answer, "wait_ns"));
	int64_t left_ns;

	while ((left_ns = until_ns - clock_now_ns()) > 0 &&
	    signals_signal() == 0) {
		if (left_ns > NAP_NS)
			left_ns = NAP_NS;
		nanosleep(&(struct timespec){ .tv_nsec = (long)left_ns }, NULL);
	}
}

bool serve_remote_move(struct changer *changer, unsigned from, unsigned *to,
    char message[SERVE_MESSAGE_BYTES])
{
	bool served, good;
	json_t *answer = ask(changer_folder(changer),
	    json_pack("{s:s, s:i, s:i}", "do", "move", "from", (int)from, "to",
		(int)*to),
	    &served, message);

	if (!served)
		return move_here(changer, from, to, message);
	good = answer != NULL;
	if (good) {
		*to =
		    (unsigned)json_integer_value(json_object_get(answer, "to"));
		wait_for_robot(answer);
	}
	json_decref(answer);
	return good;
}

bool serve_remote_may_use_ie(const char *folder,
    char message[SERVE_MESSAGE_BYTES])
{
	bool served, good;
	json_t *answer =
	    ask(folder, json_pack("{s:s}", "do", "ask_ie"), &served, message);

	good = !served || answer != NULL;
	json_decref(answer);
	return good;
}

void serve_remote_changed(const char *folder, bool ie)
{
	char message[SERVE_MESSAGE_BYTES];
	bool served;

	/* A server that does not answer notices the change by itself. */
	json_decref(ask(folder,
	    json_pack("{s:s}", "do", ie ? "changed_ie" : "changed"), &served,
	    message));
}

void serve_remote_store_strikes(const char *folder, int64_t until_ns)
{
	char message[SERVE_MESSAGE_BYTES];
	bool served;

	/* Without an answer the library has what was stored last. */
	json_decref(ask_until(folder, json_pack("{s:s}", "do", "strikes"),
	    until_ns, &served, message));
}

static bool change_defect(const char *folder, json_t *request, bool *served,
    char *message)
{
	json_t *answer = ask(folder, request, served, message);
	const bool good = answer != NULL;

	if (json_is_false(json_object_get(answer, "served")))
		*served = false;
	json_decref(answer);
	return good;
}

bool serve_remote_remove_defect(const char *folder, const char *barcode,
    int64_t fault, bool *served, char message[SERVE_MESSAGE_BYTES])
{
	return change_defect(folder,
	    json_pack("{s:s, s:s, s:I}", "do", "defect", "barcode", barcode,
		"fault", (json_int_t)fault),
	    served, message);
}

bool serve_remote_add_defect(const char *folder, const char *barcode,
    const struct volume_defect *d, bool *served,
    char message[SERVE_MESSAGE_BYTES])
{
	json_t *request;

	request = json_pack("{s:s, s:s, s:{s:I, s:i, s:i, s:i, s:b, s:i, s:i, "
			    "s:i, s:I, s:I, s:I, s:I, s:I, s:I}}",
	    "do", "defect", "barcode", barcode, "defect", "at",
	    (json_int_t)d->at, "key", (int)d->sense.key, "asc",
	    (int)d->sense.asc, "ascq", (int)d->sense.ascq, "once", (int)d->once,
	    "fail", (int)d->fail, "partition", (int)d->partition, "unit",
	    (int)d->unit, "file", (json_int_t)d->file, "length",
	    (json_int_t)d->length, "recover_after",
	    (json_int_t)d->recover_after, "one_in", (json_int_t)d->one_in,
	    "slowdown", (json_int_t)d->slowdown, "fault", (json_int_t)d->fault);
	return change_defect(folder, request, served, message);
}

bool serve_remote_volume(const char *folder, const char *barcode,
    int64_t until_ns, struct serve_volume *volume)
{
	char message[SERVE_MESSAGE_BYTES];
	bool served, found;
	json_t *answer = ask_until(folder,
	    json_pack("{s:s, s:s}", "do", "volume", "barcode", barcode),
	    until_ns, &served, message);

	found = json_is_true(json_object_get(answer, "served"));
	*volume = (struct serve_volume){
		.capacity_bytes =
		    (uint64_t)json_integer_value(json_object_get(answer,
			"capacity")),
		.written_bytes =
		    (uint64_t)json_integer_value(json_object_get(answer,
			"written")),
		.files = (uint64_t)json_integer_value(json_object_get(answer,
		    "files")),
		.loads = (uint64_t)json_integer_value(json_object_get(answer,
		    "loads")),
		.is_closed = json_is_true(json_object_get(answer, "closed")),
		.is_protected =
		    json_is_true(json_object_get(answer, "protected")),
	};
	json_decref(answer);
	return found;
}

/* Sends a request with a name; else calls `here`. */
static bool exchange(struct changer *changer, const char *what,
    const char *name,
    enum changer_status (*here)(struct changer *changer, const char *name,
	bool durable),
    const char *here_name, char *message)
{
	bool served, good;
	json_t *answer = ask(changer_folder(changer),
	    json_pack("{s:s, s:s}", "do", what, "name", name), &served,
	    message);

	good = answer != NULL;
	json_decref(answer);
	if (served)
		return good;
	if (here(changer, here_name, true) == CHANGER_OK)
		return true;
	memcpy(message, changer_message(changer), SERVE_MESSAGE_BYTES);
	return false;
}

bool serve_remote_snapshot(struct changer *changer, const char *name,
    char message[SERVE_MESSAGE_BYTES])
{
	return exchange(changer, "snapshot", name, changer_take_snapshot, name,
	    message);
}

bool serve_remote_restore(struct changer *changer, const char *name,
    char message[SERVE_MESSAGE_BYTES])
{
	return exchange(changer, "restore", name, changer_restore_snapshot,
	    name, message);
}

bool serve_remote_clone(struct changer *changer, const char *name,
    char message[SERVE_MESSAGE_BYTES])
{
	char *here = getcwd(NULL, 0), *path = NULL;
	bool good = false;

	/* The server has another working directory. */
	if (here == NULL ||
	    asprintf(&path, "%s%s%s", name[0] == '/' ? "" : here,
		name[0] == '/' ? "" : "/", name) < 0) {
		snprintf(message, SERVE_MESSAGE_BYTES,
		    "cannot clone the library: %s", strerror(errno));
		path = NULL;
	}
	if (path != NULL)
		good = exchange(changer, "clone", path, changer_clone, name,
		    message);
	free(here);
	free(path);
	return good;
}
