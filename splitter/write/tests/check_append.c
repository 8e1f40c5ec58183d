/*
 * check_append.c: a dump is appended after the last file of a volume if that
 * file is of tapelab; otherwise the volume is left unchanged.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/engine/engine.h"
#include "splitter/tests/memtape/memtape.h"
#include "splitter/tests/trial/read_back.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = TAPE_BLOCK_MIN_BYTES, SIZE = 3 * BLOCK + 7 };

static struct memtape *tapes;
static struct tape *tape; /* the volume being filled */
static struct tape_result answer;
static char block[BLOCK];

static void header(enum header_type type, uint64_t file, const char *volume)
{
	struct header h = { .type = type,
		.dump = "older",
		.dump_id = 1,
		.sequence = 1,
		.block_bytes = BLOCK,
		.file = file,
		.part = 1,
		.attempt = 1,
		.outcome = "FAILED",
		.record = 1,
		.records = 1 };

	strcpy(h.volume, volume);
	header_format(&h, "", 0, block, BLOCK);
	tape->ops->start_file(tape, block, BLOCK, 0, &answer);
}

static void words(void)
{
	memset(block, 'x', BLOCK);
	tape->ops->start_file(tape, block, BLOCK, 0, &answer);
}

static void mark(void)
{
	tape->ops->filemark(tape, true, 0, &answer);
}

#define LABEL header(HEADER_LABEL, 0, "MEM001L0")

static void label_alone(void)
{
	LABEL, mark();
}

static void finished(void)
{
	LABEL, mark();
	header(HEADER_PART, 1, "MEM001L0"), words(), mark();
}

static void unfinished(void)
{
	LABEL, mark();
	header(HEADER_PART, 1, "MEM001L0"), words();
}

static void header_alone(void)
{
	LABEL, mark();
	header(HEADER_PART, 1, "MEM001L0");
}

static void end_record(void)
{
	finished();
	header(HEADER_END, 2, "MEM001L0"), mark();
}

static void unfinished_record(void)
{
	finished();
	header(HEADER_END, 2, "MEM001L0");
}

static void foreign_file(void)
{
	finished();
	words(), mark();
}

static void foreign_unfinished(void)
{
	finished();
	words();
}

static void label_behind(void)
{
	finished();
	header(HEADER_LABEL, 0, "MEM001L0"), mark();
}

static void other_number(void)
{
	LABEL, mark();
	header(HEADER_PART, 2, "MEM001L0"), mark();
}

static void other_volume(void)
{
	LABEL, mark();
	header(HEADER_PART, 1, "MEM002L0"), mark();
}

static void two_marks(void)
{
	finished();
	mark();
}

static void label_without_mark(void)
{
	LABEL;
}

static void label_and_data(void)
{
	LABEL, words();
}

static const struct row {
	const char *name;
	void (*fill)(void);
	/* file in which the dump begins; 0: the volume is refused */
	uint64_t file;
	const char *why; /* NULL: the last data are not of tapelab */
} rows[] = {
	{ "a label alone", label_alone, 1, NULL },
	{ "a finished part", finished, 2, NULL },
	{ "an unfinished part", unfinished, 2, NULL },
	{ "a header, and nothing after it", header_alone, 2, NULL },
	{ "an end record", end_record, 3, NULL },
	{ "an unfinished end record", unfinished_record, 3, NULL },
	{ "a foreign file", foreign_file, 0, NULL },
	{ "a foreign file that is unfinished", foreign_unfinished, 0, NULL },
	{ "a label in the middle", label_behind, 0, NULL },
	{ "a file that says that it is another", other_number, 0, NULL },
	{ "a file of another volume", other_volume, 0, NULL },
	{ "a file with nothing in it", two_marks, 0, NULL },
	/*
	 * Expected: the message says what is missing, and what to do.  Bug: it said
	 * that the data are not what tapelab wrote.
	 */
	{ "a label without a filemark", label_without_mark, 0,
	    "no filemark follows its label, because labelling it was "
	    "interrupted: it has no data, but nothing can be appended to it; "
	    "to write it from its beginning, name it with --overwrite "
	    "MEM001L0" },
	{ "data and no filemark", label_and_data, 0, NULL },
};

static void setup(void)
{
	const struct memtape_config config = { .drives = 2,
		.volumes = 2,
		.capacity_bytes = 100 * BLOCK,
		.warning_bytes = 20 * BLOCK,
		.block_bytes = BLOCK };

	tapes = memtape_new(&config);
	tape = memtape_library(tapes)->ops->load(memtape_library(tapes), 0,
	    &answer);
}

static void teardown(void)
{
	memtape_free(tapes);
}

