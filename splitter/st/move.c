/*
 * st_move.c: reading, and going to a place.
 *
 * A file is gone to by counting filemarks, from where the tape stands or from
 * BOT.  Seeking a block that is known (MTSEEK) would be no faster, drives find
 * filemarks as they find blocks; and the driver would lose count of the files,
 * which is what the place that was come to is held against.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What the driver counts when the drive does not say how far it came. */
enum { FILES_MAX = 0x7fffff };

/* st.first_sum where the volume does not begin with a block that was read. */
enum { FIRST_UNREAD, FIRST_BLANK, FIRST_MARK };

/* Asks where it is; what cannot be asked is not known. */
static int ask_object(struct st *st)
{
	return st->tells ? st_where(st, &st->at.object) : 0;
}

/*
 * Back to where the block was read that could not be, since the drive may have
 * passed it.  False where that place is not known.
 */
static bool is_before_block(struct st *st)
{
	uint64_t object;

	if (st->at_bot)
		return st_op(st, MTREW, 1, "rewind") == 0;
	return !st->tells || st->at.object == TAPE_POSITION_UNKNOWN ||
	    (st_where(st, &object) == 0 && object == st->at.object);
}

/* Whether the end of data is here: a step forward finds it, or moves. */
static int is_eod(struct st *st, bool *eod)
{
	struct st_status status;
	int err = st_ask(st, &status);

	*eod = err == 0 && status.eod;
	if (err != 0 || *eod || !is_before_block(st))
		return err;
	if (st_op(st, MTFSR, 1, "look for the end of data") == 0)
		return 0;
	err = st_ask(st, &status);
	*eod = err == 0 && status.eod;
	return err;
}

static void passed(struct st *st, uint64_t bytes)
{
	if (st->at.object != TAPE_POSITION_UNKNOWN)
		st->at.object++;
	if (st->at.byte != TAPE_POSITION_UNKNOWN)
		st->at.byte += bytes;
	st->at_bot = false;
}

/*
 * The volume begins with this.  An answer where it began with something else
 * when that was read before, and nothing was written since.
 */
static void note_first(struct st *st, uint64_t sum, struct tape_result *r)
{
	bool same = st->first_sum == FIRST_UNREAD || st->first_sum == sum;

	st->doubted = false;
	st->first_sum = sum;
	if (!same)
		st_lose(st, r, "read",
		    "the volume begins with something else "
		    "than before: the cartridge is another one; nothing more "
		    "is written");
}

