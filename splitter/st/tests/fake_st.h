/*
 * fake_st.h: the tape driver of Linux over a drive in memory.
 *
 * Behind struct st_sys it does what the driver does, call by call; the volumes
 * are those of a memtape, which reads them afterwards.  What it holds to, by
 * names that the tests use:
 *
 *  W1  the write that meets the early warning has its full count; the next one
 *      ENOSPC, and writes nothing; the one after is let through, and so on
 *  W2  at the physical end each write has ENOSPC, and writes nothing
 *  W3  a filemark behind the early warning succeeds, and W1 begins anew
 *  W4  status: EOT behind the write of W1, EOD behind the ENOSPC
 *  W5  at the physical end a filemark has EIO (`mark_needs_room`), or not; then
 *      the status is EOT at block 0, and the position has not moved
 *  W6  a medium error behind the early warning may have its full count
 *  W7  medium, hardware and deferred errors are EIO
 *  W8  a drive's residual may be wrong: `residual`
 *  W9  count 0 is 0; a count outside the limits, or, with fixed blocks, one
 *      that is no multiple, is EINVAL; fixed blocks end with a partial count
 *  B1  a write is acknowledged when the drive has it; that it is lost is told
 *      with a later command, or with the next filemark that waits
 *  B2  MTWEOFI waits for nothing; MTWEOF with count 0 only waits
 *  B3  blocks of `async_bytes` and more are on their way when write() returns:
 *      the next call tells, whatever it is, and does nothing else if it must
 *      tell; an ioctl tells ENOSPC or EIO once, and the writes go on
 *  R1  a shorter block: its size; R2 a longer one: ENOMEM, and it is passed
 *  R3  a filemark: 0, file + 1, block 0
 *  R4  the end of data: behind a filemark 0, then EIO; else EIO
 *  R5  fixed blocks of another size: EIO
 *  R7  a block that cannot be read: EIO, and it is passed
 *  R6  the end of data behind the early warning, where the drive reports EOM
 *      with it (`eod_with_eom`): 0 for ever, and the status is EOT; behind a
 *      filemark 0, 0, then EIO, and the driver counts a file more
 *  O1  a second open: EBUSY; no medium: ENOMEDIUM, after two minutes, but with
 *      O_NONBLOCK; protected: EROFS, but with O_NONBLOCK, then the status says
 *      so, and EACCES to write; open to read: EBADF; a drive that does not get
 *      ready: EIO after two minutes, but with O_NONBLOCK, then the status is
 *      neither ONLINE nor DR_OPEN
 *  O2  close behind a write: a filemark, two with `two_filemarks`
 *  M1  behind a write MTREW, MTOFFL, MTSEEK, MTBSF, MTBSFM write a filemark
 *      first, and do nothing else if they cannot; MTFSF, MTFSR, MTBSR, MTEOM
 *      do not
 *  M2  MTFSF: file + n, block 0; into the end of data: EIO; MTFSFM, MTBSFM go
 *      back over the last filemark
 *  M3  MTFSR and MTBSR into a filemark: EIO, and they are past it
 *  M4  MTEOM counts files; with `fast_eom` file is -1.  Where counting fails,
 *      for whatever reason, it goes there all the same, and file is -1
 *  M5  MTSEEK: file and block are -1, but for block 0
 *  M6  MTSETBLK out of range: EINVAL; an unknown operation: ENOSYS; MTSETPART,
 *      MTMKPART: EINVAL; MTSETDRVBUFFER: EPERM
 *  M7  behind MTOFFL: ENOMEDIUM; MTLOAD makes it ready again
 *  M8  a reset is a unit attention (A1); a new kernel then has EIO until MTREW,
 *      MTRETEN, MTERASE, MTSEEK, MTEOM, MTLOAD or MTOFFL; one of 6.1
 *      (`old_kernel`) continues at BOT, and neither its status nor sysfs shows
 *      the reset; what the drive had not on the medium is gone
 *  M9  every operation but MTNOP, MTSETBLK and the like makes the driver forget
 *      that something was written, so that M1 and O2 write nothing; it does so
 *      before it is carried out, but not if B3 has something to tell
 *  M10 MTLOCK, MTUNLOCK: a drive that cannot lock: the ioctl returns 2, later
 *      0, and nothing is locked.  Locked, MTOFFL is refused by the drive; the
 *      driver unlocks before it where it was the one to lock.  The lock stays
 *      when the device is closed.
 *  A1  a reset, and another or the same cartridge put in, is a unit attention:
 *      the next command to the drive is not carried out, and has EIO, once.
 *      The tape is at BOT.  MTLOCK, MTUNLOCK and SG_IO swallow it; the call is
 *      good, or has the status of the command.  MTIOCGET sends no command.
 *  A2  a cartridge that was taken out: every command has EIO; the status does
 *      not show it
 *  P1  MTIOCPOS asks by the vendor's form of READ POSITION, unless the option
 *      scsi2logical is set: `vendor_form` says what a drive makes of it; MTSEEK
 *      goes to a place in the same numbers.  At BOT the driver learns from
 *      the position that this is file 0, block 0.
 */
