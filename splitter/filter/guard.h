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
 * Creates the filter before `inner`, which still belongs to the caller.
 * Returns NULL if there is no memory.  Free the filter when all its tapes are
 * unloaded; guard_library_free() allows NULL.
 */
struct tape_library *guard_library_new(struct tape_library *inner);
void guard_library_free(struct tape_library *library);

#endif
