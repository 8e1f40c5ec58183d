/* reader_part.c: reads one part of a dump, and judges it. */
#include "splitter/read/reader_impl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/tape/result.h"
#include "splitter/tape/retry_read.h"

/* A part that is being read. */
struct reading {
	struct scan_part part;
	uint64_t done;        /* of its bytes, and gaps in them */
	uint64_t missing;     /* of these */
	uint64_t overlap;     /* at its beginning: not handed on */
	uint64_t passed;      /* of these, so far */
	uint64_t blocks;      /* of the file, that were passed */
	unsigned tried_again; /* so many of these */
	bool ended;           /* the file has ended */
	bool broken;          /* before an end that is not known */
	uint64_t run_begun;   /* since its last gap, in the dump */
};

/*
 * Of a part, so many blocks are tried again at most: each takes as long as to
 * read all that is before it in the file.
 */
enum { AGAIN_MAX = 8 };

void reader_tell_gap(struct reader *r, const struct scan_part *part,
    enum reader_gap_kind kind, uint64_t offset, uint64_t bytes,
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
	if (kind == READER_MISSING && bytes != UINT64_MAX)
		r->outcome->missing_bytes += bytes;
	else if (kind == READER_MISSING)
		r->outcome->open_end = true;
	if (kind == READER_DAMAGED)
		r->outcome->damaged_bytes += bytes;
	if (kind == READER_UNPROVEN)
		r->outcome->unproven_bytes += bytes;
	/* What is lost says more than what is only not proven. */
	if (r->outcome->message[0] == '\0' ||
	    (r->message_unproven && kind != READER_UNPROVEN)) {
		sentence(r->outcome->message, sizeof r->outcome->message,
		    "part %" PRIu64 ": %s", part->part, why);
		r->message_unproven = kind == READER_UNPROVEN;
	}
	if (r->config->gap != NULL)
		r->config->gap(r->config->arg, &gap);
	if (kind == READER_UNPROVEN)
		return;
	r->outcome->lost = true;
	r->given_up |= !r->config->salvage;
	r->whole_known = false;
}

/* Whether so much more is taken to be missing. */
static bool may_miss(struct reader *r, uint64_t bytes)
{
	uint64_t most = r->config->missing_max_bytes;

	/* No dump ends where UINT64_MAX is: that is an end not known. */
	if (bytes < UINT64_MAX - r->offset &&
	    (most == 0 ||
		(r->outcome->missing_bytes <= most &&
		    bytes <= most - r->outcome->missing_bytes)))
		return true;
	r->outcome->over_limit = true;
	return false;
}

/*
 * The next bytes of the part: how many of them have no place in the dump any
 * more, because the part before reached as far.
 */
static uint64_t pass_overlap(struct reading *p, uint64_t bytes)
{
	uint64_t left = p->overlap - p->passed;
	uint64_t n = bytes < left ? bytes : left;

	p->done += bytes;
	p->passed += n;
	return n;
}

/* What was handed on of the part since its last gap: nothing proves it. */
static void doubt(struct reader *r, struct reading *p, const char *why)
{
	if (r->offset > p->run_begun)
		reader_tell_gap(r, &p->part, READER_UNPROVEN, p->run_begun,
		    r->offset - p->run_begun, "%s", why);
	p->run_begun = r->offset;
}

static const char no_sum[] = "the checksum of its part cannot be compared, "
			     "because other bytes of the part are missing";

/* Bytes of the part that cannot be had: a gap, and their place is passed. */
static void miss(struct reader *r, struct reading *p, uint64_t bytes,
    const char *why)
{
	bytes -= pass_overlap(p, bytes);
	if (bytes == 0)
		return;
	p->missing += bytes;
	doubt(r, p, no_sum);
	if (!may_miss(r, bytes)) {
		reader_tell_gap(r, &p->part, READER_MISSING, r->offset,
		    UINT64_MAX,
		    "%s; it is said to have %" PRIu64 " bytes "
		    "more, which is not believed",
		    why, bytes);
		return;
	}
	reader_tell_gap(r, &p->part, READER_MISSING, r->offset, bytes, "%s",
	    why);
	r->offset += bytes;
	p->run_begun = r->offset;
}

