/* cause.c: what an errno of the tape driver means; see st.h. */
#include "splitter/st/impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* TapeAlert flags that show whether the drive or the medium failed. */
enum {
	ALERT_MEDIA = 4,
	ALERT_CARTRIDGE = 14,
	ALERT_HARDWARE_A = 30,
	ALERT_HARDWARE_B = 31
};

static bool is_set(const uint8_t alerts[ST_ALERT_BYTES], unsigned flag)
{
	return alerts[(flag - 1) / 8] & (0x80 >> (flag - 1) % 8);
}

/* Whether the flag was set after the volume was loaded. */
static bool was_set(const struct st *st, const uint8_t alerts[ST_ALERT_BYTES],
    unsigned flag)
{
	return is_set(alerts, flag) && !is_set(st->alerts, flag);
}

static enum tape_cause alert_cause(struct st *st)
{
	uint8_t alerts[ST_ALERT_BYTES];

	if (!st->alerts_known || !st_alerts(st, alerts))
		return TAPE_UNKNOWN_ERROR;
	if (was_set(st, alerts, ALERT_HARDWARE_A) ||
	    was_set(st, alerts, ALERT_HARDWARE_B))
		return TAPE_HARDWARE_ERROR;
	if (was_set(st, alerts, ALERT_MEDIA) ||
	    was_set(st, alerts, ALERT_CARTRIDGE))
		return TAPE_MEDIUM_ERROR;
	return TAPE_UNKNOWN_ERROR;
}

/*
 * Returns whether the driver has lost the position.  MTIOCGET sends nothing to
 * the drive, except fixed blocks in the driver's buffer.  If it fails twice,
 * the cause is not a block error: the driver refuses all calls.
 */
static bool has_lost_position(struct st *st, struct st_status *status)
{
	unsigned long lost;
	int err = st_get_status(st, status);

	if (err == EIO)
		err = st_get_status(st, status);
	if (st_attribute(st, "position_lost_in_reset", &lost))
		return lost != 0;
	if (err == EIO)
		return st->drive.options.fixed_bytes == 0;
	return err == 0 && !status->no_medium &&
	    status->file == TAPE_POSITION_UNKNOWN &&
	    st->drive.at.file != TAPE_POSITION_UNKNOWN && st->drive.in_file;
}

/*
 * Returns the cause of an EIO.  The driver gives no details about an error of
 * the drive or medium.
 */
static enum tape_cause io_cause(struct st *st)
{
	struct st_status status;

	if (has_lost_position(st, &status))
		return TAPE_POSITION_LOST;
	if (status.no_medium)
		return TAPE_POSITION_LOST;
	return alert_cause(st);
}

static enum tape_cause cause_of(struct st *st, int err)
{
	switch (err) {
	case EIO:
		return io_cause(st);
	case ENOMEDIUM:
		return TAPE_POSITION_LOST;
	case ENOSPC:
		return TAPE_PEOM;
	case EINVAL:
	case EOVERFLOW:
	case EBUSY:
	case E2BIG:
	case ENOMEM:
		return TAPE_INVALID;
	case EACCES:
	case EPERM:
	case EROFS:
	case EBADF:
		return TAPE_WRITE_PROTECTED;
	case ENXIO:
	case ENODEV:
		return TAPE_HARDWARE_ERROR;
	}
	return TAPE_UNKNOWN_ERROR;
}

static void fail(struct st *st, struct tape_result *result, const char *doing,
    int err)
{
	enum tape_cause cause = cause_of(st, err);
	char why[TAPE_MESSAGE_BYTES];

	snprintf(why, sizeof why, "%s (%s)", real_explain(cause, doing),
	    strerror(err));
	real_report(&st->drive, result, cause, doing, why);
}

void st_fail_read(struct st *st, struct tape_result *result, const char *doing,
    int err)
{
	fail(st, result, doing, err);
	if (result->cause == TAPE_POSITION_LOST ||
	    result->cause == TAPE_UNKNOWN_ERROR)
		real_may_be_other(&st->drive);
	st->drive.failed = st->drive.must_rewind = st->drive.may_be_other =
	    true;
}

void st_fail_write(struct st *st, struct tape_result *result, const char *doing,
    int err)
{
	fail(st, result, doing, err);
	real_fail_write(&st->drive, result, doing, strerror(err));
}
