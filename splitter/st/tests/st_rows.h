/*
 * st_rows.h: what the tape driver does, as a table that every driver is judged
 * by: the fake one of the unit tests, and the real one in a virtual machine,
 * over different drives.
 *
 * A row is a script of calls, one word each, with their results:
 *
 *     w W     write a block of 4096, of 8192 bytes     bytes, or the errno
 *     v       write two blocks in one call
 *     K       write no bytes
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
 *     U       an operation that MTIOCTOP does not have
 *     ? p     status: file:block and end flags; position
 *     G       status: type, partition, soft errors, block size; BOT or EOF
 *     S H     lseek() to byte 4096, pread() at byte 0; only on the real driver
 *     g P     SG_IO: LOG SENSE, READ POSITION: the SCSI status, the position
 *     o q     open, open for reading
 *     Q O     the same with O_NONBLOCK
 *     L       another process locks the door
 *     c       close
 *     !X      the next call fails with X: l lost, M lost late,
 *             S lost silently, R reset, Z medium error in the zone, T taken
 *             out, B put back, X exchanged
 *
 * A row may need larger blocks (`block_bytes`); its bytes are counted as if a
 * block had 4096.
 */
#ifndef SPLITTER_TESTS_ST_ROWS_H
#define SPLITTER_TESTS_ST_ROWS_H

#include "splitter/st/tests/fake_st.h"

enum { ST_ROWS_TEXT_BYTES = 512 };

/* How a row is shown on the real driver; other rows need nothing special. */
struct st_row_real {
	const char *name; /* of the row */
	/* keys of the behaviour of tapelab's drive; NULL: none */
	const char *behaviour;
	/*
	 * What a relay alters in the responses of tapelab's drive, as
	 * sim/rig/altered.py names it.  NULL: nothing.
	 */
	const char *altered;
	const char *options;    /* of the driver, as mt sets them; NULL: none */
	unsigned block_bytes;   /* size of a block; 0: 4096 */
	unsigned misaligned_by; /* address of its data, from a page's begin */
	bool as_user;           /* not as root */
	unsigned mode;          /* permissions of the device; 0: 0666 */
	unsigned block_max;     /* largest block of the drive; 0: its own */
	bool paced;             /* with the times of a real drive */
	bool slow;              /* takes minutes */
	/*
	 * The sense data that scsi_debug reports, "COUNT,OPCODE,KEY,ASC,ASCQ":
	 * COUNT is -1 for once, 1 for ever.  NULL: none.
	 */
	const char *inject;
	const char *not_debug; /* why it cannot show the row; NULL: it can */
	/* answers that differ on tapelab's drive, on scsi_debug; NULL: none */
	const char *tapelab, *debug;
	const char *why; /* the reason */
};

struct st_row {
	const char *name;
	unsigned blocks, warning; /* of the volume; 0: none */
	struct fake_st_config fake;
	enum memtape_kind kind;
	const char *script, *answers;
};

extern const struct st_row st_rows[];
extern const unsigned st_rows_count;
extern const struct st_row_real st_rows_real[];
extern const unsigned st_rows_real_count;

/* Returns how a row is shown on the real driver; never NULL. */
const struct st_row_real *st_row_real(const struct st_row *row);

/* The driver that plays a row. */
struct st_player {
	const struct device_calls *sys;
	const char *device;
	unsigned block_bytes, misaligned_by;
	/*
	 * What is on the volume before the row begins: blocks, filemarks, and
	 * blocks again, in this partition.  They do not count.
	 */
	unsigned fill[3], partition;
	/*
	 * Lets the next call fail in this way (!X), or, for L, has another
	 * process lock the door.
	 */
	void (*act)(void *arg, char way);
	void *act_arg;
};

/* Plays a script, and writes its results. */
void st_rows_play(const struct st_player *player, const char *script,
    char text[ST_ROWS_TEXT_BYTES]);

#endif
