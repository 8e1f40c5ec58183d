/* tapes_args.c: the options that name tapes, and the filters before them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/option.h"
#include "sim/base/pace.h"
#include "sim/command/tape/tapes.h"
#include "sim/command/verb_options.h"
#include "splitter/api/volumes.h"
#include "splitter/base/units.h"
#include "splitter/base/grow.h"

enum {
	KEY_LIBRARY = 'l',
	KEY_DEVICE = 'f',
	KEY_VOLUME = 'V',
	KEY_DRIVE = 512,
	KEY_WAIT,
	KEY_PACE,
	KEY_BACKEND,
	KEY_CHANGER,
	KEY_CHANGER_COMMAND,
	KEY_EJECT,
	KEY_LIMIT,
	KEY_FAULT,
	KEY_TRACE,
	DRIVE_MAX = 1000
};

error_t tapes_add_name(const char ***names, size_t *count, const char *option,
    const char *arg, struct argp_state *state)
{
	const char **more = grow_by_one(*names, *count, sizeof *more);

	if (!splitter_barcode_valid(arg))
		argp_error(state,
		    "%s: \"%s\" is not a barcode: use 1 to 32 printable ASCII "
		    "characters, with no blank at either end",
		    option, arg);
	if (more == NULL)
		return ENOMEM;
	*names = more;
	more[(*count)++] = arg;
	return 0;
}

/* Parses a limit: "SIZE", or "SIZE,WARNING". */
static void parse_limit(struct tapes_spec *spec, char *arg,
    struct argp_state *state)
{
	char *comma = strchr(arg, ','), err[256];

	if (comma != NULL)
		*comma = '\0';
	if (units_parse(UNITS_SIZE, arg, &spec->limit_bytes, err, sizeof err) !=
		0 ||
	    (comma != NULL &&
		units_parse(UNITS_SIZE, comma + 1, &spec->warning_bytes, err,
		    sizeof err) != 0))
		argp_error(state, "--limit: %s", err);
	if (comma == NULL)
		spec->warning_bytes = SPLITTER_NO_WARNING;
	spec->limited = true;
}

/* Cuts off the text up to the next colon or the end.  Returns it. */
static const char *cut_word(char **text)
{
	char *word = *text;

	*text = word + strcspn(word, ":");
	if (**text == ':')
		*(*text)++ = '\0';
	return word;
}

enum { FAULT_CAUSES_MAX = 16 };

/*
 * Parses a fault: "THING:NTH:CAUSE".  "+" at the end means that all later
 * operations fail, too.
 */
static void parse_fault(struct tapes_spec *spec, char *arg,
    struct argp_state *state)
{
	static const char takes[] = "--fault takes THING:NTH:CAUSE";
	const enum tape_cause *causes = splitter_fault_causes();
	const char *names[FAULT_CAUSES_MAX + 1] = { NULL };
	struct splitter_fault *more =
	    grow_by_one(spec->faults, spec->faults_count, sizeof *more);
	struct splitter_fault f = { .once = true };
	size_t n = strlen(arg), i;

	if (more == NULL)
		argp_failure(state, 2, ENOMEM, "--fault");
	spec->faults = more;
	if (n > 0 && arg[n - 1] == '+') {
		f.once = false;
		arg[n - 1] = '\0';
	}
	f.at = (enum splitter_fault_at)option_word(takes, cut_word(&arg),
	    splitter_fault_at_names(), state);
	f.nth = option_count(takes, cut_word(&arg), 1, INT64_MAX, state);
	for (i = 0; causes[i] != TAPE_OK && i < FAULT_CAUSES_MAX; i++)
		names[i] = tape_cause_name(causes[i]);
	f.cause = causes[option_word(takes, cut_word(&arg), names, state)];
	spec->faults[spec->faults_count++] = f;
}

static void check_changer(const struct tapes_spec *spec,
    struct argp_state *state)
{
	if (spec->device == NULL &&
	    (spec->changer != NULL || spec->change != NULL || spec->eject ||
		spec->backend_given))
		argp_error(state,
		    "--backend, --changer, --changer-command and --eject need "
		    "--device");
	if (spec->changer != NULL && spec->change != NULL)
		argp_error(state,
		    "--changer and --changer-command exclude each other");
	if (spec->changer != NULL && spec->volumes_count == 0)
		argp_error(state,
		    "--changer moves only cartridges that are named: name them "
		    "with --volume");
}

