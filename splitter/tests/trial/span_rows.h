/*
 * span_rows.h: how dumps span volumes: sizes at which the ways of ending meet,
 * for tests that run them over tapes of several kinds.
 */
#ifndef SPLITTER_TESTS_SPAN_ROWS_H
#define SPLITTER_TESTS_SPAN_ROWS_H

#include "splitter/tests/trial/trial.h"

/* Volumes of 2621440 bytes, or 524288 where `small`. */
struct span_row {
	const char *name;
	bool small;
	uint64_t dump_bytes, part_bytes;
	bool leom;
	bool none, memory; /* caches with which the row is used */
	unsigned volumes;
};

enum { SPAN_ROWS = 19 };
extern const struct span_row span_rows[SPAN_ROWS];

/* Makes the dump of a row, over tapes in memory. */
struct trial span_trial(const struct span_row *row, uint32_t cache);

#endif