/*
 * The operations of a drive that finds the end of data at another place each
 * time, or reports its position only the first time.
 */
static struct tape_ops steady, wandering;
static bool wanders, forgets;
static bool rewinds;   /* the tape rewinds by itself before a filemark */
static bool disk_full; /* no filemark can be stored */
static enum tape_close closed; /* how the last volume was closed */
static uint64_t places;

static void wander(struct tape *t, struct tape_position *at)
{
	steady.position(t, at);
	if (at->object == 0)
		return;
	if (forgets && places > 0)
		at->file = TAPE_POSITION_UNKNOWN;
	else if (wanders)
		at->file += places % 2;
	places++;
}

static void filemark_at_bot(struct tape *t, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	steady.rewind(t, now_ns, r);
	steady.filemark(t, sync, now_ns, r);
}

static void filemark_without_room(struct tape *t, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	(void)t, (void)sync;
	tape_result_init(r, now_ns);
	r->cause = TAPE_STORAGE_FAILED;
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *r)
{
	struct tape_library *inner = memtape_library(tapes);
	struct tape *t = inner->ops->load(inner, now_ns, r);

	(void)library;
	if (t == NULL || !(wanders || forgets || rewinds || disk_full))
		return t;
	if (t->ops == &wandering) /* a volume of this drive was refused */
		return t;
	steady = wandering = *t->ops;
	wandering.position = wander;
	if (rewinds)
		wandering.filemark = filemark_at_bot;
	if (disk_full)
		wandering.filemark = filemark_without_room;
	t->ops = &wandering;
	return t;
}

static void unload(struct tape_library *library, struct tape *t,
    enum tape_close close, int64_t now_ns, struct tape_result *r)
{
	struct tape_library *inner = memtape_library(tapes);

	(void)library;
	closed = close;
	inner->ops->unload(inner, t, close, now_ns, r);
}

/* The first warning. */
static char trouble[TAPE_MESSAGE_BYTES];

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	(void)arg, (void)at_ns;
	if (trouble[0] == '\0')
		snprintf(trouble, sizeof trouble, "%s", message);
}

/*
 * The safe parts of the older dump if it is resumed; NULL: the dump is another
 * one.
 */
static struct parts *resumed;

static void resume_older(struct dump_run_config *k)
{
	k->core.start_parts = parts_count(resumed);
	k->core.start_bytes = parts_end_bytes(resumed);
	k->writer.dump = "older";
	k->writer.dump_id = 1;
	k->writer.parts = resumed;
}

/* Restores the original volume and writes a dump. */
static struct dump_run_outcome append(void)
{
	static const struct tape_library_ops ops = { .load = load,
		.unload = unload };
	static const char *const named[] = { "MEM001L0" };
	static const char source[SIZE];
	struct tape_library library = { &ops };
	struct dump_run_config k = {
		.core = { .block_bytes = BLOCK,
		    .buffer_bytes = 4 * BLOCK,
		    .max_failed_volumes = 3,
		    .end_record = 1 },
		.writer = { .dump = "newer",
		    .dump_id = 2,
		    .block_bytes = BLOCK,
		    .volume_policy = { .append = { named, 1 } },
		    .library = &library,
		    .events.warning = on_warning },
	};
	struct dump_run_outcome o;
	struct engine *e;
	char err[256];

	if (resumed != NULL)
		resume_older(&k);
	memtape_again(tapes);
	e = engine_start(&k, err, sizeof err);
	ck_assert_msg(e != NULL, "%s", err);
	engine_push(e, source, SIZE);
	engine_eof(e);
	engine_wait(e, &o);
	engine_free(e);
	return o;
}

START_TEST(a_dump_begins_only_after_a_file_of_tapelab)
{
	const struct row *row = &rows[_i];
	const struct memtape_volume *v = memtape_volume(tapes, 0);
	struct dump_run_outcome o;
	struct scan_file f;
	struct scan *scan;
	char err[256];
	uint64_t before;
	long dump;

	row->fill();
	before = v->count;
	o = append();
	if (row->file == 0) {
		ck_assert_msg(o.outcome == SPLITTER_PARTIAL, "%s", row->name);
		ck_assert_uint_eq(o.safe_bytes, 0);
		ck_assert_msg(v->count == before, "%s: changed", row->name);
		ck_assert_ptr_nonnull(strstr(trouble,
		    "MEM001L0 is left unchanged"));
		ck_assert_msg(strstr(trouble,
				  row->why != NULL
				      ? row->why
				      : "is not what tapelab") != NULL,
		    "%s: %s", row->name, trouble);
		return;
	}
	ck_assert_msg(o.outcome == SPLITTER_DONE && o.sealed, "%s: %s",
	    row->name, o.message);
	scan = read_back_scan(tapes);
	dump = scan_find(scan, "newer", err, sizeof err);
	ck_assert_msg(dump >= 0, "%s", err);
	scan_get_file(scan, (size_t)dump, 0, &f);
	ck_assert_uint_eq(f.file, row->file);
	ck_assert(f.proven && f.ended);
	ck_assert_uint_eq(scan_notes(scan), 0);
	scan_free(scan);
}
END_TEST

