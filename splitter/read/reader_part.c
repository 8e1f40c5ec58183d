/* reader_part.c: reads one part of a dump, and judges it. */
#include "splitter/read/reader_impl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/tape/result.h"
#include "splitter/tape/retry_read.h"

/* The state of reading one part. */
struct reading {
	struct scan_part part;
	uint64_t done;    /* bytes of the part so far, gaps included */
	uint64_t missing; /* bytes in gaps, of `done` */
	uint64_t overlap; /* bytes at the beginning that are not passed on */
	uint64_t passed;  /* bytes of the overlap skipped so far */
	uint64_t blocks;  /* blocks of the file that were read */
	unsigned tried_again; /* number of blocks that were read again */
	bool ended;           /* the file has ended */
	bool broken;          /* the rest of the file cannot be read */
	uint64_t run_begun;   /* offset in the dump after the last gap */
};

/*
 * The maximum number of blocks of a part that are read again.  Each retry reads
 * the file again from its beginning.
 */
enum { AGAIN_MAX = 8 };

void reader_report_gap(struct reader *r, const struct scan_part *part,
    enum splitter_gap_kind kind, uint64_t offset, uint64_t bytes,
    const char *format, ...)
{
	struct reader_gap gap = { .kind = kind,
		.offset_bytes = offset,
		.bytes = bytes,
		.part = part->part,
		.volume = part->volume };
	char why[TAPE_MESSAGE_BYTES];
	va_list ap;

	va_start(ap, format);
	sentence_v(why, sizeof why, format, ap);
	va_end(ap);
	gap.why = why;
	if (kind == SPLITTER_GAP_MISSING && bytes != UINT64_MAX)
		r->outcome->missing_bytes += bytes;
	else if (kind == SPLITTER_GAP_MISSING)
		r->outcome->open_end = true;
	if (kind == SPLITTER_GAP_DAMAGED)
		r->outcome->damaged_bytes += bytes;
	if (kind == SPLITTER_GAP_UNPROVEN)
		r->outcome->unproven_bytes += bytes;
	/* A message about a loss replaces one about unproven bytes. */
	if (r->outcome->message[0] == '\0' ||
	    (r->message_is_unproven && kind != SPLITTER_GAP_UNPROVEN)) {
		sentence(r->outcome->message, sizeof r->outcome->message,
		    "part %" PRIu64 ": %s", part->part, why);
		r->message_is_unproven = kind == SPLITTER_GAP_UNPROVEN;
	}
	if (r->config->gap != NULL)
		r->config->gap(r->config->arg, &gap);
	if (kind == SPLITTER_GAP_UNPROVEN)
		return;
	r->outcome->lost = true;
	r->given_up |= !r->config->salvage;
	r->whole_known = false;
}

/* Returns whether `bytes` more may be missing within the limit. */
static bool may_be_missing(struct reader *r, uint64_t bytes)
{
	uint64_t most = r->config->missing_max_bytes;

	/* UINT64_MAX stands for an unknown end, so no dump ends there. */
	if (bytes < UINT64_MAX - r->offset &&
	    (most == 0 ||
		(r->outcome->missing_bytes <= most &&
		    bytes <= most - r->outcome->missing_bytes)))
		return true;
	r->outcome->over_limit = true;
	return false;
}

/*
 * Advances in the part.  Returns how many of these bytes are dropped, because
 * the part before has already covered their offsets.
 */
static uint64_t drop_overlap(struct reading *p, uint64_t bytes)
{
	uint64_t left = p->overlap - p->passed;
	uint64_t n = bytes < left ? bytes : left;

	p->done += bytes;
	p->passed += n;
	return n;
}

/* Reports as unproven what was passed on of the part since its last gap. */
static void report_unproven(struct reader *r, struct reading *p,
    const char *why)
{
	if (r->offset > p->run_begun)
		reader_report_gap(r, &p->part, SPLITTER_GAP_UNPROVEN,
		    p->run_begun, r->offset - p->run_begun, "%s", why);
	p->run_begun = r->offset;
}

