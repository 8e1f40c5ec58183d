/*
 * cmd.h: the verbs of the command, a file each.
 *
 * Each takes its own arguments, the verb's name first, and returns the exit
 * status of the program.  stdout is for results, stderr for messages.
 */
#ifndef SIM_CMD_H
#define SIM_CMD_H

#include <argp.h>
#include <stdbool.h>

enum {
	CMD_OK = 0,
	CMD_FAILED = 1,  /* an expectation failed; vtl, mtx: what was
				 * asked for cannot be done */
	CMD_USAGE = 2,   /* bad usage, or a bad scenario */
	CMD_BROKEN = 3,  /* a broken invariant, a replay that differs */
	CMD_PARTIAL = 4, /* write, read: a part of the dump, and that is
				 * said */
	CMD_LOST = 5,    /* write, read: the dump has FAILED; these two,
				 * scan, label: interrupted */
	CMD_SKIPPED = 77 /* nothing was run */
};

/*
 * Parses the arguments of a verb into what the parser takes as its input.
 * Bad usage, and what is only to be printed, ends the program; false where
 * there was no memory.
 */
bool cmd_parse(const struct argp *argp, int argc, char **argv, void *input);

/*
 * The same for a verb that an interrupt ends properly: takes the signals over
 * too.  False where that cannot be, and that was said.
 */
bool cmd_begin(const struct argp *argp, int argc, char **argv, void *input);

int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_write(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_label(int argc, char **argv);
int cmd_vtl(int argc, char **argv);
int cmd_mtx(int argc, char **argv);

#endif
