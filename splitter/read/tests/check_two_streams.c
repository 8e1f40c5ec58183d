/*
 * check_two_streams.c: volumes with two streams under the id of one dump,
 * because a writer had not scanned all volumes.  Either the streams are
 * distinguished, or nothing is read after the point where they differ.  No byte
 * is read at a wrong offset.
 */
#include <check.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/read/reader.h"
#include "splitter/format/end_record.h"
#include "splitter/format/sum.h"
#include "splitter/tests/memtape/memtape.h"
#include "splitter/tests/trial/read_back.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = TAPE_BLOCK_MIN_BYTES, VOLUMES = 3, PARTS = 6, ROOM = 16 };

/* The contents of a part: in the stream "a" each block is full of 'a'. */
struct piece {
	char stream; /* 0: no such part */
	uint64_t attempt, blocks;
};

/*
 * The parts that one writer put on a volume.  The first of them is part
 * `first`.
 */
struct written {
	unsigned first;
	struct piece before; /* the part before `first` */
	uint64_t offset_blocks;
	struct piece pieces[PARTS];
	/* outcome in an end record after the parts; or NULL */
	const char *outcome;
};

static struct memtape *tapes;
static char block[BLOCK];

static void fill(char stream)
{
	memset(block, stream, sizeof block);
}

static void sum_of(const struct piece *p, char text[SUM_TEXT_BYTES])
{
	struct sum *sum = sum_new();
	uint64_t i;

	fill(p->stream);
	for (i = 0; i < p->blocks; i++)
		sum_add(sum, block, BLOCK);
	sum_text(sum, text);
	sum_free(sum);
}

static struct header head(const struct tape *tape, enum header_type type,
    uint64_t file)
{
	struct header h = { .type = type,
		.dump = "d",
		.dump_id = 1,
		.sequence = 1,
		.block_bytes = BLOCK,
		.file = file };

	memcpy(h.volume, tape->barcode, sizeof h.volume);
	return h;
}

static void put(struct tape *tape, const struct header *h)
{
	struct tape_result answer;

	header_format(h, NULL, 0, block, BLOCK);
	if (h->type == HEADER_LABEL)
		tape->ops->label(tape, block, BLOCK, 0, &answer);
	else
		tape->ops->start_file(tape, block, BLOCK, 0, &answer);
	ck_assert_int_eq(answer.cause, TAPE_OK);
}

static void put_data(struct tape *tape, const struct piece *p)
{
	const struct tape_run run = {
		.data = block, .bytes = BLOCK, .block_bytes = BLOCK
	};
	struct tape_result answer;
	uint64_t i;

	fill(p->stream);
	for (i = 0; i < p->blocks; i++)
		tape->ops->write(tape, &run, 0, &answer);
	tape->ops->filemark(tape, true, 0, &answer);
	ck_assert_int_eq(answer.cause, TAPE_OK);
}

/*
 * Writes an end record of the parts before, of stream 'a', and of these parts.
 */
static void put_end(struct tape *tape, const struct written *w, unsigned count)
{
	struct parts *parts = parts_new();
	struct header h = head(tape, HEADER_END, count + 1);
	struct part_row row;
	struct tape_result answer;
	unsigned i;

	for (i = 0; i < w->first - 1 + count; i++) {
		const struct piece common = { 'a', 1, 2 };
		const struct piece *p =
		    i < w->first - 1 ? &common : &w->pieces[i - (w->first - 1)];

		memset(&row, 0, sizeof row);
		row.part = i + 1;
		row.attempt = p->attempt;
		row.file = i < w->first - 1 ? i + 1 : i + 2 - w->first;
		row.offset_bytes = parts_end_bytes(parts);
		row.bytes = p->blocks * BLOCK;
		strcpy(row.volume,
		    i < w->first - 1 ? "MEM001L0" : tape->barcode);
		sum_of(p, row.xxh128);
		ck_assert_int_eq(parts_add(parts, &row), 0);
	}
	strcpy(h.outcome, w->outcome);
	h.bytes = parts_end_bytes(parts);
	h.parts = parts_count(parts);
	ck_assert_uint_eq(end_record_blocks(parts_count(parts), BLOCK), 1);
	end_record_format(&h, parts, 1, block, BLOCK);
	tape->ops->start_file(tape, block, BLOCK, 0, &answer);
	tape->ops->filemark(tape, true, 0, &answer);
	parts_free(parts);
}

