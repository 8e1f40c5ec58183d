/*
 * spelling.h: names of drives and media as people write them.
 *
 * Blanks and "-_./" do not count, nor does the case of letters: "LTO-8",
 * "lto 8" and "Lto8" are the same name.
 */
#ifndef VTL_SPELLING_H
#define VTL_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copies what counts of `text` to `out`, in lower case.  False if that is
 * nothing, or too long for `bytes`.
 */
bool spelling_reduce(const char *text, char *out, size_t bytes);

/* Whether these are two spellings of one name. */
bool spelling_same(const char *a, const char *b);

#endif
