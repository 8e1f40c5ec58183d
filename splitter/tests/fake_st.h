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
 *  W5  at the physical end a filemark has EIO (`mark_needs_room`), or not
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
 *  O1  a second open: EBUSY; no medium: ENOMEDIUM, after two minutes, but with
 *      O_NONBLOCK; protected: EROFS, but with O_NONBLOCK, then EACCES to
 *      write; open to read: EBADF; a drive that does not get ready: EIO
 *  O2  close behind a write: a filemark, two with `two_filemarks`
 *  M1  behind a write MTREW, MTOFFL, MTSEEK, MTBSF write a filemark first, and
 *      do nothing else if they cannot; MTFSF, MTFSR, MTBSR, MTEOM do not
 *  M2  MTFSF: file + n, block 0; into the end of data: EIO
 *  M3  MTFSR and MTBSR into a filemark: EIO, and they are past it
 *  M4  MTEOM counts files; with `fast_eom` file is -1
 *  M5  MTSEEK: file and block are -1, but for block 0
 *  M6  MTSETBLK out of range: EINVAL; an unknown operation: ENOSYS
 *  M7  behind MTOFFL: ENOMEDIUM
 *  M8  behind a reset: EIO until MTREW, MTSEEK, MTEOM or MTOFFL; what the
 *      drive had not on the medium is gone
 */
#ifndef SPLITTER_TESTS_FAKE_ST_H
#define SPLITTER_TESTS_FAKE_ST_H

#include "splitter/st.h"
#include "splitter/tests/memtape.h"

enum { FAKE_ST_ALERT_BYTES = 8 };

/* What goes wrong at a call. */
enum fake_way {
	FAKE_EIO,		/* EIO, and nothing was done */
	FAKE_EIO_DONE,		/* EIO, though it was done */
	FAKE_LOSE,		/* B1: a lost block; the next command tells */
	FAKE_LOSE_LATE,		/* B1: the next filemark tells */
	FAKE_LOSE_SILENTLY,	/* only the position tells */
	FAKE_ZONE_ERROR,	/* W6; the early warning begins here */
	FAKE_RESET,		/* M8 */
	FAKE_TAKEN_OUT,		/* the volume is */
	FAKE_GONE,		/* ENXIO */
	FAKE_BUSY,		/* EBUSY: no memory for it */
	FAKE_INTERRUPTED,	/* EINTR */
	FAKE_WARN,		/* the early warning begins here */
	FAKE_FULL,		/* the physical end is here */
	FAKE_WAYS
};

/* The nth call on the device, from 1. */
struct fake_fault {
	uint64_t nth;
	enum fake_way way;
	bool for_good;		/* and each one after it */
};

enum fake_residual {
	FAKE_RIGHT,
	FAKE_SAYS_WRITTEN,	/* of a block that was refused at the end */
	FAKE_SAYS_REFUSED	/* of the block that met the early warning */
};

struct fake_st_config {
	struct memtape *tapes;		/* the volumes */
	uint64_t block_min_bytes, block_max_bytes;	/* 0: 1, 8 MiB */
	uint64_t async_bytes;		/* 0: none */
	enum fake_residual residual;
	bool no_position;		/* MTIOCPOS fails */
	unsigned position_unit;		/* of MTIOCPOS; 0: 1 */
	bool fast_eom, two_filemarks, mark_needs_room;
	bool plain_status;		/* to who writes, not W4 */
	bool old_kernel;		/* no attribute tells of a reset */
	bool no_sg;			/* SG_IO is not permitted */
	unsigned long driver_options;	/* as sysfs has them */
	int64_t ready_ns;		/* the drive is not ready before */
	int open_error;			/* of each open; 0: none */
	bool not_ours;			/* EACCES to write */
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

/* Compression as it was set, or -1. */
int fake_st_compression(const struct fake_st *f);

#endif
