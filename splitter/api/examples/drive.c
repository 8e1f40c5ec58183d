/*
 * drive.c: lists the dumps on the volumes of a tape drive of Linux.
 *
 *     drive DEVICE [COMMAND]
 *
 * COMMAND changes the volume; without it only the volume in the drive is read.
 */
#include <inttypes.h>
#include <stdio.h>

#include <tapelab/reader.h>
#include <tapelab/st.h>

/* The same function serves a person: ask, and wait. */
static int change(void *command, const struct splitter_st_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	return splitter_st_run_command(command, wanted, barcode, err,
	    err_bytes);
}

static void notice(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "%s\n", message);
}

static void print_dumps(const struct splitter_scan *scan)
{
	struct splitter_scan_dump dump;
	size_t i;

	for (i = 0; i < splitter_scan_dump_count(scan); i++) {
		splitter_scan_get_dump(scan, i, &dump, sizeof dump);
		printf("%s@%016" PRIx64 ": %" PRIu64 " parts, %s\n", dump.name,
		    dump.id, dump.parts,
		    dump.outcome[0] != '\0' ? dump.outcome : "no end record");
	}
}

static int list(struct tape_library *library)
{
	struct splitter_scan_config config;
	struct splitter_scan *scan;
	char err[512];
	int rc = -1;

	splitter_scan_config_init(&config, sizeof config, SPLITTER_API);
	scan = splitter_scan_new(&config, err, sizeof err);
	if (scan != NULL)
		rc = splitter_scan_library(scan, library, err, sizeof err);
	if (rc == 0)
		print_dumps(scan);
	fprintf(stderr, "%s\n", err);
	splitter_scan_free(scan);
	return rc == 0 ? 0 : 2;
}

int main(int argc, char **argv)
{
	struct splitter_st_config config;
	struct tape_library *library;
	char err[512];
	int status = 2;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: drive DEVICE [COMMAND]\n");
		return 2;
	}
	splitter_st_config_init(&config, sizeof config, SPLITTER_API);
	config.device = argv[1];
	config.reading = true;
	config.notice = notice;
	if (argc == 3) {
		config.change = change;
		config.arg = argv[2];
	}
	library = splitter_st_new(&config, err, sizeof err);
	if (library != NULL &&
	    splitter_st_probe(library, 0, err, sizeof err) == 0)
		status = list(library);
	else
		fprintf(stderr, "%s\n", err);
	splitter_st_free(library);
	return status;
}
