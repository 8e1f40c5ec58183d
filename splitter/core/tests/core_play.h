/*
 * core_play.h: drives the core by hand, without a tape.
 *
 * A requested step is in `s` until it has a result.  If the core does not
 * request what the caller expects, the Check test fails.
 */
#ifndef SPLITTER_TESTS_CORE_PLAY_H
#define SPLITTER_TESTS_CORE_PLAY_H

#include "splitter/core/core.h"

struct core_play {
	struct core c;
	struct core_step s;
	bool out; /* a step is in progress */
};

void core_play_init(struct core_play *p, const struct core_config *config);

/* Fails the test unless the core requests this step now. */
void core_play_asks(struct core_play *p, enum core_kind kind);

/* Fails the test if the core requests a step. */
void core_play_waits(struct core_play *p);

/* Answers the step in progress with success. */
void core_play_succeed(struct core_play *p);

/* Answers the step in progress with this result. */
void core_play_result(struct core_play *p, enum tape_cause cause, bool leom,
    uint64_t bytes);

/*
 * Answers with success until the core requests this step, which is then in
 * progress.
 */
void core_play_until(struct core_play *p, enum core_kind kind);

/*
 * Answers with success while the core requests anything; returns whether it
 * requested DONE.
 */
bool core_play_on(struct core_play *p);

#endif