static void put_volume(const struct written *w)
{
	struct tape_library *library = memtape_library(tapes);
	struct tape_result answer;
	struct tape *tape = library->ops->load(library, 0, &answer);
	struct header h;
	const struct piece *before = &w->before;
	uint64_t offset = w->offset_blocks * BLOCK;
	unsigned i;

	ck_assert_ptr_nonnull(tape);
	h = head(tape, HEADER_LABEL, 0);
	put(tape, &h);
	for (i = 0; i < PARTS && w->pieces[i].stream != 0; i++) {
		h = head(tape, HEADER_PART, i + 1);
		h.part = w->first + i;
		h.attempt = w->pieces[i].attempt;
		h.offset_bytes = offset;
		if (before->stream != 0) {
			h.before_attempt = before->attempt;
			h.before_bytes = before->blocks * BLOCK;
			sum_of(before, h.before_xxh128);
		}
		put(tape, &h);
		put_data(tape, &w->pieces[i]);
		before = &w->pieces[i];
		offset += before->blocks * BLOCK;
	}
	if (w->outcome != NULL)
		put_end(tape, w, i);
	library->ops->unload(library, tape, TAPE_CLOSE_GOOD, 0, &answer);
}

/* The stream of each block of the dump, as it was read. */
struct heard {
	char text[ROOM + 1];
	size_t blocks, damaged, missing, unproven;
};

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	struct heard *h = arg;
	const char *p = bytes;
	uint64_t i;

	for (i = 0; i < count; i += BLOCK) {
		ck_assert_uint_lt(h->blocks, ROOM);
		h->text[h->blocks++] = p[i];
	}
	return true;
}

static void on_gap(void *arg, const struct reader_gap *gap)
{
	struct heard *h = arg;
	uint64_t i;

	h->damaged += gap->kind == SPLITTER_GAP_DAMAGED;
	h->missing += gap->kind == SPLITTER_GAP_MISSING;
	h->unproven += gap->kind == SPLITTER_GAP_UNPROVEN;
	if (gap->kind != SPLITTER_GAP_MISSING || gap->bytes == UINT64_MAX)
		return;
	for (i = 0; i < gap->bytes; i += BLOCK) {
		ck_assert_uint_lt(h->blocks, ROOM);
		h->text[h->blocks++] = '.';
	}
}

static struct reader_outcome read_dump(struct scan *scan, struct heard *h,
    bool salvage)
{
	const struct reader_config config = {
		.library = memtape_library(tapes),
		.scan = scan,
		.salvage = salvage,
		.arg = h,
		.data = on_data,
		.gap = on_gap,
	};
	struct reader_outcome o;

	memset(h, 0, sizeof *h);
	reader_run(&config, &o);
	return o;
}

/* Scans the volumes in this order.  `order` lists their numbers, from 0. */
static struct scan *scan_in_order(const char *order)
{
	struct scan *scan = scan_new();
	int64_t now_ns = 0;

	for (; *order != '\0'; order++)
		ck_assert_int_eq(scan_tape(scan,
				     memtape_reader(tapes,
					 (unsigned)(*order - '0')),
				     &now_ns),
		    0);
	return scan;
}

static void put_volumes(const struct written *w, unsigned count)
{
	const struct memtape_config config = { .drives = VOLUMES,
		.volumes = VOLUMES,
		.capacity_bytes = MEMTAPE_ENDLESS,
		.warning_bytes = MEMTAPE_NO_WARNING,
		.block_bytes = BLOCK };
	unsigned i;

	tapes = memtape_new(&config);
	for (i = 0; i < count; i++)
		put_volume(&w[i]);
}

static void teardown(void)
{
	memtape_free(tapes);
	tapes = NULL;
}

/*
 * Volume 0 has parts of one writer.  Two other writers continue the dump, each
 * on a volume of its own.
 */
#define COMMON                                                            \
	{                                                                 \
		1, { 0, 0, 0 }, 0, { { 'a', 1, 2 }, { 'a', 1, 2 } }, NULL \
	}
#define BEHIND(outcome, ...)                                  \
	{                                                     \
		3, { 'a', 1, 2 }, 4, { __VA_ARGS__ }, outcome \
	}

