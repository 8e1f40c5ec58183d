/* show.h: how the two examples say what happens: a line an attempt. */
#ifndef SHOW_H
#define SHOW_H

#include <tapelab/splitter.h>

/* "1 1 A 1 0 1048576 EOP": part, attempt, volume, file, offset, bytes, end. */
void show_attempt(const struct splitter_attempt *attempt);

/* "DONE 4194304 bytes are safe"; and the exit status: 0, 4 or 5. */
int show_outcome(const struct splitter_summary *outcome);

/* Returns a size in bytes; ends the program if `text` is not a size. */
uint64_t show_size(const char *text);

#endif
