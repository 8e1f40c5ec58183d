/*
 * volumes_main.c: measures a volume in a virtual drive, without a splitter.
 *
 *     volumes_main write PAYLOAD VOLUME FILE BLOCK   a file, block by block
 *     volumes_main deflate FILE                      zlib, two threads
 *     volumes_main read VOLUME                       all blocks
 *     volumes_main plain FILE                        a file, 1 MiB at a time
 *     volumes_main runs VOLUME BLOCKS BLOCK          payload none, long runs
 *     volumes_main records VOLUME BLOCKS BLOCK       payload raw, one by one
 *     volumes_main locate VOLUME                     median time, in ms
 *     volumes_main fill VOLUME FILES BLOCKS          payload none, 1 MiB each
 *
 * The verbs that write make the volume, and synchronise it once; `fill` appends
 * files to a volume that exists.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "sim/bench/stream.h"
#include "vtl/drive/drive.h"
#include "vtl/volume/deflate_pool.h"
#include "splitter/base/clock.h"

enum { PIECE_BYTES = 1 << 20, LOCATES = 1001, DUMP = 1 };

static struct volume *open_volume(const char *path)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume = volume_open(path, true, message);

	if (volume == NULL)
		stream_die(message);
	return volume;
}

static struct volume *make_volume(const char *path, enum volume_payload payload)
{
	const struct volume_spec spec = { .barcode = "BENCH1",
		.capacity_bytes = INT64_MAX / 2,
		.payload = payload };
	char message[VOLUME_MESSAGE_BYTES];

	if (volume_create(path, &spec, "bench", true, message) != 0)
		stream_die(message);
	return open_volume(path);
}

static void close_volume(struct volume *volume)
{
	char message[VOLUME_MESSAGE_BYTES];

	if (volume_close(volume, message) != 0)
		stream_die(message);
}

static struct drive *load(struct volume *volume)
{
	struct drive *drive = drive_new(model_find("instant"));
	struct drive_result answer;

	if (drive == NULL)
		stream_die("out of memory");
	drive_load(drive, volume, 0, &answer);
	return drive;
}

static void unload(struct drive *drive)
{
	struct drive_result answer;
	struct volume *volume = drive_unload(drive, 0, &answer);

	close_volume(volume);
	drive_free(drive);
}

static void write_run(struct drive *drive, const struct volume_run *run)
{
	struct drive_result answer;

	drive_write(drive, run, 0, &answer);
	if (answer.check)
		stream_die(volume_message(drive_volume(drive)));
}

static void write_file(const char *payload, const char *path, const char *file,
    uint64_t block_bytes)
{
	struct drive *drive = load(make_volume(path,
	    strcmp(payload, "zlib") == 0 ? VOLUME_PAYLOAD_ZLIB
					 : VOLUME_PAYLOAD_RAW));
	struct volume_run run = { .block_bytes = block_bytes, .dump_id = DUMP };
	char *block = malloc(block_bytes);
	int fd = stream_open(file);
	ssize_t n;

	run.data = block;
	while ((n = read(fd, block, block_bytes)) > 0) {
		run.bytes = (uint64_t)n;
		write_run(drive, &run);
		run.offset += run.bytes;
	}
	close(fd);
	free(block);
	unload(drive);
}

static void *deflate_half(void *arg)
{
	int fd = *(int *)arg;
	uint8_t *in = malloc(PIECE_BYTES), *out = malloc(2 * PIECE_BYTES);
	z_stream z = { .next_in = NULL };
	ssize_t n;

	if (deflateInit(&z, DEFLATE_POOL_LEVEL) != Z_OK)
		stream_die("cannot start zlib");
	/* reads and deflates in turn */
	while ((n = read(fd, in, PIECE_BYTES)) > 0) {
		z.next_in = in;
		z.avail_in = (uInt)n;
		z.next_out = out;
		z.avail_out = 2 * PIECE_BYTES;
		if (deflate(&z, Z_FINISH) != Z_STREAM_END)
			stream_die("zlib fails");
		deflateReset(&z);
	}
	deflateEnd(&z);
	free(in);
	free(out);
	return NULL;
}

static void deflate_file(const char *file)
{
	int fd = stream_open(file);
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, deflate_half, &fd) != 0)
			stream_die("cannot start a thread");
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	close(fd);
}

