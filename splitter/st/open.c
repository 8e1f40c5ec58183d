/* open.c: opens the device with a volume in it, and closes it. */
#include "splitter/st/impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/facts/facts.h"
#include "splitter/scsi/node/names.h"
#include "splitter/scsi/timeouts.h"
#include "splitter/scsi/waiting.h"

/* The largest value of READ BLOCK LIMITS, and the time between two tries. */
enum { BLOCK_MAX_BYTES = 0xffffff };
#define RETRY_NS INT64_C(1000000000)
/* A drive that becomes ready within this time needs no notice. */
#define NOTICE_NS INT64_C(5000000000)

static const char *explain(int err)
{
	switch (err) {
	case ENOMEDIUM:
		return "the drive is empty: put a cartridge in";
	case ENOTTY:
		return "this is not a tape drive: name a drive such as "
		       "/dev/nst0 or /dev/sg3";
	case EIO:
		return "the drive does not become ready with the volume in it";
	case ECANCELED:
		return "interrupted while the drive was not ready";
	default:
		return scsi_open_text(SCSI_NODE_ST, err);
	}
}

/* Says which programs have the drive open, where that can be known. */
static void add_users(const struct st *st, char *text, size_t text_bytes)
{
	struct scsi_names names;
	char ignored[256];

	if (scsi_find_names(st->drive.device, NULL, &names, ignored,
		sizeof ignored) == 0)
		scsi_add_users(&names, NULL, text, text_bytes);
}

static void report_open(struct st *st, struct tape_result *r, int err)
{
	/*
	 * EIO: the drive is not ready, but may become ready with another
	 * volume.
	 */
	r->cause = err == EIO ? TAPE_UNKNOWN_ERROR : TAPE_NO_VOLUME;
	sentence(r->message, sizeof r->message, "%s: %s", st->drive.device,
	    explain(err));
	if (err == EBUSY)
		add_users(st, r->message, sizeof r->message);
}

static void take_status(struct st *st, const struct st_status *status)
{
	st_found_block(st, status->block_bytes);
	if (status->protected)
		st->drive.read_only = EROFS;
}

/*
 * Opens the device without waiting for a volume: the driver would wait two
 * minutes, and could not be interrupted.  Returns EAGAIN if the drive is not
 * ready, ENOMEDIUM if it is empty; the device is then open, too.
 *
 * A device that is open is closed for that moment, because the driver looks for
 * a volume only when the device is opened.
 */
static int open_now(struct st *st, int flags)
{
	struct st_status status;
	int err;

	if (st->fd != -1)
		st_close_node(st);
	err = st_open_node(st, flags | O_NONBLOCK);
	if (err != 0)
		return err;
	err = st_get_status(st, &status);
	if (err == EIO) /* the drive was reset; a rewind clears that */
		return 0;
	if (err != 0) {
		st_close_node(st);
		return err;
	}
	if (status.no_medium)
		return ENOMEDIUM;
	if (!status.ready)
		return EAGAIN;
	take_status(st, &status);
	return 0;
}

/* Opens the device for writing if possible, otherwise for reading. */
static int open_either(struct st *st)
{
	int err;

	st->drive.read_only = 0;
	err = open_now(st, O_RDWR);
	if (err == EACCES || err == EPERM || err == EROFS) {
		st->drive.read_only = err;
		err = open_now(st, O_RDONLY);
	}
	return err;
}

static bool sleep_before_retry(struct st *st)
{
	if (st->drive.options.sleep != NULL)
		return st->drive.options.sleep(st->drive.options.sleep_arg,
		    RETRY_NS);
	st->sys->sleep_ns(st->sys->arg, RETRY_NS);
	return true;
}

/* The generation of the drive, as the kernel knows its product. */
static unsigned generation(struct st *st)
{
	char product[64];

	return st_attribute_text(st, "device/model", product, sizeof product)
	    ? scsi_product_generation(product)
	    : 0;
}

