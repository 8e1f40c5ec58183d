/* calls.c: one system call on the tape device. */
#include "splitter/st/impl.h"

#include <errno.h>
#include <fcntl.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/scsi/timeouts.h"

enum { MS_PER_S = 1000, SENSE_BYTES = 64, PATH_BYTES = 128 };

/*
 * Records which call is in progress, for st_library_waiting_ns() in another
 * thread.
 */
static void begin_call(struct st *st, const char *doing)
{
	int64_t now_ns = st->sys->clock_ns(st->sys->arg);

	atomic_store(&st->call, doing);
	atomic_store(&st->call_begun_ns, now_ns > 0 ? now_ns : 1);
}

static void end_call(struct st *st)
{
	atomic_store(&st->call_begun_ns, 0);
	atomic_store(&st->call, NULL);
}

int st_open_node(struct st *st, int flags)
{
	int err;

	begin_call(st, "open");
	do {
		st->fd = st->sys->open(st->sys->arg, st->drive.device, flags);
		err = st->fd == -1 ? errno : 0;
	} while (err == EINTR);
	end_call(st);
	return err;
}

int st_close_node(struct st *st)
{
	int err;

	/* Linux closes the descriptor even if close() returns an error. */
	begin_call(st, "close");
	err = st->sys->close(st->sys->arg, st->fd) == -1 ? errno : 0;
	end_call(st);
	st->fd = -1;
	return err;
}

int st_write_block(struct st *st, const void *data, size_t bytes, size_t *taken)
{
	ssize_t n;
	int err;

	begin_call(st, "write");
	do {
		n = st->sys->write(st->sys->arg, st->fd, data, bytes);
		err = n == -1 ? errno : 0;
	} while (err == EINTR);
	end_call(st);
	*taken = n > 0 ? (size_t)n : 0;
	return err;
}

int st_read_block(struct st *st, void *buf, size_t bytes, size_t *got)
{
	ssize_t n;
	int err;

	begin_call(st, "read");
	do {
		n = st->sys->read(st->sys->arg, st->fd, buf, bytes);
		err = n == -1 ? errno : 0;
	} while (err == EINTR);
	end_call(st);
	*got = n > 0 ? (size_t)n : 0;
	return err;
}

/*
 * Makes an ioctl call and repeats it after ENOSPC.  The driver first waits for
 * the block in its buffer.  If that block met the early warning, the driver
 * returns ENOSPC and does nothing else.  The warning is not reported anywhere
 * else.
 */
static int call(struct st *st, unsigned long request, void *what,
    const char *doing)
{
	bool warned = false;
	int err, n;

	begin_call(st, doing);
	for (;;) {
		n = st->sys->ioctl(st->sys->arg, st->fd, request, what);
		/* MTLOCK may return the status of its SCSI command. */
		err = n == -1 ? errno : n > 0 ? EIO : 0;
		if (err == ENOSPC && !warned)
			warned = st->drive.leom = true;
		else if (err != EINTR)
			break;
	}
	end_call(st);
	return err;
}

int st_command(struct st *st, short op, int count, const char *doing)
{
	struct mtop what = { .mt_op = op, .mt_count = count };

	return call(st, MTIOCTOP, &what, doing);
}

int st_get_status(struct st *st, struct st_status *status)
{
	struct mtget get;
	int err;

	memset(&get, 0, sizeof get);
	memset(status, 0, sizeof *status);
	err = call(st, MTIOCGET, &get, "status");
	status->file = err != 0 || get.mt_fileno < 0 ? TAPE_POSITION_UNKNOWN
						     : (uint64_t)get.mt_fileno;
	status->eot = GMT_EOT(get.mt_gstat) != 0;
	status->eod = GMT_EOD(get.mt_gstat) != 0;
	status->ready = GMT_ONLINE(get.mt_gstat) != 0;
	status->no_medium = GMT_DR_OPEN(get.mt_gstat) != 0;
	status->block_bytes =
	    (uint64_t)get.mt_dsreg >> MT_ST_BLKSIZE_SHIFT & MT_ST_BLKSIZE_MASK;
	status->protected = GMT_WR_PROT(get.mt_gstat) != 0;
	return err;
}

int st_set_block(struct st *st, uint64_t bytes)
{
	int err = 0;

	if (st->block_set != bytes)
		err =
		    st_command(st, MTSETBLK, (int)bytes, "set the block size");
	if (err == 0)
		st->block_set = bytes;
	return err;
}

/*
 * Sends READ POSITION, short form.  Bit 2 of the result: the drive does not
 * know its position.
 */
static int position_by_scsi(struct st *st, uint64_t *object)
{
	static const uint8_t command[10] = { 0x34 };
	uint8_t data[20];

	*object = TAPE_POSITION_UNKNOWN;
	if (!st_scsi_read(st, command, sizeof command, data, sizeof data) ||
	    data[0] & 0x04)
		return EIO;
	*object = (uint32_t)data[4] << 24 | (uint32_t)data[5] << 16 |
	    (uint32_t)data[6] << 8 | data[7];
	return 0;
}

int st_get_position(struct st *st, uint64_t *object)
{
	struct mtpos pos;
	int err;

	if (st->by_scsi)
		return position_by_scsi(st, object);
	memset(&pos, 0, sizeof pos);
	err = call(st, MTIOCPOS, &pos, "position");
	/* The drive reports only the low 32 bits of the position. */
	*object = err == 0 ? (uint32_t)pos.mt_blkno : TAPE_POSITION_UNKNOWN;
	return err;
}

