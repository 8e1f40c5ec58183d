/*
 * config.h: the configuration file, tapelab.yaml(5).
 *
 * The file gives options to subcommands: {write: {cache: spool}} is --cache
 * spool for each tapelab write.  Its options are put before those of the
 * command line, and the subcommand parses both alike.
 *
 * Invariants:
 *  1. The whole file is checked against the tables of all subcommands, whichever
 *     runs: a mistake is found by the first command that reads the file.
 *  2. An option on the line replaces all options of its name in the file, and
 *     those that cannot be combined with it (conflict.h).
 *  3. A subcommand with no_config never reads a file, nor does a program that
 *     has not called config_begin().
 *  4. A file that others can write to is refused: it can name commands.
 *  5. An error in a value names file and line.
 */
#ifndef SIM_CONFIG_H
#define SIM_CONFIG_H

#include <argp.h>

#include "sim/command/subcommand.h"

/* The option --config, which config_parse() adds to those of a subcommand. */
extern const struct argp config_argp;

/* Sets the subcommands that a file may name.  They are not copied. */
void config_begin(const struct subcommands *commands);

/*
 * Sets the file, or "none", for a line whose subcommand is not followed by an
 * option --config.  The text is not copied.
 */
void config_choose(const char *file);

/*
 * Parses the arguments of a subcommand and the options of the configuration
 * file, like argp_parse().  Bad usage and an error in the file end the program
 * with status argp_err_exit_status.  The arguments stay valid until the program
 * ends.
 */
error_t config_parse(const struct argp *argp, int argc, char **argv,
    void *input);

#endif
