/* st_rig.h: the back end for the tape driver over a simulated driver. */
#ifndef SPLITTER_TESTS_ST_RIG_H
#define SPLITTER_TESTS_ST_RIG_H

#include "splitter/st/tests/fake_st.h"
#include "splitter/tests/trial/trial.h"

struct st_rig {
	/*
	 * These members are set by the test.  The defaults are those of a good
	 * drive.
	 */
	struct fake_st_config fake;
	struct real_options options;
	bool no_change; /* the library has only one volume */
	/* These members are set by st_rig_up(). */
	struct fake_st *st;
	struct tape_library *library;
	unsigned notices;
	char notice[TAPE_MESSAGE_BYTES]; /* the last notice */
};

/* Sets up the back end over the volumes of `tapes`. Returns the library. */
struct tape_library *st_rig_up(struct st_rig *rig, struct memtape *tapes);

/* Frees everything that st_rig_up() created. */
void st_rig_down(struct st_rig *rig);

/* Writes a dump through the engine and this back end. */
void st_rig_trial(struct st_rig *rig, const struct trial *t,
    struct trial_result *result);

#endif
