/* write.c: tapelab write: writes a dump to tapes. */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/units.h"
#include "sim/command/cmd.h"
#include "sim/command/verb_options.h"
#include "splitter/base/signals.h"
#include "sim/base/option.h"
#include "sim/command/print.h"
#include "splitter/base/units.h"
#include "sim/command/tape/overwrite.h"
#include "sim/command/tape/write_report.h"
#include "splitter/tool/write/dump.h"
#include "splitter/base/grow.h"

enum {
	KEY_BLOCK = 256,
	KEY_BUFFER,
	KEY_PART,
	KEY_CACHE,
	KEY_SPOOL_DIR,
	KEY_SPOOL_SIZE,
	KEY_STREAMING,
	KEY_START_FILL,
	KEY_MAX_VOLUMES,
	KEY_MAX_FAILED,
	KEY_LABEL_BLANK,
	KEY_FIXED,
	KEY_RESUME,
	KEY_YES,
	KEY_ASSUME_PRESENT,
	KEY_CATALOGUE,
	KEY_NO_CATALOGUE,
	KEY_JSON,
	KEY_EVIDENCE,
	DEFAULT_BUFFER_BYTES = 64 << 20
};

struct arguments {
	struct write_options options;
	struct tapes_spec tapes;
	struct overwrite_spec overwrite;
	const char **assumed;
	unsigned start_fill_percent;
	bool cache_given, json;
	struct write_evidence evidence;
};

static void parse_start_fill(struct arguments *a, const char *arg,
    struct argp_state *state)
{
	uint64_t percent = 0;
	char err[256];

	if (units_parse(UNITS_PERCENT, arg, &percent, err, sizeof err) != 0)
		argp_error(state, "--start-fill: %s", err);
	if (percent > 100 * (uint64_t)UNITS_PERCENT_ONE)
		argp_error(state, "--start-fill: %s is more than the buffer",
		    arg);
	a->start_fill_percent = (unsigned)(percent / UNITS_PERCENT_ONE);
}

static void parse_dump(struct arguments *a, const char *arg,
    struct argp_state *state)
{
	if (!splitter_name_valid(arg))
		argp_error(state,
		    "--dump: \"%s\" is not a name: use 1 to 128 printable "
		    "ASCII characters, with no blank at either end",
		    arg);
	a->options.config.dump = arg;
}

static void check_together(struct arguments *a, struct argp_state *state)
{
	struct write_options *o = &a->options;

	if (o->config.dump == NULL)
		argp_error(state, "name the dump: --dump NAME");
	if (o->command != NULL && o->files_count > 0)
		argp_error(state,
		    "files and a command exclude each other: the command "
		    "follows --; for a file whose name begins with - write "
		    "./-NAME");
	if (o->command != NULL && o->command[0] == NULL)
		argp_error(state,
		    "-- needs a command after it, whose output is written");
	/* Files can be read again, so they are a part cache. */
	if (!a->cache_given)
		o->config.cache = o->files_count > 0 ? SPLITTER_CACHE_SLICES
						     : SPLITTER_CACHE_NONE;
	if (o->config.cache == SPLITTER_CACHE_SLICES && o->files_count == 0)
		argp_error(state,
		    "--cache slices reads a failed part again from the files "
		    "of the dump: it needs files, not standard input or a "
		    "command");
	if (o->config.cache != SPLITTER_CACHE_SPOOL &&
	    (o->config.spool_dir != NULL || o->config.spool_bytes > 0))
		argp_error(state,
		    "--spool-dir and --spool-size need --cache spool");
	if (o->catalogue != NULL && o->no_catalogue)
		argp_error(state,
		    "--catalogue and --no-catalogue exclude each other");
	if (o->assumed.count > 0 && !o->resume)
		argp_error(state, "--assume-present needs --resume");
	if (o->resume && (a->overwrite.count > 0 || a->overwrite.unnamed))
		argp_error(state,
		    "--overwrite is not allowed with --resume: it could "
		    "overwrite the dump itself");
	overwrite_check(&a->overwrite, &a->tapes, state);
	if (o->yes && !a->overwrite.unnamed)
		argp_error(state, "--yes needs --overwrite-unnamed");
}