void reader_unload(struct reader *r)
{
	cursor_unload(&r->c, r->config->library);
}

/* A volume could not be loaded: whether the caller says to try it again. */
static bool may_retry(struct reader *r, const char *barcode)
{
	const struct reader_config *k = r->config;
	enum reader_volume answer = READER_VOLUME_MISSING;

	if (k->volume_missing != NULL)
		answer = k->volume_missing(k->arg, barcode,
		    tape_result_text(&r->c.result));
	r->outcome->later = answer == READER_VOLUME_LATER;
	r->given_up |= r->outcome->later;
	return answer == READER_VOLUME_RETRY;
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
 * Goes to the data of the part; false with the reason in `why`.  What is at
 * another offset is no part of the dump; but where everything is wanted that
 * can be had, its checksum tells.
 */
static bool find_part(struct reader *r, const struct scan_part *part, char *why,
    size_t why_bytes)
{
	struct header h;

	if (part->volume[0] == '\0' || part->file == 0) {
		snprintf(why, why_bytes,
		    "no volume that was looked at has "
		    "it");
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
	    "volume %s, file %" PRIu64 ": the file is "
	    "another than its header says",
	    part->volume, part->file);
	return false;
}

/* Hands a block on, as much of it as belongs to the part. */
static void take(struct reader *r, struct reading *p)
{
	uint64_t n = r->c.got.bytes, passed;

	if (p->part.bytes_known && n > p->part.bytes - p->done)
		n = p->part.bytes - p->done;
	if (!r->c.got.has_data) {
		miss(r, p, n,
		    "the volume keeps no bytes: its payload is "
		    "none");
		return;
	}
	sum_add(r->sum, r->c.block, n);
	if (r->whole_known)
		sum_add(r->whole, r->c.block, n);
	passed = pass_overlap(p, n);
	r->offset += n - passed;
	r->given_up |= n > passed &&
	    !r->config->data(r->config->arg, r->c.block + passed, n - passed);
}

/*
 * A block could not be read.  Where the tape has moved past it the rest may be
 * readable; where it stands still, the rest of the part is lost.
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
		miss(r, p,
		    left < r->dump.block_bytes ? left : r->dump.block_bytes,
		    why);
		return;
	}
	p->ended = true;
	if (left != UINT64_MAX) {
		miss(r, p, left, why);
		return;
	}
	p->broken = true;
	doubt(r, p, no_sum);
	reader_tell_gap(r, &p->part, READER_MISSING, r->offset, UINT64_MAX,
	    "%s", why);
}

/* The next block of the part's file. */
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
			take(r, p);
		else if (r->c.result.cause == TAPE_FILEMARK ||
		    result_is_end(&r->c.result))
			p->ended = true;
		else
			pass_block(r, p, at.object);
	}
	if (p->part.bytes_known && p->ended && p->done < p->part.bytes)
		miss(r, p, p->part.bytes - p->done, "the file ends before");
}

/*
 * Whether it is the last part that is known of a dump without an end record:
 * nothing can prove it, so that nothing does is no loss.
 */
static bool is_tail(const struct reader *r, const struct scan_part *part)
{
	return !r->outcome->end_known && part->present && !part->proven &&
	    !part->split &&
	    scan_next_part(r->config->scan, r->config->dump, part->part + 1) ==
	    0;
}

static const char two_streams[] =
    "the volumes hold two different streams "
    "under the id of this dump, and nothing says which of them it is: read it "
    "from the volumes of one of them alone";

