/*
 * drives.c: lists the drive models, and shows the profile of one; lists the
 * drives of a robot.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/units.h"
#include "sim/base/option.h"
#include "sim/command/cmd.h"
#include "sim/command/drives_changer.h"
#include "sim/command/print.h"
#include "sim/command/verb_options.h"
#include "splitter/api/volumes.h"
#include "splitter/base/grow.h"
#include "splitter/base/text.h"
#include "vtl/model/profile.h"
#include "vtl/yaml/tree.h"

struct arguments {
	bool json;
	const char *show;            /* name or path; NULL: the list */
	struct drives_changer robot; /* changer NULL: models */
};

enum { KEY_JSON = 'j', KEY_DEVICE = 'f', KEY_VOLUME = 'V', KEY_CHANGER = 512 };

static error_t add(const char ***list, size_t *count, const char *word)
{
	const char **more = grow_by_one(*list, *count, sizeof *more);

	if (more == NULL)
		return ENOMEM;
	*list = more;
	more[(*count)++] = word;
	return 0;
}

static void check_robot(const struct arguments *a, struct argp_state *state)
{
	const struct drives_changer *r = &a->robot;

	if (r->changer == NULL &&
	    (r->devices_count > 0 || r->volumes_count > 0))
		argp_error(state, "--device and --volume need --changer");
	if (r->changer != NULL && state->arg_num > 0)
		argp_error(state,
		    "show and --changer exclude each other: a model is no "
		    "drive of a robot");
	if (r->volumes_count > 0 && r->devices_count == 0)
		argp_error(state,
		    "--volume names cartridges that may be loaded to find a "
		    "--device: name the device");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_JSON:
		a->json = true;
		return 0;
	case KEY_CHANGER:
		a->robot.changer =
		    option_name("--changer", "changer", arg, state);
		return 0;
	case KEY_DEVICE:
		return add(&a->robot.devices, &a->robot.devices_count,
		    option_name("--device", "drive", arg, state));
	case KEY_VOLUME:
		if (!splitter_barcode_valid(arg))
			argp_error(state,
			    "--volume: \"%s\" is not a barcode: use 1 to 32 "
			    "printable ASCII characters, with no blank at "
			    "either end",
			    arg);
		return add(&a->robot.volumes, &a->robot.volumes_count, arg);
	case ARGP_KEY_ARG:
		if (state->arg_num == 0 && strcmp(arg, "show") != 0)
			argp_error(state,
			    "unknown argument \"%s\"; write \"show %s\" for "
			    "one model",
			    arg, arg);
		else if (state->arg_num == 1)
			a->show = arg;
		else if (state->arg_num > 1)
			argp_error(state, "unexpected argument \"%s\"", arg);
		return 0;
	case ARGP_KEY_END:
		if (state->arg_num == 1)
			argp_error(state, "show: name a drive model");
		check_robot(a, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Writes the range of the speeds of the own medium: "112..365 MB/s". */
static void format_speeds(const struct model *m, char *text, size_t bytes)
{
	const struct model_medium *own = &m->media[0];
	double low, high;

	if (own->speeds == 0) {
		snprintf(text, bytes, "-");
		return;
	}
	low = (double)own->speeds_bytes_per_s[0] / 1e6;
	high = (double)own->speeds_bytes_per_s[own->speeds - 1] / 1e6;
	if (own->speeds == 1)
		snprintf(text, bytes, "%g MB/s", high);
	else
		snprintf(text, bytes, "%g..%g MB/s", low, high);
}

static void print_model(const struct model *m)
{
	char media[MODEL_MEDIA_MAX * MODEL_MEDIUM_BYTES] = "";
	char speeds[64], buffer[UNITS_BYTES];
	size_t i;

	for (i = 0; i < m->media_count; i++) {
		strcat(media, i > 0 ? " " : "");
		strcat(media,
		    strcmp(m->media[i].medium, media_any) == 0
			? "any"
			: m->media[i].medium);
	}
	format_speeds(m, speeds, sizeof speeds);
	printf("%-9s %-33s %-9s %-16s %s\n", m->name, m->title, media, speeds,
	    units_size_exact(buffer, m->buffer_bytes));
}

static json_t *medium_json(const struct model_medium *medium)
{
	json_t *speeds = json_array();
	size_t i;

	for (i = 0; i < medium->speeds; i++)
		json_array_append_new(speeds,
		    json_integer((json_int_t)medium->speeds_bytes_per_s[i]));
	return json_pack("{s:s, s:I, s:o}", "medium", medium->medium,
	    "capacity_bytes", (json_int_t)medium->capacity_bytes,
	    "speeds_bytes_per_s", speeds);
}

static json_t *model_json(const struct model *m)
{
	json_t *media = json_array();
	size_t i;

	for (i = 0; i < m->media_count; i++)
		json_array_append_new(media, medium_json(&m->media[i]));
	return json_pack("{s:s, s:s, s:s, s:o, s:I}", "name", m->name, "title",
	    m->title, "maker", m->maker, "media", media, "buffer_bytes",
	    (json_int_t)m->buffer_bytes);
}

static int list(bool as_json)
{
	json_t *all = json_array();
	const char *const *name;

	if (!as_json)
		printf("%-9s %-33s %-9s %-16s %s\n", "name", "title", "media",
		    "speeds", "buffer");
	for (name = model_names(); *name != NULL; name++) {
		const struct model *m = model_find(*name);

		if (m == NULL) {
			fprintf(stderr, "tapelab: %s: out of memory\n", *name);
			json_decref(all);
			return CMD_USAGE;
		}
		if (as_json)
			json_array_append_new(all, model_json(m));
		else
			print_model(m);
	}
	if (as_json)
		return print_json(all) == 0 ? CMD_OK : CMD_USAGE;
	json_decref(all);
	return CMD_OK;
}

/* Returns a profile as JSON: numbers keep their units, as texts. */
static json_t *tree_json(const struct yaml_tree *tree)
{
	json_t *json;
	size_t i;

	if (tree->kind == YAML_TREE_TEXT && tree->plain &&
	    strcmp(tree->text, "true") == 0)
		return json_true();
	if (tree->kind == YAML_TREE_TEXT && tree->plain &&
	    strcmp(tree->text, "false") == 0)
		return json_false();
	if (tree->kind == YAML_TREE_TEXT)
		return print_text(tree->text);
	if (tree->kind == YAML_TREE_LIST) {
		json = json_array();
		for (i = 0; i < tree->count; i++)
			json_array_append_new(json, tree_json(tree->items[i]));
		return json;
	}
	json = json_object();
	for (i = 0; i + 1 < tree->count; i += 2)
		json_object_set_new(json, tree->items[i]->text,
		    tree_json(tree->items[i + 1]));
	return json;
}

static int print_profile(const char *text, bool as_json)
{
	struct yaml_errors errors = { 0 };
	struct yaml_tree *tree;
	json_t *json = NULL;

	if (!as_json) {
		fputs(text, stdout);
		return CMD_OK;
	}
	tree = yaml_tree_parse(text, strlen(text), &errors);
	if (tree != NULL)
		json = tree_json(tree);
	yaml_tree_free(tree);
	yaml_errors_clear(&errors);
	if (print_json(json) == 0)
		return CMD_OK;
	fputs("tapelab: out of memory\n", stderr);
	return CMD_USAGE;
}

static int show_file(const char *path, bool as_json)
{
	struct model *model = profile_read(path, cmd_notice, NULL);
	int status;

	if (model == NULL)
		return CMD_USAGE;
	status = print_profile(model->profile, as_json);
	free(model);
	return status;
}

static int show_model(const char *name, bool as_json)
{
	const struct model *model = model_find(name);
	const char *other = model_of_other_maker(name);
	const char *text = model != NULL ? profile_text(model->name) : NULL;
	char message[512];
	struct text_quote quote;

	if (model == NULL) {
		snprintf(message, sizeof message, "no drive model %s",
		    text_quote(&quote, name));
		text_suggest(message, sizeof message, name, model_names());
		cmd_notice(NULL, message);
		return CMD_USAGE;
	}
	if (text == NULL) {
		snprintf(message, sizeof message,
		    "%s has no profile: its transfers and moves take no time",
		    model->name);
		cmd_notice(NULL, message);
		return CMD_USAGE;
	}
	if (other != NULL && !as_json)
		printf("# Makers differ: without a maker this is IBM's; HP's "
		       "is %s.\n",
		    other);
	return print_profile(text, as_json);
}

static int run(const struct arguments *a)
{
	if (a->robot.changer != NULL)
		return drives_changer_list(&a->robot);
	if (a->show == NULL)
		return list(a->json);
	return profile_is_path(a->show) ? show_file(a->show, a->json)
					: show_model(a->show, a->json);
}

int cmd_drives(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "json", KEY_JSON, NULL, 0, "print JSON, for programs", 0 },
		{ "changer", KEY_CHANGER, "DEV|COMMAND", 0,
		    "list the drives of this robot and their devices: its "
		    "device, such as /dev/sg3, or a command such as \"mtx -f "
		    "/dev/sg3\"",
		    1 },
		{ "device", KEY_DEVICE, "DEV", VERB_OPTION_REPEATS,
		    "with --changer: prove which of them this device is", 1 },
		{ "volume", KEY_VOLUME, "BARCODE", VERB_OPTION_REPEATS,
		    "with --device: a cartridge that may be loaded for that",
		    1 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "\nshow MODEL|FILE\n--changer=DEV|COMMAND",
		.doc =
		    "Lists the drive models, shows the profile of one, or "
		    "lists the drives of a robot.\n"
		    "\vThe profile of a model is YAML: it can be saved, edited "
		    "and used wherever a model can be named.  Exit status: 0 "
		    "done; 2 bad usage, no such model, or the robot cannot be "
		    "used.",
	};
	struct arguments a = { 0 };
	int status = CMD_USAGE;

	if (cmd_begin(&argp, argc, argv, &a)) {
		a.robot.json = a.json;
		status = run(&a);
	}
	free(a.robot.devices);
	free(a.robot.volumes);
	return status;
}