static error_t parse_sizes(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	struct splitter_config *k = &a->options.config;

	switch (key) {
	case KEY_BLOCK:
		k->block_bytes =
		    option_value("--block", UNITS_SIZE, arg, state);
		if (k->block_bytes < TAPE_BLOCK_MIN_BYTES)
			argp_error(state,
			    "--block: %s is too small: use %d B at least", arg,
			    TAPE_BLOCK_MIN_BYTES);
		a->options.block_given = true;
		return 0;
	case KEY_BUFFER:
		k->buffer_bytes =
		    option_value("--buffer", UNITS_SIZE, arg, state);
		return 0;
	case KEY_PART:
		k->part_bytes = option_value("--part", UNITS_SIZE, arg, state);
		return 0;
	case KEY_CACHE:
		k->cache = (enum splitter_cache)option_word("--cache", arg,
		    splitter_cache_names(), state);
		a->cache_given = true;
		return 0;
	case KEY_SPOOL_SIZE:
		k->spool_bytes =
		    option_value("--spool-size", UNITS_SIZE, arg, state);
		return 0;
	case KEY_STREAMING:
		k->streaming =
		    (enum splitter_streaming)option_word("--streaming", arg,
			splitter_streaming_names(), state);
		return 0;
	case KEY_START_FILL:
		parse_start_fill(a, arg, state);
		return 0;
	case KEY_MAX_VOLUMES:
		k->max_volumes = (uint32_t)option_count("--max-volumes", arg, 1,
		    UINT32_MAX, state);
		return 0;
	case KEY_MAX_FAILED:
		k->max_failed_volumes =
		    (uint32_t)option_count("--max-failed-volumes", arg, 1,
			UINT32_MAX, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	struct write_options *o = &a->options;

	switch (key) {
	case 'd':
		parse_dump(a, arg, state);
		return 0;
	case KEY_SPOOL_DIR:
		o->config.spool_dir = arg;
		return 0;
	case KEY_LABEL_BLANK:
		o->config.label_blank = true;
		return 0;
	case KEY_YES:
		o->yes = true;
		return 0;
	case KEY_FIXED:
		o->config.fixed_blocks = true;
		return 0;
	case KEY_RESUME:
		o->resume = true;
		return 0;
	case KEY_ASSUME_PRESENT:
		return tapes_add_name(&a->assumed, &o->assumed.count,
		    "--assume-present", arg, state);
	case KEY_CATALOGUE:
		o->catalogue = arg;
		return 0;
	case KEY_NO_CATALOGUE:
		o->no_catalogue = true;
		return 0;
	case 'q':
		o->quiet = true;
		return 0;
	case KEY_JSON:
		a->json = true;
		return 0;
	case KEY_EVIDENCE:
		a->evidence.dir = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->tapes;
		state->child_inputs[1] = &a->overwrite;
		return 0;
	case ARGP_KEY_ARGS:
		o->files = state->argv + state->next;
		o->files_count = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_END:
		check_together(a, state);
		return 0;
	default:
		return parse_sizes(key, arg, state);
	}
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "The dump:", 2 },
	{ "dump", 'd', "NAME", 0, "its name", 2 },
	{ "resume", KEY_RESUME, NULL, 0,
	    "resume a dump that is not complete: give the same stream again; "
	    "the safe part of it is compared and skipped",
	    2 },
	{ "assume-present", KEY_ASSUME_PRESENT, "BARCODE",
	    VERB_OPTION_LINE_ONLY | VERB_OPTION_REPEATS,
	    "with --resume: do not verify this volume, which is elsewhere and "
	    "unchanged",
	    2 },
	{ NULL, 0, NULL, 0,
	    "Volumes that may be written to, besides those with a scratch "
	    "label:",
	    OVERWRITE_GROUP },
	{ "label-blank", KEY_LABEL_BLANK, NULL, 0,
	    "volumes that were never written", OVERWRITE_GROUP },
	{ "yes", KEY_YES, NULL, VERB_OPTION_LINE_ONLY,
	    "do not ask that question", OVERWRITE_GROUP },
	{ NULL, 0, NULL, 0, "Sizes, with their units (256 KiB):", 4 },
	{ "block", KEY_BLOCK, "SIZE", 0, "size of a block (default 256 KiB)",
	    4 },
	{ "buffer", KEY_BUFFER, "SIZE", 0,
	    "size of the buffer (default 64 MiB)", 4 },
	{ "part", KEY_PART, "SIZE", 0, "size of a part (default 0: no limit)",
	    4 },
	{ NULL, 0, NULL, 0, "How a failed part can be written again:", 5 },
	{ "cache", KEY_CACHE, "none|memory|spool|slices", 0,
	    "where a part is kept that may have to be written again; slices: in "
	    "the files of the dump (default none; slices if files are named)",
	    5 },
	{ "spool-dir", KEY_SPOOL_DIR, "DIR", 0,
	    "folder of the spool (default TMPDIR, or /tmp)", 5 },
	{ "spool-size", KEY_SPOOL_SIZE, "SIZE", 0,
	    "limit of the spool (default a part and the buffer)", 5 },
	{ NULL, 0, NULL, 0, "How the drive is fed:", 6 },
	{ "streaming", KEY_STREAMING, "none|desired|required", 0,
	    "when the buffer is filled before the tape starts (default none)",
	    6 },
	{ "start-fill", KEY_START_FILL, "PERCENT", 0,
	    "how full the buffer must be for --streaming (default 100 %)", 6 },
	{ "fixed", KEY_FIXED, NULL, 0,
	    "fixed-block mode: fill up the last block with zeros", 6 },
	{ NULL, 0, NULL, 0, "Limits:", 7 },
	{ "max-volumes", KEY_MAX_VOLUMES, "N", 0,
	    "number of volumes to write to (default: no limit)", 7 },
	{ "max-failed-volumes", KEY_MAX_FAILED, "N", 0,
	    "stop after this many volumes in a row without a safe part "
	    "(default 3)",
	    7 },
	{ NULL, 0, NULL, 0, "Catalogue and output:", 8 },
	{ "catalogue", KEY_CATALOGUE, "FILE", 0,
	    "the catalogue (default: in the library, or below XDG_STATE_HOME)",
	    8 },
	{ "no-catalogue", KEY_NO_CATALOGUE, NULL, 0, "use no catalogue", 8 },
	{ "json", KEY_JSON, NULL, 0,
	    "print the result as JSON on standard output", 8 },
	{ "evidence", KEY_EVIDENCE, "DIR", VERB_OPTION_LINE_ONLY,
	    "keep all log pages of the drive and attributes of the "
	    "cartridges, before and after, in this folder",
	    8 },
	{ "quiet", 'q', NULL, 0, "show no progress on the terminal", 8 }, { 0 }
};

/* Reminds of errors that were printed while the dump was written. */
static void report_errors(const struct write_result *r)
{
	size_t errors = write_uses_errors(&r->uses);

	if (errors > 0)
		fprintf(stderr,
		    "tapelab: dump %s: the drive has reported errors of %zu "
		    "of %zu volumes: read the dump back to see whether it is "
		    "good; the counters are in the table volume_uses of the "
		    "catalogue and in the output of --json\n",
		    r->name, errors, r->uses.count);
}

/* Prints how much is safe, and how to write the rest. */
static void report_outcome(const struct arguments *a,
    const struct write_result *r)
{
	const char *name = a->options.config.dump;

	if (r->outcome == SPLITTER_DONE && r->sealed)
		return;
	if (r->outcome == SPLITTER_DONE) {
		fprintf(stderr,
		    "tapelab: dump %s: all of it is on tape, but its end "
		    "record is not: %s proves its last part\n",
		    name,
		    a->options.no_catalogue ? "nothing" : "only the catalogue");
		return;
	}
	fprintf(stderr, "tapelab: dump %s is %s%s%s\n", name,
	    splitter_outcome_name(r->outcome), r->printed ? "" : ": ",
	    r->printed ? "" : write_reason(r));
	if (r->safe_bytes == 0) {
		fprintf(stderr, "tapelab: no part of it is safe on tape%s\n",
		    r->block_refused ? "; choose another size with --block"
				     : "");
		return;
	}
	fprintf(stderr,
	    "tapelab: %" PRIu64 " bytes, %zu part%s, are safe on tape; to "
	    "write the rest, give the same stream to tapelab write --resume\n",
	    r->safe_bytes, r->parts.count, r->parts.count == 1 ? "" : "s");
}

static int write_it(const struct arguments *a)
{
	struct write_result result;
	char err[512];
	int status;

	if (write_dump(&a->options, &result, err, sizeof err) != 0) {
		fprintf(stderr, "tapelab: %s\n", err);
		return signals_signal() != 0 ? CMD_LOST : CMD_USAGE;
	}
	report_errors(&result);
	report_outcome(a, &result);
	status = result.outcome == SPLITTER_DONE ? CMD_OK
	    : result.outcome == SPLITTER_FAILED  ? CMD_LOST
	    : result.block_refused               ? CMD_USAGE
						 : CMD_PARTIAL;
	if (a->json && write_report_print(&result) != 0)
		fprintf(stderr, "tapelab: out of memory for the JSON\n");
	part_list_clear(&result.parts);
	write_uses_clear(&result.uses);
	return status;
}

/*
 * Removes "--" and the command after it from the arguments.  Returns the
 * command, or NULL if there is none.  argp would add the files before "--" to
 * the command.
 */
static char *const *cut_command(int *argc, char **argv)
{
	int i;

	for (i = 1; i < *argc; i++)
		if (strcmp(argv[i], "--") == 0) {
			*argc = i;
			argv[i] = NULL;
			return argv + i + 1;
		}
	return NULL;
}

static void format_rate(double bytes_per_s, char *text, size_t text_bytes)
{
	char rate[UNITS_BYTES];

	snprintf(text, text_bytes, "%s", units_rate(rate, bytes_per_s));
}

int cmd_write(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &tapes_argp, 0, NULL, 0 },
		{ &overwrite_argp, 0, NULL, 0 },
		{ 0 },
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.children = children,
		.args_doc = "[FILE...]\n-- COMMAND [ARG...]",
		.doc =
		    "Writes standard input, files in a row, or the output of a "
		    "command to tapes.  The command must exit with 0.\n"
		    "\vExit status: 0 the whole dump is on tape (DONE); 4 some "
		    "of its parts are (PARTIAL); 5 the input or the command "
		    "failed, or a signal came (FAILED); 2 bad usage, and "
		    "nothing was written.",
	};
	struct arguments a = { .tapes.program = "tapelab write",
		.start_fill_percent = 100,
		.options.format_rate = format_rate };
	struct splitter_config *config = &a.options.config;
	int status = CMD_USAGE;

	splitter_config_init(config, sizeof *config, SPLITTER_API);
	config->buffer_bytes = DEFAULT_BUFFER_BYTES;
	config->spool_dir = NULL;
	config->label_blank = false;
	a.options.command = cut_command(&argc, argv);
	if (cmd_begin(&argp, argc, argv, &a)) {
		config->start_fill_bytes =
		    config->buffer_bytes / 100 * a.start_fill_percent;
		config->overwrite = a.overwrite.names;
		config->overwrite_count = a.overwrite.count;
		config->format = a.overwrite.format;
		a.options.overwrite_unnamed = a.overwrite.unnamed;
		a.options.assumed.list = a.assumed;
		a.options.tapes = tapes_source(&a.tapes);
		status = write_evidence_begin(&a.evidence, &a.options)
		    ? write_it(&a)
		    : CMD_USAGE;
		write_evidence_end(&a.evidence);
	}
	overwrite_spec_clear(&a.overwrite);
	free(a.assumed);
	tapes_spec_clear(&a.tapes);
	return status;
}
