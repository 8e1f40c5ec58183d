/*
 * memory_main.c: measures the peak of the memory of a dump.
 *
 *     memory_main FILE BLOCK BUFFER PART CACHE NTH FOLDER
 *
 * Writes FILE to a virtual drive, on new volumes with payload raw in FOLDER; a
 * spool is in FOLDER too.  CACHE is none, memory, spool or slices.  The NTH
 * block fails once, so that its part is written again from the cache; 0: no
 * block fails.  Sizes are bytes.  Prints the peak in bytes.
 *
 * The peak is VmHWM of /proc: the most memory that was resident at one time.
 * The page cache of files, also of those on tmpfs, is not part of it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/bench/stream.h"
#include "splitter/filter/fault.h"
#include "vtl/library/library.h"

enum { VOLUMES = 2 };

/* Reads a number from a file in /proc with lines "NAME:  N kB". */
static uint64_t figure(const char *path, const char *name)
{
	FILE *f = fopen(path, "re");
	char line[256], *end;
	size_t n = strlen(name);
	uint64_t kib = 0;
	bool found = false;

	if (f == NULL)
		stream_die(path);
	while (!found && fgets(line, sizeof line, f) != NULL) {
		if (strncmp(line, name, n) != 0 || line[n] != ':')
			continue;
		kib = strtoull(line + n + 1, &end, 10);
		found = strcmp(end, " kB\n") == 0;
	}
	fclose(f);
	if (!found)
		stream_die("/proc has no figure for resident memory");
	return kib << 10;
}

static void print_peak(const struct dump_run_outcome *outcome)
{
	(void)outcome;
	printf("%" PRIu64 "\n", figure("/proc/self/status", "VmHWM"));
}

/* Makes a volume.  Returns its path, which the caller frees. */
static char *make_volume(const char *folder, int i)
{
	struct volume_spec spec = { .capacity_bytes = INT64_MAX / 2,
		.payload = VOLUME_PAYLOAD_RAW };
	char message[VOLUME_MESSAGE_BYTES] = "out of memory";
	char *path;

	snprintf(spec.barcode, sizeof spec.barcode, "MEM%d", i);
	path = library_volume_path(folder, spec.barcode);
	if (path == NULL ||
	    volume_create(path, &spec, "bench", false, message) != 0)
		stream_die(message);
	return path;
}

static struct library *make_library(const char *folder)
{
	const struct model *drive = model_find("instant");
	char *paths[VOLUMES];
	const struct library_spec spec = { .paths = (const char *const *)paths,
		.volume_count = VOLUMES,
		.drives = &drive,
		.drive_count = 1 };
	struct library *library;
	int i;

	for (i = 0; i < VOLUMES; i++)
		paths[i] = make_volume(folder, i);
	library = library_new(&spec);
	if (library == NULL)
		stream_die("out of memory");
	for (i = 0; i < VOLUMES; i++)
		free(paths[i]);
	return library;
}

static void remove_volumes(const struct library *library)
{
	struct library_volume volume;
	size_t i;

	for (i = 0; i < library_volume_count(library); i++) {
		library_volume_get(library, i, &volume);
		unlink(volume.path);
	}
}

int main(int argc, char **argv)
{
	struct stream s = { .done = print_peak };
	struct fault fault = { .at = SPLITTER_FAULT_BLOCK,
		.cause = TAPE_MEDIUM_ERROR,
		.once = true };
	struct library *library;

	if (argc != 8) {
		fprintf(stderr, "usage: see the head of memory_main.c\n");
		return 2;
	}
	s.path = argv[1];
	stream_sizes(&s, argv + 2);
	stream_cache(&s, argv[5], argv[7]);
	fault.nth = strtoull(argv[6], NULL, 10);
	library = make_library(argv[7]);
	s.library =
	    fault_library_new(library_tapes(library), &fault, fault.nth > 0);
	if (s.library == NULL)
		stream_die("out of memory");
	stream_run(&s);
	fault_library_free(s.library);
	if (s.cache != NULL)
		s.cache->ops->free(s.cache);
	remove_volumes(library);
	library_free(library);
	return 0;
}
