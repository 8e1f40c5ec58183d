/*
 * fuzz_seeds.h: what the programs for libFuzzer share: blocks that get their
 * checksum, and headers to begin with.
 */
#ifndef SPLITTER_TESTS_FUZZ_SEEDS_H
#define SPLITTER_TESTS_FUZZ_SEEDS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A block of exactly these bytes, so that a step beyond is found; signed, with
 * a line behind them that is the checksum of a header.  The caller frees it.
 */
char *fuzz_block(bool is_signed, const void *bytes, size_t count,
    size_t *block_bytes);

/* Headers of each type, a file each. */
void fuzz_header_seeds(const char *folder);

/* Volumes in the form of scan_fuzz.c, a file each. */
void fuzz_scan_seeds(const char *folder);

#endif
