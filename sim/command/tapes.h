/*
 * tapes.h: the tapes that a command line names: a virtual library, or a drive.
 *
 * For write, read, scan and label: where the tapes are, which volumes to use in
 * which order, and the filters before them.
 */
#ifndef SIM_COMMAND_TAPES_H
#define SIM_COMMAND_TAPES_H

#include <argp.h>

#include "splitter/api/filters.h"
#include "splitter/tool/tapes.h"

/* Filled in by tapes_argp, as its input; zeros at first. */
struct tapes_spec {
	const char *program; /* shown to other users; not set by argp */
	const char *library; /* a folder; or NULL */
	uint64_t drive;      /* of the library, if given */
	bool drive_given, wait;
	const char *device; /* a tape drive; or NULL */
	const char *change; /* changes its volumes; or NULL */
	bool eject;
	const char **volumes; /* only these, in this order */
	size_t volumes_count; /* 0: all, in the library's order */
	bool limited;
	uint64_t limit_bytes, warning_bytes; /* as splitter_limit_library_new */
	struct splitter_fault *faults;
	size_t faults_count;
	const char *trace; /* a file, or NULL */
};

/* The options that name tapes, a child of a command's parser. */
extern const struct argp tapes_argp;

/*
 * Opens what the options name.  The tapes keep the strings and lists of `spec`.
 * NULL with a message.
 */
struct tapes *tapes_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes);

/*
 * The same as a source for the tool; `spec` is the caller's, and stays as it
 * is.
 */
struct tapes_source tapes_source(const struct tapes_spec *spec);

/* Frees what the parser has allocated. */
void tapes_spec_clear(struct tapes_spec *spec);

#endif
