/* label.c: tapelab label: labels volumes as free to be written to. */
#include <argp.h>
#include <stdio.h>

#include "splitter/base/units.h"
#include "sim/command/cmd.h"
#include "sim/command/verb_options.h"
#include "sim/command/tape/overwrite.h"
#include "splitter/base/signals.h"
#include "splitter/tool/label.h"

enum {
	KEY_YES = 256,
	KEY_BLOCK,
	KEY_CATALOGUE,
	KEY_NO_CATALOGUE,
	LABEL_BLOCK_BYTES = 32 << 10
};

struct arguments {
	struct tapes_spec tapes;
	struct overwrite_spec overwrite;
	struct label_options options;
};

/* In a library the names are those of the volumes to be labelled. */
static void name_volumes(struct arguments *a, struct argp_state *state)
{
	size_t i;

	if (a->tapes.device != NULL || a->tapes.volumes_count > 0)
		return;
	for (i = 0; i < a->overwrite.count; i++)
		tapes_add_name(&a->tapes.volumes, &a->tapes.volumes_count,
		    "--overwrite", a->overwrite.names[i], state);
}

static void check_together(struct arguments *a, struct argp_state *state)
{
	struct label_options *o = &a->options;

	overwrite_check(&a->overwrite, &a->tapes, state);
	if (o->yes && !a->overwrite.unnamed)
		argp_error(state, "--yes needs --overwrite-unnamed");
	if (o->catalogue != NULL && o->no_catalogue)
		argp_error(state,
		    "--catalogue and --no-catalogue exclude each other");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	struct label_options *o = &a->options;
	char err[256];

	switch (key) {
	case KEY_YES:
		o->yes = true;
		return 0;
	case KEY_BLOCK:
		if (units_parse(UNITS_SIZE, arg, &o->block_bytes, err,
			sizeof err) != 0)
			argp_error(state, "--block: %s", err);
		if (o->block_bytes < TAPE_BLOCK_MIN_BYTES)
			argp_error(state,
			    "--block: %s is too small: use %d B at least", arg,
			    TAPE_BLOCK_MIN_BYTES);
		return 0;
	case KEY_CATALOGUE:
		o->catalogue = arg;
		return 0;
	case KEY_NO_CATALOGUE:
		o->no_catalogue = true;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->tapes;
		state->child_inputs[1] = &a->overwrite;
		return 0;
	case ARGP_KEY_ARG:
		return ARGP_ERR_UNKNOWN;
	case ARGP_KEY_END:
		check_together(a, state);
		name_volumes(a, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "The label:", 2 },
	{ "block", KEY_BLOCK, "SIZE", 0, "size of the label (default 32 KiB)",
	    2 },
	{ "catalogue", KEY_CATALOGUE, "FILE", 0,
	    "the catalogue, from which lost dumps are removed (default: in the "
	    "library, or below XDG_STATE_HOME)",
	    2 },
	{ "no-catalogue", KEY_NO_CATALOGUE, NULL, 0, "use no catalogue", 2 },
	{ NULL, 0, NULL, 0,
	    "Volumes that are labelled although they are not blank:",
	    OVERWRITE_GROUP },
	{ "yes", KEY_YES, NULL, VERB_OPTION_LINE_ONLY,
	    "do not ask that question", OVERWRITE_GROUP },
	{ 0 },
};

static void print_barcode(void *arg, const char *barcode)
{
	(void)arg;
	printf("%s\n", barcode);
}

static int run(struct arguments *a)
{
	char err[512];

	a->options.tapes = tapes_source(&a->tapes);
	a->options.overwrite = a->overwrite.names;
	a->options.overwrite_count = a->overwrite.count;
	a->options.overwrite_unnamed = a->overwrite.unnamed;
	a->options.format = a->overwrite.format;
	switch (label_volumes(&a->options, err, sizeof err)) {
	case LABEL_DONE:
		return CMD_OK;
	case LABEL_INTERRUPTED:
		return CMD_LOST;
	case LABEL_NOT_ALL:
		return CMD_USAGE;
	case LABEL_NOT_BEGUN:
		break;
	}
	fprintf(stderr, "tapelab: %s\n", err);
	return signals_signal() != 0 ? CMD_LOST : CMD_USAGE;
}

int cmd_label(int argc, char **argv)
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
		    "Labels volumes as scratch: free to be written to.\n"
		    "\vLabels all blank volumes, or those of --volume, and "
		    "prints their barcodes.  Exit status: 0; 2 bad usage, or a "
		    "volume of --volume was not labelled, could not be loaded, "
		    "or its label failed; 5 a signal came.",
	};
	struct arguments a = { .tapes.program = "tapelab label",
		.options = { .block_bytes = LABEL_BLOCK_BYTES,
		    .labelled = print_barcode } };
	int status = CMD_USAGE;

	if (cmd_begin(&argp, argc, argv, &a))
		status = run(&a);
	overwrite_spec_clear(&a.overwrite);
	tapes_spec_clear(&a.tapes);
	return status;
}
