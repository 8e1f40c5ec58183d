/* disk_drives.c: see disk_drives.h. */
#include "vtl/library/tests/disk_drives.h"

#include <check.h>

#include "vtl/library/vtape.h"
#include "vtl/tests/vtl_scratch.h"

const struct sense disk_medium_error = { SENSE_MEDIUM_ERROR, 0x0c, 0, 0, 0 };

struct tape_result disk_result;

void disk_setup(void)
{
	scratch_setup();
	on_disk_make(NULL);
}

struct changer *disk_changer(bool read_only)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c = changer_open(scratch_path("lib"), "a test",
	    read_only, false, message);

	ck_assert_msg(c != NULL, "%s", message);
	return c;
}

void disk_behave(unsigned drive, const struct drive_options *options)
{
	struct changer *c = disk_changer(false);

	ck_assert_int_eq(changer_set_behaviour(c, drive, options), CHANGER_OK);
	changer_close(c);
}

void disk_add_fault(int drive, const struct drive_fault *fault)
{
	const struct changer_drive_fault kept = { .drive = drive,
		.fault = *fault };
	struct changer *c = disk_changer(false);

	ck_assert_int_eq(changer_add_drive_fault(c, &kept), CHANGER_OK);
	changer_close(c);
}

size_t disk_count_faults(void)
{
	return (size_t)scratch_query("lib/library.db",
	    "select count(*) from drive_faults where not (once and strikes > "
	    "0)");
}

struct drive *disk_load(struct library *library)
{
	struct tape_library *tapes = library_tapes(library);
	struct tape *tape = tapes->ops->load(tapes, 0, &disk_result);

	ck_assert_msg(tape != NULL, "%s", disk_result.message);
	return vtape_drive(tape);
}

struct drive_result disk_write(struct drive *drive, unsigned blocks)
{
	static const char data[16 * DISK_BLOCK];
	const struct volume_run run = { .data = data,
		.dump_id = 1,
		.bytes = (uint64_t)blocks * DISK_BLOCK,
		.block_bytes = DISK_BLOCK };
	struct drive_result answer;

	drive_write(drive, &run, 0, &answer);
	return answer;
}

bool disk_write_fails(struct drive *drive)
{
	return disk_write(drive, 1).check;
}