/* The driver reports no reason. */
static void notice_wait(struct st *st, int64_t waited_ns, int64_t most_ns)
{
	struct scsi_waiting waiting;

	real_notice(&st->drive, "%s: the drive is not ready%s%s",
	    st->drive.device, scsi_waiting_text(&waiting, waited_ns, most_ns),
	    real_first_load(generation(st)));
}

/*
 * Opens the device and waits until the drive is ready, as loading may take
 * long.  Only opening the device shows that it is: see open_now().
 */
static int open_ready(struct st *st)
{
	const int64_t most_ns = scsi_load_wait_ns(NULL, generation(st),
	    st->drive.options.load_wait_ns);
	int64_t waited_ns, notice_ns = NOTICE_NS;
	int err;

	while ((err = open_either(st)) == EAGAIN) {
		waited_ns =
		    st->sys->clock_ns(st->sys->arg) - st->drive.begun_ns;
		if (waited_ns >= most_ns)
			return EIO;
		if (scsi_waiting_is_due(&notice_ns, waited_ns))
			notice_wait(st, waited_ns, most_ns);
		if (!sleep_before_retry(st))
			return ECANCELED;
	}
	return err;
}

/*
 * Returns whether filemarks are synchronised.  With the driver's option for
 * asynchronous filemarks, a filemark does not make data safe, and the driver
 * does not report that.
 */
static bool waits_for_filemarks(struct st *st, struct tape_result *r)
{
	unsigned long options;

	if (!st_attribute(st, "options", &options) ||
	    !(options & MT_ST_NOWAIT_EOF))
		return true;
	r->cause = TAPE_NO_VOLUME;
	sentence(r->message, sizeof r->message,
	    "%s: the driver does not wait for filemarks, so nothing "
	    "would be safe; run as root: mt -f %s stclearoptions 0x%x",
	    st->drive.device, st->drive.device, MT_ST_NOWAIT_EOF);
	return false;
}

/*
 * Returns whether the driver holds no blocks of its own.  If it collects fixed
 * blocks in its buffer, it writes them again after an error, with the next
 * request, at whatever position the tape then has.  It does so only without
 * direct I/O.
 */
static bool holds_no_blocks(struct st *st, struct tape_result *r)
{
	unsigned long direct, options;

	if (st->drive.options.fixed_bytes == 0 || st->drive.options.reading ||
	    !st_number(st, "/sys/bus/scsi/drivers/st/try_direct_io", &direct) ||
	    direct != 0 ||
	    (st_attribute(st, "options", &options) &&
		!(options & MT_ST_BUFFER_WRITES)))
		return true;
	r->cause = TAPE_NO_VOLUME;
	sentence(r->message, sizeof r->message,
	    "%s: the driver buffers fixed blocks, and may write them "
	    "anywhere after an error: leave out --fixed, or run as "
	    "root: mt -f %s stclearoptions 0x%x",
	    st->drive.device, st->drive.device, MT_ST_BUFFER_WRITES);
	return false;
}

/* Queries the block limits of the drive.  Returns false if the query fails. */
static bool ask_limits(struct st *st)
{
	static const uint8_t command[6] = { 0x05 };
	uint8_t data[6];

	if (!st_scsi_read(st, command, sizeof command, data, sizeof data))
		return false;
	st->drive.block_max_bytes =
	    (uint64_t)data[1] << 16 | (uint64_t)data[2] << 8 | data[3];
	st->drive.block_min_bytes = (uint64_t)data[4] << 8 | data[5];
	if (st->drive.block_max_bytes == 0)
		st->drive.block_max_bytes = BLOCK_MAX_BYTES;
	return true;
}

/*
 * Finds the longest block that can be set, for a drive whose limits cannot be
 * queried.
 */
static uint64_t try_blocks(struct st *st)
{
	uint64_t bytes = BLOCK_MAX_BYTES;

	if (st_set_block(st, bytes) == 0)
		return bytes;
	for (bytes = 8 << 20; bytes > TAPE_BLOCK_MIN_BYTES; bytes /= 2)
		if (st_set_block(st, bytes) == 0)
			break;
	return bytes;
}

