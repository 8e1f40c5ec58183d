/*
 * request.h: what a person asks of a sweep, as text.
 *
 * The options of the command become a request, and so do the arguments that a
 * journal has in its head: `tapelab report` continues what `tapelab tune`
 * began.
 */
#ifndef SIM_TUNE_REQUEST_H
#define SIM_TUNE_REQUEST_H

#include "sim/tune/study.h"

enum {
	TUNE_POINTS_USUAL = 20000, /* a larger sweep must be asked for */
	TUNE_POINTS_MAX = 10000000,
	TUNE_SEEDS_USUAL = 8,
	TUNE_SEEDS_MAX = 1000,
	/* The program recommends no larger block unless a limit allows it. */
	TUNE_BLOCK_USUAL = 1 << 20
};

struct tune_texts {
	char **list; /* owned, as are the texts */
	size_t count;
};

struct tune_request {
	char *path; /* of the scenario; owned */
	struct tune_texts set, vary, limits;
	char *now; /* owned; NULL: not given */
	uint64_t goal, seed, seeds, points_max;
	uint64_t within_permyriad; /* 0: 1 %, or 5 % for the goal memory */
};

/* Adds a copy of the text.  Returns 0, or -1 without memory. */
int tune_texts_add(struct tune_texts *texts, const char *text);

/*
 * Returns the request as a text that is the same for the same request.  The
 * caller frees it.  NULL without memory.
 */
char *tune_request_text(const struct tune_request *request);

/*
 * Parses the text of a journal.  Returns 0, or -1 if it is no request.  The
 * caller clears the request in both cases.
 */
int tune_request_parse(const char *text, struct tune_request *request);

void tune_request_clear(struct tune_request *request);

/* A request that was read, with its scenario. */
struct tune_plan {
	struct tune_study study;
	struct scenario *scenario;
	struct scenario_overrides overrides;
	struct tune_facts facts;
	char *digest;     /* of the scenario's file and the request */
	bool block_asked; /* a block above the usual largest is in the sweep */
};

/*
 * Reads the scenario and checks the request.  `report` gets each error as a
 * line.  Returns 0, or -1 after an error.  The caller clears the plan in both
 * cases, before the request.
 */
int tune_plan_make(const struct tune_request *request, struct tune_plan *plan,
    void (*report)(void *arg, const char *message), void *arg);

void tune_plan_clear(struct tune_plan *plan);

#endif
