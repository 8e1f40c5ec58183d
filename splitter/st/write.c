/*
 * st_write.c: what is put on a tape.
 *
 * The early warning.  The write that meets it succeeds, and the next one is
 * refused with ENOSPC; so the blocks of a run, each a write of its own, need
 * no question in between to know which one met it: the one before the write
 * that was refused.  Only behind the last block of a run, and behind a header,
 * the driver is asked.  It must be, since the filemark that may come next makes
 * the driver forget.  The question costs nothing (the driver answers it without
 * the drive), but for blocks that it writes behind the caller's back: for the
 * one that is on its way it waits.  Asked once a run, not once a block, it
 * leaves them their speed.
 *
 * Fixed blocks are written one a call as well: of a call with several, the
 * driver does not tell whether it was cut short by the warning or by the end.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

enum put { TAKEN, REFUSED, FAILED };

static void took(struct st *st, size_t bytes)
{
	if (st->at.object != TAPE_POSITION_UNKNOWN)
		st->at.object++;
	if (st->at.byte != TAPE_POSITION_UNKNOWN)
		st->at.byte += bytes;
	st->at_bot = false;
	st->in_file = true;
}

/* ENOSPC, for the first time: which of the two ends is it? */
static enum put meet_end(struct st *st, size_t bytes, const char *doing,
    struct tape_result *r, bool *told)
{
	struct st_status status;
	uint64_t object;
	int err = st_ask(st, &status);

	*told = true;
	if (err == 0 && status.eod) {
		st->leom = true;
		return REFUSED;
	}
	if (err == 0 && st->tells) {
		err = st_where(st, &object);
		if (err == 0 && object == st->at.object + 1) {
			st->leom = true;
			took(st, bytes);
			return TAKEN;
		}
	}
	*told = err != 0 || status.eot;
	if (*told)
		st_fail_write(st, r, doing, err != 0 ? err : ENOSPC);
	return FAILED;
}

/* ENOSPC.  Behind the early warning every other write is refused. */
static enum put refused(struct st *st, const void *data, size_t bytes,
    const char *doing, struct tape_result *r)
{
	enum put how;
	size_t taken;
	bool told;
	int err;

	if (!st->leom) {
		how = meet_end(st, bytes, doing, r, &told);
		if (told)
			return how;
	}
	err = st_put(st, data, bytes, &taken);
	if (err != 0 || taken != bytes) {
		st_fail_write(st, r, doing, err != 0 ? err : ENOSPC);
		return FAILED;
	}
	st->leom = true;
	took(st, bytes);
	return TAKEN;
}

static enum put put_block(struct st *st, const void *data, size_t bytes,
    const char *doing, struct tape_result *r)
{
	size_t taken;
	int err;

	err = st_set_block(st, st->options.fixed_bytes);
	if (err != 0) {
		st_fail_write(st, r, "set the block size", err);
		return FAILED;
	}
	if (st->options.fixed_bytes > 0 && bytes != st->options.fixed_bytes) {
		st_say(st, r, TAPE_INVALID, doing,
		    "the block has not the "
		    "size that is fixed");
		return FAILED;
	}
	st->dirty = true;
	err = st_put(st, data, bytes, &taken);
	if (err == ENOSPC)
		return refused(st, data, bytes, doing, r);
	if (err == 0 && taken == bytes) {
		took(st, bytes);
		return TAKEN;
	}
	/* A block of which a piece is on tape is not, and it was its last. */
	if (err == 0)
		err = taken > 0 ? ENOSPC : EIO;
	st_fail_write(st, r, doing, err);
	return FAILED;
}

/* Asks whether the early warning was met; any error comes out here too. */
static bool look(struct st *st, const char *doing, struct tape_result *r)
{
	struct st_status status;
	int err = st_ask(st, &status);

	if (err != 0) {
		st_fail_write(st, r, doing, err);
		return false;
	}
	if (status.eot)
		st->leom = true;
	return true;
}

/*
 * Whether the drive stands where it must: one that counts wrongly at the end,
 * or drops a block, is found out here.
 */
static bool prove(struct st *st, const char *doing, struct tape_result *r)
{
	uint64_t object, must = st->at.object;
	char why[TAPE_MESSAGE_BYTES];
	bool failed = st->failed;
	int err;

	st->failed = false;
	if (!st->tells)
		return true;
	err = st_where(st, &object);
	if (err != 0) {
		st_fail_write(st, r, doing, err);
		return false;
	}
	st->at.object = object;
	if (failed ? object > st->begun
		   : must == TAPE_POSITION_UNKNOWN || object == must)
		return true;
	snprintf(why, sizeof why,
	    "the drive stands behind %" PRIu64
	    " blocks and filemarks, and %" PRIu64 " were written: do not "
	    "write on this volume again",
	    object, must);
	st_say(st, r, TAPE_POSITION_LOST, doing, why);
	st->broken = TAPE_POSITION_LOST;
	return false;
}

