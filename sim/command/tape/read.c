/* read.c: tapelab read: reads a dump back from its tapes. */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/tape/gaps.h"
#include "splitter/base/signals.h"
#include "splitter/tool/scan_all.h"
#include "splitter/tool/volumes_unread.h"
#include "sim/command/output.h"
#include "sim/command/tape/tapes.h"
#include "splitter/base/units.h"
#include "splitter/api/reader.h"
#include "splitter/base/sentence.h"

enum { KEY_SALVAGE = 256, KEY_MISSING, KEY_MAX_MISSING };

/*
 * The limit is more than a lost volume of any type; a longer gap is
 * implausible.
 */
#define MAX_MISSING_BYTES (UINT64_C(64) << 40)

struct arguments {
	struct tapes_spec tapes;
	const char *dump;
	uint64_t part;
	bool salvage;
	uint64_t max_missing_bytes;
	const char *missing; /* file for the list of gaps, or NULL */
};

struct run {
	const struct arguments *arguments;
	struct output output;
	struct gaps gaps;
	struct tapes *tapes;
	const struct splitter_scan *scan;
	bool in_use; /* a volume was not scanned because it is in use */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char err[256];

	switch (key) {
	case 'd':
		a->dump = arg;
		return 0;
	case 'p':
		if (units_parse_count(arg, 1, INT64_MAX, &a->part, err,
			sizeof err) != 0)
			argp_error(state, "--part: %s", err);
		return 0;
	case KEY_SALVAGE:
		a->salvage = true;
		return 0;
	case KEY_MISSING:
		a->missing = arg;
		return 0;
	case KEY_MAX_MISSING:
		if (units_parse(UNITS_SIZE, arg, &a->max_missing_bytes, err,
			sizeof err) != 0)
			argp_error(state, "--max-missing: %s", err);
		if (a->max_missing_bytes == 0)
			argp_error(state,
			    "--max-missing: 0 is not allowed: leave out "
			    "--salvage instead");
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->tapes;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state,
		    "%s: a dump is written to standard output, not to a file",
		    arg);
		return 0;
	case ARGP_KEY_END:
		if (a->dump == NULL)
			argp_error(state,
			    "name the dump: --dump NAME; tapelab scan lists "
			    "the dumps");
		if (a->max_missing_bytes > 0 && !a->salvage)
			argp_error(state, "--max-missing needs --salvage");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "What to read:", 2 },
	{ "dump", 'd', "NAME", 0,
	    "the dump; NAME@ID if several dumps have that name", 2 },
	{ "part", 'p', "N", 0, "read this part only", 2 },
	{ "salvage", KEY_SALVAGE, NULL, 0,
	    "continue after missing or damaged data, and accept data that "
	    "nothing proves; missing bytes are replaced by zeros and reported",
	    2 },
	{ "max-missing", KEY_MAX_MISSING, "SIZE", 0,
	    "replace at most this many missing bytes in all (default 64 TiB), "
	    "and leave out parts that claim to follow a larger gap",
	    2 },
	{ "missing", KEY_MISSING, "FILE", 0,
	    "write a list of the missing, damaged and unproven ranges to this "
	    "file, as JSON",
	    2 },
	{ 0 },
};

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	struct run *run = arg;

	return signals_signal() == 0 &&
	    output_bytes(&run->output, bytes, count) == 0;
}

static void on_gap(void *arg, const struct splitter_gap *gap)
{
	struct run *run = arg;

	gaps_add(&run->gaps, gap);
	if (gap->kind == SPLITTER_GAP_MISSING && gap->bytes != UINT64_MAX &&
	    run->arguments->salvage)
		output_gap(&run->output, gap->bytes);
}

