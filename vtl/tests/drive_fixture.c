/* drive_fixture.c: see drive_fixture.h. */
#include "vtl/tests/drive_fixture.h"

#include <check.h>
#include <string.h>

const struct model fixture_model = {
	.name = "fixture",
	.block_max_bytes = 4096,
	.buffer_bytes = 500,
	.media_count = 1,
	.media = { { .medium = "none",
	    .speeds_bytes_per_s = { 100 },
	    .speeds = 1,
	    .wraps = 1,
	    .bands = 1 } },
};

struct volume_spec fixture_spec(void)
{
	struct volume_spec spec = scratch_spec(VOLUME_PAYLOAD_NONE);

	spec.capacity_bytes = FIXTURE_CAPACITY;
	spec.has_early_warning = true;
	spec.early_warning_bytes = FIXTURE_EARLY;
	return spec;
}

void fixture_make(struct drive_fixture *fixture,
    const struct drive_options *options, const struct volume_spec *spec)
{
	struct drive_options o = { .seed = 0 };

	memset(fixture, 0, sizeof *fixture);
	fixture->drive = drive_new(&fixture_model);
	ck_assert_ptr_nonnull(fixture->drive);
	if (options != NULL)
		o = *options;
	if (o.buffering == DRIVE_BUFFERED_AS_MODEL)
		o.buffering = DRIVE_UNBUFFERED;
	drive_set_options(fixture->drive, &o);
	drive_load(fixture->drive, scratch_volume("v", spec), 0,
	    &fixture->result);
}

/* Unloads the volume; returns the first error, if any. */
static void unload(struct drive_fixture *fixture)
{
	struct volume *volume =
	    drive_unload(fixture->drive, fixture->now_ns, &fixture->result);
	struct drive_result again;

	if (volume == NULL)
		volume = drive_unload(fixture->drive, fixture->result.done_ns,
		    &again);
	scratch_close(volume != NULL ? volume
				     : drive_remove_volume(fixture->drive));
}

void fixture_make_large(struct drive_fixture *fixture,
    const struct drive_options *options)
{
	struct volume_spec spec = fixture_spec();

	spec.capacity_bytes = 100000;
	fixture_make(fixture, options, &spec);
}

void fixture_add_fault(struct drive_fixture *fixture,
    const struct drive_fault *fault)
{
	ck_assert_int_eq(drive_add_fault(fixture->drive, fault), 0);
}

void fixture_finish(struct drive_fixture *fixture)
{
	unload(fixture);
	drive_free(fixture->drive);
}

void fixture_reload(struct drive_fixture *fixture)
{
	unload(fixture);
	fixture->now_ns = fixture->result.done_ns;
	drive_load(fixture->drive, scratch_open("v"), fixture->now_ns,
	    &fixture->result);
}

void fixture_write(struct drive_fixture *fixture, uint64_t blocks)
{
	const struct volume_run run = {
		.bytes = blocks * FIXTURE_BLOCK,
		.block_bytes = FIXTURE_BLOCK,
		.dump_id = 1,
		.offset = fixture->offset,
	};

	drive_write(fixture->drive, &run, fixture->now_ns, &fixture->result);
	fixture->now_ns = fixture->result.done_ns;
	fixture->offset += fixture->result.bytes;
}

void fixture_filemark(struct drive_fixture *fixture, bool immediate)
{
	drive_write_filemarks(fixture->drive, 1, immediate, fixture->now_ns,
	    &fixture->result);
	fixture->now_ns = fixture->result.done_ns;
}

void fixture_expect(const struct drive_fixture *fixture, uint8_t key,
    uint8_t asc, uint8_t ascq)
{
	ck_assert(fixture->result.check);
	ck_assert_uint_eq(fixture->result.sense.key, key);
	ck_assert_uint_eq(fixture->result.sense.asc, asc);
	ck_assert_uint_eq(fixture->result.sense.ascq, ascq);
}

void fixture_expect_good(const struct drive_fixture *fixture)
{
	ck_assert_msg(!fixture->result.check, "sense %X/%02X/%02X",
	    fixture->result.sense.key, fixture->result.sense.asc,
	    fixture->result.sense.ascq);
}

void fixture_expect_position(const struct drive_fixture *fixture, uint64_t file,
    uint64_t object, uint64_t byte)
{
	struct volume_position place;

	drive_position(fixture->drive, &place);
	ck_assert_uint_eq(place.file, file);
	ck_assert_uint_eq(place.object, object);
	ck_assert_uint_eq(place.byte, byte);
}