static const char no_sum[] =
    "its part cannot be verified, because other bytes of the "
    "part are missing";

/*
 * Reports `bytes` of the part, which cannot be read, as a gap, and skips them.
 */
static void skip_missing(struct reader *r, struct reading *p, uint64_t bytes,
    const char *why)
{
	bytes -= drop_overlap(p, bytes);
	if (bytes == 0)
		return;
	p->missing += bytes;
	report_unproven(r, p, no_sum);
	if (!may_be_missing(r, bytes)) {
		reader_report_gap(r, &p->part, SPLITTER_GAP_MISSING, r->offset,
		    UINT64_MAX,
		    "%s; headers claim %" PRIu64
		    " more bytes, which is implausible",
		    why, bytes);
		return;
	}
	reader_report_gap(r, &p->part, SPLITTER_GAP_MISSING, r->offset, bytes,
	    "%s", why);
	r->offset += bytes;
	p->run_begun = r->offset;
}

void reader_unload(struct reader *r)
{
	cursor_unload(&r->c, r->config->library);
}

/*
 * Asks the caller about a volume that could not be loaded.  Returns whether to
 * try again.
 */
static bool may_retry(struct reader *r, const char *barcode)
{
	const struct reader_config *k = r->config;
	enum splitter_missing_decision answer = SPLITTER_MISSING_SKIP;

	if (k->volume_missing != NULL)
		answer = k->volume_missing(k->arg, barcode,
		    tape_result_text(&r->c.result));
	r->outcome->later = answer == SPLITTER_MISSING_LATER;
	r->given_up |= r->outcome->later;
	return answer == SPLITTER_MISSING_RETRY;
}

static bool load(struct reader *r, const char *barcode)
{
	if (r->c.tape != NULL && strcmp(r->barcode, barcode) == 0)
		return true;
	reader_unload(r);
	snprintf(r->barcode, sizeof r->barcode, "%s", barcode);
	while (!cursor_load(&r->c, r->config->library, barcode))
		if (!may_retry(r, barcode))
			return false;
	return true;
}

/*
 * Moves the tape to the data of the part.  Returns false with the reason in
 * `why`. A file with another offset is not the part; but with salvage, the
 * checksum decides.
 */
static bool find_part(struct reader *r, const struct scan_part *part, char *why,
    size_t why_bytes)
{
	struct header h;

	if (part->volume[0] == '\0' || part->file == 0) {
		snprintf(why, why_bytes, "no volume that was scanned has it");
		return false;
	}
	if (!load(r, part->volume)) {
		sentence(why, why_bytes, "volume %s cannot be loaded: %s",
		    part->volume, tape_result_text(&r->c.result));
		return false;
	}
	if (!cursor_locate(&r->c, part->file) || !cursor_read(&r->c)) {
		sentence(why, why_bytes, "volume %s, file %" PRIu64 ": %s",
		    part->volume, part->file, tape_result_text(&r->c.result));
		return false;
	}
	if (r->c.got.has_data &&
	    header_parse(r->c.block, r->c.got.bytes, &h, why, why_bytes) == 0 &&
	    h.type == HEADER_PART && h.dump_id == r->dump.id &&
	    h.part == part->part && h.attempt == part->attempt &&
	    (h.offset_bytes == part->offset_bytes || !part->offset_known ||
		r->config->salvage))
		return true;
	snprintf(why, why_bytes,
	    "volume %s, file %" PRIu64 ": the file now holds something else",
	    part->volume, part->file);
	return false;
}

