/*
 * check_reader.c: reads dumps from damaged tapes, and dumps that were stopped
 * and resumed at any step.
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/engine/engine.h"
#include "splitter/tests/trial/course.h"
#include "splitter/tests/memtape/memtape.h"
#include "splitter/tests/trial/read_back.h"
#include "splitter/tests/run_suite.h"
#include "splitter/tests/trial/trial.h"

enum {
	BLOCK = TAPE_BLOCK_MIN_BYTES,
	VOLUMES = 8,
	SIZE = 40 * BLOCK + 5,
	NEVER = 1 << 30
};

#define DUMP "a dump"

static struct memtape *tapes;
static unsigned char *source;
static char err[512];

/*
 * One run of the dump: how many bytes it receives, and the step at which it
 * stops.
 */
struct turn {
	uint64_t bytes;
	unsigned stop;
	struct engine *engine;
	unsigned steps;
	struct parts *parts;
	struct sum *whole;
	uint64_t attempts, volumes;
	bool append; /* append after all data on the volumes */
};

static void on_sample(void *arg, const struct dump_sample *m)
{
	struct turn *t = arg;

	(void)m;
	if (++t->steps == t->stop)
		engine_cancel(t->engine);
}

static const char *const barcodes[VOLUMES] = { "MEM001L0", "MEM002L0",
	"MEM003L0", "MEM004L0", "MEM005L0", "MEM006L0", "MEM007L0",
	"MEM008L0" };

/* Writes the dump from the end of the safe parts on. */
static struct dump_run_outcome write_turn(struct turn *t,
    enum splitter_cache cache)
{
	struct dump_run_config k = {
		.core = { .block_bytes = BLOCK,
		    .buffer_bytes = 4 * BLOCK,
		    .part_bytes = 4 * BLOCK,
		    .max_failed_volumes = 3,
		    .cache = cache,
		    .end_record = 1 },
		.writer = { .dump = DUMP,
		    .dump_id = 5,
		    .block_bytes = BLOCK,
		    .volume_policy = { .label_blank = true,
			.append = { barcodes, t->append ? VOLUMES : 0 } },
		    .can_replay = cache != SPLITTER_CACHE_NONE,
		    .parts = t->parts,
		    .whole = t->whole,
		    .volumes_before = t->volumes,
		    .library = memtape_library(tapes) },
		.sample = on_sample,
		.sample_arg = t,
	};
	struct dump_run_outcome o;
	uint64_t from = parts_end_bytes(t->parts);

	if (t->append)
		memtape_again(tapes);
	k.core.start_parts = parts_count(t->parts);
	k.core.start_bytes = from;
	k.core.start_attempts = (uint32_t)t->attempts;
	t->engine = engine_start(&k, err, sizeof err);
	ck_assert_msg(t->engine != NULL, "%s", err);
	if (t->bytes > from)
		engine_push(t->engine, source + from, t->bytes - from);
	engine_eof(t->engine);
	engine_wait(t->engine, &o);
	engine_free(t->engine);
	return o;
}

static void begin(uint64_t capacity_bytes, uint64_t warning_bytes)
{
	const struct memtape_config config = { .drives = 1,
		.volumes = VOLUMES,
		.capacity_bytes = capacity_bytes,
		.warning_bytes = warning_bytes,
		.block_bytes = BLOCK };

	tapes = memtape_new(&config);
	source = trial_source(3, SIZE);
}

static void teardown(void)
{
	memtape_free(tapes);
	free(source);
}

/* Writes a complete dump over some volumes, with its table. */
static struct parts *write_whole(void)
{
	struct turn t = {
		.bytes = SIZE, .parts = parts_new(), .whole = sum_new()
	};
	struct dump_run_outcome o = write_turn(&t, SPLITTER_CACHE_MEMORY);

	ck_assert_int_eq(o.outcome, SPLITTER_DONE);
	ck_assert(o.sealed);
	sum_free(t.whole);
	return t.parts;
}

