/*
 * choose.h: which point of a sweep to recommend.
 *
 * The points that break a limit are dropped.  The best of the others by the
 * goal is found.  The recommendation is the cheapest point that is as good as
 * the best one, within a tolerance.
 *
 * The order of cost: less memory, less spool, fewer drives; then fewer stops of
 * the medium, a smaller buffer, a larger part, a smaller fill to start at, and
 * last a larger block.
 */
#ifndef SIM_TUNE_CHOOSE_H
#define SIM_TUNE_CHOOSE_H

#include "sim/tune/points/task.h"

enum tune_goal {
	TUNE_GOAL_THROUGHPUT, /* the highest rate */
	TUNE_GOAL_WEAR,       /* the fewest stops of the medium */
	TUNE_GOAL_TAPE,       /* the least tape for the dump */
	TUNE_GOAL_MEMORY      /* the least memory, for nearly the best rate */
};

/* Returns the words of enum tune_goal, ended by NULL. */
const char *const *tune_goal_words(void);

enum tune_limit {
	TUNE_LIMIT_MEMORY,     /* bytes, at most */
	TUNE_LIMIT_SPOOL,      /* bytes, at most */
	TUNE_LIMIT_BLOCK,      /* bytes, at most */
	TUNE_LIMIT_PART,       /* bytes, at most: what a retry writes again */
	TUNE_LIMIT_DRIVES,     /* at most */
	TUNE_LIMIT_STOPS,      /* in an hour, at most */
	TUNE_LIMIT_THROUGHPUT, /* bytes per second, at least */
	TUNE_LIMITS
};

struct tune_limits {
	bool given[TUNE_LIMITS];
	uint64_t value[TUNE_LIMITS];
};

/*
 * Parses "NAME=VALUE", as in --limit.  Returns 0, or -1 with a message.
 */
int tune_limit_parse(struct tune_limits *limits, const char *argument,
    char *err, size_t err_bytes);

const char *tune_limit_name(enum tune_limit limit);

/* Writes a limit: "memory at most 2 GiB". */
char *tune_limit_text(enum tune_limit limit, uint64_t value,
    char buf[TUNE_TEXT_BYTES]);

/* A point that can be chosen. */
struct tune_candidate {
	struct tune_settings settings;
	const char *problem; /* why it could not be run; NULL: it was */
	struct tune_figures figures;
};

/*
 * Returns the memory, in bytes, that the settings take for each dump: the
 * buffer, and the part if it is kept in memory, in whole blocks.
 */
uint64_t tune_memory(const struct tune_settings *settings);

/* Returns the room on disk, in bytes, that the part cache takes for a dump. */
uint64_t tune_spool(const struct tune_settings *settings);

/* Stops of the medium for any reason; 0 if the drive has no motion. */
double tune_stops(const struct tune_figures *figures);

struct tune_question {
	enum tune_goal goal;
	struct tune_limits limits;
	uint64_t dumps;   /* the number of dumps that have a buffer each */
	double tolerance; /* 0.01: one percent */
};

/*
 * Returns the first limit that the point breaks, or TUNE_LIMITS.
 */
enum tune_limit tune_broken_limit(const struct tune_question *question,
    const struct tune_candidate *candidate);

/* How good a point is by the goal; more is better. */
double tune_score(const struct tune_question *question,
    const struct tune_candidate *candidate);

/*
 * Returns whether the point is as good as the best one, within the tolerance.
 */
bool tune_as_good(const struct tune_question *question,
    const struct tune_candidate *candidate, const struct tune_candidate *best);

/* Orders points by cost: negative if `a` is cheaper. */
int tune_compare_cost(const struct tune_question *question,
    const struct tune_candidate *a, const struct tune_candidate *b);

#define TUNE_NO_POINT SIZE_MAX

struct tune_choice {
	size_t best, chosen; /* places in the list; or TUNE_NO_POINT */
	size_t could_not_run;
	size_t broken[TUNE_LIMITS]; /* points that break this limit first */
};

void tune_choose(const struct tune_question *question,
    const struct tune_candidate *list, size_t count,
    struct tune_choice *choice);

#endif
