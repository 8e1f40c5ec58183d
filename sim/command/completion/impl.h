/* impl.h: what the scripts of the shells are made from. */
#ifndef SIM_COMPLETION_IMPL_H
#define SIM_COMPLETION_IMPL_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/command/subcommand.h"
#include "sim/command/verb_options.h"

/*
 * visit.c: Calls visit() for each subcommand that runs, with its name below the program
 * ("vtl create") and its options, --config and --help among them.  Returns 0,
 * -1 without memory, or what visit() returned instead of 0.
 */
int completion_visit(const struct subcommands *commands,
    int (*visit)(void *arg, const struct subcommand *verb, const char *name,
	const struct verb_options *options),
    void *arg);

/* kind.c: The kind of a value, from its name in --help. */

enum completion_kind {
	COMPLETION_TEXT, /* nothing is offered */
	COMPLETION_FILE,
	COMPLETION_FOLDER,
	COMPLETION_SCENARIO, /* a YAML file */
	COMPLETION_MODEL,    /* of a drive */
	COMPLETION_MODELS,   /* the same, several with commas */
	COMPLETION_WORD      /* a word as it stands: "none" */
};

enum { COMPLETION_NAME_BYTES = 32, COMPLETION_CHOICES_MAX = 16 };

struct completion_choice {
	enum completion_kind kind;
	char name[COMPLETION_NAME_BYTES]; /* "FILE", "none" */
};

/* A value: one of several choices, as in "SCENARIO|DIR". */
struct completion_value {
	struct completion_choice choices[COMPLETION_CHOICES_MAX];
	size_t count;
	bool repeats; /* and any number of the same: "FILE..." */
};

/* Reads the name of a value, which is not empty. */
void completion_value_read(const char *name, struct completion_value *value);

enum { COMPLETION_VALUES_MAX = 8 };

/*
 * Reads the arguments of a subcommand, such as "LIB [BARCODE...]", up to those
 * after "--".  Returns their number.  If there are several lines, the last
 * one counts that is not empty.
 */
size_t completion_arguments_read(const char *text,
    struct completion_value values[COMPLETION_VALUES_MAX]);

/* The scripts.  Each returns 0, or -1 without memory. */
int completion_bash(const struct subcommands *commands);
int completion_zsh(const struct subcommands *commands);

#endif
