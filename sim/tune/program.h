/*
 * program.h: how other programs write settings in their configuration.
 *
 * One table has the programs, the versions for which it holds, and which
 * settings they have.  A setting that a program does not have keeps the value
 * that the program has instead.
 */
#ifndef SIM_TUNE_PROGRAM_H
#define SIM_TUNE_PROGRAM_H

#include <stdio.h>

#include "sim/tune/points/axis.h"

enum tune_program_id {
	TUNE_PROGRAM_AMANDA,
	TUNE_PROGRAM_BAREOS,
	TUNE_PROGRAM_MBUFFER,
	TUNE_PROGRAM_TAPELAB,
	TUNE_PROGRAMS
};

struct tune_program {
	const char *name, *versions;
	/* For each setting: its name there; NULL: it cannot be set. */
	const char *names[TUNE_AXES];
	/* For a setting that cannot be set: what the program does instead. */
	const char *instead[TUNE_AXES];
	const char *note;  /* more that a user must know; or NULL */
	const char *older; /* what to do about volumes with other blocks */
	/* Writes the lines of the configuration. */
	void (*put)(FILE *out, const struct tune_settings *settings);
};

const struct tune_program *tune_program_get(enum tune_program_id id);

/*
 * Sets what the program cannot set to the value that it has instead.  The
 * number of drives and compression stay as they are in `base`.
 */
void tune_program_fix(const struct tune_program *program,
    const struct tune_settings *base, struct tune_settings *settings);

/*
 * Returns the lines of the configuration, which the caller frees, or NULL
 * without memory.
 */
char *tune_program_text(const struct tune_program *program,
    const struct tune_settings *settings);

#endif
