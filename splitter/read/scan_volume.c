/* scan_volume.c: reads the headers and end records of a volume. */
#include "splitter/read/scan_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/format/end_record.h"
#include "splitter/format/first_block.h"
#include "splitter/tape/result.h"

/* The state of reading a volume. */
struct reading {
	struct scan *scan;
	struct cursor c;
	struct scan_kept_volume *volume;
	char barcode[TAPE_BARCODE_BYTES];
	struct header header; /* the header that was read last */
	char why[TAPE_MESSAGE_BYTES];
};

/*
 * Returns whether the scan must stop.  The result is then an error, as if the
 * tape had failed.
 */
static bool is_stopped(struct reading *r)
{
	const struct scan_watch *watch = &r->scan->watch;

	if (watch->stopped == NULL || !watch->stopped(watch->arg))
		return false;
	tape_result_init(&r->c.result, r->c.now_ns);
	r->c.result.cause = TAPE_UNKNOWN_ERROR;
	snprintf(r->c.result.message, sizeof r->c.result.message,
	    "the scan was stopped");
	return true;
}

static bool locate(struct reading *r, uint64_t file)
{
	return !is_stopped(r) && cursor_locate(&r->c, file);
}

/* Reads the next block.  If the block is not a header, r->why describes it. */
static enum first_block read_header(struct reading *r)
{
	if (!is_stopped(r))
		cursor_read(&r->c);
	r->why[0] = '\0';
	return first_block_judge(&r->c, &r->header, r->why, sizeof r->why);
}

static void add_label(struct reading *r)
{
	const struct header *h = &r->header;

	if (r->barcode[0] == '\0')
		strcpy(r->barcode, h->volume);
	strcpy(r->volume->barcode, r->barcode);
	strcpy(r->volume->label, h->volume);
	if (h->type != HEADER_SCRATCH)
		strcpy(r->volume->dump, h->dump);
	if (strcmp(h->volume, r->barcode) != 0)
		scan_add_note(r->scan, r->barcode, 0,
		    "its label says that it is volume %s", h->volume);
	r->volume->kind = h->type == HEADER_SCRATCH ? SPLITTER_VOLUME_SCRATCH
	    : h->type == HEADER_LABEL               ? SPLITTER_VOLUME_DUMPS
						    : SPLITTER_VOLUME_FOREIGN;
	if (r->volume->kind == SPLITTER_VOLUME_FOREIGN)
		strcpy(r->volume->why,
		    "it begins with a header that is not a label");
}

static void add_foreign(struct reading *r)
{
	r->volume->kind = SPLITTER_VOLUME_FOREIGN;
	/* A block that is too long to be read may be a tapelab block. */
	r->volume->complete = r->c.result.cause != TAPE_INVALID;
	sentence(r->volume->why, sizeof r->volume->why, "%s", r->why);
	scan_add_note(r->scan, r->barcode, 0, "it has no label of tapelab: %s",
	    r->why);
}

static void add_unreadable(struct reading *r)
{
	r->volume->kind = SPLITTER_VOLUME_UNREADABLE;
	r->volume->complete = false;
	r->volume->locked = result_is_locked(&r->c.result);
	sentence(r->volume->why, sizeof r->volume->why, "%s", r->why);
	scan_add_note(r->scan, r->barcode, 0, "its label cannot be read: %s",
	    r->why);
}

/*
 * The first block, which was read, is not a header.  Returns whether it was the
 * label: one block, then a filemark, then a part or end record that says that it
 * is file 1.  The search ends there: the first file of another program may be as
 * long as the tape.  If these blocks cannot be read, the scan of the volume is not
 * complete.
 */
static bool label_is_damaged(struct reading *r)
{
	const struct header *h = &r->header;
	enum first_block next;
	bool marked;

	if (r->c.result.cause != TAPE_OK)
		return false;
	next = read_header(r);
	marked = r->c.result.cause == TAPE_FILEMARK;
	if (marked)
		next = read_header(r);
	/* A block that cannot be read may be a header of tapelab. */
	r->volume->complete &= next != FIRST_BLOCK_UNREADABLE;
	return marked && next == FIRST_BLOCK_HEADER &&
	    (h->type == HEADER_PART || h->type == HEADER_END) && h->file == 1;
}

