/* wear.c: prints and changes how worn volumes are. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/option.h"
#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "sim/command/verb_options.h"
#include "sim/command/vtl/volume.h"
#include "vtl/base/media.h"
#include "vtl/volume/history.h"

enum { KEY_ADD = 256, KEY_LIFE, COUNT_MAX = 1000000000 };

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	uint64_t add, life;   /* 0: not given */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_ADD:
		a->add = option_count("--add-loads", arg, 1, COUNT_MAX, state);
		return 0;
	case KEY_LIFE:
		a->life = option_count("--life", arg, 1, COUNT_MAX, state);
		return 0;
	default:
		return vtl_parse(key, arg, state);
	}
}

static bool changes(const struct arguments *a)
{
	return a->add > 0 || a->life > 0;
}

/* Changes a volume, and gets its wear.  Returns 0 or -1. */
static int wear_volume(struct volume *volume, const struct arguments *a,
    struct volume_wear *wear)
{
	if (a->add > 0 && volume_add_loads(volume, a->add) != 0)
		return -1;
	if (a->life > 0 && volume_set_life(volume, a->life) != 0)
		return -1;
	return changes(a) && volume_sync(volume) != 0
	    ? -1
	    : volume_get_wear(volume, wear);
}

static void report(const char *barcode, const struct volume_wear *wear,
    json_t *all)
{
	static const char *const names[] = { [MEDIA_GOOD] = "good",
		[MEDIA_NEARLY_WORN] = "nearly worn",
		[MEDIA_WORN] = "worn" };
	const char *name = names[media_wear(wear->loads, wear->life_loads)];

	if (all != NULL)
		json_array_append_new(all,
		    json_pack("{s:s, s:I, s:I, s:s}", "barcode", barcode,
			"loads", (json_int_t)wear->loads, "life_loads",
			(json_int_t)wear->life_loads, "wear", name));
	else
		printf("%s: %" PRIu64 " of %" PRIu64 " loads, %s\n", barcode,
		    wear->loads, wear->life_loads, name);
}

static int wear_one(struct changer *changer, const struct arguments *a,
    const char *barcode, json_t *all)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer_element element;
	struct volume_wear wear;
	struct volume *volume =
	    vtl_volume_open(changer, barcode, &element, message);
	int status = CMD_OK;

	if (volume == NULL)
		return vtl_fail("%s", message);
	if (wear_volume(volume, a, &wear) == 0)
		report(barcode, &wear, all);
	else
		status = vtl_fail("%s", volume_message(volume));
	if (vtl_volume_close(changer, volume, message) != 0 && status == CMD_OK)
		status = vtl_fail("%s", message);
	return status;
}

static int wear_all(struct changer *changer, const struct arguments *a,
    json_t *all)
{
	struct changer_element *elements = NULL;
	size_t count = 0, i;
	int status = vtl_report_status(changer,
	    changer_list(changer, &elements, &count));

	for (i = 0; i < count; i++)
		if (elements[i].full && !elements[i].cleaning &&
		    wear_one(changer, a, elements[i].barcode, all) != CMD_OK)
			status = CMD_FAILED;
	free(elements);
	return status;
}

static int wear(struct changer *changer, const struct arguments *a)
{
	json_t *all = a->args.json ? json_array() : NULL;
	int status = CMD_OK;
	size_t i;

	if (a->args.count == 0)
		status = wear_all(changer, a, all);
	for (i = 0; i < a->args.count; i++)
		if (wear_one(changer, a, a->args.words[i], all) != CMD_OK)
			status = CMD_FAILED;
	if (a->args.json && vtl_print_json(all) != CMD_OK)
		return CMD_FAILED;
	return status;
}

static const struct argp_option options[] = {
	{ "add-loads", KEY_ADD, "N", VERB_OPTION_LINE_ONLY,
	    "add N loads to those that the volumes had", 1 },
	{ "life", KEY_LIFE, "N", VERB_OPTION_LINE_ONLY,
	    "the volumes are made for N loads (new volumes: 20000)", 1 },
	VTL_OPTION_JSON, { 0 }
};

int vtl_wear(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB [BARCODE...]",
		.doc = "Prints how often the given volumes, or all volumes, "
		       "were loaded, and how many loads they are made for; or "
		       "changes it.\vExit status: 0 done; 1 no such volume, or "
		       "it is in use; 2 bad usage, or no library.",
	};
	struct arguments a = { .args = { .max = SIZE_MAX } };
	struct changer *changer;
	int status;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	changer = vtl_open(a.args.folder, true);
	if (changer == NULL)
		return CMD_USAGE;
	status = wear(changer, &a);
	changer_close(changer);
	return status;
}