/* Passes on those bytes of a block that belong to the part. */
static void pass_on(struct reader *r, struct reading *p)
{
	uint64_t n = r->c.got.bytes, passed;

	if (p->part.bytes_known && n > p->part.bytes - p->done)
		n = p->part.bytes - p->done;
	if (!r->c.got.has_data) {
		skip_missing(r, p, n,
		    "the volume stores no data: its payload is none");
		return;
	}
	sum_add(r->sum, r->c.block, n);
	if (r->whole_known)
		sum_add(r->whole, r->c.block, n);
	passed = drop_overlap(p, n);
	r->offset += n - passed;
	r->given_up |= n > passed &&
	    !r->config->data(r->config->arg, r->c.block + passed, n - passed);
}

/*
 * Handles a block that could not be read.  If the tape has moved past the
 * block, the rest of the part may be readable; otherwise that rest is lost.
 */
static void pass_block(struct reader *r, struct reading *p, uint64_t before)
{
	struct tape_position at;
	uint64_t left =
	    p->part.bytes_known ? p->part.bytes - p->done : UINT64_MAX;
	char why[TAPE_MESSAGE_BYTES];

	sentence(why, sizeof why, "%s", tape_result_text(&r->c.result));
	at = cursor_position(&r->c);
	if (result_is_bad_block(&r->c.result) &&
	    before != TAPE_POSITION_UNKNOWN && at.object == before + 1 &&
	    left != UINT64_MAX) {
		skip_missing(r, p,
		    left < r->dump.block_bytes ? left : r->dump.block_bytes,
		    why);
		return;
	}
	p->ended = true;
	if (left != UINT64_MAX) {
		skip_missing(r, p, left, why);
		return;
	}
	p->broken = true;
	report_unproven(r, p, no_sum);
	reader_report_gap(r, &p->part, SPLITTER_GAP_MISSING, r->offset,
	    UINT64_MAX, "%s", why);
}

/* Reads the next block of the part's file. */
static void read_next(struct reader *r, struct reading *p)
{
	cursor_read(&r->c);
	if (result_is_bad_block(&r->c.result) && p->tried_again < AGAIN_MAX) {
		p->tried_again++;
		retry_read(&r->c, p->part.file, p->blocks);
	}
	p->blocks++;
}

static void read_data(struct reader *r, struct reading *p)
{
	struct tape_position at;

	while (!r->given_up && !p->ended &&
	    (!p->part.bytes_known || p->done < p->part.bytes)) {
		at = cursor_position(&r->c);
		read_next(r, p);
		if (r->c.result.cause == TAPE_OK)
			pass_on(r, p);
		else if (r->c.result.cause == TAPE_FILEMARK ||
		    result_is_end(&r->c.result))
			p->ended = true;
		else
			pass_block(r, p, at.object);
	}
	if (p->part.bytes_known && p->ended && p->done < p->part.bytes)
		skip_missing(r, p, p->part.bytes - p->done,
		    "the file ends too early");
}

/*
 * Returns whether this is the last known part of a dump without an end record.
 * Nothing can prove such a part, so an unproven one is no loss.
 */
static bool is_tail(const struct reader *r, const struct scan_part *part)
{
	return !r->outcome->end_known && part->present && !part->proven &&
	    !part->split &&
	    scan_next_part(r->config->scan, r->config->dump, part->part + 1) ==
	    0;
}

static const char two_streams[] =
    "the volumes hold two different streams with the id of "
    "this dump, and nothing says which of them is the dump: "
    "use the volumes of one of them only";

/* Compares the bytes that were read with the proof of the part. */
static void judge(struct reader *r, struct reading *p, uint64_t begun)
{
	uint64_t covered = p->done - p->passed; /* passed on, or in a gap */
	char sum[SUM_TEXT_BYTES], why[TAPE_MESSAGE_BYTES];

	sum_text(r->sum, sum);
	if (p->missing > 0 || p->broken) {
		report_unproven(r, p, p->part.split ? two_streams : no_sum);
	} else if (is_tail(r, &p->part)) {
		snprintf(why, sizeof why,
		    "there is no end record and no later part, so nothing says "
		    "whether this part is complete, or the last one; its "
		    "checksum is %s%s",
		    sum,
		    r->dump.fixed ? "; its last block may be padded with zeros"
				  : "");
		reader_report_gap(r, &p->part, SPLITTER_GAP_UNPROVEN, begun,
		    covered, "%s", why);
	} else if (!p->part.proven) {
		reader_report_gap(r, &p->part, SPLITTER_GAP_UNPROVEN, begun,
		    covered, "%s",
		    p->part.split
			? two_streams
			: "nothing on the volumes says that it is complete");
	} else if (p->part.xxh128[0] != '\0' &&
	    strcmp(sum, p->part.xxh128) != 0) {
		reader_report_gap(r, &p->part, SPLITTER_GAP_DAMAGED, begun,
		    covered, "its checksum is %s, expected %s", sum,
		    p->part.xxh128);
	} else {
		r->outcome->good_bytes += covered;
	}
}