static uint64_t sum_of(const unsigned char *block, size_t bytes)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	size_t i;

	for (i = 0; i < bytes; i++)
		sum = (sum ^ block[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static void end_of_data(struct st *st, struct tape_result *r)
{
	st_say(st, r, st->at_bot ? TAPE_BLANK : TAPE_EOD, "read",
	    st->at_bot ? "nothing was ever written on the volume"
		       : "end of data");
	if (st->at_bot)
		note_first(st, FIRST_BLANK, r);
}

/* read() gave 0: a filemark, or the end of data behind one. */
static void read_nothing(struct st *st, struct tape_result *r)
{
	struct st_status status;
	bool first = st->at_bot;
	int err = st_ask(st, &status);

	if (err != 0) {
		st_fail(st, r, "read", err);
	} else if (status.eod || status.eot) {
		/* EOT: after a filemark the driver does not show it. */
		end_of_data(st, r);
	} else {
		if (st->at.file != TAPE_POSITION_UNKNOWN)
			st->at.file++;
		passed(st, 0);
		r->cause = TAPE_FILEMARK;
		if (first)
			note_first(st, FIRST_MARK, r);
	}
}

static void read_failed(struct st *st, int err, struct tape_result *r)
{
	bool eod = false;

	if (err == ENOMEM) {
		passed(st, 0);
		st->at.byte = TAPE_POSITION_UNKNOWN;
		st_say(st, r, TAPE_INVALID, "read",
		    "the block is longer than "
		    "the buffer for it");
		return;
	}
	st->doubted = true;
	if (err == EIO && is_eod(st, &eod) == 0 && eod) {
		end_of_data(st, r);
		return;
	}
	st_fail(st, r, "read", err);
	st_stand(st, st->at.file);
}

static void read_good(struct st *st, const void *data, size_t bytes,
    struct tape_result *r)
{
	bool first = st->at_bot;

	passed(st, bytes);
	r->bytes = bytes;
	if (!first)
		return;
	note_first(st, sum_of(data, bytes), r);
	if (!st->counted && st_prove_counting(st) != 0)
		st->doubted = true;
	if (r->cause != TAPE_OK)
		r->bytes = 0;
}

/* The next object. */
static void read_object(struct st *st, void *buf, uint64_t buf_bytes,
    struct tape_result *r)
{
	uint64_t most =
	    buf_bytes < st->block_max_bytes ? buf_bytes : st->block_max_bytes;
	size_t got;
	/* So a block of any size is read, however the volume was written. */
	int err = st_set_block(st, 0);

	if (err != 0)
		st_fail(st, r, "set the block size", err);
	else if ((err = st_get(st, buf, most, &got)) != 0)
		read_failed(st, err, r);
	else if (got == 0)
		read_nothing(st, r);
	else
		read_good(st, buf, got, r);
}

void st_op_read(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	struct st *st = st_begin(tape, now_ns, r);

	read_object(st, buf, buf_bytes, r);
	*block = (struct tape_block){ .has_data = true, .bytes = r->bytes };
	st_end(st, r);
}

bool st_is_same_volume(struct st *st, const char *doing, struct tape_result *r)
{
	bool known = st->first_sum != FIRST_UNREAD;
	char *block;
	int err;

	if (!st->doubted)
		return true;
	block = malloc(st->block_max_bytes);
	if (block == NULL) {
		st_say(st, r, TAPE_UNKNOWN_ERROR, doing,
		    "no memory for a block");
		return false;
	}
	read_object(st, block, st->block_max_bytes, r);
	free(block);
	if (st->broken != TAPE_OK)
		return false;
	if (!known || st->doubted) {
		st_lose(st, r, doing,
		    "after the error before, it is not "
		    "known which cartridge is in the drive");
		return false;
	}
	r->cause = TAPE_OK;
	r->bytes = 0;
	r->message[0] = '\0';
	err = st_to_bot(st);
	if (err != 0)
		st_fail(st, r, "rewind", err);
	return err == 0;
}

void st_go_to(struct st *st, uint64_t file, const char *doing,
    struct tape_result *r)
{
	struct st_status status;
	uint64_t from = st->at.file;
	int err = 0;

	if (from == TAPE_POSITION_UNKNOWN || file <= from || st->dirty ||
	    st->in_file || st->astray) {
		err = st_to_bot(st);
		from = 0;
	}
	if (err == 0 && file > from) {
		err = file - from > FILES_MAX
		    ? EINVAL
		    : st_op(st, MTFSF, (int)(file - from), doing);
		st_stand(st, TAPE_POSITION_UNKNOWN);
		if (err == EIO && st_ask(st, &status) == 0 && status.eod) {
			st_say(st, r, TAPE_EOD, doing,
			    "the data ends before "
			    "it");
			return;
		}
		if (err == 0)
			err = st_ask(st, &status);
		if (err == 0 && status.file != TAPE_POSITION_UNKNOWN &&
		    status.file != file) {
			st_say(st, r, TAPE_POSITION_LOST, doing,
			    "the driver "
			    "counts other files");
			return;
		}
		if (err == 0) {
			st->at.file = file;
			err = ask_object(st);
		}
	}
	if (err != 0)
		st_fail(st, r, doing, err);
	else
		st->astray = false;
}

void st_op_locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	struct st *st = st_begin(tape, now_ns, r);
	char doing[48];

	snprintf(doing, sizeof doing, "go to file %" PRIu64, file);
	st_go_to(st, file, doing, r);
	st_end(st, r);
}

/* Counts the filemarks up to the end of data, one by one. */
static int count_files(struct st *st, uint64_t *files)
{
	struct st_status status;
	int err = st_to_bot(st);

	*files = 0;
	while (err == 0 && *files < FILES_MAX &&
	    (err = st_op(st, MTFSF, 1, "count files")) == 0)
		++*files;
	st_stand(st, TAPE_POSITION_UNKNOWN);
	if (err != EIO)
		return err == 0 ? EIO : err;
	err = st_ask(st, &status);
	return err != 0 ? err : status.eod ? 0 : EIO;
}

/*
 * The driver counts filemarks on its way to the end of data, unless it was
 * told not to.  If the drive answers that with an error, the driver goes there
 * all the same, and says nothing.
 */
static bool counts_on_its_way(struct st *st)
{
	unsigned long options;

	return !st_attribute(st, "options", &options) ||
	    !(options & MT_ST_FAST_MTEOM);
}

static int go_to_eod(struct st *st, uint64_t *file)
{
	struct st_status status;
	int err = st->astray ? st_to_bot(st) : st_settle(st);

	if (err == 0)
		err = st_op(st, MTEOM, 1, "go to the end of data");
	st_stand(st, TAPE_POSITION_UNKNOWN);
	if (err == 0)
		err = st_ask(st, &status);
	if (err != 0)
		return err;
	if (!status.eod || status.file == TAPE_POSITION_UNKNOWN ||
	    status.file >= FILES_MAX) {
		st->doubted |= counts_on_its_way(st);
		return count_files(st, file);
	}
	*file = status.file;
	return 0;
}

void st_op_locate_eod(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct st *st = st_begin(tape, now_ns, r);
	uint64_t file;
	int err = go_to_eod(st, &file);

	if (err == 0) {
		st->at.file = file;
		err = ask_object(st);
	}
	if (err != 0)
		st_fail(st, r, "go to the end of data", err);
	else
		st->astray = false;
	st->at_bot = err == 0 && st->at.object == 0;
	st_end(st, r);
}

void st_op_rewind(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct st *st = st_begin(tape, now_ns, r);
	int err = st_to_bot(st);

	if (err != 0)
		st_fail(st, r, "rewind", err);
	st_end(st, r);
}
