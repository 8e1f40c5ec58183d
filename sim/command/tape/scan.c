/* scan.c: tapelab scan: lists the dumps on tapes. */
#include <argp.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tool/catalogue/catalogue.h"
#include "sim/command/cmd.h"
#include "splitter/base/signals.h"
#include "splitter/tool/scan_all.h"
#include "sim/command/tape/scan_print.h"
#include "sim/command/tape/tapes.h"

enum { KEY_JSON = 256, KEY_REBUILD, KEY_CATALOGUE };

struct arguments {
	struct tapes_spec tapes;
	bool json, rebuild;
	const char *path;            /* path of the catalogue, or NULL */
	struct catalogue *catalogue; /* the catalogue being rebuilt, or NULL */
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_JSON:
		a->json = true;
		return 0;
	case KEY_REBUILD:
		a->rebuild = true;
		return 0;
	case KEY_CATALOGUE:
		a->path = arg;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->tapes;
		return 0;
	case ARGP_KEY_ARG:
		return ARGP_ERR_UNKNOWN;
	case ARGP_KEY_END:
		if (a->path != NULL && !a->rebuild)
			argp_error(state, "--catalogue needs --rebuild");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "What to print:", 2 },
	{ "json", KEY_JSON, NULL, 0, "print JSON, with every file", 2 },
	{ "rebuild", KEY_REBUILD, NULL, 0,
	    "enter the dumps that are found into the catalogue", 2 },
	{ "catalogue", KEY_CATALOGUE, "FILE", 0,
	    "the catalogue (default: in the library, or below XDG_STATE_HOME)",
	    2 },
	{ 0 },
};

/*
 * Opens the catalogue.  Called before the scan, because other processes may
 * write to volumes during the scan.
 */
static int open_catalogue(struct arguments *a, char *err, size_t err_bytes)
{
	char *path;

	if (!a->rebuild)
		return 0;
	path = a->path != NULL ? strdup(a->path)
			       : catalogue_path(a->tapes.library);
	if (path == NULL)
		snprintf(err, err_bytes, "out of memory");
	else
		a->catalogue = catalogue_open(path, err, err_bytes);
	free(path);
	if (a->catalogue == NULL)
		return -1;
	if (catalogue_begin_scan(a->catalogue) == 0)
		return 0;
	snprintf(err, err_bytes, "%s", catalogue_message(a->catalogue));
	return -1;
}

static int rebuild(const struct arguments *a, const struct splitter_scan *scan)
{
	struct splitter_scan_volume v;
	size_t i;
	int rc = catalogue_enter_scan(a->catalogue, scan);

	for (i = 0; rc == 0 && i < splitter_scan_volume_count(scan); i++) {
		splitter_scan_get_volume(scan, i, &v, sizeof v);
		rc = catalogue_was_changed(a->catalogue, v.barcode);
		if (rc <= 0)
			continue;
		fprintf(stderr,
		    "tapelab: volume %s was used by another process during the "
		    "scan: its entries in the catalogue are kept\n",
		    v.barcode);
		rc = 0;
	}
	if (rc != 0)
		fprintf(stderr, "tapelab: %s\n",
		    catalogue_message(a->catalogue));
	return rc;
}

static int print(const struct arguments *a, const struct splitter_scan *scan)
{
	bool good;

	if (a->catalogue != NULL && rebuild(a, scan) != 0)
		return CMD_USAGE;
	if (a->json) {
		if (scan_print_json(scan, &good) != 0) {
			fprintf(stderr, "tapelab: out of memory\n");
			return CMD_USAGE;
		}
	} else {
		scan_print_table(scan, &good);
	}
	return good ? CMD_OK : CMD_PARTIAL;
}

static int run(struct arguments *a)
{
	const struct tapes_use use = { .reading = true };
	struct splitter_scan *scan = NULL;
	struct tapes *tapes;
	char err[512];
	int status = CMD_USAGE;

	/* Open the tapes first: without tapes no new catalogue is created. */
	tapes = tapes_open(&a->tapes, &use, err, sizeof err);
	if (tapes != NULL && open_catalogue(a, err, sizeof err) == 0)
		scan = scan_all(tapes, true, err, sizeof err);
	if (scan != NULL)
		status = print(a, scan);
	if (scan == NULL || err[0] != '\0') {
		fprintf(stderr, "tapelab: %s\n", err);
		status = signals_signal() != 0 ? CMD_LOST : CMD_USAGE;
	}
	catalogue_close(a->catalogue);
	tapes_close(tapes);
	splitter_scan_free(scan);
	return status;
}

int cmd_scan(int argc, char **argv)
{
	static const struct argp_child children[] = {
		{ &tapes_argp, 0, NULL, 0 }, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.children = children,
		.doc =
		    "Lists the dumps and parts on tapes, what proves them, and "
		    "what is missing.\n"
		    "\vHeaders and end records are read, not the data.  Exit "
		    "status: 0 every dump is complete, as far as is known; 4 "
		    "something is missing, unproven or damaged, or a volume "
		    "could not be scanned; 5 it was interrupted; 2 bad usage, "
		    "or no volume could be scanned.",
	};
	struct arguments a = { .tapes.program = "tapelab scan" };
	int status = CMD_USAGE;

	if (cmd_begin(&argp, argc, argv, &a))
		status = run(&a);
	tapes_spec_clear(&a.tapes);
	return status;
}
