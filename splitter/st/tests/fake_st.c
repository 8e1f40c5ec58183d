/*
 * fake_st.c: the simulated tape driver: open, close, read, write; see
 * fake_st.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/st/tests/fake_st_impl.h"

enum { TAPE_FD = 700, ATTRIBUTE_FD = 701 };
#define OPEN_WAIT_NS INT64_C(120000000000)

int fake_land(struct fake_st *f)
{
	const struct fake_sense *s = &f->flight;

	if (!f->flying)
		return 0;
	f->flying = false;
	if (f->block >= 0)
		f->block++;
	if (!s->check)
		return 0;
	if (!s->deferred && s->eom && s->key == KEY_NONE && s->undone == 0)
		return ENOSPC;
	f->block = -1;
	return EIO;
}

static int answer(int err, int value)
{
	if (err == 0)
		return value;
	errno = err;
	return -1;
}

/* Opens "/sys/class/scsi_tape/nst0/NAME". */
static int open_attribute(struct fake_st *f, const char *path)
{
	f->attribute = strrchr(path, '/') + 1;
	if ((strcmp(f->attribute, "position_lost_in_reset") == 0 &&
		!f->config.old_kernel) ||
	    (strcmp(f->attribute, "model") == 0 && f->config.product) ||
	    strcmp(f->attribute, "options") == 0 ||
	    strcmp(f->attribute, "try_direct_io") == 0)
		return ATTRIBUTE_FD;
	return answer(ENOENT, 0);
}

static enum fake_ready test_ready(const struct fake_st *f)
{
	return f->volume == NULL             ? NO_TAPE
	    : f->now_ns < f->config.ready_ns ? NOT_READY
					     : READY;
}

static int open_device(struct fake_st *f, int flags)
{
	bool waits = !(flags & O_NONBLOCK), writes = flags & O_RDWR;

	if (f->config.open_error != 0)
		return f->config.open_error;
	if (f->config.not_ours && writes)
		return EACCES;
	if (f->is_open)
		return EBUSY;
	f->ready = test_ready(f);
	if (waits && f->ready != READY) {
		f->now_ns += OPEN_WAIT_NS;
		f->ready = test_ready(f);
	}
	if (waits && f->ready != READY)
		return f->ready == NO_TAPE ? ENOMEDIUM : EIO;
	if (waits && writes && f->volume->kind == MEMTAPE_PROTECTED)
		return EROFS;
	f->is_open = true;
	f->read_only = !writes;
	f->nonblock = !waits;
	f->rw = RW_IDLE;
	f->flying = false;
	if (f->ready != READY) {
		f->file = f->block = -1;
		f->locks = false;
	} else if (f->attention != ATTENTION_NONE) {
		f->attention = ATTENTION_NONE;
		f->reset = false;
		f->file = f->block = 0;
		f->end = END_NONE;
	}
	return 0;
}

static int fake_open(void *arg, const char *path, int flags)
{
	struct fake_st *f = arg;
	enum fake_way way;
	int err;

	if (strncmp(path, "/sys/", 5) == 0)
		return open_attribute(f, path);
	if (strcmp(path, "/dev/nst0") != 0)
		return answer(ENOENT, 0);
	way = fake_next_fault(f, &err);
	if (err == 0)
		err = open_device(f, flags);
	if (way == FAKE_EIO_DONE)
		way = FAKE_WAYS; /* a failed open leaves nothing open */
	return answer(fake_aftermath(f, way, err), TAPE_FD);
}

/* Goes back over the second filemark of rule O2. */
static void back_over_mark(struct fake_st *f)
{
	struct fake_sense s;

	fake_drive_space_marks(f, -1, &s);
	if (f->file > 0)
		f->file--;
}

/* Closes the device by rule O2. */
static int close_device(struct fake_st *f)
{
	int err = 0;

	if (f->rw == RW_WRITE && !f->reset) {
		err = fake_land(f);
		if (err == ENOSPC)
			err = 0;
		if (err == 0)
			err =
			    fake_op(f, MTWEOF, f->config.two_filemarks ? 2 : 1);
		/* The next program overwrites the second one. */
		if (err == 0 && f->config.two_filemarks)
			back_over_mark(f);
	}
	f->is_open = false;
	return err;
}

