/*
 * fake_st.h: a simulation of the Linux tape driver over a drive in memory.
 *
 * It implements struct device_calls as the driver does, call by call.  The volumes
 * are those of a memtape, which can read them afterwards.  The tests refer to
 * these rules by name:
 *
 *  W1  the write that meets the early warning has its full count; the next one
 *      has ENOSPC and writes nothing; the one after is written, and so on
 *  W2  at the physical end each write has ENOSPC and writes nothing
 *  W3  a filemark after the early warning succeeds, and W1 starts again
 *  W4  status: EOT after the write of W1, EOD after the ENOSPC
 *  W5  at the physical end a filemark has EIO (`mark_needs_room`), or not; then
 *      the status is EOT at block 0, and the position has not moved
 *  W6  a medium error after the early warning may have its full count
 *  W7  medium, hardware and deferred errors are EIO; then the block is -1 after
 *      a write, and as before after a filemark
 *  W8  a drive's residual may be wrong: `residual`
 *  W9  count 0 is 0; a count outside the limits, or, with fixed blocks, one
 *      that is no multiple, is EINVAL; fixed blocks end with a partial count
 *  B1  a write is acknowledged when the drive has it; its loss is reported with
 *      a later command, or with the next filemark that waits
 *  B2  MTWEOFI waits for nothing; MTWEOF with count 0 only waits
 *  B3  blocks of `async_bytes` and more are still in progress when write()
 *      returns: the next call reports their result, whatever it is, and does
 *      nothing else if there is an error; an ioctl reports ENOSPC or EIO once,
 *      and later writes are accepted
 *  R1  a shorter block: its size; R2 a longer one: ENOMEM, and it is passed
 *  R3  a filemark: 0, file + 1, block 0
 *  R4  the end of data: after a filemark 0, then EIO; else EIO
 *  R5  fixed blocks of another size: EIO
 *  R7  a block that cannot be read: EIO, and it is passed
 *  R6  the end of data after the early warning, if the drive reports EOM with
 *      it (`eod_with_eom`): 0 for ever, and the status is EOT, at one block
 *      more each time if the block size is variable; after a filemark 0, 0,
 *      then EIO, and the driver counts one file more
 *  O1  a second open: EBUSY; no medium: ENOMEDIUM after two minutes, except
 *      with O_NONBLOCK; protected: EROFS, except with O_NONBLOCK, then the
 *      status says so, and a write has EACCES; open for reading: EBADF; a drive
 *      that does not become ready: EIO after two minutes, except with
 *      O_NONBLOCK, then the status is neither ONLINE nor DR_OPEN
 *  O2  close after a write: a filemark; two with `two_filemarks`, and the tape
 *      is between them
 *  M1  after a write MTREW, MTOFFL, MTSEEK, MTBSF, MTBSFM write a filemark
 *      first, and do nothing else if they cannot; MTFSF, MTFSR, MTBSR, MTEOM
 *      do not
 *  M2  MTFSF: file + n, block 0; into the end of data: EIO; MTFSFM, MTBSFM go
 *      back over the last filemark
 *  M3  MTFSR and MTBSR into a filemark: EIO, and they are past it
 *  M4  MTEOM counts files; with `fast_eom` file is -1.  If counting fails, for
 *      whatever reason, it still goes there, and file is -1
 *  M5  MTSEEK: file and block are -1, except for block 0
 *  M6  MTSETBLK out of range: EINVAL; an unknown operation: ENOSYS; MTSETPART,
 *      MTMKPART: EINVAL without `can_partitions`; MTSETDRVBUFFER: EPERM
 *  M7  after MTOFFL: ENOMEDIUM, and the status has the position before it;
 *      MTLOAD makes it ready again
 *  M8  a reset is a unit attention (A1); a new kernel then has EIO until MTREW,
 *      MTRETEN, MTERASE, MTSEEK, MTEOM, MTLOAD or MTOFFL; one of 6.1
 *      (`old_kernel`) continues at BOT, and neither its status nor sysfs shows
 *      the reset; data that was not yet on the medium is lost
 *  M9  every operation except MTNOP, MTSETBLK and the like makes the driver
 *      forget that something was written, so that M1 and O2 write nothing; it
 *      does so before it is carried out, but not if B3 has an error to report
 *  M10 MTLOCK, MTUNLOCK: a drive that cannot lock: the ioctl returns 1026,
 *      later 0, and nothing is locked.  If locked, the drive refuses MTOFFL; the
 *      driver unlocks the door first if the driver has locked it.  The lock
 *      stays when the device is closed.
 *  A1  a reset, or loading another or the same cartridge, is a unit attention:
 *      the next command to the drive is not carried out, and has EIO, once.
 *      The tape is at BOT.  MTLOCK, MTUNLOCK and SG_IO consume it; the call is
 *      good, or has the status of the command.  MTIOCGET sends no command.
 *  A2  a cartridge that was taken out: every command has EIO; the status does
 *      not show it
 *  P1  MTIOCPOS uses the vendor's form of READ POSITION, unless the option
 *      scsi2logical is set: `vendor_form` says how a drive responds; MTSEEK
 *      uses the same numbers.  At BOT the driver learns from the position that
 *      this is file 0, block 0.
 */
#ifndef SPLITTER_TESTS_FAKE_ST_H
#define SPLITTER_TESTS_FAKE_ST_H

#include "splitter/st/st.h"
#include "splitter/tests/memtape/memtape.h"

enum { FAKE_ST_ALERT_BYTES = 8 };