/*
 * Returns whether the part begins where the part before it ended.  Reports a
 * gap or an overlap between them.  Returns false if the part begins implausibly
 * far away.
 */
static bool check_begin(struct reader *r, const struct scan_part *part)
{
	struct scan_part lost = { .part = r->next, .volume = "" };
	uint64_t gap = part->offset_bytes - r->offset;

	if (part->offset_bytes > r->offset && !may_be_missing(r, gap)) {
		reader_report_gap(r, part, SPLITTER_GAP_MISSING, r->offset,
		    UINT64_MAX,
		    "it is left out: its header claims that it begins at byte %" PRIu64
		    ", which is implausible",
		    part->offset_bytes);
		return false;
	}
	if (part->offset_bytes > r->offset) {
		reader_report_gap(r, &lost, SPLITTER_GAP_MISSING, r->offset,
		    gap, "no volume that was scanned knows it");
		r->offset += gap;
	} else if (part->offset_bytes < r->offset) {
		reader_report_gap(r, part, SPLITTER_GAP_DAMAGED,
		    part->offset_bytes, -gap,
		    "its header claims that it begins before the previous part "
		    "ends");
	}
	return true;
}

/*
 * Returns whether the part may be passed on.  If not, reports a gap.  An
 * incomplete last part ends the dump without a loss, because no safe bytes were
 * in that part.
 */
static bool may_read(struct reader *r, const struct scan_part *part)
{
	bool tail = is_tail(r, part);

	if (part->proven || r->config->salvage || (tail && part->ended))
		return true;
	reader_report_gap(r, part, SPLITTER_GAP_MISSING, r->offset,
	    part->bytes_known ? part->bytes : UINT64_MAX, "%s",
	    part->split ? two_streams
		: tail
		? "it is incomplete: no filemark follows"
		: "nothing on the volumes says that the part of it that is "
		  "there is complete");
	r->given_up = !tail;
	return false;
}

void reader_read_part(struct reader *r, uint64_t number)
{
	struct reading p = { .blocks = 1 }; /* the header was read */
	char why[TAPE_MESSAGE_BYTES];
	uint64_t begun;

	scan_get_part(r->config->scan, r->config->dump, number, &p.part);
	if (r->config->part != 0)
		r->offset = p.part.offset_bytes;
	else if (p.part.offset_known && !check_begin(r, &p.part))
		return;
	if (p.part.offset_known && p.part.offset_bytes < r->offset)
		p.overlap = r->offset - p.part.offset_bytes;
	if (r->given_up || !may_read(r, &p.part))
		return;
	if (r->config->begun != NULL)
		r->config->begun(r->config->arg, &p.part);
	begun = p.run_begun = r->offset;
	sum_reset(r->sum);
	if (!find_part(r, &p.part, why, sizeof why)) {
		if (p.part.bytes_known)
			skip_missing(r, &p, p.part.bytes, why);
		else
			reader_report_gap(r, &p.part, SPLITTER_GAP_MISSING,
			    r->offset, UINT64_MAX, "%s", why);
		return;
	}
	read_data(r, &p);
	if (!r->given_up || p.done == p.part.bytes)
		judge(r, &p, begun);
}
