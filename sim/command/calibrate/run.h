/* run.h: a calibration from the command line. */
#ifndef SIM_COMMAND_CALIBRATE_RUN_H
#define SIM_COMMAND_CALIBRATE_RUN_H

#include "sim/command/tape/overwrite.h"

struct calibrate_request {
	struct tapes_spec tapes;
	const char *out, *model; /* model: NULL: that of the drive */
	struct overwrite_spec overwrite;
	bool fill, yes, label_blank;
	int argc;
	char **argv;
};

/* Carries out the request.  Returns the exit status. */
int calibrate_command(const struct calibrate_request *request);

#endif
