/* filter_rig.c: filters before tapes in memory. */
#include "splitter/filter/tests/filter_rig.h"

#include <check.h>
#include <string.h>

struct filter_rig rig;

void rig_begin(const char *order, unsigned capacity, unsigned warning)
{
	const struct memtape_config config = { .drives = 2,
		.volumes = 9,
		.block_bytes = BLOCK,
		.capacity_bytes = (uint64_t)capacity * BLOCK,
		.warning_bytes = warning > 0 ? (uint64_t)warning * BLOCK
					     : MEMTAPE_NO_WARNING };

	rig.tapes = memtape_new(&config);
	rig.stack.order = order;
	filter_stack_up(&rig.stack, memtape_library(rig.tapes));
	rig.progress_bytes = 0;
}

void rig_begin_faults(const struct fault *faults, size_t count,
    unsigned capacity, unsigned warning)
{
	rig.stack.faults = faults;
	rig.stack.fault_count = count;
	rig_begin("f", capacity, warning);
}

void rig_end(void)
{
	filter_stack_down(&rig.stack);
	memtape_free(rig.tapes);
	memset(&rig.stack, 0, sizeof rig.stack);
}

struct tape *rig_load(void)
{
	return rig.stack.top->ops->load(rig.stack.top, NOW, &rig.r);
}

void rig_unload(struct tape *tape)
{
	rig.stack.top->ops->unload(rig.stack.top, tape, TAPE_CLOSE_GOOD, NOW,
	    &rig.r);
}

void rig_label(struct tape *tape, uint64_t bytes)
{
	tape->ops->label(tape, rig.data, bytes, NOW, &rig.r);
}

void rig_header(struct tape *tape, uint64_t bytes)
{
	tape->ops->start_file(tape, rig.data, bytes, NOW, &rig.r);
}

static void on_progress(void *arg, uint64_t bytes)
{
	(void)arg;
	rig.progress_bytes += bytes;
}

uint64_t rig_write(struct tape *tape, uint64_t bytes)
{
	const struct tape_run run = { .data = rig.data,
		.bytes = bytes,
		.block_bytes = BLOCK,
		.dump_id = 0xd1,
		.offset = 2 * BLOCK,
		.progress = on_progress };

	tape->ops->write(tape, &run, NOW, &rig.r);
	return rig.r.bytes;
}

void rig_filemark(struct tape *tape, bool sync)
{
	tape->ops->filemark(tape, sync, NOW, &rig.r);
}

struct tape *rig_tape_in_file(void)
{
	struct tape *tape = rig_load();

	ck_assert_ptr_nonnull(tape);
	rig_label(tape, BLOCK);
	rig_header(tape, BLOCK);
	return tape;
}

void rig_result_is(enum tape_cause cause, bool leom, uint64_t bytes)
{
	ck_assert_str_eq(tape_cause_name(rig.r.cause), tape_cause_name(cause));
	ck_assert_int_eq(rig.r.leom, leom);
	ck_assert_uint_eq(rig.r.bytes, bytes);
	ck_assert_int_eq(rig.r.message[0] == '\0', cause == TAPE_OK);
}