#ifndef SPLITTER_TESTS_FAKE_ST_H
#define SPLITTER_TESTS_FAKE_ST_H

#include "splitter/st/st.h"
#include "splitter/tests/memtape.h"

enum { FAKE_ST_ALERT_BYTES = 8 };

/* What goes wrong at a call. */
enum fake_way {
	FAKE_EIO,           /* EIO, and nothing was done */
	FAKE_EIO_DONE,      /* EIO, though it was done */
	FAKE_LOSE,          /* B1: a lost block; the next command tells */
	FAKE_LOSE_LATE,     /* B1: the next filemark tells */
	FAKE_LOSE_SILENTLY, /* only the position tells */
	FAKE_ZONE_ERROR,    /* W6; the early warning begins here */
	FAKE_RESET,         /* M8 */
	FAKE_TAKEN_OUT,     /* A2 */
	FAKE_PUT_BACK,      /* taken out and put in: A1 */
	FAKE_EXCHANGED,     /* A1: the last volume is in the drive */
	FAKE_GONE,          /* ENXIO */
	FAKE_BUSY,          /* EBUSY: no memory for it */
	FAKE_INTERRUPTED,   /* EINTR */
	FAKE_WARN,          /* the early warning begins here */
	FAKE_FULL,          /* the physical end is here */
	FAKE_WAYS
};

/* The nth call on the device, from 1. */
struct fake_fault {
	uint64_t nth;
	enum fake_way way;
	bool for_good; /* and each one after it */
};

enum fake_residual {
	FAKE_RIGHT,
	FAKE_SAYS_WRITTEN, /* of a block that was refused at the end */
	FAKE_SAYS_REFUSED  /* of the block that met the early warning */
};

/* What the drive makes of the vendor's form of READ POSITION. */
enum fake_vendor_form {
	FAKE_VENDOR_SAME, /* the same as of the other */
	FAKE_VENDOR_REFUSED,
	FAKE_VENDOR_OTHER /* what counts no blocks */
};

struct fake_st_config {
	struct memtape *tapes;                     /* the volumes */
	uint64_t block_min_bytes, block_max_bytes; /* 0: 1, 8 MiB */
	uint64_t async_bytes;                      /* 0: none */
	enum fake_residual residual;
	bool no_position; /* READ POSITION fails */
	enum fake_vendor_form vendor_form;
	bool cannot_lock;       /* M10 */
	bool eod_with_eom;      /* R6 */
	unsigned position_unit; /* of MTIOCPOS; 0: 1 */
	bool fast_eom, two_filemarks, mark_needs_room;
	bool mark_costs;              /* W5, also if no block was refused */
	bool plain_status;            /* to who writes, not W4 */
	bool old_kernel;              /* M8: as of 6.1 */
	bool no_sg;                   /* SG_IO is not permitted */
	uint8_t medium_type;          /* as MODE SENSE has it */
	bool worm_page;               /* mode page 1Dh is there: WORM */
	bool no_direct_io;            /* sysfs says so; no more than that */
	unsigned long driver_options; /* as sysfs has them */
	int64_t ready_ns;             /* the drive is not ready before */
	int open_error;               /* of each open; 0: none */
	bool not_ours;                /* EACCES to write */
	const struct fake_fault *faults;
	unsigned fault_count;
};

struct fake_st;

/* The first volume lies in the drive, if there is one. */
struct fake_st *fake_st_new(const struct fake_st_config *config);
void fake_st_free(struct fake_st *f);

/* What the back end is to use, with the device /dev/nst0. */
const struct st_sys *fake_st_sys(struct fake_st *f);

/* Puts volume `i`, from 0, in; memtape's count or more: takes it out. */
void fake_st_insert(struct fake_st *f, unsigned i);

/* Which volume is the next. */
void fake_st_next(struct fake_st *f, unsigned i);

/* An st_change_fn: the next volume, or the one that is named. */
st_change_fn fake_st_change;

/* How many calls on the device there were. */
uint64_t fake_st_calls(const struct fake_st *f);
/* Those of one operation of MTIOCTOP. */
unsigned fake_st_ops(const struct fake_st *f, int op);
/* MTIOCGET, so far. */
unsigned fake_st_asked(const struct fake_st *f);

/* A TapeAlert flag goes up, from 1, with the next error. */
void fake_st_alert(struct fake_st *f, unsigned flag);

/* Fails the call after `more` others; as the configuration's faults. */
void fake_st_fail(struct fake_st *f, uint64_t more, enum fake_way way);

/* The last thing on the volume is gone, and the tape at its end. */
void fake_st_cut(struct fake_st *f);

/* Moves the tape, and nobody is told. */
void fake_st_move(struct fake_st *f, uint64_t object);

/* Whether anything was written on a volume that FAKE_EXCHANGED put in. */
bool fake_st_intruded(const struct fake_st *f);

/* Whether the drive's door is locked; and locks it as somebody else did. */
bool fake_st_locked(const struct fake_st *f);
void fake_st_lock(struct fake_st *f);

/* Compression as it was set, or -1. */
int fake_st_compression(const struct fake_st *f);

#endif
