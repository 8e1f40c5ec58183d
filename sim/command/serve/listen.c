/* listen.c: reads where the server listens, and who may attach. */
#include "sim/command/serve/impl.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"

/* The names of the drives' targets are longer by a suffix. */
enum { ISCSI_PORT = 3260, NAME_MAX_BYTES = 210 };

static int fail(const char *option, const char *text, const char *why)
{
	fprintf(stderr, "tapelab: %s: \"%s\" %s\n", option, text, why);
	return CMD_USAGE;
}

/* Returns whether only this machine reaches the address. */
static bool is_loopback(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return strcmp(host, "localhost") == 0;
}

static int read_portals(const struct arguments *a, struct place *place)
{
	const char *listen = a->listen != NULL ? a->listen : "127.0.0.1";
	const char *why;

	why = iscsi_portal_read(listen, ISCSI_PORT, &place->listen);
	if (why != NULL)
		return fail("--listen", listen, why);
	if (!is_loopback(place->listen.host) && a->chap == NULL &&
	    !a->allow_anyone) {
		fprintf(stderr,
		    "tapelab: --listen: other hosts reach \"%s\", and could "
		    "read and erase the library: add --chap FILE, or "
		    "--allow-anyone\n",
		    listen);
		return CMD_USAGE;
	}
	if (a->advertise == NULL)
		return CMD_OK;
	why = iscsi_portal_read(a->advertise, 0, &place->advertise);
	return why == NULL ? CMD_OK : fail("--advertise", a->advertise, why);
}

/* Sets the name of the target; the default is that of the folder. */
static int read_name(const struct arguments *a, struct place *place)
{
	const char *why, *last;
	char *folder;

	if (a->name != NULL) {
		why = iscsi_name_read(a->name, place->name);
		if (why == NULL && strlen(place->name) > NAME_MAX_BYTES)
			why = "is longer than 210 bytes";
		return why == NULL ? CMD_OK : fail("--name", a->name, why);
	}
	folder = realpath(a->folder, NULL);
	last = folder != NULL ? strrchr(folder, '/') : NULL;
	iscsi_name_of_library(last != NULL ? last + 1 : a->folder, place->name);
	free(folder);
	return CMD_OK;
}

static int read_access(const struct arguments *a, struct place *place)
{
	char message[CHAP_MESSAGE_BYTES] = "out of memory";
	const char *option = "";
	size_t i;
	int rc;

	place->access = iscsi_access_create();
	rc = place->access != NULL ? 0 : -1;
	for (i = 0; i < a->allow_count && rc == 0; i++) {
		option = "--allow: ";
		rc = iscsi_access_allow(place->access, a->allow[i], message);
	}
	if (rc == 0 && a->chap != NULL) {
		option = "--chap: ";
		rc = iscsi_access_chap(place->access, a->chap, message);
	}
	if (rc == 0)
		return CMD_OK;
	fprintf(stderr, "tapelab: %s%s\n", option, message);
	return CMD_USAGE;
}

int serve_find_place(const struct arguments *a, struct place *place)
{
	int status = read_portals(a, place);

	if (status == CMD_OK)
		status = read_name(a, place);
	if (status == CMD_OK)
		status = read_access(a, place);
	return status;
}

int serve_check_allowed(const struct place *place, size_t luns)
{
	unsigned lun;
	const char *initiator =
	    iscsi_access_find_beyond(place->access, luns, &lun);

	if (initiator == NULL)
		return CMD_OK;
	fprintf(stderr,
	    "tapelab: --allow: %s: the library has no LUN %u: use 0 to %zu\n",
	    initiator, lun, luns - 1);
	return CMD_USAGE;
}

void serve_free_place(struct place *place)
{
	iscsi_access_free(place->access);
}
