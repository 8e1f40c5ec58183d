/*
 * readback.c: reads a dump from volumes, each a folder, to standard output.
 *
 *     readback [-b BLOCK] [-s] DUMP VOLUME...
 *
 * -s continues after what is missing or damaged, and fills it with nothing.
 * Exit status: 0 the whole dump was read; 4 not all of it is there; 5 it was
 * not read to its end; 2 there is no such dump.
 */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include <tapelab/reader.h>

#include "shelf.h"
#include "show.h"

static bool write_out(void *arg, const void *bytes, uint64_t count)
{
	return fwrite(bytes, 1, count, arg) == count;
}

static void show_gap(void *arg, const struct splitter_gap *gap)
{
	(void)arg;
	fprintf(stderr, "%s from byte %" PRIu64 " on, part %" PRIu64 ": %s\n",
	    splitter_gap_kind_name(gap->kind), gap->offset_bytes, gap->part,
	    gap->why);
}

/* All volumes are scanned, and the dump is looked for on them. */
static struct splitter_scan *find(struct shelf *shelf, const char *name,
    size_t *dump)
{
	struct splitter_scan_config config;
	struct splitter_scan *scan;
	char err[256], end[256];

	splitter_scan_config_init(&config, sizeof config, SPLITTER_API);
	scan = splitter_scan_new(&config, err, sizeof err);
	if (scan != NULL &&
	    splitter_scan_library(scan, &shelf->library, end, sizeof end) != 0)
		snprintf(err, sizeof err, "out of memory");
	else if (scan != NULL &&
	    splitter_scan_find_dump(scan, name, dump, err, sizeof err) == 0)
		return scan;
	fprintf(stderr, "%s\n", err);
	splitter_scan_free(scan);
	return NULL;
}

static int read_dump(struct splitter_read_config *config)
{
	struct splitter_read_outcome outcome;
	char err[256];

	if (splitter_read(config, &outcome, sizeof outcome, err, sizeof err) !=
	    0) {
		fprintf(stderr, "%s\n", err);
		return 2;
	}
	if (outcome.end != SPLITTER_READ_WHOLE)
		fprintf(stderr, "%s\n", outcome.message);
	if (fflush(stdout) != 0 || outcome.end == SPLITTER_READ_FAILED)
		return 5;
	return outcome.end == SPLITTER_READ_WHOLE ? 0 : 4;
}

int main(int argc, char **argv)
{
	struct splitter_read_config config;
	struct splitter_scan *scan;
	struct shelf shelf;
	int c, status;

	splitter_read_config_init(&config, sizeof config, SPLITTER_API);
	shelf_init(&shelf, NULL, 256 << 10);
	while ((c = getopt(argc, argv, "b:s")) != -1) {
		if (c == 'b')
			shelf.block = show_size(optarg);
		else if (c == 's')
			config.salvage = true;
		else
			return 2;
	}
	if (optind + 2 > argc) {
		fprintf(stderr, "name a dump, and its volumes\n");
		return 2;
	}
	shelf.volumes = argv + optind + 1;
	scan = find(&shelf, argv[optind], &config.dump);
	if (scan == NULL)
		return 2;
	config.library = &shelf.library;
	config.scan = scan;
	config.arg = stdout;
	config.data = write_out;
	config.gap = show_gap;
	status = read_dump(&config);
	splitter_scan_free(scan);
	return status;
}