static void add_damaged(struct reading *r)
{
	if (r->barcode[0] == '\0')
		strcpy(r->barcode, r->header.volume);
	strcpy(r->volume->barcode, r->barcode);
	sentence(r->volume->why, sizeof r->volume->why,
	    "its label is damaged: the files after it are those of tapelab");
	scan_add_note(r->scan, r->barcode, 0, "%s", r->volume->why);
}

/*
 * Determines the kind of the volume from its first block.  Returns false if the
 * volume has no files to read.
 */
static bool read_label(struct reading *r, bool files)
{
	enum first_block first = FIRST_BLOCK_UNREADABLE;

	if (locate(r, 0))
		first = read_header(r);
	else
		first =
		    first_block_judge(&r->c, &r->header, r->why, sizeof r->why);
	r->volume->complete = true;
	switch (first) {
	case FIRST_BLOCK_HEADER:
		add_label(r);
		return r->volume->kind == SPLITTER_VOLUME_DUMPS;
	case FIRST_BLOCK_BLANK:
		r->volume->kind = SPLITTER_VOLUME_BLANK;
		return false;
	case FIRST_BLOCK_FOREIGN:
		add_foreign(r);
		if (!files || !label_is_damaged(r))
			return false;
		add_damaged(r);
		return true;
	case FIRST_BLOCK_UNREADABLE:
		break;
	}
	add_unreadable(r);
	/* The label cannot be read, but the files after it may be readable. */
	return true;
}

/* Adds the part of the header, and the header's claim about the part before. */
static void add_part(struct reading *r)
{
	const struct header *h = &r->header;
	struct scan_proof proof = { .part = h->part - 1,
		.attempt = h->before_attempt,
		.bytes = h->before_bytes,
		.offset_bytes = h->offset_bytes - h->before_bytes };

	scan_add_file(r->scan, h, r->barcode);
	if (h->part < 2 || h->before_attempt == 0 ||
	    h->before_bytes > h->offset_bytes)
		return;
	strcpy(proof.xxh128, h->before_xxh128);
	scan_add_proof(r->scan, h, &proof);
}

/*
 * Adds the rows of one block of an end record.  Returns false if a row is
 * malformed.
 */
static bool add_rows(struct reading *r, uint64_t *next, uint64_t *offset)
{
	struct part_row row;
	const char *at = NULL;
	int rc;

	while ((rc = end_record_row(r->c.block, r->c.got.bytes, &at, &row,
		    r->why, sizeof r->why)) == 1) {
		struct scan_proof proof = { .part = row.part,
			.attempt = row.attempt,
			.file = row.file,
			.rank = strcmp(r->header.outcome, "DONE") == 0
			    ? SCAN_RANK_DONE
			    : SCAN_RANK_END,
			.offset_bytes = row.offset_bytes,
			.bytes = row.bytes };

		if (row.part != *next || row.offset_bytes != *offset) {
			snprintf(r->why, sizeof r->why,
			    "the end record is damaged: row %" PRIu64
			    " is that of another part",
			    *next);
			return false;
		}
		strcpy(proof.xxh128, row.xxh128);
		strcpy(proof.volume, row.volume);
		scan_add_proof(r->scan, &r->header, &proof);
		*next += 1;
		*offset += row.bytes;
	}
	return rc == 0;
}

/*
 * Reads the rest of an end record whose first block was read.  Its rows count
 * even if some blocks are missing; but then the record does not end the dump.
 */