/* The expected result; after "|" nothing is proven. */
static const struct row {
	const char *name;
	struct written volumes[VOLUMES];
	const char *text;
	uint64_t split;
} rows[] = {
	{ "the later attempt counts",
	    { COMMON, BEHIND(NULL, { 'a', 1, 2 }, { 'a', 1, 2 }, { 'a', 1, 2 }),
		BEHIND(NULL, { 'b', 2, 2 }, { 'b', 2, 2 }) },
	    "aaaabbbb", 0 },
	{ "it may have parts of another size",
	    { COMMON,
		BEHIND(NULL, { 'a', 1, 1 }, { 'a', 1, 1 }, { 'a', 1, 1 },
		    { 'a', 1, 1 }),
		BEHIND(NULL, { 'b', 2, 3 }, { 'b', 2, 2 }) },
	    "aaaabbbbb", 0 },
	{ "an end record counts",
	    { COMMON, BEHIND(NULL, { 'a', 1, 2 }, { 'a', 1, 2 }, { 'a', 1, 2 }),
		BEHIND("DONE", { 'b', 1, 2 }, { 'b', 1, 2 }) },
	    "aaaabbbb", 0 },
	{ "that of DONE before that of FAILED",
	    { COMMON,
		BEHIND("FAILED", { 'a', 1, 2 }, { 'a', 1, 2 }, { 'a', 1, 2 }),
		BEHIND("DONE", { 'b', 1, 1 }, { 'b', 1, 2 }) },
	    "aaaabbb", 0 },
	{ "nothing decides between equal numbers",
	    { COMMON, BEHIND(NULL, { 'a', 1, 2 }, { 'a', 1, 2 }),
		BEHIND(NULL, { 'b', 1, 2 }, { 'b', 1, 2 }) },
	    "aaaa|", 3 },
	{ "nor where their parts are of other sizes",
	    { COMMON, BEHIND(NULL, { 'a', 1, 2 }, { 'a', 1, 2 }),
		BEHIND(NULL, { 'b', 1, 1 }, { 'b', 1, 2 }) },
	    "aaaa|", 3 },
	{ "nor where both are DONE",
	    { COMMON, BEHIND("DONE", { 'a', 1, 2 }, { 'a', 1, 2 }),
		BEHIND("DONE", { 'b', 1, 2 }, { 'b', 1, 1 }) },
	    "aaaa|", 3 },
	{ "of the same stream twice either does",
	    { COMMON, BEHIND(NULL, { 'a', 1, 2 }, { 'a', 1, 2 }),
		BEHIND(NULL, { 'a', 1, 2 }, { 'a', 1, 2 }) },
	    "aaaaaaaa", 0 },
};

static bool is_mixed(const char *text)
{
	return strchr(strchr(text, 'b') != NULL ? strchr(text, 'b') : "",
		   'a') != NULL;
}

START_TEST(two_streams_are_distinguished_or_not_read)
{
	static const char *const orders[] = { "012", "021", "210", "102" };
	const struct row *row = &rows[_i];
	bool whole = strchr(row->text, '|') == NULL;
	struct reader_outcome o;
	struct scan_dump d;
	struct scan *scan;
	struct heard h;
	size_t known;
	unsigned i;

	put_volumes(row->volumes, VOLUMES);
	for (i = 0; i < sizeof orders / sizeof *orders; i++) {
		scan = scan_in_order(orders[i]);
		scan_get_dump(scan, 0, &d);
		ck_assert_msg(d.split == row->split, "%s, %s: split %" PRIu64,
		    row->name, orders[i], d.split);
		o = read_dump(scan, &h, false);
		known = strcspn(row->text, "|");
		ck_assert_msg(strncmp(h.text, row->text, known) == 0 &&
			strspn(h.text + known, ".") == h.blocks - known,
		    "%s, %s: %s", row->name, orders[i], h.text);
		ck_assert_uint_eq(h.damaged, 0);
		ck_assert_msg((o.end == SPLITTER_READ_FAILED) == !whole,
		    "%s: %s", row->name, o.message);
		if (!whole)
			ck_assert_ptr_nonnull(strstr(o.message,
			    "two different streams"));
		/* Salvaged data is at its own offset, and is not proven. */
		o = read_dump(scan, &h, true);
		ck_assert_uint_eq(o.good_bytes + o.unproven_bytes +
			o.damaged_bytes + o.missing_bytes,
		    h.blocks * BLOCK);
		if (!whole)
			ck_assert_uint_eq(o.good_bytes, 4 * BLOCK);
		scan_free(scan);
	}
	/*
	 * If only the volumes of one stream are scanned, that stream is read.
	 */
	for (i = 1; i <= 2; i++) {
		scan = scan_in_order(i == 1 ? "01" : "02");
		o = read_dump(scan, &h, false);
		ck_assert_msg(!is_mixed(h.text) && h.damaged == 0, "%s: %s",
		    row->name, h.text);
		ck_assert_uint_eq(h.text[4], row->volumes[i].pieces[0].stream);
		ck_assert_int_ne(o.end, SPLITTER_READ_FAILED);
		scan_free(scan);
	}
}
END_TEST

