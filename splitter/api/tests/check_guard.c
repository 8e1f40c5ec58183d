/*
 * check_guard.c: whatever the tape or library of a program returns, the dump
 * ends with a message, and the safe bytes are on tape.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "splitter/api/filters.h"
#include "splitter/api/tests/liar.h"
#include "splitter/api/tests/public_rig.h"
#include "splitter/tests/run_suite.h"

static void thousand_bytes(struct tape_result *r)
{
	r->bytes = 1000;
}
static void too_many_bytes(struct tape_result *r)
{
	r->bytes = 1 << 30;
}
static void endless_bytes(struct tape_result *r)
{
	r->bytes = UINT64_MAX;
}
static void past(struct tape_result *r)
{
	r->done_ns = -5;
}
static void odd_cause(struct tape_result *r)
{
	r->cause = (enum tape_cause)4711;
}
static void no_volume(struct tape_result *r)
{
	r->cause = TAPE_NO_VOLUME;
}
static void end_of_data(struct tape_result *r)
{
	r->cause = TAPE_EOD;
}
static void endless_message(struct tape_result *r)
{
	r->cause = TAPE_MEDIUM_ERROR;
	memset(r->message, 'x', sizeof r->message);
}

/* Which operation lies, in which way. */
static const struct row {
	const char *says; /* in a message; NULL: it does no harm */
	struct liar_way way;
} rows[] = {
	{ .says = "write returned",
	    .way.ops.write = lie_write,
	    .way.lie = thousand_bytes },
	{ .says = "write returned",
	    .way.ops.write = lie_write,
	    .way.lie = too_many_bytes },
	{ .says = "write returned",
	    .way.ops.write = lie_write,
	    .way.lie = endless_bytes },
	{ .says = "write returned",
	    .way.ops.write = lie_write,
	    .way.lie = odd_cause },
	{ .says = "write returned",
	    .way.ops.write = lie_write,
	    .way.lie = no_volume },
	{ .says = "write returned",
	    .way.ops.write = lie_write,
	    .way.lie = end_of_data },
	{ .says = "xxxx",
	    .way.ops.write = lie_write,
	    .way.lie = endless_message },
	{ .says = NULL, .way.ops.write = lie_write, .way.lie = past },
	{ .says = "write returned",
	    .way.ops.write = lie_progress,
	    .way.progress_bytes = 1000 },
	{ .says = "write returned",
	    .way.ops.write = lie_progress,
	    .way.progress_bytes = 1 << 30 },
	{ .says = "write returned",
	    .way.ops.write = lie_progress,
	    .way.progress_bytes = UINT64_MAX },
	{ .says = "label returned",
	    .way.ops.label = lie_label,
	    .way.lie = no_volume },
	{ .says = "label returned",
	    .way.ops.label = lie_label,
	    .way.lie = odd_cause },
	{ .says = "label returned",
	    .way.ops.label = lie_label,
	    .way.lie = endless_bytes },
	{ .says = "header returned",
	    .way.ops.start_file = lie_header,
	    .way.lie = no_volume },
	{ .says = "header returned",
	    .way.ops.start_file = lie_header,
	    .way.lie = endless_bytes },
	{ .says = "filemark returned",
	    .way.ops.filemark = lie_filemark,
	    .way.lie = no_volume },
	{ .says = "filemark returned",
	    .way.ops.filemark = lie_filemark,
	    .way.lie = odd_cause },
	{ .says = "read returned", .way.ops.read = lie_read },
	{ .says = "load returned", .way.load = lie_load, .way.lie = odd_cause },
	{ .says = "load returned", .way.load = lie_load, .way.lie = no_volume },
	{ .says = "load returned", .way.load = lie_load_nothing },
	{ .says = "load returned", .way.load = lie_load_without_read },
	{ .says = "load returned", .way.load = lie_load_endless_barcode },
};

static char messages[4096];

static void keep(const char *message)
{
	size_t n = strlen(messages);

	ck_assert_uint_lt(strlen(message), TAPE_MESSAGE_BYTES);
	snprintf(messages + n, sizeof messages - n, "%s\n", message);
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	(void)arg;
	(void)at_ns;
	keep(message);
}

static void on_part(void *arg, const struct splitter_attempt *a)
{
	(void)arg;
	keep(a->message);
}

/*
 * Row _i.  Expected: a write that reports 1000 of 4096 bytes is retried on the
 * next volume.  Bug: an assertion ended the process.
 */
