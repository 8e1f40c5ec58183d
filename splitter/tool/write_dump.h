/*
 * write_dump.h: writes a dump to tapes, for real.
 *
 * Data flow: source -> (what is safe already is looked for on its volumes,
 * compared and skipped) -> engine -> tapes; what happens goes to the catalogue,
 * to the terminal, and into the outcome.
 */
#ifndef SIM_WRITE_DUMP_H
#define SIM_WRITE_DUMP_H

#include "splitter/base/signals.h"
#include "splitter/tool/tapes.h"
#include "splitter/write/dump_run.h"

struct write_options {
	struct tapes_source tapes;
	const char *dump;
	struct core_config core; /* but for start_* and end_record */
	unsigned start_fill_percent;
	bool block_given;
	bool fixed;
	bool label_blank;
	struct volume_policy_list overwrite;
	bool overwrite_unnamed, yes; /* what is in the drive; not asked */
	const char *spool_dir;       /* NULL: where temporary files go */
	uint64_t spool_bytes;        /* 0: as much as is needed */
	bool resume;
	struct volume_policy_list assumed; /* volumes that are not looked at */
	const char *catalogue;             /* NULL: where it belongs */
	bool no_catalogue;
	bool quiet;         /* no progress on the terminal */
	char *const *files; /* the dump; none: standard input, */
	size_t files_count;
	char *const *command; /* or what this writes; or NULL */
};

/* What a dump came to: for whoever reports it. */
struct write_result {
	struct dump_run_outcome outcome;
	char name[HEADER_NAME_BYTES]; /* of the dump, as headers have it */
	uint64_t dump_id;
	struct parts *parts;    /* that are safe; the caller frees it */
	uint64_t resumed_bytes; /* that were safe before */
	char trouble[512];      /* the source's, or "" */
	bool told;              /* the reason of its end was */
};

/* Why it is not DONE. */
static inline const char *write_reason(const struct write_result *result)
{
	return signals_signal() != 0     ? "interrupted"
	    : result->trouble[0] != '\0' ? result->trouble
					 : result->outcome.message;
}

/*
 * Writes the dump.  Returns 0 and the result; -1 with a sentence where it was
 * not begun: nothing was touched.
 */
int write_dump(const struct write_options *options, struct write_result *result,
    char *err, size_t err_bytes);

#endif