/* In the order of enum splitter_backend. */
static const char *const backends[] = { "st", "sg", NULL };

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct tapes_spec *spec = state->input;
	char err[256];

	switch (key) {
	case KEY_LIBRARY:
		spec->library = arg;
		return 0;
	case KEY_DEVICE:
		spec->device = option_name("--device", "drive", arg, state);
		return 0;
	case KEY_BACKEND:
		spec->backend = (enum splitter_backend)option_word("--backend",
		    arg, backends, state);
		spec->backend_given = true;
		return 0;
	case KEY_CHANGER:
		spec->changer = option_name("--changer", "changer", arg, state);
		return 0;
	case KEY_CHANGER_COMMAND:
		spec->change =
		    option_name("--changer-command", "command", arg, state);
		return 0;
	case KEY_EJECT:
		spec->eject = true;
		return 0;
	case KEY_DRIVE:
		if (units_parse_count(arg, 0, DRIVE_MAX, &spec->drive, err,
			sizeof err) != 0)
			argp_error(state, "--drive: %s", err);
		spec->drive_given = true;
		return 0;
	case KEY_WAIT:
		spec->wait = true;
		return 0;
	case KEY_PACE:
		spec->pace_permille = pace_parse(arg, err, sizeof err);
		if (spec->pace_permille == 0)
			argp_error(state, "--pace: %s", err);
		return 0;
	case KEY_LIMIT:
		parse_limit(spec, arg, state);
		return 0;
	case KEY_FAULT:
		parse_fault(spec, arg, state);
		return 0;
	case KEY_TRACE:
		spec->trace = arg;
		return 0;
	case KEY_VOLUME:
		return tapes_add_name(&spec->volumes, &spec->volumes_count,
		    "--volume", arg, state);
	case ARGP_KEY_END:
		if ((spec->library == NULL) == (spec->device == NULL))
			argp_error(state,
			    spec->library == NULL
				? "say where the tapes are: --library LIB, or "
				  "--device DEV"
				: "--library and --device exclude each other");
		if (spec->library == NULL &&
		    (spec->drive_given || spec->wait ||
			spec->pace_permille > 0))
			argp_error(state,
			    "--drive, --wait and --pace need --library");
		check_changer(spec, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Where the tapes are:", 1 },
	{ "library", KEY_LIBRARY, "LIB", 0, "the folder of a virtual library",
	    1 },
	{ "device", KEY_DEVICE, "DEV", 0, "a tape drive, such as /dev/nst0",
	    1 },
	{ "backend", KEY_BACKEND, "st|sg", 0,
	    "with --device: use the tape driver (st), or send SCSI commands "
	    "(sg); by default sg where the sg node of the drive may be opened",
	    1 },
	{ "drive", KEY_DRIVE, "N", 0,
	    "with --library: use only this drive, from 0; a volume in it is "
	    "used first",
	    1 },
	{ "wait", KEY_WAIT, NULL, 0,
	    "with --library: wait for a volume or a drive that is in use", 1 },
	{ "pace", KEY_PACE, "FACTOR", OPTION_ARG_OPTIONAL,
	    "with --library: drives and robot take the time of their models, "
	    "times FACTOR: 0.01 is a hundredth of it",
	    1 },
	{ "changer", KEY_CHANGER, "DEV|COMMAND", 0,
	    "with --device: the robot that loads the volumes of --volume: its "
	    "device, such as /dev/sg3, or a command such as \"mtx -f "
	    "/dev/sg3\"",
	    1 },
	{ "changer-command", KEY_CHANGER_COMMAND, "COMMAND", 0,
	    "with --device: this command loads the next volume, instead of the "
	    "person at the terminal",
	    1 },
	{ "eject", KEY_EJECT, NULL, 0,
	    "with --device: eject each volume after use", 1 },
	{ "volume", KEY_VOLUME, "BARCODE", VERB_OPTION_REPEATS,
	    "use this volume; if given several times, these volumes in this "
	    "order, and no others",
	    1 },
	{ NULL, 0, NULL, 0, "For tests:", 9 },
	{ "limit", KEY_LIMIT, "SIZE[,WARNING]", 0,
	    "limit every volume to this capacity, with an early warning this "
	    "far before its end",
	    9 },
	{ "fault", KEY_FAULT, "THING:NTH:CAUSE[+]", VERB_OPTION_REPEATS,
	    "the Nth block, header, filemark, label or load fails with this "
	    "cause; \"+\": all later ones too",
	    9 },
	{ "trace", KEY_TRACE, "FILE", 0,
	    "log every tape operation to this file", 9 },
	{ 0 },
};

const struct argp tapes_argp = { .options = options, .parser = parse };

void tapes_spec_clear(struct tapes_spec *spec)
{
	free(spec->volumes);
	free(spec->faults);
	memset(spec, 0, sizeof *spec);
}
