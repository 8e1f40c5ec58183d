/*
 * safe_back.h: reads only the safe bytes of a dump back.
 *
 * For tapes in memory on which a driver may have left anything after a failed
 * part: blocks that it reported as not written, or too few.  Each committed
 * part is a file at the reported place, with its header, the bytes of the
 * source and a filemark; the parts follow each other from 0 to `safe_bytes`
 * without a gap.
 */
#ifndef SPLITTER_TESTS_SAFE_BACK_H
#define SPLITTER_TESTS_SAFE_BACK_H

#include "splitter/tests/trial/dump_back.h"

/*
 * Returns whether all committed parts are there; if not, `err` has the reason.
 */
bool safe_back_same(const struct dump_back *b, char *err, size_t err_bytes);

#endif