/* The bytes that were read, compared with the source; or a gap. */
struct heard {
	uint64_t offset, missing, damaged, unproven_bytes, wrong;
	bool unproven, open;
};

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	struct heard *h = arg;

	ck_assert_uint_le(h->offset + count, SIZE);
	h->wrong += memcmp(source + h->offset, bytes, count) != 0;
	h->offset += count;
	return true;
}

static void on_gap(void *arg, const struct reader_gap *gap)
{
	struct heard *h = arg;

	if (gap->kind == SPLITTER_GAP_MISSING && gap->bytes == UINT64_MAX) {
		ck_assert_uint_eq(gap->offset_bytes, h->offset);
		h->open = true;
	} else if (gap->kind == SPLITTER_GAP_MISSING) {
		ck_assert_uint_eq(gap->offset_bytes, h->offset);
		h->missing += gap->bytes;
		h->offset += gap->bytes;
	} else if (gap->kind == SPLITTER_GAP_DAMAGED) {
		h->damaged += gap->bytes;
	} else {
		h->unproven = true;
		h->unproven_bytes += gap->bytes;
	}
}

typedef enum splitter_missing_decision missing_fn(void *arg,
    const char *barcode, const char *why);

/* Reports every volume that cannot be loaded as in use. */
static enum splitter_missing_decision in_use(void *arg, const char *barcode,
    const char *why)
{
	(void)arg, (void)barcode;
	ck_assert_str_ne(why, "");
	return SPLITTER_MISSING_LATER;
}

/* Returns the requested volume to the library, and asks for a retry. */
static enum splitter_missing_decision put_in(void *arg, const char *barcode,
    const char *why)
{
	struct memtape_volume *v =
	    (struct memtape_volume *)(uintptr_t)memtape_volume(tapes, 1);

	(void)arg, (void)why;
	ck_assert_str_eq(barcode, v->barcode);
	v->missing = false;
	return SPLITTER_MISSING_RETRY;
}

static struct reader_outcome read_with(struct heard *h,
    missing_fn *volume_missing)
{
	struct scan *scan = read_back_scan(tapes);
	const struct reader_config config = {
		.library = memtape_library(tapes),
		.scan = scan,
		.salvage = true,
		.arg = h,
		.data = on_data,
		.gap = on_gap,
		.volume_missing = volume_missing,
	};
	struct reader_outcome o;

	memset(h, 0, sizeof *h);
	ck_assert_uint_eq(scan_dumps(scan), 1);
	reader_run(&config, &o);
	scan_free(scan);
	return o;
}

static struct reader_outcome read_all(struct heard *h)
{
	return read_with(h, NULL);
}

/* Returns how many bytes of the dump are on a volume. */
static uint64_t bytes_on(const struct parts *parts, const char *volume)
{
	struct part_row row;
	uint64_t bytes = 0;
	size_t i;

	for (i = 0; i < parts_count(parts); i++) {
		parts_get(parts, i, &row);
		if (strcmp(row.volume, volume) == 0)
			bytes += row.bytes;
	}
	return bytes;
}

START_TEST(each_volume_is_missing_in_turn)
{
	struct memtape_volume *v;
	struct parts *parts;
	struct heard h;
	unsigned i, used = 0;

	begin(12 * BLOCK, 2 * BLOCK);
	parts = write_whole();
	ck_assert_int_eq(read_all(&h).end, SPLITTER_READ_WHOLE);
	for (i = 0; i < VOLUMES; i++) {
		v = (struct memtape_volume *)(uintptr_t)memtape_volume(tapes,
		    i);
		if (!v->changed)
			continue;
		used++;
		v->missing = true;
		ck_assert_int_eq(read_all(&h).end, SPLITTER_READ_PARTIAL);
		ck_assert_uint_eq(h.wrong, 0);
		ck_assert_uint_eq(h.damaged, 0);
		/* If the last volume is missing, the length is unknown. */
		if (i + 1 < VOLUMES && memtape_volume(tapes, i + 1)->changed) {
			ck_assert_uint_eq(h.missing,
			    bytes_on(parts, v->barcode));
			ck_assert_uint_eq(h.offset, SIZE);
		}
		v->missing = false;
	}
	ck_assert_uint_ge(used, 4);
	parts_free(parts);
}
END_TEST

