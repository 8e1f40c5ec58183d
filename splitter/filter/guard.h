/*
 * guard.h: a filter between the splitter and the tapes of a program that embeds
 * it.
 *
 * It changes nothing.  It exists because every filter checks the results from
 * below (filter.h): a result that breaks the rules of tape.h becomes an error
 * of that operation, instead of violating an invariant of the splitter.
 */
#ifndef SPLITTER_GUARD_H
#define SPLITTER_GUARD_H

#include "splitter/tape/tape.h"

/*
 * Puts the filter before `inner`, which still belongs to the caller.  NULL if
 * there is no memory.  To be freed when all its tapes are unloaded; NULL is
 * allowed.
 */
struct tape_library *guard_library_new(struct tape_library *inner);
void guard_library_free(struct tape_library *library);

#endif
