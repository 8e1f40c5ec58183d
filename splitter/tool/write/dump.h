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
#include "splitter/tool/input.h"
#include "splitter/tool/tapes.h"
#include "splitter/tool/write/uses.h"

struct write_result;

/*
 * Writes dumps in place of the threads of libsplitter, for a simulation: in
 * another time, and from a source of its own.
 */
struct write_executor {
	/*
	 * Reads `source` to its end, and writes it as `config` says.  Calls the
	 * events of `config`.  Sets the members of `result` from `outcome` to
	 * `message`, `abandoned`, and `parts`: on entry the parts that were
	 * safe before, on return all safe parts.  Returns 0, or -1 with a
	 * message if the dump did not begin.
	 */
	int (*run)(void *arg, const struct splitter_config *config,
	    struct input *source, struct write_result *result, char *err,
	    size_t err_bytes);
	input_reader *read; /* brings the dump */
	void *arg;          /* argument of both */
	/* What is otherwise drawn, or comes from the clock. */
	uint64_t dump_id;
	const char *begun;
	uint32_t attempt;
};

struct write_options {
	struct tapes_source tapes;
	/*
	 * Begins as splitter_config_init() sets it.  The program sets the name
	 * of the dump, sizes, cache, limits, and which volumes may be written
	 * to. write_dump() sets the members that depend on the dump and its
	 * library, and the events.
	 */
	struct splitter_config config;
	bool block_given; /* the person chose the block size */
	/* overwrite the volume in the drive, after a question */
	bool overwrite_unnamed;
	bool yes; /* overwrite without the question */
	bool resume;
	struct barcodes assumed; /* volumes that are not verified */
	const char *catalogue;   /* path; NULL: the default path */
	bool no_catalogue;
	bool quiet; /* no progress on the terminal */
	/* Writes a rate in bytes per second as text, with its unit. */
	void (*format_rate)(double bytes_per_s, char *text, size_t text_bytes);
	char *const *files; /* files to write; none: standard input */
	size_t files_count;
	char *const *command; /* command whose output to write; or NULL */
	const struct write_executor *executor; /* NULL: libsplitter */
	/*
	 * Receives log pages and attributes of the volumes, as `raw` of struct
	 * splitter_config does; NULL: they are not read.
	 */
	void (*raw)(void *arg, const char *volume, bool unloading,
	    bool attribute, uint16_t code, const void *data, size_t bytes);
	void *raw_arg;
};

/* The result of a dump. */
struct write_result {
	enum splitter_outcome outcome;
	enum tape_cause cause; /* the reason if the dump is not DONE */
	bool sealed;           /* the end record is on tape */
	bool block_refused;    /* as in struct splitter_summary */
	uint64_t safe_bytes;
	/* digest of the safe bytes; "": unknown */
	char xxh128[SPLITTER_DIGEST_BYTES];
	char message
	    /* the reason if the dump is not DONE, or "" */
	    [TAPE_MESSAGE_BYTES];
	char name[SPLITTER_NAME_BYTES]; /* name of the dump */
	uint64_t dump_id;
	struct part_list parts; /* safe parts; the caller clears the list */
	uint64_t resumed_bytes; /* number of bytes that were safe before */
	char input_error[512];  /* why the input failed, or "" */
	bool printed;           /* the reason was printed already */
	/* of the volumes that were closed; the caller clears the list */
	struct write_uses uses;
	/*
	 * The executor stopped as a killed program does: nothing was done after
	 * that, and the catalogue has the dump as in progress.
	 */
	bool abandoned;
};

/* Returns the reason why the dump is not DONE. */
static inline const char *write_reason(const struct write_result *result)
{
	return signals_signal() != 0         ? "interrupted"
	    : result->input_error[0] != '\0' ? result->input_error
					     : result->message;
}

/*
 * Writes the dump.  Returns 0 with the result.  Returns -1 with a message if
 * the dump did not begin: no tape was changed.
 */
int write_dump(const struct write_options *options, struct write_result *result,
    char *err, size_t err_bytes);

#endif