static int finish(struct run *run, const struct splitter_read_outcome *o)
{
	const char *name = run->arguments->dump;
	int ended = output_end(&run->output);
	/* A reason that was already printed for a gap is not repeated. */
	bool printed = reported_within(&run->gaps.reasons, o->message);
	char missing[48];

	if (gaps_end(&run->gaps) != 0)
		return CMD_LOST;
	if (signals_signal() != 0 || ended != 0) {
		fprintf(stderr, "tapelab: %s was not read to its end: %s\n",
		    name,
		    signals_signal() != 0 ? "interrupted"
					  : run->output.message);
		return CMD_LOST;
	}
	/* Another dump with this name may be on an unread volume. */
	volumes_unread_print(run->scan);
	switch (o->end) {
	case SPLITTER_READ_WHOLE:
		return CMD_OK;
	case SPLITTER_READ_PARTIAL:
		if (o->open_end && o->missing_bytes == 0)
			strcpy(missing, "an unknown number");
		else
			snprintf(missing, sizeof missing, "%s%" PRIu64,
			    o->open_end ? "more than " : "", o->missing_bytes);
		fprintf(stderr,
		    "tapelab: %s is not %swhole: %s%s%" PRIu64
		    " bytes are good, %s missing, %" PRIu64 " damaged, %" PRIu64
		    " unproven%s\n",
		    name, o->lost || o->end_known ? "" : "proven to be ",
		    printed ? "" : o->message, printed ? "" : "; ",
		    o->good_bytes, missing, o->damaged_bytes, o->unproven_bytes,
		    o->over_limit ? "; --max-missing allows larger gaps" : "");
		return CMD_PARTIAL;
	default:
		fprintf(stderr,
		    "tapelab: %s was not read to its end%s%s; %" PRIu64
		    " bytes are good; %s\n",
		    name, printed ? "" : ": ", printed ? "" : o->message,
		    o->good_bytes,
		    o->later || run->in_use
			? "make the volumes available that could not be "
			  "scanned; --wait waits for those in use"
			: "--salvage continues after missing data");
		return o->later || run->in_use ? CMD_PARTIAL : CMD_LOST;
	}
}

/*
 * Returns whether a volume that could not be loaded is missing or only in use.
 */
static enum splitter_missing_decision on_missing(void *arg, const char *barcode,
    const char *why)
{
	struct run *run = arg;
	struct tapes_missed missed;

	(void)barcode, (void)why;
	tapes_take_missed(run->tapes, &missed);
	return missed.in_use ? SPLITTER_MISSING_LATER : SPLITTER_MISSING_SKIP;
}

static void on_warning(void *arg, const char *message)
{
	const struct run *run = arg;

	tapes_warn(run->tapes, message);
}

static int read_dump(struct run *run, const struct splitter_scan *scan,
    size_t dump)
{
	const struct arguments *a = run->arguments;
	struct splitter_read_outcome outcome;
	struct splitter_read_config config;
	char err[512];

	if (a->part != 0 &&
	    splitter_scan_next_part(scan, dump, a->part) != a->part) {
		fprintf(stderr,
		    "tapelab: no volume that was scanned knows part %" PRIu64
		    " of %s\n",
		    a->part, a->dump);
		volumes_unread_print(scan);
		return run->in_use ? CMD_PARTIAL : CMD_LOST;
	}
	splitter_read_config_init(&config, sizeof config, SPLITTER_API);
	config.library = tapes_library(run->tapes);
	config.scan = scan;
	config.dump = dump;
	config.part = a->part;
	config.salvage = a->salvage;
	config.missing_max_bytes =
	    a->max_missing_bytes > 0 ? a->max_missing_bytes : MAX_MISSING_BYTES;
	config.arg = run;
	config.data = on_data;
	config.gap = on_gap;
	config.volume_missing = on_missing;
	config.warning = on_warning;
	if (splitter_read(&config, &outcome, sizeof outcome, err, sizeof err) ==
	    0)
		return finish(run, &outcome);
	fprintf(stderr, "tapelab: %s was not read: %s\n", a->dump, err);
	return CMD_LOST;
}

/*
 * Returns whether a part of the dump may be on a volume that was not scanned.
 */
static bool may_hold(const struct arguments *a,
    const struct splitter_scan *scan, size_t dump, const char *barcode)
{
	uint64_t part = a->part, before = part > 0 ? part - 1 : 0;
	struct splitter_scan_part p;
	struct splitter_scan_dump d;

	splitter_scan_get_dump(scan, dump, &d, sizeof d);
	while ((part = splitter_scan_next_part(scan, dump, before + 1)) != 0) {
		splitter_scan_get_part(scan, dump, part, &p, sizeof p);
		if (part != before + 1 ||
		    (!p.present &&
			(p.volume[0] == '\0' ||
			    strcmp(p.volume, barcode) == 0)))
			return true;
		if (a->part != 0)
			return !p.present || !p.proven;
		before = part;
	}
	return a->part != 0 || d.outcome[0] == '\0';
}

