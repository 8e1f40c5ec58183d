/*
 * spelling.h: names of drives and media as people write them.
 *
 * Blanks, "-_./" and the case of letters are ignored: "LTO-8", "lto 8" and
 * "Lto8" are the same name.
 */
#ifndef VTL_SPELLING_H
#define VTL_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Copies the significant characters of `text` to `out`, in lower case.  Returns
 * false if there are none, or too many for `bytes`.
 */
bool spelling_reduce(const char *text, char *out, size_t bytes);

/* Returns whether two texts are spellings of one name. */
bool spelling_same(const char *a, const char *b);

#endif
