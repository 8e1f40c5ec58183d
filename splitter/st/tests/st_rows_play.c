/*
 * st_rows_play.c: plays a row of st_rows.h on a driver.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mtio.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/st/tests/st_rows.h"

enum { BLOCK = 4096, NO_SUCH_OPERATION = 99 };

static void say_error(char *text)
{
	strcat(text,
	    errno == ENOSPC          ? "ENOSPC"
		: errno == EIO       ? "EIO"
		: errno == ENOMEM    ? "ENOMEM"
		: errno == EINVAL    ? "EINVAL"
		: errno == EBUSY     ? "EBUSY"
		: errno == EROFS     ? "EROFS"
		: errno == EACCES    ? "EACCES"
		: errno == EBADF     ? "EBADF"
		: errno == EPERM     ? "EPERM"
		: errno == ENOMEDIUM ? "ENOMEDIUM"
		: errno == ENOSYS    ? "ENOSYS"
		: errno == ESPIPE    ? "ESPIPE"
				     : "?");
}

struct play {
	const struct st_player *player;
	const struct device_calls *sys;
	char *data; /* two blocks */
	int fd;
	char *text;
};

static void say(char *text, long n, const char *good)
{
	if (n < 0)
		say_error(text);
	else if (good != NULL)
		strcat(text, good);
	else
		sprintf(text + strlen(text), "%ld", n);
}

static const struct move {
	char word;
	short op;
	int count;
} moves[] = {
	{ 'm', MTWEOF, 1 },
	{ 'i', MTWEOFI, 1 },
	{ '0', MTWEOF, 0 },
	{ '<', MTREW, 1 },
	{ 's', MTSEEK, 1 },
	{ 'f', MTFSF, 1 },
	{ 'F', MTFSF, 2 },
	{ 'b', MTBSF, 1 },
	{ 'n', MTFSR, 1 },
	{ 'N', MTBSR, 1 },
	{ 'e', MTEOM, 1 },
	{ 'x', MTOFFL, 1 },
	{ 'z', MTSETBLK, 0 },
	{ 'k', MTLOCK, 1 },
	{ 'u', MTUNLOCK, 1 },
	{ 'l', MTLOAD, 1 },
	{ 'A', MTFSFM, 1 },
	{ 'B', MTBSFM, 1 },
	{ 't', MTRETEN, 1 },
	{ 'E', MTERASE, 1 },
	{ 'd', MTSETPART, 1 },
	{ 'D', MTMKPART, 1 },
	{ 'y', MTSETDRVBUFFER, 1 },
	{ 'j', MTFSR, 0 },
	{ 'U', NO_SUCH_OPERATION, 1 },
};

static void move(struct play *p, char word)
{
	struct mtop what;
	size_t i;
	int n;

	for (i = 0; i < sizeof moves / sizeof *moves; i++)
		if (moves[i].word == word)
			break;
	if (i == sizeof moves / sizeof *moves) {
		fprintf(stderr, "no such word: %c\n", word);
		abort();
	}
	what.mt_op = moves[i].op;
	what.mt_count =
	    word == 'z' ? (int)p->player->block_bytes : moves[i].count;
	n = p->sys->ioctl(p->sys->arg, p->fd, MTIOCTOP, &what);
	say(p->text, n, n > 0 ? NULL : "ok");
}

/* The number of blocks before the row began, in its first file. */
static long filled_blocks(const struct st_player *player)
{
	return player->fill[1] > 0 ? player->fill[2] : player->fill[0];
}

/* Appends the position. */
static void say_position(struct play *p, long object)
{
	const unsigned *fill = p->player->fill;

	sprintf(p->text + strlen(p->text), "@%ld",
	    object - (long)(fill[0] + fill[1] + fill[2]));
}

static void ask(struct play *p, char word)
{
	struct mtget get;
	struct mtpos pos;
	long block;
	int n = word == 'p' ? p->sys->ioctl(p->sys->arg, p->fd, MTIOCPOS, &pos)
			    : p->sys->ioctl(p->sys->arg, p->fd, MTIOCGET, &get);

	if (n != 0) {
		say_error(p->text);
	} else if (word == 'p') {
		say_position(p, pos.mt_blkno);
	} else {
		get.mt_fileno -= (int)p->player->fill[1];
		block = get.mt_blkno;
		if (get.mt_fileno == 0 && block > 0)
			block -= filled_blocks(p->player);
		sprintf(p->text + strlen(p->text), "%d:%ld", (int)get.mt_fileno,
		    block);
		strcat(p->text, GMT_EOT(get.mt_gstat) ? "EOT" : "");
		strcat(p->text, GMT_EOD(get.mt_gstat) ? "EOD" : "");
		strcat(p->text,
		    GMT_DR_OPEN(get.mt_gstat)       ? "OPEN"
			: !GMT_ONLINE(get.mt_gstat) ? "BUSY"
			: GMT_WR_PROT(get.mt_gstat) ? "WP"
						    : "");
	}
}