/*
 * Checks whether a part of the dump may be on a volume that is in use, or must
 * stay where it is.  Such a part is not lost: with --salvage, returns -1 with a
 * message.  Otherwise returns 0.
 */
static int check_in_use(struct run *run, const struct splitter_scan *scan,
    size_t dump, char *err, size_t err_bytes)
{
	struct splitter_scan_volume v;
	size_t i;

	for (i = 0; i < splitter_scan_volume_count(scan); i++) {
		splitter_scan_get_volume(scan, i, &v, sizeof v);
		if (v.kind != SPLITTER_VOLUME_NOT_SCANNED || !v.in_use ||
		    !may_hold(run->arguments, scan, dump, v.barcode))
			continue;
		run->in_use = true;
		if (!run->arguments->salvage)
			return 0;
		snprintf(err, err_bytes,
		    "volume %s may hold a part of the dump, which --salvage "
		    "would treat as lost: make it available first; --wait "
		    "waits for volumes that others use",
		    v.barcode);
		return -1;
	}
	return 0;
}

/*
 * Finds the dump on the volumes.  Returns -1 with a message and an exit status
 * if the dump cannot be read.
 */
static long find_dump(struct run *run, struct splitter_scan **scan, int *status,
    char *err, size_t err_bytes)
{
	const struct arguments *a = run->arguments;
	size_t found = 0;
	long dump = -1;

	*scan = scan_all(run->tapes, false, err, err_bytes);
	if (*scan == NULL)
		return -1;
	run->scan = *scan;
	if (err[0] == '\0' &&
	    splitter_scan_find_dump(*scan, a->dump, &found, err, err_bytes) ==
		0)
		dump = (long)found;
	if (err[0] == '\0' &&
	    check_in_use(run, *scan, (size_t)dump, err, err_bytes) != 0)
		dump = -1;
	else if (dump < 0 && splitter_scan_read_count(*scan) > 0 &&
	    splitter_scan_not_scanned_count(*scan) > 0)
		*status = CMD_PARTIAL;
	if (dump < 0)
		volumes_unread_print(*scan);
	return dump;
}

static int run_all(const struct arguments *a)
{
	struct run run = { .arguments = a };
	const struct tapes_use use = { .reading = true };
	struct splitter_scan *scan = NULL;
	char err[512];
	int status = CMD_USAGE;
	long dump = -1;

	if (output_begin(&run.output, err, sizeof err) == 0 &&
	    gaps_begin(&run.gaps, a->missing, err, sizeof err) == 0)
		run.tapes = tapes_open(&a->tapes, &use, err, sizeof err);
	if (run.tapes != NULL)
		dump = find_dump(&run, &scan, &status, err, sizeof err);
	if (dump < 0) {
		fprintf(stderr, "tapelab: %s\n", err);
		if (signals_signal() != 0)
			status = CMD_LOST;
	} else {
		status = read_dump(&run, scan, (size_t)dump);
	}
	gaps_clear(&run.gaps);
	tapes_close(run.tapes);
	splitter_scan_free(scan);
	return status;
}

int cmd_read(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &tapes_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.children = children,
		.doc =
		    "Reads a dump from its tapes, and writes it to standard "
		    "output.\n"
		    "\vOnly the tapes are needed, no catalogue; every checksum "
		    "is compared.  Exit status: 0 the whole dump was read; 4 "
		    "the dump is incomplete or not proven to its end, and what "
		    "is missing or unproven was reported, or a volume that may "
		    "hold a part of it could not be scanned; 5 it could not be "
		    "read to its end, or it was interrupted; 2 bad usage, no "
		    "such dump, or no volume could be scanned.",
	};
	struct arguments a = { .tapes.program = "tapelab read" };
	int status = CMD_USAGE;

	if (cmd_begin(&argp, argc, argv, &a))
		status = run_all(&a);
	tapes_spec_clear(&a.tapes);
	return status;
}