START_TEST(an_impossible_answer_is_an_error_of_the_operation)
{
	const struct row *row = &rows[_i];
	const struct splitter_summary *o;
	struct tape_library_ops ops;
	struct splitter *s;

	messages[0] = '\0';
	pub_set_up(false);
	liar_begin(&row->way, &ops, pub.config.library);
	pub.config.library = &liar.library;
	pub.config.cache = SPLITTER_CACHE_MEMORY;
	pub.config.attempt_done = on_part;
	pub.config.warning = on_warning;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	o = splitter_wait(s);
	ck_assert_uint_ge(liar.calls, 1);
	ck_assert_int_eq(o->outcome, SPLITTER_DONE);
	pub_check_safe(s, DUMP);
	if (row->says != NULL)
		ck_assert_msg(strstr(messages, row->says) != NULL, "%s",
		    messages);
	else
		ck_assert_str_eq(messages, "\n\n\n");
	splitter_free(s);
	pub_tear_down();
}
END_TEST

/* The same below a filter of the program, which counts blocks. */
START_TEST(filters_check_results_from_below)
{
	const struct splitter_fault late = { SPLITTER_FAULT_BLOCK, 1000,
		TAPE_MEDIUM_ERROR, true };
	struct tape_library *fault, *limit;
	struct tape_library_ops ops;
	struct splitter *s;

	messages[0] = '\0';
	pub_set_up(false);
	liar_begin(&rows[2].way, &ops, pub.config.library);
	fault = splitter_fault_library_new(&liar.library, &late, 1);
	limit = splitter_limit_library_new(fault, 1 << 20, SPLITTER_NO_WARNING);
	pub.config.library = limit;
	pub.config.cache = SPLITTER_CACHE_MEMORY;
	pub.config.attempt_done = on_part;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	pub_check_safe(s, DUMP);
	ck_assert_msg(strstr(messages, "write returned") != NULL, "%s",
	    messages);
	splitter_free(s);
	splitter_limit_library_free(limit);
	splitter_fault_library_free(fault);
	pub_tear_down();
}
END_TEST

START_TEST(a_library_without_load_or_unload_is_refused)
{
	struct tape_library_ops ops = { .load = liar_load };
	struct tape_library poor = { .ops = &ops };

	pub_set_up(false);
	pub.config.library = &poor;
	ck_assert_ptr_null(splitter_new(&pub.config, pub.err, sizeof pub.err));
	ck_assert_msg(strstr(pub.err, "load and unload are required") != NULL,
	    "%s", pub.err);
	poor.ops = NULL;
	ck_assert_ptr_null(splitter_new(&pub.config, pub.err, sizeof pub.err));
	pub_tear_down();
}
END_TEST

/*
 * Expected: if a tape does not report its file number, headers have the number
 * that was counted.  Bug: they had 18446744073709551615.
 */
