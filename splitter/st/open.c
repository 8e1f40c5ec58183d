/* st_open.c: opening the device with a volume in it, and closing it. */
#include "splitter/st/impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

/* What READ BLOCK LIMITS can say at most, and between two looks. */
enum { BLOCK_MAX_BYTES = 0xffffff };
#define LOOK_AGAIN_NS INT64_C(1000000000)

static void say_open(struct st *st, struct tape_result *r, int err)
{
	/* A drive that never gets ready may do so with another volume. */
	r->cause = err == EIO ? TAPE_UNKNOWN_ERROR : TAPE_NO_VOLUME;
	sentence(r->message, sizeof r->message, "%s: %s", st->device,
	    err == EBUSY ? "another program has it open: wait for it, or end "
			   "it"
		: err == ENOMEDIUM ? "the drive is empty: put a cartridge "
				     "in"
		: err == ENOTTY    ? "this is no tape device: give one such as "
				     "/dev/nst0"
		: err == EIO       ? "the drive does not get ready with "
				     "the volume that is in it"
		: err == ECANCELED ? "interrupted "
				     "while the drive was not ready"
				   : strerror(err));
}

/* Closes what the driver would not wait for; the errno is why. */
static int not_open(struct st *st, int err)
{
	st_close_node(st);
	return err;
}

/*
 * Opened so that the driver does not wait for a volume: it would do so for two
 * minutes, and nobody could interrupt it.  EAGAIN: the drive is not ready.
 */
static int open_now(struct st *st, int flags)
{
	struct st_status status;
	int err = st_open_node(st, flags | O_NONBLOCK);

	if (err != 0)
		return err;
	err = st_ask(st, &status);
	if (err == EIO) /* it was reset: to rewind will help */
		return 0;
	if (err == 0 && status.no_medium)
		err = ENOMEDIUM;
	else if (err == 0 && !status.ready)
		err = EAGAIN;
	if (err == 0 && status.protected)
		st->read_only = EROFS;
	return err == 0 ? 0 : not_open(st, err);
}

/* To write if it can be, else to read. */
static int open_either(struct st *st)
{
	int err;

	st->read_only = 0;
	err = open_now(st, O_RDWR);
	if (err == EACCES || err == EPERM || err == EROFS) {
		st->read_only = err;
		err = open_now(st, O_RDONLY);
	}
	return err;
}

static bool sleep_a_while(struct st *st)
{
	if (st->options.sleep != NULL)
		return st->options.sleep(st->options.sleep_arg, LOOK_AGAIN_NS);
	st->sys->sleep_ns(st->sys->arg, LOOK_AGAIN_NS);
	return true;
}

/* Waits while the drive gets ready: to load may take long. */
static int open_ready(struct st *st)
{
	int64_t until_ns = st->begun_ns + st->options.load_wait_ns;
	bool said = false;
	int err;

	while ((err = open_either(st)) == EAGAIN) {
		if (st->sys->clock_ns(st->sys->arg) >= until_ns)
			return EIO;
		if (!said)
			st_notice(st,
			    "%s: the drive is not ready with its "
			    "volume: waiting for it, at most %" PRId64 " min",
			    st->device,
			    st->options.load_wait_ns / INT64_C(60000000000));
		said = true;
		if (!sleep_a_while(st))
			return ECANCELED;
	}
	return err;
}

/*
 * A driver that was told not to wait for filemarks makes nothing safe, and
 * does not say so.
 */
static bool waits_for_filemarks(struct st *st, struct tape_result *r)
{
	unsigned long options;

	if (!st_attribute(st, "options", &options) ||
	    !(options & MT_ST_NOWAIT_EOF))
		return true;
	r->cause = TAPE_NO_VOLUME;
	sentence(r->message, sizeof r->message,
	    "%s: its driver does not "
	    "wait for filemarks, so nothing would be safe; as root: mt -f "
	    "%s stclearoptions 0x%x",
	    st->device, st->device, MT_ST_NOWAIT_EOF);
	return false;
}

/*
 * A driver that collects fixed blocks in a buffer of its own writes what it
 * has collected again after an error, with whatever it is asked for next, and
 * wherever the tape is then.  It does so only without direct I/O.
 */
static bool holds_no_blocks(struct st *st, struct tape_result *r)
{
	unsigned long direct, options;

	if (st->options.fixed_bytes == 0 || st->options.reading ||
	    !st_number(st, "/sys/bus/scsi/drivers/st/try_direct_io", &direct) ||
	    direct != 0 ||
	    (st_attribute(st, "options", &options) &&
		!(options & MT_ST_BUFFER_WRITES)))
		return true;
	r->cause = TAPE_NO_VOLUME;
	sentence(r->message, sizeof r->message,
	    "%s: its driver collects "
	    "fixed blocks, and after an error may write them anywhere: leave "
	    "--fixed out, or as root: mt -f %s stclearoptions 0x%x",
	    st->device, st->device, MT_ST_BUFFER_WRITES);
	return false;
}

