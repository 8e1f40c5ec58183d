/* config.c: see config.h. */
#include "sim/command/config/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/config/impl.h"

enum { KEY_CONFIG = 0xc0f };

static struct {
	const struct subcommands *commands;
	const char *chosen;
	/* What argp uses: it must stay, as commands keep their arguments. */
	struct config_options options;
	struct argp argp;
	struct argp_child *children;
	char **argv;
} config;

void config_begin(const struct subcommands *commands)
{
	config.commands = commands;
}

void config_choose(const char *file)
{
	config.chosen = file;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key == ARGP_KEY_INIT)
		config_origin_state(state);
	/* The line was read by config_line_read(). */
	return key == ARGP_KEY_INIT || key == KEY_CONFIG ? 0 : ARGP_ERR_UNKNOWN;
}

static const struct argp_option option_config[] = {
	{ "config", KEY_CONFIG, "FILE|none", 0,
	    "read this configuration file, or none (default: "
	    "tapelab/tapelab.yaml below $XDG_CONFIG_HOME or ~/.config)",
	    90 },
	{ 0 },
};

const struct argp config_argp = { .options = option_config, .parser = parse };

static void fail(void)
{
	fputs("tapelab: out of memory\n", stderr);
	exit(argp_err_exit_status);
}

/* Makes config.argp: that of the subcommand with the option --config. */
static void add_option(const struct argp *argp)
{
	size_t count = 0;

	while (argp->children != NULL && argp->children[count].argp != NULL)
		count++;
	config.children = calloc(count + 2, sizeof *config.children);
	if (config.children == NULL)
		fail();
	if (count > 0)
		memcpy(config.children, argp->children,
		    count * sizeof *config.children);
	config.children[count] = (struct argp_child){ .argp = &config_argp };
	config.argp = *argp;
	config.argp.children = config.children;
}

/* Reads the file that the line chooses into config.options. */
static void read_file(const struct subcommand *verb,
    const struct config_line *line)
{
	const char *name = line->file != NULL ? line->file : config.chosen;
	char *path = NULL, *text = NULL;
	enum config_found found;
	size_t bytes;
	int rc = 0;

	if (line->no_file || (name != NULL && strcmp(name, "none") == 0))
		return;
	found = config_find(name, &path, &text, &bytes);
	if (found == CONFIG_FOUND)
		rc = config_read(config.commands, verb, path, text, bytes,
		    &config.options);
	free(path);
	free(text);
	if (found == CONFIG_REFUSED || rc != 0)
		exit(argp_err_exit_status);
}

/* Removes the options that the line replaces. */
static void remove_replaced(const struct config_line *line,
    const struct verb_options *known)
{
	struct config_options *o = &config.options;
	size_t kept = 0, i;

	for (i = 0; i < o->count; i++)
		if (config_line_replaces(line, known, o->list[i].name))
			free(o->list[i].argument);
		else
			o->list[kept++] = o->list[i];
	o->count = kept;
}

/* Makes config.argv: the options of the file, and then the line. */
static void join(int argc, char **argv)
{
	size_t count = config.options.count, i;

	config.argv = calloc(count + (size_t)argc + 1, sizeof *config.argv);
	if (config.argv == NULL)
		fail();
	config.argv[0] = argv[0];
	for (i = 0; i < count; i++)
		config.argv[i + 1] = config.options.list[i].argument;
	for (i = 1; i < (size_t)argc; i++)
		config.argv[count + i] = argv[i];
}

error_t config_parse(const struct argp *argp, int argc, char **argv,
    void *input)
{
	const struct subcommand *verb = config.commands == NULL
	    ? NULL
	    : subcommand_find_full(config.commands, argv[0]);
	struct verb_options known;
	struct config_line line;
	error_t rc;

	if (verb == NULL || verb->no_config)
		return argp_parse(argp, argc, argv, 0, NULL, input);
	add_option(argp);
	if (verb_options_of(&config.argp, &known) != 0 ||
	    config_line_read(&known, argc, argv, &line) != 0)
		fail();
	read_file(verb, &line);
	remove_replaced(&line, &known);
	verb_options_clear(&known);
	join(argc, argv);
	config_origin_begin(&config.options);
	rc = argp_parse(&config.argp, argc + (int)config.options.count,
	    config.argv, 0, NULL, input);
	config_origin_end();
	return rc;
}
