/*
 * judge.h: runs a trial through both executors and compares the results with
 * the expected result.
 */
#ifndef SIM_TESTS_JUDGE_H
#define SIM_TESTS_JUDGE_H

#include "sim/run/virtual/tests/trial_vtime.h"

struct judge {
	const char *name; /* name of the row, for messages */
	enum splitter_outcome outcome;
	uint64_t safe_bytes;
	const char *line;   /* attempts */
	const char *closes; /* how volumes are closed; NULL: any */
	int loaded;         /* number of loaded volumes; 0: any */
	int filemarks;      /* number of requested filemarks; 0: any */
	const char *says;   /* text in the message; NULL: any */
};

/* Fails the Check test if one executor has another result. */
void judge_trial(const struct trial *t, const struct judge *must);

#endif