/* The block limits, as the drive says them; false: it cannot be asked. */
static bool ask_limits(struct st *st)
{
	static const uint8_t command[6] = { 0x05 };
	uint8_t data[6];

	if (!st_scsi(st, command, sizeof command, data, sizeof data))
		return false;
	st->block_max_bytes =
	    (uint64_t)data[1] << 16 | (uint64_t)data[2] << 8 | data[3];
	st->block_min_bytes = (uint64_t)data[4] << 8 | data[5];
	if (st->block_max_bytes == 0)
		st->block_max_bytes = BLOCK_MAX_BYTES;
	return true;
}

/* The longest block that can be set; where the drive may not be asked. */
static uint64_t try_blocks(struct st *st)
{
	uint64_t most = BLOCK_MAX_BYTES;

	if (st_op(st, MTSETBLK, (int)most, "try a block size") == 0)
		return most;
	for (most = 8 << 20; most > TAPE_BLOCK_MIN_BYTES; most /= 2)
		if (st_op(st, MTSETBLK, (int)most, "try a block size") == 0)
			break;
	return most;
}

static void find_limits(struct st *st)
{
	if (ask_limits(st))
		return;
	st->block_min_bytes = 1;
	st->block_max_bytes = try_blocks(st);
}

static void set_compression(struct st *st)
{
	enum st_compression want = st->options.compression;
	int err;

	if (want == ST_COMPRESSION_AS_IT_IS)
		return;
	err = st_op(st, MTCOMPRESSION, want == ST_COMPRESSION_ON,
	    "set compression");
	if (err != 0)
		st_notice(st,
		    "%s: compression cannot be set, and is as it "
		    "was (%s)",
		    st->device, strerror(err));
}

static bool prepare(struct st *st, struct tape_result *r)
{
	const char *doing = "rewind";
	int err = st_to_bot(st);

	if (err == 0) {
		/* Now the driver passes it on, even after a reset. */
		if (st->options.reading)
			st_unlock_anyway(st);
		else
			st_lock(st);
		if (!waits_for_filemarks(st, r) || !holds_no_blocks(st, r))
			return false;
		find_limits(st);
		doing = "set a variable block size";
		err = st_op(st, MTSETBLK, 0, doing);
		st->block_set = 0;
	}
	if (err != 0) {
		st_fail(st, r, doing, err);
		return false;
	}
	if (st->read_only == 0)
		set_compression(st);
	st_find_position(st);
	st->alerts_known = st_alerts(st, st->alerts);
	st->worm = st_is_worm(st);
	return true;
}

/* Whether the drive takes such blocks; what cannot be found out is no "no". */
static int check_block(struct st *st, uint64_t bytes, struct tape_result *r)
{
	bool takes = bytes <= BLOCK_MAX_BYTES;

	if (bytes == 0)
		return 0;
	if (takes && ask_limits(st))
		takes = bytes >= st->block_min_bytes &&
		    bytes <= st->block_max_bytes;
	else if (takes)
		takes = st_op(st, MTSETBLK, (int)bytes, "try a block size") !=
		    EINVAL;
	if (takes)
		return 0;
	r->cause = TAPE_INVALID;
	sentence(r->message, sizeof r->message,
	    "%s: the drive takes no "
	    "blocks of %" PRIu64 " bytes: choose another size with --block",
	    st->device, bytes);
	return EINVAL;
}

int st_look(struct st *st, uint64_t block_bytes, struct tape_result *r)
{
	int err = open_now(st, O_RDONLY);

	if (err == 0) {
		st_unlock_anyway(st);
		err = check_block(st, block_bytes, r);
		if (err != 0)
			return not_open(st, err);
		err = st_close_node(st);
	} else if (err == EAGAIN) {
		err = 0;
	}
	if (err != 0)
		say_open(st, r, err);
	return err;
}

int st_open(struct st *st, struct tape_result *r)
{
	struct tape_result ignored;
	int err;

	st->at.file = st->begun = TAPE_POSITION_UNKNOWN;
	st->in_file = st->dirty = st->failed = st->astray = false;
	st->doubted = false;
	st->locked = st->cannot_lock = false;
	st->broken = TAPE_OK;
	st->first_sum = 0;
	err = open_ready(st);
	if (err != 0) {
		say_open(st, r, err);
		return err;
	}
	if (!prepare(st, r)) {
		tape_result_init(&ignored, 0);
		st_close(st, &ignored);
		return EIO;
	}
	return 0;
}

void st_close(struct st *st, struct tape_result *r)
{
	const char *doing = "filemark after an unfinished file";
	int err, err2;

	err = st_settle(st);
	/* Nothing is written from here on: see st_door.c. */
	st_unlock(st);
	err2 = st_op(st, st->options.eject ? MTOFFL : MTREW, 1,
	    st->options.eject ? "eject" : "rewind");
	if (err == 0 && err2 != 0) {
		doing = st->options.eject ? "eject" : "rewind";
		err = err2;
	}
	/* After a reset the driver unlocks nothing before it has rewound. */
	st_unlock(st);
	if (st->locked && err != ENXIO && err != ENODEV)
		st_notice(st,
		    "%s: the drive's door is still locked: mt -f %s "
		    "unlock",
		    st->device, st->device);
	if (err != 0)
		st_fail(st, r, doing, err);
	err2 = st_close_node(st);
	if (err == 0 && err2 != 0)
		st_say(st, r, TAPE_UNKNOWN_ERROR, "close", strerror(err2));
}
