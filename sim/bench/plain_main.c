/*
 * plain_main.c: does the minimal work of a splitter, without a splitter.
 *
 *     plain_main read FILE BYTES SUMS      reads FILE into new memory
 *     plain_main copy FILE BYTES FOLDER    copies FILE into a new file
 *
 * `read` uses BYTES of memory, from the beginning again when it is full, and
 * computes SUMS checksums (XXH128) of the whole: 0, 1 or 2.  `copy` uses a
 * file of BYTES in FOLDER in the same way; the file has no name.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xxhash.h>

#include "sim/bench/stream.h"
#include "splitter/engine/engine.h"

enum { SUMS_MAX = 2 };

static size_t piece_at(uint64_t at, uint64_t bytes)
{
	return bytes - at < ENGINE_PIECE_BYTES ? bytes - at
					       : ENGINE_PIECE_BYTES;
}

static void read_file(const char *path, uint64_t bytes, int sums)
{
	int fd = stream_open(path);
	char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	XXH3_state_t *states[SUMS_MAX] = { NULL };
	uint64_t at = 0;
	ssize_t n;
	int i;

	if (memory == MAP_FAILED)
		stream_die("out of memory");
	for (i = 0; i < sums; i++) {
		states[i] = XXH3_createState();
		if (states[i] == NULL)
			stream_die("out of memory");
		XXH3_128bits_reset(states[i]);
	}
	while ((n = read(fd, memory + at, piece_at(at, bytes))) > 0) {
		for (i = 0; i < sums; i++)
			XXH3_128bits_update(states[i], memory + at, (size_t)n);
		at = (at + (uint64_t)n) % bytes;
	}
	if (n < 0)
		stream_die("the source cannot be read");
	for (i = 0; i < sums; i++)
		XXH3_freeState(states[i]);
	munmap(memory, bytes);
	close(fd);
}

static void copy_file(const char *path, uint64_t bytes, const char *folder)
{
	int from = stream_open(path);
	int to = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *piece = malloc(ENGINE_PIECE_BYTES);
	uint64_t at = 0;
	ssize_t n;

	if (to == -1 || piece == NULL)
		stream_die("cannot make the copy");
	while ((n = read(from, piece, piece_at(at, bytes))) > 0) {
		if (pwrite(to, piece, (size_t)n, (off_t)at) != n)
			stream_die("cannot write the copy");
		at = (at + (uint64_t)n) % bytes;
	}
	if (n < 0)
		stream_die("the source cannot be read");
	free(piece);
	close(to);
	close(from);
}

int main(int argc, char **argv)
{
	uint64_t bytes = argc == 5 ? strtoull(argv[3], NULL, 10) : 0;
	int sums = argc == 5 ? atoi(argv[4]) : -1;

	if (bytes > 0 && strcmp(argv[1], "read") == 0 && sums >= 0 &&
	    sums <= SUMS_MAX) {
		read_file(argv[2], bytes, sums);
	} else if (bytes > 0 && strcmp(argv[1], "copy") == 0) {
		copy_file(argv[2], bytes, argv[4]);
	} else {
		fprintf(stderr, "usage: see the head of plain_main.c\n");
		return 2;
	}
	return 0;
}
