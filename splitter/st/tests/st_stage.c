/* st_stage.c: a tape of the back end for the tape driver. */
#include "splitter/st/tests/st_stage.h"

#include <check.h>
#include <string.h>

struct st_stage stage;
unsigned char stage_data[RUN_MAX * BLOCK], stage_back[2 * BLOCK];

void stage_up(unsigned blocks, unsigned warning, unsigned volumes,
    enum memtape_kind kind)
{
	const struct memtape_config config = { .drives = 1,
		.volumes = volumes,
		.block_bytes = BLOCK,
		.capacity_bytes = (uint64_t)blocks * BLOCK,
		.warning_bytes = warning == 0 ? MEMTAPE_NO_WARNING
					      : (uint64_t)warning * BLOCK };
	unsigned i;

	stage.tapes = memtape_new(&config);
	for (i = 0; i < volumes; i++)
		memtape_prepare(stage.tapes, i, kind);
	st_rig_up(&stage.rig, stage.tapes);
	for (i = 0; i < sizeof stage_data; i++)
		stage_data[i] = (unsigned char)(i * 7 + i / BLOCK);
}

void stage_load(void)
{
	stage.tape =
	    stage.rig.library->ops->load(stage.rig.library, 0, &stage.r);
	ck_assert_msg(stage.tape != NULL, "%s", stage.r.message);
}

void stage_unload(enum tape_close why)
{
	stage.rig.library->ops->unload(stage.rig.library, stage.tape, why, 0,
	    &stage.r);
}

void stage_down(void)
{
	st_rig_down(&stage.rig);
	memtape_free(stage.tapes);
	memset(&stage, 0, sizeof stage);
}

void stage_begin(unsigned blocks, unsigned warning)
{
	stage_up(blocks, warning, 2, MEMTAPE_BLANK);
	stage_load();
}

void stage_label(void)
{
	stage.tape->ops->label(stage.tape, stage_data, BLOCK, 0, &stage.r);
}

void stage_header(void)
{
	stage.tape->ops->start_file(stage.tape, stage_data, BLOCK, 0, &stage.r);
}

static void note_progress(void *arg, uint64_t bytes)
{
	(void)arg;
	stage.progress += bytes;
}

void stage_run(unsigned blocks)
{
	const struct tape_run what = { .data = stage_data,
		.block_bytes = BLOCK,
		.bytes = (uint64_t)blocks * BLOCK,
		.progress = note_progress };

	stage.progress = 0;
	stage.tape->ops->write(stage.tape, &what, 0, &stage.r);
	ck_assert_uint_eq(stage.progress, stage.r.bytes);
}

void stage_filemark(void)
{
	stage.tape->ops->filemark(stage.tape, true, 0, &stage.r);
}

void stage_rewind(void)
{
	stage.tape->ops->rewind(stage.tape, 0, &stage.r);
}

void stage_locate(uint64_t file)
{
	stage.tape->ops->locate(stage.tape, file, 0, &stage.r);
}

void stage_locate_eod(void)
{
	stage.tape->ops->locate_eod(stage.tape, 0, &stage.r);
}

void stage_read(uint64_t bytes)
{
	struct tape_block block;

	stage.tape->ops->read(stage.tape, stage_back, bytes, &block, 0,
	    &stage.r);
	ck_assert_uint_eq(block.bytes, stage.r.bytes);
}

void stage_ck(enum tape_cause cause)
{
	ck_assert_msg(stage.r.cause == cause, "%s instead of %s: %s",
	    tape_cause_name(stage.r.cause), tape_cause_name(cause),
	    stage.r.message);
	ck_assert_msg((cause == TAPE_OK || cause == TAPE_FILEMARK) ==
		(stage.r.message[0] == '\0'),
	    "%s", stage.r.message);
}

void stage_ck_at(uint64_t file, uint64_t object, uint64_t blocks)
{
	struct tape_position at;

	stage.tape->ops->position(stage.tape, &at);
	ck_assert_uint_eq(at.file, file);
	ck_assert_uint_eq(at.object, object);
	ck_assert_uint_eq(at.byte,
	    blocks == TAPE_POSITION_UNKNOWN ? blocks : blocks * BLOCK);
}

void stage_write_file(void)
{
	stage_label();
	stage_ck(TAPE_OK);
	stage_header();
	stage_ck(TAPE_OK);
	stage_run(2);
	stage_ck(TAPE_OK);
	stage_filemark();
	stage_ck(TAPE_OK);
}