/* Reads a small file.  Returns its first bytes as text; false: none. */
static bool read_text(struct st *st, const char *path, char *text,
    size_t text_bytes)
{
	ssize_t n;
	int fd;

	fd = st->sys->open(st->sys->arg, path, O_RDONLY);
	if (fd == -1)
		return false;
	n = st->sys->read(st->sys->arg, fd, text, text_bytes - 1);
	st->sys->close(st->sys->arg, fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	return true;
}

static void attribute_path(const struct st *st, const char *attribute,
    char path[PATH_BYTES])
{
	snprintf(path, PATH_BYTES, "/sys/class/scsi_tape/%s/%s", st->name,
	    attribute);
}

bool st_attribute_text(struct st *st, const char *attribute, char *text,
    size_t text_bytes)
{
	char path[PATH_BYTES];

	attribute_path(st, attribute, path);
	if (!read_text(st, path, text, text_bytes))
		return false;
	text[strcspn(text, "\n")] = '\0';
	return true;
}

bool st_attribute(struct st *st, const char *attribute, unsigned long *value)
{
	char path[PATH_BYTES];

	attribute_path(st, attribute, path);
	return st_number(st, path, value);
}

bool st_number(struct st *st, const char *path, unsigned long *value)
{
	char text[32], *end;

	if (!read_text(st, path, text, sizeof text))
		return false;
	*value = strtoul(text, &end, 0);
	return end != text;
}

int st_scsi(struct st *st, void *header)
{
	return call(st, SG_IO, header, "SCSI command");
}

/* The drive was not asked how long a command may take: as long as any. */
static unsigned timeout_ms(uint8_t opcode)
{
	static const struct scsi_timeouts unknown = {
		.source = SCSI_TIMEOUTS_UNKNOWN
	};

	return scsi_timeout_s(&unknown, opcode, SCSI_ANY_ACTION) * MS_PER_S;
}

bool st_scsi_read(struct st *st, const uint8_t *command, uint8_t command_bytes,
    void *buf, unsigned bytes)
{
	unsigned char sense[SENSE_BYTES];
	sg_io_hdr_t header = {
		.interface_id = 'S',
		.dxfer_direction = SG_DXFER_FROM_DEV,
		.cmd_len = command_bytes,
		.mx_sb_len = sizeof sense,
		.dxfer_len = bytes,
		.dxferp = buf,
		.cmdp = (unsigned char *)(uintptr_t)command,
		.sbp = sense,
		.timeout = timeout_ms(command[0]),
	};

	memset(buf, 0, bytes);
	return st_scsi(st, &header) == 0 && header.status == 0 &&
	    header.host_status == 0 && header.driver_status == 0 &&
	    header.resid >= 0 && (unsigned)header.resid < bytes;
}

/*
 * Log page 12h: parameter 0 holds one bit per flag, with the first flag in the
 * highest bit.  Reading this page clears no flag; reading page 2Eh does.
 */
bool st_alerts(struct st *st, uint8_t alerts[ST_ALERT_BYTES])
{
	uint8_t page[4 + 4 + ST_ALERT_BYTES];
	static const uint8_t command[10] = {
		[0] = 0x4d, [2] = 0x40 | 0x12, [8] = sizeof page
	};

	if (!st_scsi_read(st, command, sizeof command, page, sizeof page) ||
	    (page[0] & 0x3f) != 0x12 || page[4] != 0 || page[5] != 0 ||
	    page[7] < ST_ALERT_BYTES)
		return false;
	memcpy(alerts, page + 8, ST_ALERT_BYTES);
	return true;
}

/* Reads a mode page with MODE SENSE(6), without block descriptors. */
static bool mode_page(struct st *st, uint8_t number, uint8_t *page,
    uint8_t bytes)
{
	const uint8_t command[6] = { 0x1a, 0x08, number, 0, bytes, 0 };

	return st_scsi_read(st, command, sizeof command, page, bytes);
}

bool st_compression(struct st *st, bool *on)
{
	enum { HEADER = 4, COMPRESSION = 0x0f, ENABLED = 0x80 };
	uint8_t page[HEADER + 16];

	if (!mode_page(st, COMPRESSION, page, sizeof page) ||
	    (page[HEADER] & 0x3f) != COMPRESSION)
		return false;
	*on = page[HEADER + 2] & ENABLED;
	return true;
}

/*
 * Two places show a write-once medium: the mode page of the medium
 * configuration (1Dh), and the medium type in the mode parameter header.  The
 * type is nCh for LTO generation n, 01h for HP drives.
 */
bool st_is_worm(struct st *st)
{
	enum { CONFIGURATION = 0x1d, COMPRESSION = 0x0f, HP_WORM = 0x01 };
	uint8_t page[4 + 32];
	bool has_page = mode_page(st, CONFIGURATION, page, sizeof page);

	if (has_page && (page[4] & 0x3f) == CONFIGURATION && (page[6] & 1) != 0)
		return true;
	if (!has_page && !mode_page(st, COMPRESSION, page, sizeof page))
		return false;
	return page[1] == HP_WORM ||
	    ((page[1] & 0x0f) == 0x0c && page[1] >= 0x30);
}
