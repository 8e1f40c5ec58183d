/*
 * cmd.h: the commands of tapelab, one file each.
 *
 * Each command gets its arguments, the first of which is its name, and returns
 * the exit status of the program.  stdout is for results, stderr for messages.
 */
#ifndef SIM_CMD_H
#define SIM_CMD_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

struct subcommands;

enum {
	CMD_OK = 0,
	CMD_FAILED = 1, /* an expectation failed; vtl, mtx: the request is
			  * impossible; record: no trace, or not all bytes */
	CMD_USAGE = 2,  /* bad usage, or a bad scenario */
	CMD_BROKEN = 3, /* an invariant is broken, or two runs differ */
	/* The commands write and read: the dump is not complete. */
	CMD_PARTIAL = 4,
	CMD_LOST = 5,    /* write, read: the dump FAILED; write, read, scan,
			  * label, record: interrupted */
	CMD_SKIPPED = 77 /* nothing was run */
};

/*
 * Parses the arguments of a command, and the options of the configuration file;
 * `input` is the input of the parser.  Bad usage and --help end the program.
 * Returns false without memory, or if the command was called only for its table
 * of options (verb_options.h): it must return then, and have no effect.
 */
bool cmd_parse(const struct argp *argp, int argc, char **argv, void *input);

/*
 * Calls cmd_parse(), and installs signal handlers, for a command that ends
 * properly when it is interrupted.  Returns false after an error, which is
 * printed.
 */
bool cmd_begin(const struct argp *argp, int argc, char **argv, void *input);

/*
 * Returns the command line as words for a shell, which repeat the command;
 * the caller frees it.  NULL without memory.
 */
char *cmd_line(int argc, char **argv);

/*
 * Callbacks of the library, which need no argument: a sleep that a signal ends,
 * which returns false then, and a message on standard error.
 */
bool cmd_sleep(void *arg, int64_t ns);
void cmd_notice(void *arg, const char *message);

int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_tune(int argc, char **argv);
int cmd_report(int argc, char **argv);
int cmd_write(int argc, char **argv);
int cmd_read(int argc, char **argv);
int cmd_scan(int argc, char **argv);
int cmd_label(int argc, char **argv);
int cmd_drives(int argc, char **argv);
int cmd_calibrate(int argc, char **argv);
int cmd_record(int argc, char **argv);
int cmd_release(int argc, char **argv);
int cmd_vtl(int argc, char **argv);
extern const struct subcommands cmd_vtl_list;
int cmd_serve(int argc, char **argv);
int cmd_mtx(int argc, char **argv);
const char *const *cmd_mtx_words(void);

#endif
