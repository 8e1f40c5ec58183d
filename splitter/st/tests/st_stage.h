/*
 * st_stage.h: a tape of the back end for the tape driver, with short operations
 * for tests.
 *
 * There is one stage at a time.  Each operation stores its result in stage.r.
 * A test sets the properties of the drive in stage.rig before it sets up the
 * stage.
 */
#ifndef SPLITTER_TESTS_ST_STAGE_H
#define SPLITTER_TESTS_ST_STAGE_H

#include "splitter/st/tests/st_rig.h"

enum { BLOCK = 4096, RUN_MAX = 40 };

struct st_stage {
	struct memtape *tapes;
	struct st_rig rig;
	struct tape *tape;
	struct tape_result r;
	uint64_t progress;
};

extern struct st_stage stage;
/* Data of runs and headers, and the buffer for reading a block. */
extern unsigned char stage_data[RUN_MAX * BLOCK], stage_back[2 * BLOCK];

/*
 * Sets up volumes of this number of blocks, of which the last `warning` are
 * after the early warning (0: there is none); the first volume is in the drive.
 */
void stage_up(unsigned blocks, unsigned warning, unsigned volumes,
    enum memtape_kind kind);
void stage_down(void);

/* Loads the next volume of the library, which must exist. */
void stage_load(void);
void stage_unload(enum tape_close why);

/* Sets up the stage with two blank volumes, and loads the first. */
void stage_begin(unsigned blocks, unsigned warning);

/*
 * Operations on the tape.  They check that the progress of a run equals the
 * bytes that were written.
 */
void stage_label(void);
void stage_header(void);
void stage_run(unsigned blocks);
void stage_filemark(void);
void stage_rewind(void);
void stage_locate(uint64_t file);
void stage_locate_eod(void);
void stage_read(uint64_t bytes);

/* Writes a label, and a file with a header and two blocks. */
void stage_write_file(void);

/*
 * Checks that the last result has this cause, and a message if it is an error.
 */
void stage_ck(enum tape_cause cause);

/*
 * Checks the position.  `blocks` is the number of blocks before it, or
 * TAPE_POSITION_UNKNOWN.
 */
void stage_ck_at(uint64_t file, uint64_t object, uint64_t blocks);

#endif
