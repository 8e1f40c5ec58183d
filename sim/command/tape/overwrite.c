/* overwrite.c: see overwrite.h. */
#include "sim/command/tape/overwrite.h"

#include <stdlib.h>

#include "sim/command/verb_options.h"

enum { KEY_OVERWRITE = 768, KEY_UNNAMED, KEY_FORMAT };

void overwrite_check(const struct overwrite_spec *spec,
    const struct tapes_spec *tapes, struct argp_state *state)
{
	if (spec->unnamed && tapes->device == NULL)
		argp_error(state,
		    "--overwrite-unnamed needs --device: in a library each "
		    "volume has a barcode; use --overwrite");
	if (spec->format && !spec->unnamed && spec->count == 0)
		argp_error(state,
		    "--format needs --overwrite or --overwrite-unnamed");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct overwrite_spec *spec = state->input;

	switch (key) {
	case KEY_OVERWRITE:
		return tapes_add_name(&spec->names, &spec->count, "--overwrite",
		    arg, state);
	case KEY_UNNAMED:
		spec->unnamed = true;
		return 0;
	case KEY_FORMAT:
		spec->format = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ "overwrite", KEY_OVERWRITE, "NAME",
	    VERB_OPTION_LINE_ONLY | VERB_OPTION_REPEATS,
	    "the volume with this barcode or medium serial number, whatever is "
	    "on it; that is lost",
	    OVERWRITE_GROUP },
	{ "overwrite-unnamed", KEY_UNNAMED, NULL, VERB_OPTION_LINE_ONLY,
	    "the volume in the drive of --device, after a question that shows "
	    "what is on it",
	    OVERWRITE_GROUP },
	{ "format", KEY_FORMAT, NULL, VERB_OPTION_LINE_ONLY,
	    "format a volume with several partitions, which may be "
	    "overwritten, as one partition",
	    OVERWRITE_GROUP },
	{ 0 },
};

const struct argp overwrite_argp = { .options = options, .parser = parse };

void overwrite_spec_clear(struct overwrite_spec *spec)
{
	free(spec->names);
	*spec = (struct overwrite_spec){ .names = NULL };
}
