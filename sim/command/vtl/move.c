/* move.c: moves cartridges between the elements of a library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/vtl/vtl.h"
#include "vtl/base/media.h"
#include "vtl/serve/remote.h"

/*
 * Gets the contents of an element; `out` stays as it is if the element is
 * empty.
 */
static enum changer_status inspect(struct changer *changer, unsigned address,
    struct changer_element *out)
{
	struct changer_element *elements;
	size_t count, i;
	enum changer_status status = changer_list(changer, &elements, &count);

	if (status != CHANGER_OK)
		return status;
	for (i = 0; i < count; i++)
		if (elements[i].address == address && elements[i].full)
			*out = elements[i];
	free(elements);
	return status;
}

/* Moves a cartridge and reports it.  `to` 0: to its source address. */
static int move_and_report(struct changer *changer, unsigned from, unsigned to,
    bool json)
{
	char message[SERVE_MESSAGE_BYTES];
	struct changer_element e = { 0 };
	char left[32], right[32];
	enum changer_status status = inspect(changer, from, &e);

	if (status != CHANGER_OK)
		return vtl_report_status(changer, status);
	if (!serve_remote_move(changer, from, &to, message))
		return vtl_fail("%s", message);
	/* a fault may move another cartridge */
	inspect(changer, to, &e);
	vtl_element_name(from, left);
	vtl_element_name(to, right);
	if (json)
		return vtl_print_json(json_pack("{s:s, s:s, s:s}", "barcode",
		    e.barcode, "from", left, "to", right));
	printf("%s: %s -> %s\n", e.barcode, left, right);
	return CMD_OK;
}

/*
 * Finds the first free drive that can use the cartridge.  Returns 0 after an
 * error, which was reported.
 */
static unsigned free_drive(struct changer *changer, unsigned from)
{
	/* A server uses all drives, and loads into them. */
	const bool served = serve_remote_is_served(changer_folder(changer));
	struct changer_element *elements, what = { 0 };
	unsigned found = 0;
	size_t count, i;
	enum changer_status status = inspect(changer, from, &what);

	if (status == CHANGER_OK)
		status = changer_list(changer, &elements, &count);
	if (status != CHANGER_OK) {
		vtl_report_status(changer, status);
		return 0;
	}
	for (i = 0; i < count && found == 0; i++)
		if (elements[i].kind == CHANGER_KIND_DRIVE &&
		    !elements[i].full &&
		    (served || elements[i].client.id == 0) &&
		    model_use(elements[i].model,
			media_find_type(what.medium, what.barcode)) !=
			MEDIA_NONE)
			found = elements[i].address;
	free(elements);
	if (found == 0)
		vtl_fail("no free drive can use the cartridge: unload a drive, "
			 "or name one");
	return found;
}

static int load(struct changer *changer, const struct vtl_args *a)
{
	unsigned from, to;

	from = vtl_parse_element(changer, a->words[0], CHANGER_KIND_SLOT);
	if (from == 0)
		return CMD_FAILED;
	to = a->count > 1
	    ? vtl_parse_element(changer, a->words[1], CHANGER_KIND_DRIVE)
	    : free_drive(changer, from);
	return to == 0 ? CMD_FAILED
		       : move_and_report(changer, from, to, a->json);
}

static int unload(struct changer *changer, const struct vtl_args *a)
{
	unsigned from, to = 0;

	from = vtl_parse_element(changer, a->words[0], CHANGER_KIND_DRIVE);
	if (from == 0)
		return CMD_FAILED;
	if (from < CHANGER_DRIVE_ADDRESS || from >= CHANGER_SLOT_ADDRESS)
		return vtl_fail("%s is not in a drive", a->words[0]);
	if (a->count > 1) {
		to = vtl_parse_element(changer, a->words[1], CHANGER_KIND_SLOT);
		if (to == 0)
			return CMD_FAILED;
	}
	return move_and_report(changer, from, to, a->json);
}

static int move(struct changer *changer, const struct vtl_args *a)
{
	unsigned from =
	    vtl_parse_element(changer, a->words[0], CHANGER_KIND_ROBOT);
	unsigned to = from == 0
	    ? 0
	    : vtl_parse_element(changer, a->words[1], CHANGER_KIND_ROBOT);

	return from == 0 || to == 0
	    ? CMD_FAILED
	    : move_and_report(changer, from, to, a->json);
}

static const struct argp_option options[] = { VTL_OPTION_JSON, { 0 } };

#define STATUS                                                             \
	"An element is drive:N (from 0), slot:N or ie:N (from 1), or the " \
	"barcode of its cartridge.  Exit status: 0 done; 1 not moved; 2 "  \
	"bad usage, or no library."

static int run(const struct argp *argp, int argc, char **argv,
    struct vtl_args *a,
    int (*verb)(struct changer *changer, const struct vtl_args *a))
{
	struct changer *changer;
	int status;

	if (!cmd_parse(argp, argc, argv, a))
		return CMD_USAGE;
	changer = vtl_open(a->folder, false);
	if (changer == NULL)
		return CMD_USAGE;
	status = verb(changer, a);
	changer_close(changer);
	return status;
}

int vtl_load(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = vtl_parse,
		.args_doc = "LIB BARCODE|SLOT [DRIVE]",
		.doc = "Moves a cartridge to a drive, by default the first "
		       "free one.  It stays there until it is "
		       "unloaded.\v" STATUS,
	};
	struct vtl_args a = { .min = 1,
		.max = 2,
		.missing = "the cartridge to load: a barcode or a slot" };

	return run(&argp, argc, argv, &a, load);
}

int vtl_unload(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = vtl_parse,
		.args_doc = "LIB BARCODE|DRIVE [SLOT]",
		.doc = "Moves the cartridge in a drive to a slot, by default "
		       "the one from which it was loaded.\v" STATUS,
	};
	struct vtl_args a = { .min = 1,
		.max = 2,
		.missing = "the cartridge to unload: a barcode or a drive" };

	return run(&argp, argc, argv, &a, unload);
}

int vtl_move(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = vtl_parse,
		.args_doc = "LIB FROM TO",
		.doc =
		    "Moves a cartridge from one element to another.\v" STATUS,
	};
	struct vtl_args a = {
		.min = 2, .max = 2, .missing = "two elements: from, to"
	};

	return run(&argp, argc, argv, &a, move);
}
