/*
 * st_rig.h: the tape driver's back end over a fake driver, ready to be used.
 */
#ifndef SPLITTER_TESTS_ST_RIG_H
#define SPLITTER_TESTS_ST_RIG_H

#include "splitter/st/tests/fake_st.h"
#include "splitter/tests/trial.h"

struct st_rig {
	/* Set by the test; what is not set is what a good drive has. */
	struct fake_st_config fake;
	struct st_options options;
	bool no_change; /* there is the one volume only */
	/* Filled in. */
	struct fake_st *st;
	struct tape_library *library;
	unsigned notices;
	char notice[TAPE_MESSAGE_BYTES]; /* the last one */
};

/* Puts it up over the volumes of `tapes`; returns the library. */
struct tape_library *st_rig_up(struct st_rig *rig, struct memtape *tapes);

/* Frees what st_rig_up made. */
void st_rig_down(struct st_rig *rig);

/* A dump through the engine and this back end. */
void st_rig_trial(struct st_rig *rig, const struct trial *t,
    struct trial_result *result);

#endif
