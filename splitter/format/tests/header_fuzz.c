/*
 * header_fuzz.c: reads a hostile block as a header and as a block of an end
 * record, for libFuzzer (see `make fuzz`).
 *
 * The first byte of an input says whether the other bytes are the block, or
 * text that gets a valid checksum here.  An accepted header must be the same
 * after it is written and read again.
 *
 *     header_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/end_record.h"
#include "splitter/tests/fuzz_seeds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	if (*argc == 3 && strcmp((*argv)[1], "--seeds") == 0) {
		fuzz_header_seeds((*argv)[2]);
		exit(0);
	}
	return 0;
}

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

/*
 * Checks that the header is the same after writing and reading, except for its
 * rows.
 */
static void write_again(struct header *h)
{
	static char block[TAPE_BLOCK_MIN_BYTES];
	struct header again;
	char err[256];

	header_format(h, "", 0, block, sizeof block);
	check(header_parse(block, sizeof block, &again, err, sizeof err) == 0,
	    err);
	check(memcmp(h, &again, sizeof again) == 0, "it is another header");
}

static void read_rows(const char *block, size_t bytes)
{
	const char *at = NULL;
	struct part_row row;
	char err[256];
	int rc;

	while ((rc = end_record_row(block, bytes, &at, &row, err,
		    sizeof err)) == 1)
		check(row.offset_bytes <= UINT64_MAX - row.bytes &&
			header_name_valid(row.volume),
		    "a row that cannot be");
	check(rc == 0 || err[0] != '\0', "no reason");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct header h;
	char err[256] = "", *block;
	size_t n;

	if (bytes == 0)
		return 0;
	block = fuzz_block(data[0] % 2 == 0, data + 1, bytes - 1, &n);
	if (header_parse(block, n, &h, err, sizeof err) == 0)
		write_again(&h);
	else
		check(err[0] != '\0', "no reason");
	read_rows(block, n);
	free(block);
	return 0;
}
