/* scan_look.c: reads the headers and end records of a volume. */
#include "splitter/read/scan_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tape/answer.h"
#include "splitter/format/foreign.h"
#include "splitter/format/end_record.h"
#include "splitter/base/sentence.h"

struct look {
	struct scan *scan;
	struct tape *tape;
	struct scan_kept_volume *volume;
	char barcode[TAPE_BARCODE_BYTES];
	char *block;
	uint64_t room;
	int64_t now_ns;
	struct tape_result answer;
	struct tape_block got;
	struct header header;
	char why[TAPE_MESSAGE_BYTES];
};

/* The answer says so, as if the tape had. */
static bool is_stopped(struct look *l)
{
	const struct scan *scan = l->scan;

	if (scan->stopped == NULL || !scan->stopped(scan->stopped_arg))
		return false;
	tape_result_init(&l->answer, l->now_ns);
	l->answer.cause = TAPE_UNKNOWN;
	snprintf(l->answer.message, sizeof l->answer.message,
	    "the look at "
	    "it was ended");
	return true;
}

static bool locate(struct look *l, uint64_t file)
{
	if (is_stopped(l))
		return false;
	l->tape->ops->locate(l->tape, file, l->now_ns, &l->answer);
	l->now_ns = l->answer.done_ns;
	return l->answer.cause == TAPE_OK;
}

/* The next block, if it is a header; `why` says why not where it is none. */
static bool read_header(struct look *l)
{
	l->why[0] = '\0';
	if (!is_stopped(l)) {
		l->tape->ops->read(l->tape, l->block, l->room, &l->got,
		    l->now_ns, &l->answer);
		l->now_ns = l->answer.done_ns;
	}
	if (l->answer.cause != TAPE_OK) {
		snprintf(l->why, sizeof l->why, "%s",
		    tape_result_text(&l->answer));
		return false;
	}
	if (!l->got.has_data) {
		snprintf(l->why, sizeof l->why, "it begins with data");
		return false;
	}
	if (header_parse(l->block, l->got.bytes, &l->header, l->why,
		sizeof l->why) == 0)
		return true;
	foreign_say(l->block, l->got.bytes, l->why, sizeof l->why);
	return false;
}

/* The label, whatever volume it is of. */
static void note_label(struct look *l)
{
	const struct header *h = &l->header;

	if (l->barcode[0] == '\0')
		strcpy(l->barcode, h->volume);
	strcpy(l->volume->barcode, l->barcode);
	strcpy(l->volume->label, h->volume);
	if (h->type != HEADER_SCRATCH)
		strcpy(l->volume->dump, h->dump);
	if (strcmp(h->volume, l->barcode) != 0)
		scan_add_note(l->scan, l->barcode, 0,
		    "its label says that it "
		    "is volume %s",
		    h->volume);
	l->volume->kind = h->type == HEADER_SCRATCH ? SCAN_SCRATCH
	    : h->type == HEADER_LABEL               ? SCAN_DUMPS
						    : SCAN_FOREIGN;
	if (l->volume->kind == SCAN_FOREIGN)
		strcpy(l->volume->why,
		    "it begins with a header that is no "
		    "label");
}

/* What the volume is, by its first block; false where nothing more is read. */
static bool look_at_label(struct look *l)
{
	bool header = locate(l, 0) && read_header(l);

	l->volume->complete = true;
	switch (answer_first(&l->answer, header)) {
	case ANSWER_HEADER:
		note_label(l);
		return l->volume->kind == SCAN_DUMPS;
	case ANSWER_BLANK:
		l->volume->kind = SCAN_BLANK;
		return false;
	case ANSWER_FOREIGN:
		l->volume->kind = SCAN_FOREIGN;
		/* A block that was not read may be one of tapelab's. */
		l->volume->complete = l->answer.cause != TAPE_INVALID;
		sentence(l->volume->why, sizeof l->volume->why, "%s", l->why);
		scan_add_note(l->scan, l->barcode, 0,
		    "it has no label of "
		    "tapelab: %s",
		    l->why);
		return false;
	case ANSWER_UNREADABLE:
		break;
	}
	l->volume->kind = SCAN_UNREADABLE;
	l->volume->complete = false;
	l->volume->locked = l->answer.cause == TAPE_PROTECTED ||
	    (l->answer.sense.valid && l->answer.sense.asc == 0x74);
	sentence(l->volume->why, sizeof l->volume->why, "%s",
	    tape_result_text(&l->answer));
	scan_add_note(l->scan, l->barcode, 0,
	    "its label cannot be read: "
	    "%s",
	    tape_result_text(&l->answer));
	/* What is behind it may be readable all the same. */
	return true;
}