START_TEST(parts_unknown_to_a_resumed_writer_are_not_proven_by_it)
{
	/*
	 * The header of part 5 of stream "a" proves a part 4 that stream "b"
	 * does not have.
	 */
	static const struct written volumes[] = {
		COMMON,
		BEHIND(NULL, { 'a', 1, 2 }, { 'a', 1, 2 }, { 'a', 1, 2 }),
		BEHIND(NULL, { 'b', 2, 3 }, { 'b', 2, 1 }),
	};
	struct scan_part part;
	struct scan *scan;

	put_volumes(volumes, VOLUMES);
	scan = scan_in_order("012");
	scan_get_part(scan, 0, 3, &part);
	ck_assert(part.proven);
	ck_assert_uint_eq(part.attempt, 2);
	ck_assert_uint_eq(part.bytes, 3 * BLOCK);
	scan_get_part(scan, 0, 4, &part);
	ck_assert(!part.proven && part.present);
	ck_assert_uint_eq(part.attempt, 2);
	ck_assert_uint_eq(part.offset_bytes, 7 * BLOCK);
	ck_assert_uint_eq(scan_next_part(scan, 0, 5), 0);
	scan_free(scan);
}
END_TEST

START_TEST(numbers_of_attempts_are_known_for_all_parts)
{
	static const struct written volumes[] = {
		COMMON,
		BEHIND(NULL, { 'a', 3, 2 }, { 'a', 9, 2 }, { 'a', 5, 2 }),
		BEHIND(NULL, { 'b', 3, 2 }, { 'b', 1, 2 }),
	};
	struct scan_attempts attempts;
	struct parts *table;
	struct scan *scan;

	put_volumes(volumes, VOLUMES);
	scan = scan_in_order("012");
	table = scan_table(scan, 0, &attempts);
	ck_assert_uint_eq(parts_count(table), 2);
	ck_assert_uint_eq(attempts.next, 3);
	ck_assert_uint_eq(attempts.later, 9);
	parts_free(table);
	scan_free(scan);
}
END_TEST

START_TEST(a_part_that_begins_too_early_does_not_move_later_bytes)
{
	/*
	 * Expected: each byte is read at its own offset. Bug: a part that began
	 * before the end of the part before was read in full, and later bytes
	 * came too late.
	 */
	static const struct written volumes[] = {
		{ 1, { 0, 0, 0 }, 0, { { 'a', 1, 3 }, { 'b', 1, 3 } }, NULL },
		/* Its header does not prove the part before. */
		{ 3, { 0, 0, 0 }, 2, { { 'c', 1, 6 }, { 'd', 1, 1 } }, NULL },
	};
	struct reader_outcome o;
	struct scan *scan;
	struct heard h;

	put_volumes(volumes, 2);
	scan = scan_in_order("01");
	o = read_dump(scan, &h, true);
	ck_assert_str_eq(h.text, "aaabbbccd");
	ck_assert_int_eq(o.end, SPLITTER_READ_PARTIAL);
	ck_assert(o.lost);
	scan_free(scan);
}
END_TEST

START_TEST(a_file_with_another_offset_than_its_part_is_not_read)
{
	/*
	 * The end record names the file, but the file's header has another
	 * offset.
	 */
	static const struct written volumes[] = {
		COMMON,
		{ 3, { 'a', 1, 2 }, 5, { { 'b', 1, 2 } }, "DONE" },
	};
	struct reader_outcome o;
	struct scan *scan;
	struct heard h;

	put_volumes(volumes, 2);
	scan = scan_in_order("01");
	o = read_dump(scan, &h, false);
	ck_assert_int_eq(o.end, SPLITTER_READ_FAILED);
	ck_assert_str_eq(h.text, "aaaa..");
	scan_free(scan);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("two streams");
	TCase *tc = tcase_create("two streams");

	tcase_add_checked_fixture(tc, NULL, teardown);
	tcase_add_loop_test(tc, two_streams_are_distinguished_or_not_read, 0,
	    sizeof rows / sizeof *rows);
	tcase_add_test(tc,
	    parts_unknown_to_a_resumed_writer_are_not_proven_by_it);
	tcase_add_test(tc, numbers_of_attempts_are_known_for_all_parts);
	tcase_add_test(tc,
	    a_part_that_begins_too_early_does_not_move_later_bytes);
	tcase_add_test(tc,
	    a_file_with_another_offset_than_its_part_is_not_read);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
