/* arguments.c: the command line of "tapelab serve". */
#include "sim/command/serve/impl.h"

#include <errno.h>
#include <stdlib.h>

#include "sim/base/pace.h"
#include "sim/command/cmd.h"
#include "sim/command/verb_options.h"
#include "splitter/base/grow.h"

enum {
	KEY_LISTEN = 256,
	KEY_ADVERTISE,
	KEY_NAME,
	KEY_CHAP,
	KEY_ALLOW,
	KEY_ANYONE,
	KEY_NO_ATTENTION,
	KEY_PACE,
	KEY_READY,
	KEY_STRICT,
	KEY_NO_SYNC,
	KEY_TRACE,
	KEY_CHECK
};

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "Where and for whom:", 1 },
	{ "listen", KEY_LISTEN, "HOST[:PORT]", 0,
	    "address at which the server listens (default 127.0.0.1:3260); "
	    "port 0 takes a free one",
	    1 },
	{ "advertise", KEY_ADVERTISE, "HOST[:PORT]", 0,
	    "address that discovery answers (default: that at which the "
	    "initiator came); 10.0.2.2 for a guest of QEMU's user network",
	    1 },
	{ "name", KEY_NAME, "IQN", 0,
	    "name of the target (default iqn.2026-11.tapelab:LIB); drive N "
	    "also is LUN 0 of the target IQN.driveN",
	    1 },
	{ "chap", KEY_CHAP, "FILE", 0,
	    "initiators must authenticate with a secret of this file", 1 },
	{ "allow", KEY_ALLOW, "IQN[=LUNS]", VERB_OPTION_REPEATS,
	    "allow only this initiator, and only these logical units: "
	    "\"0,2-4\"; may be repeated",
	    1 },
	{ "allow-anyone", KEY_ANYONE, NULL, VERB_OPTION_LINE_ONLY,
	    "listen on an address that is not loopback, without --chap", 1 },
	{ "no-login-attention", KEY_NO_ATTENTION, NULL, 0,
	    "the first command after a login is not answered with a unit "
	    "attention (6/29/00), except after a lost connection, or a start "
	    "of the server with a cartridge in the drive",
	    1 },
	{ NULL, 0, NULL, 0, "The drives:", 2 },
	{ "pace", KEY_PACE, "FACTOR", OPTION_ARG_OPTIONAL,
	    "let drives and robot take the time of their models, times "
	    "FACTOR: 0.01 is a hundredth of it",
	    2 },
	{ "no-sync", KEY_NO_SYNC, NULL, 0,
	    "do not wait until data is on the disk of this machine: a filemark "
	    "makes it safe from the end of the server, but not from that of "
	    "the machine",
	    2 },
	{ NULL, 0, NULL, 0, "For programs:", 3 },
	{ "ready", KEY_READY, "FILE", 0,
	    "write a JSON object to FILE when initiators can attach: address, "
	    "name, and the devices",
	    3 },
	{ "strict", KEY_STRICT, NULL, 0,
	    "exit with 1 if a fault of a drive, of the robot or of a volume "
	    "never struck",
	    3 },
	{ "trace", KEY_TRACE, "FILE", 0,
	    "write a line of JSON to FILE for each SCSI command", 3 },
	{ "check-initiator", KEY_CHECK, NULL, 0,
	    "print what this host lacks to attach a library, and exit", 3 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char err[256], **allow;

	switch (key) {
	case KEY_LISTEN:
		a->listen = arg;
		return 0;
	case KEY_ADVERTISE:
		a->advertise = arg;
		return 0;
	case KEY_NAME:
		a->name = arg;
		return 0;
	case KEY_CHAP:
		a->chap = arg;
		return 0;
	case KEY_ALLOW:
		allow = grow_by_one(a->allow, a->allow_count, sizeof *allow);
		if (allow == NULL)
			argp_failure(state, CMD_USAGE, ENOMEM, "--allow");
		a->allow = allow;
		a->allow[a->allow_count++] = arg;
		return 0;
	case KEY_ANYONE:
		a->allow_anyone = true;
		return 0;
	case KEY_NO_ATTENTION:
		a->no_login_attention = true;
		return 0;
	case KEY_PACE:
		a->pace_permille = pace_parse(arg, err, sizeof err);
		if (a->pace_permille == 0)
			argp_error(state, "--pace: %s", err);
		return 0;
	case KEY_READY:
		a->ready = arg;
		return 0;
	case KEY_NO_SYNC:
		a->no_sync = true;
		return 0;
	case KEY_STRICT:
		a->strict = true;
		return 0;
	case KEY_TRACE:
		a->trace = arg;
		return 0;
	case KEY_CHECK:
		a->check_initiator = true;
		return 0;
	case ARGP_KEY_ARG:
		if (a->folder != NULL)
			argp_error(state, "unexpected argument \"%s\"", arg);
		a->folder = arg;
		return 0;
	case ARGP_KEY_END:
		if (a->folder == NULL && !a->check_initiator)
			argp_error(state, "name the library: its folder");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp serve_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "LIB",
	.doc =
	    "Serves the virtual tape library LIB over iSCSI until SIGINT or "
	    "SIGTERM.\vExit status: 0 ended by a signal; 1 the end of a tape "
	    "could not be written, or --strict: a fault never struck; 2 bad "
	    "usage, or the library cannot be served.",
};
