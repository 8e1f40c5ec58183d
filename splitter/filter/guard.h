/*
 * guard.h: a filter that stands between the splitter and the tapes of a
 * program that embeds it.
 *
 * It changes nothing.  It is there because every filter checks what comes
 * from below (filter.h): an answer that breaks the rules of tape.h becomes an
 * error of that operation, and never a broken invariant of the splitter.
 */
#ifndef SPLITTER_GUARD_H
#define SPLITTER_GUARD_H

#include "splitter/tape/tape.h"

/*
 * A library before `inner`, which stays the caller's.  NULL if there is no
 * memory.  To be freed when all its tapes are unloaded; NULL is allowed.
 */
struct tape_library *guard_library_new(struct tape_library *inner);
void guard_library_free(struct tape_library *library);

#endif
