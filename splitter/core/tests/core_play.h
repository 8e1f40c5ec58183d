/*
 * core_play.h: drives the core by hand, without a tape.
 *
 * A step that was asked for stays in `s` until it is answered.  What is not as
 * the caller says fails the Check test.
 */
#ifndef SPLITTER_TESTS_CORE_PLAY_H
#define SPLITTER_TESTS_CORE_PLAY_H

#include "splitter/core/core.h"

struct core_play {
	struct core c;
	struct core_step s;
	bool out; /* a step is */
};

void core_play_init(struct core_play *p, const struct core_config *config);

/* The core asks for this now. */
void core_play_asks(struct core_play *p, enum core_kind kind);

/* The core has nothing to ask for. */
void core_play_waits(struct core_play *p);

/* The step that is out is answered: all went well. */
void core_play_well(struct core_play *p);

/* Or like this. */
void core_play_answer(struct core_play *p, enum tape_cause cause, bool leom,
    uint64_t bytes);

/* Answers well until it asks for this, which is out then. */
void core_play_until(struct core_play *p, enum core_kind kind);

/* Answers well while it asks for anything; whether it asked for DONE. */
bool core_play_on(struct core_play *p);

#endif
