/*
 * st_rig.h: a back end for real drives over a simulated drive: the one for the
 * tape driver, or the one on SCSI commands.
 */
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
	bool no_change;   /* the library has only one volume */
	bool by_commands; /* SCSI commands, not the tape driver */
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

/*
 * Writes a dump through the engine and this back end, whose library is freed before
 * the volumes are compared.
 */
void st_rig_trial(struct st_rig *rig, const struct trial *t,
    struct trial_result *result);

#endif
