/*
 * doubt.h: constants of a drive that are not published, and their range.
 *
 * A recommendation is worth something only if it stays the same for each value
 * that such a constant may have.
 */
#ifndef SIM_TUNE_DOUBT_H
#define SIM_TUNE_DOUBT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/model/model.h"

enum tune_doubt_kind {
	TUNE_DOUBT_NONE,
	TUNE_DOUBT_STOP,    /* time of a backhitch at the highest speed, ns */
	TUNE_DOUBT_TURN,    /* time of a turn, ns */
	TUNE_DOUBT_RESTART, /* fill at which the medium starts, 1/1000 */
	TUNE_DOUBT_RULE,    /* enum model_rule */
	TUNE_DOUBT_BUFFER,  /* the buffer of the drive, 1/1000 */
	TUNE_DOUBT_COMMAND, /* the host's time for a command, 1/1000 */
	TUNE_DOUBT_BUS,     /* the rate of the bus, 1/1000 */
	TUNE_DOUBT_FORCED,  /* whether a streaming drive changes its speed */
	TUNE_DOUBT_FEED     /* rate of the source, 1/1000 */
};

struct tune_doubt {
	enum tune_doubt_kind kind;
	int64_t value;
	const char *name; /* "a stop takes 6 s" */
	const char *fact; /* in the profile: "motion.backhitch"; or "" */
};

/* Returns the number of doubts.  Number 0 is no doubt: nothing is changed. */
size_t tune_doubt_count(void);
const struct tune_doubt *tune_doubt_get(size_t number);

/* Returns the number of the doubt with this name, or 0. */
size_t tune_doubt_find(const char *name);

/* Returns whether the doubt changes something in a drive of this model. */
bool tune_doubt_applies(const struct tune_doubt *doubt,
    const struct model *model);

/* Changes the model. */
void tune_doubt_apply(const struct tune_doubt *doubt, struct model *model);

#endif
