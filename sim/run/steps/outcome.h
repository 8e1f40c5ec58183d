/* outcome.h: what a program of a step did, as metrics. */
#ifndef SIM_STEPS_OUTCOME_H
#define SIM_STEPS_OUTCOME_H

#include "sim/metrics/metrics.h"
#include "splitter/tape/tape.h"

/* What a program did. */
struct program_outcome {
	struct metrics_value values[METRIC_COUNT];
	const char *result; /* a word of the metric `result` */
	char reason[TAPE_MESSAGE_BYTES];
	/* The first operation of a measurement that failed; TAPE_OK: none. */
	enum tape_cause cause;
	/* Bytes that were read and differ from the source: where; or "". */
	char difference[TAPE_MESSAGE_BYTES];
	bool out_of_memory;
};

/* Sets a metric of the outcome. */
void program_count(struct program_outcome *outcome, enum metrics_id id,
    uint64_t number);
void program_word(struct program_outcome *outcome, enum metrics_id id,
    const char *word);
void program_clear(struct program_outcome *outcome);

#endif