static void find_limits(struct st *st)
{
	if (ask_limits(st))
		return;
	st->drive.block_min_bytes = 1;
	st->drive.block_max_bytes = try_blocks(st);
}

static bool prepare(struct st *st, struct tape_result *r)
{
	const char *doing = "rewind";
	struct st_status status;
	int err = st_rewind(st);

	if (err == 0 && !st->block_known) {
		/* After a reset the driver had no status. */
		doing = "read the status";
		err = st_get_status(st, &status);
		if (err == 0)
			take_status(st, &status);
	}
	if (err == 0) {
		/*
		 * After a rewind the driver really sends the lock command to
		 * the drive, even after a reset.
		 */
		if (st->drive.options.reading)
			st_force_unlock(st);
		else
			real_lock(&st->drive);
		if (!waits_for_filemarks(st, r) || !holds_no_blocks(st, r))
			return false;
		find_limits(st);
		doing = "set a variable block size";
		err = st_command(st, MTSETBLK, 0, doing);
		st->block_set = 0;
	}
	if (err != 0) {
		st_fail_read(st, r, doing, err);
		return false;
	}
	if (st->drive.read_only == 0)
		st_set_compression(st);
	st_find_position(st);
	st->alerts_known = st_alerts(st, st->alerts);
	st->drive.worm = st_is_worm(st);
	return true;
}

/*
 * Returns 0 if the drive accepts blocks of this size, or if that cannot be
 * found out.
 */
static int check_block(struct st *st, uint64_t bytes, struct tape_result *r)
{
	bool fits = bytes <= BLOCK_MAX_BYTES;

	if (bytes == 0)
		return 0;
	if (fits && ask_limits(st))
		fits = bytes >= st->drive.block_min_bytes &&
		    bytes <= st->drive.block_max_bytes;
	else if (fits)
		fits = st_set_block(st, bytes) != EINVAL;
	if (fits)
		return 0;
	r->cause = TAPE_INVALID;
	sentence(r->message, sizeof r->message,
	    "%s: the drive takes no blocks of %" PRIu64
	    " bytes: choose another size with --block",
	    st->drive.device, bytes);
	return EINVAL;
}

int st_probe(struct st *st, uint64_t block_bytes, struct tape_result *r)
{
	int err = open_now(st, O_RDONLY);

	if (err == 0) {
		st_force_unlock(st);
		err = check_block(st, block_bytes, r);
		st_restore_settings(st);
		return err;
	}
	if (err == EAGAIN)
		return 0;
	report_open(st, r, err);
	return err;
}

int st_open(struct st *st, struct tape_result *r)
{
	struct tape_result ignored;
	int err;

	real_opened(&st->drive);
	st->driver_dirty = false;
	err = open_ready(st);
	if (err != 0) {
		report_open(st, r, err);
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

	err = st_end_file(st);
	/* Nothing is written after this: see door.c. */
	real_unlock(&st->drive);
	st_restore_settings(st);
	err2 = st_command(st, st->drive.options.eject ? MTOFFL : MTREW, 1,
	    st->drive.options.eject ? "eject" : "rewind");
	if (err == 0 && err2 != 0) {
		doing = st->drive.options.eject ? "eject" : "rewind";
		err = err2;
	}
	/* After a reset the driver unlocks the door only after a rewind. */
	real_unlock(&st->drive);
	if (st->drive.locked && err != ENXIO && err != ENODEV)
		real_notice(&st->drive,
		    "%s: the door of the drive is still locked: run mt -f %s "
		    "unlock",
		    st->drive.device, st->drive.device);
	if (err != 0)
		st_fail_read(st, r, doing, err);
	/*
	 * If the driver still remembers a write, because all calls have failed,
	 * it writes a filemark when the device is closed: that must not be after
	 * the next volume was put in.
	 */
	err2 = st_close_node(st);
	if (err == 0 && err2 != 0)
		real_report(&st->drive, r, TAPE_UNKNOWN_ERROR, "close",
		    strerror(err2));
	/* Held again; if that fails, the next load reports why. */
	st_open_node(st, O_RDONLY | O_NONBLOCK);
}
