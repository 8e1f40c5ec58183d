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

/* The options that name tapes: all zeros at first, filled in by tapes_argp. */
struct tapes_spec {
	const char *program; /* shown to other users; not set by argp */
	const char *library; /* a folder, or NULL */
	uint64_t drive;      /* number of a drive of the library, if given */
	bool drive_given, wait;
	/* Pace the drives of the library; 0: they are as fast as possible. */
	uint32_t pace_permille;
	/*
	 * Without a pace: operations take the time of the models, in the time
	 * of the caller.  Not set by argp.
	 */
	bool timed;
	const char *device; /* a tape device, or NULL */
	/* How it is used; only if `backend_given`, else ANY. */
	enum splitter_backend backend;
	bool backend_given;
	/* A command that changes volumes of the device, or NULL. */
	const char *change;
	/* A changer of the device: a device, or a command as mtx; or NULL. */
	const char *changer;
	/*
	 * A person has not agreed yet that the changer moves cartridges.  Not
	 * set by argp.
	 */
	bool not_agreed;
	bool eject;
	const char **volumes; /* use only these volumes, in this order */
	size_t volumes_count; /* 0: all volumes, in the library's order */
	bool limited;
	/* See splitter_limit_library_new(). */
	uint64_t limit_bytes, warning_bytes;
	struct splitter_fault *faults;
	size_t faults_count;
	const char *trace; /* a file, or NULL */
};

/* The options that name tapes, a child of a command's parser. */
extern const struct argp tapes_argp;

/*
 * Opens the tapes that the options name.  The tapes keep the strings and lists
 * of `spec`.  Returns NULL with a message if they cannot be opened.
 */
struct tapes *tapes_open(const struct tapes_spec *spec,
    const struct tapes_use *use, char *err, size_t err_bytes);

/*
 * Returns the tapes of the options as a source for the tool.  The caller keeps
 * `spec`, and must not change it.
 */
struct tapes_source tapes_source(const struct tapes_spec *spec);

/*
 * Adds the argument of an option, a barcode or a medium serial number, to a
 * list that the caller frees.  Ends the program if it cannot be one.
 */
error_t tapes_add_name(const char ***names, size_t *count, const char *option,
    const char *arg, struct argp_state *state);

/* Frees what the parser has allocated. */
void tapes_spec_clear(struct tapes_spec *spec);

#endif