START_TEST(files_are_counted_if_the_tape_reports_no_number)
{
	struct tape_library_ops ops;
	struct splitter_part part;
	struct splitter *s;
	size_t i;

	pub_set_up(false);
	liar_begin(&rows[7].way, &ops, pub.config.library);
	liar.ops.write = liar_write;
	liar.ops.position = liar_no_position;
	pub.config.library = &liar.library;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	for (i = 0; splitter_get_part(s, i, &part, sizeof part) == 0; i++)
		ck_assert_uint_eq(part.file, i + 1);
	ck_assert_uint_eq(i, 3);
	/* The numbers in the headers on tape, too. */
	pub_check_safe(s, DUMP);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

/* Impossible file numbers that a tape reports. */
static const uint64_t odd_files[] = { 0, 7, INT64_MAX, UINT64_MAX - 1 };
enum { ODD_FILES = sizeof odd_files / sizeof *odd_files };
static uint64_t odd_file;

static void lying_position(struct tape *t, struct tape_position *at)
{
	liar_position(t, at);
	if (at->object > 1)
		at->file = odd_file;
}

/*
 * Expected: nothing is written if the tape reports that it is in another file.
 * Bug: headers had the reported number, and no reader found the parts.
 */
START_TEST(an_impossible_file_number_is_written_to_no_header)
{
	const struct splitter_summary *o;
	struct tape_library_ops ops;
	struct splitter *s;

	messages[0] = '\0';
	pub_set_up(false);
	liar_begin(&rows[7].way, &ops, pub.config.library);
	odd_file = odd_files[_i];
	liar.ops.write = liar_write;
	liar.ops.position = lying_position;
	pub.config.library = &liar.library;
	pub.config.warning = on_warning;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	o = splitter_wait(s);
	ck_assert_int_eq(o->outcome, SPLITTER_PARTIAL);
	ck_assert_uint_eq(o->safe_bytes, 0);
	ck_assert_msg(strstr(messages, ", expected 1") != NULL, "%s", messages);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

/*
 * A write that fails when the tape is rewound; after it no position is known.
 */
static void write_and_rewind(struct tape *t, const struct tape_run *run,
    int64_t now_ns, struct tape_result *r)
{
	struct tape_result rewound;

	liar_write(t, run, now_ns, r);
	if (!liar_lies_now())
		return;
	liar.below->ops->rewind(liar.below, now_ns, &rewound);
	liar.ops.position = liar_no_position;
	r->cause = TAPE_MEDIUM_ERROR;
	snprintf(r->message, sizeof r->message, "a bad spot");
}

static struct tape *load_telling(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	liar.ops.position = liar_position;
	return liar_load(l, now_ns, r);
}

/*
 * Expected: if an error leaves the position unknown, nothing more is written on
 * the volume, and part 1 stays.  Bug: a filemark was written at BOT, and the
 * dump was DONE without part 1.
 */
START_TEST(nothing_is_written_if_an_error_leaves_the_position_unknown)
{
	const struct liar_way way = { .ops = { .write = write_and_rewind },
		.load = load_telling };
	struct tape_library_ops ops;
	struct splitter *s;

	messages[0] = '\0';
	pub_set_up(false);
	liar_begin(&way, &ops, pub.config.library);
	liar.lies_at = 6;
	pub.config.library = &liar.library;
	pub.config.cache = SPLITTER_CACHE_MEMORY;
	pub.config.attempt_done = on_part;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	ck_assert_uint_ge(liar.calls, 6);
	pub_check_safe(s, DUMP);
	ck_assert_msg(strstr(messages, "a bad spot; ") != NULL, "%s", messages);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

/* The drive moves to the first part by itself and then reports its position. */
static void wandering_position(struct tape *t, struct tape_position *at)
{
	struct tape_result r;

	if (liar_lies_now())
		liar.below->ops->locate(liar.below, 1, 0, &r);
	liar_position(t, at);
}

/*
 * Row _i: a tape at a wrong position is not written, whenever the position is
 * read: nothing is overwritten (pub_tear_down), and the safe bytes are there.
 * Bug: the result of a second query was ignored, and a header was written.
 */
START_TEST(a_tape_at_a_wrong_position_is_not_written)
{
	const struct splitter_summary *o;
	struct tape_library_ops ops;
	struct splitter *s;

	pub_set_up(false);
	liar_begin(&rows[7].way, &ops, pub.config.library);
	liar.ops.write = liar_write;
	liar.ops.position = wandering_position;
	liar.lies_at = (unsigned)_i;
	pub.config.library = &liar.library;
	pub.config.cache = SPLITTER_CACHE_MEMORY;
	s = pub_begin();
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	o = splitter_wait(s);
	ck_assert(o->outcome != SPLITTER_DONE || o->safe_bytes == DUMP);
	pub_check_safe(s, o->safe_bytes);
	splitter_free(s);
	pub_tear_down();
}
END_TEST

/*
 * The struct of a program that was compiled with an older header, at the end of
 * readable memory.  Bug: the library read its own size of the struct.
 */
START_TEST(a_shorter_configuration_is_not_read_past_its_end)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const size_t bytes = offsetof(struct splitter_config, ended);
	char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct splitter_config *config;
	struct splitter *s;

	ck_assert_ptr_ne(memory, MAP_FAILED);
	ck_assert_int_eq(mprotect(memory + page, page, PROT_NONE), 0);
	config = (void *)(memory + page - bytes);
	pub_set_up(false);
	memset(config, 0xff, bytes);
	splitter_config_init(config, bytes, 1);
	ck_assert_uint_eq(config->config_bytes, bytes);
	config->dump = pub.config.dump;
	config->block_bytes = BLOCK;
	config->part_bytes = PART;
	config->library = pub.config.library;
	s = splitter_new(config, pub.err, sizeof pub.err);
	ck_assert_msg(s != NULL, "%s", pub.err);
	splitter_push(s, pub.source, DUMP);
	splitter_eof(s);
	ck_assert_int_eq(splitter_wait(s)->outcome, SPLITTER_DONE);
	pub_check_safe(s, DUMP);
	splitter_free(s);
	pub_tear_down();
	munmap(memory, 2 * page);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("guard");
	TCase *tc = tcase_create("guard");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc,
	    an_impossible_answer_is_an_error_of_the_operation, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_test(tc, filters_check_results_from_below);
	tcase_add_test(tc, a_library_without_load_or_unload_is_refused);
	tcase_add_test(tc, files_are_counted_if_the_tape_reports_no_number);
	tcase_add_loop_test(tc,
	    an_impossible_file_number_is_written_to_no_header, 0, ODD_FILES);
	tcase_add_test(tc,
	    nothing_is_written_if_an_error_leaves_the_position_unknown);
	tcase_add_loop_test(tc, a_tape_at_a_wrong_position_is_not_written, 1,
	    17);
	tcase_add_test(tc, a_shorter_configuration_is_not_read_past_its_end);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
