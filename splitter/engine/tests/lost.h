/*
 * lost.h: which fault the engine of lost_wakeups.sh has.  The script includes
 * this file in its copies of the engine's files.
 */
#ifndef SPLITTER_ENGINE_TESTS_LOST_H
#define SPLITTER_ENGINE_TESTS_LOST_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Returns whether the environment names this fault. */
static inline bool lost(const char *name)
{
	const char *chosen = getenv("LOST");

	return chosen != NULL && strcmp(chosen, name) == 0;
}

#endif
