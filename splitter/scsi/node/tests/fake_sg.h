/* fake_sg.h: the sg driver as a table of system calls, as one program sees it. */
#ifndef SPLITTER_SCSI_FAKE_SG_H
#define SPLITTER_SCSI_FAKE_SG_H

#include <scsi/sg.h>
#include <stdbool.h>
#include <stdint.h>

#include "splitter/base/device_calls.h"

enum { FAKE_SG_ERRORS = 8, FAKE_SG_STALE = -5 };

/* What a test sets before a command, and looks at after it. */
extern struct fake_sg {
	/* errors of these calls; 0: success */
	int open_error, blocking_error, write_error;
	/* FAKE_SG_STALE: the answer of another command */
	int read_errors[FAKE_SG_ERRORS]; /* before the answer */
	int version, table, keeps;       /* answers of ioctl() */
	/* the answer of the device */
	uint8_t status, sense[32], sense_bytes, in[64];
	uint16_t host, driver;
	int resid;
	int64_t answers_ns; /* when the answer is there */
	int64_t now_ns;

	/* what the program did */
	int flags, reserved; /* of open() and SG_SET_RESERVED_SIZE */
	unsigned closed, sent, fetched, slept, read_at;
	sg_io_hdr_t last; /* as written */
	uint8_t cdb[16], out[64];
	bool blocked;   /* all signals were blocked while it waited */
	bool unblocked; /* some were not, in a pause */
} fake_sg;

/* The calls; the only node is /dev/sg3. */
extern const struct device_calls fake_sg_calls;

#endif
