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
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The largest file number to which the driver can count filemarks. */
enum { FILES_MAX = 0x7fffff };

/*
 * Values of st.first_block_sum if the volume does not begin with a readable
 * block.
 */
enum { FIRST_UNREAD, FIRST_BLANK, FIRST_MARK };

/* Queries the position, which stays unknown if the drive does not report it. */
static int ask_object(struct st *st)
{
	return st->has_position ? st_get_position(st, &st->at.object) : 0;
}

/*
 * Returns whether the tape is still before the block that could not be read,
 * because the drive may have passed that block.  At BOT it rewinds to be sure.
 * Returns true if the drive does not report its position.
 */
static bool is_before_block(struct st *st)
{
	uint64_t object;

	if (st->at_bot)
		return st_command(st, MTREW, 1, "rewind") == 0;
	return !st->has_position || st->at.object == TAPE_POSITION_UNKNOWN ||
	    (st_get_position(st, &object) == 0 && object == st->at.object);
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

static void moved_past(struct st *st, uint64_t bytes)
{
	if (st->at.object != TAPE_POSITION_UNKNOWN)
		st->at.object++;
	if (st->at.byte != TAPE_POSITION_UNKNOWN)
		st->at.byte += bytes;
	st->at_bot = false;
}

/*
 * Records the first block of the volume.  The result fails if the volume began
 * with another block before, and nothing was written since.
 */
static void compare_first(struct st *st, uint64_t sum, struct tape_result *r)
{
	bool same =
	    st->first_block_sum == FIRST_UNREAD || st->first_block_sum == sum;

	st->may_be_other = false;
	st->first_block_sum = sum;
	if (!same)
		st_lose_position(st, r, "read",
		    "the volume does not begin as before: the cartridge is "
		    "another one; nothing more is written to it");
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
	st_report(st, r, st->at_bot ? TAPE_BLANK : TAPE_EOD, "read",
	    st->at_bot ? "the volume is blank" : "end of data");
	if (st->at_bot)
		compare_first(st, FIRST_BLANK, r);
}

/*
 * Handles a read() that returned 0: a filemark, or the end of data after a
 * filemark.
 */
static void read_nothing(struct st *st, struct tape_result *r)
{
	struct st_status status;
	bool first = st->at_bot;
	int err = st_get_status(st, &status);

	if (err != 0) {
		st_fail_read(st, r, "read", err);
	} else if (status.eod || status.eot) {
		/*
		 * After the filemark the driver's status is EOT instead of EOD.
		 */
		end_of_data(st, r);
	} else {
		if (st->at.file != TAPE_POSITION_UNKNOWN)
			st->at.file++;
		moved_past(st, 0);
		r->cause = TAPE_FILEMARK;
		if (first)
			compare_first(st, FIRST_MARK, r);
	}
}

static void read_failed(struct st *st, int err, struct tape_result *r)
{
	bool eod = false;

	if (err == ENOMEM) {
		moved_past(st, 0);
		st->at.byte = TAPE_POSITION_UNKNOWN;
		st_report(st, r, TAPE_INVALID, "read",
		    "the block is longer than the buffer");
		return;
	}
	st->may_be_other = true;
	if (err == EIO && is_eod(st, &eod) == 0 && eod) {
		end_of_data(st, r);
		return;
	}
	st_fail_read(st, r, "read", err);
	st_moved_to(st, st->at.file);
}

static void read_good(struct st *st, const void *data, size_t bytes,
    struct tape_result *r)
{
	bool first = st->at_bot;

	moved_past(st, bytes);
	r->bytes = bytes;
	if (!first)
		return;
	compare_first(st, sum_of(data, bytes), r);
	if (!st->counting_proven && st_prove_counting(st) != 0)
		st->may_be_other = true;
	if (r->cause != TAPE_OK)
		r->bytes = 0;
}

/* Reads the next block or filemark. */
static void read_object(struct st *st, void *buf, uint64_t buf_bytes,
    struct tape_result *r)
{
	uint64_t most =
	    buf_bytes < st->block_max_bytes ? buf_bytes : st->block_max_bytes;
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

void st_op_read(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	struct st *st = st_begin_operation(tape, now_ns, r);

	read_object(st, buf, buf_bytes, r);
	*block = (struct tape_block){ .has_data = true, .bytes = r->bytes };
	st_end_operation(st, r);
}

bool st_is_same_volume(struct st *st, const char *doing, struct tape_result *r)
{
	bool known = st->first_block_sum != FIRST_UNREAD;
	char *block;
	int err;

	if (!st->may_be_other)
		return true;
	block = malloc(st->block_max_bytes);
	if (block == NULL) {
		st_report(st, r, TAPE_UNKNOWN_ERROR, doing,
		    "no memory for a block");
		return false;
	}
	read_object(st, block, st->block_max_bytes, r);
	free(block);
	if (st->write_error != TAPE_OK)
		return false;
	if (!known || st->may_be_other) {
		st_lose_position(st, r, doing,
		    "after the last error it is not known which cartridge is "
		    "in the drive");
		return false;
	}
	r->cause = TAPE_OK;
	r->bytes = 0;
	r->message[0] = '\0';
	err = st_rewind(st);
	if (err != 0)
		st_fail_read(st, r, "rewind", err);
	return err == 0;
}

void st_locate_file(struct st *st, uint64_t file, const char *doing,
    struct tape_result *r)
{
	struct st_status status;
	uint64_t from = st->at.file;
	int err = 0;

	if (from == TAPE_POSITION_UNKNOWN || file <= from || st->driver_dirty ||
	    st->in_file || st->must_rewind) {
		err = st_rewind(st);
		from = 0;
	}
	if (err == 0 && file > from) {
		err = file - from > FILES_MAX
		    ? EINVAL
		    : st_command(st, MTFSF, (int)(file - from), doing);
		st_moved_to(st, TAPE_POSITION_UNKNOWN);
		if (err == EIO && st_get_status(st, &status) == 0 &&
		    status.eod) {
			st_report(st, r, TAPE_EOD, doing,
			    "the data ends before that file");
			return;
		}
		if (err == 0)
			err = st_get_status(st, &status);
		if (err == 0 && status.file != TAPE_POSITION_UNKNOWN &&
		    status.file != file) {
			st_report(st, r, TAPE_POSITION_LOST, doing,
			    "the driver reports another file number");
			return;
		}
		if (err == 0) {
			st->at.file = file;
			err = ask_object(st);
		}
	}
	if (err != 0)
		st_fail_read(st, r, doing, err);
	else
		st->must_rewind = false;
}

void st_op_locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	struct st *st = st_begin_operation(tape, now_ns, r);
	char doing[48];

	snprintf(doing, sizeof doing, "go to file %" PRIu64, file);
	st_locate_file(st, file, doing, r);
	st_end_operation(st, r);
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
	st_moved_to(st, TAPE_POSITION_UNKNOWN);
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
	int err = st->must_rewind ? st_rewind(st) : st_end_file(st);

	if (err == 0)
		err = st_command(st, MTEOM, 1, "go to the end of data");
	st_moved_to(st, TAPE_POSITION_UNKNOWN);
	if (err == 0)
		err = st_get_status(st, &status);
	if (err != 0)
		return err;
	if (!status.eod || status.file == TAPE_POSITION_UNKNOWN ||
	    status.file >= FILES_MAX) {
		st->may_be_other |= counts_on_its_way(st);
		return count_files(st, file);
	}
	*file = status.file;
	return 0;
}

void st_op_locate_eod(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct st *st = st_begin_operation(tape, now_ns, r);
	uint64_t file;
	int err = go_to_eod(st, &file);

	if (err == 0) {
		st->at.file = file;
		err = ask_object(st);
	}
	if (err != 0)
		st_fail_read(st, r, "go to the end of data", err);
	else
		st->must_rewind = false;
	st->at_bot = err == 0 && st->at.object == 0;
	st_end_operation(st, r);
}

void st_op_rewind(struct tape *tape, int64_t now_ns, struct tape_result *r)
{
	struct st *st = st_begin_operation(tape, now_ns, r);
	int err = st_rewind(st);

	if (err != 0)
		st_fail_read(st, r, "rewind", err);
	st_end_operation(st, r);
}
