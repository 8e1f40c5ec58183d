/* check_watch.c: what the watch before a drive lets through, and notes. */
#include <check.h>

#include "sim/accept/watch.h"
#include "splitter/tape/null.h"
#include "splitter/tests/run_suite.h"

static struct null_tape null;
static struct tape_ops null_ops;
static struct watch_seen seen;
static struct tape_library *watch;
static struct tape *tape;
static struct tape_result result;
static const char block[4096] = "data";
static const struct tape_run blocks = {
	.data = block, .bytes = sizeof block, .block_bytes = sizeof block
};

static const char *take_any(void *arg, struct tape *loaded)
{
	(void)arg, (void)loaded;
	return NULL;
}

static void give_back(void *arg, struct tape *loaded)
{
	(void)arg, (void)loaded;
}

static void break_down(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t, (void)now_ns;
	r->cause = TAPE_HARDWARE_ERROR;
}

static void load(bool reading)
{
	const struct watch_config config = { .loaded = take_any,
		.reading = reading,
		.before_unload = give_back };

	null_tape_init(&null);
	null_ops = *null.tape.ops;
	null_ops.format = break_down;
	null.tape.ops = &null_ops;
	seen = (struct watch_seen){ .remarks = 0 };
	watch = watch_new(&null.library, &config, &seen);
	tape = watch->ops->load(watch, 0, &result);
	ck_assert_ptr_nonnull(tape);
}

static void unload(void)
{
	watch->ops->unload(watch, tape, TAPE_CLOSE_GOOD, 0, &result);
	watch_free(watch);
}

START_TEST(writing_does_not_reach_a_drive_that_only_reads)
{
	load(true);
	tape->ops->label(tape, block, sizeof block, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	tape->ops->start_file(tape, block, sizeof block, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	tape->ops->write(tape, &blocks, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	tape->ops->filemark(tape, true, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	tape->ops->format(tape, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_WRITE_PROTECTED);
	ck_assert_uint_eq(null.at.object, 0);
	unload();
}
END_TEST

START_TEST(what_is_written_is_counted)
{
	load(false);
	tape->ops->write(tape, &blocks, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_OK);
	ck_assert_uint_eq(seen.written_bytes, sizeof block);
	unload();
}
END_TEST

START_TEST(a_hardware_error_while_formatting_ends_the_use_of_the_drive)
{
	struct tape_block read;
	char buf[sizeof block];

	load(false);
	tape->ops->format(tape, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_HARDWARE_ERROR);
	ck_assert_uint_eq(seen.hardware.count, 1);
	tape->ops->write(tape, &blocks, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_HARDWARE_ERROR);
	tape->ops->read(tape, buf, sizeof buf, &read, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_HARDWARE_ERROR);
	tape->ops->rewind(tape, 0, &result);
	ck_assert_int_eq(result.cause, TAPE_HARDWARE_ERROR);
	ck_assert_uint_eq(null.at.object, 0);
	unload();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("watch");
	TCase *tcase = tcase_create("watch");

	tcase_add_test(tcase, writing_does_not_reach_a_drive_that_only_reads);
	tcase_add_test(tcase, what_is_written_is_counted);
	tcase_add_test(tcase,
	    a_hardware_error_while_formatting_ends_the_use_of_the_drive);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}
