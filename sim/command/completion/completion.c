/* completion.c: see completion.h. */
#include "sim/command/completion/completion.h"

#include <stdio.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/completion/impl.h"

struct arguments {
	const char *shell;
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (a->shell != NULL)
			argp_error(state, "unexpected argument \"%s\"", arg);
		if (strcmp(arg, "bash") != 0 && strcmp(arg, "zsh") != 0)
			argp_error(state,
			    "unknown shell \"%s\": use bash or "
			    "zsh",
			    arg);
		a->shell = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name the shell: bash or zsh");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int completion_run(const struct subcommands *commands, int argc, char **argv)
{
	static const struct argp argp = {
		.parser = parse,
		.args_doc = "bash|zsh",
		.doc = "Prints a script with which a shell completes command "
		       "lines of tapelab.",
	};
	struct arguments a = { .shell = NULL };
	int rc;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	rc = strcmp(a.shell, "bash") == 0 ? completion_bash(commands)
					  : completion_zsh(commands);
	if (rc == 0)
		return CMD_OK;
	fputs("tapelab: out of memory\n", stderr);
	return CMD_USAGE;
}
