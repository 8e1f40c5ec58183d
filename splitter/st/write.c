/*
 * write.c: writes to a tape.
 *
 * The early warning.  The write that meets it succeeds, and the driver refuses
 * the next one with ENOSPC.  The blocks of a run are single writes, so the
 * block that met the warning is the one before the refused write, and no
 * question is needed in between.  The driver is asked only after the last block
 * of a run, and after a header.  That is necessary, because a filemark that
 * follows makes the driver forget the warning.  The question costs nothing, as
 * the driver answers it without the drive, except for blocks that it writes
 * asynchronously: it waits for the one in its buffer.  One question per run,
 * not per block, keeps them fast.
 *
 * Fixed blocks are written one per call as well: if a call with several is cut
 * short, the driver does not say whether by the early warning or by the
 * physical end.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

enum put { TAKEN, REFUSED, FAILED };

/*
 * Handles the first ENOSPC: determines whether the write met the early warning
 * or the physical end.
 */
static enum put meet_end(struct st *st, size_t bytes, const char *doing,
    struct tape_result *r, bool *decided)
{
	struct st_status status;
	uint64_t object;
	int err = st_get_status(st, &status);

	*decided = true;
	if (err == 0 && status.eod) {
		st->drive.leom = true;
		return REFUSED;
	}
	if (err == 0 && st->drive.has_position) {
		err = st_get_position(st, &object);
		if (err == 0 && object == st->drive.at.object + 1) {
			st->drive.leom = true;
			real_took(&st->drive, bytes);
			return TAKEN;
		}
	}
	*decided = err != 0 || status.eot;
	if (*decided)
		st_fail_write(st, r, doing, err != 0 ? err : ENOSPC);
	return FAILED;
}

/*
 * Handles ENOSPC.  After the early warning the driver refuses every other
 * write.
 */
static enum put refused(struct st *st, const void *data, size_t bytes,
    const char *doing, struct tape_result *r)
{
	enum put how;
	size_t taken;
	bool decided;
	int err;

	if (!st->drive.leom) {
		how = meet_end(st, bytes, doing, r, &decided);
		if (decided)
			return how;
	}
	err = st_write_block(st, data, bytes, &taken);
	if (err != 0 || taken != bytes) {
		st_fail_write(st, r, doing, err != 0 ? err : ENOSPC);
		return FAILED;
	}
	st->drive.leom = true;
	real_took(&st->drive, bytes);
	return TAKEN;
}

static enum put put_block(struct st *st, const void *data, size_t bytes,
    const char *doing, struct tape_result *r)
{
	size_t taken;
	int err;

	err = st_set_block(st, st->drive.options.fixed_bytes);
	if (err != 0) {
		st_fail_write(st, r, "set the block size", err);
		return FAILED;
	}
	if (st->drive.options.fixed_bytes > 0 &&
	    bytes != st->drive.options.fixed_bytes) {
		real_report(&st->drive, r, TAPE_INVALID, doing,
		    "the block does not have the fixed size");
		return FAILED;
	}
	st->driver_dirty = true;
	err = st_write_block(st, data, bytes, &taken);
	if (err == ENOSPC)
		return refused(st, data, bytes, doing, r);
	if (err == 0 && taken == bytes) {
		real_took(&st->drive, bytes);
		return TAKEN;
	}
	/*
	 * A block that is only partly on tape does not count, and is the last
	 * one.
	 */
	if (err == 0)
		err = taken > 0 ? ENOSPC : EIO;
	st_fail_write(st, r, doing, err);
	return FAILED;
}

/*
 * Queries whether the early warning was met.  This query also reports any
 * earlier error.
 */
static bool check_warning(struct st *st, const char *doing,
    struct tape_result *r)
{
	struct st_status status;
	int err = st_get_status(st, &status);

	if (err != 0) {
		st_fail_write(st, r, doing, err);
		return false;
	}
	if (status.eot)
		st->drive.leom = true;
	return true;
}

/*
 * Handles a filemark that was not written.  At the physical end the status
 * shows the end of the medium for this command, and the tape has not moved.
 */
static void fail_filemark(struct st *st, int err, const char *doing,
    struct tape_result *r)
{
	struct st_status status;
	uint64_t object = st->drive.at.object;
	bool ends = err == EIO && st_get_status(st, &status) == 0 && status.eot;

	if (ends &&
	    (!st->drive.has_position ||
		(st_get_position(st, &object) == 0 &&
		    object == st->drive.at.object))) {
		err = ENOSPC;
		st->drive.full = true;
	}
	st_fail_write(st, r, doing, err);
}

