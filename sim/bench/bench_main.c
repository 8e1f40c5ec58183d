/*
 * bench_main.c: writes a file with the splitter, as fast as possible.
 *
 *     bench_main null FILE BLOCK BUFFER PART CACHE FOLDER [sealed]
 *     bench_main vdrive FILE BLOCK BUFFER PART FOLDER
 *     bench_main write FILE PLAIN
 *
 * `null` writes to the null tape, with the part cache CACHE: none, memory,
 * spool (in FOLDER) or slices.  `sealed` adds an end record, which has the
 * checksum of the dump.  FILE may be "-", a pipe.  `vdrive` writes to a virtual
 * drive, on a new volume with payload raw in FOLDER.  `write` copies FILE to
 * the file PLAIN, with writes of 1 MiB and one fdatasync, for comparison.
 * Sizes are bytes.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/bench/stream.h"
#include "splitter/tape/null.h"
#include "vtl/library/library.h"

enum { PIECE_BYTES = 1 << 20 };

static void stream_file(const char *path, char **sizes,
    struct tape_library *library)
{
	struct stream stream = { .path = path, .library = library };

	stream_sizes(&stream, sizes);
	stream_run(&stream);
}

static void to_vdrive(const char *path, char **sizes, const char *folder)
{
	struct volume_spec spec = { .barcode = "BENCH1",
		.capacity_bytes = INT64_MAX / 2,
		.payload = VOLUME_PAYLOAD_RAW };
	const struct model *drives[] = { model_find("instant") };
	char message[VOLUME_MESSAGE_BYTES];
	char *volume = library_volume_path(folder, spec.barcode);
	const char *paths[] = { volume };
	struct library_spec library_spec = { .paths = paths,
		.volume_count = 1,
		.drives = drives,
		.drive_count = 1,
		.durable = true };
	struct library *library;

	if (volume == NULL ||
	    volume_create(volume, &spec, "bench", true, message) != 0)
		stream_die(message);
	library = library_new(&library_spec);
	if (library == NULL)
		stream_die("out of memory");
	stream_file(path, sizes, library_tapes(library));
	library_free(library);
	unlink(volume);
	free(volume);
}

static void to_plain(const char *path, const char *plain)
{
	int from = stream_open(path);
	int to = open(plain, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	char *piece = malloc(PIECE_BYTES);
	ssize_t n;

	if (to == -1 || piece == NULL)
		stream_die("cannot make the plain file");
	while ((n = read(from, piece, PIECE_BYTES)) > 0)
		if (write(to, piece, (size_t)n) != n)
			stream_die("cannot write the plain file");
	if (n < 0 || fdatasync(to) != 0 || close(to) != 0)
		stream_die("cannot write the plain file");
	close(from);
	free(piece);
	unlink(plain);
}

static void to_null(char **argv, bool sealed)
{
	struct null_tape null;
	struct stream stream = {
		.path = argv[0], .library = &null.library, .end_record = sealed
	};

	null_tape_init(&null);
	stream_sizes(&stream, argv + 1);
	stream_cache(&stream, argv[4], argv[5]);
	stream_run(&stream);
	if (stream.cache != NULL)
		stream.cache->ops->free(stream.cache);
}

int main(int argc, char **argv)
{
	bool sealed = argc == 9 && strcmp(argv[8], "sealed") == 0;

	if ((argc == 8 || sealed) && strcmp(argv[1], "null") == 0) {
		to_null(argv + 2, sealed);
	} else if (argc == 7 && strcmp(argv[1], "vdrive") == 0) {
		to_vdrive(argv[2], argv + 3, argv[6]);
	} else if (argc == 4 && strcmp(argv[1], "write") == 0) {
		to_plain(argv[2], argv[3]);
	} else {
		fprintf(stderr, "usage: see the head of bench_main.c\n");
		return 2;
	}
	return 0;
}
