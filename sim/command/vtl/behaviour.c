/* behaviour.c: prints and changes the behaviour of drives. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/command/cmd.h"
#include "sim/command/verb_options.h"
#include "sim/command/print.h"
#include "sim/scenario/faults/entry.h"
#include "sim/command/vtl/vtl.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/serve/remote.h"

enum { KEY_CLEAR = 256 };

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	bool clear;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (key != KEY_CLEAR)
		return vtl_parse(key, arg, state);
	a->clear = true;
	return 0;
}

/* A selected drive, and its behaviour. */
struct chosen {
	const struct changer_element *element;
	struct drive_options options;
};

static bool changes(const struct arguments *a)
{
	return a->clear || a->args.count > 0;
}

/* Selects the drives, and computes the new behaviour of each drive. */
static int choose(struct changer *changer, const struct arguments *a,
    const struct changer_element *e, size_t count, struct chosen *chosen,
    size_t *drives)
{
	const struct scenario_entry_errors errors = { .what = "behaviour",
		.report = vtl_report };
	enum changer_status status = CHANGER_OK;
	struct drive_options *options;
	size_t i;

	for (i = 0; i < count && status == CHANGER_OK; i++) {
		if (!vtl_concerns_drive(&a->args, &e[i]))
			continue;
		chosen[*drives].element = &e[i];
		options = &chosen[(*drives)++].options;
		if (!a->clear)
			status = changer_get_behaviour(changer, e[i].number,
			    options);
		if (status == CHANGER_OK && a->args.count > 0 &&
		    !scenario_entry_behaviour(a->args.words[0], options,
			&errors))
			return CMD_USAGE;
	}
	if (status == CHANGER_OK && *drives == 0)
		return vtl_fail_drive(&a->args);
	return vtl_report_status(changer, status);
}

static json_t *drive_json(const struct chosen *drive)
{
	char name[32];

	return json_pack("{s:s, s:s, s:o}", "element",
	    vtl_element_name(drive->element->address, name), "model",
	    drive->element->model->name, "behaviour",
	    scenario_entry_behaviour_json(&drive->options));
}

static void print_drive(const struct chosen *drive)
{
	json_t *json = scenario_entry_behaviour_json(&drive->options);
	char name[32];

	printf("%s (%s): ", vtl_element_name(drive->element->address, name),
	    drive->element->model->name);
	scenario_entry_print(json, stdout);
	putchar('\n');
	json_decref(json);
}

static int show(const struct chosen *drives, size_t count, bool as_json)
{
	json_t *json = as_json ? json_array() : NULL;
	size_t i;

	for (i = 0; i < count; i++)
		if (as_json)
			json_array_append_new(json, drive_json(&drives[i]));
		else
			print_drive(&drives[i]);
	return as_json ? vtl_print_json(json) : CMD_OK;
}

static int behave(struct changer *changer, const struct arguments *a,
    const struct changer_element *e, size_t count)
{
	struct chosen *drives = calloc(count + 1, sizeof *drives);
	size_t drives_count = 0, i;
	int status;

	if (drives == NULL)
		return vtl_fail("out of memory");
	status = choose(changer, a, e, count, drives, &drives_count);
	for (i = 0; i < drives_count && status == CMD_OK && changes(a); i++)
		status = vtl_report_status(changer,
		    changer_set_behaviour(changer, drives[i].element->number,
			&drives[i].options));
	if (changes(a))
		serve_remote_changed(changer_folder(changer), false);
	if (status == CMD_OK)
		status = show(drives, drives_count, a->args.json);
	free(drives);
	return status;
}

static const struct argp_option options[] = { VTL_OPTION_DRIVE,
	{ "clear", KEY_CLEAR, NULL, VERB_OPTION_LINE_ONLY,
	    "first reset the drives to their models", 1 },
	VTL_OPTION_JSON, { 0 } };

int vtl_behaviour(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB [BEHAVIOUR]",
		.doc =
		    "Prints how drives differ from their models, or changes "
		    "it.  BEHAVIOUR has the keys of library.behaviour of a "
		    "scenario, such as '{buffered: true, buffer: 64 MiB}'; "
		    "other keys keep their values.\vExit status: 0 done; 1 no "
		    "such drive; 2 bad usage, or no library.",
	};
	struct arguments a = { .args = { .max = 1 } };
	struct changer_element *elements;
	struct changer *changer;
	size_t count;
	int status;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	changer = vtl_open(a.args.folder, !changes(&a));
	if (changer == NULL)
		return CMD_USAGE;
	status = vtl_report_status(changer,
	    changer_list(changer, &elements, &count));
	if (status == CMD_OK) {
		status = behave(changer, &a, elements, count);
		free(elements);
	}
	changer_close(changer);
	if (changes(&a) && status == CMD_OK &&
	    serve_remote_is_served(a.args.folder))
		vtl_warn("library %s is served: the new behaviour of a drive "
			 "takes effect when it next loads a cartridge",
		    a.args.folder);
	if (!changes(&a))
		print_unwritten(CMD_FAILED);
	return status;
}
