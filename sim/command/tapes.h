/*
 * tapes.h: the tapes that a command line names: a virtual library, or a drive.
 *
 * What write, read and scan have in common: where the tapes are, which volumes
 * of them in which order, and the filters before them.
 */
#ifndef SIM_COMMAND_TAPES_H
#define SIM_COMMAND_TAPES_H

#include <argp.h>

#include "splitter/api/filters.h"
#include "splitter/tool/tapes.h"

/* Filled in by tapes_argp, whose input it is; zeros at first. */
struct tapes_spec {
	const char *program; /* others are told of it; not by argp */
	const char *library; /* a folder; or NULL */
	uint64_t drive;      /* of it, if given */
	bool drive_given, wait;
	const char *device; /* or NULL; of it: */
	const char *change; /* a command; or NULL */
	bool eject;
	const char **volumes; /* those alone, in that order */
	size_t volumes_count; /* 0: all, as the library has them */
	bool limited;
	uint64_t limit_bytes, warning_bytes; /* as splitter_limit_library_new */
	struct splitter_fault *faults;
	size_t faults_count;
	const char *trace; /* a file, or NULL */
};

/* The options that name tapes, for a verb's parser to have as a child. */
extern const struct argp tapes_argp;

/*
 * Opens what the options name.  The tapes keep the strings and lists of `spec`.
 * NULL with a message.
 */
struct tapes *tapes_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes);

/* The same as a source for the tool; `spec` is the caller's, and stays. */
struct tapes_source tapes_source(const struct tapes_spec *spec);

/* Frees what the parser has put into the specification. */
void tapes_spec_clear(struct tapes_spec *spec);

#endif
