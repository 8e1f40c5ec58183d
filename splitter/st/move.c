/*
 * move.c: reads, and goes to a place.
 *
 * A file is located by counting filemarks, from the current file or from BOT.
 * MTSEEK to a known block would not be faster, as drives find filemarks as fast
 * as blocks.  And the driver would lose its count of files, which is compared
 * with the file that was asked for.
 */
#include "splitter/st/impl.h"

#include <errno.h>

/* The largest file number to which the driver can count filemarks. */
enum { FILES_MAX = 0x7fffff };

/* Queries the position, which stays unknown if the drive does not report it. */
static int ask_object(struct st *st)
{
	return st->drive.has_position
	    ? st_get_position(st, &st->drive.at.object)
	    : 0;
}

/*
 * Returns whether the tape is still before the block that could not be read,
 * because the drive may have passed that block.  At BOT it rewinds to be sure.
 * Returns true if the drive does not report its position.
 */
static bool is_before_block(struct st *st)
{
	uint64_t object;

	if (st->drive.at_bot)
		return st_command(st, MTREW, 1, "rewind") == 0;
	return !st->drive.has_position ||
	    st->drive.at.object == TAPE_POSITION_UNKNOWN ||
	    (st_get_position(st, &object) == 0 &&
		object == st->drive.at.object);
}

/*
 * Determines whether the tape is at the end of data, by a step forward.  If it
 * is not, the tape may have moved.
 */
static int is_eod(struct st *st, bool *eod)
{
	struct st_status status;
	int err = st_get_status(st, &status);

	*eod = err == 0 && status.eod;
	if (err != 0 || *eod || !is_before_block(st))
		return err;
	if (st_command(st, MTFSR, 1, "look for the end of data") == 0)
		return 0;
	err = st_get_status(st, &status);
	*eod = err == 0 && status.eod;
	return err;
}

static void end_of_data(struct st *st, struct tape_result *r)
{
	real_report(&st->drive, r, st->drive.at_bot ? TAPE_BLANK : TAPE_EOD,
	    "read", st->drive.at_bot ? "the volume is blank" : "end of data");
	if (st->drive.at_bot)
		real_first_other(&st->drive, REAL_FIRST_BLANK, r);
}

/*
 * Handles a read() that returned 0: a filemark, or the end of data after a
 * filemark.
 */
static void read_nothing(struct st *st, struct tape_result *r)
{
	struct st_status status;
	bool first = st->drive.at_bot;
	int err = st_get_status(st, &status);

	if (err != 0) {
		st_fail_read(st, r, "read", err);
	} else if (status.eod || status.eot) {
		/*
		 * After the filemark the driver's status is EOT instead of EOD.
		 */
		end_of_data(st, r);
	} else {
		if (st->drive.at.file != TAPE_POSITION_UNKNOWN)
			st->drive.at.file++;
		real_moved_past(&st->drive, 0);
		r->cause = TAPE_FILEMARK;
		if (first)
			real_first_other(&st->drive, REAL_FIRST_MARK, r);
	}
}

static void read_failed(struct st *st, int err, struct tape_result *r)
{
	bool eod = false;

	if (err == ENOMEM) {
		real_moved_past(&st->drive, 0);
		st->drive.at.byte = TAPE_POSITION_UNKNOWN;
		real_report(&st->drive, r, TAPE_INVALID, "read",
		    "the block is longer than the buffer");
		return;
	}
	st->drive.may_be_other = true;
	if (err == EIO && is_eod(st, &eod) == 0 && eod) {
		end_of_data(st, r);
		return;
	}
	st_fail_read(st, r, "read", err);
	real_moved_to(&st->drive, st->drive.at.file);
}

static void read_good(struct st *st, const void *data, size_t bytes,
    struct tape_result *r)
{
	bool first = st->drive.at_bot;

	real_moved_past(&st->drive, bytes);
	r->bytes = bytes;
	if (!first)
		return;
	real_first_block(&st->drive, data, bytes, r);
	if (!st->counting_proven && st_prove_counting(st) != 0)
		st->drive.may_be_other = true;
	if (r->cause != TAPE_OK)
		r->bytes = 0;
}

