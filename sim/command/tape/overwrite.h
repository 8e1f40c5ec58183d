/*
 * overwrite.h: the options by which a person gives up what is on a volume, for
 * each command that writes one.
 */
#ifndef SIM_COMMAND_OVERWRITE_H
#define SIM_COMMAND_OVERWRITE_H

#include "sim/command/tape/tapes.h"

/* The number of the group of these options in --help. */
enum { OVERWRITE_GROUP = 3 };

/* All zeros at first, filled in by overwrite_argp. */
struct overwrite_spec {
	const char **names; /* barcodes or medium serial numbers */
	size_t count;
	bool unnamed; /* the volume in the drive, after a question */
	bool format;  /* make one partition of several */
};

/* A child of the parser of a command. */
extern const struct argp overwrite_argp;

/*
 * Ends the program if the options contradict each other or those of the tapes.
 * For the end of the parser of the command: then all of them are known.
 */
void overwrite_check(const struct overwrite_spec *spec,
    const struct tapes_spec *tapes, struct argp_state *state);

/* Frees what the parser has allocated. */
void overwrite_spec_clear(struct overwrite_spec *spec);

#endif