START_TEST(a_volume_that_is_in_use_is_not_missing)
{
	struct memtape_volume *v;
	struct reader_outcome o;
	struct parts *parts;
	struct heard h;

	begin(12 * BLOCK, 2 * BLOCK);
	parts = write_whole();
	v = (struct memtape_volume *)(uintptr_t)memtape_volume(tapes, 1);
	v->missing = true;
	o = read_with(&h, in_use);
	ck_assert_int_eq(o.end, SPLITTER_READ_FAILED);
	ck_assert(o.later);
	ck_assert_uint_eq(h.wrong, 0);
	ck_assert_uint_eq(o.good_bytes,
	    bytes_on(parts, memtape_volume(tapes, 0)->barcode));
	parts_free(parts);
}
END_TEST

START_TEST(a_missing_volume_is_loaded_on_a_second_request)
{
	struct memtape_volume *v;
	struct reader_outcome o;
	struct parts *parts;
	struct heard h;

	begin(12 * BLOCK, 2 * BLOCK);
	parts = write_whole();
	v = (struct memtape_volume *)(uintptr_t)memtape_volume(tapes, 1);
	v->missing = true;
	o = read_with(&h, put_in);
	ck_assert(!v->missing);
	ck_assert_int_eq(o.end, SPLITTER_READ_WHOLE);
	ck_assert(o.whole_proven);
	parts_free(parts);
}
END_TEST

START_TEST(bytes_next_to_a_gap_are_reported_as_unproven)
{
	struct memtape_volume *v;
	struct reader_outcome o;
	struct parts *parts;
	struct heard h;

	begin(12 * BLOCK, 2 * BLOCK);
	parts = write_whole();
	/*
	 * Objects 0 to 5 are the label, a filemark, the header and three
	 * blocks.  Object 6, the fourth block, is removed.
	 */
	v = (struct memtape_volume *)(uintptr_t)memtape_volume(tapes, 0);
	free(v->objects[6].data);
	memmove(&v->objects[6], &v->objects[7],
	    (v->count-- - 7) * sizeof *v->objects);
	o = read_all(&h);
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert_uint_eq(h.wrong, 0);
	ck_assert_uint_eq(h.missing, BLOCK);
	ck_assert_uint_eq(h.unproven_bytes, 3 * BLOCK);
	ck_assert_uint_eq(o.unproven_bytes, 3 * BLOCK);
	ck_assert_uint_eq(o.good_bytes, SIZE - 4 * BLOCK);
	parts_free(parts);
}
END_TEST

/* Returns whether the object is a header or a label, and no block of data. */
static bool is_header(const struct memtape_object *o)
{
	return o->bytes >= 8 && memcmp(o->data, "tapelab:", 8) == 0;
}

START_TEST(each_changed_block_is_detected)
{
	struct parts *parts;
	struct heard h;
	struct memtape_object *o;
	const struct memtape_volume *v;
	unsigned i, found = 0;
	uint64_t k;

	begin(12 * BLOCK, 2 * BLOCK);
	parts = write_whole();
	for (i = 0; (v = memtape_volume(tapes, i)) != NULL; i++)
		for (k = 0; k < v->count; k++) {
			o = &v->objects[k];
			if (o->bytes == 0 || is_header(o))
				continue;
			o->data[o->bytes / 2] ^= 1;
			ck_assert_int_eq(read_all(&h).end,
			    SPLITTER_READ_PARTIAL);
			ck_assert_uint_eq(h.wrong, 1);
			ck_assert_uint_ge(h.damaged, 5);
			ck_assert_uint_le(h.damaged, 4 * BLOCK);
			ck_assert_uint_eq(h.missing, 0);
			o->data[o->bytes / 2] ^= 1;
			found++;
		}
	ck_assert_uint_eq(found, 41);
	parts_free(parts);
}
END_TEST