static int fake_close(void *arg, int fd)
{
	struct fake_st *f = arg;
	enum fake_way way;
	int err, err2;

	if (fd == ATTRIBUTE_FD)
		return 0;
	if (fd != TAPE_FD || !f->is_open)
		return answer(EBADF, 0);
	way = fake_next_fault(f, &err);
	err2 = close_device(f);
	return answer(fake_aftermath(f, way, err != 0 ? err : err2), 0);
}

static int check(const struct fake_st *f, size_t bytes)
{
	if (f->ready != READY)
		return f->ready == NO_TAPE ? ENOMEDIUM : EIO;
	if (f->reset)
		return EIO;
	if (f->block_size == 0 && bytes > 0 &&
	    (bytes < f->config.block_min_bytes ||
		bytes > f->config.block_max_bytes))
		return EINVAL;
	if (f->block_size > 0 && bytes % (size_t)f->block_size != 0)
		return EINVAL;
	return 0;
}

/*
 * Returns the result of a write that was waited for: the byte count, or an
 * errno.
 */
static int landed(struct fake_st *f, const struct fake_sense *s, size_t bytes,
    size_t *count)
{
	if (!s->check) {
		*count = bytes;
	} else if (s->eom) {
		*count = bytes - (size_t)s->undone;
		f->end = END_WARNED;
	} else {
		f->block = -1;
		return EIO;
	}
	if (f->block >= 0)
		f->block += *count > 0;
	return *count == 0 ? ENOSPC : 0;
}

/*
 * Writes with one command.  Fixed blocks stop at the block that meets an end.
 */
static int write_device(struct fake_st *f, const char *data, size_t bytes,
    size_t *count)
{
	size_t one = f->block_size > 0 ? (size_t)f->block_size : bytes, n = 0;
	bool flies = f->block_size == 0 && f->config.async_bytes > 0 &&
	    bytes >= f->config.async_bytes && f->end < END_WARNED;
	struct fake_sense s;
	int err = 0;

	f->rw = RW_WRITE;
	while (err == 0 && *count < bytes && f->end != END_WARNED) {
		fake_drive_write(f, data + *count, one, &s);
		if (flies) {
			f->flying = true;
			f->flight = s;
			*count = bytes;
			return 0;
		}
		err = landed(f, &s, one, &n);
		*count += err == 0 ? n : 0;
	}
	return *count > 0 ? 0 : err;
}

static int write_checked(struct fake_st *f, const void *data, size_t bytes,
    size_t *count)
{
	int err = f->read_only ? EBADF : check(f, bytes);

	*count = 0;
	if (err != 0 || bytes == 0)
		return err;
	if (f->volume != NULL && f->volume->kind == MEMTAPE_PROTECTED)
		return EACCES;
	err = fake_land(f);
	if (err != 0)
		f->end = err == ENOSPC ? END_WARNED : END_BAD;
	if (f->end == END_WARNED) {
		f->end = END_REFUSED;
		return ENOSPC;
	}
	if (f->end == END_BAD)
		return EIO;
	err = write_device(f, data, bytes, count);
	if (err == 0 && f->end == END_REFUSED)
		f->end = END_WARNED;
	else if (err == 0 && f->end != END_WARNED)
		f->end = END_NONE;
	return err;
}

static ssize_t fake_write(void *arg, int fd, const void *data, size_t bytes)
{
	struct fake_st *f = arg;
	enum fake_way way;
	size_t count = 0;
	int err;

	if (fd != TAPE_FD || !f->is_open)
		return answer(EBADF, 0);
	way = fake_next_fault(f, &err);
	if (err == 0)
		err = write_checked(f, data, bytes, &count);
	err = fake_aftermath(f, way, err);
	return answer(err, (int)count);
}

/*
 * Reads the next object.  Returns 1 at an end of any kind, and stores that in
 * `end`.
 */