static void add_end(struct reading *r, uint64_t file)
{
	const struct header first = r->header;
	uint64_t record, next = 1, offset = 0;

	for (record = 1;; record++) {
		if (r->header.type != HEADER_END ||
		    r->header.record != record ||
		    r->header.dump_id != first.dump_id ||
		    r->header.records != first.records) {
			snprintf(r->why, sizeof r->why,
			    "block %" PRIu64
			    " of the end record is of another record",
			    record);
			break;
		}
		if (!add_rows(r, &next, &offset) || record == first.records ||
		    read_header(r) != FIRST_BLOCK_HEADER)
			break;
	}
	if (record == first.records && next == first.parts + 1 &&
	    offset == first.bytes && r->why[0] == '\0')
		scan_add_end(r->scan, &first);
	else
		scan_add_note(r->scan, r->barcode, file,
		    "the end record of dump %s is incomplete: %s", first.dump,
		    r->why[0] != '\0' ? r->why : "rows are missing");
	r->header = first;
}

/*
 * Reads the file at whose first block the tape is.  Returns false if the data
 * ends there.
 */
static bool read_file(struct reading *r, uint64_t file)
{
	const struct header *h = &r->header;

	if (read_header(r) != FIRST_BLOCK_HEADER) {
		if (result_is_end(&r->c.result))
			return false;
		r->volume->complete &= r->c.result.cause == TAPE_OK;
		scan_add_note(r->scan, r->barcode, file,
		    "it is not a file of tapelab: %s", r->why);
		scan_mark_unread(r->scan);
		r->header.type = HEADER_SCRATCH;
		return true;
	}
	if (h->type != HEADER_PART && h->type != HEADER_END) {
		scan_add_note(r->scan, r->barcode, file,
		    "it is a label in the middle of a volume");
		return true;
	}
	if (h->file != file || strcmp(h->volume, r->barcode) != 0)
		scan_add_note(r->scan, r->barcode, file,
		    "its header says that it is file %" PRIu64 " of volume %s",
		    h->file, h->volume);
	/* The place where the record was found overrides its own statement. */
	r->header.file = file;
	if (h->type == HEADER_PART)
		add_part(r);
	else
		add_end(r, file);
	return true;
}

/*
 * Determines the length of the file that begins at object `begun`. The next
 * file begins where that file ends.
 */
static void measure_file(struct reading *r, const struct header *h,
    uint64_t begun, bool next_is_there)
{
	struct tape_position at;
	bool ended;

	if (h->type != HEADER_PART && h->type != HEADER_END)
		return;
	at = cursor_position(&r->c);
	ended = next_is_there || at.file == h->file + 1;
	if (h->type == HEADER_PART)
		scan_measure_file(r->scan, h, r->barcode,
		    at.object == TAPE_POSITION_UNKNOWN ||
			    begun == TAPE_POSITION_UNKNOWN ||
			    at.object < begun + 1 + ended
			? TAPE_POSITION_UNKNOWN
			: at.object - begun - 1 - ended,
		    ended);
	if (!ended) {
		r->volume->unfinished = true;
		scan_add_note(r->scan, r->barcode, h->file,
		    "incomplete: no filemark follows it");
	}
}

static void read_files(struct reading *r)
{
	struct header before = { .type = HEADER_SCRATCH };
	uint64_t file, begun = TAPE_POSITION_UNKNOWN;
	bool there;

	for (file = 1; !r->scan->out_of_memory; file++) {
		there = locate(r, file);
		if (there || result_is_end(&r->c.result))
			measure_file(r, &before, begun, there);
		if (!there)
			break;
		begun = cursor_position(&r->c).object;
		/* Some drives can be positioned after the last filemark. */
		if (!read_file(r, file))
			break;
		before = r->header;
		r->volume->files = file;
	}
	if (there || result_is_end(&r->c.result))
		return;
	r->volume->complete = false;
	scan_add_note(r->scan, r->barcode, file, "it cannot be reached: %s",
	    tape_result_text(&r->c.result));
	scan_mark_unread(r->scan);
}

static void report_volume(const struct scan *scan)
{
	struct scan_volume volume;

	if (scan->out_of_memory || scan->watch.volume_done == NULL)
		return;
	scan_get_volume(scan, scan_volumes(scan) - 1, &volume);
	scan->watch.volume_done(scan->watch.arg, &volume);
}

