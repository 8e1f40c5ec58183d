/* st_open.c: opening the device with a volume in it, and closing it. */
#include "splitter/st_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* What READ BLOCK LIMITS can say at most, and between two looks. */
enum { BLOCK_MAX_BYTES = 0xffffff };
#define LOOK_AGAIN_NS	INT64_C(2000000000)

/* The device, and not the volume, is the reason: nobody can load here. */
static enum tape_cause open_cause(int err)
{
	switch (err) {
	case ENOMEDIUM:
		return TAPE_NONE;
	case EIO:
		return TAPE_UNKNOWN;	/* not ready, however long one waits */
	default:
		return TAPE_NONE;
	}
}

static void say_open(struct st *st, struct tape_result *r, int err)
{
	r->cause = open_cause(err);
	snprintf(r->message, sizeof r->message, "%.100s: %s", st->device,
	    err == EBUSY ? "another program has it open: wait for it, or end "
	    "it" : err == ENOMEDIUM ? "there is no volume in the drive" :
	    err == ENOTTY ? "this is no tape device: give one such as "
	    "/dev/nst0" : err == EIO ? "the drive does not get ready with "
	    "the volume that is in it" : strerror(err));
}

/*
 * Whether there is a volume: opened for the status alone, the driver does not
 * wait for one.
 */
static int look_for_volume(struct st *st)
{
	struct st_status status;
	int err = st_open_node(st, O_RDONLY | O_NONBLOCK), err2;

	if (err != 0)
		return err;
	err = st_ask(st, &status);
	if (err == 0 && status.no_medium)
		err = ENOMEDIUM;
	if (err == EIO)		/* it was reset: to rewind will help */
		err = 0;
	err2 = st_close_node(st);
	return err != 0 ? err : err2;
}

/* To write if it can be, else to read. */
static int open_either(struct st *st)
{
	int err = st_open_node(st, O_RDWR);

	st->read_only = err;
	if (err == EACCES || err == EPERM || err == EROFS)
		err = st_open_node(st, O_RDONLY);
	return err;
}

/* Waits while the drive gets ready: to load may take long. */
static int open_ready(struct st *st)
{
	int64_t until_ns = st->begun_ns + st->options.load_wait_ns;
	int err;

	while ((err = open_either(st)) == EIO &&
	    st->sys->clock_ns(st->sys->arg) < until_ns)
		st->sys->sleep_ns(st->sys->arg, LOOK_AGAIN_NS);
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
	r->cause = TAPE_NONE;
	snprintf(r->message, sizeof r->message, "%.60s: its driver does not "
	    "wait for filemarks, so nothing would be safe: mt -f %.60s "
	    "stclearoptions no-wait-eof", st->device, st->device);
	return false;
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
	static const uint8_t command[6] = { 0x05 };
	uint8_t data[6];

	st->block_min_bytes = 1;
	st->block_max_bytes = 0;
	if (st_scsi(st, command, sizeof command, data, sizeof data)) {
		st->block_max_bytes = (uint64_t)data[1] << 16 |
		    (uint64_t)data[2] << 8 | data[3];
		st->block_min_bytes = (uint64_t)data[4] << 8 | data[5];
		if (st->block_max_bytes == 0)
			st->block_max_bytes = BLOCK_MAX_BYTES;
	} else {
		st->block_max_bytes = try_blocks(st);
	}
	if (st->options.fixed_bytes > 0)
		st->block_min_bytes = st->block_max_bytes =
		    st->options.fixed_bytes;
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
		st_notice(st, "%s: compression cannot be set, and is as it "
		    "was (%s)", st->device, strerror(err));
}

/* Whether the drive tells where it stands; it stands at BOT. */
static void find_position(struct st *st)
{
	uint64_t object;
	int err = st_where(st, &object);

	if (err != 0)
		err = st_where(st, &object);
	st->tells = err == 0 && object == 0;
	if (!st->tells)
		st_notice(st, "%s: the drive does not tell its position%s%s: "
		    "whether it counts rightly at the end of a volume cannot "
		    "be proven", st->device, err != 0 ? ": " : "",
		    err != 0 ? strerror(err) : "");
}

static bool prepare(struct st *st, struct tape_result *r)
{
	char doing[64] = "rewind";
	int err = st_to_bot(st);

	if (err == 0) {
		if (!waits_for_filemarks(st, r))
			return false;
		find_limits(st);
		snprintf(doing, sizeof doing, "set a block size of %" PRIu64
		    " bytes", st->options.fixed_bytes);
		err = st_op(st, MTSETBLK, (int)st->options.fixed_bytes,
		    "set the block size");
	}
	if (err != 0) {
		st_fail(st, r, doing, err);
		return false;
	}
	if (st->read_only == 0)
		set_compression(st);
	find_position(st);
	st->alerts_known = st_alerts(st, st->alerts);
	return true;
}

int st_look(struct st *st, struct tape_result *r)
{
	int err = look_for_volume(st);

	if (err != 0)
		say_open(st, r, err);
	return err;
}

int st_open(struct st *st, struct tape_result *r)
{
	struct tape_result ignored;
	int err = look_for_volume(st);

	st->at.file = TAPE_NOWHERE;
	st->in_file = st->dirty = st->broken = st->failed = false;
	if (err == 0)
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
	const char *doing = "filemark behind an unfinished file";
	int err, err2;

	err = st_settle(st);
	if (st->broken)
		err = 0;
	err2 = st_op(st, st->options.eject ? MTOFFL : MTREW, 1,
	    st->options.eject ? "eject" : "rewind");
	if (err == 0 && err2 != 0) {
		doing = st->options.eject ? "eject" : "rewind";
		err = err2;
	}
	if (err != 0)
		st_fail(st, r, doing, err);
	err2 = st_close_node(st);
	if (err == 0 && err2 != 0)
		st_say(st, r, TAPE_UNKNOWN, "close", strerror(err2));
}