/*
 * The drive did not write the filemark.  At the physical end the status shows
 * the end of the medium, of this very command, and the tape has not moved.
 */
static void fail_filemark(struct st *st, int err, const char *doing,
    struct tape_result *r)
{
	struct st_status status;
	uint64_t object = st->at.object;
	bool ends = err == EIO && st_ask(st, &status) == 0 && status.eot;

	if (ends &&
	    (!st->tells ||
		(st_where(st, &object) == 0 && object == st->at.object))) {
		err = ENOSPC;
		st->full = true;
	}
	st_fail_write(st, r, doing, err);
}

static bool put_filemark(struct st *st, bool sync, const char *doing,
    struct tape_result *r)
{
	int err;

	if (!look(st, doing, r))
		return false;
	err = st_op(st, sync ? MTWEOF : MTWEOFI, 1, doing);
	if (err != 0) {
		fail_filemark(st, err, doing, r);
		return false;
	}
	st->dirty = false;
	if (st->at.file != TAPE_POSITION_UNKNOWN)
		st->at.file++;
	if (st->at.object != TAPE_POSITION_UNKNOWN)
		st->at.object++;
	st->at_bot = st->in_file = false;
	return !sync || prove(st, doing, r);
}

void st_op_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	struct st *st = st_begin(tape, now_ns, r);
	const char *doing = "write the label";
	int err = st_to_bot(st);

	/* After the rewind: it tells if the cartridge is another one. */
	if (err != 0) {
		st_fail(st, r, "rewind", err);
	} else if (st_may_write(st, doing, r) &&
	    st_is_same_volume(st, doing, r) &&
	    st_begin_file(st, true, doing, r)) {
		st->first_sum = 0; /* it will begin with this */
		if (put_block(st, block, bytes, doing, r) == REFUSED)
			st_fail_write(st, r, doing, ENOSPC);
	}
	if (r->cause == TAPE_OK && look(st, doing, r)) {
		err = st_prove_counting(st);
		if (err != 0)
			st_fail_write(st, r, doing, err);
	}
	if (r->cause == TAPE_OK &&
	    put_filemark(st, true, "write the filemark behind the label", r))
		r->bytes = bytes;
	st_end(st, r);
}

void st_op_start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	struct st *st = st_begin(tape, now_ns, r);
	const char *doing = "write a header";
	enum put how = FAILED;

	if (st_may_write(st, doing, r) && st_begin_file(st, false, doing, r))
		how = put_block(st, block, bytes, doing, r);
	/* What was before it met the warning; this one is let through. */
	if (how == REFUSED)
		how = put_block(st, block, bytes, doing, r);
	if (how == TAKEN && look(st, doing, r))
		r->bytes = bytes;
	st_end(st, r);
}

void st_op_write(struct tape *tape, const struct tape_run *run, int64_t now_ns,
    struct tape_result *r)
{
	struct st *st = st_begin(tape, now_ns, r);
	const char *data = run->data;
	enum put how = TAKEN;
	uint64_t n;

	if (data == NULL) {
		st_say(st, r, TAPE_INVALID, "write",
		    "there is no payload, "
		    "and a real tape takes nothing else");
		how = FAILED;
	} else if (!st_may_write(st, "write", r) ||
	    !st_begin_file(st, false, "write", r)) {
		how = FAILED;
	}
	while (how == TAKEN && r->bytes < run->bytes) {
		n = run->bytes - r->bytes < run->block_bytes
		    ? run->bytes - r->bytes
		    : run->block_bytes;
		how = put_block(st, data + r->bytes, n, "write", r);
		if (how != TAKEN)
			break;
		r->bytes += n;
		if (run->progress != NULL)
			run->progress(run->progress_arg, n);
		if (st->leom)
			break;
	}
	if (how != FAILED)
		look(st, "write", r);
	st_end(st, r);
}

void st_op_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	struct st *st = st_begin(tape, now_ns, r);
	const char *doing = "write a filemark";

	if (st_may_write(st, doing, r) && st_begin_file(st, false, doing, r))
		put_filemark(st, sync, doing, r);
	st_end(st, r);
}