/* What the header of a part proves of the part before. */
static void note_part(struct look *l)
{
	const struct header *h = &l->header;
	struct scan_proof proof = { .part = h->part - 1,
		.attempt = h->before_attempt,
		.bytes = h->before_bytes,
		.offset_bytes = h->offset_bytes - h->before_bytes };

	scan_add_file(l->scan, h, l->barcode);
	if (h->part < 2 || h->before_attempt == 0 ||
	    h->before_bytes > h->offset_bytes)
		return;
	strcpy(proof.xxh128, h->before_xxh128);
	scan_add_proof(l->scan, h, &proof);
}

/* The rows of the block of an end record; false if one is malformed. */
static bool note_rows(struct look *l, uint64_t *next, uint64_t *offset)
{
	struct part_row row;
	const char *at = NULL;
	int rc;

	while ((rc = end_record_row(l->block, l->got.bytes, &at, &row, l->why,
		    sizeof l->why)) == 1) {
		struct scan_proof proof = { .part = row.part,
			.attempt = row.attempt,
			.file = row.file,
			.rank = strcmp(l->header.outcome, "DONE") == 0
			    ? SCAN_RANK_DONE
			    : SCAN_RANK_END,
			.offset_bytes = row.offset_bytes,
			.bytes = row.bytes };

		if (row.part != *next || row.offset_bytes != *offset) {
			snprintf(l->why, sizeof l->why,
			    "the end record is "
			    "damaged: row %" PRIu64 " of it is that of "
			    "another part",
			    *next);
			return false;
		}
		strcpy(proof.xxh128, row.xxh128);
		strcpy(proof.volume, row.volume);
		scan_add_proof(l->scan, &l->header, &proof);
		*next += 1;
		*offset += row.bytes;
	}
	return rc == 0;
}

/*
 * The rest of an end record, whose first block was read.  What its rows say is
 * good also where blocks are missing; but then it is no end.
 */
static void note_end(struct look *l, uint64_t file)
{
	const struct header first = l->header;
	uint64_t record, next = 1, offset = 0;

	for (record = 1;; record++) {
		if (l->header.type != HEADER_END ||
		    l->header.record != record ||
		    l->header.dump_id != first.dump_id ||
		    l->header.records != first.records) {
			snprintf(l->why, sizeof l->why,
			    "block %" PRIu64 " of the end record is another",
			    record);
			break;
		}
		if (!note_rows(l, &next, &offset) || record == first.records ||
		    !read_header(l))
			break;
	}
	if (record == first.records && next == first.parts + 1 &&
	    offset == first.bytes && l->why[0] == '\0')
		scan_add_end(l->scan, &first);
	else
		scan_add_note(l->scan, l->barcode, file,
		    "the end record of "
		    "dump %s is not whole: %s",
		    first.dump,
		    l->why[0] != '\0' ? l->why : "rows are missing");
	l->header = first;
}

/* One file whose first block stands next; false where there is none. */
static bool look_at_file(struct look *l, uint64_t file)
{
	const struct header *h = &l->header;

	if (!read_header(l)) {
		if (answer_is_end(&l->answer))
			return false;
		l->volume->complete &= l->answer.cause == TAPE_OK;
		scan_add_note(l->scan, l->barcode, file,
		    "it is no file of "
		    "tapelab: %s",
		    l->why);
		scan_mark_unread(l->scan);
		l->header.type = HEADER_SCRATCH;
		return true;
	}
	if (h->type != HEADER_PART && h->type != HEADER_END) {
		scan_add_note(l->scan, l->barcode, file,
		    "a label in the "
		    "middle of a volume");
		return true;
	}
	if (h->file != file || strcmp(h->volume, l->barcode) != 0)
		scan_add_note(l->scan, l->barcode, file,
		    "its header says that "
		    "it is file %" PRIu64 " of volume %s",
		    h->file, h->volume);
	/* It is found where it is. */
	l->header.file = file;
	if (h->type == HEADER_PART)
		note_part(l);
	else
		note_end(l, file);
	return true;
}