/* Kinds of failure of a call. */
enum fake_way {
	FAKE_EIO,           /* EIO, and the call has no effect */
	FAKE_EIO_DONE,      /* EIO, although the call has its effect */
	FAKE_LOSE,          /* B1: a lost block, reported by the next command */
	FAKE_LOSE_LATE,     /* B1: reported by the next filemark */
	FAKE_LOSE_SILENTLY, /* a lost block; only the position shows it */
	FAKE_ZONE_ERROR,    /* W6; the early warning then begins here */
	FAKE_RESET,         /* M8 */
	FAKE_TAKEN_OUT,     /* A2 */
	FAKE_PUT_BACK,      /* the cartridge was removed and inserted: A1 */
	FAKE_EXCHANGED,     /* A1: the last volume is in the drive */
	FAKE_GONE,          /* ENXIO */
	FAKE_BUSY,        /* EBUSY: the driver has no memory for the request */
	FAKE_INTERRUPTED, /* EINTR */
	FAKE_WARN,        /* the early warning begins here */
	FAKE_FULL,        /* the physical end is here */
	FAKE_WAYS
};

/* A failure of the nth call on the device, from 1. */
struct fake_fault {
	uint64_t nth;
	enum fake_way way;
	bool for_good; /* all later calls fail too */
};

enum fake_residual {
	FAKE_RIGHT,
	FAKE_SAYS_WRITTEN, /* counts a block that it refused at the end */
	/* does not count the block that met the early warning */
	FAKE_SAYS_REFUSED
};

/* Responses of a drive to the vendor's form of READ POSITION. */
enum fake_vendor_form {
	FAKE_VENDOR_SAME, /* the same as to the other form */
	FAKE_VENDOR_REFUSED,
	FAKE_VENDOR_OTHER /* a number that does not count blocks */
};

struct fake_st_config {
	struct memtape *tapes;                     /* the volumes */
	uint64_t block_min_bytes, block_max_bytes; /* 0: 1 byte, 8 MiB */
	/* writes of this size are asynchronous; 0: none */
	uint64_t async_bytes;
	enum fake_residual residual;
	bool no_position; /* READ POSITION fails */
	enum fake_vendor_form vendor_form;
	bool cannot_lock;       /* M10 */
	bool eod_with_eom;      /* R6 */
	unsigned position_unit; /* factor of the MTIOCPOS number; 0: 1 */
	unsigned position_base; /* what is added to each reported position */
	bool fast_eom, two_filemarks, mark_needs_room;
	bool mark_costs; /* W5, also if no block was refused */
	/* after a write, the status has no end flags (not W4) */
	bool plain_status;
	bool old_kernel; /* behaves as kernel 6.1: M8 */
	bool no_sg;      /* SG_IO is not permitted */
	/* as another program left them */
	uint64_t block_bytes; /* of the driver; 0: variable */
	bool compresses;
	const char *product; /* in sysfs; NULL: none */
	uint8_t medium_type; /* medium type in MODE SENSE */
	bool worm_page;      /* mode page 1Dh exists: WORM */
	/* MAM 0401 is the barcode; the drive formats, and has partitions */
	bool has_mam, can_partitions;
	bool no_direct_io;            /* shown only in sysfs */
	unsigned long driver_options; /* value of `options` in sysfs */
	int64_t ready_ns; /* the drive is not ready before this time */
	int open_error;   /* errno of each open; 0: success */
	bool not_ours;    /* writes have EACCES */
	const struct fake_fault *faults;
	unsigned fault_count;
	/* Is called before each call.  May be NULL. */
	void (*before_call)(void *arg);
	void *before_call_arg;
};

struct fake_st;

/* Creates a driver with the first volume, if any, in the drive. */
struct fake_st *fake_st_new(const struct fake_st_config *config);
void fake_st_free(struct fake_st *f);

/* Returns the system calls for the back end.  The device is /dev/nst0. */
const struct device_calls *fake_st_sys(struct fake_st *f);

/*
 * Loads volume `i`, from 0.  If the memtape has no such volume, empties the
 * drive.
 */
void fake_st_insert(struct fake_st *f, unsigned i);

/* Sets the volume that fake_st_change() loads next. */
void fake_st_next(struct fake_st *f, unsigned i);

/* An real_change_fn that loads the next volume, or the requested one. */
real_change_fn fake_st_change;

/* Returns the number of calls on the device. */
uint64_t fake_st_calls(const struct fake_st *f);
/* Returns the number of calls of one operation of MTIOCTOP. */
unsigned fake_st_ops(const struct fake_st *f, int op);
/* Returns the number of MTIOCGET calls. */
unsigned fake_st_asked(const struct fake_st *f);

/* Returns the shortest time-out of a command by SG_IO; 0: there was none. */
unsigned fake_st_shortest_ms(const struct fake_st *f);

/* Sets TapeAlert flag `flag`, counted from 1, with the next error. */
void fake_st_alert(struct fake_st *f, unsigned flag);

/*
 * Fails the call after `more` successful calls, like a fault of the
 * configuration.
 */
void fake_st_fail(struct fake_st *f, uint64_t more, enum fake_way way);

/* Removes the last object from the volume, and moves the tape to its end. */
void fake_st_cut(struct fake_st *f);

/* Moves the tape without reporting it. */
void fake_st_move(struct fake_st *f, uint64_t object);

/*
 * Returns whether anything was written on a volume that FAKE_EXCHANGED loaded.
 */
bool fake_st_intruded(const struct fake_st *f);

/*
 * fake_st_locked() returns whether the drive's door is locked. fake_st_lock()
 * locks it as another process would.
 */
bool fake_st_locked(const struct fake_st *f);
void fake_st_lock(struct fake_st *f);

/* Returns the last setting of compression, or -1; the driver's block size. */
int fake_st_compression(const struct fake_st *f);
uint64_t fake_st_block_bytes(const struct fake_st *f);

/* Returns whether the device is open: another program cannot open it. */
bool fake_st_is_open(const struct fake_st *f);

#endif
