/*
 * write.c: writes standard input to volumes, each a folder: a source and a
 * library, and libsplitter does the rest.
 *
 *     write [-b BLOCK] [-p PART] [-s SIZE] [-w WARNING] [-f BLOCK-NUMBER]
 *         [-t] VOLUME...
 *
 * Volumes hold SIZE bytes and warn WARNING bytes before their end.  The
 * BLOCK-NUMBERth block fails, once; -t traces each operation on standard error.
 * The spool of a part lies in TMPDIR, else in /var/tmp.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tapelab/filters.h>

#include "shelf.h"
#include "show.h"

static void attempt_done(void *arg, const struct splitter_attempt *a)
{
	(void)arg;
	show_attempt(a);
}

static void warning(void *arg, const char *message, int64_t at_ns)
{
	(void)arg, (void)at_ns;
	fprintf(stderr, "%s\n", message);
}

static void trace(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);
}

/* The source: any function that brings bytes. */
static int64_t read_input(void *arg, void *to, uint64_t bytes)
{
	size_t n = fread(to, 1, bytes, arg);

	return ferror((FILE *)arg) ? -1 : (int64_t)n;
}

static int write_dump(const struct splitter_config *config)
{
	struct splitter *s;
	char err[256];
	int status;

	s = splitter_new(config, err, sizeof err);
	if (s == NULL) {
		fprintf(stderr, "%s\n", err);
		return 2;
	}
	splitter_feed(s, read_input, stdin);
	status = show_outcome(splitter_wait(s));
	splitter_free(s);
	return status;
}

int main(int argc, char **argv)
{
	struct splitter_fault fault = { .at = SPLITTER_FAULT_BLOCK,
		.cause = TAPE_MEDIUM_ERROR,
		.once = true };
	struct shelf shelf;
	struct tape_library *failing = NULL, *traced = NULL;
	struct splitter_config config;
	int c, status;

	splitter_config_init(&config, sizeof config, SPLITTER_API);
	shelf_init(&shelf, NULL, config.block_bytes);
	config.dump = "example";
	config.cache = SPLITTER_CACHE_SPOOL;
	if (getenv("TMPDIR") != NULL)
		config.spool_dir = getenv("TMPDIR");
	config.part_bytes = 64 << 20;
	config.attempt_done = attempt_done;
	config.warning = warning;
	config.library = &shelf.library;
	while ((c = getopt(argc, argv, "b:p:s:w:f:t")) != -1) {
		if (c == 'b')
			shelf.block = config.block_bytes = show_size(optarg);
		else if (c == 'p')
			config.part_bytes = show_size(optarg);
		else if (c == 's')
			shelf.size = show_size(optarg);
		else if (c == 'w')
			shelf.warning = show_size(optarg);
		else if (c == 'f') {
			fault.nth = show_size(optarg);
			config.library = failing =
			    splitter_fault_library_new(config.library, &fault,
				1);
		} else if (c == 't')
			config.library = traced =
			    splitter_trace_library_new(config.library, trace,
				NULL);
		else
			return 2;
	}
	if (config.library == NULL) {
		fprintf(stderr, "that filter cannot be had\n");
		return 2;
	}
	shelf.volumes = argv + optind;
	status = write_dump(&config);
	splitter_trace_library_free(traced);
	splitter_fault_library_free(failing);
	return status;
}
