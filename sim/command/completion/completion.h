/*
 * completion.h: completion of command lines by shells.
 *
 * "tapelab completion bash" and "... zsh" print a script that completes
 * subcommands, options, and those values whose kind is known: files, folders,
 * scenarios, drive models, words.  The script is made from the tables of
 * options: a new option is completed without a second edit.  The kind of a
 * value is known from its name in --help (kind.c).
 */
#ifndef SIM_COMPLETION_H
#define SIM_COMPLETION_H

#include "sim/command/subcommand.h"

/*
 * The subcommand "completion" of `commands`: prints the script for a shell.
 * Returns the exit status.
 */
int completion_run(const struct subcommands *commands, int argc, char **argv);

#endif