/* How long the file is that began at object `begun`, by where the next is. */
static void measure_file(struct look *l, const struct header *h, uint64_t begun,
    bool next_is_there)
{
	struct tape_position at;
	bool ended;

	if (h->type != HEADER_PART && h->type != HEADER_END)
		return;
	l->tape->ops->position(l->tape, &at);
	ended = next_is_there || at.file == h->file + 1;
	if (h->type == HEADER_PART)
		scan_measure_file(l->scan, h, l->barcode,
		    at.object == TAPE_POSITION_UNKNOWN ||
			    begun == TAPE_POSITION_UNKNOWN ||
			    at.object < begun + 1 + ended
			? TAPE_POSITION_UNKNOWN
			: at.object - begun - 1 - ended,
		    ended);
	if (!ended) {
		l->volume->unfinished = true;
		scan_add_note(l->scan, l->barcode, h->file,
		    "no filemark is "
		    "behind it: nobody finished it");
	}
}

static void look_at_files(struct look *l)
{
	struct header before = { .type = HEADER_SCRATCH };
	struct tape_position at = { .object = TAPE_POSITION_UNKNOWN };
	uint64_t file, begun = TAPE_POSITION_UNKNOWN;
	bool there;

	for (file = 1; !l->scan->out_of_memory; file++) {
		there = locate(l, file);
		if (there || answer_is_end(&l->answer))
			measure_file(l, &before, begun, there);
		if (!there)
			break;
		l->tape->ops->position(l->tape, &at);
		begun = at.object;
		/* Some drives let one stand behind the last filemark. */
		if (!look_at_file(l, file))
			break;
		before = l->header;
		l->volume->files = file;
	}
	if (there || answer_is_end(&l->answer))
		return;
	l->volume->complete = false;
	scan_add_note(l->scan, l->barcode, file,
	    "it cannot be reached: "
	    "%s",
	    tape_result_text(&l->answer));
	scan_mark_unread(l->scan);
}

void scan_stop(struct scan *scan, bool (*stopped)(void *arg), void *arg)
{
	scan->stopped = stopped;
	scan->stopped_arg = arg;
}

static int look(struct scan *scan, struct tape *tape, bool files,
    int64_t *now_ns)
{
	struct look l = { .scan = scan, .tape = tape, .now_ns = *now_ns };
	struct tape_limits limits = { .worm = false };

	tape->ops->limits(tape, &limits);
	l.room = limits.block_max_bytes < TAPE_BLOCK_MAX_BYTES
	    ? limits.block_max_bytes
	    : TAPE_BLOCK_MAX_BYTES;
	l.block = malloc(l.room);
	/* A barcode that no label can have is as good as none. */
	if (header_barcode_ok(tape->barcode))
		strcpy(l.barcode, tape->barcode);
	l.volume = l.block == NULL ? NULL : scan_add_volume(scan, l.barcode);
	scan->out_of_memory |= l.volume == NULL;
	if (l.volume != NULL) {
		l.volume->worm = limits.worm;
		if (look_at_label(&l) && files)
			look_at_files(&l);
	}
	free(l.block);
	*now_ns = l.now_ns;
	return scan->out_of_memory ? -1 : 0;
}

int scan_look(struct scan *scan, struct tape *tape, int64_t *now_ns)
{
	return look(scan, tape, true, now_ns);
}

int scan_look_at_label(struct scan *scan, struct tape *tape, int64_t *now_ns)
{
	return look(scan, tape, false, now_ns);
}

int scan_library(struct scan *scan, struct tape_library *library,
    struct scan_watch *watch)
{
	struct scan_watch nobody = { .arg = NULL };
	struct scan_watch *w = watch != NULL ? watch : &nobody;
	struct tape_result answer;
	struct scan_volume volume;
	struct tape *tape;
	int64_t now_ns = 0;
	const char *barcode;
	int failed = 0;
	bool more = true, in_use = false;

	w->end[0] = '\0';
	while (more && failed < SCAN_LOADS_FAILED_MAX && !scan->out_of_memory) {
		tape = library->ops->load(library, now_ns, &answer);
		now_ns = answer.done_ns;
		if (tape == NULL && answer.cause == TAPE_NO_VOLUME) {
			snprintf(w->end, sizeof w->end, "%s",
			    tape_result_text(&answer));
			break;
		}
		if (tape == NULL) {
			barcode =
			    w->missed == NULL ? "" : w->missed(w->arg, &in_use);
			scan_miss(scan, barcode, in_use,
			    tape_result_text(&answer));
			failed++;
			continue;
		}
		failed = 0;
		scan_look(scan, tape, &now_ns);
		library->ops->unload(library, tape, TAPE_CLOSE_REFUSED, now_ns,
		    &answer);
		if (scan->out_of_memory)
			return -1;
		scan_get_volume(scan, scan_volumes(scan) - 1, &volume);
		more = w->each == NULL || w->each(w->arg, &volume);
	}
	return scan->out_of_memory ? -1 : 0;
}
