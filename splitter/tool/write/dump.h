/*
 * dump.h: writes a dump to tapes.
 *
 * input -> (a resumed dump: the safe parts are verified, and skipped)
 *       -> libsplitter -> tapes
 *
 * Events go to the catalogue and to the terminal.
 */
#ifndef SPLITTER_TOOL_WRITE_DUMP_H
#define SPLITTER_TOOL_WRITE_DUMP_H

#include "splitter/base/signals.h"
#include "splitter/api/volumes.h"
#include "splitter/tool/barcodes.h"
#include "splitter/tool/catalogue/part_list.h"
#include "splitter/tool/tapes.h"

struct write_options {
	struct tapes_source tapes;
	/*
	 * From splitter_config_init.  The program sets the name of the dump,
	 * sizes, cache, limits, and which volumes may be written to; what
	 * depends on the dump, its library and events are set here.
	 */
	struct splitter_config config;
	bool block_given;       /* the person chose the block size */
	bool overwrite_unnamed; /* the volume in the drive, after a question */
	bool yes;               /* without the question */
	bool resume;
	struct barcodes assumed; /* volumes that are not verified */
	const char *catalogue;   /* NULL: in its usual place */
	bool no_catalogue;
	bool quiet; /* no progress on the terminal */
	/* Writes a rate in bytes per second as text, with its unit. */
	void (*format_rate)(double bytes_per_s, char *text, size_t text_bytes);
	char *const *files; /* the dump; none: standard input, */
	size_t files_count;
	char *const *command; /* or the output of this command; or NULL */
};

/* The result of a dump. */
struct write_result {
	enum splitter_outcome outcome;
	enum tape_cause cause; /* the reason, if it is not DONE */
	bool sealed;           /* the end record is on tape */
	bool block_refused;    /* as in struct splitter_summary */
	uint64_t safe_bytes;
	char xxh128[SPLITTER_DIGEST_BYTES]; /* of these; "": not known */
	char message
	    [TAPE_MESSAGE_BYTES]; /* the reason, if it is not DONE, or "" */
	char name[SPLITTER_NAME_BYTES]; /* of the dump */
	uint64_t dump_id;
	struct part_list parts; /* the safe ones; the caller clears it */
	uint64_t resumed_bytes; /* that were safe before */
	char input_error[512];  /* why the source failed, or "" */
	bool printed;           /* the reason was printed already */
};

/* The reason why it is not DONE. */
static inline const char *write_reason(const struct write_result *result)
{
	return signals_signal() != 0         ? "interrupted"
	    : result->input_error[0] != '\0' ? result->input_error
					     : result->message;
}

/*
 * Writes the dump.  Returns 0 and the result; -1 with a message where it was
 * not begun: nothing was touched.
 */
int write_dump(const struct write_options *options, struct write_result *result,
    char *err, size_t err_bytes);

#endif