void st_read_object(struct st *st, void *buf, uint64_t buf_bytes,
    struct tape_result *r)
{
	uint64_t most = buf_bytes < st->drive.block_max_bytes
	    ? buf_bytes
	    : st->drive.block_max_bytes;
	size_t got;
	/* A block of any size can be read in variable mode. */
	int err = st_set_block(st, 0);

	if (err != 0)
		st_fail_read(st, r, "set the block size", err);
	else if ((err = st_read_block(st, buf, most, &got)) != 0)
		read_failed(st, err, r);
	else if (got == 0)
		read_nothing(st, r);
	else
		read_good(st, buf, got, r);
}

void st_locate_file(struct st *st, uint64_t file, const char *doing,
    struct tape_result *r)
{
	struct st_status status;
	uint64_t from = st->drive.at.file;
	int err = 0;

	if (from == TAPE_POSITION_UNKNOWN || file <= from || st->driver_dirty ||
	    st->drive.in_file || st->drive.must_rewind) {
		err = st_rewind(st);
		from = 0;
	}
	if (err == 0 && file > from) {
		err = file - from > FILES_MAX
		    ? EINVAL
		    : st_command(st, MTFSF, (int)(file - from), doing);
		real_moved_to(&st->drive, TAPE_POSITION_UNKNOWN);
		if (err == EIO && st_get_status(st, &status) == 0 &&
		    status.eod) {
			real_report(&st->drive, r, TAPE_EOD, doing,
			    "the data ends before that file");
			return;
		}
		if (err == 0)
			err = st_get_status(st, &status);
		if (err == 0 && status.file != TAPE_POSITION_UNKNOWN &&
		    status.file != file) {
			real_report(&st->drive, r, TAPE_POSITION_LOST, doing,
			    "the driver reports another file number");
			return;
		}
		if (err == 0) {
			st->drive.at.file = file;
			err = ask_object(st);
		}
	}
	if (err != 0)
		st_fail_read(st, r, doing, err);
	else
		st->drive.must_rewind = false;
}

/*
 * Counts the filemarks up to the end of data, by spacing over them one by one.
 */
static int count_files(struct st *st, uint64_t *files)
{
	struct st_status status;
	int err = st_rewind(st);

	*files = 0;
	while (err == 0 && *files < FILES_MAX &&
	    (err = st_command(st, MTFSF, 1, "count files")) == 0)
		++*files;
	real_moved_to(&st->drive, TAPE_POSITION_UNKNOWN);
	if (err != EIO)
		return err == 0 ? EIO : err;
	err = st_get_status(st, &status);
	return err != 0 ? err : status.eod ? 0 : EIO;
}

/*
 * Returns whether the driver counts filemarks during MTEOM; an option of the
 * driver can prevent that.  If the drive reports an error while counting, the
 * driver still moves to the end of data and hides the error.
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
	int err = st->drive.must_rewind ? st_rewind(st) : st_end_file(st);

	if (err == 0)
		err = st_command(st, MTEOM, 1, "go to the end of data");
	real_moved_to(&st->drive, TAPE_POSITION_UNKNOWN);
	if (err == 0)
		err = st_get_status(st, &status);
	if (err != 0)
		return err;
	if (!status.eod || status.file == TAPE_POSITION_UNKNOWN ||
	    status.file >= FILES_MAX) {
		st->drive.may_be_other |= counts_on_its_way(st);
		return count_files(st, file);
	}
	*file = status.file;
	return 0;
}

void st_op_locate_eod(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct st *st = (struct st *)real_begin(tape, now_ns, r);
	uint64_t file;
	int err = go_to_eod(st, &file);

	if (err == 0) {
		st->drive.at.file = file;
		err = ask_object(st);
	}
	if (err != 0)
		st_fail_read(st, r, "go to the end of data", err);
	else
		st->drive.must_rewind = false;
	st->drive.at_bot = err == 0 && st->drive.at.object == 0;
	real_end(&st->drive, r);
}
