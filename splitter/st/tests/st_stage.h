/*
 * st_stage.h: a tape behind the tape driver's back end, and its operations as
 * a test says them.
 *
 * There is one stage at a time.  Each operation leaves its answer in stage.r.
 * What a test sets in stage.rig before it is up is what the drive is like.
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
/* What runs and headers are made of, and where a block is read into. */
extern unsigned char stage_data[RUN_MAX * BLOCK], stage_back[2 * BLOCK];

/*
 * Volumes of so many blocks, of which the last `warning` lie behind the early
 * warning (0: there is none); the first one lies in the drive.
 */
void stage_up(unsigned blocks, unsigned warning, unsigned volumes,
    enum memtape_kind kind);
void stage_down(void);

/* The next volume of the library, which is to be there. */
void stage_load(void);
void stage_unload(enum tape_close why);

/* Up, with two blank volumes, and the first is loaded. */
void stage_begin(unsigned blocks, unsigned warning);

/* The operations; a run tells its progress, which is to be what it took. */
void stage_label(void);
void stage_header(void);
void stage_run(unsigned blocks);
void stage_filemark(void);
void stage_rewind(void);
void stage_locate(uint64_t file);
void stage_locate_eod(void);
void stage_read(uint64_t bytes);

/* A label, and a file of two blocks behind a header. */
void stage_write_file(void);

/* The last answer has this cause, and a message where it is one. */
void stage_ck(enum tape_cause cause);

/* The tape stands there; `blocks` before it, or TAPE_POSITION_UNKNOWN. */
void stage_ck_at(uint64_t file, uint64_t object, uint64_t blocks);

#endif
