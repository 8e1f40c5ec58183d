/*
 * check_library_abandon.c: what a killed program leaves on its volumes.
 */
#include <check.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/drive/drive.h"
#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

enum { BLOCK = 64 << 10, BLOCKS = 8 };

static char data[BLOCKS * BLOCK];
static struct tape_result r;

static void setup(void)
{
	scratch_setup();
	on_disk_make(NULL);
}

/* Writes a label, and then blocks without a filemark. */
static struct library *write_blocks(int64_t *now_ns)
{
	const struct tape_run run = {
		.data = data, .bytes = sizeof data, .block_bytes = BLOCK
	};
	struct library *library = on_disk_open(NULL);
	struct tape_library *tapes = library_tapes(library);
	struct tape *tape = tapes->ops->load(tapes, 0, &r);

	ck_assert_msg(tape != NULL, "%s", r.message);
	tape->ops->label(tape, data, BLOCK, r.done_ns, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	tape->ops->write(tape, &run, r.done_ns, &r);
	ck_assert_int_eq(r.cause, TAPE_OK);
	*now_ns = r.done_ns;
	return library;
}

/* Returns the number of blocks and filemarks on the first volume. */
static uint64_t objects(bool *ends_in_block)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume =
	    volume_open(scratch_path("lib/VTA001L8.tape"), false, message);
	struct volume_position end;

	ck_assert_msg(volume != NULL, "%s", message);
	volume_end(volume, &end);
	*ends_in_block = volume_ends_in_block(volume);
	volume_close(volume, message);
	return end.object;
}

START_TEST(blocks_in_the_buffer_of_the_drive_survive_a_killed_program)
{
	bool ends_in_block;
	int64_t now_ns;
	struct library *library = write_blocks(&now_ns);

	library_abandon(library, false, now_ns);
	library_free(library);
	ck_assert_uint_eq(objects(&ends_in_block), 2 + BLOCKS);
	ck_assert(ends_in_block);
}
END_TEST

START_TEST(blocks_in_the_buffer_of_the_drive_are_lost_with_the_power)
{
	bool ends_in_block;
	int64_t now_ns;
	struct library *library = write_blocks(&now_ns);

	library_abandon(library, true, now_ns);
	library_free(library);
	ck_assert_uint_lt(objects(&ends_in_block), 2 + BLOCKS);
	ck_assert_uint_ge(objects(&ends_in_block), 2);
}
END_TEST

START_TEST(cartridge_of_an_abandoned_library_can_be_loaded_again)
{
	int64_t now_ns;
	struct library *library = write_blocks(&now_ns);
	struct tape *tape;

	library_abandon(library, _i == 1, now_ns);
	library_free(library);
	library = on_disk_open(NULL);
	tape = tape_load_named(library_tapes(library), "VTA001L8", 0, &r);
	ck_assert_msg(tape != NULL, "%s", r.message);
	library_free(library);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("library_abandon");
	TCase *t = tcase_create("library_abandon");

	suite_add_tcase(s, t);
	tcase_add_checked_fixture(t, setup, scratch_teardown);
	tcase_add_test(t,
	    blocks_in_the_buffer_of_the_drive_survive_a_killed_program);
	tcase_add_test(t,
	    blocks_in_the_buffer_of_the_drive_are_lost_with_the_power);
	tcase_add_loop_test(t,
	    cartridge_of_an_abandoned_library_can_be_loaded_again, 0, 2);
	return run_suite(s);
}
