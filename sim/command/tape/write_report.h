/* write_report.h: what tapelab write prints and keeps for other programs. */
#ifndef SIM_COMMAND_WRITE_REPORT_H
#define SIM_COMMAND_WRITE_REPORT_H

#include "sim/accept/evidence.h"
#include "splitter/tool/write/dump.h"

/* Prints the result as JSON on standard output.  Returns 0, or -1. */
int write_report_print(const struct write_result *result);

/* All log pages and attributes of the volumes of a dump, as received. */
struct write_evidence {
	const char *dir; /* the folder for them; NULL: they are not kept */
	struct evidence *file;
};

/*
 * Opens the folder, and sets `raw` of the options.  Returns false after a
 * message: the dump must not begin.
 */
bool write_evidence_begin(struct write_evidence *evidence,
    struct write_options *options);

/* Ends the file, and prints its name and its SHA-256. */
void write_evidence_end(struct write_evidence *evidence);

#endif
