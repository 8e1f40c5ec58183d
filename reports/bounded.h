/*
 * bounded.h: a text that must not be longer than a limit.
 *
 * The text is written in blocks.  A block that does not fit is left out as a
 * whole, so that neither a table nor a character is cut, and is counted.
 *
 *     bounded_begin --> fprintf(bounded.block, ...) --> bounded_end
 *
 * Invariants:
 *  1. At most `bytes_max` bytes are written to `out`.
 *  2. After a block that did not fit, no later one is written: what is there is
 *     the beginning.
 */
#ifndef REPORTS_BOUNDED_H
#define REPORTS_BOUNDED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct bounded {
	FILE *out;
	size_t left;    /* bytes that may still be written */
	FILE *block;    /* write here, between _begin and _end */
	size_t omitted; /* blocks that did not fit since _resume */
	bool failed;    /* memory was short */
	char *bytes;
	size_t bytes_count;
};

/* Starts a text of at most `bytes_max` bytes, which is written to `out`. */
void bounded_init(struct bounded *bounded, FILE *out, size_t bytes_max);

/* Starts a block.  Returns where to write it, or NULL without memory. */
FILE *bounded_begin(struct bounded *bounded);

/*
 * Ends a block, and writes it if `reserve` bytes are left after it.  Blocks
 * that fill up the reserve have no reserve.  Returns whether it was written.
 */
bool bounded_end(struct bounded *bounded, size_t reserve);

/* Writes a text as a block of the reserve.  Returns 0, or -1 without memory. */
int bounded_text(struct bounded *bounded, const char *text);

/* Returns how many blocks were omitted, and starts to count again. */
size_t bounded_omitted(struct bounded *bounded);

#endif
