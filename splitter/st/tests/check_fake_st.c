/*
 * check_fake_st.c: the simulated driver behaves as the real one; fake_st.h has
 * the list of rules, and each row here has the name of its rule.
 *
 * A row is a script of calls, one word each, with their results:
 *
 *     w W     write a block of 4096, of 8192 bytes     bytes, or the errno
 *     v       write two blocks in one call
 *     r R     read with a buffer of 4096, 8192 bytes
 *     m i 0   MTWEOF, MTWEOFI, MTWEOF with count 0
 *     < s     MTREW, MTSEEK to block 1
 *     f F     MTFSF 1, 2           b   MTBSF 1
 *     n N     MTFSR 1, MTBSR 1     e   MTEOM
 *     j       MTFSR 0
 *     x z     MTOFFL, MTSETBLK of 4096 bytes
 *     k u     MTLOCK, MTUNLOCK         l   MTLOAD
 *     A B     MTFSFM 1, MTBSFM 1       t E MTRETEN, MTERASE
 *     d D y   MTSETPART, MTMKPART, MTSETDRVBUFFER
 *     ? p     status: file:block and end flags; position
 *     g P     SG_IO: LOG SENSE, READ POSITION: the SCSI status, the position
 *     o q     open, open for reading
 *     Q O     the same with O_NONBLOCK
 *     L       another process locks the door
 *     c       close
 *     !X      the next call fails with X: l lost, L lost late,
 *             S lost silently, R reset, Z medium error in the zone, T taken
 *             out, B put back, X exchanged
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mtio.h>
#include <scsi/sg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/st/tests/fake_st.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 4096, TEXT_BYTES = 512 };

static const struct row {
	const char *name;
	unsigned blocks, warning; /* of the volume; 0: none */
	struct fake_st_config fake;
	enum memtape_kind kind;
	const char *script, *answers;
} rows[] = {
	{ "W1 every other write is refused", 9, 6, { 0 }, MEMTAPE_BLANK,
	    "o w w w w w w w w",
	    "ok 4096 4096 4096 4096 ENOSPC 4096 ENOSPC "
	    "4096" },
	{ "W1 what was refused is not on tape", 9, 6, { 0 }, MEMTAPE_BLANK,
	    "o w w w w w p", "ok 4096 4096 4096 4096 ENOSPC @4" },
	{ "W2 nothing is written at the physical end", 3, 0, { 0 },
	    MEMTAPE_BLANK, "o w w w w w w p",
	    "ok 4096 4096 4096 ENOSPC ENOSPC ENOSPC @3" },
	{ "W3 a filemark makes the driver forget", 9, 6, { 0 }, MEMTAPE_BLANK,
	    "o w w w w ? m ? w ?",
	    "ok 4096 4096 4096 4096 0:4EOT ok 1:0 4096 1:1EOT" },
	{ "W4 EOT, then EOD", 9, 6, { 0 }, MEMTAPE_BLANK,
	    "o w w w ? w ? w ? w ?",
	    "ok 4096 4096 4096 0:3 4096 0:4EOT ENOSPC "
	    "0:4EOD 4096 0:5EOT" },
	{ "W4 EOT at the physical end", 2, 0, { 0 }, MEMTAPE_BLANK,
	    "o w w w ? w ?", "ok 4096 4096 ENOSPC 0:2EOT ENOSPC 0:2EOD" },
	{ "W5 a filemark fits", 2, 0, { 0 }, MEMTAPE_BLANK, "o w w w m ?",
	    "ok 4096 4096 ENOSPC ok 1:0" },
	{ "W5 or does not", 2, 0, { .mark_needs_room = true }, MEMTAPE_BLANK,
	    "o w w w m ? p w", "ok 4096 4096 ENOSPC EIO 0:0EOT @2 ENOSPC" },
	{ "W5 no early warning, no block refused", 2, 0, { .mark_costs = true },
	    MEMTAPE_BLANK, "o w w m ? p w",
	    "ok 4096 4096 EIO 0:0EOT @2 ENOSPC" },
	{ "W6 an error as a full count", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w !Z w ? p", "ok 4096 4096 0:2EOT @1" },
	{ "W7 W8 a refused block that the drive says is there", 2, 0,
	    { .residual = FAKE_SAYS_WRITTEN }, MEMTAPE_BLANK, "o w w w ? p",
	    "ok 4096 4096 4096 0:3EOT @2" },
	{ "W8 a block that the drive says is not there", 9, 6,
	    { .residual = FAKE_SAYS_REFUSED }, MEMTAPE_BLANK, "o w w w w ? p",
	    "ok 4096 4096 4096 ENOSPC 0:3EOT @4" },
	{ "W9 counts", 9, 0, { .block_max_bytes = 4096 }, MEMTAPE_BLANK,
	    "o W R z v", "ok EINVAL EINVAL ok 8192" },
	{ "W9 a partial count", 3, 0, { 0 }, MEMTAPE_BLANK, "o z v v ? v",
	    "ok ok 8192 4096 0:3EOT ENOSPC" },
	{ "B1 the next command tells", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w !l w ? w w p", "ok 4096 4096 0:2 EIO 4096 @2" },
	{ "B1 also one that only asks the drive", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w !l w p p", "ok 4096 4096 EIO @1" },
	{ "B1 the next filemark tells", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w !L w w i m", "ok 4096 4096 4096 ok EIO" },
	{ "B1 no report", 9, 0, { 0 }, MEMTAPE_BLANK, "o w !S w m p",
	    "ok 4096 4096 ok @2" },
	{ "B2 a flush tells, and writes nothing", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w !L w 0 0 p", "ok 4096 4096 EIO ok @1" },
	{ "B3 the next write tells", 9, 6, { .async_bytes = 1 }, MEMTAPE_BLANK,
	    "o w w w w w ? w", "ok 4096 4096 4096 4096 ENOSPC 0:4EOD 4096" },
	{ "B3 an ioctl tells once, and the writes go on", 9, 6,
	    { .async_bytes = 1 }, MEMTAPE_BLANK, "o w w w w ? ? w p p",
	    "ok 4096 4096 4096 4096 ENOSPC 0:4 4096 ENOSPC @5" },
	{ "B3 a filemark is not written when it tells", 9, 6,
	    { .async_bytes = 1 }, MEMTAPE_BLANK, "o w w w w m p m p",
	    "ok 4096 4096 4096 4096 ENOSPC @4 ok @5" },
	{ "B3 the physical end is an error", 2, 0, { .async_bytes = 1 },
	    MEMTAPE_BLANK, "o w w w w w", "ok 4096 4096 4096 EIO EIO" },
	{ "B3 and once for an ioctl", 2, 0, { .async_bytes = 1 }, MEMTAPE_BLANK,
	    "o w w w ? ? p", "ok 4096 4096 4096 EIO 0:-1 @2" },
	{ "R1 R3 a shorter block, a filemark", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m w < R R ? R", "ok 4096 ok 4096 ok 4096 0 1:0 4096" },
	{ "R2 a longer block is passed", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o W w < r r ?", "ok 8192 4096 ok ENOMEM 4096 0:2" },
	{ "R4 one filemark before the end", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m < r r ? r ? r r",
	    "ok 4096 ok ok 4096 0 1:0 0 1:-1EOD EIO "
	    "EIO" },
	{ "R4 two filemarks before the end", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m m < r r r r r", "ok 4096 ok ok ok 4096 0 0 0 EIO" },
	{ "R4 none, and after MTEOM", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w 0 < r r < e r ?", "ok 4096 ok ok 4096 EIO ok ok EIO 0:-1EOD" },
	{ "R4 nothing at all", 9, 0, { 0 }, MEMTAPE_BLANK, "o r ? n ?",
	    "ok EIO 0:-1 EIO 0:-1EOD" },
	{ "R5 another block size", 9, 0, { 0 }, MEMTAPE_BLANK, "o W 0 < z r p",
	    "ok 8192 ok ok ok EIO @0" },
	{ "R6 the end of data in the zone", 9, 6, { .eod_with_eom = true },
	    MEMTAPE_BLANK, "o w w w w 0 < r r r r r ? r ? p",
	    "ok 4096 4096 4096 4096 ok ok 4096 4096 4096 4096 0 0:-1EOT 0 "
	    "0:-1EOT @4" },
	{ "R6 after a filemark", 9, 6, { .eod_with_eom = true }, MEMTAPE_BLANK,
	    "o w w w w m < f r ? r r",
	    "ok 4096 4096 4096 4096 ok ok ok 0 2:0EOD 0 EIO" },
	{ "O1 a second open", 9, 0, { 0 }, MEMTAPE_BLANK, "o o c o",
	    "ok EBUSY ok ok" },
	{ "O1 no medium", 0, 0, { 0 }, MEMTAPE_BLANK, "o O ? w r",
	    "ENOMEDIUM ok -1:-1OPEN EBADF ENOMEDIUM" },
	{ "O1 not ready", 9, 0, { .ready_ns = INT64_C(500000000000) },
	    MEMTAPE_BLANK, "o O ? w r c o",
	    "EIO ok -1:-1BUSY EBADF EIO ok EIO" },
	{ "O1 protected, and not waiting", 9, 0, { 0 }, MEMTAPE_PROTECTED,
	    "Q ? w", "ok 0:0WP EACCES" },
	{ "O1 protected", 9, 0, { 0 }, MEMTAPE_PROTECTED, "o q w m",
	    "EROFS ok EBADF EACCES" },
	{ "O1 no permission", 9, 0, { .not_ours = true }, MEMTAPE_BLANK,
	    "o q c", "EACCES ok ok" },
	{ "O2 close writes a filemark", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w c o ? p", "ok 4096 ok ok 1:0 @2" },
	{ "O2 or two", 9, 0, { .two_filemarks = true }, MEMTAPE_BLANK,
	    "o w c o ? p", "ok 4096 ok ok 2:0 @3" },
	{ "O2 none after a filemark", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m c o p",
	    "ok 4096 ok ok ok @2" },
	{ "M1 a rewind writes a filemark", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w < r r ?", "ok 4096 ok 4096 0 1:0" },
	{ "M1 or does not rewind", 2, 0, { .mark_needs_room = true },
	    MEMTAPE_BLANK, "o w w w < p 0 < p",
	    "ok 4096 4096 ENOSPC EIO @2 ok ok @0" },
	{ "M1 MTBSF goes before it", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m w b ? p", "ok 4096 ok 4096 ok 0:-1 @1" },
	{ "M1 MTEOM writes none", 9, 0, { 0 }, MEMTAPE_BLANK, "o w e ? p",
	    "ok 4096 ok 0:-1EOD @1" },
	{ "M2 forward over filemarks", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m w m < f ? f ? f ?",
	    "ok 4096 ok 4096 ok ok ok 1:0 ok 2:0 EIO 2:-1EOD" },
	{ "M2 and back", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m w m b ? p < b",
	    "ok 4096 ok 4096 ok ok 1:-1 @3 ok EIO" },
	{ "M3 a filemark among blocks", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m w m < n n ? N ? p",
	    "ok 4096 ok 4096 ok ok ok EIO 1:0 EIO 0:-1 @1" },
	{ "M4 MTEOM counts", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m w m < e ?",
	    "ok 4096 ok 4096 ok ok ok 2:-1EOD" },
	{ "M4 or is fast", 9, 0, { .fast_eom = true }, MEMTAPE_BLANK,
	    "o w m < e ?", "ok 4096 ok ok ok -1:-1EOD" },
	{ "M5 MTSEEK", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m w m s ? p",
	    "ok 4096 ok 4096 ok ok -1:-1 @1" },
	{ "M7 ejected", 9, 0, { 0 }, MEMTAPE_BLANK, "o w x ? r p c O",
	    "ok 4096 ok 0:0OPEN ENOMEDIUM EIO ok ok" },
	{ "M2 and back over the filemark", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m w m < A ? p A p B ? p",
	    "ok 4096 ok 4096 ok ok ok 0:-1 @1 ok "
	    "@1 EIO 0:0 @0" },
	{ "M1 MTBSFM goes before it", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m w B ? p", "ok 4096 ok 4096 ok 1:0 @2" },
	{ "M6 what it cannot, or may not", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o d D y", "ok EINVAL EINVAL EPERM" },
	{ "M7 loaded again", 9, 0, { 0 }, MEMTAPE_BLANK, "o w x w l ? r p",
	    "ok 4096 ok ENOMEDIUM ok 0:0 4096 @1" },
	{ "M9 an erased tape ends there", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m w m < f E ? < r r r",
	    "ok 4096 ok 4096 ok ok ok ok 0:0 ok 4096 "
	    "0 0" },
	{ "M8 a reset ends with a retension", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m !R w w t r", "ok 4096 ok EIO EIO ok 4096" },
	{ "M8 a reset", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m w !R w r f ? < ? r r r",
	    "ok 4096 ok 4096 EIO EIO EIO -1:-1 ok 0:0 4096 0 0" },
	{ "M8 an old kernel continues at BOT", 9, 0, { .old_kernel = true },
	    MEMTAPE_BLANK, "o w m w m w !R w ? w ? p",
	    "ok 4096 ok 4096 ok 4096 EIO 2:-1 4096 2:-1 @1" },
	{ "M9 a lock makes the driver forget", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w k < r r r", "ok 4096 ok ok 4096 EIO EIO" },
	{ "M9 so does no block that is spaced over", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w !B j < r r", "ok 4096 EIO ok EIO EIO" },
	{ "M9 not if there is something to tell", 9, 6, { .async_bytes = 1 },
	    MEMTAPE_BLANK, "o w w w w j j < r r r r r r",
	    "ok 4096 4096 4096 4096 ENOSPC ok ok 4096 4096 4096 4096 EIO EIO" },
	{ "M10 locked", 9, 0, { 0 }, MEMTAPE_BLANK, "o L x u x",
	    "ok EIO ok ok" },
	{ "M10 the driver unlocks what it locked", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o k c o x", "ok ok ok ok ok" },
	{ "M10 a drive that cannot", 9, 0, { .cannot_lock = true },
	    MEMTAPE_BLANK, "o k k u x", "ok 2 ok ok ok" },
	{ "A1 put back", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m w !B w ? w p",
	    "ok 4096 ok 4096 EIO 1:-1 4096 @1" },
	{ "A1 exchanged", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m w !X m ? m p",
	    "ok 4096 ok 4096 EIO 1:-1 ok @1" },
	{ "A1 the status sends no command", 9, 0, { 0 }, MEMTAPE_BLANK,
	    "o w m !B ? w w", "ok 4096 ok 1:0 EIO 4096" },
	{ "A1 a lock swallows it", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m !B k w p",
	    "ok 4096 ok ok 4096 @1" },
	{ "A1 so does SG_IO", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m !B g g w p",
	    "ok 4096 ok 2 0 4096 @1" },
	{ "A1 a new session", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m c !B o ? w",
	    "ok 4096 ok ok ok 0:0 4096" },
	{ "A2 taken out", 9, 0, { 0 }, MEMTAPE_BLANK, "o w m !T w ? p <",
	    "ok 4096 ok EIO 1:-1 EIO EIO" },
	{ "P1 the vendor's form is another", 9, 0,
	    { .vendor_form = FAKE_VENDOR_OTHER }, MEMTAPE_BLANK, "o w w p P",
	    "ok 4096 4096 @16 @2" },
	{ "P1 it is refused", 9, 0, { .vendor_form = FAKE_VENDOR_REFUSED },
	    MEMTAPE_BLANK, "o w w p P", "ok 4096 4096 EIO @2" },
	{ "P1 with scsi2logical", 9, 0,
	    { .vendor_form = FAKE_VENDOR_REFUSED,
		.driver_options = MT_ST_SCSI2LOGICAL },
	    MEMTAPE_BLANK, "o w w p P", "ok 4096 4096 @2 @2" },
	{ "P1 at BOT the driver learns it", 9, 0, { .old_kernel = true },
	    MEMTAPE_BLANK, "o w m w !R w ? p ?",
	    "ok 4096 ok 4096 EIO 1:-1 @0 0:0" },
};

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
				     : "?");
}

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
	{ 'z', MTSETBLK, BLOCK },
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
};

static void move(const struct st_sys *sys, int fd, char word, char *text)
{
	struct mtop what;
	size_t i;
	int n;

	for (i = 0; i < sizeof moves / sizeof *moves; i++)
		if (moves[i].word == word) {
			what.mt_op = moves[i].op;
			what.mt_count = moves[i].count;
			n = sys->ioctl(sys->arg, fd, MTIOCTOP, &what);
			say(text, n, n > 0 ? NULL : "ok");
			return;
		}
	ck_abort_msg("no such word: %c", word);
}

static void ask(const struct st_sys *sys, int fd, char word, char *text)
{
	struct mtget get;
	struct mtpos pos;

	if (word == 'p' ? sys->ioctl(sys->arg, fd, MTIOCPOS, &pos) != 0
			: sys->ioctl(sys->arg, fd, MTIOCGET, &get) != 0)
		say_error(text);
	else if (word == 'p')
		sprintf(text + strlen(text), "@%ld", pos.mt_blkno);
	else
		sprintf(text + strlen(text), "%d:%d%s%s%s", (int)get.mt_fileno,
		    (int)get.mt_blkno, GMT_EOT(get.mt_gstat) ? "EOT" : "",
		    GMT_EOD(get.mt_gstat) ? "EOD" : "",
		    GMT_DR_OPEN(get.mt_gstat)       ? "OPEN"
			: !GMT_ONLINE(get.mt_gstat) ? "BUSY"
			: GMT_WR_PROT(get.mt_gstat) ? "WP"
						    : "");
}

static void ask_scsi(const struct st_sys *sys, int fd, char word, char *text)
{
	unsigned char command
	    [10] = { word == 'P' ? 0x34 : 0x4d, [2] = word == 'P' ? 0 : 0x52 },
     data[20];
	sg_io_hdr_t header = { .interface_id = 'S',
		.cmdp = command,
		.dxferp = data,
		.dxfer_len = sizeof data };
	int n = sys->ioctl(sys->arg, fd, SG_IO, &header);

	if (n == 0 && header.status == 0 && word == 'P')
		sprintf(text + strlen(text), "@%d", data[7]);
	else
		say(text, n == 0 ? header.status : n, NULL);
}

static void fail_next(struct fake_st *f, char what)
{
	fake_st_fail(f, 0,
	    what == 'l'       ? FAKE_LOSE
		: what == 'L' ? FAKE_LOSE_LATE
		: what == 'S' ? FAKE_LOSE_SILENTLY
		: what == 'R' ? FAKE_RESET
		: what == 'T' ? FAKE_TAKEN_OUT
		: what == 'B' ? FAKE_PUT_BACK
		: what == 'X' ? FAKE_EXCHANGED
			      : FAKE_ZONE_ERROR);
}

static void open_it(const struct st_sys *sys, char word, int *fd, char *text)
{
	int n = sys->open(sys->arg, "/dev/nst0",
	    word == 'o'       ? O_RDWR
		: word == 'q' ? O_RDONLY
		: word == 'Q' ? O_RDWR | O_NONBLOCK
			      : O_RDONLY | O_NONBLOCK);

	if (n >= 0)
		*fd = n;
	say(text, n, "ok");
}

static void play(const struct row *row, struct fake_st *f, char *text)
{
	const struct st_sys *sys = fake_st_sys(f);
	static char block[2 * BLOCK];
	int fd = -1;
	const char *p;

	for (p = row->script; *p != '\0'; p++) {
		if (*p == ' ')
			continue;
		if (*p == '!') {
			fail_next(f, *++p);
			continue;
		}
		if (*p == 'L') {
			fake_st_lock(f);
			continue;
		}
		strcat(text, text[0] == '\0' ? "" : " ");
		if (*p == 'w' || *p == 'W' || *p == 'v')
			say(text,
			    sys->write(sys->arg, fd, block,
				*p == 'w' ? BLOCK : 2 * BLOCK),
			    NULL);
		else if (*p == 'r' || *p == 'R')
			say(text,
			    sys->read(sys->arg, fd, block,
				*p == 'r' ? BLOCK : 2 * BLOCK),
			    NULL);
		else if (*p == 'g' || *p == 'P')
			ask_scsi(sys, fd, *p, text);
		else if (*p == 'o' || *p == 'q' || *p == 'O' || *p == 'Q')
			open_it(sys, *p, &fd, text);
		else if (*p == 'c')
			say(text, sys->close(sys->arg, fd), "ok");
		else if (*p == '?' || *p == 'p')
			ask(sys, fd, *p, text);
		else
			move(sys, fd, *p, text);
	}
}

START_TEST(the_driver_answers_as_the_real_one)
{
	const struct row *row = &rows[_i];
	const struct memtape_config tapes = { .drives = 1,
		.volumes = row->blocks > 0,
		.block_bytes = BLOCK,
		.capacity_bytes = (uint64_t)row->blocks * BLOCK,
		.warning_bytes = row->warning == 0
		    ? MEMTAPE_NO_WARNING
		    : (uint64_t)row->warning * BLOCK };
	struct fake_st_config config = row->fake;
	char text[TEXT_BYTES] = "";
	struct fake_st *f;

	config.tapes = memtape_new(&tapes);
	if (row->kind == MEMTAPE_PROTECTED)
		memtape_prepare(config.tapes, 0, row->kind);
	f = fake_st_new(&config);
	play(row, f, text);
	ck_assert_msg(strcmp(text, row->answers) == 0,
	    "%s: %s\n%s\nbut is\n"
	    "%s",
	    row->name, row->script, row->answers, text);
	fake_st_free(f);
	memtape_free(config.tapes);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("the fake tape driver");
	TCase *tc = tcase_create("lines");

	tcase_add_loop_test(tc, the_driver_answers_as_the_real_one, 0,
	    sizeof rows / sizeof *rows);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
