/*
 * line.c: finds out which options a command line has, by the same rules as
 * argp: abbreviated names, clusters of short options, options after arguments.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/config/impl.h"

enum { OPTIONS_MAX = sizeof((struct config_line *)NULL)->given };

/*
 * An option on the line, and options of the file that it excludes.  The
 * subcommands refuse these combinations.
 */
static const struct {
	const char *on_line;
	const char *except; /* not if this is its value; NULL: always */
	const char *in_file[4];
} conflicts[] = {
	{ "library", NULL,
	    { "device", "changer", "changer-command", "eject" } },
	{ "device", NULL, { "library", "drive", "wait", "pace" } },
	{ "changer", NULL, { "changer-command" } },
	{ "changer-command", NULL, { "changer" } },
	{ "catalogue", NULL, { "no-catalogue" } },
	{ "no-catalogue", NULL, { "catalogue" } },
	{ "cache", "spool", { "spool-dir", "spool-size" } },
};

/* What getopt_long() needs to know. */
struct tables {
	struct option *names;
	char *letters;
};

static int make_tables(const struct verb_options *options, struct tables *t)
{
	const struct verb_option *o = options->list;
	size_t i, used = 0;

	t->names = calloc(options->count + 3, sizeof *t->names);
	t->letters = calloc(options->count + 1, 3);
	if (t->names == NULL || t->letters == NULL)
		return -1;
	for (i = 0; i < options->count; i++) {
		t->names[i] = (struct option){ .name = o[i].name,
			.has_arg = o[i].argument == NULL ? no_argument
			    : o[i].argument_optional     ? optional_argument
							 : required_argument,
			.val = OPTIONS_MAX + (int)i };
		if (!verb_option_is_short(o[i].key) ||
		    strchr(t->letters, o[i].key) != NULL)
			continue;
		t->letters[used++] = (char)o[i].key;
		if (o[i].argument != NULL)
			t->letters[used++] = ':';
		if (o[i].argument_optional)
			t->letters[used++] = ':';
	}
	/* Two options that argp adds; getopt_long() answers them by '?'. */
	t->names[i++] = (struct option){ .name = "help", .val = '?' };
	t->names[i] = (struct option){ .name = "usage", .val = '?' };
	return 0;
}

/* Returns the index of an option that getopt_long() found. */
static size_t index_of(const struct verb_options *options, int found)
{
	size_t i = 0;

	if (found >= OPTIONS_MAX)
		return (size_t)(found - OPTIONS_MAX);
	while (options->list[i].key != found)
		i++;
	return i;
}

static void scan(const struct verb_options *options, int argc, char **argv,
    const struct tables *t, struct config_line *line)
{
	int found;

	opterr = 0;
	optind = 0;
	while ((found = getopt_long(argc, argv, t->letters, t->names, NULL)) !=
	    -1) {
		size_t i;

		if (found == '?') {
			line->no_file = true;
			return;
		}
		i = index_of(options, found);
		line->given[i] = true;
		line->values[i] = optarg;
		if (strcmp(options->list[i].name, "config") == 0)
			line->file = optarg;
	}
}

int config_line_read(const struct verb_options *options, int argc, char **argv,
    struct config_line *line)
{
	struct tables t = { NULL, NULL };
	/* getopt_long() moves the arguments. */
	char **copy = calloc((size_t)argc + 1, sizeof *copy);
	int rc = -1;

	*line = (struct config_line){ .file = NULL };
	if (copy != NULL && options->count <= OPTIONS_MAX &&
	    make_tables(options, &t) == 0) {
		memcpy(copy, argv, (size_t)argc * sizeof *copy);
		scan(options, argc, copy, &t, line);
		rc = 0;
	}
	free(copy);
	free(t.names);
	free(t.letters);
	return rc;
}

/* Returns the index of an option that is on the line, or -1. */
static int on_line(const struct config_line *line,
    const struct verb_options *options, const char *name)
{
	size_t i;

	for (i = 0; i < options->count; i++)
		if (line->given[i] && strcmp(options->list[i].name, name) == 0)
			return (int)i;
	return -1;
}

static bool excludes(const struct config_line *line,
    const struct verb_options *options, size_t conflict, const char *name)
{
	int at = on_line(line, options, conflicts[conflict].on_line);
	const char *except = conflicts[conflict].except;
	size_t i;

	if (at < 0 ||
	    (except != NULL && line->values[at] != NULL &&
		strcmp(line->values[at], except) == 0))
		return false;
	for (i = 0; i < 4 && conflicts[conflict].in_file[i] != NULL; i++)
		if (strcmp(conflicts[conflict].in_file[i], name) == 0)
			return true;
	return false;
}

bool config_line_replaces(const struct config_line *line,
    const struct verb_options *options, const char *name)
{
	size_t i;

	if (on_line(line, options, name) >= 0)
		return true;
	for (i = 0; i < sizeof conflicts / sizeof *conflicts; i++)
		if (excludes(line, options, i, name))
			return true;
	return false;
}
