/*
 * facts.h: the values in the profile of a drive, and where they come from.
 */
#ifndef SIM_TUNE_FACTS_H
#define SIM_TUNE_FACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/scenario/scenario.h"

/* A value of a profile. */
struct tune_fact {
	char *name; /* the keys that lead to it: "motion.backhitch" */
	char *value;
	char *source;  /* NULL: none is named */
	bool estimate; /* marked as an estimate */
};

struct tune_facts {
	struct tune_fact *list;
	size_t count;
	bool own; /* the profile is a file of the user */
};

/*
 * Reads the profile of the first drive.  A drive that takes no time has no
 * facts.  Returns 0, or -1 with a message without memory or if the file cannot be
 * read again.
 */
int tune_facts_read(const struct scenario *scenario, struct tune_facts *facts,
    char *err, size_t err_bytes);

/* Returns the fact with this name, or NULL. */
const struct tune_fact *tune_facts_find(const struct tune_facts *facts,
    const char *name);

/*
 * Whether the value is an estimate.  A value that is not in the profile is one,
 * too.
 */
bool tune_facts_are_doubtful(const struct tune_facts *facts, const char *name);

void tune_facts_clear(struct tune_facts *facts);

#endif