static int read_volume(struct scan *scan, struct tape *tape, bool files,
    struct watch *watch, int64_t *now_ns)
{
	struct reading r = { .scan = scan,
		.c = { .tape = tape, .now_ns = *now_ns, .watch = watch } };
	struct tape_limits limits = { .worm = false };

	tape->ops->limits(tape, &limits);
	r.c.room_bytes = cursor_block_max_bytes(&r.c);
	r.c.block = malloc(r.c.room_bytes);
	/* A barcode that is not valid in a label is ignored. */
	if (header_barcode_valid(tape->barcode))
		strcpy(r.barcode, tape->barcode);
	if (r.c.block != NULL)
		r.volume = scan_add_volume(scan, r.barcode);
	scan->out_of_memory |= r.volume == NULL;
	if (r.volume != NULL) {
		r.volume->worm = limits.worm;
		if (read_label(&r, files) && files)
			read_files(&r);
	}
	free(r.c.block);
	*now_ns = r.c.now_ns;
	report_volume(scan);
	return scan->out_of_memory ? -1 : 0;
}

int scan_tape(struct scan *scan, struct tape *tape, int64_t *now_ns)
{
	return read_volume(scan, tape, true, NULL, now_ns);
}

int scan_label(struct scan *scan, struct tape *tape, int64_t *now_ns)
{
	return read_volume(scan, tape, false, NULL, now_ns);
}

/* Returns a cursor without a tape. */
static struct cursor begin(struct scan *scan)
{
	scan->remarks.warning = scan->watch.warning;
	scan->remarks.arg = scan->watch.arg;
	return (struct cursor){ .now_ns = scan->now_ns,
		.watch = scan->watch.warning != NULL ? &scan->remarks : NULL };
}

/*
 * Scans the volume that was loaded, and returns it to the library.  If loading
 * failed, enters the volume as NOT_SCANNED.
 */
static int scan_loaded(struct scan *scan, struct cursor *c,
    struct tape_library *library, const char *barcode)
{
	struct scan_load_failure failure = { .barcode = barcode };
	int rc;

	if (c->tape != NULL) {
		scan->failed_loads = 0;
		rc = read_volume(scan, c->tape, true, c->watch, &c->now_ns);
		cursor_unload(c, library);
		return rc;
	}
	scan->failed_loads++;
	failure.why = tape_result_text(&c->result);
	if (scan->watch.load_failed != NULL)
		scan->watch.load_failed(scan->watch.arg, &failure);
	return scan_not_scanned(scan,
	    barcode[0] != '\0' ? barcode : failure.volume, failure.in_use,
	    failure.why);
}

int scan_named(struct scan *scan, struct tape_library *library,
    const char *barcode)
{
	struct cursor c = begin(scan);
	int rc;

	if (scan->failed_loads >= SPLITTER_FAILED_LOADS_MAX)
		return scan_not_scanned(scan, barcode, false,
		    "too many volumes in a row could not be loaded");
	cursor_load(&c, library, barcode);
	rc = scan_loaded(scan, &c, library, barcode);
	scan->now_ns = c.now_ns;
	return rc;
}

static bool may_load_more(const struct scan *scan)
{
	const struct scan_watch *watch = &scan->watch;

	return scan->failed_loads < SPLITTER_FAILED_LOADS_MAX &&
	    (watch->stopped == NULL || !watch->stopped(watch->arg));
}

int scan_library(struct scan *scan, struct tape_library *library, char *end,
    size_t end_bytes)
{
	struct cursor c = begin(scan);
	int rc = 0;

	snprintf(end, end_bytes, "%s", "");
	scan->failed_loads = 0;
	while (rc == 0 && may_load_more(scan)) {
		cursor_load_next(&c, library);
		if (c.tape == NULL && c.result.cause == TAPE_NO_VOLUME) {
			sentence(end, end_bytes, "%s",
			    tape_result_text(&c.result));
			break;
		}
		rc = scan_loaded(scan, &c, library, "");
	}
	scan->now_ns = c.now_ns;
	scan->failed_loads = 0;
	return rc;
}
