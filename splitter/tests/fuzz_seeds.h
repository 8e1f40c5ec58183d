/*
 * fuzz_seeds.h: shared by the programs for libFuzzer: blocks that get a valid
 * checksum, and initial headers.
 */
#ifndef SPLITTER_TESTS_FUZZ_SEEDS_H
#define SPLITTER_TESTS_FUZZ_SEEDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Allocates a block of exactly these bytes, so that a read beyond the block is
 * detected.  If `is_signed`, a line with the checksum of a header follows the
 * bytes.  The caller frees the block.
 */
char *fuzz_block(bool is_signed, const void *bytes, size_t count,
    size_t *block_bytes);

/* Writes headers of each type, one file each. */
void fuzz_header_seeds(const char *folder);

/* Writes volumes in the form of scan_fuzz.c, one file each. */
void fuzz_scan_seeds(const char *folder);

#endif