/* Says what of the status the other words do not say. */
static void ask_rest(struct play *p)
{
	struct mtget get;

	if (p->sys->ioctl(p->sys->arg, p->fd, MTIOCGET, &get) != 0) {
		say_error(p->text);
		return;
	}
	sprintf(p->text + strlen(p->text), "%lx,%ld,%ld,%ld%s%s",
	    (unsigned long)get.mt_type, get.mt_resid,
	    (long)(get.mt_erreg & MT_ST_SOFTERR_MASK),
	    (long)((get.mt_dsreg & MT_ST_BLKSIZE_MASK) >> MT_ST_BLKSIZE_SHIFT),
	    GMT_BOT(get.mt_gstat) ? "BOT" : "",
	    GMT_EOF(get.mt_gstat) ? "EOF" : "");
}

/* Moves the offset of the file, or reads at an offset, as no tape needs it. */
static void offset(struct play *p, char word)
{
	if (p->sys != &device_calls_system) {
		fprintf(stderr, "%c: only on the real driver\n", word);
		abort();
	}
	say(p->text,
	    word == 'S' ? (long)lseek(p->fd, BLOCK, SEEK_SET)
			: (long)pread(p->fd, p->data, BLOCK, 0),
	    word == 'S' ? "ok" : NULL);
}

static void ask_scsi(struct play *p, char word)
{
	unsigned char command
	    [10] = { word == 'P' ? 0x34 : 0x4d, [2] = word == 'P' ? 0 : 0x52 },
     data[20], sense[32];
	sg_io_hdr_t header = { .interface_id = 'S',
		.dxfer_direction = SG_DXFER_FROM_DEV,
		.cmd_len = sizeof command,
		.cmdp = command,
		.mx_sb_len = sizeof sense,
		.sbp = sense,
		.timeout = 20000,
		.dxferp = data,
		.dxfer_len = sizeof data };
	int n;

	if (word == 'g')
		command[8] = sizeof data;
	n = p->sys->ioctl(p->sys->arg, p->fd, SG_IO, &header);
	if (n == 0 && header.status == 0 && word == 'P')
		say_position(p, data[7]);
	else
		say(p->text, n == 0 ? header.status : n, NULL);
}

static void must(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(2);
}

/* Writes what is on the volume before the row begins. */
static void fill(struct play *p)
{
	const struct st_player *player = p->player;
	struct mtop what = { MTSETPART, (int)player->partition };
	unsigned i, j;

	if (player->partition > 0)
		must(p->sys->ioctl(p->sys->arg, p->fd, MTIOCTOP, &what) == 0,
		    "partition");
	for (i = 0; i < 3; i++)
		for (j = 0; j < player->fill[i]; j++) {
			what = (struct mtop){ MTWEOF, 1 };
			must(i == 1 ? p->sys->ioctl(p->sys->arg, p->fd,
					  MTIOCTOP, &what) == 0
				    : p->sys->write(p->sys->arg, p->fd, p->data,
					  player->block_bytes) > 0,
			    "fill");
		}
}

static void open_device(struct play *p, char word)
{
	int n = p->sys->open(p->sys->arg, p->player->device,
	    word == 'o'       ? O_RDWR
		: word == 'q' ? O_RDONLY
		: word == 'Q' ? O_RDWR | O_NONBLOCK
			      : O_RDONLY | O_NONBLOCK);

	if (n >= 0 && p->fd < 0) {
		p->fd = n;
		fill(p);
	} else if (n >= 0) {
		p->fd = n;
	}
	say(p->text, n, "ok");
}

/* Bytes are counted as if a block had 4096. */
static void transfer(struct play *p, char word)
{
	size_t bytes = p->player->block_bytes;
	ssize_t n;

	if (word == 'r' || word == 'R')
		n = p->sys->read(p->sys->arg, p->fd, p->data,
		    word == 'r' ? bytes : 2 * bytes);
	else
		n = p->sys->write(p->sys->arg, p->fd, p->data,
		    word == 'K'       ? 0
			: word == 'w' ? bytes
				      : 2 * bytes);
	say(p->text, n > 0 ? (long)((size_t)n / bytes * BLOCK) : n, NULL);
}

static void word(struct play *p, char word)
{
	if (strchr("wWvKrR", word) != NULL)
		transfer(p, word);
	else if (word == 'g' || word == 'P')
		ask_scsi(p, word);
	else if (word == 'o' || word == 'q' || word == 'O' || word == 'Q')
		open_device(p, word);
	else if (word == 'c')
		say(p->text, p->sys->close(p->sys->arg, p->fd), "ok");
	else if (word == '?' || word == 'p')
		ask(p, word);
	else if (word == 'G')
		ask_rest(p);
	else if (word == 'S' || word == 'H')
		offset(p, word);
	else
		move(p, word);
}

void st_rows_play(const struct st_player *player, const char *script,
    char text[ST_ROWS_TEXT_BYTES])
{
	struct play p = { player, player->sys, .fd = -1, .text = text };
	size_t bytes = 2 * (size_t)player->block_bytes;
	char *buf;

	if (posix_memalign((void **)&buf, 4096,
		bytes + player->misaligned_by) != 0)
		abort();
	p.data = buf + player->misaligned_by;
	memset(p.data, 0x5a, bytes);
	text[0] = '\0';
	for (; *script != '\0'; script++) {
		if (*script == ' ')
			continue;
		if (*script == '!' || *script == 'L') {
			player->act(player->act_arg,
			    *script == '!' ? *++script : *script);
			continue;
		}
		strcat(text, text[0] == '\0' ? "" : " ");
		word(&p, *script);
	}
	free(buf);
}
