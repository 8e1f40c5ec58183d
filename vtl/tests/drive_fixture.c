/* drive_stand.c: see drive_stand.h. */
#include "vtl/tests/drive_fixture.h"

#include <check.h>
#include <string.h>

const struct model stand_model = {
	.name = "stand",
	.rate_bytes_per_s = 100,
	.block_max_bytes = 4096,
	.buffer_bytes = 500,
};

struct volume_spec stand_spec(void)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);

	spec.capacity_bytes = STAND_CAPACITY;
	spec.has_early_warning = true;
	spec.early_warning_bytes = STAND_EARLY;
	return spec;
}

void stand_make(struct stand *stand, const struct drive_options *options,
    const struct volume_spec *spec)
{
	memset(stand, 0, sizeof *stand);
	stand->drive = drive_new(&stand_model);
	ck_assert_ptr_nonnull(stand->drive);
	if (options != NULL)
		drive_set_options(stand->drive, options);
	drive_load(stand->drive, scratch_volume("v", spec), 0, &stand->answer);
}

/* Returns the first error, if any. */
static void unload(struct stand *stand)
{
	struct volume *volume =
	    drive_unload(stand->drive, stand->now_ns, &stand->answer);
	struct drive_answer again;

	if (volume == NULL)
		volume =
		    drive_unload(stand->drive, stand->answer.done_ns, &again);
	scratch_close(volume != NULL ? volume : drive_take_out(stand->drive));
}

void stand_finish(struct stand *stand)
{
	unload(stand);
	drive_free(stand->drive);
}

void stand_reload(struct stand *stand)
{
	unload(stand);
	stand->now_ns = stand->answer.done_ns;
	drive_load(stand->drive, scratch_open("v"), stand->now_ns,
	    &stand->answer);
}

void stand_write(struct stand *stand, uint64_t blocks)
{
	const struct volume_run run = {
		.bytes = blocks * STAND_BLOCK,
		.block_bytes = STAND_BLOCK,
		.dump_id = 1,
		.offset = stand->offset,
	};

	drive_write(stand->drive, &run, stand->now_ns, &stand->answer);
	stand->now_ns = stand->answer.done_ns;
	stand->offset += stand->answer.bytes;
}

void stand_filemark(struct stand *stand, bool immediate)
{
	drive_write_filemarks(stand->drive, 1, immediate, stand->now_ns,
	    &stand->answer);
	stand->now_ns = stand->answer.done_ns;
}

void stand_expect(const struct stand *stand, uint8_t key, uint8_t asc,
    uint8_t ascq)
{
	ck_assert(stand->answer.check);
	ck_assert_uint_eq(stand->answer.sense.key, key);
	ck_assert_uint_eq(stand->answer.sense.asc, asc);
	ck_assert_uint_eq(stand->answer.sense.ascq, ascq);
}

void stand_expect_good(const struct stand *stand)
{
	ck_assert_msg(!stand->answer.check, "sense %x/%02X/%02X",
	    stand->answer.sense.key, stand->answer.sense.asc,
	    stand->answer.sense.ascq);
}

void stand_expect_place(const struct stand *stand, uint64_t file,
    uint64_t object, uint64_t byte)
{
	struct volume_place place;

	drive_position(stand->drive, &place);
	ck_assert_uint_eq(place.file, file);
	ck_assert_uint_eq(place.object, object);
	ck_assert_uint_eq(place.byte, byte);
}