START_TEST(each_damaged_header_loses_only_its_file)
{
	struct parts *parts;
	struct heard h;
	struct memtape_object *o;
	const struct memtape_volume *v;
	unsigned i, open = 0;
	uint64_t k;

	begin(12 * BLOCK, 2 * BLOCK);
	parts = write_whole();
	for (i = 0; (v = memtape_volume(tapes, i)) != NULL; i++)
		for (k = 2; k < v->count; k++) {
			o = &v->objects[k];
			if (!is_header(o))
				continue;
			o->data[40] ^= 1;
			read_all(&h);
			ck_assert_uint_eq(h.wrong, 0);
			ck_assert_uint_eq(h.damaged, 0);
			ck_assert_uint_le(h.missing, 4 * BLOCK);
			/*
			 * The block belongs to the end record, which may have
			 * been longer.
			 */
			open += h.open;
			ck_assert(!h.open || h.unproven);
			o->data[40] ^= 1;
		}
	ck_assert_uint_eq(open, 1);
	parts_free(parts);
}
END_TEST

/* Starts the next turn with the safe parts of the last one. */
static void go_on(struct turn *t)
{
	struct scan *scan = read_back_scan(tapes);
	struct scan_dump d;

	if (scan_dumps(scan) > 0) {
		scan_get_dump(scan, 0, &d);
		t->volumes = d.volumes;
	}
	sum_reset(t->whole);
	sum_add(t->whole, source, parts_end_bytes(t->parts));
	t->steps = 0;
	/* Skips more attempt numbers than the last turn can have used. */
	t->attempts += 10;
	scan_free(scan);
}

START_TEST(a_dump_stopped_and_resumed_anywhere_is_the_same)
{
	uint64_t seed = (uint64_t)_i, before;
	struct turn t = {
		.bytes = SIZE, .parts = parts_new(), .whole = sum_new()
	};
	struct dump_run_outcome o = { .outcome = SPLITTER_FAILED };
	struct read_back back = { .dump = DUMP, .source_bytes = SIZE };
	bool warned = seed % 4 < 2;
	/* Without a warning, a part fails at the end of each volume. */
	enum splitter_cache cache = warned && seed % 2 == 0
	    ? SPLITTER_CACHE_NONE
	    : SPLITTER_CACHE_MEMORY;
	unsigned turn;

	/* Half of the cases have no early warning.  Volume sizes vary. */
	begin((24 + seed % 7) * BLOCK, warned ? 2 * BLOCK : MEMTAPE_NO_WARNING);
	t.append = seed % 3 > 0;
	for (turn = 0; turn < 4 && o.outcome != SPLITTER_DONE; turn++) {
		t.stop = turn == 3
		    ? NEVER
		    : 1 + (unsigned)(trial_number(seed, turn) % 20);
		before = parts_end_bytes(t.parts);
		o = write_turn(&t, cache);
		ck_assert_uint_ge(o.safe_bytes, before);
		ck_assert_uint_eq(o.safe_bytes, parts_end_bytes(t.parts));
		back.tapes = tapes;
		back.source = source;
		back.safe_bytes = o.safe_bytes;
		back.done = o.outcome == SPLITTER_DONE;
		back.sealed = o.sealed;
		ck_assert_msg(read_back_same(&back, err, sizeof err),
		    "seed %" PRIu64 ", turn %u: %s", seed, turn, err);
		ck_assert_str_eq(memtape_complaint(tapes), "");
		go_on(&t);
	}
	ck_assert_msg(o.outcome == SPLITTER_DONE, "seed %" PRIu64 ": %s", seed,
	    o.message);
	ck_assert_uint_eq(o.safe_bytes, SIZE);
	parts_free(t.parts);
	sum_free(t.whole);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reader");
	TCase *tc = tcase_create("reader");

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_test(tc, each_volume_is_missing_in_turn);
	tcase_add_test(tc, a_volume_that_is_in_use_is_not_missing);
	tcase_add_test(tc, a_missing_volume_is_loaded_on_a_second_request);
	tcase_add_test(tc, bytes_next_to_a_gap_are_reported_as_unproven);
	tcase_add_test(tc, each_changed_block_is_detected);
	tcase_add_test(tc, each_damaged_header_loses_only_its_file);
	tcase_add_loop_test(tc, a_dump_stopped_and_resumed_anywhere_is_the_same,
	    0, 200);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
