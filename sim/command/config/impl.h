/* impl.h: what the files of the configuration file share. */
#ifndef SIM_CONFIG_IMPL_H
#define SIM_CONFIG_IMPL_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/command/subcommand.h"
#include "sim/command/verb_options.h"
#include "vtl/yaml/tree.h"

/* An option of the file. */
struct config_option {
	const char *name; /* of the option's table */
	char *argument;   /* "--name=value", as on a line; owned */
	int line;
};

struct config_options {
	char *path; /* of the file; owned */
	struct config_option *list;
	size_t count;
};

void config_options_clear(struct config_options *options);

/* find.c: Which file is read. */

enum config_found {
	CONFIG_FOUND,
	CONFIG_ABSENT, /* there is no file */
	CONFIG_REFUSED /* the file must not be used; the reason is printed */
};

/*
 * Finds the file of this name, or, with NULL, the one of the user.  Reads it:
 * `text` has `bytes` bytes; the caller frees `path` and `text`.
 */
enum config_found config_find(const char *name, char **path, char **text,
    size_t *bytes);

/* read.c: What the file says. */

/*
 * Checks the file, and reads the options of `verb`.  Returns 0, or -1 with
 * messages on stderr.  Call config_options_clear() in both cases.
 */
int config_read(const struct subcommands *commands,
    const struct subcommand *verb, const char *path, const char *text,
    size_t bytes, struct config_options *options);

/* line.c: What the command line says. */

struct config_line {
	bool given[256]; /* for each option of the tables: it is on the line */
	const char *values[256];
	const char *file; /* of --config; NULL: not given */
	/* The line is wrong or asks for help: no file is read. */
	bool no_file;
};

/*
 * Finds the options on a line, without carrying them out.  At most 256 options
 * are known.  Returns 0, or -1 without memory.
 */
int config_line_read(const struct verb_options *options, int argc, char **argv,
    struct config_line *line);

/*
 * Returns whether the line replaces this option of the file: it has the
 * option, or one that excludes it.
 */
bool config_line_replaces(const struct config_line *line,
    const struct verb_options *options, const char *name);

/* origin.c: Where an option with an error came from. */

/*
 * While the arguments are parsed, the errors are those of `state`: the options
 * of the file are its first arguments.  If the program ends by an error, its
 * message names the file.
 */
void config_origin_begin(const struct config_options *options);
void config_origin_state(struct argp_state *state);
void config_origin_end(void);

#endif
