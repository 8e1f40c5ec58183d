/*
 * sg_stage.h: a tape of the back end on SCSI commands, over a drive of a
 * virtual library in this process, with short operations for tests.
 *
 * There is one stage at a time.  Each operation stores its result in sgs.r.
 */
#ifndef SPLITTER_TESTS_SG_STAGE_H
#define SPLITTER_TESTS_SG_STAGE_H

#include "splitter/scsi/tests/served_port.h"
#include "splitter/sg/sg.h"

enum { SG_BLOCK = 4096, SG_RUN_MAX = 64 };

struct sg_stage {
	/* set by the test before sg_stage_up() */
	struct served_library_spec spec;
	struct real_options options;
	bool by_hand;                         /* no callback changes volumes */
	const struct scsi_hold_options *hold; /* exclusive use, or NULL */
	bool holds; /* with a hold of the stage itself */
	/* set by sg_stage_up() */
	struct served_library *served;
	struct served_port *port; /* from the first use of the drive on */
	struct tape_library *library;
	struct tape *tape;
	struct tape_result r;
	struct tape_block block;
	unsigned next; /* the volume that a change puts in */
	unsigned notices;
	char notice[TAPE_MESSAGE_BYTES];
};

extern struct sg_stage sgs;
extern unsigned char sgs_data[SG_RUN_MAX * SG_BLOCK], sgs_back[2 * SG_BLOCK];

/*
 * Makes the library.  Unless spec.volume is set, volumes have `blocks` blocks,
 * of which the last `warning` are after the early warning.  The first volume is
 * in the drive.
 */
void sg_stage_up(unsigned blocks, unsigned warning);
void sg_stage_down(void);

/* Makes the library, and loads its first volume. */
void sg_stage_begin(unsigned blocks, unsigned warning);

/* Frees the library of the drive alone. */
void sg_stage_free(void);

/* Loads the next volume, which must exist. */
void sg_stage_load(void);
void sg_stage_unload(enum tape_close why);

void sg_stage_label(void);
void sg_stage_header(void);
void sg_stage_run(unsigned blocks);
void sg_stage_filemark(void);
void sg_stage_rewind(void);
void sg_stage_locate(uint64_t file);
void sg_stage_locate_eod(void);
void sg_stage_read(uint64_t bytes);

/* A label, and `files` files with a header and two blocks each. */
void sg_stage_write_files(unsigned files);

/*
 * Checks that the last result has this cause, and a message if it is an error.
 */
void sg_stage_ck(enum tape_cause cause);
void sg_stage_ck_at(uint64_t file, uint64_t object);

#endif
