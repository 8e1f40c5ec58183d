/* about.h: what was calibrated, for the files of a calibration. */
#ifndef SIM_CALIBRATE_ABOUT_H
#define SIM_CALIBRATE_ABOUT_H

#include <stdbool.h>

#include "sim/calibrate/calibrate.h"

/* The texts belong to the caller; what is not known is "". */
struct calibrate_about {
	const char *where;   /* "library lib, drive 0", "/dev/tape/by-id/..." */
	const char *maker;   /* "IBM" */
	const char *product; /* "ULT3580-TD8" */
	const char *firmware;
	const char *serial;
	const char *volume;    /* barcode */
	const char *cartridge; /* its serial number, or the barcode */
	const char *version;   /* of tapelab */
	const char *command;   /* the command line */
	const char *base_name; /* what was expected: "lto8" */
	const char *kind;      /* of the run: "default", "fill" */
	bool virtual_drive;
};

#endif
