/* calibrate.c: tapelab calibrate: measures the constants of a drive. */
#include <argp.h>
#include <stdio.h>

#include "sim/base/option.h"
#include "sim/command/calibrate/run.h"
#include "sim/command/cmd.h"
#include "sim/command/verb_options.h"

enum { KEY_FILL = 256, KEY_MODEL, KEY_YES, KEY_BLANK };

static void check_together(const struct calibrate_request *r,
    struct argp_state *state)
{
	const struct tapes_spec *t = &r->tapes;

	if (t->volumes_count > 1)
		argp_error(state, "--volume: a calibration uses one volume");
	if (t->library != NULL && t->volumes_count == 0)
		argp_error(state,
		    "--library: name the volume to write: --volume BARCODE");
	if (t->device != NULL &&
	    (t->changer != NULL || t->change != NULL || t->eject ||
		t->limited || t->faults_count > 0 || t->trace != NULL))
		argp_error(state,
		    "--device: a calibration uses the cartridge in the drive, "
		    "as it is: without --changer, --changer-command, --eject, "
		    "--limit, --fault and --trace");
	if (t->backend_given && t->backend != SPLITTER_BACKEND_SG)
		argp_error(state,
		    "--backend: a calibration needs SCSI commands (sg)");
	overwrite_check(&r->overwrite, t, state);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct calibrate_request *r = state->input;

	switch (key) {
	case KEY_FILL:
		r->fill = true;
		return 0;
	case KEY_MODEL:
		r->model = arg;
		return 0;
	case KEY_YES:
		r->yes = true;
		return 0;
	case KEY_BLANK:
		r->label_blank = true;
		return 0;
	case 'o':
		r->out = option_name("--out", "folder", arg, state);
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &r->tapes;
		state->child_inputs[1] = &r->overwrite;
		return 0;
	case ARGP_KEY_ARG:
		return ARGP_ERR_UNKNOWN;
	case ARGP_KEY_END:
		check_together(r, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "The calibration:", 2 },
	{ "out", 'o', "DIR", 0,
	    "write the profile and the report into DIR, and continue there what "
	    "was interrupted (default: calibration)",
	    2 },
	{ "fill", KEY_FILL, NULL, VERB_OPTION_LINE_ONLY,
	    "write the whole tape, for the capacity and the early warning: "
	    "hours",
	    2 },
	{ "model", KEY_MODEL, "MODEL", 0,
	    "what is expected of the drive: a drive model or a profile "
	    "(default: that of the drive)",
	    2 },
	{ "yes", KEY_YES, NULL, VERB_OPTION_LINE_ONLY,
	    "carry out the plan without a question", 2 },
	{ NULL, 0, NULL, 0,
	    "Volumes that may be used, besides those with a scratch label:",
	    OVERWRITE_GROUP },
	{ "label-blank", KEY_BLANK, NULL, 0,
	    "a volume on which nothing was ever written", OVERWRITE_GROUP },
	{ 0 },
};

int cmd_calibrate(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &tapes_argp, 0, NULL, 0 },
		{ &overwrite_argp, 0, NULL, 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.children = children,
		.doc =
		    "Measures the constants of a drive, and writes its profile."
		    "\n\vAll that is on the volume after its label is lost.  "
		    "Exit status: 0 done; 1 the drive does not fit the model "
		    "in a constant; 2 bad usage, or the volume may not be "
		    "written; 5 the drive failed, or a signal came: the same "
		    "command continues.",
	};
	struct calibrate_request r = { .tapes.program = "tapelab calibrate",
		.out = "calibration",
		.argc = argc,
		.argv = argv };
	int status = CMD_USAGE;

	if (cmd_begin(&argp, argc, argv, &r))
		status = calibrate_command(&r);
	tapes_spec_clear(&r.tapes);
	overwrite_spec_clear(&r.overwrite);
	return status;
}