START_TEST(a_varying_end_of_data_is_not_appended_to)
{
	uint64_t before;

	finished();
	before = memtape_volume(tapes, 0)->count;
	wanders = true;
	ck_assert_int_eq(append().outcome, SPLITTER_PARTIAL);
	wanders = false;
	ck_assert_uint_eq(memtape_volume(tapes, 0)->count, before);
	ck_assert_ptr_nonnull(strstr(trouble, "MEM001L0 is left unchanged"));
}
END_TEST

START_TEST(an_end_of_data_that_is_not_found_again_is_not_labelled)
{
	/*
	 * Expected: a volume whose last file is unfinished is left unchanged if
	 * the drive does not find its end of data a second time.  Bug: it was
	 * labelled, and all data on it was lost.
	 */
	uint64_t before;

	unfinished();
	before = memtape_volume(tapes, 0)->count;
	forgets = true;
	ck_assert_int_eq(append().outcome, SPLITTER_PARTIAL);
	forgets = false;
	ck_assert_uint_eq(memtape_volume(tapes, 0)->count, before);
	ck_assert_ptr_nonnull(strstr(trouble, "MEM001L0 is left unchanged"));
}
END_TEST

START_TEST(a_filemark_at_a_wrong_place_makes_parts_unsafe)
{
	/*
	 * Expected: if the filemark after an unfinished file was written at
	 * BOT, the parts of the dump on that volume are not called safe.  Bug:
	 * the volume was only refused, and its parts stayed safe.
	 */
	struct part_row row = { .part = 1,
		.attempt = 1,
		.file = 1,
		.bytes = BLOCK,
		.volume = "MEM001L0" };
	struct dump_run_outcome o;

	finished();
	header(HEADER_PART, 2, "MEM001L0"), words();
	resumed = parts_new();
	ck_assert_int_eq(parts_add(resumed, &row), 0);
	rewinds = true;
	o = append();
	rewinds = false;
	ck_assert_int_eq(o.outcome, SPLITTER_PARTIAL);
	ck_assert_uint_eq(o.safe_bytes, 0);
	ck_assert_uint_eq(parts_count(resumed), 0);
	ck_assert_ptr_nonnull(strstr(o.message, "part 1 is missing"));
	parts_free(resumed);
	resumed = NULL;
}
END_TEST

/*
 * Expected: a volume that cannot be stored is not suspect.  Bug: the volume was
 * closed as suspect.
 */
START_TEST(a_volume_that_cannot_be_stored_is_not_suspect)
{
	struct dump_run_outcome o;

	unfinished();
	disk_full = true;
	o = append();
	disk_full = false;
	ck_assert_int_eq(o.outcome, SPLITTER_PARTIAL);
	ck_assert_int_eq(o.cause, TAPE_STORAGE_FAILED);
	ck_assert_int_eq(closed, TAPE_CLOSE_REFUSED);
}
END_TEST

START_TEST(nothing_begins_after_the_early_warning)
{
	uint64_t before;
	int i;

	LABEL, mark();
	header(HEADER_PART, 1, "MEM001L0");
	for (i = 0; i < 80; i++)
		words();
	mark();
	before = memtape_volume(tapes, 0)->count;
	memtape_prepare(tapes, 1, MEMTAPE_SCRATCH);
	ck_assert_int_eq(append().outcome, SPLITTER_DONE);
	ck_assert_uint_eq(memtape_volume(tapes, 0)->count, before);
	ck_assert(memtape_volume(tapes, 1)->changed);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("append");
	TCase *tc = tcase_create("append");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, a_dump_begins_only_after_a_file_of_tapelab, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_test(tc, a_varying_end_of_data_is_not_appended_to);
	tcase_add_test(tc,
	    an_end_of_data_that_is_not_found_again_is_not_labelled);
	tcase_add_test(tc, a_filemark_at_a_wrong_place_makes_parts_unsafe);
	tcase_add_test(tc, a_volume_that_cannot_be_stored_is_not_suspect);
	tcase_add_test(tc, nothing_begins_after_the_early_warning);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