/* Whether what was read is what was written: by what proves the part. */
static void judge(struct reader *r, struct reading *p, uint64_t begun)
{
	uint64_t told = p->done - p->passed; /* handed on, or in a gap */
	char sum[SUM_TEXT_BYTES], why[TAPE_MESSAGE_BYTES];

	sum_text(r->sum, sum);
	if (p->missing > 0 || p->broken) {
		doubt(r, p, p->part.split ? two_streams : no_sum);
	} else if (is_tail(r, &p->part)) {
		snprintf(why, sizeof why,
		    "there is no end record, and no part "
		    "behind it: whether it is whole, and the last, is not "
		    "known; its checksum is %s%s",
		    sum,
		    r->dump.fixed ? "; zeros may fill up its last block" : "");
		reader_tell_gap(r, &p->part, READER_UNPROVEN, begun, told, "%s",
		    why);
	} else if (!p->part.proven) {
		reader_tell_gap(r, &p->part, READER_UNPROVEN, begun, told, "%s",
		    p->part.split ? two_streams
				  : "nothing on the volumes "
				    "says that it is whole");
	} else if (p->part.xxh128[0] != '\0' &&
	    strcmp(sum, p->part.xxh128) != 0) {
		reader_tell_gap(r, &p->part, READER_DAMAGED, begun, told,
		    "its checksum is %s, and must be %s", sum, p->part.xxh128);
	} else {
		r->outcome->good_bytes += told;
	}
}

/*
 * Whether the part begins where the one before it ended, or what is between
 * them was told; false if it begins too far away to be believed.
 */
static bool meet(struct reader *r, const struct scan_part *part)
{
	struct scan_part lost = { .part = r->next, .volume = "" };
	uint64_t gap = part->offset_bytes - r->offset;

	if (part->offset_bytes > r->offset && !may_miss(r, gap)) {
		reader_tell_gap(r, part, READER_MISSING, r->offset, UINT64_MAX,
		    "it is left out: its header says that it begins at byte %" PRIu64
		    ", which is not believed",
		    part->offset_bytes);
		return false;
	}
	if (part->offset_bytes > r->offset) {
		reader_tell_gap(r, &lost, READER_MISSING, r->offset, gap,
		    "no volume that was looked at knows of it");
		r->offset += gap;
	} else if (part->offset_bytes < r->offset) {
		reader_tell_gap(r, part, READER_DAMAGED, part->offset_bytes,
		    -gap,
		    "its header says that it begins before the part before "
		    "it ends");
	}
	return true;
}

/*
 * Whether the part may be handed on as far as what proves it goes.  A file that
 * nobody finished ends the dump, but nobody has called it safe.
 */
static bool may_read(struct reader *r, const struct scan_part *part)
{
	bool tail = is_tail(r, part);

	if (part->proven || r->config->salvage || (tail && part->ended))
		return true;
	reader_tell_gap(r, part, READER_MISSING, r->offset,
	    part->bytes_known ? part->bytes : UINT64_MAX, "%s",
	    part->split ? two_streams
		: tail  ? "no filemark is behind what is "
			  "there of it: nobody finished it"
			: "nothing on the volumes says "
			  "that what is there of it is whole");
	r->given_up = !tail;
	return false;
}

void reader_read_part(struct reader *r, uint64_t number)
{
	struct reading p = { .blocks = 1 }; /* its header */
	char why[TAPE_MESSAGE_BYTES];
	uint64_t begun;

	scan_get_part(r->config->scan, r->config->dump, number, &p.part);
	if (r->config->part != 0)
		r->offset = p.part.offset_bytes;
	else if (p.part.offset_known && !meet(r, &p.part))
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
			miss(r, &p, p.part.bytes, why);
		else
			reader_tell_gap(r, &p.part, READER_MISSING, r->offset,
			    UINT64_MAX, "%s", why);
		return;
	}
	read_data(r, &p);
	if (!r->given_up || p.done == p.part.bytes)
		judge(r, &p, begun);
}