static int read_object(struct fake_st *f, void *buf, size_t bytes,
    size_t *count)
{
	const struct memtape_object *o;
	struct fake_sense s;
	bool behind_mark = f->end == END_MARK;

	o = fake_drive_read(f, &s);
	if (o == NULL && s.key == KEY_BLANK && !s.deferred && s.eom &&
	    !behind_mark) { /* rule R6 */
		f->end = END_WARNED;
		if (f->block >= 0)
			f->block += f->block_size == 0;
		return 0;
	}
	if (o == NULL) {
		f->block = -1;
		if (s.key != KEY_BLANK || s.deferred || !behind_mark)
			return EIO;
		f->end = s.eom ? END_REFUSED : END_SECOND;
		return 0;
	}
	if (s.mark) {
		f->end = END_MARK_HIT;
		return 0;
	}
	if (f->block >= 0)
		f->block++;
	if (f->block_size > 0 && o->bytes != (uint64_t)f->block_size) {
		f->at--;
		return EIO;
	}
	if (o->bytes > bytes)
		return ENOMEM;
	memcpy(buf, o->data, o->bytes);
	*count = o->bytes;
	return 0;
}

static int read_checked(struct fake_st *f, void *buf, size_t bytes,
    size_t *count)
{
	int err = check(f, bytes);

	if (err == 0 && f->rw == RW_WRITE)
		err = fake_land(f);
	if (err != 0 || bytes == 0)
		return err;
	f->rw = RW_READ;
	if (f->end >= END_REFUSED)
		return f->end++ < END_DATA ? 0 : (f->end = END_DATA, EIO);
	err = read_object(f, buf, bytes, count);
	if (err != 0)
		return err;
	if (*count > 0) {
		if (f->end == END_MARK)
			f->end = END_NONE;
	} else if (f->end == END_MARK_HIT) {
		f->end = END_MARK;
		f->block = 0;
		if (f->file >= 0)
			f->file++;
	} else if (f->end == END_REFUSED) { /* rule R6 */
		f->end = END_SECOND;
		f->block = 0;
		if (f->file >= 0)
			f->file++;
	} else if (f->end == END_SECOND) {
		f->end = END_DATA;
	}
	return 0;
}

static ssize_t read_attribute(struct fake_st *f, char *buf, size_t bytes)
{
	if (strcmp(f->attribute, "options") == 0)
		snprintf(buf, bytes, "0x%08lx\n", f->config.driver_options);
	else if (strcmp(f->attribute, "model") == 0)
		snprintf(buf, bytes, "%s\n", f->config.product);
	else if (strcmp(f->attribute, "try_direct_io") == 0)
		snprintf(buf, bytes, "%d\n", !f->config.no_direct_io);
	else
		snprintf(buf, bytes, "%d\n", f->reset);
	return (ssize_t)strlen(buf);
}

static ssize_t fake_read(void *arg, int fd, void *buf, size_t bytes)
{
	struct fake_st *f = arg;
	enum fake_way way;
	size_t count = 0;
	int err;

	if (fd == ATTRIBUTE_FD)
		return read_attribute(f, buf, bytes);
	if (fd != TAPE_FD || !f->is_open)
		return answer(EBADF, 0);
	way = fake_next_fault(f, &err);
	if (err == 0)
		err = read_checked(f, buf, bytes, &count);
	return answer(fake_aftermath(f, way, err), (int)count);
}

static int64_t fake_clock_ns(void *arg)
{
	return ((struct fake_st *)arg)->now_ns;
}

static void fake_sleep_ns(void *arg, int64_t ns)
{
	((struct fake_st *)arg)->now_ns += ns;
}

struct fake_st *fake_st_new(const struct fake_st_config *config)
{
	struct fake_st *f = calloc(1, sizeof *f);

	if (f == NULL)
		abort();
	f->config = *config;
	if (f->config.block_min_bytes == 0)
		f->config.block_min_bytes = 1;
	if (f->config.block_max_bytes == 0)
		f->config.block_max_bytes = 8 << 20;
	if (f->config.position_unit == 0)
		f->config.position_unit = 1;
	while (memtape_volume(config->tapes, f->volumes) != NULL)
		f->volumes++;
	f->compression = -1;
	f->block_size = (long)config->block_bytes;
	f->now_ns = 1;
	f->sys = (struct device_calls){ .arg = f,
		.open = fake_open,
		.close = fake_close,
		.read = fake_read,
		.write = fake_write,
		.ioctl = fake_ioctl,
		.clock_ns = fake_clock_ns,
		.sleep_ns = fake_sleep_ns };
	fake_st_insert(f, 0);
	return f;
}