static bool put_filemark(struct st *st, bool sync, const char *doing,
    struct tape_result *r)
{
	int err;

	if (!check_warning(st, doing, r))
		return false;
	err = st_command(st, sync ? MTWEOF : MTWEOFI, 1, doing);
	if (err != 0) {
		fail_filemark(st, err, doing, r);
		return false;
	}
	st->driver_dirty = false;
	real_marked(&st->drive);
	return !sync || real_check_position(&st->drive, doing, r);
}

void st_op_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	struct st *st = (struct st *)real_begin(tape, now_ns, r);
	const char *doing = "write the label";
	int err = st_rewind(st);

	/*
	 * The rewind reports an exchanged cartridge, so that `err` is checked
	 * after it.
	 */
	if (err != 0) {
		st_fail_read(st, r, "rewind", err);
	} else if (real_check_writable(&st->drive, doing, r) &&
	    real_is_same_volume(&st->drive, doing, r) &&
	    real_begin_file(&st->drive, true, doing, r)) {
		/* the volume will begin with this label */
		st->drive.first_block_sum = REAL_FIRST_UNREAD;
		if (put_block(st, block, bytes, doing, r) == REFUSED)
			st_fail_write(st, r, doing, ENOSPC);
	}
	if (r->cause == TAPE_OK && check_warning(st, doing, r)) {
		err = st_prove_counting(st);
		if (err != 0)
			st_fail_write(st, r, doing, err);
	}
	if (r->cause == TAPE_OK &&
	    put_filemark(st, true, "write the filemark after the label", r))
		r->bytes = bytes;
	real_end(&st->drive, r);
}

void st_op_start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	struct st *st = (struct st *)real_begin(tape, now_ns, r);
	const char *doing = "write a header";
	enum put how = FAILED;

	if (real_check_writable(&st->drive, doing, r) &&
	    real_begin_file(&st->drive, false, doing, r))
		how = put_block(st, block, bytes, doing, r);
	/*
	 * The driver refused the header because the block before it met the
	 * early warning.  It accepts the header the second time.
	 */
	if (how == REFUSED)
		how = put_block(st, block, bytes, doing, r);
	if (how == TAKEN && check_warning(st, doing, r))
		r->bytes = bytes;
	real_end(&st->drive, r);
}

void st_op_write(struct tape *tape, const struct tape_run *run, int64_t now_ns,
    struct tape_result *r)
{
	struct st *st = (struct st *)real_begin(tape, now_ns, r);
	const char *data = run->data;
	enum put how = TAKEN;
	uint64_t n;

	if (data == NULL) {
		real_report(&st->drive, r, TAPE_INVALID, "write",
		    "the run has no payload, which a real tape needs");
		how = FAILED;
	} else if (!real_check_writable(&st->drive, "write", r) ||
	    !real_begin_file(&st->drive, false, "write", r)) {
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
		if (st->drive.leom)
			break;
	}
	if (how != FAILED)
		check_warning(st, "write", r);
	real_end(&st->drive, r);
}

void st_op_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	struct st *st = (struct st *)real_begin(tape, now_ns, r);
	const char *doing = "write a filemark";

	if (real_check_writable(&st->drive, doing, r) &&
	    real_begin_file(&st->drive, false, doing, r))
		put_filemark(st, sync, doing, r);
	real_end(&st->drive, r);
}

/* The driver writes one partition if it is asked for none. */
void st_op_format(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct st *st = (struct st *)real_begin(tape, now_ns, r);
	struct real_drive *d = &st->drive;
	const char *doing = "format the medium";
	int err = st_rewind(st);

	if (err != 0) {
		st_fail_read(st, r, "rewind", err);
	} else if (real_check_writable(d, doing, r) &&
	    real_is_same_volume(d, doing, r) &&
	    real_begin_file(d, true, doing, r)) {
		err = st_command(st, MTMKPART, 0, doing);
		if (err == 0) {
			d->first_block_sum = REAL_FIRST_UNREAD;
			real_rewound(d);
		} else if (err == EINVAL || err == ENOSYS) {
			real_report(d, r, TAPE_INVALID, doing,
			    "the driver formats only with its option "
			    "can-partitions: mt stsetoptions can-partitions");
		} else {
			st_fail_read(st, r, doing, err);
			d->write_error = r->cause;
		}
	}
	real_end(d, r);
}