static void read_volume(const char *path)
{
	struct drive *drive = load(open_volume(path));
	struct drive_result answer;
	struct volume_object object;
	void *block = malloc(VOLUME_BLOCK_MAX_BYTES);

	do {
		drive_read(drive, block, VOLUME_BLOCK_MAX_BYTES, &object, 0,
		    &answer);
	} while (!answer.check || answer.sense.filemark);
	if (answer.sense.key != SENSE_BLANK_CHECK)
		stream_die(volume_message(drive_volume(drive)));
	free(block);
	unload(drive);
}

static void read_plain(const char *path)
{
	int fd = stream_open(path);
	char *piece = malloc(PIECE_BYTES);

	while (read(fd, piece, PIECE_BYTES) > 0)
		;
	close(fd);
	free(piece);
}

/* Writes blocks of one length, `step_bytes` with each command. */
static void write_blocks(const char *path, enum volume_payload payload,
    uint64_t blocks, uint64_t block_bytes, uint64_t step_bytes)
{
	struct drive *drive = load(make_volume(path, payload));
	uint64_t left = blocks * block_bytes, word = 1;
	uint64_t *data = malloc(step_bytes);
	struct volume_run run = {
		.data = data, .block_bytes = block_bytes, .dump_id = DUMP
	};

	for (; left > 0; left -= run.bytes, run.offset += run.bytes) {
		for (uint64_t i = 0; payload != VOLUME_PAYLOAD_NONE &&
		     i < step_bytes / sizeof *data;
		     i++)
			data[i] = word = word * UINT64_C(6364136223846793005) +
			    1442695040888963407;
		run.bytes = left < step_bytes ? left : step_bytes;
		write_run(drive, &run);
	}
	free(data);
	unload(drive);
}

/* Appends files without data. */
static void fill(const char *path, uint64_t files, uint64_t blocks)
{
	struct volume *volume = open_volume(path);
	const struct volume_run run = { .bytes = blocks * PIECE_BYTES,
		.block_bytes = PIECE_BYTES };

	for (uint64_t i = 0; i < files; i++)
		if (volume_append(volume, &run) != 0 ||
		    volume_append_filemarks(volume, 1) != 0)
			stream_die(volume_message(volume));
	close_volume(volume);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void locate(const char *path)
{
	static double took[LOCATES];
	struct volume *volume = open_volume(path);
	void *block = malloc(VOLUME_BLOCK_MAX_BYTES);
	uint64_t word = 1;
	struct volume_object object;
	struct volume_position end;
	int64_t begun_ns;

	volume_end(volume, &end);
	for (int i = 0; i < LOCATES; i++) {
		word = word * UINT64_C(6364136223846793005) + 12345;
		begun_ns = clock_now_ns();
		if (volume_read(volume, (word >> 16) % end.object, block,
			VOLUME_BLOCK_MAX_BYTES, &object) != 0)
			stream_die(volume_message(volume));
		took[i] = (double)(clock_now_ns() - begun_ns) / 1e6;
	}
	qsort(took, LOCATES, sizeof took[0], by_size);
	printf("%.4f\n", took[LOCATES / 2]);
	free(block);
	close_volume(volume);
}

int main(int argc, char **argv)
{
	const char *verb = argc > 2 ? argv[1] : "";
	uint64_t a = argc == 5 ? strtoull(argv[3], NULL, 10) : 0;
	uint64_t b = argc == 5 ? strtoull(argv[4], NULL, 10) : 0;

	if (argc == 6 && strcmp(verb, "write") == 0)
		write_file(argv[2], argv[3], argv[4],
		    strtoull(argv[5], NULL, 10));
	else if (argc == 3 && strcmp(verb, "deflate") == 0)
		deflate_file(argv[2]);
	else if (argc == 3 && strcmp(verb, "read") == 0)
		read_volume(argv[2]);
	else if (argc == 3 && strcmp(verb, "plain") == 0)
		read_plain(argv[2]);
	else if (argc == 5 && strcmp(verb, "runs") == 0)
		write_blocks(argv[2], VOLUME_PAYLOAD_NONE, a, b, b * 16);
	else if (argc == 5 && strcmp(verb, "records") == 0)
		write_blocks(argv[2], VOLUME_PAYLOAD_RAW, a, b, b);
	else if (argc == 3 && strcmp(verb, "locate") == 0)
		locate(argv[2]);
	else if (argc == 5 && strcmp(verb, "fill") == 0)
		fill(argv[2], a, b);
	else {
		fprintf(stderr, "usage: see the head of volumes_main.c\n");
		return 2;
	}
	return 0;
}
