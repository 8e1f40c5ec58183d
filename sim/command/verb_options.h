/*
 * verb_options.h: the options of the subcommands, read from the argp tables
 * with which they parse their arguments.
 *
 * The configuration file and the completion of shells know an option from its
 * row in these tables, so that a new option needs no second edit.  The bits
 * below, in the flags of a row, add what argp does not know.
 *
 * A subcommand is called to get its table: cmd_parse() passes the table to
 * verb_options_take(), and the subcommand returns.
 */
#ifndef SIM_VERB_OPTIONS_H
#define SIM_VERB_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

struct subcommand;

/* For the flags of a row; argp itself uses the lowest bits. */
enum {
	/*
	 * The option destroys something, confirms what a person must decide
	 * each time, or makes another command of it: it is refused in a
	 * configuration file.
	 */
	VERB_OPTION_LINE_ONLY = 0x1000,
	/* The option may be given several times, and each one counts. */
	VERB_OPTION_REPEATS = 0x2000
};

struct verb_option {
	const char *name;     /* the long name */
	int key;              /* argp's; a printable character: -KEY too */
	const char *argument; /* its name in --help; NULL: takes none */
	const char *what;     /* the sentence of --help */
	bool argument_optional, hidden, line_only, repeats;
};

struct verb_options {
	struct verb_option *list; /* owned; the texts are argp's */
	size_t count;
	const char *arguments; /* argp's args_doc; NULL: none */
};

/*
 * Reads the tables of `argp` and of its children.  The options of argp itself,
 * such as --help, are not among them.  Returns 0, or -1 without memory.  Free
 * with verb_options_clear() in both cases.
 */
int verb_options_of(const struct argp *argp, struct verb_options *to);

/* The same for a subcommand that parses its arguments by cmd_parse(). */
int verb_options_get(const struct subcommand *verb, struct verb_options *to);

/*
 * Returns the table of such a subcommand, or NULL without memory: a subcommand
 * may allocate memory before it parses.
 */
const struct argp *verb_options_table(const struct subcommand *verb);

void verb_options_clear(struct verb_options *options);

/* Returns the option of this name, or NULL. */
const struct verb_option *verb_options_find(const struct verb_options *options,
    const char *name);

/* Returns whether the key is also a short option. */
bool verb_option_is_short(int key);

/*
 * For cmd_parse(): returns true if the subcommand was called for its table,
 * which is `argp`, and must do nothing.
 */
bool verb_options_take(const struct argp *argp);

#endif
