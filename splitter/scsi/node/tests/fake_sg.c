/* fake_sg.c: see fake_sg.h. */
#include "splitter/scsi/node/tests/fake_sg.h"

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

enum { FD = 7 };

struct fake_sg fake_sg;

static int fake_open(void *arg, const char *path, int flags)
{
	(void)arg;
	ck_assert_str_eq(path, "/dev/sg3");
	fake_sg.flags = flags;
	errno = fake_sg.open_error;
	return fake_sg.open_error != 0 ? -1 : FD;
}

static int fake_close(void *arg, int fd)
{
	(void)arg;
	ck_assert_int_eq(fd, FD);
	fake_sg.closed++;
	return 0;
}

static ssize_t fake_write(void *arg, int fd, const void *buf, size_t bytes)
{
	(void)arg;
	ck_assert_int_eq(fd, FD);
	ck_assert_uint_eq(bytes, sizeof fake_sg.last);
	memcpy(&fake_sg.last, buf, sizeof fake_sg.last);
	ck_assert_ptr_nonnull(fake_sg.last.cmdp);
	if (fake_sg.write_error != 0) {
		errno = fake_sg.write_error;
		return -1;
	}
	fake_sg.sent++;
	memcpy(fake_sg.cdb, fake_sg.last.cmdp, fake_sg.last.cmd_len);
	if (fake_sg.last.dxfer_direction == SG_DXFER_TO_DEV)
		memcpy(fake_sg.out, fake_sg.last.dxferp,
		    fake_sg.last.dxfer_len);
	return (ssize_t)bytes;
}

static bool signals_are_blocked(void)
{
	sigset_t now;

	pthread_sigmask(SIG_SETMASK, NULL, &now);
	return sigismember(&now, SIGINT) && sigismember(&now, SIGTSTP) &&
	    sigismember(&now, SIGWINCH) && sigismember(&now, SIGCONT);
}

static ssize_t fake_read(void *arg, int fd, void *buf, size_t bytes)
{
	sg_io_hdr_t *h = buf;
	int error = fake_sg.read_at < FAKE_SG_ERRORS
	    ? fake_sg.read_errors[fake_sg.read_at++]
	    : 0;

	(void)arg;
	(void)fd;
	ck_assert_uint_eq(bytes, sizeof *h);
	fake_sg.blocked = signals_are_blocked();
	fake_sg.now_ns += 1000;
	if (error > 0) {
		errno = error;
		return -1;
	}
	*h = fake_sg.last;
	if (error == FAKE_SG_STALE) {
		h->pack_id--;
		return (ssize_t)bytes;
	}
	fake_sg.fetched++;
	h->status = fake_sg.status;
	h->host_status = fake_sg.host;
	h->driver_status = fake_sg.driver;
	h->resid = fake_sg.resid;
	h->sb_len_wr = fake_sg.sense_bytes;
	memcpy(h->sbp, fake_sg.sense, fake_sg.sense_bytes);
	if (h->dxfer_direction == SG_DXFER_FROM_DEV)
		memcpy(h->dxferp, fake_sg.in, h->dxfer_len);
	return (ssize_t)bytes;
}

static int fake_ioctl(void *arg, int fd, unsigned long request, void *what)
{
	int *value = what;

	(void)arg;
	ck_assert_int_eq(fd, FD);
	switch (request) {
	case SG_GET_NUM_WAITING:
		*value = fake_sg.now_ns >= fake_sg.answers_ns;
		return 0;
	case SG_GET_VERSION_NUM:
		*value = fake_sg.version;
		break;
	case SG_GET_SG_TABLESIZE:
		*value = fake_sg.table;
		break;
	case SG_SET_RESERVED_SIZE:
		fake_sg.reserved = *value;
		return 0;
	case SG_GET_RESERVED_SIZE:
		*value = fake_sg.reserved < fake_sg.keeps ? fake_sg.reserved
							  : fake_sg.keeps;
		return 0;
	default:
		ck_abort_msg("ioctl %lx", request);
	}
	errno = ENOTTY;
	return *value == 0 ? -1 : 0;
}

static int fake_set_blocking(void *arg, int fd)
{
	(void)arg;
	ck_assert_int_eq(fd, FD);
	errno = fake_sg.blocking_error;
	return fake_sg.blocking_error != 0 ? -1 : 0;
}

static int64_t fake_clock_ns(void *arg)
{
	(void)arg;
	return fake_sg.now_ns;
}

static void fake_sleep_ns(void *arg, int64_t ns)
{
	(void)arg;
	fake_sg.slept++;
	fake_sg.unblocked |= !signals_are_blocked();
	fake_sg.now_ns += ns;
}

const struct device_calls fake_sg_calls = {
	.open = fake_open,
	.close = fake_close,
	.read = fake_read,
	.write = fake_write,
	.ioctl = fake_ioctl,
	.set_blocking = fake_set_blocking,
	.clock_ns = fake_clock_ns,
	.sleep_ns = fake_sleep_ns,
};
