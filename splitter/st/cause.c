/* cause.c: what an errno of the tape driver means; see st.h. */
#include "splitter/st/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

/* TapeAlert flags that show whether the drive or the medium failed. */
enum {
	ALERT_MEDIA = 4,
	ALERT_CARTRIDGE = 14,
	ALERT_HARDWARE_A = 30,
	ALERT_HARDWARE_B = 31
};

struct st *st_begin_operation(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct st *st = (struct st *)tape;

	st->now_ns = now_ns;
	st->begun_ns = st->sys->clock_ns(st->sys->arg);
	tape_result_init(result, now_ns);
	return st;
}

void st_end_operation(struct st *st, struct tape_result *result)
{
	int64_t took_ns = st->sys->clock_ns(st->sys->arg) - st->begun_ns;

	result->done_ns = st->now_ns + (took_ns > 0 ? took_ns : 0);
	result->leom = st->leom;
}

void st_notice(struct st *st, const char *format, ...)
{
	char message[2 * TAPE_MESSAGE_BYTES];
	va_list args;

	if (st->options.notice == NULL)
		return;
	va_start(args, format);
	sentence_v(message, sizeof message, format, args);
	va_end(args);
	st->options.notice(st->options.notice_arg, message);
}

void st_report(struct st *st, struct tape_result *result, enum tape_cause cause,
    const char *doing, const char *why)
{
	char file[32] = "";

	result->cause = cause;
	if (st->at.file != TAPE_POSITION_UNKNOWN)
		snprintf(file, sizeof file, ", file %" PRIu64, st->at.file);
	sentence(result->message, sizeof result->message,
	    "%s: volume %s%s: %s: %s", st->device,
	    st->tape.barcode[0] == '\0' ? "(no barcode)" : st->tape.barcode,
	    file, doing, why);
}

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
		return st->options.fixed_bytes == 0;
	return err == 0 && !status->no_medium &&
	    status->file == TAPE_POSITION_UNKNOWN &&
	    st->at.file != TAPE_POSITION_UNKNOWN && st->in_file;
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

/*
 * Returns the text of a cause, with advice for a tape device where there is
 * any.
 */
static const char *explain(enum tape_cause cause, const char *doing)
{
	switch (cause) {
	case TAPE_MEDIUM_ERROR:
		return strncmp(doing, "write", 5) == 0
		    ? "medium error: do not write to this volume again"
		    : tape_cause_text(cause);
	case TAPE_POSITION_LOST:
		return "the drive was reset, or its cartridge was removed";
	case TAPE_WRITE_PROTECTED:
		return "the volume is write-protected, or this user may not write "
		       "to it";
	case TAPE_INVALID:
		return "the drive or its adapter does not take a block of this "
		       "size";
	case TAPE_UNKNOWN_ERROR:
		return "error of unknown kind: see the kernel log";
	default:
		return tape_cause_text(cause);
	}
}

void st_fail_read(struct st *st, struct tape_result *result, const char *doing,
    int err)
{
	enum tape_cause cause = cause_of(st, err);
	char why[TAPE_MESSAGE_BYTES];

	snprintf(why, sizeof why, "%s (%s)", explain(cause, doing),
	    strerror(err));
	st_report(st, result, cause, doing, why);
	st->failed = st->must_rewind = st->may_be_other = true;
}
