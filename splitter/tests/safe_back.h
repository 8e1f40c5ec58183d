/*
 * safe_back.h: reads back what a dump called safe, and nothing else.
 *
 * For tapes in memory on which a driver may have left anything behind a part
 * that failed: blocks that it said were not written, or too few.  Each part
 * that was committed is a file where the report says, with its header, the
 * bytes of the source and a filemark; and they follow each other from 0 to
 * `safe_bytes` without a gap.
 */
#ifndef SPLITTER_TESTS_SAFE_BACK_H
#define SPLITTER_TESTS_SAFE_BACK_H

#include "splitter/tests/dump_back.h"

/* Whether that is so; where it is not, why, in `err`. */
bool safe_back_same(const struct dump_back *b, char *err, size_t err_bytes);

#endif
